//! What is searched: a cluster, and how much may happen in it.

use std::sync::Arc;

use raft_core::{Config, Configuration, NodeId, Persistent, RuleSet};
use raft_sim::setup::{Feature, Features, Setup};
use raft_sim::{Command, Micros, MicrosRange};

use super::input::Bounded;
use super::instant::Instant;

/// A cluster, and the most that may happen in one of its runs. Without bounds there would be no
/// end to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Where all runs begin; with the cluster, if `None`. The cluster is then that of the instant,
    /// as [`Bounds::from_instant`] has it.
    pub from: Option<Arc<Instant>>,
    /// How many servers.
    pub servers: u8,
    /// How many of them the cluster begins with, the others being empty; all, if `None`.
    pub voters: Option<u8>,
    /// The servers enter so many terms, counted from the latest in the beginning.
    pub terms: u8,
    /// So many commands are proposed, to whichever leader.
    pub commands: u8,
    /// So often a server crashes; each may start again from its disk, which loses nothing.
    pub crashes: u8,
    /// So many messages arrive once more; any number of them, each any number of times, if `None`.
    pub copies: Option<u8>,
    /// So often a server takes a snapshot.
    pub snapshots: u8,
    /// So many reads are asked for, of whichever leader.
    pub reads: u8,
    /// So often a leader is asked to hand its leadership over, to whomever.
    pub transfers: u8,
    /// So often a leader is asked to change who takes part, to whatever there can be.
    pub changes: u8,
    /// What the servers can do besides plain Raft.
    pub features: Features,
    /// The rules that no server keeps to.
    pub ablated: RuleSet,
    /// Whether of states that differ only in the numbers of the servers one is looked at. Where
    /// the configuration changes, all are, since it names them.
    pub symmetry: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            from: None,
            servers: 3,
            voters: None,
            terms: 2,
            commands: 1,
            crashes: 0,
            copies: Some(0),
            snapshots: 0,
            reads: 0,
            transfers: 0,
            changes: 0,
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
    /// So many of something is too many; up to how many there may be.
    TooMany(u8),
    /// What this feature does depends on how much time passes, and here none does.
    Feature(Feature),
}

impl Bounds {
    /// The most servers that are searched.
    pub const SERVERS_MAX: u8 = 5;
    /// The most that a bound allows of anything.
    pub const MOST: u8 = 15;

    /// The same from an instant of a run on, with the cluster of that run. Its servers are known by
    /// their numbers, so that all states are looked at.
    #[must_use]
    pub fn from_instant(self, instant: Arc<Instant>) -> Self {
        let setup = instant.setup();
        Self {
            servers: setup.servers,
            voters: setup.voters,
            features: setup.features,
            ablated: setup.ablated,
            symmetry: false,
            from: Some(instant),
            ..self
        }
    }

    /// Checks that the bounds can be searched.
    ///
    /// # Errors
    /// Says which of them cannot be.
    pub fn check(&self) -> Result<(), Unbounded> {
        if !(1..=Self::SERVERS_MAX).contains(&self.servers)
            || !(1..=self.servers).contains(&self.begin_with())
        {
            return Err(Unbounded::Servers(Self::SERVERS_MAX));
        }
        let depends_on_time = |feature: &Feature| match feature {
            Feature::CheckQuorum | Feature::LeaseReads => true,
            Feature::PreVote | Feature::Pipelining | Feature::NoOp | Feature::SnapshotChunks => {
                false
            }
        };
        let mut used = self.features.iter();
        if let Some(feature) = used.find(depends_on_time) {
            return Err(Unbounded::Feature(feature));
        }
        let is_too_many = |what: &Bounded| self.most(*what) > Self::MOST;
        if Bounded::ALL.iter().any(is_too_many) {
            return Err(Unbounded::TooMany(Self::MOST));
        }
        Ok(())
    }

    /// The same cluster in the laboratory. Where it begins here, its timers run for so long that none
    /// runs out by itself while one thing after the other is done to it.
    #[must_use]
    pub fn setup(&self) -> Setup {
        match &self.from {
            Some(instant) => instant.setup().clone(),
            None => Setup {
                servers: self.servers,
                voters: self.voters,
                features: self.features,
                ablated: self.ablated,
                ..in_no_time(Setup::default())
            },
        }
    }

    /// How much of something there may be; of copies, where there may be any number, none is counted.
    pub(super) fn most(&self, what: Bounded) -> u8 {
        match what {
            Bounded::Commands => self.commands,
            Bounded::Crashes => self.crashes,
            Bounded::Copies => self.copies.unwrap_or(0),
            Bounded::Snapshots => self.snapshots,
            Bounded::Reads => self.reads,
            Bounded::Transfers => self.transfers,
            Bounded::Changes => self.changes,
        }
    }

    /// How many servers the cluster begins with.
    pub(super) fn begin_with(&self) -> u8 {
        self.voters.unwrap_or(self.servers)
    }

    /// The servers, the first one first.
    pub(super) fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (1..=u16::from(self.servers)).map(NodeId)
    }

    /// How each server is set, the first one first.
    pub(super) fn configs(&self) -> Vec<Config> {
        let setup = in_no_time(self.setup());
        let configs = self.ids().map(|id| Config::new(id, setup.settings(id)));
        configs.filter_map(Result::ok).collect()
    }

    /// What the disk of each server holds in the beginning, the first one first.
    pub(super) fn first_disks(&self) -> Vec<Persistent<Command>> {
        let begin_with = u16::from(self.begin_with());
        let voters = Configuration::new((1..=begin_with).map(NodeId), []);
        let first = Persistent::bootstrap(voters.unwrap_or_default());
        let disk = |id: NodeId| {
            if id.0 <= begin_with {
                first.clone()
            } else {
                Persistent::default()
            }
        };
        self.ids().map(disk).collect()
    }
}

/// The same with timers that never run out by themselves.
fn in_no_time(mut setup: Setup) -> Setup {
    for (_, own) in &mut setup.own {
        (own.election, own.heartbeat) = (None, None);
    }
    Setup {
        election: MicrosRange::fixed(Micros::from_secs(1000)),
        heartbeat: Micros::from_secs(100),
        ..setup
    }
}
