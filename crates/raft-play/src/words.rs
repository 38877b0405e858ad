//! Events, messages and violations in words, English and Chinese.
//!
//! Both languages stand side by side in every arm, so that neither can fall
//! behind. RPC and field names stay in English in both, as learners write
//! them.

use crate::text::Line;
use raft_core::{AppendOutcome, Index, InstallOutcome, Rule, Term, Timer};
use raft_sim::action::Action;
use raft_sim::event::{Event, EventKind};
use raft_sim::letter::Letter;
use raft_sim::outcome::{Declined, LossReason};
use raft_sim::run::Held;
use raft_sim::said::{MessageKind, Said};

mod broken;
mod clauses;
mod clients;
mod deeds;
mod figure;

pub use broken::{violation, violation_found};
pub use clauses::{Answer, Clause, Compared, clauses};
pub use clients::{asked, bare_payload, call_pill};
pub use deeds::{deed, headline, sought};
pub use figure::{Entry, figure};

/// A language that the laboratory speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// Chinese.
    Chinese,
}

impl Language {
    /// One of two texts.
    #[must_use]
    pub const fn pick<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }

    /// A rule in this language.
    #[must_use]
    pub const fn rule(self, rule: Rule) -> &'static str {
        match self {
            Self::English => rule.english(),
            Self::Chinese => rule.chinese(),
        }
    }
}

/// What happened, in a sentence.
#[must_use]
pub fn describe(event: &Event, language: Language) -> String {
    let server = event.server.map(|id| id.to_string()).unwrap_or_default();
    let what = match &event.kind {
        EventKind::Acted(action) => return Line(action).to_string(),
        EventKind::Declined(action, why) => return declined(action, *why, language),
        EventKind::Delivered(_, letter) => delivered(letter, language),
        EventKind::Parked(_, letter) => parked(letter, language),
        EventKind::Clogged(_, letter) => clogged(letter, language),
        EventKind::Lost(_, letter, reason) => lost(letter, *reason, language),
        EventKind::Timer(Timer::Election) => match language {
            Language::English => format!("{server}: election timeout"),
            Language::Chinese => format!("{server}：选举超时"),
        },
        EventKind::Timer(Timer::Retry) => match language {
            Language::English => format!("{server} requests votes again"),
            Language::Chinese => format!("{server} 重新请求投票"),
        },
        EventKind::Timer(Timer::Heartbeat) => match language {
            Language::English => format!("{server}: heartbeat interval"),
            Language::Chinese => format!("{server}：心跳间隔到"),
        },
        EventKind::Timer(Timer::Quorum) => match language {
            Language::English => format!("{server} checks which followers have replied"),
            Language::Chinese => format!("{server} 检查谁已答复"),
        },
        EventKind::Timer(Timer::Transfer) => match language {
            Language::English => format!("{server} gives up on the leadership transfer"),
            Language::Chinese => format!("{server} 等待接任者超时"),
        },
        EventKind::Written => match language {
            Language::English => format!("{server}: write completed"),
            Language::Chinese => format!("{server}：写入已落盘"),
        },
        EventKind::WriteFailed => match language {
            Language::English => format!("{server}: write failed; the server stops"),
            Language::Chinese => format!("{server}：写入失败，它停止运行"),
        },
        EventKind::ClientTimer(client) => clients::timer(*client, language),
    };
    let outcome = outcome(&event.rules, language);
    if outcome.is_empty() {
        what
    } else {
        format!("{what}{}{outcome}", language.pick("; ", "；"))
    }
}

fn declined(action: &Action, why: Declined, language: Language) -> String {
    let why = declined_why(why, language);
    format!("{}{}{why}", Line(action), language.pick("; ", "；"))
}

/// Why a server does not do what it was asked for.
pub(crate) fn declined_why(why: Declined, language: Language) -> String {
    let (english, chinese) = match why {
        Declined::NotLeader(Some(leader)) => (
            format!("the leader is {leader}"),
            format!("它答复：领导者是 {leader}"),
        ),
        Declined::NotLeader(None) => (
            "it is not the leader and does not know who is".to_owned(),
            "它不是领导者，也不知道谁是".to_owned(),
        ),
        Declined::TransferUnderWay(to) => (
            format!("it is transferring leadership to {to}"),
            format!("它正在把领导权移交给 {to}"),
        ),
        Declined::NotYet => (
            "it has not committed an entry in its term yet".to_owned(),
            "它尚未提交本任期的条目".to_owned(),
        ),
        Declined::TooMuchInFlight(uncommitted) => (
            format!("{uncommitted} entries are already waiting to be committed"),
            format!("已有 {uncommitted} 个条目等待提交"),
        ),
        Declined::TooManyBytesInFlight(bytes) => (
            format!("{bytes} bytes of entries are already waiting to be committed"),
            format!("已有 {bytes} 字节的条目等待提交"),
        ),
        Declined::TooManyBytesUnwritten(bytes) => (
            format!("{bytes} bytes are already waiting to be written to its disk"),
            format!("已有 {bytes} 字节等待写入它的磁盘"),
        ),
        Declined::TooManyReads(waiting) => (
            format!("{waiting} reads are already waiting to be answered"),
            format!("已有 {waiting} 个读请求等待答复"),
        ),
        Declined::ChangeUnderWay(index) => (
            format!("the previous configuration change, at index {index}, is still in progress"),
            format!("索引 {index} 处的上一次配置变更尚未结束"),
        ),
        Declined::NotCaughtUp(id) => (
            format!("{id} lacks too much of the log to become a voter: make it a learner first"),
            format!("{id} 的日志落后太多，不能给它投票权：请先让它做学习者"),
        ),
        Declined::StillLearning(id) => (
            format!(
                "{id} is a learner and lacks too much of the log to become a voter yet: let it \
                 catch up first"
            ),
            format!("{id} 是学习者，日志还落后太多，不能给它投票权：请先等它追上"),
        ),
        Declined::Unchanged => (
            "the configuration is already like that".to_owned(),
            "配置已经是这样".to_owned(),
        ),
        Declined::NoSuchCluster => (
            "such a configuration is impossible".to_owned(),
            "不可能有这样的集群".to_owned(),
        ),
        Declined::NotAVoter(id) => (
            format!("{id} is not another voter"),
            format!("{id} 不是其他有投票权的服务器"),
        ),
    };
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

fn delivered(letter: &Letter<Said>, language: Language) -> String {
    let (from, to, said) = (letter.from(), letter.to(), said(letter, language));
    format!("{to} ← {from}{}{said}", language.pick(": ", "："))
}

fn parked(letter: &Letter<Said>, language: Language) -> String {
    let (from, to, said) = (letter.from(), letter.to(), said(letter, language));
    match language {
        Language::English => format!("{to} is paused; {said} from {from} waits"),
        Language::Chinese => format!("{to} 已暂停，来自 {from} 的 {said} 在等待"),
    }
}

fn clogged(letter: &Letter<Said>, language: Language) -> String {
    let (from, to, said) = (letter.from(), letter.to(), said(letter, language));
    match language {
        Language::English => format!("{from} → {to} is clogged; {said} waits"),
        Language::Chinese => format!("{from} → {to} 已阻塞，{said} 在等待"),
    }
}

/// Why a message was lost.
const fn loss_reason(reason: LossReason, language: Language) -> &'static str {
    match reason {
        LossReason::Cut => language.pick("the link is cut", "链路已切断"),
        LossReason::Chance => language.pick("the link lost it", "链路丢包"),
        LossReason::Crashed => language.pick("the receiver is down", "接收方已崩溃"),
        LossReason::Dropped => language.pick("dropped by hand", "被手动丢弃"),
    }
}

fn lost(letter: &Letter<Said>, reason: LossReason, language: Language) -> String {
    let (from, to, said) = (letter.from(), letter.to(), said(letter, language));
    let why = loss_reason(reason, language);
    match language {
        Language::English => format!("lost {from} → {to}: {said} ({why})"),
        Language::Chinese => format!("丢失 {from} → {to}：{said}（{why}）"),
    }
}

/// What came of it, for the rules that a reader waits for.
fn outcome(rules: &[Rule], language: Language) -> String {
    let told = rules.iter().copied().filter(|rule| is_told(*rule));
    let deeds: Vec<&str> = told.map(|rule| deed(rule, language)).collect();
    deeds.join(language.pick(", ", "，"))
}

/// Whether a reader waits for this rule; the others act often, or say what the letter says already.
const fn is_told(rule: Rule) -> bool {
    !matches!(
        rule,
        Rule::ApplyCommitted
            | Rule::PersistFirst
            | Rule::FollowerTimeout
            | Rule::RetryVote
            | Rule::CountVote
            | Rule::YieldToLeader
            | Rule::CandidateTimeout
            | Rule::RandomTimeout
            | Rule::ResetOnLeader
            | Rule::ResetOnElection
            | Rule::ResetOnGrant
            | Rule::ResetOnce
            | Rule::KeepWithoutConflict
            | Rule::Heartbeat
            | Rule::Redirect
            | Rule::InitProgress
            | Rule::SendEntries
            | Rule::WaitForAnswer
            | Rule::Pipeline
            | Rule::MatchFromSent
            | Rule::KeepNewerState
            | Rule::RetainSuffix
            | Rule::DiscardLog
            | Rule::Compact
            | Rule::AnswerAnybody
            | Rule::IgnoreNonsense
            | Rule::PreVoteGrant
            | Rule::TransferCatchUp
            | Rule::TransferHold
            | Rule::ReadOwnTerm
            | Rule::ReadConfirm
            | Rule::LeaseRead
            | Rule::OneChange
            | Rule::ChangeInOwnTerm
            | Rule::JointConsensus
            | Rule::BothMajorities
            | Rule::LeaveJoint
            | Rule::VotersOnly
            | Rule::CatchUpFirst
            | Rule::JoinAnew
            | Rule::BoundUncommitted
            | Rule::SnapshotConfiguration
            | Rule::ChunkInPlace
            | Rule::AwaitAllChunks
            | Rule::ResumeSnapshot
            | Rule::FinishSnapshot
    )
}

fn said(letter: &Letter<Said>, language: Language) -> String {
    match letter {
        Letter::Rpc(rpc) => format!("{} {}", rpc_name(&rpc.said), label(&rpc.said, language)),
        Letter::Call(call) => clients::said(call, language),
    }
}

/// The RPC's name, the same in every language.
#[must_use]
pub const fn rpc_name(said: &Said) -> &'static str {
    MessageKind::of(said).name()
}

/// What a message says, as short as it can be put.
#[must_use]
pub fn label(said: &Said, language: Language) -> String {
    match said {
        Said::RequestVote {
            term,
            last_log_index,
            last_log_term,
        }
        | Said::PreVote {
            term,
            last_log_index,
            last_log_term,
        } => format!("T{term} last {last_log_index}·T{last_log_term}"),
        Said::RequestVoteReply {
            vote_granted: true, ..
        } => language.pick("✓ granted", "✓ 同意").to_owned(),
        Said::RequestVoteReply { .. } => language.pick("✗ refused", "✗ 拒绝").to_owned(),
        Said::PreVoteReply {
            vote_granted: true, ..
        } => language.pick("✓ would vote", "✓ 愿意投票").to_owned(),
        Said::PreVoteReply { .. } => language.pick("✗ would not vote", "✗ 不愿投票").to_owned(),
        Said::TimeoutNow { term } => format!("T{term}"),
        Said::AppendEntries {
            entries: 0,
            prev_log_index,
            prev_log_term,
            ..
        } => {
            let heartbeat = language.pick("heartbeat", "心跳");
            format!("{heartbeat} prev {prev_log_index}·T{prev_log_term}")
        }
        Said::AppendEntries {
            prev_log_index,
            prev_log_term,
            entries,
            ..
        } => {
            let range = range(prev_log_index.0 + 1, prev_log_index.0 + entries);
            format!("{range} prev {prev_log_index}·T{prev_log_term}")
        }
        Said::AppendEntriesReply {
            outcome,
            last_index,
            term,
        } => append_outcome(*outcome, *last_index, *term, language),
        Said::InstallSnapshot {
            last_included_index,
            offset: 0,
            done: true,
            ..
        } => format!("≤{last_included_index}"),
        Said::InstallSnapshot {
            last_included_index,
            offset,
            bytes,
            ..
        } => {
            let unit = language.pick("bytes", "字节");
            format!("≤{last_included_index} {unit} {offset}–{}", offset + bytes)
        }
        Said::InstallSnapshotReply {
            last_included_index,
            outcome,
            term,
        } => install_outcome(*outcome, *last_included_index, *term, language),
    }
}

fn append_outcome(
    outcome: AppendOutcome,
    last_index: Index,
    term: Term,
    language: Language,
) -> String {
    match outcome {
        AppendOutcome::Success => format!("✓ match {last_index}"),
        AppendOutcome::Writing => language.pick("✓ writing", "✓ 写入中").to_owned(),
        AppendOutcome::StaleTerm => format!("✗ T{term}"),
        AppendOutcome::TooShort { x_len } => format!("✗ XLen {x_len}"),
        AppendOutcome::Conflict {
            x_term,
            x_index,
            x_len,
        } => format!("✗ XTerm {x_term} XIndex {x_index} XLen {x_len}"),
    }
}

fn install_outcome(
    outcome: InstallOutcome,
    last_included_index: Index,
    term: Term,
    language: Language,
) -> String {
    match outcome {
        InstallOutcome::Installed => format!("✓ {last_included_index}"),
        InstallOutcome::Stored { offset } => {
            format!("✓ {offset} {}", language.pick("bytes", "字节"))
        }
        InstallOutcome::Writing => language.pick("✓ writing", "✓ 写入中").to_owned(),
        InstallOutcome::TooLong => language.pick("✗ too long", "✗ 过长").to_owned(),
        InstallOutcome::StaleTerm => format!("✗ T{term}"),
    }
}

/// The RPC and the least that tells one of its messages from another, for
/// the label of an arrow.
#[must_use]
pub fn pill(said: &Said, language: Language) -> String {
    match said {
        Said::RequestVote { term, .. } => format!("RV T{term}"),
        Said::PreVote { term, .. } => format!("PV T{term}+1"),
        Said::TimeoutNow { .. } => "TimeoutNow".to_owned(),
        Said::AppendEntries { entries: 0, .. } => "AE ♥".to_owned(),
        Said::AppendEntries {
            prev_log_index,
            entries,
            ..
        } => format!(
            "AE {}",
            range(prev_log_index.0 + 1, prev_log_index.0 + entries)
        ),
        Said::InstallSnapshot { .. } => {
            format!(
                "{} {}",
                language.pick("snapshot", "快照"),
                label(said, language)
            )
        }
        Said::AppendEntriesReply {
            outcome: AppendOutcome::Conflict {
                x_term, x_index, ..
            },
            ..
        } => format!("✗ XTerm {x_term} XIndex {x_index}"),
        Said::RequestVoteReply { .. }
        | Said::AppendEntriesReply { .. }
        | Said::InstallSnapshotReply { .. }
        | Said::PreVoteReply { .. } => label(said, language),
    }
}

fn range(first: u64, last: u64) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("{first}–{last}")
    }
}

/// That an expectation holds and what is so, as a sentence.
#[must_use]
pub fn held(held: &Held, language: Language) -> String {
    match language {
        Language::English => format!("It holds: {}.", held.found),
        Language::Chinese => format!("成立：{}。", held.found_zh),
    }
}
