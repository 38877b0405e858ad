//! The faults of one server: its disk and its clock.

use super::*;

#[test]
fn a_stalled_disk_finishes_its_writes_when_it_works_again() {
    for disk in ["disk 1ms", "disk 0us", "disk 1ms\ndisk unordered"] {
        let mut run = led(&format!(
            "{disk}\nstall S2\nstall S3\npropose S1 x\nrun 50ms\npropose S1 y\nrun 300ms"
        ));
        assert_eq!(last_index(&run, 2), 2, "it is in its memory");
        assert_eq!(committed(&run, 1), 0, "but nobody else has written it");
        let disk = &run.world().servers()[1].disk;
        assert!(disk.writes_pending() >= 2 && disk.image.entries.is_empty());
        more(&mut run, "unstall S2\nunstall S2\nrun 300ms");
        assert_eq!(committed(&run, 1), 2);
        assert_eq!(run.world().servers()[1].disk.writes_pending(), 0);
        more(&mut run, "crash S3\nrestart S3\nrun 100ms");
        assert!(run.world().servers()[2].disk.image.entries.is_empty());
        more(&mut run, "unstall S3\nrun 500ms");
        assert_eq!(run.world().servers()[2].disk.image.entries.len(), 2);
        sound(&run);
    }
}

#[test]
fn an_unordered_disk_finishes_a_later_write_first() {
    let mut overtaken = 0;
    for seed in 1..=20 {
        let text = "servers 3\ntimeout S1\nrun 100ms\ndisk S1 1ms..20ms\ndisk S1 unordered\n";
        let proposals: Vec<String> = (0..20)
            .map(|n| format!("propose S1 x{n}\nrun 1ms\n"))
            .collect();
        let text = format!("seed {seed}\n{text}{}", proposals.concat());
        let mut run = open(&text);
        more(&mut run, "run 30ms");
        let causes: Vec<u64> = run
            .events()
            .iter()
            .filter(|event| event.kind == EventKind::Written)
            .filter_map(|event| event.cause)
            .collect();
        assert_eq!(causes.len(), 20);
        overtaken += usize::from(!causes.is_sorted());
        // Whatever is reported survives, and so does what lies before it only.
        let mut crashed = open(&text);
        let durable = committed(&crashed, 1);
        more(&mut crashed, "crash S1\nrestart S1");
        assert!(last_index(&crashed, 1) >= durable && last_index(&crashed, 1) < 20);
        more(&mut crashed, "run 5s");
        sound(&crashed);
        sound(&run);
        let ordered = open(&text.replace("disk S1 unordered\n", ""));
        let causes = ordered
            .events()
            .iter()
            .filter(|e| e.kind == EventKind::Written);
        assert!(causes.filter_map(|e| e.cause).is_sorted());
    }
    assert!(overtaken >= 15, "only {overtaken} of 20");
}

/// Of a write of term, vote and four entries, all that comes before some point is kept.
#[test]
fn a_torn_write_leaves_its_beginning() {
    let mut kept = BTreeSet::new();
    for seed in 1..=40 {
        let mut run = open(&format!(
            "servers 3\nseed {seed}\ndisconnect S3\ntimeout S1\nrun 100ms\npropose S1 a b c d\n\
             run 100ms\ndisk S3 1s\nconnect S3\nrun 250ms"
        ));
        let before = run.world().servers()[2].disk.image.clone();
        assert_eq!(
            (before.hard_state.current_term.0, before.entries.len()),
            (0, 0)
        );
        assert!(run.world().servers()[2].disk.writes_pending() > 0);
        more(&mut run, "crash S3 torn");
        let disk = &run.world().servers()[2].disk;
        assert_eq!(disk.writes_pending(), 0);
        kept.insert((
            disk.image.hard_state.current_term.0,
            disk.image.entries.len(),
        ));
        more(
            &mut run,
            "restart S3\ndisk 0us\nrun 3s\npropose leader e\nrun 1s",
        );
        sound(&run);
        assert!(committed(&run, 3) >= 5, "seed {seed}");
    }
    let lengths: BTreeSet<usize> = kept.iter().map(|(_, length)| *length).collect();
    assert!(kept.iter().all(|(term, _)| *term > 0), "{kept:?}");
    assert!(lengths.len() > 1, "{kept:?}");
}

#[test]
fn to_tear_nothing_is_to_crash() {
    let torn = led("propose S1 x\nrun 100ms\ncrash S1 torn\nrun 2s");
    let plain = led("propose S1 x\nrun 100ms\ncrash S1\nrun 2s");
    assert_eq!(
        torn.world().servers()[0].disk.image,
        plain.world().servers()[0].disk.image
    );
    refused(&mut led("crash S1 torn"), "crash S1 torn", "has crashed");
}

#[test]
fn a_clock_runs_at_its_own_rate() {
    let heartbeats = |lines: &str| {
        let run = led(&format!("{lines}\nrun 3s"));
        count(&run, |event| {
            event.server == Some(NodeId(1)) && event.kind == EventKind::Timer(Timer::Heartbeat)
        })
    };
    let right = heartbeats("clock S1 100%");
    assert!(heartbeats("clock S1 200%").abs_diff(2 * right) <= 1);
    assert!(heartbeats("clock S1 50%").abs_diff(right / 2) <= 1);
    assert_eq!(heartbeats("clock S1 500%\nclock S1 100%"), right, "it ends");
    // A rate is the machine's: it outlives a crash.
    let run = led("clock S2 300%\ncrash S2\nrestart S2");
    assert_eq!(run.world().servers()[1].clock_rate_permille.get(), 3_000);
}

#[test]
fn a_clock_that_jumps_ahead_lets_timers_run_out_and_one_set_back_delays_them() {
    let mut run = led("clock S2 +10s\nstep");
    let last = run.events().last().expect("an event");
    assert_eq!(last.server, Some(NodeId(2)));
    assert_eq!(last.kind, EventKind::Timer(Timer::Election));
    // It acts once, and waits as long as ever for the next.
    more(&mut run, "run 100ms");
    let elections = |run: &Run, server: u16| {
        count(run, |event| {
            event.server == Some(NodeId(server)) && event.kind == EventKind::Timer(Timer::Election)
        })
    };
    assert_eq!(elections(&run, 2), 1);
    let run = led("clock S2 -10s\ncut S1 S2\ncut S1 S3\ncut S2 S3\nrun 9s");
    assert_eq!(elections(&run, 2), 0);
    assert!(elections(&run, 3) > 3);
    let run = led("clock S2 -10s\ncut S1 S2\ncut S1 S3\ncut S2 S3\nrun 12s");
    assert!(elections(&run, 2) > 0);
    // A paused server sees what its clock shows when it goes on.
    let mut run = led("pause S2\nclock S2 +10s\nrun 10ms");
    assert_eq!(elections(&run, 2), 0);
    more(&mut run, "resume S2");
    let role = run.world().servers()[1].node().expect("it runs").role();
    assert!(!role.is_leader() && role.election().is_some());
    assert_eq!(
        run.world().servers()[1]
            .node()
            .map(|n| n.hard_state().current_term.0),
        Some(2)
    );
}

/// A lease rests on clocks that run about alike (§6.4.1): with a leader whose clock is slow it
/// answers reads that others have overtaken. Reads that ask a majority do not care.
#[test]
fn a_slow_clock_breaks_a_lease() {
    let stale = |features: &str, clock: &str| {
        open(&format!(
            "servers 3\nseed 1\nuse {features}\nelection 200ms..400ms\nheartbeat 50ms\n\
             timeout S1\nrun 100ms\npropose S1 x\nrun 200ms\n{clock}\n\
             partition S1 | S2 S3\nrun 1500ms\npropose leader y\nrun 100ms\n\
             propose S2 z\npropose S3 z\nrun 200ms\nread S1\nrun 100ms"
        ))
    };
    let slow = stale("check-quorum lease-reads", "clock S1 1%");
    assert_eq!(
        broken(&slow),
        [format!("{:?}", Invariant::LinearizableRead)].into()
    );
    sound(&stale("check-quorum lease-reads", "clock S1 100%"));
    sound(&stale("check-quorum", "clock S1 1%"));
}

/// Who starts again with an empty disk has forgotten its vote and what it acknowledged.
#[test]
fn an_empty_disk_loses_what_was_committed() {
    let lines = "propose S1 x\nrun 200ms\ncut S1 S2\ncut S1 S3\ncrash S2";
    let after = "timeout S2\nrun 50ms\ntimeout S2\nrun 100ms\npropose S2 y\nrun 300ms";
    // S3 has x as well, and an empty S2 is not elected by it ...
    let run = led(&format!("{lines}\nrestart S2 empty\n{after}"));
    let forgotten = [Invariant::OneVoteATerm, Invariant::TermMonotone];
    let forgotten = forgotten.map(|invariant| format!("{invariant:?}"));
    assert_eq!(broken(&run), forgotten.into());
    // ... but if x was on S1 and S2 only, a majority has not heard of it now.
    let only_two = format!("cut S1 S3\n{lines}");
    let run = led(&format!("{only_two}\nrestart S2 empty\n{after}"));
    let found = broken(&run);
    for invariant in [Invariant::LeaderCompleteness, Invariant::StateMachineSafety] {
        assert!(found.contains(&format!("{invariant:?}")), "{found:?}");
    }
    let run = led(&format!(
        "{only_two}\nrestart S2\ntimeout S2\nrun 100ms\npropose S2 y\nrun 300ms"
    ));
    sound(&run);
    assert_eq!(committed(&run, 2), 2);
    refused(&mut led(""), "restart S1 empty", "is running");
}

/// Four votes arrive at one instant, and are taken in one after the other.
#[test]
fn a_slow_cpu_does_one_thing_after_the_other() {
    let votes = |cpu: &str| -> Vec<u64> {
        let text = format!("servers 5\nlatency 10ms\n{cpu}\ntimeout S1\nrun 100ms");
        let run = open(&text);
        sound(&run);
        let s1 = Some(NodeId(1));
        let of_s1 = run.events().iter().filter(|event| event.server == s1);
        let taken_in = of_s1.filter(|event| matches!(event.kind, EventKind::Delivered(..)));
        taken_in.map(|event| event.at.0 / 1_000).take(4).collect()
    };
    assert_eq!(votes(""), [20, 20, 20, 20]);
    assert_eq!(votes("cpu S1 5ms"), [20, 25, 30, 35]);
    assert_eq!(votes("cpu S1 5ms\ncpu S1 0"), [20, 20, 20, 20], "it ends");
    assert_eq!(votes("cpu S2 3ms"), [20, 20, 20, 20], "each answers once");
}

/// A timer waits too, and so does a write; a machine stays slow through a crash.
#[test]
fn a_slow_cpu_delays_timers_and_writes() {
    let gaps = |lines: &str| -> Vec<u64> {
        let run = led(&format!("{lines}\nrun 2s"));
        let s1 = run.events().iter().filter(|e| e.server == Some(NodeId(1)));
        let work = s1.filter(|event| {
            matches!(
                event.kind,
                EventKind::Delivered(..) | EventKind::Timer(_) | EventKind::Written
            )
        });
        let times: Vec<u64> = work.skip(20).map(|event| event.at.0).collect();
        times.windows(2).map(|pair| pair[1] - pair[0]).collect()
    };
    let lines = "disk S1 1ms\npropose S1 a b c\nrun 1ms\npropose S1 d";
    assert!(gaps(lines).iter().any(|gap| *gap < 7_000));
    assert!(
        gaps(&format!("cpu S1 7ms\n{lines}"))
            .iter()
            .all(|gap| *gap >= 7_000)
    );
    let again = "cpu S1 7ms\ncrash S1\nrestart S1\nrun 1s";
    assert!(gaps(again).iter().all(|gap| *gap >= 7_000));
    refused(&mut led(""), "cpu S9 5ms", "no server S9");
}

/// A link that is cut loses a message when it comes, also where the receiver is busy; what has
/// come before is there, and a crash takes it along.
#[test]
fn a_cut_takes_what_comes_to_a_busy_server_and_leaves_what_has_come() {
    // The votes come at 20 ms but for the last, which comes at 50 ms; each takes S1 20 ms.
    let fates = |lines: &str| -> Vec<(u64, &str)> {
        let order = "delay next RequestVote reply S5 -> S1 30ms";
        let election = "latency 10ms\ncpu S1 20ms\ntimeout S1";
        let run = open(&format!(
            "servers 5\n{order}\n{election}\n{lines}\nrun 99ms"
        ));
        let of_a_vote = |event: Event| {
            let (kind, letter) = match event.kind {
                EventKind::Delivered(_, letter) => ("in", letter),
                EventKind::Lost(_, letter, LossReason::Cut) => ("cut", letter),
                EventKind::Clogged(_, letter) => ("clogged", letter),
                EventKind::Parked(_, letter) => ("parked", letter),
                _ => return None,
            };
            let is_vote = matches!(letter.rpc()?.said, Said::RequestVoteReply { .. });
            is_vote.then_some((event.at.0 / 1_000, kind))
        };
        run.events().iter().filter_map(of_a_vote).collect()
    };
    let all = [(20, "in"), (40, "in"), (60, "in"), (80, "in")];
    assert_eq!(fates(""), all);
    let lost = [(20, "in"), (40, "in"), (50, "cut"), (60, "in")];
    assert_eq!(fates("run 45ms\ncut S5 -> S1"), lost);
    assert_eq!(fates("run 45ms\ncut S5 -> S1\nrun 1ms\nheal"), all);
    assert_eq!(fates("run 45ms\nclog S5 -> S1")[2], (50, "clogged"));
    // What has come and is put off is taken in later, behind what has come meanwhile.
    let put_off = "run 55ms\ncut S5 -> S1\ndelay RequestVote reply S5 -> S1 15ms\nrun 9ms";
    assert_eq!(fates(put_off)[3], (160, "in"));
    assert_eq!(
        fates("run 45ms\npause S1")[2..],
        [(45, "parked"), (50, "parked")]
    );
    // Once it has come, the link has done its work.
    for late in ["cut S5 -> S1", "disconnect S1", "clog S5 -> S1"] {
        assert_eq!(fates(&format!("run 55ms\n{late}")), all, "{late}");
    }
    // What has come to a server that crashes is not met by the one that starts there.
    let again = "run 55ms\ncrash S1\nrestart S1";
    assert_eq!(fates(again), all[..2]);
}
