//! Log replication: AppendEntries from both ends (§5.3).

use crate::entries::Entries;
use crate::entry::{Command, Entry};
use crate::log::TermAt;
use crate::message::{
    AppendEntries, AppendEntriesReply, AppendOutcome, Envelope, Message, Request,
};
use crate::node::Node;
use crate::role::{Mode, Progress, Role};
use crate::rule::{Conduct, Obey, Rule};
use crate::types::{Index, NodeId, Term};

/// Where entries were appended that have not been sent yet: the follower, by
/// its place, that is to be looked at next, and whether it was sent some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Due {
    place: usize,
    begun: bool,
}

impl Due {
    pub(crate) const ALL: Self = Self {
        place: 0,
        begun: false,
    };
}

/// The follower's side.
impl<C: Command, K: Conduct> Node<C, K> {
    pub(crate) fn append_entries(&mut self, leader: NodeId, m: &AppendEntries<C>) {
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
            self.check_and_append(m, request.last_index)
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
        self.send(leader, || Message::AppendEntriesReply(reply));
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

    fn check_and_append(&mut self, m: &AppendEntries<C>, last_new: Index) -> AppendOutcome {
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
        self.store(m.prev_log_index, &m.entries);
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
    fn store(&mut self, prev_log_index: Index, entries: &Entries<C>) {
        let list: &[_] = entries;
        let cuts = !list.is_empty() && !self.conduct.obeys(Rule::KeepWithoutConflict);
        if cuts && prev_log_index >= self.log.first_index().previous() {
            self.cut(prev_log_index.next());
        }
        let known = if prev_log_index < self.log.last_index() {
            self.known(prev_log_index, list)
        } else {
            0
        };
        let new = list.get(known..).unwrap_or_default();
        if !new.is_empty() {
            if !self.obey(Rule::AppendNew) {
                return;
            }
            let first_new = prev_log_index.plus(known).next();
            self.log.extend(new);
            self.durability.changed_from(first_new);
            if known == 0 {
                // The disk is given the very list that came.
                self.recent.keep(first_new, entries.clone());
            }
        } else if known > 0 || prev_log_index < self.log.last_index() {
            self.note(Rule::KeepWithoutConflict);
        }
    }

    /// How many of the entries that follow `prev_log_index` are there already.
    /// After these nothing follows: what did was in conflict, and is deleted.
    fn known(&mut self, prev_log_index: Index, entries: &[Entry<C>]) -> usize {
        let mut index = prev_log_index.next();
        for (known, entry) in entries.iter().enumerate() {
            match self.log.term_at(index) {
                TermAt::Missing => return known,
                TermAt::Known(term)
                    if term != entry.term
                        && index >= self.log.first_index()
                        && self.obey(Rule::DeleteConflict) =>
                {
                    self.cut(index);
                    return known;
                }
                TermAt::Known(_) | TermAt::Compacted => {}
            }
            index = index.next();
        }
        entries.len()
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
            self.for_each_peer(|node, place| {
                node.replicate_to(place, resends);
            });
        }
        // A cluster of one has nobody to wait for.
        self.advance_commit_index();
    }

    fn for_each_peer(&mut self, act: impl Fn(&mut Self, usize)) {
        let mut place = 0;
        while self.follower_at(place).is_some() {
            act(self, place);
            place += 1;
        }
    }

    /// What this server, if it leads, knows of the one at this place among
    /// those that it leads.
    fn follower_at(&self, place: usize) -> Option<&Progress> {
        match &self.role {
            Role::Leader(leader) => leader.progress.at(place).map(|(_, progress)| progress),
            _ => None,
        }
    }

    /// Where `follower` stands among those that this server leads.
    fn place_of(&self, follower: NodeId) -> Option<usize> {
        match &self.role {
            Role::Leader(leader) => leader.progress.place(follower),
            _ => None,
        }
    }

    /// The next message that may leave, where there may be one. What was
    /// proposed since the last poll leaves together, to one follower after the
    /// other.
    pub(crate) fn next_message(&mut self) -> Option<Envelope<C>> {
        loop {
            if let Some(envelope) = self.poll_outbox() {
                return Some(envelope);
            }
            let Due { place, begun } = self.sends_due?;
            if self.follower_at(place).is_none() {
                self.sends_due = None;
                return None;
            }
            let goes_on = if begun {
                // Whoever sends nothing would go on with that for ever.
                self.has_room(place) && self.conduct.obeys(Rule::SendEntries)
            } else {
                self.is_idle(place)
            };
            let mut is_sent = false;
            if goes_on {
                self.sends_due = Some(Due { place, begun: true });
                if !self.may_rest_on(self.durability.hard_state()) {
                    is_sent = self.replicate_to(place, false);
                } else if let Some(envelope) = self.next_append(place, false) {
                    return Some(envelope);
                }
            }
            // A follower that was sent a snapshot, or nothing, has its turn behind it.
            if !is_sent {
                self.sends_due = Some(Due {
                    place: place.saturating_add(1),
                    begun: false,
                });
            }
        }
    }

    pub(crate) fn send_if_idle(&mut self, peer: NodeId) {
        if let Some(place) = self.place_of(peer)
            && self.is_idle(place)
        {
            self.replicate_to(place, false);
        }
    }

    /// Whether there are entries for the follower at this place, and not too
    /// many under way to it.
    fn is_idle(&mut self, place: usize) -> bool {
        let Some(progress) = self.follower_at(place) else {
            return false;
        };
        if progress.next_index > self.log.last_index() {
            return false;
        }
        let in_flight_max = if progress.agrees() {
            self.in_flight_max()
        } else {
            1
        };
        let is_busy =
            progress.in_flight.len() >= in_flight_max || matches!(progress.mode, Mode::Snapshot(_));
        !is_busy || !self.obey(Rule::WaitForAnswer)
    }

    /// Whether the pipeline to the follower at this place, which has just been
    /// sent entries, takes another message, and there is one.
    fn has_room(&self, place: usize) -> bool {
        let in_flight_max = self.in_flight_max();
        self.follower_at(place).is_some_and(|progress| {
            let next_index = progress.next_index;
            progress.agrees()
                && progress.in_flight.len() < in_flight_max
                && next_index <= self.log.last_index()
                // The last index has no successor: what is sent from there on
                // is the same for ever.
                && next_index < next_index.next()
        })
    }

    /// How many messages with entries may be under way to a follower that agrees.
    fn in_flight_max(&self) -> usize {
        if self.conduct.obeys(Rule::Pipeline) {
            self.config.settings().in_flight_max
        } else {
            1
        }
    }

    /// Sends the follower at this place what it needs next: entries, a
    /// heartbeat, or a snapshot where the log no longer reaches back so far.
    /// Answers whether it was an AppendEntries.
    fn replicate_to(&mut self, place: usize, resends: bool) -> bool {
        let envelope = self.next_append(place, resends);
        let is_append = envelope.is_some();
        if let Some(envelope) = envelope {
            self.send_early(envelope);
        }
        is_append
    }

    /// The AppendEntries that the follower at this place needs next, without
    /// entries while others are under way and it does not `resend` them; none
    /// where it is sent a snapshot in its place.
    fn next_append(&mut self, place: usize, resends: bool) -> Option<Envelope<C>> {
        let Role::Leader(leader) = &mut self.role else {
            return None;
        };
        let (peer, progress) = leader.progress.at_mut(place)?;
        let first = progress.next_index;
        let prev_log_index = first.previous();
        let TermAt::Known(prev_log_term) = self.log.term_at(prev_log_index) else {
            self.send_snapshot(peer, resends);
            return None;
        };
        let settings = self.config.settings();
        let pipelines = progress.agrees() && settings.in_flight_max > 1;
        let room = if pipelines { settings.in_flight_max } else { 1 };
        let is_full = progress.in_flight.len() >= room;
        let waits = is_full && (pipelines || !resends) && self.conduct.obeys(Rule::WaitForAnswer);
        let entries_max = if self.conduct.obeys(Rule::SendEntries) && !waits {
            settings.entries_max
        } else {
            0
        };
        let bytes_max = settings.entries_bytes_max;
        let entries = self.recent.find(&self.log, first, entries_max, bytes_max);
        if !entries.is_empty() {
            let last_index = prev_log_index.plus(entries.len());
            let overtakes = pipelines && !progress.in_flight.is_empty();
            if pipelines {
                progress.next_index = last_index.next();
            } else {
                progress.in_flight.clear();
            }
            progress.in_flight.push_back(last_index);
            self.conduct.obey(Rule::SendEntries);
            if overtakes {
                self.conduct.obey(Rule::Pipeline);
            }
        }
        let round = leader.round;
        if !pipelines && !waits {
            let outbox = &mut self.outbox;
            outbox.forget(peer, |held| matches!(held, Message::AppendEntries(_)));
        }
        Some(Envelope {
            to: peer,
            message: Message::AppendEntries(AppendEntries {
                term: self.hard_state.current_term,
                prev_log_index,
                prev_log_term,
                entries: entries.clone(),
                leader_commit: self.commit_index,
                round,
            }),
        })
    }

    pub(crate) fn append_entries_reply(&mut self, follower: NodeId, m: &AppendEntriesReply) {
        if !self.answers_this_term(m.term, &m.request) && self.obey(Rule::OldReply) {
            return;
        }
        if !self.heard_from(follower, m.request.round) {
            return;
        }
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
        let Role::Leader(leader) = &mut self.role else {
            return;
        };
        let Some(progress) = leader.progress.get_mut(follower) else {
            // It has been removed since.
            return self.note(Rule::VotersOnly);
        };
        if !self.conduct.obey(Rule::MatchFromSent) {
            last_index = self.log.last_index();
        }
        let rises = last_index > progress.match_index;
        progress.match_index = progress.match_index.max(last_index);
        progress.next_index = progress.next_index.max(last_index.next());
        let next_index = progress.next_index;
        let has_snapshot = match &progress.mode {
            Mode::Snapshot(sending) => sending.snapshot.last_included_index <= progress.match_index,
            Mode::Probe | Mode::Replicate => true,
        };
        if has_snapshot {
            progress.mode = Mode::Replicate;
        }
        while let Some(sent) = progress.in_flight.front()
            && *sent <= progress.match_index
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
        if next_index <= self.log.last_index() {
            self.fill_pipeline(follower);
        }
        self.go_on_with_transfer(follower);
    }

    /// Sends `follower` what waits for it, up to what may be under way at once.
    fn fill_pipeline(&mut self, follower: NodeId) {
        let Some(place) = self.place_of(follower) else {
            return;
        };
        if self.is_idle(place) {
            self.replicate_to(place, false);
        }
        for _ in 1..self.config.settings().in_flight_max {
            if !self.has_room(place) {
                return;
            }
            self.replicate_to(place, false);
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
        let Some(place) = leader.progress.place(follower) else {
            return;
        };
        let Some((_, progress)) = leader.progress.at_mut(place) else {
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
        if is_stale && self.conduct.obey(Rule::StaleRefusal) {
            return;
        }
        let next_index = if self.conduct.obey(rule) {
            next_index
        } else {
            prev_log_index
        };
        // Each refusal must bring nextIndex down, whatever the hint says, or
        // the two servers could go on for ever. It may go below matchIndex: a
        // follower whose disk lost what it had acknowledged is sent it again,
        // as Figure 2 has it, while matchIndex itself never goes back.
        progress.next_index = next_index.min(prev_log_index).max(Index::ZERO.next());
        progress.mode = Mode::Probe;
        progress.in_flight.clear();
        self.replicate_to(place, true);
    }
}
