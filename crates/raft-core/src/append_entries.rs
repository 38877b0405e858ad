//! AppendEntries at its receiver: the follower's side of log replication (§5.3).

use crate::condition::{Field, differ, is_true, less, more};
use crate::durability::Claim;
use crate::entries::Entries;
use crate::entry::{Command, Entry};
use crate::log::TermAt;
use crate::message::{AppendEntries, AppendOutcome, Message};
use crate::node::Node;
use crate::role::Role;
use crate::rule::{Conduct, Rule};
use crate::types::{Index, NodeId};

impl<C: Command, K: Conduct> Node<C, K> {
    pub(crate) fn append_entries(&mut self, leader: NodeId, m: &AppendEntries<C>) {
        let last_index = m.request().last_index;
        let is_stale = less(
            (Field::Term, m.term),
            (Field::CurrentTerm, self.stable.current_term()),
        );
        let outcome = if self.rules.follows_if(Rule::AppendStaleTerm, is_stale) {
            AppendOutcome::StaleTerm
        } else if self.leads_too() {
            return;
        } else {
            self.hear_from_leader(leader);
            if self.is_disk_behind() && !self.has_all(m) {
                // The entries count as lost, and are sent again: its leader hears no more than
                // that this server is there.
                if !self.rules.follows(Rule::HeardWhileWriting) {
                    return;
                }
                AppendOutcome::Writing
            } else {
                self.check_and_append(m, last_index)
            }
        };
        if outcome == AppendOutcome::Success {
            self.answer_success(leader, m, last_index);
        } else {
            self.answer_at_once(leader, m, outcome);
        }
    }

    /// Whether what a leader of this term has sent comes to another: §5.2 excludes it, so nobody
    /// honest sent it.
    pub(crate) fn leads_too(&mut self) -> bool {
        let leads = is_true(Field::IsLeader, self.role.is_leader());
        self.rules.follows_if(Rule::IgnoreNonsense, leads)
    }

    /// A success waits until the disk holds what it claims. The answer is made where it waits
    /// (`peers`, batch 1).
    fn answer_success(&mut self, leader: NodeId, m: &AppendEntries<C>, last_index: Index) {
        let rests_on = self.stable.durability().of(Claim::Log(last_index));
        let waits = !self.may_rest_on(rests_on);
        if waits
            && (m.entries.is_empty() || !self.outbox.is_empty())
            && self.answers_while_writing(leader, m)
        {
            return;
        }
        let term = self.stable.current_term();
        self.outbox.push(rests_on, leader, || {
            Message::AppendEntriesReply(m.reply(term, AppendOutcome::Success))
        });
    }

    /// A leader that asks again before the disk holds what the answer claims, or only asks, is
    /// told that it was heard: else it would take a slow disk for a server that is gone (§6.2 and
    /// §6.4 of the dissertation). Returns whether the same answer waits already: said twice it
    /// would say no more.
    fn answers_while_writing(&mut self, leader: NodeId, m: &AppendEntries<C>) -> bool {
        let reply = m.reply(self.stable.current_term(), AppendOutcome::Success);
        let is_again = self.outbox.holds(
            leader,
            |held| matches!(held, Message::AppendEntriesReply(old) if old.is_alike(&reply)),
        );
        let may_claim_term = self.may_rest_on(self.stable.durability().of(Claim::Term));
        let only_asks = m.entries.is_empty() && may_claim_term;
        if (is_again || only_asks) && self.rules.follows(Rule::HeardWhileWriting) {
            self.answer_at_once(leader, m, AppendOutcome::Writing);
        }
        is_again
    }

    /// Of what claims no more than the term, the newest is enough.
    fn answer_at_once(&mut self, leader: NodeId, m: &AppendEntries<C>, outcome: AppendOutcome) {
        self.outbox.supersede(leader, |held| {
            matches!(held, Message::AppendEntriesReply(old)
                if old.outcome != AppendOutcome::Success)
        });
        let term = self.stable.current_term();
        self.send(leader, Claim::Term, || {
            Message::AppendEntriesReply(m.reply(term, outcome))
        });
    }

    /// Whether all entries that it brings are there, so that nothing has to be written (§5.3).
    fn has_all(&self, m: &AppendEntries<C>) -> bool {
        let first = m.prev_log_index.next();
        let is_there = |(offset, entry): (usize, &Entry<C>)| match self
            .stable
            .log()
            .term_at(first.plus(offset))
        {
            TermAt::Known(term) => term == entry.term,
            TermAt::Compacted => true,
            TermAt::Missing => false,
        };
        // Where what is there is replaced all the same, only a message without entries writes none.
        (self.rules.keeps(Rule::KeepWithoutConflict) || m.entries.is_empty())
            && m.entries.iter().enumerate().all(is_there)
    }

    /// Whether as much waits to be written as this server takes in.
    #[inline]
    pub(crate) const fn is_disk_behind(&self) -> bool {
        let unwritten_bytes = self.stable.durability().unwritten_bytes();
        unwritten_bytes >= self.config.settings().unwritten_bytes_max
    }

    /// A leader of the current term has spoken.
    pub(crate) fn hear_from_leader(&mut self, leader: NodeId) {
        self.promise_remaining = *self.config.settings().election_timeout.start();
        let is_candidate = matches!(self.role, Role::Candidate(_) | Role::PreCandidate(_));
        let is_candidate = is_true(Field::IsCandidate, is_candidate);
        if !self.rules.weighs(Rule::YieldToLeader, is_candidate)
            || self.rules.follows(Rule::YieldToLeader)
        {
            self.become_follower(Some(leader));
        }
        if self.rules.follows(Rule::ResetOnLeader) {
            self.reset_election_timer();
        }
    }

    fn check_and_append(&mut self, m: &AppendEntries<C>, last_new: Index) -> AppendOutcome {
        match self.stable.log().term_at(m.prev_log_index) {
            TermAt::Missing => {
                // Without the entry there is no place to append to, whatever
                // is not looked at.
                let last_index = self.stable.log().last_index();
                let ends_before = less(
                    (Field::LastLogIndex, last_index),
                    (Field::PrevLogIndex, m.prev_log_index),
                );
                self.rules.follows_if(Rule::ConsistencyCheck, ends_before);
                return AppendOutcome::TooShort {
                    x_len: last_index.next(),
                };
            }
            TermAt::Known(x_term)
                if self.rules.follows_if(
                    Rule::ConsistencyCheck,
                    differ(
                        (Field::LogTerm(m.prev_log_index), x_term),
                        (Field::PrevLogTerm, m.prev_log_term),
                    ),
                ) =>
            {
                return AppendOutcome::Conflict {
                    x_term,
                    x_index: self.stable.log().first_index_of_run(m.prev_log_index),
                    x_len: self.stable.log().last_index().next(),
                };
            }
            // What a snapshot holds is committed, so it agrees with every
            // leader to come (§7).
            TermAt::Known(_) | TermAt::Compacted => {}
        }
        self.store(m.prev_log_index, &m.entries);
        let mut commit_index = m.leader_commit.min(self.stable.log().last_index());
        if self.rules.keeps(Rule::FollowerCommit) {
            commit_index = commit_index.min(last_new);
        }
        let is_news = more(
            (Field::NewCommitIndex, commit_index),
            (Field::CommitIndex, self.commit_index),
        );
        if self.rules.weighs(Rule::FollowerCommit, is_news) {
            self.rules.follows(Rule::FollowerCommit);
            self.commit_index = commit_index;
            self.forget_old_chunks();
            self.adopt_committed_configuration();
        }
        AppendOutcome::Success
    }

    /// Stores entries that follow `prev_log_index`, touching nothing that is
    /// already there unless it conflicts.
    fn store(&mut self, prev_log_index: Index, entries: &Entries<C>) {
        let list: &[_] = entries;
        let truncates = !list.is_empty() && !self.rules.keeps(Rule::KeepWithoutConflict);
        if truncates && prev_log_index >= self.stable.log().first_index().previous() {
            self.truncate(prev_log_index.next());
        }
        let known = if prev_log_index < self.stable.log().last_index() {
            self.known(prev_log_index, list)
        } else {
            0
        };
        let is_new = less(
            (Field::EntriesKnown, known),
            (Field::EntriesSent, list.len()),
        );
        if self.rules.weighs(Rule::AppendNew, is_new) {
            if !self.rules.follows(Rule::AppendNew) {
                return;
            }
            if self.stable.extend(entries, known) {
                self.adopt_configuration(Rule::LatestConfiguration);
            }
        } else if prev_log_index < self.stable.log().last_index() {
            self.rules.follows(Rule::KeepWithoutConflict);
        }
    }

    /// How many of the entries that follow `prev_log_index` are there already.
    /// After these nothing follows: what did was in conflict, and is deleted.
    fn known(&mut self, prev_log_index: Index, entries: &[Entry<C>]) -> usize {
        let mut index = prev_log_index.next();
        for (known, entry) in entries.iter().enumerate() {
            match self.stable.log().term_at(index) {
                TermAt::Missing => return known,
                TermAt::Known(term)
                    if index >= self.stable.log().first_index()
                        && self.rules.follows_if(
                            Rule::DeleteConflict,
                            differ(
                                (Field::LogTerm(index), term),
                                (Field::NewTerm(index), entry.term),
                            ),
                        ) =>
                {
                    self.truncate(index);
                    return known;
                }
                TermAt::Known(_) | TermAt::Compacted => {}
            }
            index = index.next();
        }
        entries.len()
    }

    /// Deletes the entry at `from` and all that follow it.
    fn truncate(&mut self, from: Index) {
        let rolls_back = from <= self.stable.log().configuration_index();
        self.stable.truncate(from);
        self.commit_index = self.commit_index.min(from.previous());
        if rolls_back {
            self.adopt_configuration(Rule::RollBackConfiguration);
        }
    }
}
