//! One direction between two servers, and what becomes of a message on it.

use std::collections::BTreeMap;

use raft_core::{Message, NodeId};

use super::labrpc::{Draws, Labrpc};
use crate::bounded::Permille;
use crate::command::Command;
use crate::delay::Delay;
use crate::outcome::LossReason;
use crate::random::Stream;
use crate::said::{MessageKind, Said};
use crate::time::{Micros, MicrosRange};
use crate::which::Mishap;

/// How long messages are under way in a cluster whose playbook does not say.
pub const LATENCY: MicrosRange =
    MicrosRange::between(Micros::from_millis(10), Micros::from_millis(15));
/// How many of a thousand messages are lost in a cluster whose playbook does not say.
pub const LOSS_PERMILLE: Permille = Permille::MIN;

/// One direction between two servers. What messages meet there is drawn from a stream for each
/// purpose, so that one fault more or less changes nothing about the others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Link {
    /// Whether nothing passes.
    pub cut: bool,
    /// What the time that a message takes is drawn from.
    pub latency: Delay,
    /// How many bytes pass in a second, unless all do at once.
    pub bytes_per_second: Option<u32>,
    /// Until when it is busy with what was sent before.
    busy_until: Micros,
    /// How many of a thousand messages are lost.
    pub loss_permille: Permille,
    /// How many of a thousand messages arrive twice.
    pub duplication_permille: Permille,
    /// How many of a thousand messages take longer.
    pub reordering_permille: Permille,
    /// How much longer those take.
    pub reordering: MicrosRange,
    /// What befalls the messages of one kind besides.
    of_kind: BTreeMap<MessageKind, Mishaps>,
    kinds: Stream,
    delays: Stream,
    losses: Stream,
    copies: Stream,
    reorders: Stream,
    labrpc: Draws,
}

/// What befalls the messages of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Mishaps {
    loss_permille: Permille,
    duplication_permille: Permille,
    reordering_permille: Permille,
    reordering: MicrosRange,
}

impl Mishaps {
    const NONE: Self = Self {
        loss_permille: Permille::MIN,
        duplication_permille: Permille::MIN,
        reordering_permille: Permille::MIN,
        reordering: MicrosRange::fixed(Micros::ZERO),
    };
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
            bytes_per_second: None,
            busy_until: Micros::ZERO,
            loss_permille: LOSS_PERMILLE,
            duplication_permille: Permille::MIN,
            reordering_permille: Permille::MIN,
            reordering: MicrosRange::fixed(Micros::ZERO),
            of_kind: BTreeMap::new(),
            kinds: Stream::new(seed, "kind", from, to),
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
        if self.reorders.chance(self.reordering_permille.get()) {
            delay = delay.saturating_add(self.reorders.micros(self.reordering));
        }
        let is_lost = self.losses.chance(self.loss_permille.get());
        Fate { delay, is_lost }
    }

    /// What becomes of the copy of a message, if one is made. It has a delay of its own, and may
    /// be lost on its own.
    pub(super) fn copy_fate(&mut self, message: &Message<Command>) -> Option<Fate> {
        let of_kind = self.mishaps_of(message).unwrap_or(Mishaps::NONE);
        let is_doubled = self.copies.chance(self.duplication_permille.get());
        if !is_doubled && !self.kinds.chance(of_kind.duplication_permille.get()) {
            return None;
        }
        let delay = self.copies.delay(self.latency);
        let mut is_lost = self.copies.chance(self.loss_permille.get());
        is_lost |= self.kinds.chance(of_kind.loss_permille.get());
        Some(Fate { delay, is_lost })
    }

    /// What befalls the messages of this kind from now on.
    pub(super) fn set_mishap(&mut self, kind: MessageKind, mishap: Mishap) {
        let mishaps = self.of_kind.entry(kind).or_insert(Mishaps::NONE);
        match mishap {
            Mishap::Loss(permille) => mishaps.loss_permille = permille,
            Mishap::Duplication(permille) => mishaps.duplication_permille = permille,
            Mishap::Reordering(permille, by) => {
                mishaps.reordering_permille = permille;
                // Where none take longer, how much longer is nothing to remember.
                mishaps.reordering = if permille == Permille::MIN {
                    Mishaps::NONE.reordering
                } else {
                    by
                };
            }
        }
        if *mishaps == Mishaps::NONE {
            self.of_kind.remove(&kind);
        }
    }

    /// The shares of all kinds that something befalls, as they would be set.
    pub fn mishaps(&self) -> impl Iterator<Item = (MessageKind, Mishap)> {
        self.of_kind.iter().flat_map(|(kind, mishaps)| {
            let all = [
                Mishap::Loss(mishaps.loss_permille),
                Mishap::Duplication(mishaps.duplication_permille),
                Mishap::Reordering(mishaps.reordering_permille, mishaps.reordering),
            ];
            let there = all
                .into_iter()
                .filter(|mishap| mishap.permille() > Permille::MIN);
            there.map(|mishap| (*kind, mishap))
        })
    }

    /// From now on so many bytes pass in a second, or all at once.
    pub(super) const fn set_bandwidth(&mut self, bytes_per_second: Option<u32>) {
        self.bytes_per_second = bytes_per_second;
        if bytes_per_second.is_none() {
            self.busy_until = Micros::ZERO;
        }
    }

    /// When the last byte has passed is history once it has.
    pub(super) fn forget_history(&mut self, now: Micros) {
        self.busy_until = self.busy_until.max(now);
    }

    /// Whether something is still leaving.
    #[cfg(test)]
    pub(super) fn is_busy(&self, now: Micros) -> bool {
        self.busy_until > now
    }

    /// Changes all instants that it remembers.
    pub(super) fn each_instant(&mut self, change: &mut impl FnMut(&mut Micros)) {
        let Self {
            cut: _,
            latency: _,
            bytes_per_second: _,
            busy_until,
            loss_permille: _,
            duplication_permille: _,
            reordering_permille: _,
            reordering: _,
            of_kind: _,
            kinds: _,
            delays: _,
            losses: _,
            copies: _,
            reorders: _,
            labrpc: _,
        } = self;
        change(busy_until);
    }

    /// How long it takes until a message of so many bytes has left, which is sent `now`.
    fn time_to_leave(&mut self, now: Micros, bytes: u64) -> Micros {
        let Some(rate) = self.bytes_per_second else {
            return Micros::ZERO;
        };
        let takes = bytes.saturating_mul(1_000_000).div_ceil(u64::from(rate));
        self.busy_until = self.busy_until.max(now).saturating_add(Micros(takes));
        self.busy_until.saturating_sub(now)
    }

    /// What becomes of this message, which is the next one and has so many bytes.
    pub(super) fn fate_of(&mut self, message: &Message<Command>, now: Micros, bytes: u64) -> Fate {
        let mut fate = self.fate();
        let leaves = self.time_to_leave(now, bytes);
        fate.delay = fate.delay.saturating_add(leaves);
        if let Some(mishaps) = self.mishaps_of(message) {
            if self.kinds.chance(mishaps.reordering_permille.get()) {
                let longer = self.kinds.micros(mishaps.reordering);
                fate.delay = fate.delay.saturating_add(longer);
            }
            fate.is_lost |= self.kinds.chance(mishaps.loss_permille.get());
        }
        fate
    }

    fn mishaps_of(&self, message: &Message<Command>) -> Option<Mishaps> {
        if self.of_kind.is_empty() {
            return None;
        }
        let kind = MessageKind::of(&Said::of(message));
        self.of_kind.get(&kind).copied()
    }

    /// What becomes of the next message on the lab's network.
    pub(super) fn labrpc_fate(&mut self, labrpc: Labrpc, is_reply: bool) -> Fate {
        self.labrpc.fate(labrpc, is_reply)
    }
}

/// A link by its two ends.
pub(super) type Ends = (NodeId, NodeId);
