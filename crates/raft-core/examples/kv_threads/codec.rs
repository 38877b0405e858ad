//! Bytes, in the plainest form that can be read back.
//!
//! `raft-core` has no serialisation format, because each host has its own.
//! This one has numbers of eight bytes, little end first, and texts with their
//! length before them. What comes from a disk may be torn or wrong, so that
//! reading answers `None` where there is too little, and never panics.

/// Puts a number at the end of `bytes`.
pub(crate) fn put_u64(bytes: &mut Vec<u8>, number: u64) {
    bytes.extend_from_slice(&number.to_le_bytes());
}

/// Puts a list of bytes at the end of `bytes`, with its length before it.
pub(crate) fn put_bytes(bytes: &mut Vec<u8>, more: &[u8]) {
    put_u64(bytes, more.len() as u64);
    bytes.extend_from_slice(more);
}

/// What is left to be read.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// How many bytes are left.
    pub(crate) fn left(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*number))
    }

    /// A number that has to fit into a smaller type.
    pub(crate) fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        T::try_from(self.u64()?).ok()
    }

    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let count = self.number()?;
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?.to_vec()).ok()
    }
}

/// A checksum that tells a torn record from a whole one: FNV-1a, which is
/// enough against accidents and nothing against malice.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
