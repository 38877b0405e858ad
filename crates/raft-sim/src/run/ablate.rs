//! What a run would have been if its servers kept to other rules.

use std::rc::Rc;

use raft_core::RuleSet;

use super::branch::Replay;
use super::recording::Done;
use super::told::Place;
use super::{Events, Phase, Run};
use crate::action::Action;
use crate::event::Event;
use crate::setup::Setup;
use crate::time::Micros;

/// A run played again under other rules.
#[derive(Debug, Clone)]
pub struct Ablated {
    /// The run, at its end.
    pub run: Run,
    /// How many Actions could not be done in it, and were left out: a message
    /// that was dropped may never have been sent.
    pub left_out: usize,
}

/// A branch that is being played again under other rules, a while at a time.
#[derive(Debug)]
pub struct Ablating {
    again: Run,
    /// The branch that is played again, and its end.
    of: usize,
    end: Place,
    /// What is done in it.
    externals: Vec<Done>,
    /// Whether it is under other rules, and nothing else is different.
    is_of_rules: bool,
    /// How many captions have begun, and how many Actions have been done or left out.
    begun: usize,
    done: usize,
    left_out: usize,
}

impl Ablating {
    /// Goes on for about so many events of `run`, whose branch it is; answers whether the end has
    /// come.
    pub fn go_on(&mut self, run: &Run, events: u64) -> bool {
        let until = self.again.position().saturating_add(events);
        let branch = &run.branches[self.of];
        loop {
            let phase = branch.phases.get(self.begun);
            let external = self.externals.get(self.done);
            let phase = phase.map(|phase| ((phase.position, phase.at), phase));
            let external = external.map(|external| ((external.position, external.at), external));
            match (phase, external) {
                (Some((place, phase)), next) if next.is_none_or(|(next, _)| place <= next) => {
                    if !self.again.live_to(place, until) {
                        return false;
                    }
                    self.again.begin_phase(phase);
                    self.begun += 1;
                }
                (_, Some((place, external))) => {
                    if !self.again.live_to(place, until) {
                        return false;
                    }
                    self.left_out += usize::from(self.again.act(&external.action).is_err());
                    self.done += 1;
                }
                (_, None) => return self.again.live_to(self.end, until),
            }
        }
    }

    /// How far it has come: after how many events, and when.
    #[must_use]
    pub fn reached(&self) -> (u64, Micros) {
        (self.again.position(), self.again.world.now())
    }

    /// What has become of it at its end, and where it goes another way, if it does.
    fn ended(self, run: &Run) -> (Ablated, Option<Place>) {
        let mut again = self.again;
        let origin = &run.branches[self.of];
        let parts = origin.parts_from(&again);
        let branch = again.branch_mut();
        branch.told = origin.told.asked_until(parts);
        branch.told.until = parts.into_iter().chain(origin.told.until).min();
        if let Some(parts) = parts {
            branch
                .phases
                .retain(|phase| (phase.position, phase.at) < parts);
        }
        let left_out = self.left_out;
        let run = again;
        (Ablated { run, left_out }, parts)
    }
}

impl Run {
    /// The current branch again, with servers that keep to all rules but
    /// those of `ablated`: the same cluster, the same draws, and the same
    /// Actions at the same times. Captions and questions stand as long as it goes the same way.
    #[must_use]
    pub fn ablated(&self, ablated: RuleSet) -> Ablated {
        let mut ablating = self.ablating(self.current, ablated);
        while !ablating.go_on(self, u64::MAX) {}
        ablating.ended(self).0
    }

    fn ablating(&self, of: usize, ablated: RuleSet) -> Ablating {
        let branch = &self.branches[of];
        let setup = Setup {
            ablated,
            ..branch.setup.of_another_branch()
        };
        let end_at = if of == self.current {
            self.end_at()
        } else {
            branch.end_at
        };
        Ablating {
            again: Self::new(setup),
            of,
            end: (branch.len() as u64, end_at),
            externals: branch.externals.clone(),
            is_of_rules: true,
            begun: 0,
            done: 0,
            left_out: 0,
        }
    }

    /// Goes on in a branch that is the current one again, with servers that keep to all rules
    /// but those of `ablated`, and leaves it at its end. The branch that it was stays. Rules
    /// that are put back lead back to where they were taken away, if nothing was done since.
    pub fn replay_ablated(&mut self, ablated: RuleSet) {
        if let Some(mut replay) = self.begin_replay(ablated) {
            while !replay.go_on(self, u64::MAX) {}
            self.end_replay(replay);
        }
    }

    /// Begins what [`Self::replay_ablated`] does. Where there is such a branch already the run is
    /// at its end then; otherwise it is as it was until [`Self::end_replay`].
    pub fn begin_replay(&mut self, ablated: RuleSet) -> Option<Ablating> {
        let of = self.branch().replay_of().unwrap_or(self.current);
        let origin = &self.branches[of];
        let is_replay = |branch: &Rc<super::Branch>| {
            branch.setup.ablated == ablated
                && branch.end_at >= origin.end_at
                && branch.replay.is_some_and(|replay| {
                    replay.of == of
                        && replay.done_there == origin.externals.len()
                        && replay.done_here == branch.externals.len()
                })
        };
        let there = if origin.setup.ablated == ablated {
            Some(of)
        } else {
            self.branches.iter().position(is_replay)
        };
        let Some(there) = there else {
            return Some(self.ablating(of, ablated));
        };
        self.note_act();
        self.current = there;
        self.go_to(u64::MAX);
        None
    }

    /// Begins to play the current branch again with `action` done at the present instant, and
    /// everything that was done after it as it was; see [`Self::end_replay`].
    #[must_use]
    pub fn begin_acted(&self, action: &Action) -> Ablating {
        let ablated = self.setup().ablated;
        let mut again = self.ablating(self.current, ablated);
        again.is_of_rules = false;
        let (position, at) = (self.position(), self.world.now());
        let extra = Done {
            position,
            at,
            action: action.clone(),
        };
        let place = again
            .externals
            .partition_point(|done| done.place() < extra.place());
        // It is an event more.
        for later in &mut again.externals[place..] {
            later.position += 1;
        }
        again.externals.insert(place, extra);
        again.end.0 += 1;
        again
    }

    /// Adds the branch that has been played again, and goes to its end.
    pub fn end_replay(&mut self, replay: Ablating) {
        self.note_act();
        let (of, is_of_rules) = (replay.of, replay.is_of_rules);
        let (again, parts) = replay.ended(self);
        let origin = &self.branches[of];
        let (done_there, length) = (origin.externals.len(), origin.len() as u64);
        for branch in again.run.branches {
            let mut branch = Rc::unwrap_or_clone(branch);
            branch.replay = is_of_rules.then_some(Replay {
                of,
                done_there,
                done_here: branch.externals.len(),
            });
            branch.parent = Some((of, parts.map_or(length, |(position, _)| position)));
            self.current = self.branches.len();
            self.branches.push(Rc::new(branch));
        }
        self.go_to(u64::MAX);
    }

    fn begin_phase(&mut self, phase: &Phase) {
        let phase = Phase {
            position: self.position(),
            at: self.world.now(),
            ..phase.clone()
        };
        self.branch_mut().phases.push(phase);
    }

    /// Lets everything happen that comes before an instant of another run.
    /// What falls on that very instant happens as far as it did there, so that
    /// under the same rules the two runs are one. Answers `false` where `until` events come first.
    fn live_to(&mut self, (position, at): Place, until: u64) -> bool {
        while self
            .next_at()
            .is_some_and(|next| next < at || (next == at && self.position() < position))
        {
            if self.position() >= until {
                return false;
            }
            if self.check_room(1).is_err() || !self.step_on() {
                break;
            }
        }
        self.world.pass_to(at);
        let now = self.world.now();
        let branch = self.branch_mut();
        branch.end_at = branch.end_at.max(now);
        true
    }
}

impl super::Branch {
    /// Where another run goes another way than this branch; nowhere if it does not.
    fn parts_from(&self, other: &Run) -> Option<Place> {
        let mut theirs = other.events().into_iter();
        let parts = |event: &Event| theirs.next().as_ref() != Some(event);
        let first = Events(self).into_iter().find(parts);
        first.map(|event| (event.number, event.at))
    }
}
