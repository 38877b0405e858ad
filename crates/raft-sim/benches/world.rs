//! How fast simulated servers live: events a second, whether an event costs the same after a
//! simulated day, and how long it takes to reach any instant of an hour.
//!
//! Everything runs on one core, with all invariants checked after every event. What is counted is
//! the processor's time. The fastest part of each measurement is shown beside the median, as it is what
//! the machine disturbed least.
//!
//! Words after `--` choose measurements by part of their name. `WORLD_SECONDS` is how long the
//! simulated day is.

use raft_sim::action::{LinkAction, MachineAction, ServerAction};
use std::hint::black_box;
use std::time::Instant;
use std::{env, fs, thread};

use raft_core::{NodeId, Timer};
use raft_sim::bounded::Permille;
use raft_sim::command::Batch;
use raft_sim::ids::{Between, Pair};
use raft_sim::random::Stream;
use raft_sim::{Action, Command, Event, Micros, MicrosRange, Observed, Run, Setup, World};

#[path = "../../../benches/peers/src/allocations.rs"]
mod allocations;

const SERVERS: u16 = 5;

/// What comes from outside while the servers live.
#[derive(Clone, Copy)]
struct Load {
    /// How often a command is offered; never, if not given.
    command_every: Option<Micros>,
    /// How many commands there are from one round of snapshots to the next.
    commands_a_snapshot: u64,
    /// How long a write to a disk takes.
    disk: MicrosRange,
    /// How often something goes wrong, or is mended; never, if not given.
    fault_every: Option<Micros>,
}

const HEARTBEATS: Load = Load {
    command_every: None,
    commands_a_snapshot: 1000,
    disk: MicrosRange::fixed(Micros::ZERO),
    fault_every: None,
};

const COMMANDS: Load = Load {
    command_every: Some(Micros::from_millis(10)),
    ..HEARTBEATS
};

const DISKS: Load = Load {
    disk: MicrosRange::between(Micros::from_millis(1), Micros::from_millis(3)),
    ..COMMANDS
};

const FAULTS: Load = Load {
    fault_every: Some(Micros::from_millis(50)),
    ..DISKS
};

const DAY: Load = Load {
    command_every: Some(Micros::from_millis(50)),
    ..HEARTBEATS
};

const HOUR: Load = Load {
    command_every: Some(Micros::from_millis(100)),
    ..HEARTBEATS
};

/// What a load does next, and when.
struct Outside<'a> {
    load: &'a Load,
    draw: Stream,
    commands: u64,
    command_at: Option<Micros>,
    fault_at: Option<Micros>,
}

impl<'a> Outside<'a> {
    fn new(load: &'a Load) -> Self {
        Self {
            load,
            draw: Stream::new(1, "load", 0, 0),
            commands: 0,
            command_at: load.command_every,
            fault_at: load.fault_every,
        }
    }

    /// When the next Actions are due.
    fn next_at(&self) -> Option<Micros> {
        self.command_at.into_iter().chain(self.fault_at).min()
    }

    /// The Actions that are due at `now`.
    fn due(&mut self, now: Micros, world: &World) -> Vec<Action> {
        let mut actions = Vec::new();
        let leader = world.leader().unwrap_or(NodeId(1));
        if self.command_at.is_some_and(|at| at <= now) {
            self.commands += 1;
            actions.push(Action::Server(ServerAction::Propose {
                server: leader,
                commands: Batch::new(vec![Command::new(format!("c{}", self.commands))])
                    .expect("one"),
            }));
            if self.commands.is_multiple_of(self.load.commands_a_snapshot) {
                actions.extend(
                    (1..=SERVERS).map(|id| Action::Server(ServerAction::Snapshot(NodeId(id)))),
                );
            }
            self.command_at = self.load.command_every.map(|every| now + every);
        }
        if self.fault_at.is_some_and(|at| at <= now) {
            actions.push(self.fault());
            self.fault_at = self.load.fault_every.map(|every| now + every);
        }
        actions
    }

    fn fault(&mut self) -> Action {
        let mut any = || {
            let id = self.draw.below(u64::from(SERVERS)) + 1;
            NodeId(u16::try_from(id).unwrap_or(1))
        };
        let (a, b) = (any(), any());
        let to = NodeId(a.0 % SERVERS + 1);
        match self.draw.below(16) {
            0 => Action::Server(ServerAction::Crash(a)),
            1..=4 => Action::Server(ServerAction::Restart(a)),
            5 => Action::Server(ServerAction::Pause(b)),
            6..=8 => Action::Server(ServerAction::Resume(b)),
            9 => Action::Link(Pair::new(a, to).map_or(LinkAction::Heal(None), |pair| {
                LinkAction::Cut(Between::OneWay(pair))
            })),
            10..=12 => Action::Link(LinkAction::Heal(None)),
            13 => Action::Server(ServerAction::Fire(a, Timer::Election)),
            _ => Action::Link(LinkAction::Loss {
                link: None,
                permille: Permille::clamped(u16::try_from(self.draw.below(100)).unwrap_or(0)),
            }),
        }
    }
}

const fn without_snapshots(load: Load) -> Load {
    Load {
        commands_a_snapshot: u64::MAX,
        ..load
    }
}

/// A world and what is done to it.
struct Living<'a> {
    world: Observed,
    outside: Outside<'a>,
}

impl<'a> Living<'a> {
    fn new(load: &'a Load) -> Self {
        let mut world = Observed::new(&setup());
        let disk = Action::Machine(MachineAction::Disk {
            server: None,
            range: load.disk,
        });
        world.act(&disk).expect("a disk can always be changed");
        let mut outside = Outside::new(load);
        // The first moments, until there is a leader, are not what is measured.
        outside.command_at = load.command_every.map(|every| every + Micros::from_secs(3));
        let mut living = Self { world, outside };
        living.live(2000, &mut |_| {});
        living
    }

    /// Lets about so many events happen; what cannot be done is left out.
    fn live(&mut self, events: u64, see: &mut impl FnMut(Event)) {
        let end = self.world.event_count() + events;
        while self.world.event_count() < end {
            let now = self.world.now();
            if self.outside.next_at().is_some_and(|at| at <= now) {
                for action in self.outside.due(now, &self.world) {
                    let _ = self.world.act(&action).map(&mut *see);
                }
            }
            match self.world.step() {
                Some(event) => see(event),
                // Nobody is left to do anything.
                None => self.mend(see),
            }
        }
    }

    fn mend(&mut self, see: &mut impl FnMut(Event)) {
        for id in (1..=SERVERS).map(NodeId) {
            for action in [
                Action::Server(ServerAction::Restart(id)),
                Action::Server(ServerAction::Resume(id)),
            ] {
                let _ = self.world.act(&action).map(&mut *see);
            }
        }
    }
}

fn setup() -> Setup {
    Setup {
        servers: 5,
        seed: 7,
        ..Setup::default()
    }
}

fn main() {
    let words: Vec<String> = env::args()
        .skip(1)
        .filter(|w| !w.starts_with('-'))
        .collect();
    let chosen = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word));
    println!("events a second of a World, {SERVERS} servers, all invariants checked");
    let loads = [
        ("heartbeats", HEARTBEATS),
        ("commands", COMMANDS),
        ("disks", DISKS),
        ("faults", FAULTS),
    ];
    for (name, load) in loads.iter().filter(|(name, _)| chosen(name)) {
        print_rate(name, load);
    }
    for (name, snapshots, load) in [
        ("day", "snapshots each 1000 commands", DAY),
        (
            "day-without-snapshots",
            "no snapshots",
            without_snapshots(DAY),
        ),
    ] {
        if chosen(name) {
            print_day(snapshots, &load);
        }
    }
    for (name, snapshots, load) in [
        ("hour", "snapshots each 1000 commands", HOUR),
        (
            "hour-without-snapshots",
            "no snapshots",
            without_snapshots(HOUR),
        ),
    ] {
        if chosen(name) {
            print_hour(snapshots, &load);
        }
    }
}

fn print_rate(name: &str, load: &Load) {
    const PARTS: usize = 21;
    const EVENTS: u64 = 100_000;
    let mut living = Living::new(load);
    let made = allocations::made();
    let mut seconds: Vec<f64> = (0..PARTS)
        .map(|_| processor_time(|| living.live(EVENTS, &mut |event| drop(black_box(event)))))
        .collect();
    let made = allocations::made() - made;
    seconds.sort_by(f64::total_cmp);
    let rate = |seconds: f64| float(EVENTS) / seconds;
    println!(
        "  {name:<12} median {:>10.0}  fastest {:>10.0}  allocations an event {:>6.2}  violations {}",
        rate(seconds[PARTS / 2]),
        rate(seconds[0]),
        float(made) / float(EVENTS * PARTS as u64),
        living.world.checker().violations().len()
    );
}

/// Whether an event costs the same however long the servers have lived.
fn print_day(snapshots: &str, load: &Load) {
    const PARTS: u64 = 10;
    const COPIES: u32 = 10;
    let length = env::var("WORLD_SECONDS").ok();
    let length = length.and_then(|n| n.parse().ok()).unwrap_or(86_400);
    println!("\n{length} simulated seconds, a command each 50 ms, {snapshots}");
    let mut living = Living::new(load);
    for part in 1..=PARTS {
        let end = Micros::from_secs(length * part / PARTS);
        let mut each = Vec::new();
        while living.world.now() < end {
            let before = living.world.event_count();
            let seconds =
                processor_time(|| living.live(50_000, &mut |event| drop(black_box(event))));
            each.push(seconds * 1e9 / float(living.world.event_count() - before));
        }
        each.sort_by(f64::total_cmp);
        let copying = processor_time(|| {
            for _ in 0..COPIES {
                drop(black_box(living.world.clone()));
            }
        });
        println!(
            "  up to event {:>10}  median {:>6.0} ns an event, fastest {:>6.0}  copy of the World {:>8.1} us  heap {:>10}",
            living.world.event_count(),
            each[each.len() / 2],
            each[0],
            copying * 1e6 / f64::from(COPIES),
            allocations::bytes()
        );
    }
}

/// A Run of an hour: what it keeps, and how long it takes to go anywhere in it.
fn print_hour(snapshots: &str, load: &Load) {
    const JUMPS: usize = 1000;
    println!("\na Run of an hour, a command each 100 ms, {snapshots}");
    let before = allocations::bytes();
    let mut run = Run::new(setup());
    let mut outside = Outside::new(load);
    let seconds = processor_time(|| live_an_hour(&mut run, &mut outside));
    let events = run.position();
    println!(
        "  {events} events, {:.0} a second, {:.1} bytes kept an event, all checkpoints included",
        float(events) / seconds,
        float(allocations::bytes() - before) / float(events)
    );
    let mut draw = Stream::new(1, "jump", 0, 0);
    let end = run.end_at().0;
    jumps("to any instant", &mut run, JUMPS, |run| {
        let at = Micros(draw.below(end));
        run.go_to_time(at);
    });
    run.go_to(events);
    jumps("one event back", &mut run, JUMPS, |run| {
        run.step_back();
    });
    println!(
        "  {:.1} bytes kept an event afterwards",
        float(allocations::bytes() - before) / float(events)
    );
}

fn live_an_hour(run: &mut Run, outside: &mut Outside<'_>) {
    let end = Micros::from_secs(3600);
    run.advance(Micros::from_secs(3)).expect("room");
    while run.world().now() < end {
        for action in outside.due(run.world().now(), run.world()) {
            run.act(&action).expect("nothing stands against it");
        }
        let next = outside.next_at().unwrap_or(end).min(end);
        let wait = next.saturating_sub(run.world().now());
        run.advance(wait).expect("an hour has room");
    }
}

fn jumps(name: &str, run: &mut Run, count: usize, mut jump: impl FnMut(&mut Run)) {
    let mut seconds: Vec<f64> = (0..count).map(|_| processor_time(|| jump(run))).collect();
    seconds.sort_by(f64::total_cmp);
    let at = |permille: usize| seconds[(count * permille / 1000).min(count - 1)] * 1e3;
    println!(
        "  {name}: p50 {:.3} ms, p95 {:.3} ms, longest {:.3} ms",
        at(500),
        at(950),
        at(1000)
    );
}

fn time(act: impl FnOnce()) -> f64 {
    let begin = Instant::now();
    act();
    begin.elapsed().as_secs_f64()
}

/// The seconds that the processor spent on it, which others on the same machine change less than
/// those that passed; the latter where the system does not tell.
fn processor_time(act: impl FnOnce()) -> f64 {
    let spent = || {
        // The count is brought up to date when the processor is offered to others.
        thread::yield_now();
        let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    };
    let before = spent();
    let passed = time(act);
    let on_processor = spent().zip(before).map(|(after, before)| after - before);
    on_processor.map_or(passed, |nanoseconds| float(nanoseconds) / 1e9)
}

#[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
const fn float(value: u64) -> f64 {
    value as f64
}
