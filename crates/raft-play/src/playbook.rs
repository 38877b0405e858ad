//! A playbook: a cluster, what is done to it, and what to look at meanwhile.
//!
//! It is a text of [`Statement`]s under a header, parted into phases by captions in two
//! languages. A lesson is one, and so is a saved run. The parser keeps each statement's line
//! number, so that whatever goes wrong later can be shown where it was written; comments are
//! for the reader of the file only and are not kept.
//!
//! ```text
//! title A leader falls silent
//! servers 3
//! seed 7
//!
//! caption S1 wins the first election.
//! caption.zh S1 赢得第一次选举。
//! timeout S1
//! run 100ms
//! ```

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::script::{Condition, Doing, Statement};
use crate::text::{Fault, TextError, Wrong};
use raft_sim::invariant::{Invariant, Violation};
use raft_sim::observed::Observed;
use raft_sim::setup::Setup;

mod block;
mod building;
mod contrasting;
mod foreign;
mod header;
mod question;
mod read;
mod setting;

use crate::text::said;
pub use header::{HEADERS, Header};
use read::Reader;
#[cfg(test)]
pub(crate) use read::beginnings;
pub use read::{MARKS, Mark, unread};
pub(crate) use read::{is_only_of_playbooks, is_word};

/// The longest text of a playbook, in bytes: a saved run of as many events as there may be
/// has room in it.
pub const TEXT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// The most lines of a playbook: a saved run has up to three for each event.
pub const LINES_MAX: u32 = 2_100_000;
/// The most parts: blocks, comparisons, and the numbers and servers named in lines that are no
/// Actions. Each takes far more memory than its words do.
pub const PARTS_MAX: usize = 1_000_000;
/// The most commands that a whole playbook may stand for once its ranges are expanded.
pub const COMMANDS_MAX: usize = 100_000;
/// The most bytes that all those commands may hold.
pub const COMMAND_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A cluster, and the list of what is done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playbook {
    /// The cluster as it begins.
    pub setup: Setup,
    /// What is done and said, in order. There may be millions of lines, which copies share.
    pub lines: Arc<Vec<Statement>>,
}

impl Playbook {
    /// The invariants that it expects to be broken; any other must hold.
    #[must_use]
    pub fn breaks(&self) -> Vec<Invariant> {
        let mut found = Vec::new();
        let mut blocks = vec![self.lines.as_slice()];
        while let Some(block) = blocks.pop() {
            for statement in block {
                if let Doing::Expect(condition)
                | Doing::Wait {
                    until: condition, ..
                } = &statement.doing
                {
                    found.extend(condition.broken());
                }
                if let Doing::Build(build) = &statement.doing {
                    let goals = build.goals.iter().chain(&build.always);
                    let conditions = goals.filter_map(|goal| self.condition(&goal.when));
                    found.extend(conditions.flat_map(|condition| condition.broken()));
                }
                blocks.extend(statement.doing.blocks());
            }
        }
        found
    }

    /// A condition as a goal has it.
    fn condition(&self, text: &str) -> Option<Condition> {
        Condition::of_goal(text, self.setup.servers).ok()
    }

    /// The first violation in `world` that this playbook does not expect.
    #[must_use]
    pub fn unexpected<'w>(&self, world: &'w Observed) -> Option<&'w Violation> {
        let breaks = self.breaks();
        let mut violations = world.checker().violations().iter();
        violations.find(|violation| !breaks.contains(&violation.invariant()))
    }
}

impl FromStr for Playbook {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Playbook, TextError> {
        if text.len() > TEXT_BYTES_MAX {
            let fault = Fault::playbook_too_long(TEXT_BYTES_MAX);
            return Err(Wrong { at: 0, fault }.of_line(1, ""));
        }
        // Some editors put a mark of the encoding in front of the text.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader::default();
        for (number, line) in (1..).zip(text.lines()) {
            reader.told_line(number, line, text)?;
        }
        reader.finish(text)
    }
}

/// Prints a text that parses back to the same playbook, but for line numbers.
impl fmt::Display for Playbook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        header::print(&self.setup, f)?;
        Lines(&self.lines).fmt(f)
    }
}

/// Prints what comes below a header.
pub(crate) struct Lines<'a>(pub(crate) &'a [Statement]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.0 {
            match &line.doing {
                Doing::Phase {
                    caption,
                    caption_zh,
                } => {
                    writeln!(f)?;
                    said("caption", caption, true, f)?;
                    said("caption.zh", caption_zh, false, f)?;
                }
                _ => line.print(0, f)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
