//! What theory predicts about lasting leaders, without playing anything.

use super::cluster::Setting;
use super::pattern::Pattern;

/// How a run begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Start {
    /// All servers are started for the first time.
    Fresh,
    /// This server leads when the links are cut.
    Led(usize),
    /// This server leads, and crashes when the links are cut.
    Fallen(usize),
}

/// What can be required of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Demand {
    /// A leader that lasts, whatever the timeouts are.
    Always,
    /// Some servers that can be elected would last, and others would not.
    ByLuck,
    /// No server that can be elected lasts: each is deposed by one that does not hear it.
    Deposed,
    /// The leader has lost its majority, and the servers that hear it keep the others from
    /// electing another.
    Obeyed,
}

/// What theory demands where a majority is fully connected.
pub(crate) fn demand(setting: Setting, start: Start, pattern: Pattern) -> Demand {
    let pattern = match start {
        Start::Fallen(leader) => pattern.without(leader),
        Start::Fresh | Start::Led(_) => pattern,
    };
    if setting.check_quorum {
        return Demand::Always;
    }
    let leader = match start {
        Start::Led(leader) => Some(leader),
        Start::Fresh | Start::Fallen(_) => None,
    };
    let lost = leader.filter(|leader| !could_lead(pattern, *leader));
    if setting.pre_vote {
        return lost.map_or(Demand::Always, |old| of_pre_vote_beside(pattern, old));
    }
    if leader != lost && leader.is_some_and(|leader| !is_deposed(pattern, leader)) {
        return Demand::Always;
    }
    let everybody = vec![true; pattern.servers];
    match lost {
        None => of_plain(pattern, &everybody),
        Some(leader) => of_plain_beside(pattern, leader),
    }
}

/// What plain Raft can do beside a leader that has lost its majority. As long as no later term
/// reaches it, it starts no election, nor do the servers that hear it and that no later term reaches.
fn of_plain_beside(pattern: Pattern, old: usize) -> Demand {
    let deaf = deaf(pattern, old);
    if reached(pattern, &deaf)[old] {
        return of_plain(pattern, &vec![true; pattern.servers]);
    }
    let beside = pattern.without(old);
    of_plain(beside, &reached(beside, &deaf))
}

/// What plain Raft can do if these servers start elections when they hear no leader.
fn of_plain(pattern: Pattern, standing: &[bool]) -> Demand {
    let could = (0..pattern.servers).filter(|one| standing[*one] && could_lead(pattern, *one));
    let could: Vec<_> = could.collect();
    let is_lasting = |leader: &&usize| !is_deposed_by(pattern, standing, **leader);
    match could.iter().filter(is_lasting).count() {
        _ if could.is_empty() => Demand::Obeyed,
        0 => Demand::Deposed,
        lasting if lasting == could.len() => Demand::Always,
        _ => Demand::ByLuck,
    }
}

/// Whether a majority hears this server and is heard by it.
fn could_lead(pattern: Pattern, leader: usize) -> bool {
    let servers = 0..pattern.servers;
    let near = servers.filter(|other| *other == leader || pattern.both(leader, *other));
    near.count() * 2 > pattern.servers
}

fn is_deposed(pattern: Pattern, leader: usize) -> bool {
    is_deposed_by(pattern, &vec![true; pattern.servers], leader)
}

/// Whether the leader is reached, perhaps through others, by one of these servers that does not
/// hear it: that server starts one election after another, and each of its terms reaches the leader.
fn is_deposed_by(pattern: Pattern, standing: &[bool], leader: usize) -> bool {
    let mut deaf = deaf(pattern, leader).into_iter();
    deaf.any(|other| standing[other] && reached(pattern, &[other])[leader])
}

/// What Pre-Vote alone can do beside a leader that has lost its majority: a server that hears it
/// refuses, and so does one that has received a last entry from it that the asking server lacks.
fn of_pre_vote_beside(pattern: Pattern, old: usize) -> Demand {
    let deaf = deaf(pattern, old);
    let among = (0..pattern.servers).filter(|one| !deaf.contains(one));
    let among = among.fold(pattern, Pattern::without);
    if among.leaves_a_majority() {
        return Demand::Always;
    }
    let mut deaf = deaf.into_iter();
    if deaf.any(|one| could_lead(among, one)) {
        Demand::ByLuck
    } else {
        Demand::Obeyed
    }
}

/// The servers that do not hear this one.
fn deaf(pattern: Pattern, to: usize) -> Vec<usize> {
    let all = 0..pattern.servers;
    all.filter(|other| *other != to && !pattern.has(to, *other))
        .collect()
}

/// These servers, and all that their messages reach, perhaps through others.
fn reached(pattern: Pattern, from: &[usize]) -> Vec<bool> {
    let mut reached: Vec<_> = (0..pattern.servers)
        .map(|one| from.contains(&one))
        .collect();
    for _ in 0..pattern.servers {
        for to in 0..pattern.servers {
            let mut heard = (0..pattern.servers).filter(|one| reached[*one]);
            let is_heard = heard.any(|one| pattern.has(one, to));
            reached[to] |= is_heard;
        }
    }
    reached
}
