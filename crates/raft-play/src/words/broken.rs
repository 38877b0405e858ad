//! Violations in words: what is wrong, in a whole sentence for each kind of breach.

use raft_core::{Entry, Index};
use raft_sim::command::{Command, entry_text};
use raft_sim::invariant::{Breach, FirstCommit, Invariant, Violation};

use super::Language;

impl Language {
    /// The name of an invariant: that of the paper, where it has one.
    #[must_use]
    pub const fn invariant(self, invariant: Invariant) -> &'static str {
        let (english, chinese) = match invariant {
            Invariant::ElectionSafety => ("Election Safety", "选举安全性"),
            Invariant::LeaderAppendOnly => ("Leader Append-Only", "领导者只附加"),
            Invariant::LogMatching => ("Log Matching", "日志匹配"),
            Invariant::LeaderCompleteness => ("Leader Completeness", "领导者完整性"),
            Invariant::StateMachineSafety => ("State Machine Safety", "状态机安全性"),
            Invariant::TermMonotone => ("Term never decreases", "任期不后退"),
            Invariant::OneVoteATerm => ("One vote per term", "每任期一票"),
            Invariant::CommitMonotone => ("Commit index never decreases", "提交索引不后退"),
            Invariant::AppliedInOrder => ("Applied in order", "按顺序应用"),
            Invariant::LinearizableRead => ("Linearizable read", "线性一致读"),
            Invariant::ExactlyOnce => ("Exactly once", "恰好一次"),
        };
        self.pick(english, chinese)
    }
}

/// Which invariant does not hold, why, and since when, on one line.
#[must_use]
pub fn violation(violation: &Violation, language: Language) -> String {
    let found = violation_found(violation, language);
    let event = violation.event + 1;
    let invariant = language.invariant(violation.invariant());
    match language {
        Language::English => format!("{invariant} after event {event}: {found}"),
        Language::Chinese => format!("第 {event} 个事件之后{invariant}被破坏：{found}"),
    }
}

/// What is wrong, in a whole sentence, for those who know of which invariant
/// and after which event.
#[must_use]
pub fn violation_found(violation: &Violation, language: Language) -> String {
    let ([a, b], index) = (named(violation), violation.index);
    let (english, chinese) = match &violation.breach {
        Breach::TwoLeaders(term) => (
            format!("{a} and {b} were both elected leader in term {term}."),
            format!("{a} 和 {b} 都在任期 {term} 当选为领导者。"),
        ),
        Breach::LeaderLogChanged { .. } => (
            format!("{a} leads, yet its log changed from index {index} on."),
            format!("{a} 是领导者，却改动了自己日志中索引 {index} 起的条目。"),
        ),
        Breach::LogsDiffer(entries) => logs_differ(violation, entries),
        Breach::LeaderLacks { committed, held } => {
            leader_lacks(violation, committed, held.as_ref())
        }
        Breach::CommitsDiffer { first, now } => commits_differ(violation, first, now),
        Breach::MachinesDiffer(_) => machines_differ(&a, index),
        Breach::UnknownState(_) => unknown_state(&a, index),
        Breach::TermWentBack([before, after]) => (
            format!("The term of {a} went back from {before} to {after}."),
            format!("{a} 的任期从 {before} 退回到 {after}。"),
        ),
        Breach::VotedTwice(before, None) => (
            format!("{a} forgot in the same term that it had voted for {before}."),
            format!("{a} 在同一任期内忘记了自己已投票给 {before}。"),
        ),
        Breach::VotedTwice(before, Some(after)) => (
            format!("{a} voted twice in one term: for {before}, then for {after}."),
            format!("{a} 在同一任期投了两次票：先投给 {before}，又投给 {after}。"),
        ),
        Breach::CommitWentBack([before, after]) => (
            format!("The commit index of {a} went back from {before} to {after}."),
            format!("{a} 的提交索引从 {before} 退回到 {after}。"),
        ),
        Breach::AppliedOutOfOrder { next, applied } => (
            format!("{a} applied index {applied} when {next} was next."),
            format!("{a} 应用了索引 {applied}，而下一个应是 {next}。"),
        ),
        Breach::StaleRead { known, applied } => stale_read(&a, *known, *applied),
        Breach::ExecutedTwice { client, number, at } => {
            executed_twice(&format!("{client}.{number}"), *at)
        }
    };
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

fn logs_differ(violation: &Violation, entries: &[Entry<Command>; 2]) -> (String, String) {
    let ([a, b], index) = (named(violation), violation.index);
    let [one, other] = entries.each_ref().map(entry_text);
    if one == other {
        (
            format!(
                "{a} and {b} both have {one} at index {index}, but their logs differ before it."
            ),
            format!("{a} 和 {b} 在索引 {index} 处都是 {one}，但此前的条目不同。"),
        )
    } else {
        (
            format!(
                "At index {index}, {a} and {b} have different commands of the same term, \
                 {one} and {other}."
            ),
            format!("{a} 和 {b} 在索引 {index} 处任期相同而指令不同：{one} 与 {other}。"),
        )
    }
}

fn leader_lacks(
    violation: &Violation,
    entry: &Entry<Command>,
    held: Option<&Entry<Command>>,
) -> (String, String) {
    let ([s, _], index) = (named(violation), violation.index);
    let (committed, committed_zh) = committed(violation, entry);
    let (has, has_zh) = match held.map(entry_text) {
        None => ("nothing".to_owned(), "没有条目".to_owned()),
        Some(held) => (held.clone(), format!("是 {held}")),
    };
    (
        format!("{s} leads, but has {has} at index {index}, where {committed}."),
        format!("{s} 是领导者，但它在索引 {index} 处{has_zh}，而{committed_zh}。"),
    )
}

/// Who had committed `entry` there, in which term and event.
fn committed(violation: &Violation, entry: &Entry<Command>) -> (String, String) {
    let entry = entry_text(entry);
    let Some(FirstCommit { by, term, event }) = violation.committed else {
        let [english, chinese] = [
            format!("{entry} was committed"),
            format!("此处已提交 {entry}"),
        ];
        return (english, chinese);
    };
    let event = event + 1;
    (
        format!("{by} committed {entry} in term {term} (event {event})"),
        format!("{by} 在任期 {term} 已于此提交 {entry}（第 {event} 个事件）"),
    )
}

fn commits_differ(
    violation: &Violation,
    first: &Entry<Command>,
    now: &Entry<Command>,
) -> (String, String) {
    let ([s, _], index, now) = (named(violation), violation.index, entry_text(now));
    let (committed, committed_zh) = committed(violation, first);
    (
        format!("{s} commits {now} at index {index}, where {committed}."),
        format!("{s} 在索引 {index} 处提交 {now}，而{committed_zh}。"),
    )
}

fn unknown_state(s: &str, index: Index) -> (String, String) {
    if index == Index::ZERO {
        return (
            format!("{s} loaded a snapshot from which no state can be read."),
            format!("{s} 加载的快照中读不出任何状态。"),
        );
    }
    (
        format!(
            "{s} loaded a snapshot up to index {index}, a state that no committed entries lead to."
        ),
        format!("{s} 加载了截至索引 {index} 的快照，而没有任何已提交的条目能得到这个状态。"),
    )
}

fn machines_differ(s: &str, index: Index) -> (String, String) {
    (
        format!(
            "The state machine of {s} at index {index} differs from that of another server at the \
             same index."
        ),
        format!("{s} 的状态机应用到索引 {index} 后，与另一台服务器应用到同一索引时的状态不同。"),
    )
}

fn stale_read(s: &str, known: Index, applied: Index) -> (String, String) {
    (
        format!(
            "{s} answered a read from the state at index {applied}, although index {known} was \
             already known to be executed before the read was requested."
        ),
        format!(
            "{s} 用索引 {applied} 为止的状态答复了读请求，而读请求发出前已知索引 {known} 处的操作已完成。"
        ),
    )
}

fn executed_twice(operation: &str, [first, second]: [Index; 2]) -> (String, String) {
    (
        format!("Operation {operation} was executed at index {first} and again at {second}."),
        format!("操作 {operation} 在索引 {first} 处执行过，又在 {second} 处再次执行。"),
    )
}

/// The servers of a violation, which are one or two.
fn named(violation: &Violation) -> [String; 2] {
    let mut names = violation.servers.iter().map(ToString::to_string);
    [(); 2].map(|()| names.next().unwrap_or_default())
}
