//! Bytes as what is done to a server: the checks are those of
//! `tests/hostile.rs`, and a failure is replayed there, step by step.
#![no_main]

#[path = "../../tests/common/mod.rs"]
mod common;
#[path = "../../tests/trial/mod.rs"]
// Scripts of numbers are drawn by the property tests only.
#[allow(dead_code)]
mod trial;

use libfuzzer_sys::fuzz_target;

#[global_allocator]
static HEAP: trial::heap::Counted = trial::heap::Counted;

fuzz_target!(|bytes: &[u8]| trial::Script::of_bytes(bytes).play());
