//! `raftlab` as its users see it.

mod canary;
mod checked;
mod commands;
mod exits;
mod hosts;
#[cfg(unix)]
mod interrupted;
mod scale;
mod shrunk;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

/// The outcome of a command.
struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

/// The root of the repository, where commands are typed.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn raftlab() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_raftlab"));
    command.current_dir(root());
    command
}

fn done(output: Output) -> Done {
    Done {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("it prints UTF-8"),
        err: String::from_utf8(output.stderr).expect("it complains in UTF-8"),
    }
}

/// Runs `raftlab` with these arguments, separated by spaces.
fn typed(words: &str) -> Done {
    let output = raftlab().args(words.split_whitespace()).output();
    done(output.expect("raftlab runs"))
}

/// A playbook of these tests.
fn specimen(name: &str) -> String {
    format!("crates/raft-cli/tests/playbooks/{name}.raft")
}

/// A path of this name that no other test uses, without what an earlier run left there.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an old folder can be removed");
    }
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

/// Compares with the file `tests/golden/NAME.txt`; `UPDATE=1` rewrites it.
#[track_caller]
fn golden(name: &str, now: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let path = path.join(name).with_extension("txt");
    if env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(&path, now).expect("a golden file can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(now, kept, "{}", path.display());
}
