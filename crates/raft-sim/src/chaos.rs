//! Random runs: faults and commands without plan, all drawn from one seed.
//!
//! Nothing here breaks Raft's assumptions: servers crash and lose what was
//! not durable, messages are lost, doubled and delayed, links are cut. So no
//! invariant may break, whatever the seed.

use std::collections::BTreeSet;

use raft_core::{NodeId, RuleSet};

use crate::action::{Action, Between, MessageId};
use crate::command::Command;
use crate::playbook::{Feature, Setup};
use crate::random::Stream;
use crate::run::Run;
use crate::time::{Micros, MicrosRange};

/// Plays `length` of a cluster of 3, 4 or 5 servers, which keep to all rules
/// but those of `without`, under random faults.
#[must_use]
pub fn random_run(seed: u64, length: Micros, without: RuleSet) -> Run {
    let mut draw = Stream::new(seed, "chaos", 0, 0);
    let servers = [3, 4, 5][usize::try_from(draw.below(3)).unwrap_or(0)];
    let mut features: BTreeSet<Feature> = Feature::ALL.into();
    features.retain(|_| draw.below(2) == 1);
    if !features.contains(&Feature::CheckQuorum) {
        features.remove(&Feature::LeaseReads);
    }
    let voters = u8::try_from(draw.below(u64::from(servers)) + 1).unwrap_or(servers);
    let mut run = Run::new(Setup {
        servers,
        voters: (draw.below(2) == 1).then_some(voters),
        seed,
        features,
        without,
        ..Setup::default()
    });
    let mut proposed = 0;
    while run.world().now() < length {
        let pause = Micros(draw.below(60_000));
        if run.advance(pause).is_err() {
            break;
        }
        let action = random_action(&mut draw, &run, servers, &mut proposed);
        // What cannot be done now, such as crashing a crashed server, is
        // simply not done: the refusal itself depends only on the seed.
        let _ = run.act(&action);
    }
    run
}

fn random_action(draw: &mut Stream, run: &Run, servers: u8, proposed: &mut u64) -> Action {
    let any = |draw: &mut Stream| {
        let id = draw.below(u64::from(servers)) + 1;
        NodeId(u16::try_from(id).unwrap_or(1))
    };
    let leader = run.world().leader().unwrap_or(NodeId(1));
    match draw.below(100) {
        0..2 => Action::Read(leader),
        2..4 => Action::Read(any(draw)),
        4..5 => Action::Transfer {
            from: leader,
            to: any(draw),
        },
        5..10 => {
            let (voters, learners) = random_members(draw, servers);
            Action::Reconfigure {
                server: leader,
                voters,
                learners,
            }
        }
        10..50 => {
            *proposed += 1;
            Action::Propose {
                server: leader,
                commands: vec![Command::new(format!("c{proposed}"))],
            }
        }
        50..55 => Action::Crash(any(draw)),
        55..64 => Action::Restart(any(draw)),
        64..66 => Action::Pause(any(draw)),
        66..70 => Action::Resume(any(draw)),
        70..73 => Action::Disconnect(any(draw)),
        73..78 => Action::Connect(any(draw)),
        78..80 => {
            let from = any(draw);
            let others = u64::from(servers) - 1;
            let further = u16::try_from(draw.below(others)).unwrap_or(0) + 1;
            let to = NodeId((from.0 - 1 + further) % u16::from(servers) + 1);
            Action::Cut(Between::OneWay { from, to })
        }
        80..84 => Action::Heal(None),
        84..86 => Action::Timeout(any(draw)),
        86..88 => Action::Snapshot(any(draw)),
        88..90 => Action::Loss {
            link: None,
            permille: u16::try_from(draw.below(300)).unwrap_or(0),
        },
        90..92 => Action::Disk {
            server: None,
            range: range(draw, 20_000),
        },
        92..94 => Action::Latency {
            link: None,
            range: range(draw, 120_000),
        },
        _ => on_a_message(draw, run),
    }
}

/// Each server is a voter, a learner or nobody; the first that may be is a
/// voter, as somebody has to be.
fn random_members(draw: &mut Stream, servers: u8) -> (Vec<NodeId>, Vec<NodeId>) {
    let (mut voters, mut learners) = (Vec::new(), Vec::new());
    for id in (1..=u16::from(servers)).map(NodeId) {
        match draw.below(6) {
            0 => {}
            1 => learners.push(id),
            _ => voters.push(id),
        }
    }
    if voters.is_empty() {
        learners.retain(|id| *id != NodeId(1));
        voters.push(NodeId(1));
    }
    (voters, learners)
}

fn range(draw: &mut Stream, max: u64) -> MicrosRange {
    let min = draw.below(max);
    MicrosRange {
        min: Micros(min),
        max: Micros(min + draw.below(max)),
    }
}

fn on_a_message(draw: &mut Stream, run: &Run) -> Action {
    let flights = run.world().network().flights();
    let nth = usize::try_from(draw.below(flights.len() as u64)).unwrap_or(0);
    let message = flights.keys().nth(nth).copied().unwrap_or(MessageId(0));
    match draw.below(4) {
        0 => Action::Drop(message),
        1 => Action::Deliver(message),
        2 => Action::Delay {
            message,
            by: Micros(draw.below(2_000_000)),
        },
        _ => Action::Duplicate(message),
    }
}
