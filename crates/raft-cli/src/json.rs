//! Events and operations of clients as lines of JSON.

use raft_play::text::Line;
use raft_play::words::{self, Language, describe, label, rpc_name};
use raft_sim::client::history::Recorded;
use raft_sim::client::{Operation, ReadBy};
use raft_sim::event::{Event, EventKind};
use raft_sim::ids::MessageId;
use raft_sim::letter::{Letter, Rpc};
use raft_sim::run::{Held, Posed};
use raft_sim::said::Said;
use serde::Serialize;

/// An event, as other programs read it. Numbers count from 1, as they do for people.
#[derive(Debug, Serialize)]
pub(crate) struct EventLine {
    event: u64,
    at_us: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    /// The event that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<u64>,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<MessageLine>,
    rules: Vec<&'static str>,
    says: String,
}

/// An expectation that holds, between the events before which and after which it was looked at.
#[derive(Debug, Serialize)]
pub(crate) struct HeldLine<'a> {
    kind: &'static str,
    /// The number of its line in the playbook.
    line: u32,
    at_us: u64,
    expected: &'a str,
    says: String,
}

/// A question of the playbook, where it is asked.
#[derive(Debug, Serialize)]
pub(crate) struct AskedLine<'a> {
    kind: &'static str,
    /// The number of its line in the playbook.
    line: u32,
    at_us: u64,
    says: &'a str,
    answers: Vec<&'a str>,
}

/// The same question, where what it is about has happened.
#[derive(Debug, Serialize)]
pub(crate) struct RevealedLine<'a> {
    kind: &'static str,
    /// The number of the question's line in the playbook.
    line: u32,
    at_us: u64,
    /// The answer that is right, counted from 1.
    right: usize,
    says: &'a str,
}

#[derive(Debug, Serialize)]
struct MessageLine {
    id: String,
    from: String,
    to: String,
    rpc: &'static str,
    term: u64,
    says: String,
}

/// An operation of a client from its beginning to its answer. One without `answered_us` may or may
/// not have been applied.
#[derive(Debug, Serialize)]
pub(crate) struct OperationLine {
    client: u8,
    /// Counted from 1 for each client, which has one outstanding at a time.
    number: u64,
    op: &'static str,
    key: String,
    /// What was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// How it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'static str>,
    began_us: u64,
    began_event: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_us: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_event: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    /// The value that was read, or the value after the write.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

impl OperationLine {
    pub(crate) fn of(recorded: &Recorded) -> Self {
        let (op, key, value, by) = match &recorded.operation {
            Operation::Put { key, value } => ("put", key, Some(value.to_string()), None),
            Operation::Append { key, value } => ("append", key, Some(value.to_string()), None),
            Operation::Get { key, by } => ("get", key, None, Some(ReadBy::name(*by))),
        };
        let answered = recorded.answered.as_ref();
        Self {
            client: recorded.client.0,
            number: recorded.number,
            op,
            key: key.to_string(),
            value,
            by,
            began_us: recorded.began_at.0,
            began_event: recorded.began + 1,
            answered_us: answered.map(|answered| answered.at.0),
            answered_event: answered.map(|answered| answered.event + 1),
            server: answered.map(|answered| answered.server.to_string()),
            answer: answered.map(|answered| answered.value.to_string()),
        }
    }
}

impl<'a> HeldLine<'a> {
    pub(crate) fn of(held: &'a Held) -> Self {
        Self {
            kind: "held",
            line: held.line,
            at_us: held.at.0,
            expected: &held.expected,
            says: words::held(held, Language::English),
        }
    }
}

impl<'a> AskedLine<'a> {
    pub(crate) fn of(posed: &'a Posed) -> Self {
        let answers = posed.question.answers.iter();
        Self {
            kind: "asked",
            line: posed.line,
            at_us: posed.asked.1.0,
            says: &posed.question.text[0],
            answers: answers.map(|answer| answer.text[0].as_str()).collect(),
        }
    }
}

impl<'a> RevealedLine<'a> {
    /// Nothing for a question without a right answer.
    pub(crate) fn of(posed: &'a Posed) -> Option<Self> {
        Some(Self {
            kind: "revealed",
            line: posed.line,
            at_us: posed.revealed?.1.0,
            right: posed.right? + 1,
            says: &posed.question.why[0],
        })
    }
}

impl EventLine {
    pub(crate) fn of(event: &Event) -> Self {
        let (kind, action, message) = match &event.kind {
            EventKind::Acted(action) => ("acted", Some(Line(action).to_string()), None),
            EventKind::Declined(action, _) => ("declined", Some(Line(action).to_string()), None),
            EventKind::Delivered(id, letter) => of_letter(["delivered", "called"], *id, letter),
            EventKind::Parked(id, letter) => of_letter(["parked", "call-parked"], *id, letter),
            EventKind::Clogged(id, letter) => of_letter(["clogged"; 2], *id, letter),
            EventKind::Lost(id, letter, _) => of_letter(["lost", "call-lost"], *id, letter),
            EventKind::Timer(_) => ("timer", None, None),
            EventKind::Written => ("written", None, None),
            EventKind::WriteFailed => ("write-failed", None, None),
            EventKind::ClientTimer(_) => ("client-timer", None, None),
        };
        Self {
            event: event.number + 1,
            at_us: event.at.0,
            server: event.server.map(|id| id.to_string()),
            cause: event.cause.map(|number| number + 1),
            kind,
            action,
            message,
            rules: event.rules.iter().map(|rule| rule.id()).collect(),
            says: describe(event, Language::English),
        }
    }
}

/// The word for what happened to it, which is another one for what a client says and is told.
fn of_letter(
    [of_rpc, of_call]: [&'static str; 2],
    id: MessageId,
    letter: &Letter<Said>,
) -> (&'static str, Option<String>, Option<MessageLine>) {
    match letter {
        Letter::Rpc(rpc) => (of_rpc, None, Some(MessageLine::of(id, rpc))),
        Letter::Call(_) => (of_call, None, None),
    }
}

impl MessageLine {
    fn of(id: MessageId, rpc: &Rpc<Said>) -> Self {
        Self {
            id: id.to_string(),
            from: rpc.from.to_string(),
            to: rpc.to.to_string(),
            rpc: rpc_name(&rpc.said),
            term: rpc.said.term().0,
            says: label(&rpc.said, Language::English),
        }
    }
}
