//! What a world keeps twice must agree, and is compared after every Event where debug
//! assertions are on: in all tests, under fuzzing and in chaos.

use super::World;
use crate::letter::Party;
use crate::server::{Running, Server};

impl World {
    /// Says what disagrees.
    ///
    /// # Errors
    /// Names the first thing that is kept twice and not alike.
    pub fn check(&self) -> Result<(), String> {
        let said = |server: &Server, what: &str| format!("{}: {what}", server.id);
        for server in &self.servers {
            let Some(running) = server.running() else {
                continue;
            };
            running.node.check().map_err(|what| said(server, what))?;
            self.check_running(running)
                .map_err(|what| said(server, what))?;
        }
        let flights = self.network.flights();
        if !flights.keys().is_sorted() {
            return Err("messages under way are not in the order of their sending".to_owned());
        }
        let is_there = |party| match party {
            Party::Server(id) => self.server(id).is_some(),
            Party::Client(id) => self.client(id).is_some(),
        };
        let mut letters = flights.values().map(|flight| &flight.letter);
        if !letters.all(|letter| is_there(letter.from()) && is_there(letter.to())) {
            return Err("a message is under way between some who are not there".to_owned());
        }
        Ok(())
    }

    fn check_running(&self, running: &Running) -> Result<(), &'static str> {
        // Without some rules a machine is given half a snapshot, or none.
        let is_faithful = self.ablated.is_empty();
        if is_faithful && running.machine.applied != running.node.last_applied() {
            return Err("the machine has not applied what the node has given it");
        }
        if running.synced_at > self.now {
            return Err("its node is ahead of time");
        }
        let waits = !running.parked.is_empty() || !running.unreported.is_empty();
        if waits && !running.paused {
            return Err("something waits for it to go on, though it does");
        }
        Ok(())
    }

    /// Ends every Event; nothing where debug assertions are off.
    #[inline]
    pub(crate) fn debug_check(&self) {
        debug_assert_eq!(self.check(), Ok(()));
    }
}
