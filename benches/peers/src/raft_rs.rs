//! `raft` 0.7, TiKV's, as a contestant.
//!
//! The loop is the one of its documentation and of its example of five nodes:
//! gather, take a `Ready`, send, apply, write, send what was held back,
//! advance, and deal with the `LightReady` in the same way. What its
//! configuration offers for throughput is on: appends are batched, messages
//! have no size limit (by default they carry one entry each), and where it
//! need not be known at once what is committed, nobody is told by a message
//! of its own.
//!
//! Its `MemStorage` locks on every access and copies what it is given, so it
//! gets a storage here that does neither.

use std::collections::VecDeque;

use raft::eraftpb::{ConfState, Entry, HardState, Message, MessageType, Snapshot};
use raft::storage::{GetEntriesContext, RaftState, Storage};
use raft::{Config, NO_LIMIT, RawNode, StateRole, StorageError, util};
use slog::{Discard, Logger, o};

use crate::cluster::{AppliedBy, Command, Host, Server};

/// A server.
pub(crate) struct RaftRs {
    node: RawNode<Memory>,
}

/// A storage in memory: the entries after `base_index`.
struct Memory {
    hard_state: HardState,
    conf_state: ConfState,
    base_index: u64,
    base_term: u64,
    entries: VecDeque<Entry>,
}

impl Memory {
    fn new(voters: Vec<u64>) -> Self {
        Self {
            hard_state: HardState::default(),
            conf_state: ConfState::from((voters, Vec::new())),
            base_index: 0,
            base_term: 0,
            entries: VecDeque::new(),
        }
    }

    /// How many entries there are before `index`.
    fn offset(&self, index: u64) -> raft::Result<usize> {
        index
            .checked_sub(self.base_index + 1)
            .and_then(|offset| usize::try_from(offset).ok())
            .ok_or(raft::Error::Store(StorageError::Compacted))
    }

    fn append(&mut self, entries: Vec<Entry>) {
        if let Some(first) = entries.first() {
            let kept = self.offset(first.index).expect("it is not compacted yet");
            self.entries.truncate(kept);
            self.entries.extend(entries);
        }
    }

    fn compact(&mut self, index: u64) {
        self.base_term = self.term(index).expect("it is stored");
        let covered = self.offset(index + 1).expect("it is not compacted yet");
        self.entries.drain(..covered);
        self.base_index = index;
    }
}

impl Storage for Memory {
    fn initial_state(&self) -> raft::Result<RaftState> {
        Ok(RaftState::new(
            self.hard_state.clone(),
            self.conf_state.clone(),
        ))
    }

    fn entries(
        &self,
        low: u64,
        high: u64,
        max_size: impl Into<Option<u64>>,
        _: GetEntriesContext,
    ) -> raft::Result<Vec<Entry>> {
        let range = self.offset(low)?..self.offset(high)?;
        let mut entries = self.entries.range(range).cloned().collect();
        util::limit_size(&mut entries, max_size.into());
        Ok(entries)
    }

    fn term(&self, index: u64) -> raft::Result<u64> {
        if index == self.base_index {
            return Ok(self.base_term);
        }
        let entry = self.entries.get(self.offset(index)?);
        entry
            .map(|entry| entry.term)
            .ok_or(raft::Error::Store(StorageError::Unavailable))
    }

    fn first_index(&self) -> raft::Result<u64> {
        Ok(self.base_index + 1)
    }

    fn last_index(&self) -> raft::Result<u64> {
        Ok(self.base_index + self.entries.len() as u64)
    }

    fn snapshot(&self, _: u64, _: u64) -> raft::Result<Snapshot> {
        unreachable!("nobody falls so far behind")
    }
}

impl Server for RaftRs {
    const NAME: &'static str = "raft";

    type Message = Message;

    fn new(me: usize, servers: usize, applied_by: AppliedBy) -> Self {
        let config = Config {
            id: id(me),
            heartbeat_tick: 1,
            election_tick: 10,
            max_size_per_msg: NO_LIMIT,
            batch_append: true,
            skip_bcast_commit: applied_by == AppliedBy::EndOfRound,
            ..Config::default()
        };
        let storage = Memory::new((0..servers).map(id).collect());
        let logger = Logger::root(Discard, o!());
        Self {
            node: RawNode::new(&config, storage, &logger).expect("the configuration is sound"),
        }
    }

    fn is_leader(&self) -> bool {
        self.node.raft.state == StateRole::Leader
    }

    fn tick(&mut self, _: &mut Host<Message>) {
        self.node.tick();
    }

    /// `RawNode::propose` makes such a message for each command; one for all
    /// of them is what `step` takes as well, and is faster.
    fn propose(&mut self, commands: &[Command], _: &mut Host<Message>) {
        let mut message = Message::default();
        message.set_msg_type(MessageType::MsgPropose);
        message.from = self.node.raft.id;
        let entry = |command: &Command| Entry {
            data: command.to_vec().into(),
            ..Entry::default()
        };
        message.set_entries(commands.iter().map(entry).collect());
        self.node.step(message).expect("it leads");
    }

    fn receive(&mut self, _: usize, message: Message, _: &mut Host<Message>) {
        self.node.step(message).expect("it comes from a voter");
    }

    fn ready(&mut self, host: &mut Host<Message>) {
        while self.node.has_ready() {
            let mut ready = self.node.ready();
            send(ready.take_messages(), host);
            apply(&ready.take_committed_entries(), host);
            let storage = self.node.mut_store();
            storage.append(ready.take_entries());
            if let Some(hard_state) = ready.hs() {
                storage.hard_state = hard_state.clone();
            }
            send(ready.take_persisted_messages(), host);
            let mut light = self.node.advance(ready);
            if let Some(commit) = light.commit_index() {
                self.node.mut_store().hard_state.commit = commit;
            }
            send(light.take_messages(), host);
            apply(&light.take_committed_entries(), host);
            self.node.advance_apply();
        }
    }

    fn compact(&mut self) {
        let index = self.node.raft.raft_log.applied;
        self.node.mut_store().compact(index);
    }
}

fn send(messages: Vec<Message>, host: &mut Host<Message>) {
    for message in messages {
        let to = usize::try_from(message.to - 1).expect("there are few servers");
        host.send(to, message);
    }
}

fn apply(entries: &[Entry], host: &mut Host<Message>) {
    for entry in entries {
        // A new leader's first entry is empty.
        if let Ok(command) = entry.data[..].try_into() {
            host.apply(command);
        }
    }
}

/// Its servers are numbered from 1.
fn id(server: usize) -> u64 {
    server as u64 + 1
}
