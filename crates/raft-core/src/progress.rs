//! What a leader knows of one follower, and how that changes (Figure 2,
//! volatile state on leaders).
//!
//! A follower is probed, one message at a time, until one is accepted: then
//! the logs agree, and messages may be pipelined. A refusal makes it probed
//! again, from further back. Where what it lacks is compacted away it is sent
//! a snapshot, and once it has that the logs agree.

use alloc::collections::VecDeque;

use crate::configuration::Seat;
use crate::message::Round;
use crate::persist::Snapshot;
use crate::types::Index;

/// A leader's view of one follower (Figure 2, volatile state on leaders).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Progress {
    /// The next entry to send to it.
    pub next_index: Index,
    /// The highest entry known to be stored there.
    pub match_index: Index,
    /// How it is sent what it lacks.
    pub mode: Mode,
    /// The last entries of the messages that it has not answered yet.
    pub(crate) in_flight: VecDeque<Index>,
    /// Where its vote counts.
    pub(crate) seat: Seat,
    /// The round with which it joined; what it answers to earlier ones was
    /// said by somebody who has been removed since.
    pub(crate) joined: Round,
    /// The last index when it joined: a server that has come so far has
    /// caught up (§4.2.1).
    pub(crate) catch_up_index: Index,
    /// The last round that it has answered.
    pub(crate) answered: Round,
    /// Whether it has answered anything since the leader last looked (§6.2).
    pub(crate) is_active: bool,
}

/// How a follower is sent what it lacks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Mode {
    /// It is not known where its log agrees: one message at a time tries.
    Probe,
    /// Its log agreed with the last message that it answered, so that the
    /// next may be sent before the answer to this one is there.
    Replicate,
    /// It needs entries that are compacted away (§7).
    Snapshot(Sending),
}

/// A snapshot that a follower is being sent. It stays the one that was begun,
/// whatever is compacted meanwhile: else a slow follower might never get to
/// the end of any.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sending {
    pub(crate) snapshot: Snapshot,
    /// How many bytes of it have arrived.
    pub offset: u64,
}

impl Progress {
    pub(crate) const fn new(next_index: Index, joined: Round, catch_up_index: Index) -> Self {
        Self {
            next_index,
            match_index: Index::ZERO,
            mode: Mode::Probe,
            in_flight: VecDeque::new(),
            seat: Seat {
                incoming: false,
                outgoing: false,
            },
            joined,
            catch_up_index,
            answered: Round(0),
            is_active: true,
        }
    }

    /// How many messages with entries may be under way to it, of the `in_flight_max`
    /// that may be once the logs agree.
    pub(crate) const fn window(&self, in_flight_max: usize) -> usize {
        match self.mode {
            Mode::Replicate => in_flight_max,
            Mode::Probe | Mode::Snapshot(_) => 1,
        }
    }

    /// It is sent entries up to `last_index`; answers whether others, sent earlier, are
    /// still under way.
    pub(crate) fn sent(&mut self, last_index: Index, window: usize) -> bool {
        let pipelines = window > 1;
        let overtakes = pipelines && !self.in_flight.is_empty();
        if pipelines {
            self.next_index = last_index.next();
        } else {
            self.in_flight.clear();
        }
        self.in_flight.push_back(last_index);
        overtakes
    }

    /// It is sent the bytes of `snapshot` from `offset` on.
    pub(crate) fn sent_piece(&mut self, snapshot: Snapshot, offset: u64) {
        self.in_flight.clear();
        self.mode = Mode::Snapshot(Sending { snapshot, offset });
    }

    /// It stores everything up to `last_index`; answers whether that is more than was known.
    pub(crate) fn matched(&mut self, last_index: Index, in_flight_max: usize) -> bool {
        let rises = last_index > self.match_index;
        self.match_index = self.match_index.max(last_index);
        self.next_index = self.next_index.max(last_index.next());
        if in_flight_max > 1
            && matches!(self.mode, Mode::Probe)
            && let Some(sent) = self.in_flight.back()
        {
            // What was sent to try is under way, as all that is pipelined.
            self.next_index = self.next_index.max(sent.next());
        }
        let has_snapshot = match &self.mode {
            Mode::Snapshot(sending) => sending.snapshot.last_included_index <= self.match_index,
            Mode::Probe | Mode::Replicate => true,
        };
        if has_snapshot {
            self.mode = Mode::Replicate;
        }
        while let Some(sent) = self.in_flight.front()
            && *sent <= self.match_index
        {
            self.in_flight.pop_front();
        }
        rises
    }

    /// Whether a refusal of `prev_log_index` answers an earlier request than the last.
    pub(crate) fn is_old_refusal(&self, prev_log_index: Index, in_flight_max: usize) -> bool {
        if prev_log_index == Index::ZERO || matches!(self.mode, Mode::Snapshot(_)) {
            return true;
        }
        if self.window(in_flight_max) > 1 {
            // What was sent later has moved nextIndex on, so only matchIndex
            // tells what is old.
            prev_log_index < self.match_index
        } else {
            prev_log_index != self.next_index.previous()
        }
    }

    /// It refused what was to follow `prev_log_index`: it is tried again at `next_index`.
    pub(crate) fn refused(&mut self, prev_log_index: Index, next_index: Index) {
        // Each refusal must bring nextIndex down, whatever the hint says, or
        // the two servers could go on for ever. It may go below matchIndex: a
        // follower whose disk lost what it had acknowledged is sent it again,
        // as Figure 2 has it, while matchIndex itself never goes back.
        self.next_index = next_index.min(prev_log_index).max(Index::ZERO.next());
        self.mode = Mode::Probe;
        self.in_flight.clear();
    }

    /// The leader's own log has been overwritten, and ends at `last_index` now.
    pub(crate) fn overwritten(&mut self, last_index: Index) {
        self.next_index = self.next_index.min(last_index.next());
        self.match_index = self.match_index.min(last_index);
        self.catch_up_index = self.catch_up_index.min(last_index);
        self.in_flight.clear();
        self.mode = Mode::Probe;
    }
}

impl Mode {
    /// Whether an older snapshot than `newest` is being sent.
    pub(crate) fn is_finishing_instead_of(&self, newest: &Snapshot) -> bool {
        matches!(self, Self::Snapshot(sending)
            if sending.snapshot.last_included_index < newest.last_included_index)
    }
}
