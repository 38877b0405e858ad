//! The text form of an [`Action`]: one line, the same everywhere.
//!
//! What a person types into the page, what a playbook holds and what a saved run is made of are
//! all this. The parser is total: it answers any text at all with an Action or with a
//! [`TextError`] that shows the place, says what is wrong there, and what to write instead. It
//! is bounded too: no line, however it is written, can ask for more memory or time than the
//! limits below. The printer writes the shortest line that parses back to the same Action.
//!
//! The files beside this one hold the parts: `scan` reads words, numbers and times, `servers`
//! whom a line is about, `names` is who a word stands for, `verbs` turns all that into Actions,
//! `print` goes the other way, and `fault` words the complaints.

mod clients;
mod conditions;
mod edits;
mod fault;
mod line;
mod messages;
pub(crate) mod names;
mod patterns;
mod print;
mod scan;
mod servers;
mod verbs;

pub(crate) use print::Percent;
pub use print::written_entry;

use std::fmt;
use std::str::FromStr;

use crate::action::Action;
use crate::time::Micros;

pub(crate) use clients::{client, key};
pub(crate) use edits::held;
pub(crate) use fault::Fault;
pub(crate) use line::check_line;
pub(crate) use names::{Names, Unplayed};
pub(crate) use scan::{Commands, Scan, Wrong};
pub(crate) use servers::may_be_named;
pub(crate) use verbs::{VERBS, expect, nearest};

/// The longest line, in bytes.
pub const LINE_BYTES_MAX: usize = 64 * 1024;
/// The most commands that one line may stand for once its ranges are expanded.
pub const COMMANDS_MAX: usize = 10_000;
/// The most bytes that the commands of one line may hold once its ranges are expanded.
pub const COMMAND_BYTES_MAX: usize = 1024 * 1024;
/// The longest line that proposes, in bytes: what was proposed as `*:70000` is written out where a
/// run is saved.
pub const PROPOSAL_BYTES_MAX: usize = LINE_BYTES_MAX + COMMAND_BYTES_MAX;
/// The most servers in a cluster.
pub const SERVERS_MAX: u8 = 9;
/// How deep words of a line may stand in each other: `any of any of all`.
pub const NESTED_MAX: u8 = 16;
/// The longest duration that can be written.
pub const DURATION_MAX: Micros = Micros::from_secs(24 * 60 * 60);
/// The most events that one `step` may let happen.
pub const STEPS_MAX: u64 = 1_000_000;
/// The largest index or message number that can be written: far from where adding to it
/// could overflow, and exact as a JavaScript number.
pub const NUMBER_MAX: u64 = 1_000_000_000;
/// The largest term that a rewriting can set. An event raises a term by one at most, and a run has a
/// million of them: so no term ever has more than seven digits, and the page has room for them.
pub const TERM_MAX: u64 = 1_000_000;

/// Why a text could not be understood, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextError {
    /// The line, counted from 1.
    pub line: u32,
    /// The character within the line, counted from 1.
    pub column: u32,
    /// What is wrong, in English.
    pub message: String,
    /// What to do about it, in English.
    pub remedy: String,
    /// Both of these in Chinese.
    pub chinese: Box<Chinese>,
    /// The line, or the part of it around the place, and below it a caret at the place.
    pub excerpt: String,
}

/// What is wrong with a text, in Chinese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chinese {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// Where a line stands, on which depends what can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// In a playbook, which has a header and is played from its beginning.
    Playbook,
    /// Somebody has typed it, into a run that is there.
    Typed,
}

/// How many characters of a long line an excerpt shows on either side of the place.
const EXCERPT_REACH: usize = 36;

impl TextError {
    /// The complaint `wrong` about the text `shown`, which is line number `line`.
    pub(crate) fn new(line: u32, shown: &str, wrong: Wrong) -> TextError {
        let before = shown.get(..wrong.at).unwrap_or(shown);
        let column = before.chars().count();
        TextError {
            line,
            column: u32::try_from(column).map_or(u32::MAX, |column| column.saturating_add(1)),
            message: wrong.fault.message,
            remedy: wrong.fault.remedy,
            chinese: Box::new(Chinese {
                message: wrong.fault.message_zh,
                remedy: wrong.fault.remedy_zh,
            }),
            excerpt: excerpt(shown, column),
        }
    }

    /// A complaint about a whole line that parses but cannot be done, for example because the
    /// World refuses it: the caret stands under its first word.
    #[must_use]
    pub fn refused(line: u32, shown: &str, message: [String; 2], remedy: [String; 2]) -> TextError {
        let [message, message_zh] = message;
        let [remedy, remedy_zh] = remedy;
        let fault = Fault {
            message,
            message_zh,
            remedy,
            remedy_zh,
        };
        let at = shown.len() - shown.trim_start().len();
        TextError::new(line, shown, Wrong { at, fault })
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TextError { line, column, .. } = self;
        writeln!(f, "line {line}, column {column}: {}", self.message)?;
        writeln!(f, "{}", self.excerpt)?;
        f.write_str(&self.remedy)
    }
}

impl std::error::Error for TextError {}

/// The part of a line around one of its characters, over a caret that points at it.
fn excerpt(shown: &str, column: usize) -> String {
    let from = column.saturating_sub(EXCERPT_REACH);
    let mut text = String::new();
    let mut caret = String::new();
    if from > 0 {
        text.push('…');
        caret.push(' ');
    }
    let mut rest = shown.chars().skip(from);
    for (position, c) in (from..).zip(rest.by_ref().take(2 * EXCERPT_REACH)) {
        // A control character would break the excerpt's own lines.
        let c = if c.is_control() { ' ' } else { c };
        text.push(c);
        if position < column {
            caret.push(if is_wide(c) { '\u{3000}' } else { ' ' });
        }
    }
    if rest.next().is_some() {
        text.push('…');
    }
    format!("{text}\n{caret}^")
}

/// Whether a fixed-width font gives this character two columns, as it does Chinese ones.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}')
}

/// The Actions on a line, or what is wrong with it and where: one, unless it names several
/// servers for what is done to each.
pub(crate) fn actions(
    shown: &str,
    servers: u8,
    names: &mut dyn Names,
) -> Result<Vec<Action>, Wrong> {
    check_line(shown)?;
    verbs::actions(&mut Scan::new(shown, servers, names))
}

/// The Actions that the line `expect refused …` says are refused, or what is wrong with it.
pub(crate) fn refused(
    shown: &str,
    servers: u8,
    names: &mut dyn Names,
) -> Result<Vec<Action>, Wrong> {
    let mut scan = Scan::new(shown, servers, names);
    expect(&mut scan, "expect")?;
    expect(&mut scan, "refused")?;
    scan.form = "expect refused propose S2 x1";
    let at = scan.present("an action", "操作")?;
    let word = scan.peek(char::is_alphabetic);
    if ["step", "run"].contains(&word) {
        let fault = Fault::never_refused(word);
        return Err(Wrong { at, fault });
    }
    verbs::actions(&mut scan)
}

/// Parses a line of one Action that names each server by its number.
impl FromStr for Action {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Action, TextError> {
        let mut names = Unplayed::default();
        let only = actions(text, SERVERS_MAX, &mut names).and_then(|mut actions| {
            match (actions.pop(), names.is_open || !actions.is_empty()) {
                (Some(action), false) => Ok(action),
                _ => Err(Wrong {
                    at: 0,
                    fault: Fault::only_played(),
                }),
            }
        });
        only.map_err(|wrong| TextError::new(1, text, wrong))
    }
}

/// Prints the line that parses back to this Action.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::action(self, f)
    }
}

#[cfg(test)]
pub(crate) mod tests;
