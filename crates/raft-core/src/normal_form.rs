//! When two nodes are equal: when both will do the same.
//!
//! A node numbers its writes, rounds, attempts and reads as it goes, and keeps copies of what
//! it has looked up. None of that decides what it does: a number only says how far it is from
//! another one. So nodes are compared, and hashed, by a normal form in which writes count from
//! the last durable one, rounds from the last confirmed one, attempts from the present one and
//! reads from the latest, and caches are left out. So is the seed: timeouts that are still to
//! be drawn may differ. Whatever equal nodes are given, with the numbers that each has given
//! out itself, they say and write the same.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use crate::config::Config;
use crate::configuration::{Configuration, Seat};
use crate::durability::Durability;
use crate::entry::Command;
use crate::log::Log;
use crate::message::{Attempt, Message, Round};
use crate::node::Node;
use crate::peer_map::PeerMap;
use crate::persist::HardState;
use crate::progress::{Mode, Progress};
use crate::role::{
    Broadcast, Candidate, ElectionTimer, Follower, Leader, PreCandidate, ReadId, Role, Transfer,
};
use crate::rule::{Conduct, Rules};
use crate::snapshot::PartialSnapshot;
use crate::types::{Index, NodeId, Ticks};

impl<C: Command + PartialEq, K: Conduct> PartialEq for Node<C, K> {
    fn eq(&self, other: &Self) -> bool {
        self.normal_form() == other.normal_form()
    }
}

impl<C: Command + Eq, K: Conduct> Eq for Node<C, K> {}

impl<C: Command + Hash, K: Conduct> Hash for Node<C, K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.normal_form().hash(state);
    }
}

/// All of a node that decides what it does.
#[derive(PartialEq, Eq, Hash)]
struct NormalForm<'a, C, K> {
    config: &'a Config,
    hard_state: HardState,
    log: &'a Log<C>,
    durability: Durability,
    configuration: &'a Configuration,
    commit_index: Index,
    last_applied: Index,
    role: RoleForm<'a>,
    rules: &'a Rules<K>,
    snapshot_to_apply: bool,
    partial_snapshot: Option<&'a PartialSnapshot>,
    /// How many reads have been begun since, and the index to wait for.
    reads: Vec<(u64, Option<Index>)>,
    promise_remaining: Ticks,
    /// How many writes have to be durable first, to whom, and what.
    held: Vec<(u64, NodeId, Message<C>)>,
}

#[derive(PartialEq, Eq, Hash)]
enum RoleForm<'a> {
    Follower(&'a Follower),
    PreCandidate(&'a PreCandidate),
    Candidate {
        votes: &'a PeerMap<bool>,
        election: ElectionTimer,
        retry_remaining: Ticks,
        /// How many writes have to be durable before its own vote counts.
        own_vote: u64,
        by_transfer: bool,
    },
    Leader(LeaderForm<'a>),
}

#[derive(PartialEq, Eq, Hash)]
struct LeaderForm<'a> {
    progress: Vec<(NodeId, ProgressForm<'a>)>,
    seat: Seat,
    heartbeat_remaining: Ticks,
    quorum_remaining: Option<Ticks>,
    transfer: Option<Transfer>,
    broadcast: Option<Broadcast>,
    lease_remaining: Ticks,
    /// How many reads have been begun since, the index to wait for, and the round.
    reads: Vec<(u64, Index, u64)>,
    round: u64,
    round_age: Option<Ticks>,
}

#[derive(PartialEq, Eq, Hash)]
struct ProgressForm<'a> {
    next_index: Index,
    match_index: Index,
    mode: &'a Mode,
    in_flight: &'a VecDeque<Index>,
    heartbeats_in_flight: u8,
    has_risen: bool,
    seat: Seat,
    /// None where it was there from the beginning, so that each of its answers counts.
    joined: Option<u64>,
    catch_up_index: Index,
    answered: u64,
    is_active: bool,
}

impl<C: Command, K: Conduct> Node<C, K> {
    fn normal_form(&self) -> NormalForm<'_, C, K> {
        let durability = self.stable.durability();
        let reads = self.reads.iter();
        let held = self.outbox.iter().map(|(rests_on, envelope)| {
            let message = self.renumbered(envelope.to, envelope.message.clone());
            (durability.writes_until(rests_on), envelope.to, message)
        });
        NormalForm {
            config: &self.config,
            hard_state: self.stable.hard_state(),
            log: self.stable.log(),
            durability: durability.renumbered(),
            configuration: &self.configuration,
            commit_index: self.commit_index,
            last_applied: self.last_applied,
            role: self.role_form(),
            rules: &self.rules,
            snapshot_to_apply: self.snapshot_to_apply,
            partial_snapshot: self.partial_snapshot.as_ref(),
            reads: reads
                .map(|answer| (self.reads_since(answer.id), answer.read_index))
                .collect(),
            promise_remaining: self.promise_remaining,
            held: held.collect(),
        }
    }

    fn reads_since(&self, id: ReadId) -> u64 {
        self.reads_begun.wrapping_sub(id.0)
    }

    fn role_form(&self) -> RoleForm<'_> {
        match &self.role {
            Role::Follower(follower) => RoleForm::Follower(follower),
            Role::PreCandidate(candidate) => RoleForm::PreCandidate(candidate),
            Role::Candidate(Candidate {
                votes,
                election,
                retry_remaining,
                own_vote,
                by_transfer,
            }) => RoleForm::Candidate {
                votes,
                election: *election,
                retry_remaining: *retry_remaining,
                own_vote: self.stable.durability().writes_until(*own_vote),
                by_transfer: *by_transfer,
            },
            Role::Leader(leader) => RoleForm::Leader(self.leader_form(leader)),
        }
    }

    fn leader_form<'a>(&self, leader: &'a Leader) -> LeaderForm<'a> {
        let progress = leader.progress.iter();
        let reads = leader.reads.iter().map(|read| {
            let since = self.reads_since(read.id);
            (since, read.read_index, leader.rounds_past(read.round))
        });
        LeaderForm {
            progress: progress
                .map(|(id, progress)| (*id, leader.progress_form(progress)))
                .collect(),
            seat: leader.seat,
            heartbeat_remaining: leader.heartbeat_remaining,
            quorum_remaining: leader.quorum_remaining,
            transfer: leader.transfer,
            broadcast: leader.broadcast,
            lease_remaining: leader.lease_remaining,
            reads: reads.collect(),
            round: leader.rounds_past(leader.round),
            round_age: leader.round_age,
        }
    }

    /// What a leader asks names its round and its attempt; what it answers names another's. Whoever
    /// leads no longer, or not that server, hears no answer: there the numbers decide nothing.
    fn renumbered(&self, to: NodeId, mut message: Message<C>) -> Message<C> {
        let (round, attempt) = match &mut message {
            Message::AppendEntries(m) => (&mut m.round, &mut m.attempt),
            Message::InstallSnapshot(m) => (&mut m.round, &mut m.attempt),
            Message::RequestVote(_)
            | Message::RequestVoteReply(_)
            | Message::AppendEntriesReply(_)
            | Message::InstallSnapshotReply(_)
            | Message::PreVote(_)
            | Message::PreVoteReply(_)
            | Message::TimeoutNow(_) => return message,
        };
        (*round, *attempt) = match (&self.role, self.role.progress(to)) {
            (Role::Leader(leader), Some(progress)) => (
                Round(leader.rounds_past(*round)),
                Attempt(progress.attempt.0.wrapping_sub(attempt.0)),
            ),
            _ => (Round::default(), Attempt::default()),
        };
        message
    }
}

impl Leader {
    /// How far a round is past the last one that is confirmed.
    const fn rounds_past(&self, round: Round) -> u64 {
        round.0.wrapping_sub(self.confirmed.0)
    }

    fn progress_form<'a>(&self, progress: &'a Progress) -> ProgressForm<'a> {
        let is_first = progress.joined == Round::default();
        ProgressForm {
            next_index: progress.next_index,
            match_index: progress.match_index,
            mode: &progress.mode,
            in_flight: &progress.in_flight,
            heartbeats_in_flight: progress.heartbeats_in_flight.min(2),
            has_risen: progress.has_risen,
            seat: progress.seat,
            joined: (!is_first).then(|| self.rounds_past(progress.joined)),
            catch_up_index: progress.catch_up_index,
            // What is confirmed is not counted again.
            answered: self.rounds_past(progress.answered.max(self.confirmed)),
            is_active: progress.is_active,
        }
    }
}

#[cfg(test)]
mod tests;
