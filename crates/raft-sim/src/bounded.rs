//! Numbers with bounds.
//!
//! A line can say no share above 100 % and no clock that stands still. So that an Action, of
//! whatever it is built, cannot either, its numbers carry their bounds in their type.

/// A whole number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bounded<const MIN: u16, const MAX: u16>(u16);

/// A share, in thousandths.
pub type Permille = Bounded<0, 1_000>;

impl<const MIN: u16, const MAX: u16> Bounded<MIN, MAX> {
    /// The smallest.
    pub const MIN: Self = Self(MIN);
    /// The largest.
    pub const MAX: Self = Self(MAX);

    /// The number; nothing if it is out of bounds.
    #[must_use]
    pub const fn new(number: u16) -> Option<Self> {
        if number < MIN || number > MAX {
            return None;
        }
        Some(Self(number))
    }

    /// The number, or the bound that it is beyond.
    #[must_use]
    pub const fn clamped(number: u16) -> Self {
        if number < MIN {
            return Self::MIN;
        }
        if number > MAX {
            return Self::MAX;
        }
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_within_its_bounds() {
        type Small = Bounded<2, 4>;
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
