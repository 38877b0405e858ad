//! The order between writes and the messages that rest on them.
//!
//! Changes gather until the host takes them as one write. Writes are
//! numbered without gaps; they count as durable in that order, whatever order the host
//! reports them in, and each remembers up to which index it makes the log
//! durable. A later truncation lowers that mark in every write still under
//! way, so that a completion can never vouch for an entry that has since
//! been replaced.
//!
//! A message waits for what it claims, and for no unrelated write: a leader that
//! is not answered while a disk is slow would step down for nothing.
//!
//! | message | claims |
//! |---|---|
//! | RequestVote | term and vote: it asks in a term in which it votes for nobody else |
//! | its reply | term and vote: a grant is a vote, a refusal tells a term |
//! | PreVote and its reply, TimeoutNow | the term in which it is said |
//! | AppendEntries, InstallSnapshot | the term: of its own copy a leader says nothing (§10.2.1 of the dissertation), and a snapshot holds committed entries only |
//! | reply to AppendEntries: success | its log, up to the last entry that the request carried |
//! | … a refusal | the term: what it says of the log is a hint, and a shorter one only asks for more |
//! | … that it is writing | the term: it has heard |
//! | reply to InstallSnapshot: installed | its log, up to the last entry that the snapshot contains |
//! | … chunks stored, or a refusal | the term: chunks are kept in memory, and a crash is told by asking for them again |

use alloc::collections::VecDeque;

use crate::persist::WriteId;
use crate::types::Index;

/// What of the term, the vote and the log is durable, and which writes are to make the rest so.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Durability {
    hard_state_changed: bool,
    snapshot_changed: bool,
    /// The first index whose entry differs from what was last written.
    log_changed_from: Option<Index>,
    /// How many bytes have come in that have to be written. This and the counts below go round
    /// at the end, since only their differences matter.
    bytes: usize,
    /// How many of these are durable.
    durable_bytes: usize,
    /// The last write that carried a term or vote.
    hard_state_id: WriteId,
    last_taken: WriteId,
    durable: WriteId,
    durable_index: Index,
    /// The writes under way, which follow the `durable` one in their order.
    pending: VecDeque<Pending>,
}

/// A write that the host has taken and that does not count as durable yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Pending {
    /// Up to where the log is durable with it.
    last_index: Index,
    /// How many bytes had come in when it was taken.
    bytes: usize,
    /// Whether the host has reported it, and only those before it are awaited.
    done: bool,
}

/// What a message claims, which has to survive a crash once it has been said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// The term it is said in, and the vote in that term.
    Term,
    /// That too, and the log up to here.
    Log(Index),
}

/// The most writes that may be under way; with more, changes gather until one is done.
const WRITES_MAX: usize = 1024;

/// What the host takes to write.
pub(crate) struct Changes {
    pub(crate) id: WriteId,
    pub(crate) hard_state: bool,
    pub(crate) snapshot: bool,
    pub(crate) log_from: Option<Index>,
    /// How many bytes have come in since the write before this one: no less than the entries from
    /// `log_from` on have, which are all new.
    pub(crate) bytes: usize,
}

impl Durability {
    pub(crate) const fn new(durable_index: Index) -> Self {
        Self {
            hard_state_changed: false,
            snapshot_changed: false,
            log_changed_from: None,
            bytes: 0,
            durable_bytes: 0,
            hard_state_id: WriteId(0),
            last_taken: WriteId(0),
            durable: WriteId(0),
            durable_index,
            pending: VecDeque::new(),
        }
    }

    /// The last index that is certain to survive a crash.
    pub(crate) const fn durable_index(&self) -> Index {
        self.durable_index
    }

    pub(crate) fn is_durable(&self, id: WriteId) -> bool {
        id <= self.durable
    }

    pub(crate) const fn has_changes(&self) -> bool {
        // One branch for all three, since a host asks after every step (`peers`, batch 1).
        self.hard_state_changed | self.snapshot_changed | self.log_changed_from.is_some()
    }

    /// The write after which the term and the vote are durable.
    pub(crate) const fn hard_state(&self) -> WriteId {
        if self.hard_state_changed {
            self.upcoming()
        } else {
            self.hard_state_id
        }
    }

    /// The write after which what is claimed is durable.
    #[inline]
    pub(crate) fn of(&self, claim: Claim) -> WriteId {
        match claim {
            Claim::Term => self.hard_state(),
            Claim::Log(last_index) => self.hard_state().max(self.log_up_to(last_index)),
        }
    }

    /// The write after which the log up to `last_index` is durable.
    #[inline]
    fn log_up_to(&self, last_index: Index) -> WriteId {
        if self.log_changed_from.is_some_and(|from| from <= last_index) {
            return self.upcoming();
        }
        if last_index <= self.durable_index {
            return WriteId(0);
        }
        let under_way = self.pending.iter();
        let before = under_way.take_while(|write| write.last_index < last_index);
        let place = u64::try_from(before.count()).unwrap_or(u64::MAX);
        WriteId(self.durable.next().0.saturating_add(place)).min(self.last_taken)
    }

    /// Term or vote are no longer what was written.
    pub(crate) const fn changed_hard_state(&mut self) {
        self.hard_state_changed = true;
    }

    /// The log begins with another snapshot than was written.
    pub(crate) const fn changed_snapshot(&mut self) {
        self.snapshot_changed = true;
    }

    /// So many bytes have come in that are to be written.
    #[inline]
    pub(crate) const fn take_in(&mut self, bytes: usize) {
        self.bytes = self.bytes.wrapping_add(bytes);
    }

    /// How many bytes have come in that are not durable yet. What has been truncated since
    /// counts until its write is done, since the host holds it for so long.
    #[inline]
    pub(crate) const fn unwritten_bytes(&self) -> usize {
        self.bytes.wrapping_sub(self.durable_bytes)
    }

    /// The entry at `index` and all after it have not been written yet.
    pub(crate) fn changed_from(&mut self, index: Index) {
        let from = self.log_changed_from.map_or(index, |from| from.min(index));
        self.log_changed_from = Some(from);
    }

    /// The entry at `from` and all after it are no longer what was written.
    pub(crate) fn truncated(&mut self, from: Index) {
        let kept = from.previous();
        self.durable_index = self.durable_index.min(kept);
        for write in &mut self.pending {
            write.last_index = write.last_index.min(kept);
        }
        self.changed_from(from);
    }

    /// The host takes all changes, which end in `last_index`, as one write, if
    /// there are any.
    pub(crate) fn take(&mut self, last_index: Index) -> Option<Changes> {
        if !self.has_changes() || self.pending.len() >= WRITES_MAX {
            return None;
        }
        let taken_bytes = self
            .pending
            .back()
            .map_or(self.durable_bytes, |write| write.bytes);
        let changes = Changes {
            id: self.upcoming(),
            hard_state: self.hard_state_changed,
            snapshot: self.snapshot_changed,
            log_from: self.log_changed_from,
            bytes: self.bytes.wrapping_sub(taken_bytes),
        };
        if self.hard_state_changed {
            self.hard_state_id = changes.id;
        }
        self.hard_state_changed = false;
        self.snapshot_changed = false;
        self.log_changed_from = None;
        self.last_taken = changes.id;
        self.pending.push_back(Pending {
            last_index,
            bytes: self.bytes,
            done: false,
        });
        Some(changes)
    }

    /// The host reports a write done; returns whether more is durable now.
    #[inline]
    pub(crate) fn complete(&mut self, id: WriteId) -> bool {
        if id != self.durable.next() {
            self.done_early(id);
            return false;
        }
        // The first is the one that is reported; others after it may have been done early.
        let mut more = false;
        while let Some(write) = self.pending.front()
            && (write.done || !more)
        {
            self.durable = self.durable.next();
            self.durable_index = write.last_index;
            self.durable_bytes = write.bytes;
            self.pending.pop_front();
            more = true;
        }
        more
    }

    /// A write counts once all those before it are done.
    #[cold]
    fn done_early(&mut self, id: WriteId) {
        let after = id.0.checked_sub(self.durable.next().0);
        let place = after.and_then(|place| usize::try_from(place).ok());
        if let Some(write) = place.and_then(|place| self.pending.get_mut(place)) {
            write.done = true;
        }
    }

    /// Whether the writes under way are counted as they lie, and none claims more than a log
    /// that ends at `log_end`, nor less than one before it: how they are searched rests on that.
    pub(crate) fn check(&self, log_end: Index) -> Result<(), &'static str> {
        let pending = self.pending.len() as u64;
        if self.durable.0.saturating_add(pending) != self.last_taken.0 {
            return Err("the writes under way are not those after the last durable one");
        }
        let durable = core::iter::once(self.durable_index);
        let claimed = durable.chain(self.pending.iter().map(|write| write.last_index));
        if !claimed.clone().is_sorted() || claimed.last() > Some(log_end) {
            return Err("a write claims more than the log has, or less than one before it");
        }
        Ok(())
    }

    /// How many of the writes under way have to be done until `id` is durable.
    pub(crate) const fn writes_until(&self, id: WriteId) -> u64 {
        id.0.saturating_sub(self.durable.0)
    }

    /// The same, as if the last write that is durable were number 0, and nothing had come in
    /// before.
    pub(crate) fn renumbered(&self) -> Self {
        let pending = self.pending.iter().map(|write| Pending {
            bytes: write.bytes.wrapping_sub(self.durable_bytes),
            ..*write
        });
        Self {
            bytes: self.unwritten_bytes(),
            durable_bytes: 0,
            pending: pending.collect(),
            hard_state_id: WriteId(self.writes_until(self.hard_state_id)),
            last_taken: WriteId(self.writes_until(self.last_taken)),
            durable: WriteId(0),
            ..*self
        }
    }

    /// What lies on the disk has been replaced: all of it is durable.
    pub(crate) fn replaced(&mut self, last_index: Index) {
        *self = Self {
            last_taken: self.last_taken,
            durable: self.last_taken,
            ..Self::new(last_index)
        };
    }

    /// As if so many more writes had been made before.
    #[cfg(test)]
    pub(crate) fn shift(&mut self, by: u64) {
        for id in [
            &mut self.hard_state_id,
            &mut self.last_taken,
            &mut self.durable,
        ] {
            id.0 += by;
        }
    }

    const fn upcoming(&self) -> WriteId {
        self.last_taken.next()
    }
}

impl WriteId {
    const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_writes_cannot_claim_is_told() {
        let mut sound = Durability::new(Index(1));
        for last in [Index(2), Index(3)] {
            sound.changed_from(last);
            assert!(sound.take(last).is_some());
        }
        assert_eq!(sound.check(Index(3)), Ok(()));
        assert!(sound.check(Index(2)).is_err(), "the log is shorter");
        let breaks: [fn(&mut Durability); 3] = [
            |writes| writes.last_taken = WriteId(3),
            |writes| writes.durable_index = Index(3),
            |writes| writes.pending.swap(0, 1),
        ];
        for break_it in breaks {
            let mut broken = sound.clone();
            break_it(&mut broken);
            assert!(broken.check(Index(3)).is_err(), "{broken:?}");
        }
    }
}
