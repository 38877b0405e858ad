//! From words to Actions and back: one file for each family of them.
//!
//! The file of a family has its verbs in a table, and each verb with the form of its line, what it
//! does and how the words behind it are read; and it has the inverse, which writes the line of an
//! Action.

use std::fmt::{self, Formatter};

use raft_core::{NodeId, Timer};
use raft_sim::action::Action;

use super::known::unknown;
use super::{Fault, Scan, Wrong};

mod client;
mod link;
mod machine;
mod message;
mod patterns;
mod rewrite;
mod server;
mod time;

pub(crate) use client::{client, key};
pub(crate) use message::which;
pub(crate) use rewrite::held;
pub use rewrite::{REWRITINGS, Rewriting, written_entry};
pub(crate) use server::timer_name;

/// A verb: how a line with it is written and read.
pub struct Verb {
    /// The word.
    pub name: &'static str,
    /// Lines that begin with it, the plainest first.
    pub forms: &'static [&'static str],
    /// What they do, in English and in Chinese.
    pub doc: [&'static str; 2],
    parse: Parse,
}

/// How the words behind a verb are read.
enum Parse {
    /// As one Action.
    One(fn(&mut Scan<'_>) -> Result<Action, Wrong>),
    /// As any number of them.
    Many(fn(&mut Scan<'_>) -> Result<Vec<Action>, Wrong>),
    /// As servers, to each of which it is done.
    Each(fn(NodeId) -> Action),
}

const fn verb(
    name: &'static str,
    forms: &'static [&'static str],
    doc: [&'static str; 2],
    parse: Parse,
) -> Verb {
    Verb {
        name,
        forms,
        doc,
        parse,
    }
}

/// The verbs of one family, and what the family is about.
pub struct Family {
    /// What it is about, as a heading.
    pub title: &'static str,
    /// Its verbs.
    pub verbs: &'static [Verb],
}

/// All families.
pub const FAMILIES: [Family; 7] = [
    family("Time", time::VERBS),
    family("Servers", server::VERBS),
    family("Disks, processors and clocks", machine::VERBS),
    family("Links", link::VERBS),
    family("Messages", message::VERBS),
    family("Clients", client::VERBS),
    family("What a server keeps", rewrite::VERBS),
];

const fn family(title: &'static str, verbs: &'static [Verb]) -> Family {
    Family { title, verbs }
}

/// Every verb of the language.
pub fn verbs() -> impl Iterator<Item = &'static Verb> {
    FAMILIES.iter().flat_map(|family| family.verbs)
}

/// Whether this word means something in the line of one of these.
pub(super) fn is_word(word: &str) -> bool {
    verbs().any(|verb| verb.name == word)
        || REWRITINGS.iter().any(|rewriting| rewriting.name == word)
        || Timer::ALL
            .into_iter()
            .any(|timer| timer_name(timer) == word)
        || patterns::is_word(word)
        || link::is_word(word)
        || machine::is_word(word)
        || client::is_word(word)
}

/// The Actions on the line.
pub(crate) fn actions(scan: &mut Scan<'_>) -> Result<Vec<Action>, Wrong> {
    let at = scan.place();
    if scan.at_end() {
        let fault = Fault::empty_line();
        return Err(Wrong { at, fault });
    }
    let word = scan.word();
    let Some(verb) = verbs().find(|verb| verb.name == word) else {
        let names: Vec<&str> = verbs().map(|verb| verb.name).collect();
        return Err(unknown(at, word, &names));
    };
    scan.forms = verb.forms;
    let actions = match verb.parse {
        Parse::One(read) => vec![read(scan)?],
        Parse::Many(read) => read(scan)?,
        Parse::Each(action) => scan.servers()?.into_iter().map(action).collect(),
    };
    scan.finish()?;
    Ok(actions)
}

/// The line that parses back to an Action.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a>(pub &'a Action);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Action::Time(action) => time::write(*action, f),
            Action::Server(action) => server::write(action, f),
            Action::Machine(action) => machine::write(action, f),
            Action::Link(action) => link::write(action, f),
            Action::Message(action) => message::write(action, f),
            Action::Client(action) => client::write(action, f),
            Action::Rewrite(action) => rewrite::write(action, f),
        }
    }
}

/// Thousandths as a percentage.
pub(crate) struct Percent(pub(crate) u16);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (whole, tenth) = (self.0 / 10, self.0 % 10);
        if tenth == 0 {
            write!(f, "{whole}%")
        } else {
            write!(f, "{whole}.{tenth}%")
        }
    }
}
