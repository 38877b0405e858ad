//! Prints the digests of random fault runs, one `SEED DIGEST` a line, for
//! comparison with those that a browser computes.
//!
//! `cargo run --release -p raft-sim --example digests -- COUNT`

use raft_core::RuleSet;
use raft_sim::Micros;
use raft_sim::chaos::random_run;

fn main() {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok());
    for seed in 0..count.unwrap_or(100) {
        let run = random_run(seed, Micros::from_secs(10), RuleSet::EMPTY);
        println!("{seed} {:016x}", run.digest());
    }
}
