//! What a server is told when it starts: who it is, how long it waits, and
//! how much it sends at once. Who the others are, its log says.

use core::ops::RangeInclusive;

use crate::types::{NodeId, Ticks};

/// Timing and bounds. The defaults, which each field names, suit a tick of one
/// millisecond.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default)
)]
#[allow(clippy::struct_excessive_bools, reason = "each is switched by itself")]
pub struct Settings {
    /// How often a leader shows that it is alive, and how long a request
    /// waits for its answer before it is sent again, or before an empty one asks,
    /// where entries are pipelined, what became of it. 100 by default.
    pub heartbeat: Ticks,
    /// Election timeouts are drawn evenly from this range (§5.2); 500 to 1000
    /// by default.
    pub election_timeout: RangeInclusive<Ticks>,
    /// The most entries that one AppendEntries carries; 1024 by default.
    pub entries_max: usize,
    /// The most bytes of entries that one AppendEntries carries: those of the
    /// commands, as [`Command::size_bytes`](crate::Command::size_bytes) counts
    /// them, and eight for each term. A single entry is sent however big it is.
    /// 1 MiB by default.
    pub entries_bytes_max: usize,
    /// The most AppendEntries with entries that are in flight to one follower
    /// at a time. With 1, the default, new entries gather until the last ones are
    /// answered; with more, they are pipelined while the logs agree (§10.2.2 of the
    /// dissertation).
    pub in_flight_max: usize,
    /// The most entries that a leader takes in before the first of them is
    /// committed; what is proposed beyond is refused. 16384 by default.
    pub uncommitted_max: usize,
    /// The most bytes of entries, counted like `entries_bytes_max`, that a leader takes in
    /// before the first of them is committed. A single entry is taken in however big it is.
    /// 64 MiB by default.
    pub uncommitted_bytes_max: usize,
    /// From how many bytes on that came in and are not durable yet a server takes in no more:
    /// entries, counted like `entries_bytes_max`, and snapshots that it was sent. A leader
    /// then refuses commands, and a follower tells its leader no more than that it was heard.
    /// 64 MiB by default.
    pub unwritten_bytes_max: usize,
    /// The most reads that may wait, for the others to confirm that this server leads, for its
    /// state machine, or for the host to poll them; what is asked beyond is refused. 16384 by
    /// default.
    pub reads_max: usize,
    /// The most bytes of a snapshot that one InstallSnapshot carries (§7); 1 MiB
    /// by default.
    pub snapshot_bytes_max: usize,
    /// The most bytes of a snapshot that a server takes in, chunk by chunk; of one that has
    /// more, nothing is kept, and its leader is told so. Has to be more than any state of the
    /// host's takes: whoever refuses it never catches up. 1 GiB by default.
    pub snapshot_whole_bytes_max: usize,
    /// Whether a new leader appends an entry without a command, so that it
    /// learns what is committed before a client asks for anything (§8). The
    /// first command of a cluster is then not at index 1. Off by default.
    pub no_op: bool,
    /// Whether a server asks if it would win before it starts an election,
    /// so that one that was cut off does not depose a good leader when it
    /// comes back (§9.6 of the dissertation). Off by default.
    pub pre_vote: bool,
    /// Whether a leader that no majority answers steps down (§6.2 of the dissertation), and a
    /// server that hears its leader ignores candidates (§4.2.3 of the dissertation). Off by default.
    pub check_quorum: bool,
    /// Whether a leader answers reads without asking anybody for as long as
    /// nobody else can have been elected (§6.4.1 of the dissertation). Needs `check_quorum`, and
    /// clocks that run at about the same rate. Off by default.
    pub lease_reads: bool,
}

/// Which server it is and how it behaves, checked once.
///
/// A heartbeat as long as the election timeout is not refused, though it
/// keeps nobody from starting an election: that is for people to see.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Config {
    id: NodeId,
    settings: Settings,
}

/// Why a [`Config`] cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The heartbeat interval is zero ticks.
    #[error("the heartbeat interval is zero ticks")]
    HeartbeatZero,
    /// The election timeout's range is empty or begins at zero ticks.
    #[error("the range of election timeouts is empty or starts at zero")]
    ElectionTimeoutEmpty,
    /// An AppendEntries could carry no entry.
    #[error("entries_max is zero: no AppendEntries could carry an entry")]
    EntriesMaxZero,
    /// An AppendEntries could carry no byte.
    #[error("entries_bytes_max is zero: no AppendEntries could carry an entry")]
    EntriesBytesMaxZero,
    /// No command could be taken in.
    #[error("uncommitted_max or uncommitted_bytes_max is zero: no command could be accepted")]
    UncommittedMaxZero,
    /// No entry could be taken in.
    #[error("unwritten_bytes_max is zero: no entry could be accepted")]
    UnwrittenBytesMaxZero,
    /// No read could be taken in.
    #[error("reads_max is zero: no read could be accepted")]
    ReadsMaxZero,
    /// An InstallSnapshot could carry no byte.
    #[error("snapshot_bytes_max is zero: no InstallSnapshot could carry a chunk")]
    SnapshotBytesMaxZero,
    /// No snapshot could be taken in.
    #[error("snapshot_whole_bytes_max is zero: no snapshot could be received")]
    SnapshotWholeBytesMaxZero,
    /// No entries could ever be in flight.
    #[error("in_flight_max is zero: no entries could be in flight")]
    InFlightMaxZero,
    /// Reads by lease without the check that makes leases hold.
    #[error("lease_reads needs check_quorum")]
    LeaseWithoutCheckQuorum,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            heartbeat: Ticks(100),
            election_timeout: Ticks(500)..=Ticks(1000),
            entries_max: 1024,
            entries_bytes_max: 1024 * 1024,
            in_flight_max: 1,
            uncommitted_max: 16 * 1024,
            uncommitted_bytes_max: 64 * 1024 * 1024,
            unwritten_bytes_max: 64 * 1024 * 1024,
            reads_max: 16 * 1024,
            snapshot_bytes_max: 1024 * 1024,
            snapshot_whole_bytes_max: 1024 * 1024 * 1024,
            no_op: false,
            pre_vote: false,
            check_quorum: false,
            lease_reads: false,
        }
    }
}

impl Config {
    /// The server `id`.
    ///
    /// # Errors
    /// Says which of the settings no server can have.
    pub fn new(id: NodeId, settings: Settings) -> Result<Self, ConfigError> {
        if settings.heartbeat == Ticks(0) {
            return Err(ConfigError::HeartbeatZero);
        }
        let range = &settings.election_timeout;
        if range.is_empty() || *range.start() == Ticks(0) {
            return Err(ConfigError::ElectionTimeoutEmpty);
        }
        if settings.entries_max == 0 {
            return Err(ConfigError::EntriesMaxZero);
        }
        if settings.entries_bytes_max == 0 {
            return Err(ConfigError::EntriesBytesMaxZero);
        }
        if settings.in_flight_max == 0 {
            return Err(ConfigError::InFlightMaxZero);
        }
        if settings.uncommitted_max == 0 {
            return Err(ConfigError::UncommittedMaxZero);
        }
        if settings.unwritten_bytes_max == 0 {
            return Err(ConfigError::UnwrittenBytesMaxZero);
        }
        if settings.reads_max == 0 {
            return Err(ConfigError::ReadsMaxZero);
        }
        if settings.snapshot_bytes_max == 0 {
            return Err(ConfigError::SnapshotBytesMaxZero);
        }
        if settings.snapshot_whole_bytes_max == 0 {
            return Err(ConfigError::SnapshotWholeBytesMaxZero);
        }
        if settings.lease_reads && !settings.check_quorum {
            return Err(ConfigError::LeaseWithoutCheckQuorum);
        }
        Ok(Self { id, settings })
    }

    /// The server itself.
    #[must_use]
    pub const fn id(&self) -> NodeId {
        self.id
    }

    /// Timing and bounds.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each bound of which nothing would ever get through is refused by its own name.
    #[test]
    fn settings_that_no_server_can_have_are_refused() {
        type Change = fn(&mut Settings);
        let refused: [(Change, ConfigError); 11] = [
            (|s| s.heartbeat = Ticks(0), ConfigError::HeartbeatZero),
            (
                |s| s.election_timeout = Ticks(0)..=Ticks(9),
                ConfigError::ElectionTimeoutEmpty,
            ),
            (
                |s| s.election_timeout = Ticks(2)..=Ticks(1),
                ConfigError::ElectionTimeoutEmpty,
            ),
            (|s| s.entries_max = 0, ConfigError::EntriesMaxZero),
            (
                |s| s.entries_bytes_max = 0,
                ConfigError::EntriesBytesMaxZero,
            ),
            (|s| s.in_flight_max = 0, ConfigError::InFlightMaxZero),
            (|s| s.uncommitted_max = 0, ConfigError::UncommittedMaxZero),
            (
                |s| s.unwritten_bytes_max = 0,
                ConfigError::UnwrittenBytesMaxZero,
            ),
            (|s| s.reads_max = 0, ConfigError::ReadsMaxZero),
            (
                |s| s.snapshot_bytes_max = 0,
                ConfigError::SnapshotBytesMaxZero,
            ),
            (
                |s| s.snapshot_whole_bytes_max = 0,
                ConfigError::SnapshotWholeBytesMaxZero,
            ),
        ];
        for (change, error) in refused {
            let mut settings = Settings::default();
            change(&mut settings);
            assert_eq!(Config::new(NodeId(1), settings), Err(error));
        }
        assert!(Config::new(NodeId(1), Settings::default()).is_ok());
    }
}
