//! A run and its text, line by line: where each line leads to, a line more at an instant, and a text
//! put in the place of a branch; and the text as a test.

use raft_play::{Recorded, act_line, open, recorded, save, written};
use raft_sim::{Micros, Run};

const PLAYBOOK: &str = "title Two phases\nservers 3\nlatency 10ms\n\ncaption One\ncaption.zh 一\n\
    timeout S1\nrun 50ms\nexpect leaders = 1\n\ncaption Two\npropose S1 x\nrun 40ms\n\
    repeat 2\n  crash S2\n  restart S2\nend\nexpect commit S1 = 1\n";

fn place(run: &Run) -> (u64, Micros) {
    (run.position(), run.world().now())
}

#[test]
fn every_line_leads_to_where_the_next_one_begins() {
    let run = open(PLAYBOOK).expect("it plays");
    let written = written(&run);
    assert_eq!(written.text, PLAYBOOK);
    let ends: Vec<_> = (1..=18).map(|line| written.end_of(line)).collect();
    let ms = |ms: u64| Micros(ms * 1000);
    // Nothing has happened before the first line that does something.
    assert!(ends[..2].iter().all(|end| *end == (0, Micros::ZERO)));
    let (timeout, first, propose, second) = (ends[6], ends[7], ends[11], ends[12]);
    assert_eq!((timeout.1, first.1), (Micros::ZERO, ms(50)));
    assert_eq!((propose.1, second.1), (ms(50), ms(90)));
    assert_eq!(propose.0, first.0 + 1);
    // Captions and expectations take no time, and the whole block is one line.
    assert_eq!(ends[8..11], [first; 3]);
    assert_eq!(ends[13..17], [(second.0 + 4, ms(90)); 4]);
    assert_eq!(ends[17], place(&run));
}

#[test]
fn what_was_done_beside_the_playbook_has_lines_with_places_too() {
    let mut run = open(PLAYBOOK).expect("it plays");
    run.go_to(5);
    act_line(&mut run, "crash S2").expect("it can be done");
    act_line(&mut run, "run 30ms").expect("time passes");
    let end = place(&run);
    let written = written(&run);
    assert_eq!(written.text, save(&run));
    let crash = written.text.lines().position(|line| line == "crash S2");
    let crash = u32::try_from(crash.expect("the line is there") + 1).expect("few lines");
    assert_eq!(written.end_of(crash).0, 6);
    assert_eq!(written.end_of(u32::MAX), end);
    // It is as the text says when it is played.
    let again = open(&written.text).expect("it plays");
    assert_eq!(raft_play::written(&again).end_of(crash).0, 6);
}

#[test]
fn a_name_of_the_branch_shifts_the_lines() {
    let mut run = open(PLAYBOOK).expect("it plays");
    let before = written(&run).end_of(8);
    run.name_branch(0, "mine");
    let named = written(&run);
    assert_eq!((named.shift, named.end_of(9)), (1, before));
}

/// The text with `crash S3` where `run` stands, as a list of lines, and the number of that line.
fn crash(run: &Run, below: u32) -> (Vec<String>, u32) {
    let Recorded { text, line } = recorded(run, "crash S3", below).expect("it can be written");
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert_eq!(lines[line as usize - 1], "crash S3");
    let again = open(&text).unwrap_or_else(|error| panic!("{error}\nin\n{text}"));
    let begun = written(&again).end_of(line);
    assert_eq!(begun, (run.position() + 1, run.world().now()), "{text}");
    (lines, line)
}

#[test]
fn a_line_more_stands_where_the_run_stands() {
    let mut run = open(PLAYBOOK).expect("it plays");
    let end_of = |line| written(&open(PLAYBOOK).expect("it plays")).end_of(line);
    // Below the header, and not within it.
    run.go_to(0);
    assert_eq!(crash(&run, 1).1, 3);
    // Below the line that is asked for, but not between a caption and its Chinese.
    let (position, at) = end_of(9);
    run.go_to_instant(position, at);
    assert_eq!(crash(&run, 9).1, 10);
    assert_eq!(crash(&run, 8).1, 9);
    run.go_to_instant(2, Micros::ZERO);
    assert_eq!(crash(&run, 7).1, 8);
    // What is asked for is somewhere else.
    assert_eq!(crash(&run, 13).1, 8);
    // Outside a block.
    let (position, at) = end_of(15);
    run.go_to_instant(position, at);
    assert_eq!(crash(&run, 15).1, 18);
}

#[test]
fn a_line_that_lets_time_pass_is_parted() {
    let mut run = open(PLAYBOOK).expect("it plays");
    run.go_to_time(Micros(23_000));
    let (lines, line) = crash(&run, 3);
    assert_eq!(lines[line as usize - 2], "run 23ms");
    assert_eq!(lines[line as usize], "run 27ms");
    // Of what happens at one instant a part.
    run.go_to(3);
    let stands = place(&run);
    let (lines, line) = crash(&run, 3);
    assert_eq!(stands.1, Micros(10_000));
    assert_eq!(lines[line as usize - 2], "step");
    assert_eq!(lines[line as usize], "run 40ms");
}

#[test]
fn a_line_that_cannot_be_parted_says_so() {
    let mut run = open(PLAYBOOK).expect("it plays");
    let (position, at) = written(&run).end_of(13);
    run.go_to_instant(position + 2, at);
    let before = save(&run);
    let error = recorded(&run, "crash S3", 0).expect_err("it is within a block");
    assert_eq!(error.line, 14);
    assert!(!error.chinese.message.is_empty() && !error.chinese.remedy.is_empty());
    assert_eq!(save(&run), before);
}

#[test]
fn another_text_takes_the_place_of_a_branch_and_gives_it_back() {
    let mut run = open(PLAYBOOK).expect("it plays");
    run.go_to(9);
    run.begin_act("crash S2");
    act_line(&mut run, "crash S2").expect("it can be done");
    let child = save(&run);
    run.switch_branch(0);
    let digest = run.digest();
    let edited = PLAYBOOK.replace("run 50ms", "run 5ms");
    run.begin_act("edit");
    run.replace(open(&edited.replace("expect leaders = 1", "")).expect("it plays"));
    assert_ne!(run.digest(), digest);
    assert_eq!(run.branches().len(), 2);
    // The branch that had left it leaves it where the two are still the same.
    let (parent, left) = run.branches()[1].parent().expect("it left the first");
    assert!(parent == 0 && left < 9, "{left}");
    run.switch_branch(1);
    assert_eq!(save(&run), child);
    assert!(run.undo());
    assert_eq!((run.current_branch(), run.digest()), (0, digest));
    assert_eq!(save(&run), PLAYBOOK);
    assert_eq!(run.branches()[1].parent(), Some((0, 9)));
    assert!(run.redo());
    run.switch_branch(0);
    assert_ne!(run.digest(), digest);
}

#[test]
fn branches_of_different_clusters_stand_side_by_side() {
    let mut run = open(PLAYBOOK).expect("it plays");
    run.go_to(3);
    act_line(&mut run, "crash S2").expect("it can be done");
    run.replace(open("servers 5\nclients 2\ntimeout S5\nrun 2s\n").expect("it plays"));
    let mut other = run.alone(0).expect("the first branch");
    other.stand_beside(&run, 1000);
    assert_eq!(run.same_as(&other).events, 0);
}

#[test]
fn a_text_is_a_test() {
    assert!(raft_play::test(PLAYBOOK).is_ok());
    let wrong = |text: &str| raft_play::test(text).expect_err("it fails");
    let unmet = PLAYBOOK.replace("leaders = 1", "leaders = 2");
    assert!(wrong(&unmet).starts_with("line 9"), "{}", wrong(&unmet));
    assert!(wrong("crush S1\n").starts_with("line 1"));
    // A broken invariant fails it, unless that is what it expects.
    let breaks = "servers 3\ntimeout S1\nrun 100ms\npropose leader x1\nrun 300ms\n\
        rewrite S2 entry 1 1:z1\n";
    let expected = format!("{breaks}expect broken log-matching and broken state-machine-safety\n");
    assert!(wrong(breaks).contains("1:z1"), "{}", wrong(breaks));
    assert!(raft_play::test(&expected).is_ok());
}

#[test]
fn wherever_a_library_run_stands_a_line_more_leads_there_again() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../playbooks/seeds");
    let files = std::fs::read_dir(root).expect("the folder is there");
    let (mut written_there, mut refused) = (0, 0);
    for file in files {
        let path = file.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        let mut run = open(&text).expect("it plays");
        let length = run.events().len() as u64;
        for part in 0..=6 {
            run.go_to(length * part / 6);
            let now = place(&run);
            let Ok(Recorded { text, line }) = recorded(&run, "heal", 0) else {
                refused += 1;
                continue;
            };
            let (again, _) =
                raft_play::play(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            let begun = written(&again).end_of(line - 1);
            assert_eq!(begun, now, "{}: {line} of\n{text}", path.display());
            let before = run.events().into_iter().zip(again.events());
            let same = before.take_while(|(one, other)| one == other).count() as u64;
            assert!(same >= now.0, "{}: {same} of {now:?}", path.display());
            written_there += 1;
        }
    }
    assert!(
        written_there > 60 && refused < written_there / 4,
        "{written_there}, {refused}"
    );
}
