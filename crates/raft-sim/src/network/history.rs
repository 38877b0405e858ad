//! What of a network is history, and decides nothing any more.

use super::{Flight, Network};
use crate::ids::MessageId;
use crate::time::Micros;

impl Network {
    /// Numbers messages anew, in the order of their sending, and forgets what sent
    /// them, when, how many there have been, and when links had their last byte to pass; answers
    /// the numbers that they had, in that order.
    pub(crate) fn forget_history(&mut self, now: Micros) -> Vec<MessageId> {
        let ids: Vec<MessageId> = self.flights.keys().copied().collect();
        let number = |id: MessageId| {
            let place = ids.binary_search(&id).unwrap_or_default();
            MessageId(place as u64 + 1)
        };
        self.flights.renumber(number);
        for flight in self.flights.values_mut() {
            (flight.cause, flight.sent_at) = (0, now);
        }
        self.next_id = 1;
        (self.requests_sent, self.bytes_sent) = (0, 0);
        let links = self.links.iter_mut().chain(&mut self.lines);
        links.for_each(|link| link.forget_history(now));
        ids
    }

    /// Changes all instants that it remembers.
    pub(crate) fn each_instant(&mut self, change: &mut impl FnMut(&mut Micros)) {
        let Self {
            servers: _,
            model: _,
            links,
            disconnected: _,
            clogs: _,
            flights,
            lines,
            orders: _,
            next_id: _,
            requests_sent: _,
            bytes_sent: _,
        } = self;
        for link in links.iter_mut().chain(lines) {
            link.each_instant(change);
        }
        for flight in flights.values_mut() {
            let Flight {
                letter: _,
                sent_at,
                due_at,
                doomed: _,
                cause: _,
            } = flight;
            change(sent_at);
            change(due_at);
        }
    }

    /// The messages that wait at the ends of clogged links, to be numbered anew.
    pub(crate) fn waiting_mut(&mut self) -> impl Iterator<Item = &mut MessageId> {
        self.clogs.iter_mut().flat_map(|(_, waiting)| waiting)
    }

    /// As if so many messages had been sent that left nothing behind.
    #[cfg(test)]
    pub(crate) const fn skip_ids(&mut self, count: u64) {
        self.next_id += count;
    }

    /// How many links and lines have nothing that is leaving.
    #[cfg(test)]
    pub(crate) fn idle_links(&self, now: Micros) -> usize {
        let links = self.links.iter().chain(&self.lines);
        links.filter(|link| !link.is_busy(now)).count()
    }
}
