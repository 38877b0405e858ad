//! Which tasks may go on at this instant, and when the others want to.
//!
//! Thousands of them may wait at once, so nobody is looked at who cannot have anything to do.

use std::collections::BTreeSet;

use super::task::{Task, Waiting};
use raft_sim::time::Micros;

/// The tasks of a player by what they wait for.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    /// Those to be looked at before any time passes.
    ready: BTreeSet<usize>,
    /// Those that wait for a condition, which any event may bring about.
    watching: BTreeSet<usize>,
    /// When each wants to look again.
    alarms: BTreeSet<(Micros, usize)>,
}

impl Agenda {
    /// The first task, from `from` on, to look at now.
    pub(super) fn next(&self, from: usize) -> Option<usize> {
        let ready = self.ready.range(from..).next();
        let watching = self.watching.range(from..).next();
        ready.into_iter().chain(watching).min().copied()
    }

    /// Whether somebody waits for a condition.
    pub(super) fn is_watching(&self) -> bool {
        !self.watching.is_empty()
    }

    /// The next instant at which somebody wants to look, and who.
    pub(super) fn first_alarm(&self) -> Option<(Micros, usize)> {
        self.alarms.first().copied()
    }

    /// Time has passed up to `now`.
    pub(super) fn wake(&mut self, now: Micros) {
        while let Some((at, task)) = self.alarms.first().copied()
            && at <= now
        {
            self.alarms.remove(&(at, task));
            self.ready.insert(task);
        }
    }

    /// The task is to be looked at before any time passes.
    pub(super) fn is_ready(&mut self, task: usize) {
        self.ready.insert(task);
    }

    /// The task waits now as it says.
    pub(super) fn waits(&mut self, number: usize, task: &Task, now: Micros) {
        if task.is_done {
            return;
        }
        let at = match &task.waiting {
            Waiting::Children if task.children > 0 => return,
            Waiting::Nothing | Waiting::Children => now,
            Waiting::Condition { to, .. } => {
                self.watching.insert(number);
                *to
            }
            Waiting::Time(to) => *to,
            Waiting::Agreement(offering) => offering.next_at,
            Waiting::Leader { next_at, .. } => *next_at,
        };
        if at <= now {
            self.ready.insert(number);
        } else {
            self.alarms.insert((at, number));
        }
    }

    /// The task is looked at, and waits for nothing until it says so again.
    pub(super) fn forget(&mut self, number: usize, task: &Task) {
        self.ready.remove(&number);
        let at = match &task.waiting {
            Waiting::Nothing | Waiting::Children => return,
            Waiting::Condition { to, .. } => {
                self.watching.remove(&number);
                *to
            }
            Waiting::Time(to) => *to,
            Waiting::Agreement(offering) => offering.next_at,
            Waiting::Leader { next_at, .. } => *next_at,
        };
        self.alarms.remove(&(at, number));
    }
}
