//! What a playbook tells stays as it was written wherever it is still true, and nowhere else.

use std::fs;
use std::path::PathBuf;

use raft_core::{Rule, RuleSet};
use raft_play::{act_line, open, save, save_branch};
use raft_sim::{Micros, Run, Setup};

const FIGURE_8: &str = include_str!("../../../../playbooks/seeds/08-figure8-2c.raft");
const FAILING: &str = "servers 3\n# S1 stands.\ncaption One\ntimeout S1\nrun 50ms\n\
    expect leaders = 3\nrun 100ms\n\ncaption Two\nwait 200ms until leaders = 2\n\
    propose S1 x\nrun 50ms\nexpect leaders = 1\n";

fn act(run: &mut Run, line: &str) {
    act_line(run, line).expect("it can be done");
}

/// The run that a saved one opens as; it must be the same, and save as the same text.
fn again(run: &Run) -> Run {
    let text = save(run);
    let (again, _) = raft_play::play(&text).unwrap_or_else(|error| panic!("{error}\nin\n{text}"));
    assert_eq!(again.digest(), run.digest(), "{text}");
    assert_eq!(save(&again), text);
    again
}

fn captions(run: &Run) -> Vec<&str> {
    let all = run.phases().iter().map(|phase| phase.caption.as_str());
    all.filter(|caption| !caption.is_empty()).collect()
}

fn every_playbook() -> Vec<(PathBuf, String)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../playbooks");
    let folders = ["seeds", "paper", "extensions", "bugs"];
    let files = folders.iter().flat_map(|folder| {
        let found = fs::read_dir(format!("{root}/{folder}"));
        found
            .into_iter()
            .flatten()
            .flatten()
            .map(|file| file.path())
    });
    files
        .map(|path| (path.clone(), fs::read_to_string(path).expect("a text")))
        .collect()
}

#[test]
fn a_playbook_that_was_only_played_is_saved_as_it_was_written() {
    let all = every_playbook();
    assert!(all.len() > 50, "{} playbooks", all.len());
    for (path, text) in all {
        let mut run = open(&text).expect("it plays");
        run.go_to(7);
        assert_eq!(save(&run), text, "{}", path.display());
    }
}

#[test]
fn what_happens_after_the_end_is_added() {
    let mut run = open(FIGURE_8).expect("it plays");
    act(&mut run, "run 30ms");
    act(&mut run, "crash leader");
    act(&mut run, "run 300ms");
    let text = save(&run);
    let added = text.strip_prefix(FIGURE_8).expect("the text is kept");
    assert!(added.starts_with("\ncaption\n"), "{added}");
    assert!(added.contains("crash S"), "{added}");
    assert_eq!(captions(&again(&run)), captions(&run));
    assert_eq!(run.phase(), None, "no caption tells of what came after");
}

/// After the last event there may be lines to come, and an expectation of a quiet time: acting
/// there starts a branch, and nothing of the playbook is lost.
#[test]
fn acting_after_the_last_event_keeps_what_the_playbook_has_yet_to_tell() {
    const QUIET: &str = "servers 3\ncaption A\ntimeout S1\nrun 100ms\nexpect leaders = 2\n\
        caption B\nrun 60ms\nexpect leaders = 7\ncaption C\n# the end\n";
    let played = open(QUIET).expect("it plays");
    let mut run = played.clone();
    run.go_to(played.events().len() as u64);
    assert!(
        run.world().now() < played.world().now(),
        "it goes on quietly"
    );
    act(&mut run, "crash S2");
    assert_eq!(run.branches().len(), 2);
    assert_eq!(run.failures().len(), 1, "the second is of another branch");
    assert_eq!(save_branch(&run, 0), Some(QUIET.to_owned()));
    run.switch_branch(0);
    assert_eq!(save(&run), QUIET);
    assert_eq!(run.failures().len(), 2);
    // At the very end nothing is left to lose.
    let mut ended = played.clone();
    act(&mut ended, "crash S2");
    assert_eq!(ended.branches().len(), 1);
    // An expectation that was typed is not lost either.
    let mut typed = open("servers 3\n").expect("it plays");
    act(&mut typed, "run 20ms");
    act_line(&mut typed, "expect leaders = 1").expect_err("there is none");
    typed.go_to_time(Micros(0));
    act(&mut typed, "crash S2");
    assert_eq!(typed.branches().len(), 2);
}

/// At every event of a playbook: what was over stays word for word, what was not does not.
#[test]
fn a_branch_keeps_what_was_over_when_it_left() {
    let origin = open(FIGURE_8).expect("it plays");
    for position in 0..origin.events().len() as u64 {
        let mut run = origin.clone();
        run.go_to(position);
        act(&mut run, "propose S4 other");
        act(&mut run, "run 40ms");
        let saved = again(&run);
        assert_eq!(captions(&saved), captions(&run), "left at {position}");
        assert_eq!(run.phase(), None, "left at {position}");
        let text = save(&run);
        let kept = FIGURE_8.lines().zip(text.lines());
        let kept = kept.take_while(|(one, other)| one == other).count();
        assert!(kept >= 5, "the header is kept: {text}");
        let last = run.phases().last().map_or(0, |phase| phase.position);
        assert!(last <= position);
    }
}

#[test]
fn the_caption_that_stands_is_of_what_has_happened() {
    let mut run = open(FIGURE_8).expect("it plays");
    let phases = run.phases().to_vec();
    run.go_to(0);
    assert_eq!(run.phase(), None, "nothing has happened");
    for (number, phase) in phases.iter().enumerate().skip(1) {
        run.go_to_instant(phase.position, phase.at);
        assert_eq!(run.phase(), Some(number - 1), "at the end of a phase");
        assert_eq!(run.step(), Ok(true));
        assert_eq!(run.phase(), Some(number), "within the next");
    }
    run.go_to_instant(u64::MAX, run.end_at());
    assert_eq!(run.phase(), Some(phases.len() - 1), "at the very end");
    act(&mut run, "run 1ms");
    assert_eq!(run.phase(), None, "beyond it");
}

/// A branch that leaves where a phase ends must not go on under the next caption.
#[test]
fn a_branch_that_leaves_at_the_end_of_a_phase_has_no_part_in_the_next() {
    let mut run = open(FIGURE_8).expect("it plays");
    let second = run.phases()[1].clone();
    run.go_to_instant(second.position, second.at);
    act(&mut run, "crash S2");
    assert_eq!(run.phases().len(), 1);
    let text = save(&run);
    assert!(!text.contains(&second.caption), "{text}");
    assert!(text.contains("crash S2"), "{text}");
    again(&run);
}

#[test]
fn failures_are_kept_and_the_run_goes_on() {
    let (run, first) = raft_play::play(FAILING).expect("it can be read");
    let lines: Vec<u32> = run.failures().iter().map(|one| one.error.line).collect();
    assert_eq!(lines, [6, 10]);
    assert_eq!(first.as_ref(), run.failures().first().copied());
    assert_eq!(save(&run), FAILING);
    assert_eq!(run.world().now(), Micros::from_millis(400));
    // What is done later leaves them where they are, what is done before takes them away.
    let mut later = run.clone();
    act(&mut later, "crash S1");
    assert_eq!(again(&later).failures(), run.failures());
    let mut between = run.clone();
    between.go_to_time(Micros::from_millis(100));
    act(&mut between, "crash S1");
    assert_eq!(between.failures(), run.failures()[..1]);
    assert_eq!(again(&between).failures(), run.failures()[..1]);
    let mut before = run;
    before.go_to(1);
    act(&mut before, "crash S1");
    assert!(before.failures().is_empty());
}

/// What somebody typed and did not find stands in the run as well, and in the saved one.
#[test]
fn a_typed_expectation_that_fails_is_kept_where_it_failed() {
    let mut run = open("servers 3\ntimeout S1\nrun 100ms\n").expect("it plays");
    let told = |run: &Run| -> Vec<(u64, Micros, String)> {
        let failures = run.failures().into_iter();
        let told = failures.map(|one| (one.position, one.at, one.error.message.clone()));
        told.collect()
    };
    assert!(act_line(&mut run, "expect leaders = 9").is_err());
    assert!(act_line(&mut run, "expect leaders = 9").is_err());
    act(&mut run, "propose S1 x");
    assert!(act_line(&mut run, "wait 1s until leaders = 7").is_err());
    assert!(act_line(&mut run, "nonsense").is_err());
    let kept = told(&run);
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(run.failures().iter().all(|one| one.error.line == 0));
    assert_eq!(kept[0].1, Micros::from_millis(100));
    assert_eq!(kept[1].1, Micros::from_millis(1100));
    let text = save(&run);
    let [first, second] = ["expect leaders = 9", "expect leaders = 7"].map(|line| text.find(line));
    assert!(first.is_some() && first < second, "{text}");
    let places = |run: &Run| -> Vec<(u64, Micros)> {
        told(run)
            .into_iter()
            .map(|(position, at, _)| (position, at))
            .collect()
    };
    assert_eq!(places(&again(&run)), places(&run));
    // A branch holds what failed before it left.
    run.go_to(2);
    act(&mut run, "crash S3");
    assert_eq!(told(&run), []);
    run.switch_branch(0);
    assert_eq!(told(&run), kept);
    // The quiet time in which the second one failed is not there any more.
    let mut quiet = Run::new(Setup::default());
    act(&mut quiet, "crash all");
    act(&mut quiet, "run 50ms");
    assert!(act_line(&mut quiet, "expect leaders = 1").is_err());
    quiet.go_to_time(Micros::from_millis(10));
    act(&mut quiet, "restart S1");
    assert_eq!(told(&quiet), []);
}

/// What such a line did belongs to it: the saved run does it again, and fails where this one did.
#[test]
fn a_typed_line_that_does_something_and_fails_is_kept_with_what_it_did() {
    let of = |run: &Run| -> Vec<(u64, Micros, String)> {
        let failures = run.failures().into_iter();
        let failures = failures.map(|one| (one.position, one.at, one.error.message.clone()));
        failures.collect()
    };
    let refused = "expect refused propose S1 x1";
    for (before, line, saved, after) in [
        (
            "run 9ms",
            "expect refused propose leader x1",
            refused,
            "propose S1 x2",
        ),
        (
            "crash S3",
            "expect refused propose running x1",
            refused,
            "run 5ms",
        ),
        (
            "timeout S2\nrun 100ms",
            "expect refused propose running x1",
            "expect refused propose S2 x1",
            "run 5ms",
        ),
        (
            "propose S1 y",
            "expect refused crash crashed",
            "expect refused crash crashed",
            "propose S1 z",
        ),
        (
            "crash S2\ncrash S3",
            "agree * on 3",
            "agree c1 on 3",
            "restart S2",
        ),
        ("crash all", "agree x9 on 1", "agree x9 on 1", "restart all"),
        (
            "crash S3",
            "agree x9 on 3 without retry",
            "agree x9 on 3 without retry",
            "propose S1 y",
        ),
    ] {
        let mut run = open("servers 3\ntimeout S1\nrun 100ms\n").expect("it plays");
        for line in before.lines() {
            act(&mut run, line);
        }
        assert!(act_line(&mut run, line).is_err(), "{line}");
        act(&mut run, after);
        assert_eq!(run.failures().len(), 1, "{line}");
        let text = save(&run);
        assert!(text.lines().any(|one| one == saved), "{line}: {text}");
        let (again, _) = raft_play::play(&text).expect("it can be read");
        assert_eq!(of(&again), of(&run), "{text}");
        assert_eq!(again.digest(), run.digest(), "{text}");
        assert_eq!(save(&again), text);
    }
}

#[test]
fn a_playbook_that_fails_without_end_stops() {
    let text = "servers 3\nrepeat 1000000\n  expect leaders = 9\nend\ntimeout S1\n";
    let (run, failure) = raft_play::play(text).expect("it can be read");
    assert!(failure.is_some_and(|failure| failure.is_unexpected));
    assert_eq!(run.failures().len(), raft_sim::run::FAILURES_MAX);
    assert_eq!(run.events().len(), 0);
}

/// A quiet time that has been seen is left as well, though no event is.
#[test]
fn a_quiet_end_can_be_left() {
    let text = "servers 3\ncaption Silence\nrun 400ms\nexpect leaders = 0\n";
    let mut run = open(text).expect("it plays");
    run.go_to_time(Micros::from_millis(100));
    act(&mut run, "timeout S1");
    let saved = save(&run);
    assert!(!saved.contains("run 400ms"), "{saved}");
    again(&run);
}

#[test]
fn blocks_and_names_that_were_over_are_kept_and_others_are_told_in_actions() {
    let text = "servers 3\nlet first = S1\ntimeout first\nrun 60ms\nrepeat 3 as round\n  propose first *\n  run 20ms\nend\n\
        concurrently\n  crash S2\n  in turn\n    run 50ms\n    restart S2\n  end\nend\nrun 80ms\n";
    let origin = open(text).expect("it plays");
    for position in 1..origin.events().len() as u64 {
        let mut run = origin.clone();
        run.go_to(position);
        act(&mut run, "propose S1 x");
        act(&mut run, "run 70ms");
        again(&run);
    }
}

#[test]
fn taking_a_rule_away_keeps_every_branch_and_putting_it_back_leads_back() {
    let mut run = open(FIGURE_8).expect("it plays");
    run.go_to(20);
    act(&mut run, "crash S2");
    run.switch_branch(0);
    let digest = run.digest();
    let away: RuleSet = [Rule::CommitOwnTermOnly].into_iter().collect();
    run.replay_ablated(away);
    assert_eq!((run.branches().len(), run.current_branch()), (3, 2));
    assert_eq!(run.setup().ablated, away);
    assert_ne!(run.digest(), digest);
    assert!(!run.world().checker().violations().is_empty());
    // Captions end where it goes another way.
    let (parent, parts) = run.branches()[2].parent().expect("it left a branch");
    assert_eq!(parent, 0);
    assert!(parts > 0);
    assert!(run.phases().iter().all(|phase| phase.position <= parts));
    again(&run);
    run.replay_ablated(RuleSet::EMPTY);
    assert_eq!((run.branches().len(), run.current_branch()), (3, 0));
    assert_eq!(run.digest(), digest);
    assert_eq!(save(&run), FIGURE_8);
    run.replay_ablated(away);
    assert_eq!((run.branches().len(), run.current_branch()), (3, 2));
}

#[test]
fn branches_come_back_as_texts() {
    let mut run = open(FIGURE_8).expect("it plays");
    run.go_to(20);
    act(&mut run, "crash S2");
    act(&mut run, "run 100ms");
    run.go_to(22);
    act(&mut run, "crash S3");
    run.switch_branch(0);
    run.replay_ablated([Rule::CommitOwnTermOnly].into_iter().collect());
    let mut texts = Vec::new();
    for id in 0..run.branches().len() {
        run.switch_branch(id);
        let replay_of = run.branches()[id].replay_of();
        texts.push((save(&run), replay_of, run.digest()));
    }
    let (mut back, _) = raft_play::play(&texts[0].0).expect("a text");
    for (text, replay_of, _) in &texts[1..] {
        let (branch, _) = raft_play::play(text).expect("a text");
        back.add(branch, None, *replay_of);
    }
    for (id, (_, replay_of, digest)) in texts.iter().enumerate() {
        back.switch_branch(id);
        run.switch_branch(id);
        assert_eq!(back.digest(), *digest);
        assert_eq!(back.branches()[id].replay_of(), *replay_of);
        assert_eq!(back.branches()[id].parent(), run.branches()[id].parent());
    }
}

/// Two branches may begin with the same Action, and the second has more in common with the first
/// than with the one that it left.
#[test]
fn a_branch_comes_back_as_one_of_the_branch_that_it_left() {
    let mut run = open(FIGURE_8).expect("it plays");
    for _ in 0..2 {
        run.switch_branch(0);
        run.go_to(20);
        act(&mut run, "crash S2");
        act(&mut run, "run 100ms");
    }
    let texts: Vec<String> = (0..3).filter_map(|id| save_branch(&run, id)).collect();
    let again = |left: Option<(usize, u64)>| {
        let (mut back, _) = raft_play::play(&texts[0]).expect("a text");
        for text in &texts[1..] {
            back.add(raft_play::play(text).expect("a text").0, left, None);
        }
        back.branches()[2].parent()
    };
    assert_eq!(again(Some((0, 20))), Some((0, 20)));
    assert!(again(None).is_some_and(|(parent, events)| parent == 1 && events > 20));
    // What cannot be is not believed.
    for wrong in [(0, 21), (7, 20), (2, 20)] {
        assert_eq!(again(Some(wrong)), again(None), "{wrong:?}");
    }
}

/// However it is made to wait, it comes to the same; and until it is done the run is as it was.
#[test]
fn a_rule_is_taken_away_a_while_at_a_time() {
    let away: RuleSet = [Rule::CommitOwnTermOnly].into_iter().collect();
    let origin = open(FIGURE_8).expect("it plays");
    let mut at_once = origin.clone();
    at_once.replay_ablated(away);
    for slice in [1, 7, 100_000] {
        let mut run = origin.clone();
        let mut replay = run.begin_replay(away).expect("there is none yet");
        let mut times = 1;
        while !replay.go_on(&run, slice) {
            times += 1;
            assert!(replay.reached().0 <= run.events().len() as u64 + slice);
        }
        assert_eq!(times > 1, slice < 100, "{slice}");
        assert_eq!((run.branches().len(), run.digest()), (1, origin.digest()));
        run.end_replay(replay);
        assert_eq!(run.digest(), at_once.digest());
        assert_eq!(save(&run), save(&at_once));
        assert_eq!(run.branches()[1].parent(), at_once.branches()[1].parent());
        assert!(run.begin_replay(away).is_none(), "it is there already");
    }
}

/// A short line may stand for a long one, which has to be read again where the run is saved.
#[test]
fn commands_that_are_written_out_are_read_again() {
    for lines in [
        "put C1 x *:70000",
        "append C1 x *:70000",
        "rewrite S1 log 1:*:70000",
        "rewrite S1 entry 1 1:*:70000",
        "expect accepted propose S2 *:70000",
    ] {
        let mut run = open("servers 3\nclients 1\ntimeout S1\nrun 100ms").expect("it plays");
        // The last one is not accepted, and kept as it was not.
        let _ = act_line(&mut run, lines);
        let again = open(&save(&run)).expect("it is read again");
        assert_eq!(again.digest(), run.digest(), "{lines}");
    }
}
