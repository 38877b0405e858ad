//! Events as lines of JSON.

use raft_sim::event::{Arrival, Event, EventKind};
use raft_sim::words::{Language, describe, label, rpc_name};
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

#[derive(Debug, Serialize)]
struct MessageLine {
    id: String,
    from: String,
    to: String,
    rpc: &'static str,
    term: u64,
    says: String,
}

impl EventLine {
    pub(crate) fn of(event: &Event) -> Self {
        let (kind, action, message) = match &event.kind {
            EventKind::Acted(action) => ("acted", Some(action.to_string()), None),
            EventKind::Declined(action, _) => ("declined", Some(action.to_string()), None),
            EventKind::Delivered(arrival) => ("delivered", None, Some(arrival)),
            EventKind::Parked(arrival) => ("parked", None, Some(arrival)),
            EventKind::Clogged(arrival) => ("clogged", None, Some(arrival)),
            EventKind::Lost(arrival, _) => ("lost", None, Some(arrival)),
            EventKind::Timer(_) => ("timer", None, None),
            EventKind::Written => ("written", None, None),
        };
        Self {
            event: event.number + 1,
            at_us: event.at.0,
            server: event.server.map(|id| id.to_string()),
            cause: event.cause.map(|number| number + 1),
            kind,
            action,
            message: message.map(MessageLine::of),
            rules: event.rules.iter().map(|rule| rule.id()).collect(),
            says: describe(event, Language::English),
        }
    }
}

impl MessageLine {
    fn of(arrival: &Arrival) -> Self {
        Self {
            id: arrival.id.to_string(),
            from: arrival.from.to_string(),
            to: arrival.to.to_string(),
            rpc: rpc_name(&arrival.said),
            term: arrival.said.term().0,
            says: label(&arrival.said),
        }
    }
}
