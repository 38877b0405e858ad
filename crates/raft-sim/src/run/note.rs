//! From one event of note to another.

use super::{EVENTS_MAX, Run, SEARCHED_MAX};
use crate::event::Event;
use crate::time::Micros;

impl Run {
    /// Goes on to just after the next event of note, living on at most `within`, and
    /// [`SEARCHED_MAX`] events; `false`, and nowhere, if there is none.
    pub fn next_of_note(&mut self, within: Micros) -> bool {
        let (position, now) = (self.position(), self.world.now());
        let (length, end_at) = (self.length(), self.end_at());
        let limit = now.saturating_add(within);
        let last = EVENTS_MAX.min(position + SEARCHED_MAX);
        while self.next_at().is_some_and(|at| at <= limit) {
            if self.position() >= last || !self.step_on() {
                break;
            }
            let last = self.event(self.position().saturating_sub(1));
            if last.is_some_and(|last| self.is_of_note(&last)) {
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
        event.is_of_note() || self.branch().broken.binary_search(&event.number).is_ok()
    }
}
