//! What raft-core costs besides proposals: memory, growth, ticks, copies.

use std::env;
use std::hint::black_box;
use std::time::Instant;

use crate::allocations;
use crate::cluster::{AppliedBy, Cluster, Server};
use crate::ours::Ours;
use crate::raft_io::RaftIo;
use crate::raft_rs::RaftRs;
use crate::table::{float, median};

/// How often something short is measured.
const SAMPLES: u64 = 21;

/// Everything in turn.
pub(crate) fn print_all() {
    println!("\nheap a stored entry and server, of 100000 entries without compaction");
    print_memory::<Ours>();
    print_memory::<RaftRs>();
    print_memory::<RaftIo>();
    print_growth();
    print_idle_tick();
    println!("\nclone of a follower");
    print_clone(0);
    print_clone(1000);
}

/// What the log of a server takes, its spare room included.
fn print_memory<S: Server>() {
    const ENTRIES: u64 = 100_000;
    const SERVERS: usize = 3;
    let mut cluster = Cluster::<S>::new(SERVERS, 1, AppliedBy::EndOfRound).without_compaction();
    let before = allocations::bytes();
    cluster.run(ENTRIES);
    let bytes = allocations::bytes() - before;
    println!(
        "  {:<20}{:>10.1} bytes",
        S::NAME,
        float(bytes) / float(ENTRIES * SERVERS as u64)
    );
}

/// A log that grows and is compacted on the way: a proposal has to cost as
/// much at the end as at the beginning. The fastest run of each part is shown
/// beside the median, as it is what the machine disturbed least.
fn print_growth() {
    const PARTS: u64 = 10;
    /// Long enough for each run to compact the logs.
    const RUN: u64 = 5000;
    let entries = env::var("PEERS_ENTRIES").ok();
    let entries: u64 = entries.and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let runs = (entries / PARTS / RUN).max(1);
    let mut cluster = Cluster::<Ours>::new(3, 1, AppliedBy::EndOfRound);
    println!("\nproposal as the log grows to {entries} entries (3 servers, compacted)");
    for _ in 0..PARTS {
        let mut nanoseconds: Vec<f64> = (0..runs)
            .map(|_| {
                let begin = Instant::now();
                cluster.run(RUN);
                begin.elapsed().as_secs_f64() * 1e9 / float(RUN)
            })
            .collect();
        nanoseconds.sort_by(f64::total_cmp);
        println!(
            "  {:<20}{:>10.1} ns, fastest{:>8.1} ns{:>10} bytes on the heap",
            format!("up to {}", cluster.applied()),
            median(&nanoseconds),
            nanoseconds[0],
            allocations::bytes()
        );
    }
}

fn print_idle_tick() {
    const TICKS: u64 = 1_000_000;
    let mut server = Ours::<false>::idle();
    let samples: Vec<f64> = (0..SAMPLES)
        .map(|_| {
            let begin = Instant::now();
            for _ in 0..TICKS {
                black_box(&mut server).tick_alone();
            }
            begin.elapsed().as_secs_f64() * 1e9 / float(TICKS)
        })
        .collect();
    println!("\ntick of an idle follower{:>8.2} ns", median(&samples));
}

/// Copies are dropped outside the measured time.
fn print_clone(entries: u64) {
    const COPIES: u64 = 64;
    let mut cluster = Cluster::<Ours>::new(3, 1, AppliedBy::EndOfRound).without_compaction();
    cluster.run(entries);
    let mut copies = Vec::with_capacity(64);
    let mut made = 0;
    let samples: Vec<f64> = (0..SAMPLES)
        .map(|_| {
            copies.clear();
            let before = allocations::made();
            let begin = Instant::now();
            for _ in 0..COPIES {
                copies.push(black_box(cluster.follower()).clone());
            }
            let spent = begin.elapsed().as_secs_f64();
            made = allocations::made() - before;
            spent * 1e9 / float(COPIES)
        })
        .collect();
    println!(
        "  {:<20}{:>10.1} ns{:>14.1} allocations",
        format!("with {entries} entries"),
        median(&samples),
        float(made) / float(COPIES)
    );
}
