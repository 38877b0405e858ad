//! Bytes as the text of a playbook: the checks are those of `tests/suite/any_playbook.rs`.
#![no_main]

#[path = "../../tests/anything/mod.rs"]
// The words are for the tests, and for the dictionary that they write.
#[allow(dead_code)]
mod anything;

use anything::{Bounds, answered};
use libfuzzer_sys::{Corpus, fuzz_target};
use raft_sim::digest::Digest;

/// One text of so many is played in a run too, and that is saved and played again.
const PLAYED_AGAIN_OF: u64 = 64;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Corpus::Reject;
    };
    if makes_thousands(text) {
        return Corpus::Reject;
    }
    let and_again = Digest::of(&text).is_multiple_of(PLAYED_AGAIN_OF);
    answered(text, Bounds::NARROW, and_again);
    Corpus::Keep
});

/// Whether a word may stand for thousands of commands, `*5000` or `x1..x5000`: that takes long
/// and shows nothing that three do not.
fn makes_thousands(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        (word.contains('*') || word.contains(".."))
            && word.bytes().filter(u8::is_ascii_digit).count() > 4
    })
}
