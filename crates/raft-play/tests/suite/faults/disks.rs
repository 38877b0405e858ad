//! Disks that lie, fail and go back, and what a crashed server keeps.

use raft_play::words::{self, Language};
use raft_sim::server::Disk;

use super::*;

fn disk(run: &Run, server: usize) -> &Disk {
    &run.world().servers()[server - 1].disk
}

fn term(run: &Run, server: u16) -> u64 {
    let server = run.world().server(NodeId(server)).expect("it is there");
    server
        .node()
        .map_or(
            server.disk.image.hard_state,
            raft_sim::server::ServerNode::hard_state,
        )
        .current_term
        .0
}

fn runs(run: &Run, server: u16) -> bool {
    let server = run.world().server(NodeId(server));
    server.is_some_and(|server| server.running().is_some())
}

fn failures(run: &Run) -> Vec<Event> {
    let failed = |event: &Event| event.kind == EventKind::WriteFailed;
    run.events().iter().filter(failed).collect()
}

/// A crash takes back what such a disk has reported written, and nothing else; until then
/// nobody can tell.
#[test]
fn a_disk_that_does_not_sync_loses_what_it_acknowledged() {
    let lines = "propose S1 x\nrun 100ms\ndisk S2 unsynced\npropose S1 y\nrun 100ms";
    let mut run = led(lines);
    let plain = led(&lines.replace("disk S2 unsynced", "disk S2 0us"));
    assert_eq!(disk(&run, 2).image, disk(&plain, 2).image);
    more(
        &mut run,
        "disk S2 unsynced\npropose S1 z\nrun 100ms\ncrash S2",
    );
    assert_eq!(disk(&run, 2).image.entries.len(), 1, "y and z are lost");
    more(&mut run, "restart S2\nrun 1s");
    assert_eq!(last_index(&run, 2), 3, "they are sent again");
    sound(&run);
    more(&mut run, "crash S2 torn");
    assert_eq!(disk(&run, 2).image.entries.len(), 1, "it does not sync yet");
    // What it held when it began to sync is kept.
    let mut run = led(&format!(
        "{lines}\ndisk synced\npropose S1 z\nrun 100ms\ncrash S2"
    ));
    assert_eq!(disk(&run, 2).image.entries.len(), 3);
    assert!(disk(&run, 2).syncs());
    more(&mut run, "restart S2\nrun 1s");
    sound(&run);
}

/// What a majority acknowledged is gone, and Raft cannot know: the checker does.
#[test]
fn lost_acknowledgements_break_promises() {
    let lines = "disk unsynced\npropose S1 x\nrun 200ms\ndisconnect S1\ncrash S2\nrestart S2\n\
                 crash S3\nrestart S3\ntimeout S2\nrun 100ms\npropose S2 y\nrun 300ms";
    let lost = led(lines);
    let found = broken(&lost);
    for invariant in [Invariant::LeaderCompleteness, Invariant::StateMachineSafety] {
        assert!(found.contains(&format!("{invariant:?}")), "{found:?}");
    }
    sound(&led(&lines.replace("disk unsynced", "disk synced")));
    // A vote is a promise too.
    let twice = open(
        "servers 3\ndisk S3 unsynced\ncut S1 S2\ntimeout S1\nrun 40ms\ncrash S3\nrestart S3\n\
         timeout S2\nrun 40ms",
    );
    let found = broken(&twice);
    for invariant in [Invariant::OneVoteATerm, Invariant::ElectionSafety] {
        assert!(found.contains(&format!("{invariant:?}")), "{found:?}");
    }
}

/// The server stops at the first write that fails, with nothing of it kept and nothing said that
/// rests on it; it stops again if it is started, until the disk works.
#[test]
fn a_server_stops_at_a_write_that_fails() {
    for time in ["disk 0us", "disk 5ms", "disk 5ms\ndisk unordered"] {
        let mut run = led(&format!("{time}\ndisk S2 failing\npropose S1 x\nrun 60ms"));
        assert!(!runs(&run, 2) && runs(&run, 1) && runs(&run, 3), "{time}");
        assert_eq!(disk(&run, 2).image.entries.len(), 0);
        assert_eq!(failures(&run).len(), 1);
        let failed = &failures(&run)[0];
        assert_eq!(failed.server, Some(NodeId(2)));
        let cause = run
            .event(failed.cause.expect("a cause"))
            .expect("it is there");
        assert!(matches!(cause.kind, EventKind::Delivered(..)), "{cause:?}");
        assert!(run.is_of_note(failed));
        let acknowledged = count(&run, |event| {
            matches!(&event.kind, EventKind::Delivered(_, Letter::Rpc(arrival))
                if arrival.from == NodeId(2)
                    && matches!(arrival.said, Said::AppendEntriesReply { last_index, .. }
                        if last_index.0 > 0))
        });
        assert_eq!(acknowledged, 0, "{time}");
        more(&mut run, "restart S2\nrun 300ms");
        assert_eq!((runs(&run, 2), failures(&run).len()), (false, 2));
        more(&mut run, "disk working\nrestart S2\nrun 300ms");
        assert_eq!((last_index(&run, 2), failures(&run).len()), (1, 2));
        sound(&run);
    }
    // A leader too: what it appended and sent is not its own to count.
    let mut run = led("disk S1 failing\npropose S1 x\nrun 2s");
    assert!(!runs(&run, 1));
    assert!(
        run.world()
            .leader()
            .is_some_and(|leader| leader != NodeId(1))
    );
    more(&mut run, "disk S1 working\nrestart S1\nrun 1s");
    sound(&run);
}

#[test]
fn a_write_fails_only_when_its_disk_would_finish_it() {
    let mut run = led("disk S2 20ms\npropose S1 x\nrun 20ms\ndisk S2 failing");
    assert!(runs(&run, 2));
    more(&mut run, "disk S2 working\nrun 100ms");
    assert_eq!((runs(&run, 2), failures(&run).len()), (true, 0));
    more(
        &mut run,
        "stall S2\ndisk S2 failing\npropose S1 y\nrun 300ms",
    );
    assert!(runs(&run, 2), "it stands still");
    more(&mut run, "unstall S2\nrun 300ms");
    assert!(!runs(&run, 2));
    sound(&run);
}

#[test]
fn a_backup_takes_the_place_of_what_was_kept_since() {
    let lines = "propose S1 x\nrun 100ms\nbackup S3\npropose S1 y\nrun 100ms\ncrash S3";
    let mut run = led(&format!("{lines}\nrestart S3 backup"));
    assert_eq!(last_index(&run, 3), 1);
    more(&mut run, "run 1s");
    assert_eq!(last_index(&run, 3), 2);
    sound(&run);
    // It is the same as often as it is used.
    more(&mut run, "crash S3\nrestart S3 backup");
    assert_eq!(last_index(&run, 3), 1);
    // What S1 and S3 had committed is lost with S1 away.
    let away = format!("cut S1 S2\n{lines}\nrestart S3 backup\ndisconnect S1\nheal S2 S3\n");
    let run = led(&format!(
        "{away}timeout S2\nrun 50ms\ntimeout S3\nrun 300ms"
    ));
    let found = broken(&run);
    let completeness = format!("{:?}", Invariant::LeaderCompleteness);
    assert!(found.contains(&completeness), "{found:?}");
    refused(
        &mut led("crash S1"),
        "restart S1 backup",
        "S1 has no backup of its disk",
    );
    refused(&mut led("backup S1"), "restart S1 backup", "is running");
    refused(&mut led(""), "backup S7", "no server S7");
}

/// The disk of a crashed server can be rewritten like that of one that runs, and so can what it
/// is put on: a lost sync or a wiped disk does not bring back what was there.
#[test]
fn a_crashed_server_can_be_rewritten() {
    let mut run = led("propose S1 x y\nrun 200ms\ncrash S3");
    more(&mut run, "rewrite S3 entry 2 1:z");
    let entry = |run: &Run| {
        disk(run, 3)
            .image
            .entries
            .last()
            .and_then(|e| e.command().cloned())
    };
    assert_eq!(entry(&run), Some(Command::from("z")));
    let changes = run.changes();
    assert!(
        changes
            .iter()
            .any(|change| change.field.to_string() == "log[2]"),
        "{changes:?}"
    );
    refused(&mut run, "rewrite S3 commit 1", "S3 has crashed");
    refused(&mut run, "rewrite S3 delete 3", "cannot do that at index 3");
    more(&mut run, "restart S3\nrun 1ms");
    let matching = format!("{:?}", Invariant::LogMatching);
    assert!(broken(&run).contains(&matching), "{:?}", broken(&run));
    let mut run = led("run 100ms\ncrash S3\nrewrite S3 log 1:a 3:b\nrewrite S3 votedFor S2");
    assert_eq!(term(&run, 3), 3, "it has seen the term of its entry");
    assert_eq!(disk(&run, 3).image.hard_state.voted_for, Some(NodeId(2)));
    more(&mut run, "rewrite S3 term 0\nrewrite S3 truncate 1");
    assert_eq!((term(&run, 3), disk(&run, 3).image.entries.len()), (0, 0));
    let mut run = led("disk S3 unsynced\ncrash S3\nrewrite S3 log 1:a\nrestart S3\ncrash S3");
    assert_eq!(
        disk(&run, 3).image.entries.len(),
        1,
        "what was rewritten is synced"
    );
    more(&mut run, "restart S3 empty\ncrash S3");
    assert_eq!(disk(&run, 3).image.entries.len(), 0);
}

#[test]
fn a_configuration_can_be_rewritten() {
    let members = |run: &Run, server: u16| {
        let server = run.world().server(NodeId(server)).expect("it is there");
        let node = server.node();
        node.map_or(server.disk.image.configuration().to_string(), |node| {
            node.configuration().to_string()
        })
    };
    let three = members(&led(""), 1);
    // S3 is alone in its own eyes, and elects itself; nobody else thinks so.
    for lines in [
        "rewrite S3 configuration voters S3",
        "crash S3\nrewrite S3 configuration voters S3\nrestart S3",
    ] {
        let mut run = led(&format!("disconnect S3\n{lines}"));
        assert_ne!(members(&run, 3), three);
        assert_eq!(
            (members(&run, 1), members(&run, 2)),
            (three.clone(), three.clone())
        );
        more(&mut run, "timeout S3\nrun 10ms\npropose S3 z");
        assert_eq!(committed(&run, 3), 1, "{lines}");
        more(&mut run, "propose S1 x\nrun 200ms");
        let found = broken(&run);
        let safety = format!("{:?}", Invariant::StateMachineSafety);
        assert!(found.contains(&safety), "{found:?}");
    }
    // Where the log has a configuration, it is that one.
    let mut run = led("propose S1 x\nrun 100ms\nreconfigure S1 voters S1 S2\nrun 300ms\ncrash S2");
    more(
        &mut run,
        "rewrite S2 configuration voters S1 S3 learners S2",
    );
    let image = &disk(&run, 2).image;
    assert_eq!(image.snapshot.configuration.to_string(), three);
    assert_ne!(image.configuration().to_string(), three);
    assert!(members(&run, 2).contains("S3"), "{}", members(&run, 2));
    refused(
        &mut run,
        "rewrite S2 configuration voters S9",
        "no server S9",
    );
}

#[test]
fn a_snapshot_can_be_rewritten() {
    let begins = |run: &Run, server: usize| {
        let image = &disk(run, server).image;
        (image.snapshot.last_included_index.0, image.entries.len())
    };
    // What it takes the place of is what it says; the rest of the log stays.
    let mut run = led("propose S1 k=1 b c\nrun 200ms\nrewrite S2 snapshot 1:k=1 1:b");
    assert_eq!(begins(&run, 2), (2, 1));
    more(&mut run, "crash S2\nrestart S2\nrun 1s");
    let value = |run: &Run, server: usize| {
        let machine = &run.world().servers()[server - 1]
            .running()
            .expect("it runs")
            .machine;
        machine
            .store
            .iter()
            .next()
            .map(|(_, value)| value.to_owned())
    };
    assert_eq!(value(&run, 2).as_deref(), Some("1"));
    assert_eq!(committed(&run, 2), 3);
    sound(&run);
    // A lost one leaves a log with a hole, which is none.
    let mut run = led("propose S1 a b c\nrun 200ms\nsnapshot S2\npropose S1 d\nrun 200ms");
    assert_eq!(begins(&run, 2), (3, 1));
    more(&mut run, "crash S2\nrewrite S2 snapshot\nrestart S2");
    assert_eq!((begins(&run, 2), last_index(&run, 2)), ((0, 0), 0));
    more(&mut run, "run 1s");
    assert_eq!(committed(&run, 2), 4);
    sound(&run);
    // One of other commands is noticed as soon as it is loaded, and one that goes beyond the
    // log leaves nothing of it and raises the term.
    for lines in [
        "rewrite S2 snapshot 1:a 1:z",
        "crash S2\nrewrite S2 snapshot 1:a 1:z",
    ] {
        let mut run = led(&format!("propose S1 a b\nrun 10ms\n{lines}"));
        if !runs(&run, 2) {
            more(&mut run, "restart S2");
        }
        more(&mut run, "run 500ms\npropose leader c\nrun 500ms");
        let safety = format!("{:?}", Invariant::StateMachineSafety);
        assert!(
            broken(&run).contains(&safety),
            "{lines}: {:?}",
            broken(&run)
        );
    }
    let run = led("crash S3\nrewrite S3 snapshot 1:a 7:b");
    assert_eq!((begins(&run, 3), term(&run, 3)), ((2, 0), 7));
}

/// What a snapshot holds is looked at where it is loaded, not only once more has been applied.
#[test]
fn a_state_that_nobody_else_reached_is_found_when_it_is_loaded() {
    let safety = [format!("{:?}", Invariant::StateMachineSafety)];
    let told = |run: &Run| {
        let violation = run.world().checker().violations()[0].clone();
        words::violation_found(&violation, Language::English)
    };
    let rewritten = "propose S1 k=1 k=2\nrun 300ms\ncrash S3\nrewrite S3 snapshot";
    let run = led(&format!("{rewritten} 1:k=7 1:k=8\nrestart S3"));
    assert_eq!(broken(&run), safety.clone().into());
    assert!(
        told(&run).contains("differs from that of another"),
        "{}",
        told(&run)
    );
    // A snapshot of what the others have applied is none the worse for having been rewritten.
    sound(&led(&format!(
        "{rewritten} 1:k=1 1:k=2\nrestart S3\nrun 5s"
    )));

    // Nobody has applied anything, so there is nobody whose state differs.
    let run = open("servers 3\nrewrite S1 snapshot 1:k=1");
    assert_eq!(broken(&run), safety.into());
    assert!(
        told(&run).contains("no committed entries lead to"),
        "{}",
        told(&run)
    );
}
