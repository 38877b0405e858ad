//! Prints the digests of runs of chaos, one `SEED DIGEST` a line, for comparison with those that
//! a browser computes; and writes each run to `FOLDER/SEED.raft`, for the browser to play.
//!
//! `cargo run --release -p raft-check --example digests -- COUNT [FOLDER]`

use std::fs;
use std::io::Error;
use std::path::PathBuf;

use raft_check::swarm;
use raft_core::RuleSet;
use raft_play::save;
use raft_sim::Micros;

fn main() -> Result<(), Error> {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let folder = std::env::args().nth(2).map(PathBuf::from);
    for seed in 0..count.unwrap_or(100) {
        let chaos = swarm::play(seed, Micros::from_secs(10), RuleSet::EMPTY);
        let run = chaos
            .run()
            .map_err(|error| Error::other(format!("seed {seed}: {error:?}")))?;
        println!("{seed} {:016x}", run.digest());
        if let Some(folder) = &folder {
            fs::write(folder.join(format!("{seed}.raft")), save(&run))?;
        }
    }
    Ok(())
}
