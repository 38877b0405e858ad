//! Looks whether the invariants hold.
//!
//! The [`Checker`] remembers what the properties speak of across time (who
//! led which term, what was committed) and looks, after each event, only at
//! what that event changed.

use raft_core::{HardState, Index, Log, NodeId, Payload, ReadId, Term, TermAt};

use crate::command::Command;
use crate::fact::Fact;
use crate::invariant::{Breach, FirstCommit, Violation};
use crate::server::{Mark, ServerNode};

mod by_index;
mod clients;
mod commit;
mod memory;
mod nodes;
mod parts;
mod reads;

use by_index::ByIndex;
use clients::Clients;
use memory::{Committed, Memory, first_of_term};

pub use memory::EverCommitted;
pub use nodes::Nodes;

/// The most violations that are kept: a run that breaks more has broken once
/// and for all.
const VIOLATIONS_MAX: usize = 200;

/// Checks worlds, one event at a time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Checker {
    /// Who was first seen to lead each term, by ascending term.
    leaders: Vec<(Term, NodeId)>,
    /// What was first found committed at each index.
    committed: ByIndex<Committed>,
    /// The state of the first machine that applied each index.
    machines: ByIndex<u64>,
    /// By server, whose number is one more than the place.
    servers: Vec<Memory>,
    /// What was committed anywhere when each read began that is not answered.
    reads: Vec<(NodeId, ReadId, Index)>,
    clients: Clients,
    violations: Vec<Violation>,
}

impl Checker {
    /// All violations so far, in the order of their events.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Whether this command was the first to be committed at `index`.
    #[must_use]
    pub fn holds(&self, index: Index, command: &Command) -> bool {
        let committed = self.committed.get(index);
        committed.is_some_and(|committed| committed.is(command))
    }

    /// The first index at which this command was committed.
    #[must_use]
    pub fn place_of(&self, command: &Command) -> Option<Index> {
        let mut known = self.committed.from(Index::ZERO);
        let found = known.find(|(_, committed)| committed.is(command));
        found.map(|(index, _)| index)
    }

    /// Looks at what `event` showed, in a system that consists of `nodes` now.
    pub fn see(&mut self, event: u64, facts: &[Fact], nodes: &impl Nodes) {
        for fact in facts {
            match fact {
                Fact::Restarted {
                    server,
                    disk,
                    snapshot,
                } => self.restarted(event, *server, *disk, *snapshot),
                Fact::Told { server, term, vote } => self.told(event, *server, *term, *vote),
                Fact::Applied {
                    server,
                    term,
                    payload,
                    node_term,
                    machine,
                } => self.applied(event, *server, (*term, payload, *node_term), *machine),
                Fact::Restored { server, machine } => self.restored(event, *server, *machine),
                Fact::Acted {
                    server,
                    changed_from,
                } => self.after(event, *server, nodes, *changed_from),
                Fact::Rejoined(server) => self.rejoined(event, *server, nodes),
                Fact::Rewritten { server, before } => {
                    self.rewritten(event, *server, nodes, before.as_ref());
                }
                Fact::ReadBegun { server, read } => self.read_begun(*server, *read),
                Fact::ReadAnswered {
                    server,
                    read,
                    applied,
                } => self.read_answered(event, *server, *read, *applied),
                Fact::Began {
                    client,
                    number,
                    operation,
                    at,
                } => self.began(event, (*client, *number), operation, *at),
                Fact::TookEffect {
                    server,
                    client,
                    number,
                    index,
                } => self.took_effect(event, *server, (*client, *number), *index),
                Fact::Answered {
                    client,
                    number,
                    answered,
                } => self.answered((*client, *number), answered.clone()),
                // That messages are lost is nothing that Raft promises against.
                Fact::Lost(_) => {}
            }
        }
    }

    /// Looks at `server` after `event`; entries of its log from
    /// `changed_from` on are new.
    pub fn after(
        &mut self,
        event: u64,
        server: NodeId,
        nodes: &impl Nodes,
        changed_from: Option<Index>,
    ) {
        let Some(node) = nodes.node(server) else {
            return;
        };
        self.check_term_and_vote(event, server, node);
        self.check_leadership(event, server, node, changed_from);
        if let Some(from) = changed_from {
            self.check_log_matching(event, server, nodes, from);
        }
        self.check_commit(event, server, node, nodes);
    }

    /// A state machine applied `payload`, and is now as `machine` says;
    /// `node_term` is the term its server is in.
    fn applied(
        &mut self,
        event: u64,
        server: NodeId,
        (term, payload, node_term): (Term, &Payload<Command>, Term),
        machine: Mark,
    ) {
        let index = machine.applied;
        let memory = self.memory(server);
        let expected = memory.applied.next();
        memory.applied = index;
        if index != expected {
            let breach = Breach::AppliedOutOfOrder {
                next: expected,
                applied: index,
            };
            self.report(event, breach, vec![server], index);
        }
        let commit = FirstCommit {
            by: server,
            term: node_term,
            event,
        };
        self.check_committed(commit, index, (term, payload));
        self.check_machine(event, server, machine);
    }

    /// `server` told another one of its term, and for whom it votes. What others may rest on is
    /// what they were told, so a term or a vote counts from here on, whatever a crash takes.
    fn told(&mut self, event: u64, server: NodeId, term: Term, vote: Option<NodeId>) {
        let memory = self.memory(server);
        memory.shown_term = memory.shown_term.max(term);
        let Some(vote) = vote else {
            return;
        };
        let first = first_of_term(&mut memory.votes, term, vote);
        if first != vote {
            let breach = Breach::VotedTwice(first, Some(vote));
            self.report(event, breach, vec![server], Index::ZERO);
        }
    }

    /// A state machine was reset to a snapshot.
    fn restored(&mut self, event: u64, server: NodeId, machine: Mark) {
        let memory = self.memory(server);
        memory.applied = machine.applied;
        self.check_machine(event, server, machine);
    }

    /// A server started from its disk: what was only in memory is gone.
    fn restarted(&mut self, event: u64, server: NodeId, disk: HardState, snapshot: Index) {
        self.reads.retain(|(asked, _, _)| *asked != server);
        let before = self.memory(server);
        let (shown_term, votes) = (before.shown_term, std::mem::take(&mut before.votes));
        let memory = Memory {
            term: disk.current_term,
            voted_for: disk.voted_for,
            shown_term,
            votes,
            commit_index: snapshot,
            checked_commit: snapshot,
            applied: snapshot,
            led: None,
        };
        *self.memory(server) = memory;
        if disk.current_term < shown_term {
            let breach = Breach::TermWentBack([shown_term, disk.current_term]);
            self.report(event, breach, vec![server], Index::ZERO);
        }
    }

    /// Somebody rewrote what `server` holds, whose log was `before`: all of
    /// it has to be looked at.
    fn rewritten(
        &mut self,
        event: u64,
        server: NodeId,
        nodes: &impl Nodes,
        before: Option<&Log<Command>>,
    ) {
        let Some(node) = nodes.node(server) else {
            return;
        };
        self.memory(server).checked_commit = node.log().snapshot().last_included_index;
        let first = node.log().first_index();
        let last = before.map_or(first, |log| log.last_index().max(node.log().last_index()));
        let changed_from = (first.0..=last.0)
            .map(Index)
            .find(|index| before.is_none_or(|log| log.get(*index) != node.log().get(*index)));
        self.after(event, server, nodes, changed_from);
    }

    /// A restarted server is among the others again, with a log that nobody
    /// compared with theirs while it was away.
    fn rejoined(&mut self, event: u64, server: NodeId, nodes: &impl Nodes) {
        if let Some(node) = nodes.node(server) {
            let first = node.log().first_index();
            self.check_log_matching(event, server, nodes, first);
        }
    }

    fn check_term_and_vote(&mut self, event: u64, server: NodeId, node: &ServerNode) {
        let memory = self.memory(server);
        let now = node.hard_state();
        let (term, voted_for) = (memory.term, memory.voted_for);
        memory.term = now.current_term;
        memory.voted_for = now.voted_for;
        if now.current_term < term {
            let breach = Breach::TermWentBack([term, now.current_term]);
            self.report(event, breach, vec![server], Index::ZERO);
        } else if let Some(before) = voted_for
            && now.current_term == term
            && now.voted_for != voted_for
        {
            let breach = Breach::VotedTwice(before, now.voted_for);
            self.report(event, breach, vec![server], Index::ZERO);
        }
    }

    fn check_leadership(
        &mut self,
        event: u64,
        server: NodeId,
        node: &ServerNode,
        changed_from: Option<Index>,
    ) {
        let term = node.hard_state().current_term;
        let memory = self.memory(server);
        if !node.role().is_leader() {
            memory.led = None;
            return;
        }
        let last_index = node.log().last_index();
        match memory.led {
            Some((led_term, before)) if led_term == term => {
                memory.led = Some((term, last_index));
                let shortened = (last_index < before).then(|| last_index.next());
                let changed_from = changed_from.or(shortened);
                if let Some(from) = changed_from.filter(|from| *from <= before) {
                    let breach = Breach::LeaderLogChanged {
                        last: before,
                        held: node.log().get(from).cloned(),
                    };
                    self.report(event, breach, vec![server], from);
                }
            }
            _ => {
                memory.led = Some((term, last_index));
                self.check_new_leader(event, server, node, term);
            }
        }
    }

    fn check_new_leader(&mut self, event: u64, server: NodeId, node: &ServerNode, term: Term) {
        let first_seen = first_of_term(&mut self.leaders, term, server);
        if first_seen != server {
            let servers = vec![first_seen, server];
            self.report(event, Breach::TwoLeaders(term), servers, Index::ZERO);
        }
        let lacking = self
            .committed
            .from(node.log().first_index())
            .find(|(index, entry)| entry.first.term < term && !entry.is_in(node, *index))
            .map(|(index, committed)| (index, committed.entry()));
        if let Some((index, committed)) = lacking {
            let held = node.log().get(index).cloned();
            let breach = Breach::LeaderLacks { committed, held };
            self.report(event, breach, vec![server], index);
        }
    }

    fn check_log_matching(&mut self, event: u64, server: NodeId, nodes: &impl Nodes, from: Index) {
        let Some(node) = nodes.node(server) else {
            return;
        };
        for (id, other) in nodes.nodes().filter(|(id, _)| *id != server) {
            let from = from
                .max(node.log().first_index())
                .max(other.log().first_index());
            let to = node.log().last_index().min(other.log().last_index());
            let differing = (from.0..=to.0).map(Index).find_map(|index| {
                let (a, b) = (node.log().get(index)?, other.log().get(index)?);
                let differ = a.term == b.term
                    && (a.payload != b.payload || preceding_differ(node, other, index));
                differ.then(|| (index, [b.clone(), a.clone()]))
            });
            if let Some((index, entries)) = differing {
                let pair = vec![id.min(server), id.max(server)];
                self.report(event, Breach::LogsDiffer(entries), pair, index);
            }
        }
    }

    fn check_commit(&mut self, event: u64, server: NodeId, node: &ServerNode, nodes: &impl Nodes) {
        let memory = self.memory(server);
        let now = node.commit_index();
        let before = memory.commit_index;
        let checked = memory.checked_commit.min(now);
        memory.commit_index = now;
        memory.checked_commit = now;
        if now < before {
            let breach = Breach::CommitWentBack([before, now]);
            self.report(event, breach, vec![server], now);
        }
        let term = node.hard_state().current_term;
        let mut agrees = true;
        let mut index = checked.next();
        while index <= now && agrees {
            if let Some(entry) = node.log().get(index) {
                let found = (entry.term, &entry.payload);
                let commit = FirstCommit {
                    by: server,
                    term,
                    event,
                };
                // One difference is reported; those after it follow from it.
                agrees = self.check_committed(commit, index, found);
                self.check_later_leaders(event, nodes, index);
            }
            index = index.next();
        }
    }

    /// Two machines that applied equally many entries are equal, whether they
    /// applied them or were given a snapshot.
    fn check_machine(&mut self, event: u64, server: NodeId, machine: Mark) {
        let index = machine.applied;
        let fingerprint = machine.fingerprint;
        let last_index = self.committed.last_index();
        if index == Index::ZERO || index > last_index {
            // It was restored from bytes that no machine saved.
            let breach = Breach::UnknownState(fingerprint);
            return self.report(event, breach, vec![server], index);
        }
        let Some(first) = self.machines.get(index).copied() else {
            return self.machines.put(index, fingerprint);
        };
        if first != fingerprint {
            let breach = Breach::MachinesDiffer([first, fingerprint]);
            self.report(event, breach, vec![server], index);
        }
    }

    fn report(&mut self, event: u64, breach: Breach, servers: Vec<NodeId>, index: Index) {
        let is_known = self.violations.iter().any(|known| {
            known.index == index && known.servers == servers && known.breach == breach
        });
        if self.violations.len() < VIOLATIONS_MAX && !is_known {
            self.violations.push(Violation {
                breach,
                event,
                servers,
                index,
                committed: self.committed.get(index).map(|entry| entry.first),
            });
        }
    }

    fn memory(&mut self, server: NodeId) -> &mut Memory {
        let place = usize::from(server.0).saturating_sub(1);
        if self.servers.len() <= place {
            self.servers.resize_with(place + 1, Memory::default);
        }
        &mut self.servers[place]
    }
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
