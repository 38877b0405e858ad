//! A run as text: its set-up, what came from outside, and what lets the world
//! go on from one to the next and no further.

use super::Run;
use crate::action::Action;
use crate::playbook::Playbook;
use crate::script::{Doing, Statement};
use crate::time::Micros;

impl Run {
    /// The current branch up to its end, as the text of a playbook.
    #[must_use]
    pub fn save(&self) -> String {
        let mut lines = Vec::new();
        let mut phases = self.phases().iter().peekable();
        let mut place = (0, Micros::ZERO);
        let externals = self.branch().externals.iter().map(Some);
        for external in externals.chain([None]) {
            let to = external.map_or((self.events().len() as u64, self.end_at()), |external| {
                (external.position, external.at)
            });
            while let Some(phase) = phases.next_if(|phase| (phase.position, phase.at) <= to) {
                self.lines_to(&mut lines, &mut place, (phase.position, phase.at));
                let (caption, caption_zh) = (phase.caption.clone(), phase.caption_zh.clone());
                let doing = Doing::Phase {
                    caption,
                    caption_zh,
                };
                lines.push(Statement { line: 0, doing });
            }
            self.lines_to(&mut lines, &mut place, to);
            if let Some(external) = external {
                lines.push(action_line(external.action.clone()));
                place.0 += 1;
            }
        }
        let setup = self.setup.clone();
        Playbook { setup, lines }.to_string()
    }

    /// What lets the world go on from `place` to `to` and no further.
    fn lines_to(&self, lines: &mut Vec<Statement>, place: &mut (u64, Micros), to: (u64, Micros)) {
        let mut steps = to.0.saturating_sub(place.0);
        if steps > 0 {
            place.1 = self.event(to.0 - 1).map_or(place.1, |event| event.at);
        }
        while steps > 0 {
            let some = steps.min(crate::text::STEPS_MAX);
            lines.push(action_line(Action::Step(some)));
            steps -= some;
        }
        let mut wait = to.1.saturating_sub(place.1);
        while wait > Micros::ZERO {
            let some = wait.min(crate::text::DURATION_MAX);
            lines.push(action_line(Action::Run(some)));
            wait = wait.saturating_sub(some);
        }
        *place = to;
    }
}

const fn action_line(action: Action) -> Statement {
    let doing = Doing::Action(action);
    Statement { line: 0, doing }
}
