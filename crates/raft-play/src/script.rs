//! The lines of a playbook: what is done, what is waited for, what is expected.
//!
//! Most lines are Actions. Their servers may be named by what they are at that instant
//! (`leader`, `any 2 of running`), some lines hold blocks of others (`repeat`, `chance`, `if`,
//! `concurrently`), and some look at the World (`wait`, `expect`, `agree`). Playing them gives
//! plain Actions, each with its instant; so whatever was drawn by lot, the Run that comes out is
//! a list like any other and can be saved, cut down and played again without the blocks.

mod agenda;
mod agree;
mod build;
mod condition;
mod looking;
mod names;
mod play;
mod question;
mod read;
mod task;
mod work;

use std::fmt::{self, Formatter};
use std::sync::Arc;

use crate::text::Line;
use crate::text::names::Several;
use raft_sim::action::Action;
use raft_sim::bounded::Permille;
use raft_sim::command::Command;
use raft_sim::run::{Build, Contrast};
use raft_sim::time::{Micros, MicrosRange};

pub use condition::{Condition, NUMBERS, Number, PROPERTIES, Property};
pub use play::{Player, play};
pub use question::Ask;

pub(crate) use condition::Sum;
pub(crate) use looking::Looking;
pub(crate) use read::{GivenNames, condition, simple};
pub use read::{WORDS, Word};

/// One line of a playbook below its header, or a block of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The number of its line in the text, counted from 1.
    pub line: u32,
    /// What it says.
    pub doing: Doing,
}

/// What a line of a playbook says. There may be millions, so that what is large and rare is boxed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doing {
    /// A new phase begins, and this is what to look at in it.
    Phase {
        /// In English.
        caption: String,
        /// In Chinese; empty when the playbook has none.
        caption_zh: String,
    },
    /// The reader is asked what the lines up to its `Reveal` will bring about.
    Ask(Arc<Ask>),
    /// What the question was about has happened.
    Reveal(Arc<Ask>),
    /// The reader is to build a run from here on.
    Build(Arc<Build>),
    /// Another run is spoken of beside this one.
    Contrast(Arc<Contrast>),
    /// Something is done.
    Action(Action),
    /// Something is done to whom its words mean at that instant.
    Open(OpenLine),
    /// Time passes: drawn from the range, or less once the condition holds.
    Pass {
        /// How long.
        range: MicrosRange,
        /// What ends it early.
        until: Option<Box<Condition>>,
    },
    /// Time passes until the condition holds; that it does not is a failure.
    Wait {
        /// How long at most.
        within: Micros,
        /// What is waited for.
        until: Condition,
    },
    /// The condition holds, or the playbook fails.
    Expect(Condition),
    /// What the line says is refused, or the playbook fails.
    ExpectRefused(OpenLine),
    /// What the line says is declined by nobody, or the playbook fails.
    ExpectAccepted(OpenLine),
    /// A name stands for servers or a number from here on.
    Let(String, Box<Value>),
    /// A command is offered until so many servers have applied it.
    Agree(Box<Agree>),
    /// The lab's `checkOneLeader`: ten times at most it is looked, after half
    /// a second each, whether a server within reach leads.
    CheckOneLeader,
    /// The block is done so many times.
    Repeat {
        /// How often at most; drawn from here.
        times: Times,
        /// The name under which the round is known, counted from 1.
        name: Option<String>,
        /// What ends it early, looked at after each round.
        until: Option<Box<Condition>>,
        /// The block.
        body: Arc<Vec<Statement>>,
    },
    /// One block or the other, by lot.
    Chance {
        /// In how many of a thousand cases it is the first.
        permille: Permille,
        /// The first block.
        body: Arc<Vec<Statement>>,
        /// The second; may be empty.
        otherwise: Arc<Vec<Statement>>,
    },
    /// One block or the other.
    If {
        /// What decides.
        condition: Condition,
        /// The block for when it holds.
        body: Arc<Vec<Statement>>,
        /// The block for when it does not; may be empty.
        otherwise: Arc<Vec<Statement>>,
    },
    /// Each statement of the block goes on by itself; done when all are.
    Concurrently(Arc<Vec<Statement>>),
    /// Inside `concurrently`: one after the other.
    InTurn(Arc<Vec<Statement>>),
    /// Inside `concurrently`: again and again until all others are done.
    Meanwhile(Arc<Vec<Statement>>),
}

/// How often a block is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// At least.
    pub min: u64,
    /// At most.
    pub max: u64,
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.min == self.max {
            write!(f, "{}", self.min)
        } else {
            write!(f, "{}..{}", self.min, self.max)
        }
    }
}

/// A line that says what is done, but whose words mean somebody only at its instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLine(pub(crate) String);

/// What `let` gives a name to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pub(crate) text: String,
    pub(crate) given: Given,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Given {
    Servers(Vec<Several>),
    Number(Sum),
}

/// The lab's `one`: servers are asked in turn until a leader accepts, within ten seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agree {
    /// As it was written, from the command on.
    pub(crate) text: String,
    pub(crate) on: Sum,
    /// Whether it is offered again if it is not applied within two seconds.
    pub(crate) retries: bool,
}

impl Agree {
    /// The line that seeks agreement on this command, where this one offered a new one (`*`).
    pub(crate) fn of(&self, command: Option<&Command>) -> String {
        match (command, self.text.split_once(char::is_whitespace)) {
            (Some(command), Some((first, on))) if first.starts_with('*') => {
                format!("agree {command} {}", on.trim_start())
            }
            _ => format!("agree {}", self.text),
        }
    }
}

impl Doing {
    /// The blocks of lines inside it.
    pub(crate) fn blocks(&self) -> [&[Statement]; 2] {
        match self {
            Self::Repeat { body, .. }
            | Self::Concurrently(body)
            | Self::InTurn(body)
            | Self::Meanwhile(body) => [body, &[]],
            Self::Chance {
                body, otherwise, ..
            }
            | Self::If {
                body, otherwise, ..
            } => [body, otherwise],
            _ => [&[], &[]],
        }
    }
}

impl Statement {
    /// Writes it, with its blocks, after so many spaces.
    pub(crate) fn print(&self, indent: usize, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:indent$}", "")?;
        match &self.doing {
            Doing::Phase { .. } => {}
            Doing::Ask(ask) => return write!(f, "{ask}"),
            Doing::Reveal(_) => f.write_str("reveal")?,
            Doing::Build(build) => return build::print_build(build, f),
            Doing::Contrast(contrast) => return build::print_contrast(contrast, f),
            Doing::Action(action) => write!(f, "{}", Line(action))?,
            Doing::Open(line) | Doing::ExpectRefused(line) | Doing::ExpectAccepted(line) => {
                f.write_str(&line.0)?;
            }
            Doing::Pass { range, until } => {
                write!(f, "run {range}")?;
                until_words(until.as_deref(), f)?;
            }
            Doing::Wait { within, until } => write!(f, "wait {within} until {}", until.text)?,
            Doing::Expect(condition) => write!(f, "expect {}", condition.text)?,
            Doing::Let(name, value) => write!(f, "let {name} = {}", value.text)?,
            Doing::Agree(agree) => write!(f, "agree {}", agree.text)?,
            Doing::CheckOneLeader => f.write_str("check one leader")?,
            Doing::Repeat {
                times, name, until, ..
            } => {
                write!(f, "repeat {times}")?;
                if let Some(name) = name {
                    write!(f, " as {name}")?;
                }
                until_words(until.as_deref(), f)?;
            }
            Doing::Chance { permille, .. } => {
                write!(f, "chance {}", crate::text::Percent(permille.get()))?;
            }
            Doing::If { condition, .. } => write!(f, "if {}", condition.text)?,
            Doing::Concurrently(_) => f.write_str("concurrently")?,
            Doing::InTurn(_) => f.write_str("in turn")?,
            Doing::Meanwhile(_) => f.write_str("meanwhile")?,
        }
        writeln!(f)?;
        if !self.doing.is_block() {
            return Ok(());
        }
        let [body, otherwise] = self.doing.blocks();
        for statement in body {
            statement.print(indent + 2, f)?;
        }
        if !otherwise.is_empty() {
            writeln!(f, "{:indent$}otherwise", "")?;
            for statement in otherwise {
                statement.print(indent + 2, f)?;
            }
        }
        writeln!(f, "{:indent$}end", "")
    }
}

impl Doing {
    pub(crate) const fn is_block(&self) -> bool {
        matches!(
            self,
            Self::Repeat { .. }
                | Self::Chance { .. }
                | Self::If { .. }
                | Self::Concurrently(_)
                | Self::InTurn(_)
                | Self::Meanwhile(_)
        )
    }
}

fn until_words(until: Option<&Condition>, f: &mut Formatter<'_>) -> fmt::Result {
    match until {
        Some(until) => write!(f, " until {}", until.text),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A playbook may have two million lines, and take no more than 300 MB for them.
    #[test]
    fn a_line_is_small() {
        assert!(size_of::<Statement>() <= 80, "{}", size_of::<Statement>());
    }
}
