//! Log replication: the leader's side of AppendEntries (§5.3).

use crate::condition::{Field, at_least, differ, is_true, more};
use crate::durability::Claim;
use crate::entry::Command;
use crate::log::TermAt;
use crate::message::{
    AppendEntries, AppendEntriesReply, AppendOutcome, Envelope, Message, Request,
};
use crate::node::Node;
use crate::progress::Progress;
use crate::role::{Broadcast, Role};
use crate::rule::{Conduct, Rule, Rules};
use crate::types::{Index, NodeId, Term};

impl<C: Command, K: Conduct> Node<C, K> {
    /// The next message of the broadcast of what was proposed. All since the last poll leaves
    /// together, to one follower after the other. This stands out of line, so that what
    /// is inlined into the host's poll stays small (`peers`, batch 1).
    #[inline(never)]
    pub(crate) fn next_of_broadcast(&mut self) -> Option<Envelope<C>> {
        loop {
            let follower = self.next_to_send_to()?;
            if !self.may_rest_on(self.stable.durability().of(Claim::Term)) {
                self.replicate_to(follower, false);
                continue;
            }
            // It would be the only one that may leave the outbox now.
            let next = self.next_envelope(follower, false);
            if next.is_some() {
                return next;
            }
        }
    }

    /// The next follower of the broadcast for whom there is something that may be sent now.
    fn next_to_send_to(&mut self) -> Option<NodeId> {
        let pipelines = self.config.settings().in_flight_max > 1;
        let in_flight_max = self.in_flight_max();
        let last_index = self.stable.log().last_index();
        let Role::Leader(leader) = &mut self.role else {
            return None;
        };
        loop {
            // What is found is handed on, since to find it again takes time (`peers`, batch 1).
            let (follower, progress, is_ready) = match leader.broadcast? {
                Broadcast::From(first) => {
                    let mut rest = leader.progress.from(first);
                    let Some((follower, progress)) = rest.next() else {
                        leader.broadcast = None;
                        return None;
                    };
                    leader.broadcast = rest.next().map(|(next, _)| Broadcast::From(next));
                    let is_ready = may_send(&mut self.rules, progress, last_index, in_flight_max);
                    (follower, progress, is_ready)
                }
                Broadcast::MoreTo {
                    follower,
                    sent_from,
                } => {
                    leader.broadcast = follower.next().map(Broadcast::From);
                    let Some(progress) = leader.progress.get(follower) else {
                        continue;
                    };
                    let moves_on = progress.next_index > sent_from;
                    let is_ready = moves_on && progress.has_room(last_index, in_flight_max);
                    (follower, progress, is_ready)
                }
            };
            if !is_ready {
                continue;
            }
            if pipelines {
                let sent_from = progress.next_index;
                leader.broadcast = Some(Broadcast::MoreTo {
                    follower,
                    sent_from,
                });
            }
            return Some(follower);
        }
    }

    /// Sends `follower` what waits for it, unless it has to answer first.
    pub(crate) fn send_if_idle(&mut self, follower: NodeId) {
        let in_flight_max = self.in_flight_max();
        let last_index = self.stable.log().last_index();
        let progress = self.role.progress(follower);
        if progress.is_some_and(|to| may_send(&mut self.rules, to, last_index, in_flight_max)) {
            self.replicate_to(follower, false);
        }
    }

    /// How many messages with entries may be in flight to a follower: with more
    /// than one, they are pipelined.
    fn in_flight_max(&self) -> usize {
        if self.rules.keeps(Rule::Pipeline) {
            self.config.settings().in_flight_max
        } else {
            1
        }
    }

    /// Sends `follower` what it needs next; what is in flight is sent again if it `resends`.
    pub(crate) fn replicate_to(&mut self, follower: NodeId, resends: bool) {
        if let Some(Envelope { to, message }) = self.next_envelope(follower, resends) {
            self.send(to, Claim::Term, || message);
        }
    }

    /// What `follower` needs next: entries, a heartbeat, or a snapshot where the log no longer
    /// reaches back so far. Without entries while others are in flight and it does not
    /// `resend` them.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "the message is made where it is handed over (`peers`, batch 1)"
    )]
    fn next_envelope(&mut self, follower: NodeId, resends: bool) -> Option<Envelope<C>> {
        let in_flight_max = self.in_flight_max();
        let Role::Leader(leader) = &mut self.role else {
            return None;
        };
        let progress = leader.progress.get_mut(follower)?;
        let log = self.stable.log();
        let mut first = progress.next_index;
        // What is compacted away while it is in flight need not be replaced by a snapshot yet (§7).
        if first < log.first_index() && progress.may_be_arriving(log.first_index().previous()) {
            first = log.first_index();
        }
        let prev_log_index = first.previous();
        // A follower that is being sent a snapshot is never sent entries: what it needs next
        // is in that snapshot, and the log begins no earlier than any that was taken of it.
        let TermAt::Known(prev_log_term) = log.term_at(prev_log_index) else {
            let message = self.snapshot_message(follower, resends)?;
            return Some(Envelope {
                to: follower,
                message,
            });
        };
        let settings = self.config.settings();
        let window = progress.window(in_flight_max);
        let pipelines = window > 1;
        let is_full = progress.in_flight.len() >= window;
        let waits = is_full && (pipelines || !resends) && self.rules.keeps(Rule::WaitForAnswer);
        let is_busy = at_least(
            (Field::InFlight(follower), progress.in_flight.len()),
            (Field::InFlightMax, window),
        );
        if waits && first <= log.last_index() && self.rules.weighs(Rule::WaitForAnswer, is_busy) {
            self.rules.follows(Rule::WaitForAnswer);
        }
        let entries_max = if self.rules.keeps(Rule::SendEntries) && !waits {
            settings.entries_max
        } else {
            0
        };
        let term = self.stable.current_term();
        let bytes_max = settings.entries_bytes_max;
        let has_more = at_least(
            (Field::LastLogIndex, log.last_index()),
            (Field::NextIndex(follower), first),
        );
        let count = self.stable.count_fitting(first, entries_max, bytes_max);
        if self.rules.weighs(Rule::SendEntries, has_more) && count > 0 {
            self.rules.follows(Rule::SendEntries);
            if progress.sent(prev_log_index.plus(count), window) {
                self.rules.follows(Rule::Pipeline);
            }
        }
        let (round, attempt) = (leader.round, progress.attempt);
        if !pipelines && !waits {
            let is_append = |held: &Message<C>| matches!(held, Message::AppendEntries(_));
            self.outbox.supersede(follower, is_append);
        }
        Some(Envelope {
            to: follower,
            message: Message::AppendEntries(AppendEntries {
                term,
                prev_log_index,
                prev_log_term,
                entries: self.stable.copied(first, count, bytes_max),
                leader_commit: self.commit_index,
                round,
                attempt,
            }),
        })
    }

    pub(crate) fn append_entries_reply(&mut self, follower: NodeId, m: &AppendEntriesReply) {
        if !self.counts_reply(follower, m.term, &m.request) {
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
            AppendOutcome::Writing => {
                self.rules.follows(Rule::HeardWhileWriting);
            }
            AppendOutcome::StaleTerm => {
                self.rules.follows(Rule::OldReply);
            }
        }
    }

    /// Whether a reply counts, and with it that `follower` was heard: it answers what this server
    /// sent as leader of this term, to a member that has not been removed since.
    pub(crate) fn counts_reply(&mut self, follower: NodeId, term: Term, request: &Request) -> bool {
        let is_old = !self.answers_this_term(term, request);
        if is_old && self.rules.follows(Rule::OldReply) {
            return false;
        }
        self.heard_from(follower, request.round)
    }

    /// Both the term it was sent in and the term it comes from must be this one.
    fn answers_this_term(&mut self, term: Term, request: &Request) -> bool {
        let current_term = (Field::CurrentTerm, self.stable.current_term());
        let is_over = is_true(Field::IsNoLeader, !self.role.is_leader());
        let is_from_another = differ((Field::Term, term), current_term);
        let was_asked_in_another = differ((Field::RequestTerm, request.term), current_term);
        !self.rules.weighs(Rule::OldReply, is_over)
            && !self.rules.weighs(Rule::OldReply, is_from_another)
            && !self.rules.weighs(Rule::OldReply, was_asked_in_another)
    }

    /// `follower` stores everything up to the last index that was sent.
    pub(crate) fn matched(&mut self, follower: NodeId, request: Request) {
        let mut last_index = request.last_index;
        let is_beyond = more(
            (Field::StoredIndex, last_index),
            (Field::LastLogIndex, self.stable.log().last_index()),
        );
        if self.rules.follows_if(Rule::IgnoreNonsense, is_beyond) {
            return;
        }
        let in_flight_max = self.in_flight_max();
        let Some(progress) = self.role.progress_mut(follower) else {
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

    /// Sends `follower` what waits for it, up to what may be in flight at once.
    fn fill_pipeline(&mut self, follower: NodeId) {
        self.send_if_idle(follower);
        for _ in 1..self.config.settings().in_flight_max {
            let in_flight_max = self.in_flight_max();
            let last_index = self.stable.log().last_index();
            let progress = self.role.progress(follower);
            if !progress.is_some_and(|to| to.has_room(last_index, in_flight_max)) {
                return;
            }
            self.replicate_to(follower, false);
        }
    }

    /// Where to try next after a conflict: past the own entries of XTerm if
    /// there are any, else at the first of the follower's (§5.3).
    fn after_conflict(&mut self, x_term: Term, x_index: Index, request: Request) -> (Rule, Index) {
        let log = self.stable.log();
        let last = log.last_index_of_term(x_term, request.prev_log_index);
        let has_x_term = is_true(Field::HasTerm(x_term), last.is_some());
        self.rules.weighs(Rule::BackToConflictTerm, has_x_term);
        match last {
            Some(last) => (Rule::BackToConflictTerm, last.next()),
            None => (Rule::BackToConflictIndex, x_index),
        }
    }

    fn back_up(&mut self, follower: NodeId, request: Request, rule: Rule, next_index: Index) {
        let prev_log_index = request.prev_log_index;
        // Where its own log has nothing, nothing was sent to come after.
        let is_beyond = more(
            (Field::PrevLogIndex, prev_log_index),
            (Field::LastLogIndex, self.stable.log().last_index()),
        );
        if self.rules.follows_if(Rule::IgnoreNonsense, is_beyond) {
            return;
        }
        let Some(progress) = self.role.progress_mut(follower) else {
            return;
        };
        let is_old = progress.is_old_refusal(request.attempt, prev_log_index);
        let is_old = is_true(Field::IsOvertaken, is_old);
        if self.rules.follows_if(Rule::StaleRefusal, is_old) {
            return;
        }
        // Each refusal must bring nextIndex down, whatever the hint says, or the two
        // servers could go on for ever.
        let mut back_to = prev_log_index;
        if self.rules.keeps(rule) {
            back_to = next_index.min(prev_log_index).max(Index::ZERO.next());
        }
        let is_doubtful = is_true(Field::IsDoubtful, progress.is_doubtful(back_to));
        if self.rules.follows_if(Rule::StaleRefusal, is_doubtful) {
            return progress.ask_anew();
        }
        // To send entries twice costs less than to wait; a snapshot costs more.
        let base = self.stable.log().first_index().previous();
        let is_overtaken = back_to <= base && progress.may_be_overtaken(back_to, base);
        let is_overtaken = is_true(Field::MayBeOvertaken, is_overtaken);
        if self.rules.follows_if(Rule::StaleRefusal, is_overtaken) {
            return;
        }
        self.rules.follows(rule);
        progress.refused(back_to);
        self.replicate_to(follower, true);
    }
}

/// Whether there are entries up to `last_index` for a follower, and it need not answer first.
fn may_send<K: Conduct>(
    rules: &mut Rules<K>,
    progress: &Progress,
    last_index: Index,
    in_flight_max: usize,
) -> bool {
    progress.next_index <= last_index
        && (!progress.is_busy(in_flight_max) || !rules.follows(Rule::WaitForAnswer))
}
