//! Playing a case: each Action at its time, as far as it is still possible.

use raft_sim::action::{Action, ServerAction, Steps, TimeAction};
use raft_sim::ids::MessageId;
use raft_sim::run::{Stage, Trial};
use raft_sim::time::Duration;
use raft_sim::{Micros, World};

use super::{Found, Goal, Move, Place, ends};
use crate::swarm::{PROGRESS_WITHIN, Progress, demand_progress, quorum};

/// Plays a case, and keeps the lines that say the same.
pub(super) struct Player {
    pub(super) trial: Trial,
    pub(super) goal: Goal,
    pub(super) found: Option<Found>,
    pub(super) lines: Vec<Action>,
}

impl Player {
    /// Plays until `at` and this many events of that instant; `false` if it ends before.
    pub(super) fn live_to(&mut self, at: Micros, events: Option<u64>) -> bool {
        let before = Micros(at.0.saturating_sub(1));
        let Some(events) = events else {
            return self.pass_to(at);
        };
        if self.trial.world().now() < before && !self.pass_to(before) {
            return false;
        }
        let (mut left, mut goes_on) = (events, true);
        while goes_on && left > 0 && self.trial.world().next_event_at() == Some(at) {
            goes_on = self.step();
            left -= 1;
        }
        let done = events - left;
        if done > 0 {
            self.say(Action::Time(TimeAction::Step(Steps::clamped(done))));
        }
        if !goes_on {
            return false;
        }
        // The events that came first may no longer happen.
        self.trial.world().now() >= at || self.pass_to(at)
    }

    fn pass_to(&mut self, to: Micros) -> bool {
        let from = self.trial.world().now();
        let before = self.trial.world().event_count();
        let mut goes_on = true;
        while goes_on
            && self
                .trial
                .world()
                .next_event_at()
                .is_some_and(|at| at <= to)
        {
            goes_on = self.step();
        }
        if goes_on {
            goes_on = self.trial.live_to(to).is_ok();
        }
        let happened = self.trial.world().event_count() - before;
        if self.trial.world().now() == from && happened > 0 {
            // No time passes that would let them happen.
            self.say(Action::Time(TimeAction::Step(Steps::clamped(happened))));
        }
        let mut passed = self.trial.world().now().saturating_sub(from);
        while passed > Micros::ZERO {
            let some = Duration::clamped(passed);
            self.say(Action::Time(TimeAction::Run(some)));
            passed = passed.saturating_sub(some.get());
        }
        goes_on
    }

    fn step(&mut self) -> bool {
        let happened = self.trial.step().unwrap_or(false);
        self.look();
        happened && self.found.is_none()
    }

    pub(super) fn do_it(&mut self, this: &Move) -> bool {
        let action = match this.message {
            None => Some(this.action.clone()),
            Some(place) => {
                let id = id_at(self.trial.world(), place);
                id.and_then(|id| with_message(&this.action, id))
            }
        };
        let Some(action) = action else {
            return false;
        };
        let is_done = self.trial.act(&action).is_ok();
        if is_done {
            self.say(action);
            self.look();
        }
        is_done
    }

    fn look(&mut self) {
        if let Goal::Breaks(invariant) = self.goal {
            let mut found = self.trial.world().checker().violations().iter();
            let found = found.find(|violation| violation.invariant() == invariant);
            self.found = found.cloned().map(Found::Broken);
        }
    }

    /// Repairs a quorum, and checks whether it makes progress.
    pub(super) fn recover(&mut self) {
        let before = self.trial.done().len();
        let core = quorum(self.trial.world());
        let progress = demand_progress(&mut self.trial, &core, PROGRESS_WITHIN);
        // A cluster in which an invariant broke before fails in another way.
        let is_broken = !self.trial.world().checker().violations().is_empty();
        if is_broken || !matches!(progress, Ok(Progress::None)) {
            return;
        }
        let mending = self.trial.done()[before..].iter();
        let mending = mending
            .filter(|done| !matches!(done.action, Action::Server(ServerAction::Propose { .. })));
        self.found = Some(Found::Stuck(
            mending.map(|done| done.action.clone()).collect(),
        ));
    }

    /// Keeps a line, merged into the last one if one line can say both.
    fn say(&mut self, action: Action) {
        if let Some(Action::Time(last)) = self.lines.last_mut()
            && let Action::Time(more) = &action
            && let Some(both) = together(*last, *more)
        {
            *last = both;
        } else {
            self.lines.push(action);
        }
    }
}

/// A line that lets as much happen as the two, if there is one.
fn together(one: TimeAction, more: TimeAction) -> Option<TimeAction> {
    match (one, more) {
        (TimeAction::Run(sum), TimeAction::Run(by)) => {
            let sum = sum.get().saturating_add(by.get());
            Duration::new(sum).map(TimeAction::Run)
        }
        (TimeAction::Step(sum), TimeAction::Step(by)) => {
            let sum = sum.get().saturating_add(by.get());
            Steps::new(sum).map(TimeAction::Step)
        }
        (TimeAction::Run(_), TimeAction::Step(_)) | (TimeAction::Step(_), TimeAction::Run(_)) => {
            None
        }
    }
}

fn with_message(action: &Action, id: MessageId) -> Option<Action> {
    let Action::Message(action) = action else {
        return None;
    };
    Some(Action::Message(action.done_to(id)?))
}

fn id_at(world: &World, place: Place) -> Option<MessageId> {
    let flights = world.network().flights().iter();
    let mut there = flights.filter(|(_, flight)| ends(flight) == Some((place.from, place.to)));
    there.nth(place.nth).map(|(id, _)| *id)
}
