//! The clusters that `raft-check` searches, as stateright looks at them.

use raft_check::explore::{Bounds, Cluster, Given, System};
use stateright::{Checker, HasDiscoveries, Model, Property};

pub(crate) struct Clusters(System);

impl Clusters {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Self(System::new(bounds).expect("it can be searched"))
    }
}

impl Model for Clusters {
    type State = Cluster;
    type Action = Given;

    fn init_states(&self) -> Vec<Cluster> {
        vec![self.0.first()]
    }

    fn actions(&self, cluster: &Cluster, all: &mut Vec<Given>) {
        self.0.inputs(cluster, all);
    }

    fn next_state(&self, cluster: &Cluster, given: Given) -> Option<Cluster> {
        self.0.next(cluster, &given)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always(
            "nothing is broken",
            |_, cluster: &Cluster| cluster.broken().is_none(),
        )]
    }
}

/// What a peer found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) states: u64,
    pub(crate) depth: u32,
    /// After how many steps something breaks, and what.
    pub(crate) broken: Option<(usize, &'static str)>,
}

/// All of them, breadth first, by one thread.
pub(crate) fn searched(bounds: &Bounds) -> Found {
    let checker = Clusters::new(bounds).checker();
    let checker = checker.finish_when(HasDiscoveries::All);
    let checker = checker.threads(1).spawn_bfs().join();
    let path = checker.discovery("nothing is broken");
    let broken = path.and_then(|path| {
        let states = path.into_states();
        let broken = states.last()?.broken()?;
        Some((states.len() - 1, broken.id()))
    });
    Found {
        states: checker.unique_state_count() as u64,
        // It counts the first state as well.
        depth: u32::try_from(checker.max_depth())
            .unwrap_or(u32::MAX)
            .saturating_sub(1),
        broken,
    }
}
