//! Three servers in one thread: they elect a leader, replicate a few commands,
//! and print what each has applied.
//!
//! Run it with `cargo run -p raft-core --example three_nodes`. Disks are
//! memory here, so each write is durable as soon as it is made, and the wire
//! loses nothing, so that nobody has to propose a command twice. What a host
//! does about either is in the example `kv_threads`.

use std::collections::BTreeMap;
use std::error::Error;

use raft_core::{
    Apply, Config, Configuration, Message, Node, NodeId, Payload, Persistent, Settings,
};

const COMMANDS: [&str; 3] = ["x = 1", "y = 2", "x = 3"];

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let ids = [1, 2, 3].map(NodeId);
    let mut nodes = BTreeMap::new();
    let mut applied: BTreeMap<NodeId, Vec<&str>> = BTreeMap::new();
    for id in ids {
        let config = Config::new(id, Settings::default())?;
        let disk = Persistent::bootstrap(Configuration::new(ids, [])?);
        let node = Node::restart(config, disk, u64::from(id.0));
        nodes.insert(id, node);
        applied.insert(id, Vec::new());
    }
    let mut commands = COMMANDS.into_iter();
    while applied.values().any(|list| list.len() < COMMANDS.len()) {
        let mut wire: Vec<(NodeId, NodeId, Message<&str>)> = Vec::new();
        for (id, node) in &mut nodes {
            node.tick();
            if node.role().is_leader()
                && let Some(command) = commands.next()
            {
                node.propose(command).expect("it leads");
            }
            if let Some(write) = node.take_write() {
                node.durable(write.id);
            }
            while let Some(envelope) = node.poll_message() {
                wire.push((*id, envelope.to, envelope.message));
            }
            while let Some(apply) = node.poll_apply() {
                if let Apply::Entry { payload, .. } = apply
                    && let Payload::Command(command) = payload
                {
                    applied.entry(*id).or_default().push(command);
                }
            }
        }
        for (from, to, message) in wire {
            if let Some(node) = nodes.get_mut(&to) {
                node.receive(from, message);
            }
        }
    }
    for id in &ids {
        println!("{id} applied {:?}", applied[id]);
        assert_eq!(applied[id], COMMANDS);
    }
    Ok(())
}
