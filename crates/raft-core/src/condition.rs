//! What a clause compares: nearly every clause of Figure 2 is a comparison of two values that the
//! paper names, such as `term < currentTerm`.
//!
//! A node decides by such a comparison, made by [`less`] and its like, and tells its
//! [`Conduct`](crate::Conduct) of the same one as a [`Condition`]: what is told is the decision, and
//! not an account of it. Where nobody listens, all of this is a comparison of two numbers.

use alloc::format;
use alloc::string::String;
use core::fmt;

use crate::log::{LogEnd, TermAt};
use crate::message::Round;
use crate::types::{Index, NodeId, Term, Ticks};

/// A comparison of two named values, as one clause makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Condition {
    /// What is compared.
    pub left: Operand,
    /// How.
    pub relation: Relation,
    /// With what.
    pub right: Operand,
}

/// One side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operand {
    /// What it is called.
    pub field: Field,
    /// What it was when it was compared.
    pub value: Value,
}

/// How two values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// `<`
    Less,
    /// `≤`
    AtMost,
    /// `=`
    Equal,
    /// `≠`
    Differs,
    /// `≥`
    AtLeast,
    /// `>`
    More,
    /// Neither null nor equal, as `votedFor` is where another candidate has the vote.
    IsOther,
}

/// A value that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A number of servers, entries or bytes.
    Count(u64),
    /// A term.
    Term(Term),
    /// The term of an entry that the snapshot has replaced.
    Compacted,
    /// The term of an entry that is not there.
    Missing,
    /// An index of the log.
    Index(Index),
    /// The end of a log; the term counts first (§5.4.1).
    LogEnd(LogEnd),
    /// A server.
    Server(NodeId),
    /// No server: null.
    Nobody,
    /// A round of heartbeats (§6.4 of the dissertation).
    Round(Round),
    /// A span of time.
    Ticks(Ticks),
}

impl Condition {
    /// Whether it holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.relation.holds(self.left.value, self.right.value)
    }
}

impl Relation {
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "the relation is known where it is asked for, and one comparison remains"
    )]
    fn holds<T: Ord + Comparable>(self, left: T, right: T) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::Differs => left != right,
            Self::AtLeast => left >= right,
            Self::More => left > right,
            Self::IsOther => !left.is_null() && left != right,
        }
    }
}

/// As it is written between the two.
impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Less => "<",
            Self::AtMost => "≤",
            Self::Equal => "=",
            Self::Differs => "≠",
            Self::AtLeast => "≥",
            Self::More => ">",
            Self::IsOther => "∉",
        })
    }
}

/// A comparison that has not forgotten the type of what it compares.
#[derive(Clone, Copy)]
pub(crate) struct Compared<T> {
    left: (Field, T),
    relation: Relation,
    right: (Field, T),
}

impl<T: Comparable> Compared<T> {
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `Relation::holds`")]
    pub(crate) fn holds(self) -> bool {
        self.relation.holds(self.left.1, self.right.1)
    }

    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "where nobody listens, nothing of it is made"
    )]
    pub(crate) fn told(self) -> Condition {
        let operand = |(field, value): (Field, T)| Operand {
            field,
            value: value.into(),
        };
        Condition {
            left: operand(self.left),
            relation: self.relation,
            right: operand(self.right),
        }
    }
}

macro_rules! comparisons {
    ($($name:ident $relation:ident $doc:literal)*) => {
        $(
            #[doc = $doc]
            #[inline]
            pub(crate) const fn $name<T: Comparable>(left: (Field, T), right: (Field, T)) -> Compared<T> {
                Compared { left, relation: Relation::$relation, right }
            }
        )*
    };
}

comparisons! {
    less Less "`left < right`"
    at_most AtMost "`left ≤ right`"
    equal Equal "`left = right`"
    differ Differs "`left ≠ right`"
    at_least AtLeast "`left ≥ right`"
    more More "`left > right`"
    is_other IsOther "`left` is neither null nor `right`"
}

/// `field` is true.
#[inline]
pub(crate) const fn is_true(field: Field, value: bool) -> Compared<bool> {
    equal((field, value), (Field::Constant, true))
}

/// What a clause can compare.
pub(crate) trait Comparable: Ord + Copy + Into<Value> {
    /// Whether it is no server.
    fn is_null(self) -> bool {
        false
    }
}

impl Comparable for Value {
    fn is_null(self) -> bool {
        self == Self::Nobody
    }
}

impl Comparable for Option<NodeId> {
    fn is_null(self) -> bool {
        self.is_none()
    }
}

impl From<Option<NodeId>> for Value {
    fn from(server: Option<NodeId>) -> Self {
        server.map_or(Self::Nobody, Self::Server)
    }
}

impl Comparable for TermAt {}

impl From<TermAt> for Value {
    fn from(term: TermAt) -> Self {
        match term {
            TermAt::Known(term) => Self::Term(term),
            TermAt::Compacted => Self::Compacted,
            TermAt::Missing => Self::Missing,
        }
    }
}

impl Comparable for usize {}

impl From<usize> for Value {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

macro_rules! values {
    ($($type:ident $variant:ident)*) => {
        $(
            impl Comparable for $type {}

            impl From<$type> for Value {
                fn from(value: $type) -> Self {
                    Self::$variant(value)
                }
            }
        )*
    };
}

values! {
    bool Bool
    u64 Count
    Term Term
    Index Index
    LogEnd LogEnd
    Round Round
    Ticks Ticks
}

macro_rules! fields {
    (
        { $($name:ident $en:literal $zh:literal $doc:literal;)* }
        { $($one:ident($of:ty) $one_en:literal $one_zh:literal $one_doc:literal;)* }
    ) => {
        /// What a clause compares, by the name that the paper or the dissertation has for it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Field {
            $(#[doc = $doc] $name,)*
            $(#[doc = $one_doc] $one($of),)*
        }

        impl Field {
            /// Its name in English; those of the paper are as in the paper.
            #[must_use]
            pub fn english(self) -> String {
                match self {
                    $(Self::$name => $en.into(),)*
                    $(Self::$one(which) => format!($one_en, which),)*
                }
            }

            /// Its name in Chinese; those of the paper are as in the paper.
            #[must_use]
            pub fn chinese(self) -> String {
                match self {
                    $(Self::$name => $zh.into(),)*
                    $(Self::$one(which) => format!($one_zh, which),)*
                }
            }
        }
    };
}

fields! { {
    Constant "" "" "Nothing but its value.";
    Term "term" "term" "`term`, of the message.";
    RequestTerm "term of the request" "请求的 term" "The term that the request was sent in.";
    CurrentTerm "currentTerm" "currentTerm" "`currentTerm`";
    VotedFor "votedFor" "votedFor" "`votedFor`";
    CandidateId "candidateId" "candidateId" "`candidateId`";
    CandidateLog "candidate's last entry" "候选人的最后一条" "`lastLogTerm` and `lastLogIndex`, of the candidate.";
    OwnLog "own last entry" "自己的最后一条" "The term and the index of the own last entry.";
    Votes "votes" "票数" "The votes that were granted.";
    Majority "majority" "多数派" "As many as are a majority.";
    IsCandidate "is a candidate" "是候选人" "Whether this server is a candidate, or asks whether it should be one.";
    IsLeader "is leader" "是领导者" "Whether this server leads.";
    IsNoLeader "is no longer leader" "已不是领导者" "Whether this server does not lead.";
    PrevLogIndex "prevLogIndex" "prevLogIndex" "`prevLogIndex`";
    PrevLogTerm "prevLogTerm" "prevLogTerm" "`prevLogTerm`";
    LastLogIndex "lastLogIndex" "lastLogIndex" "The index of the last entry of the own log.";
    EntriesKnown "entries known" "已有的条目" "How many of the new entries the log has already.";
    EntriesSent "entries sent" "发来的条目" "How many entries there are in the message.";
    NewCommitIndex "min(leaderCommit, last new entry)" "min(leaderCommit, 最后一条新条目)" "min(`leaderCommit`, index of last new entry)";
    CommitIndex "commitIndex" "commitIndex" "`commitIndex`";
    LastApplied "lastApplied" "lastApplied" "`lastApplied`";
    N "N that a majority stores" "多数派存有的 N" "N, the highest index that a majority stores.";
    InFlightMax "limit" "上限" "How many may be.";
    StoredIndex "prevLogIndex + entries" "prevLogIndex + 条目数" "The index up to which a success says that entries are stored.";
    IsOvertaken "overtaken" "已被后来的答复超过" "Whether a refusal was overtaken by an answer to something later.";
    IsDoubtful "contradicts matchIndex" "与 matchIndex 矛盾" "Whether a refusal contradicts what the follower is known to store.";
    MayBeOvertaken "perhaps overtaken" "可能已被超过" "Whether what a refusal lacks may have been under way when it was given.";
    LastIncludedIndex "lastIncludedIndex" "lastIncludedIndex" "`lastIncludedIndex`";
    LastIncludedTerm "lastIncludedTerm" "lastIncludedTerm" "`lastIncludedTerm`";
    Offset "offset" "offset" "`offset`";
    BytesStored "bytes stored" "已存字节" "How many bytes of the snapshot are there.";
    BytesMax "limit in bytes" "字节上限" "How many bytes a snapshot may have.";
    Done "done" "done" "`done`";
    HearsLeader "hears a leader" "听得到领导者" "Whether a leader has been heard from within the shortest election timeout.";
    NoMajorityAnswered "no majority answered" "没有多数派答复" "Whether no majority has answered since the last look.";
    Transferring "transfer under way" "正在转移" "Whether a transfer of leadership is under way.";
    Lease "lease" "租约" "What is left of the lease.";
    ReadIndex "readIndex" "readIndex" "`readIndex`";
    ReadRound "round of the read" "读所在的轮次" "The round that a read waits for.";
    ConfirmedRound "confirmed round" "已确认的轮次" "The last round that a majority has answered.";
    Round "round of the reply" "答复所属的轮次" "The round that a message belongs to.";
    JoinedRound "round in which it was added" "它被加入时的轮次" "The first round of a follower's membership.";
    ConfigurationIndex "configuration's index" "配置的 index" "The index of the latest configuration.";
    IsJoint "joint" "联合配置" "Whether the own configuration is joint (§6).";
    CatchUpIndex "lastLogIndex when it joined" "加入时的 lastLogIndex" "The last index when a follower joined.";
} {
    LogTerm(Index) "log[{}].term" "log[{}].term" "The term of the entry that the own log has there.";
    NewTerm(Index) "entries[{}].term" "entries[{}].term" "The term of the new entry that belongs there.";
    NextIndex(NodeId) "nextIndex[{}]" "nextIndex[{}]" "`nextIndex` of a follower.";
    MatchIndex(NodeId) "matchIndex[{}]" "matchIndex[{}]" "`matchIndex` of a follower.";
    InFlight(NodeId) "in flight to {}" "发往 {} 的在途消息数" "How many messages with entries are under way to a follower.";
    HasTerm(Term) "has entries of term {}" "有任期 {} 的条目" "Whether the own log has an entry of that term: XTerm.";
    NearlyCaughtUp(NodeId) "matchIndex[{}] + one message" "matchIndex[{}] + 一条消息" "The last index that one AppendEntries could bring a follower to.";
    HasNoVote(NodeId) "{} is not a voter" "{} 没有投票权" "Whether a server is no voter of the own configuration.";
    IsNoMember(NodeId) "{} is not a member" "{} 不是成员" "Whether a server is no member of the own configuration.";
} }
