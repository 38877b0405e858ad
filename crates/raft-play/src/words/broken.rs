//! Violations in words: what is wrong, in a whole sentence for each invariant.

use raft_core::Index;

use super::Language;
use raft_sim::invariant::{FirstCommit, Invariant, Violation};

/// Which invariant does not hold, why, and since when, on one line.
#[must_use]
pub fn violation(violation: &Violation, language: Language) -> String {
    let found = violation_found(violation, language);
    let event = violation.event + 1;
    match language {
        Language::English => format!(
            "{} after event {event}: {found}",
            violation.invariant.english()
        ),
        Language::Chinese => format!(
            "第 {event} 个事件之后{}被破坏：{found}",
            violation.invariant.chinese()
        ),
    }
}

/// What is wrong, in a whole sentence, for those who know of which invariant
/// and after which event.
#[must_use]
pub fn violation_found(violation: &Violation, language: Language) -> String {
    let (english, chinese) = match violation.invariant {
        Invariant::ElectionSafety => two_leaders(violation),
        Invariant::LogMatching => logs_apart(violation),
        Invariant::LeaderCompleteness => leader_without(violation),
        Invariant::StateMachineSafety => machines_apart(violation),
        Invariant::ExactlyOnce => done_twice(violation),
        Invariant::LeaderAppendOnly
        | Invariant::TermMonotone
        | Invariant::OneVoteATerm
        | Invariant::CommitMonotone
        | Invariant::AppliedInOrder
        | Invariant::LinearizableRead => broken_by_one(violation),
    };
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

fn two_leaders(violation: &Violation) -> (String, String) {
    let [a, b] = named(violation);
    let term = violation.found[0].rsplit('T').next().unwrap_or_default();
    (
        format!("{a} and {b} were both elected leader in term {term}."),
        format!("{a} 和 {b} 都在任期 {term} 当选为领导者。"),
    )
}

fn done_twice(violation: &Violation) -> (String, String) {
    let [first, second] = &violation.found;
    let (operation, first) = first.split_once(' ').unwrap_or((first, ""));
    (
        format!("Operation {operation} was executed at index {first} and again at {second}."),
        format!("操作 {operation} 在索引 {first} 处执行过，又在 {second} 处再次执行。"),
    )
}

fn logs_apart(violation: &Violation) -> (String, String) {
    let ([a, b], index) = (named(violation), violation.index);
    let [one, other] = &violation.found;
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

fn leader_without(violation: &Violation) -> (String, String) {
    let ([s, _], index) = (named(violation), violation.index);
    let [entry, held] = &violation.found;
    let (committed, committed_zh) = committed(violation, entry);
    let (has, has_zh) = match held.as_str() {
        "–" => ("nothing".to_owned(), "没有条目".to_owned()),
        held => (held.to_owned(), format!("是 {held}")),
    };
    (
        format!("{s} leads, but has {has} at index {index}, where {committed}."),
        format!("{s} 是领导者，但它在索引 {index} 处{has_zh}，而{committed_zh}。"),
    )
}

/// Who had committed `entry` there, in which term and event.
fn committed(violation: &Violation, entry: &str) -> (String, String) {
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

/// Commands that differ, or the fingerprints of machines that applied them.
fn machines_apart(violation: &Violation) -> (String, String) {
    let ([s, _], index) = (named(violation), violation.index);
    let [first, now] = &violation.found;
    if first == "–" && index == Index::ZERO {
        (
            format!("{s} loaded a snapshot from which no state can be read."),
            format!("{s} 加载的快照中读不出任何状态。"),
        )
    } else if first == "–" {
        (
            format!(
                "{s} loaded a snapshot up to index {index}, a state that no committed entries \
                 lead to."
            ),
            format!("{s} 加载了截至索引 {index} 的快照，而没有任何已提交的条目能得到这个状态。"),
        )
    } else if first.contains(':') {
        let (committed, committed_zh) = committed(violation, first);
        (
            format!("{s} commits {now} at index {index}, where {committed}."),
            format!("{s} 在索引 {index} 处提交 {now}，而{committed_zh}。"),
        )
    } else {
        (
            format!(
                "The state machine of {s} at index {index} differs from that of another server \
                 at the same index."
            ),
            format!(
                "{s} 的状态机应用到索引 {index} 后，与另一台服务器应用到同一索引时的状态不同。"
            ),
        )
    }
}

/// What a server owes on its own.
fn broken_by_one(violation: &Violation) -> (String, String) {
    let ([s, _], index) = (named(violation), violation.index);
    let [before, after] = &violation.found;
    match violation.invariant {
        Invariant::LeaderAppendOnly => (
            format!("{s} leads, yet its log changed from index {index} on."),
            format!("{s} 是领导者，却改动了自己日志中索引 {index} 起的条目。"),
        ),
        Invariant::TermMonotone => (
            format!("The term of {s} went back from {before} to {after}."),
            format!("{s} 的任期从 {before} 退回到 {after}。"),
        ),
        Invariant::OneVoteATerm if after == "–" => (
            format!("{s} forgot in the same term that it had voted for {before}."),
            format!("{s} 在同一任期内忘记了自己已投票给 {before}。"),
        ),
        Invariant::OneVoteATerm => (
            format!("{s} voted twice in one term: for {before}, then for {after}."),
            format!("{s} 在同一任期投了两次票：先投给 {before}，又投给 {after}。"),
        ),
        Invariant::CommitMonotone => (
            format!("The commit index of {s} went back from {before} to {after}."),
            format!("{s} 的提交索引从 {before} 退回到 {after}。"),
        ),
        Invariant::AppliedInOrder => (
            format!("{s} applied index {after} when {before} was next."),
            format!("{s} 应用了索引 {after}，而下一个应是 {before}。"),
        ),
        Invariant::LinearizableRead => (
            format!(
                "{s} answered a read from the state at index {after}, although index {before} was \
                 already known to be executed before the read was requested."
            ),
            format!(
                "{s} 用索引 {after} 为止的状态答复了读请求，而读请求发出前已知索引 {before} 处的操作已完成。"
            ),
        ),
        // These are of two servers or of a client, and said above.
        Invariant::ElectionSafety
        | Invariant::LogMatching
        | Invariant::LeaderCompleteness
        | Invariant::StateMachineSafety
        | Invariant::ExactlyOnce => (
            format!("{s}: {before}, {after}."),
            format!("{s}：{before}，{after}。"),
        ),
    }
}

/// The servers of a violation, which are one or two.
fn named(violation: &Violation) -> [String; 2] {
    let mut names = violation.servers.iter().map(ToString::to_string);
    [(); 2].map(|()| names.next().unwrap_or_default())
}
