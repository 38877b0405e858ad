//! A failure is reported with its place and a remedy, and the exit code distinguishes a failure from
//! bad input.

use std::fs;

use crate::{done, golden, raftlab, root, scratch, specimen, typed};

#[test]
fn what_passes_exits_with_0() {
    let passed = typed("test playbooks/paper/01-split-vote.raft");
    assert_eq!(
        (passed.code, passed.out.as_str()),
        (Some(0), "1 passed, 0 failed\n")
    );
    assert_eq!(passed.err, "");
}

#[test]
fn an_expectation_that_does_not_hold_exits_with_1_and_shows_the_line() {
    let failed = typed(&format!("test {}", specimen("expects-too-much")));
    assert_eq!(failed.code, Some(1));
    golden("expects-too-much", &failed.out);
}

#[test]
fn a_violation_exits_with_1_and_shows_the_line_that_brings_it_about() {
    let failed = typed(&format!("test {}", specimen("two-leaders")));
    assert_eq!(failed.code, Some(1));
    golden("two-leaders", &failed.out);
}

#[test]
fn a_line_that_cannot_be_done_exits_with_1() {
    let failed = typed(&format!("test {}", specimen("drops-nothing")));
    assert_eq!(failed.code, Some(1));
    golden("drops-nothing", &failed.out);
}

#[test]
fn a_line_that_cannot_be_read_is_bad_input_and_keeps_no_other_playbook_from_being_tested() {
    let tested = typed(&format!(
        "test {} playbooks/paper/01-split-vote.raft",
        specimen("misspelt")
    ));
    assert_eq!(tested.code, Some(2));
    assert!(tested.out.starts_with("FAIL crates/"), "{}", tested.out);
    assert!(
        tested.out.ends_with("1 passed, 1 failed\n"),
        "{}",
        tested.out
    );
    for command in ["run", "play", "digest", "shrink", "sweep --seeds 1..2"] {
        let bad = typed(&format!("{command} {}", specimen("misspelt")));
        assert_eq!((bad.code, bad.out.as_str()), (Some(2), ""), "{command}");
        golden("misspelt", &bad.err);
    }
}

#[test]
fn a_file_that_is_no_text_keeps_no_other_playbook_from_being_tested() {
    let folder = scratch("no-text");
    fs::write(folder.join("a.raft"), b"servers 3\ntitle \xff\n").expect("it can be written");
    fs::write(folder.join("b.raft"), "servers 3\nrun 10ms\n").expect("it can be written");
    let tested = typed(&format!("test {}", folder.display()));
    assert_eq!(tested.code, Some(2), "{}", tested.err);
    assert!(tested.out.contains("a.raft:2: This line is not UTF-8"));
    assert!(
        tested.out.ends_with("1 passed, 1 failed\n"),
        "{}",
        tested.out
    );
    assert_eq!(tested.err, "");
}

#[test]
fn a_playbook_in_which_nothing_is_done_passes_with_a_warning() {
    let file = scratch("nothing").join("nothing.raft");
    fs::write(&file, "servers 3\ncaption Soon.\n").expect("it can be written");
    for words in [
        "test",
        "run",
        "run --until 1s",
        "digest",
        "play",
        "sweep --seeds 1..2",
    ] {
        let done = done(
            raftlab()
                .args(words.split_whitespace())
                .arg(&file)
                .output()
                .expect("it runs"),
        );
        assert_eq!(done.code, Some(0), "{words}: {}", done.err);
        let warning = format!("warning: {}: This playbook does nothing.", file.display());
        assert!(done.err.starts_with(&warning), "{words}: {}", done.err);
    }
    let late = typed(&format!("run {} --at 1s", file.display()));
    assert_eq!(late.code, Some(2));
    assert!(
        late.err.contains("Name an instant up to that: --at 0us"),
        "{}",
        late.err
    );
}

/// What happens up to an instant after the end is all that happens.
#[test]
fn until_after_the_end_is_to_the_end() {
    let file = "run playbooks/paper/01-split-vote.raft";
    let whole = typed(file);
    for until in ["999999", "24h"] {
        let done = typed(&format!("{file} --until {until}"));
        assert_eq!((done.code, &done.out), (Some(0), &whole.out), "{until}");
    }
}

/// What fails before an instant fails as well if only that instant is looked at.
#[test]
fn an_instant_after_a_failure_fails() {
    let fails = specimen("expects-too-much");
    assert_eq!(typed(&format!("run {fails} --at 10")).code, Some(1));
    assert_eq!(typed(&format!("run {fails} --at 9")).code, Some(0));
}

#[test]
fn what_holds_is_counted_and_told_at_its_place() {
    let file = scratch("holds").join("holds.raft");
    let text = "servers 3\ntimeout S1\nrun 50ms\nexpect leader = S1\n\
                expect refused propose S2 x\nrepeat 3\nrun 1ms\nexpect leaders = 1\nend\n";
    fs::write(&file, text).expect("it can be written");
    let tested = typed(&format!("test {}", file.display()));
    assert_eq!(tested.out, "1 passed, 0 failed; 5 expectations held\n");
    let run = typed(&format!("run {}", file.display())).out;
    let place = |words: &str| run.find(words).expect(words);
    let order = [
        "  9 ",
        "line 4: It holds: leader = S1.",
        "  10 ",
        "line 5: It holds: propose S2 x: ",
    ];
    assert!(order.map(place).is_sorted(), "{run}");
    assert_eq!(run.matches("line 8: It holds: ").count(), 3, "{run}");
}

/// What is to be typed next can be, wherever the playbook came from.
#[test]
fn what_is_to_be_typed_next_can_be_typed() {
    let folder = scratch("typed-next");
    let text = "servers 3\nexpect leaders = 1\n";
    for name in ["-x.raft", "chaos"] {
        fs::write(folder.join(name), text).expect("it can be written");
        let mut command = raftlab();
        let failed = command
            .current_dir(&folder)
            .args(["test", "--", name])
            .output();
        let failed = done(failed.expect("it runs")).out;
        for hint in ["play", "shrink"] {
            let hint = format!("  raftlab {hint} ./{name} --seed 1");
            assert!(failed.contains(&hint), "{failed}");
        }
        let words = format!("play ./{name} --seed 1 --at 0");
        let mut command = raftlab();
        let next = command.current_dir(&folder).args(words.split(' ')).output();
        assert!(done(next.expect("it runs")).out.contains("#run="), "{name}");
    }
    let fails = fs::File::open(root().join(specimen("expects-too-much"))).expect("it is there");
    let failed = done(
        raftlab()
            .args(["test", "-"])
            .stdin(fails)
            .output()
            .expect("it runs"),
    );
    let hint = "  save the input as FILE, then: raftlab play FILE --seed 7 --at 10\n";
    assert!(failed.out.contains(hint), "{}", failed.out);
}

#[test]
fn what_means_nothing_there_is_refused_with_a_remedy() {
    let file = "playbooks/paper/01-split-vote.raft";
    for (words, remedy) in [
        (format!("digest {file} --length 3s"), "Leave --length out"),
        (
            format!("test {file} --seeds 1-5"),
            "1..5 for all from 1 to 5",
        ),
        (format!("play {file} --at soon"), "or a time, such as 1.5s"),
    ] {
        let refused = typed(&words);
        assert_eq!(
            (refused.code, refused.out.as_str()),
            (Some(2), ""),
            "{words}"
        );
        assert!(refused.err.contains(remedy), "{}", refused.err);
    }
    let empty = typed("sweep chaos --seeds 1..2 --shard 7/9");
    assert_eq!((empty.code, empty.out.as_str()), (Some(0), ""));
    assert!(
        empty.err.contains("This shard has no seeds"),
        "{}",
        empty.err
    );
}

/// The suggested commands can be typed, whatever the name of the file.
#[test]
fn a_name_with_blanks_is_quoted_where_it_is_to_be_typed() {
    let file = scratch("blanks").join("it's two words.raft");
    fs::write(&file, "servers 3\nexpect leaders = 1\n").expect("it can be written");
    let failed = done(raftlab().arg("test").arg(&file).output().expect("it runs"));
    let hint = failed
        .out
        .lines()
        .find(|line| line.contains("raftlab play"));
    let hint = hint.expect("a hint");
    assert!(hint.contains("it'\\''s two words.raft' --seed 1"), "{hint}");
}

/// Those that begin with a title are complete, and their expectations hold.
#[test]
fn the_whole_playbooks_of_the_reference_pass() {
    let reference = fs::read_to_string(root().join("docs/playbooks.md")).expect("it is there");
    let folder = scratch("reference");
    let blocks = reference.split("```raft\n").skip(1);
    let texts = blocks.filter_map(|block| block.split("```").next());
    let mut whole = 0;
    for text in texts.filter(|text| text.starts_with("title")) {
        whole += 1;
        let file = folder.join(format!("{whole}.raft"));
        fs::write(file, text).expect("it can be written");
    }
    let tested = typed(&format!("test {}", folder.display()));
    let verdict = format!("{whole} passed, 0 failed; ");
    assert!(tested.out.starts_with(&verdict), "{}", tested.out);
    assert!(whole >= 3, "only {whole} were found");
}

#[test]
fn bad_arguments_exit_with_2() {
    for words in [
        "",
        "test",
        "test nowhere",
        "test crates/raft-core",
        "run nowhere.raft",
        "run playbooks/paper/01-split-vote.raft --at 999999",
        "sweep chaos --seeds 5..1",
        "sweep chaos --seeds 1..2 --ablate L99",
        "sweep chaos --seeds 1..2 --shard 2/2",
        "merge docs/scale.md",
        "shrink playbooks/paper/01-split-vote.raft",
    ] {
        let bad = typed(words);
        assert_eq!(bad.code, Some(2), "{words}");
        assert!(bad.err.lines().count() >= 1, "{words}");
        assert!(!bad.err.contains("panicked"), "{words}: {}", bad.err);
    }
}

/// A file contains no escape sequences of colours.
#[test]
fn nothing_is_coloured_without_a_terminal() {
    for words in ["rules", "run playbooks/paper/01-split-vote.raft", "--help"] {
        let plain = typed(words);
        assert_eq!(plain.code, Some(0), "{words}");
        assert!(!plain.out.contains('\u{1b}'), "{words}");
    }
}

/// A link to it would be refused, and there is no file to open.
#[test]
fn chaos_that_is_too_long_for_a_link_is_to_be_made_shorter() {
    let words = "chaos --length 20m --seed 3";
    let refused = typed(&format!("play {words}"));
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""));
    let remedy = "Choose a shorter --length";
    assert!(refused.err.contains(remedy), "{}", refused.err);
}

/// A file may be too large for the memory; then what came of the others has been said.
#[test]
fn large_files_come_last() {
    let folder = scratch("large");
    let fails = "servers 3\nexpect leaders = 1\n";
    let large = format!("{fails}{}", "# words\n".repeat(600_000));
    fs::write(folder.join("a-large.raft"), large).expect("it can be written");
    fs::write(folder.join("b-small.raft"), fails).expect("it can be written");
    let tested = typed(&format!("test {}", folder.display())).out;
    let place = |name: &str| tested.find(name).expect(name);
    assert!(
        place("b-small.raft:2:1") < place("a-large.raft:2:1"),
        "{tested}"
    );
}

/// What is said of these command lines: the place, and then one or two whole sentences that name no
/// control of the page.
#[test]
fn every_complaint_is_a_sentence() {
    let folder = scratch("complaints");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).expect("it can be written");
        path.display().to_string()
    };
    let (sound, empty) = (specimen("expects-too-much"), file("empty.jsonl", b""));
    let (sound, torn) = (sound.as_str(), file("torn.jsonl", b"{\n"));
    let not_text = file("not-text.raft", b"\xff");
    let nothing = file("nothing.raft", b"servers 3\n");
    let here = folder.display();
    for words in [
        "run nowhere.raft".to_owned(),
        format!("run {not_text}"),
        format!("test {not_text}"),
        "test nowhere".to_owned(),
        format!("test {here}/nowhere"),
        "test crates/raft-cli/src".to_owned(),
        format!("merge {empty}"),
        format!("merge {torn}"),
        "merge nowhere.jsonl".to_owned(),
        format!("run {sound} --at 9h"),
        format!("run {sound} --at x"),
        format!("run {sound} --seed x"),
        format!("run {sound} --ablate x"),
        format!("run {sound} --length 5s"),
        "run chaos --length 5".to_owned(),
        "run chaos --length x".to_owned(),
        format!("sweep {sound} --seeds 5..1"),
        format!("sweep {sound} --seeds x"),
        format!("sweep {sound} --seeds 1..2 --shard 3/3"),
        format!("shrink {sound} --invariant x"),
        format!("shrink {sound} --invariant log-matching"),
        format!("shrink {nothing}"),
        format!("shrink {}", specimen("drops-nothing")),
        format!("shrink {sound} --output {here}"),
        format!("shrink {sound} --output {here}/no/where"),
        format!("run {nothing}"),
        format!("test {nothing}"),
    ] {
        let done = typed(&words);
        let said = format!("{}{}", done.err, done.out);
        let line = said.lines().next().unwrap_or_default();
        assert!(is_sentence(line), "{words}: {line}");
        assert!(!said.contains("os error"), "{words}: {said}");
    }
    assert!(is_sentence("error: a.raft: It is longer. Split it."));
    for words in [
        "error: a.raft: it is longer.",
        "error: a.raft: It is longer",
        "error: A: It is so. It is. It is.",
    ] {
        assert!(!is_sentence(words), "{words}");
    }
}

/// Whether sentences stand behind the last place that is named in front of them.
fn is_sentence(line: &str) -> bool {
    let begins = |at: &usize| line[*at..].starts_with(|c: char| c.is_uppercase() || c == '“');
    let places = line.match_indices(": ").map(|(at, _)| at + 2);
    let Some(at) = places.into_iter().find(begins) else {
        return false;
    };
    let stops = line[at..].match_indices(". ").count();
    line.ends_with('.') && stops <= 1
}
