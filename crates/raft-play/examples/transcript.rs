//! Plays a playbook and prints every event, then every server.
//!
//! `cargo run -p raft-play --example transcript -- FILE`

use std::process::ExitCode;

use raft_play::open;
use raft_play::transcript::transcript;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: transcript FILE");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    let run = match open(&text) {
        Ok(run) => run,
        Err(error) => {
            eprintln!("{path}:{error}");
            return ExitCode::from(2);
        }
    };
    print!("{}", transcript(&run));
    ExitCode::SUCCESS
}
