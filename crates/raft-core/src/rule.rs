//! The clauses of the algorithm, by name.
//!
//! Each decision in this crate names the [`Rule`] that it follows to a
//! [`Conduct`], which may also ablate rules: what a server then does in
//! their place, [`Rule::when_ablated`] says. The default conduct, [`Faithful`], is
//! a zero-sized type that keeps every rule and listens to none, so that
//! naming them costs nothing. The ids follow Figure 2 of the paper: `RV` and
//! `AE` for the receivers of the two RPCs, `A`, `F`, `C` and `L` for all
//! servers, followers, candidates and leaders, and `IS` for Figure 13.

use core::fmt::Debug;
use core::hash::Hash;

use crate::condition::{Comparable, Compared, Condition};
use crate::section::{Document, Section};

/// What a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum RuleKind {
    /// Without it, something wrong can happen.
    Safety,
    /// Without it, something right may never happen.
    Liveness,
    /// Without it, the right thing takes longer.
    Efficiency,
}

/// How a server keeps to the rules: who is told of each decision, and which
/// rules are ablated.
pub trait Conduct: Clone + Eq + Hash + Debug {
    /// The node has just acted as `rule` says.
    fn note(&mut self, rule: Rule) {
        let _ = rule;
    }

    /// The node has looked whether `condition` holds, on which depends whether it acts as `rule`
    /// says; it `holds`, or it does not. If the node then acts, [`Conduct::note`] follows.
    fn weigh(&mut self, rule: Rule, condition: Condition, holds: bool) {
        let _ = (rule, condition, holds);
    }

    /// Whether the node keeps to `rule`, which it does unless the rule is ablated. The answer may
    /// not change while the node lives.
    fn keeps(&self, rule: Rule) -> bool {
        let _ = rule;
        true
    }
}

/// What a node asks at each decision, and tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Rules<K> {
    pub(crate) conduct: K,
}

impl<K: Conduct> Rules<K> {
    /// Whether the node follows `rule` here and now; if so, the conduct is told.
    #[inline]
    pub(crate) fn follows(&mut self, rule: Rule) -> bool {
        let keeps = self.keeps(rule);
        if keeps {
            self.conduct.note(rule);
        }
        keeps
    }

    /// Whether the condition of `rule` holds; the conduct is told what was compared.
    #[inline]
    pub(crate) fn weighs<T: Comparable>(&mut self, rule: Rule, compared: Compared<T>) -> bool {
        let holds = compared.holds();
        debug_assert_eq!(
            compared.told().holds(),
            holds,
            "what is told is what was decided"
        );
        self.conduct.weigh(rule, compared.told(), holds);
        holds
    }

    /// Whether the condition of `rule` holds and the node follows it here and now.
    #[inline]
    pub(crate) fn follows_if<T: Comparable>(&mut self, rule: Rule, compared: Compared<T>) -> bool {
        self.weighs(rule, compared) && self.follows(rule)
    }

    /// Whether the node keeps to `rule` at all. Nobody is told.
    #[inline]
    pub(crate) fn keeps(&self, rule: Rule) -> bool {
        self.conduct.keeps(rule)
    }
}

/// The default conduct: every rule is kept, and nobody is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Faithful;

impl Conduct for Faithful {}

macro_rules! rules {
    ($($name:ident $id:literal $document:ident $number:literal $kind:ident
        $en:literal
        $zh:literal
        ablated $ablated:literal;)*) => {
        /// A clause of the algorithm.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        pub enum Rule {
            $(#[doc = $en] $name,)*
        }

        impl Rule {
            /// Every rule, in the order of the paper's figures.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its stable name, as people write it.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// Where it is stated.
            #[must_use]
            pub const fn section(self) -> Section {
                match self {
                    $(Self::$name => Section { document: Document::$document, number: $number },)*
                }
            }

            /// What it is for.
            #[must_use]
            pub const fn kind(self) -> RuleKind {
                match self { $(Self::$name => RuleKind::$kind,)* }
            }

            /// The rule in English.
            #[must_use]
            pub const fn english(self) -> &'static str {
                match self { $(Self::$name => $en,)* }
            }

            /// The rule in Chinese.
            #[must_use]
            pub const fn chinese(self) -> &'static str {
                match self { $(Self::$name => $zh,)* }
            }

            /// What a server does for which this rule is ablated.
            #[must_use]
            pub const fn when_ablated(self) -> &'static str {
                match self { $(Self::$name => $ablated,)* }
            }

            /// The rule of this stable name.
            #[must_use]
            pub fn named(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|rule| rule.id() == id)
            }
        }
    };
}

rules! {
    ApplyCommitted "A1" Paper "§5.3" Safety
        "If commitIndex > lastApplied, apply the next entries to the state machine, in order."
        "若 commitIndex > lastApplied，按顺序把后续条目应用到状态机。"
        ablated "whatever is in the log is applied, committed or not";
    HigherTerm "A2" Paper "§5.1" Safety
        "A message of a higher term: adopt that term and become a follower first, then deal with the message."
        "收到更高任期的消息：先采用该任期并转为跟随者，再处理这条消息。"
        ablated "the higher term is adopted, but a leader stays leader and a candidate stays candidate";
    PersistFirst "P1" Paper "§5, Fig. 2" Safety
        "Term, vote and log are on stable storage before any message that depends on them is sent."
        "任期、选票和日志写入稳定存储之后，才发送依赖它们的消息。"
        ablated "messages are sent before what they depend on is written";
    HeardWhileWriting "P1-heard" Dissertation "§6.2, §6.4" Liveness
        "While a reply waits for the disk, a leader that sends again is told that it was heard."
        "答复还在等待磁盘时，领导者再问，就先告诉它：已经听到。"
        ablated "a leader mistakes a server with a slow disk for one that is down";
    FollowerTimeout "F2" Paper "§5.2" Liveness
        "The election timeout passes without a message from the leader and without granting a vote: become a candidate."
        "选举超时内既未收到领导者的消息也未投出选票：转为候选人。"
        ablated "a follower waits forever";
    StartElection "C1" Paper "§5.2" Safety
        "Start an election: raise the term, vote for yourself, reset the timer, ask all others for their votes."
        "发起选举：任期加一，投票给自己，重置计时器，向其他所有服务器请求投票。"
        ablated "the term stays as it is: the server asks for votes in the term it is in";
    RetryVote "C1-retry" Paper "§5.5" Liveness
        "Send RequestVote again to servers that have not replied."
        "向尚未答复的服务器重新请求投票。"
        ablated "a lost RequestVote is never sent again";
    CountVote "C2-vote" Paper "§5.2" Safety
        "Count one vote per server, and only votes granted in this term."
        "每台服务器只计一票，只计已授予的、属于本任期的选票。"
        ablated "every reply counts as a vote, even a refusal";
    WinElection "C2" Paper "§5.2" Safety
        "Votes received from a majority: become leader."
        "获得多数派的选票：成为领导者。"
        ablated "the first vote is enough, which is the candidate's own";
    YieldToLeader "C3" Paper "§5.2" Liveness
        "A candidate receives AppendEntries from the leader of its term: become a follower."
        "收到同任期领导者的 AppendEntries：候选人转为跟随者。"
        ablated "a candidate appends the entries but remains a candidate";
    CandidateTimeout "C4" Paper "§5.2" Liveness
        "The election timeout passes without a winner: start a new election."
        "选举超时而无人胜出：重新发起选举。"
        ablated "a candidate waits forever";
    RandomTimeout "T0" Paper "§5.2" Liveness
        "Election timeouts are random, so that split votes are rare and soon resolved."
        "选举超时随机抽取，使选票瓜分很少发生并能很快化解。"
        ablated "every election timeout is the minimum";
    ResetOnLeader "T1" Paper "§5.2" Liveness
        "Reset the election timer on a message from the current leader."
        "重置选举计时器：收到了当前领导者的消息。"
        ablated "the election timer is not reset";
    ResetOnElection "T2" Paper "§5.2" Liveness
        "Reset the election timer on starting an election."
        "重置选举计时器：发起了选举。"
        ablated "a candidate waits as long as before, so two candidates that split the vote may split it again";
    ResetOnGrant "T3" Paper "§5.2" Liveness
        "Reset the election timer on granting a vote."
        "重置选举计时器：投出了选票。"
        ablated "the election timer is not reset";
    ResetOnce "T3-once" Paper "§5.2" Liveness
        "Do not reset the timer when a vote is granted again: a candidate that receives no replies keeps asking."
        "重复投出已投的选票不重置计时器：收不到答复的候选人会一再请求。"
        ablated "each repeated request for the same vote resets the timer";
    VoteStaleTerm "RV1" Paper "§5.1" Liveness
        "Refuse the vote if the candidate's term is older."
        "候选人的任期已过期：拒绝投票。"
        ablated "a candidate of an older term is treated like any other";
    GrantVote "RV2" Paper "§5.2, §5.4" Liveness
        "Grant the vote if it went to no other candidate in this term and the candidate's log is at least as up-to-date."
        "投出选票：本任期未投给别人，且候选人的日志至少一样新。"
        ablated "no vote is ever granted";
    OneVote "RV2-vote" Paper "§5.2" Safety
        "Refuse the vote if it went to another candidate in this term: first come, first served."
        "拒绝：本任期的选票已按先来先得投给别人。"
        ablated "a second candidate in the same term gets the vote as well";
    UpToDate "RV2-log" Paper "§5.4.1" Safety
        "Refuse the vote if the candidate's log is less up-to-date: the later last term wins, then the longer log."
        "拒绝：候选人的日志不够新；先比最后条目的任期，再比日志长度。"
        ablated "the vote is granted whatever the candidate's log contains";
    AppendStaleTerm "AE1" Paper "§5.1" Safety
        "Refuse AppendEntries if the leader's term is older."
        "领导者的任期已过期：拒绝追加。"
        ablated "entries from a deposed leader are appended like any others";
    ConsistencyCheck "AE2" Paper "§5.3" Safety
        "Refuse AppendEntries, heartbeats included, if the log has no entry at prevLogIndex with term prevLogTerm."
        "日志在 prevLogIndex 处没有任期为 prevLogTerm 的条目：拒绝；心跳同样要检查。"
        ablated "the entry at prevLogIndex is not checked";
    DeleteConflict "AE3" Paper "§5.3" Safety
        "If an entry conflicts with a new one (same index, different terms), delete it and all that follow it."
        "已有条目与新条目冲突（索引相同、任期不同）：删除它及其后的全部条目。"
        ablated "an entry that conflicts with a new one is kept";
    KeepWithoutConflict "AE3-keep" Paper "§5.3" Safety
        "Without a conflict, keep the entries that follow: an old AppendEntries must not shorten the log."
        "没有冲突：保留其后的条目，过期的 AppendEntries 不得截短日志。"
        ablated "the log is truncated after prevLogIndex before the entries are appended";
    AppendNew "AE4" Paper "§5.3" Safety
        "Append any new entries not already in the log."
        "追加日志中尚没有的条目。"
        ablated "new entries are acknowledged but not stored";
    FollowerCommit "AE5" Paper "§5.3" Safety
        "If leaderCommit > commitIndex, set commitIndex to leaderCommit, but no further than the last entry sent."
        "若 leaderCommit > commitIndex，提交到 leaderCommit，但不超过所发来的最后一个条目。"
        ablated "commitIndex follows leaderCommit to the end of the server's own log";
    Heartbeat "L1" Paper "§5.2" Liveness
        "Send AppendEntries to every server upon election and at each heartbeat interval, to prevent elections."
        "当选后立即、其后每个间隔向所有服务器发送 AppendEntries，以阻止新的选举。"
        ablated "a leader with nothing new to send stays silent";
    AppendCommand "L2" Paper "§5.3" Liveness
        "On a command from a client, append it to the log, and respond once it is applied."
        "收到客户端指令：追加到自己的日志，应用之后才答复。"
        ablated "a command is acknowledged but not appended";
    Redirect "L2-redirect" Paper "§8" Liveness
        "A server that is not the leader tells the client who is."
        "自己不是领导者：告诉客户端谁是领导者。"
        ablated "the client is not told who leads";
    InitProgress "L3-init" Paper "§5.3" Efficiency
        "On election, set every nextIndex to the last log index plus one, and every matchIndex to 0."
        "当选时，所有 nextIndex 设为最后索引加一，所有 matchIndex 设为 0。"
        ablated "a new leader starts every follower's log over: nextIndex is 1";
    SendEntries "L3" Paper "§5.3" Liveness
        "If the last log index ≥ nextIndex, send the entries from nextIndex on, and retry until they are stored."
        "最后索引 ≥ nextIndex：发送从 nextIndex 起的条目，直到对方存下。"
        ablated "a leader sends only heartbeats";
    WaitForAnswer "L3-wait" Paper "§5.3" Efficiency
        "While entries are in flight to a server, hold new ones back until it replies."
        "已有条目在途：把新条目攒起来，等对方答复后再发。"
        ablated "every new command is sent at once, together with all unacknowledged ones";
    Pipeline "L3-pipe" Dissertation "§10.2.2" Efficiency
        "While the logs match, send new entries before earlier ones are acknowledged, up to a limit."
        "日志一致时，不等前面的答复就发送新条目，数量有上限。"
        ablated "one message with entries is in flight at a time";
    MatchFromSent "L3a" Paper "§5.3" Safety
        "On success, matchIndex becomes the last index sent and never decreases; nextIndex follows it."
        "成功：matchIndex 取自所发送的最后索引且不后退，nextIndex 随之更新。"
        ablated "matchIndex is the leader's last log index when the reply arrives";
    BackToConflictTerm "L3b-term" Paper "§5.3" Efficiency
        "On a refusal, if the leader's log has XTerm, nextIndex is one past its last entry of XTerm."
        "被拒绝，且自己有 XTerm：nextIndex 为自己 XTerm 最后条目的下一个。"
        ablated "nextIndex decreases by one";
    BackToConflictIndex "L3b-index" Paper "§5.3" Efficiency
        "On a refusal, if the leader's log lacks XTerm, nextIndex is XIndex."
        "被拒绝，且自己没有 XTerm：nextIndex 为 XIndex。"
        ablated "nextIndex decreases by one";
    BackToLength "L3b-len" Paper "§5.3" Efficiency
        "On a refusal because the follower's log is too short, nextIndex is XLen: how many entries that log has, counting the entry 0 that every log begins with."
        "被拒绝，因为对方日志太短：nextIndex 为 XLen，即对方日志的条目数，连同每个日志开头的 0 号条目。"
        ablated "nextIndex decreases by one";
    CommitMajority "L4" Paper "§5.3, §5.4" Safety
        "Once a majority stores entries up to an index N > commitIndex, and the one at N is of the current term, commit it and all entries before it."
        "多数派存有直到索引 N 的条目，N > commitIndex，且 N 处的条目属于本任期：提交它以及它之前的所有条目。"
        ablated "whatever the leader itself has stored is committed";
    CommitOwnTermOnly "L4-term" Paper "§5.4.2" Safety
        "The entry at the highest index N that a majority stores is of an earlier term: it is not committed by counting replicas."
        "多数派存有的最高索引 N 处的条目属于更早的任期：不能靠计数来提交。"
        ablated "an entry of an earlier term is committed by counting replicas";
    OldReply "O1" Paper "§5.1" Safety
        "Drop replies, and TimeoutNow, from an earlier term."
        "丢弃属于早先任期的答复或参选要求。"
        ablated "a reply to an earlier term's request is taken for one of the current term";
    StaleRefusal "O2" Paper "§5.3" Efficiency
        "Drop a refusal that may be out of date: of an earlier attempt, older than the reply that raised matchIndex, or asking for a snapshot in place of entries in flight."
        "丢弃可能已过时的拒绝：针对较早一轮尝试的、可能早于推高 matchIndex 的接受的，或所缺条目仍在途、却会引发快照的。"
        ablated "an old refusal decreases nextIndex once more";
    InstallStaleTerm "IS1" Paper "§7" Liveness
        "Refuse a snapshot if the leader's term is older."
        "领导者的任期已过期：拒绝快照。"
        ablated "a snapshot from a deposed leader is installed";
    KeepNewerState "IS5" Paper "§7" Safety
        "If everything in the snapshot is already committed here, keep the server's own state."
        "快照不含本机尚未提交的内容：保留自己的状态。"
        ablated "an older snapshot replaces newer state";
    RetainSuffix "IS6" Paper "§7" Safety
        "If the log has the snapshot's last entry, retain the entries that follow it."
        "日志含有快照的最后条目：保留其后的条目。"
        ablated "the entries after the snapshot are discarded";
    DiscardLog "IS7" Paper "§7" Safety
        "If the log lacks the snapshot's last entry, discard the entire log."
        "日志没有快照的最后条目：丢弃整个日志。"
        ablated "the log after the snapshot is kept although it does not match";
    LoadSnapshot "IS8" Paper "§7" Safety
        "Reset the state machine using the snapshot's contents."
        "用快照重置状态机。"
        ablated "the log starts after the snapshot, but the state machine never receives it";
    SendSnapshot "IS-send" Paper "§7" Liveness
        "If the next entry to send has been compacted away, send the snapshot instead."
        "要发送的下一个条目已被压缩：改为发送快照。"
        ablated "nothing is sent to a follower that needs entries that have been compacted away";
    Compact "SN" Paper "§7" Efficiency
        "A snapshot replaces applied entries."
        "用快照代替已应用的条目。"
        ablated "the log keeps every entry";
    AnswerAnybody "M1" Dissertation "§4.1" Liveness
        "Respond to requests from any server, and grant votes even as a non-voter: the configuration here may be out of date."
        "无论谁来请求都答复；即使按自己的配置没有投票权也投票：自己的配置可能已落后。"
        ablated "requests from servers outside the current configuration are ignored";
    IgnoreNonsense "M2" Paper "§5.3" Safety
        "Ignore messages that no correct server sends, such as a reply that acknowledges more than was sent."
        "忽略正确的服务器不会发出的消息，例如声称的内容多于所发送的答复。"
        ablated "messages that no correct server sends are believed";
    PreVoteFirst "PV1" Dissertation "§9.6" Liveness
        "Before raising the term, ask whether a majority would grant its vote; start an election only if so."
        "提高任期之前先询问多数派是否会投票；会才参选。"
        ablated "an election starts right away, even on a server that no other can hear";
    PreVoteGrant "PV2" Dissertation "§9.6" Liveness
        "Grant a pre-vote only if the candidate's log is at least as up-to-date and no leader is heard from; it is not binding."
        "只有对方日志至少一样新、且未收到领导者消息时才同意预投票；同意没有约束力。"
        ablated "every pre-vote is granted";
    CheckQuorum "L5" Dissertation "§6.2" Liveness
        "A leader that has had no replies from a majority for an election timeout steps down."
        "领导者在一个选举超时内没有得到多数派答复：退位。"
        ablated "a leader that is cut off keeps leading, and its clients wait";
    StickToLeader "RV0" Dissertation "§4.2.3" Liveness
        "Ignore candidates of any term within the minimum election timeout of hearing from a leader, or of a restart."
        "在最短选举超时之内刚收到过领导者消息或刚重启：忽略候选人，无论其任期。"
        ablated "a server that cannot be elected raises everyone's term";
    TransferCatchUp "TL1" Dissertation "§3.10" Liveness
        "Bring the successor's log up to date, then send it TimeoutNow."
        "先让接任者的日志跟上，再让它立即参选。"
        ablated "TimeoutNow is sent whatever the successor's log contains";
    TransferHold "TL2" Dissertation "§3.10" Liveness
        "Accept no commands during a leadership transfer."
        "移交领导权期间不接收新指令。"
        ablated "commands keep coming in, so that the successor never catches up";
    TimeoutNow "TL3" Dissertation "§3.10" Liveness
        "On TimeoutNow, start an election at once."
        "领导者让自己参选：立即发起选举。"
        ablated "the successor waits for its own election timeout";
    TransferAbort "TL4" Dissertation "§3.10" Liveness
        "If the successor has not taken over within an election timeout, accept commands again."
        "接任者在一个选举超时内没有接任：恢复接收指令。"
        ablated "the leader waits for its successor forever";
    ReadOwnTerm "RD1" Dissertation "§6.4" Safety
        "Answer no reads before an entry of the current term is committed: until then commitIndex may be out of date."
        "本任期尚无已提交条目时不答复读请求：此前 commitIndex 可能落后。"
        ablated "a new leader reads at whatever commitIndex it knows";
    ReadConfirm "RD2" Dissertation "§6.4" Safety
        "Answer a read once a majority has replied to a message sent after it arrived, so this server still led then."
        "读请求之后发出的消息得到多数派答复后才答复：说明请求到来时没有别的领导者。"
        ablated "a deposed leader answers reads from an outdated state";
    ReadApplied "RD3" Dissertation "§6.4" Safety
        "Answer a read once the state machine has applied its readIndex."
        "状态机应用到 readIndex 之后才答复读请求。"
        ablated "a read is answered from whatever has been applied so far";
    LeaseRead "RD4" Dissertation "§6.4.1" Efficiency
        "Within the lease, answer reads without a round of messages: servers that heard the leader do not vote yet."
        "租约之内无需询问即可读：刚收到领导者消息的服务器还不会投票。"
        ablated "every read costs a round of messages";
    LatestConfiguration "CC1" Dissertation "§4.1" Safety
        "Use the latest configuration in the log, committed or not."
        "使用日志中最新的配置，无论是否已提交。"
        ablated "a configuration takes effect only once it is known to be committed";
    RollBackConfiguration "CC2" Dissertation "§4.1" Safety
        "If the configuration's entry is truncated, return to the previous configuration."
        "配置所在的条目被删除：退回到之前的配置。"
        ablated "a server uses a configuration that is no longer in its log";
    OneChange "CC3" Dissertation "§4.1" Safety
        "Begin no configuration change before the previous one is committed."
        "上一次配置变更提交之前，不开始新的变更。"
        ablated "configuration changes may overlap";
    ChangeInOwnTerm "CC4" Dissertation "§4.1" Safety
        "Begin no configuration change before an entry of the current term is committed (raft-dev, 2015)."
        "本任期尚无已提交条目时，不开始配置变更（raft-dev，2015 年）。"
        ablated "a new leader changes the configuration at once";
    JointConsensus "CC5" Paper "§6" Safety
        "To change more than one voter, go through C_old,new."
        "增减的投票者超过一个：经由 C_old,new 过渡。"
        ablated "any configuration change is made in one step";
    BothMajorities "CC6" Paper "§6" Safety
        "Under C_old,new, elections and commitment need a majority of C_old and a majority of C_new."
        "联合共识期间，选举与提交需要 C_old 和 C_new 各自的多数派。"
        ablated "under C_old,new, a majority of all voters of both is enough";
    LeaveJoint "CC7" Paper "§6" Liveness
        "Once C_old,new is committed, append C_new."
        "C_old,new 已提交：追加 C_new。"
        ablated "the cluster stays in C_old,new";
    VotersOnly "CC8" Dissertation "§4.2" Safety
        "Only voters count toward a majority: no learner, no removed server, and not the leader if it has no vote."
        "只计投票者：学习者、已移除的服务器都不算，领导者自己没有投票权时也不算。"
        ablated "every server that replies is counted";
    CatchUpFirst "CC9" Dissertation "§4.2.1" Liveness
        "A server becomes a voter once it has caught up with the log."
        "服务器的日志赶上之后才获得投票权。"
        ablated "a server becomes a voter whatever its log contains";
    OnlyVotersStartElections "CC10" Dissertation "§4.2.2" Liveness
        "Start elections only as a voter of the latest configuration, or of the previous one while the latest may be uncommitted."
        "只有在最新配置中有投票权才参选；最新配置可能未提交时，看之前的配置。"
        ablated "a server starts elections whether or not it is a voter";
    RemovedLeader "CC11" Dissertation "§4.2.2" Liveness
        "A leader steps down once a configuration without it is committed."
        "不含领导者的配置已提交：领导者退位。"
        ablated "a removed leader keeps leading";
    JoinAnew "CC12" Dissertation "§4.1" Safety
        "A server that was removed and added again starts over: its replies to heartbeats of rounds before it was added no longer count."
        "被移除后重新加入的服务器从头开始：对加入之前各轮心跳的答复不再算数。"
        ablated "replies to messages sent before the removal are believed";
    NoOp "L1-noop" Paper "§8" Liveness
        "At the start of its term, a leader appends an entry without a command, to find out what is committed."
        "领导者在任期开始时追加一个空条目，以得知哪些已提交。"
        ablated "a new leader waits for the first command of its term";
    BoundUncommitted "L2-bound" Paper "§5.3" Efficiency
        "Refuse commands while too many entries wait to be committed, except the first of a term."
        "等待提交的条目过多时拒绝新指令，任期的第一条除外。"
        ablated "a leader that is cut off accepts commands without limit";
    SnapshotConfiguration "SN-conf" Paper "§7" Safety
        "A snapshot contains the configuration as of its last entry."
        "快照包含其最后条目时的配置。"
        ablated "a snapshot contains the previous snapshot's configuration";
    ChunkInPlace "IS3" Paper "§7" Safety
        "Write a snapshot chunk at its offset: refuse one that does not continue what has been received."
        "快照分块按偏移写入：与已有内容不相接的分块不接收。"
        ablated "snapshot chunks are joined in the order in which they arrive";
    AwaitAllChunks "IS4" Paper "§7" Safety
        "If a chunk is not the last, report how much has been received, and wait for more."
        "不是最后一块：答复已有多少，继续等待。"
        ablated "a snapshot is installed after its first chunk";
    ResumeSnapshot "IS-resume" Paper "§7" Efficiency
        "If a chunk does not continue what has been received, keep that, and resume after it."
        "分块与已有内容不相接：保留已有部分，从其后继续。"
        ablated "a chunk out of sequence makes the follower start over";
    FinishSnapshot "IS-finish" Paper "§7" Liveness
        "Finish sending a snapshot even if there is a newer one."
        "已开始发送的快照要发完，即使已有更新的快照。"
        ablated "each new snapshot interrupts the one being sent";
}
