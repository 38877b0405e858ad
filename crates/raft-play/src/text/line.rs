//! What no line may be, whatever it says: too long, or with characters that nobody sees.

use super::{Fault, LINE_BYTES_MAX, PROPOSAL_BYTES_MAX, Wrong};

/// Refuses what no line may be, before anything is read.
pub(crate) fn check_line(line: &str) -> Result<(), Wrong> {
    let is_proposal = line.trim_start().starts_with("propose ");
    let bytes_max = if is_proposal {
        PROPOSAL_BYTES_MAX
    } else {
        LINE_BYTES_MAX
    };
    if line.len() > bytes_max {
        let fault = Fault::line_too_long(bytes_max);
        return Err(Wrong { at: 0, fault });
    }
    match line
        .char_indices()
        .find(|&(_, c)| is_unseen(c) && c != '\t')
    {
        Some((at, c)) => {
            let fault = Fault::control_character(c);
            Err(Wrong { at, fault })
        }
        None => Ok(()),
    }
}

/// Whether a character shows nothing, or shows what follows in another order than it is read.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
