//! A server that is given whatever there is, and what has to hold of it then.
//!
//! Shared by the property tests of `tests/hostile.rs` and by the fuzz target.
//! Two kinds of trials: in the first its disk is honest and everything else
//! is not, and the rules of the paper hold after each step. In the second the
//! disk holds anything at all, too. No rule can be asked of such a server any
//! more, only that it comes to an end with each input, and that it neither
//! says nor keeps more than it was given reason to.

mod bits;
mod check;
pub(crate) mod heap;

use std::collections::VecDeque;
use std::sync::Arc;

use raft_core::{
    AppendEntriesReply, AppendOutcome, Config, Index, InstallOutcome, InstallSnapshot,
    InstallSnapshotReply, Message, Node, NodeId, Persistent, PreVoteReply, Settings, Ticks, Write,
};

use crate::common::members::{disk_of, of};
use crate::common::{S1, Said, Server, config, install, settings, vote};

pub(crate) use bits::Step;
use bits::{Bits, servers};

/// What is done to one server, from its start on.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    /// With all that the dissertation adds, or without.
    pub(crate) extended: bool,
    /// Whether it is made the leader first.
    pub(crate) leads: bool,
    pub(crate) steps: Vec<Step>,
}

/// The node with all that surrounds it.
pub(crate) struct Trial {
    pub(crate) node: Server,
    extended: bool,
    /// What the writes reported durable, in their order, add up to.
    disk: Persistent<u64>,
    writes: VecDeque<(Write<u64>, bool)>,
    /// The last things that the node has said.
    said: VecDeque<(NodeId, Said)>,
    /// Whether its disk has ever held what no server writes.
    is_corrupted: bool,
    /// How many more messages it may send.
    credit: usize,
    /// How many entries its log can have from what it was given.
    given: usize,
    reads: usize,
}

impl Step {
    /// The step that one number stands for, with an honest disk.
    pub(crate) fn of_number(number: u128) -> Self {
        Bits::of_number(number).step()
    }
}

impl Script {
    /// The script that these bytes stand for. The first says of what kind it is.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        let (kind, rest) = bytes
            .split_first()
            .map_or((0, bytes), |(k, rest)| (*k, rest));
        let mut bits = Bits::of_bytes(rest, kind & 4 != 0);
        let mut steps = Vec::new();
        while !bits.is_spent() {
            steps.push(bits.step());
        }
        Self {
            extended: kind & 1 != 0,
            leads: kind & 2 != 0,
            steps,
        }
    }

    /// Does all of it, and checks after each step.
    pub(crate) fn play(self) {
        let _ = heap::taken_since_last();
        let began = disk_of(of(&[1, 2, 3], &[4]), 0, Vec::new());
        let mut trial = Trial::new(self.extended, began);
        if self.leads {
            trial.lead();
        }
        for step in self.steps {
            trial.step_and_check(step);
        }
    }
}

impl Trial {
    fn new(extended: bool, disk: Persistent<u64>) -> Self {
        let settings = if extended {
            Settings {
                pre_vote: true,
                check_quorum: true,
                lease_reads: true,
                no_op: true,
                in_flight_max: 3,
                entries_bytes_max: 40,
                uncommitted_max: 3,
                snapshot_bytes_max: 2,
                ..settings()
            }
        } else {
            settings()
        };
        Self {
            node: Node::restart(config(S1, settings), disk.clone(), 1),
            extended,
            given: disk.entries.len(),
            disk,
            writes: VecDeque::new(),
            said: VecDeque::new(),
            is_corrupted: false,
            credit: 0,
            reads: 0,
        }
    }

    fn step(&mut self, step: Step) {
        // Its own no-op or the way out of a joint configuration, and a command.
        self.given += 3;
        match step {
            Step::Pass(ticks) => self.pass(ticks),
            Step::Late(ticks) => self.node.advance(Ticks(ticks)),
            Step::Timeout => self.node.fire(raft_core::Timer::Election),
            Step::Receive(from, message) => self.receive(NodeId(from), message),
            Step::Agree(choice) => self.agree(choice),
            Step::Lack(choice) => self.lack(choice),
            Step::GoOn(bytes, done) => self.go_on(bytes, done),
            Step::Propose => drop(self.node.propose(1).map_err(|refused| refused.to_string())),
            Step::TakeWrite => {
                let write = self.node.take_write();
                self.writes.extend(write.map(|write| (write, false)));
                assert_eq!(self.node.take_write(), None, "one write holds it all");
            }
            Step::Durable(choice) => self.make_durable(choice),
            Step::Apply => self.apply(),
            Step::Compact(index) => {
                let length = usize::try_from(index % 6).expect("small");
                let _ = self
                    .node
                    .compact(Index(index), Arc::from(&[1, 2, 3, 4, 5][..length]));
            }
            Step::Read => self.reads += usize::from(self.node.read().is_ok()),
            Step::Transfer(to) => drop(self.node.transfer_leadership(NodeId(to))),
            Step::Reconfigure(voters, learners) => {
                self.reconfigure(&servers(voters), &servers(learners & !voters));
            }
            Step::Crowd(size, times) => {
                let ids = (0..size).map(|id| NodeId(id / times)).collect::<Vec<_>>();
                self.reconfigure(&ids, &[]);
            }
            Step::Restart => {
                *self = Self {
                    is_corrupted: self.is_corrupted,
                    ..Self::new(self.extended, self.disk.clone())
                };
            }
            Step::Corrupt(from) => self.corrupt(*from),
            Step::Overwrite(disk, commit_index) => {
                self.is_corrupted = true;
                self.given += disk.entries.len();
                self.node.overwrite(*disk, Index(commit_index));
                self.disk = self.node.persistent();
            }
        }
        self.listen();
    }

    /// A restart from anything. The host still reports the writes of before.
    fn corrupt(&mut self, (disk, settings): (Persistent<u64>, Settings)) {
        // Not all combinations are let through.
        let config = Config::new(S1, settings).unwrap_or_else(|_| self.node.config().clone());
        self.node = Node::restart(config, disk.clone(), 1);
        self.is_corrupted = true;
        self.given += disk.entries.len();
        self.disk = disk;
    }

    fn receive(&mut self, from: NodeId, message: Said) {
        if let Message::AppendEntries(m) = &message {
            self.given += m.entries.len();
        }
        self.node.receive(from, message);
    }

    /// Deadline by deadline, but no more than fifty of them.
    fn pass(&mut self, ticks: u64) {
        let mut left = Ticks(ticks);
        for _ in 0..50 {
            let step = left.min(self.node.ticks_to_deadline());
            self.node.advance(step);
            left = left.minus(step);
            if left == Ticks(0) {
                return;
            }
            self.listen();
        }
    }

    /// There is an end to what it gives to the state machine.
    fn apply(&mut self) {
        let bound = self.node.log().entries().len() + 1;
        let applied = (0..=bound).find(|_| self.node.poll_apply().is_none());
        assert!(applied.is_some(), "it never ceases to apply");
        let answered = (0..=self.reads).find(|_| self.node.poll_read().is_none());
        assert!(answered.is_some(), "it answers more reads than were asked");
    }

    fn agree(&mut self, choice: usize) {
        let Some((to, message)) = self.recent(choice) else {
            return;
        };
        let term = message.term();
        let answer = match message {
            Message::RequestVote(_) => vote(term.0, true),
            Message::AppendEntries(m) => Message::AppendEntriesReply(AppendEntriesReply {
                term,
                request: m.request(),
                outcome: AppendOutcome::Success,
            }),
            Message::PreVote(_) => Message::PreVoteReply(PreVoteReply {
                term,
                vote_granted: true,
            }),
            Message::InstallSnapshot(m) => Message::InstallSnapshotReply(InstallSnapshotReply {
                term,
                request: m.request(),
                outcome: if m.done {
                    InstallOutcome::Installed
                } else {
                    InstallOutcome::Stored {
                        offset: m.offset + m.data.len() as u64,
                    }
                },
            }),
            _ => return,
        };
        self.receive(to, answer);
    }

    /// One of the last things that the node has said.
    fn recent(&self, choice: usize) -> Option<(NodeId, Said)> {
        let back = 1 + choice % self.said.len().clamp(1, 12);
        let place = self.said.len().checked_sub(back)?;
        self.said.get(place).cloned()
    }

    fn lack(&mut self, choice: usize) {
        if let Some((to, Message::AppendEntries(m))) = self.recent(choice) {
            let x_len = Index(1);
            let reply = AppendEntriesReply {
                term: m.term,
                request: m.request(),
                outcome: AppendOutcome::TooShort { x_len },
            };
            self.receive(to, Message::AppendEntriesReply(reply));
        }
    }

    /// Goes on where the node has said that the next chunk has to begin.
    fn go_on(&mut self, bytes: u64, done: bool) {
        let stored = |(to, said): &(NodeId, Said)| match said {
            Message::InstallSnapshotReply(m) => match m.outcome {
                InstallOutcome::Stored { offset } => Some((*to, m.request, offset)),
                _ => None,
            },
            _ => None,
        };
        let Some((from, request, offset)) = self.said.iter().rev().find_map(stored) else {
            return;
        };
        if let Message::InstallSnapshot(m) = install(request.term.0, request.last_index.0, 1) {
            let data = (0..bytes).map(|_| 5).collect();
            let chunk = InstallSnapshot {
                offset,
                data,
                done,
                ..m
            };
            self.receive(from, Message::InstallSnapshot(chunk));
        }
    }

    /// The node is elected, commits a command and an entry of its own, and
    /// with that may do whatever a leader may.
    pub(crate) fn lead(&mut self) {
        self.step(Step::Timeout);
        for _ in 0..5 {
            self.step(Step::TakeWrite);
            self.step(Step::Durable(0));
            for back in 0..self.said.len().min(12) {
                self.step(Step::Agree(back));
            }
            self.step(Step::Propose);
        }
        self.step(Step::Apply);
        assert!(self.node.role().is_leader() && self.node.commit_index() > Index::ZERO);
    }

    /// What is refused leaves no trace; what is not is in effect at once.
    fn reconfigure(&mut self, voters: &[NodeId], learners: &[NodeId]) {
        let before = (!self.is_corrupted).then(|| self.node.clone());
        let changed = self.node.reconfigure(voters, learners);
        let Some(before) = before else {
            return;
        };
        match changed {
            Err(_) => assert!(self.node == before, "a refusal left a trace"),
            Ok((index, _)) => {
                assert_eq!(index, self.node.log().configuration_index());
                assert_eq!(self.node.configuration().voters(), voters);
            }
        }
    }

    /// Reports some write, whether or not those before it are done.
    fn make_durable(&mut self, choice: usize) {
        if self.writes.is_empty() {
            return;
        }
        let chosen = choice % self.writes.len();
        self.writes[chosen].1 = true;
        self.node.durable(self.writes[chosen].0.id);
        while self.writes.front().is_some_and(|(_, done)| *done) {
            let (write, _) = self.writes.pop_front().expect("a first one");
            self.disk.apply(&write);
        }
    }
}
