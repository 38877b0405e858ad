//! What is drawn of a whole run at once, in columns.

use std::hash::{DefaultHasher, Hash, Hasher};

use js_sys::{Float64Array, Int32Array, Uint8Array};
use raft_core::{Rule, Timer};
use raft_sim::action::{Action, ServerAction};
use raft_sim::client::calls::Says;
use raft_sim::event::is_quiet;
use raft_sim::letter::{Letter, Party, Rpc};
use raft_sim::run::RoleKind;
use raft_sim::said::Said;
use raft_sim::{Event, EventKind, Run};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{Lab, float, number};

/// Columns of the events of note.
#[wasm_bindgen(getter_with_clone)]
pub struct NoteColumns {
    /// Their numbers.
    pub number: Float64Array,
    /// When each happened.
    pub at: Float64Array,
}

/// Columns of events in a row: what a diagram of space and time draws of each. Kinds are small numbers,
/// named in `web/src/lib/diagram/columns.ts`.
#[wasm_bindgen(getter_with_clone)]
pub struct EventColumns {
    /// When each happened.
    pub at: Float64Array,
    /// The number of the event that caused it; -1 for none.
    pub cause: Int32Array,
    /// On which server; 0 for none.
    pub server: Uint8Array,
    /// Which server sent the message that came to its end; 0 for none.
    pub from: Uint8Array,
    /// Which server it was for; 0 for none.
    pub to: Uint8Array,
    /// What came, or happened.
    pub what: Uint8Array,
    /// What became of a message: 0 taken in, 1 waits where it has come to, 2 lost.
    pub fate: Uint8Array,
    /// What is marked on the lane; 0 for nothing.
    pub mark: Uint8Array,
    /// What a message says, as a number that is the same for the same words; 0 for no message.
    pub said: Int32Array,
}

/// Columns of the messages that were lost without an event of their own.
#[wasm_bindgen(getter_with_clone)]
pub struct StruckColumns {
    /// The event in which each was lost.
    pub event: Int32Array,
    /// The event that sent it.
    pub cause: Int32Array,
    /// Who sent it.
    pub from: Uint8Array,
    /// Who it was for.
    pub to: Uint8Array,
    /// When it would have arrived.
    #[wasm_bindgen(js_name = dueAt)]
    pub due_at: Float64Array,
}

/// What each server was, from one instant on to the next: columns, server by server.
#[wasm_bindgen(getter_with_clone)]
pub struct LaneColumns {
    /// On which server.
    pub server: Uint8Array,
    /// After how many events.
    pub position: Float64Array,
    /// From when on.
    pub at: Float64Array,
    /// Its term; -1 while it is down.
    pub term: Float64Array,
    /// Its role: 0 follower, 1 candidate, 2 leader.
    pub role: Uint8Array,
}

#[wasm_bindgen]
impl Lab {
    /// Columns of the events of note from number `from` on.
    #[must_use]
    pub fn notes(&self, from: f64) -> NoteColumns {
        let (mut numbers, mut at) = (vec![], vec![]);
        for event in self.run.events().range(number(from)..u64::MAX) {
            if self.run.is_of_note(&event) {
                numbers.push(float(event.number));
                at.push(float(event.at.0));
            }
        }
        NoteColumns {
            number: Float64Array::from(numbers.as_slice()),
            at: Float64Array::from(at.as_slice()),
        }
    }

    /// Columns of the events numbered `from` up to but not including `to`.
    #[must_use]
    pub fn columns(&self, from: f64, to: f64) -> EventColumns {
        let (mut at, mut cause) = (vec![], vec![]);
        let mut said = vec![];
        let mut bytes: [Vec<u8>; 6] = Default::default();
        for event in self.run.events().range(number(from)..number(to)) {
            at.push(float(event.at.0));
            let by = event.cause.and_then(|number| i32::try_from(number).ok());
            cause.push(by.unwrap_or(-1));
            said.push(said_as_number(&event));
            let (from, to) = ends(&event);
            let server = event.server.map_or(0, |id| small(id.0));
            let row = [server, from, to, what(&event), fate(&event), mark(&event)];
            for (column, value) in bytes.iter_mut().zip(row) {
                column.push(value);
            }
        }
        let [server, from, to, what, fate, mark] =
            bytes.map(|column| Uint8Array::from(column.as_slice()));
        EventColumns {
            at: Float64Array::from(at.as_slice()),
            cause: Int32Array::from(cause.as_slice()),
            server,
            from,
            to,
            what,
            fate,
            mark,
            said: Int32Array::from(said.as_slice()),
        }
    }

    /// The messages that were lost without an event of their own, from the event `first` on.
    #[must_use]
    pub fn struck(&self, first: f64) -> StruckColumns {
        let (mut event, mut cause, mut due_at) = (vec![], vec![], vec![]);
        let (mut from, mut to) = (vec![], vec![]);
        let all = self.run.struck();
        let known = all.partition_point(|struck| struck.event < number(first));
        for struck in &all[known..] {
            event.push(i32::try_from(struck.event).unwrap_or(i32::MAX));
            cause.push(i32::try_from(struck.cause).unwrap_or(i32::MAX));
            from.push(small(struck.from.0));
            to.push(small(struck.to.0));
            due_at.push(float(struck.due_at.0));
        }
        StruckColumns {
            event: Int32Array::from(event.as_slice()),
            cause: Int32Array::from(cause.as_slice()),
            from: Uint8Array::from(from.as_slice()),
            to: Uint8Array::from(to.as_slice()),
            due_at: Float64Array::from(due_at.as_slice()),
        }
    }

    /// What each server was over the time of the branch.
    #[must_use]
    pub fn lanes(&self) -> LaneColumns {
        lanes_of(&self.run)
    }
}

pub(super) fn lanes_of(run: &Run) -> LaneColumns {
    let (mut server, mut role) = (vec![], vec![]);
    let (mut position, mut at, mut term) = (vec![], vec![], vec![]);
    for (id, lane) in (1..).zip(run.lanes().iter()) {
        for span in lane {
            server.push(id);
            position.push(float(span.position));
            at.push(float(span.at.0));
            term.push(span.standing.map_or(-1.0, |is| float(is.term.0)));
            role.push(span.standing.map_or(0, |is| match is.role {
                RoleKind::Follower => 0,
                RoleKind::Candidate => 1,
                RoleKind::Leader => 2,
            }));
        }
    }
    LaneColumns {
        server: Uint8Array::from(server.as_slice()),
        position: Float64Array::from(position.as_slice()),
        at: Float64Array::from(at.as_slice()),
        term: Float64Array::from(term.as_slice()),
        role: Uint8Array::from(role.as_slice()),
    }
}

/// There are at most nine servers.
fn small(id: u16) -> u8 {
    u8::try_from(id).unwrap_or(0)
}

const fn letter(event: &Event) -> Option<&Letter<Said>> {
    match &event.kind {
        EventKind::Delivered(_, letter)
        | EventKind::Parked(_, letter)
        | EventKind::Clogged(_, letter)
        | EventKind::Lost(_, letter, _) => Some(letter),
        EventKind::Acted(_)
        | EventKind::Declined(..)
        | EventKind::Timer(_)
        | EventKind::Written
        | EventKind::ClientTimer(_)
        | EventKind::WriteFailed => None,
    }
}

/// The servers at both ends of the message that came to its end.
fn ends(event: &Event) -> (u8, u8) {
    let server = |party| match party {
        Party::Server(id) => small(id.0),
        Party::Client(_) => 0,
    };
    letter(event).map_or((0, 0), |letter| {
        (server(letter.from()), server(letter.to()))
    })
}

/// Two copies of one message have the same; that others of one event have it is next to impossible.
fn said_as_number(event: &Event) -> i32 {
    letter(event).map_or(0, |letter| {
        let mut hasher = DefaultHasher::new();
        letter.hash(&mut hasher);
        let [a, b, c, d, ..] = hasher.finish().to_le_bytes();
        i32::from_le_bytes([a, b, c, d])
    })
}

fn what(event: &Event) -> u8 {
    match &event.kind {
        EventKind::Acted(_) => 20,
        EventKind::Declined(..) => 21,
        EventKind::Timer(timer) => match timer {
            Timer::Heartbeat => 30,
            Timer::Election | Timer::Retry | Timer::Quorum | Timer::Transfer => 31,
        },
        EventKind::ClientTimer(_) => 32,
        EventKind::Written | EventKind::WriteFailed => 33,
        EventKind::Delivered(_, letter)
        | EventKind::Parked(_, letter)
        | EventKind::Clogged(_, letter)
        | EventKind::Lost(_, letter, _) => match letter {
            Letter::Rpc(Rpc { said, .. }) => message(said),
            Letter::Call(call) => match call.says {
                Says::Request(_) => 14,
                Says::Answer(_) => 15,
            },
        },
    }
}

fn message(said: &Said) -> u8 {
    let is_refusal = said.is_refusal();
    match said {
        Said::AppendEntries { entries: 0, .. } => 1,
        Said::AppendEntries { .. } => 2,
        Said::AppendEntriesReply { .. } if is_refusal => 4,
        Said::AppendEntriesReply { .. } => 3,
        Said::RequestVote { .. } => 5,
        Said::RequestVoteReply { .. } if is_refusal => 7,
        Said::RequestVoteReply { .. } => 6,
        Said::PreVote { .. } => 8,
        Said::PreVoteReply { .. } if is_refusal => 10,
        Said::PreVoteReply { .. } => 9,
        Said::InstallSnapshot { .. } => 11,
        Said::InstallSnapshotReply { .. } => 12,
        Said::TimeoutNow { .. } => 13,
    }
}

const fn fate(event: &Event) -> u8 {
    match event.kind {
        EventKind::Parked(..) | EventKind::Clogged(..) => 1,
        EventKind::Lost(..) => 2,
        EventKind::Acted(_)
        | EventKind::Declined(..)
        | EventKind::Delivered(..)
        | EventKind::Timer(_)
        | EventKind::Written
        | EventKind::ClientTimer(_)
        | EventKind::WriteFailed => 0,
    }
}

/// The first of these that it is; the last one says only that it did more than wait, write and
/// answer.
fn mark(event: &Event) -> u8 {
    if let Some(mark) = outage(&event.kind) {
        return mark;
    }
    let has = |rule| event.rules.contains(&rule);
    let is_news =
        |rule: &Rule| !is_quiet(*rule) && !matches!(rule, Rule::Heartbeat | Rule::MatchFromSent);
    [
        (3, has(Rule::WinElection)),
        (4, has(Rule::StartElection)),
        (5, has(Rule::CommitMajority)),
        (6, has(Rule::DeleteConflict) || has(Rule::ConsistencyCheck)),
        (7, has(Rule::LoadSnapshot)),
        (8, has(Rule::GrantVote)),
        (9, has(Rule::FollowerCommit)),
        (
            10,
            matches!(event.kind, EventKind::Acted(_) | EventKind::Declined(..)),
        ),
        (11, event.rules.iter().any(is_news)),
    ]
    .into_iter()
    .find_map(|(mark, is)| is.then_some(mark))
    .unwrap_or(0)
}

/// Whether a server stops, or starts again.
fn outage(kind: &EventKind) -> Option<u8> {
    if matches!(kind, EventKind::WriteFailed) {
        return Some(1);
    }
    let EventKind::Acted(Action::Server(action)) = kind else {
        return None;
    };
    match action {
        ServerAction::Crash(_) | ServerAction::CrashTorn(_) => Some(1),
        ServerAction::Restart(_)
        | ServerAction::RestartEmpty(_)
        | ServerAction::RestartBackup(_) => Some(2),
        ServerAction::Propose { .. }
        | ServerAction::Read(_)
        | ServerAction::Transfer { .. }
        | ServerAction::Reconfigure { .. }
        | ServerAction::Pause(_)
        | ServerAction::Resume(_)
        | ServerAction::Fire(..)
        | ServerAction::Snapshot(_) => None,
    }
}
