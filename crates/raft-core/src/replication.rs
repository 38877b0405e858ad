//! Log replication: the leader's side of AppendEntries (§5.3).

use crate::durability::Claim;
use crate::entry::Command;
use crate::log::TermAt;
use crate::message::{
    AppendEntries, AppendEntriesReply, AppendOutcome, Envelope, Message, Request,
};
use crate::node::Node;
use crate::progress::{Mode, Progress};
use crate::role::Role;
use crate::rule::{Conduct, Rule};
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

impl<C: Command, K: Conduct> Node<C, K> {
    /// Sends to every server, whether there is something new or not; what is
    /// under way is sent again if it `resends`, as each interval does.
    pub(crate) fn heartbeat(&mut self, resends: bool) {
        if let Role::Leader(leader) = &mut self.role
            && resends
        {
            leader.heartbeat_remaining = self.config.settings().heartbeat;
        }
        if self.rules.follows(Rule::Heartbeat) {
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
    pub(crate) fn place_of(&self, follower: NodeId) -> Option<usize> {
        match &self.role {
            Role::Leader(leader) => leader.progress.place(follower),
            _ => None,
        }
    }

    /// The next of the messages that are due because something was proposed: all
    /// since the last poll leaves together, to one follower after the other. They
    /// are made as they are asked for, and never copied. This stands out of line,
    /// so that what is inlined into the host's poll stays small.
    #[inline(never)]
    pub(crate) fn next_due(&mut self) -> Option<Envelope<C>> {
        loop {
            let Due { place, begun } = self.sends_due?;
            if self.follower_at(place).is_none() {
                self.sends_due = None;
                return None;
            }
            self.sends_due = Some(Due {
                place: place.saturating_add(1),
                begun: false,
            });
            let goes_on = if begun {
                self.has_room(place)
            } else {
                self.may_send(place)
            };
            if !goes_on {
                continue;
            }
            if let Some(prev_log_term) = self.prev_log_term(place) {
                self.go_on_with(place);
                if self.may_rest_on(self.stable.durability().hard_state()) {
                    return self.next_append(place, prev_log_term, false);
                }
            }
            self.replicate_to(place, false);
            if let Some(ready) = self.ready_place() {
                return self.outbox.remove(ready);
            }
        }
    }

    /// The follower at this place, which has just been sent entries, is sent
    /// more next, if there is room in the pipeline.
    fn go_on_with(&mut self, place: usize) {
        // Whoever sends nothing would go on with that for ever.
        let pipelines = self.config.settings().in_flight_max > 1;
        if pipelines && self.rules.keeps(Rule::SendEntries) {
            self.sends_due = Some(Due { place, begun: true });
        }
    }

    pub(crate) fn send_if_idle(&mut self, peer: NodeId) {
        if let Some(place) = self.place_of(peer)
            && self.may_send(place)
        {
            self.replicate_to(place, false);
        }
    }

    /// Whether there are entries for the follower at this place, and it need not
    /// answer first.
    fn may_send(&mut self, place: usize) -> bool {
        let Some(progress) = self.follower_at(place) else {
            return false;
        };
        if progress.next_index > self.stable.log().last_index() {
            return false;
        }
        let is_busy = progress.in_flight.len() >= self.window(progress)
            || matches!(progress.mode, Mode::Snapshot(_));
        !is_busy || !self.rules.follows(Rule::WaitForAnswer)
    }

    /// Whether the pipeline to the follower at this place, which has just been
    /// sent entries, takes another message, and there is one.
    fn has_room(&self, place: usize) -> bool {
        self.follower_at(place).is_some_and(|progress| {
            let next_index = progress.next_index;
            matches!(progress.mode, Mode::Replicate)
                && progress.in_flight.len() < self.window(progress)
                && next_index <= self.stable.log().last_index()
                // The last index has no successor: what is sent from there on
                // is the same for ever.
                && next_index < next_index.next()
        })
    }

    /// How many messages with entries may be under way to a follower: with more
    /// than one, they are pipelined.
    fn window(&self, progress: &Progress) -> usize {
        progress.window(self.in_flight_max())
    }

    fn in_flight_max(&self) -> usize {
        if self.rules.keeps(Rule::Pipeline) {
            self.config.settings().in_flight_max
        } else {
            1
        }
    }

    /// Sends the follower at this place what it needs next: entries, a
    /// heartbeat, or a snapshot where the log no longer reaches back so far.
    fn replicate_to(&mut self, place: usize, resends: bool) {
        let Some(prev_log_term) = self.prev_log_term(place) else {
            return self.send_snapshot(place, resends);
        };
        if let Some(envelope) = self.next_append(place, prev_log_term, resends) {
            self.send(envelope.to, Claim::Term, || envelope.message);
        }
    }

    /// The term of the entry before those that the follower at this place needs
    /// next; none where it is compacted away, so that a snapshot has to be sent.
    /// A follower that is being sent one is never sent entries: what it needs
    /// next is in that snapshot, and the log begins no earlier than any snapshot
    /// that was taken of it.
    fn prev_log_term(&self, place: usize) -> Option<Term> {
        let next_index = self.follower_at(place)?.next_index;
        match self.stable.log().term_at(next_index.previous()) {
            TermAt::Known(term) => Some(term),
            TermAt::Compacted | TermAt::Missing => None,
        }
    }

    /// The AppendEntries that the follower at this place needs next, without
    /// entries while others are under way and it does not `resend` them.
    fn next_append(
        &mut self,
        place: usize,
        prev_log_term: Term,
        resends: bool,
    ) -> Option<Envelope<C>> {
        let window = self.window(self.follower_at(place)?);
        let Role::Leader(leader) = &mut self.role else {
            return None;
        };
        let (peer, progress) = leader.progress.at_mut(place)?;
        let first = progress.next_index;
        let prev_log_index = first.previous();
        let settings = self.config.settings();
        let pipelines = window > 1;
        let is_full = progress.in_flight.len() >= window;
        let waits = is_full && (pipelines || !resends) && self.rules.keeps(Rule::WaitForAnswer);
        if waits && first <= self.stable.log().last_index() {
            self.rules.follows(Rule::WaitForAnswer);
        }
        let entries_max = if self.rules.keeps(Rule::SendEntries) && !waits {
            settings.entries_max
        } else {
            0
        };
        let bytes_max = settings.entries_bytes_max;
        let entries = self.stable.copy(first, entries_max, bytes_max);
        if !entries.is_empty() {
            let last_index = prev_log_index.plus(entries.len());
            self.rules.follows(Rule::SendEntries);
            if progress.sent(last_index, window) {
                self.rules.follows(Rule::Pipeline);
            }
        }
        let (round, attempt) = (leader.round, progress.attempt);
        if !pipelines && !waits {
            let outbox = &mut self.outbox;
            outbox.forget(peer, |held| matches!(held, Message::AppendEntries(_)));
        }
        Some(Envelope {
            to: peer,
            message: Message::AppendEntries(AppendEntries {
                term: self.stable.current_term(),
                prev_log_index,
                prev_log_term,
                entries,
                leader_commit: self.commit_index,
                round,
                attempt,
            }),
        })
    }

    pub(crate) fn append_entries_reply(&mut self, follower: NodeId, m: &AppendEntriesReply) {
        if !self.answers_this_term(m.term, &m.request) && self.rules.follows(Rule::OldReply) {
            return;
        }
        let Some(place) = self.heard_from(follower, m.request.round) else {
            return;
        };
        match m.outcome {
            AppendOutcome::Success => self.matched(place, m.request),
            AppendOutcome::TooShort { x_len } => {
                self.back_up(place, m.request, Rule::BackToLength, x_len);
            }
            AppendOutcome::Conflict {
                x_term, x_index, ..
            } => {
                let (rule, next_index) = self.after_conflict(x_term, x_index, m.request);
                self.back_up(place, m.request, rule, next_index);
            }
            AppendOutcome::Writing => {
                self.rules.follows(Rule::HeardWhileWriting);
            }
            AppendOutcome::StaleTerm => {
                self.rules.follows(Rule::OldReply);
            }
        }
    }

    /// Whether a reply answers what this server sent as leader of this term:
    /// both the term it was sent in and the term it comes from must be that.
    pub(crate) fn answers_this_term(&self, term: Term, request: &Request) -> bool {
        self.role.is_leader()
            && term == self.stable.current_term()
            && request.term == self.stable.current_term()
    }

    /// The follower at this place stores everything up to the last index that was sent.
    pub(crate) fn matched(&mut self, place: usize, request: Request) {
        let mut last_index = request.last_index;
        if last_index > self.stable.log().last_index() && self.rules.follows(Rule::IgnoreNonsense) {
            return;
        }
        let in_flight_max = self.in_flight_max();
        let Role::Leader(leader) = &mut self.role else {
            return;
        };
        let Some((follower, progress)) = leader.progress.at_mut(place) else {
            return;
        };
        if !self.rules.follows(Rule::MatchFromSent) {
            last_index = self.stable.log().last_index();
        }
        let rises = progress.accepted(request.attempt, last_index, in_flight_max);
        let next_index = progress.next_index;
        // What is no news for commitIndex is not counted.
        if rises && last_index > self.commit_index {
            if progress.seat.votes() {
                self.advance_commit_index();
            } else {
                self.rules.follows(Rule::VotersOnly);
            }
        }
        if next_index <= self.stable.log().last_index() {
            self.fill_pipeline(follower);
        }
        self.continue_transfer(follower);
    }

    /// Sends `follower` what waits for it, up to what may be under way at once.
    fn fill_pipeline(&mut self, follower: NodeId) {
        let Some(place) = self.place_of(follower) else {
            return;
        };
        if self.may_send(place) {
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
        match self
            .stable
            .log()
            .last_index_of_term(x_term, request.prev_log_index)
        {
            Some(last) => (Rule::BackToConflictTerm, last.next()),
            None => (Rule::BackToConflictIndex, x_index),
        }
    }

    fn back_up(&mut self, place: usize, request: Request, rule: Rule, next_index: Index) {
        let prev_log_index = request.prev_log_index;
        // Where its own log has nothing, nothing was sent to come after.
        if prev_log_index > self.stable.log().last_index()
            && self.rules.follows(Rule::IgnoreNonsense)
        {
            return;
        }
        let Role::Leader(leader) = &mut self.role else {
            return;
        };
        let Some((_, progress)) = leader.progress.at_mut(place) else {
            return;
        };
        if progress.is_old_refusal(request.attempt, prev_log_index)
            && self.rules.follows(Rule::StaleRefusal)
        {
            return;
        }
        // Each refusal must bring nextIndex down, whatever the hint says, or the two
        // servers could go on for ever.
        let mut back_to = prev_log_index;
        if self.rules.keeps(rule) {
            back_to = next_index.min(prev_log_index).max(Index::ZERO.next());
        }
        if progress.is_doubtful(back_to) && self.rules.follows(Rule::StaleRefusal) {
            return progress.ask_anew();
        }
        self.rules.follows(rule);
        progress.refused(back_to);
        self.replicate_to(place, true);
    }
}
