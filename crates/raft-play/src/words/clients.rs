//! What clients and servers say to each other, in words.

use raft_core::Payload;

use super::{Language, declined_why};
use raft_sim::client::calls::{Call, Says};
use raft_sim::client::store::session_of;
use raft_sim::client::{Answer, ClientId, Operation, ReadBy};
use raft_sim::command::{Command, payload_text};
use raft_sim::outcome::Declined;

/// A client asks again, or makes something up.
pub(super) fn timer(client: ClientId, language: Language) -> String {
    match language {
        Language::English => format!("{client} sends a request"),
        Language::Chinese => format!("{client} 发出请求"),
    }
}

/// What an entry holds, without the session of the client that asked for it: a cell is small.
#[must_use]
pub fn bare_payload(payload: &Payload<Command>) -> String {
    let text = payload_text(payload);
    match session_of(&text) {
        Some((_, bare)) => bare.to_owned(),
        None => text,
    }
}

/// What a client asks for, and how it is to be read: `x=3`, `x? read-index`.
#[must_use]
pub fn asked(operation: &Operation) -> String {
    match operation {
        Operation::Get { by, .. } if *by != ReadBy::Log => format!("{operation} {}", by.name()),
        Operation::Put { .. } | Operation::Append { .. } | Operation::Get { .. } => {
            operation.to_string()
        }
    }
}

/// A call in a few letters: `x=3`, `✓ 3`, `✗ → S2`.
#[must_use]
pub fn call_pill(call: &Call) -> String {
    match &call.says {
        Says::Request(operation) => operation.to_string(),
        Says::Answer(Answer::Done { value, .. }) if value.is_empty() => "✓".to_owned(),
        Says::Answer(Answer::Done { value, .. }) => format!("✓ {value}"),
        Says::Answer(Answer::Declined(Declined::NotLeader(Some(leader)))) => {
            format!("✗ → {leader}")
        }
        Says::Answer(Answer::Declined(_)) => "✗".to_owned(),
    }
}

/// What a call says: `C1.4 x=3`, `C1.4 executed at index 4: “3”`.
pub(super) fn said(call: &Call, language: Language) -> String {
    let name = format!("{}.{}", call.client, call.number);
    match &call.says {
        Says::Request(operation) => {
            format!("{name} {}", asked(operation))
        }
        Says::Answer(Answer::Done { value, position }) => match language {
            Language::English => format!("{name} executed at index {position}: “{value}”"),
            Language::Chinese => format!("{name} 在索引 {position} 处完成：“{value}”"),
        },
        Says::Answer(Answer::Declined(Declined::NotLeader(Some(leader)))) => match language {
            Language::English => format!("{name} declined: {leader} leads"),
            Language::Chinese => format!("{name} 被拒：领导者是 {leader}"),
        },
        Says::Answer(Answer::Declined(why)) => {
            let declined = language.pick("declined: ", "被拒：");
            format!("{name} {declined}{}", declined_why(*why, language))
        }
    }
}
