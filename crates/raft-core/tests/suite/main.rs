//! The tests of one node and of a few, a file for each section of the paper;
//! one program, since linking costs more than running.

#[path = "../common/cases.rs"]
mod cases;
#[path = "../common/mod.rs"]
mod common;

mod bounds;
mod chunks;
mod claims;
mod conditions;
mod conduct;
mod durability;
mod election;
mod extensions;
mod heals;
mod joint;
mod late;
mod leases;
mod members_cluster;
mod members_kept;
mod membership;
mod numbers;
mod overwrite;
mod pipeline;
mod properties;
mod reconfigure_errors;
mod replication;
mod snapshot;
mod sticky;
mod timers;
