//! Looks at every run of a small cluster: what can happen within bounds, happens.
//!
//! Chaos finds what is likely. A search finds what is possible, and says when nothing is: whatever
//! the order in which messages arrive and timers run out, whatever is lost, whoever crashes. It is
//! no model of Raft that is searched: each step is made by `raft-core` itself, in a host that does
//! what the laboratory's does, under the laboratory's own invariants.
//!
//! It goes breadth first, so that the first run that breaks something is a shortest one. A
//! cluster is a few numbers into tables (`tables.rs`), and remembered by 64 bits
//! (`fingerprint.rs`). Of clusters that differ only in the numbers of their servers one is looked
//! at (`permutation.rs`). Whatever the number of workers, the same states are found in the same
//! order (`search.rs`).

mod bounds;
mod fingerprint;
mod input;
mod instant;
mod known;
mod path;
mod permutation;
mod search;
mod sent;
mod server;
mod state;
mod tables;
mod together;
mod whole;
mod words;

pub use bounds::{Bounds, Unbounded};
pub use instant::{Instant, Unsearchable};
pub use path::{Counterexample, Strayed};
pub use search::{Exploration, Limits, Progress, Report, Verdict, explore};
pub use state::Choice;
pub use whole::{Cluster, Given, System};
pub use words::chance_of_a_missed_state;

#[cfg(test)]
mod tests;
