//! This crate as a contestant; nothing else in the benchmark touches it.
//!
//! The node keeps the log, which is all the memory that the others' storages
//! are. With `COPYING` the host keeps an image of a disk besides and carries
//! every write out on it: what a host does that has no other storage.

use std::hint::black_box;
use std::ops::RangeInclusive;
use std::sync::Arc;

use raft_core::{
    Apply, Config, Configuration, Message, Node, NodeId, Payload, Persistent, Settings, Ticks,
};

use crate::cluster::{AppliedBy, Command, Host, Server};

/// A server, and what lies on its disk if it has one.
#[derive(Clone)]
pub(crate) struct Ours<const COPYING: bool = false> {
    node: Node<Command>,
    disk: Persistent<Command>,
}

impl<const COPYING: bool> Ours<COPYING> {
    /// A server that stands for election after `election_timeout` ticks.
    pub(crate) fn with_timeout(
        me: usize,
        servers: usize,
        election_timeout: RangeInclusive<Ticks>,
    ) -> Self {
        let settings = Settings {
            heartbeat: Ticks(1),
            election_timeout,
            ..Settings::default()
        };
        let voters = Configuration::new((0..servers).map(id), []).expect("a possible cluster");
        let disk = Persistent::bootstrap(voters);
        let config = Config::new(id(me), settings).expect("possible settings");
        Self {
            node: Node::restart(config, disk.clone(), me as u64),
            disk,
        }
    }

    /// A follower that nobody calls and that does not lose patience.
    pub(crate) fn idle() -> Self {
        Self::with_timeout(0, 3, Ticks(u64::MAX / 2)..=Ticks(u64::MAX / 2))
    }

    /// One tick, of which nothing is to come.
    pub(crate) fn tick_alone(&mut self) {
        self.node.tick();
    }
}

impl<const COPYING: bool> Server for Ours<COPYING> {
    const NAME: &'static str = if COPYING {
        "raft-core, copying"
    } else {
        "raft-core"
    };

    type Message = Message<Command>;

    fn new(me: usize, servers: usize, _: AppliedBy) -> Self {
        Self::with_timeout(me, servers, Ticks(10)..=Ticks(20))
    }

    fn is_leader(&self) -> bool {
        self.node.role().is_leader()
    }

    fn tick(&mut self, _: &mut Host<Self::Message>) {
        self.node.tick();
    }

    fn propose(&mut self, commands: &[Command], _: &mut Host<Self::Message>) {
        for command in commands {
            self.node.propose(*command).expect("it leads");
        }
    }

    fn receive(&mut self, from: usize, message: Self::Message, _: &mut Host<Self::Message>) {
        self.node.receive(id(from), message);
    }

    fn ready(&mut self, host: &mut Host<Self::Message>) {
        if let Some(write) = self.node.take_write() {
            if COPYING {
                self.disk.apply(&write);
            }
            self.node.durable(black_box(&write).id);
        }
        while let Some(envelope) = self.node.poll_message() {
            host.send(usize::from(envelope.to.0), envelope.message);
        }
        while let Some(apply) = self.node.poll_apply() {
            match apply {
                Apply::Entry { payload, .. } => {
                    if let Payload::Command(command) = payload {
                        host.apply(&command);
                    }
                }
                Apply::Snapshot(_) => unreachable!("nobody falls so far behind"),
            }
        }
    }

    fn compact(&mut self) {
        let index = self.node.last_applied();
        self.node
            .compact(index, Arc::from([]))
            .expect("it is applied");
    }
}

fn id(server: usize) -> NodeId {
    NodeId(u16::try_from(server).expect("there are few servers"))
}
