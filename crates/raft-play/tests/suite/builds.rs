//! Runs to build: the run itself says how far one has come.

use raft_core::{Rule, RuleSet};
use raft_play::building::{MARKED_MAX, Marker, Progress, prove};
use raft_play::lesson::prove_contrasts;
use raft_play::{Playbook, act_line, open, save};
use raft_sim::Run;
use raft_sim::run::Beginning;

/// Three servers, of which two are to store an entry that the third does not get.
const ASKED: &str = "servers 3
latency 10ms
timeout S1
run 50ms

build Two servers store x, and the third one never does.
build.zh 两台服务器存有 x，第三台始终没有。
actions 3
goal Two servers store x.
goal.zh 两台服务器存有 x。
when stored x = 2
goal x is committed.
when commit S1 = 1 and stored x = 2
always Nobody crashes.
always.zh 没有服务器崩溃。
when running = 3
hint A link can be cut.
hint.zh 链路可以切断。
why Two of three are a majority.
why.zh 三台中的两台是多数派。
rules L4 AE4
way cut S1 -> S3
way propose S1 x
way run 40ms
";

fn opened(text: &str) -> Run {
    open(text).unwrap_or_else(|error| panic!("{error}"))
}

fn progress(run: &Run) -> Progress {
    let mut marker = Marker::new(run).expect("something is to be built");
    marker.go_on(run);
    marker.progress(run)
}

fn act(run: &mut Run, lines: &[&str]) {
    for line in lines {
        run.begin_act(line);
        act_line(run, line).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
}

const WAY: [&str; 3] = ["cut S1 -> S3", "propose S1 x", "run 40ms"];

#[test]
fn goals_are_met_in_their_order_and_the_run_is_done() {
    let mut run = opened(ASKED);
    let begun = run.build().expect("it is asked").clone();
    assert_eq!(begun.line, 6);
    assert_eq!(begun.place, (run.position(), run.world().now()));
    assert_eq!(
        progress(&run),
        Progress {
            broken: vec![None],
            ..Progress::default()
        }
    );
    act(&mut run, &WAY);
    let Progress {
        met,
        used,
        done,
        forbidden,
        ..
    } = progress(&run);
    assert_eq!((met.len(), used, forbidden), (2, 2, 0));
    assert!(met[0] <= met[1]);
    assert_eq!(done, Some(met[1]));
    // What comes after it is done does not count any more.
    act(&mut run, &["heal", "crash S2", "run 100ms"]);
    let after = progress(&run);
    assert_eq!((after.done, after.used), (Some(met[1]), 2));
    // Seen from an earlier instant it is not done yet.
    run.go_to(met[1].0 - 1);
    assert_eq!(progress(&run).done, None);
    assert_eq!(progress(&run).met, [met[0]]);
}

#[test]
fn one_marker_sees_what_a_fresh_one_sees() {
    let mut run = opened(ASKED);
    let mut marker = Marker::new(&run).expect("something is to be built");
    act(&mut run, &WAY);
    marker.go_on(&run);
    let seen = marker.progress(&run);
    assert!(marker.is_of(&run));
    assert_eq!(seen, progress(&run));
    let end = run.position();
    for position in begun(&run)..=end {
        run.go_to(position);
        marker.go_on(&run);
        assert_eq!(marker.progress(&run), progress(&run), "after {position}");
    }
    // Another branch is another run.
    run.go_to(begun(&run) + 1);
    act(&mut run, &["crash S3"]);
    assert!(!marker.is_of(&run));
}

fn begun(run: &Run) -> u64 {
    run.build().expect("it is asked").place.0
}

#[test]
fn what_is_undone_is_given_back() {
    let mut run = opened(ASKED);
    act(&mut run, &["crash S3", "propose S1 x", "run 40ms"]);
    let spoilt = progress(&run);
    assert_eq!((spoilt.met.len(), spoilt.used, spoilt.done), (2, 2, None));
    assert!(spoilt.broken[0].is_some(), "somebody crashed");
    while run.undo() {}
    assert_eq!(progress(&run).used, 0);
    act(&mut run, &WAY);
    assert!(progress(&run).done.is_some());
}

#[test]
fn too_many_and_forbidden_actions_do_not_count_as_done() {
    for (text, before, used, forbidden) in [
        (ASKED, &["pause S2", "resume S2"][..], 4, 0),
        (ASKED, &["rewrite S3 term 1"], 3, 1),
        (&ASKED.replace("actions 3", "actions 3 of cut"), &[], 2, 1),
    ] {
        let mut run = opened(text);
        act(&mut run, before);
        act(&mut run, &WAY);
        let progress = progress(&run);
        assert_eq!((progress.used, progress.forbidden), (used, forbidden));
        assert_eq!((progress.met.len(), progress.done), (2, None));
    }
}

/// Stepping back to where it begins leads to the very instant, so that what is done there counts.
#[test]
fn whoever_acts_before_it_begins_has_left_it() {
    let whole = opened(ASKED);
    let start = whole.build().expect("it is asked").place;
    let mut run = whole.clone();
    run.step().expect("few events");
    run.step_back();
    assert_eq!((run.position(), run.world().now()), start);
    act(&mut run, &["crash S3"]);
    assert!(run.build().is_some());
    let mut run = whole.clone();
    run.go_to(start.0 - 1);
    act(&mut run, &["crash S3"]);
    assert!(run.build().is_none());
    assert!(!save(&run).contains("build"), "{}", save(&run));
}

#[test]
fn an_attempt_is_saved_with_what_is_asked() {
    let mut run = opened(ASKED);
    act(&mut run, &WAY);
    let saved = save(&run);
    assert!(saved.starts_with(ASKED), "{saved}");
    let again = opened(&saved);
    assert_eq!(progress(&again), progress(&run));
    assert_eq!(prove(&saved), Ok(()));
    let playbook: Playbook = saved.parse().expect("it can be read");
    let printed = playbook.to_string();
    let reprinted: Playbook = printed.parse().expect("it can be read again");
    assert_eq!(printed, reprinted.to_string());
    assert_eq!(progress(&opened(&printed)), progress(&run));
}

#[test]
fn a_way_is_proven_and_no_line_of_it_is_needless() {
    assert_eq!(prove(ASKED), Ok(()));
    let with = |from: &str, to: &str| {
        assert!(ASKED.contains(from), "{from}");
        ASKED.replacen(from, to, 1)
    };
    for (text, line, message) in [
        (
            with("way propose S1 x\n", ""),
            6,
            "The way does not build this run: stored x = 2 is never met.",
        ),
        (
            with("actions 3", "actions 1"),
            6,
            "The way does not build this run: it takes 2 Actions, and 1 are allowed.",
        ),
        (
            with("way cut", "way crash S3\nway cut"),
            6,
            "The way does not build this run: running = 3 does not hold all the time.",
        ),
        (
            with("way run", "way disk S3 0us\nway run"),
            24,
            "The run is built without this line of the way, too.",
        ),
        (
            with("way propose", "way restart S1\nway propose"),
            23,
            "This line of the way cannot be done: S1 is running.",
        ),
        (
            with("way cut", "cannot\nway cut"),
            6,
            "This run is said to be impossible, but the way builds it.",
        ),
        (
            format!("{ASKED}propose S1 x\nrun 60ms\n"),
            6,
            "The lines below do not build this run: commit S1 = 1 and stored x = 2 is never met.",
        ),
    ] {
        let error = prove(&text).expect_err(message);
        assert_eq!(error.message, message);
        assert_eq!(error.line, line, "{error}");
        assert!(!error.remedy.is_empty() && !error.chinese.remedy.is_empty());
        assert!(!error.chinese.message.is_empty());
    }
}

/// What stands in the place of what, at which line that is wrong, and how it is said.
const WRONG: &[(&str, &str, u32, &str)] = &[
    (
        "when stored x = 2\n",
        "",
        11,
        "The goal above does not say when it is met.",
    ),
    (
        "actions 3\n",
        "",
        6,
        "The run to build above has no line “actions”.",
    ),
    (
        "why Two of",
        "# ",
        20,
        "This line is the Chinese of one that is not above it.",
    ),
    (
        "rules L4 AE4\n",
        "",
        6,
        "The run to build above has no line “rules”.",
    ),
    ("way run", "way repeat 3", 24, "“repeat” cannot stand here"),
    ("way run 40ms", "way run soon", 24, ""),
    (
        "hint A",
        "answer A",
        17,
        "“answer” does not belong to the lines above it.",
    ),
    ("actions 3", "actions 3 of cuts", 8, ""),
    (
        "hint A",
        "when term S1 = 1\nhint A",
        17,
        "There is no goal above this line",
    ),
    (
        "build Two",
        "repeat 2\nbuild Two",
        7,
        "This must stand between blocks",
    ),
    (
        "build.zh",
        "build Three.\nbuild.zh",
        7,
        "A playbook asks for one run to build",
    ),
];

#[test]
fn what_is_wrong_with_a_build_is_said_at_its_line() {
    for &(from, to, line, message) in WRONG {
        assert!(ASKED.contains(from), "{from}");
        let error = ASKED.replacen(from, to, 1).parse::<Playbook>();
        let error = error.expect_err(to);
        assert!(error.message.starts_with(message), "{to}: {error}");
        assert_eq!(error.line, line, "{to}: {error}");
        assert!(
            !error.remedy.is_empty() && !error.chinese.remedy.is_empty(),
            "{error}"
        );
    }
}

#[test]
fn a_run_knows_with_which_one_it_is_compared() {
    let text = "servers 3\ntimeout S1\nrun 50ms\n\ncontrast do crash S1\n\
                same What is the same?\nsame.zh 有什么相同？\nprinciple A majority is enough.\n\
                run 50ms\n";
    let run = opened(text);
    let [contrasted] = run.contrasts() else {
        panic!("there is one contrast");
    };
    assert_eq!(
        contrasted.contrast.beginning,
        Beginning::Do("crash S1".to_owned())
    );
    assert_eq!(contrasted.contrast.same[1], "有什么相同？");
    assert_eq!(contrasted.place.1.0, 50_000);
    let playbook: Playbook = text.parse().expect("it can be read");
    let printed = playbook.to_string();
    assert!(
        printed.contains("contrast do crash S1\nsame What"),
        "{printed}"
    );
    for other in ["without AE3 L4-term", "with pre-vote", "seed 7"] {
        let text = text.replace("do crash S1", other);
        let playbook: Playbook = text.parse().expect(other);
        assert!(
            playbook
                .to_string()
                .contains(&format!("contrast {other}\n"))
        );
    }
    for wrong in [
        "without L9",
        "with pre-votes",
        "beside S1",
        "do repeat 3",
        "do crash S9",
    ] {
        let error = text.replace("do crash S1", wrong).parse::<Playbook>();
        assert_eq!(error.expect_err(wrong).line, 5, "{wrong}");
    }
    let bare = text.replace("principle A majority is enough.\n", "");
    let error = bare.parse::<Playbook>().expect_err("it teaches nothing");
    assert_eq!(
        error.message,
        "The contrast above does not say what it teaches."
    );
}

#[test]
fn a_contrast_goes_another_way() {
    let text = "servers 3\ntimeout S1\nrun 50ms\ncontrast do crash S1\nprinciple x\nrun 2s\n";
    assert_eq!(prove_contrasts(text), Ok(()));
    let same = text.replace("crash S1", "crash leader");
    assert!(
        same.parse::<Playbook>().is_err(),
        "it names no server by number"
    );
    for (contrast, differs) in [
        ("without T1", true),
        ("without L4-term", false),
        ("with pre-vote", true),
        ("seed 1", false),
        ("seed 2", true),
        ("do heal", false),
        ("do crash S2", true),
    ] {
        let text = text
            .replace("do crash S1", contrast)
            .replace("run 2s", "run 1s\ncrash S1\nrun 2s");
        let proven = prove_contrasts(&text);
        assert_eq!(proven.is_ok(), differs, "{contrast}");
        if let Err(error) = proven {
            assert_eq!(error.line, 4);
            let words = "The other run is the same as this one in all that is compared.";
            assert_eq!(error.message, words);
        }
    }
}

/// Whoever takes a rule away in the middle of a run to build goes on in another Raft, where nothing counts.
#[test]
fn a_modified_raft_builds_nothing() {
    let mut run = opened(ASKED);
    act(&mut run, &WAY);
    assert!(progress(&run).done.is_some());
    let rule = Rule::CommitOwnTermOnly;
    run.replay_ablated([rule].into_iter().collect());
    let there = progress(&run);
    assert_eq!((there.met.len(), there.done), (2, None));
    assert!(there.modified.contains(rule));
    run.replay_ablated(RuleSet::EMPTY);
    assert!(progress(&run).done.is_some());
    // A playbook that ablates a rule itself asks for a run of that Raft.
    let mut run = opened(&format!("ablate L4-term\n{ASKED}"));
    act(&mut run, &WAY);
    assert!(progress(&run).done.is_some());
}

#[test]
fn what_is_too_long_to_be_looked_at_is_said_to_be() {
    let mut run = opened(&format!("heartbeat 1ms\n{ASKED}"));
    act(&mut run, &["run 1s"]);
    assert!(!progress(&run).is_cut_short);
    while run.position() <= begun(&run) + MARKED_MAX {
        act(&mut run, &["run 5s"]);
    }
    act(&mut run, &WAY);
    let progress = progress(&run);
    assert!(progress.is_cut_short);
    assert_eq!((progress.met.len(), progress.done), (0, None));
}
