//! What is searched: a cluster, and how much may happen in it.

use raft_core::{Config, Configuration, NodeId, Persistent, RuleSet};
use raft_sim::setup::{Feature, Features, Setup};
use raft_sim::{Command, Micros, MicrosRange};

/// A cluster from its beginning, and the most that may happen in one of its runs. Without bounds
/// there would be no end to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// How many servers, all of them voters.
    pub servers: u8,
    /// No server enters a later term than this one.
    pub terms: u8,
    /// So many commands are proposed, to whichever leader.
    pub commands: u8,
    /// So often a server crashes; each may start again from its disk, which loses nothing.
    pub crashes: u8,
    /// So many messages arrive once more; any number of them, each any number of times, if `None`.
    pub copies: Option<u8>,
    /// So often a server takes a snapshot.
    pub snapshots: u8,
    /// What the servers can do besides plain Raft.
    pub features: Features,
    /// The rules that no server keeps to.
    pub ablated: RuleSet,
    /// Whether of states that differ only in the numbers of the servers one is looked at.
    pub symmetry: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            servers: 3,
            terms: 2,
            commands: 1,
            crashes: 0,
            copies: Some(0),
            snapshots: 0,
            features: Features::default(),
            ablated: RuleSet::EMPTY,
            symmetry: true,
        }
    }
}

/// Why there is nothing to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unbounded {
    /// So many servers are too few or too many; up to how many there may be.
    Servers(u8),
    /// What this feature does depends on how much time passes, and here none does.
    Feature(Feature),
}

impl Bounds {
    /// The most servers that are searched.
    pub const SERVERS_MAX: u8 = 5;

    /// Checks that the bounds can be searched.
    ///
    /// # Errors
    /// Says which of them cannot be.
    pub fn check(&self) -> Result<(), Unbounded> {
        if !(1..=Self::SERVERS_MAX).contains(&self.servers) {
            return Err(Unbounded::Servers(Self::SERVERS_MAX));
        }
        let depends_on_time = |feature: &Feature| match feature {
            Feature::CheckQuorum | Feature::LeaseReads => true,
            Feature::PreVote | Feature::Pipelining | Feature::NoOp | Feature::SnapshotChunks => {
                false
            }
        };
        match self.features.iter().find(depends_on_time) {
            Some(feature) => Err(Unbounded::Feature(feature)),
            None => Ok(()),
        }
    }

    /// The same cluster in the laboratory: its timers run for so long that none runs out by
    /// itself while one thing after the other is done to it.
    #[must_use]
    pub fn setup(&self) -> Setup {
        Setup {
            servers: self.servers,
            election: MicrosRange::fixed(Micros::from_secs(1000)),
            heartbeat: Micros::from_secs(100),
            features: self.features,
            ablated: self.ablated,
            ..Setup::default()
        }
    }

    /// The servers, the first one first.
    pub(super) fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (1..=u16::from(self.servers)).map(NodeId)
    }

    /// How each server is set, the first one first.
    pub(super) fn configs(&self) -> Vec<Config> {
        let setup = self.setup();
        let configs = self.ids().map(|id| Config::new(id, setup.settings(id)));
        configs.filter_map(Result::ok).collect()
    }

    /// What every disk holds in the beginning.
    pub(super) fn first_disk(&self) -> Persistent<Command> {
        let voters = Configuration::new(self.ids(), []);
        Persistent::bootstrap(voters.unwrap_or_default())
    }
}
