//! Each command prints what it is for.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use raft_core::Rule;
use raft_play::open;
use raft_sim::Run;

use crate::{golden, raftlab, root, scratch, specimen, typed};

const SPLIT_VOTE: &str = "playbooks/paper/01-split-vote.raft";

fn played(path: &str) -> Run {
    let text = std::fs::read_to_string(root().join(path)).expect("the playbook is there");
    open(&text).expect("the playbook can be played")
}

/// `raftlab help playbooks` has every line of the language, and `raftlab playbooks` prints the same.
#[test]
fn the_help_has_every_line_of_the_language() {
    let help = typed("help playbooks");
    let printed = typed("playbooks");
    assert!(help.out.ends_with(&printed.out), "{}", help.out);
    let mut forms = 0;
    for table in raft_play::reference::tables() {
        assert!(help.out.contains(&format!("\n{}:\n", table.title)));
        for form in table.rows.iter().flat_map(|row| &row.forms) {
            forms += 1;
            assert!(help.out.contains(&format!("\n  {form}\n")), "{form}");
        }
    }
    assert!(forms > 100, "only {forms} were found");
    assert!(help.out.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn all_playbooks_pass() {
    let done = typed("test playbooks");
    assert_eq!(done.code, Some(0), "{}", done.out);
    assert!(done.out.contains(" passed, 0 failed; "), "{}", done.out);
    assert!(done.out.ends_with(" expectations held\n"), "{}", done.out);
}

#[test]
fn a_run_is_printed_up_to_an_event_or_a_time() {
    let by_event = typed(&format!("run {SPLIT_VOTE} --until 10"));
    golden("until-10", &by_event.out);
    let at = played(SPLIT_VOTE).event(9).expect("ten events").at;
    let by_time = typed(&format!("run {SPLIT_VOTE} --until {at}"));
    assert!(by_time.out.contains("\n  10 "), "{}", by_time.out);
    let whole = typed(&format!("run {SPLIT_VOTE}"));
    let last = played(SPLIT_VOTE).events().len();
    assert!(
        whole.out.contains(&format!("after event {last}, at ")),
        "{}",
        whole.out
    );
}

#[test]
fn the_state_at_an_event_is_that_of_the_servers() {
    let done = typed("run playbooks/bugs/l4-term-figure-8.raft --at 40");
    assert_eq!(done.code, Some(0));
    golden("figure-8-at-40", &done.out);
}

/// What clients saw, for other checkers: a line for each operation, in order.
#[test]
fn a_history_has_one_operation_a_line() {
    let done = typed("run playbooks/paper/24-client-reads.raft --history");
    assert_eq!(done.code, Some(0));
    let lines: Vec<serde_json::Value> = done
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    let column = |name: &str| -> Vec<String> {
        let values = lines.iter().map(|line| line[name].to_string());
        values.collect()
    };
    assert_eq!(column("client"), ["1", "2", "3", "1", "2"]);
    assert_eq!(column("number"), ["1", "1", "1", "2", "2"]);
    assert_eq!(column("op")[..3], ["\"put\"", "\"get\"", "\"put\""]);
    let answers = ["old", "old", "new", "new", "new"].map(|text| format!("\"{text}\""));
    assert_eq!(column("answer"), answers);
    assert!(
        lines
            .iter()
            .all(|line| line["began_us"].as_u64() < line["answered_us"].as_u64())
    );
}

#[test]
fn json_has_one_event_a_line() {
    let path = "playbooks/paper/21-crashes.raft";
    let done = typed(&format!("run {path} --json"));
    let run = played(path);
    let lines = done.out.lines();
    let lines = lines.map(|line| serde_json::from_str(line).expect("a line of JSON"));
    let lines: Vec<serde_json::Value> = lines.collect();
    let (held, events): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| line["kind"] == "held");
    let told = |line: &serde_json::Value| (line["line"].as_u64(), line["at_us"].as_u64());
    let expected = run.held().iter();
    let expected = expected.map(|held| (Some(u64::from(held.line)), Some(held.at.0)));
    assert_eq!(
        held.iter().map(told).collect::<Vec<_>>(),
        expected.collect::<Vec<_>>()
    );
    assert!(
        !held.is_empty() && held[0]["says"].as_str() > Some("It holds: "),
        "{held:?}"
    );
    assert_eq!(events.len(), run.events().len());
    for (line, event) in events.iter().zip(run.events()) {
        assert_eq!(line["event"], event.number + 1);
        assert_eq!(line["at_us"], event.at.0);
    }
}

#[test]
fn json_tells_what_is_asked_and_which_answer_is_right() {
    let path = "playbooks/course/01-what-a-leader-is-for.raft";
    let done = typed(&format!("run {path} --json"));
    let run = played(path);
    let lines = done.out.lines();
    let lines = lines.map(|line| serde_json::from_str(line).expect("a line of JSON"));
    let lines: Vec<serde_json::Value> = lines.collect();
    let posed: Vec<_> = run.questions().collect();
    assert!(!posed.is_empty());
    for posed in posed {
        let of = |kind: &str| {
            let is_it =
                |line: &&serde_json::Value| line["kind"] == kind && line["line"] == posed.line;
            let place = lines.iter().position(|line| is_it(&line));
            place.unwrap_or_else(|| panic!("no line of the kind {kind}"))
        };
        let (asked, revealed) = (of("asked"), of("revealed"));
        assert_eq!(lines[asked]["says"], posed.question.text[0]);
        assert_eq!(
            lines[revealed]["right"].as_u64(),
            posed.right.map(|right| right as u64 + 1)
        );
        // Each stands before the event that comes next.
        assert_eq!(lines[asked + 1]["event"], posed.asked.0 + 1);
        let mut before = lines[..revealed]
            .iter()
            .rev()
            .filter_map(|line| line["event"].as_u64());
        assert_eq!(before.next(), posed.revealed.map(|(position, _)| position));
    }
}

#[test]
fn a_run_that_cannot_be_built_as_it_says_fails() {
    let sound = "servers 3\ntimeout S1\nrun 50ms\n\nbuild Let S1 store x.\nactions 8\ngoal x is stored.\n\
                 when stored x = 1\nwhy It leads.\nrules L2\nway propose S1 x\n";
    let folder = scratch("built").join("build");
    std::fs::create_dir_all(&folder).expect("a folder");
    for (from, to, words) in [
        ("propose S1 x", "propose S2 x", "stored x = 1 is never met"),
        (
            "servers 3",
            "servers 3\nthen build/none.raft",
            "There is no playbook build/none.raft.",
        ),
        (
            "build Let",
            "contrast seed 1\nprinciple None.\nbuild Let",
            "The other run is the same",
        ),
    ] {
        let path = folder.join("built.raft");
        std::fs::write(&path, sound.replacen(from, to, 1)).expect("a file");
        let done = typed(&format!("test {}", path.display()));
        assert_eq!(done.code, Some(1), "{words}");
        assert!(done.out.contains(words), "{}", done.out);
        // It fails where it is promised, which a link leads to.
        let is_missing = words.starts_with("There is no playbook");
        assert_eq!(done.out.contains("at 50ms"), !is_missing, "{}", done.out);
        assert_eq!(done.out.contains("--at 0"), is_missing, "{}", done.out);
        if !words.starts_with("stored") {
            continue;
        }
        let other = typed(&format!("test {} --seeds 2..3", path.display()));
        assert!(other.out.contains(words), "{}", other.out);
        let at = |out: &str| out.lines().next().map(str::to_owned);
        assert_eq!(at(&other.out), at(&done.out), "the same line of the file");
    }
}

#[test]
fn digests_are_those_of_the_runs() {
    let one = typed(&format!("digest {SPLIT_VOTE}"));
    assert_eq!(
        one.out,
        format!("{:016x}  {SPLIT_VOTE}\n", played(SPLIT_VOTE).digest())
    );
    let many = typed(&format!("digest {SPLIT_VOTE} --seeds 1..4"));
    let own = format!("{:016x}  {SPLIT_VOTE} seed 1", played(SPLIT_VOTE).digest());
    assert_eq!(many.out.lines().next(), Some(own.as_str()));
    assert_eq!(many.out.lines().count(), 4);
    let mut digests: Vec<&str> = many.out.lines().map(|line| &line[..16]).collect();
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), 4, "{}", many.out);
}

/// What is taken a fingerprint of ends where it fails, and that is said.
#[test]
fn a_digest_of_what_fails_is_told_and_exits_with_1() {
    let fails = specimen("expects-too-much");
    for (words, failures) in [(fails.clone(), 1), (format!("{fails} --seeds 1..3"), 3)] {
        let done = typed(&format!("digest {words}"));
        assert_eq!(done.code, Some(1), "{words}");
        assert_eq!(done.out.lines().count(), failures, "{}", done.out);
        assert_eq!(done.err.matches("FAIL ").count(), failures, "{}", done.err);
    }
}

#[test]
fn all_rules_are_listed_in_both_languages() {
    let (english, chinese) = (typed("rules").out, typed("rules --zh").out);
    let (english, without): (Vec<&str>, Vec<&str>) =
        english.lines().partition(|line| !line.starts_with(' '));
    assert_eq!(
        (english.len(), without.len()),
        (Rule::ALL.len(), Rule::ALL.len())
    );
    for (rule, without) in Rule::ALL.iter().zip(without) {
        let words = format!("without it: {}", rule.when_ablated());
        assert_eq!(without.trim_start(), words);
    }
    for ((rule, english), chinese) in Rule::ALL.iter().zip(english).zip(chinese.lines()) {
        assert!(
            english.starts_with(rule.id()) && english.ends_with(rule.english()),
            "{english}"
        );
        assert!(
            chinese.starts_with(rule.id()) && chinese.ends_with(rule.chinese()),
            "{chinese}"
        );
    }
}

#[test]
fn a_link_opens_the_page_at_the_violation() {
    let done = typed("play playbooks/bugs/l4-term-figure-8.raft --page https://example.org/");
    let violations = played("playbooks/bugs/l4-term-figure-8.raft");
    let event = violations.world().checker().violations()[0].event + 1;
    assert!(
        done.out.starts_with("https://example.org/#run="),
        "{}",
        done.out
    );
    assert!(
        done.out.ends_with(&format!("&at={event}\n")),
        "{}",
        done.out
    );
    assert_eq!(done.code, Some(0));
    let run = played(SPLIT_VOTE);
    let at = run.event(9).expect("ten events").at;
    let by_time = typed(&format!("play {SPLIT_VOTE} --at {at}"));
    let event = run.events().iter().filter(|event| event.at <= at).count();
    let at = format!("&at={event}\n");
    assert!(by_time.out.ends_with(&at), "{}", by_time.out);
    let here = typed("play playbooks/bugs/l4-term-figure-8.raft --at 3");
    assert!(here.out.starts_with("file:///"), "{}", here.out);
    assert!(
        here.out.contains("/web/index.html#run=") && here.out.ends_with("&at=3\n"),
        "{}",
        here.out
    );
    assert!(here.err.contains("./wasm-pack.sh"), "{}", here.err);
    let lost = raftlab()
        .args(["play", "chaos", "--length", "100ms"])
        .current_dir(std::env::temp_dir())
        .output();
    let lost = crate::done(lost.expect("it runs"));
    assert!(lost.out.starts_with("web/index.html#run="), "{}", lost.out);
    assert!(lost.err.contains("--page URL"), "{}", lost.err);
}

/// The text that a link holds.
fn linked(link: &str) -> String {
    let run = link.split("#run=").nth(1);
    let run = run.and_then(|run| run.split('&').next()).expect("a run");
    let deflated = BASE64_URL_SAFE_NO_PAD.decode(run).expect("base64");
    let text = miniz_oxide::inflate::decompress_to_vec(&deflated).expect("a deflated text");
    String::from_utf8(text).expect("a text")
}

/// The page shows what fails in a playbook; a link without it would show a healthy run.
#[test]
fn a_link_to_what_fails_holds_all_of_it() {
    for (name, event, line) in [
        (
            "drops-nothing",
            0,
            "drops-nothing.raft:6:1: M7 is not in flight",
        ),
        (
            "expects-too-much",
            10,
            "expects-too-much.raft:11:1: Expected",
        ),
        ("two-leaders", 156, "two-leaders.raft:24:1: Election Safety"),
    ] {
        let played = typed(&format!("play {}", specimen(name)));
        assert_eq!(played.code, Some(1), "{name}");
        assert!(played.err.contains(line), "{}", played.err);
        let text = std::fs::read_to_string(root().join(specimen(name))).expect("it is there");
        assert_eq!(linked(&played.out), text);
        let at = format!("&at={event}\n");
        assert!(played.out.ends_with(&at), "{}", played.out);
    }
}

/// The seeds that the help names show what it says, and go on doing so.
#[test]
fn the_examples_of_the_help_do_what_they_say() {
    let mut played = 0;
    for page in ["--help", "run --help", "sweep --help", "shrink --help"] {
        let help = typed(page).out;
        for line in help.lines().map(str::trim_start) {
            // An explanation follows two blanks.
            let words = line.split("  ").next().unwrap_or_default();
            let Some(words) = words.strip_prefix("raftlab ") else {
                continue;
            };
            let fails = words.starts_with("sweep chaos") && words.contains("--ablate");
            if words.contains("--all") || !(fails || words.contains("chaos --seed ")) {
                continue;
            }
            let done = typed(words);
            assert_eq!(done.code, Some(i32::from(fails)), "{words}: {}", done.err);
            played += 1;
        }
    }
    assert!(played >= 4, "only {played} examples were found");
}

#[test]
fn shells_are_told_of_every_command() {
    let script = typed("completions bash");
    assert_eq!(script.code, Some(0));
    for command in [
        "run", "test", "sweep", "merge", "shrink", "play", "rules", "digest",
    ] {
        assert!(
            script.out.contains(&format!("raftlab,{command})")),
            "{command}"
        );
        let help = typed(&format!("{command} --help"));
        assert!(help.out.contains("Example"), "{command}: {}", help.out);
        let wide = help.out.lines().find(|line| line.chars().count() > 80);
        assert_eq!(wide, None, "{command}");
    }
}
