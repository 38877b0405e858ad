//! One server as it is met in many clusters: the node that runs in the page and in every host,
//! with its host around it and what is remembered of its promises.
//!
//! What becomes of a server depends on itself and on what it is given, and on nothing else. So
//! each step of a server is made once, by the real code, and looked up wherever it is met again.

use std::hash::{Hash, Hasher};

use raft_core::{
    Apply, Config, Envelope, Index, Message, Node, NodeId, Persistent, Role, RuleSet, Term, Timer,
};
use raft_sim::checker::Checker;
use raft_sim::digest::Digest;
use raft_sim::fact::Fact;
use raft_sim::rules::Watched;
use raft_sim::server::{self as sim, ServerNode, StateMachine};
use raft_sim::{Command, Invariant, Violation};

/// All nodes draw from one seed: their timers run out when they are chosen to, and not by time.
const SEED: u64 = 1;

/// About how many bytes the lists of a server take, and an entry of its log.
const HEAP_BYTES: usize = 1024;
const ENTRY_BYTES: usize = 64;

/// A server, and what it owes by itself.
#[derive(Debug, Clone)]
pub(super) struct Server {
    id: NodeId,
    life: Life,
    owes: Checker,
}

#[derive(Debug, Clone)]
enum Life {
    Running(Box<Running>),
    Crashed(Persistent<Command>),
}

#[derive(Debug, Clone)]
struct Running {
    node: ServerNode,
    machine: StateMachine,
}

/// What a server is given.
#[derive(Debug, Clone)]
pub(super) enum Input {
    Receive(NodeId, Message<Command>),
    Fire(Timer),
    Propose(Command),
    Snapshot,
    Read,
    Transfer(NodeId),
    /// Who shall vote, and who shall only learn.
    Reconfigure([Vec<NodeId>; 2]),
    Crash,
    Restart,
}

/// What became of a server that was given something.
pub(super) struct Stepped {
    pub(super) server: Server,
    pub(super) sent: Vec<Envelope<Command>>,
    pub(super) facts: Vec<Fact>,
    /// What it broke by itself.
    pub(super) broken: Option<Invariant>,
    /// Whether what all promised together may be concerned.
    pub(super) concerns_all: bool,
}

/// What a server does, as far as others may be concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Crashed,
    Follower,
    PreCandidate,
    Candidate,
    Leader,
}

/// How a server is set, which rules it ignores, and what its disk begins with.
#[derive(Debug, Clone)]
pub(super) struct Making {
    pub(super) configs: Vec<Config>,
    pub(super) ablated: RuleSet,
    /// Whether the machines know what clients have asked for.
    pub(super) sessions: bool,
    pub(super) first_disks: Vec<Persistent<Command>>,
}

impl Making {
    fn config(&self, id: NodeId) -> Config {
        self.configs[place(id)].clone()
    }

    fn first_disk(&self, id: NodeId) -> Persistent<Command> {
        self.first_disks[place(id)].clone()
    }
}

fn place(id: NodeId) -> usize {
    usize::from(id.0).saturating_sub(1)
}

impl Server {
    /// A server that starts for the first time.
    pub(super) fn new(making: &Making, id: NodeId) -> Self {
        let crashed = Self {
            id,
            life: Life::Crashed(making.first_disk(id)),
            owes: Checker::default(),
        };
        crashed.step(&Input::Restart, making).server
    }

    /// A server as it is in a run, and what it owes by itself; nothing where its settings cannot be.
    pub(super) fn of_run(making: &Making, server: &sim::Server, owes: Checker) -> Option<Self> {
        let id = server.id;
        let life = match &server.life {
            sim::Life::Crashed => Life::Crashed(server.disk.image.clone()),
            sim::Life::Running(running) => {
                let (mut node, machine) = (running.node.clone(), running.machine.clone());
                node.retime(making.config(id).settings().clone()).ok()?;
                node.conduct_mut().take();
                Life::Running(Box::new(Running { node, machine }))
            }
        };
        Some(Self { id, life, owes })
    }

    pub(super) const fn id(&self) -> NodeId {
        self.id
    }

    /// Its node, if it runs.
    pub(super) fn node(&self) -> Option<&ServerNode> {
        match &self.life {
            Life::Running(running) => Some(&running.node),
            Life::Crashed(_) => None,
        }
    }

    pub(super) fn part(&self) -> Part {
        match self.node().map(Node::role) {
            None => Part::Crashed,
            Some(Role::Follower(_)) => Part::Follower,
            Some(Role::PreCandidate(_)) => Part::PreCandidate,
            Some(Role::Candidate(_)) => Part::Candidate,
            Some(Role::Leader(_)) => Part::Leader,
        }
    }

    pub(super) fn term(&self) -> Term {
        match &self.life {
            Life::Running(running) => running.node.hard_state().current_term,
            Life::Crashed(disk) => disk.hard_state.current_term,
        }
    }

    /// Whether there are entries that it could take a snapshot of.
    pub(super) fn can_compact(&self) -> bool {
        let has_applied = |node: &ServerNode| {
            let (log, last_applied) = (node.log(), node.last_applied());
            let members = log.configuration_at(last_applied);
            log.get(last_applied).is_some() && !members.voters().is_empty()
        };
        self.node().is_some_and(has_applied)
    }

    /// About how many bytes it takes beside itself.
    pub(super) fn bytes(&self) -> usize {
        match &self.life {
            Life::Running(running) => {
                let entries = running.node.log().last_index().0;
                let entries = usize::try_from(entries).unwrap_or(usize::MAX);
                size_of::<Running>() + HEAP_BYTES + entries.saturating_mul(ENTRY_BYTES)
            }
            Life::Crashed(_) => HEAP_BYTES,
        }
    }

    /// The same for all that decides over what it will do and over what it may.
    pub(super) fn digest(&self) -> u64 {
        Digest::of(self)
    }

    /// What becomes of it once it is given `input`.
    pub(super) fn step(&self, input: &Input, making: &Making) -> Stepped {
        let id = self.id;
        let mut doing = Doing {
            id,
            sessions: making.sessions,
            facts: Vec::new(),
            sent: Vec::new(),
        };
        let before = self.node();
        let (was_leader, commit_index) = (
            before.is_some_and(|node| node.role().is_leader()),
            before.map(Node::commit_index),
        );
        let life = doing.give(self.life.clone(), input, making);
        let mut owes = self.owes.clone();
        let mut server = Self {
            id,
            life,
            owes: Checker::default(),
        };
        let alone = server.node().map_or(&[][..], std::slice::from_ref);
        owes.see(0, &doing.facts, &alone);
        let mut broken = owes.violations().iter().map(Violation::invariant);
        let broken = broken.find(|found| found.is_of_one_server());
        let after = server.node();
        let is_new = |node: &ServerNode| {
            (node.role().is_leader() && !was_leader) || Some(node.commit_index()) != commit_index
        };
        let concerns_all = after.is_some_and(is_new) || doing.facts.iter().any(concerns_all);
        server.owes = owes.of_servers();
        Stepped {
            server,
            sent: doing.sent,
            facts: doing.facts,
            broken,
            concerns_all,
        }
    }
}

/// Whether more than one server may be concerned.
fn concerns_all(fact: &Fact) -> bool {
    match fact {
        Fact::Acted { changed_from, .. } => changed_from.is_some(),
        Fact::Applied { .. }
        | Fact::Restored { .. }
        | Fact::Rejoined(_)
        | Fact::Rewritten { .. }
        | Fact::ReadBegun { .. }
        | Fact::ReadAnswered { .. }
        | Fact::Began { .. }
        | Fact::TookEffect { .. }
        | Fact::Answered { .. } => true,
        Fact::Restarted { .. } | Fact::Told { .. } | Fact::Lost(_) => false,
    }
}

/// A host at work: it writes, applies and sends as the laboratory's does, in the same order. A
/// write is durable before anything that rests on it is sent.
struct Doing {
    id: NodeId,
    sessions: bool,
    facts: Vec<Fact>,
    sent: Vec<Envelope<Command>>,
}

impl Doing {
    fn give(&mut self, life: Life, input: &Input, making: &Making) -> Life {
        match (life, input) {
            (Life::Running(running), Input::Crash) => Life::Crashed(running.node.persistent()),
            (Life::Crashed(disk), Input::Restart) => self.rise(disk, making),
            (Life::Running(mut running), input) => {
                self.hand(&mut running, input);
                self.drain(&mut running);
                Life::Running(running)
            }
            (crashed @ Life::Crashed(_), _) => crashed,
        }
    }

    /// Gives a running server what it is asked for or sent. What it declines changes nothing.
    fn hand(&mut self, running: &mut Running, input: &Input) {
        let node = &mut running.node;
        match input {
            Input::Receive(from, message) => node.receive(*from, message.clone()),
            Input::Fire(timer) => node.fire(*timer),
            Input::Propose(command) => {
                let _ = node.propose(command.clone());
            }
            Input::Snapshot => compact(running),
            Input::Read => {
                if let Ok(read) = node.read() {
                    let server = self.id;
                    self.facts.push(Fact::ReadBegun { server, read });
                }
            }
            Input::Transfer(to) => {
                let _ = node.transfer_leadership(*to);
            }
            Input::Reconfigure([voters, learners]) => {
                let _ = node.reconfigure(voters, learners);
            }
            Input::Crash | Input::Restart => {}
        }
    }

    /// A server starts from a disk, and is among the others again.
    fn rise(&mut self, disk: Persistent<Command>, making: &Making) -> Life {
        let mut running = self.boot(disk, making.config(self.id), making.ablated);
        self.drain(&mut running);
        self.facts.push(Fact::Rejoined(self.id));
        Life::Running(running)
    }

    fn boot(
        &mut self,
        disk: Persistent<Command>,
        config: Config,
        ablated: RuleSet,
    ) -> Box<Running> {
        let machine = StateMachine::load(&disk.snapshot.data);
        let (server, snapshot) = (self.id, disk.snapshot.last_included_index);
        self.facts.push(Fact::Restarted {
            server,
            disk: disk.hard_state,
            snapshot,
        });
        if snapshot > Index::ZERO {
            let machine = machine.mark();
            self.facts.push(Fact::Restored { server, machine });
        }
        let node = Node::restart_with(config, disk, SEED, Watched::ablated(ablated));
        Box::new(Running { node, machine })
    }

    fn drain(&mut self, running: &mut Running) {
        let mut changed_from = write_all(&mut running.node);
        self.apply_all(running);
        let again = write_all(&mut running.node);
        changed_from = changed_from.or(again);
        self.answer_reads(running);
        while let Some(envelope) = running.node.poll_message() {
            self.tell(&envelope);
            self.sent.push(envelope);
        }
        let server = self.id;
        self.facts.push(Fact::Acted {
            server,
            changed_from,
        });
        running.node.conduct_mut().take();
    }

    fn apply_all(&mut self, running: &mut Running) {
        let server = self.id;
        while let Some(apply) = running.node.poll_apply() {
            match apply {
                Apply::Entry {
                    index,
                    term,
                    payload,
                } => {
                    running.machine.execute(index, &payload, self.sessions);
                    self.facts.push(Fact::Applied {
                        server,
                        term,
                        payload,
                        node_term: running.node.hard_state().current_term,
                        machine: running.machine.mark(),
                    });
                }
                Apply::Snapshot(snapshot) => {
                    running.machine = StateMachine::load(&snapshot.data);
                    let machine = running.machine.mark();
                    self.facts.push(Fact::Restored { server, machine });
                    self.facts.push(Fact::Rejoined(server));
                }
            }
        }
    }

    fn answer_reads(&mut self, running: &mut Running) {
        while let Some(read) = running.node.poll_read() {
            let applied = read.outcome.ok().map(|_| running.machine.applied);
            self.facts.push(Fact::ReadAnswered {
                server: self.id,
                read: read.id,
                applied,
            });
        }
    }

    /// What others may rest on is what they were told.
    fn tell(&mut self, envelope: &Envelope<Command>) {
        let vote = match &envelope.message {
            Message::RequestVote(_) => Some(self.id),
            Message::RequestVoteReply(reply) if reply.vote_granted => Some(envelope.to),
            Message::RequestVoteReply(_)
            | Message::AppendEntries(_)
            | Message::AppendEntriesReply(_)
            | Message::InstallSnapshot(_)
            | Message::InstallSnapshotReply(_)
            | Message::PreVote(_)
            | Message::PreVoteReply(_)
            | Message::TimeoutNow(_) => None,
        };
        let (server, term) = (self.id, envelope.message.term());
        self.facts.push(Fact::Told { server, term, vote });
    }
}

/// Writes all that there is to write; answers from which index on the log is new.
fn write_all(node: &mut ServerNode) -> Option<Index> {
    let mut changed_from: Option<Index> = None;
    while let Some(write) = node.take_write() {
        if let Some((from, _)) = &write.entries {
            changed_from = Some(changed_from.map_or(*from, |first: Index| first.min(*from)));
        }
        node.durable(write.id);
    }
    changed_from
}

fn compact(running: &mut Running) {
    let (index, data) = (running.node.last_applied(), running.machine.save());
    // What cannot be compacted stays as it is.
    let _ = running.node.compact(index, data);
}

impl Hash for Server {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { id, life, owes } = self;
        (id, owes).hash(state);
        match life {
            Life::Running(running) => {
                let Running { node, machine } = &**running;
                (0_u8, node, node.numbers(), machine).hash(state);
            }
            Life::Crashed(disk) => (1_u8, disk).hash(state),
        }
    }
}
