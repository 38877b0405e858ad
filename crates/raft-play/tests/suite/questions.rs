//! Questions of a playbook: the run decides which answer is right.

use raft_core::Rule;
use raft_play::script;
use raft_play::{Playbook, open, play, save};
use raft_sim::Run;

use crate::library;

const ASKED: &str = "servers 3
seed 1
latency 10ms
timeout S1

caption S1 asks for votes.
run 9ms
ask Does S2 vote for S1?
ask.zh S2 会投给 S1 吗？
answer Yes, it has not voted yet.
answer.zh 会，它还没有投票。
when voted_for S2 = S1
answer No, it has a timer of its own.
answer.zh 不会，它有自己的计时器。
when voted_for S2 = none
mistake A server votes for itself first.
mistake.zh 服务器总是先投给自己。
why It has no vote in term 1, and the logs are equal.
why.zh 它在任期 1 还没有投票，日志也相同。
step
reveal
run 100ms
";

fn opened(text: &str) -> Run {
    open(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_run_knows_where_it_is_asked_and_which_answer_is_right() {
    let run = opened(ASKED);
    let [posed] = run.questions().collect::<Vec<_>>()[..] else {
        panic!("there is one question");
    };
    let (revealed, right) = posed.revealed.zip(posed.right).expect("it is revealed");
    assert_eq!(posed.line, 8);
    assert_eq!(revealed.0, posed.asked.0 + 1, "one event later");
    assert_eq!(right, 0);
    let question = &posed.question;
    assert_eq!(question.text, ["Does S2 vote for S1?", "S2 会投给 S1 吗？"]);
    assert_eq!(question.answers.len(), 2);
    assert_eq!(question.answers[0].when, "voted_for S2 = S1");
    assert_eq!(question.answers[0].mistake, ["", ""]);
    assert_eq!(question.answers[1].mistake[1], "服务器总是先投给自己。");
    assert_eq!(question.why[1], "它在任期 1 还没有投票，日志也相同。");
}

/// Nothing is marked: the same question has another right answer in another run.
#[test]
fn another_run_has_another_answer() {
    let text = ASKED.replace("voted_for S2 = none", "voted_for S2 != S1");
    let run = opened(&text.replace("run 9ms", "timeout S2\nrun 9ms"));
    let right = run.questions().next().and_then(|posed| posed.right);
    assert_eq!(right, Some(1));
}

#[test]
fn a_question_fails_unless_exactly_one_answer_is_right() {
    for (first, second, message) in [
        (
            "role S2 = leader",
            "voted_for S2 = S3",
            "No answer of the question is right; got role S2 = follower, voted_for S2 = S1.",
        ),
        (
            "voted_for S2 = S1",
            "role S2 = follower",
            "Several answers of the question are right (voted_for S2 = S1; role S2 = follower); \
             got voted_for S2 = S1, role S2 = follower.",
        ),
    ] {
        let text = ASKED.replace("when voted_for S2 = S1", &format!("when {first}"));
        let text = text.replace("when voted_for S2 = none", &format!("when {second}"));
        let (run, failure) = play(&text).expect("it can be read");
        let failure = failure.expect("it fails");
        assert!(failure.is_unexpected);
        assert_eq!(failure.error.line, 21, "{}", failure.error);
        assert_eq!(failure.error.message, message);
        assert!(!failure.error.remedy.is_empty());
        assert!(!failure.error.chinese.remedy.is_empty());
        assert_eq!(run.questions().count(), 0, "no answer is right");
        let unmet = failure.unmet.expect("it can be asked again by itself");
        let expected = if message.starts_with("No") {
            format!("expect ({first}) or ({second})")
        } else {
            format!("expect not (({first}) and ({second}))")
        };
        assert_eq!(unmet.line, expected);
        assert!(raft_play::act_line(&mut run.clone(), &expected).is_err());
    }
}

#[test]
fn what_is_printed_asks_the_same() {
    let playbook: Playbook = ASKED.parse().expect("it can be read");
    let again: Playbook = playbook.to_string().parse().expect("it can be read again");
    assert_eq!(playbook.to_string(), again.to_string());
    let run = opened(&again.to_string());
    assert_eq!(run.questions().count(), 1);
    assert_eq!(save(&opened(ASKED)), ASKED);
}

/// Whoever acts between the question and its answer has left what it is about.
#[test]
fn a_branch_asks_what_was_revealed_before_it() {
    let whole = opened(ASKED);
    let asked = whole.questions().next().expect("one").asked;
    for (position, is_over) in [(asked.0, false), (asked.0 + 1, true)] {
        let mut run = whole.clone();
        run.go_to(position);
        raft_play::act_line(&mut run, "crash S3").expect("it can be done");
        assert_eq!(run.questions().count(), usize::from(is_over));
        let saved = save(&run);
        assert_eq!(saved.contains("ask Does"), is_over, "{saved}");
        let again = opened(&saved);
        assert_eq!(again.world(), run.world(), "{saved}");
        assert_eq!(again.questions().count(), usize::from(is_over));
    }
}

/// Under other rules the same is asked, as long as the same happens.
#[test]
fn a_replay_asks_what_it_comes_to_in_the_same_way() {
    for (rule, asked) in [("L4-term", 1), ("RV2", 0)] {
        let mut run = opened(ASKED);
        run.replay_ablated(Rule::named(rule).into_iter().collect());
        assert_eq!(run.current_branch(), 1);
        assert_eq!(run.questions().count(), asked, "{rule}");
    }
}

/// A question of which nothing came would be asked where the next one is.
#[test]
fn something_has_to_happen_before_a_question_is_revealed() {
    let text = ASKED.replace("step\nreveal", "expect leaders = 0\nreveal");
    let (run, failure) = play(&text).expect("it can be read");
    let error = failure.expect("it fails").error;
    assert_eq!(error.message, "No event has happened since the question.");
    assert_eq!(error.line, 21);
    assert_eq!(run.questions().count(), 0);
}

/// A question without a right answer is over all the same: what is done later does not leave it.
#[test]
fn a_failed_question_is_closed_for_later_branches() {
    let text = ASKED.replace("when voted_for S2 = none", "when voted_for S2 = S1");
    let (mut run, _) = play(&text).expect("it can be read");
    let end = run.position();
    run.go_to(end - 1);
    raft_play::act_line(&mut run, "crash S3").expect("it can be done");
    assert!(save(&run).contains("reveal\n"), "{}", save(&run));
    assert!(save(&run).contains("ask Does"));
}

/// What stands in the place of what, at which line that is wrong, and how it is said.
const WRONG: &[(&str, &str, u32, &str)] = &[
    ("reveal\n", "", 8, "This question is never revealed."),
    (
        "step\n",
        "",
        20,
        "Nothing happens between the question and here.",
    ),
    (
        "when voted_for S2 = S1\n",
        "",
        12,
        "The answer above does not say when it is right.",
    ),
    (
        "when voted_for S2 = none\n",
        "",
        19,
        "The answer above does not say when it is right.",
    ),
    (
        "why It",
        "# It",
        19,
        "This line is the Chinese of one that is not above it.",
    ),
    (
        "answer Yes",
        "when term S1 = 1\nanswer Yes",
        10,
        "There is no answer above this line.",
    ),
    (
        "why It",
        "when term S1 = 1\nwhy It",
        18,
        "There is one “when” already.",
    ),
    (
        "step\n",
        "repeat 2\nreveal\nend\n",
        21,
        "A question must stand between blocks, not inside one.",
    ),
    (
        "step\n",
        "caption S2 votes.\n",
        20,
        "The question above has not been revealed.",
    ),
    (
        "ask Does S2 vote for S1?",
        "ask",
        8,
        "“ask” says nothing here.",
    ),
    (
        "step\n",
        "step\nreveal\n",
        22,
        "There is no question to reveal here.",
    ),
    (
        "caption S1",
        "why S1",
        6,
        "This line belongs to a question or a run to build, and there is none above it.",
    ),
    (
        "when voted_for S2 = none",
        "when voted_for S2 = nobody",
        15,
        "This",
    ),
];

#[test]
fn what_is_wrong_with_a_question_is_said_at_its_line() {
    let wrong = |from: &str, to: &str| {
        assert!(ASKED.contains(from), "{from}");
        let error = ASKED.replacen(from, to, 1).parse::<Playbook>();
        let error = error.expect_err(to);
        assert!(!error.remedy.is_empty() && !error.chinese.remedy.is_empty());
        (error.line, error.message)
    };
    for &(from, to, line, message) in WRONG {
        let (at, said) = wrong(from, to);
        assert!(
            said.starts_with(message) || message == "This",
            "{to}: {said}"
        );
        assert_eq!(at, line, "{to}: {said}");
    }
}

/// The questions of the library have one right answer whatever the seed, and speak both languages.
#[test]
fn every_question_of_the_library_has_one_right_answer_with_any_seed() {
    let mut asked = 0;
    for (path, text) in library::texts() {
        if !text.contains("\nask ") {
            continue;
        }
        let mut playbook: Playbook = text.parse().unwrap_or_else(|error| panic!("{error}"));
        for seed in 1..=20 {
            playbook.setup.seed = seed;
            let mut run = Run::new(playbook.setup.clone());
            let failure = script::play(&playbook, &text, &mut run).err();
            let failure = failure.map(|failure| failure.error.to_string());
            assert_eq!(failure, None, "{path}, seed {seed}");
        }
        for posed in opened(&text).questions() {
            asked += 1;
            let question = &posed.question;
            let answers = question.answers.iter();
            let texts = answers.flat_map(|answer| [&answer.text, &answer.mistake]);
            for [english, chinese] in texts.chain([&question.text, &question.why]) {
                assert_eq!(english.is_empty(), chinese.is_empty(), "{path}: {english}");
            }
        }
    }
    assert!(asked >= 3, "only {asked} were found");
}
