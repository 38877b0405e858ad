//! Ranges of seeds, and parts of them.

use std::fmt;
use std::str::FromStr;

use raft_sim::setup::SEED_MAX;

/// Seeds from `first` to `last`, both included, as ranges are everywhere in playbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seeds {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

/// One of several parts of a range of seeds, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard {
    part: u64,
    of: u64,
}

/// Reads one seed.
pub(crate) fn one(text: &str) -> Result<u64, String> {
    let seed = text.parse().ok().filter(|seed| *seed <= SEED_MAX);
    seed.ok_or_else(|| format!("A seed is a whole number from 0 to {SEED_MAX}."))
}

impl Seeds {
    pub(crate) const fn count(self) -> u64 {
        self.last - self.first + 1
    }

    /// The part `shard` of them; `None` if that part is empty. The parts differ in length by
    /// at most one, follow one another, and leave nothing out.
    pub(crate) fn part(self, shard: Shard) -> Option<Self> {
        let at = |part: u64| {
            let offset = u128::from(self.count()) * u128::from(part) / u128::from(shard.of);
            self.first + u64::try_from(offset).unwrap_or(u64::MAX)
        };
        let (begin, end) = (at(shard.part), at(shard.part + 1));
        (begin < end).then(|| Self {
            first: begin,
            last: end - 1,
        })
    }

    /// Pieces of at most `length`, in order.
    pub(crate) fn pieces(self, length: u64) -> impl Iterator<Item = Self> {
        let length = length.max(1);
        let starts =
            (0..self.count().div_ceil(length)).map(move |piece| self.first + piece * length);
        starts.map(move |first| Self {
            first,
            last: self.last.min(first + length - 1),
        })
    }
}

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let said = |error| format!("{error} Write 7, or 1..5 for all from 1 to 5.");
        let (first, last) = (one(first).map_err(said)?, one(last).map_err(said)?);
        if first > last {
            return Err(format!("Write the smaller seed first: {last}..{first}."));
        }
        Ok(Self { first, last })
    }
}

impl fmt::Display for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/');
        let numbers = numbers.and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((part, of)) if part < of => Ok(Self { part, of }),
            _ => Err("Write 0/8 for the first of eight parts, and 7/8 for the last.".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_range_are_the_range() {
        for (text, of) in [("1..10", 3), ("5..6", 4), ("0..0", 1), ("7..1000", 8)] {
            let seeds: Seeds = text.parse().unwrap();
            let parts = (0..of).filter_map(|part| seeds.part(Shard { part, of }));
            let all: Vec<u64> = parts.flat_map(|part| part.first..=part.last).collect();
            assert_eq!(
                all,
                (seeds.first..=seeds.last).collect::<Vec<_>>(),
                "{text}"
            );
        }
    }

    #[test]
    fn pieces_follow_one_another() {
        let seeds: Seeds = "3..12".parse().unwrap();
        let pieces: Vec<String> = seeds.pieces(4).map(|piece| piece.to_string()).collect();
        assert_eq!(pieces, ["3..6", "7..10", "11..12"]);
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in ["", "a..b", "5..1", "1..9007199254740992", "-1..2"] {
            assert!(text.parse::<Seeds>().is_err(), "{text}");
        }
        for text in ["3/3", "1", "a/b", "0/0"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
