//! A server's disk: one file of records, each of them a [`Write`].
//!
//! A write is appended and synced, and only then does the server report it
//! durable. Starting again is reading all records in their order and carrying
//! them out on the [`Persistent`] that the cluster began with. A crash in the middle of a record
//! leaves a torn end, whose checksum is wrong; it was never reported durable,
//! so that it may be cut off. (Nor does this store keep records that come after
//! a wrong one: a store for real data would tell a torn end from a damaged
//! middle, and refuse to start on the latter.) A write that brings a snapshot
//! makes what is before it useless: the file is then written anew, beside the
//! old one, and takes its place by being renamed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use raft_core::{
    Configuration, Entry, HardState, Index, NodeId, Payload, Persistent, Snapshot, Term, Write,
    WriteId,
};

use super::codec::{Reader, checksum, put_bytes, put_u64};
use super::machine::Append;

/// What stands in a record after its length and its checksum.
mod part {
    pub(super) const HARD_STATE: u64 = 1;
    pub(super) const SNAPSHOT: u64 = 2;
    pub(super) const ENTRIES: u64 = 3;
}

/// What an entry holds.
mod payload {
    pub(super) const NO_OP: u64 = 0;
    pub(super) const COMMAND: u64 = 1;
    pub(super) const CONFIGURATION: u64 = 2;
}

/// The open file of one server.
pub(crate) struct Store {
    folder: PathBuf,
    file: File,
}

impl Store {
    /// Opens the file in `folder`, and answers what it holds: what was written
    /// since this server began with `first`.
    pub(crate) fn open(
        folder: &Path,
        first: Configuration,
    ) -> io::Result<(Self, Persistent<Append>)> {
        fs::create_dir_all(folder)?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        let mut file = options.open(log_path(folder))?;
        sync_folder(folder)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let mut persistent = Persistent::bootstrap(first);
        let mut reader = Reader::new(&bytes);
        let mut whole = 0;
        while let Some(write) = read_record(&mut reader) {
            persistent.apply(&write);
            whole = bytes.len() - reader.left();
        }
        if whole < bytes.len() {
            file.set_len(whole as u64)?;
            file.sync_all()?;
        }
        let folder = folder.to_path_buf();
        Ok((Self { folder, file }, persistent))
    }

    /// Makes `write` durable.
    pub(crate) fn append(&mut self, write: &Write<Append>) -> io::Result<()> {
        self.file.write_all(&record(write))?;
        self.file.sync_data()
    }

    /// Makes `persistent` durable in place of all that the file holds.
    pub(crate) fn replace(&mut self, persistent: Persistent<Append>) -> io::Result<()> {
        let first = persistent.snapshot.last_included_index.next();
        let write = Write {
            id: WriteId::default(),
            hard_state: Some(persistent.hard_state),
            snapshot: Some(persistent.snapshot),
            entries: Some((first, persistent.entries.iter().cloned().collect())),
        };
        let beside = self.folder.join("log.new");
        let mut file = File::create(&beside)?;
        file.write_all(&record(&write))?;
        file.sync_all()?;
        let path = log_path(&self.folder);
        fs::rename(&beside, &path)?;
        sync_folder(&self.folder)?;
        self.file = OpenOptions::new().append(true).open(path)?;
        Ok(())
    }
}

/// Leaves in `folder` what a crash in the middle of a write leaves.
pub(crate) fn tear(folder: &Path) -> io::Result<()> {
    let mut torn = Vec::new();
    put_u64(&mut torn, 1000);
    torn.extend_from_slice(b"torn");
    let mut file = OpenOptions::new().append(true).open(log_path(folder))?;
    file.write_all(&torn)
}

fn log_path(folder: &Path) -> PathBuf {
    folder.join("log")
}

/// A new name is durable only once its folder is. Only Unix can sync one.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn record(write: &Write<Append>) -> Vec<u8> {
    let mut body = Vec::new();
    if let Some(hard_state) = write.hard_state {
        put_u64(&mut body, part::HARD_STATE);
        put_u64(&mut body, hard_state.current_term.0);
        // One more than the server's number, as 0 stands for nobody.
        let vote = hard_state.voted_for.map_or(0, |id| u64::from(id.0) + 1);
        put_u64(&mut body, vote);
    }
    if let Some(snapshot) = &write.snapshot {
        put_u64(&mut body, part::SNAPSHOT);
        put_u64(&mut body, snapshot.last_included_index.0);
        put_u64(&mut body, snapshot.last_included_term.0);
        put_configuration(&mut body, &snapshot.configuration);
        put_bytes(&mut body, &snapshot.data);
    }
    if let Some((from, entries)) = &write.entries {
        put_u64(&mut body, part::ENTRIES);
        put_u64(&mut body, from.0);
        put_u64(&mut body, entries.len() as u64);
        for entry in entries.iter() {
            put_u64(&mut body, entry.term.0);
            put_payload(&mut body, &entry.payload);
        }
    }
    let mut bytes = Vec::new();
    put_bytes(&mut bytes, &body);
    put_u64(&mut bytes, checksum(&body));
    bytes
}

fn put_payload(body: &mut Vec<u8>, payload: &Payload<Append>) {
    match payload {
        Payload::NoOp => put_u64(body, payload::NO_OP),
        Payload::Command(command) => {
            put_u64(body, payload::COMMAND);
            command.put(body);
        }
        Payload::Configuration(configuration) => {
            put_u64(body, payload::CONFIGURATION);
            put_configuration(body, configuration);
        }
    }
}

fn put_configuration(body: &mut Vec<u8>, configuration: &Configuration) {
    for ids in [
        configuration.voters(),
        configuration.outgoing(),
        configuration.learners(),
    ] {
        put_u64(body, ids.len() as u64);
        for id in ids {
            put_u64(body, u64::from(id.0));
        }
    }
}

/// The next record, or `None` at the end of what is whole.
fn read_record(reader: &mut Reader<'_>) -> Option<Write<Append>> {
    let body = reader.bytes()?;
    if reader.u64()? != checksum(body) {
        return None;
    }
    let mut body = Reader::new(body);
    let mut write = Write {
        // The number counted in a life that is over, and means nothing now.
        id: WriteId::default(),
        hard_state: None,
        snapshot: None,
        entries: None,
    };
    while body.left() > 0 {
        match body.u64()? {
            part::HARD_STATE => write.hard_state = Some(read_hard_state(&mut body)?),
            part::SNAPSHOT => write.snapshot = Some(read_snapshot(&mut body)?),
            part::ENTRIES => write.entries = Some(read_entries(&mut body)?),
            _ => return None,
        }
    }
    Some(write)
}

fn read_hard_state(body: &mut Reader<'_>) -> Option<HardState> {
    let current_term = Term(body.u64()?);
    let vote = body.u64()?;
    let voted_for = match vote.checked_sub(1) {
        Some(id) => Some(NodeId(u16::try_from(id).ok()?)),
        None => None,
    };
    Some(HardState {
        current_term,
        voted_for,
    })
}

fn read_snapshot(body: &mut Reader<'_>) -> Option<Snapshot> {
    Some(Snapshot {
        last_included_index: Index(body.u64()?),
        last_included_term: Term(body.u64()?),
        configuration: Arc::new(read_configuration(body)?),
        data: Arc::from(body.bytes()?),
    })
}

fn read_entries(body: &mut Reader<'_>) -> Option<(Index, raft_core::Entries<Append>)> {
    let from = Index(body.u64()?);
    let mut entries = Vec::new();
    for _ in 0..body.u64()? {
        entries.push(Entry {
            term: Term(body.u64()?),
            payload: read_payload(body)?,
        });
    }
    Some((from, entries.into()))
}

fn read_payload(body: &mut Reader<'_>) -> Option<Payload<Append>> {
    Some(match body.u64()? {
        payload::NO_OP => Payload::NoOp,
        payload::COMMAND => Payload::Command(Append::read(body)?),
        payload::CONFIGURATION => Payload::Configuration(Arc::new(read_configuration(body)?)),
        _ => return None,
    })
}

fn read_configuration(body: &mut Reader<'_>) -> Option<Configuration> {
    let mut ids = || -> Option<Vec<NodeId>> {
        let count = body.u64()?;
        let id = |_| Some(NodeId(u16::try_from(body.u64()?).ok()?));
        (0..count).map(id).collect()
    };
    let (voters, outgoing, learners) = (ids()?, ids()?, ids()?);
    Configuration::joint(voters, outgoing, learners).ok()
}
