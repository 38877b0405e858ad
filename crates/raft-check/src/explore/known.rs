//! Things that are met over and over, each kept once.

use super::fingerprint::Map;

/// Things by number and by digest, with what each of them is under every permutation.
pub(super) struct Known<T> {
    things: Vec<T>,
    /// About how many bytes they take beside themselves.
    pub(super) bytes: usize,
    numbers: Map<u64, u32>,
    pub(super) images: Vec<u32>,
}

impl<T> Known<T> {
    pub(super) fn new() -> Self {
        Self {
            things: Vec::new(),
            bytes: 0,
            numbers: Map::default(),
            images: Vec::new(),
        }
    }

    /// Its number, and whether it is new.
    pub(super) fn number(&mut self, digest: u64, thing: T) -> (u32, bool) {
        let next = u32::try_from(self.things.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(digest).or_insert(next);
        if number == next {
            self.things.push(thing);
        }
        (number, number == next)
    }

    /// About how many bytes it takes, with those of the things.
    pub(super) fn bytes(&self) -> usize {
        let things = self.things.capacity() * size_of::<T>();
        let images = self.images.capacity() * size_of::<u32>();
        self.bytes + things + images + map_bytes(&self.numbers)
    }

    pub(super) fn get(&self, number: u32) -> &T {
        &self.things[number as usize]
    }
}

/// About how many bytes a map takes: a byte for each of its places, of which one in eight is free.
pub(super) fn map_bytes<K, V>(map: &Map<K, V>) -> usize {
    map.capacity() / 7 * 8 * (size_of::<(K, V)>() + 1)
}
