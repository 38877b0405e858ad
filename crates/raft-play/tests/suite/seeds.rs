//! The playbooks made from the lab notes end as the notes say.
//!
//! Each test names the part of the notes that it follows, counts servers from 1 where the notes
//! count from 0, and looks at the run at the end of a phase: at the very point where the notes
//! write a state down.

use std::fs;
use std::path::PathBuf;

use raft_core::{AppendOutcome, Index, NodeId, Role, Term};
use raft_play::open;
use raft_sim::Run;
use raft_sim::event::{Event, EventKind};
use raft_sim::letter::Letter;
use raft_sim::said::Said;
use raft_sim::server::ServerNode;

use crate::played::written_log;

/// A run looked at from somewhere.
struct Played(Run);

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../playbooks/seeds")
}

/// The names of all playbooks of the notes.
fn names() -> Vec<String> {
    let files = fs::read_dir(folder()).expect("the folder of playbooks");
    let paths = files.map(|file| file.expect("a file").path());
    let mut names: Vec<String> = paths
        .map(|path| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

fn text(name: &str) -> String {
    let path = folder().join(name).with_extension("raft");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The playbook of this name, played to its end.
fn play(name: &str) -> Played {
    let run = open(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    Played(run)
}

impl Played {
    /// Goes to the end of the phase whose English caption begins so (of the last one, if several
    /// do).
    fn after(&mut self, caption: &str) -> &mut Self {
        let phases = self.0.phases();
        let phase = phases
            .iter()
            .rposition(|phase| phase.caption.starts_with(caption))
            .unwrap_or_else(|| panic!("no phase “{caption}”"));
        let end = phases.get(phase + 1).map_or(u64::MAX, |next| next.position);
        self.0.go_to(end);
        self
    }

    fn node(&self, server: u16) -> &ServerNode {
        let server = self.0.world().server(NodeId(server)).expect("it exists");
        server.node().expect("it is running")
    }

    /// The log as a playbook would write it.
    fn log(&self, server: u16) -> String {
        written_log(self.node(server))
    }

    /// `commitIndex` and the index of the last entry.
    fn commit_and_last(&self, server: u16) -> (u64, u64) {
        let node = self.node(server);
        (node.commit_index().0, node.log().last_index().0)
    }

    fn term(&self, server: u16) -> u64 {
        self.node(server).hard_state().current_term.0
    }

    /// `nextIndex` and `matchIndex` that `leader` has for `follower`.
    fn progress(&self, leader: u16, follower: u16) -> (u64, u64) {
        let Role::Leader(role) = self.node(leader).role() else {
            panic!("S{leader} does not lead");
        };
        let progress = role.progress.get(NodeId(follower)).expect("a member");
        (progress.next_index.0, progress.match_index.0)
    }

    /// Every server that believes it leads, with its term.
    fn leaders(&self) -> Vec<(u16, u64)> {
        let servers = self.0.world().servers().iter();
        let nodes = servers.filter_map(|server| Some((server.id.0, server.node()?)));
        nodes
            .filter(|(_, node)| node.role().is_leader())
            .map(|(id, node)| (id, node.hard_state().current_term.0))
            .collect()
    }

    /// The answers to AppendEntries that `to` took in from `from`, in order.
    fn answers(&self, from: u16, to: u16) -> Vec<AppendOutcome> {
        let arrivals = self.0.events().iter().filter_map(|event| delivered(&event));
        arrivals
            .filter(|(sender, receiver, _)| (*sender, *receiver) == (from, to))
            .filter_map(|(_, _, said)| match said {
                Said::AppendEntriesReply { outcome, .. } => Some(outcome),
                _ => None,
            })
            .collect()
    }

    /// The AppendEntries that `to` took in from `from`: prevLogIndex, prevLogTerm, how many
    /// entries, leaderCommit.
    fn appends(&self, from: u16, to: u16) -> Vec<(u64, u64, u64, u64)> {
        let arrivals = self.0.events().iter().filter_map(|event| delivered(&event));
        arrivals
            .filter(|(sender, receiver, _)| (*sender, *receiver) == (from, to))
            .filter_map(|(_, _, said)| match said {
                Said::AppendEntries {
                    prev_log_index,
                    prev_log_term,
                    entries,
                    leader_commit,
                    ..
                } => Some((prev_log_index.0, prev_log_term.0, entries, leader_commit.0)),
                _ => None,
            })
            .collect()
    }

    /// What every server ends with: log, commitIndex, term.
    fn summary(&self) -> Vec<String> {
        let servers = 1..=u16::from(self.0.setup().servers);
        servers
            .filter(|server| {
                let server = self.0.world().server(NodeId(*server));
                server.is_some_and(|server| server.node().is_some())
            })
            .map(|server| {
                let (commit, _) = self.commit_and_last(server);
                let (log, term) = (self.log(server), self.term(server));
                format!("S{server} T{term} commit {commit}: {log}")
            })
            .collect()
    }
}

fn delivered(event: &Event) -> Option<(u16, u16, Said)> {
    match &event.kind {
        EventKind::Delivered(_, Letter::Rpc(rpc)) => Some((rpc.from.0, rpc.to.0, rpc.said)),
        _ => None,
    }
}

fn too_short(x_len: u64) -> AppendOutcome {
    AppendOutcome::TooShort {
        x_len: Index(x_len),
    }
}

fn conflict(x_term: u64, x_index: u64, x_len: u64) -> AppendOutcome {
    AppendOutcome::Conflict {
        x_term: Term(x_term),
        x_index: Index(x_index),
        x_len: Index(x_len),
    }
}

/// Notes 000, “AE: 0”: next 1, match 0, prev 0, no entries, leaderCommit 0, success.
#[test]
fn a_fresh_leader_sends_heartbeats_over_empty_logs() {
    let run = play("01-ae0-heartbeat");
    assert_eq!(run.leaders(), [(1, 1)]);
    for follower in [2, 3] {
        assert_eq!(run.progress(1, follower), (1, 0));
        assert!(run.appends(1, follower).iter().all(|m| *m == (0, 0, 0, 0)));
        assert_eq!(run.appends(1, follower).len(), 4);
        let all_well = |outcome| outcome == AppendOutcome::Success;
        assert!(run.answers(follower, 1).into_iter().all(all_well));
    }
}

/// Notes 000, “AE: 1”: prev 0, one entry; matchIndex becomes 1, and a majority commits it.
#[test]
fn the_first_entry_is_replicated_and_committed() {
    let mut run = play("02-ae1-first-entry");
    assert!(run.appends(1, 2).contains(&(0, 0, 1, 0)));
    assert_eq!(run.progress(1, 2), (2, 1));
    assert_eq!(run.commit_and_last(3), (1, 1));
    run.after("Both followers pass");
    assert_eq!(run.commit_and_last(1), (1, 1));
    assert_eq!(run.commit_and_last(2), (0, 1));
}

/// Notes 000, “AE: 2”: prevLogIndex 1, prevLogTerm 1, one entry, leaderCommit 1.
#[test]
fn the_second_entry_carries_the_commit_of_the_first() {
    let mut run = play("03-ae2-second-entry");
    assert!(run.appends(1, 2).contains(&(1, 1, 1, 1)));
    assert_eq!(run.commit_and_last(3), (2, 2));
    run.after("The client sends x2");
    assert_eq!(run.commit_and_last(2), (1, 2));
    assert_eq!(run.progress(1, 2), (2, 1));
}

/// Notes 000, “AE 2” with mismatched logs: next 7 for both, and at last prev 1 with entries
/// 2..6 and leaderCommit 6.
#[test]
fn a_short_log_is_found_and_filled() {
    let mut run = play("04-mismatch-walk");
    assert_eq!(run.log(3), "1:x1..x6");
    assert_eq!(run.commit_and_last(3), (6, 6));
    assert_eq!(run.appends(1, 3)[..2], [(6, 1, 0, 6), (1, 1, 5, 6)]);
    assert_eq!(run.answers(3, 1)[0], too_short(2));
    run.after("S1 asks for votes");
    assert_eq!(run.progress(1, 2), (7, 0));
    assert_eq!(run.progress(1, 3), (7, 0));
    assert_eq!(run.commit_and_last(3), (1, 1));
    run.after("S2 says yes");
    assert_eq!(run.progress(1, 3), (2, 0));
    assert_eq!(run.progress(1, 2), (7, 6));
}

/// Notes 000, “RV 1”: term 1, empty logs; then last term before last index (§5.4.1).
#[test]
fn elections_compare_the_last_term_and_then_the_index() {
    let mut run = play("05-first-election");
    assert_eq!(run.leaders(), [(2, 5)]);
    assert_eq!(run.summary()[4], "S5 T5 commit 2: 1:x1 3:y2");
    run.after("Each voter first adopts");
    assert_eq!(run.leaders(), [(1, 1)]);
    run.after("S5 is back");
    assert_eq!(run.leaders(), []);
    assert_eq!(run.term(1), 2);
    run.after("S5 starts an election in term 4");
    assert_eq!(run.leaders(), []);
    assert_eq!(run.log(5), "1:x1 1:z2..z4");
}

/// Notes 000, “TestBackup 2B”, phases 000 to 008, every log and commitIndex in them.
#[test]
fn test_backup_goes_through_the_phases_of_the_notes() {
    let mut run = play("06-test-backup");
    run.after("1 ·");
    assert_eq!(run.leaders(), [(1, 1)]);
    run.after("3 ·");
    for follower in 2..=5 {
        assert_eq!(run.progress(1, follower), (2, 1));
        assert_eq!(run.commit_and_last(follower), (1, 1));
    }
    for phase in ["4 ·", "5 ·"] {
        run.after(phase);
        assert_eq!(run.commit_and_last(1), (1, 51));
        assert_eq!(run.commit_and_last(2), (1, 51));
        assert_eq!(run.commit_and_last(3), (1, 1));
    }
    run.after("6 ·");
    assert_eq!(run.leaders(), [(1, 1), (3, 3)]);
    assert_eq!(run.progress(3, 4), (2, 1));
    assert_eq!(run.progress(3, 5), (2, 1));
    assert_eq!(run.commit_and_last(3), (1, 1));
    run.after("7 ·");
    for server in [3, 4, 5] {
        assert_eq!(run.commit_and_last(server), (51, 51));
    }
    run.after("8 ·");
    for server in [3, 5] {
        assert_eq!(run.commit_and_last(server), (51, 101));
    }
    assert_eq!(run.commit_and_last(4), (51, 51));
    run.after("9 ·");
    assert_eq!(run.commit_and_last(1), (1, 52));
    assert_eq!(run.log(1), "1:x1 1:y2..y51 1:v52");
    assert_eq!(run.commit_and_last(2), (1, 51));
}

/// What the lab does after phase 008: the group commits, then all five agree.
#[test]
fn test_backup_ends_in_agreement() {
    let mut run = play("06-test-backup");
    for server in 1..=5 {
        assert_eq!(run.log(server), "1:x1 3:z2..z51 4:u52..u101 4:t102");
        assert_eq!(run.commit_and_last(server), (102, 102));
        assert_eq!(run.term(server), 4);
    }
    assert_eq!(run.leaders(), [(4, 4)]);
    // One refusal each stood for fifty entries: S4's last entry of term 1 is its first.
    assert!(run.answers(1, 4).contains(&conflict(1, 1, 53)));
    assert!(run.answers(2, 4).contains(&conflict(1, 1, 52)));
    run.after("11 ·");
    assert_eq!(run.progress(4, 1), (52, 51));
    assert_eq!(run.commit_and_last(1), (51, 51));
}

/// Notes 000, “logs” P0 to P4: the same test led by servers 1, 0 and 3.
#[test]
fn test_backup_as_p0_to_p4() {
    let mut run = play("06b-test-backup-p");
    for server in 1..=5 {
        assert_eq!(run.commit_and_last(server), (103, 103));
        assert_eq!(run.log(server), "1:x1 2:z2..z51 3:v52..v103");
    }
    run.after("P0");
    assert_eq!(run.leaders(), [(2, 1)]);
    assert_eq!(run.commit_and_last(5), (1, 1));
    run.after("P1");
    assert_eq!(run.commit_and_last(2), (1, 51));
    assert_eq!(run.commit_and_last(3), (1, 51));
    run.after("P2 · The two sides");
    assert_eq!(run.leaders(), [(1, 2), (2, 1)]);
    assert_eq!(run.commit_and_last(1), (1, 1));
    run.after("P2 · Fifty");
    for server in [1, 4, 5] {
        assert_eq!(run.commit_and_last(server), (51, 51));
    }
    run.after("P3");
    assert_eq!(run.commit_and_last(1), (51, 101));
    assert_eq!(run.commit_and_last(5), (51, 101));
    run.after("P4 · The instant in between");
    for server in [4, 2, 3] {
        assert_eq!(run.commit_and_last(server), (53, 103));
    }
    assert!(run.leaders().contains(&(4, 3)));
}

/// Notes 000, “race scope”: leaders of terms 3 and 33, and the order of their messages.
#[test]
fn two_leaders_of_different_terms_may_live_at_once() {
    let mut run = play("07-two-leaders");
    assert_eq!(run.leaders(), [(4, 33)]);
    for server in 1..=5 {
        assert_eq!(run.log(server), "33:b1");
        assert_eq!(run.commit_and_last(server).0, 1);
    }
    // The notes' order: answers of S1 and S2 to S4, then S3 hears S4, then the answer of S5.
    run.after("Follow S3's four");
    let later = run.0.events().range(run.0.position()..u64::MAX);
    let order: Vec<(u16, u16)> = later
        .filter_map(|event| delivered(&event))
        .filter(|(from, to, said)| {
            let append = matches!(said, Said::AppendEntries { .. });
            *to == 4 || (append && (*from, *to) == (4, 3))
        })
        .map(|(from, to, _)| (from, to))
        .take(4)
        .collect();
    assert_eq!(order, [(1, 4), (2, 4), (4, 3), (5, 4)]);
    run.after("S3's network is back");
    assert_eq!(run.leaders(), [(3, 3), (4, 33)]);
    assert_eq!(run.log(3), "3:a1");
    run.after("Follow S3's four");
    let stale: Vec<AppendOutcome> = run.answers(1, 3).into_iter().skip(1).collect();
    assert_eq!(stale, [AppendOutcome::StaleTerm]);
}

/// Notes 000, “figure82C”, and Figure 8(d) of the paper (§5.4.2).
#[test]
fn an_entry_of_an_older_term_is_not_committed_by_counting() {
    let mut run = play("08-figure8-2c");
    for server in 1..=5 {
        assert_eq!(run.log(server), "1:a1 3:c2 6:e3");
        assert_eq!(run.commit_and_last(server), (3, 3));
    }
    run.after("S3 starts again");
    assert_eq!(run.leaders(), [(3, 5)]);
    run.after("S3 sends its second");
    for server in [2, 3, 4] {
        assert_eq!(run.log(server), "1:a1 2:b2");
    }
    // S3 and S5 forgot their commitIndex in the crash; nobody's grows.
    assert_eq!(
        [2, 3, 4].map(|server| run.commit_and_last(server).0),
        [1, 0, 1]
    );
    run.after("S5 starts again");
    assert_eq!(run.leaders(), [(5, 6)]);
    run.after("So an entry");
    assert_eq!(run.log(2), "1:a1 3:c2");
    assert_eq!(
        [2, 4, 5].map(|server| run.commit_and_last(server).0),
        [1, 1, 0]
    );
}

/// Figure 8(e): with an entry of the own term on a majority, S5 cannot win any more.
#[test]
fn an_entry_of_the_own_term_commits_what_is_before_it() {
    let mut run = play("08b-figure8-2c-committed");
    for server in [2, 4, 5] {
        assert_eq!(run.log(server), "1:a1 2:b2 5:d3 7:f4");
        assert_eq!(run.commit_and_last(server), (4, 4));
    }
    run.after("S3 wins term 5");
    assert_eq!(run.commit_and_last(3), (0, 2));
    run.after("This time");
    assert_eq!(run.commit_and_last(3), (3, 3));
    run.after("Now S3 may crash");
    assert_eq!(run.leaders(), []);
}

/// Notes 000, “faster backup”, case by case: what S1 answers, and the nextIndex that follows.
#[test]
fn the_four_cases_of_fast_backup() {
    let cases = [
        (
            "1",
            vec![too_short(4), conflict(5, 2, 4)],
            "Second refusal",
            2,
        ),
        (
            "2",
            vec![too_short(4), conflict(4, 1, 4)],
            "Second refusal",
            2,
        ),
        ("3", vec![too_short(2)], "The refusal", 2),
        ("4", vec![too_short(3)], "One refusal", 3),
    ];
    for ((case, refusals, last_refusal, next_index), letter) in cases.into_iter().zip('a'..) {
        let name = &format!("09{letter}-fast-backup-case{case}");
        let mut run = play(name);
        let mut answers = run.answers(1, 2);
        answers.truncate(refusals.len() + 1);
        assert_eq!(answers.pop(), Some(AppendOutcome::Success), "{name}");
        assert_eq!(answers, refusals, "{name}");
        for server in 1..=3 {
            assert_eq!(run.log(server), "4:a 6:x 6:y 6:z", "{name}");
        }
        assert_eq!(run.leaders(), [(2, 7)], "{name}");
        run.after("S2");
        assert_eq!(run.progress(2, 1), (5, 0), "{name}");
        run.after(last_refusal);
        assert_eq!(run.progress(2, 1), (next_index, 0), "{name}");
    }
}

/// The stories in which a timeout that is drawn decides who is elected.
const DRAWN: [&str; 4] = [
    "12-redirect",
    "14-elections",
    "19-election-timer",
    "23-timers",
];

/// The stories hold whatever is drawn: with other seeds all that they expect is there, none breaks
/// an invariant, and they end in the same logs, terms and commits, but for who was elected by lot.
#[test]
fn no_random_draw_changes_the_story() {
    assert_eq!(names().len(), 30);
    for name in names() {
        let text = text(&name);
        assert!(text.contains("\nseed 1\n"), "{name}");
        let story = |seed: u64| {
            let text = text.replace("\nseed 1\n", &format!("\nseed {seed}\n"));
            let (run, failure) =
                raft_play::play(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            if let Some(failure) = failure {
                panic!("{name}, seed {seed}: {}", failure.error);
            }
            assert!(
                run.world().checker().violations().is_empty(),
                "{name}, seed {seed}"
            );
            Played(run).summary()
        };
        let first = story(1);
        for seed in 2..40 {
            let other = story(seed);
            if !DRAWN.contains(&name.as_str()) {
                assert_eq!(other, first, "{name}, seed {seed}");
            }
        }
    }
}

/// Every phase says what to look at in both languages, and something happens in it.
#[test]
fn every_phase_has_both_captions_and_an_event() {
    for name in names() {
        let Played(run) = play(&name);
        let setup = run.setup();
        for text in [&setup.title, &setup.title_zh, &setup.source] {
            assert!(!text.is_empty(), "{name}");
        }
        let ends = run.phases().iter().skip(1).map(|phase| phase.position);
        let ends = ends.chain([run.position()]);
        for (phase, end) in run.phases().iter().zip(ends) {
            assert!(!phase.caption_zh.is_empty(), "{name}: {}", phase.caption);
            assert!(phase.position < end, "{name}: {}", phase.caption);
        }
    }
}
