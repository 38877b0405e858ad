//! A line that takes one server applies to each of several, in order.

use raft_play::text::Line;
use raft_sim::event::EventKind;

const LED: &str = "servers 3\ntimeout S1\nrun 100ms\npropose S1 a b\nrun 300ms\n";

/// What this line does in a cluster that S1 leads.
#[track_caller]
fn done(line: &str) -> Vec<String> {
    let before = raft_play::open(LED).expect("a playbook").events().len();
    let run = raft_play::open(&format!("{LED}{line}"));
    let run = run.unwrap_or_else(|error| panic!("{line}: {error}"));
    let acted = run.events().iter().skip(before);
    let acted = acted.map(|event| match event.kind {
        EventKind::Acted(action) | EventKind::Declined(action, _) => Line(&action).to_string(),
        kind => panic!("{line}: {kind:?}"),
    });
    acted.collect()
}

#[test]
fn it_is_done_to_each_of_them() {
    for (line, each) in [
        ("cpu all 5ms", "cpu S1 5ms, cpu S2 5ms, cpu S3 5ms"),
        ("cpu followers 0", "cpu S2 0, cpu S3 0"),
        ("clock followers 200%", "clock S2 200%, clock S3 200%"),
        ("clock S1 S3 +5ms", "clock S1 +5ms, clock S3 +5ms"),
        ("disk followers failing", "disk S2 failing, disk S3 failing"),
        (
            "disk followers 1ms..2ms",
            "disk S2 1ms..2ms, disk S3 1ms..2ms",
        ),
        ("disk 1ms", "disk 1ms"),
        (
            "rewrite followers term 5",
            "rewrite S2 term 5, rewrite S3 term 5",
        ),
        ("transfer followers S1", "transfer S2 S1, transfer S3 S1"),
        (
            "reconfigure leaders voters followers",
            "reconfigure S1 voters S2 S3",
        ),
        ("cut leader -> followers", "cut S1 -> S2, cut S1 -> S3"),
        ("cut leader followers", "cut S1 S2, cut S1 S3"),
        // None has a link to itself.
        ("clog leader -> all", "clog S1 -> S2, clog S1 -> S3"),
        ("heal followers -> leader", "heal S2 -> S1, heal S3 -> S1"),
        ("unclog followers S1", "unclog S2 S1, unclog S3 S1"),
        (
            "loss leader -> followers 5%",
            "loss S1 -> S2 5%, loss S1 -> S3 5%",
        ),
        (
            "latency leader -> followers 1ms",
            "latency S1 -> S2 1ms, latency S1 -> S3 1ms",
        ),
        (
            "bandwidth leader -> followers 1KiB/s",
            "bandwidth S1 -> S2 1KiB/s, bandwidth S1 -> S3 1KiB/s",
        ),
        (
            "duplication RequestVote leader -> followers 5%",
            "duplication RequestVote S1 -> S2 5%, duplication RequestVote S1 -> S3 5%",
        ),
        (
            "reordering followers -> leader 5% 2ms",
            "reordering S2 -> S1 5% 2ms, reordering S3 -> S1 5% 2ms",
        ),
        (
            "drop next AppendEntries leader -> followers",
            "drop next AppendEntries S1 -> S2, drop next AppendEntries S1 -> S3",
        ),
    ] {
        assert_eq!(done(line).join(", "), each, "{line}");
    }
}

/// Each message that is under way on any of the links.
#[test]
fn messages_under_way_are_found_on_each_link() {
    let dropped = done("propose S1 c\ndrop AppendEntries leader -> followers");
    assert_eq!(dropped.len(), 3, "{dropped:?}");
    assert!(dropped[1..].iter().all(|line| line.starts_with("drop M")));
}

#[test]
fn a_link_still_needs_two_servers() {
    let error = raft_play::open(&format!("{LED}cut leader -> S1")).expect_err("one server");
    assert!(
        error.message.contains("S1 has no link to itself"),
        "{error}"
    );
    let error = raft_play::open(&format!("{LED}transfer S1 followers")).expect_err("two");
    assert!(error.message.contains("Exactly one server"), "{error}");
}
