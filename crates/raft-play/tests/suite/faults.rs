//! The faults: what each does, that it ends, and that a run with it is played again alike.

mod disks;
mod lab;
mod machines;
mod messages;
mod timers;

use std::collections::BTreeSet;

use raft_core::{Index, Message, NodeId, RuleSet, Timer};
use raft_play::{act_line, save};
use raft_sim::act::Refusal;
use raft_sim::action::{
    Action, Edit, Jump, LinkAction, MachineAction, RewriteAction, ServerAction,
};
use raft_sim::event::EventKind;
use raft_sim::ids::{Between, MessageId, Pair};
use raft_sim::letter::{Letter, Rpc};
use raft_sim::network::Flight;
use raft_sim::outcome::LossReason;
use raft_sim::said::Said;
use raft_sim::time::Duration;
use raft_sim::{Command, Event, Invariant, Micros, Run, World};

/// Three servers of which S1 leads, and what else happens.
fn led(lines: &str) -> Run {
    open(&format!("servers 3\ntimeout S1\nrun 100ms\n{lines}"))
}

fn open(text: &str) -> Run {
    let run = raft_play::open(text).unwrap_or_else(|error| panic!("{error}\nin\n{text}"));
    let again = raft_play::open(&save(&run)).unwrap_or_else(|error| panic!("{error}\nin\n{text}"));
    assert_eq!(run.digest(), again.digest(), "{text}");
    assert!(run.world() == again.world(), "{text}");
    run
}

#[track_caller]
fn more(run: &mut Run, lines: &str) {
    for line in lines.lines() {
        act_line(run, line).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
}

#[track_caller]
fn refused(run: &mut Run, line: &str, words: &str) {
    let error = act_line(run, line).expect_err(line);
    assert!(error.message.contains(words), "{line}: {error}");
}

#[track_caller]
fn sound(run: &Run) {
    let found = run.world().checker().violations();
    assert!(found.is_empty(), "{found:?} in\n{}", save(run));
}

fn broken(run: &Run) -> BTreeSet<String> {
    let found = run.world().checker().violations().iter();
    found
        .map(|found| format!("{:?}", found.invariant()))
        .collect()
}

fn passes(world: &World, from: u16, to: u16) -> bool {
    world.network().passes(NodeId(from), NodeId(to))
}

/// Who hears whom, as one row of digits for each server.
fn hearing(run: &Run) -> Vec<String> {
    let servers = run.world().network().servers();
    let row = |to: u16| {
        let heard = (1..=servers).filter(|from| passes(run.world(), *from, to));
        heard.map(|from| from.to_string()).collect()
    };
    (1..=servers).map(row).collect()
}

fn flights(run: &Run) -> Vec<(MessageId, Flight)> {
    let flights = run.world().network().flights();
    flights.iter().map(|(id, f)| (*id, f.clone())).collect()
}

/// Of a run without clients: what servers say to each other.
fn rpc(flight: &Flight) -> &Rpc<Message<Command>> {
    let rpc = flight.letter.rpc();
    rpc.expect("no client is there")
}

fn last_index(run: &Run, server: u16) -> u64 {
    let node = run.world().server(NodeId(server)).and_then(|s| s.node());
    node.map_or(0, |node| node.log().last_index().0)
}

fn committed(run: &Run, server: u16) -> u64 {
    let node = run.world().server(NodeId(server)).and_then(|s| s.node());
    node.map_or(0, |node| node.commit_index().0)
}

fn count(run: &Run, is_counted: impl Fn(&Event) -> bool) -> usize {
    run.events()
        .iter()
        .filter(|event| is_counted(event))
        .count()
}

fn arrivals(run: &Run) -> usize {
    count(run, |event| matches!(event.kind, EventKind::Delivered(..)))
}

#[test]
fn a_latency_is_drawn_from_its_curve_until_another_is_set() {
    let delays = |lines: &str| -> Vec<u64> {
        let mut run = led(lines);
        act_line(&mut run, "timeout S2").expect("it follows");
        let sent = flights(&run);
        let sent = sent.iter().filter(|(_, f)| rpc(f).from == NodeId(2));
        sent.map(|(_, f)| f.due_at.0 - f.sent_at.0).collect()
    };
    for curve in ["normal 80ms 1ms", "exponential 80ms", "pareto 80ms 3"] {
        let found = delays(&format!("latency {curve}"));
        assert_eq!(found.len(), 2);
        assert_ne!(found[0], found[1], "{curve}");
        let one = delays(&format!("latency 10ms\nlatency S2 -> S3 {curve}"));
        assert_eq!(one[0], 10_000, "only one way is {curve}");
        assert_ne!(one[1], 10_000, "{curve}");
        let ended = delays(&format!("latency {curve}\nlatency 10ms"));
        assert_eq!(ended, [10_000, 10_000]);
    }
}

/// A link of a thousand bytes a second: what is large takes longer, and keeps what is sent behind
/// it waiting; a heartbeat has no size of its own.
#[test]
fn large_messages_take_longer_and_others_wait_behind_them() {
    let sent = |lines: &str| -> Vec<(u16, u64)> {
        let run = led(&format!("latency 10ms\n{lines}"));
        let now = run.world().now();
        let sent = flights(&run).into_iter().map(|(_, flight)| flight);
        let sent = sent.filter(|flight| flight.sent_at == now);
        let after = |flight: &Flight| (flight.due_at.0 - flight.sent_at.0) / 1_000;
        sent.map(|flight| (rpc(&flight).to.0, after(&flight)))
            .collect()
    };
    let link = "bandwidth S1 -> S3 1000B/s";
    assert_eq!(sent("propose S1 *:40"), [(2, 10), (3, 10)]);
    assert_eq!(
        sent(&format!("{link}\npropose S1 *:40")),
        [(2, 10), (3, 50)]
    );
    assert_eq!(
        sent(&format!("{link}\npropose S1 *2:40")),
        [(2, 10), (3, 90)]
    );
    assert_eq!(
        sent("bandwidth 1000B/s\npropose S1 *:7"),
        [(2, 17), (3, 17)]
    );
    let ended = format!("{link}\npropose S1 *:40\nrun 1ms\nbandwidth unlimited\npropose S1 x");
    assert!(
        sent(&ended).iter().all(|(_, after)| *after == 10),
        "{:?}",
        sent(&ended)
    );
    // The heartbeat, which is due 25 ms later, is behind the entry.
    let run = led("latency 10ms\nbandwidth S1 -> S3 1000B/s\npropose S1 *:400\nrun 30ms");
    let to_s3 = flights(&run).into_iter().map(|(_, flight)| flight);
    let to_s3: Vec<_> = to_s3.filter(|flight| rpc(flight).to == NodeId(3)).collect();
    let entry_at = Micros::from_millis(100 + 400 + 10);
    assert_eq!(to_s3.len(), 2, "{to_s3:?}");
    assert!(
        to_s3.iter().all(|flight| flight.due_at >= entry_at),
        "{to_s3:?}"
    );
    // What cannot pass keeps nobody waiting: 1 s after the link is healed the entry is there,
    // which was sent in vain twice before.
    let run = open(
        "servers 3\nelection 5s..6s\nlatency 10ms\ntimeout S1\nrun 100ms\ncut S1 -> S3\n\
         bandwidth S1 -> S3 1000B/s\npropose S1 *:900\nrun 50ms\nheal\nrun 1050ms",
    );
    assert_eq!(last_index(&run, 3), 1);
    // The lab's network does not know of any of this.
    let lab = "bandwidth 1B/s\nnetwork labrpc reliable\npropose S1 *:400";
    assert_eq!(sent(lab), [(2, 0), (3, 0)]);
}

#[test]
fn duplicated_messages_arrive_twice() {
    let mut run = led("duplication 100%\ntimeout S2");
    let asked: Vec<_> = flights(&run)
        .into_iter()
        .filter(|(_, flight)| rpc(flight).from == NodeId(2))
        .map(|(_, flight)| (rpc(&flight).to, rpc(&flight).said.clone()))
        .collect();
    assert_eq!(asked.len(), 4);
    assert_eq!(asked[0], asked[1]);
    assert_eq!(asked[2], asked[3]);
    more(&mut run, "duplication 0%\nrun 1s\ntimeout S3");
    let asked = flights(&run);
    let asked = asked
        .iter()
        .filter(|(_, flight)| rpc(flight).from == NodeId(3));
    assert_eq!(asked.count(), 2);
    sound(&run);
}

#[test]
fn reordered_messages_are_overtaken() {
    let mut run = led("latency 10ms\nreordering S2 -> S1 100% 1s..2s\ntimeout S2");
    let due = |run: &Run, to: u16| {
        let sent = flights(run).into_iter().map(|(_, flight)| flight);
        let mut sent = sent.filter(|f| (rpc(f).from, rpc(f).to) == (NodeId(2), NodeId(to)));
        sent.next().map(|f| f.due_at.0 - f.sent_at.0)
    };
    assert!(due(&run, 1).is_some_and(|by| (1_010_000..=2_010_000).contains(&by)));
    assert_eq!(due(&run, 3), Some(10_000));
    more(
        &mut run,
        "reordering 0%\nrun 3s\ncrash S2\nrestart S2\ntimeout S2",
    );
    assert_eq!(due(&run, 1), Some(10_000));
}

#[test]
fn messages_wait_at_a_clogged_link_until_it_is_open() {
    let mut run = led("clog S1 -> S2\nrun 150ms\npropose S1 x\nrun 150ms");
    let waits = |event: &Event| matches!(event.kind, EventKind::Clogged(..));
    let waiting = count(&run, waits);
    assert!(waiting >= 2, "only {waiting} wait");
    assert_eq!((last_index(&run, 2), last_index(&run, 3)), (0, 1));
    let (message, _) = flights(&run)[0];
    refused(&mut run, &format!("deliver {message}"), "clogged");
    refused(&mut run, &format!("delay {message} 1ms"), "clogged");
    more(&mut run, &format!("drop {message}"));
    let before = arrivals(&run);
    more(&mut run, "unclog S1 S2\nrun 1us");
    assert_eq!(arrivals(&run), before + waiting - 1);
    assert_eq!(last_index(&run, 2), 1);
    more(&mut run, "run 1s");
    assert_eq!(count(&run, waits), waiting, "no more wait");
    sound(&run);
}

/// Whoever holds up a message that has waited counts from now, and not from when it was due.
#[test]
fn what_has_waited_can_be_held_up() {
    for (wait, go_on) in [("clog S1 -> S2", "unclog"), ("pause S2", "resume S2")] {
        let mut run = led(&format!("run 150ms\n{wait}\nrun 150ms"));
        let waits =
            |event: &Event| matches!(event.kind, EventKind::Clogged(..) | EventKind::Parked(..));
        assert!(count(&run, waits) > 0);
        let (message, _) = flights(&run)[0];
        let before = arrivals(&run);
        more(&mut run, &format!("{go_on}\ndelay {message} 5ms\nrun 4ms"));
        let is_in_flight = |run: &Run| flights(run).iter().any(|(id, _)| *id == message);
        assert!(is_in_flight(&run), "{go_on}: {message}");
        more(&mut run, "run 2ms");
        assert!(!is_in_flight(&run), "{go_on}: {message}");
        assert!(arrivals(&run) > before);
    }
}

#[test]
fn what_waits_is_lost_where_nobody_is_left_to_hear_it() {
    let mut run = led("clog S1 S2\nrun 150ms\ncrash S2");
    let lost = |run: &Run| count(run, |event| matches!(event.kind, EventKind::Lost(..)));
    let before = lost(&run);
    more(&mut run, "heal\nrun 1us");
    assert!(lost(&run) > before);
    assert!(!run.world().network().is_clogged(NodeId(1), NodeId(2)));
    // A link that is cut loses even what would have to wait.
    let mut run = led("clog S1 -> S2\ncut S1 -> S2\nrun 300ms");
    assert_eq!(count(&run, |e| matches!(e.kind, EventKind::Clogged(..))), 0);
    more(&mut run, "unclog\nheal\nrun 300ms");
    sound(&run);
}

#[test]
fn a_partition_can_be_named_by_its_pattern() {
    let hears = |line: &str| hearing(&open(&format!("servers 5\n{line}")));
    assert_eq!(hears("partition halves"), ["12", "12", "345", "345", "345"]);
    assert_eq!(
        hears("partition isolate S3"),
        ["1245", "1245", "3", "1245", "1245"]
    );
    assert_eq!(hears("partition ring"), ["125", "123", "234", "345", "145"]);
    assert_eq!(
        hears("partition bridge S3"),
        ["123", "123", "12345", "345", "345"]
    );
    assert_eq!(hears("partition ring\nheal"), ["12345"; 5]);
    let isolated = hearing(&open(
        "servers 3\ntimeout S2\nrun 100ms\npartition isolate leader",
    ));
    assert_eq!(isolated, ["13", "2", "13"]);
}

/// The recorded run has no lot in it, and the lot falls differently for other seeds.
#[test]
fn a_random_partition_is_recorded_as_what_was_drawn() {
    let mut found = BTreeSet::new();
    let mut one_way = 0;
    for seed in 1..=60 {
        let run = open(&format!("servers 5\nseed {seed}\npartition random"));
        // A replay has no playbook: it is told in what was done.
        let saved = save(&run.ablated(RuleSet::EMPTY).run);
        assert!(!saved.contains("random"), "{saved}");
        let world = run.world();
        let pairs = (1..=5).flat_map(|a| (1..=5).map(move |b| (a, b)));
        let cut = pairs.clone().filter(|(a, b)| !passes(world, *a, *b));
        assert!(cut.count() > 0, "{saved}");
        let is_one_way = |(a, b): (u16, u16)| passes(world, a, b) != passes(world, b, a);
        one_way += usize::from(pairs.clone().any(is_one_way));
        found.insert(hearing(&run));
    }
    assert!(found.len() > 30, "only {} partitions", found.len());
    assert!((5..=30).contains(&one_way), "{one_way} of 60");
    let mut pair = open("servers 2\npartition random");
    assert!(!passes(pair.world(), 1, 2) || !passes(pair.world(), 2, 1));
    refused(&mut pair, "partition bridge S1", "at least 3 servers");
    refused(&mut pair, "partition ring", "at least 4 servers");
    let mut alone = open("servers 1\nrun 1s");
    refused(&mut alone, "partition halves", "at least 2 servers");
}

/// Each fault draws from streams of its own: with one more, the other draws are what they were.
#[test]
fn one_fault_more_leaves_the_others_as_they_were() {
    let sent = |lines: &str| {
        let run = open(&format!(
            "servers 9\nlatency 10ms..90ms\nloss 30%\n{lines}\ntimeout S1"
        ));
        flights(&run)
    };
    let base = sent("");
    let firsts = |all: Vec<(MessageId, Flight)>| {
        let mut seen = BTreeSet::new();
        let firsts = all.into_iter().filter(move |(_, f)| seen.insert(rpc(f).to));
        let key = |(_, f): (MessageId, Flight)| (rpc(&f).to, f.due_at, f.doomed);
        firsts.map(key).collect::<Vec<_>>()
    };
    let doubled = sent("duplication 50%");
    assert!(doubled.len() > base.len());
    assert_eq!(firsts(doubled), firsts(base.clone()));
    let reordered = sent("reordering 50% 5s");
    let (mut same, mut later) = (0, 0);
    for (a, b) in firsts(base.clone()).into_iter().zip(firsts(reordered)) {
        assert_eq!((a.0, a.2), (b.0, b.2));
        let by = b.1.0 - a.1.0;
        assert!(by == 0 || by == 5_000_000);
        same += usize::from(by == 0);
        later += usize::from(by > 0);
    }
    assert!(same > 0 && later > 0);
    for lines in [
        "network labrpc unreliable\nnetwork plain",
        "disk unordered",
        "clock S2 50%",
        "clog S2 S3",
    ] {
        assert_eq!(firsts(sent(lines)), firsts(base.clone()), "{lines}");
    }
}

/// What names a server that there is not is refused, so that every run can be saved.
#[test]
fn what_names_nobody_is_refused() {
    let run = led("");
    let mut world = run.world().clone();
    let nobody = NodeId(9);
    let pair = Pair::new(NodeId(1), nobody).expect("two");
    for action in [
        Action::Machine(MachineAction::Stall(nobody)),
        Action::Server(ServerAction::CrashTorn(nobody)),
        Action::Server(ServerAction::RestartEmpty(nobody)),
        Action::Link(LinkAction::Clog(Between::Both(pair))),
        Action::Machine(MachineAction::ClockJump {
            server: nobody,
            jump: Jump::Ahead(Duration::ZERO),
        }),
        Action::Machine(MachineAction::DiskOrder {
            server: Some(nobody),
            in_order: true,
        }),
        Action::Rewrite(RewriteAction {
            server: NodeId(1),
            edit: Edit::VotedFor(Some(nobody)),
        }),
    ] {
        assert_eq!(world.act(&action), Err(Refusal::NoServer(nobody)));
        assert!(&world == run.world(), "{action:?} has changed something");
    }
}

/// Everything at once, and the cluster goes on once it is over.
#[test]
fn a_cluster_gets_over_all_of_it() {
    for seed in 1..=10 {
        let mut run = open(&format!(
            "servers 5\nseed {seed}\ndisk 0us..5ms\ndisk unordered\nlatency pareto 2ms 1.2\n\
             loss 5%\nduplication 10%\nreordering 10% 100ms..1s\nclock S1 130%\nclock S2 70%\n\
             run 2s\npropose S1 a\npropose S2 a\nrun 1s\npartition random\nclog S1 S2\nstall S3\n\
             run 2s\nclock S4 +1s\nclock S5 -1s\ncrash any of running torn\nrun 2s\n\
             network labrpc unreliable long-reordering\nrun 2s\npartition halves\nrun 2s\n\
             heal\nunstall S3\nrestart crashed\nnetwork plain\nlatency 10ms\nloss 0%\n\
             reordering 0%\nagree z on 5"
        ));
        sound(&run);
        let z = Command::from("z");
        let place = run.world().checker().place_of(&z);
        assert!(
            place.is_some_and(|place| place > Index::ZERO),
            "seed {seed}"
        );
        more(&mut run, "run 1s");
        sound(&run);
    }
}
