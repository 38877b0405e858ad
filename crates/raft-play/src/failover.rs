//! How long a cluster is without a leader after one has crashed: the question of the paper's Figure 16,
//! asked of any cluster that a header describes.
//!
//! Each trial is a playbook, so that what is measured can be read, opened and stepped through.

use std::collections::BTreeSet;

use raft_core::{Term, Timer};
use raft_sim::action::{Action, ServerAction};
use raft_sim::run::{RoleKind, Standing};
use raft_sim::setup::Setup;
use raft_sim::{EventKind, Micros, Run};

use crate::playbook::Playbook;
use crate::telling::open;
use crate::text::TextError;

/// A trial ends without a leader after so many of the longest election timeouts.
const TIMEOUTS_MAX: u64 = 20;

/// What became of one cluster whose leader crashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failover {
    /// From the crash until another server led; `None` if none did within twenty election timeouts.
    pub leaderless: Option<Micros>,
    /// Whether the first election after the crash had no winner.
    pub is_split: bool,
}

/// The playbook of the trial with this seed. `header` is all that is said of the cluster but its seed:
/// lines of a header, and Actions that set up its network.
///
/// The leader has sent a few heartbeats, which have set the others' timers anew, when it crashes at any
/// instant between two of them (§9.3 of the paper).
///
/// # Errors
/// Says which line of the header cannot be read.
pub fn text(header: &str, seed: u64) -> Result<String, TextError> {
    let Playbook { setup, .. } = header.parse()?;
    let Setup {
        heartbeat,
        election,
        ..
    } = setup;
    let (beats, limit) = (heartbeat.0 * 3, election.max().0 * TIMEOUTS_MAX);
    let between = heartbeat.0;
    Ok(format!(
        "seed {seed}\n{header}\n\
         timeout S1\nwait {limit}us until leader = S1\nrun {beats}us\nrun 0us..{between}us\n\
         crash S1\nrun {limit}us until leaders >= 1\n"
    ))
}

/// Plays the trial with this seed.
///
/// # Errors
/// Says which line cannot be read, or that there was no leader that could crash.
pub fn failover(header: &str, seed: u64) -> Result<Failover, TextError> {
    let run = open(&text(header, seed)?)?;
    let is_crash = |kind: &EventKind| {
        matches!(
            kind,
            EventKind::Acted(Action::Server(ServerAction::Crash(_)))
        )
    };
    let crash = run.events().iter().find(|event| is_crash(&event.kind));
    let (number, at) = crash.map_or((0, Micros(0)), |event| (event.number, event.at));
    let leads = run.world().leader().is_some();
    Ok(Failover {
        leaderless: leads.then(|| run.world().now().saturating_sub(at)),
        is_split: is_split(&run, number),
    })
}

/// Whether the first election after this event had no winner: the next leader is not of the next term,
/// or (Pre-Vote raises no term) some server's election timer has run out twice.
fn is_split(run: &Run, crash: u64) -> bool {
    let leaders = run
        .lanes()
        .iter()
        .flatten()
        .filter_map(|span| span.standing);
    let leaders = leaders.filter(|standing| standing.role == RoleKind::Leader);
    let terms: BTreeSet<Term> = leaders.map(|Standing { term, .. }| term).collect();
    let skips = terms.iter().zip(terms.iter().skip(1));
    let is_skipped = skips.clone().any(|(one, next)| next.0 > one.0 + 1);
    let mut fired = BTreeSet::new();
    let events = run.events();
    let mut later = events.range(crash..run.position());
    is_skipped
        || later.any(|event| {
            event.kind == EventKind::Timer(Timer::Election) && !fired.insert(event.server)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "servers 5\nelection 150ms..200ms\nheartbeat 75ms\nlatency 5ms..10ms";

    /// §9.2 of the dissertation: the earliest of four timers is a fifth into the range; a leader that
    /// crashes anywhere between two heartbeats leaves the less of it.
    #[test]
    fn a_leader_follows_after_what_is_left_of_the_earliest_timer() {
        let trials: Vec<Failover> = (1..=100)
            .map(|seed| failover(HEADER, seed).expect("a header"))
            .collect();
        let mut times: Vec<u64> = trials
            .iter()
            .map(|trial| trial.leaderless.expect("a leader").0)
            .collect();
        times.sort_unstable();
        assert!((100_000..180_000).contains(&times[50]), "{}", times[50]);
        // Two timers within one message's way of each other: the closed form for n = 5, s = 4 says
        // about one in ten.
        let split = trials.iter().filter(|trial| trial.is_split).count();
        assert!((2..40).contains(&split), "{split} of 100");
    }

    /// With one timeout for all, no election has a winner but by chance.
    #[test]
    fn equal_timeouts_split_the_vote() {
        let header = "servers 5\nelection 150ms\nheartbeat 75ms\nlatency 10ms";
        let trial = failover(header, 1).expect("a header");
        assert_eq!(trial.leaderless, None);
        assert!(trial.is_split);
    }

    #[test]
    fn what_is_said_of_the_cluster_is_checked() {
        let error = failover("servers 5\nlatency soon", 1).expect_err("no duration");
        assert_eq!(error.line, 2);
    }
}
