//! Logs edited into disagreement: what Raft does not promise to survive is
//! reported by name, and what it does promise to repair is repaired.

use raft_core::{Index, NodeId, Rule};
use raft_play::open;
use raft_sim::invariant::Violation;
use raft_sim::{EventKind, Invariant, Run, entry_text};

const THREE_COMMITTED: &str = "servers 3\nseed 4\ntimeout S1\nrun 100ms\n\
    propose S1 x1 x2 x3\nrun 500ms\n";

fn play(rest: &str) -> Run {
    open(&format!("{THREE_COMMITTED}{rest}")).expect("it plays")
}

fn log(run: &Run, server: u16) -> Vec<String> {
    let node = run.world().server(NodeId(server)).and_then(|s| s.node());
    let entries = node.map(|node| node.log().entries().clone());
    let entries = entries.unwrap_or_default();
    entries.iter().map(entry_text).collect()
}

fn broken(run: &Run) -> Vec<Invariant> {
    let violations = run.world().checker().violations();
    violations.iter().map(Violation::invariant).collect()
}

/// §5.3: the leader forces a follower's tail to its own log, and sends again
/// what another has lost.
#[test]
fn an_extraneous_and_a_missing_tail_are_repaired() {
    let run = play(
        "rewrite S1 term 5\ntimeout S1\nrun 200ms\n\
         rewrite S2 entry 4 1:odd\nrewrite S3 truncate 3\nrewrite S3 commit 2\n\
         propose S1 x4\nrun 1s\n",
    );
    for server in 1..=3 {
        assert_eq!(log(&run, server), ["1:x1", "1:x2", "1:x3", "6:x4"]);
    }
}

/// §5.3: a tail of another term is found by the consistency check, refused
/// with its XTerm, and deleted.
#[test]
fn a_conflicting_tail_is_refused_and_deleted() {
    let run = play(
        "rewrite S1 term 7\nrewrite S2 log 1:x1 1:x2 1:x3 2:y4 2:y5\n\
         rewrite S1 log 1:x1 1:x2 1:x3 3:z4 3:z5\n\
         timeout S1\nrun 1s\npropose S1 z6\nrun 1s\n",
    );
    assert_eq!(log(&run, 2), log(&run, 1));
    assert_eq!(log(&run, 2)[3..5], ["3:z4", "3:z5"]);
    assert!(broken(&run).is_empty(), "{:?}", broken(&run));
    let acted = |rule| run.events().iter().any(|event| event.rules.contains(&rule));
    assert!(acted(Rule::ConsistencyCheck));
    assert!(acted(Rule::DeleteConflict));
    assert!(acted(Rule::BackToConflictIndex));
}

/// Figure 3, Log Matching: one index, one term, two commands.
#[test]
fn another_command_under_the_same_term_is_reported() {
    let run = play("rewrite S2 entry 2 1:forged\n");
    let violation = run
        .world()
        .checker()
        .violations()
        .iter()
        .find(|violation| violation.invariant() == Invariant::LogMatching)
        .expect("reported by name");
    assert!(violation.servers.contains(&NodeId(2)));
    assert_eq!(violation.index, Index(2));
    assert_eq!(violation.event, run.position() - 1);
}

/// Figure 3, State Machine Safety: what was committed was changed.
#[test]
fn a_committed_entry_of_another_term_is_reported() {
    let run = play("rewrite S2 entry 2 9:forged\nrun 1s\n");
    assert!(broken(&run).contains(&Invariant::StateMachineSafety));
}

/// Figure 3, Leader Append-Only.
#[test]
fn a_leader_whose_log_is_shortened_is_reported() {
    let run = play("rewrite S1 truncate 2\n");
    assert!(broken(&run).contains(&Invariant::LeaderAppendOnly));
}

/// Figure 3, Leader Completeness: both followers forget what was committed,
/// and one of them is elected.
#[test]
fn a_leader_without_a_committed_entry_is_reported() {
    let run =
        play("crash S1\nrewrite S2 truncate 3\nrewrite S3 truncate 3\ntimeout S2\nrun 200ms\n");
    assert!(broken(&run).contains(&Invariant::LeaderCompleteness));
}

/// §5.2: a server whose vote was wiped votes twice, and two leaders share a
/// term.
#[test]
fn a_wiped_vote_elects_two_leaders_of_one_term() {
    let run = open(
        "servers 3\npartition S1 S2 | S3\ntimeout S1\nrun 100ms\n\
         partition S3 S2 | S1\nrewrite S2 term 0\ntimeout S3\nrun 200ms\n",
    )
    .expect("it plays");
    let broken = broken(&run);
    assert!(broken.contains(&Invariant::ElectionSafety), "{broken:?}");
    assert!(broken.contains(&Invariant::OneVoteATerm), "{broken:?}");
}

/// §5.4: an old leader whose grants arrive late may lead an old term without
/// what was committed in a later one. That is Raft, not a violation.
#[test]
fn a_late_leader_of_an_old_term_breaks_nothing() {
    let run = open(
        "servers 5\nlatency 1ms\n\
         timeout S1\nrun 50ms\npropose S1 a\nrun 150ms\n\
         partition S1 S2 | S3 S4 S5\npropose S1 b\nrun 50ms\n\
         latency S3 -> S5 400ms\nlatency S4 -> S5 400ms\ntimeout S5\nrun 20ms\n\
         partition S1 S2 S3 S4 | S5\nheal S3 -> S5\nheal S4 -> S5\n\
         run 150ms\ntimeout S1\nrun 20ms\npropose S1 c\nrun 1s\n",
    )
    .expect("it plays");
    let led = |term| {
        let wins = |e: &raft_sim::Event| e.rules.contains(&Rule::WinElection);
        let mut winners = run.events().iter().filter(wins).filter_map(|e| e.server);
        winners.any(|server| server == NodeId(term))
    };
    assert!(led(5) && led(1), "the scene is set");
    assert!(broken(&run).is_empty(), "{:?}", broken(&run));
}

/// Figure 3, Log Matching: a log rewritten while its reader was away.
#[test]
fn a_mismatch_with_a_crashed_server_is_reported_when_it_returns() {
    let run = open(
        "servers 3\nrewrite S2 log 1:x1\ncrash S2\n\
         rewrite S3 log 1:z 1:y\nrestart S2\n",
    )
    .expect("it plays");
    assert!(broken(&run).contains(&Invariant::LogMatching));
}

/// Figure 3, Leader Append-Only, in the middle of the log.
#[test]
fn a_leader_whose_old_entry_is_replaced_is_reported() {
    let run = open(
        "servers 3\ntimeout S1\nrun 100ms\npartition S1 | S2 S3\n\
         propose S1 a b\nrewrite S1 entry 1 1:z\n",
    )
    .expect("it plays");
    assert!(broken(&run).contains(&Invariant::LeaderAppendOnly));
}

/// What has come to a paused server waits there, whatever becomes of its link meanwhile.
#[test]
fn what_waits_at_a_paused_server_is_not_lost_with_its_link() {
    let paused = "servers 3\nseed 1\ntimeout S2\nrun 50ms\npause S1\nrun 200ms\n\
                  cut S2 S1\ncut S3 S1\nresume S1\nrun 5ms\n";
    let run = open(paused).expect("it plays");
    let count = |is: fn(&EventKind) -> bool| run.events().iter().filter(|e| is(&e.kind)).count();
    let parked = count(|kind| matches!(kind, EventKind::Parked(..)));
    assert!(parked > 0);
    assert_eq!(count(|kind| matches!(kind, EventKind::Lost(..))), 0);
}

/// A paused server does nothing, though its disk goes on.
#[test]
fn a_paused_server_does_not_win_an_election() {
    let paused = "servers 1\ndisk 50ms\ntimeout S1\npause S1\nrun 400ms\n";
    let leads = |run: &Run| run.world().leader() == Some(NodeId(1));
    assert!(!leads(&open(paused).expect("it plays")));
    let resumed = format!("{paused}resume S1\nrun 1ms\n");
    assert!(leads(&open(&resumed).expect("it plays")));
}
