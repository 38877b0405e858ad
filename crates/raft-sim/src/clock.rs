//! A server's own clock, which may run fast or slow and be set.
//!
//! A node counts ticks, and one tick is a microsecond of its clock. Between the world's time
//! and that clock stand a rate and a remainder; both are whole numbers, so that however the
//! time is cut into pieces, the clock shows the same.

use crate::bounded::Bounded;
use crate::time::Micros;

/// How fast a clock runs, in thousandths of the right rate: up to ten times as fast.
pub type Rate = Bounded<u16, 1, 10_000>;
/// The rate of a clock that is right.
pub const RATE_RIGHT: Rate = Rate::clamped(1_000);

/// A clock that a node counts its ticks by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Clock {
    rate_permille: Rate,
    /// What has been lived through of the next tick, in thousandths of it; below zero after the
    /// clock was set back, by all that it will not count.
    lived: i64,
}

impl Clock {
    /// A clock of this rate.
    #[must_use]
    pub const fn new(rate_permille: Rate) -> Self {
        Self {
            rate_permille,
            lived: 0,
        }
    }

    /// Runs at another rate, after this much time at the one before.
    pub fn set_rate(&mut self, rate_permille: Rate, after: Micros) {
        let passed = i128::from(after.0) * i128::from(self.rate_permille.get());
        let lived = i128::from(self.lived) + passed;
        *self = Self {
            lived: i64::try_from(lived).unwrap_or(i64::MAX),
            ..Self::new(rate_permille)
        };
    }

    /// How many ticks it counts while this much time passes.
    #[must_use]
    pub const fn ticks_in(self, time: Micros) -> u64 {
        if self.is_right() {
            return time.0;
        }
        let thousandths = time.0 as i128 * self.rate_permille.get() as i128 + self.lived as i128;
        bounded(thousandths / 1_000)
    }

    /// How much time passes until it has counted so many ticks.
    #[must_use]
    pub const fn time_for(self, ticks: u64) -> Micros {
        if self.is_right() || ticks == 0 {
            return Micros(ticks);
        }
        let rate = self.rate_permille.get() as i128;
        let thousandths = ticks as i128 * 1_000 - self.lived as i128;
        Micros(bounded((thousandths + rate - 1) / rate))
    }

    /// Counts these ticks; answers how much time they took.
    pub fn pass(&mut self, ticks: u64) -> Micros {
        let time = self.time_for(ticks);
        if !self.is_right() && ticks > 0 {
            let passed = i128::from(time.0) * i128::from(self.rate_permille.get());
            let lived = i128::from(self.lived) + passed - i128::from(ticks) * 1_000;
            self.lived = i64::try_from(lived).unwrap_or(i64::MAX);
        }
        time
    }

    /// Sets it ahead: it counts all that at once.
    pub fn set_ahead(&mut self, by: Micros) {
        self.lived = self.lived.saturating_add(thousandths(by));
    }

    /// Sets it back: it counts nothing until it shows again what it shows now.
    pub fn set_back(&mut self, by: Micros) {
        self.lived = self.lived.saturating_sub(thousandths(by));
    }

    const fn is_right(self) -> bool {
        self.rate_permille.get() == RATE_RIGHT.get() && self.lived == 0
    }
}

fn thousandths(time: Micros) -> i64 {
    i64::try_from(time.0)
        .unwrap_or(i64::MAX)
        .saturating_mul(1_000)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is within the bounds"
)]
const fn bounded(number: i128) -> u64 {
    if number <= 0 {
        0
    } else if number >= u64::MAX as i128 {
        u64::MAX
    } else {
        number as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(rate_permille: u16) -> Clock {
        Clock::new(Rate::new(rate_permille).expect("a rate"))
    }

    #[test]
    fn a_right_clock_counts_microseconds() {
        let mut clock = Clock::new(RATE_RIGHT);
        assert_eq!(clock.ticks_in(Micros(123)), 123);
        assert_eq!(clock.time_for(123), Micros(123));
        assert_eq!(clock.pass(123), Micros(123));
        assert_eq!(clock, Clock::new(RATE_RIGHT));
    }

    #[test]
    fn a_fast_clock_counts_more_and_a_slow_one_less() {
        assert_eq!(of(1_100).ticks_in(Micros(1_000)), 1_100);
        assert_eq!(of(1_100).time_for(1_100), Micros(1_000));
        assert_eq!(of(500).ticks_in(Micros(1_001)), 500);
        assert_eq!(of(500).time_for(1), Micros(2));
        assert_eq!(Clock::new(Rate::MAX).ticks_in(Micros(u64::MAX)), u64::MAX);
    }

    #[test]
    fn a_clock_that_was_set_back_counts_nothing_until_it_has_caught_up() {
        let mut clock = of(2_000);
        clock.set_back(Micros(100));
        assert_eq!(clock.ticks_in(Micros(50)), 0);
        assert_eq!(clock.ticks_in(Micros(51)), 2);
        assert_eq!(clock.time_for(2), Micros(51));
        assert_eq!(clock.pass(2), Micros(51));
        assert_eq!(clock, of(2_000));
    }

    #[test]
    fn a_clock_that_is_set_ahead_counts_all_that_at_once() {
        let mut clock = Clock::new(RATE_RIGHT);
        clock.set_ahead(Micros(100));
        assert_eq!(clock.ticks_in(Micros(5)), 105);
        assert_eq!(clock.time_for(90), Micros::ZERO);
        assert_eq!(clock.pass(105), Micros(5));
        assert_eq!(clock, Clock::new(RATE_RIGHT));
    }

    #[test]
    fn another_rate_holds_from_then_on_only() {
        let mut clock = of(500);
        clock.set_rate(Rate::clamped(2_000), Micros(100));
        assert_eq!(clock.ticks_in(Micros(10)), 50 + 20);
    }

    proptest! {
        /// What a node lives through does not depend on how often it is brought up to date.
        #[test]
        fn time_in_pieces_is_the_same_time(
            rate in 1_u16..=10_000,
            back in 0_u64..1_000,
            ticks in prop::collection::vec(0_u64..5_000, 1..20),
        ) {
            let mut whole = of(rate);
            whole.set_back(Micros(back));
            let mut pieces = whole;
            let sum = ticks.iter().sum();
            let time: u64 = ticks.iter().map(|some| pieces.pass(*some).0).sum();
            prop_assert_eq!(whole.pass(sum), Micros(time));
            prop_assert_eq!(whole, pieces);
        }

        /// The time for some ticks is the first at which they have been counted.
        #[test]
        fn no_tick_comes_early_or_late(rate in 1_u16..=10_000, ticks in 1_u64..1_000_000) {
            let clock = of(rate);
            let time = clock.time_for(ticks);
            prop_assert!(clock.ticks_in(time) >= ticks);
            prop_assert!(clock.ticks_in(Micros(time.0 - 1)) < ticks);
        }
    }
}
