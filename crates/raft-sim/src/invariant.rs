//! What must hold in every world: the five properties of Figure 3, and what
//! each server owes on its own.
//!
//! The [`Checker`] remembers what the properties speak of across time (who
//! led which term, what was committed) and looks, after each event, only at
//! what that event changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use raft_core::{HardState, Index, Message, NodeId, Term, TermAt};

use crate::command::Command;
use crate::server::{Server, ServerNode};

/// A predicate over worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invariant {
    /// At most one leader in a term (§5.2).
    ElectionSafety,
    /// A leader never overwrites or deletes entries in its log (§5.3).
    LeaderAppendOnly,
    /// Two logs that agree on an index and its term agree up to there (§5.3).
    LogMatching,
    /// What was committed is in the log of every later leader (§5.4).
    LeaderCompleteness,
    /// No two servers apply different commands at one index (§5.4.3).
    StateMachineSafety,
    /// A running server's term never goes back, and a restarted one still
    /// has every term that it told others of.
    TermMonotone,
    /// A server votes once a term, also across restarts.
    OneVoteATerm,
    /// A running server's commit index never goes back.
    CommitMonotone,
    /// A server applies every index once, in order.
    AppliedInOrder,
}

/// A world in which an invariant does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Violation {
    /// Which one.
    pub invariant: Invariant,
    /// The event after which it did not hold.
    pub event: u64,
    /// Between which servers.
    pub servers: Vec<NodeId>,
    /// At which index, where it is about one.
    pub index: Index,
    /// What was found, the first value and the second.
    pub found: [String; 2],
}

/// Checks worlds, one event at a time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Checker {
    leaders: BTreeMap<Term, NodeId>,
    committed: BTreeMap<Index, (Term, Command)>,
    servers: BTreeMap<NodeId, Memory>,
    votes: BTreeMap<(NodeId, Term), NodeId>,
    violations: Vec<Violation>,
    reported: BTreeSet<(Invariant, Vec<NodeId>, Index)>,
}

/// What is remembered of one server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Memory {
    term: Term,
    voted_for: Option<NodeId>,
    /// The highest term that it has told anybody of.
    shown_term: Term,
    commit_index: Index,
    checked_commit: Index,
    applied: Index,
    led: Option<(Term, Index, Term)>,
}

impl Checker {
    /// All violations so far, in the order of their events.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Looks at `server` after `event`; entries of its log from
    /// `changed_from` on are new.
    pub(crate) fn after(
        &mut self,
        event: u64,
        server: NodeId,
        servers: &[Server],
        changed_from: Option<Index>,
    ) {
        let Some(node) = node_of(servers, server) else {
            return;
        };
        self.check_term_and_vote(event, server, node);
        self.check_leadership(event, server, node);
        if let Some(from) = changed_from {
            self.check_log_matching(event, server, servers, from);
        }
        self.check_commit(event, server, node);
    }

    /// A state machine applied `command` at `index`.
    pub(crate) fn applied(
        &mut self,
        event: u64,
        server: NodeId,
        index: Index,
        term: Term,
        command: &Command,
    ) {
        let memory = self.servers.entry(server).or_default();
        let expected = memory.applied.next();
        memory.applied = index;
        if index != expected {
            let found = [expected.to_string(), index.to_string()];
            self.report(event, Invariant::AppliedInOrder, vec![server], index, found);
        }
        self.check_committed(event, server, index, term, command);
    }

    /// `server` sent `message`. What others may rest on is what they were
    /// told, so a term or a vote counts from here on, whatever a crash takes.
    pub(crate) fn sent(
        &mut self,
        event: u64,
        server: NodeId,
        to: NodeId,
        message: &Message<Command>,
    ) {
        let term = message.term();
        let memory = self.servers.entry(server).or_default();
        memory.shown_term = memory.shown_term.max(term);
        let vote = match message {
            Message::RequestVote(_) => server,
            Message::RequestVoteReply(reply) if reply.vote_granted => to,
            _ => return,
        };
        let first = *self.votes.entry((server, term)).or_insert(vote);
        if first != vote {
            let found = [first.to_string(), vote.to_string()];
            let servers = vec![server];
            self.report(event, Invariant::OneVoteATerm, servers, Index::ZERO, found);
        }
    }

    /// A state machine was reset to a snapshot.
    pub(crate) fn restored(&mut self, server: NodeId, index: Index) {
        let memory = self.servers.entry(server).or_default();
        memory.applied = index;
    }

    /// A server started from its disk: what was only in memory is gone.
    pub(crate) fn restarted(
        &mut self,
        event: u64,
        server: NodeId,
        disk: HardState,
        snapshot: Index,
    ) {
        let shown_term = self.servers.entry(server).or_default().shown_term;
        let memory = Memory {
            term: disk.current_term,
            voted_for: disk.voted_for,
            shown_term,
            commit_index: snapshot,
            checked_commit: snapshot,
            applied: snapshot,
            led: None,
        };
        self.servers.insert(server, memory);
        if disk.current_term < shown_term {
            let found = [shown_term.to_string(), disk.current_term.to_string()];
            let servers = vec![server];
            self.report(event, Invariant::TermMonotone, servers, Index::ZERO, found);
        }
    }

    /// Somebody rewrote what `server` holds: all of it has to be looked at.
    pub(crate) fn rewritten(&mut self, event: u64, server: NodeId, servers: &[Server]) {
        let Some(node) = node_of(servers, server) else {
            return;
        };
        let first = node.log().first_index();
        if let Some(memory) = self.servers.get_mut(&server) {
            memory.checked_commit = node.log().snapshot().last_included_index;
        }
        self.after(event, server, servers, Some(first));
    }

    fn check_term_and_vote(&mut self, event: u64, server: NodeId, node: &ServerNode) {
        let memory = self.servers.entry(server).or_default();
        let now = node.hard_state();
        let (term, voted_for) = (memory.term, memory.voted_for);
        memory.term = now.current_term;
        memory.voted_for = now.voted_for;
        if now.current_term < term {
            let found = [term.to_string(), now.current_term.to_string()];
            let servers = vec![server];
            self.report(event, Invariant::TermMonotone, servers, Index::ZERO, found);
        } else if let Some(before) = voted_for
            && now.current_term == term
            && now.voted_for != voted_for
        {
            let after = now
                .voted_for
                .map_or_else(|| "–".to_owned(), |id| id.to_string());
            let found = [before.to_string(), after];
            let servers = vec![server];
            self.report(event, Invariant::OneVoteATerm, servers, Index::ZERO, found);
        }
    }

    fn check_leadership(&mut self, event: u64, server: NodeId, node: &ServerNode) {
        let term = node.hard_state().current_term;
        let memory = self.servers.entry(server).or_default();
        if !node.role().is_leader() {
            memory.led = None;
            return;
        }
        let last = (term, node.log().last_index(), node.log().last_term());
        let before = memory.led.replace(last);
        match before {
            Some((led_term, index, entry_term)) if led_term == term => {
                let kept = match node.log().term_at(index) {
                    TermAt::Known(now) => now == entry_term,
                    TermAt::Compacted => true,
                    TermAt::Missing => false,
                };
                if !kept {
                    let found = [index.to_string(), node.log().last_index().to_string()];
                    self.report(
                        event,
                        Invariant::LeaderAppendOnly,
                        vec![server],
                        index,
                        found,
                    );
                }
            }
            _ => self.check_new_leader(event, server, node, term),
        }
    }

    fn check_new_leader(&mut self, event: u64, server: NodeId, node: &ServerNode, term: Term) {
        let first_seen = *self.leaders.entry(term).or_insert(server);
        if first_seen != server {
            let found = [first_seen.to_string(), server.to_string()];
            let servers = vec![first_seen, server];
            self.report(
                event,
                Invariant::ElectionSafety,
                servers,
                Index::ZERO,
                found,
            );
        }
        let lacking =
            self.committed
                .range(node.log().first_index()..)
                .find(|(index, (entry_term, command))| {
                    *entry_term < term
                        && node.log().get(**index).is_none_or(|entry| {
                            entry.term != *entry_term || entry.command != *command
                        })
                })
                .map(|(index, (entry_term, command))| (*index, format!("{entry_term}:{command}")));
        if let Some((index, committed)) = lacking {
            let found = [committed, entry_text(node, index)];
            let servers = vec![server];
            self.report(event, Invariant::LeaderCompleteness, servers, index, found);
        }
    }

    fn check_log_matching(&mut self, event: u64, server: NodeId, servers: &[Server], from: Index) {
        let Some(node) = node_of(servers, server) else {
            return;
        };
        let others: Vec<_> = servers
            .iter()
            .filter(|other| other.id != server)
            .filter_map(|other| other.node().map(|node| (other.id, node)))
            .collect();
        for (id, other) in others {
            let from = from
                .max(node.log().first_index())
                .max(other.log().first_index());
            let to = node.log().last_index().min(other.log().last_index());
            let differing = (from.0..=to.0).map(Index).find(|index| {
                let (Some(a), Some(b)) = (node.log().get(*index), other.log().get(*index)) else {
                    return false;
                };
                a.term == b.term
                    && (a.command != b.command || preceding_differ(node, other, *index))
            });
            if let Some(index) = differing {
                let found = [entry_text(other, index), entry_text(node, index)];
                let mut pair = vec![id, server];
                pair.sort_unstable();
                self.report(event, Invariant::LogMatching, pair, index, found);
            }
        }
    }

    fn check_commit(&mut self, event: u64, server: NodeId, node: &ServerNode) {
        let memory = self.servers.entry(server).or_default();
        let now = node.commit_index();
        let before = memory.commit_index;
        let checked = memory.checked_commit.min(now);
        memory.commit_index = now;
        memory.checked_commit = now;
        if now < before {
            let found = [before.to_string(), now.to_string()];
            self.report(event, Invariant::CommitMonotone, vec![server], now, found);
        }
        let mut index = checked.next();
        while index <= now {
            if let Some(entry) = node.log().get(index) {
                self.check_committed(event, server, index, entry.term, &entry.command);
            }
            index = index.next();
        }
    }

    /// Whatever is committed at an index anywhere is the same everywhere.
    fn check_committed(
        &mut self,
        event: u64,
        server: NodeId,
        index: Index,
        term: Term,
        command: &Command,
    ) {
        let first = self
            .committed
            .entry(index)
            .or_insert_with(|| (term, command.clone()));
        if first.0 != term || first.1 != *command {
            let found = [
                format!("{}:{}", first.0, first.1),
                format!("{term}:{command}"),
            ];
            self.report(
                event,
                Invariant::StateMachineSafety,
                vec![server],
                index,
                found,
            );
        }
    }

    fn report(
        &mut self,
        event: u64,
        invariant: Invariant,
        servers: Vec<NodeId>,
        index: Index,
        found: [String; 2],
    ) {
        if self.reported.insert((invariant, servers.clone(), index)) {
            self.violations.push(Violation {
                invariant,
                event,
                servers,
                index,
                found,
            });
        }
    }
}

fn node_of(servers: &[Server], id: NodeId) -> Option<&ServerNode> {
    servers.get(usize::from(id.0).checked_sub(1)?)?.node()
}

/// Whether the entries before `index` have different terms, as far as both
/// logs still know them.
fn preceding_differ(a: &ServerNode, b: &ServerNode, index: Index) -> bool {
    let before = index.previous();
    match (a.log().term_at(before), b.log().term_at(before)) {
        (TermAt::Known(a), TermAt::Known(b)) => a != b,
        _ => false,
    }
}

fn entry_text(node: &ServerNode, index: Index) -> String {
    node.log().get(index).map_or_else(
        || "–".to_owned(),
        |entry| format!("{}:{}", entry.term, entry.command),
    )
}

impl Invariant {
    /// Its name in the paper, in English.
    #[must_use]
    pub const fn english(self) -> &'static str {
        match self {
            Self::ElectionSafety => "Election Safety",
            Self::LeaderAppendOnly => "Leader Append-Only",
            Self::LogMatching => "Log Matching",
            Self::LeaderCompleteness => "Leader Completeness",
            Self::StateMachineSafety => "State Machine Safety",
            Self::TermMonotone => "Term never goes back",
            Self::OneVoteATerm => "One vote a term",
            Self::CommitMonotone => "Commit index never goes back",
            Self::AppliedInOrder => "Applied in order",
        }
    }

    /// Its name in Chinese.
    #[must_use]
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::ElectionSafety => "选举安全性",
            Self::LeaderAppendOnly => "领导者只附加",
            Self::LogMatching => "日志匹配",
            Self::LeaderCompleteness => "领导者完整性",
            Self::StateMachineSafety => "状态机安全性",
            Self::TermMonotone => "任期不后退",
            Self::OneVoteATerm => "每任期一票",
            Self::CommitMonotone => "提交索引不后退",
            Self::AppliedInOrder => "按顺序应用",
        }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.english())
    }
}
