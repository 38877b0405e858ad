//! What must hold in every world: the five properties of Figure 3, what each
//! server owes on its own, and what a client may rely on.

use raft_core::{Entry, Index, NodeId, Term};

use crate::client::ClientId;
use crate::command::Command;

/// A predicate over worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invariant {
    /// At most one leader in a term (§5.2).
    ElectionSafety,
    /// A leader never overwrites or deletes entries in its log (§5.3).
    LeaderAppendOnly,
    /// Two logs that agree on an index and its term agree up to there (§5.3).
    LogMatching,
    /// What was committed is in the log of every later leader (§5.4).
    LeaderCompleteness,
    /// No two servers apply different commands at one index (§5.4.3).
    StateMachineSafety,
    /// A running server's term never goes back, and a restarted one still
    /// has every term that it told others of.
    TermMonotone,
    /// A server votes once a term, also across restarts.
    OneVoteATerm,
    /// A running server's commit index never goes back.
    CommitMonotone,
    /// A server applies every index once, in order.
    AppliedInOrder,
    /// A read sees all that was committed when it was asked for (§6.4 of the
    /// dissertation); that of a client sees all that had been answered by then.
    LinearizableRead,
    /// What a client asks for is done once, however often it asks (§8, §6.3 of the
    /// dissertation).
    ExactlyOnce,
}

/// A world in which an invariant does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Violation {
    /// What was found.
    pub breach: Breach,
    /// The event after which it did not hold.
    pub event: u64,
    /// Between which servers.
    pub servers: Vec<NodeId>,
    /// At which index, where it is about one.
    pub index: Index,
    /// Which commit at that index came first, if there was one.
    pub committed: Option<FirstCommit>,
}

/// What was found where an invariant does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Breach {
    /// Two servers were elected leader in this term.
    TwoLeaders(Term),
    /// A leader's log, which ended at `last`, is another from some index on.
    LeaderLogChanged {
        /// Its last index before.
        last: Index,
        /// What it has at that index now.
        held: Option<Entry<Command>>,
    },
    /// Two logs have these entries at one index: different ones of one term, or equal ones behind
    /// entries that differ.
    LogsDiffer([Entry<Command>; 2]),
    /// A leader lacks an entry that was committed before its term.
    LeaderLacks {
        /// The entry.
        committed: Entry<Command>,
        /// What it has in its place.
        held: Option<Entry<Command>>,
    },
    /// A server holds another entry committed than was committed there first.
    CommitsDiffer {
        /// What was committed first.
        first: Entry<Command>,
        /// What the server holds committed.
        now: Entry<Command>,
    },
    /// Two state machines that have applied as many entries have these fingerprints.
    MachinesDiffer([u64; 2]),
    /// A state machine of this fingerprint was loaded, and no committed entries lead to it.
    UnknownState(u64),
    /// The term of a server went back.
    TermWentBack([Term; 2]),
    /// A server voted for the first, and in the same term for the second, or forgot its vote.
    VotedTwice(NodeId, Option<NodeId>),
    /// The commit index of a server went back.
    CommitWentBack([Index; 2]),
    /// A server applied an entry other than the next one.
    AppliedOutOfOrder {
        /// The next one.
        next: Index,
        /// The one that it applied.
        applied: Index,
    },
    /// A read saw the state at `applied`, though `known` was known to be executed when it began.
    StaleRead {
        /// What it should have seen at least.
        known: Index,
        /// What it saw.
        applied: Index,
    },
    /// The operation `number` of a client was executed at both indices.
    ExecutedTwice {
        /// Whose operation it is.
        client: ClientId,
        /// Its number among those of the client.
        number: u64,
        /// Where it was executed.
        at: [Index; 2],
    },
}

impl Breach {
    /// What was found breaks this invariant.
    #[must_use]
    pub const fn invariant(&self) -> Invariant {
        match self {
            Self::TwoLeaders(_) => Invariant::ElectionSafety,
            Self::LeaderLogChanged { .. } => Invariant::LeaderAppendOnly,
            Self::LogsDiffer(_) => Invariant::LogMatching,
            Self::LeaderLacks { .. } => Invariant::LeaderCompleteness,
            Self::CommitsDiffer { .. } | Self::MachinesDiffer(_) | Self::UnknownState(_) => {
                Invariant::StateMachineSafety
            }
            Self::TermWentBack(_) => Invariant::TermMonotone,
            Self::VotedTwice(..) => Invariant::OneVoteATerm,
            Self::CommitWentBack(_) => Invariant::CommitMonotone,
            Self::AppliedOutOfOrder { .. } => Invariant::AppliedInOrder,
            Self::StaleRead { .. } => Invariant::LinearizableRead,
            Self::ExecutedTwice { .. } => Invariant::ExactlyOnce,
        }
    }
}

impl Violation {
    /// Which invariant does not hold.
    #[must_use]
    pub const fn invariant(&self) -> Invariant {
        self.breach.invariant()
    }
}

/// A server was the first that held an entry committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FirstCommit {
    /// Which server.
    pub by: NodeId,
    /// Its term: the leaders that must have the entry are those of later terms.
    pub term: Term,
    /// The event in which it came to hold it committed.
    pub event: u64,
}

impl Invariant {
    /// Every invariant.
    pub const ALL: [Self; 11] = [
        Self::ElectionSafety,
        Self::LeaderAppendOnly,
        Self::LogMatching,
        Self::LeaderCompleteness,
        Self::StateMachineSafety,
        Self::TermMonotone,
        Self::OneVoteATerm,
        Self::CommitMonotone,
        Self::AppliedInOrder,
        Self::LinearizableRead,
        Self::ExactlyOnce,
    ];

    /// Its word in a playbook.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::ElectionSafety => "election-safety",
            Self::LeaderAppendOnly => "leader-append-only",
            Self::LogMatching => "log-matching",
            Self::LeaderCompleteness => "leader-completeness",
            Self::StateMachineSafety => "state-machine-safety",
            Self::TermMonotone => "term-monotone",
            Self::OneVoteATerm => "one-vote-a-term",
            Self::CommitMonotone => "commit-monotone",
            Self::AppliedInOrder => "applied-in-order",
            Self::LinearizableRead => "linearizable-read",
            Self::ExactlyOnce => "exactly-once",
        }
    }
}
