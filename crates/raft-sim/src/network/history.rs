//! What of a network is history, and decides nothing any more.

use super::Network;
use crate::ids::MessageId;
use crate::time::Micros;

impl Network {
    /// Numbers messages anew, in the order of their sending, and forgets what sent
    /// them, when, and how many there have been; answers the numbers that they had, in that order.
    pub(crate) fn forget_history(&mut self) -> Vec<MessageId> {
        let ids: Vec<MessageId> = self.flights.keys().copied().collect();
        let number = |id: MessageId| {
            let place = ids.binary_search(&id).unwrap_or_default();
            MessageId(place as u64 + 1)
        };
        self.flights.renumber(number);
        for flight in self.flights.values_mut() {
            (flight.cause, flight.sent_at) = (0, Micros::ZERO);
        }
        self.next_id = 1;
        (self.requests_sent, self.bytes_sent) = (0, 0);
        ids
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
}
