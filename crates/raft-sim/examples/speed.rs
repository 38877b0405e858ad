//! Works on demand, for `web/tests/speed.mjs`, which gives WebAssembly the same work in turn.
//!
//! Each line of standard input says what to do: `runs COUNT` plays random fault runs, `load COUNT`
//! a cluster that is given so many commands. The answer is `MILLISECONDS DIGEST`, of the processor
//! where the system tells; the digests show that both did the same.

use std::io::{self, BufRead};
use std::sync::LazyLock;
use std::time::Instant;
use std::{fs, thread};

use raft_core::RuleSet;
use raft_sim::chaos::random_run;
use raft_sim::{Micros, Run};

fn main() -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (work, count) = line.split_once(' ').unwrap_or((&line, "1"));
        let count = count.parse().unwrap_or(1);
        let begin = spent_ms();
        let digests = match work {
            "load" => load(count),
            _ => random_runs(count),
        };
        println!("{} {digests}", spent_ms() - begin);
    }
    Ok(())
}

/// The digests of random runs, as `random_run_digest` of raft-wasm gives them.
fn random_runs(count: u64) -> String {
    let digest = |seed| random_run(seed, Micros::from_secs(10), RuleSet::EMPTY).digest();
    let digests = (0..count).map(|seed| format!("{:016x}", digest(seed)));
    digests.collect::<Vec<_>>().join(",")
}

/// Five servers are given a command each ten milliseconds; the digest of it.
fn load(count: u64) -> String {
    let commands = (0..count).map(|number| format!("propose leader c{number}\nrun 10ms\n"));
    let text = commands.collect::<Vec<_>>().concat();
    let run = Run::open(&format!("servers 5\nseed 7\nrun 1s\n{text}"));
    run.map_or_else(
        |error| error.to_string(),
        |run| format!("{:016x}", run.digest()),
    )
}

/// The milliseconds that the processor has spent on this thread, or those that have passed.
fn spent_ms() -> f64 {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    // The count is brought up to date when the processor is offered to others.
    thread::yield_now();
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = text.as_deref().and_then(|text| text.split(' ').next());
    let nanoseconds = spent.and_then(|nanoseconds| nanoseconds.parse::<f64>().ok());
    nanoseconds.map_or_else(|| BEGIN.elapsed().as_secs_f64() * 1e3, |ns| ns / 1e6)
}
