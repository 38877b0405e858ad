//! What clients and servers do with each other.

use std::sync::Arc;

use raft_core::{Index, NodeId, Payload, ReadId, Term};

use super::World;
use crate::client::calls::{Call, Says};
use crate::client::history::Answered;
use crate::client::store::{self, Done};
use crate::client::waiting::{On, Waiting};
use crate::client::work::Work;
use crate::client::{
    ANSWER_WITHIN, ASK_AGAIN_AFTER, Answer, Asking, Client, ClientId, Operation, ReadBy,
};
use crate::command::Command;
use crate::event::{Event, EventKind};
use crate::fact::Fact;
use crate::letter::Letter;
use crate::outcome::Declined;
use crate::server::StateMachine;

impl World {
    /// Those who use the cluster, `C1` first.
    #[must_use]
    pub fn clients(&self) -> &[Client] {
        &self.clients
    }

    /// The client `id`, if there is one.
    #[must_use]
    pub fn client(&self, id: ClientId) -> Option<&Client> {
        self.clients.get(usize::from(id.0).checked_sub(1)?)
    }

    /// How many operations are not answered yet.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.clients.iter().map(Client::pending).sum()
    }

    pub(crate) fn client_mut(&mut self, id: ClientId) -> Option<&mut Client> {
        self.clients.get_mut(usize::from(id.0).checked_sub(1)?)
    }

    /// The client wants this, once it has been answered all it wanted before.
    pub(crate) fn want(&mut self, id: ClientId, operation: &Operation) {
        if let Some(client) = self.client_mut(id) {
            client.queue.push_back(operation.clone());
            self.begin(id);
        }
    }

    /// Clients make up operations from now on, the first at a time of their own, or no more.
    pub(crate) fn set_work(&mut self, id: Option<ClientId>, work: Option<Work>) {
        for client in &mut self.clients {
            if id.is_none_or(|id| id == client.id) {
                client.work = work.map(|work| Work {
                    next_at: work
                        .next_at
                        .saturating_add(client.draw.micros(work.every.get())),
                    ..work
                });
            }
        }
    }

    /// Begins the next operation of the client's queue, if it has none under way.
    fn begin(&mut self, id: ClientId) {
        let now = self.now;
        let Some(client) = self.client_mut(id).filter(|client| client.asking.is_none()) else {
            return;
        };
        let Some(operation) = client.queue.pop_front() else {
            return;
        };
        client.begun += 1;
        let (number, server) = (client.begun, client.believes);
        client.asking = Some(Asking {
            number,
            operation: operation.clone(),
            server,
            chosen: server,
            again_at: now.saturating_add(ANSWER_WITHIN),
            is_sent: false,
            redirects: 0,
        });
        self.facts.push(Fact::Began {
            client: id,
            number,
            operation,
            at: now,
        });
        self.ask_server(id, server);
    }

    /// Sends the operation that the client has under way to this server.
    fn ask_server(&mut self, id: ClientId, server: NodeId) {
        let now = self.now;
        let Some(asking) = self
            .client_mut(id)
            .and_then(|client| client.asking.as_mut())
        else {
            return;
        };
        asking.server = server;
        asking.is_sent = true;
        asking.again_at = now.saturating_add(ANSWER_WITHIN);
        let call = Call {
            client: id,
            server,
            number: asking.number,
            says: Says::Request(asking.operation.clone()),
        };
        self.send(Letter::Call(call), self.events);
    }

    /// The client has waited long enough for an answer, or for its next operation.
    pub(super) fn client_timer(&mut self, id: ClientId) -> Event {
        let (now, servers) = (self.now, self.network.servers());
        let Some(client) = self.client_mut(id) else {
            return self.finish(None, None, EventKind::ClientTimer(id));
        };
        if let Some(asking) = &mut client.asking {
            // Nobody answered, so somebody else may know more.
            let server = NodeId(asking.chosen.0 % servers + 1);
            asking.chosen = server;
            asking.redirects = 0;
            self.ask_server(id, server);
        } else {
            let drawn = client.draw_operation();
            if let Some(work) = &mut client.work {
                // An operation ends before the next one begins; then this is set anew.
                work.next_at = now.saturating_add(ANSWER_WITHIN);
            }
            client.queue.extend(drawn);
            self.begin(id);
        }
        self.finish(None, None, EventKind::ClientTimer(id))
    }

    /// A server is asked by a client, or a client is answered.
    pub(super) fn take_call(&mut self, call: &Call) {
        match &call.says {
            Says::Request(operation) => self.request_arrived(call, operation),
            Says::Answer(answer) => self.answer_arrived(call, answer),
        }
    }

    /// A server is asked by a client.
    fn request_arrived(&mut self, call: &Call, operation: &Operation) {
        let now = self.now;
        let (client, number) = (call.client, call.number);
        let Some(running) = self.running_mut(call.server) else {
            return;
        };
        running.sync(now);
        let on = match operation {
            Operation::Get {
                key,
                by: ReadBy::Local,
            } => {
                let (value, position) = running.machine.store.look_up(key.as_str());
                let answer = Answer::Done { value, position };
                return self.answer(call.server, client, number, answer);
            }
            Operation::Get {
                key,
                by: ReadBy::ReadIndex,
            } => {
                if running
                    .waiting
                    .iter()
                    .any(|waiting| waiting.asks_again(call))
                {
                    return;
                }
                let begun = running.node.read();
                begun
                    .map(|read| On::Read(read, key.clone()))
                    .map_err(Declined::from)
            }
            _ => {
                let proposed = running
                    .node
                    .propose(store::command(client, number, operation));
                proposed
                    .map(|(index, term)| On::Entry(index, term))
                    .map_err(Declined::from)
            }
        };
        match on {
            Ok(on) => {
                // A client waits for one operation, and one answer is enough.
                running.waiting.retain(|waiting| waiting.client != client);
                running.waiting.push(Waiting { client, number, on });
            }
            Err(declined) => {
                self.answer(call.server, client, number, Answer::Declined(declined));
            }
        }
    }

    fn answer(&mut self, server: NodeId, client: ClientId, number: u64, answer: Answer) {
        let call = Call {
            client,
            server,
            number,
            says: Says::Answer(answer),
        };
        self.send(Letter::Call(call), self.events);
    }

    /// A server's machine has applied this entry; whoever waits for it is answered.
    pub(super) fn applied_for_clients(
        &mut self,
        server: NodeId,
        (index, term): (Index, Term),
        done: Option<&Done>,
    ) {
        if let Some(done) = done.filter(|done| done.is_first) {
            let begun = self.client(done.client).map_or(0, |client| client.begun);
            // What nobody asked for was written into a log by hand.
            if (1..=begun).contains(&done.number) {
                self.facts.push(Fact::TookEffect {
                    server,
                    client: done.client,
                    number: done.number,
                    index,
                });
            }
        }
        let Some(running) = self.running_mut(server) else {
            return;
        };
        if running.waiting.is_empty() {
            return;
        }
        let is_over =
            |waiting: &Waiting| matches!(waiting.on, On::Entry(awaited, _) if awaited <= index);
        let store = Arc::clone(&running.machine.store);
        let (over, stay) = std::mem::take(&mut running.waiting)
            .into_iter()
            .partition::<Vec<_>, _>(is_over);
        running.waiting = stay;
        for Waiting { client, number, on } in over {
            let answer = if on != On::Entry(index, term) {
                // The entry is gone; another leader has overwritten it.
                Answer::Declined(Declined::NotLeader(None))
            } else if let Some(session) = store.session(client)
                && session.number == number
            {
                Answer::Done {
                    value: Arc::clone(&session.value),
                    position: session.position,
                }
            } else {
                // The client has been answered before and asks for something else by now.
                continue;
            };
            self.answer(server, client, number, answer);
        }
    }

    /// A read is settled; answers whether a client asked for it.
    pub(super) fn read_for_client(
        &mut self,
        server: NodeId,
        read: ReadId,
        outcome: Result<(), Declined>,
    ) -> bool {
        let Some(running) = self.running_mut(server) else {
            return false;
        };
        let mut waiting = running.waiting.iter();
        let place = waiting
            .position(|waiting| matches!(&waiting.on, On::Read(awaited, _) if *awaited == read));
        let Some(place) = place else {
            return false;
        };
        let waiting = running.waiting.remove(place);
        let On::Read(_, key) = &waiting.on else {
            return false;
        };
        let answer = match outcome {
            Ok(()) => {
                let (value, position) = running.machine.store.look_up(key.as_str());
                Answer::Done { value, position }
            }
            Err(declined) => Answer::Declined(declined),
        };
        self.answer(server, waiting.client, waiting.number, answer);
        true
    }

    /// A server that leads no more cannot know what becomes of the entries that it was asked for:
    /// it sends their clients on.
    pub(super) fn turn_clients_away(&mut self, server: NodeId) {
        let Some(running) = self.running_mut(server) else {
            return;
        };
        if running.waiting.is_empty() || running.node.role().is_leader() {
            return;
        }
        let leader = running.node.leader();
        let (away, stay) = std::mem::take(&mut running.waiting)
            .into_iter()
            .partition(|waiting| matches!(waiting.on, On::Entry(..)));
        running.waiting = stay;
        let away: Vec<Waiting> = away;
        for waiting in away {
            let answer = Answer::Declined(Declined::NotLeader(leader));
            self.answer(server, waiting.client, waiting.number, answer);
        }
    }

    /// A client is answered.
    fn answer_arrived(&mut self, call: &Call, answer: &Answer) {
        let (now, servers) = (self.now, self.network.servers());
        let Some(client) = self.client_mut(call.client) else {
            return;
        };
        let current = client.asking.as_mut();
        let Some(asking) = current.filter(|asking| asking.number == call.number) else {
            return;
        };
        match answer {
            Answer::Done { value, position } => {
                if asking.operation.is_for_the_leader() {
                    client.believes = call.server;
                }
                client.asking = None;
                client.last_answer = Arc::clone(value);
                if let Some(mut work) = client.work {
                    work.next_at = now.saturating_add(client.draw.micros(work.every.get()));
                    client.work = Some(work);
                }
                let answered = Answered {
                    at: now,
                    event: self.events,
                    server: call.server,
                    value: Arc::clone(value),
                    position: *position,
                };
                self.facts.push(Fact::Answered {
                    client: call.client,
                    number: call.number,
                    answered,
                });
                self.begin(call.client);
            }
            // What another server said meanwhile is no news.
            Answer::Declined(_) if call.server != asking.server || !asking.is_sent => {}
            Answer::Declined(Declined::NotLeader(Some(leader)))
                if *leader != call.server && asking.redirects < servers =>
            {
                asking.redirects += 1;
                let leader = *leader;
                self.ask_server(call.client, leader);
            }
            Answer::Declined(_) => {
                asking.is_sent = false;
                asking.again_at = now.saturating_add(ASK_AGAIN_AFTER);
            }
        }
    }
}

impl StateMachine {
    /// Applies the entry at `index`, with what it does for a client: once, where `sessions` are remembered.
    pub fn execute(&mut self, index: Index, payload: &Payload<Command>, sessions: bool) {
        apply(self, index, payload, sessions);
    }
}

/// Applies an entry to a server's machine; answers what it did for a client.
pub(crate) fn apply(
    machine: &mut StateMachine,
    index: Index,
    payload: &Payload<Command>,
    sessions: bool,
) -> Option<Done> {
    machine.apply(index, payload);
    let Payload::Command(command) = payload else {
        return None;
    };
    store::apply(&mut machine.store, index, command, sessions)
}
