//! A follower's link is bad in every way, and then heals: the follower holds the whole
//! log soon, and is sent little twice (§5.3, and §10.2.1 of the dissertation).
//!
//! Whatever was lost, duplicated, reordered or delayed, and whatever the follower's disk
//! forgot meanwhile, nothing of it may cost more than a bound once messages arrive again.

use crate::common::*;
use proptest::prelude::*;
use raft_core::{Index, Message, Mode, Node, Persistent, Settings};

/// A leader of three, of which `S2` agrees to everything at once, and `S3` behind a link
/// that is the test.
struct Line {
    leader: Server,
    follower: Server,
    disk: Persistent<u64>,
    /// What is under way to either.
    wire: Vec<Said>,
    /// How many entries `S3` was sent.
    entries_sent: usize,
    /// How many messages it was sent.
    messages_sent: usize,
    /// How many bytes of snapshots.
    bytes_sent: usize,
}

const TERM: u64 = 2;
const STATE_BYTES: usize = 7;

impl Line {
    fn new(in_flight_max: usize, entries_max: usize) -> Self {
        let with = |id| {
            let settings = Settings {
                in_flight_max,
                entries_max,
                snapshot_bytes_max: 3,
                ..settings()
            };
            config(id, settings)
        };
        let empty = among(3, Persistent::default());
        let mut leader = Node::restart(with(S1), among(3, disk(TERM - 1, &[1, 1, 1])), 1);
        leader.fire(raft_core::Timer::Election);
        flush(&mut leader);
        leader.receive(S2, vote(TERM, true));
        let mut line = Self {
            leader,
            follower: Node::restart(with(S3), empty.clone(), 3),
            disk: empty,
            wire: Vec::new(),
            entries_sent: 0,
            messages_sent: 0,
            bytes_sent: 0,
        };
        line.collect();
        line
    }

    /// What the two say goes on the wire; disks are prompt.
    fn collect(&mut self) {
        while let Some(write) = self.follower.take_write() {
            self.disk.apply(&write);
            self.follower.durable(write.id);
        }
        for said in poll(&mut self.follower) {
            self.wire.push(said.message);
        }
        applied(&mut self.follower);
        loop {
            let said = flush(&mut self.leader);
            applied(&mut self.leader);
            if said.is_empty() {
                return;
            }
            for said in said {
                if said.to == S3 {
                    self.count(&said.message);
                    self.wire.push(said.message);
                } else if let Message::AppendEntries(m) = said.message {
                    let last = m.prev_log_index.0 + m.entries.len() as u64;
                    let answer = stored(TERM, m.prev_log_index.0, last);
                    self.leader.receive(S2, in_attempt(m.attempt.0, answer));
                }
            }
        }
    }

    fn count(&mut self, message: &Said) {
        self.messages_sent += 1;
        match message {
            Message::AppendEntries(m) => self.entries_sent += m.entries.len(),
            Message::InstallSnapshot(m) => self.bytes_sent += m.data.len(),
            other => panic!("a leader does not say this: {other:?}"),
        }
    }

    fn propose(&mut self, count: u64) {
        for _ in 0..count {
            let index = self.leader.log().last_index().0 + 1;
            self.leader.propose(100 * TERM + index).expect("it leads");
        }
        self.collect();
    }

    fn deliver(&mut self, place: usize) {
        if self.wire.is_empty() {
            return;
        }
        let place = place % self.wire.len();
        let message = self.wire.remove(place);
        if message.is_request() {
            self.follower.receive(S1, message);
        } else {
            self.leader.receive(S3, message);
        }
        self.collect();
    }

    fn heartbeat(&mut self) {
        self.leader.advance(HEARTBEAT);
        self.collect();
    }

    fn compact(&mut self) {
        let index = self.leader.last_applied();
        // There may be nothing to compact.
        let _ = self.leader.compact(index, vec![7; STATE_BYTES].into());
        self.collect();
    }

    /// `S3` restarts from what its disk held, or with only so much of its log.
    fn restart(&mut self, keeps: Option<usize>) {
        if let Some(entries) = keeps {
            self.disk.entries.truncate(entries);
        }
        self.follower = Node::restart(self.follower.config().clone(), self.disk.clone(), 4);
    }

    /// `S3` restarts with an empty disk.
    fn wipe(&mut self) {
        self.disk = among(3, Persistent::default());
        self.restart(None);
    }

    fn is_whole(&self) -> bool {
        self.follower.log().last_index() == self.leader.log().last_index()
            && next_match(&self.leader, S3).1 == self.leader.log().last_index().0
    }

    /// Up to where the two logs agree.
    fn agreed(&self) -> u64 {
        let mine = self.leader.log();
        let theirs = self.follower.log();
        let agrees = |index: &u64| {
            let index = Index(*index);
            mine.term_at(index) == theirs.term_at(index) || index < mine.first_index()
        };
        let last = mine.last_index().0;
        let found = (0..=theirs.last_index().0.min(last)).rev().find(agrees);
        found.unwrap_or(0)
    }

    /// How many entries `S3` lacks.
    fn missing(&self) -> usize {
        let last = self.leader.log().last_index().0;
        usize::try_from(last - self.agreed()).expect("few")
    }

    /// Whether entries will not do, as far as the leader can know, or a snapshot has been
    /// begun.
    fn needs_snapshot(&self) -> bool {
        let base = self.leader.log().snapshot().last_included_index;
        let progress = progress(&self.leader, S3);
        let begun = matches!(progress.mode, Mode::Snapshot(_));
        self.agreed() < base.0 || progress.next_index <= base || begun
    }

    /// Delivers all that is under way, first in first out, until nothing is.
    fn settle(&mut self) {
        for _ in 0..10_000 {
            if self.wire.is_empty() {
                return;
            }
            self.deliver(0);
        }
        panic!("they never come to rest");
    }
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Propose(u64),
    Deliver(usize),
    Lose(usize),
    Duplicate(usize),
    Heartbeat,
    Compact,
    Restart(Option<usize>),
    Wipe,
}

fn steps(length: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = (0_u8..40, 0_usize..9).prop_map(|(kind, n)| match kind {
        0..7 => Step::Propose(n as u64 % 4 + 1),
        7..15 => Step::Deliver(0),
        15..21 => Step::Deliver(n),
        21..27 => Step::Lose(n),
        27..32 => Step::Duplicate(n),
        32..36 => Step::Heartbeat,
        36 => Step::Compact,
        37 => Step::Restart(None),
        38 => Step::Restart(Some(n)),
        _ => Step::Wipe,
    });
    prop::collection::vec(step, 0..length)
}

fn take(line: &mut Line, step: Step) {
    let length = line.wire.len().max(1);
    match step {
        Step::Propose(count) => line.propose(count),
        Step::Deliver(place) => line.deliver(place),
        Step::Lose(place) if !line.wire.is_empty() => drop(line.wire.remove(place % length)),
        Step::Duplicate(place) if !line.wire.is_empty() => {
            let copy = line.wire[place % length].clone();
            line.wire.push(copy);
        }
        Step::Lose(_) | Step::Duplicate(_) => {}
        Step::Heartbeat => line.heartbeat(),
        Step::Compact => line.compact(),
        Step::Restart(keeps) => line.restart(keeps),
        Step::Wipe => line.wipe(),
    }
}

/// How many heartbeats it may take once the link is well: one asks, one more where the
/// refusal contradicts what the follower had acknowledged, and one begins a snapshot or
/// finds out that one has been lost.
const HEARTBEATS_MAX: usize = 3;

/// How many windows of entries may be sent in vain: those of the two questions that a
/// follower with a wiped disk refuses.
const TWICE_WINDOWS: usize = 2;
proptest! {
    #![proptest_config(crate::cases::cases(10_000))]

    /// §5.3, O2: whatever happened before, a link that heals brings the whole log within
    /// few heartbeats, and little of what the follower has is sent again.
    #[test]
    fn a_follower_whose_link_heals_holds_the_whole_log(
        in_flight_max in 1_usize..5,
        entries_max in 1_usize..4,
        steps in steps(60),
    ) {
        let mut line = Line::new(in_flight_max, entries_max);
        for step in steps {
            take(&mut line, step);
        }
        line.settle();
        let (missing, needs_snapshot) = (line.missing(), line.needs_snapshot());
        (line.entries_sent, line.messages_sent, line.bytes_sent) = (0, 0, 0);
        let mut heartbeats = 0;
        while !line.is_whole() {
            prop_assert!(heartbeats < HEARTBEATS_MAX, "{:?}", line.leader.role());
            line.heartbeat();
            line.settle();
            heartbeats += 1;
        }
        let twice = line.entries_sent.saturating_sub(missing);
        prop_assert!(twice <= TWICE_WINDOWS * in_flight_max * entries_max, "{twice} entries were sent again");
        let chunks = STATE_BYTES.div_ceil(3) + 1;
        let messages_max = missing + HEARTBEATS_MAX * (2 + in_flight_max) + chunks;
        prop_assert!(line.messages_sent <= messages_max, "{} messages", line.messages_sent);
        let bytes_max = if needs_snapshot { 3 * STATE_BYTES } else { 0 };
        prop_assert!(line.bytes_sent <= bytes_max, "{} bytes", line.bytes_sent);
    }
}
