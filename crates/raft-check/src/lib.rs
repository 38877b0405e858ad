//! Tools that look for faults in Raft, or in a server that lacks one of its rules.
//!
//! So far there is one: [`shrink`] cuts a run that breaks an invariant, or that a cluster
//! does not recover from, down to the few Actions that matter.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod case;
pub mod shrink;

mod rewrite;

pub use case::{Case, Found, Goal, Move};
pub use shrink::{Shrinking, shrink};
