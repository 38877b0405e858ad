//! What a run would have been if its servers kept to other rules.

use raft_core::RuleSet;

use super::{Phase, Run};
use crate::playbook::Setup;
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

impl Run {
    /// The current branch again, with servers that keep to all rules but
    /// those of `without`: the same cluster, the same draws, and the same
    /// Actions at the same times.
    #[must_use]
    pub fn ablated(&self, without: RuleSet) -> Ablated {
        let setup = Setup {
            without,
            ..self.setup.clone()
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
        Ablated { run, left_out }
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
    fn live_to(&mut self, (position, at): (u64, Micros)) {
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
