//! Clients: they find the leader, ask until they are answered, and what they asked for is done
//! once; and what they were told fits one order of all operations.

use raft_play::{act_line, save};
use std::collections::{BTreeMap, BTreeSet};

use crate::played::for_every_seed;
use raft_core::{Index, NodeId, Rule};
use raft_sim::client::calls::Says;
use raft_sim::client::history::Recorded;
use raft_sim::client::{Answer, ClientId, Operation};
use raft_sim::event::EventKind;
use raft_sim::invariant::Violation;
use raft_sim::letter::Letter;
use raft_sim::outcome::{Declined, LossReason};
use raft_sim::{Event, Invariant, Micros, Run};

fn open(text: &str) -> Run {
    let (run, failure) =
        raft_play::play(text).unwrap_or_else(|error| panic!("{error}\nin\n{text}"));
    if let Some(failure) = failure {
        panic!("{}\nin\n{text}", failure.error);
    }
    let again = raft_play::open(&save(&run)).unwrap_or_else(|error| panic!("{error}\nin\n{text}"));
    assert_eq!(run.digest(), again.digest(), "{text}");
    assert!(run.world() == again.world(), "{text}");
    run
}

/// Three servers of which S1 leads, and a client whose calls take 5 ms.
fn led(lines: &str) -> Run {
    open(&format!(
        "servers 3\nclients 2\nlatency 10ms\nlatency clients 5ms\ntimeout S1\nrun 40ms\n{lines}"
    ))
}

fn value(run: &Run, server: u16, key: &str) -> String {
    let server = run.world().server(NodeId(server)).expect("it exists");
    let running = server.running().expect("it is running");
    running.machine.store.get(key).to_string()
}

fn answer(run: &Run, client: u8) -> String {
    let client = run.world().client(ClientId(client)).expect("it exists");
    client.last_answer.to_string()
}

fn broken(run: &Run) -> Vec<Invariant> {
    let violations = run.world().checker().violations().iter();
    violations.map(Violation::invariant).collect()
}

/// The calls that arrived, as who asked whom and what was said.
fn heard(events: impl IntoIterator<Item = Event>) -> Vec<(u8, u16, Says)> {
    let calls = events.into_iter().filter_map(|event| match event.kind {
        EventKind::Delivered(_, Letter::Call(call)) => Some(call),
        _ => None,
    });
    calls
        .map(|call| (call.client.0, call.server.0, call.says))
        .collect()
}

/// What a server says to a client is said by the event in which it says it: the one that let
/// it apply the entry, or confirmed the read, or told it that it no longer leads.
#[test]
fn an_answer_is_caused_by_what_the_server_did() {
    let run = led(
        "pause S3\nput C1 x a\nget C2 x by read-index\nrun 200ms\nresume S3\n\
         partition S1 | S2 S3\nput C1 x b\nrun 20ms\ntimeout S2\nrun 40ms\nheal\nrun 1s",
    );
    let (mut done, mut declined) = (0, 0);
    for event in run.events() {
        let EventKind::Delivered(_, Letter::Call(call)) = event.kind else {
            continue;
        };
        match call.says {
            Says::Request(_) => continue,
            Says::Answer(Answer::Done { .. }) => done += 1,
            Says::Answer(Answer::Declined(_)) => declined += 1,
        }
        let cause = run.event(event.cause.expect("a cause")).expect("an event");
        let sent_at = cause.at.saturating_add(Micros::from_millis(5));
        assert_eq!(
            (cause.server, sent_at),
            (Some(call.server), event.at),
            "{cause:?}"
        );
    }
    assert!(done >= 3 && declined >= 1, "{done}, {declined}");
}

/// §8, and §6.3 of the dissertation: an answer is lost, and the request is done once.
#[test]
fn a_request_asked_again_is_done_once() {
    for_every_seed("22-client-session", |run| {
        run.after(2);
        assert_eq!(value(&run.run, 1, "x"), "ab", "{}", run.at);
        let lost = |event: &&Event| {
            matches!(&event.kind, EventKind::Lost(_, Letter::Call(call), LossReason::Chance)
                if matches!(call.says, Says::Answer(Answer::Done { .. })))
        };
        assert_eq!(run.phase.iter().filter(lost).count(), 1, "{}", run.at);
        run.after(4);
        run.keep(&[1, 2, 3], "1:C1.1:x=a 1:C1.2:x+=b 1:C1.2:x+=b", 3);
        for server in 1..=3 {
            assert_eq!(value(&run.run, server, "x"), "ab", "{}", run.at);
        }
        // It is the old answer: the first of the two entries did it.
        let position =
            heard(run.run.events().iter())
                .into_iter()
                .filter_map(|(.., says)| match says {
                    Says::Answer(Answer::Done { position, .. }) => Some(position),
                    _ => None,
                });
        assert_eq!(position.last(), Some(Index(2)), "{}", run.at);
    });
}

/// §8, and §6.2 of the dissertation: whoever does not lead says who does.
#[test]
fn a_client_is_sent_to_the_leader_and_finds_another_when_it_crashes() {
    for_every_seed("23-client-redirect", |run| {
        run.after(1);
        let asked: Vec<u16> = heard(run.phase.clone())
            .into_iter()
            .filter(|(.., says)| matches!(says, Says::Request(_)))
            .map(|(_, server, _)| server)
            .collect();
        assert_eq!(asked, [1, 3], "{}", run.at);
        let redirects = run
            .phase
            .iter()
            .filter(|event| event.rules.contains(&Rule::Redirect));
        assert_eq!(redirects.count(), 1, "{}", run.at);
        run.after(3);
        assert_eq!(answer(&run.run, 1), "12", "{}", run.at);
        let doubled = run.log(run.leaders()[0].0).matches("C1.2:x+=2").count();
        assert_eq!(doubled, 2, "{}", run.at);
    });
}

/// §6.4 of the dissertation: reads by the log and by `ReadIndex` do not see an old state.
#[test]
fn a_deposed_leader_answers_no_read() {
    for_every_seed("24-client-reads", |run| {
        run.after(3);
        for client in [1, 2] {
            assert_eq!(answer(&run.run, client), "new", "{}", run.at);
        }
        let old = heard(run.phase.clone())
            .into_iter()
            .filter(|(client, server, says)| {
                let is_done = matches!(says, Says::Answer(Answer::Done { .. }));
                *client < 3 && *server == 1 && is_done
            });
        assert_eq!(old.count(), 0, "{}", run.at);
    });
}

/// A client has one operation under way; the others wait in their order.
#[test]
fn operations_of_a_client_are_done_in_their_order() {
    let run = led("append C1 x a\nappend C1 x b\nput C2 y 1\nappend C1 x c\nget C1 x\nrun 1s");
    assert_eq!(
        (answer(&run, 1), answer(&run, 2)),
        ("abc".into(), "1".into())
    );
    let mine = run.world().checker().history();
    let mut mine = mine.filter(|recorded| recorded.client == ClientId(1));
    let mut last_end = 0;
    for number in 1..=4 {
        let recorded = mine.next().expect("four operations");
        assert_eq!(recorded.number, number);
        assert!(recorded.began >= last_end);
        last_end = recorded.answered.as_ref().expect("an answer").event;
    }
    assert!(mine.next().is_none());
}

/// What nobody has written is empty.
#[test]
fn a_key_without_value_is_read_as_empty() {
    for by in ["", "by read-index", "by local"] {
        let run = led(&format!("put C2 y 1\nrun 100ms\nget C1 x {by}\nrun 100ms"));
        assert_eq!(run.world().pending(), 0, "{by}");
        assert_eq!(answer(&run, 1), "", "{by}");
    }
}

/// A crash takes the requests that wait at a server with it; their clients ask again.
#[test]
fn a_crash_and_a_restart_lose_no_operation() {
    let run = led("put C1 x 1\nrun 7ms\ncrash S1\nrun 100ms\nrestart S1\nrun 6s");
    assert_eq!(answer(&run, 1), "1");
    assert!(broken(&run).is_empty());
}

/// A leader that was cut off takes requests, and sends their clients on once it knows better.
#[test]
fn a_leader_that_steps_down_turns_its_clients_away() {
    let mut run = led(
        "put C1 x 0\nrun 200ms\npartition S1 | S2 S3\nput C1 x 1\nrun 10ms\n\
         timeout S2\nrun 50ms\nheal\nrun 130ms",
    );
    let away =
        heard(run.events().iter())
            .into_iter()
            .rev()
            .find_map(|(_, server, says)| match says {
                Says::Answer(Answer::Declined(why)) if server == 1 => Some(why),
                _ => None,
            });
    // It knows of term 2 from a reply, and not yet who leads it.
    assert_eq!(away, Some(Declined::NotLeader(None)));
    act_line(&mut run, "run 200ms").expect("time passes");
    assert_eq!(answer(&run, 1), "1");
}

/// A request to a paused server waits there, and is answered when it goes on.
#[test]
fn a_paused_server_answers_when_it_goes_on() {
    let mut run = led("pause S1\nput C1 x 1\nrun 20ms");
    let last_call = run.events().iter().filter_map(|event| match event.kind {
        EventKind::Parked(_, Letter::Call(call)) => Some(call.client),
        _ => None,
    });
    assert_eq!(last_call.last(), Some(ClientId(1)));
    for line in ["resume S1", "run 100ms"] {
        act_line(&mut run, line).expect(line);
    }
    assert_eq!(answer(&run, 1), "1");
    // While it stands still it can also lose what waits there.
    let run = led("pause S1\nput C1 x 1\nrun 20ms\ncrash S1\nrun 5s");
    assert_eq!(answer(&run, 1), "1");
}

/// Calls are messages like others: they can be dropped, doubled, held up and hurried.
#[test]
fn calls_can_be_handled_one_by_one() {
    let mut run = led("put C1 x 1");
    let under_way = |run: &Run| {
        let flights = run.world().network().flights().iter();
        let calls = flights.filter(|(_, flight)| flight.letter.call().is_some());
        calls
            .map(|(id, flight)| (*id, flight.due_at))
            .collect::<Vec<_>>()
    };
    let (id, due_at) = under_way(&run)[0];
    act_line(&mut run, &format!("delay {id} 20ms")).expect("delayed");
    assert_eq!(under_way(&run)[0].1.0, due_at.0 + 20_000);
    act_line(&mut run, &format!("duplicate {id}")).expect("doubled");
    assert_eq!(under_way(&run).len(), 2);
    act_line(&mut run, &format!("drop {id}")).expect("dropped");
    assert_eq!(under_way(&run).len(), 1);
    let copy = under_way(&run)[0].0;
    act_line(&mut run, &format!("deliver {copy}")).expect("hurried");
    act_line(&mut run, "step").expect("it arrives");
    assert!(under_way(&run).is_empty());
    act_line(&mut run, "run 100ms").expect("time passes");
    assert_eq!(answer(&run, 1), "1");
    let error = act_line(&mut run, &format!("drop {copy}")).expect_err("it is gone");
    assert!(error.message.contains("not in flight"), "{error}");
}

/// Whoever can be asked and who cannot is said.
#[test]
fn what_cannot_be_asked_is_refused() {
    let mut run = led("");
    for (line, words) in [
        ("put C3 x 1", "C3 is not a client"),
        ("rest C9", "C9 is not a client"),
        ("put C10 x 1", "not a client"),
        ("put C1 x-y 1", "not the name of a value"),
        ("get C1 x by heart", "not allowed here"),
        ("work clients keys 0 every 1ms", "1 to 100"),
        ("propose S1 C1.1:y=9", "an operation of C1"),
        ("work clients keys 3 every 0ms..1ms", "0us"),
    ] {
        let before = run.digest();
        let error = act_line(&mut run, line).expect_err(line);
        assert!(error.message.contains(words), "{line}: {error}");
        assert_eq!(run.digest(), before, "{line}");
    }
    let mut alone = open("servers 3");
    let error = act_line(&mut alone, "rest clients").expect_err("no clients");
    assert!(error.message.contains("no clients"), "{error}");
}

/// Seconds of trouble: servers crash and are cut off, calls are lost, and clients go on.
fn troubled(seed: u64, clients: &str, by: &str) -> Run {
    // A read without an entry waits until something of the leader's term is committed.
    let uses = if by.contains("read-index") {
        "use no-op\n"
    } else {
        ""
    };
    open(&format!(
        "servers 5\nclients {clients}\nseed {seed}\nsnapshots every 20\n{uses}\
         latency 1ms..30ms\nloss 3%\nlatency clients 1ms..60ms\nloss clients 15%\n\
         work clients keys 2 every 1ms..80ms {by}\n\
         repeat 12\nrun 100ms..700ms\n\
         chance 40%\npartition halves\notherwise\nheal\nend\n\
         chance 50%\ncrash any of running\nend\n\
         run 50ms..500ms\nrestart crashed\nend\n\
         heal\nloss clients 0%\nrest clients\nwait 20s until pending = 0\nrun 2s"
    ))
}

/// What is wrong with a history, looking at nothing else. Key by key, as what is so for each of
/// them is so for all: in the order of their places the operations were answered what a plain map
/// says that does one after the other, and none is put before one that ended before it began.
fn not_linearizable(run: &Run) -> Option<String> {
    let history: Vec<&Recorded> = run.world().checker().history().collect();
    assert!(history.len() > 20, "{} operations", history.len());
    let keys: BTreeSet<&str> = history.iter().map(|r| r.operation.key().as_str()).collect();
    keys.into_iter().find_map(|key| {
        let mine = history.iter().filter(|r| r.operation.key().as_str() == key);
        wrong_order(mine.copied().collect())
    })
}

fn wrong_order(mut order: Vec<&Recorded>) -> Option<String> {
    let is_read = |recorded: &Recorded| matches!(recorded.operation, Operation::Get { .. });
    // A read sees the write of its own place.
    order.sort_by_key(|recorded| {
        let answered = recorded.answered.as_ref().expect("all are answered");
        (answered.position, is_read(recorded), recorded.began)
    });
    let mut map = BTreeMap::<&str, String>::new();
    for recorded in &order {
        let expected = match &recorded.operation {
            Operation::Put { key, value } => {
                map.insert(key.as_str(), value.to_string());
                map[key.as_str()].clone()
            }
            Operation::Append { key, value } => {
                map.entry(key.as_str())
                    .or_default()
                    .push_str(value.as_str());
                map[key.as_str()].clone()
            }
            Operation::Get { key, .. } => map.get(key.as_str()).cloned().unwrap_or_default(),
        };
        let answered = recorded.answered.as_ref().expect("all are answered");
        if *answered.value != *expected {
            return Some(format!("{recorded:?} is not {expected:?}"));
        }
    }
    let mut ended_last = u64::MAX;
    for recorded in order.iter().rev() {
        if recorded.began >= ended_last {
            return Some(format!("too early: {recorded:?}"));
        }
        let answered = recorded.answered.as_ref().expect("all are answered");
        ended_last = ended_last.min(answered.event);
    }
    None
}

#[test]
fn whatever_happens_the_answers_are_linearizable() {
    for (seed, by) in (1..=24).zip(["", "by read-index"].into_iter().cycle()) {
        let run = troubled(seed, "4", by);
        assert_eq!(broken(&run), [], "seed {seed}");
        assert_eq!(not_linearizable(&run), None, "seed {seed} {by}");
    }
}

/// The same trouble shows what sessions and asking first are for.
#[test]
fn without_sessions_or_asking_the_same_runs_go_wrong() {
    let twice = (1..=6).filter(|seed| {
        let run = troubled(*seed, "4 without sessions", "");
        broken(&run).contains(&Invariant::ExactlyOnce)
    });
    assert!(twice.count() > 0);
    // The alarm rings when the history is wrong, and only then.
    let stale = (1..=12).filter(|seed| {
        let run = troubled(*seed, "4", "by local");
        let rings = broken(&run).contains(&Invariant::LinearizableRead);
        assert_eq!(rings, not_linearizable(&run).is_some(), "seed {seed}");
        rings
    });
    let stale = stale.count();
    assert!((1..12).contains(&stale), "{stale} of 12");
}

/// §6.4: who only reads stays with a leader that has been deposed, and so sees what becomes of
/// reads that it answers without asking whether it still leads.
#[test]
fn a_client_that_only_reads_shows_what_asking_first_is_for() {
    for seed in 1..=20 {
        let broken_without = |rules: &str| {
            let run = open(&format!(
                "servers 3\nclients 2\nseed {seed}\n{rules}timeout S1\nrun 100ms\n\
                 work C1 keys 2 every 5ms..20ms\n\
                 work C2 keys 2 every 5ms..20ms reads only by read-index\n\
                 run 500ms\npartition leader | the rest\nrun 4s\nheal\nrest clients\n\
                 wait 10s until pending = 0"
            ));
            let mut history = run.world().checker().history();
            let reads = |recorded: &Recorded| matches!(recorded.operation, Operation::Get { .. });
            assert!(history.all(|recorded| recorded.client != ClientId(2) || reads(recorded)));
            broken(&run)
        };
        assert_eq!(broken_without(""), [], "seed {seed}");
        let found = broken_without("ablate RD2\n");
        assert!(!found.is_empty(), "seed {seed}");
        let stale = |broken: &Invariant| *broken == Invariant::LinearizableRead;
        assert!(found.iter().all(stale), "seed {seed}");
    }
}

/// An answer that never comes does not pile up what a server waits for, and a request that comes
/// late is not refused by who leads.
#[test]
fn a_server_waits_for_one_operation_of_each_client() {
    let mut run = led("put C1 x 1\nrun 200ms\ncrash S2\ncrash S3\nget C1 x by read-index\nrun 5s");
    assert_eq!(run.world().pending(), 1);
    let asked = heard(run.events().iter());
    let asks = |call: &&(u8, u16, Says)| call.1 == 1 && matches!(call.2, Says::Request(_));
    assert!(asked.iter().filter(asks).count() > 5);
    for line in ["restart S2", "restart S3", "run 5s"] {
        act_line(&mut run, line).expect(line);
    }
    assert_eq!((answer(&run, 1), run.world().pending()), ("1".into(), 0));
    let answers = heard(run.events().iter())
        .into_iter()
        .filter(|(.., says)| matches!(says, Says::Answer(Answer::Done { .. })));
    assert_eq!(answers.count(), 2, "one to each operation");
}

/// A snapshot carries the store and the sessions.
#[test]
fn a_snapshot_keeps_what_was_done() {
    let run = led(
        "disconnect S3\nappend C1 x a\nappend C2 x b\nrun 300ms\nsnapshot S1\nconnect S3\nrun 500ms",
    );
    assert_eq!(value(&run, 3, "x"), value(&run, 1, "x"));
    assert_eq!(value(&run, 3, "x").len(), 2);
    let installed = |event: &Event| event.rules.contains(&Rule::LoadSnapshot);
    assert!(run.events().iter().any(|event| installed(&event)));
    let store = |server: usize| {
        let server = run.world().servers()[server].running();
        server.expect("it is running").machine.store.clone()
    };
    assert_eq!(store(2), store(0));
}
