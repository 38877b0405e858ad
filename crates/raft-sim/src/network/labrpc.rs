//! The network of the MIT 6.5840 Raft lab, `labrpc`, as a model of ours.
//!
//! There a request and its reply are one call; here they are two messages, each on its way by
//! itself. What a call meets is told apart accordingly:
//!
//! | `labrpc` | here |
//! |---|---|
//! | reliable: no delay, no loss | 0 ms, no loss |
//! | unreliable: a request waits 0 to 26 whole ms, then one in ten is dropped | the same, of each request |
//! | unreliable: one reply in ten is dropped, the others have no further delay | the same, of each reply |
//! | long reordering, reliable or not: two of three remaining replies wait 200 + rand(1 + rand(2000)) ms | the same, of each reply |
//! | a call is let through if both servers are connected when it is made, and its reply if they are when it is given | a message is lost where it cannot pass when it is sent; what happens to its link later does not matter |
//! | a request to a killed server fails, as does a reply to a server that was killed since it asked | a crash loses whatever is under way to the server, which then starts as another |
//!
//! Not mapped is what only a caller could tell: that a dropped call is seen to fail at once, and
//! a call to a disconnected or dead server after 0 to 6999 ms ("long delays"). Raft here is not
//! told of lost messages at all, and sends again when its own timers say so. A `TimeoutNow`,
//! which the lab does not have, is a request without a reply.
//!
//! While the model is in use, `latency`, `loss`, `duplication` and `reordering` are set aside;
//! cuts, clogs and cables work as always.

use super::link::Fate;
use crate::random::Stream;
use crate::time::Micros;

/// How the lab's network is switched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Labrpc {
    /// Without it requests are delayed, and requests and replies are dropped.
    pub reliable: bool,
    /// Whether many replies come late.
    pub long_reordering: bool,
}

const REQUEST_DELAY_MS_MAX: u64 = 26;
const DROPPED_PERMILLE: u16 = 100;
const LATE_OF_THREE: u64 = 2;
const LATE_MS_MIN: u64 = 200;
const LATE_MS_SPREAD: u64 = 2_000;

/// What is drawn for one direction between two servers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Draws {
    delays: Stream,
    losses: Stream,
    reorders: Stream,
}

impl Draws {
    pub(super) fn new(seed: u64, from: u16, to: u16) -> Self {
        Self {
            delays: Stream::new(seed, "labrpc delay", from, to),
            losses: Stream::new(seed, "labrpc loss", from, to),
            reorders: Stream::new(seed, "labrpc reorder", from, to),
        }
    }

    pub(super) fn fate(&mut self, labrpc: Labrpc, is_reply: bool) -> Fate {
        let mut delay = Micros::ZERO;
        if !labrpc.reliable && !is_reply {
            delay = Micros::from_millis(self.delays.below(REQUEST_DELAY_MS_MAX + 1));
        }
        let is_lost = !labrpc.reliable && self.losses.chance(DROPPED_PERMILLE);
        if labrpc.long_reordering && is_reply && !is_lost && self.reorders.below(3) < LATE_OF_THREE
        {
            let spread = self.reorders.below(LATE_MS_SPREAD) + 1;
            delay = Micros::from_millis(LATE_MS_MIN + self.reorders.below(spread));
        }
        Fate { delay, is_lost }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGES: usize = 30_000;

    /// The delays in whole milliseconds of the messages that are not lost, shortest first.
    fn arrivals(reliable: bool, long_reordering: bool, is_reply: bool) -> Vec<u64> {
        let labrpc = Labrpc {
            reliable,
            long_reordering,
        };
        let mut draws = Draws::new(1, 1, 2);
        let fates = (0..MESSAGES).map(|_| draws.fate(labrpc, is_reply));
        let mut arrivals: Vec<u64> = fates
            .filter(|fate| !fate.is_lost)
            .map(|fate| {
                assert_eq!(fate.delay.0 % 1_000, 0, "whole milliseconds");
                fate.delay.as_millis()
            })
            .collect();
        arrivals.sort_unstable();
        arrivals
    }

    fn near(found: usize, expected: usize) {
        let off = found.abs_diff(expected);
        assert!(off <= expected / 25, "{found} is not about {expected}");
    }

    #[test]
    fn a_reliable_network_neither_delays_nor_drops() {
        for is_reply in [false, true] {
            assert_eq!(arrivals(true, false, is_reply), vec![0; MESSAGES]);
        }
        assert_eq!(arrivals(true, true, false), vec![0; MESSAGES]);
    }

    #[test]
    fn an_unreliable_network_delays_requests_and_drops_a_tenth_of_everything() {
        let requests = arrivals(false, false, false);
        near(requests.len(), MESSAGES * 9 / 10);
        assert_eq!((requests.first(), requests.last()), (Some(&0), Some(&26)));
        for delay in 0..=26 {
            let share = requests.iter().filter(|at| **at == delay).count();
            assert!(
                share.abs_diff(requests.len() / 27) < 150,
                "{delay}: {share}"
            );
        }
        let replies = arrivals(false, false, true);
        near(replies.len(), MESSAGES * 9 / 10);
        assert_eq!(replies.last(), Some(&0));
    }

    #[test]
    fn long_reordering_delays_two_of_three_replies() {
        for (reliable, count) in [(true, MESSAGES), (false, MESSAGES * 9 / 10)] {
            let replies = arrivals(reliable, true, true);
            near(replies.len(), count);
            let late: Vec<u64> = replies.into_iter().filter(|at| *at > 0).collect();
            near(late.len(), count * 2 / 3);
            assert!(late[0] >= 200 && late[late.len() - 1] <= 2_199);
            // The facts of the lab: mean 699, median 572, ninth decile 1376.
            let mean = late.iter().sum::<u64>() / late.len() as u64;
            assert!(mean.abs_diff(699) < 15, "{mean}");
            assert!(late[late.len() / 2].abs_diff(572) < 20);
            assert!(late[late.len() * 9 / 10].abs_diff(1_376) < 40);
        }
    }
}
