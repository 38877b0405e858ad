//! What a server does by each rule, short enough for a headline: `S1 refuses the entries`.

use raft_core::Rule;
use raft_sim::event::{Event, EventKind, is_quiet};

use super::Language;
use crate::text::{Line, verbs};

/// The rule that an event is best called by: the one that decided what came of it, rather than one
/// that nearly every message leads to.
#[must_use]
pub fn headline(event: &Event) -> Option<Rule> {
    event.rules.iter().copied().min_by_key(|rule| weight(*rule))
}

/// What an event can be looked for by besides its description: what its server does by the rule in
/// its headline, or what the Action is called in a sentence, such as `crashes`.
#[must_use]
pub fn sought(event: &Event, language: Language) -> String {
    let mut words = String::new();
    if let EventKind::Acted(action) | EventKind::Declined(action, _) = &event.kind {
        let line = Line(action).to_string();
        let name = line.split(' ').next().unwrap_or_default();
        let ending = if name.ends_with("sh") { "es" } else { "s" };
        let doc = verbs()
            .find(|verb| verb.name == name)
            .map(|verb| verb.doc[1]);
        words = match language {
            Language::English => format!("{name}{ending} "),
            Language::Chinese => format!("{} ", doc.unwrap_or_default()),
        };
    }
    words.push_str(headline(event).map_or("", |rule| deed(rule, language)));
    words
}

/// The less, the more it says.
const fn weight(rule: Rule) -> u8 {
    let decides = matches!(
        rule,
        Rule::WinElection
            | Rule::CommitMajority
            | Rule::CommitOwnTermOnly
            | Rule::ConsistencyCheck
            | Rule::DeleteConflict
            | Rule::AppendStaleTerm
            | Rule::InstallStaleTerm
            | Rule::VoteStaleTerm
            | Rule::OneVote
            | Rule::UpToDate
            | Rule::GrantVote
            | Rule::StickToLeader
            | Rule::StartElection
            | Rule::BackToConflictTerm
            | Rule::BackToConflictIndex
            | Rule::BackToLength
            | Rule::CheckQuorum
            | Rule::RemovedLeader
            | Rule::LeaveJoint
            | Rule::LoadSnapshot
            | Rule::TimeoutNow
    );
    let follows = matches!(
        rule,
        Rule::HigherTerm
            | Rule::ApplyCommitted
            | Rule::SendEntries
            | Rule::Pipeline
            | Rule::Heartbeat
            | Rule::CountVote
            | Rule::KeepWithoutConflict
            | Rule::MatchFromSent
    );
    match (decides, follows) {
        (true, _) => 0,
        (_, true) => 2,
        _ if is_quiet(rule) => 3,
        _ => 1,
    }
}

macro_rules! deeds {
    ($($rule:ident $english:literal $chinese:literal;)*) => {
        /// What a server does that acts by `rule`, to follow its name.
        #[must_use]
        pub const fn deed(rule: Rule, language: Language) -> &'static str {
            match rule {
                $(Rule::$rule => language.pick($english, $chinese),)*
            }
        }
    };
}

deeds! {
    ApplyCommitted "applies what is committed" "应用已提交的条目";
    HigherTerm "adopts the higher term" "采用更高的任期";
    PersistFirst "has written to disk" "写盘完成";
    HeardWhileWriting "notes a write that is not on disk yet" "写入尚未落盘";
    FollowerTimeout "times out" "选举超时";
    StartElection "starts an election" "发起选举";
    RetryVote "asks for votes again" "再次请求投票";
    CountVote "records a reply to its request" "记下投票答复";
    WinElection "becomes leader" "成为领导者";
    YieldToLeader "gives up its candidacy" "放弃候选";
    CandidateTimeout "starts another election" "再次发起选举";
    RandomTimeout "draws an election timeout" "抽取选举超时";
    ResetOnLeader "hears its leader" "收到领导者的消息";
    ResetOnElection "resets its election timer" "重置选举计时器";
    ResetOnGrant "resets its election timer" "重置选举计时器";
    ResetOnce "leaves its election timer running" "不重置选举计时器";
    VoteStaleTerm "refuses its vote: old term" "拒绝投票：任期过期";
    GrantVote "grants its vote" "投出选票";
    OneVote "refuses its vote: already given" "拒绝投票：已投给别人";
    UpToDate "refuses its vote: log less up-to-date" "拒绝投票：日志不够新";
    AppendStaleTerm "refuses: old term" "拒绝：任期过期";
    ConsistencyCheck "refuses: no match at prevLogIndex" "拒绝：prevLogIndex 处不匹配";
    DeleteConflict "deletes conflicting entries" "删除冲突条目";
    KeepWithoutConflict "keeps what it has" "保留已有条目";
    AppendNew "appends new entries" "追加新条目";
    FollowerCommit "commits" "提交";
    Heartbeat "sends a round of AppendEntries" "向所有服务器发送";
    AppendCommand "appends a command" "追加一条指令";
    Redirect "names the leader" "告知谁是领导者";
    InitProgress "sets every nextIndex" "设定所有 nextIndex";
    SendEntries "sends entries" "发送条目";
    WaitForAnswer "holds entries back" "暂缓发送条目";
    Pipeline "sends without waiting" "不等答复继续发送";
    MatchFromSent "raises matchIndex" "提高 matchIndex";
    BackToConflictTerm "backs up to its last entry of XTerm" "退到自己 XTerm 的末尾";
    BackToConflictIndex "backs up to XIndex" "退到 XIndex";
    BackToLength "backs up to XLen" "退到 XLen";
    CommitMajority "commits" "提交";
    CommitOwnTermOnly "commits nothing yet: a majority stores only entries of an earlier term" "还不能提交：多数派存下的条目属于更早的任期";
    OldReply "drops an old reply" "丢弃过期的答复";
    StaleRefusal "drops a refusal that may be outdated" "丢弃可能已过期的拒绝";
    InstallStaleTerm "refuses the snapshot: old term" "拒绝快照：任期过期";
    KeepNewerState "keeps its newer state" "保留自己较新的状态";
    RetainSuffix "keeps the entries after the snapshot" "保留快照之后的条目";
    DiscardLog "discards its log" "丢弃整个日志";
    LoadSnapshot "installs the snapshot" "安装快照";
    SendSnapshot "sends a snapshot" "发送快照";
    Compact "takes a snapshot" "生成快照";
    AnswerAnybody "answers a server it does not know" "答复不认识的服务器";
    IgnoreNonsense "ignores an impossible message" "忽略不可能的消息";
    PreVoteFirst "asks for pre-votes first" "先询问再参选";
    PreVoteGrant "answers a pre-vote" "答复预投票";
    CheckQuorum "steps down: no majority answers" "退位：没有多数派答复";
    StickToLeader "ignores the candidate: a leader is heard from" "忽略候选人：听得到领导者";
    TransferCatchUp "hands over leadership" "转移领导权";
    TransferHold "accepts nothing during the transfer" "转移期间不接收";
    TimeoutNow "starts an election at once" "立即参选";
    TransferAbort "abandons the transfer" "放弃转移";
    ReadOwnTerm "does not read yet" "暂不答复读请求";
    ReadConfirm "confirms that it leads" "确认自己仍是领导者";
    ReadApplied "answers a read" "答复读请求";
    LeaseRead "reads within its lease" "在租约内读取";
    LatestConfiguration "uses the new configuration" "使用新的配置";
    RollBackConfiguration "returns to the previous configuration" "退回之前的配置";
    OneChange "refuses a second change" "拒绝第二个变更";
    ChangeInOwnTerm "does not change members yet" "暂不变更成员";
    JointConsensus "begins a joint change" "开始联合变更";
    BothMajorities "has both majorities" "得到两个多数派";
    LeaveJoint "leaves the joint configuration" "离开联合配置";
    VotersOnly "does not count a non-voter" "不计无投票权者";
    CatchUpFirst "waits for it to catch up" "等待对方赶上";
    OnlyVotersStartElections "starts no election: not a voter" "不参选：没有投票权";
    RemovedLeader "steps down: no longer a voter" "退位：不再有投票权";
    JoinAnew "drops a reply of an earlier membership" "丢弃早先成员身份的答复";
    NoOp "appends a no-op" "追加空条目";
    BoundUncommitted "refuses: too much uncommitted" "拒绝：未提交过多";
    SnapshotConfiguration "keeps the configuration in the snapshot" "快照记下配置";
    ChunkInPlace "refuses a chunk out of place" "拒绝位置不符的块";
    AwaitAllChunks "waits for the next chunk" "等待下一块";
    ResumeSnapshot "resumes the snapshot" "续传快照";
    FinishSnapshot "finishes the snapshot begun" "发完已开始的快照";
}
