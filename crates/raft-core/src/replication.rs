//! Log replication: AppendEntries from both ends (§5.3), and the rule for
//! what is committed (§5.4.2).

use crate::entries::Entries;
use crate::entry::Command;
use crate::log::TermAt;
use crate::message::{
    AppendEntries, AppendEntriesReply, AppendOutcome, Envelope, Message, Request,
};
use crate::node::Node;
use crate::role::{Mode, Role};
use crate::rule::{Conduct, Rule};
use crate::types::{Index, NodeId, Term};

/// The follower's side.
impl<C: Command, K: Conduct> Node<C, K> {
    pub(crate) fn append_entries(&mut self, leader: NodeId, m: AppendEntries<C>) {
        let request = m.request();
        let is_stale = m.term < self.hard_state.current_term;
        let outcome = if is_stale && self.obey(Rule::AppendStaleTerm) {
            AppendOutcome::StaleTerm
        } else if self.role.is_leader() && self.obey(Rule::IgnoreNonsense) {
            // Two leaders of one term: §5.2 excludes it, so nobody honest
            // sent this.
            return;
        } else {
            self.hear_from_leader(leader);
            self.check_and_append(m)
        };
        let reply = AppendEntriesReply {
            term: self.hard_state.current_term,
            request,
            outcome,
        };
        self.drop_held(leader, |held| {
            matches!(held, Message::AppendEntriesReply(old)
                if Request { round: request.round, ..old.request } == request)
        });
        self.send(leader, Message::AppendEntriesReply(reply));
    }

    /// A leader of the current term has spoken.
    pub(crate) fn hear_from_leader(&mut self, leader: NodeId) {
        self.wary = *self.config.settings().election_timeout.start();
        let stands = matches!(self.role, Role::Candidate(_) | Role::PreCandidate(_));
        if !stands || self.obey(Rule::YieldToLeader) {
            self.become_follower(Some(leader));
        }
        if self.obey(Rule::ResetOnLeader) {
            self.reset_election_timer();
        }
    }

    fn check_and_append(&mut self, m: AppendEntries<C>) -> AppendOutcome {
        match self.log.term_at(m.prev_log_index) {
            TermAt::Missing => {
                // Without the entry there is no place to append to, whatever
                // is not looked at.
                self.note(Rule::ConsistencyCheck);
                return AppendOutcome::TooShort {
                    x_len: self.log.last_index().next(),
                };
            }
            TermAt::Known(x_term)
                if x_term != m.prev_log_term && self.obey(Rule::ConsistencyCheck) =>
            {
                return AppendOutcome::Conflict {
                    x_term,
                    x_index: self.log.first_index_of_run(m.prev_log_index),
                    x_len: self.log.last_index().next(),
                };
            }
            // What a snapshot holds is committed, so it agrees with every
            // leader to come (§7).
            TermAt::Known(_) | TermAt::Compacted => {}
        }
        let last_new = m.prev_log_index.plus(m.entries.len());
        self.store(m.prev_log_index, m.entries);
        let mut commit_index = m.leader_commit.min(self.log.last_index());
        if self.conduct.obeys(Rule::FollowerCommit) {
            commit_index = commit_index.min(last_new);
        }
        if commit_index > self.commit_index {
            self.note(Rule::FollowerCommit);
            self.commit_index = commit_index;
            self.forget_old_pieces();
        }
        self.adopt_configuration();
        AppendOutcome::Success
    }

    /// Stores entries that follow `prev_log_index`, touching nothing that is
    /// already there unless it conflicts.
    fn store(&mut self, prev_log_index: Index, entries: Entries<C>) {
        let had_entries = !entries.is_empty();
        let cuts = had_entries && !self.conduct.obeys(Rule::KeepWithoutConflict);
        if cuts && prev_log_index >= self.log.first_index().previous() {
            self.cut(prev_log_index.next());
        }
        let mut index = prev_log_index;
        let mut first_new = None;
        for (offset, entry) in entries.iter().enumerate() {
            index = index.next();
            match self.log.term_at(index) {
                TermAt::Compacted => continue,
                TermAt::Known(term) if term == entry.term => continue,
                TermAt::Known(_) if index < self.log.first_index() => continue,
                TermAt::Known(_) => {
                    if !self.obey(Rule::DeleteConflict) {
                        continue;
                    }
                    self.cut(index);
                }
                TermAt::Missing => {}
            }
            if !self.obey(Rule::AppendNew) {
                return;
            }
            // Nothing follows here, so that all the rest is new.
            self.log.extend(&entries[offset..]);
            first_new = Some(index);
            break;
        }
        if let Some(first_new) = first_new {
            self.durability.changed_from(first_new);
            if first_new == prev_log_index.next() {
                // The disk is given the very list that came.
                self.recent.keep(first_new, entries);
            }
        } else if had_entries || index < self.log.last_index() {
            self.note(Rule::KeepWithoutConflict);
        }
    }

    /// Deletes the entry at `from` and all that follow it.
    fn cut(&mut self, from: Index) {
        self.log.truncate(from);
        self.recent.forget();
        self.durability.truncated(from);
        self.commit_index = self.commit_index.min(from.previous());
        self.adopt_configuration();
    }
}

/// The leader's side.
impl<C: Command, K: Conduct> Node<C, K> {
    /// Sends to every server, whether there is something new or not; what is
    /// under way is sent again if it `resends`, as each interval does.
    pub(crate) fn heartbeat(&mut self, resends: bool) {
        if let Role::Leader(leader) = &mut self.role
            && resends
        {
            leader.heartbeat_remaining = self.config.settings().heartbeat;
        }
        if self.obey(Rule::Heartbeat) {
            self.for_each_peer(|node, peer| node.replicate_to(peer, resends));
        }
        // A cluster of one has nobody to wait for.
        self.advance_commit_index();
    }

    fn for_each_peer(&mut self, act: impl Fn(&mut Self, NodeId)) {
        let mut place = 0;
        while let Some(peer) = self.follower_at(place) {
            act(self, peer);
            place += 1;
        }
    }

    /// The server at this place among those that this one leads.
    pub(crate) fn follower_at(&self, place: usize) -> Option<NodeId> {
        match &self.role {
            Role::Leader(leader) => leader.progress.nth(place),
            _ => None,
        }
    }

    pub(crate) fn send_if_idle(&mut self, peer: NodeId) {
        if self.is_idle(peer) {
            self.replicate_to(peer, false);
        }
    }

    /// Whether there are entries for `peer`, and not too many under way to it.
    pub(crate) fn is_idle(&mut self, peer: NodeId) -> bool {
        let Role::Leader(leader) = &self.role else {
            return false;
        };
        let Some(progress) = leader.progress.get(peer) else {
            return false;
        };
        if progress.next_index > self.log.last_index() {
            return false;
        }
        let in_flight_max = if progress.agrees() && self.conduct.obeys(Rule::Pipeline) {
            self.config.settings().in_flight_max
        } else {
            1
        };
        let is_busy =
            progress.in_flight.len() >= in_flight_max || matches!(progress.mode, Mode::Snapshot(_));
        !is_busy || !self.obey(Rule::WaitForAnswer)
    }

    /// Whether the pipeline to `peer` takes another message, and there is one.
    pub(crate) fn has_room(&self, peer: NodeId) -> bool {
        let Role::Leader(leader) = &self.role else {
            return false;
        };
        let in_flight_max = self.config.settings().in_flight_max;
        leader.progress.get(peer).is_some_and(|progress| {
            let next_index = progress.next_index;
            progress.agrees()
                && in_flight_max > 1
                && progress.in_flight.len() < in_flight_max
                && next_index <= self.log.last_index()
                // The last index has no successor: what is sent from there on
                // is the same for ever.
                && next_index < next_index.next()
        })
    }

    /// Sends `peer` what it needs next: entries, a heartbeat, or a snapshot
    /// where the log no longer reaches back so far.
    fn replicate_to(&mut self, peer: NodeId, resends: bool) {
        if let Some(envelope) = self.next_append(peer, resends) {
            self.hold(envelope);
        }
    }

    /// The AppendEntries that `peer` needs next, without entries while others
    /// are under way and it does not `resend` them; none where it is sent a
    /// snapshot in its place.
    pub(crate) fn next_append(&mut self, peer: NodeId, resends: bool) -> Option<Envelope<C>> {
        let Role::Leader(leader) = &mut self.role else {
            return None;
        };
        let progress = leader.progress.get_mut(peer)?;
        let prev_log_index = progress.next_index.previous();
        let prev_log_term = match self.log.term_at(prev_log_index) {
            TermAt::Known(term) if !matches!(progress.mode, Mode::Snapshot(_)) => term,
            _ => {
                self.send_snapshot(peer, resends);
                return None;
            }
        };
        let round = leader.round;
        let in_flight_max = self.config.settings().in_flight_max;
        let pipelines = progress.agrees() && in_flight_max > 1;
        let room = if pipelines { in_flight_max } else { 1 };
        let is_full = progress.in_flight.len() >= room;
        let waits = is_full && (pipelines || !resends) && self.conduct.obeys(Rule::WaitForAnswer);
        let entries_max = if self.conduct.obeys(Rule::SendEntries) && !waits {
            self.config.settings().entries_max
        } else {
            0
        };
        let first = progress.next_index;
        let bytes_max = self.config.settings().entries_bytes_max;
        let entries = self.recent.copy(&self.log, first, entries_max, bytes_max);
        let term = self.hard_state.current_term;
        let mut overtakes = false;
        if !entries.is_empty() {
            let last_index = prev_log_index.plus(entries.len());
            if pipelines {
                overtakes = !progress.in_flight.is_empty();
                progress.next_index = last_index.next();
            } else {
                progress.in_flight.clear();
            }
            progress.in_flight.push_back(Request {
                term,
                prev_log_index,
                last_index,
                round,
            });
            self.note(Rule::SendEntries);
        }
        if overtakes {
            self.note(Rule::Pipeline);
        }
        if !pipelines && !waits {
            self.drop_held(peer, |held| matches!(held, Message::AppendEntries(_)));
        }
        let message = Message::AppendEntries(AppendEntries {
            term,
            prev_log_index,
            prev_log_term,
            entries,
            leader_commit: self.commit_index,
            round,
        });
        Some(Envelope { to: peer, message })
    }

    pub(crate) fn append_entries_reply(&mut self, follower: NodeId, m: &AppendEntriesReply) {
        if !self.answers_this_term(m.term, &m.request) && self.obey(Rule::OldReply) {
            return;
        }
        if self.was_someone_else(follower, m.request.round) {
            return;
        }
        self.heard_from(follower, m.request.round);
        match m.outcome {
            AppendOutcome::Success => self.matched(follower, m.request),
            AppendOutcome::TooShort { x_len } => {
                self.back_up(follower, m.request, Rule::BackToLength, x_len);
            }
            AppendOutcome::Conflict {
                x_term, x_index, ..
            } => {
                let (rule, next_index) = self.after_conflict(x_term, x_index, m.request);
                self.back_up(follower, m.request, rule, next_index);
            }
            AppendOutcome::StaleTerm => self.note(Rule::OldReply),
        }
    }

    /// Whether a reply answers what this server sent as leader of this term:
    /// both the term it was sent in and the term it comes from must be that.
    pub(crate) fn answers_this_term(&self, term: Term, request: &Request) -> bool {
        self.role.is_leader()
            && term == self.hard_state.current_term
            && request.term == self.hard_state.current_term
    }

    /// `follower` stores everything up to the last index that was sent.
    pub(crate) fn matched(&mut self, follower: NodeId, request: Request) {
        let mut last_index = request.last_index;
        if last_index > self.log.last_index() && self.obey(Rule::IgnoreNonsense) {
            return;
        }
        let Role::Leader(leader) = &self.role else {
            return;
        };
        if !leader.progress.contains_key(follower) {
            // It has been removed since.
            return self.note(Rule::VotersOnly);
        }
        if !self.obey(Rule::MatchFromSent) {
            last_index = self.log.last_index();
        }
        let Role::Leader(leader) = &mut self.role else {
            return;
        };
        let Some(progress) = leader.progress.get_mut(follower) else {
            return;
        };
        let rises = last_index > progress.match_index;
        progress.match_index = progress.match_index.max(last_index);
        progress.next_index = progress.next_index.max(last_index.next());
        let has_snapshot = match &progress.mode {
            Mode::Snapshot(sending) => sending.snapshot.last_included_index <= progress.match_index,
            Mode::Probe | Mode::Replicate => true,
        };
        if has_snapshot {
            progress.mode = Mode::Replicate;
        }
        while let Some(sent) = progress.in_flight.front()
            && sent.last_index <= progress.match_index
        {
            progress.in_flight.pop_front();
        }
        // What is no news for commitIndex is not counted.
        if rises && last_index > self.commit_index {
            if progress.seat.votes() {
                self.advance_commit_index();
            } else {
                self.note(Rule::VotersOnly);
            }
        }
        self.fill_pipeline(follower);
        self.go_on_with_transfer(follower);
    }

    /// Sends `follower` what waits for it, up to what may be under way at once.
    fn fill_pipeline(&mut self, follower: NodeId) {
        self.send_if_idle(follower);
        for _ in 1..self.config.settings().in_flight_max {
            if !self.has_room(follower) {
                return;
            }
            self.replicate_to(follower, false);
        }
    }

    /// Where to try next after a conflict: past the own entries of XTerm if
    /// there are any, else at the first of the follower's (§5.3).
    fn after_conflict(&self, x_term: Term, x_index: Index, request: Request) -> (Rule, Index) {
        match self.log.last_index_of_term(x_term, request.prev_log_index) {
            Some(last) => (Rule::BackToConflictTerm, last.next()),
            None => (Rule::BackToConflictIndex, x_index),
        }
    }

    fn back_up(&mut self, follower: NodeId, request: Request, rule: Rule, next_index: Index) {
        let Role::Leader(leader) = &mut self.role else {
            return;
        };
        let Some(progress) = leader.progress.get_mut(follower) else {
            return;
        };
        let pipelines = progress.agrees() && self.config.settings().in_flight_max > 1;
        let prev_log_index = request.prev_log_index;
        let is_stale = if pipelines {
            // What was sent later has moved nextIndex on, so only matchIndex
            // tells what is old.
            prev_log_index < progress.match_index
        } else {
            prev_log_index != progress.next_index.previous()
        };
        let is_stale =
            is_stale || prev_log_index == Index::ZERO || matches!(progress.mode, Mode::Snapshot(_));
        if is_stale && self.obey(Rule::StaleRefusal) {
            return;
        }
        let next_index = if self.obey(rule) {
            next_index
        } else {
            prev_log_index
        };
        let Role::Leader(leader) = &mut self.role else {
            return;
        };
        let Some(progress) = leader.progress.get_mut(follower) else {
            return;
        };
        // Each refusal must bring nextIndex down, whatever the hint says, or
        // the two servers could go on for ever. It may go below matchIndex: a
        // follower whose disk lost what it had acknowledged is sent it again,
        // as Figure 2 has it, while matchIndex itself never goes back.
        progress.next_index = next_index.min(prev_log_index).max(Index::ZERO.next());
        progress.mode = Mode::Probe;
        progress.in_flight.clear();
        self.replicate_to(follower, true);
    }

    /// Commits the last entry of the own term that a majority stores, if
    /// there is a new one (§5.4.2).
    pub(crate) fn advance_commit_index(&mut self) {
        let Role::Leader(leader) = &self.role else {
            return;
        };
        let durable_index = self.durability.durable_index();
        let mut stored = self
            .reached(leader, durable_index, |progress| progress.match_index)
            .unwrap_or_default();
        if !self.conduct.obeys(Rule::CommitMajority) {
            stored = durable_index;
        }
        let stored = stored.min(self.log.last_index());
        if stored <= self.commit_index {
            return;
        }
        let is_own_term = self.log.term_at(stored) == TermAt::Known(self.hard_state.current_term);
        if is_own_term || !self.obey(Rule::CommitOwnTermOnly) {
            self.note(Rule::CommitMajority);
            self.note_majorities();
            self.commit_index = stored;
            self.adopt_configuration();
            self.configuration_committed();
        }
    }
}
