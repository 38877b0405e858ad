//! A node that is given whatever there is, in whatever order: it never
//! panics, its term never falls, it votes once a term, and it tells nobody
//! what its disk does not hold (§5.1, §5.2, Figure 2).

mod common;

use std::collections::VecDeque;
use std::sync::Arc;

use common::*;
use proptest::prelude::*;
use raft_core::{
    AppendEntriesReply, AppendOutcome, HardState, Index, InstallSnapshotReply, Message, Node,
    NodeId, Persistent, PreVote, PreVoteReply, Role, Settings, Term, Ticks, TimeoutNow, Write,
};

#[derive(Debug, Clone)]
enum Step {
    Pass(u64),
    Timeout,
    /// Anything, from anybody.
    Receive(u16, Said),
    /// A peer agrees to something that the node has said to it.
    Agree(usize),
    Propose,
    TakeWrite,
    Durable(usize),
    Apply,
    Compact(u64),
    Read,
    Transfer(u16),
    Restart,
}

/// The node with all that surrounds it.
struct Trial {
    node: Server,
    /// What the writes reported durable, in their order, add up to.
    disk: Persistent<u64>,
    writes: VecDeque<(Write<u64>, bool)>,
    said: Vec<(NodeId, Said)>,
}

/// A step is decoded from one number, which is much faster to draw, and to
/// make smaller after a failure, than a tree of choices.
struct Bits(u64);

impl Bits {
    fn below(&mut self, bound: u64) -> u64 {
        let drawn = self.0 % bound;
        self.0 /= bound;
        drawn
    }

    /// Mostly small, so that messages have to do with one another; sometimes huge.
    fn number(&mut self) -> u64 {
        match self.below(256) {
            huge @ 254.. => u64::MAX - (huge - 254),
            small => small % 7,
        }
    }

    fn step(&mut self) -> Step {
        match self.below(36) {
            32..34 => Step::Read,
            34 => Step::Transfer(u16::try_from(self.below(5)).expect("small")),
            0..2 => Step::Pass(self.below(250)),
            2 => Step::Timeout,
            3..11 => {
                let from = u16::try_from(self.below(5)).expect("small");
                Step::Receive(from, self.message())
            }
            11..17 => Step::Agree(self.choice()),
            17..19 => Step::Propose,
            19..24 => Step::TakeWrite,
            24..28 => Step::Durable(self.choice()),
            28..30 => Step::Apply,
            30 => Step::Compact(self.number()),
            _ => Step::Restart,
        }
    }

    fn choice(&mut self) -> usize {
        usize::try_from(self.below(1 << 16)).expect("small")
    }

    fn message(&mut self) -> Said {
        let kind = self.below(9);
        let (term, index, other_term) = (self.number(), self.number(), self.number());
        match kind {
            0 => ask(term, index, other_term),
            1 => vote(term, self.below(2) == 0),
            2 => {
                let mut message = append(term, (0, other_term), &self.log(), self.number());
                if let Message::AppendEntries(m) = &mut message {
                    m.prev_log_index = Index(index);
                }
                message
            }
            3 => Message::AppendEntriesReply(AppendEntriesReply {
                term: Term(term),
                request: request(other_term, index, self.number()),
                outcome: self.outcome(),
            }),
            4 => install(term, index, other_term),
            5 => Message::PreVote(PreVote {
                term: Term(term),
                last_log_index: Index(index),
                last_log_term: Term(other_term),
            }),
            6 => Message::PreVoteReply(PreVoteReply {
                term: Term(term),
                vote_granted: self.below(2) == 0,
            }),
            7 => Message::TimeoutNow(TimeoutNow { term: Term(term) }),
            _ => Message::InstallSnapshotReply(InstallSnapshotReply {
                term: Term(term),
                request: request(other_term, index, self.number()),
            }),
        }
    }

    fn log(&mut self) -> Vec<u64> {
        (0..self.below(5)).map(|_| self.below(6)).collect()
    }

    fn outcome(&mut self) -> AppendOutcome {
        let (x_term, x_index, x_len) = (
            Term(self.number()),
            Index(self.number()),
            Index(self.number()),
        );
        match self.below(5) {
            0 => AppendOutcome::StaleTerm,
            1 => AppendOutcome::TooShort { x_len },
            2 => AppendOutcome::Conflict {
                x_term,
                x_index,
                x_len,
            },
            _ => AppendOutcome::Success,
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = any::<u64>().prop_map(|bits| Bits(bits).step());
    prop::collection::vec(step, 1..80)
}

impl Trial {
    /// A server with what `disk` holds; with all that the dissertation adds,
    /// or without.
    fn new(extended: bool, disk: Persistent<u64>) -> Self {
        let settings = Settings {
            pre_vote: extended,
            check_quorum: extended,
            lease_reads: extended,
            in_flight_max: if extended { 3 } else { 1 },
            ..settings()
        };
        Self {
            node: Node::restart(config(S1, 3, settings), disk.clone(), 1),
            disk,
            writes: VecDeque::new(),
            said: Vec::new(),
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Pass(ticks) => pass(&mut self.node, Ticks(ticks)),
            Step::Timeout => self.node.force_election_timeout(),
            Step::Receive(from, message) => self.node.receive(NodeId(from), message),
            Step::Agree(choice) => self.agree(choice),
            Step::Propose => drop(self.node.propose(1).map_err(|refused| refused.to_string())),
            Step::TakeWrite => {
                let write = self.node.take_write();
                self.writes.extend(write.map(|write| (write, false)));
                assert_eq!(self.node.take_write(), None, "one write holds it all");
            }
            Step::Durable(choice) => self.make_durable(choice),
            Step::Apply => {
                drop(applied(&mut self.node));
                while self.node.poll_read().is_some() {}
            }
            Step::Compact(index) => drop(self.node.compact(Index(index), Arc::from([]))),
            Step::Read => {
                let _ = self.node.read();
            }
            Step::Transfer(to) => drop(self.node.transfer_leadership(NodeId(to))),
            Step::Restart => {
                let extended = self.node.config().settings().pre_vote;
                *self = Self::new(extended, self.disk.clone());
            }
        }
        self.said.extend(
            poll(&mut self.node)
                .into_iter()
                .map(|said| (said.to, said.message)),
        );
    }

    fn agree(&mut self, choice: usize) {
        if self.said.is_empty() {
            return;
        }
        let (to, message) = self.said[choice % self.said.len()].clone();
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
            }),
            _ => return,
        };
        self.node.receive(to, answer);
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

    /// What holds after every step; `before` is term and vote before it.
    fn check(&self, before: HardState, heard: usize) {
        let node = &self.node;
        let now = node.hard_state();
        assert!(now.current_term >= before.current_term, "the term fell");
        if now.current_term == before.current_term && before.voted_for.is_some() {
            assert_eq!(now.voted_for, before.voted_for, "a second vote");
        }
        let last = node.log().last_index();
        assert!(node.commit_index() <= last, "it commits what it lacks");
        assert!(node.durable_index() <= last, "what it lacks is durable");
        assert!(node.ticks_to_deadline() > Ticks(0));
        if let Role::Leader(leader) = node.role() {
            for progress in leader.progress.values() {
                assert!(progress.next_index >= Index(1) && progress.match_index <= last);
            }
        }
        let durable = self.disk.hard_state;
        for (_, said) in &self.said[heard.min(self.said.len())..] {
            assert!(said.term() <= durable.current_term, "not durable: {said:?}");
            let granted = matches!(said, Message::RequestVoteReply(m) if m.vote_granted);
            if granted && said.term() == durable.current_term {
                assert!(durable.voted_for.is_some(), "not durable: {said:?}");
            }
        }
        if self.writes.is_empty() && node.clone().take_write().is_none() {
            assert_eq!(self.disk, node.persistent(), "the writes do not add up");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_comes_the_rules_hold(extended: bool, steps in steps()) {
        let mut trial = Trial::new(extended, disk(0, &[]));
        for step in steps {
            let (before, heard) = (trial.node.hard_state(), trial.said.len());
            let restarts = matches!(step, Step::Restart);
            trial.step(step);
            let before = if restarts { trial.disk.hard_state } else { before };
            trial.check(before, if restarts { 0 } else { heard });
        }
    }
}
