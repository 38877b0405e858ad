//! The state machine: a map, and for each client the last command it had
//! applied.
//!
//! A client that gets no answer cannot know whether its command is in the log,
//! and asks again. So that the command then counts once, it has a serial
//! number, and the machine skips what it has applied already (§8). This memory
//! is part of the state: a snapshot without it would forget.

use std::collections::BTreeMap;

use raft_core::Command;

use super::codec::{Reader, put_bytes, put_u64};

/// What is replicated: to append a text to what is stored under a key. To do
/// so twice, or never, shows in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Append {
    pub(crate) client: u64,
    /// Counts the commands of this client, from 1.
    pub(crate) serial: u64,
    pub(crate) key: String,
    pub(crate) text: String,
}

impl Command for Append {
    fn size_bytes(&self) -> usize {
        16 + self.key.len() + self.text.len()
    }
}

/// The replicated state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Machine {
    map: BTreeMap<String, String>,
    /// The serial number of the last command applied for each client.
    serials: BTreeMap<u64, u64>,
}

impl Machine {
    pub(crate) fn apply(&mut self, append: Append) {
        let last = self.serials.entry(append.client).or_default();
        if append.serial > *last {
            *last = append.serial;
            self.map
                .entry(append.key)
                .or_default()
                .push_str(&append.text);
        }
    }

    pub(crate) fn get(&self, key: &str) -> String {
        self.map.get(key).cloned().unwrap_or_default()
    }

    pub(crate) fn map(&self) -> &BTreeMap<String, String> {
        &self.map
    }

    /// The whole state as a snapshot's data.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_u64(&mut bytes, self.map.len() as u64);
        for (key, value) in &self.map {
            put_bytes(&mut bytes, key.as_bytes());
            put_bytes(&mut bytes, value.as_bytes());
        }
        put_u64(&mut bytes, self.serials.len() as u64);
        for (client, serial) in &self.serials {
            put_u64(&mut bytes, *client);
            put_u64(&mut bytes, *serial);
        }
        bytes
    }

    /// The state that a snapshot's data is. Before the first snapshot there is
    /// no data, which is the state in which nothing was applied.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut machine = Self::default();
        if bytes.is_empty() {
            return Some(machine);
        }
        let mut reader = Reader::new(bytes);
        for _ in 0..reader.u64()? {
            machine.map.insert(reader.text()?, reader.text()?);
        }
        for _ in 0..reader.u64()? {
            machine.serials.insert(reader.u64()?, reader.u64()?);
        }
        Some(machine)
    }
}

impl Append {
    pub(crate) fn put(&self, bytes: &mut Vec<u8>) {
        put_u64(bytes, self.client);
        put_u64(bytes, self.serial);
        put_bytes(bytes, self.key.as_bytes());
        put_bytes(bytes, self.text.as_bytes());
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            client: reader.u64()?,
            serial: reader.u64()?,
            key: reader.text()?,
            text: reader.text()?,
        })
    }
}
