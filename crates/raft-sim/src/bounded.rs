//! Numbers with bounds.
//!
//! A line can say no share above 100 % and no clock that stands still. So that an Action, of
//! whatever it is built, cannot either, its numbers carry their bounds in their type.

use std::fmt;

/// A whole number from `MIN` to `MAX`, kept in a `T`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bounded<T, const MIN: u64, const MAX: u64>(T);

/// A share, in thousandths.
pub type Permille = Bounded<u16, 0, 1_000>;

macro_rules! bounded {
    ($($int:ty)*) => {$(
        impl<const MIN: u64, const MAX: u64> Bounded<$int, MIN, MAX> {
            /// The smallest.
            pub const MIN: Self = Self(Self::bound(MIN));
            /// The largest.
            pub const MAX: Self = Self(Self::bound(MAX));

            #[allow(
                clippy::cast_possible_truncation,
                clippy::unnecessary_cast,
                reason = "it is seen to fit, and one of the types needs no cast"
            )]
            const fn bound(bound: u64) -> $int {
                assert!(MIN <= MAX && bound <= <$int>::MAX as u64);
                bound as $int
            }

            /// The number; nothing if it is out of bounds.
            #[must_use]
            pub const fn new(number: $int) -> Option<Self> {
                if number < Self::MIN.0 || number > Self::MAX.0 {
                    return None;
                }
                Some(Self(number))
            }

            /// The number, or the bound that it is beyond.
            #[must_use]
            pub const fn clamped(number: $int) -> Self {
                if number < Self::MIN.0 {
                    return Self::MIN;
                }
                if number > Self::MAX.0 {
                    return Self::MAX;
                }
                Self(number)
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> $int {
                self.0
            }
        }
    )*};
}

bounded!(u8 u16 u32 u64);

impl<T: fmt::Display, const MIN: u64, const MAX: u64> fmt::Display for Bounded<T, MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_within_its_bounds() {
        type Small = Bounded<u16, 2, 4>;
        let numbers: Vec<Option<u16>> = (1..6)
            .map(|number| Small::new(number).map(Small::get))
            .collect();
        assert_eq!(numbers, [None, Some(2), Some(3), Some(4), None]);
        assert_eq!(
            [1, 3, 5].map(|number| Small::clamped(number).get()),
            [2, 3, 4]
        );
    }
}
