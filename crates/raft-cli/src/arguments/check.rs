//! What `raftlab check` is told: where it begins, and how much may happen.

use std::path::PathBuf;

use clap::Args;
use raft_core::Rule;
use raft_sim::setup::Feature;

use super::{feature, rule};

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// A playbook; what can still happen from one of its instants on is looked at
    #[arg(value_name = "FILE", conflicts_with_all = ["servers", "voters", "features", "no_symmetry"])]
    pub(crate) file: Option<PathBuf>,
    /// After so many events of FILE; by default after all of them
    #[arg(long, value_name = "EVENT", requires = "file")]
    pub(crate) from: Option<u64>,
    /// How many servers, up to 5
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) servers: u8,
    /// How many of them the cluster begins with, the others being empty; by default all
    #[arg(long, value_name = "N")]
    pub(crate) voters: Option<u8>,
    /// How many terms begin
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) terms: u8,
    /// How many commands are proposed, to any leader
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) commands: u8,
    /// How often a server crashes; it may start again at any time
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) crashes: u8,
    /// How many messages arrive a second time; `any`: each of them, any number of times
    #[arg(long, value_name = "N", default_value = "any", value_parser = copies)]
    pub(crate) copies: Copies,
    /// How often a server takes a snapshot
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) snapshots: u8,
    /// How many reads are asked for, of any leader
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) reads: u8,
    /// How often a leader is asked to hand over, to any server
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) transfers: u8,
    /// How often a leader is asked to change who votes and who learns, to anything
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) changes: u8,
    /// What the servers can do besides plain Raft: pre-vote, no-op, pipelining, snapshot-chunks
    #[arg(long = "use", value_name = "FEATURE,…", value_delimiter = ',', value_parser = feature)]
    pub(crate) features: Vec<Feature>,
    /// Rules that every server ignores
    #[arg(long, value_name = "RULE,…", value_delimiter = ',', value_parser = rule)]
    pub(crate) ablate: Vec<Rule>,
    /// Look at every state, also those that differ only in the numbers of servers
    #[arg(long)]
    pub(crate) no_symmetry: bool,
    /// How many threads; by default one for each core
    #[arg(long, value_name = "N")]
    pub(crate) workers: Option<usize>,
    /// About how many megabytes it may take
    #[arg(long, value_name = "MB", default_value_t = 4096)]
    pub(crate) memory: usize,
    /// Print what was found as one line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Where to write the playbook; standard output by default
    #[arg(long, short, value_name = "FILE", conflicts_with = "json")]
    pub(crate) output: Option<PathBuf>,
}

/// How many messages arrive a second time; any number of them, if `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Copies(pub(crate) Option<u8>);

fn copies(text: &str) -> Result<Copies, String> {
    if text == "any" {
        return Ok(Copies(None));
    }
    let number = text.parse().map(|number| Copies(Some(number)));
    number.map_err(|_| "Write `any`, or a number up to 15.".to_owned())
}
