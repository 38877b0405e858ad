//! Tools that look for faults in Raft, or in a server that lacks one of its rules.
//!
//! [`swarm`] draws random faults and plays them; [`shrink`](shrink()) reduces a run that breaks an
//! invariant, from which a cluster does not recover, or in which an expectation fails, to the few
//! Actions that matter; [`explore`](mod@explore) looks at every run of a small cluster.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod case;
pub mod explore;
pub mod shrink;
pub mod swarm;

mod rewrite;

pub use case::{Case, Demand, Found, Goal, Move, Played, Unmet, Until};
pub use shrink::{Shrinking, shrink};
