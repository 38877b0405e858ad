//! What raft-core costs beside other cores: the same commands, in one process.
//!
//! Every contestant is a whole cluster in one thread. Messages go from server
//! to server by hand, storage is memory, and every write is durable as soon as
//! it is made, so that nothing but the algorithm is left to measure. All get
//! the same commands in the same batches, the same heartbeat, and have their
//! logs compacted at the same indices. Rounds take turns, so that a slow
//! moment of the machine hits everybody, and medians are compared.
//!
//! A round is over when every command is applied on every server. The leader
//! may tell the others what is committed with the next batch; with
//! `PEERS_APPLIED=batch` everybody has to have applied one batch before the
//! next is proposed. `PEERS_ENTRIES` is how long the log grows in the
//! measurement of growth. Words after `--` choose cases by part of their name.

mod allocations;
mod cluster;
mod cost;
mod ours;
mod raft_io;
mod raft_rs;
mod table;

use std::time::{Duration, Instant};

use crate::cluster::{AppliedBy, Cluster, Server};
use crate::ours::Ours;
use crate::raft_io::RaftIo;
use crate::raft_rs::RaftRs;
use crate::table::{Figures, float, median, spread};

/// Many and short: a machine that is slow for a second is slow for everybody.
const ROUNDS: usize = 45;

/// How long one round of one contestant should take.
const ROUND: Duration = Duration::from_millis(30);

/// Cases: how many servers, and how many commands are proposed at once.
const CASES: [(usize, usize); 4] = [(3, 1), (3, 64), (5, 1), (5, 64)];

/// What the round of a contestant looks like from outside, whoever it is.
trait Contestant {
    fn name(&self) -> &'static str;

    /// Lets a round pass that takes about [`ROUND`].
    fn round(&mut self);

    fn figures(&self) -> Figures;
}

/// A cluster with its batches a round and what its rounds have cost so far.
struct Entrant<S: Server> {
    cluster: Cluster<S>,
    batches: u64,
    nanoseconds: Vec<f64>,
    allocations: Vec<f64>,
    messages: Vec<f64>,
}

impl<S: Server> Entrant<S> {
    /// Elects a leader, warms up, checks what was applied against `digest`,
    /// and finds out how many batches make a round.
    fn new(servers: usize, batch: usize, applied_by: AppliedBy, digest: &mut Option<u64>) -> Self {
        let mut cluster = Cluster::<S>::new(servers, batch, applied_by);
        cluster.run(1000);
        let applied = cluster.digest();
        assert_eq!(
            applied,
            *digest.get_or_insert(applied),
            "{} has applied something else than the others",
            S::NAME
        );
        let mut batches = 64;
        loop {
            let begin = Instant::now();
            cluster.run(batches);
            let spent = begin.elapsed();
            if spent >= ROUND / 3 {
                let share = ROUND.as_nanos() * u128::from(batches) / spent.as_nanos().max(1);
                batches = u64::try_from(share).unwrap_or(batches).max(1);
                break;
            }
            batches *= 2;
        }
        Self {
            cluster,
            batches,
            nanoseconds: Vec::with_capacity(ROUNDS),
            allocations: Vec::with_capacity(ROUNDS),
            messages: Vec::with_capacity(ROUNDS),
        }
    }
}

impl<S: Server> Contestant for Entrant<S> {
    fn name(&self) -> &'static str {
        S::NAME
    }

    fn round(&mut self) {
        let (applied, messages) = (self.cluster.applied(), self.cluster.messages());
        let allocations = allocations::made();
        let begin = Instant::now();
        self.cluster.run(self.batches);
        let spent = begin.elapsed();
        let allocations = allocations::made() - allocations;
        let proposals = float(self.cluster.applied() - applied);
        self.nanoseconds.push(spent.as_secs_f64() * 1e9 / proposals);
        self.allocations.push(float(allocations) / proposals);
        self.messages
            .push(float(self.cluster.messages() - messages) / proposals);
    }

    fn figures(&self) -> Figures {
        Figures {
            nanoseconds: median(&self.nanoseconds),
            spread: spread(&self.nanoseconds),
            allocations: median(&self.allocations),
            messages: median(&self.messages),
        }
    }
}

/// Runs one case and returns its name and how many times as fast as the best
/// of the peers raft-core is.
fn case(name: &str, servers: usize, batch: usize, applied_by: AppliedBy) -> f64 {
    let mut digest = None;
    let ours = Entrant::<Ours>::new(servers, batch, applied_by, &mut digest);
    let raft = Entrant::<RaftRs>::new(servers, batch, applied_by, &mut digest);
    let raft_io = Entrant::<RaftIo>::new(servers, batch, applied_by, &mut digest);
    let copying = Entrant::<Ours<true>>::new(servers, batch, applied_by, &mut digest);
    let mut field: [Box<dyn Contestant>; 4] = [
        Box::new(ours),
        Box::new(raft),
        Box::new(raft_io),
        Box::new(copying),
    ];
    for _ in 0..ROUNDS {
        for contestant in &mut field {
            contestant.round();
        }
    }
    let figures: Vec<(&str, Figures)> = field.iter().map(|c| (c.name(), c.figures())).collect();
    table::print(name, &figures);
    let best_peer = figures[1].1.nanoseconds.min(figures[2].1.nanoseconds);
    best_peer / figures[0].1.nanoseconds
}

fn main() {
    let (flags, wanted): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|word| word.starts_with('-'));
    if !flags.iter().any(|flag| flag == "--bench") {
        // `cargo test --all-targets` comes by here, with nothing to be measured.
        return println!("this measures under `cargo bench` only");
    }
    let is_wanted =
        |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()));
    let applied_by = match std::env::var("PEERS_APPLIED").as_deref() {
        Ok("batch") => AppliedBy::NextBatch,
        _ => AppliedBy::EndOfRound,
    };
    let mut ratios = Vec::new();
    for (servers, batch) in CASES {
        let name = format!("{servers}n-b{batch}");
        if is_wanted(&name) {
            if ratios.is_empty() {
                table::print_head();
            }
            let ratio = case(&name, servers, batch, applied_by);
            ratios.push((name, ratio));
        }
    }
    if is_wanted("cost") {
        cost::print_all();
    }
    println!();
    for (name, ratio) in ratios {
        println!("ratio {name} {ratio:.2}");
    }
}
