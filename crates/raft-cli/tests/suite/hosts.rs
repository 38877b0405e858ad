//! What comes from the system: signals, pipes that close, files without an end,
//! and files that another program has written.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use crate::{done, raftlab, scratch, specimen, typed};

/// A playbook of which three thousand seeds take minutes.
const LONG: &str = "servers 9\nclients 9\nwork clients keys 3 every 1ms..5ms\nrun 20s\n";

fn begun(words: &str) -> Child {
    let mut command = raftlab();
    command.args(words.split_whitespace());
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("raftlab runs")
}

#[cfg(unix)]
fn signal(name: &str, to: &Child) {
    let kill = Command::new("kill")
        .args([name, &to.id().to_string()])
        .status();
    assert!(kill.expect("kill is there").success());
}

/// One signal is enough in the middle of a playbook, and what was found before is printed.
#[cfg(unix)]
#[test]
fn one_signal_ends_a_test_and_keeps_what_was_found() {
    let folder = scratch("signals");
    fs::write(folder.join("a.raft"), "servers 3\nexpect leaders = 1\n").expect("a file");
    fs::write(folder.join("b.raft"), LONG).expect("a file");
    let words = format!("test {} --seeds 1..3000", folder.display());
    let fails = specimen("expects-too-much");
    let all = format!("sweep {fails} --all --seeds 1..90000000 --shard 0/1");
    for (name, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let mut test = begun(&words);
        let mut out = BufReader::new(test.stdout.take().expect("its output"));
        let mut said = String::new();
        // The first file has failed; the second one takes minutes.
        out.read_line(&mut said).expect("a line");
        signal(name, &test);
        out.read_to_string(&mut said).expect("the rest");
        let status = test.wait().expect("it ends");
        assert_eq!(status.code(), Some(code), "{said}");
        assert!(said.contains("3000 of 3000 seeds fail"), "{said}");
        // The second one was not played with all of its seeds: it has not passed.
        assert!(said.ends_with("\n0 passed, 1 failed\n"), "{said}");

        for words in [
            "sweep chaos --length 10ms --seeds 1..90000000 --shard 0/1",
            all.as_str(),
        ] {
            let mut shard = begun(words);
            let mut out = BufReader::new(shard.stdout.take().expect("its output"));
            out.read_line(&mut said).expect("a line");
            signal(name, &shard);
            out.read_to_string(&mut said).expect("the rest");
            let code_and_why = (shard.wait().expect("it ends").code(), words);
            assert_eq!(code_and_why, (Some(code), words));
        }
    }
}

/// A command that keeps nothing ends at once, whatever it waits for.
#[cfg(unix)]
#[test]
fn a_signal_ends_what_waits_for_input() {
    for (name, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let mut run = begun("run -");
        let mut input = run.stdin.take().expect("its input");
        // Longer than a pipe holds: once all is written, it reads, and so it listens.
        let text = "run 1ms # a comment that makes it longer\n".repeat(20_000);
        input.write_all(text.as_bytes()).expect("it reads");
        signal(name, &run);
        let output = done(run.wait_with_output().expect("it ends"));
        assert_eq!(
            (output.code, output.out.as_str()),
            (Some(code), ""),
            "{name}"
        );
        drop(input);
    }
}

#[test]
fn a_playbook_is_read_from_the_standard_input() {
    for (words, said) in [
        ("run - --at 3", "S3"),
        ("test -", "1 passed, 0 failed"),
        ("sweep - --seeds 1..3", "- --seeds 1..3: 3 passed"),
        ("digest -", "\n"),
        ("play -", "#run="),
    ] {
        let mut command = begun(words);
        let mut input = command.stdin.take().expect("its input");
        input.write_all(b"servers 3\nrun 2s\n").expect("it reads");
        drop(input);
        let output = done(command.wait_with_output().expect("it ends"));
        assert_eq!(output.code, Some(0), "{words}: {}", output.err);
        assert!(output.out.contains(said), "{words}: {}", output.out);
    }
}

/// `raftlab run FILE | head -1` fails as `raftlab run FILE` does.
#[test]
fn a_reader_who_leaves_does_not_change_the_exit_code() {
    let folder = scratch("closed");
    let file = folder.join("fails.raft");
    fs::write(&file, "servers 5\nrun 20s\nexpect leaders = 5\n").expect("a file");
    let shard = folder.join("0.jsonl");
    let swept = typed(&format!(
        "sweep {} --seeds 1..2 --shard 0/1",
        file.display()
    ));
    fs::write(&shard, swept.out).expect("a file");
    for words in [
        "run",
        "run --json",
        "test",
        "play",
        "sweep --all --seeds 1..9",
        "merge",
    ] {
        let named = if words == "merge" { &shard } else { &file };
        let mut command = raftlab();
        command.args(words.split_whitespace()).arg(named);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("raftlab runs");
        drop(child.stdout.take());
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), Some(1), "{words}");
    }
    let mut shard = begun("sweep chaos --length 10ms --seeds 1..90000000 --shard 0/1");
    let mut out = BufReader::new(shard.stdout.take().expect("its output"));
    out.read_line(&mut String::new()).expect("a line");
    drop(out);
    assert_eq!(shard.wait().expect("it ends").code(), Some(141));
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_without_an_end_is_read_no_further_than_a_playbook_goes() {
    for words in [
        "run /dev/zero",
        "test /dev/zero",
        "play /dev/zero",
        "merge /dev/zero",
    ] {
        let refused = typed(words);
        assert_eq!(refused.code, Some(2), "{words}");
        let said = refused.out + &refused.err;
        assert!(said.contains("This file is longer than"), "{words}: {said}");
    }
    let full = fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("it is there");
    let help = raftlab()
        .arg("--help")
        .stdout(full)
        .output()
        .expect("it runs");
    assert_eq!(help.status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn a_pipe_in_a_folder_is_no_playbook() {
    let folder = scratch("pipe");
    let made = Command::new("mkfifo").arg(folder.join("a.raft")).status();
    assert!(made.expect("mkfifo is there").success());
    fs::write(folder.join("b.raft"), "servers 3\nrun 1s\n").expect("a file");
    let tested = typed(&format!("test {}", folder.display()));
    assert_eq!(
        (tested.code, tested.out.as_str()),
        (Some(0), "1 passed, 0 failed\n")
    );
}

#[test]
fn a_link_that_the_page_would_refuse_is_not_made() {
    let file = scratch("long-link").join("long.raft");
    let text = format!("servers 3\nrun 1s\n{}", "# words\n".repeat(140_000));
    fs::write(&file, text).expect("a file");
    let refused = typed(&format!("play {}", file.display()));
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""));
    assert!(refused.err.contains("at most 1048576"), "{}", refused.err);
}

#[test]
fn shrink_opens_its_output_first_and_leaves_nothing_where_it_finds_nothing() {
    let fails = "shrink chaos --length 5s --seed 4 --ablate RV2-log --output";
    let refused = typed(&format!("{fails} nowhere/x.raft"));
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""));
    // It was not searched for.
    assert!(!refused.err.contains("runs"), "{}", refused.err);
    let file = scratch("shrink-output").join("x.raft");
    let refused = typed(&format!(
        "shrink playbooks/paper/01-split-vote.raft --output {}",
        file.display()
    ));
    assert_eq!(refused.code, Some(2));
    assert!(!file.exists());
}

#[test]
fn merge_believes_only_what_a_shard_can_have_written() {
    let file = scratch("believed").join("0.jsonl");
    let shard = typed(&format!(
        "sweep {} --seeds 1..9 --shard 0/1",
        specimen("expects-too-much")
    ));
    let line = shard.out.trim_end();
    let merged = |line: &str| {
        fs::write(&file, line).expect("a file");
        typed(&format!("merge {}", file.display()))
    };
    assert_eq!(merged(line).code, Some(1));
    let field = |name: &str| {
        let from = line.find(&format!("\"{name}\":")).expect("a field");
        let end = line[from..].find(',').expect("another field");
        line[from..from + end].to_owned()
    };
    for (old, new, why) in [
        (
            field("digest"),
            "\"digest\":\"zz\"",
            "16 hexadecimal digits",
        ),
        (
            field("subject"),
            "\"subject\":\"+123456789abcdef\"",
            "16 hexadecimal digits",
        ),
        (
            field("events"),
            "\"events\":18446744073709551615",
            "more events than",
        ),
        (field("seed"), "\"seed\":77", "repeated or out of order"),
        (field("from"), "\"from\":0", "not part of its sweep"),
    ] {
        let refused = merged(&line.replacen(&old, new, 1));
        assert_eq!(refused.code, Some(2), "{old} {new}");
        assert!(refused.err.contains(why), "{}", refused.err);
    }
}
