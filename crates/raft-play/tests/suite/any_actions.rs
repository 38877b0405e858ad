//! Whatever is done to a cluster, as long as no disk is rewritten: no
//! invariant breaks, what was done can be saved and done again, and once
//! everything is well again the cluster goes on.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;
use raft_core::{NodeId, Timer};
use raft_play::{act_line, open, save};
use raft_sim::action::{Groups, LinkAction, MachineAction, Members, MessageAction, ServerAction};
use raft_sim::bounded::Permille;
use raft_sim::command::Batch;
use raft_sim::digest::Digest;
use raft_sim::ids::{Between, MessageId, Pair};
use raft_sim::said::MessageKind;
use raft_sim::setup::{Feature, Features};
use raft_sim::time::Duration;
use raft_sim::{Action, Command, Micros, MicrosRange, Run, Setup, World, payload_text};

/// How long a cluster that is well again may take to commit a new command.
const PATIENCE: Micros = Micros::from_secs(20);

/// Something to be done, before it is known to which cluster: a number stands
/// for one of the servers, or of the messages under way, that there are then.
#[derive(Debug, Clone)]
enum Wish {
    /// Of whoever leads.
    Propose(u8),
    Reconfigure {
        voters: u8,
        learners: u8,
    },
    Transfer(u8),
    /// Of anybody.
    Read(u8),
    Crash(u8),
    Restart(u8),
    Pause(u8),
    Resume(u8),
    Disconnect(u8),
    Connect(u8),
    Timeout(u8),
    Snapshot(u8),
    /// Of the network.
    Cut(u8, u8, bool),
    Heal,
    Partition(u8),
    Latency(u32),
    Loss(u16),
    Drop(u16),
    Duplicate(u16),
    Deliver(u16),
    Delay(u16, u32),
    /// Of all disks.
    Disk(u32),
    /// Any of [`LINES`], about these servers.
    Line(usize, u8, u8),
}

/// What else may be done, `A` and `B` standing for servers.
const LINES: [&str; 40] = [
    "crash A torn",
    "clog A -> B",
    "clog A B",
    "unclog",
    "duplication 10%",
    "reordering 20% 10ms..300ms",
    "latency exponential 20ms",
    "latency pareto 5ms 1.5",
    "latency A -> B normal 40ms 10ms",
    "network labrpc unreliable",
    "network labrpc unreliable long-reordering",
    "network plain",
    "disk unordered",
    "disk A 20ms",
    "stall A",
    "unstall A",
    "work clients keys 2 every 5ms..80ms",
    "work C1 keys 1 every 5ms by read-index",
    "append C2 k1 x",
    "loss clients 30%",
    "latency clients 1ms..100ms",
    "clock A 90%",
    "drop next AppendEntries A -> B",
    "delay next A -> B 300ms",
    "duplicate AppendEntries reply",
    "duplicate next answer",
    "loss AppendEntries A -> B 60%",
    "reordering RequestVote reply 30% 10ms..300ms",
    "bandwidth A -> B 50B/s",
    "bandwidth 1KiB/s",
    "bandwidth unlimited",
    "disk A failing",
    "disk A working",
    "backup A",
    "fire A retry",
    "fire A heartbeat",
    "fire A quorum",
    "fire A transfer",
    "cpu A 2ms",
    "cpu A 0",
];

fn wishes() -> impl Strategy<Value = Wish> {
    let number = any::<u8>;
    let message = any::<u16>;
    prop_oneof![
        12 => (1_u8..5).prop_map(Wish::Propose),
        8 => (number(), number()).prop_map(|(voters, learners)| Wish::Reconfigure { voters, learners }),
        2 => number().prop_map(Wish::Transfer),
        2 => number().prop_map(Wish::Read),
        4 => number().prop_map(Wish::Crash),
        5 => number().prop_map(Wish::Restart),
        2 => number().prop_map(Wish::Pause),
        3 => number().prop_map(Wish::Resume),
        3 => number().prop_map(Wish::Disconnect),
        3 => number().prop_map(Wish::Connect),
        4 => number().prop_map(Wish::Timeout),
        4 => number().prop_map(Wish::Snapshot),
        2 => (number(), number(), prop::bool::ANY).prop_map(|(a, b, both)| Wish::Cut(a, b, both)),
        3 => Just(Wish::Heal),
        2 => number().prop_map(Wish::Partition),
        1 => (0_u32..150_000).prop_map(Wish::Latency),
        1 => (0_u16..300).prop_map(Wish::Loss),
        1 => message().prop_map(Wish::Drop),
        2 => message().prop_map(Wish::Duplicate),
        1 => message().prop_map(Wish::Deliver),
        2 => (message(), 0_u32..2_000_000).prop_map(|(id, by)| Wish::Delay(id, by)),
        1 => (0_u32..40_000).prop_map(Wish::Disk),
        12 => (0..LINES.len(), number(), number()).prop_map(|(line, a, b)| Wish::Line(line, a, b)),
    ]
}

fn setups() -> impl Strategy<Value = Setup> {
    let features = subsequence(Feature::ALL.to_vec(), 0..=Feature::ALL.len());
    let voters = prop::option::of(1_u8..=6);
    (1_u8..=6, voters, 0_u64..1_000_000, features).prop_map(|(servers, voters, seed, features)| {
        let mut features: Features = features.into_iter().collect();
        if !features.contains(&Feature::CheckQuorum) {
            features.remove(&Feature::LeaseReads);
        }
        Setup {
            clients: u8::try_from(seed % 4).unwrap_or(0),
            servers,
            voters: voters.map(|voters| voters.min(servers)),
            seed,
            features,
            ..Setup::default()
        }
    })
}

/// The Action that a wish comes to now.
fn action(wish: &Wish, world: &World, proposed: &mut u32) -> Action {
    let server = |number: u8| nth_server(world, number);
    let leader = world.leader().unwrap_or(NodeId(1));
    match *wish {
        Wish::Propose(count) => {
            let commands = (0..count).map(|_| next_command(proposed)).collect();
            Action::Server(ServerAction::Propose {
                server: leader,
                commands: Batch::new(commands).expect("at least one"),
            })
        }
        Wish::Reconfigure { voters, learners } => {
            let mut voters = servers_of(world, voters);
            if voters.is_empty() {
                voters.push(leader);
            }
            let mut learners = servers_of(world, learners);
            learners.retain(|id| !voters.contains(id));
            Action::Server(ServerAction::Reconfigure {
                server: leader,
                members: Members::new(voters, learners).expect("nobody is twice"),
            })
        }
        Wish::Transfer(to) => Action::Server(ServerAction::Transfer {
            from: leader,
            to: server(to),
        }),
        Wish::Read(id) => Action::Server(ServerAction::Read(server(id))),
        Wish::Crash(id) => Action::Server(ServerAction::Crash(server(id))),
        Wish::Restart(id) => Action::Server(ServerAction::Restart(server(id))),
        Wish::Pause(id) => Action::Server(ServerAction::Pause(server(id))),
        Wish::Resume(id) => Action::Server(ServerAction::Resume(server(id))),
        Wish::Disconnect(id) => Action::Link(LinkAction::Disconnect(server(id))),
        Wish::Connect(id) => Action::Link(LinkAction::Connect(server(id))),
        Wish::Timeout(id) => Action::Server(ServerAction::Fire(server(id), Timer::Election)),
        Wish::Snapshot(id) => Action::Server(ServerAction::Snapshot(server(id))),
        Wish::Disk(max) => Action::Machine(MachineAction::Disk {
            server: None,
            range: up_to(max),
        }),
        _ => on_the_network(wish, world),
    }
}

/// Does what is wished for, if it can be done now.
fn wish_for(wish: &Wish, run: &mut Run, proposed: &mut u32) {
    let Wish::Line(line, a, b) = wish else {
        // What cannot be done now is not done.
        let _ = run.act(&action(wish, run.world(), proposed));
        return;
    };
    let leases = run.setup().features.contains(&Feature::LeaseReads);
    let line = LINES[*line];
    // A lease is as good as the clocks.
    if leases && line.starts_with("clock") {
        return;
    }
    let [a, b] = [a, b].map(|number| nth_server(run.world(), *number).to_string());
    let named = line.split(' ').map(|word| match word {
        "A" => a.as_str(),
        "B" => b.as_str(),
        word => word,
    });
    let _ = act_line(run, &named.collect::<Vec<_>>().join(" "));
}

/// The same where it is about links and messages. To cut off nobody from
/// nobody is to heal.
fn on_the_network(wish: &Wish, world: &World) -> Action {
    let message = |number: u16| {
        let flights = world.network().flights();
        let nth = usize::from(number) % flights.len().max(1);
        flights.keys().nth(nth).copied().unwrap_or(MessageId(0))
    };
    match *wish {
        Wish::Cut(a, b, both) => {
            let pair = Pair::new(nth_server(world, a), nth_server(world, b));
            Action::Link(match pair {
                None => LinkAction::Heal(None),
                Some(pair) if both => LinkAction::Cut(Between::Both(pair)),
                Some(pair) => LinkAction::Cut(Between::OneWay(pair)),
            })
        }
        Wish::Partition(mask) => {
            let groups = [mask, !mask].map(|mask| servers_of(world, mask));
            let groups = Groups::new(groups.into());
            Action::Link(groups.map_or(LinkAction::Heal(None), LinkAction::Partition))
        }
        Wish::Latency(max) => Action::Link(LinkAction::Latency {
            link: None,
            delay: up_to(max).into(),
        }),
        Wish::Loss(permille) => Action::Link(LinkAction::Loss {
            link: None,
            permille: Permille::clamped(permille),
        }),
        Wish::Drop(id) => Action::Message(MessageAction::Drop(message(id))),
        Wish::Duplicate(id) => Action::Message(MessageAction::Duplicate(message(id))),
        Wish::Deliver(id) => Action::Message(MessageAction::Deliver(message(id))),
        Wish::Delay(id, by) => Action::Message(MessageAction::Delay {
            message: message(id),
            by: Duration::clamped(Micros(u64::from(by))),
        }),
        _ => Action::Link(LinkAction::Heal(None)),
    }
}

fn nth_server(world: &World, number: u8) -> NodeId {
    let servers = world.servers();
    servers[usize::from(number) % servers.len()].id
}

/// The servers whose bits are set.
fn servers_of(world: &World, mask: u8) -> Vec<NodeId> {
    let all = world.servers().iter().map(|server| server.id);
    all.filter(|id| mask >> (id.0 - 1) & 1 == 1).collect()
}

fn up_to(max: u32) -> MicrosRange {
    MicrosRange::between(Micros::ZERO, Micros(u64::from(max)))
}

/// A command that no other is equal to.
fn next_command(proposed: &mut u32) -> Command {
    *proposed += 1;
    Command::new(format!("c{proposed}"))
}

fn holds_everything(run: &Run) -> Result<(), TestCaseError> {
    let violations = run.world().checker().violations();
    prop_assert!(violations.is_empty(), "{violations:?} in\n{}", save(run));
    Ok(())
}

/// Every server runs, and every message arrives soon.
fn make_well(run: &mut Run) {
    for id in (1..=u16::from(run.setup().servers)).map(NodeId) {
        // One of the two is refused, or both where it runs already.
        let _ = run.act(&Action::Server(ServerAction::Restart(id)));
        let _ = run.act(&Action::Server(ServerAction::Resume(id)));
        let _ = act_line(run, &format!("unstall {id}"));
        let _ = act_line(run, &format!("clock {id} 100%"));
        let _ = act_line(run, &format!("cpu {id} 0"));
    }
    for kind in MessageKind::ALL {
        for share in ["loss", "duplication", "reordering"] {
            let line = format!("{share} {} 0%", kind.name());
            act_line(run, &line).expect("it can always be done");
        }
    }
    for line in [
        "network plain",
        "duplication 0%",
        "reordering 0%",
        "disk ordered",
        "disk working",
        "bandwidth unlimited",
    ] {
        act_line(run, line).expect("it can always be done");
    }
    let _ = act_line(run, "rest clients");
    let latency = MicrosRange::fixed(Micros::from_millis(10));
    let disk = MicrosRange::fixed(Micros::ZERO);
    for action in [
        Action::Link(LinkAction::Heal(None)),
        Action::Link(LinkAction::Loss {
            link: None,
            permille: Permille::MIN,
        }),
        Action::Link(LinkAction::Latency {
            link: None,
            delay: latency.into(),
        }),
        Action::Machine(MachineAction::Disk {
            server: None,
            range: disk,
        }),
    ] {
        run.act(&action).expect("it can always be done");
    }
}

/// Whether a server knows that a command is committed which was first offered
/// after the commands up to `before`.
fn has_committed(world: &World, before: u32) -> bool {
    let nodes = world.servers().iter().filter_map(|server| server.node());
    nodes.into_iter().any(|node| {
        let entries = node.log().entries().iter();
        let committed = (node.log().first_index().0..=node.commit_index().0).zip(entries);
        let numbers = committed.filter_map(|(_, entry)| {
            let text = payload_text(&entry.payload);
            text.strip_prefix('c')?.parse::<u32>().ok()
        });
        numbers.into_iter().any(|number| number > before)
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_cluster_survives_whatever_is_done_to_it(
        setup in setups(),
        wishes in vec((0_u64..400_000, wishes()), 1..60),
    ) {
        let mut run = Run::new(setup);
        let mut proposed = 0;
        for (pause, wish) in &wishes {
            prop_assert!(run.advance(Micros(*pause)).is_ok());
            wish_for(wish, &mut run, &mut proposed);
        }
        holds_everything(&run)?;
        let again = open(&save(&run));
        let again = again.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(again.digest(), run.digest());
        prop_assert!(again.world() == run.world());

        make_well(&mut run);
        let (well_at, before) = (run.world().now(), proposed);
        while !has_committed(run.world(), before) {
            let waited = run.world().now().saturating_sub(well_at);
            prop_assert!(waited < PATIENCE, "it does not go on:\n{}", save(&run));
            if let Some(server) = run.world().leader() {
                let commands = Batch::new(vec![next_command(&mut proposed)]).expect("one");
                let _ = run.act(&Action::Server(ServerAction::Propose { server, commands }));
            }
            prop_assert!(run.advance(Micros::from_millis(250)).is_ok());
        }
        holds_everything(&run)?;
    }
}

/// A cluster all of whose servers were down for a while before anything happened.
fn begun_anew_after(setup: Setup, a_while: Micros) -> Run {
    let mut run = Run::new(setup);
    let ids: Vec<NodeId> = run
        .world()
        .servers()
        .iter()
        .map(|server| server.id)
        .collect();
    for id in &ids {
        run.act(&Action::Server(ServerAction::Crash(*id)))
            .expect("it runs");
    }
    run.advance(a_while).expect("nothing happens");
    for id in &ids {
        run.act(&Action::Server(ServerAction::Restart(*id)))
            .expect("it is down");
    }
    run
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Worlds that differ in nothing but when they came to be are equal, and stay so whatever is
    /// done to both.
    #[test]
    fn equal_worlds_stay_equal(
        setup in setups(),
        a_while in 1_u64..3_600_000_000,
        wishes in vec((0_u64..400_000, wishes()), 1..40),
    ) {
        let mut runs = [Micros::ZERO, Micros(a_while)]
            .map(|a_while| (begun_anew_after(setup.clone(), a_while), 0));
        for (pause, wish) in &wishes {
            for (run, proposed) in &mut runs {
                prop_assert!(run.advance(Micros(*pause)).is_ok());
                wish_for(wish, run, proposed);
            }
            let [one, other]: [&World; 2] = [runs[0].0.world(), runs[1].0.world()];
            prop_assert_eq!(other.now().0 - one.now().0, a_while);
            prop_assert!(one == other, "after {:?}", wish);
            prop_assert_eq!(Digest::of(one), Digest::of(other));
        }
    }
}
