//! `raft-io` 1.0 as a contestant.
//!
//! A node answers each event with what is to be done, and has written through
//! its log before that. `MemoryLog` is its own storage in memory; nothing
//! leaner is to be had, as the interface of a log gives entries away by value.

use raft_io::{Action, Event, Message, RaftConfig, RaftNode};

use crate::cluster::{AppliedBy, Command, Host, Server};

/// A server.
pub(crate) struct RaftIo {
    node: RaftNode,
}

impl RaftIo {
    fn step(&mut self, event: Event, host: &mut Host<Message>) {
        for action in self.node.step(event).expect("memory does not fail") {
            match action {
                Action::Send { to, message } => {
                    host.send(usize::try_from(to).expect("there are few servers"), message);
                }
                Action::Apply { command, .. } => {
                    host.apply(
                        command
                            .as_slice()
                            .try_into()
                            .expect("16 bytes were proposed"),
                    );
                }
                _ => unreachable!("nothing else was asked for"),
            }
        }
    }
}

impl Server for RaftIo {
    const NAME: &'static str = "raft-io";

    type Message = Message;

    fn new(me: usize, servers: usize, _: AppliedBy) -> Self {
        let config = RaftConfig::new(me as u64, (0..servers as u64).collect::<Vec<_>>())
            .with_heartbeat_interval(1)
            .with_election_timeout(10, 20)
            .with_max_batch(1024);
        Self {
            node: RaftNode::new(config),
        }
    }

    fn is_leader(&self) -> bool {
        self.node.is_leader()
    }

    fn tick(&mut self, host: &mut Host<Message>) {
        self.step(Event::Tick, host);
    }

    fn propose(&mut self, commands: &[Command], host: &mut Host<Message>) {
        for command in commands {
            self.step(Event::Propose(command.to_vec()), host);
        }
    }

    fn receive(&mut self, _: usize, message: Message, host: &mut Host<Message>) {
        self.step(Event::Message(message), host);
    }

    fn ready(&mut self, _: &mut Host<Message>) {}

    fn compact(&mut self) {
        let index = self.node.last_applied();
        let data = Vec::new();
        self.node
            .step(Event::Snapshot { index, data })
            .expect("it is applied");
    }
}
