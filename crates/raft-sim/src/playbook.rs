//! A playbook: a cluster, what is done to it, and what to look at meanwhile.
//!
//! It is a text of Action lines under a header, parted into phases by captions in two
//! languages. A lesson is one, and so is a saved run. The parser keeps each Action's line
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

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use raft_core::{Rule, RuleSet};

use crate::action::Action;
use crate::text::{self, Fault, SERVERS_MAX, Scan, TextError, VERBS, Wrong};
use crate::time::{Micros, MicrosRange};

/// The longest text of a playbook, in bytes.
pub const TEXT_BYTES_MAX: usize = 1024 * 1024;
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
    pub lines: Vec<PlaybookLine>,
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
    /// What every random draw of the run begins from.
    pub seed: u64,
    /// What each election timeout is drawn from, 1 ms or more.
    pub election: MicrosRange,
    /// How often a leader sends heartbeats, 1 ms or more.
    pub heartbeat: Micros,
    /// What the servers can do besides plain Raft; `LeaseReads` only together
    /// with `CheckQuorum`.
    pub features: BTreeSet<Feature>,
    /// The rules that no server keeps to.
    pub without: RuleSet,
}

/// What the dissertation adds to plain Raft, to be switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// Servers ask before they stand (§9.6).
    PreVote,
    /// Leaders check that a majority answers, and servers stick to a leader
    /// that they hear (§6.2, §4.2.3).
    CheckQuorum,
    /// Leaders read by lease (§6.4.1).
    LeaseReads,
    /// New entries are sent before the earlier ones are answered (§10.2.2).
    Pipelining,
    /// A new leader begins its term with an entry without a command (§8).
    NoOp,
    /// Snapshots are sent in pieces (§7).
    SnapshotPieces,
}

impl Feature {
    /// Every feature.
    pub const ALL: [Self; 6] = [
        Self::PreVote,
        Self::CheckQuorum,
        Self::LeaseReads,
        Self::Pipelining,
        Self::NoOp,
        Self::SnapshotPieces,
    ];

    /// Its word in a playbook's header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PreVote => "pre-vote",
            Self::CheckQuorum => "check-quorum",
            Self::LeaseReads => "lease-reads",
            Self::Pipelining => "pipelining",
            Self::NoOp => "no-op",
            Self::SnapshotPieces => "snapshot-pieces",
        }
    }
}

impl Default for Setup {
    fn default() -> Setup {
        Setup {
            title: String::new(),
            title_zh: String::new(),
            source: String::new(),
            servers: 5,
            voters: None,
            seed: 1,
            election: MicrosRange {
                min: Micros::from_millis(500),
                max: Micros::from_secs(1),
            },
            heartbeat: Micros::from_millis(100),
            features: BTreeSet::new(),
            without: RuleSet::EMPTY,
        }
    }
}

/// The greatest seed: the greatest whole number that JavaScript holds exactly,
/// since the page shows it.
pub const SEED_MAX: u64 = (1 << 53) - 1;

/// One line of a playbook below its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaybookLine {
    /// Something is done.
    Action {
        /// The number of its line in the text, counted from 1.
        line: u32,
        /// What is done.
        action: Action,
    },
    /// A new phase begins, and this is what to look at in it.
    Phase {
        /// In English.
        caption: String,
        /// In Chinese; empty when the playbook has none.
        caption_zh: String,
    },
}

impl Playbook {
    /// The Actions in order, each with its line number.
    pub fn actions(&self) -> impl Iterator<Item = (u32, &Action)> {
        self.lines.iter().filter_map(|line| match line {
            PlaybookLine::Action { line, action } => Some((*line, action)),
            PlaybookLine::Phase { .. } => None,
        })
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
            reader
                .line(number, line)
                .map_err(|wrong| TextError::new(number, line, wrong))?;
        }
        Ok(Playbook {
            setup: reader.setup,
            lines: reader.lines,
        })
    }
}

/// The words of the header, in the order in which they print, each with its form.
const HEADERS: [(&str, &str); 10] = [
    ("title", "title A leader falls silent"),
    ("title.zh", "title.zh 领导者沉默了"),
    ("source", "source the paper, Figure 8"),
    ("servers", "servers 5"),
    ("voters", "voters 3"),
    ("seed", "seed 1"),
    ("election", "election 500ms..1s"),
    ("heartbeat", "heartbeat 100ms"),
    ("use", "use pre-vote check-quorum lease-reads pipelining"),
    ("ablate", "ablate L4-term"),
];

/// A playbook that has been read up to some line.
#[derive(Default)]
struct Reader {
    setup: Setup,
    lines: Vec<PlaybookLine>,
    headers_seen: [bool; HEADERS.len()],
    /// Whether the caption above still waits for its Chinese.
    caption_open: bool,
    commands: usize,
    command_bytes: usize,
}

impl Reader {
    fn line(&mut self, number: u32, shown: &str) -> Result<(), Wrong> {
        text::check_line(shown)?;
        let mut scan = Scan::new(shown, self.setup.servers);
        if scan.at_end() {
            return Ok(());
        }
        let at = scan.place();
        let word = scan.word();
        if let Some(header) = HEADERS.iter().position(|(name, _)| *name == word) {
            return self.header(header, at, &mut scan);
        }
        match word {
            "caption" => {
                self.lines.push(PlaybookLine::Phase {
                    caption: scan.text().to_owned(),
                    caption_zh: String::new(),
                });
                self.caption_open = true;
                Ok(())
            }
            "caption.zh" => self.caption_zh(at, &mut scan),
            word if VERBS.iter().any(|verb| verb.name == word) => self.action(number, at, shown),
            word => {
                let names: Vec<&str> = HEADERS
                    .iter()
                    .map(|(name, _)| *name)
                    .chain(["caption", "caption.zh"])
                    .chain(VERBS.iter().map(|verb| verb.name))
                    .collect();
                let fault = Fault::unknown_word(word, text::nearest(word, &names), &names);
                Err(Wrong { at, fault })
            }
        }
    }

    fn header(&mut self, header: usize, at: usize, scan: &mut Scan<'_>) -> Result<(), Wrong> {
        let (name, form) = HEADERS[header];
        if !self.lines.is_empty() {
            let fault = Fault::header_late(name);
            return Err(Wrong { at, fault });
        }
        if std::mem::replace(&mut self.headers_seen[header], true) {
            let fault = Fault::header_twice(name);
            return Err(Wrong { at, fault });
        }
        scan.form = form;
        let setup = &mut self.setup;
        match name {
            "title" => scan.text().clone_into(&mut setup.title),
            "title.zh" => scan.text().clone_into(&mut setup.title_zh),
            "source" => scan.text().clone_into(&mut setup.source),
            "servers" => {
                let servers = scan.number(1, u64::from(SERVERS_MAX))?;
                setup.servers = u8::try_from(servers).unwrap_or(SERVERS_MAX);
                too_few_servers(at, setup)?;
            }
            "voters" => {
                let voters = scan.number(1, u64::from(SERVERS_MAX))?;
                setup.voters = u8::try_from(voters).ok();
                too_few_servers(at, setup)?;
            }
            "seed" => setup.seed = scan.number(0, SEED_MAX)?,
            "election" => {
                let place = scan.place();
                setup.election = scan.range()?;
                long_enough(place, setup.election.min)?;
            }
            "use" => setup.features = features(scan)?,
            "ablate" => setup.without = rules(scan)?,
            _ => {
                let place = scan.place();
                setup.heartbeat = scan.duration()?;
                long_enough(place, setup.heartbeat)?;
            }
        }
        scan.finish()
    }

    fn caption_zh(&mut self, at: usize, scan: &mut Scan<'_>) -> Result<(), Wrong> {
        match self.lines.last_mut() {
            Some(PlaybookLine::Phase { caption_zh, .. }) if self.caption_open => {
                scan.text().clone_into(caption_zh);
                self.caption_open = false;
                Ok(())
            }
            _ => {
                let fault = Fault::caption_alone();
                Err(Wrong { at, fault })
            }
        }
    }

    fn action(&mut self, number: u32, at: usize, shown: &str) -> Result<(), Wrong> {
        let action = text::action(shown, self.setup.servers)?;
        for command in action.commands() {
            self.commands += 1;
            self.command_bytes += command.as_str().len();
        }
        if self.commands > COMMANDS_MAX || self.command_bytes > COMMAND_BYTES_MAX {
            let fault = Fault::playbook_commands(COMMANDS_MAX);
            return Err(Wrong { at, fault });
        }
        self.caption_open = false;
        self.lines.push(PlaybookLine::Action {
            line: number,
            action,
        });
        Ok(())
    }
}

/// Refuses a cluster that begins with more voters than there are servers.
fn too_few_servers(at: usize, setup: &Setup) -> Result<(), Wrong> {
    if setup.voters.is_none_or(|voters| voters <= setup.servers) {
        return Ok(());
    }
    let fault = Fault::more_voters_than_servers(setup.servers);
    Err(Wrong { at, fault })
}

/// The features named on the rest of a line, one at least.
fn features(scan: &mut Scan<'_>) -> Result<BTreeSet<Feature>, Wrong> {
    let line = scan.place();
    let mut features = BTreeSet::new();
    while features.is_empty() || !scan.at_end() {
        let at = scan.place();
        let word = scan.word();
        if word.is_empty() {
            let fault = Fault::missing("a feature", "功能", scan.form);
            return Err(Wrong { at, fault });
        }
        let found = Feature::ALL.iter().find(|feature| feature.name() == word);
        let Some(feature) = found else {
            let names = Feature::ALL.map(Feature::name);
            let fault = Fault::unknown_word(word, text::nearest(word, &names), &names);
            return Err(Wrong { at, fault });
        };
        features.insert(*feature);
    }
    if features.contains(&Feature::LeaseReads) && !features.contains(&Feature::CheckQuorum) {
        let fault = Fault::lease_alone();
        return Err(Wrong { at: line, fault });
    }
    Ok(features)
}

/// The rules named on the rest of a line, one at least.
fn rules(scan: &mut Scan<'_>) -> Result<RuleSet, Wrong> {
    let mut rules = RuleSet::EMPTY;
    while rules.is_empty() || !scan.at_end() {
        let at = scan.place();
        let id = scan.word();
        if id.is_empty() {
            let fault = Fault::missing("a rule", "规则", scan.form);
            return Err(Wrong { at, fault });
        }
        let Some(rule) = Rule::named(id) else {
            let ids: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
            let fault = Fault::unknown_rule(id, text::nearest(id, &ids), &ids);
            return Err(Wrong { at, fault });
        };
        rules.insert(rule);
    }
    Ok(rules)
}

/// The shortest timer of a server: one that ran out much more often would leave no time for
/// anything else to happen.
const TIMER_MIN: Micros = Micros::from_millis(1);

fn long_enough(at: usize, time: Micros) -> Result<(), Wrong> {
    if time >= TIMER_MIN {
        return Ok(());
    }
    let fault = Fault::timer_too_short(time, TIMER_MIN);
    Err(Wrong { at, fault })
}

/// Prints a text that parses back to the same playbook, but for line numbers.
impl fmt::Display for Playbook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.setup.fmt(f)?;
        for line in &self.lines {
            match line {
                PlaybookLine::Action { action, .. } => writeln!(f, "{action}")?,
                PlaybookLine::Phase {
                    caption,
                    caption_zh,
                } => {
                    writeln!(f)?;
                    said("caption", caption, true, f)?;
                    said("caption.zh", caption_zh, false, f)?;
                }
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
        writeln!(f, "seed {}", self.seed)?;
        writeln!(f, "election {}", self.election)?;
        writeln!(f, "heartbeat {}", self.heartbeat)?;
        if !self.features.is_empty() {
            f.write_str("use")?;
            for feature in &self.features {
                write!(f, " {}", feature.name())?;
            }
            writeln!(f)?;
        }
        if self.without.is_empty() {
            return Ok(());
        }
        f.write_str("ablate")?;
        for rule in self.without.iter() {
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
