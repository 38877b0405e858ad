//! A signal in the midst of something long: what has finished by then is told, and nothing is left
//! behind that says something false.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::{Done, done, raftlab, scratch, typed};

/// A minute, at least.
const SLOW: &str = "timeout S1\nrun 100ms\nrepeat 10000\npropose S1 *1000:1000\nrun 100ms\nend\n";

fn begun(words: &str) -> Child {
    let mut command = raftlab();
    // The slow one may keep a core busy, but not all.
    command.env("RAYON_NUM_THREADS", "2");
    command.args(words.split_whitespace());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("raftlab runs")
}

fn interrupt(child: &Child) {
    let id = child.id().to_string();
    let kill = Command::new("kill").args(["-INT", &id]).status();
    assert!(kill.expect("kill is there").success());
}

/// Interrupts it ever later, until it had the time to get as far as is wanted.
#[track_caller]
fn interrupted(words: &str, is_far: impl Fn(&Done) -> bool) -> Done {
    let mut last = None;
    for power in 0..7 {
        let child = begun(words);
        sleep(Duration::from_millis(500 << power));
        interrupt(&child);
        let output = done(child.wait_with_output().expect("it ends"));
        assert_eq!(output.code, Some(130), "{}{}", output.out, output.err);
        if is_far(&output) {
            return output;
        }
        last = Some(output.out + &output.err);
    }
    panic!("it does not get far: {last:?}");
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("it can be written");
}

#[test]
fn a_playbook_behind_a_slow_one_is_told() {
    let folder = scratch("behind");
    let slow = folder.join("a-slow.raft");
    write(&slow, &format!("servers 9\nsnapshots every 2\n{SLOW}"));
    write(
        &folder.join("b-fails.raft"),
        "servers 3\nexpect leaders = 1\n",
    );
    write(&folder.join("c-passes.raft"), "servers 3\nrun 1ms\n");
    let test = interrupted(&format!("test {}", folder.display()), |test| {
        test.out.contains("1 passed, 1 failed\n")
    });
    assert!(test.out.starts_with("FAIL "), "{}", test.out);
    assert!(
        test.out.contains("b-fails.raft:2:1: Expected leaders = 1"),
        "{}",
        test.out
    );
    let left = format!(
        "interrupted after 2 of 3 playbooks; not finished: {}\n",
        slow.display()
    );
    assert_eq!(test.err, left);
}

#[test]
fn seeds_behind_a_slow_one_are_told() {
    let file = scratch("seeds-behind").join("half.raft");
    let text = format!("servers 9\nsnapshots every 2\nchance 50%\n{SLOW}end\nexpect leaders = 5\n");
    write(&file, &text);
    let words = format!("sweep {} --seeds 1..1000 --all", file.display());
    let sweep = interrupted(&words, |sweep| sweep.out.contains("FAIL seed "));
    let failures = sweep.out.matches("FAIL seed ").count();
    let said = format!("interrupted after {failures} of 1000 seeds; not finished: ");
    assert!(sweep.err.starts_with(&said), "{}", sweep.err);
    // The others are named such that they can be played.
    let left = sweep.err[said.len()..].split_whitespace();
    let left = left.map(|seeds| seeds.split_once("..").expect("a range"));
    let left = left.map(|(first, last)| [first, last].map(|seed| seed.parse().expect("a seed")));
    let left: u64 = left.map(|[first, last]: [u64; 2]| last - first + 1).sum();
    assert_eq!(left + failures as u64, 1000, "{}", sweep.err);
}

#[test]
fn the_best_so_far_is_written_whole_or_not_at_all() {
    let folder = scratch("best-so-far");
    let (long, small) = (folder.join("long.raft"), folder.join("small.raft"));
    let proposals: Vec<String> = (0..3000)
        .map(|n| format!("propose S1 c{n}\nrun 3ms\n"))
        .collect();
    let proposals = proposals.concat();
    let text = format!("servers 5\ntimeout S1\nrun 100ms\n{proposals}expect last S3 < 2900\n");
    write(&long, &text);
    let words = format!("shrink {} --output {}", long.display(), small.display());
    let shrunk = interrupted(&words, |shrunk| {
        // Nothing says that a run without a line is what fails.
        assert_eq!(
            small.exists(),
            shrunk.err.starts_with("interrupted: from "),
            "{}",
            shrunk.err
        );
        small.exists()
    });
    assert!(shrunk.err.contains("raftlab play "), "{}", shrunk.err);
    let failed = typed(&format!("test {}", small.display()));
    assert_eq!(failed.code, Some(1), "{}", failed.out);
    assert!(
        failed.out.contains("Expected last S3 < 2900; got"),
        "{}",
        failed.out
    );
    let names = fs::read_dir(&folder).expect("it is there").count();
    assert_eq!(names, 2, "nothing is left beside it");
}

/// On a terminal one line says how far it is. `script` makes a terminal, where it is installed.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_how_far_it_is() {
    let folder = scratch("terminal");
    let slow = folder.join("slow.raft");
    write(&slow, &format!("servers 9\nsnapshots every 2\n{SLOW}"));
    let (slow, lab) = (slow.display(), env!("CARGO_BIN_EXE_raftlab"));
    for (words, shown) in [
        (format!("test {slow} --seeds 1..9"), "/9 runs"),
        (format!("sweep {slow} --seeds 1..9"), "/9 seeds"),
        (format!("digest {slow} --seeds 1..9"), "/9 seeds"),
        (format!("digest {slow}"), "playing "),
        (format!("run {slow}"), "playing "),
        (format!("play {slow}"), "playing "),
        (format!("shrink {slow}"), "playing "),
    ] {
        let mut script = Command::new("script");
        script.args(["-qefc", &format!("exec {lab} {words}"), "/dev/null"]);
        script.stdin(Stdio::null()).stdout(Stdio::piped());
        let Ok(mut script) = script.spawn() else {
            println!("script is not installed");
            return;
        };
        let mut out = script.stdout.take().expect("its output");
        let (mut said, mut some) = (Vec::new(), [0; 4096]);
        while !String::from_utf8_lossy(&said).contains(shown) {
            let length = out.read(&mut some).expect("it goes on");
            assert_ne!(length, 0, "{words}: {}", String::from_utf8_lossy(&said));
            said.extend(&some[..length]);
        }
        script.kill().expect("it can be ended");
        script.wait().expect("it ends");
    }
}
