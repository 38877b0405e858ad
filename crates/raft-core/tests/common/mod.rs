//! What the paper tests share: one server whose peers the test plays, and a
//! small cluster on a wire that delivers everything at once.
//!
//! The command of an entry is `100 * term + index`, so that two entries are
//! equal only where the paper says that they are.

// Each test file is a program of its own and uses its own part of this.
#![allow(dead_code)]

pub(crate) mod members;
pub(crate) mod transfer;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use raft_core::{
    AppendEntries, AppendEntriesReply, AppendOutcome, Apply, Attempt, Config, Configuration,
    ElectionTimer, Entry, Envelope, HardState, Index, InstallOutcome, InstallSnapshot,
    InstallSnapshotReply, Message, Node, NodeId, Payload, Persistent, Progress, Request,
    RequestVote, RequestVoteReply, Role, Round, Settings, Snapshot, Term, Ticks, Write,
};

pub(crate) type Server = Node<u64>;
pub(crate) type Said = Message<u64>;

pub(crate) const S1: NodeId = NodeId(1);
pub(crate) const S2: NodeId = NodeId(2);
pub(crate) const S3: NodeId = NodeId(3);
pub(crate) const S4: NodeId = NodeId(4);
pub(crate) const S5: NodeId = NodeId(5);

pub(crate) const HEARTBEAT: Ticks = Ticks(10);
pub(crate) const ELECTION_MIN: Ticks = Ticks(100);
pub(crate) const ELECTION_MAX: Ticks = Ticks(200);

pub(crate) fn settings() -> Settings {
    Settings {
        heartbeat: HEARTBEAT,
        election_timeout: ELECTION_MIN..=ELECTION_MAX,
        ..Settings::default()
    }
}

pub(crate) fn config(id: NodeId, settings: Settings) -> Config {
    Config::new(id, settings).expect("possible settings")
}

/// The servers from `S1` on, all of them voters.
pub(crate) fn voters(servers: u16) -> Arc<Configuration> {
    let ids = (1..=servers).map(NodeId);
    Arc::new(Configuration::new(ids, []).expect("a possible cluster"))
}

/// A disk of one of so many servers, if nothing on it says who takes part.
pub(crate) fn among(servers: u16, mut disk: Persistent<u64>) -> Persistent<u64> {
    if disk.snapshot.configuration.voters().is_empty() {
        disk.snapshot.configuration = voters(servers);
    }
    disk
}

/// A disk in `term`, with a log whose entries have the terms of `log`.
pub(crate) fn disk(term: u64, log: &[u64]) -> Persistent<u64> {
    Persistent {
        hard_state: HardState {
            current_term: Term(term),
            voted_for: None,
        },
        entries: entries(1, log).into(),
        ..Persistent::default()
    }
}

/// Entries of these terms, the first of them at `from`.
pub(crate) fn entries(from: u64, terms: &[u64]) -> Vec<Entry<u64>> {
    let entry = |(index, term): (u64, &u64)| Entry {
        term: Term(*term),
        payload: Payload::Command(100 * term + index),
    };
    (from..).zip(terms).map(entry).collect()
}

pub(crate) fn snapshot(last_included_index: u64, last_included_term: u64) -> Snapshot {
    Snapshot {
        last_included_index: Index(last_included_index),
        last_included_term: Term(last_included_term),
        configuration: voters(3),
        data: Arc::from([7]),
    }
}

/// `S1` of a cluster of so many servers, started from `disk`.
pub(crate) fn start(servers: u16, disk: Persistent<u64>) -> Server {
    Node::restart(config(S1, settings()), among(servers, disk), 1)
}

/// `S1` of three servers, a follower in `term` with a log of these terms.
pub(crate) fn follower(term: u64, log: &[u64]) -> Server {
    start(3, disk(term, log))
}

/// `S1` of so many servers, a candidate in `term` whose vote for itself is
/// durable and whose requests have left.
pub(crate) fn candidate_of(servers: u16, term: u64, log: &[u64]) -> Server {
    let mut node = start(servers, disk(term - 1, log));
    node.fire(raft_core::Timer::Election);
    flush(&mut node);
    node
}

/// `S1` of so many servers, the leader of `term`; its first heartbeats have left.
pub(crate) fn leader_of(servers: u16, term: u64, log: &[u64]) -> Server {
    let mut node = candidate_of(servers, term, log);
    for voter in 2..=servers / 2 + 1 {
        hear(&mut node, NodeId(voter), vote(term, true));
    }
    assert!(node.role().is_leader());
    node
}

pub(crate) fn candidate(term: u64, log: &[u64]) -> Server {
    candidate_of(3, term, log)
}

pub(crate) fn leader(term: u64, log: &[u64]) -> Server {
    leader_of(3, term, log)
}

/// Takes what is to be written, without saying that it is durable.
pub(crate) fn take(node: &mut Server) -> Write<u64> {
    node.take_write().expect("something to be written")
}

/// All that `next` gives until there is no more. Where that never comes the
/// test fails, since one that does not end says nothing.
pub(crate) fn drain<T>(next: impl FnMut() -> Option<T>) -> Vec<T> {
    const MANY: usize = 10_000;
    let all: Vec<T> = std::iter::from_fn(next).take(MANY).collect();
    assert!(all.len() < MANY, "it never comes to an end");
    all
}

/// The messages that may leave now.
pub(crate) fn poll(node: &mut Server) -> Vec<Envelope<u64>> {
    drain(|| node.poll_message())
}

/// Makes everything durable, and answers what may leave then.
pub(crate) fn flush(node: &mut Server) -> Vec<Envelope<u64>> {
    if let Some(write) = node.take_write() {
        node.durable(write.id);
    }
    poll(node)
}

/// What `node` says once it has heard this and has made it durable.
pub(crate) fn hear(node: &mut Server, from: NodeId, message: Said) -> Vec<Envelope<u64>> {
    node.receive(from, message);
    flush(node)
}

/// The one answer of `node` to this.
pub(crate) fn answer(node: &mut Server, from: NodeId, message: Said) -> Said {
    let mut said = hear(node, from, message);
    assert_eq!(said.len(), 1, "one answer: {said:?}");
    let answer = said.remove(0);
    assert_eq!(answer.to, from, "the answer goes to who asked");
    answer.message
}

/// What became of an AppendEntries that `S2` sent.
pub(crate) fn outcome(node: &mut Server, message: Said) -> AppendOutcome {
    match answer(node, S2, message) {
        Message::AppendEntriesReply(reply) => reply.outcome,
        other => panic!("no answer to AppendEntries: {other:?}"),
    }
}

/// Whether a server gives its vote to `from`, and in which term it answers.
pub(crate) fn granted(node: &mut Server, from: NodeId, message: Said) -> (u64, bool) {
    match answer(node, from, message) {
        Message::RequestVoteReply(reply) => (reply.term.0, reply.vote_granted),
        other => panic!("no answer to RequestVote: {other:?}"),
    }
}

/// The AppendEntries to `to` among `said`.
pub(crate) fn appends(said: &[Envelope<u64>], to: NodeId) -> Vec<AppendEntries<u64>> {
    let one = |envelope: &Envelope<u64>| match &envelope.message {
        Message::AppendEntries(m) if envelope.to == to => Some(m.clone()),
        _ => None,
    };
    said.iter().filter_map(one).collect()
}

pub(crate) fn ask(term: u64, last_log_index: u64, last_log_term: u64) -> Said {
    Message::RequestVote(RequestVote {
        term: Term(term),
        last_log_index: Index(last_log_index),
        last_log_term: Term(last_log_term),
        by_transfer: false,
    })
}

pub(crate) fn vote(term: u64, vote_granted: bool) -> Said {
    Message::RequestVoteReply(RequestVoteReply {
        term: Term(term),
        vote_granted,
    })
}

/// AppendEntries after `prev`, an index and its term.
pub(crate) fn append(term: u64, prev: (u64, u64), log: &[u64], leader_commit: u64) -> Said {
    Message::AppendEntries(AppendEntries {
        term: Term(term),
        prev_log_index: Index(prev.0),
        prev_log_term: Term(prev.1),
        entries: entries(prev.0 + 1, log).into(),
        leader_commit: Index(leader_commit),
        round: Round::default(),
        attempt: Attempt::default(),
    })
}

/// The answer, given in `term`, to an AppendEntries of that term that went from
/// `prev_log_index` to `last_index`.
pub(crate) fn reply(
    term: u64,
    prev_log_index: u64,
    last_index: u64,
    outcome: AppendOutcome,
) -> Said {
    Message::AppendEntriesReply(AppendEntriesReply {
        term: Term(term),
        request: request(term, prev_log_index, last_index),
        outcome,
    })
}

pub(crate) fn stored(term: u64, prev_log_index: u64, last_index: u64) -> Said {
    reply(term, prev_log_index, last_index, AppendOutcome::Success)
}

/// The same message as a part of the leader's `attempt`th attempt after its first.
pub(crate) fn in_attempt(attempt: u64, mut message: Said) -> Said {
    let attempt = Attempt(attempt);
    match &mut message {
        Message::AppendEntries(m) => m.attempt = attempt,
        Message::AppendEntriesReply(m) => m.request.attempt = attempt,
        Message::InstallSnapshot(m) => m.attempt = attempt,
        Message::InstallSnapshotReply(m) => m.request.attempt = attempt,
        other => panic!("belongs to no attempt: {other:?}"),
    }
    message
}

pub(crate) fn request(term: u64, prev_log_index: u64, last_index: u64) -> Request {
    Request {
        term: Term(term),
        prev_log_index: Index(prev_log_index),
        last_index: Index(last_index),
        round: Round::default(),
        attempt: Attempt::default(),
    }
}

pub(crate) fn install(term: u64, last_included_index: u64, last_included_term: u64) -> Said {
    Message::InstallSnapshot(InstallSnapshot {
        term: Term(term),
        last_included_index: Index(last_included_index),
        last_included_term: Term(last_included_term),
        configuration: voters(3),
        offset: 0,
        data: Arc::from([7]),
        done: true,
        round: Round::default(),
        attempt: Attempt::default(),
    })
}

pub(crate) fn installed(term: u64, last_included_index: u64) -> Said {
    Message::InstallSnapshotReply(InstallSnapshotReply {
        term: Term(term),
        request: request(term, last_included_index, last_included_index),
        outcome: InstallOutcome::Installed,
    })
}

/// The terms of the entries that are in the log.
pub(crate) fn terms(node: &Server) -> Vec<u64> {
    let entries = node.log().entries().iter();
    entries.map(|entry| entry.term.0).collect()
}

pub(crate) fn term(node: &Server) -> u64 {
    node.hard_state().current_term.0
}

pub(crate) fn commit(node: &Server) -> u64 {
    node.commit_index().0
}

/// The indices of what the state machine is given now; a snapshot's last one
/// is negative.
pub(crate) fn applied(node: &mut Server) -> Vec<i64> {
    let applied = std::iter::from_fn(|| node.poll_apply());
    let index = |apply| match apply {
        Apply::Entry { index, .. } => index.0.cast_signed(),
        Apply::Snapshot(snapshot) => -snapshot.last_included_index.0.cast_signed(),
    };
    applied.map(index).collect()
}

pub(crate) fn is_follower(node: &Server) -> bool {
    matches!(node.role(), Role::Follower(_))
}

pub(crate) fn is_candidate(node: &Server) -> bool {
    matches!(node.role(), Role::Candidate(_))
}

pub(crate) fn timer(node: &Server) -> ElectionTimer {
    node.role()
        .election()
        .expect("a leader has no election timer")
}

/// Lets this many ticks pass, with all deadlines in them.
pub(crate) fn pass(node: &mut Server, ticks: Ticks) {
    let mut left = ticks;
    while left > Ticks(0) {
        let step = left.min(node.ticks_to_deadline());
        assert!(step > Ticks(0), "the time does not pass");
        node.advance(step);
        left = left.minus(step);
    }
}

pub(crate) fn progress(node: &Server, of: NodeId) -> Progress {
    match node.role() {
        Role::Leader(leader) => {
            let progress = leader.progress.get(of);
            progress.expect("it knows how far members are").clone()
        }
        _ => panic!("only a leader knows how far others are"),
    }
}

/// nextIndex and matchIndex of a follower.
pub(crate) fn next_match(node: &Server, of: NodeId) -> (u64, u64) {
    let progress = progress(node, of);
    (progress.next_index.0, progress.match_index.0)
}

/// A whole cluster. Disks are prompt, and what is sent arrives in the order
/// in which it was sent, unless one of the two servers is cut off.
pub(crate) struct Cluster {
    pub(crate) nodes: BTreeMap<NodeId, Server>,
    pub(crate) disks: BTreeMap<NodeId, Persistent<u64>>,
    pub(crate) applied: BTreeMap<NodeId, Vec<(u64, u64)>>,
    pub(crate) cut_off: BTreeSet<NodeId>,
    /// How many messages with entries in them were sent.
    pub(crate) appends_sent: usize,
    wire: VecDeque<(NodeId, Envelope<u64>)>,
}

impl Cluster {
    pub(crate) fn new(servers: u16) -> Self {
        Self::with_disks((0..servers).map(|_| Persistent::default()).collect())
    }

    pub(crate) fn with_disks(disks: Vec<Persistent<u64>>) -> Self {
        let servers = u16::try_from(disks.len()).expect("a small cluster");
        let disks = disks.into_iter().map(|disk| among(servers, disk));
        let disks: BTreeMap<_, _> = (1..).map(NodeId).zip(disks).collect();
        let start = |(id, disk): (&NodeId, &Persistent<u64>)| {
            let config = config(*id, settings());
            (
                *id,
                Node::restart(config, disk.clone(), u64::from(id.0) * 77),
            )
        };
        Self {
            nodes: disks.iter().map(start).collect(),
            applied: disks.keys().map(|id| (*id, Vec::new())).collect(),
            disks,
            cut_off: BTreeSet::new(),
            appends_sent: 0,
            wire: VecDeque::new(),
        }
    }

    pub(crate) fn node(&self, id: NodeId) -> &Server {
        &self.nodes[&id]
    }

    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Server {
        self.nodes.get_mut(&id).expect("a server of the cluster")
    }

    /// This server's election timer runs out; whatever follows, follows.
    pub(crate) fn elect(&mut self, id: NodeId) {
        self.node_mut(id).fire(raft_core::Timer::Election);
        self.settle();
    }

    /// Proposes, without delivering anything yet.
    pub(crate) fn propose(&mut self, id: NodeId, command: u64) {
        self.node_mut(id).propose(command).expect("it leads");
        self.collect();
    }

    /// Everybody's time passes, tick by tick.
    pub(crate) fn pass(&mut self, ticks: Ticks) {
        for _ in 0..ticks.0 {
            for node in self.nodes.values_mut() {
                node.tick();
            }
            self.settle();
        }
    }

    /// Delivers until nothing is under way.
    pub(crate) fn settle(&mut self) {
        self.collect();
        let mut delivered = 0;
        while let Some((from, envelope)) = self.wire.pop_front() {
            delivered += 1;
            assert!(delivered < 10_000, "the servers never come to rest");
            if !self.cut_off.contains(&from) && !self.cut_off.contains(&envelope.to) {
                self.node_mut(envelope.to).receive(from, envelope.message);
                self.collect();
            }
        }
    }

    pub(crate) fn restart(&mut self, id: NodeId) {
        let config = self.node(id).config().clone();
        let disk = self.disks[&id].clone();
        self.nodes.insert(id, Node::restart(config, disk, 5));
        self.applied.insert(id, Vec::new());
    }

    pub(crate) fn leaders(&self) -> Vec<NodeId> {
        let leaders = self
            .nodes
            .iter()
            .filter(|(_, node)| node.role().is_leader());
        leaders.map(|(id, _)| *id).collect()
    }

    /// Carries out what each server wants done.
    fn collect(&mut self) {
        for (id, node) in &mut self.nodes {
            while let Some(write) = node.take_write() {
                self.disks.get_mut(id).expect("its disk").apply(&write);
                node.durable(write.id);
            }
            for envelope in poll(node) {
                if matches!(&envelope.message, Message::AppendEntries(m) if !m.entries.is_empty()) {
                    self.appends_sent += 1;
                }
                self.wire.push_back((*id, envelope));
            }
            while let Some(apply) = node.poll_apply() {
                if let Apply::Entry { index, payload, .. } = apply
                    && let Payload::Command(command) = payload
                {
                    let applied = self.applied.get_mut(id).expect("its state machine");
                    applied.push((index.0, command));
                }
            }
        }
    }
}
