//! One machine of the cluster: a node, its disk, its state machine.

use std::collections::VecDeque;
use std::sync::Arc;

use raft_core::{Index, Node, NodeId, Payload, Persistent, Role, Ticks, Write, WriteId};

use crate::action::MessageId;
use crate::command::Command;
use crate::digest::Digest;
use crate::event::{Timer, Watched};
use crate::random::Stream;
use crate::time::{Micros, MicrosRange};

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
    pub machine: Machine,
    /// Whether it stands still; time passes for it all the same.
    pub paused: bool,
    /// How far the node's time has been moved on.
    pub(crate) synced_at: Micros,
    /// What arrived while it stood still.
    pub(crate) parked: Vec<MessageId>,
    /// Writes that were done while it stood still, and it does not know.
    pub(crate) unreported: Vec<WriteId>,
}

/// A disk: what lies on it, and the writes on their way to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Disk {
    /// What lies on it.
    pub image: Persistent<Command>,
    /// How long a write takes.
    pub latency: MicrosRange,
    pub(crate) queue: VecDeque<Writing>,
    pub(crate) delays: Stream,
}

/// A write under way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Writing {
    pub(crate) write: Write<Command>,
    pub(crate) due_at: Micros,
    pub(crate) cause: u64,
}

/// The replicated state machine: it remembers how much it has applied and a
/// fingerprint of all of it, so that two machines can be compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Machine {
    /// The last entry applied.
    pub applied: Index,
    /// A fingerprint of all commands applied, in order.
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

    /// When its next timer runs out, if it is there to act on it.
    pub(crate) fn timer_due_at(&self) -> Option<Micros> {
        let running = self.running().filter(|running| !running.paused)?;
        let remaining = Micros(running.node.ticks_to_deadline().0);
        Some(running.synced_at.saturating_add(remaining))
    }
}

impl Running {
    /// What is left at `now` of a countdown that the node last updated at
    /// `synced_at`.
    #[must_use]
    pub const fn left_at(&self, now: Micros, remaining: Ticks) -> Micros {
        Micros(remaining.0).saturating_sub(now.saturating_sub(self.synced_at))
    }

    /// Which of its timers is the next to run out.
    pub(crate) fn due_timer(&self) -> Timer {
        match self.node.role() {
            Role::Leader(leader) => {
                let transfer = leader.transfer.map(|transfer| transfer.remaining);
                if transfer.is_some_and(|remaining| remaining < leader.heartbeat_remaining) {
                    Timer::Transfer
                } else if leader
                    .quorum_remaining
                    .is_some_and(|remaining| remaining < leader.heartbeat_remaining)
                {
                    Timer::Quorum
                } else {
                    Timer::Heartbeat
                }
            }
            Role::Candidate(candidate)
                if candidate.retry_remaining < candidate.election.remaining =>
            {
                Timer::Retry
            }
            Role::PreCandidate(candidate)
                if candidate.retry_remaining < candidate.election.remaining =>
            {
                Timer::Retry
            }
            Role::Follower(_) | Role::PreCandidate(_) | Role::Candidate(_) => Timer::Election,
        }
    }

    /// Moves the node's time on to `now`, short of acting on a deadline that
    /// falls on that very instant.
    pub(crate) fn sync(&mut self, now: Micros) {
        let passed = now.saturating_sub(self.synced_at).0;
        let short_of_deadline = self.node.ticks_to_deadline().0.saturating_sub(1);
        let step = passed.min(short_of_deadline);
        self.node.advance(Ticks(step));
        self.synced_at = self.synced_at.saturating_add(Micros(step));
    }
}

impl Disk {
    /// How many writes have not reached it yet.
    #[must_use]
    pub fn writes_pending(&self) -> usize {
        self.queue.len()
    }

    /// How many bytes Raft's state takes on it without the snapshot: sixteen for term and vote,
    /// and for each entry eight and its command.
    #[must_use]
    pub fn state_bytes(&self) -> u64 {
        let entries = self.image.entries.iter();
        let commands = entries.map(|entry| entry.command().map_or(0, |c| c.as_str().len()));
        commands.fold(16, |bytes, command| bytes + 8 + command as u64)
    }

    /// Puts a write in the queue; answers when it is done.
    pub(crate) fn enqueue(&mut self, now: Micros, write: Write<Command>, cause: u64) -> Micros {
        let start = self.queue.back().map_or(now, |last| last.due_at.max(now));
        let due_at = start.saturating_add(self.delays.micros(self.latency));
        self.queue.push_back(Writing {
            write,
            due_at,
            cause,
        });
        due_at
    }

    /// Carries out the first write of the queue.
    pub(crate) fn finish_first(&mut self) -> Option<WriteId> {
        let writing = self.queue.pop_front()?;
        self.image.apply(&writing.write);
        Some(writing.write.id)
    }
}

impl Machine {
    pub(crate) fn apply(&mut self, index: Index, payload: &Payload<Command>) {
        self.applied = index;
        if let Payload::Command(command) = payload {
            self.fingerprint = Digest::of(&(self.fingerprint, command));
        }
    }

    /// The state as bytes, for a snapshot.
    pub(crate) fn save(self) -> Arc<[u8]> {
        let mut bytes = Vec::from(self.applied.0.to_le_bytes());
        bytes.extend_from_slice(&self.fingerprint.to_le_bytes());
        bytes.into()
    }

    /// The state that bytes from [`Machine::save`] stand for; the initial
    /// state for any other bytes.
    pub(crate) fn load(bytes: &[u8]) -> Self {
        let word = |range: core::ops::Range<usize>| {
            bytes
                .get(range)
                .and_then(|word| word.try_into().ok())
                .map_or(0, u64::from_le_bytes)
        };
        Self {
            applied: Index(word(0..8)),
            fingerprint: word(8..16),
        }
    }
}
