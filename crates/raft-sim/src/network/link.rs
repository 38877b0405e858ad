//! One direction between two servers, and what becomes of a message on it.

use raft_core::NodeId;

use super::labrpc::{Draws, Labrpc};
use crate::delay::Delay;
use crate::event::LossReason;
use crate::playbook::{LATENCY, LOSS_PERMILLE};
use crate::random::Stream;
use crate::time::{Micros, MicrosRange};

/// One direction between two servers. What messages meet there is drawn from a stream for each
/// purpose, so that one fault more or less changes nothing about the others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Link {
    /// Whether nothing passes.
    pub cut: bool,
    /// What the time that a message takes is drawn from.
    pub latency: Delay,
    /// How many of a thousand messages are lost.
    pub loss_permille: u16,
    /// How many of a thousand messages arrive twice.
    pub duplication_permille: u16,
    /// How many of a thousand messages take longer.
    pub reordering_permille: u16,
    /// How much longer those take.
    pub reordering: MicrosRange,
    delays: Stream,
    losses: Stream,
    copies: Stream,
    reorders: Stream,
    labrpc: Draws,
}

/// What is settled about a message when it is sent.
pub(super) struct Fate {
    pub(super) delay: Micros,
    pub(super) is_lost: bool,
}

impl Fate {
    /// Why what is sent will not arrive, if anything: it does not pass, or is lost by chance.
    pub(super) const fn doom(&self, passes: bool) -> Option<LossReason> {
        if !passes {
            Some(LossReason::Cut)
        } else if self.is_lost {
            Some(LossReason::Chance)
        } else {
            None
        }
    }
}

impl Link {
    pub(super) fn new(seed: u64, from: u16, to: u16) -> Self {
        Self {
            cut: false,
            latency: Delay::Even(LATENCY),
            loss_permille: LOSS_PERMILLE,
            duplication_permille: 0,
            reordering_permille: 0,
            reordering: MicrosRange::fixed(Micros::ZERO),
            delays: Stream::new(seed, "delay", from, to),
            losses: Stream::new(seed, "loss", from, to),
            copies: Stream::new(seed, "copy", from, to),
            reorders: Stream::new(seed, "reorder", from, to),
            labrpc: Draws::new(seed, from, to),
        }
    }

    /// What becomes of the next message.
    pub(super) fn fate(&mut self) -> Fate {
        let mut delay = self.delays.delay(self.latency);
        if self.reorders.chance(self.reordering_permille) {
            delay = delay.saturating_add(self.reorders.micros(self.reordering));
        }
        let is_lost = self.losses.chance(self.loss_permille);
        Fate { delay, is_lost }
    }

    /// What becomes of the copy of a message, if one is made. It has a delay of its own, and may
    /// be lost on its own.
    pub(super) fn copy_fate(&mut self) -> Option<Fate> {
        if !self.copies.chance(self.duplication_permille) {
            return None;
        }
        let delay = self.copies.delay(self.latency);
        let is_lost = self.copies.chance(self.loss_permille);
        Some(Fate { delay, is_lost })
    }

    /// What becomes of the next message on the lab's network.
    pub(super) fn labrpc_fate(&mut self, labrpc: Labrpc, is_reply: bool) -> Fate {
        self.labrpc.fate(labrpc, is_reply)
    }
}

/// A link by its two ends.
pub(super) type Ends = (NodeId, NodeId);
