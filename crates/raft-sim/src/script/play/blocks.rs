//! Blocks while they are played: how they begin, come round again, and end.

use super::{Player, Trouble, known};
use crate::script::names::Bound;
use crate::script::stage::Stage;
use crate::script::task::{Rounds, Task, Waiting};
use crate::script::{Doing, Statement};

impl<'p, S: Stage> Player<'p, S> {
    /// Begins a block.
    pub(super) fn block(
        &mut self,
        task: usize,
        doing: &'p Doing,
        line: u32,
    ) -> Result<(), Trouble> {
        match doing {
            Doing::Repeat {
                times,
                name,
                until,
                body,
            } => {
                let width = times.max - times.min + 1;
                let drawn = if width > 1 {
                    times.min + self.lot.draw.below(width)
                } else {
                    times.min
                };
                let Some(left) = drawn.checked_sub(1) else {
                    return Ok(());
                };
                let this = &mut self.tasks[task];
                if let Some(name) = name {
                    this.bound.insert(name, Bound::Number(1));
                }
                let rounds = Rounds::More {
                    left,
                    round: 1,
                    name: name.as_deref(),
                    until: until.as_ref().map(|until| (until, line)),
                };
                this.enter(body, rounds, line);
            }
            Doing::Chance {
                permille,
                body,
                otherwise,
            } => {
                let first = self.lot.draw.chance(*permille);
                self.tasks[task].enter(if first { body } else { otherwise }, Rounds::One, line);
            }
            Doing::If {
                condition,
                body,
                otherwise,
            } => {
                let mut known = known(self.stage.world(), &self.tasks[task], &mut self.lot);
                let first = condition.holds(&mut known)?;
                self.tasks[task].enter(if first { body } else { otherwise }, Rounds::One, line);
            }
            Doing::Concurrently(body) => self.fork(task, body),
            Doing::InTurn(body) => self.tasks[task].enter(body, Rounds::One, line),
            Doing::Meanwhile(body) => {
                self.tasks[task].enter(body, Rounds::UntilOthersAreDone, line);
            }
            _ => {}
        }
        Ok(())
    }

    /// Lets each statement go on by itself.
    pub(super) fn fork(&mut self, task: usize, body: &'p [Statement]) {
        // Whoever has finished is not looked at any more.
        while self.tasks.len() > task + 1 && self.tasks.last().is_some_and(|last| last.is_done) {
            self.tasks.pop();
        }
        for statement in body {
            let mut child = Task::new(std::slice::from_ref(statement), Some(task));
            child.bound.clone_from(&self.tasks[task].bound);
            child.index = self.tasks[task].index;
            child.is_background = matches!(statement.doing, Doing::Meanwhile(_));
            let this = &mut self.tasks[task];
            this.children += 1;
            this.foreground += usize::from(!child.is_background);
            self.tasks.push(child);
        }
        self.tasks[task].waiting = Waiting::Children;
    }

    pub(super) fn end_of_block(&mut self, task: usize) -> Result<(), Trouble> {
        self.count()?;
        let others_done = self.tasks[task]
            .parent
            .is_none_or(|parent| self.tasks[parent].foreground == 0);
        let this = &mut self.tasks[task];
        let Some(frame) = this.frames.last_mut() else {
            return Ok(());
        };
        let again = match &mut frame.rounds {
            Rounds::One | Rounds::More { left: 0, .. } => false,
            Rounds::UntilOthersAreDone => !others_done,
            Rounds::More {
                left,
                round,
                name,
                until,
            } => {
                *left -= 1;
                *round += 1;
                if let Some(name) = name {
                    let round = Bound::Number(i128::from(*round));
                    this.bound.insert(name, round);
                }
                let until = *until;
                let mut known = known(self.stage.world(), this, &mut self.lot);
                match until {
                    Some((until, _)) => !until.holds(&mut known)?,
                    None => true,
                }
            }
        };
        let this = &mut self.tasks[task];
        match this.frames.last_mut() {
            Some(frame) if again => frame.next = 0,
            _ => {
                this.frames.pop();
            }
        }
        Ok(())
    }

    pub(super) fn finish(&mut self, task: usize) {
        let this = &mut self.tasks[task];
        this.is_done = true;
        let is_background = this.is_background;
        if let Some(parent) = this.parent {
            self.tasks[parent].children -= 1;
            self.tasks[parent].foreground -= usize::from(!is_background);
        }
    }
}
