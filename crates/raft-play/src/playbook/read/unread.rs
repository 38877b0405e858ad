//! All lines of a text that cannot be read, and not only the first.
//!
//! Whoever plays a playbook needs the first; whoever writes one wants to see them all. What is wrong only because
//! of a line above is not told: the lines of a question that could not be read, the `end` of such a block.

use std::sync::Arc;

use super::marks::MARKS;
use super::{DEPTH_MAX, Open, Reader};
use crate::playbook::{LINES_MAX, TEXT_BYTES_MAX, foreign};
use crate::script::{Doing, Statement, WORDS};
use crate::text::{Fault, TextError, Wrong};

/// So many lines are told: whoever mends these is told the next.
const TOLD_MAX: usize = 50;

/// What is wrong with each line of a text that cannot be read; nothing, if all of it can be.
#[must_use]
pub fn unread(text: &str) -> Vec<TextError> {
    if text.len() > TEXT_BYTES_MAX {
        return Vec::new();
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::default();
    let mut recovery = Recovery::default();
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if found.len() >= TOLD_MAX || number > LINES_MAX {
            return found;
        }
        let was_in_block = reader.block.is_some();
        let Err(error) = reader.told_line(number, line, text) else {
            recovery.goes_on(line);
            continue;
        };
        if !recovery.is_of_what_was_lost(line) {
            found.push(error);
        }
        // The lines above may be what is wrong, that stand together; then this one has not been read.
        let was_above = was_in_block && reader.block.is_none();
        recovery.has_lost_some |= was_above;
        if !was_above || reader.told_line(number, line, text).is_err() {
            recovery.loses(&mut reader, number, line);
        }
    }
    if !recovery.has_lost_some {
        found.extend(reader.finish(text).err());
    }
    found
}

impl Reader {
    /// Reads a line of `text`; what is wrong with it is told where it stands.
    pub(in crate::playbook) fn told_line(
        &mut self,
        number: u32,
        line: &str,
        text: &str,
    ) -> Result<(), TextError> {
        if number > LINES_MAX {
            let fault = Fault::too_many_lines(LINES_MAX);
            return Err(Wrong { at: 0, fault }.of_line(number, line));
        }
        self.line(number, line).map_err(|wrong| {
            let wrong = foreign::instead(text, line).unwrap_or(wrong);
            wrong.of_line(number, line)
        })
    }
}

impl Reader {
    /// A block begins that could not be read.
    fn begin_lost(&mut self, line: u32) {
        if self.open.len() < DEPTH_MAX {
            let doing = Doing::Concurrently(Arc::default());
            self.open.push(Open {
                statement: Statement { line, doing },
                body: Vec::new(),
                otherwise: None,
            });
        }
    }
}

/// What is not known of a text below a line that could not be read.
#[derive(Default)]
struct Recovery {
    /// Whether lines stand here that belong to one that was lost.
    is_in_lost: bool,
    /// Whether a block or a question was lost, so that its end has no beginning.
    has_lost_some: bool,
}

impl Recovery {
    fn goes_on(&mut self, line: &str) {
        let says_nothing = ["", "#"].contains(&line.trim().get(..1).unwrap_or_default());
        self.is_in_lost &= says_nothing || is_part(line);
    }

    /// Whether this line is wrong only because of one above.
    fn is_of_what_was_lost(&self, line: &str) -> bool {
        (self.is_in_lost && is_part(line)) || (self.has_lost_some && ENDS.contains(&word_of(line)))
    }

    fn loses(&mut self, reader: &mut Reader, number: u32, line: &str) {
        let word = word_of(line);
        if WORDS.iter().any(|it| it.is_block() && it.name == word) {
            // Another block in its place, so that its end is one.
            reader.begin_lost(number);
            self.has_lost_some = true;
        } else if MARKS.iter().any(|mark| mark.name == word) {
            reader.block = None;
            self.is_in_lost = true;
            self.has_lost_some = true;
        } else {
            self.is_in_lost = false;
        }
    }
}

/// The words that end or part what another line has begun.
const ENDS: [&str; 3] = ["otherwise", "end", "reveal"];
/// The words that begin what stands together.
const BEGINS: [&str; 4] = ["caption", "ask", "build", "contrast"];

/// Whether a line is one of those that stand together, and not the first of them.
fn is_part(line: &str) -> bool {
    let word = word_of(line);
    let is_mark = MARKS.iter().any(|mark| mark.name == word);
    is_mark && !ENDS.contains(&word) && !BEGINS.contains(&word)
}

fn word_of(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<u32> {
        let found = unread(text);
        let first = text.parse::<crate::Playbook>().err();
        assert_eq!(
            found.first(),
            first.as_ref(),
            "the first is the one that playing tells"
        );
        found.iter().map(|error| error.line).collect()
    }

    #[test]
    fn every_line_is_told_and_what_follows_from_one_is_not() {
        assert_eq!(lines("servers 3\ntimeout S1\nrun 5ms\n"), []);
        assert_eq!(
            lines("servers 3\ncrsh S1\nrun 5ms\nexpect trem S1 = 1\nrun 5\n"),
            [2, 4, 5]
        );
        let block = "servers 3\nrepeat x\nif term S9 = 1\nrun 1ms\notherwise\nend\nend\ncrsh S1\n";
        assert_eq!(lines(block), [2, 3, 8]);
        let question = "servers 3\nask Who?\nanswer S1\nwhen leadr = S1\nanswer S2\nwhen leader = S2\n\
                        run 5ms\nreveal\ncaption It is.\ncrsh S1\n";
        assert_eq!(lines(question), [4, 10]);
        let half =
            "servers 3\nask Who?\nanswer S1\nwhen leader = S1\nrun 5\ntimeout S1\nreveal\nrn 1ms\n";
        assert_eq!(lines(half), [5, 8]);
        assert_eq!(lines("servers 3\nrepeat 3\nrun 1ms\n"), [2]);
        assert_eq!(lines(&"crsh S1\n".repeat(1000)).len(), TOLD_MAX);
    }

    #[test]
    fn what_would_mend_a_line_is_told_word_for_word() {
        let mended = |text: &str| {
            let found = unread(text);
            let instead = found.first()?.instead.as_ref()?;
            Some((found[0].column, instead.chars, instead.text.clone()))
        };
        assert_eq!(
            mended("servers 3\n  crsh S1\n"),
            Some((3, 4, "crash".to_owned()))
        );
        assert_eq!(
            mended("servers 3\nablate L4-trm\n").map(|it| it.2),
            Some("L4-term".to_owned())
        );
        assert_eq!(mended("servers 3\nrun 5\n"), None);
    }
}
