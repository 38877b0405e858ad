//! Messages meant by their kind and link.

use raft_play::{act_line, save};
use raft_sim::said::MessageKind;

use super::*;

/// What was said of this kind, in the order in which it arrived or was lost.
fn ends(run: &Run, kind: MessageKind) -> Vec<(u16, u16, Option<LossReason>)> {
    let events = run.events().iter();
    let ends = events.filter_map(|event| match event.kind {
        EventKind::Delivered(_, Letter::Rpc(arrival)) => Some((arrival, None)),
        EventKind::Lost(_, Letter::Rpc(arrival), reason) => Some((arrival, Some(reason))),
        _ => None,
    });
    let found = ends.filter(|(arrival, _)| MessageKind::of(&arrival.said) == kind);
    found
        .map(|(arrival, reason)| (arrival.from.0, arrival.to.0, reason))
        .collect()
}

fn dropped(run: &Run, kind: MessageKind) -> usize {
    let ends = ends(run, kind).into_iter();
    ends.filter(|(_, _, reason)| *reason == Some(LossReason::Dropped))
        .count()
}

/// A cluster in which every kind of message is sent before long, after the lines of a test.
fn everything(lines: &str) -> Run {
    let mut run = open(&format!("servers 3\nuse pre-vote\nlatency 10ms\n{lines}"));
    let all = "timeout S1\nrun 100ms\ndisconnect S3\npropose S1 a b\nrun 100ms\nsnapshot S1\n\
               connect S3\nrun 300ms\ntransfer S1 S2\nrun 500ms";
    for line in all.lines() {
        // Where too much is lost, nothing is there to make a snapshot of.
        let _ = act_line(&mut run, line);
    }
    run
}

#[test]
fn the_next_message_of_each_kind_can_be_dropped() {
    let plain = everything("");
    for kind in MessageKind::ALL {
        let name = kind.name();
        let first = |run: &Run| ends(run, kind).first().copied();
        let (from, to, lost) = first(&plain).unwrap_or_else(|| panic!("there is no {name}"));
        assert_eq!(lost, None, "{name}");
        let lines = [
            format!("drop next {name}"),
            format!("drop next {name} S{from} -> S{to}"),
        ];
        for line in lines {
            let run = everything(&line);
            let found = ends(&run, kind);
            let there = found.iter().find(|end| (end.0, end.1) == (from, to));
            assert_eq!(
                there,
                Some(&(from, to, Some(LossReason::Dropped))),
                "{line}"
            );
            assert_eq!(dropped(&run, kind), 1, "{line}");
        }
        // An order for another link leaves this one as it was.
        let run = everything(&format!("drop next {name} S{to} -> S{from}"));
        assert_eq!(first(&run), Some((from, to, None)), "{name} elsewhere");
        // All of them, until no more.
        let run = everything(&format!("loss {name} 100%"));
        let found = ends(&run, kind);
        let arrives = found.iter().any(|end| end.2.is_none());
        assert!(!found.is_empty() && !arrives, "{name}: {found:?}");
        let run = everything(&format!("loss {name} 100%\nloss {name} 0%"));
        assert_eq!(
            run.world()
                .network()
                .link(NodeId(1), NodeId(2))
                .mishaps()
                .count(),
            0
        );
        assert_eq!(
            ends(&run, kind),
            ends(&plain, kind),
            "{name} after it has ended"
        );
    }
}

/// An order waits until something fits it, and each fits one message; two orders for the same
/// kind are for two messages.
#[test]
fn each_order_is_for_a_message_of_its_own() {
    let appends = MessageKind::AppendEntries;
    let waits = |run: &Run| run.world().network().orders().len();
    let mut run = led("drop next AppendEntries S1 -> S3\ndrop next S1 -> S3\ndrop next S2 -> S3");
    assert_eq!(waits(&run), 3);
    more(&mut run, "run 30ms");
    assert_eq!(
        (waits(&run), dropped(&run, appends)),
        (2, 0),
        "it is under way"
    );
    more(&mut run, "run 500ms");
    assert_eq!(
        (waits(&run), dropped(&run, appends)),
        (1, 2),
        "S2 says nothing to S3"
    );
    let lost = ends(&run, appends)
        .into_iter()
        .filter(|end| end.2.is_some());
    assert!(lost.clone().all(|(from, to, _)| (from, to) == (1, 3)));
    sound(&run);
    // What is under way already is not the next.
    let run = led("propose S1 x\ndrop next AppendEntries S1 -> S3\nrun 20ms");
    assert_eq!((last_index(&run, 3), waits(&run)), (1, 1));
}

#[test]
fn the_next_message_can_be_doubled_held_up_and_hurried() {
    let due = |lines: &str| -> Vec<(u16, u64)> {
        let run = led(&format!("latency 10ms\n{lines}\npropose S1 x"));
        let sent = flights(&run).into_iter().map(|(_, flight)| flight);
        let now = run.world().now();
        let sent = sent.filter(|flight| flight.sent_at == now);
        sent.map(|flight| (rpc(&flight).to.0, (flight.due_at.0 - now.0) / 1_000))
            .collect()
    };
    assert_eq!(due(""), [(2, 10), (3, 10)]);
    assert_eq!(due("duplicate next S1 -> S3"), [(2, 10), (3, 10), (3, 10)]);
    assert_eq!(due("delay next AppendEntries 30ms"), [(2, 40), (3, 10)]);
    assert_eq!(
        due("deliver next AppendEntries S1 -> S3"),
        [(2, 10), (3, 0)]
    );
    // The network's own delays are drawn as ever.
    let with = led("latency 5ms..50ms\ndelay next S1 -> S3 1s\nrun 99ms\npropose S1 x");
    let without = led("latency 5ms..50ms\nrun 99ms\npropose S1 x");
    let to_s2 = |run: &Run| {
        let sent = flights(run)
            .into_iter()
            .filter(|(_, flight)| rpc(flight).to == NodeId(2));
        sent.map(|(_, flight)| flight.due_at).collect::<Vec<_>>()
    };
    assert_eq!(to_s2(&with), to_s2(&without));
}

#[test]
fn messages_under_way_are_meant_without_next() {
    let mut run = led("latency 10ms\npropose S1 x\nrun 1ms\ndrop AppendEntries S1 -> S3\nrun 15ms");
    assert_eq!((last_index(&run, 2), last_index(&run, 3)), (1, 0));
    let recorded = save(&run.ablated(RuleSet::EMPTY).run);
    assert!(recorded.contains("drop M"), "the numbers are recorded");
    refused(
        &mut run,
        "drop RequestVote reply",
        "no such message in flight: RequestVote reply",
    );
    refused(&mut run, "drop next AppendEntries S1 -> S4", "no server S4");
    // Each of several, and nothing else.
    let mut run = led("latency 10ms\npropose S1 x\nrun 1ms\npropose S1 y\nrun 1ms");
    let before = flights(&run).len();
    more(&mut run, "delay S1 -> S3 100ms\nrun 1ms");
    assert_eq!(flights(&run).len(), before);
    let late = flights(&run)
        .into_iter()
        .filter(|(_, flight)| flight.due_at.0 > 200_000);
    assert!(
        late.clone().count() >= 1 && late.clone().all(|(_, flight)| rpc(&flight).to == NodeId(3))
    );
    more(&mut run, "deliver AppendEntries\nrun 1us");
    assert_eq!((last_index(&run, 2), last_index(&run, 3)), (1, 1));
    // What waits cannot be hurried, but lost.
    let mut run = led("clog S1 -> S3\nrun 150ms");
    refused(&mut run, "deliver S1 -> S3", "no such message");
    more(&mut run, "drop S1 -> S3");
    sound(&run);
}

#[test]
fn calls_of_clients_have_kinds_too() {
    let asked = |lines: &str| {
        open(&format!(
            "servers 3\nclients 2\ntimeout S1\nrun 100ms\n{lines}"
        ))
    };
    let store = |run: &Run| {
        let machine = &run.world().servers()[0].running().expect("it runs").machine;
        machine
            .store
            .iter()
            .next()
            .map(|(_, value)| value.to_owned())
    };
    let lost = |run: &Run| {
        count(run, |event| {
            matches!(event.kind, EventKind::Lost(_, Letter::Call(_), _))
        })
    };
    let run = asked("drop next answer C1\nappend C1 k a\nrun 3s");
    assert_eq!((lost(&run), store(&run).as_deref()), (1, Some("a")));
    let run = asked("drop next request\nappend C2 k a\nrun 100ms");
    assert_eq!((lost(&run), store(&run)), (1, None));
    let run = asked("drop next answer C1\nappend C2 k a\nrun 1s");
    assert_eq!((lost(&run), run.world().network().orders().len()), (0, 1));
    let run = asked("append C2 k a\ndrop request C2\nrun 100ms");
    assert_eq!(store(&run), None);
    refused(&mut led(""), "drop next answer", "no clients");
    refused(&mut asked(""), "drop next request C3", "C3 is not a client");
}

/// A share of one kind comes on top of what befalls all, with draws of its own.
#[test]
fn a_kind_is_doubled_or_late_by_itself() {
    let replies = MessageKind::AppendEntriesReply;
    let arrived = |run: &Run, kind| ends(run, kind).len();
    let plain = led("latency 10ms\nrun 1s");
    let doubled = led("latency 10ms\nduplication AppendEntries reply 100%\nrun 1s");
    assert!(arrived(&doubled, replies) >= 2 * arrived(&plain, replies) - 2);
    let appends = MessageKind::AppendEntries;
    assert_eq!(arrived(&doubled, appends), arrived(&plain, appends));
    let mut late = led("latency 10ms\nreordering AppendEntries S1 -> S3 100% 400ms\npropose S1 x");
    more(&mut late, "run 200ms");
    assert_eq!((last_index(&late, 2), last_index(&late, 3)), (1, 0));
    more(&mut late, "run 300ms");
    assert_eq!(last_index(&late, 3), 1);
    // A copy is lost like any other of its kind.
    let none = led("duplication 100%\nloss AppendEntries S1 -> S2 100%\npropose S1 x\nrun 1s");
    assert_eq!(last_index(&none, 2), 0);
    sound(&none);
}

#[test]
fn no_more_orders_wait_than_the_bound() {
    let mut run = led("");
    for _ in 0..100 {
        more(&mut run, "drop next TimeoutNow");
    }
    refused(&mut run, "drop next TimeoutNow", "100 faults are already");
}
