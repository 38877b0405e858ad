//! The clauses that a server came to in one event: what each compared, and what came of it.

use raft_core::{Condition, Field, LogEnd, Operand, Part, Relation, Rule, Ticks, Value};
use raft_sim::event::{Event, EventKind};
use raft_sim::letter::Letter;
use raft_sim::rules::Weighed;
use raft_sim::said::Said;
use raft_sim::time::Micros;

use super::Language;

/// A clause as one event came to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Which.
    pub rule: Rule,
    /// What it compared; nothing where it has no condition, or was not reached.
    pub compared: Option<Compared>,
    /// What came of it.
    pub answer: Answer,
}

/// A comparison in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// By names: `term < currentTerm`.
    pub names: String,
    /// By values: `4 < 5`; nothing where the answer says it already.
    pub values: Option<String>,
}

/// What came of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Its condition did not hold.
    No,
    /// Its condition held, and the server did not act on it alone.
    Yes,
    /// The server acted as it says.
    Acted,
    /// Its condition held, but the rule is ablated.
    Ablated,
    /// What was decided before made it needless to ask.
    NotReached,
}

impl Answer {
    /// One word for it, the same in every language.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Yes => "yes",
            Self::Acted => "acted",
            Self::Ablated => "ablated",
            Self::NotReached => "unreached",
        }
    }
}

/// The clauses of `event` in the order in which its server came to them, and after them those that
/// the receiver of such a message asks otherwise.
#[must_use]
pub fn clauses(
    event: &Event,
    weighed: &[Weighed],
    is_ablated: impl Fn(Rule) -> bool,
    language: Language,
) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    for Asked {
        first: one,
        last,
        times,
    } in asked_one_by_one(weighed)
    {
        let condition = one.condition.zip(last.condition);
        clauses.push(Clause {
            rule: one.rule,
            compared: condition
                .map(|((first, _), (last, _))| compared(&first, &last, times, language)),
            answer: match one.condition {
                _ if one.followed => Answer::Acted,
                Some((_, false)) => Answer::No,
                _ if is_ablated(one.rule) => Answer::Ablated,
                Some((_, true)) | None => Answer::Yes,
            },
        });
    }
    let asked = receiver(event);
    let rest = Rule::ALL.iter().copied().filter(|rule| {
        asked.is_some_and(|part| rule.part() == part)
            && !is_asked_elsewhere(*rule)
            && clauses.iter().all(|clause| clause.rule != *rule)
    });
    let rest: Vec<Clause> = rest
        .map(|rule| Clause {
            rule,
            compared: None,
            answer: Answer::NotReached,
        })
        .collect();
    clauses.extend(rest);
    clauses
}

/// A clause that was asked once, or over and over of one entry after the other.
struct Asked<'w> {
    first: &'w Weighed,
    last: &'w Weighed,
    times: u64,
}

/// What was asked, where whatever a loop asks over and over stands once.
fn asked_one_by_one(weighed: &[Weighed]) -> Vec<Asked<'_>> {
    let mut all: Vec<Asked<'_>> = Vec::new();
    for (place, one) in weighed.iter().enumerate() {
        if is_repeated(one, weighed.get(place + 1)) {
            continue;
        }
        match all.last_mut() {
            Some(before) if goes_on(before.last, one) => {
                before.last = one;
                before.times += 1;
            }
            _ => all.push(Asked {
                first: one,
                last: one,
                times: 1,
            }),
        }
    }
    all
}

/// Whether a server does the same again with the next entry: it commits and applies many at once.
fn goes_on(before: &Weighed, one: &Weighed) -> bool {
    let same = |weighed: &Weighed| {
        let condition = weighed.condition;
        let shape =
            condition.map(|(it, holds)| (it.left.field, it.relation, it.right.field, holds));
        (weighed.rule, weighed.followed, shape)
    };
    let is_loop = matches!(one.rule, Rule::ApplyCommitted | Rule::CommitMajority);
    is_loop && same(before) == same(one)
}

/// A loop asks the same of one entry after the other; the last answer stands for those before it.
fn is_repeated(one: &Weighed, next: Option<&Weighed>) -> bool {
    let field = |weighed: &Weighed| weighed.condition.map(|(condition, _)| condition.left.field);
    next.is_some_and(|next| {
        one.rule == next.rule
            && !one.followed
            && matches!(
                (field(one), field(next)),
                (Some(Field::LogTerm(_)), Some(Field::LogTerm(_)))
            )
    })
}

/// Who asks for pre-votes asks by the one; the other is asked only where CheckQuorum is on, and
/// then before all others.
const fn is_asked_elsewhere(rule: Rule) -> bool {
    matches!(rule, Rule::PreVoteFirst | Rule::StickToLeader)
}

/// Whose clauses the receiver of the message goes through, if that is what happened.
fn receiver(event: &Event) -> Option<Part> {
    let EventKind::Delivered(_, Letter::Rpc(rpc)) = &event.kind else {
        return None;
    };
    match rpc.said {
        Said::RequestVote { .. } => Some(Part::RequestVote),
        Said::AppendEntries { .. } => Some(Part::AppendEntries),
        Said::InstallSnapshot { .. } => Some(Part::InstallSnapshot),
        Said::PreVote { .. } => Some(Part::PreVote),
        Said::RequestVoteReply { .. }
        | Said::AppendEntriesReply { .. }
        | Said::InstallSnapshotReply { .. }
        | Said::PreVoteReply { .. }
        | Said::TimeoutNow { .. } => None,
    }
}

/// A comparison in words, by names and by values; of one that was made so many times, by the values
/// of the first and the last.
fn compared(condition: &Condition, last: &Condition, times: u64, language: Language) -> Compared {
    let Condition {
        left,
        relation,
        right,
    } = condition;
    let (name, left_value) = (field(left, language), value(left.value, language));
    if right.field != Field::Constant {
        let other = field(right, language);
        let left_value = range(left_value, &value(last.left.value, language));
        let right_value = value(right.value, language);
        let right_value = range(right_value, &value(last.right.value, language));
        let values = related(&left_value, *relation, &right_value);
        return Compared {
            names: related(&name, *relation, &other),
            values: Some(match times {
                1 => values,
                _ => format!("{values} (×{times})"),
            }),
        };
    }
    match right.value {
        // The answer says already how a question of yes or no was answered.
        Value::Bool(true) => Compared {
            names: name,
            values: None,
        },
        Value::Bool(false)
        | Value::Count(_)
        | Value::Term(_)
        | Value::Compacted
        | Value::Missing
        | Value::Index(_)
        | Value::LogEnd(_)
        | Value::Server(_)
        | Value::Nobody
        | Value::Round(_)
        | Value::Ticks(_) => {
            let right_value = value(right.value, language);
            Compared {
                names: related(&name, *relation, &right_value),
                values: Some(related(&left_value, *relation, &right_value)),
            }
        }
    }
}

/// From one value to another, if they differ.
fn range(first: String, last: &str) -> String {
    if first == last {
        first
    } else {
        format!("{first}…{last}")
    }
}

fn field(operand: &Operand, language: Language) -> String {
    match language {
        Language::English => operand.field.english(),
        Language::Chinese => operand.field.chinese(),
    }
}

fn related(left: &str, relation: Relation, right: &str) -> String {
    if relation == Relation::IsOther {
        format!("{left} {relation} {{null, {right}}}")
    } else {
        format!("{left} {relation} {right}")
    }
}

fn value(value: Value, language: Language) -> String {
    match value {
        Value::Bool(is) => is.to_string(),
        Value::Count(count) => count.to_string(),
        Value::Term(term) => term.to_string(),
        Value::Compacted => language.pick("in the snapshot", "在快照中").to_owned(),
        Value::Missing => language.pick("no entry", "无条目").to_owned(),
        Value::Index(index) => index.to_string(),
        Value::LogEnd(LogEnd { term, index }) => match language {
            Language::English => format!("(term {term}, index {index})"),
            Language::Chinese => format!("（任期 {term}，索引 {index}）"),
        },
        Value::Server(id) => id.to_string(),
        Value::Nobody => "null".to_owned(),
        Value::Round(round) => round.0.to_string(),
        Value::Ticks(Ticks(ticks)) => Micros(ticks).to_string(),
    }
}
