//! Sweeps, and sweeps in parts.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{root, scratch, typed};

const WHOLE: &str = "sweep chaos --length 5s --seeds 1..42 --ablate RV2-log";

#[test]
fn healthy_clusters_survive_chaos_and_recover() {
    let done = typed("sweep chaos --seeds 1..40");
    assert_eq!(done.code, Some(0), "{}", done.out);
    assert!(
        done.out
            .starts_with("chaos --seeds 1..40: 40 passed, 0 failed; "),
        "{}",
        done.out
    );
}

#[test]
fn a_sweep_stops_at_the_first_failing_seed_however_many_cores_there_are() {
    let sweep = |threads: &str| {
        let mut command = crate::raftlab();
        command.env("RAYON_NUM_THREADS", threads);
        crate::done(
            command
                .args(WHOLE.split_whitespace())
                .output()
                .expect("it runs"),
        )
    };
    let (one, many) = (sweep("1"), sweep("5"));
    assert_eq!((one.code, &one.out), (many.code, &many.out));
    assert_eq!(one.code, Some(1));
    assert_eq!(one.out.matches("FAIL").count(), 1, "{}", one.out);
    let all = typed(&format!("{WHOLE} --all"));
    let first = one.out.lines().next().expect("a failure");
    assert!(all.out.starts_with(first), "{}", all.out);
    assert!(all.out.matches("FAIL").count() > 1, "{}", all.out);
    assert_eq!(all.err, "");
    assert!(
        one.err
            .contains("the first of 42 that fails; --all continues")
    );
    let calm = typed("sweep chaos --length 1s --seeds 1..2");
    assert_eq!((calm.code, calm.err.as_str()), (Some(0), ""));
}

#[test]
fn the_parts_of_a_sweep_add_up_to_the_whole() {
    let folder = scratch("parts");
    let mut files = Vec::new();
    for part in [2, 0, 1] {
        let shard = typed(&format!("{WHOLE} --shard {part}/3"));
        let file = folder.join(format!("{part}.jsonl"));
        fs::write(&file, &shard.out).expect("a file can be written");
        files.push(file.display().to_string());
    }
    let whole = typed(&format!("{WHOLE} --all"));
    let merged = typed(&format!("merge {}", files.join(" ")));
    assert_eq!((merged.code, merged.out), (whole.code, whole.out));

    let twice = typed(&format!("merge {} {}", files.join(" "), files[1]));
    assert_eq!(twice.code, Some(2));
    assert!(twice.err.contains("repeats seed 1"), "{}", twice.err);

    let missing = typed(&format!("merge {} {}", files[0], files[2]));
    assert_eq!(missing.code, Some(1));
    assert!(missing.out.contains("missing: 14 seeds"), "{}", missing.out);
    assert!(
        missing.out.contains("--all --seeds 1..14"),
        "{}",
        missing.out
    );
}

#[test]
fn parts_of_different_sweeps_are_not_added_up() {
    let folder = scratch("different");
    let (one, other) = (folder.join("one"), folder.join("other"));
    let shard = |rest: &str| typed(&format!("sweep chaos --length 1s --seeds 1..4 {rest}")).out;
    fs::write(&one, shard("--shard 0/2")).expect("a file can be written");
    fs::write(&other, shard("--shard 1/2 --ablate C2")).expect("a file can be written");
    let refused = typed(&format!("merge {} {}", one.display(), other.display()));
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.err.contains("is from a different sweep"),
        "{}",
        refused.err
    );
}

/// The block of docs/scale.md, with fewer seeds. If GNU parallel is not installed, a shell loop
/// replaces it.
#[test]
fn the_documented_sweep_under_gnu_parallel_works() {
    let text = fs::read_to_string(root().join("docs/scale.md")).expect("the document is there");
    let section = text.split("## GNU parallel").nth(1).expect("its section");
    let block = section
        .split("```sh\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let block = block.expect("its block").replace("1..4000", "1..40");
    assert!(
        block.contains("1..40 ") && block.contains("--shard {}/4"),
        "{block}"
    );
    let loops = "parallel() { shift; command=$1; shift 2; for part in \"$@\"; do
        sh -c \"$(printf %s \"$command\" | sed \"s/{}/$part/g\")\" || return; done; }\n";
    let is_installed = Command::new("parallel").arg("--version").output().is_ok();
    println!(
        "GNU parallel is {}installed",
        if is_installed { "" } else { "not " }
    );
    let script = if is_installed {
        block
    } else {
        format!("{loops}{block}")
    };

    let bin = Path::new(env!("CARGO_BIN_EXE_raftlab"))
        .parent()
        .expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = Command::new("sh");
    shell
        .args(["-e", "-c", &script])
        .current_dir(scratch("parallel"));
    shell.env("PATH", format!("{}:{path}", bin.display()));
    let merged = crate::done(shell.output().expect("a shell"));
    let whole = typed("sweep chaos --seeds 1..40 --all");
    assert_eq!(merged.out, whole.out, "{}", merged.err);
    assert_eq!(merged.code, Some(0));
}

/// What was played before Ctrl-C is kept, and can be merged with the rest later.
#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_was_played() {
    let words = "sweep chaos --length 10ms --seeds 1..90000000 --shard 0/1";
    let mut command = crate::raftlab();
    command.args(words.split_whitespace());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut sweep = command.spawn().expect("raftlab runs");
    let mut out = BufReader::new(sweep.stdout.take().expect("its output"));
    let mut lines = String::new();
    out.read_line(&mut lines).expect("a line");
    let kill = Command::new("kill")
        .args(["-INT", &sweep.id().to_string()])
        .status();
    assert!(kill.expect("kill is there").success());
    out.read_to_string(&mut lines).expect("the other lines");
    let output = sweep.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{lines}");
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(complaints.contains("interrupted after "), "{complaints}");

    let file = scratch("interrupted").join("part.jsonl");
    fs::write(&file, &lines).expect("a file can be written");
    let merged = typed(&format!("merge {}", file.display()));
    assert_eq!(merged.code, Some(1), "{}", merged.err);
    let next = lines
        .lines()
        .last()
        .and_then(|line| line.split("\"to\":").nth(1));
    let next: u64 = next
        .and_then(|rest| rest.split(',').next())
        .expect("a last seed")
        .parse()
        .expect("a number");
    let rest = format!("--all --seeds {}..90000000", next + 1);
    assert!(merged.out.contains(&rest), "{}", merged.out);
}
