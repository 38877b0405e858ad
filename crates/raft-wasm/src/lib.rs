//! The boundary between the laboratory and the page.
//!
//! Everything here translates and nothing decides: a [`Lab`] is a
//! `raft_sim::Run` whose Actions come as text and whose state goes out as
//! plain objects. What can go wrong comes back as a value with a message, a
//! place and a remedy. Times are microseconds; positions count events.
#![deny(unsafe_code)]
#![deny(missing_docs)]

mod failover;
mod lab;
mod last_words;
mod view;

pub use failover::{FailoverColumns, failover_text, failovers};
pub use lab::text::unread;
pub use lab::{Lab, Opened, features, figure, vocabulary};
pub use last_words::{last_words, start};
