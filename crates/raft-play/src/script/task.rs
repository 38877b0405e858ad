//! Who goes through the lines of a playbook, and what each waits for.

use std::sync::Arc;

use raft_core::Index;

use super::agree::Offering;
use super::names::Bindings;
use super::{Condition, Doing, Statement};
use raft_sim::time::Micros;

/// Somebody who goes through lines one after the other.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) frames: Vec<Frame>,
    pub(super) waiting: Waiting,
    pub(super) bound: Bindings,
    pub(super) index: Index,
    pub(super) parent: Option<usize>,
    /// How many tasks that it waits for are not done, those that go on meanwhile and others.
    pub(super) children: usize,
    pub(super) foreground: usize,
    pub(super) is_background: bool,
    pub(super) is_done: bool,
    /// How many events came before the line that it is at, and when it began that.
    pub(super) began: (u64, Micros),
}

/// A block that is gone through.
#[derive(Debug)]
pub(super) struct Frame {
    body: Arc<Vec<Statement>>,
    /// The line that comes next, and where the block ends.
    next: usize,
    end: usize,
    pub(super) rounds: Rounds,
}

/// What happens at the end of a block.
#[derive(Debug)]
pub(super) enum Rounds {
    One,
    More {
        left: u64,
        round: u64,
    },
    /// When the round began, and how many before it began at that very instant.
    UntilOthersAreDone {
        began: Micros,
        idle: u32,
    },
}

/// What a task waits for.
#[derive(Debug)]
pub(super) enum Waiting {
    Nothing,
    Time(Micros),
    /// What its line says, up to this time at most.
    Condition {
        to: Micros,
        /// Whether it is a failure that it does not come.
        must: bool,
    },
    Agreement(Box<Offering>),
    /// A look, and how many are left after it, for a leader within reach.
    Leader {
        next_at: Micros,
        looks_left: u32,
    },
    Children,
}

impl Frame {
    fn new(body: &Arc<Vec<Statement>>, rounds: Rounds) -> Self {
        Self {
            body: Arc::clone(body),
            next: 0,
            end: body.len(),
            rounds,
        }
    }

    /// The block, and the place in it of the line that comes next, which is begun now.
    pub(super) fn begin_next(&mut self) -> Option<(Arc<Vec<Statement>>, usize)> {
        let place = (self.next < self.end).then_some(self.next)?;
        self.next += 1;
        Some((Arc::clone(&self.body), place))
    }

    pub(super) const fn begin_again(&mut self) {
        self.next = 0;
    }

    /// The line that was begun last.
    fn current(&self) -> Option<&Statement> {
        self.body.get(self.next.checked_sub(1)?)
    }
}

impl Task {
    pub(super) fn new(body: &Arc<Vec<Statement>>) -> Self {
        Self {
            frames: vec![Frame::new(body, Rounds::One)],
            waiting: Waiting::Nothing,
            bound: Bindings::default(),
            index: Index::ZERO,
            parent: None,
            children: 0,
            foreground: 0,
            is_background: false,
            is_done: false,
            began: (0, Micros::ZERO),
        }
    }

    /// One for the line at `place` of a block, which goes on by itself.
    pub(super) fn child(&self, parent: usize, body: &Arc<Vec<Statement>>, place: usize) -> Self {
        let mut child = Self::new(body);
        if let Some(frame) = child.frames.last_mut() {
            (frame.next, frame.end) = (place, place + 1);
        }
        child.parent = Some(parent);
        child.bound = self.bound.clone();
        child.index = self.index;
        let statement = body.get(place);
        child.is_background =
            statement.is_some_and(|statement| matches!(statement.doing, Doing::Meanwhile(_)));
        child
    }

    pub(super) fn enter(&mut self, body: &Arc<Vec<Statement>>, rounds: Rounds) {
        self.frames.push(Frame::new(body, rounds));
    }

    /// The line that it is at.
    pub(super) fn statement(&self) -> Option<&Statement> {
        self.frames.last()?.current()
    }

    /// Whether it is where a question is revealed.
    pub(super) fn is_at_reveal(&self) -> bool {
        let statement = self.statement();
        statement.is_some_and(|statement| matches!(statement.doing, Doing::Reveal(_)))
    }

    /// The line that its innermost block begins with.
    fn block(&self) -> Option<&Statement> {
        let outer = self.frames.len().checked_sub(2)?;
        self.frames.get(outer)?.current()
    }

    /// The name of the rounds of its innermost block, and what ends them.
    pub(super) fn repeated(&self) -> Option<(Option<&String>, Option<&Condition>)> {
        match &self.block()?.doing {
            Doing::Repeat { name, until, .. } => Some((name.as_ref(), until.as_deref())),
            _ => None,
        }
    }

    /// The number of the line that it is at, or, in an empty block, that the block begins with.
    pub(super) fn line(&self) -> u32 {
        let statement = self.statement().or_else(|| self.block());
        statement.map_or(0, |statement| statement.line)
    }

    /// What the line that it is at waits for.
    pub(super) fn condition(&self) -> Option<&Condition> {
        match &self.statement()?.doing {
            Doing::Wait { until, .. } => Some(until),
            Doing::Pass { until, .. } => until.as_deref(),
            _ => None,
        }
    }
}
