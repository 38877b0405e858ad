//! The language of the Raft laboratory: how what happens in a simulated cluster is said.
//!
//! A line of text is an [`Action`](raft_sim::Action) ([`text`]), a [`Playbook`] is a cluster and
//! what is done to it, line by line ([`playbook`]), and playing one ([`script`]) makes a
//! [`Run`](raft_sim::Run). A run is told from a text ([`open`], [`play`]) and becomes one again
//! ([`save`]). What happened is worded in English and in Chinese ([`words`]).
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod building;
pub mod failover;
pub mod lesson;
pub mod playbook;
mod reason;
mod record;
pub mod reference;
pub mod refusal;
mod save;
pub mod script;
mod telling;
pub mod text;
pub mod transcript;
mod typed;
pub mod variant;
pub mod vocabulary;
pub mod words;

pub use playbook::Playbook;
pub use reason::made_so;
pub use record::{Recorded, recorded};
pub use save::{Written, save, save_branch, written};
pub use telling::{Telling, open, play, test};
pub use typed::{act_line, begin_line, go_on_line};
