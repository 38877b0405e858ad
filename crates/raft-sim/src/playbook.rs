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

use raft_core::{NodeId, RuleSet};

use crate::invariant::{Invariant, Violation};
use crate::script::{Doing, Statement};
use crate::text::{Fault, TextError, Wrong};
use crate::time::{Micros, MicrosRange};
use crate::world::World;

mod feature;
mod read;
mod settings;

pub use feature::{Feature, Features};
use read::Reader;
pub(crate) use read::is_only_of_playbooks;
use settings::Setting;
pub use settings::{Own, Size, Sizes};

/// The longest text of a playbook, in bytes: a saved run of as many events as there may be
/// has room in it.
pub const TEXT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// The most lines of a playbook: a saved run has up to three for each event.
pub const LINES_MAX: u32 = 4_000_000;
/// The most commands that a whole playbook may stand for once its ranges are expanded.
pub const COMMANDS_MAX: usize = 100_000;
/// The most bytes that all those commands may hold.
pub const COMMAND_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How long messages are under way in a cluster whose playbook does not say.
pub const LATENCY: MicrosRange = MicrosRange {
    min: Micros::from_millis(10),
    max: Micros::from_millis(15),
};
/// How long a write takes in a cluster whose playbook does not say.
pub const DISK: MicrosRange = MicrosRange::fixed(Micros::ZERO);
/// How many of a thousand messages are lost in a cluster whose playbook does not say.
pub const LOSS_PERMILLE: u16 = 0;

/// A cluster, and the list of what is done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playbook {
    /// The cluster as it begins.
    pub setup: Setup,
    /// What is done and said, in order.
    pub lines: Vec<Statement>,
}

/// What the header of a playbook says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// The title in English; may be empty.
    pub title: String,
    /// The title in Chinese; may be empty.
    pub title_zh: String,
    /// Where the scenario comes from; may be empty.
    pub source: String,
    /// How many servers, from 1 to 9.
    pub servers: u8,
    /// How many of them, from `S1` on, the cluster begins with; the others
    /// run with an empty disk and wait to be added. All of them, if not given.
    pub voters: Option<u8>,
    /// How many clients use the cluster, up to [`crate::client::CLIENTS_MAX`].
    pub clients: u8,
    /// Whether the servers remember what clients have asked for, so that each operation is done
    /// once.
    pub sessions: bool,
    /// What every random draw of the run begins from.
    pub seed: u64,
    /// What each election timeout is drawn from, 1 ms or more.
    pub election: MicrosRange,
    /// How often a leader sends heartbeats, 1 ms or more.
    pub heartbeat: Micros,
    /// After how many applied entries each server takes a snapshot by itself.
    pub snapshot_every: Option<u64>,
    /// How much the servers send or take in at once.
    pub sizes: Sizes,
    /// What the servers can do besides plain Raft; `LeaseReads` only together
    /// with `CheckQuorum`.
    pub features: Features,
    /// What single servers have of their own, by ascending number.
    pub own: Vec<(NodeId, Own)>,
    /// The rules that no server keeps to.
    pub ablated: RuleSet,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup {
            title: String::new(),
            title_zh: String::new(),
            source: String::new(),
            servers: 5,
            voters: None,
            clients: 0,
            sessions: true,
            seed: 1,
            election: MicrosRange {
                min: Micros::from_millis(500),
                max: Micros::from_secs(1),
            },
            heartbeat: Micros::from_millis(100),
            snapshot_every: None,
            sizes: Sizes::default(),
            features: Features::default(),
            own: Vec::new(),
            ablated: RuleSet::EMPTY,
        }
    }
}

/// The greatest seed: the greatest whole number that JavaScript holds exactly,
/// since the page shows it.
pub const SEED_MAX: u64 = (1 << 53) - 1;

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
                blocks.extend(statement.doing.blocks());
            }
        }
        found
    }

    /// The first violation in `world` that this playbook does not expect.
    #[must_use]
    pub fn unexpected<'w>(&self, world: &'w World) -> Option<&'w Violation> {
        let breaks = self.breaks();
        let mut violations = world.checker().violations().iter();
        violations.find(|violation| !breaks.contains(&violation.invariant))
    }
}

impl FromStr for Playbook {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Playbook, TextError> {
        if text.len() > TEXT_BYTES_MAX {
            let fault = Fault::playbook_too_long(TEXT_BYTES_MAX);
            return Err(TextError::new(1, "", Wrong { at: 0, fault }));
        }
        // Some editors put a mark of the encoding in front of the text.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader::default();
        for (number, line) in (1..).zip(text.lines()) {
            if number > LINES_MAX {
                let fault = Fault::too_many_lines(LINES_MAX);
                return Err(TextError::new(number, line, Wrong { at: 0, fault }));
            }
            reader
                .line(number, line)
                .map_err(|wrong| TextError::new(number, line, wrong))?;
        }
        reader.finish(text)
    }
}

/// Prints a text that parses back to the same playbook, but for line numbers.
impl fmt::Display for Playbook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.setup.fmt(f)?;
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

/// Prints the header.
impl fmt::Display for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        said("title", &self.title, false, f)?;
        said("title.zh", &self.title_zh, false, f)?;
        said("source", &self.source, false, f)?;
        writeln!(f, "servers {}", self.servers)?;
        if let Some(voters) = self.voters {
            writeln!(f, "voters {voters}")?;
        }
        if self.clients > 0 || !self.sessions {
            let without = if self.sessions {
                ""
            } else {
                " without sessions"
            };
            writeln!(f, "clients {}{without}", self.clients)?;
        }
        writeln!(f, "seed {}", self.seed)?;
        writeln!(f, "election {}", self.election)?;
        writeln!(f, "heartbeat {}", self.heartbeat)?;
        if let Some(every) = self.snapshot_every {
            writeln!(f, "snapshots every {every}")?;
        }
        for (size, to) in self.sizes.iter() {
            writeln!(f, "{}", Setting::Size(size, to))?;
        }
        if !self.features.is_empty() {
            writeln!(f, "{}", Setting::Features(self.features))?;
        }
        for (id, own) in &self.own {
            for setting in own.settings() {
                writeln!(f, "server {id} {setting}")?;
            }
        }
        if self.ablated.is_empty() {
            return Ok(());
        }
        f.write_str("ablate")?;
        for rule in self.ablated.iter() {
            write!(f, " {}", rule.id())?;
        }
        writeln!(f)
    }
}

/// Writes a line of free text. Whatever white space it holds, it stays one line.
fn said(name: &str, text: &str, even_empty: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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

#[cfg(test)]
mod tests;
