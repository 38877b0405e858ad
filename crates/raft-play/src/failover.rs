//! How long a cluster is without a leader after one has crashed: the question of the paper's Figure 16,
//! asked of any cluster that a header describes.
//!
//! Each trial is a playbook, so that what is measured can be read, opened and stepped through.

use std::collections::BTreeSet;

use raft_core::{NodeId, Term, Timer};
use raft_sim::action::{Action, ServerAction};
use raft_sim::setup::Setup;
use raft_sim::{EventKind, Micros, Run};

use crate::playbook::Playbook;
use crate::telling::open;
use crate::text::TextError;

/// A trial ends without a leader after so many of the longest election timeouts.
const TIMEOUTS_MAX: u64 = 20;

/// What became of one cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failover {
    /// The server that was to crash led no more when its time had come: the cluster lost its leader by
    /// itself, and nothing was measured.
    Deposed,
    /// The leader crashed.
    Crashed {
        /// From the crash until another server led; `None` if none did within twenty election timeouts.
        leaderless: Option<Micros>,
        /// Whether the first election after the crash had no winner.
        is_split: bool,
    },
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
/// Says which line cannot be read.
pub fn failover(header: &str, seed: u64) -> Result<Failover, TextError> {
    let mut run = open(&text(header, seed)?)?;
    let is_crash = |kind: &EventKind| {
        matches!(
            kind,
            EventKind::Acted(Action::Server(ServerAction::Crash(_)))
        )
    };
    let crash = run.events().iter().find(|event| is_crash(&event.kind));
    let Some(crash) = crash else {
        return Ok(Failover::Deposed);
    };
    let is_over = run.world().leader().is_some();
    let leaderless = is_over.then(|| run.world().now().saturating_sub(crash.at));
    let fired = fired_twice(&run, crash.number);
    let last = leading(&run);
    run.go_to(crash.number);
    let Some((leader, term)) = leading(&run) else {
        return Ok(Failover::Deposed);
    };
    if crash.server != Some(leader) {
        return Ok(Failover::Deposed);
    }
    // Pre-Vote raises no term: there only the timers tell.
    let is_skipped = last.is_some_and(|(_, next)| next.0 > term.0 + 1);
    Ok(Failover::Crashed {
        leaderless,
        is_split: is_skipped || fired,
    })
}

/// Who leads, and in which term.
fn leading(run: &Run) -> Option<(NodeId, Term)> {
    let leader = run.world().leader()?;
    let node = run.world().server(leader)?.node()?;
    Some((leader, node.hard_state().current_term))
}

/// Whether some server's election timer has run out twice since this event.
fn fired_twice(run: &Run, since: u64) -> bool {
    let mut fired = BTreeSet::new();
    run.events()
        .range(since..run.position())
        .any(|event| event.kind == EventKind::Timer(Timer::Election) && !fired.insert(event.server))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of the first hundred seeds split the vote.
    const SPLIT: u32 = 16;
    const HEADER: &str = "servers 5\nelection 150ms..200ms\nheartbeat 75ms\nlatency 5ms..10ms";

    /// §9.2 of the dissertation: the earliest of four timers is a fifth into the range; a leader that
    /// crashes anywhere between two heartbeats leaves the less of it.
    #[test]
    fn a_leader_follows_after_what_is_left_of_the_earliest_timer() {
        let (mut times, mut split) = (Vec::new(), 0);
        for seed in 1..=100 {
            let trial = failover(HEADER, seed).expect("a header");
            let Failover::Crashed {
                leaderless,
                is_split,
            } = trial
            else {
                panic!("seed {seed}: {trial:?}");
            };
            times.push(leaderless.expect("a leader").0);
            split += u32::from(is_split);
        }
        times.sort_unstable();
        assert!((130_000..160_000).contains(&times[50]), "{}", times[50]);
        // Two timers within one message's way of each other: the closed form for n = 5, s = 4 says
        // between one in twenty and one in five.
        assert_eq!(split, SPLIT, "of 100");
    }

    /// With one timeout for all, no election has a winner but by chance.
    #[test]
    fn equal_timeouts_split_the_vote() {
        let header = "servers 5\nelection 150ms\nheartbeat 75ms\nlatency 10ms";
        let trial = failover(header, 1).expect("a header");
        let none = Failover::Crashed {
            leaderless: None,
            is_split: true,
        };
        assert_eq!(trial, none);
    }

    /// Whose heartbeats come too late is deposed before it can crash, which is no election after a crash.
    #[test]
    fn a_leader_that_is_deposed_is_not_measured() {
        let header = "servers 5\nelection 150ms..300ms\nheartbeat 500ms\nlatency 5ms..10ms";
        let deposed =
            (1..=20).filter(|seed| failover(header, *seed).expect("a header") == Failover::Deposed);
        assert!(deposed.count() >= 15);
    }

    #[test]
    fn what_is_said_of_the_cluster_is_checked() {
        let error = failover("servers 5\nlatency soon", 1).expect_err("no duration");
        assert_eq!(error.line, 2);
    }
}
