//! Tools that look for faults in Raft, or in a server that lacks one of its rules.
//!
//! [`swarm`] draws faults by chance and plays them; [`shrink`](shrink()) cuts a run that breaks an invariant, that a cluster does not
//! recover from, or in which something is not as expected, down to the few Actions that matter.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod case;
pub mod shrink;
pub mod swarm;

mod rewrite;

pub use case::{Case, Demand, Found, Goal, Move};
pub use shrink::{Shrinking, shrink};
