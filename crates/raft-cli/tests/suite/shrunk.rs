//! A failing run shrinks to a few lines that fail in the same way.

use std::fs;

use raft_play::script::Doing;
use raft_play::{Playbook, open};
use raft_sim::action::TimeAction;
use raft_sim::{Action, Invariant};

use crate::{golden, scratch, specimen, typed};

/// Shrinks, and returns the smallest playbook and how many Actions it has.
#[track_caller]
fn shrunk(words: &str, invariant: Invariant) -> (Playbook, usize) {
    let done = typed(&format!("shrink {words}"));
    assert_eq!(done.code, Some(0), "{}", done.err);
    let run = open(&done.out).expect("what it writes can be played");
    let violations = run.world().checker().violations();
    assert!(
        violations
            .iter()
            .any(|found| found.invariant() == invariant),
        "{}",
        done.out
    );
    let playbook: Playbook = done.out.parse().expect("what it writes can be read");
    let time = |doing: &Doing| {
        matches!(
            doing,
            Doing::Action(Action::Time(TimeAction::Run(_) | TimeAction::Step(_)))
        )
    };
    let acts = playbook.lines.iter().map(|statement| &statement.doing);
    let acts = acts.filter(|doing| matches!(doing, Doing::Action(_)) && !time(doing));
    let actions = acts.count();
    (playbook, actions)
}

#[test]
fn a_run_of_chaos_shrinks_to_a_few_actions() {
    for (seeds, rule, invariant) in [
        ("1..60", "RV2-log", Invariant::LeaderCompleteness),
        ("1..60", "AE3", Invariant::StateMachineSafety),
    ] {
        let sweep = typed(&format!(
            "sweep chaos --seeds {seeds} --all --ablate {rule}"
        ));
        let word = format!(": {} after", invariant.id());
        let line = sweep
            .out
            .lines()
            .find(|line| line.contains(&word))
            .expect("a failure");
        let seed = line
            .split("seed ")
            .nth(1)
            .and_then(|rest| rest.split(':').next());
        let seed = seed.expect("its seed");
        let (playbook, actions) =
            shrunk(&format!("chaos --ablate {rule} --seed {seed}"), invariant);
        assert!(actions <= 30, "{rule}: {actions} actions");
        assert!(
            playbook.setup.servers <= 3,
            "{rule}: {} servers",
            playbook.setup.servers
        );
        assert!(!playbook.setup.ablated.is_empty(), "{rule}");
    }
}

#[test]
fn what_has_nothing_to_do_with_it_goes() {
    let words = format!("{} --seed 1", specimen("two-leaders"));
    let (playbook, actions) = shrunk(&words, Invariant::ElectionSafety);
    assert!(actions <= 2, "{actions} actions");
    assert!(playbook.setup.servers <= 3);
    golden("two-leaders-shrunk", &playbook.to_string());
}

/// The playbook writes logs by hand; written differently, they would break the same invariant even
/// with the rule.
#[test]
fn the_rule_that_was_taken_away_still_matters() {
    let words = "playbooks/bugs/cc12-old-answer-after-return.raft --invariant leader-completeness";
    let (playbook, actions) = shrunk(words, Invariant::LeaderCompleteness);
    assert!(!playbook.setup.ablated.is_empty(), "{playbook}");
    assert!(actions <= 13, "{actions} actions");
}

#[test]
fn the_same_input_shrinks_to_the_same_playbook() {
    let file = scratch("shrunk").join("small.raft");
    let words = format!(
        "shrink {} --output {}",
        specimen("two-leaders"),
        file.display()
    );
    assert_eq!(typed(&words).code, Some(0));
    let first = fs::read_to_string(&file).expect("it was written");
    assert_eq!(typed(&words).code, Some(0));
    assert_eq!(fs::read_to_string(&file).expect("it was written"), first);
}

/// The output says what breaks and where to look next.
#[test]
fn what_was_shrunk_passes_as_long_as_it_breaks() {
    let file = scratch("passes").join("small.raft");
    let words = format!("shrink {} --output", specimen("two-leaders"));
    let shrunk = typed(&format!("{words} {}", file.display()));
    let hint = format!("raftlab play {}\n", file.display());
    assert!(shrunk.err.ends_with(&hint), "{}", shrunk.err);
    let passed = typed(&format!("test {}", file.display()));
    assert_eq!(passed.code, Some(0), "{}", passed.out);
    let text = fs::read_to_string(&file).expect("it was written");
    let whole = text.replace("ablate C2\n", "");
    assert_ne!(whole, text);
    fs::write(&file, whole).expect("it can be written");
    let failed = typed(&format!("test {}", file.display()));
    assert_eq!(failed.code, Some(1), "{}", failed.out);
    assert!(failed.out.contains("Expected broken election-safety"));
}

/// The playbook expects this to break, so it is not a failure.
#[test]
fn what_a_playbook_expects_to_break_is_not_shrunk_unless_it_is_named() {
    let file = scratch("expected").join("expected.raft");
    let text = "servers 3\ntimeout S1\nrun 100ms\npropose S1 x1\nrun 300ms\n\
                rewrite S2 entry 1 1:z1\n\
                expect broken log-matching and broken state-machine-safety\n";
    let shrunk = |text: &str, rest: &str| {
        fs::write(&file, text).expect("it can be written");
        typed(&format!("shrink {} {rest}", file.display()))
    };
    let refused = shrunk(text, "");
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""));
    assert!(
        refused
            .err
            .contains("only what it expects is broken (log-matching)"),
        "{}",
        refused.err
    );
    assert_eq!(shrunk(text, "--invariant log-matching").code, Some(0));

    let refused = shrunk(&format!("{text}drop M999\n"), "");
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("line that cannot be carried out"));
    let refused = shrunk("servers 3\nrun 10ms\n", "");
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("nothing fails"), "{}", refused.err);
}

#[test]
fn a_cluster_that_does_not_recover_shrinks_too() {
    let words = "chaos --length 5s --ablate RV2 --seed 2";
    let done = typed(&format!("shrink {words}"));
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(done.out.contains("\nagree again on 1\n"), "{}", done.out);
    let file = scratch("stuck").join("stuck.raft");
    fs::write(&file, &done.out).expect("a file can be written");
    let failed = typed(&format!("test {}", file.display()));
    assert_eq!(failed.code, Some(1), "{}", failed.out);
    // The missing rule keeps it from recovering, and nothing else.
    let whole = done.out.replace("ablate RV2\n", "");
    assert_ne!(whole, done.out);
    fs::write(&file, whole).expect("a file can be written");
    let passed = typed(&format!("test {}", file.display()));
    assert_eq!(passed.code, Some(0), "{}", passed.out);
}

/// Shrinks a playbook in which an expectation fails; returns the smaller one, which fails
/// with the same message, and how many Actions it has.
#[track_caller]
fn shrunk_expectation(name: &str, text: &str, said: &str) -> (String, usize) {
    let folder = scratch(name);
    let (file, small) = (folder.join("large.raft"), folder.join("small.raft"));
    fs::write(&file, text).expect("it can be written");
    let words = format!("shrink {} --output {}", file.display(), small.display());
    let done = typed(&words);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let failed = typed(&format!("test {}", small.display()));
    assert_eq!(failed.code, Some(1), "{}", failed.out);
    assert!(failed.out.contains(said), "{}", failed.out);
    let small = fs::read_to_string(&small).expect("it was written");
    let playbook: Playbook = small.parse().expect("what it writes can be read");
    let acts = |doing: &Doing| match doing {
        Doing::Action(action) => !matches!(
            action,
            Action::Time(TimeAction::Run(_) | TimeAction::Step(_))
        ),
        _ => false,
    };
    let actions = playbook.lines.iter().filter(|line| acts(&line.doing));
    let count = actions.count();
    (small, count)
}

/// Many unrelated Actions come before.
#[test]
fn what_is_not_as_expected_shrinks_to_what_makes_it_so() {
    let (small, actions) = shrunk_expectation(
        "expectation",
        "servers 5\nclients 2\nuse pre-vote no-op\ntimeout S1\nrun 100ms\nlet old = leader\n\
         let before = applied S1\nwork clients keys 3 every 20ms..50ms\nrun 300ms\nrest clients\n\
         run 300ms\ncrash S5\nrestart S5\ndisconnect old\nlatency 5ms..20ms\nrun 2s\n\
         loss 1%\nrun 100ms\nexpect leaders = 1 and applied S1 >= before\n",
        "Expected leaders = 1 and applied S1 >= 1; got leaders = 2, ",
    );
    assert!(actions <= 3, "{small}");
    assert!(small.contains("disconnect S1\n"), "{small}");
    assert!(
        small.contains("servers 5\n"),
        "the servers are counted:\n{small}"
    );
}

#[test]
fn a_wait_in_vain_and_an_agreement_shrink_too() {
    let trouble = "servers 3\ntimeout S1\nrun 100ms\npropose S1 a b c\nrun 300ms\ndisk 1ms\n\
                   cut S1 S2\nrun 50ms\ncrash S3\nclock S2 110%\nrun 20ms\n";
    let (small, actions) = shrunk_expectation(
        "wait",
        &format!("{trouble}propose S1 d\nwait 3s until applied index 4 >= 2\n"),
        "Timed out waiting for applied index 4 >= 2; got applied index 4 = 0.",
    );
    assert!(actions <= 5, "{small}");
    // It shows why they are not applied, not that they were never proposed.
    for line in [
        "propose S1",
        "crash S3\n",
        "wait 3s until applied index 4 >= 2\n",
    ] {
        assert!(small.contains(line), "{small}");
    }
    let (small, actions) = shrunk_expectation(
        "agreement",
        &format!("{trouble}agree * on 3\n"),
        "Expected 3 servers to have applied c1; 0 have.",
    );
    assert!(actions <= 2, "{small}");
    assert!(small.contains("agree * on 3\n"), "{small}");
}

/// A leader without a rule accepts what it should refuse; the rule is the cause.
#[test]
fn what_should_have_been_refused_shrinks() {
    let (small, actions) = shrunk_expectation(
        "refused",
        "servers 3\nuncommitted_max 2\ntimeout S1\nrun 100ms\ncrash S2 S3\npropose S1 a\n\
         stall S1\nrun 100ms\nunstall S1\nexpect refused propose S1 b\n",
        "Expected propose S1 b to be refused, but it was not.",
    );
    assert!(actions <= 2, "{small}");
    let (small, _) = shrunk_expectation(
        "ablated",
        "servers 3\nablate RD2\nclients 1\ntimeout S1\nrun 100ms\nput C1 x 1\nrun 500ms\n\
         partition S1 | S2 S3\ntimeout S2\nrun 100ms\npropose S2 x=2\nrun 200ms\n\
         get C1 x by read-index\nrun 100ms\nexpect pending = 1 or broken linearizable-read\n",
        "Expected pending = 1",
    );
    assert!(small.contains("ablate RD2\n"), "{small}");
}

/// A run that is shrunk to one in which something else goes wrong first would explain nothing.
#[test]
fn it_goes_on_failing_in_the_same_way() {
    let (small, _) = shrunk_expectation(
        "same-way",
        "servers 3\ntimeout S1\nrun 100ms\npropose leader *3\npropose leader x1\nrun 300ms\n\
         rewrite S1 snapshot 1:x1 1:x2\nexpect log S1 = 9:q\n",
        "Expected log S1 = 9:q; got log S1 =",
    );
    assert!(small.contains("rewrite S1 snapshot"), "{small}");
    // What was expected to be broken may be.
    let (small, _) = shrunk_expectation(
        "broken-before",
        "servers 3\ntimeout S1\nrun 100ms\npropose S1 x1\nrun 300ms\nrewrite S2 entry 1 1:z1\n\
         expect broken log-matching and broken state-machine-safety\n\
         expect not broken log-matching\n",
        "Expected not broken log-matching; got broken log-matching",
    );
    assert!(small.contains("expect broken log-matching\n"), "{small}");
}

/// The disk of S1 would stop it in the very instant of the expectation.
#[test]
fn an_expectation_in_the_middle_of_an_instant_shrinks() {
    let (small, actions) = shrunk_expectation(
        "same-instant",
        "servers 3\ntimeout S1\nrun 150ms\ndisk S1 failing\ncrash S2 torn\nrun 250ms\n\
         propose leader x\ncut S1 -> S3\nexpect last leader = 999\n",
        "Expected last leader = 999; got last leader = 1.",
    );
    assert!(actions <= 2, "{small}");
}

/// What is done beside an agreement or a wait belongs to what fails.
#[test]
fn what_waits_beside_others_shrinks() {
    let beside = |line: &str| {
        format!(
            "servers 3\ntimeout S1\nrun 100ms\nconcurrently\n{line}\nin turn\ncrash S2\n\
             run 1ms\ncrash S3\nrun 5s\nend\nend\n"
        )
    };
    for (name, line, said) in [
        (
            "agree-beside",
            "agree x on 3",
            "Expected applied command x >= 3; got ",
        ),
        (
            "wait-beside",
            "wait 4s until term S1 = 9",
            "Expected term S1 = 9; got term S1 = ",
        ),
    ] {
        let (small, actions) = shrunk_expectation(name, &beside(line), said);
        assert!(actions <= 4, "{small}");
    }
}
