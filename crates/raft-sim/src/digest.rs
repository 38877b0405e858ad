//! A fingerprint of anything hashable, equal on every platform.
//!
//! The standard library hashes lengths and enum tags by the width of a
//! pointer, which differs between a browser's 32 bits and a server's 64.
//! Here both are widened and written in one byte order.

use core::hash::{Hash, Hasher};

use siphasher::sip::SipHasher13;

/// A running fingerprint.
#[derive(Debug, Clone, Default)]
pub struct Digest(SipHasher13);

impl Digest {
    /// The fingerprint of one value.
    #[must_use]
    pub fn of(value: &impl Hash) -> u64 {
        let mut digest = Self::default();
        value.hash(&mut digest);
        digest.finish()
    }
}

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    fn write_u16(&mut self, number: u16) {
        self.0.write(&number.to_le_bytes());
    }

    fn write_u32(&mut self, number: u32) {
        self.0.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.0.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.0.write(&(number as i64).to_le_bytes());
    }

    fn finish(&self) -> u64 {
        self.0.finish()
    }
}
