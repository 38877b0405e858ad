//! A client: it appends to a key of its own, and reads it back.
//!
//! Nobody else writes there, so that each read has exactly one right answer:
//! all that was acknowledged before it was asked.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use raft_core::NodeId;

use super::cluster::Network;
use super::machine::Append;
use super::server::{Answer, Input};

/// How long a client waits for one server before it asks another.
const PATIENCE: Duration = Duration::from_millis(250);

/// How long it pauses when the server it asked knows of no leader.
const PAUSE: Duration = Duration::from_millis(5);

pub(crate) struct Client {
    pub(crate) number: u64,
    pub(crate) servers: Vec<NodeId>,
    pub(crate) network: Arc<Network>,
    /// When it gives up.
    pub(crate) deadline: Instant,
    /// Whom it asks next; a place in `servers`.
    pub(crate) next: usize,
}

/// What has to be stored under a client's key after so many commands.
pub(crate) fn expected(commands: u64) -> String {
    (1..=commands).map(text).collect()
}

pub(crate) fn key(client: u64) -> String {
    format!("client {client}")
}

fn text(serial: u64) -> String {
    format!("{serial};")
}

impl Client {
    /// Has `commands` commands applied, one after the other, and reads after
    /// every fourth; tells `acknowledged` of each.
    pub(crate) fn run(mut self, commands: u64, acknowledged: &Sender<()>) -> Result<(), String> {
        for serial in 1..=commands {
            self.append(serial)?;
            if serial % 8 == 0 {
                // What a client does whose answer was lost on the way.
                self.append(serial)?;
            }
            // The other end is gone only when the run has failed already.
            let _ = acknowledged.send(());
            if serial % 4 == 0 {
                let (seen, known) = (self.read()?, expected(serial));
                if seen != known {
                    let who = key(self.number);
                    return Err(format!("{who} read {seen:?} where {known:?} is stored"));
                }
            }
        }
        Ok(())
    }

    fn append(&mut self, serial: u64) -> Result<(), String> {
        let append = Append {
            client: self.number,
            serial,
            key: key(self.number),
            text: text(serial),
        };
        let ask = |answer| Input::Append {
            append: append.clone(),
            answer,
        };
        self.ask(ask, |answer| {
            matches!(answer, Answer::Applied).then_some(())
        })
    }

    /// Asks another server first than the one that has just answered: one that
    /// is behind must not answer from what it has.
    fn read(&mut self) -> Result<String, String> {
        self.next = (self.next + 1) % self.servers.len();
        let key = key(self.number);
        let ask = |answer| Input::Read {
            key: key.clone(),
            answer,
        };
        let value = |answer| match answer {
            Answer::Value(value) => Some(value),
            _ => None,
        };
        self.ask(ask, value)
    }

    /// Asks one server after the other until one has an answer.
    fn ask<T>(
        &mut self,
        input: impl Fn(Sender<Answer>) -> Input,
        wanted: impl Fn(Answer) -> Option<T>,
    ) -> Result<T, String> {
        while Instant::now() < self.deadline {
            let (sender, answer) = channel();
            let server = self.servers[self.next];
            self.network.send(server, input(sender));
            let leader = match answer.recv_timeout(PATIENCE) {
                Ok(Answer::Elsewhere(leader)) => leader,
                Ok(answer) => match wanted(answer) {
                    Some(found) => return Ok(found),
                    None => None,
                },
                Err(_) => None,
            };
            let place = |id| self.servers.iter().position(|server| *server == id);
            if let Some(leader) = leader.and_then(place).filter(|place| *place != self.next) {
                self.next = leader;
            } else {
                self.next = (self.next + 1) % self.servers.len();
                std::thread::sleep(PAUSE);
            }
        }
        Err(format!("{} has had no answer in time", key(self.number)))
    }
}
