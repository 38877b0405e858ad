//! Who goes through the lines of a playbook, and what each waits for.

use raft_core::Index;

use super::agree::Offering;
use super::names::Bindings;
use super::{Condition, Statement};
use crate::time::Micros;

/// Somebody who goes through lines one after the other.
pub(super) struct Task<'p> {
    pub(super) frames: Vec<Frame<'p>>,
    pub(super) waiting: Waiting<'p>,
    pub(super) bound: Bindings,
    pub(super) index: Index,
    pub(super) parent: Option<usize>,
    /// How many tasks that it waits for are not done, those that go on meanwhile and others.
    pub(super) children: usize,
    pub(super) foreground: usize,
    pub(super) is_background: bool,
    pub(super) is_done: bool,
}

/// A block that is gone through.
pub(super) struct Frame<'p> {
    pub(super) body: &'p [Statement],
    pub(super) next: usize,
    pub(super) rounds: Rounds<'p>,
    /// The line that it begins with, for a block that has no other.
    pub(super) line: u32,
}

/// What happens at the end of a block.
pub(super) enum Rounds<'p> {
    One,
    More {
        left: u64,
        round: u64,
        name: Option<&'p str>,
        until: Option<(&'p Condition, u32)>,
    },
    UntilOthersAreDone,
}

/// What a task waits for.
pub(super) enum Waiting<'p> {
    Nothing,
    Time {
        to: Micros,
        until: Option<&'p Condition>,
        /// Whether it is a failure that it does not come.
        must: bool,
        line: u32,
    },
    Agreement(Box<Offering>),
    /// A look, and how many are left after it, for a leader within reach.
    Leader {
        next_at: Micros,
        looks_left: u32,
        line: u32,
    },
    Children,
}

impl<'p> Task<'p> {
    pub(super) fn new(body: &'p [Statement], parent: Option<usize>) -> Self {
        Self {
            frames: vec![Frame {
                body,
                next: 0,
                rounds: Rounds::One,
                line: 0,
            }],
            waiting: Waiting::Nothing,
            bound: Bindings::default(),
            index: Index::ZERO,
            parent,
            children: 0,
            foreground: 0,
            is_background: false,
            is_done: false,
        }
    }

    pub(super) fn enter(&mut self, body: &'p [Statement], rounds: Rounds<'p>, line: u32) {
        self.frames.push(Frame {
            body,
            next: 0,
            rounds,
            line,
        });
    }
}
