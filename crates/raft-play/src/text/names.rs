//! The words that stand for servers: `leader`, `leader+1`, `followers`, `any 2 of running`.
//!
//! Such a word means whoever it fits at the instant when its line is done. So reading it and
//! knowing whom it means are two things: a [`Several`] is what was written, and [`Names`] is
//! asked whom it stands for now.

use raft_core::NodeId;

use raft_sim::ids::MessageId;
use raft_sim::which::{Handling, Which};

/// The words that stand for a number of servers, and what they mean.
pub(crate) const SETS: [(&str, Set); 9] = [
    ("all", Set::All),
    ("followers", Set::Followers),
    ("leaders", Set::Leaders),
    ("running", Set::Running),
    ("crashed", Set::Crashed),
    ("connected", Set::Connected),
    ("disconnected", Set::Disconnected),
    ("reachable", Set::Reachable),
    ("unreachable", Set::Unreachable),
];

/// The words that stand between others or behind them and are in no table. No name given by `let`
/// may be one of them, nor any word of a table: what the line means would depend on what was named
/// above it.
pub(crate) const RESERVED: [&str; 38] = [
    "leader",
    "any",
    "of",
    "the",
    "rest",
    "index",
    "on",
    "none",
    "and",
    "or",
    "not",
    "mod",
    "as",
    "until",
    "without",
    "retry",
    "sessions",
    "command",
    "turn",
    "keys",
    "every",
    "reads",
    "only",
    "by",
    "next",
    "request",
    "answer",
    "reply",
    "clients",
    "torn",
    "empty",
    "voters",
    "learners",
    "unlimited",
    "plain",
    "labrpc",
    "reliable",
    "unreliable",
];

/// One server or several, as a line names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Several {
    /// One, and how many further on by number, round in a circle.
    One(One, u16),
    /// Those that something is true of.
    Set(Set),
    /// So many of them, drawn by lot.
    Any(usize, Box<Several>),
    /// Those that the line has not named before.
    Rest,
}

/// A server, as a line names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum One {
    /// By its number.
    Server(NodeId),
    /// The leader that a client would find.
    Leader,
    /// By a name that `let` gave; perhaps several.
    Named(String),
}

/// Those servers that something is true of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Set {
    /// Every server.
    All,
    /// Every server but the leader.
    Followers,
    /// Those that run and say that they lead.
    Leaders,
    /// Those that run, paused or not.
    Running,
    /// Those that do not.
    Crashed,
    /// Those whose cable is plugged in.
    Connected,
    /// Those whose cable is not.
    Disconnected,
    /// Those that run with their cable plugged in.
    Reachable,
    /// The others.
    Unreachable,
}

/// Why nobody is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Nobody {
    /// There is no leader within reach.
    NoLeader {
        /// Who leads all the same, with its cable pulled.
        unplugged: Option<NodeId>,
    },
    /// Fewer fit than are to be drawn.
    TooFew {
        /// So many fit.
        found: usize,
        /// So many were asked for.
        asked: usize,
    },
}

/// Knows whom the words stand for.
pub(crate) trait Names {
    /// Whether `let` has given this name to servers.
    fn knows(&self, name: &str) -> bool;

    /// The servers meant, where the line has named `mentioned` before.
    fn resolve(&mut self, who: &Several, mentioned: &[NodeId]) -> Result<Vec<NodeId>, Nobody>;

    /// The messages under way that are meant and to which this can be done.
    fn messages(&mut self, which: Which, handling: Handling) -> Vec<MessageId>;

    /// The number of a command that nobody has offered yet.
    fn fresh(&mut self) -> u64;

    /// A number below this one, by lot.
    fn lot(&mut self, below: u64) -> u64;

    /// Whether those named are the ones that will be meant, so that naming one twice is a slip.
    fn is_exact(&self) -> bool;
}

/// What is known before anything has been played: `S3` means S3, and for every other word
/// whether it means anything is left for later.
#[derive(Default)]
pub(crate) struct Unplayed<'a> {
    /// The names that `let` gives above.
    pub(crate) names: &'a [String],
    /// Whether the line has a word whose meaning is only known later.
    pub(crate) is_open: bool,
}

impl Names for Unplayed<'_> {
    fn knows(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    fn resolve(&mut self, who: &Several, _: &[NodeId]) -> Result<Vec<NodeId>, Nobody> {
        if let Several::One(One::Server(id), 0) = who {
            return Ok(vec![*id]);
        }
        self.is_open = true;
        Ok(vec![NodeId(1)])
    }

    fn messages(&mut self, _: Which, _: Handling) -> Vec<MessageId> {
        self.is_open = true;
        vec![MessageId(1)]
    }

    fn fresh(&mut self) -> u64 {
        self.is_open = true;
        1
    }

    fn lot(&mut self, _: u64) -> u64 {
        self.is_open = true;
        0
    }

    fn is_exact(&self) -> bool {
        !self.is_open
    }
}
