//! A leader that sends a snapshot, the follower that is sent it, and the
//! network between the two, which is the test (§7).

use std::sync::Arc;

use raft_core::{
    Apply, Index, InstallSnapshot, Message, Node, NodeId, Persistent, Settings, Snapshot,
};

use super::*;

/// The state at an index: bytes that no other index and no other place has.
pub(crate) fn state(index: u64, bytes: usize) -> Arc<[u8]> {
    let byte = |place: usize| u8::try_from((index * 31 + place as u64 * 7) % 251).expect("small");
    (0..bytes).map(byte).collect()
}

pub(crate) fn in_chunks(snapshot_bytes_max: usize) -> Settings {
    Settings {
        snapshot_bytes_max,
        ..settings()
    }
}

/// Who neither leads nor follows here, but agrees to everything.
pub(crate) fn third(leader: NodeId) -> NodeId {
    if leader == S1 { S3 } else { S1 }
}

/// A leader, and `S2` with an empty disk that needs the leader's snapshot. The test is the network between the two.
pub(crate) struct Pair {
    pub(crate) leader: Server,
    pub(crate) follower: Server,
    pub(crate) disk: Persistent<u64>,
    /// Who is meant, and what is under way to it.
    pub(crate) wire: Vec<(NodeId, Said)>,
    /// What the follower's state machine was given as a whole.
    pub(crate) loaded: Vec<Snapshot>,
    /// Every snapshot that the leader has ever had.
    pub(crate) taken: Vec<Snapshot>,
}

impl Pair {
    /// A leader in term 2 whose snapshot up to index 4 has so many bytes.
    pub(crate) fn new(bytes: usize, chunk: usize) -> Self {
        let disk = among(3, Persistent::default());
        let mut pair = Self {
            leader: Self::led_by(S1, 1, chunk, among(3, super::disk(1, &[1, 1, 1]))),
            follower: Node::restart(config(S2, in_chunks(chunk)), disk.clone(), 2),
            disk,
            wire: Vec::new(),
            loaded: Vec::new(),
            taken: Vec::new(),
        };
        pair.compact(bytes);
        pair
    }

    /// The leader `id`, elected by the third one in its next term, with a
    /// command of that term.
    pub(crate) fn led_by(id: NodeId, seed: u64, chunk: usize, disk: Persistent<u64>) -> Server {
        let mut node = Node::restart(config(id, in_chunks(chunk)), disk, seed);
        node.fire(raft_core::Timer::Election);
        let _ = flush(&mut node);
        let term = term(&node);
        hear(&mut node, third(id), vote(term, true));
        assert!(node.role().is_leader());
        node.propose(9).expect("it leads");
        let _ = flush(&mut node);
        let last = node.log().last_index().0;
        hear(&mut node, third(id), stored(term, last - 1, last));
        assert_eq!(commit(&node), last);
        let _ = applied(&mut node);
        // What was sent to the other follower counts as lost.
        node.advance(HEARTBEAT);
        let _ = flush(&mut node);
        node
    }

    /// The leader's snapshot takes the place of all that it has applied.
    pub(crate) fn compact(&mut self, bytes: usize) {
        let index = self.leader.last_applied();
        let data = state(index.0, bytes);
        if self.leader.compact(index, data).is_ok() {
            self.taken.push(self.leader.log().snapshot().clone());
        }
        self.collect();
    }

    /// The leader commits one more command, with the third one, and compacts.
    pub(crate) fn move_on(&mut self, bytes: usize) {
        self.leader.propose(9).expect("it leads");
        let _ = self
            .leader
            .take_write()
            .map(|write| self.leader.durable(write.id));
        self.collect();
        let (last, term) = (self.leader.log().last_index().0, term(&self.leader));
        let third = third(self.leader.config().id());
        self.leader.receive(third, stored(term, last - 1, last));
        self.collect();
        let _ = applied(&mut self.leader);
        self.compact(bytes);
    }

    /// Another server leads from the next term on, with other bytes.
    pub(crate) fn another_leads(&mut self, id: NodeId, bytes: usize) {
        let disk = self.leader.persistent();
        let chunk = self.leader.config().settings().snapshot_bytes_max;
        self.leader = Self::led_by(id, 7, chunk, disk);
        self.wire.clear();
        self.compact(bytes);
    }

    pub(crate) fn restart_follower(&mut self) {
        let config = self.follower.config().clone();
        self.follower = Node::restart(config, self.disk.clone(), 3);
    }

    pub(crate) fn heartbeat(&mut self) {
        self.leader.advance(HEARTBEAT);
        self.collect();
    }

    /// What the two have to say goes on the wire; what the follower writes is
    /// on its disk at once.
    pub(crate) fn collect(&mut self) {
        let leader = self.leader.config().id();
        for node in [&mut self.leader, &mut self.follower] {
            while let Some(write) = node.take_write() {
                if node.config().id() == S2 {
                    self.disk.apply(&write);
                }
                node.durable(write.id);
            }
            let said = poll(node).into_iter();
            let said = said.filter(|said| said.to == leader || said.to == S2);
            self.wire.extend(said.map(|said| (said.to, said.message)));
        }
        while let Some(apply) = self.follower.poll_apply() {
            if let Apply::Snapshot(snapshot) = apply {
                self.loaded.push(snapshot);
            }
        }
    }

    /// Delivers what is at this place of the wire.
    pub(crate) fn deliver(&mut self, place: usize) {
        if self.wire.is_empty() {
            return;
        }
        let (to, message) = self.wire.remove(place % self.wire.len());
        let leader = self.leader.config().id();
        if to == S2 {
            self.follower.receive(leader, message);
        } else if to == leader {
            self.leader.receive(S2, message);
        }
        self.collect();
    }

    pub(crate) fn settle(&mut self) {
        for _ in 0..1000 {
            self.deliver(0);
        }
        assert!(self.wire.is_empty(), "they never come to rest");
    }

    /// Lets the snapshot be asked for, without sending the first chunk yet.
    pub(crate) fn begin(&mut self) -> InstallSnapshot {
        self.wire.clear();
        self.heartbeat();
        while !matches!(self.wire[0].1, Message::InstallSnapshot(_)) {
            self.deliver(0);
        }
        self.chunk()
    }

    /// The one chunk that is under way.
    pub(crate) fn chunk(&mut self) -> InstallSnapshot {
        match &self.wire[..] {
            [(S2, Message::InstallSnapshot(m))] => m.clone(),
            other => panic!("not one chunk: {other:?}"),
        }
    }

    /// Delivers the chunk that is under way and the answer to it; gives the next.
    pub(crate) fn next(&mut self) -> InstallSnapshot {
        self.deliver(0);
        self.deliver(0);
        self.chunk()
    }

    /// The follower holds a snapshot of some leader, byte for byte, and the
    /// same log behind it.
    pub(crate) fn check(&self) {
        for snapshot in self.loaded.iter().chain([self.follower.log().snapshot()]) {
            let is_whole = self.taken.contains(snapshot);
            let is_none = snapshot.last_included_index == Index::ZERO;
            assert!(
                is_whole || is_none,
                "no snapshot of any leader: {snapshot:?}"
            );
        }
        assert_eq!(self.disk, self.follower.persistent());
    }

    pub(crate) fn has_caught_up(&self) -> bool {
        self.follower.log().last_index() == self.leader.log().last_index()
            && self.follower.commit_index() == self.leader.commit_index()
    }

    /// All is well again: what is said arrives.
    pub(crate) fn recover(&mut self) {
        for _ in 0..200 {
            self.heartbeat();
            self.settle();
            if self.has_caught_up() {
                return self.check();
            }
        }
        panic!("the follower never gets there: {:?}", self.leader.role());
    }
}
