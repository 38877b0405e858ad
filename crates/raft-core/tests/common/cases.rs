//! How many cases a property tries.

extern crate std;

use proptest::prelude::ProptestConfig;

/// The most cases that Miri is given, which takes a thousand times as long for each.
const MIRI_CASES_MAX: u32 = 2;

/// `count` cases. Miri gets few, and `RAFT_CASES` sets a bound where the same
/// tests are run many times over, as they are for each mutant.
///
/// # Panics
/// Where `RAFT_CASES` is set and is no number.
pub(crate) fn cases(count: u32) -> ProptestConfig {
    let bound = match std::env::var("RAFT_CASES") {
        Ok(bound) => bound.parse().expect("RAFT_CASES is a number"),
        Err(_) if cfg!(miri) => MIRI_CASES_MAX,
        Err(_) => u32::MAX,
    };
    ProptestConfig {
        cases: count.min(bound),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}
