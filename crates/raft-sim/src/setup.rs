//! A cluster as it begins.

use raft_core::{NodeId, RuleSet};

use crate::time::{Micros, MicrosRange};

mod feature;
mod settings;

pub use feature::{Feature, Features};
pub use settings::{Own, Size, Sizes};

/// The most servers in a cluster.
pub const SERVERS_MAX: u8 = 9;
/// The greatest seed: the greatest whole number that JavaScript holds exactly,
/// since the page shows it.
pub const SEED_MAX: u64 = (1 << 53) - 1;

/// What the header of a playbook says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// The title in English; may be empty.
    pub title: String,
    /// The title in Chinese; may be empty.
    pub title_zh: String,
    /// Where the scenario comes from; may be empty.
    pub source: String,
    /// How many minutes a reader needs for it, if it is a lesson.
    pub minutes: Option<u64>,
    /// The paths of playbooks that belong to this lesson.
    pub see: Vec<String>,
    /// The path of the run to build that this lesson ends with; may be empty.
    pub then: String,
    /// What this branch of a run is called; may be empty.
    pub branch: String,
    /// How many servers, from 1 to 9.
    pub servers: u8,
    /// What servers are called besides, from `S1` on: the letters of a figure. None has to be.
    pub labels: Vec<String>,
    /// How many of them, from `S1` on, the cluster begins with; the others
    /// run with an empty disk and wait to be added. All of them, if not given.
    pub voters: Option<u8>,
    /// How many clients use the cluster, up to [`crate::client::CLIENTS_MAX`].
    pub clients: u8,
    /// Whether the servers remember what clients have asked for, so that each operation is done
    /// once.
    pub sessions: bool,
    /// What every random draw of the run begins from.
    pub seed: u64,
    /// What each election timeout is drawn from, 1 ms or more.
    pub election: MicrosRange,
    /// How often a leader sends heartbeats, 1 ms or more.
    pub heartbeat: Micros,
    /// After how many applied entries each server takes a snapshot by itself.
    pub snapshot_every: Option<u64>,
    /// How much the servers send or take in at once.
    pub sizes: Sizes,
    /// What the servers can do besides plain Raft; `LeaseReads` only together
    /// with `CheckQuorum`.
    pub features: Features,
    /// What single servers have of their own, by ascending number.
    pub own: Vec<(NodeId, Own)>,
    /// The rules that no server keeps to.
    pub ablated: RuleSet,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup {
            title: String::new(),
            branch: String::new(),
            title_zh: String::new(),
            source: String::new(),
            minutes: None,
            see: Vec::new(),
            then: String::new(),
            servers: 5,
            labels: Vec::new(),
            voters: None,
            clients: 0,
            sessions: true,
            seed: 1,
            election: MicrosRange::between(Micros::from_millis(500), Micros::from_secs(1)),
            heartbeat: Micros::from_millis(100),
            snapshot_every: None,
            sizes: Sizes::default(),
            features: Features::default(),
            own: Vec::new(),
            ablated: RuleSet::EMPTY,
        }
    }
}
