//! What must hold in every world: the five properties of Figure 3, what each
//! server owes on its own, and what a client may rely on.

use std::fmt;

use raft_core::{Index, NodeId, Term};

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
    /// Which one.
    pub invariant: Invariant,
    /// The event after which it did not hold.
    pub event: u64,
    /// Between which servers.
    pub servers: Vec<NodeId>,
    /// At which index, where it is about one.
    pub index: Index,
    /// What was found, the first value and the second.
    pub found: [String; 2],
    /// Which commit at that index came first, if there was one.
    pub committed: Option<FirstCommit>,
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

    /// Its name in the paper, in English.
    #[must_use]
    pub const fn english(self) -> &'static str {
        match self {
            Self::ElectionSafety => "Election Safety",
            Self::LeaderAppendOnly => "Leader Append-Only",
            Self::LogMatching => "Log Matching",
            Self::LeaderCompleteness => "Leader Completeness",
            Self::StateMachineSafety => "State Machine Safety",
            Self::TermMonotone => "Term never decreases",
            Self::OneVoteATerm => "One vote per term",
            Self::CommitMonotone => "Commit index never decreases",
            Self::AppliedInOrder => "Applied in order",
            Self::LinearizableRead => "Linearizable read",
            Self::ExactlyOnce => "Exactly once",
        }
    }

    /// Its name in Chinese.
    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::ElectionSafety => "选举安全性",
            Self::LeaderAppendOnly => "领导者只附加",
            Self::LogMatching => "日志匹配",
            Self::LeaderCompleteness => "领导者完整性",
            Self::StateMachineSafety => "状态机安全性",
            Self::TermMonotone => "任期不后退",
            Self::OneVoteATerm => "每任期一票",
            Self::CommitMonotone => "提交索引不后退",
            Self::AppliedInOrder => "按顺序应用",
            Self::LinearizableRead => "线性一致读",
            Self::ExactlyOnce => "恰好一次",
        }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.english())
    }
}
