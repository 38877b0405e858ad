//! What a header says of how servers behave: their timers, features and sizes, for all of them or
//! for one alone.

use raft_core::{NodeId, Settings, Ticks};

use super::{Feature, Features, Setup};
use crate::time::{Micros, MicrosRange};

/// So many AppendEntries with entries may be under way to one follower where entries are pipelined.
const IN_FLIGHT_MAX: usize = 8;

/// So many bytes of a snapshot go into one message where it is sent in chunks: the snapshots of the
/// laboratory are a few dozen bytes long, so that a reader sees several of them.
const CHUNK_BYTES: usize = 4;

/// A bound of how much a server sends or takes in at once, with the name that it has in
/// [`Settings`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Size {
    /// Entries in one AppendEntries.
    EntriesMax,
    /// Bytes of entries in one AppendEntries.
    EntriesBytesMax,
    /// AppendEntries with entries that are under way to one follower.
    InFlightMax,
    /// Entries that a leader takes in before the first of them is committed.
    UncommittedMax,
    /// Bytes of those entries.
    UncommittedBytesMax,
    /// Bytes that came in and are not durable yet, from which on a server takes in no more.
    UnwrittenBytesMax,
    /// Reads that wait.
    ReadsMax,
    /// Bytes of a snapshot in one InstallSnapshot.
    SnapshotBytesMax,
    /// Bytes of a snapshot that a server takes in, all chunks together.
    SnapshotWholeBytesMax,
}

impl Size {
    /// Every size.
    pub const ALL: [Self; 9] = [
        Self::EntriesMax,
        Self::EntriesBytesMax,
        Self::InFlightMax,
        Self::UncommittedMax,
        Self::UncommittedBytesMax,
        Self::UnwrittenBytesMax,
        Self::ReadsMax,
        Self::SnapshotBytesMax,
        Self::SnapshotWholeBytesMax,
    ];

    /// Its word in a playbook's header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EntriesMax => "entries_max",
            Self::EntriesBytesMax => "entries_bytes_max",
            Self::InFlightMax => "in_flight_max",
            Self::UncommittedMax => "uncommitted_max",
            Self::UncommittedBytesMax => "uncommitted_bytes_max",
            Self::UnwrittenBytesMax => "unwritten_bytes_max",
            Self::ReadsMax => "reads_max",
            Self::SnapshotBytesMax => "snapshot_bytes_max",
            Self::SnapshotWholeBytesMax => "snapshot_whole_bytes_max",
        }
    }

    const fn of(self, settings: &mut Settings) -> &mut usize {
        match self {
            Self::EntriesMax => &mut settings.entries_max,
            Self::EntriesBytesMax => &mut settings.entries_bytes_max,
            Self::InFlightMax => &mut settings.in_flight_max,
            Self::UncommittedMax => &mut settings.uncommitted_max,
            Self::UncommittedBytesMax => &mut settings.uncommitted_bytes_max,
            Self::UnwrittenBytesMax => &mut settings.unwritten_bytes_max,
            Self::ReadsMax => &mut settings.reads_max,
            Self::SnapshotBytesMax => &mut settings.snapshot_bytes_max,
            Self::SnapshotWholeBytesMax => &mut settings.snapshot_whole_bytes_max,
        }
    }
}

/// The sizes that are given; the others are as the core has them by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Sizes([Option<u64>; Size::ALL.len()]);

impl Sizes {
    /// The size, if it is given.
    #[must_use]
    pub const fn get(&self, size: Size) -> Option<u64> {
        self.0[size as usize]
    }

    /// Gives the size, or takes it back.
    pub const fn set(&mut self, size: Size, to: Option<u64>) {
        self.0[size as usize] = to;
    }

    /// Those that are given.
    pub fn iter(self) -> impl Iterator<Item = (Size, u64)> {
        let all = Size::ALL.into_iter();
        all.filter_map(move |size| Some((size, self.get(size)?)))
    }
}

/// What a single server has of its own; the rest is as for all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Own {
    /// What each of its election timeouts is drawn from.
    pub election: Option<MicrosRange>,
    /// How often it sends heartbeats.
    pub heartbeat: Option<Micros>,
    /// How much it sends or takes in at once.
    pub sizes: Sizes,
    /// What it can do besides plain Raft.
    pub features: Option<Features>,
}

impl Setup {
    /// The same for another branch, which nobody has given a name.
    pub(crate) fn of_another_branch(&self) -> Setup {
        Setup {
            branch: String::new(),
            ..self.clone()
        }
    }

    /// What a server has of its own, to be changed.
    pub fn own_mut(&mut self, id: NodeId) -> &mut Own {
        let place = match self.own.binary_search_by_key(&id, |(id, _)| *id) {
            Ok(place) => place,
            Err(place) => {
                self.own.insert(place, (id, Own::default()));
                place
            }
        };
        &mut self.own[place].1
    }

    /// What the server `id` is told when it starts.
    #[must_use]
    pub fn settings(&self, id: NodeId) -> Settings {
        let own = self.own.iter().find(|(other, _)| *other == id);
        let own = own.map_or_else(Own::default, |(_, own)| *own);
        let features = own.features.unwrap_or(self.features);
        let uses = |feature| features.contains(&feature);
        let election = own.election.unwrap_or(self.election);
        let mut settings = Settings {
            heartbeat: Ticks(own.heartbeat.unwrap_or(self.heartbeat).0),
            election_timeout: Ticks(election.min().0)..=Ticks(election.max().0),
            pre_vote: uses(Feature::PreVote),
            check_quorum: uses(Feature::CheckQuorum),
            lease_reads: uses(Feature::LeaseReads),
            no_op: uses(Feature::NoOp),
            ..Settings::default()
        };
        if uses(Feature::Pipelining) {
            settings.in_flight_max = IN_FLIGHT_MAX;
        }
        if uses(Feature::SnapshotChunks) {
            settings.snapshot_bytes_max = CHUNK_BYTES;
        }
        for (size, to) in self.sizes.iter().chain(own.sizes.iter()) {
            *size.of(&mut settings) = usize::try_from(to).unwrap_or(usize::MAX);
        }
        settings
    }
}
