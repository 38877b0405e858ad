//! A deterministic world for Raft servers.
//!
//! A [`World`] is a whole cluster at one instant: servers running
//! `raft-core`, disks, links, messages under way. An [`Action`] is anything
//! that can be done to it, an [`Event`] anything that happened in it, and a
//! [`Run`] a seed with a list of Actions: it can be replayed to any instant,
//! and acting in its past starts a branch.
//! After every Event the [`Invariant`]s are checked.
//!
//! The same seed and Actions give the same Events, to the byte, on every
//! platform: time is counted in whole microseconds, every draw comes from a
//! seeded stream, and no collection is ordered by a hash.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod act;
pub mod action;
pub mod bounded;
pub mod change;
pub mod checker;
pub mod client;
pub mod clock;
pub mod command;
pub mod complaint;
pub mod delay;
pub mod digest;
pub mod disk;
pub mod event;
pub mod fact;
pub mod ids;
pub mod invariant;
pub mod letter;
pub mod network;
pub mod observed;
pub mod outcome;
pub mod random;
pub mod rules;
pub mod run;
pub mod said;
pub mod server;
pub mod setup;
pub mod time;
pub mod which;
pub mod world;

pub use action::Action;
pub use command::{Command, entry_text, payload_text};
pub use delay::Delay;
pub use event::{Event, EventKind};
pub use ids::MessageId;
pub use invariant::{FirstCommit, Invariant, Violation};
pub use observed::Observed;
pub use run::Run;
pub use setup::Setup;
pub use time::{Micros, MicrosRange};
pub use world::World;
