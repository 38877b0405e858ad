//! What no line may be, whatever it says: too long, or with characters that nobody sees. And how a
//! line of free text is written, so that it is none of that.

use std::fmt::{self, Formatter};

use super::{Fault, LINE_BYTES_MAX, WRITTEN_BYTES_MAX, Wrong};

/// Refuses what no line may be, before anything is read.
pub(crate) fn check_line(line: &str) -> Result<(), Wrong> {
    if line.len() > LINE_BYTES_MAX {
        let bytes_max = if takes_commands(line) {
            WRITTEN_BYTES_MAX
        } else {
            LINE_BYTES_MAX
        };
        if line.len() > bytes_max {
            let fault = Fault::line_too_long(bytes_max);
            return Err(Wrong { at: 0, fault });
        }
    }
    // Most lines are plain, which is cheaper to see than which character is none
    // (`node web/tests/speed.mjs`).
    if line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Ok(());
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

/// Whether a line is one of those that Actions with commands are written as.
fn takes_commands(line: &str) -> bool {
    const VERBS: [&str; 4] = ["propose", "rewrite", "put", "append"];
    let mut words = line.split_whitespace();
    let first = match words.next() {
        Some("expect") => words.nth(1),
        first => first,
    };
    first.is_some_and(|verb| VERBS.contains(&verb))
}

/// Whether a character shows nothing, or shows what follows in another order than it is read.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Writes a line of free text. Whatever white space it holds, it stays one line.
pub(crate) fn said(name: &str, text: &str, even_empty: bool, f: &mut Formatter<'_>) -> fmt::Result {
    let words: Vec<&str> = text
        .split(|c: char| c.is_control())
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    match words.as_slice() {
        [] if even_empty => writeln!(f, "{name}"),
        [] => Ok(()),
        words => writeln!(f, "{name} {}", words.join(" ")),
    }
}
