//! Blocks while they are played: how they begin, come round again, and end.

use std::sync::Arc;

use super::{Player, Trouble, known};
use crate::script::names::Bound;
use crate::script::task::{Rounds, Waiting};
use crate::script::{Doing, Statement};
use crate::text::{Fault, Wrong};
use raft_sim::observed::Observed;
use raft_sim::run::Stage;

/// How often a `meanwhile` comes round at one instant before it is said that it always will:
/// nobody else goes on as long as it does, so that the others are never done.
const IDLE_ROUNDS_MAX: u32 = 1000;

impl Player {
    /// Begins a block.
    pub(super) fn block(
        &mut self,
        world: &Observed,
        task: usize,
        doing: &Doing,
    ) -> Result<(), Trouble> {
        match doing {
            Doing::Repeat {
                times, name, body, ..
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
                this.enter(body, Rounds::More { left, round: 1 });
            }
            Doing::Chance {
                permille,
                body,
                otherwise,
            } => {
                let first = self.lot.draw.chance(permille.get());
                self.tasks[task].enter(if first { body } else { otherwise }, Rounds::One);
            }
            Doing::If {
                condition,
                body,
                otherwise,
            } => {
                let mut known = known(world, &self.tasks[task], &mut self.lot);
                let first = condition.holds(&mut known)?;
                self.tasks[task].enter(if first { body } else { otherwise }, Rounds::One);
            }
            Doing::Concurrently(body) => self.fork(task, body),
            Doing::InTurn(body) => self.tasks[task].enter(body, Rounds::One),
            Doing::Meanwhile(body) => {
                let (began, idle) = (world.now(), 0);
                let rounds = Rounds::UntilOthersAreDone { began, idle };
                self.tasks[task].enter(body, rounds);
            }
            _ => {}
        }
        Ok(())
    }

    /// Lets each statement go on by itself.
    fn fork(&mut self, task: usize, body: &Arc<Vec<Statement>>) {
        // Whoever has finished is not looked at any more.
        while self.tasks.len() > task + 1 && self.tasks.last().is_some_and(|last| last.is_done) {
            self.tasks.pop();
        }
        for place in 0..body.len() {
            self.lot.work.task();
            let child = self.tasks[task].child(task, body, place);
            let this = &mut self.tasks[task];
            this.children += 1;
            this.foreground += usize::from(!child.is_background);
            self.agenda.is_ready(self.tasks.len());
            self.tasks.push(child);
        }
        self.tasks[task].waiting = Waiting::Children;
    }

    pub(super) fn end_of_block(&mut self, stage: &dyn Stage, task: usize) -> Result<(), Trouble> {
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
            Rounds::UntilOthersAreDone { began, idle } => {
                let now = stage.world().now();
                *idle = if *began == now { *idle + 1 } else { 0 };
                *began = now;
                if !others_done && *idle >= IDLE_ROUNDS_MAX {
                    let fault = Fault::idle_meanwhile(IDLE_ROUNDS_MAX);
                    return Err(Wrong { at: 0, fault }.into());
                }
                !others_done
            }
            Rounds::More { left, round } => {
                *left -= 1;
                *round += 1;
                let round = Bound::Number(i128::from(*round));
                !self.is_repeated_enough(stage.world(), task, round)?
            }
        };
        let this = &mut self.tasks[task];
        match this.frames.last_mut() {
            Some(frame) if again => frame.begin_again(),
            _ => {
                this.frames.pop();
            }
        }
        Ok(())
    }

    /// Gives the round its name, and answers whether the condition of the innermost block holds.
    fn is_repeated_enough(
        &mut self,
        world: &Observed,
        task: usize,
        round: Bound,
    ) -> Result<bool, Trouble> {
        let this = &mut self.tasks[task];
        if let Some(name) = this.repeated().and_then(|(name, _)| name.cloned()) {
            this.bound.insert(&name, round);
        }
        let this = &self.tasks[task];
        match this.repeated() {
            Some((_, Some(until))) => until.holds(&mut known(world, this, &mut self.lot)),
            _ => Ok(false),
        }
    }

    pub(super) fn finish(&mut self, task: usize) {
        let this = &mut self.tasks[task];
        this.is_done = true;
        let is_background = this.is_background;
        let Some(number) = this.parent else {
            return;
        };
        let parent = &mut self.tasks[number];
        parent.children -= 1;
        parent.foreground -= usize::from(!is_background);
        if parent.children == 0 {
            self.agenda.is_ready(number);
        }
    }
}
