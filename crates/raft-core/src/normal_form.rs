//! When two nodes are equal: when both will do the same.
//!
//! A node numbers its writes, rounds, attempts and reads as it goes, and keeps copies of what
//! it has looked up. None of that decides what it does: a number only says how far it is from
//! another one. So nodes are compared, and hashed, by a normal form in which writes count from
//! the last durable one, rounds from the last confirmed one, attempts from the present one and
//! reads from the latest, and caches are left out. So is the seed: timeouts that are still to
//! be drawn may differ. Whatever equal nodes are given, with the numbers that each has given
//! out itself, they say and write the same.
//!
//! What is made a normal form of is taken apart by all of its fields, so that nobody can add one
//! without saying whether it decides anything.

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
        let Self {
            config,
            stable,
            configuration,
            commit_index,
            last_applied,
            role: _,
            rules,
            snapshot_to_apply,
            partial_snapshot,
            reads,
            reads_begun: _,
            promise_remaining,
            timeouts: _,
            outbox,
        } = self;
        let durability = stable.durability();
        let held = outbox.iter().map(|(rests_on, envelope)| {
            let message = self.renumbered(envelope.to, envelope.message.clone());
            (durability.writes_until(rests_on), envelope.to, message)
        });
        NormalForm {
            config,
            hard_state: stable.hard_state(),
            log: stable.log(),
            durability: durability.renumbered(),
            configuration,
            commit_index: *commit_index,
            last_applied: *last_applied,
            role: self.role_form(),
            rules,
            snapshot_to_apply: *snapshot_to_apply,
            partial_snapshot: partial_snapshot.as_ref(),
            reads: reads
                .iter()
                .map(|answer| (self.reads_since(answer.id), answer.read_index))
                .collect(),
            promise_remaining: *promise_remaining,
            held: held.collect(),
        }
    }

    /// The numbers that its normal form counts from, and by which what is under way to it names
    /// its rounds, attempts and reads: equal nodes of equal numbers take in the same messages
    /// alike, word for word. Writes are the host's, who knows their numbers.
    #[must_use]
    pub fn numbers(&self) -> Vec<u64> {
        let mut numbers = Vec::from([self.reads_begun]);
        if let Role::Leader(leader) = &self.role {
            numbers.push(leader.confirmed.0);
            numbers.extend(leader.progress.values().map(|progress| progress.attempt.0));
        }
        numbers
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
        let Leader {
            progress,
            seat,
            heartbeat_remaining,
            quorum_remaining,
            transfer,
            broadcast,
            uncommitted: _,
            lease_remaining,
            reads,
            round,
            confirmed: _,
            round_age,
        } = leader;
        let reads = reads.iter().map(|read| {
            let since = self.reads_since(read.id);
            (since, read.read_index, leader.rounds_past(read.round))
        });
        LeaderForm {
            progress: progress
                .iter()
                .map(|(id, progress)| (*id, leader.progress_form(progress)))
                .collect(),
            seat: *seat,
            heartbeat_remaining: *heartbeat_remaining,
            quorum_remaining: *quorum_remaining,
            transfer: *transfer,
            broadcast: *broadcast,
            lease_remaining: *lease_remaining,
            reads: reads.collect(),
            round: leader.rounds_past(*round),
            round_age: *round_age,
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
        let Progress {
            next_index,
            match_index,
            mode,
            in_flight,
            heartbeats_in_flight,
            attempt: _,
            has_risen,
            seat,
            joined,
            catch_up_index,
            answered,
            is_active,
        } = progress;
        let is_first = *joined == Round::default();
        ProgressForm {
            next_index: *next_index,
            match_index: *match_index,
            mode,
            in_flight,
            heartbeats_in_flight: (*heartbeats_in_flight).min(2),
            has_risen: *has_risen,
            seat: *seat,
            joined: (!is_first).then(|| self.rounds_past(*joined)),
            catch_up_index: *catch_up_index,
            // What is confirmed is not counted again.
            answered: self.rounds_past((*answered).max(self.confirmed)),
            is_active: *is_active,
        }
    }
}

#[cfg(test)]
mod tests;
