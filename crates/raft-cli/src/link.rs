//! Links that open a run in the page.
//!
//! The whole playbook is in the fragment, so that no server needs to know it:
//! `#run=<playbook, deflated, base64url>&at=<event>`. The deflate is raw (RFC 1951), which a
//! browser undoes with `DecompressionStream("deflate-raw")`.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// The best that deflate can do; a link is made once.
const LEVEL: u8 = 10;

/// The longest text that the page takes from a link.
pub(crate) const TEXT_BYTES_MAX: usize = 1024 * 1024;

/// A link to the page at `page` that opens `text` just after event `at`.
pub(crate) fn link(page: &str, text: &str, at: u64) -> String {
    let deflated = miniz_oxide::deflate::compress_to_vec(text.as_bytes(), LEVEL);
    let run = BASE64_URL_SAFE_NO_PAD.encode(deflated);
    let page = page.split('#').next().unwrap_or(page);
    format!("{page}#run={run}&at={at}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_playbook_can_be_read_back() {
        let text = "servers 3\ncaption 领导者\nstep 10\n";
        let made = link("https://example.org/#old", text, 7);
        let rest = made.strip_prefix("https://example.org/#run=").unwrap();
        let run = rest.strip_suffix("&at=7").unwrap();
        let deflated = BASE64_URL_SAFE_NO_PAD.decode(run).unwrap();
        let inflated = miniz_oxide::inflate::decompress_to_vec(&deflated).unwrap();
        assert_eq!(String::from_utf8(inflated).unwrap(), text);
    }
}
