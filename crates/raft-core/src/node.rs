//! One server: its state, what it is given, and what it gives.
//!
//! Every input runs to its end at once and leaves behind changes to write,
//! messages to send and entries to apply. Messages are kept back until the
//! writes that they rest on are durable, with one exception that §10.2.1 of
//! the dissertation allows: a leader may send entries, or a snapshot, while it
//! is still writing, and counts itself only once its entries are durable.
//!
//! Here is what every host calls over and over. What a client or an operator asks for is where
//! its section is: [`Node::propose`], [`Node::read`], [`Node::reconfigure`],
//! [`Node::transfer_leadership`] and [`Node::compact`].

use alloc::collections::VecDeque;
use alloc::sync::Arc;

use crate::condition::{Field, is_true, less, more};
use crate::config::Config;
use crate::configuration::Configuration;
use crate::durability::Claim;
use crate::entry::{Command, Payload, Snapshot};
use crate::error::NotLeader;
use crate::message::{Envelope, Message};
use crate::outbox::Outbox;
use crate::persist::{Persistent, Write, WriteId};
use crate::read::Answer;
use crate::role::{Follower, Role};
use crate::rule::{Conduct, Faithful, Rule, Rules};
use crate::snapshot::PartialSnapshot;
use crate::stable::Stable;
use crate::timer::{Timeouts, Timer};
use crate::types::{Index, NodeId, Term, Ticks};

/// A server of a Raft cluster, with commands of type `C`; `K` is told of each
/// [`Rule`] as it acts, and says which of them hold.
///
/// Nodes are equal if they will do the same, whatever each has done before: the numbers of
/// writes, rounds and reads, what is cached and the seed of timeouts to come do not count.
#[derive(Debug, Clone)]
pub struct Node<C, K = Faithful> {
    pub(crate) config: Config,
    /// Term, vote and log, and what of them is durable.
    pub(crate) stable: Stable<C>,
    /// The configuration that it uses: the latest of the log.
    pub(crate) configuration: Arc<Configuration>,
    pub(crate) commit_index: Index,
    pub(crate) last_applied: Index,
    pub(crate) role: Role,
    pub(crate) rules: Rules<K>,
    pub(crate) snapshot_to_apply: bool,
    /// The chunks of a snapshot that have arrived so far.
    pub(crate) partial_snapshot: Option<PartialSnapshot>,
    /// What can be said of reads once enough is applied here.
    pub(crate) reads: VecDeque<Answer>,
    pub(crate) reads_begun: u64,
    /// For how long it is bound by its answer to a leader, or after a restart
    /// by the answers that it may have given before (§6.4.1 of the dissertation).
    pub(crate) promise_remaining: Ticks,
    pub(crate) timeouts: Timeouts,
    pub(crate) outbox: Outbox<C>,
}

/// What the host's state machine has to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Apply<C> {
    /// This entry is committed: apply its command, if it has one.
    Entry {
        /// The index of the entry.
        index: Index,
        /// The term of the entry.
        term: Term,
        /// What it holds.
        payload: Payload<C>,
    },
    /// Replace the whole state by this one (§7).
    Snapshot(Snapshot),
}

impl<C: Command> Node<C> {
    /// Starts a server from what its disk holds; see [`Node::restart_with`].
    #[must_use]
    pub fn restart(config: Config, persistent: Persistent<C>, seed: u64) -> Self {
        Self::restart_with(config, persistent, seed, Faithful)
    }
}

impl<C: Command, K: Conduct> Node<C, K> {
    /// Starts a server from what its disk holds, for the first time or again:
    /// a follower with a fresh election timer. The host restores its state
    /// machine from `persistent.snapshot` itself. `seed` decides all election
    /// timeouts to come; servers of one cluster need different ones (§5.2). A
    /// server may have the same one after each restart: nothing but the length
    /// of its timeouts rests on it.
    #[must_use]
    pub fn restart_with(config: Config, persistent: Persistent<C>, seed: u64, conduct: K) -> Self {
        let mut timeouts = Timeouts::new(seed);
        let range = &config.settings().election_timeout;
        let election = timeouts.draw(range, conduct.keeps(Rule::RandomTimeout));
        // Before it went down it may have promised a leader, by answering it,
        // not to vote for the shortest election timeout (§6.4.1 of the dissertation).
        let promise_remaining = if persistent.hard_state.current_term == Term(0) {
            Ticks(0)
        } else {
            *range.start()
        };
        let base = persistent.snapshot.last_included_index;
        let stable = Stable::new(persistent);
        let configuration = if conduct.keeps(Rule::LatestConfiguration) {
            stable.log().configuration().clone()
        } else {
            stable.log().configuration_at(base).clone()
        };
        Self {
            configuration,
            commit_index: base,
            last_applied: base,
            role: Role::Follower(Follower {
                leader: None,
                election,
            }),
            config,
            stable,
            rules: Rules { conduct },
            snapshot_to_apply: false,
            partial_snapshot: None,
            reads: VecDeque::new(),
            reads_begun: 0,
            promise_remaining,
            timeouts,
            outbox: Outbox::new(),
        }
    }

    /// Lets one tick pass.
    pub fn tick(&mut self) {
        self.advance(Ticks(1));
    }

    /// Lets `ticks` pass. A host that sleeps until [`Node::ticks_to_deadline`]
    /// pays once an event instead of once a tick; one that wakes up late gives
    /// all the ticks that have passed, and what ran out meanwhile acts once.
    pub fn advance(&mut self, ticks: Ticks) {
        self.role.pass(ticks);
        self.promise_remaining = self.promise_remaining.minus(ticks);
        self.act_on_timers();
        self.debug_check();
    }

    /// The timers that run, each with the ticks that remain of it, in the order of
    /// [`Timer::ALL`].
    pub fn timers(&self) -> impl Iterator<Item = (Timer, Ticks)> + '_ {
        let remaining = |timer| Some((timer, self.role.remaining(timer)?));
        Timer::ALL.into_iter().filter_map(remaining)
    }

    /// How many ticks remain until this server acts by itself; at least one.
    #[must_use]
    pub fn ticks_to_deadline(&self) -> Ticks {
        let remaining = self.timers().map(|(_, remaining)| remaining);
        remaining.min().unwrap_or_default().max(Ticks(1))
    }

    /// Lets a timer run out now; one that does not run is left alone. The election timer is
    /// fired on somebody's word: no rule that is ablated keeps it from starting an election,
    /// but with leases a server that hears a leader waits on.
    pub fn fire(&mut self, timer: Timer) {
        if self.role.remaining(timer).is_some() {
            self.run_out(timer, true);
        }
        self.debug_check();
    }

    /// Takes in a message that `from` sent. Whatever it says, in whatever
    /// order, as often as it comes: it is dealt with by a rule or ignored by
    /// one.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "the host is done with a message that it has handed over"
    )]
    pub fn receive(&mut self, from: NodeId, message: Message<C>) {
        self.deal_with(from, &message);
        self.debug_check();
    }

    #[inline]
    fn deal_with(&mut self, from: NodeId, message: &Message<C>) {
        if from == self.config.id() && self.rules.follows(Rule::IgnoreNonsense) {
            return;
        }
        if message.is_request() && !self.answers(from) {
            return;
        }
        if self.sticks_to_leader(message) {
            return;
        }
        let is_higher = more(
            (Field::Term, message.term()),
            (Field::CurrentTerm, self.stable.current_term()),
        );
        if self.rules.weighs(Rule::HigherTerm, is_higher) {
            self.adopt_term(message.term());
            if self.rules.follows(Rule::HigherTerm) {
                self.become_follower(None);
            }
        }
        match message {
            Message::RequestVote(m) => self.request_vote(from, m),
            Message::RequestVoteReply(m) => self.request_vote_reply(from, m),
            Message::AppendEntries(m) => self.append_entries(from, m),
            Message::AppendEntriesReply(m) => self.append_entries_reply(from, m),
            Message::InstallSnapshot(m) => self.install_snapshot(from, m),
            Message::InstallSnapshotReply(m) => self.install_snapshot_reply(from, m),
            Message::PreVote(m) => self.pre_vote(from, m),
            Message::PreVoteReply(m) => self.pre_vote_reply(from, m),
            Message::TimeoutNow(m) => self.timeout_now(from, m),
        }
    }

    /// All that changed since the last write, as one write to make durable.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "the write is made where the host keeps it (`peers`, batch 1)"
    )]
    #[must_use = "messages wait until this write is reported durable"]
    pub fn take_write(&mut self) -> Option<Write<C>> {
        self.stable.take_write()
    }

    /// The host reports a write durable. Each write is reported by its own
    /// number, in any order; a later one does not stand for those before it.
    /// Numbers begin at 1 again with each restart, so that what completes late for
    /// a node that is gone must not be reported to the next. Afterwards there may be
    /// messages to send and entries to apply.
    #[inline]
    pub fn durable(&mut self, id: WriteId) {
        if self.stable.complete(id) {
            if self.has_durable_message() {
                self.rules.follows(Rule::PersistFirst);
            }
            match self.role {
                Role::Leader(_) => self.advance_commit_index(),
                Role::Candidate(_) => self.count_own_vote(),
                Role::Follower(_) | Role::PreCandidate(_) => {}
            }
        }
        self.debug_check();
    }

    /// The next message that may leave now. Poll until `None` after every
    /// other call; what is held back comes after [`Node::durable`].
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "the message is made where the host keeps it (`peers`, batch 1)"
    )]
    #[must_use = "a message that is not carried is lost"]
    pub fn poll_message(&mut self) -> Option<Envelope<C>> {
        match self.outbox.first_ready(|write| self.may_rest_on(write)) {
            Some(place) => self.outbox.remove(place),
            None if self.role.is_broadcasting() => self.next_of_broadcast(),
            None => None,
        }
    }

    /// The next committed entry for the state machine, or the snapshot that
    /// replaces it. Poll until `None` after every other call.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "what is to be applied is made where the host keeps it (`peers`, batch 1)"
    )]
    #[must_use = "what is not applied is lost to the state machine"]
    pub fn poll_apply(&mut self) -> Option<Apply<C>> {
        if self.snapshot_to_apply {
            self.snapshot_to_apply = false;
            let snapshot = self.stable.log().snapshot().clone();
            self.last_applied = snapshot.last_included_index;
            if self.rules.follows(Rule::LoadSnapshot) {
                return Some(Apply::Snapshot(snapshot));
            }
        }
        let is_committed = less(
            (Field::LastApplied, self.last_applied),
            (Field::CommitIndex, self.commit_index),
        );
        if !self.rules.weighs(Rule::ApplyCommitted, is_committed)
            && self.rules.keeps(Rule::ApplyCommitted)
        {
            return None;
        }
        let index = self.last_applied.next();
        if index == self.last_applied {
            // The last index has no successor, whatever a disk says follows it.
            return None;
        }
        let entry = self.stable.log().get(index)?;
        let (term, payload) = (entry.term, entry.payload.clone());
        self.rules.follows(Rule::ApplyCommitted);
        self.last_applied = index;
        Some(Apply::Entry {
            index,
            term,
            payload,
        })
    }

    /// Replaces what is persistent, and the commit index, under the running
    /// server: for laboratories, and for tools that repair a disk. Whatever
    /// else it knows stays as far as it still makes sense; a server whose
    /// term changes becomes a follower, and so does a candidate whose vote
    /// does. What the disk should hold afterwards is [`Node::persistent`], and
    /// nothing is left to be written.
    pub fn overwrite(&mut self, persistent: Persistent<C>, commit_index: Index) {
        let before = self.stable.hard_state();
        self.stable.overwrite(persistent);
        let last_index = self.stable.log().last_index();
        let base = self.stable.log().snapshot().last_included_index;
        self.commit_index = commit_index.clamp(base, last_index);
        self.snapshot_to_apply = base > self.last_applied;
        self.partial_snapshot = None;
        // What was held back rested on what is no longer there.
        self.outbox.clear();
        let is_candidate = matches!(self.role, Role::Candidate(_) | Role::PreCandidate(_));
        if self.stable.current_term() != before.current_term
            || (is_candidate && self.stable.hard_state() != before)
        {
            self.become_follower(None);
        }
        if let Role::Leader(leader) = &mut self.role {
            for progress in leader.progress.values_mut() {
                progress.overwritten(last_index);
            }
        }
        // A log that is overwritten is not one that is truncated, so CC2 does not act.
        self.adopt_configuration(Rule::LatestConfiguration);
        self.count_uncommitted();
        if let Role::Candidate(candidate) = &mut self.role {
            candidate.own_vote = self.stable.durability().of(Claim::Term);
        }
        self.count_own_vote();
        self.debug_check();
    }

    pub(crate) fn adopt_term(&mut self, term: Term) {
        self.stable.set_hard_state(term, None);
        // What still waits was said in a term that is over: kept, it would grow with each
        // new term while the disk stands still.
        self.outbox.clear();
    }

    /// Whether it answers what `from` asks. A server that the own configuration
    /// does not name may lead by a later one, and needs votes to (§4.1 of the dissertation).
    fn answers(&mut self, from: NodeId) -> bool {
        let is_stranger = is_true(Field::IsNoMember(from), !self.configuration.is_member(from));
        !self.rules.weighs(Rule::AnswerAnybody, is_stranger)
            || self.rules.follows(Rule::AnswerAnybody)
    }

    /// Becomes, or stays, a follower. Only a server that had no election
    /// timer gets a new one: a new term alone is no reason to wait longer.
    #[inline]
    pub(crate) fn become_follower(&mut self, leader: Option<NodeId>) {
        if let Role::Follower(follower) = &mut self.role {
            follower.leader = leader;
        } else {
            self.step_down(leader);
        }
    }

    #[cold]
    fn step_down(&mut self, leader: Option<NodeId>) {
        if let Role::Leader(leader) = &mut self.role {
            let reads = core::mem::take(&mut leader.reads);
            self.reads.extend(reads.iter().map(|read| Answer {
                id: read.id,
                read_index: None,
            }));
        }
        let election = self.election_timer();
        self.role = Role::Follower(Follower { leader, election });
    }

    /// What a client is told by a server that does not lead (§8).
    pub(crate) fn redirect(&mut self) -> NotLeader {
        let leader = self
            .rules
            .follows(Rule::Redirect)
            .then(|| self.leader())
            .flatten();
        NotLeader { leader }
    }
}
