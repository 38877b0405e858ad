//! What a run would have been if its servers kept to other rules.

use raft_core::RuleSet;

use super::branch::Replay;
use super::told::Place;
use super::{Phase, Run};
use crate::setup::Setup;

/// A run played again under other rules.
#[derive(Debug, Clone)]
pub struct Ablated {
    /// The run, at its end.
    pub run: Run,
    /// How many Actions could not be done in it, and were left out: a message
    /// that was dropped may never have been sent.
    pub left_out: usize,
}

impl Run {
    /// The current branch again, with servers that keep to all rules but
    /// those of `ablated`: the same cluster, the same draws, and the same
    /// Actions at the same times. Captions stand as long as it goes the same way.
    #[must_use]
    pub fn ablated(&self, ablated: RuleSet) -> Ablated {
        let setup = Setup {
            ablated,
            ..self.setup().clone()
        };
        let mut run = Self::new(setup);
        let mut left_out = 0;
        let mut phases = self.phases().iter().peekable();
        for external in &self.branch().externals {
            let place = (external.position, external.at);
            while let Some(phase) = phases.next_if(|phase| (phase.position, phase.at) <= place) {
                run.begin_phase(phase);
            }
            run.live_to(place);
            left_out += usize::from(run.act(&external.action).is_err());
        }
        for phase in phases {
            run.begin_phase(phase);
        }
        run.live_to((self.events().len() as u64, self.end_at()));
        let parts = self.parts_from(&run);
        let branch = run.branch_mut();
        branch.told.until = parts.into_iter().chain(self.told_until()).min();
        if let Some(parts) = parts {
            branch
                .phases
                .retain(|phase| (phase.position, phase.at) < parts);
        }
        Ablated { run, left_out }
    }

    /// Goes on in a branch that is the current one again, with servers that keep to all rules
    /// but those of `ablated`, and leaves it at its end. The branch that it was stays. Rules
    /// that are put back lead back to where they were taken away, if nothing was done since.
    pub fn replay_ablated(&mut self, ablated: RuleSet) {
        if let Some(original) = self.branch().replay_of() {
            self.current = original;
        }
        let known = self.branches.iter().position(|branch| {
            branch.setup.ablated == ablated
                && branch.end_at >= self.branch().end_at
                && branch.replay.is_some_and(|replay| {
                    replay.of == self.current
                        && replay.done_there == self.branch().externals.len()
                        && replay.done_here == branch.externals.len()
                })
        });
        if self.setup().ablated != ablated {
            self.current = known.unwrap_or_else(|| self.add_replay(ablated));
        }
        self.go_to(u64::MAX);
    }

    fn add_replay(&mut self, ablated: RuleSet) -> usize {
        let again = self.ablated(ablated).run;
        let parts = self.parts_from(&again);
        let mut branch = again.branches.into_iter().next();
        if let Some(branch) = &mut branch {
            branch.replay = Some(Replay {
                of: self.current,
                done_there: self.branch().externals.len(),
                done_here: branch.externals.len(),
            });
            let position = parts.map_or(self.events().len() as u64, |(position, _)| position);
            branch.parent = Some((self.current, position));
        }
        self.branches.extend(branch);
        self.branches.len() - 1
    }

    /// Where another run goes another way than this branch; nowhere if it does not.
    fn parts_from(&self, other: &Self) -> Option<Place> {
        let mut theirs = other.events().into_iter();
        let parts = |event: &crate::event::Event| theirs.next().as_ref() != Some(event);
        let first = self.events().into_iter().find(parts);
        first.map(|event| (event.number, event.at))
    }

    fn begin_phase(&mut self, phase: &Phase) {
        self.live_to((phase.position, phase.at));
        let phase = Phase {
            position: self.position(),
            at: self.world.now(),
            ..phase.clone()
        };
        self.branch_mut().phases.push(phase);
    }

    /// Lets everything happen that comes before an instant of another run.
    /// What falls on that very instant happens as far as it did there, so that
    /// under the same rules the two runs are one.
    fn live_to(&mut self, (position, at): Place) {
        while self
            .next_at()
            .is_some_and(|next| next < at || (next == at && self.position() < position))
        {
            if self.check_room(1).is_err() || !self.step_on() {
                break;
            }
        }
        self.world.pass_to(at);
        let now = self.world.now();
        let branch = self.branch_mut();
        branch.end_at = branch.end_at.max(now);
    }
}
