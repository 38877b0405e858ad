//! Going on to the next event of a kind, and back to one of note.

use raft_core::Rule;

use super::{EVENTS_MAX, Run, SEARCHED_MAX};
use crate::action::{Action, ServerAction};
use crate::event::{Event, EventKind};
use crate::time::Micros;

/// What one goes on to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// Whatever one would want to stop at.
    Note,
    /// A server wins an election.
    Leader,
    /// A leader commits an entry.
    Commit,
    /// A server refuses a vote, entries or a snapshot.
    Refusal,
    /// A follower deletes entries that conflict with the leader's.
    Conflict,
    /// A server stops.
    Crash,
    /// An invariant is found broken.
    Broken,
    /// This clause acts.
    Rule(Rule),
}

impl Run {
    /// Goes on to just after the next event that is such, living on at most `within`, and
    /// [`SEARCHED_MAX`] events; `false`, and nowhere, if there is none.
    pub fn to_next(&mut self, aim: Aim, within: Micros) -> bool {
        let (position, now) = (self.position(), self.world.now());
        let (length, end_at) = (self.length(), self.end_at());
        let limit = now.saturating_add(within);
        let last = EVENTS_MAX.min(position + SEARCHED_MAX);
        while self.next_at().is_some_and(|at| at <= limit) {
            if self.position() >= last || !self.step_on() {
                break;
            }
            let last = self.event(self.position().saturating_sub(1));
            if last.is_some_and(|last| self.is_such(aim, &last)) {
                return true;
            }
        }
        self.return_to(position, now, length, end_at);
        false
    }

    /// Goes back to just after the previous event of note; `false`, and to
    /// the beginning, if there is none.
    pub fn previous_of_note(&mut self) -> bool {
        let earlier = 0..self.position().saturating_sub(1);
        let mut earlier = self.events().range(earlier).rev();
        let found = earlier.find(|event| self.is_of_note(event));
        self.go_to(found.as_ref().map_or(0, |event| event.number + 1));
        found.is_some()
    }

    /// Whether one would want to stop at an event: it is of note by itself, or
    /// an invariant was first found broken at it.
    #[must_use]
    pub fn is_of_note(&self, event: &Event) -> bool {
        event.is_of_note() || self.is_such(Aim::Broken, event)
    }

    fn is_such(&self, aim: Aim, event: &Event) -> bool {
        let has = |rule: Rule| event.rules.contains(&rule);
        match aim {
            Aim::Note => self.is_of_note(event),
            Aim::Leader => has(Rule::WinElection),
            Aim::Commit => has(Rule::CommitMajority),
            Aim::Refusal => [
                Rule::AppendStaleTerm,
                Rule::ConsistencyCheck,
                Rule::VoteStaleTerm,
                Rule::StickToLeader,
                Rule::OneVote,
                Rule::UpToDate,
                Rule::InstallStaleTerm,
            ]
            .into_iter()
            .any(has),
            Aim::Conflict => has(Rule::DeleteConflict),
            Aim::Crash => is_crash(&event.kind),
            Aim::Broken => self.branch().broken.binary_search(&event.number).is_ok(),
            Aim::Rule(rule) => has(rule),
        }
    }
}

const fn is_crash(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::WriteFailed
            | EventKind::Acted(Action::Server(
                ServerAction::Crash(_) | ServerAction::CrashTorn(_)
            ))
    )
}
