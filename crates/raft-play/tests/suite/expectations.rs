//! What can be expected of a cluster: that it refuses, and that what holds is told.

use raft_play::words::{self, Language};
use raft_play::{Playbook, act_line, made_so, open, save};
use raft_sim::action::{Steps, TimeAction};
use raft_sim::run::Failure;
use raft_sim::{Action, Run};

const LED: &str = "servers 3\nclients 1\ntimeout S1\nrun 100ms\npropose S1 a\nrun 300ms\n";

/// Plays these lines in a cluster that S1 leads, up to where they fail.
#[track_caller]
fn played(lines: &str) -> (Run, Option<Failure>) {
    raft_play::play(&format!("{LED}{lines}")).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn fails(lines: &str, words: &str) {
    let failure = played(lines).1.expect("it fails");
    assert!(failure.is_unexpected, "{}", failure.error);
    assert!(failure.error.message.contains(words), "{}", failure.error);
}

#[test]
fn what_is_declined_or_cannot_be_done_is_refused() {
    for line in [
        // A server declines.
        "propose S2 b",
        "propose followers b c",
        "read S3",
        "transfer S2 S3",
        "reconfigure S1 voters S1 S2 S3",
        "reconfigure S3 voters S1 S2",
        // It cannot be done.
        "drop M999",
        "restart S1",
        "resume S2",
        "timeout leader",
        "rewrite S1 entry 9 1:x",
    ] {
        let (run, failure) = played(&format!("expect refused {line}"));
        assert_eq!(
            failure.map(|failure| failure.error.to_string()),
            None,
            "{line}"
        );
        let held = run.held().last().expect("it is told");
        assert_eq!(held.expected, format!("refused {line}"));
        assert!(words::held(held, Language::English).starts_with("It holds: "));
        assert!(words::held(held, Language::Chinese).starts_with("成立："));
    }
}

/// §3.10 has a leader take commands again once it gives a transfer up.
#[test]
fn a_transfer_to_the_leader_itself_calls_the_transfer_off() {
    let (_, failure) = played("transfer S1 S2\nexpect refused propose S1 b");
    assert_eq!(failure.map(|failure| failure.error.to_string()), None);
    fails(
        "transfer S1 S2\ntransfer S1 S1\nexpect refused propose S1 b",
        "Expected propose S1 b to be refused",
    );
}

#[test]
fn what_is_done_is_not_refused() {
    fails(
        "expect refused propose S1 b",
        "Expected propose S1 b to be refused",
    );
    // One that does it is enough.
    fails(
        "expect refused propose all b",
        "Expected propose S1 b to be refused",
    );
    fails("expect refused crash S2", "Expected crash S2 to be refused");
    fails(
        "expect refused put C1 x 3",
        "Expected put C1 x 3 to be refused",
    );
    fails("expect refused restart crashed", "no server was asked");
}

#[test]
fn time_and_what_is_no_action_are_not_refused() {
    for (line, words) in [
        ("run 5ms", "only lets time pass"),
        ("step", "only lets time pass"),
        ("expect leaders = 1", "not allowed here"),
        ("", "ends where an action"),
        ("crash S9", "no server S9"),
    ] {
        let error = raft_play::play(&format!("{LED}expect refused {line}")).expect_err(line);
        assert!(error.message.contains(words), "{error}");
        assert_eq!(error.line, 7);
    }
    // Whoever is not there cannot be asked.
    let (_, failure) = played("disconnect S1\nexpect refused propose leader b");
    let failure = failure.expect("there is no leader");
    assert!(
        !failure.is_unexpected && failure.error.column == 24,
        "{}",
        failure.error
    );
}

/// What was refused is recorded as what was asked, so that a saved run is the same.
#[test]
fn what_was_refused_is_saved() {
    let (run, failure) = played("expect refused propose S2 b\nrun 1s");
    assert_eq!(failure, None);
    let again = open(&save(&run)).expect("it plays again");
    assert_eq!(again.digest(), run.digest());
    let text = format!("{LED}expect refused propose leader+1 b\n");
    let playbook: Playbook = text.parse().expect("it can be read");
    assert!(
        playbook
            .to_string()
            .ends_with("expect refused propose leader+1 b\n")
    );
}

#[test]
fn whoever_types_an_expectation_is_told_that_it_holds() {
    let mut run = open(LED).expect("it plays");
    for (line, words, words_zh) in [
        (
            "expect leaders = 1 and role S1 = leader",
            "It holds: leaders = 1, role S1 = leader.",
            "成立：leaders = 1, role S1 = leader。",
        ),
        (
            "expect term S1 = commit S1",
            "It holds: term S1 = 1, commit S1 = 1.",
            "成立：term S1 = 1, commit S1 = 1。",
        ),
        (
            "expect refused propose S2 x",
            "It holds: propose S2 x: the leader is S1.",
            "成立：propose S2 x：它答复：领导者是 S1。",
        ),
        (
            "expect refused restart S2",
            "It holds: restart S2: S2 is running.",
            "成立：restart S2：S2 正在运行。",
        ),
    ] {
        let held = act_line(&mut run, line)
            .expect("it holds")
            .expect("it is told");
        assert_eq!(words::held(&held, Language::English), words);
        assert_eq!(words::held(&held, Language::Chinese), words_zh);
    }
    assert_eq!(act_line(&mut run, "crash S2"), Ok(None));
    assert_eq!(
        run.act(&Action::Time(TimeAction::Step(Steps::MIN))),
        Ok(None)
    );
    let error = act_line(&mut run, "expect leaders = 2").expect_err("there is one");
    assert_eq!(error.message, "Expected leaders = 2; got leaders = 1.");
    assert!(run.held().is_empty(), "none of them was a playbook's");
}

/// Telling what holds must not change what happens: lots that it draws are drawn for nobody else.
#[test]
fn a_run_that_is_told_draws_the_same_lots() {
    let text = format!(
        "{LED}repeat 20\n  expect term any >= 1\n  crash any of running\n  restart crashed\nend\n"
    );
    let playbook: Playbook = text.parse().expect("it can be read");
    let mut trial = raft_sim::run::Trial::new(&playbook.setup);
    raft_play::script::play(&playbook, &text, &mut trial).expect("it plays");
    let (run, failure) = raft_play::play(&text).expect("it can be read");
    assert_eq!(failure, None);
    assert_eq!(run.held().len(), 20);
    assert_eq!(run.world(), raft_sim::run::Stage::world(&trial));
}

#[test]
fn conditions_stand_wherever_one_can() {
    let (_, failure) = played(
        "wait 5s until leader = S1 and not (leaders = 0 or leaders = 2)\n\
         run 5s until role S2 = candidate or (role S1 = leader and commit S1 = 1)\n\
         if not leader = S1 or joint S1\n  crash S1\nend\n\
         repeat 3 until (leader = S1)\n  run 10ms\nend\n\
         expect leader = S1",
    );
    assert_eq!(failure, None);
}

/// §6: while the configuration is joint, both sets of voters count.
#[test]
fn a_joint_configuration_has_two_sets_of_voters() {
    let (_, failure) = raft_play::play(
        "servers 4\nvoters 3\ntimeout S1\nrun 100ms\npropose S1 a\nrun 300ms\n\
         reconfigure S1 voters S1 S2 S3 learners S4\nrun 300ms\n\
         expect learners all = S4 and voters S1 = S1 S2 S3 and not joint S1\n\
         reconfigure S1 voters S2 S3 S4\n\
         expect joint S1 and voters S1 = S2 S3 S4 and outgoing S1 = S1 S2 S3\n\
         expect refused reconfigure S1 voters S2 S3\n\
         run 2s\nexpect not joint S2 and voters S2 = S2 S3 S4 and outgoing S2 = none",
    )
    .expect("it can be read");
    assert_eq!(failure.map(|failure| failure.error.to_string()), None);
}

#[test]
fn what_is_accepted_can_be_expected() {
    let (run, failure) = played("expect accepted propose S1 b");
    assert_eq!(failure.map(|failure| failure.error.to_string()), None);
    let held = run.held().last().expect("it is told");
    assert_eq!(held.expected, "accepted propose S1 b");
    assert_eq!(held.found, "propose S1 b: accepted");
    fails(
        "expect accepted propose S2 b",
        "Expected propose S2 b to be accepted, but it was declined: the leader is S1.",
    );
    // Each that is asked has to.
    fails("expect accepted propose all b", "Expected propose S2 b");
}

#[test]
fn messages_that_are_not_there_are_refused_by_their_kind_too() {
    let (run, failure) = played("expect refused drop AppendEntries S1 -> S3");
    assert_eq!(failure.map(|failure| failure.error.to_string()), None);
    let held = run.held().last().expect("it is told");
    let found = "There is no such message in flight: AppendEntries S1 -> S3";
    assert_eq!(held.found, found);
    fails(
        "propose S1 b\nexpect refused drop AppendEntries S1 -> S3",
        "to be refused",
    );
}

#[test]
fn a_condition_behind_what_is_refused_is_no_command() {
    for (line, column) in [
        ("expect refused propose S2 x and leaders = 1", 29),
        ("expect accepted propose S1 x or leaders = 1", 30),
    ] {
        let error = format!("{LED}{line}").parse::<Playbook>().expect_err(line);
        assert_eq!(error.column, column, "{error}");
        assert!(error.message.contains("no condition"), "{error}");
    }
    let (_, failure) = played("expect refused propose S2 x \"and\" y");
    assert_eq!(failure.map(|failure| failure.error.to_string()), None);
}

/// Whoever waits in vain is told of what was asked for and declined.
#[test]
fn a_wait_in_vain_names_the_last_request_that_was_declined() {
    const FIVE: &str = "servers 5\nvoters 3\nuse no-op\ntimeout S1\nrun 300ms\n";
    let failure = |lines: &str| {
        let played = raft_play::play(&format!("{FIVE}{lines}"));
        played.expect("it plays").1.expect("it fails").error
    };
    let change = "reconfigure S1 voters S3 S4 S5";
    for end in [
        "wait 5s until voters leader = S3 S4 S5",
        "expect voters leader = S3 S4 S5",
    ] {
        let error = failure(&format!("{change}\n{end}"));
        let [line, why] = ["in line 6, reconfigure S1 voters S3 S4 S5", "learner first"];
        assert!(error.remedy.contains(line), "{error}");
        assert!(error.remedy.contains(why), "{error}");
    }
    // What was expected to be declined explains nothing.
    let error = failure(&format!("expect refused {change}\nexpect leaders = 2"));
    assert!(error.remedy.is_empty(), "{error}");
    // A learner need not be made one.
    let learning = "reconfigure S1 voters S1 S2 S3 learners S4\nrun 5ms";
    let settled = "disconnect S4\nrun 100ms\nreconfigure S1 voters S1 S2 S3 S4\nexpect leaders = 2";
    let error = failure(&format!("{learning}\n{settled}"));
    assert!(error.remedy.contains("S4 is a learner"), "{error}");
}

/// Not the last event before it: the one that made what was found.
#[test]
fn the_event_that_made_what_was_found_is_told() {
    for (lines, field) in [
        ("expect term S1 = 2\n", "currentTerm"),
        ("run 200ms\nexpect commit S1 = 9\n", "commitIndex"),
        ("wait 1s until commit S1 = 9\n", "commitIndex"),
        ("run 200ms\nexpect leader = S3\n", "role"),
    ] {
        let (run, failure) = played(lines);
        let failure = failure.expect("it fails");
        let made = made_so(&run, &failure).expect(lines);
        assert!(made + 1 < failure.position, "{lines}");
        let changes = run.changes_of(made);
        let fields: Vec<String> = changes.iter().map(|one| one.field.to_string()).collect();
        assert!(fields.iter().any(|one| one == field), "{lines}: {fields:?}");
    }
    // It was never otherwise.
    let (run, failure) = played("expect snapshot S1 = 4\n");
    assert_eq!(made_so(&run, &failure.expect("it fails")), None);
}
