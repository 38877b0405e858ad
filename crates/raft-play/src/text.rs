//! The text form of an [`Action`]: one line, the same everywhere.
//!
//! What a person types into the page, what a playbook holds and what a saved run is made of are
//! all this. The parser is total: it answers any text at all with an Action or with a
//! [`TextError`] that shows the place, says what is wrong there, and what to write instead. It
//! is bounded too: no line, however it is written, can ask for more memory or time than the
//! limits below. The printer writes the shortest line that parses back to the same Action.
//!
//! The files beside this one hold the parts: `scan` reads words, numbers and times, `commands`
//! what is proposed, `servers` whom a line is about, `names` is who a word stands for, `action`
//! turns all that into Actions and goes the other way, and `fault` words the complaints.

mod action;
mod commands;
mod fault;
mod known;
mod line;
pub(crate) mod names;
mod scan;
mod servers;

pub use raft_sim::complaint::{Chinese, TextError};

use raft_sim::action::Action;
use raft_sim::command::COMMAND_BYTES_MAX;
use raft_sim::setup::SERVERS_MAX;

pub use action::{FAMILIES, Family, Line, REWRITINGS, Rewriting, Verb, verbs, written_entry};
pub(crate) use action::{Percent, client, held, key, timer_name, which};
pub(crate) use commands::Commands;
pub(crate) use fault::Fault;
pub(crate) use known::{expect, nearest};
pub(crate) use line::{check_line, said};
pub(crate) use names::{Names, Unplayed};
pub(crate) use scan::{Scan, Wrong};
pub(crate) use servers::is_like_a_name;

/// The longest line, in bytes.
pub const LINE_BYTES_MAX: usize = 64 * 1024;
/// The longest line of a verb that takes commands, in bytes: what was written as `*:70000` is written
/// out where a run is saved, and no character is longer than six times its bytes there (`\u{1f}`).
pub const WRITTEN_BYTES_MAX: usize = LINE_BYTES_MAX + 6 * COMMAND_BYTES_MAX;
/// How deep words of a line may stand in each other: `any of any of all`.
pub const NESTED_MAX: u8 = 16;
/// The largest index or message number that can be written: far from where adding to it
/// could overflow, and exact as a JavaScript number.
pub const NUMBER_MAX: u64 = 1_000_000_000;

/// Where a line stands, on which depends what can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// In a playbook, which has a header and is played from its beginning.
    Playbook,
    /// Somebody has typed it, into a run that is there.
    Typed,
}

/// Whether this word means something in the line of an Action.
pub(crate) fn is_word(word: &str) -> bool {
    names::RESERVED.contains(&word)
        || names::SETS.iter().any(|(name, _)| *name == word)
        || action::is_word(word)
}

/// The Actions on a line, or what is wrong with it and where: one, unless it names several
/// servers for what is done to each.
pub(crate) fn actions(
    shown: &str,
    servers: u8,
    names: &mut dyn Names,
) -> Result<Vec<Action>, Wrong> {
    check_line(shown)?;
    action::actions(&mut Scan::new(shown, servers, names))
}

/// The Actions behind `expect refused` or `expect accepted`, or what is wrong with them.
pub(crate) fn asked(scan: &mut Scan<'_>, outcome: &str) -> Result<Vec<Action>, Wrong> {
    scan.forms = &[
        "expect refused propose S2 x1",
        "expect accepted propose S1 x1",
    ];
    let at = scan.present("an action", "操作")?;
    let word = scan.peek(char::is_alphabetic);
    if ["step", "run"].contains(&word) {
        let fault = Fault::never_refused(word);
        return Err(Wrong { at, fault });
    }
    let actions = action::actions(scan)?;
    // A condition behind the commands of a proposal would be read as more of them.
    for join in ["and", "or"] {
        let mut commands = actions.iter().flat_map(Action::commands);
        if commands.any(|command| command.as_str() == join)
            && let Some(at) = scan.line.find(&format!(" {join} "))
        {
            let fault = Fault::joined_to_asked(outcome, join);
            return Err(Wrong { at: at + 1, fault });
        }
    }
    Ok(actions)
}

/// Parses a line of one Action that names each server by its number.
///
/// # Errors
/// Says what is wrong with the line.
pub fn action(text: &str) -> Result<Action, TextError> {
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
    only.map_err(|wrong| wrong.of_line(1, text))
}

#[cfg(test)]
pub(crate) mod tests;
