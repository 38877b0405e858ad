//! One machine of the cluster: a node, its disk, its state machine.

use std::sync::Arc;

use raft_core::{Index, Node, NodeId, Payload, Ticks, Timer, WriteId};

use crate::client::store::{self, Store};
use crate::client::waiting::Waiting;
use crate::clock::{Clock, Rate};
use crate::command::Command;
use crate::digest::Digest;
use crate::ids::MessageId;
use crate::random::Stream;
use crate::rules::Watched;
use crate::time::Micros;

pub use crate::disk::Disk;

/// The node that a server runs.
pub type ServerNode = Node<Command, Watched>;

/// A machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Server {
    /// Who it is.
    pub id: NodeId,
    /// Whether it runs, and what it has in memory if it does.
    pub life: Life,
    /// What it keeps through a crash.
    pub disk: Disk,
    /// How fast its clock runs, in thousandths of the right rate.
    pub clock_rate_permille: Rate,
    /// How long each event takes here; no time in most clusters.
    pub cpu: Micros,
    pub(crate) seeds: Stream,
}

/// Whether a server runs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Life {
    /// It runs, or is paused.
    Running(Box<Running>),
    /// It does not; its memory is gone.
    Crashed,
}

/// What a server has in memory.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Running {
    /// The Raft node.
    pub node: ServerNode,
    /// The replicated state machine.
    pub machine: StateMachine,
    /// Whether it stands still; time passes for it all the same.
    pub paused: bool,
    /// What the node counts its ticks by.
    pub(crate) clock: Clock,
    /// How far the node's time has been moved on.
    pub(crate) synced_at: Micros,
    /// Until when it is busy with what it has taken in.
    pub busy_until: Micros,
    /// What arrived while it stood still.
    pub(crate) parked: Vec<MessageId>,
    /// Writes that were done while it stood still, and it does not know.
    pub(crate) unreported: Vec<WriteId>,
    /// What clients have asked and were not answered.
    pub(crate) waiting: Vec<Waiting>,
}

/// The replicated state machine: a key-value store. It remembers how much it has applied and a
/// fingerprint of all of it, so that two machines can be compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct StateMachine {
    /// The last entry applied.
    pub applied: Index,
    /// A fingerprint of all commands applied, in order.
    pub fingerprint: u64,
    /// What the commands have written.
    pub store: Arc<Store>,
}

/// What two machines are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// How many entries it has applied.
    pub applied: Index,
    /// A fingerprint of them.
    pub fingerprint: u64,
}

impl Server {
    /// What it has in memory, if it runs.
    #[must_use]
    pub const fn running(&self) -> Option<&Running> {
        match &self.life {
            Life::Running(running) => Some(running),
            Life::Crashed => None,
        }
    }

    /// Its node, if it runs.
    #[must_use]
    pub fn node(&self) -> Option<&ServerNode> {
        self.running().map(|running| &running.node)
    }

    pub(crate) const fn running_mut(&mut self) -> Option<&mut Running> {
        match &mut self.life {
            Life::Running(running) => Some(running),
            Life::Crashed => None,
        }
    }

    /// Changes all instants that it remembers.
    pub(crate) fn each_instant(&mut self, change: &mut impl FnMut(&mut Micros)) {
        let Self {
            id: _,
            life,
            disk,
            clock_rate_permille: _,
            cpu: _,
            seeds: _,
        } = self;
        disk.each_instant(change);
        match life {
            Life::Running(running) => running.each_instant(change),
            Life::Crashed => {}
        }
    }

    /// When it acts on its next timer, as seen `now`, if it is there to do so.
    pub(crate) fn timer_due_at(&self, now: Micros) -> Option<Micros> {
        let running = self.running().filter(|running| !running.paused)?;
        let remaining = running.clock.time_for(running.node.ticks_to_deadline().0);
        let due_at = running.synced_at.saturating_add(remaining);
        Some(running.free_at(now, due_at))
    }
}

impl Running {
    /// What is left at `now` of a countdown that the node last updated at
    /// `synced_at`.
    #[must_use]
    pub const fn left_at(&self, now: Micros, remaining: Ticks) -> Micros {
        let left = self.clock.time_for(remaining.0);
        left.saturating_sub(now.saturating_sub(self.synced_at))
    }

    /// Whether it has something to do still.
    pub(crate) fn is_busy(&self, now: Micros) -> bool {
        self.busy_until > now
    }

    /// When it does, as seen `now`, what is to be done `at` some instant.
    pub(crate) fn free_at(&self, now: Micros, at: Micros) -> Micros {
        if self.is_busy(now) {
            at.max(self.busy_until)
        } else {
            at
        }
    }

    /// Which of its timers is the next to run out.
    pub(crate) fn due_timer(&self) -> Timer {
        let due = self.node.timers().min_by_key(|(_, remaining)| *remaining);
        due.map_or(Timer::Election, |(timer, _)| timer)
    }

    /// Moves the node's time on to `now`, short of acting on a deadline that
    /// falls on that very instant.
    pub(crate) fn sync(&mut self, now: Micros) {
        let step = self.steps_to(now);
        self.node.advance(Ticks(step));
        self.synced_at = self.synced_at.saturating_add(self.clock.pass(step));
    }

    /// Moves the node's time on to `now`, and acts once on what ran out.
    pub(crate) fn catch_up(&mut self, now: Micros) {
        let passed = self.ticks_until(now);
        self.node.advance(Ticks(passed));
        self.synced_at = self.synced_at.saturating_add(self.clock.pass(passed));
    }

    /// Lets the timer act that runs out `now`; answers which.
    pub(crate) fn act_on_timer(&mut self, now: Micros) -> Timer {
        self.sync(now);
        let timer = self.due_timer();
        self.catch_up(now);
        timer
    }

    /// Lives up to `now` where nothing is to be done until then, and forgets when it was busy
    /// last: neither decides anything.
    pub(crate) fn forget_history(&mut self, now: Micros) {
        if self.steps_to(now) > 0 {
            self.sync(now);
        }
        self.busy_until = self.busy_until.max(now);
    }

    fn each_instant(&mut self, change: &mut impl FnMut(&mut Micros)) {
        let Self {
            node: _,
            machine: _,
            paused: _,
            clock: _,
            synced_at,
            busy_until,
            parked: _,
            unreported: _,
            waiting: _,
        } = self;
        change(synced_at);
        change(busy_until);
    }

    /// Its clock runs at another rate from `now` on.
    pub(crate) fn set_clock_rate(&mut self, now: Micros, permille: Rate) {
        let passed = now.saturating_sub(self.synced_at);
        self.clock.set_rate(permille, passed);
        self.synced_at = now;
    }

    /// How many ticks pass until `now`, short of the next deadline.
    fn steps_to(&self, now: Micros) -> u64 {
        let short_of_deadline = self.node.ticks_to_deadline().0.saturating_sub(1);
        self.ticks_until(now).min(short_of_deadline)
    }

    const fn ticks_until(&self, now: Micros) -> u64 {
        self.clock.ticks_in(now.saturating_sub(self.synced_at))
    }
}

impl StateMachine {
    /// Notes that the entry at `index` is applied; its store is the business of whoever keeps one.
    pub fn apply(&mut self, index: Index, payload: &Payload<Command>) {
        self.applied = index;
        if let Payload::Command(command) = payload {
            self.fingerprint = Digest::of(&(self.fingerprint, command));
        }
    }

    /// How far it has come, and by what.
    #[must_use]
    pub const fn mark(&self) -> Mark {
        Mark {
            applied: self.applied,
            fingerprint: self.fingerprint,
        }
    }

    /// The state as bytes, for a snapshot.
    #[must_use]
    pub fn save(&self) -> Arc<[u8]> {
        let mut bytes = Vec::from(self.applied.0.to_le_bytes());
        bytes.extend_from_slice(&self.fingerprint.to_le_bytes());
        store::save(&self.store, &mut bytes);
        bytes.into()
    }

    /// The state that bytes from [`StateMachine::save`] stand for; the initial
    /// state for any other bytes.
    #[must_use]
    pub fn load(bytes: &[u8]) -> Self {
        let word = |range: core::ops::Range<usize>| {
            bytes
                .get(range)
                .and_then(|word| word.try_into().ok())
                .map_or(0, u64::from_le_bytes)
        };
        Self {
            applied: Index(word(0..8)),
            fingerprint: word(8..16),
            store: Arc::new(store::load(bytes.get(16..).unwrap_or_default())),
        }
    }
}
