//! Fingerprints of 64 bits, and the set of those that were seen.
//!
//! A state is remembered by its fingerprint alone, so that two states of one fingerprint would be
//! taken for one: among n states that happens with a probability of n²/2⁶⁵ at most, which a report
//! says.

use std::hash::{BuildHasherDefault, Hasher};

/// A map that is only ever asked for what a key has, and never gone through.
pub(super) type Map<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Folding>>;

/// Odd numbers without a pattern: the fractions of π.
const FOLD: u64 = 0x243f_6a88_85a3_08d3;
const SHIFT: u64 = 0x1319_8a2e_0370_7345;

/// The fingerprint of words; never zero.
pub(super) fn fingerprint(words: &[u32]) -> u64 {
    let mut folding = Folding(words.len() as u64);
    for pair in words.chunks(2) {
        let high = pair.get(1).map_or(0, |word| u64::from(*word) << 32);
        folding.take(u64::from(pair[0]) | high);
    }
    folding.finish().max(1)
}

/// Multiplies what it is given into 128 bits, and folds them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Folding(u64);

impl Folding {
    fn take(&mut self, word: u64) {
        self.0 = fold(self.0 ^ word, FOLD).wrapping_add(SHIFT);
    }
}

const fn fold(one: u64, other: u64) -> u64 {
    let product = (one as u128).wrapping_mul(other as u128);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves are folded")]
    let folded = (product as u64) ^ (product >> 64) as u64;
    folded
}

impl Hasher for Folding {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.take(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, word: u32) {
        self.take(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.take(word);
    }

    fn write_usize(&mut self, word: usize) {
        self.take(word as u64);
    }

    fn finish(&self) -> u64 {
        fold(self.0 ^ SHIFT, FOLD)
    }
}

/// The fingerprints of all states that were found. A place of the table that is zero is empty.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    table: Vec<u64>,
    count: usize,
}

impl Seen {
    const FIRST_LENGTH: usize = 1 << 12;

    pub(super) fn new() -> Self {
        Self {
            table: vec![0; Self::FIRST_LENGTH],
            count: 0,
        }
    }

    /// How many bytes it takes, or takes while it grows for so many more: it is then there twice,
    /// once with twice the room.
    pub(super) fn room(&self, more: usize) -> usize {
        let now = self.table.len() * size_of::<u64>();
        if self.count + more > self.most() {
            3 * now
        } else {
            now
        }
    }

    pub(super) fn contains(&self, fingerprint: u64) -> bool {
        self.table[self.place(fingerprint)] == fingerprint
    }

    /// Adds a fingerprint; says whether it is new.
    pub(super) fn insert(&mut self, fingerprint: u64) -> bool {
        let mut place = self.place(fingerprint);
        if self.table[place] == fingerprint {
            return false;
        }
        if self.count >= self.most() {
            let empty = vec![0; self.table.len() * 2];
            for known in std::mem::replace(&mut self.table, empty) {
                if known != 0 {
                    let place = self.place(known);
                    self.table[place] = known;
                }
            }
            place = self.place(fingerprint);
        }
        self.table[place] = fingerprint;
        self.count += 1;
        true
    }

    /// Where it is, or would be.
    fn place(&self, fingerprint: u64) -> usize {
        let mask = self.table.len() - 1;
        let mut place = usize::try_from(fingerprint & mask as u64).unwrap_or(0);
        while self.table[place] != 0 && self.table[place] != fingerprint {
            place = (place + 1) & mask;
        }
        place
    }

    /// So many it has without growing.
    const fn most(&self) -> usize {
        self.table.len() / 4 * 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_again_and_nothing_else() {
        let mut seen = Seen::new();
        let some = |number: u32| fingerprint(&[number, 7]);
        for number in 0..20_000 {
            assert!(!seen.contains(some(number)), "{number}");
            assert!(seen.insert(some(number)));
            assert!(!seen.insert(some(number)));
        }
        assert!((0..20_000).all(|number| seen.contains(some(number))));
        assert!((20_000..40_000).all(|number| !seen.contains(some(number))));
        assert_eq!(seen.count, 20_000);
    }

    #[test]
    fn order_length_and_every_word_count() {
        let all = [
            &[][..],
            &[0],
            &[0, 0],
            &[1],
            &[1, 0],
            &[0, 1],
            &[1, 2, 3],
            &[3, 2, 1],
        ];
        for (place, one) in all.iter().enumerate() {
            for other in &all[..place] {
                assert_ne!(fingerprint(one), fingerprint(other), "{one:?} {other:?}");
            }
        }
    }
}
