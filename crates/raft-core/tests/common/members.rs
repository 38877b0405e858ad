//! What the tests of changing configurations share (§6, and chapter 4 of the
//! dissertation): configurations in a few numbers, entries that hold them, and
//! answers to what a leader has really said.

use super::*;

pub(crate) fn ids(numbers: &[u16]) -> Vec<NodeId> {
    numbers.iter().copied().map(NodeId).collect()
}

/// The configuration of these voters and learners.
pub(crate) fn of(voters: &[u16], learners: &[u16]) -> Configuration {
    Configuration::new(ids(voters), ids(learners)).expect("a possible cluster")
}

/// `C_old,new`: on the way from the voters `old` to `new`.
pub(crate) fn joint(old: &[u16], new: &[u16]) -> Configuration {
    Configuration::joint(ids(new), ids(old), []).expect("a possible cluster")
}

pub(crate) fn change(term: u64, configuration: Configuration) -> Entry<u64> {
    Entry {
        term: Term(term),
        payload: Payload::Configuration(Arc::new(configuration)),
    }
}

/// A disk in `term` of a cluster that began with this configuration.
pub(crate) fn disk_of(
    configuration: Configuration,
    term: u64,
    entries: Vec<Entry<u64>>,
) -> Persistent<u64> {
    Persistent {
        hard_state: disk(term, &[]).hard_state,
        entries: entries.into(),
        ..Persistent::bootstrap(configuration)
    }
}

/// `S1`, started from `disk`.
pub(crate) fn boot(disk: Persistent<u64>) -> Server {
    boot_with(settings(), disk)
}

pub(crate) fn boot_with(settings: Settings, disk: Persistent<u64>) -> Server {
    Node::restart(config(S1, settings), disk, 1)
}

/// AppendEntries after `prev`, an index and its term, with these entries.
pub(crate) fn send(term: u64, prev: (u64, u64), entries: Vec<Entry<u64>>, commit: u64) -> Said {
    match append(term, prev, &[], commit) {
        Message::AppendEntries(mut m) => {
            m.entries = entries.into();
            Message::AppendEntries(m)
        }
        other => other,
    }
}

/// Stands, gets all votes, and is made to lead.
pub(crate) fn lead(node: &mut Server) -> Vec<Envelope<u64>> {
    node.fire(raft_core::Timer::Election);
    let asked = flush(node);
    let term = term(node);
    let mut said = Vec::new();
    for to in asked.iter().map(|envelope| envelope.to) {
        said.extend(hear(node, to, vote(term, true)));
    }
    assert!(node.role().is_leader());
    said
}

/// `S1`, the leader of term 1 of this cluster, whose first command, at index
/// 1, is on all servers and committed.
pub(crate) fn settled(configuration: Configuration) -> Server {
    settled_with(settings(), configuration)
}

pub(crate) fn settled_with(settings: Settings, configuration: Configuration) -> Server {
    let mut node = boot_with(settings, disk_of(configuration, 0, Vec::new()));
    lead(&mut node);
    node.propose(101).expect("it leads");
    let said = flush(&mut node);
    everybody_agrees(&mut node, &said);
    assert_eq!(commit(&node), 1);
    assert_eq!(applied(&mut node), [1]);
    node
}

/// Whoever is sent entries has them, and so on until the leader is silent.
pub(crate) fn everybody_agrees(node: &mut Server, said: &[Envelope<u64>]) {
    let mut said = said.to_vec();
    for _ in 0..20 {
        let answers = said.iter().filter_map(|one| Some((one.to, yes_to(one)?)));
        let answers: Vec<_> = answers.collect();
        said.clear();
        for (from, answer) in answers {
            said.extend(hear(node, from, answer));
        }
    }
    assert_eq!(said, [], "the leader never comes to rest");
}

/// The answer of a server that agrees to what it has been sent.
pub(crate) fn yes_to(said: &Envelope<u64>) -> Option<Said> {
    let term = said.message.term();
    Some(match &said.message {
        Message::AppendEntries(m) => Message::AppendEntriesReply(AppendEntriesReply {
            term,
            request: m.request(),
            outcome: AppendOutcome::Success,
        }),
        Message::InstallSnapshot(m) if m.done => {
            Message::InstallSnapshotReply(InstallSnapshotReply {
                term,
                request: m.request(),
                outcome: InstallOutcome::Installed,
            })
        }
        _ => return None,
    })
}

/// `from` agrees to the last thing that it was sent among `said`.
pub(crate) fn agree(node: &mut Server, from: NodeId, said: &[Envelope<u64>]) -> Vec<Envelope<u64>> {
    let last = said.iter().rev().find(|one| one.to == from);
    let answer = yes_to(last.expect("it was sent something")).expect("entries");
    hear(node, from, answer)
}

/// Changes the configuration, and answers what is said of it.
pub(crate) fn reconfigure(
    node: &mut Server,
    voters: &[u16],
    learners: &[u16],
) -> Vec<Envelope<u64>> {
    let changed = node.reconfigure(&ids(voters), &ids(learners));
    let (index, _) = changed.expect("nothing is in the way");
    assert_eq!(index, node.log().configuration_index());
    flush(node)
}

/// Who is asked for votes.
pub(crate) fn asked(said: &[Envelope<u64>]) -> Vec<u16> {
    let one = |envelope: &&Envelope<u64>| {
        matches!(
            envelope.message,
            Message::RequestVote(_) | Message::PreVote(_)
        )
    };
    let mut asked: Vec<u16> = said.iter().filter(one).map(|said| said.to.0).collect();
    asked.sort_unstable();
    asked
}

impl Cluster {
    /// A server with an empty disk, which knows nobody yet.
    pub(crate) fn join(&mut self, id: NodeId) {
        let disk = Persistent::default();
        let node = Node::restart(config(id, settings()), disk.clone(), u64::from(id.0) * 77);
        self.nodes.insert(id, node);
        self.disks.insert(id, disk);
        self.applied.insert(id, Vec::new());
    }

    /// Changes the configuration, and lets follow what follows.
    pub(crate) fn change(&mut self, leader: NodeId, voters: &[u16], learners: &[u16]) {
        let node = self.node_mut(leader);
        let changed = node.reconfigure(&ids(voters), &ids(learners));
        changed.expect("nothing is in the way");
        self.settle();
    }

    /// Proposes a command and delivers what follows.
    pub(crate) fn command(&mut self, leader: NodeId, command: u64) {
        self.propose(leader, command);
        self.settle();
    }

    pub(crate) fn cut_off(&mut self, ids: &[u16]) {
        self.cut_off.extend(ids.iter().copied().map(NodeId));
    }

    /// What the state machine of a server has been given, without the indices.
    pub(crate) fn commands(&self, id: NodeId) -> Vec<u64> {
        let applied = self.applied[&id].iter();
        applied.map(|(_, command)| *command).collect()
    }
}
