//! What a leader knows of one follower, and how that changes (Figure 2,
//! volatile state on leaders).
//!
//! A follower is probed, one message at a time, until one is accepted: then
//! the logs agree, and messages may be pipelined. A refusal makes it probed
//! again, from further back. Where what it lacks is compacted away it is sent
//! a snapshot, and once it has that the logs agree.
//!
//! Answers may be lost, duplicated and overtaken, so that not every refusal says
//! how things are. An index cannot tell an old one from a new one, since a
//! follower that has lost its disk refuses what it had acknowledged. So each
//! request names an [`Attempt`], and a refusal counts only in the attempt that it
//! was asked in. Within one, a refusal may still have been overtaken by the very
//! acceptance that raised matchIndex. One that contradicts matchIndex is therefore
//! believed only where it was asked after that: at first it merely begins another
//! attempt, and sends nothing. Whoever has indeed lost entries refuses the next
//! heartbeat too.
//!
//! Entries may be compacted away while they are in flight. Until a heartbeat interval has passed
//! they count as still to arrive, and no snapshot is sent in their place.

use alloc::collections::VecDeque;

use crate::configuration::Seat;
use crate::entry::Snapshot;
use crate::message::{Attempt, Round};
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
    /// How many heartbeats have been sent since it answered for the first of these.
    pub(crate) heartbeats_in_flight: u8,
    /// Answers to earlier attempts say nothing of where to go on.
    pub(crate) attempt: Attempt,
    /// Whether it has stored more since this attempt began, so that a refusal may have
    /// been overtaken.
    pub(crate) has_risen: bool,
    /// Where its vote counts.
    pub(crate) seat: Seat,
    /// The round with which it joined; what it answers to earlier ones was
    /// said by somebody who has been removed since.
    pub(crate) joined: Round,
    /// The last index when it joined: a server that has come so far has
    /// caught up (§4.2.1 of the dissertation).
    pub(crate) catch_up_index: Index,
    /// The last round that it has answered.
    pub(crate) answered: Round,
    /// Whether it has answered anything since the leader last looked (§6.2 of the dissertation).
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
    /// Whether the follower takes in none that is so long. It is offered no more, since the
    /// answer would be the same each time, but a newer one is.
    pub is_too_long: bool,
}

impl Progress {
    pub(crate) const fn new(next_index: Index, joined: Round, catch_up_index: Index) -> Self {
        Self {
            next_index,
            match_index: Index::ZERO,
            mode: Mode::Probe,
            in_flight: VecDeque::new(),
            heartbeats_in_flight: 0,
            attempt: Attempt(0),
            has_risen: false,
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

    /// How many messages with entries may be in flight to it, of the `in_flight_max`
    /// that may be once the logs agree.
    pub(crate) const fn window(&self, in_flight_max: usize) -> usize {
        match self.mode {
            Mode::Replicate => in_flight_max,
            Mode::Probe | Mode::Snapshot(_) => 1,
        }
    }

    /// Whether it has to answer before it is sent more.
    pub(crate) fn is_busy(&self, in_flight_max: usize) -> bool {
        matches!(self.mode, Mode::Snapshot(_)) || self.in_flight.len() >= self.window(in_flight_max)
    }

    /// Whether its pipeline, into which entries have just been sent, takes another message,
    /// and there is one in a log that ends at `last_index`.
    pub(crate) fn has_room(&self, last_index: Index, in_flight_max: usize) -> bool {
        matches!(self.mode, Mode::Replicate)
            && self.in_flight.len() < self.window(in_flight_max)
            && self.next_index <= last_index
            // The last index has no successor: what is sent from there on
            // is the same for ever.
            && self.next_index < self.next_index.next()
    }

    /// It is sent entries up to `last_index`; returns whether others, sent earlier, are
    /// still in flight.
    #[inline]
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

    /// It has just been sent a heartbeat.
    pub(crate) fn heartbeat_sent(&mut self) {
        let heartbeats = self.heartbeats_in_flight.saturating_add(1);
        self.heartbeats_in_flight = if self.in_flight.is_empty() {
            0
        } else {
            heartbeats
        };
    }

    /// Whether entries up to `index` were sent to it since the last heartbeat, and may be
    /// arriving just now.
    pub(crate) fn may_be_arriving(&self, index: Index) -> bool {
        self.heartbeats_in_flight == 0 && self.is_in_flight(index)
    }

    /// Whether the last heartbeat may have overtaken the entries from `next_index` up to `index`,
    /// and was refused for want of them.
    pub(crate) fn may_be_overtaken(&self, next_index: Index, index: Index) -> bool {
        matches!(self.mode, Mode::Replicate)
            && next_index > self.match_index
            && self.heartbeats_in_flight <= 1
            && self.is_in_flight(index)
    }

    fn is_in_flight(&self, index: Index) -> bool {
        self.in_flight.back().is_some_and(|sent| *sent >= index)
    }

    /// It is sent the bytes of `snapshot` from `offset` on.
    pub(crate) fn sent_chunk(&mut self, snapshot: Snapshot, offset: u64) {
        self.in_flight.clear();
        self.mode = Mode::Snapshot(Sending {
            snapshot,
            offset,
            is_too_long: false,
        });
    }

    /// It takes in no snapshot as long as the one up to `last_included_index`.
    pub(crate) fn refused_as_too_long(&mut self, last_included_index: Index) {
        if let Mode::Snapshot(sending) = &mut self.mode
            && sending.snapshot.last_included_index == last_included_index
        {
            sending.is_too_long = true;
            sending.offset = 0;
        }
    }

    /// It accepted a request of this attempt, and stores everything up to `last_index`;
    /// returns whether that is more than was known.
    pub(crate) fn accepted(
        &mut self,
        attempt: Attempt,
        last_index: Index,
        in_flight_max: usize,
    ) -> bool {
        let rises = last_index > self.match_index;
        if attempt != self.attempt && !rises {
            return false;
        }
        self.has_risen |= rises;
        self.match_index = self.match_index.max(last_index);
        self.next_index = self.next_index.max(last_index.next());
        if in_flight_max > 1
            && matches!(self.mode, Mode::Probe)
            && let Some(sent) = self.in_flight.back()
        {
            // What was sent to try is in flight, as all that is pipelined.
            self.next_index = self.next_index.max(sent.next());
        }
        let has_snapshot = match &self.mode {
            Mode::Snapshot(sending) => sending.snapshot.last_included_index <= last_index,
            Mode::Probe | Mode::Replicate => true,
        };
        if has_snapshot {
            self.mode = Mode::Replicate;
        }
        // What it stores may be less than matchIndex, if it had lost its disk.
        while let Some(sent) = self.in_flight.front()
            && *sent <= last_index
        {
            self.in_flight.pop_front();
            self.heartbeats_in_flight = 0;
        }
        rises
    }

    /// Whether a refusal of `prev_log_index` in this attempt is no news.
    pub(crate) fn is_old_refusal(&self, attempt: Attempt, prev_log_index: Index) -> bool {
        // Nobody refuses what follows index 0, nor what was not sent, nor entries while it
        // is sent a snapshot.
        attempt != self.attempt
            || prev_log_index == Index::ZERO
            || prev_log_index >= self.next_index
            || matches!(self.mode, Mode::Snapshot(_))
    }

    /// Whether a refusal that would go back to `next_index` may have been overtaken by what
    /// raised matchIndex.
    pub(crate) fn is_doubtful(&self, next_index: Index) -> bool {
        self.has_risen && next_index <= self.match_index
    }

    /// It refused, and is tried again at `next_index`. That may be below matchIndex: a
    /// follower whose disk lost what it had acknowledged is sent it again, as Figure 2
    /// has it, while matchIndex itself never goes back.
    pub(crate) fn refused(&mut self, next_index: Index) {
        self.next_index = next_index;
        self.mode = Mode::Probe;
        self.in_flight.clear();
        self.ask_anew();
    }

    /// Answers to all that was sent so far say nothing of where to go on.
    pub(crate) const fn ask_anew(&mut self) {
        self.attempt = self.attempt.next();
        self.has_risen = false;
    }

    /// It has the first `offset` bytes of the snapshot up to `last_included_index`, as it
    /// says in this attempt; returns whether the next are to be sent.
    pub(crate) fn stored(
        &mut self,
        attempt: Attempt,
        last_included_index: Index,
        offset: u64,
    ) -> bool {
        let Mode::Snapshot(sending) = &mut self.mode else {
            return false;
        };
        let snapshot = &sending.snapshot;
        if snapshot.last_included_index != last_included_index
            || offset > snapshot.data.len() as u64
            || offset == sending.offset
        {
            return false;
        }
        if offset > sending.offset {
            sending.offset = offset;
            self.has_risen = true;
            return true;
        }
        // It may have lost what it had, as by a restart, or this was overtaken.
        if attempt != self.attempt {
            return false;
        }
        let is_sure = !self.has_risen;
        if is_sure {
            sending.offset = offset;
        }
        self.ask_anew();
        is_sure
    }

    /// The leader's own log has been overwritten, and ends at `last_index` now.
    pub(crate) fn overwritten(&mut self, last_index: Index) {
        self.next_index = self.next_index.min(last_index.next());
        self.match_index = self.match_index.min(last_index);
        self.catch_up_index = self.catch_up_index.min(last_index);
        self.in_flight.clear();
        self.mode = Mode::Probe;
        self.ask_anew();
    }
}

impl Attempt {
    const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl Mode {
    /// Whether an older snapshot than `newest` is being sent.
    pub(crate) fn is_finishing_instead_of(&self, newest: &Snapshot) -> bool {
        matches!(self, Self::Snapshot(sending)
            if sending.snapshot.last_included_index < newest.last_included_index)
    }
}
