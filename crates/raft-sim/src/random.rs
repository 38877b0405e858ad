//! Random draws that can be told apart and taken again.
//!
//! Each purpose has a stream of its own, made from the seed of the run and
//! the purpose's name, so that one more draw on one link changes nothing on
//! another. A stream is a single number that each draw replaces: it can be
//! cloned, compared and hashed with the world it belongs to.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

use crate::digest::Digest;
use crate::time::{Micros, MicrosRange};

/// One stream of random draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stream(u64);

impl Stream {
    /// The stream of `purpose`, numbered by `a` and `b`, in the run of `seed`.
    #[must_use]
    pub fn new(seed: u64, purpose: &str, a: u16, b: u16) -> Self {
        Self(Digest::of(&(seed, purpose, a, b)))
    }

    /// A number below `bound`; 0 if `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        let mut generator = Pcg32::seed_from_u64(self.0);
        self.0 = generator.random();
        if bound == 0 {
            0
        } else {
            generator.random_range(0..bound)
        }
    }

    /// A whole number to make another seed of.
    pub fn seed(&mut self) -> u64 {
        self.below(u64::MAX)
    }

    /// Evenly drawn from `range`.
    pub fn micros(&mut self, range: MicrosRange) -> Micros {
        let width = range.max().saturating_sub(range.min()).0.saturating_add(1);
        range.min().saturating_add(Micros(self.below(width)))
    }

    /// True in `permille` of a thousand cases.
    pub fn chance(&mut self, permille: u16) -> bool {
        permille > 0 && self.below(1000) < u64::from(permille)
    }
}
