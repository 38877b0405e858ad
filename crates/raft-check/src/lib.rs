//! Tools that look for faults in Raft, or in a server that lacks one of its rules.
//!
//! So far there is one: [`shrink`] cuts a run that breaks an invariant, that a cluster does not
//! recover from, or in which something is not as expected, down to the few Actions that matter.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod case;
pub mod shrink;

mod rewrite;

pub use case::{Case, Demand, Found, Goal, Move};
pub use shrink::{Shrinking, shrink};
