//! Every case, played with several seeds.

use raft_core::RuleSet;
use rayon::prelude::*;

use super::cluster::{Cluster, Setting};
use super::pattern::Pattern;
use super::theory::{Demand, Start, demand};

/// The settings by themselves and together.
pub(crate) const SETTINGS: [Setting; 4] = [
    Setting::new(false, false),
    Setting::new(true, false),
    Setting::new(false, true),
    Setting::new(true, true),
];

/// A pattern, how the run begins, and its results.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Played {
    pub(crate) setting: Setting,
    pub(crate) start: Start,
    pub(crate) pattern: Pattern,
    pub(crate) demand: Demand,
    pub(crate) seen: Seen,
    /// How long it took at most until the lasting leader was there.
    pub(crate) latest: u64,
}

/// With how many of the seeds a leader lasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Seen {
    Always,
    Sometimes,
    Never,
}

/// How often each case is played.
pub(crate) const fn seeds(servers: usize) -> usize {
    if servers == 3 { 40 } else { 4 }
}

/// All cases of this many servers, without some rules.
pub(crate) fn play(servers: usize, ablated: RuleSet) -> Vec<Played> {
    let all = Pattern::all(servers).into_iter();
    let patterns: Vec<_> = all.filter(|pattern| pattern.leaves_a_majority()).collect();
    let of_setting = |setting| {
        let fresh = (0..seeds(servers)).map(|seed| Cluster::new(servers, setting, seed, ablated));
        let fresh: Vec<Cluster> = fresh.collect();
        let led = |leader| -> Vec<Cluster> {
            let fresh = fresh.iter().cloned();
            fresh.map(|cluster| cluster.led_by(leader)).collect()
        };
        let led: Vec<_> = (0..servers).map(led).collect();
        let played = patterns.par_iter().flat_map_iter(|pattern| {
            let cases = starts(*pattern).into_iter();
            cases.map(|start| {
                let clusters = match start {
                    Start::Fresh => &fresh,
                    Start::Led(leader) | Start::Fallen(leader) => &led[leader],
                };
                play_case(setting, start, *pattern, clusters)
            })
        });
        played.collect::<Vec<_>>()
    };
    SETTINGS.into_iter().flat_map(of_setting).collect()
}

/// From a fresh start, with each server as the leader, and with each as a leader that crashes, if
/// a majority without it is fully connected.
fn starts(pattern: Pattern) -> Vec<Start> {
    let leaders = pattern.unlike_servers();
    let led = leaders.iter().copied().map(Start::Led);
    let is_left = |leader: &usize| pattern.without(*leader).leaves_a_majority();
    let fallen = leaders.iter().copied().filter(is_left).map(Start::Fallen);
    [Start::Fresh]
        .into_iter()
        .chain(led)
        .chain(fallen)
        .collect()
}

fn play_case(setting: Setting, start: Start, pattern: Pattern, clusters: &[Cluster]) -> Played {
    let settled = clusters.iter().filter_map(|cluster| {
        let mut cluster = cluster.clone();
        if let Start::Fallen(leader) = start {
            cluster.crash(leader);
        }
        cluster.cut(pattern);
        cluster.settles()
    });
    let settled: Vec<u64> = settled.collect();
    Played {
        setting,
        start,
        pattern,
        demand: demand(setting, start, pattern),
        seen: match settled.len() {
            0 => Seen::Never,
            some if some < clusters.len() => Seen::Sometimes,
            _ => Seen::Always,
        },
        latest: settled.into_iter().max().unwrap_or(0),
    }
}
