//! What a server is told when it starts: who it is, who the others are, and
//! how long it waits.

use alloc::vec::Vec;
use core::ops::RangeInclusive;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

use crate::types::{NodeId, Ticks};

/// The most servers that one cluster can have.
pub const SERVERS_MAX: usize = 64;

/// Timing and bounds. The defaults suit a tick of one millisecond.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Settings {
    /// How often a leader shows that it is alive, and how long a request
    /// waits for its answer before it is sent again.
    pub heartbeat: Ticks,
    /// Election timeouts are drawn evenly from this range (§5.2).
    pub election_timeout: RangeInclusive<Ticks>,
    /// The most entries that one AppendEntries carries.
    pub entries_max: usize,
    /// The most AppendEntries with entries that are under way to one follower
    /// at a time. With 1, new entries gather until the last ones are answered;
    /// with more, they are pipelined while the logs agree (§10.2.1 of the
    /// dissertation).
    pub in_flight_max: usize,
    /// Whether a server asks if it would win before it stands for election,
    /// so that one that was cut off does not depose a good leader when it
    /// comes back (§9.6 of the dissertation).
    pub pre_vote: bool,
    /// Whether a leader that no majority answers steps down (§6.2), and a
    /// server that hears its leader ignores candidates (§4.2.3).
    pub check_quorum: bool,
    /// Whether a leader answers reads without asking anybody for as long as
    /// nobody else can have been elected (§6.4.1). Needs `check_quorum`, and
    /// clocks that run at about the same rate.
    pub lease_reads: bool,
}

/// A cluster as one of its servers sees it, checked once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Config {
    id: NodeId,
    voters: Vec<NodeId>,
    settings: Settings,
}

/// Why a [`Config`] cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The server itself is not among the voters.
    #[error("the server itself is not among the voters")]
    NotAVoter,
    /// A voter is named twice.
    #[error("{0} is named twice among the voters")]
    VoterTwice(NodeId),
    /// More voters than [`SERVERS_MAX`].
    #[error("more than {SERVERS_MAX} voters")]
    TooManyVoters,
    /// The heartbeat interval is zero ticks.
    #[error("the heartbeat interval is zero ticks")]
    HeartbeatZero,
    /// The election timeout's range is empty or begins at zero ticks.
    #[error("the election timeout has no tick to be drawn from")]
    ElectionTimeoutEmpty,
    /// An AppendEntries could carry no entry.
    #[error("an AppendEntries could carry no entry")]
    EntriesMaxZero,
    /// No entries could ever be under way.
    #[error("no AppendEntries with entries could be under way")]
    InFlightMaxZero,
    /// Reads by lease without the check that makes leases hold.
    #[error("lease_reads needs check_quorum")]
    LeaseWithoutCheckQuorum,
}

/// The source of election timeouts: a seed that each draw replaces, so that
/// equal states draw equal timeouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Timeouts {
    seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            heartbeat: Ticks(100),
            election_timeout: Ticks(500)..=Ticks(1000),
            entries_max: 1024,
            in_flight_max: 1,
            pre_vote: false,
            check_quorum: false,
            lease_reads: false,
        }
    }
}

impl Config {
    /// A server `id` among `voters`.
    ///
    /// # Errors
    /// Says which of the arguments no cluster can have.
    pub fn new(id: NodeId, voters: Vec<NodeId>, settings: Settings) -> Result<Self, ConfigError> {
        let mut sorted = voters;
        sorted.sort_unstable();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(ConfigError::VoterTwice(pair[0]));
        }
        if !sorted.contains(&id) {
            return Err(ConfigError::NotAVoter);
        }
        if sorted.len() > SERVERS_MAX {
            return Err(ConfigError::TooManyVoters);
        }
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
        if settings.in_flight_max == 0 {
            return Err(ConfigError::InFlightMaxZero);
        }
        if settings.lease_reads && !settings.check_quorum {
            return Err(ConfigError::LeaseWithoutCheckQuorum);
        }
        Ok(Self {
            id,
            voters: sorted,
            settings,
        })
    }

    /// The server itself.
    #[must_use]
    pub const fn id(&self) -> NodeId {
        self.id
    }

    /// All servers that vote, this one among them, in ascending order.
    #[must_use]
    pub fn voters(&self) -> &[NodeId] {
        &self.voters
    }

    /// Timing and bounds.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How many servers are a majority.
    #[must_use]
    pub const fn quorum(&self) -> usize {
        self.voters.len() / 2 + 1
    }

    /// The other servers.
    pub fn peers(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.voters.iter().copied().filter(|peer| *peer != self.id)
    }
}

/// Which of the generator's sequences is used; it makes no difference.
const STREAM: u64 = 1;

impl Timeouts {
    pub(crate) fn new(seed: u64) -> Self {
        // Seeds are often small numbers in a row, which must not make the
        // timeouts of different servers alike.
        let seed = Pcg32::seed_from_u64(seed).random();
        Self { seed }
    }

    pub(crate) fn draw(&mut self, range: &RangeInclusive<Ticks>) -> Ticks {
        let mut generator = Pcg32::new(self.seed, STREAM);
        self.seed = generator.random();
        Ticks(generator.random_range(range.start().0..=range.end().0))
    }
}
