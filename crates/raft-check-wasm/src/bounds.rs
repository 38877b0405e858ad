//! What is searched, as the page says it.

use std::sync::Arc;

use raft_check::explore::{Bounds, Instant};
use raft_core::{Rule, RuleSet};
use raft_play::playbook::Playbook;
use raft_play::script;
use raft_sim::run::Trial;
use raft_sim::setup::{Feature, Features};
use serde::Deserialize;
use tsify::Tsify;

use crate::refusal::CheckRefusal;

/// What is searched: `raft_check::explore::Bounds`.
#[derive(Debug, Clone, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckBounds {
    /// Where all runs begin; with the cluster, if it is not said. From an instant on the cluster, its
    /// features and the rules that it ignores are those of its run.
    #[tsify(optional)]
    pub from: Option<CheckFrom>,
    /// How many servers, all of them voters.
    pub servers: u8,
    /// The servers enter so many terms.
    pub terms: u8,
    /// So many commands are proposed.
    pub commands: u8,
    /// So often a server crashes.
    pub crashes: u8,
    /// So many messages arrive once more; any number of them if it is not said.
    #[tsify(optional)]
    pub copies: Option<u8>,
    /// So often a server takes a snapshot.
    pub snapshots: u8,
    /// So many reads are asked for.
    pub reads: u8,
    /// So often a leader is asked to hand its leadership over.
    pub transfers: u8,
    /// So often a leader is asked to change who takes part.
    pub changes: u8,
    /// The names of the features that are on.
    pub features: Vec<String>,
    /// The ids of the rules that no server keeps to.
    pub ablated: Vec<String>,
}

/// An instant of a run.
#[derive(Debug, Clone, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckFrom {
    /// The run, as a playbook.
    pub text: String,
    /// How many events have happened in it.
    pub events: u32,
}

impl CheckBounds {
    pub(crate) fn bounds(&self) -> Result<Bounds, CheckRefusal> {
        let bounds = Bounds {
            from: None,
            servers: self.servers,
            voters: None,
            terms: self.terms,
            commands: self.commands,
            crashes: self.crashes,
            copies: self.copies,
            snapshots: self.snapshots,
            reads: self.reads,
            transfers: self.transfers,
            changes: self.changes,
            features: features(&self.features)?,
            ablated: rules(&self.ablated)?,
            symmetry: true,
        };
        match &self.from {
            None => Ok(bounds),
            Some(from) => Ok(bounds.from_instant(Arc::new(from.instant()?))),
        }
    }
}

impl CheckFrom {
    fn instant(&self) -> Result<Instant, CheckRefusal> {
        let playbook: Playbook = self
            .text
            .parse()
            .map_err(|error| CheckRefusal::unread(&error))?;
        let mut trial = Trial::new(&playbook.setup);
        // What is not as expected, or cannot be done, ends the playing there: the instant may lie before.
        let _ = script::play(&playbook, &self.text, &mut trial);
        let instant = Instant::of(&playbook.setup, &trial, u64::from(self.events));
        instant.map_err(CheckRefusal::unsearchable)
    }
}

fn features(names: &[String]) -> Result<Features, CheckRefusal> {
    let known = |name: &String| {
        Feature::ALL
            .into_iter()
            .find(|feature| feature.name() == name.as_str())
    };
    let found = names
        .iter()
        .map(|name| known(name).ok_or_else(|| CheckRefusal::unknown(name)));
    found.collect()
}

fn rules(ids: &[String]) -> Result<RuleSet, CheckRefusal> {
    let known = |id: &String| Rule::named(id).ok_or_else(|| CheckRefusal::unknown(id));
    ids.iter().map(known).collect()
}
