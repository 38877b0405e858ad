//! A run as text: what its playbook says as far as it follows it, then what came from outside,
//! and what lets the world go on from one to the next and no further.

use super::branch::Branch;
use super::told::{Place, silence};
use super::{Events, Run};
use crate::action::Action;
use crate::playbook::{Lines, Playbook};
use crate::script::{Doing, Statement};
use crate::time::Micros;

impl Run {
    /// The current branch up to its end, as the text of a playbook.
    #[must_use]
    pub fn save(&self) -> String {
        self.branch().save(self.end_at())
    }

    /// The branch `id` up to its end, likewise; nothing if there is none.
    #[must_use]
    pub fn save_branch(&self, id: usize) -> Option<String> {
        if id == self.current {
            return Some(self.save());
        }
        let branch = self.branches.get(id)?;
        Some(branch.save(branch.end_at))
    }
}

impl Branch {
    fn save(&self, end_at: Micros) -> String {
        let told = self.told.lines();
        let start = told.as_ref().map_or((0, Micros::ZERO), |(_, place)| *place);
        let end = (Events(self).len() as u64, end_at);
        let lines = self.lines_between(start, end, told.is_some());
        match told {
            Some((text, _)) if lines.is_empty() => text,
            Some((mut text, _)) => {
                if !text.ends_with('\n') {
                    text.push('\n');
                }
                text + &Lines(&lines).to_string()
            }
            None => {
                let setup = self.setup.clone();
                Playbook { setup, lines }.to_string()
            }
        }
    }

    /// What happened from `start` to `end`; `is_told` where a text leads to the start.
    fn lines_between(&self, start: Place, end: Place, is_told: bool) -> Vec<Statement> {
        let mut phases = self.phases.clone();
        let is_captioned = phases.last().is_some_and(|last| !last.caption.is_empty());
        if let Some(until) = self.told.until.filter(|until| is_captioned && *until < end) {
            phases.push(silence(until));
        }
        // A caption at the very start is in the text already, but for the end of all captions.
        phases.retain(|phase| {
            let place = (phase.position, phase.at);
            !is_told || place > start || (place == start && phase.caption.is_empty())
        });
        let mut phases = phases.into_iter().peekable();
        // What was typed within the text stays out of it: that is saved word for word.
        let asked = self.asked.iter().filter(|asked| asked.place() >= start);
        let mut asked = asked
            .filter_map(|asked| Some((asked.place(), asked.line()?)))
            .peekable();
        let mut lines = Vec::new();
        let mut place = start;
        let externals = self.externals.iter();
        let after = externals.filter(|external| external.position >= start.0);
        for external in after.map(Some).chain([None]) {
            let to = external.map_or(end, |external| (external.position, external.at));
            while let Some(phase) = phases.next_if(|phase| (phase.position, phase.at) <= to) {
                let begin = (phase.position, phase.at);
                while let Some((at, line)) = asked.next_if(|(at, _)| *at < begin) {
                    self.lines_to(&mut lines, &mut place, at);
                    lines.push(line);
                }
                self.lines_to(&mut lines, &mut place, begin);
                let (caption, caption_zh) = (phase.caption, phase.caption_zh);
                let doing = Doing::Phase {
                    caption,
                    caption_zh,
                };
                lines.push(Statement { line: 0, doing });
            }
            while let Some((at, line)) = asked.next_if(|(at, _)| *at <= to) {
                self.lines_to(&mut lines, &mut place, at);
                lines.push(line);
            }
            self.lines_to(&mut lines, &mut place, to);
            if let Some(external) = external {
                lines.push(action_line(external.action.clone()));
                place.0 += 1;
            }
        }
        lines
    }

    /// What lets the world go on from `place` to `to` and no further.
    fn lines_to(&self, lines: &mut Vec<Statement>, place: &mut Place, to: Place) {
        let mut steps = to.0.saturating_sub(place.0);
        if steps > 0 {
            place.1 = Events(self).get(to.0 - 1).map_or(place.1, |event| event.at);
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
