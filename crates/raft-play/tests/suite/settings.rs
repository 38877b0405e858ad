//! What a header says of sizes, and of what single servers have of their own, is what the servers
//! do.

use raft_core::NodeId;
use raft_play::playbook::Playbook;
use raft_play::save;
use raft_sim::letter::Letter;
use raft_sim::said::Said;
use raft_sim::{EventKind, Run};

/// Plays it to its end, and a run that is saved and opened again to the same.
#[track_caller]
fn open(text: &str) -> Run {
    let (run, failure) = raft_play::play(text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        failure.map(|failure| failure.error.to_string()),
        None,
        "{text}"
    );
    let again = raft_play::open(&save(&run)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(again.digest(), run.digest());
    assert_eq!(again.world(), run.world());
    run
}

/// The most of something that any message from `from` carried.
fn most(run: &Run, from: u16, count: impl Fn(&Said) -> u64) -> u64 {
    let said = run.events().iter().filter_map(|event| match event.kind {
        EventKind::Delivered(_, Letter::Rpc(arrival)) if arrival.from == NodeId(from) => {
            Some(count(&arrival.said))
        }
        _ => None,
    });
    said.max().unwrap_or(0)
}

fn entries(said: &Said) -> u64 {
    match said {
        Said::AppendEntries { entries, .. } => *entries,
        _ => 0,
    }
}

fn bytes(said: &Said) -> u64 {
    match said {
        Said::InstallSnapshot { bytes, .. } => *bytes,
        _ => 0,
    }
}

/// S1 leads, and then what it has to send gathers.
const LED: &str = "timeout S1\nrun 100ms\npropose S1 *:8\nrun 200ms\npropose S1 *9:8\nrun 1s\n";

#[test]
fn messages_carry_as_much_as_the_header_says() {
    for (header, expected) in [
        ("", 9),
        ("entries_max 2", 2),
        // Each entry has eight bytes, and eight for its term.
        ("entries_bytes_max 48", 3),
        ("entries_bytes_max 1", 1),
        ("server S1 entries_max 4", 4),
        ("server S2 entries_max 4", 9),
        ("entries_max 2\nserver S1 entries_max 5", 5),
    ] {
        let run = open(&format!("servers 3\n{header}\n{LED}expect applied S3 = 10"));
        assert_eq!(most(&run, 1, entries), expected, "{header}");
    }
}

#[test]
fn so_many_entries_are_under_way_and_wait() {
    let cut = "servers 3\nentries_max 1\nin_flight_max 3\ntimeout S1\nrun 100ms\npropose S1 a\n\
               run 300ms\nlatency 1s\npropose S1 b c d e f";
    let run = open(cut);
    let flights = run.world().network().flights().values();
    let rpcs = flights.filter_map(|flight| flight.letter.rpc());
    let to_s2 = rpcs.filter(|rpc| rpc.to == NodeId(2));
    let with_entries = to_s2.filter(|rpc| entries(&Said::of(&rpc.said)) > 0);
    assert_eq!(with_entries.count(), 3);
    // Each entry has eight bytes, and eight for its term.
    open(
        "servers 3\nuncommitted_bytes_max 40\ntimeout S1\nrun 100ms\ncrash S2 S3\n\
         propose S1 *2:8\nexpect refused propose S1 *:9",
    );
    open(
        "servers 3\nuncommitted_max 2\ntimeout S1\nrun 100ms\ncrash S2 S3\n\
         propose S1 a b\nexpect refused propose S1 c",
    );
    // The others commit it, so that only its own disk is behind.
    open(
        "servers 3\nserver S1 unwritten_bytes_max 20\ntimeout S1\nrun 100ms\nstall S1\n\
         propose S1 *:8\npropose S1 *:8\nrun 500ms\nexpect commit S1 = 2\n\
         expect refused propose S1 *:8\nunstall S1\nrun 100ms\nexpect accepted propose S1 *:8",
    );
    open(
        "servers 3\nreads_max 2\ntimeout S1\nrun 100ms\npropose S1 a\nrun 500ms\n\
         crash S2 S3\nread S1\nread S1\nexpect refused read S1",
    );
}

#[test]
fn chunks_of_a_snapshot_are_as_long_as_the_header_says() {
    let lines = "disconnect S3\ntimeout S1\nrun 100ms\npropose S1 *9:8\nrun 500ms\n\
                 snapshot S1\nconnect S3\nrun 2s\nexpect snapshot S3 = 9";
    for (header, expected) in [
        ("snapshot_bytes_max 5", 5),
        ("use snapshot-chunks", 4),
        // What is given counts, whatever is used.
        ("use snapshot-chunks\nsnapshot_bytes_max 7", 7),
        ("server S1 snapshot_bytes_max 6\nsnapshot_bytes_max 7", 6),
        ("server S1 use snapshot-chunks", 4),
        ("use snapshot-chunks\nserver S1 snapshot_bytes_max 9", 9),
    ] {
        let run = open(&format!("servers 3\n{header}\n{lines}"));
        assert_eq!(most(&run, 1, bytes), expected, "{header}");
    }
}

/// A snapshot that is longer than a server takes in never arrives there.
#[test]
fn a_snapshot_that_is_too_long_is_not_taken_in() {
    let lines = "disconnect S3\ntimeout S1\nrun 100ms\npropose S1 *9:8\nrun 500ms\n\
                 snapshot S1\nconnect S3\nrun 2s\n";
    open(&format!(
        "servers 3\nserver S3 snapshot_whole_bytes_max 8\n{lines}expect snapshot S3 = 0"
    ));
    open(&format!(
        "servers 3\nsnapshot_whole_bytes_max 100\n{lines}expect snapshot S3 = 9"
    ));
}

#[test]
fn one_server_has_its_own_timers_and_features() {
    for seed in 1..=20 {
        open(&format!(
            "servers 3\nseed {seed}\nserver S2 election 150ms..200ms\nrun 300ms\nexpect leader = S2"
        ));
    }
    // The first of S1's own comes 30 ms after the one with which it begins.
    open(
        "servers 3\nserver S1 heartbeat 30ms\nlatency 1ms\ntimeout S1\nrun 10ms\nlet before = rpcs\n\
         run 35ms\nexpect rpcs = before + 2",
    );
    open("servers 3\nserver S2 use no-op\ntimeout S1\nrun 100ms\nexpect last S1 = 0");
    open("servers 3\nserver S1 use no-op\ntimeout S1\nrun 100ms\nexpect log S1 = 1:no-op");
    open("servers 3\nuse no-op\nserver S1 use none\ntimeout S1\nrun 100ms\nexpect last S1 = 0");
}

/// A restarted server is what it was.
#[test]
fn settings_outlive_a_crash() {
    open(
        "servers 3\nserver S2 election 150ms..200ms\ncrash S2\nrestart S2\nrun 300ms\n\
         expect leader = S2",
    );
}

#[test]
fn a_header_prints_what_single_servers_have() {
    let text = "servers 3\nseed 1\nelection 500ms..1s\nheartbeat 100ms\nentries_max 2\n\
                in_flight_max 4\nuse pre-vote\nserver S1 use none\nserver S3 election 1s..2s\n\
                server S3 heartbeat 50ms\nserver S3 entries_bytes_max 100\n\
                server S3 use pre-vote check-quorum\n";
    let playbook: Playbook = text.parse().expect("it can be read");
    assert_eq!(playbook.to_string(), text);
}

#[test]
fn what_no_single_server_has_is_refused() {
    for (header, message, remedy) in [
        ("server S2", "ends where a setting", "server S2 election"),
        (
            "server leader election 1s",
            "“leader” is not a server by its number",
            "server S2",
        ),
        ("server S9 election 1s", "no server S9", "S1 to S3"),
        (
            "server S2 seed 3",
            "“seed” is not a setting of a single server",
            "election, heartbeat, entries_max",
        ),
        (
            "server S2 entry_max 3",
            "“entry_max” is not a setting",
            "“entries_max”",
        ),
        ("server S2 entries_max 0", "outside 1", "whole number"),
        ("server S2 election 0s", "too short", "1ms"),
        (
            "server S2 use lease-reads",
            "ignore candidates",
            "check-quorum",
        ),
        (
            "server S2 entries_max 1\nserver S2 entries_max 2",
            "given twice",
            "Delete one",
        ),
        ("entries_max 1\nentries_max 2", "given twice", "Delete one"),
    ] {
        let text = format!("servers 3\n{header}");
        let error = text.parse::<Playbook>().expect_err(header);
        assert!(error.message.contains(message), "{error}");
        assert!(error.remedy.contains(remedy), "{error}");
    }
    let late = "server S5 entries_max 1\nservers 3".parse::<Playbook>();
    let error = late.expect_err("there are three");
    assert!(error.message.contains("no server S5"), "{error}");
}
