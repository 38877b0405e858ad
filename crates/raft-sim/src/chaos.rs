//! Random runs: faults and commands without plan, all drawn from one seed.
//!
//! Nothing here breaks Raft's assumptions: servers crash and lose what was
//! not durable, even in the middle of a write; messages are lost, doubled,
//! delayed and overtaken; links are cut and clogged; disks stall and keep no
//! order; clocks run as they like, unless reads rest on leases. So no
//! invariant may break, whatever the seed.

use raft_core::{NodeId, RuleSet};

use crate::action::{Action, Between, Jump, MessageId};
use crate::command::Command;
use crate::delay::Delay;
use crate::network::Model;
use crate::network::labrpc::Labrpc;
use crate::playbook::{Feature, Features, Setup};
use crate::random::Stream;
use crate::run::Run;
use crate::time::{Micros, MicrosRange};

/// With so many messages under way a run is over: servers that keep to fewer
/// rules may answer each message with several, and nothing else happens then.
const STORM: usize = 1_000;

/// Plays `length` of a cluster of 3, 4 or 5 servers, which keep to all rules
/// but those of `without`, under random faults.
#[must_use]
pub fn random_run(seed: u64, length: Micros, without: RuleSet) -> Run {
    let mut draw = Stream::new(seed, "chaos", 0, 0);
    let servers = [3, 4, 5][usize::try_from(draw.below(3)).unwrap_or(0)];
    let mut features: Features = Feature::ALL.into();
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
    while run.world().now() < length && run.world().network().flights().len() < STORM {
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
    let any = |draw: &mut Stream| any_server(draw, servers);
    let leader = run.world().leader().unwrap_or(NodeId(1));
    match draw.below(115) {
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
        50..53 => Action::Crash(any(draw)),
        53..55 => Action::CrashTorn(any(draw)),
        55..64 => Action::Restart(any(draw)),
        64..66 => Action::Pause(any(draw)),
        66..70 => Action::Resume(any(draw)),
        70..73 => Action::Disconnect(any(draw)),
        73..78 => Action::Connect(any(draw)),
        78..80 => Action::Cut(any_way(draw, servers)),
        80..86 => Action::Heal(None),
        86..88 => Action::Timeout(any(draw)),
        88..90 => Action::Snapshot(any(draw)),
        90..96 => on_a_message(draw, run),
        96..108 => on_the_network(draw, servers),
        _ => on_a_machine(draw, run, servers),
    }
}

fn any_server(draw: &mut Stream, servers: u8) -> NodeId {
    let id = draw.below(u64::from(servers)) + 1;
    NodeId(u16::try_from(id).unwrap_or(1))
}

fn any_way(draw: &mut Stream, servers: u8) -> Between {
    let from = any_server(draw, servers);
    let others = u64::from(servers) - 1;
    let further = below(draw, others) + 1;
    let to = NodeId((from.0 - 1 + further) % u16::from(servers) + 1);
    Between::OneWay { from, to }
}

/// One number of few.
fn below(draw: &mut Stream, bound: u64) -> u16 {
    u16::try_from(draw.below(bound)).unwrap_or(0)
}

/// What messages meet from now on.
fn on_the_network(draw: &mut Stream, servers: u8) -> Action {
    let link = None;
    match draw.below(14) {
        0..2 => Action::Loss {
            link,
            permille: below(draw, 300),
        },
        2..4 => Action::Latency {
            link,
            delay: range(draw, 120_000).into(),
        },
        4..6 => {
            let delay = curve(draw);
            Action::Latency { link, delay }
        }
        6 => Action::Duplication {
            link,
            permille: below(draw, 200),
        },
        7 => Action::Reordering {
            link,
            permille: below(draw, 300),
            by: range(draw, 2_000_000),
        },
        8 => Action::Clog(any_way(draw, servers)),
        9 => Action::Unclog(Some(any_way(draw, servers))),
        10 => Action::Unclog(None),
        11 => Action::Network(Model::Plain),
        12 => Action::Network(Model::Labrpc(Labrpc {
            // A message that takes no time is no fault, and lets servers that keep to fewer
            // rules talk without end at one instant.
            reliable: false,
            long_reordering: draw.below(2) == 0,
        })),
        _ => {
            let ids: Vec<NodeId> = (1..=u16::from(servers)).map(NodeId).collect();
            let first = usize::from(below(draw, u64::from(servers) - 1)) + 1;
            let (one, other) = ids.split_at(first);
            Action::Partition(vec![one.to_vec(), other.to_vec()])
        }
    }
}

fn curve(draw: &mut Stream) -> Delay {
    let time = Micros(draw.below(100_000));
    match draw.below(3) {
        0 => Delay::Normal {
            mean: time,
            deviation: Micros(draw.below(50_000)),
        },
        1 => Delay::Exponential { mean: time },
        _ => Delay::Pareto {
            min: time,
            shape_hundredths: 80 + below(draw, 300),
        },
    }
}

/// How a disk or a clock is from now on.
fn on_a_machine(draw: &mut Stream, run: &Run, servers: u8) -> Action {
    let server = any_server(draw, servers);
    // A lease is as good as the clocks: what breaks with it is no surprise.
    let kinds = if run.setup().features.contains(&Feature::LeaseReads) {
        7
    } else {
        10
    };
    match draw.below(kinds) {
        0 => Action::Disk {
            server: None,
            range: range(draw, 20_000),
        },
        1 => Action::DiskOrder {
            server: None,
            in_order: draw.below(2) == 0,
        },
        2 => Action::Stall(server),
        3..7 => Action::Unstall(server),
        7 => Action::ClockRate {
            server,
            permille: 500 + below(draw, 1_500),
        },
        8 => Action::ClockJump {
            server,
            jump: Jump::Ahead(Micros(draw.below(2_000_000))),
        },
        _ => Action::ClockJump {
            server,
            jump: Jump::Back(Micros(draw.below(2_000_000))),
        },
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
