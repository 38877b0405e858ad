//! Partitions by the name of their pattern.
//!
//! A pattern stands for plain Actions, which it becomes when its line is played: groups, and
//! links healed again where a server shall hear more than its own group.

use raft_core::NodeId;
use raft_sim::action::{Action, Groups, LinkAction};
use raft_sim::ids::{Between, Pair};

use crate::text::names::{Set, Several};
use crate::text::{Fault, Scan, Wrong};

/// A pattern: among how many servers there can be one, and what it stands for.
struct Pattern {
    name: &'static str,
    servers_min: usize,
    stands_for: StandsFor,
}

enum StandsFor {
    /// Of all servers.
    All(fn(Vec<NodeId>, &mut Scan<'_>) -> Vec<Action>),
    /// Of one that is named, and the others.
    One(fn(NodeId, Vec<NodeId>) -> Vec<Action>),
}

const fn among(servers_min: usize, name: &'static str, stands_for: StandsFor) -> Pattern {
    Pattern {
        name,
        servers_min,
        stands_for,
    }
}

const PATTERNS: [Pattern; 5] = [
    among(
        2,
        "halves",
        StandsFor::All(|all, _| halves(&all, all.len() / 2)),
    ),
    among(
        2,
        "isolate",
        StandsFor::One(|one, others| into_groups(vec![vec![one], others])),
    ),
    // In a smaller ring everybody hears everybody.
    among(4, "ring", StandsFor::All(|all, _| ring(&all))),
    among(
        3,
        "bridge",
        StandsFor::One(|one, others| bridge(one, &others)),
    ),
    among(2, "random", StandsFor::All(random)),
];

pub(super) fn is_word(word: &str) -> bool {
    PATTERNS.iter().any(|pattern| pattern.name == word)
}

/// What the next words stand for, if they name a pattern.
pub(super) fn pattern(scan: &mut Scan<'_>) -> Result<Option<Vec<Action>>, Wrong> {
    let at = scan.place();
    let word = scan.peek(|c| c.is_alphanumeric() || c == '_');
    let Some(pattern) = PATTERNS.iter().find(|pattern| pattern.name == word) else {
        return Ok(None);
    };
    scan.word();
    let one = match pattern.stands_for {
        StandsFor::One(_) => Some(scan.server()?),
        StandsFor::All(_) => None,
    };
    let all = scan.names.resolve(&Several::Set(Set::All), &[]);
    if !scan.names.is_exact() {
        // How many servers there are is known when it is played.
        return Ok(Some(Vec::new()));
    }
    let mut all = all.unwrap_or_default();
    if all.len() < pattern.servers_min {
        let fault = Fault::too_few_for(word, pattern.servers_min, scan.forms);
        return Err(Wrong { at, fault });
    }
    Ok(Some(match (&pattern.stands_for, one) {
        (StandsFor::All(actions), _) => actions(all, scan),
        (StandsFor::One(actions), one) => {
            all.retain(|id| Some(*id) != one);
            one.map_or_else(Vec::new, |one| actions(one, all))
        }
    }))
}

/// The partition into these groups.
fn into_groups(groups: Vec<Vec<NodeId>>) -> Vec<Action> {
    let groups = Groups::new(groups);
    let partition = groups.map(|groups| Action::Link(LinkAction::Partition(groups)));
    partition.into_iter().collect()
}

fn halves(servers: &[NodeId], first: usize) -> Vec<Action> {
    let (one, other) = servers.split_at(first);
    into_groups(vec![one.to_vec(), other.to_vec()])
}

/// Two halves, and one server that hears both.
fn bridge(one: NodeId, others: &[NodeId]) -> Vec<Action> {
    let (left, right) = others.split_at(others.len() / 2);
    let groups = vec![left.to_vec(), right.to_vec(), vec![one]];
    let links = others.iter().filter_map(|other| heal(one, *other));
    into_groups(groups).into_iter().chain(links).collect()
}

/// Each server hears its two neighbours only.
fn ring(servers: &[NodeId]) -> Vec<Action> {
    let groups = servers.iter().map(|id| vec![*id]).collect();
    let next = servers.iter().cycle().skip(1);
    let links = servers.iter().zip(next);
    let links = links.filter_map(|(a, b)| heal(*a, *b));
    into_groups(groups).into_iter().chain(links).collect()
}

/// Two groups, of which only the second is heard by the other.
fn deaf(servers: &[NodeId], first: usize) -> Vec<Action> {
    let (one, other) = servers.split_at(first);
    let pairs = one
        .iter()
        .flat_map(|to| other.iter().filter_map(|from| Pair::new(*from, *to)));
    let links = pairs.map(|pair| Action::Link(LinkAction::Heal(Some(Between::OneWay(pair)))));
    halves(servers, first).into_iter().chain(links).collect()
}

fn heal(a: NodeId, b: NodeId) -> Option<Action> {
    let pair = Pair::new(a, b)?;
    Some(Action::Link(LinkAction::Heal(Some(Between::Both(pair)))))
}

/// Any of the patterns among the servers in any order, drawn by lot.
fn random(mut servers: Vec<NodeId>, scan: &mut Scan<'_>) -> Vec<Action> {
    let mut lot = |below: usize| {
        let drawn = scan.names.lot(below as u64);
        usize::try_from(drawn).unwrap_or(0)
    };
    for place in (1..servers.len()).rev() {
        servers.swap(place, lot(place + 1));
    }
    let first = lot(servers.len() - 1) + 1;
    match lot(4) {
        0 if servers.len() >= 4 => ring(&servers),
        1 if servers.len() >= 3 => bridge(servers[0], &servers[1..]),
        2 => deaf(&servers, first),
        _ => halves(&servers, first),
    }
}
