//! Where a rule stands: the boxes of the paper's Figures 2 and 13, and the chapters of the
//! dissertation that go beyond them.

use crate::rule::Rule;

/// A box of Figure 2 or 13, or a chapter beyond them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Part {
    /// RequestVote RPC, at its receiver (Figure 2).
    RequestVote,
    /// AppendEntries RPC, at its receiver (Figure 2).
    AppendEntries,
    /// Rules for all servers (Figure 2).
    AllServers,
    /// Rules for followers (Figure 2).
    Followers,
    /// Rules for candidates (Figure 2).
    Candidates,
    /// Rules for leaders (Figure 2).
    Leaders,
    /// InstallSnapshot RPC, at its receiver (Figure 13).
    InstallSnapshot,
    /// Taking and sending snapshots (§7).
    Snapshots,
    /// Asking before an election (§9.6 of the dissertation).
    PreVote,
    /// Handing leadership over (§3.10 of the dissertation).
    Transfer,
    /// Reads without an entry (§6.4 of the dissertation).
    Reads,
    /// Changing who takes part (§6, and chapter 4 of the dissertation).
    Membership,
}

impl Part {
    /// All of them, those of Figure 2 first.
    pub const ALL: [Self; 12] = [
        Self::RequestVote,
        Self::AppendEntries,
        Self::AllServers,
        Self::Followers,
        Self::Candidates,
        Self::Leaders,
        Self::InstallSnapshot,
        Self::Snapshots,
        Self::PreVote,
        Self::Transfer,
        Self::Reads,
        Self::Membership,
    ];
}

macro_rules! parts {
    ($($part:ident: $($rule:ident)*;)*) => {
        impl Rule {
            /// Where it stands.
            #[must_use]
            pub const fn part(self) -> Part {
                match self {
                    $($(Self::$rule)|* => Part::$part,)*
                }
            }
        }
    };
}

parts! {
    RequestVote: StickToLeader VoteStaleTerm OneVote UpToDate GrantVote;
    AppendEntries: AppendStaleTerm ConsistencyCheck DeleteConflict KeepWithoutConflict AppendNew
        FollowerCommit;
    AllServers: ApplyCommitted HigherTerm PersistFirst HeardWhileWriting OldReply AnswerAnybody
        IgnoreNonsense Redirect;
    Followers: FollowerTimeout RandomTimeout ResetOnLeader ResetOnGrant ResetOnce;
    Candidates: StartElection RetryVote CountVote WinElection YieldToLeader CandidateTimeout
        ResetOnElection;
    Leaders: Heartbeat NoOp AppendCommand BoundUncommitted InitProgress SendEntries WaitForAnswer
        Pipeline MatchFromSent BackToConflictTerm BackToConflictIndex BackToLength StaleRefusal
        CommitMajority CommitOwnTermOnly CheckQuorum;
    InstallSnapshot: InstallStaleTerm ChunkInPlace AwaitAllChunks ResumeSnapshot KeepNewerState
        RetainSuffix DiscardLog LoadSnapshot;
    Snapshots: SendSnapshot Compact SnapshotConfiguration FinishSnapshot;
    PreVote: PreVoteFirst PreVoteGrant;
    Transfer: TransferCatchUp TransferHold TimeoutNow TransferAbort;
    Reads: ReadOwnTerm ReadConfirm ReadApplied LeaseRead;
    Membership: LatestConfiguration RollBackConfiguration OneChange ChangeInOwnTerm JointConsensus
        BothMajorities LeaveJoint VotersOnly CatchUpFirst OnlyVotersStartElections RemovedLeader
        JoinAnew;
}
