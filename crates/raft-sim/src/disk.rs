//! A disk: what lies on it, and the writes on their way to it.
//!
//! A write puts term and vote there first, then its snapshot, with which the log is truncated,
//! and then its entries, one record after the other. A crash that tears a write leaves the
//! beginning of that: Raft survives it, as it has told nobody of anything in a write that was
//! not reported done. In another order it would not: entries that follow a snapshot, without
//! it, would stand behind an end of the log that the snapshot was to replace.
//!
//! Writes of a disk that keeps no order are done in any, and reported as they are. What they
//! say counts after a crash only where everything before it was written as well, as in a log
//! file that is read up to its first hole.
//!
//! Three faults break what Raft rests on, or stop the server. A disk that does not sync reports
//! writes that a crash takes back; a backup may be put in the place of what was kept since; and
//! a disk that fails a write leaves nothing of it, at which the server stops at once: it cannot
//! know what is durable any more, so that to go on would be to lie.

use std::collections::VecDeque;
use std::sync::Arc;

use raft_core::{Entries, Persistent, Write, WriteId};

use crate::command::Command;
use crate::random::Stream;
use crate::time::{Micros, MicrosRange};

/// How long a write takes in a cluster whose playbook does not say.
pub const DISK: MicrosRange = MicrosRange::fixed(Micros::ZERO);

/// A disk.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Disk {
    /// What lies on it.
    pub image: Persistent<Command>,
    /// How long a write takes.
    pub latency: MicrosRange,
    /// Whether a write begins only when the one before it is done.
    pub in_order: bool,
    /// Whether no write is ever done.
    pub is_stalled: bool,
    /// Whether each write fails.
    pub is_failing: bool,
    pub(crate) queue: VecDeque<Writing>,
    /// What lay on it when the cluster began.
    first: Persistent<Command>,
    /// What a crash leaves of a disk that does not sync.
    synced: Option<Arc<Persistent<Command>>>,
    backup: Option<Arc<Persistent<Command>>>,
    delays: Stream,
    tears: Stream,
}

/// A write under way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Writing {
    pub(crate) write: Write<Command>,
    pub(crate) due_at: Micros,
    pub(crate) cause: u64,
    takes: Micros,
    /// Whether it is done, and only waits for the ones before it.
    is_done: bool,
}

impl Disk {
    /// The disk of server number `id` as the cluster begins.
    pub(crate) fn new(seed: u64, id: u16, image: Persistent<Command>) -> Self {
        Self {
            first: image.clone(),
            image,
            latency: DISK,
            in_order: true,
            is_stalled: false,
            is_failing: false,
            synced: None,
            backup: None,
            queue: VecDeque::new(),
            delays: Stream::new(seed, "disk", id, 0),
            tears: Stream::new(seed, "tear", id, 0),
        }
    }

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

    /// Puts a write in the queue; answers when it is done, unless it never is.
    pub(crate) fn enqueue(
        &mut self,
        now: Micros,
        write: Write<Command>,
        cause: u64,
    ) -> Option<Micros> {
        let takes = self.delays.micros(self.latency);
        let due_at = self.start(now).saturating_add(takes);
        self.queue.push_back(Writing {
            write,
            due_at,
            cause,
            takes,
            is_done: false,
        });
        (!self.is_stalled).then_some(due_at)
    }

    /// When the next write begins.
    fn start(&self, now: Micros) -> Micros {
        let last = self.queue.iter().map(|writing| writing.due_at).max();
        last.filter(|_| self.in_order)
            .map_or(now, |last| last.max(now))
    }

    /// Carries out the write that is done next.
    pub(crate) fn finish_next(&mut self) -> Option<WriteId> {
        let place = self.next()?;
        let writing = self.queue.get_mut(place)?;
        writing.is_done = true;
        let id = writing.write.id;
        while self.queue.front().is_some_and(|writing| writing.is_done) {
            let writing = self.queue.pop_front()?;
            self.image.apply(&writing.write);
        }
        Some(id)
    }

    /// The event that began the write that is done next.
    pub(crate) fn next_cause(&self) -> Option<u64> {
        self.next().map(|place| self.queue[place].cause)
    }

    fn next(&self) -> Option<usize> {
        let under_way = self.queue.iter().enumerate();
        under_way
            .filter(|(_, writing)| !writing.is_done)
            .min_by_key(|(_, writing)| writing.due_at)
            .map(|(place, _)| place)
    }

    /// Works again: each write that is not done begins anew. Answers when each will be done.
    pub(crate) fn unstall(&mut self, now: Micros) -> Vec<Micros> {
        if !std::mem::take(&mut self.is_stalled) {
            return Vec::new();
        }
        let mut start = now;
        let mut due = Vec::new();
        for writing in self.queue.iter_mut().filter(|writing| !writing.is_done) {
            writing.due_at = start.saturating_add(writing.takes);
            due.push(writing.due_at);
            if self.in_order {
                start = writing.due_at;
            }
        }
        due
    }

    /// Which events began its writes is history, and so is when one was done, or was to be that
    /// begins anew once the disk works again.
    pub(crate) fn forget_history(&mut self, now: Micros) {
        for writing in &mut self.queue {
            writing.cause = 0;
            if writing.is_done || self.is_stalled {
                writing.due_at = now;
            }
        }
    }

    /// Changes all instants that it remembers.
    pub(crate) fn each_instant(&mut self, change: &mut impl FnMut(&mut Micros)) {
        let Self {
            image: _,
            latency: _,
            in_order: _,
            is_stalled: _,
            is_failing: _,
            queue,
            first: _,
            synced: _,
            backup: _,
            delays: _,
            tears: _,
        } = self;
        for writing in queue {
            let Writing {
                write: _,
                due_at,
                cause: _,
                takes: _,
                is_done: _,
            } = writing;
            change(due_at);
        }
    }

    /// A part of the write under way reaches the disk: the first of its records at least, and by
    /// lot more of them, perhaps all.
    pub(crate) fn tear(&mut self) {
        let Some(Writing { mut write, .. }) = self.queue.pop_front() else {
            return;
        };
        let states = u64::from(write.hard_state.is_some());
        let snapshots = u64::from(write.snapshot.is_some());
        // A log that is only truncated takes one record as well, unless that of the snapshot
        // truncates it.
        let least = 1 - snapshots;
        let records = write.entries.as_ref();
        let records = records.map_or(0, |(_, entries)| (entries.len() as u64).max(least));
        let kept = self.tears.below(states + snapshots + records) + 1;
        if kept <= states {
            write.snapshot = None;
        }
        write.entries = write
            .entries
            .filter(|_| kept > states)
            .map(|(from, entries)| {
                let kept = kept.saturating_sub(states + snapshots);
                let kept = usize::try_from(kept).unwrap_or(usize::MAX);
                let first = &entries[..kept.min(entries.len())];
                (from, Entries::from(first))
            });
        self.image.apply(&write);
    }

    /// The server crashes: no write is under way any more, and what was not synced is lost.
    pub(crate) fn crash(&mut self) {
        self.queue.clear();
        if let Some(synced) = &self.synced {
            self.image = Persistent::clone(synced);
        }
    }

    /// Everything on it is lost but what the cluster began with.
    pub(crate) fn wipe(&mut self) {
        self.overwrite(self.first.clone());
    }

    /// Something else lies on it from now on, and survives whatever it does to writes.
    pub(crate) fn overwrite(&mut self, image: Persistent<Command>) {
        self.image = image;
        if self.synced.is_some() {
            self.set_syncs(false);
        }
    }

    /// Whether it keeps what it reports written. One that does not loses in a crash all that it
    /// was given since it was so for the first time.
    pub(crate) fn set_syncs(&mut self, syncs: bool) {
        self.synced = (!syncs).then(|| Arc::new(self.image.clone()));
    }

    /// Whether what it reports written survives a crash.
    #[must_use]
    pub const fn syncs(&self) -> bool {
        self.synced.is_none()
    }

    /// Puts a copy of what lies on it aside.
    pub(crate) fn back_up(&mut self) {
        self.backup = Some(Arc::new(self.image.clone()));
    }

    /// Whether a copy was put aside.
    #[must_use]
    pub const fn has_backup(&self) -> bool {
        self.backup.is_some()
    }

    /// What was put aside lies on it again, if there is any.
    pub(crate) fn restore(&mut self) {
        if let Some(backup) = &self.backup {
            self.overwrite(Persistent::clone(backup));
        }
    }
}

#[cfg(test)]
mod tests {
    use raft_core::{Config, Message, Node, NodeId, Settings, Snapshot, Term};

    use super::*;

    /// §7: a write that holds a snapshot and entries after it, torn anywhere, leaves a log that
    /// some server had: never the entries behind what the snapshot was to replace.
    #[test]
    fn a_torn_snapshot_leaves_no_log_that_nobody_had() {
        let entry = |term, command: &str| raft_core::Entry {
            term: Term(term),
            payload: raft_core::Payload::Command(Command::new(command.to_owned())),
        };
        let ids = [1, 2, 3].map(NodeId);
        let members = raft_core::Configuration::new(ids, []).expect("three servers");
        let mut image = Persistent::bootstrap(members.clone());
        image.entries = vec![entry(1, "a"), entry(2, "b"), entry(2, "c")].into();
        let config = Config::new(NodeId(1), Settings::default()).expect("possible");
        for seed in 0..40 {
            let mut node = Node::restart(config.clone(), image.clone(), 1);
            let snapshot = Snapshot {
                last_included_index: raft_core::Index(3),
                last_included_term: Term(3),
                configuration: Arc::new(members.clone()),
                data: Arc::from([7]),
            };
            node.receive(
                NodeId(2),
                Message::InstallSnapshot(raft_core::InstallSnapshot {
                    term: Term(3),
                    last_included_index: snapshot.last_included_index,
                    last_included_term: snapshot.last_included_term,
                    configuration: snapshot.configuration.clone(),
                    offset: 0,
                    data: snapshot.data.clone(),
                    done: true,
                    round: raft_core::Round::default(),
                    attempt: raft_core::Attempt::default(),
                }),
            );
            node.receive(
                NodeId(2),
                Message::AppendEntries(raft_core::AppendEntries {
                    term: Term(3),
                    prev_log_index: raft_core::Index(3),
                    prev_log_term: Term(3),
                    entries: vec![entry(3, "d")].into(),
                    leader_commit: raft_core::Index(3),
                    round: raft_core::Round::default(),
                    attempt: raft_core::Attempt::default(),
                }),
            );
            let write = node.take_write().expect("both, in one");
            let mut disk = Disk::new(seed, 1, image.clone());
            disk.queue.push_back(Writing {
                write,
                due_at: Micros::ZERO,
                cause: 0,
                takes: Micros::ZERO,
                is_done: false,
            });
            disk.tear();
            let terms: Vec<u64> = disk.image.entries.iter().map(|e| e.term.0).collect();
            let base = disk.image.snapshot.last_included_index.0;
            let is_a_log = match base {
                0 => terms == [1, 2, 2],
                3 => terms.is_empty() || terms == [3],
                _ => false,
            };
            assert!(is_a_log, "seed {seed}: {terms:?} after {base}");
        }
    }
}
