//! The network of the lab: labrpc as the 6.5840 tests have it.

use super::*;

#[test]
fn the_network_of_the_lab_can_be_switched_on_and_off() {
    let delay = |run: &Run| {
        let sent = flights(run).into_iter().map(|(_, flight)| flight);
        let mut sent = sent.filter(|f| (rpc(f).from, rpc(f).to) == (NodeId(2), NodeId(3)));
        sent.next().map(|f| f.due_at.0 - f.sent_at.0)
    };
    let set_aside = "latency 400ms\nloss 100%\nduplication 100%\nreordering 100% 1s";
    let mut run = led(&format!(
        "run 1s\n{set_aside}\nnetwork labrpc reliable\nrun 1s"
    ));
    more(&mut run, "timeout S2");
    assert_eq!(delay(&run), Some(0));
    assert_eq!(flights(&run).len(), 2, "and no copies");
    more(&mut run, "run 1ms");
    let leader = run.world().leader();
    assert_eq!(leader, Some(NodeId(2)), "an election takes no time");
    sound(&run);
    let mut unreliable = BTreeSet::new();
    for seed in 1..=30 {
        let run = open(&format!(
            "servers 3\nseed {seed}\nnetwork labrpc unreliable\ntimeout S2"
        ));
        unreliable.insert(delay(&run).expect("it is under way"));
    }
    assert!(unreliable.iter().all(|by| by % 1_000 == 0 && *by <= 26_000));
    assert!(unreliable.len() > 10, "{unreliable:?}");
    let mut run = led(&format!(
        "network labrpc unreliable\nrun 1s\n{set_aside}\nnetwork plain"
    ));
    more(&mut run, "run 3s\ntimeout S2");
    assert!(delay(&run).is_some_and(|by| by >= 1_400_000));
}

#[test]
fn long_reordering_delays_replies_and_no_requests() {
    for reliable in ["reliable", "unreliable"] {
        let mut run = open(&format!(
            "servers 3\nnetwork labrpc {reliable} long-reordering\nrun 3s"
        ));
        let (mut late, mut replies) = (0, 0);
        for _ in 0..4_000 {
            let before: BTreeSet<MessageId> = flights(&run).into_iter().map(|(id, _)| id).collect();
            run.step().expect("few events");
            for (id, flight) in flights(&run) {
                if before.contains(&id) || flight.doomed.is_some() {
                    continue;
                }
                let by = flight.due_at.0 - flight.sent_at.0;
                if Said::of(&rpc(&flight).said).is_reply() {
                    replies += 1;
                    late += usize::from(by > 0);
                    assert!(by == 0 || (200_000..=2_199_000).contains(&by), "{by}");
                } else {
                    assert!(by <= 26_000, "{by}");
                }
            }
        }
        let share = late * 100 / replies;
        assert!((60..=73).contains(&share), "{share}% of {replies}");
        sound(&run);
    }
}

/// The lab's network asks whether a message may pass when it is sent, and not again; but a server
/// that was killed since is not whom it was sent to.
#[test]
fn the_network_of_the_lab_looks_when_a_message_is_sent() {
    let seed = (1..=50).find(|seed| {
        let run = open(&format!(
            "servers 3\nseed {seed}\nnetwork labrpc unreliable\ntimeout S2"
        ));
        let all = flights(&run);
        all.iter()
            .all(|(_, f)| f.doomed.is_none() && f.due_at.0 > 1_000)
    });
    let seed = seed.expect("a tenth is dropped");
    let begin = format!("servers 3\nseed {seed}\nnetwork labrpc unreliable\ntimeout S2");
    let heard = |run: &Run| {
        count(run, |event| {
            matches!(&event.kind, EventKind::Delivered(_, Letter::Rpc(a))
                if a.to == NodeId(3) && matches!(a.said, Said::RequestVote { .. }))
        })
    };
    let run = open(&format!("{begin}\ndisconnect S3\nrun 27ms"));
    assert_eq!(heard(&run), 1, "it was under way already");
    let run = open(&format!("{begin}\nnetwork plain\ndisconnect S3\nrun 27ms"));
    assert_eq!(heard(&run), 0);
    let run = open(&format!("{begin}\ncrash S3\nrestart S3\nrun 27ms"));
    assert_eq!(heard(&run), 0);
    let lost = count(&run, |event| {
        matches!(&event.kind, EventKind::Lost(.., LossReason::Crashed))
    });
    assert_eq!(lost, 1);
}
