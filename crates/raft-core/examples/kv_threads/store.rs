//! A server's disk: one file of records, each of them a [`Write`].
//!
//! A write is appended and synced, and only then does the server report it
//! durable. Starting again is reading all records in their order and carrying
//! them out on an empty [`Persistent`]. A crash in the middle of a record
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

use raft_core::{Entry, HardState, Index, NodeId, Persistent, Snapshot, Term, Write, WriteId};

use super::codec::{Reader, checksum, put_bytes, put_u64};
use super::machine::Command;

/// What stands in a record after its length and its checksum.
mod part {
    pub(super) const HARD_STATE: u64 = 1;
    pub(super) const SNAPSHOT: u64 = 2;
    pub(super) const ENTRIES: u64 = 3;
}

/// The open file of one server.
pub(crate) struct Store {
    folder: PathBuf,
    file: File,
}

impl Store {
    /// Opens the file in `folder`, and answers what it holds.
    pub(crate) fn open(folder: &Path) -> io::Result<(Self, Persistent<Command>)> {
        fs::create_dir_all(folder)?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        let mut file = options.open(log_path(folder))?;
        sync_folder(folder)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let mut persistent = Persistent::default();
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
    pub(crate) fn append(&mut self, write: &Write<Command>) -> io::Result<()> {
        self.file.write_all(&record(write))?;
        self.file.sync_data()
    }

    /// Makes `persistent` durable in place of all that the file holds.
    pub(crate) fn replace(&mut self, persistent: Persistent<Command>) -> io::Result<()> {
        let first = persistent.snapshot.last_included_index.next();
        let write = Write {
            id: WriteId::default(),
            hard_state: Some(persistent.hard_state),
            snapshot: Some(persistent.snapshot),
            entries: Some((first, persistent.entries.into())),
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

fn record(write: &Write<Command>) -> Vec<u8> {
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
        put_bytes(&mut body, &snapshot.data);
    }
    if let Some((from, entries)) = &write.entries {
        put_u64(&mut body, part::ENTRIES);
        put_u64(&mut body, from.0);
        put_u64(&mut body, entries.len() as u64);
        for entry in entries.iter() {
            put_u64(&mut body, entry.term.0);
            entry.command.put(&mut body);
        }
    }
    let mut bytes = Vec::new();
    put_bytes(&mut bytes, &body);
    put_u64(&mut bytes, checksum(&body));
    bytes
}

/// The next record, or `None` at the end of what is whole.
fn read_record(reader: &mut Reader<'_>) -> Option<Write<Command>> {
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
        data: Arc::from(body.bytes()?),
    })
}

fn read_entries(body: &mut Reader<'_>) -> Option<(Index, raft_core::Entries<Command>)> {
    let from = Index(body.u64()?);
    let mut entries = Vec::new();
    for _ in 0..body.u64()? {
        entries.push(Entry {
            term: Term(body.u64()?),
            command: Command::read(body)?,
        });
    }
    Some((from, entries.into()))
}
