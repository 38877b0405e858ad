//! Nodes of different histories, and what they do from there on.

extern crate std;

use std::hash::DefaultHasher;

use proptest::prelude::*;

use super::*;
use crate::config::Settings;
use crate::entries::Entries;
use crate::entry::{Entry, Payload};
use crate::message::{
    AppendEntries, AppendEntriesReply, AppendOutcome, Envelope, InstallOutcome,
    InstallSnapshotReply, PreVoteReply, RequestVote, RequestVoteReply,
};
use crate::persist::{Persistent, WriteId};
use crate::read::Answer;
use crate::role::PendingRead;
use crate::timer::Timer;
use crate::types::Term;

type Server = Node<u64>;

fn server(features: u8) -> Server {
    let settings = Settings {
        heartbeat: Ticks(10),
        election_timeout: Ticks(100)..=Ticks(200),
        in_flight_max: if features & 1 == 0 { 1 } else { 3 },
        check_quorum: features & 2 != 0,
        lease_reads: features & 6 == 6,
        pre_vote: features & 8 != 0,
        snapshot_bytes_max: 2,
        ..Settings::default()
    };
    let members = Configuration::new([1, 2, 3].map(NodeId), []).expect("possible");
    let config = Config::new(NodeId(1), settings).expect("possible");
    Node::restart(config, Persistent::bootstrap(members), 7)
}

/// The same node, if it had written, asked and read so much more before.
fn aged(node: &Server, by: u64) -> Server {
    let mut aged = node.clone();
    aged.stable.durability_mut().shift(by);
    aged.reads_begun += by;
    for answer in &mut aged.reads {
        answer.id.0 += by;
    }
    for (rests_on, envelope) in aged.outbox.iter_mut() {
        rests_on.0 += by;
        let (round, attempt) = match &mut envelope.message {
            Message::AppendEntries(m) => (&mut m.round, &mut m.attempt),
            Message::InstallSnapshot(m) => (&mut m.round, &mut m.attempt),
            _ => continue,
        };
        (round.0, attempt.0) = (round.0 + by, attempt.0 + by);
    }
    match &mut aged.role {
        Role::Follower(_) | Role::PreCandidate(_) => {}
        Role::Candidate(candidate) => candidate.own_vote.0 += by,
        Role::Leader(leader) => {
            leader.round.0 += by;
            leader.confirmed.0 += by;
            for read in &mut leader.reads {
                (read.id.0, read.round.0) = (read.id.0 + by, read.round.0 + by);
            }
            for progress in leader.progress.values_mut() {
                progress.answered.0 += by;
                progress.attempt.0 += by;
                if progress.joined > Round(0) {
                    progress.joined.0 += by;
                }
            }
        }
    }
    aged
}

fn hash(node: &Server) -> u64 {
    let mut hasher = DefaultHasher::new();
    node.hash(&mut hasher);
    hasher.finish()
}

/// A node, what it has said, and the writes that are not reported yet.
struct Driven {
    node: Server,
    said: Vec<Envelope<u64>>,
    writes: Vec<WriteId>,
}

impl Driven {
    /// What comes out, without the numbers that are its own.
    fn outputs(&mut self) -> Vec<std::string::String> {
        let mut outputs = Vec::new();
        while let Some(write) = self.node.take_write() {
            self.writes.push(write.id);
            let (hard_state, entries) = (write.hard_state, write.entries);
            outputs.push(std::format!(
                "{hard_state:?} {:?} {entries:?}",
                write.snapshot
            ));
        }
        while let Some(said) = self.node.poll_message() {
            let mut seen = said.clone();
            match &mut seen.message {
                Message::AppendEntries(m) => (m.round, m.attempt) = Default::default(),
                Message::InstallSnapshot(m) => (m.round, m.attempt) = Default::default(),
                _ => {}
            }
            outputs.push(std::format!("{seen:?}"));
            self.said.push(said);
        }
        while let Some(apply) = self.node.poll_apply() {
            outputs.push(std::format!("{apply:?}"));
        }
        while let Some(read) = self.node.poll_read() {
            let since = self.node.reads_since(read.id);
            outputs.push(std::format!("{since} {:?}", read.outcome));
        }
        outputs
    }

    /// One of several inputs; an answer is to what this very node has said.
    fn input(&mut self, kind: u8, n: usize) {
        let node = &mut self.node;
        let term = node.hard_state().current_term;
        let last = node.log().last_index();
        match kind {
            0 => node.advance(Ticks(n as u64 * 7)),
            1 => node.fire(Timer::ALL[n % 5]),
            2 => drop(node.propose(n as u64)),
            3 => drop(node.read()),
            4..7 if !self.writes.is_empty() => {
                let id = self.writes.remove(n % self.writes.len());
                node.durable(id);
            }
            7..13 => self.answer(n),
            13 => drop(node.compact(node.last_applied(), [1, 2, 3, 4, 5].into())),
            14 => node.receive(
                NodeId(2),
                Message::RequestVote(RequestVote {
                    term: Term(term.0 + n as u64 % 2),
                    last_log_index: last,
                    last_log_term: term,
                    by_transfer: n & 4 != 0,
                }),
            ),
            15 => node.receive(
                NodeId(3),
                Message::AppendEntries(AppendEntries {
                    term: Term(term.0.max(1) + n as u64 / 11),
                    prev_log_index: last,
                    prev_log_term: node.log().last_term(),
                    entries: Entries::from(std::vec![Entry {
                        term,
                        payload: Payload::Command(n as u64),
                    }]),
                    leader_commit: last,
                    round: Round(5),
                    attempt: Attempt(2),
                }),
            ),
            _ => {}
        }
    }

    fn answer(&mut self, n: usize) {
        let Some(back) = self.said.len().checked_sub(1 + n % 6) else {
            return;
        };
        let Envelope { to, message } = &self.said[back];
        let term = message.term();
        let answer = match message {
            Message::RequestVote(_) => Message::RequestVoteReply(RequestVoteReply {
                term,
                vote_granted: true,
            }),
            Message::PreVote(_) => Message::PreVoteReply(PreVoteReply {
                term,
                vote_granted: true,
            }),
            Message::AppendEntries(m) => Message::AppendEntriesReply(AppendEntriesReply {
                term,
                request: m.request(),
                outcome: match n % 5 {
                    0 => AppendOutcome::TooShort { x_len: Index(1) },
                    _ => AppendOutcome::Success,
                },
            }),
            Message::InstallSnapshot(m) => Message::InstallSnapshotReply(InstallSnapshotReply {
                term,
                request: m.request(),
                outcome: InstallOutcome::Stored {
                    offset: m.offset + m.data.len() as u64,
                },
            }),
            _ => return,
        };
        self.node.receive(*to, answer);
    }
}

proptest! {
    #![proptest_config(crate::cases::cases(3_000))]

    /// Nodes that only differ in what they have counted are equal, and stay so: given the
    /// same, each in its own numbers, they say, write and apply the same.
    #[test]
    fn what_a_node_has_counted_does_not_decide_what_it_does(
        features in 0_u8..16,
        by in 1_u64..1000,
        before in prop::collection::vec((0_u8..16, 0_usize..30), 0..40),
        after in prop::collection::vec((0_u8..16, 0_usize..30), 0..40),
    ) {
        let (said, writes) = (Vec::new(), Vec::new());
        let mut one = Driven { node: server(features), said, writes };
        for (kind, n) in before {
            one.input(kind, n);
            if n % 3 > 0 {
                one.outputs();
            }
        }
        let mut other = Driven {
            node: aged(&one.node, by),
            said: Vec::new(),
            writes: one.writes.iter().map(|id| WriteId(id.0 + by)).collect(),
        };
        one.said.clear();
        for (kind, n) in after {
            prop_assert!(one.node == other.node, "{:?}\n{:?}", one.node, other.node);
            prop_assert_eq!(hash(&one.node), hash(&other.node));
            one.input(kind, n);
            other.input(kind, n);
            if n % 3 > 0 {
                prop_assert_eq!(one.outputs(), other.outputs());
            }
        }
    }
}

/// Whoever was told the same in one message or in two, and has it on disk, is alike.
#[test]
fn the_way_to_a_state_does_not_count() {
    let told = |lengths: &[usize]| {
        let mut node = server(0);
        let mut prev = 0;
        for length in lengths {
            let entry = |n| Entry {
                term: Term(1),
                payload: Payload::Command(n as u64),
            };
            let entries: Vec<Entry<u64>> = (prev..prev + length).map(entry).collect();
            node.receive(
                NodeId(2),
                Message::AppendEntries(AppendEntries {
                    term: Term(1),
                    prev_log_index: Index(prev as u64),
                    prev_log_term: Term(u64::from(prev > 0)),
                    entries: Entries::from(entries),
                    leader_commit: Index(0),
                    round: Round(0),
                    attempt: Attempt(0),
                }),
            );
            prev += length;
            while let Some(write) = node.take_write() {
                node.durable(write.id);
            }
            while node.poll_message().is_some() {}
        }
        if let Role::Follower(follower) = &mut node.role {
            follower.election.remaining = Ticks(100);
            follower.election.timeout = Ticks(100);
        }
        node
    };
    assert!(told(&[3]) == told(&[1, 2]));
    assert!(told(&[3]) != told(&[2]));
}

/// Whatever decides something tells two nodes apart.
#[test]
fn what_decides_something_makes_a_difference() {
    let leader = elected();
    let changes: [fn(&mut Server); 12] = [
        |node| node.commit_index = Index(9),
        |node| node.last_applied = Index(9),
        |node| node.snapshot_to_apply = true,
        |node| node.promise_remaining = Ticks(9),
        |node| node.stable.set_hard_state(Term(9), None),
        |node| node.stable.durability_mut().changed_from(Index(1)),
        |node| node.outbox.clear(),
        |node| leads(node).round.0 += 1,
        |node| leads(node).lease_remaining = Ticks(9),
        |node| progress(node).answered = Round(1),
        |node| progress(node).joined = Round(1),
        |node| progress(node).next_index = Index(9),
    ];
    for (place, change) in changes.iter().enumerate() {
        let mut other = leader.clone();
        leads(&mut other).round = Round(1);
        let before = other.clone();
        change(&mut other);
        assert!(other != before, "change {place}");
    }
}

/// A round that is confirmed is not counted again, whoever has answered it.
#[test]
fn who_has_answered_what_is_confirmed_does_not_count() {
    let answered = |round| {
        let mut leader = elected();
        leads(&mut leader).round = Round(4);
        leads(&mut leader).confirmed = Round(3);
        progress(&mut leader).answered = Round(round);
        leader
    };
    assert!(answered(1) == answered(3));
    assert!(answered(3) != answered(4));
}

/// How many writes a message, a vote or the term still waits for is told apart, and the number
/// of writes before is not.
#[test]
fn how_many_writes_something_waits_for_makes_a_difference() {
    let mut candidate = server(0);
    candidate.fire(Timer::Election);
    assert!(candidate.outbox.iter().count() > 0, "its requests wait");
    assert!(candidate == aged(&candidate, 5));
    let mut other = candidate.clone();
    for (rests_on, _) in other.outbox.iter_mut() {
        rests_on.0 += 1;
    }
    assert!(other != candidate, "messages that wait for one write more");
    let mut other = candidate.clone();
    match &mut other.role {
        Role::Candidate(candidate) => candidate.own_vote.0 += 1,
        _ => unreachable!("it asks for votes"),
    }
    assert!(other != candidate, "a vote that waits for one write more");

    // The term is in the first write or in the second as well.
    let after = |is_in_second: bool| {
        let mut node = server(0);
        node.stable.set_hard_state(Term(1), None);
        let _first = node.take_write();
        node.stable.durability_mut().changed_snapshot();
        if is_in_second {
            node.stable.set_hard_state(Term(1), None);
        }
        let _second = node.take_write();
        node
    };
    assert!(after(true) == aged(&after(true), 5));
    assert!(after(true) != after(false));
}

/// How many reads were begun after one that is not answered is told apart, and the number of
/// reads before is not.
#[test]
fn how_long_ago_a_read_was_begun_makes_a_difference() {
    let mut leader = elected();
    leader.reads_begun = 7;
    leader.reads.push_back(Answer {
        id: ReadId(5),
        read_index: None,
    });
    leads(&mut leader).reads.push_back(PendingRead {
        id: ReadId(6),
        read_index: Index(0),
        round: Round(1),
    });
    assert!(leader == aged(&leader, 5));
    let mut other = leader.clone();
    other.reads[0].id = ReadId(4);
    assert!(other != leader, "a read that is to be answered");
    let mut other = leader.clone();
    leads(&mut other).reads[0].id = ReadId(4);
    assert!(other != leader, "a read that waits for a round");
}

/// All that a leader knows of a follower is told apart, but for what only counts.
#[test]
fn what_is_known_of_a_follower_makes_a_difference() {
    let mut leader = elected();
    leader.outbox.clear();
    leads(&mut leader).round = Round(4);
    leads(&mut leader).confirmed = Round(3);
    assert!(
        leader == aged(&leader, 5),
        "it was there from the beginning"
    );
    let like = |change: &dyn Fn(&mut Progress)| {
        let mut other = leader.clone();
        change(progress(&mut other));
        other
    };
    let changes: [&dyn Fn(&mut Progress); 10] = [
        &|one| one.next_index = Index(9),
        &|one| one.match_index = Index(9),
        &|one| one.mode = Mode::Replicate,
        &|one| one.in_flight.push_back(Index(9)),
        &|one| one.heartbeats_in_flight = 2,
        &|one| one.has_risen = true,
        &|one| one.seat.outgoing = true,
        &|one| one.catch_up_index = Index(9),
        &|one| one.answered = Round(4),
        &|one| one.is_active = !one.is_active,
    ];
    for (place, change) in changes.into_iter().enumerate() {
        assert!(like(change) != leader, "change {place}");
    }
    let heartbeats = |count| like(&|one| one.heartbeats_in_flight = count);
    assert!(heartbeats(1) != heartbeats(2));
    assert!(heartbeats(2) == heartbeats(3), "more than one are many");
    let joined = |round| like(&|one| one.joined = Round(round));
    assert!(
        joined(0) != joined(3),
        "who joined later has said something before"
    );
    assert!(joined(3) != joined(4));
    assert!(joined(4) == aged(&joined(4), 5));
    let attempt = |attempt| like(&|one| one.attempt = Attempt(attempt));
    assert!(
        attempt(1) == attempt(2),
        "nothing is under way that names it"
    );
}

fn elected() -> Server {
    let mut leader = server(6);
    leader.fire(Timer::Election);
    let write = leader.take_write().expect("its vote");
    leader.durable(write.id);
    let granted = RequestVoteReply {
        term: leader.hard_state().current_term,
        vote_granted: true,
    };
    leader.receive(NodeId(2), Message::RequestVoteReply(granted));
    assert!(leader.role.is_leader());
    leader
}

fn leads(node: &mut Server) -> &mut Leader {
    match &mut node.role {
        Role::Leader(leader) => leader,
        _ => unreachable!("it leads"),
    }
}

fn progress(node: &mut Server) -> &mut Progress {
    leads(node).progress.get_mut(NodeId(2)).expect("a follower")
}
