//! The host of each server: it writes, applies, answers and sends what the node
//! gives, in that order, until the node has nothing more.

use raft_core::{Apply, Envelope, Index, Message, NodeId};

use super::{World, clients};
use crate::command::Command;
use crate::fact::Fact;
use crate::letter::{Letter, Rpc};
use crate::outcome::Declined;
use crate::server::StateMachine;

impl World {
    /// Takes all that a node has to give until it has nothing more; answers
    /// from which index on its log is new.
    pub(super) fn drain(&mut self, id: NodeId, event: u64) -> Option<Index> {
        if self.running_mut(id).is_none_or(|running| running.paused) {
            // It does not act, whatever is done to it from outside.
            return None;
        }
        let mut changed_from = self.write_all(id, event);
        if self.apply_committed(id) {
            // A snapshot was taken on the way, and has to be written too.
            let again = self.write_all(id, event);
            changed_from = changed_from.or(again);
        }
        self.answer_reads(id);
        self.turn_clients_away(id);
        while let Some(envelope) = self.running_mut(id).and_then(|r| r.node.poll_message()) {
            self.tell(id, &envelope);
            let rpc = Rpc {
                from: id,
                to: envelope.to,
                said: envelope.message,
            };
            self.send(Letter::Rpc(rpc), event);
        }
        changed_from
    }

    /// What others may rest on is what they were told.
    fn tell(&mut self, server: NodeId, envelope: &Envelope<Command>) {
        let vote = match &envelope.message {
            Message::RequestVote(_) => Some(server),
            Message::RequestVoteReply(reply) if reply.vote_granted => Some(envelope.to),
            _ => None,
        };
        let term = envelope.message.term();
        self.facts.push(Fact::Told { server, term, vote });
    }

    /// Puts a message on its way, and does to it what was asked to be done to the next such one.
    pub(super) fn send(&mut self, letter: Letter<Message<Command>>, event: u64) {
        let order = self.network.take_order(&letter);
        let Some((sent, due_at)) = self.network.send(self.now, letter, event) else {
            return;
        };
        self.enqueue_arrival(due_at, sent);
        if let Some((copy, due_at)) = self.network.copy(sent) {
            self.enqueue_arrival(due_at, copy);
        }
        if let Some(handling) = order {
            self.handle_sent(sent, handling);
        }
    }

    /// Hands all that the node has to write to its disk; answers from which
    /// index on its log is new.
    fn write_all(&mut self, id: NodeId, event: u64) -> Option<Index> {
        let now = self.now;
        let mut changed_from: Option<Index> = None;
        while let Some(write) = self.running_mut(id).and_then(|r| r.node.take_write()) {
            if let Some((from, _)) = &write.entries {
                changed_from = Some(changed_from.map_or(*from, |first| first.min(*from)));
            }
            let Some(server) = self.server_mut(id) else {
                break;
            };
            let due_at = server.disk.enqueue(now, write, event);
            let fails = server.disk.is_failing;
            // What fails is an event of its own, at which the server stops.
            if let Some(later) = due_at.filter(|due_at| *due_at > now || fails) {
                self.enqueue_written(later, id);
            } else if due_at.is_some()
                && let Some(write) = server.disk.finish_next()
                && let Some(running) = server.running_mut()
            {
                running.node.durable(write);
            }
        }
        changed_from
    }

    /// Applies what is committed; answers whether a snapshot was taken.
    fn apply_committed(&mut self, id: NodeId) -> bool {
        let mut compacted = false;
        let (every, sessions) = (self.snapshot_every, self.sessions);
        while let Some(running) = self.running_mut(id) {
            match running.node.poll_apply() {
                Some(Apply::Entry {
                    index,
                    term,
                    payload,
                }) => {
                    let done = clients::apply(&mut running.machine, index, &payload, sessions);
                    let machine = running.machine.mark();
                    let node_term = running.node.hard_state().current_term;
                    self.facts.push(Fact::Applied {
                        server: id,
                        term,
                        payload,
                        node_term,
                        machine,
                    });
                    self.applied_for_clients(id, (index, term), done.as_ref());
                    // The lab's servers do so at 9, 19, 29, …
                    if every.is_some_and(|every| (index.0 + 1).is_multiple_of(every)) {
                        compacted |= self.compact(id);
                    }
                }
                Some(Apply::Snapshot(snapshot)) => {
                    running.machine = StateMachine::load(&snapshot.data);
                    let machine = running.machine.mark();
                    let server = id;
                    self.facts.push(Fact::Restored { server, machine });
                    self.facts.push(Fact::Rejoined(id));
                }
                None => break,
            }
        }
        compacted
    }

    fn answer_reads(&mut self, id: NodeId) {
        while let Some(running) = self.running_mut(id)
            && let Some(read) = running.node.poll_read()
        {
            let applied = running.machine.applied;
            let outcome = read
                .outcome
                .map(|_| ())
                .map_err(|not| Declined::NotLeader(not.leader));
            if !self.read_for_client(id, read.id, outcome) {
                let applied = outcome.ok().map(|()| applied);
                self.facts.push(Fact::ReadAnswered {
                    server: id,
                    read: read.id,
                    applied,
                });
            }
        }
    }
}
