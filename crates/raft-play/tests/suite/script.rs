//! Playbooks that say more than Actions: whom words mean, what blocks do, and what fails.

use raft_core::{NodeId, RuleSet};
use raft_play::script::play;
use raft_play::text::Line;
use raft_play::{Playbook, act_line, open, save};
use raft_sim::action::{Action, LinkAction};
use raft_sim::run::{Failure, Stage, Trial};
use raft_sim::{Micros, Run};

use crate::anything::words::forms;
use crate::library::told;

/// Plays a text; answers what was done from outside.
fn played(text: &str) -> (Trial, Result<(), Failure>) {
    let playbook: Playbook = text.parse().unwrap_or_else(|error| panic!("{error}"));
    let mut trial = Trial::new(&playbook.setup);
    let outcome = play(&playbook, text, &mut trial);
    (trial, outcome)
}

fn done(text: &str) -> Vec<String> {
    let (trial, outcome) = played(text);
    outcome.unwrap_or_else(|failure| panic!("{}", failure.error));
    let lines = trial
        .done()
        .iter()
        .map(|done| Line(&done.action).to_string());
    lines.collect()
}

fn failure(text: &str) -> Failure {
    played(text).1.expect_err(text)
}

/// S2 leads a cluster of five.
const LED: &str = "servers 5\ntimeout S2\nrun 100ms\n";

#[test]
fn words_mean_whom_they_fit() {
    let line = |line: &str| done(&format!("{LED}{line}")).split_off(1);
    assert_eq!(line("crash leader"), ["crash S2"]);
    assert_eq!(line("crash leader+1 leader+4"), ["crash S3", "crash S1"]);
    assert_eq!(line("crash S5+1"), ["crash S1"]);
    assert_eq!(
        line("pause followers"),
        ["pause S1", "pause S3", "pause S4", "pause S5"]
    );
    assert_eq!(
        line("partition leader S1 | the rest"),
        ["partition S2 S1 | S3 S4 S5"]
    );
    assert_eq!(
        line("crash S1\ndisconnect S4\nrestart crashed\nconnect unreachable"),
        ["crash S1", "disconnect S4", "restart S1", "connect S4"]
    );
    assert_eq!(
        line("let l = leader\ncrash l\ncrash l+1"),
        ["crash S2", "crash S3"]
    );
    assert!(line("restart crashed").is_empty());
    assert_eq!(
        line("propose leader a *2 b *:4"),
        ["propose S2 a c1 c2 b c3--"]
    );
}

/// A leader that is cut off is nobody's `leader`, though it still says that it leads.
#[test]
fn the_leader_is_within_reach() {
    let cut = format!("{LED}disconnect leader\n");
    let failed = failure(&format!("{cut}crash leader"));
    assert_eq!((failed.error.line, failed.error.column), (5, 7));
    assert!(
        failed
            .error
            .message
            .contains("S2 leads but is disconnected"),
        "{}",
        failed.error
    );
    assert!(!failed.is_unexpected);
    done(&format!(
        "{cut}expect leaders = 1 and leaders reachable = 0"
    ));
    let later = done(&format!(
        "{cut}wait 5s until leaders reachable = 1\ncrash leader"
    ));
    assert_ne!(later.last(), Some(&"crash S2".to_owned()));
}

/// Lots depend on the seed alone, and are all different ones.
#[test]
fn lots_are_drawn_from_the_seed() {
    let drawn = |seed: u64| {
        done(&format!(
            "seed {seed}\nservers 9\ncrash any 4\nrestart any 2 of crashed"
        ))
    };
    assert_eq!(drawn(1), drawn(1));
    let different: std::collections::BTreeSet<_> = (0..20).map(drawn).collect();
    assert!(different.len() > 15);
    for lines in different {
        let (crashed, restarted) = lines.split_at(4);
        assert_eq!(restarted.len(), 2);
        for line in restarted {
            let server = line.split(' ').nth(1).expect("there is one");
            assert!(crashed.contains(&format!("crash {server}")), "{lines:?}");
        }
    }
    let few = failure("servers 3\ncrash any 2\ncrash any 2 of running");
    assert!(few.error.message.contains("Cannot draw 2 servers from 1"));
}

#[test]
fn blocks_are_done_as_often_as_they_say() {
    let rounds = "servers 3\nrepeat 3 as round\n  if round mod 2 = 1\n    pause S1\n  otherwise\n    resume S1\n  end\nend";
    assert_eq!(done(rounds), ["pause S1", "resume S1", "pause S1"]);
    assert!(done("repeat 0\n  crash S1\nend").is_empty());
    let early = "repeat 9 until crashed = 2\n  crash any of running\nend";
    assert_eq!(done(early).len(), 2);
    let lots: Vec<usize> = (0..40)
        .map(|seed| done(&format!("seed {seed}\nrepeat 2..4\n  heal\nend")).len())
        .collect();
    assert!((2..=4).all(|times| lots.contains(&times)), "{lots:?}");
    assert!(lots.iter().all(|times| (2..=4).contains(times)));
    let chances = (0..200).filter(|seed| {
        done(&format!(
            "seed {seed}\nchance 25%\n  crash S1\notherwise\n  heal\nend"
        )) == ["crash S1"]
    });
    let chances = chances.count();
    assert!((30..70).contains(&chances), "{chances}");
}

/// Each part goes on by itself, and the block is over when all are.
#[test]
fn parts_go_on_at_the_same_time() {
    let text = "servers 3
concurrently
  in turn
    run 10ms
    pause S1
    run 20ms
    resume S1
  end
  in turn
    run 20ms
    pause S2
  end
  meanwhile
    heal
    run 4ms
  end
end
pause S3";
    let (trial, outcome) = played(text);
    outcome.expect("it plays");
    let at = |wanted: &str| {
        let found = trial
            .done()
            .iter()
            .find(|done| Line(&done.action).to_string() == wanted);
        found.expect(wanted).at
    };
    assert_eq!(at("pause S1"), Micros::from_millis(10));
    assert_eq!(at("pause S2"), Micros::from_millis(20));
    assert_eq!(at("resume S1"), Micros::from_millis(30));
    // The last round of what goes on meanwhile began at 28 ms.
    assert_eq!(at("pause S3"), Micros::from_millis(32));
    let heals = trial
        .done()
        .iter()
        .filter(|done| done.action == Action::Link(LinkAction::Heal(None)));
    assert_eq!(heals.count(), 8);
}

#[test]
fn what_is_not_as_expected_fails_where_it_stands() {
    let failed = failure("servers 3\n  expect leaders = 1");
    assert!(failed.is_unexpected);
    assert_eq!((failed.error.line, failed.error.column), (2, 3));
    assert_eq!(
        failed.error.message,
        "Expected leaders = 1; got leaders = 0."
    );
    let failed = failure("servers 3\ncrash all\nwait 3s until running = 1");
    assert_eq!(failed.at, Micros::from_secs(3));
    assert!(failed.error.message.contains("Timed out waiting"));
    let failed = failure("servers 3\ncrash S1 S2\nagree x on 1");
    assert_eq!(failed.at, Micros::from_secs(10));
    let failed =
        failure("servers 3\ncheck one leader\ndisconnect followers\nagree x on 2 without retry");
    assert!(
        failed
            .error
            .message
            .contains("Expected 2 servers to have applied x; 0 have")
    );
    done("servers 3\nrun 3s until leaders = 9");
}

#[test]
fn a_run_goes_on_where_its_playbook_fails() {
    let (run, failed) =
        raft_play::play("servers 3\nrun 50ms\nexpect running = 2\nrun 1s").expect("it reads");
    assert_eq!(run.world().now(), Micros::from_millis(1050));
    let failed = failed.expect("it fails");
    assert_eq!((failed.error.line, failed.at), (3, Micros::from_millis(50)));
    // It opens all the same, to be looked at.
    assert!(open("servers 3\nexpect running = 2").is_ok());
    assert!(open("servers 3\nresume S1").is_err());
}

/// What is recorded are plain Actions: a replay has no lots and no blocks, and is the same.
#[test]
fn a_replayed_run_is_saved_without_its_blocks() {
    let text = include_str!("../../../../playbooks/lab/c2-persist2.raft");
    let run = open(text).expect("it plays");
    let saved = save(&run.ablated(RuleSet::EMPTY).run);
    assert!(!saved.contains("repeat") && !saved.contains("first"));
    let again = open(&saved).expect("it plays");
    assert_eq!(again.digest(), run.digest());
}

/// The page plays in a Run, tests in a Trial.
#[test]
fn a_run_and_a_trial_are_the_same_world() {
    for text in [
        include_str!("../../../../playbooks/lab/b9-backup.raft"),
        include_str!("../../../../playbooks/lab/c8-unreliable-churn.raft"),
        include_str!("../../../../playbooks/lab/d5-snapshot-install-un-crash.raft"),
    ] {
        let (trial, outcome) = played(text);
        outcome.expect("it passes");
        let run = open(text).expect("it plays");
        assert_eq!(run.world(), trial.world());
    }
}

/// Whatever it says, a playbook comes to an end.
#[test]
fn nothing_goes_on_for_ever() {
    let cases = [
        (
            "repeat 1000000\n  repeat 1000000\n    heal\n  end\nend",
            "events",
        ),
        (
            "concurrently\n  meanwhile\n    run 0ms\n  end\n  run 1s\nend",
            "no time passed",
        ),
        ("repeat 1000000\n  propose S1 *1000:1000\nend", "commands"),
        ("election 1ms..1ms\nrun 24h", "time"),
    ];
    for (text, words) in cases {
        let failed = match text.parse::<Playbook>() {
            Ok(_) => failure(&format!("servers 3\n{text}")).error,
            Err(error) => error,
        };
        assert!(failed.to_string().contains(words), "{failed}");
    }
}

#[test]
fn a_line_that_cannot_be_read_says_what_it_should_be() {
    let cases = [
        ("crash leder", 7, "Did you mean “leader”?"),
        ("expect leeders = 1", 8, "Did you mean “leaders”?"),
        ("expect leaders", 15, "Write: expect"),
        ("expect leaders ~ 1", 16, "Write: expect"),
        ("let S1 = leader", 5, "Use lower-case letters"),
        ("let all = leader", 5, "let my_all = leader"),
        ("let x leader", 7, "Write: let"),
        ("wait 5s", 8, "Write: wait"),
        ("agree x", 8, "Write: agree"),
        ("repeat", 7, "Write: repeat"),
        ("repeat 9..3", 8, ""),
        ("end", 1, "Delete this line"),
        ("otherwise", 1, "Delete this line"),
        ("repeat 2\n  heal", 1, "Close it with: end"),
        ("meanwhile\nend", 1, "Move it there"),
        ("repeat 2\ncaption x\nend", 1, "End the block first"),
        ("expect broken raft", 15, ""),
        ("cut leader S1\ncrash any 9", 11, ""),
        ("transfer S1 all", 13, "Write: transfer"),
    ];
    for (text, column, remedy) in cases {
        let text = format!("servers 3\n{text}");
        let error = match text.parse::<Playbook>() {
            Err(error) => error,
            Ok(_) => failure(&text).error,
        };
        assert_eq!(error.column, column, "{error}");
        assert!(error.remedy.contains(remedy), "{error}");
        assert!(!error.chinese.message.is_empty());
    }
    let deep = "repeat 1\n".repeat(17);
    assert_eq!(deep.parse::<Playbook>().expect_err("too deep").line, 17);
}

/// Whoever types lines may use the words too.
#[test]
fn typed_lines_know_the_words() {
    let mut run = Run::new(raft_sim::Setup::default());
    for line in [
        "timeout S4",
        "wait 1s until leaders = 1",
        "propose leader *2",
        "crash leader",
    ] {
        act_line(&mut run, line).unwrap_or_else(|error| panic!("{error}"));
    }
    assert!(
        run.world()
            .server(NodeId(4))
            .is_some_and(|s| s.node().is_none())
    );
    assert!(save(&run).contains("propose S4 c1 c2"));
    let position = run.position();
    assert!(act_line(&mut run, "expect leaders = 3").is_err());
    assert!(act_line(&mut run, "repeat 3").is_err());
    assert!(act_line(&mut run, "let x = S1").is_err());
    assert_eq!(run.position(), position);
    assert!(run.world().now() > Micros::ZERO);
}

/// Words in the forms of lines that are examples of names or of text, or explain.
const EXAMPLES: [&str; 13] = [
    "a", "alone", "falls", "first", "its", "old", "one", "paper", "round", "silent", "wins",
    "before", "x",
];

/// `fire S1 heartbeat` must not mean another thing below a line that names a server `heartbeat`.
#[test]
fn no_name_is_a_word_of_the_language() {
    let mut refused = 0;
    // What stands behind these is a sentence.
    let texts = told();
    let forms = forms().map(|form| match form.split_once(' ') {
        Some((first, _)) if texts.contains(&first) => first,
        _ => form,
    });
    for word in forms.flat_map(str::split_whitespace) {
        let word = word.trim_end_matches([',', ';', ':', '.']);
        if !word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') || EXAMPLES.contains(&word) {
            continue;
        }
        for line in [
            format!("let {word} = S1"),
            format!("repeat 2 as {word}\nend"),
        ] {
            let error = line.parse::<Playbook>().expect_err(&line);
            assert!(error.message.contains("already means"), "{error}");
            assert!(!error.remedy.is_empty());
        }
        refused += 1;
    }
    assert!(refused > 100, "only {refused} words");
    for name in EXAMPLES {
        let line = format!("let {name} = S1\nfire {name} election");
        assert!(line.parse::<Playbook>().is_ok(), "{line}");
    }
}
