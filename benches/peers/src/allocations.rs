//! Counts what is allocated, by standing between the program and the system's
//! allocator.
//!
//! The benchmark has one thread, so the counters are read and written in two
//! plain steps: an atomic addition costs several nanoseconds, and a contestant
//! that allocates often would pay for being watched.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static MADE: AtomicU64 = AtomicU64::new(0);
static BYTES_TAKEN: AtomicU64 = AtomicU64::new(0);
static BYTES_RETURNED: AtomicU64 = AtomicU64::new(0);

#[global_allocator]
static COUNTING: Counting = Counting;

struct Counting;

/// How many allocations there have been; one that is moved to grow counts again.
pub(crate) fn made() -> u64 {
    MADE.load(Relaxed)
}

/// How many bytes are allocated now.
pub(crate) fn bytes() -> u64 {
    BYTES_TAKEN.load(Relaxed) - BYTES_RETURNED.load(Relaxed)
}

fn add(counter: &AtomicU64, amount: usize) {
    counter.store(counter.load(Relaxed) + amount as u64, Relaxed);
}

#[allow(
    unsafe_code,
    reason = "an allocator cannot be written without; each method passes its caller's promises on \
              to the system's allocator as they are"
)]
// SAFETY: the system's allocator does all the work, and counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(&MADE, 1);
        add(&BYTES_TAKEN, layout.size());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        add(&MADE, 1);
        add(&BYTES_TAKEN, layout.size());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        add(&BYTES_RETURNED, layout.size());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        add(&MADE, 1);
        add(&BYTES_TAKEN, new_size);
        add(&BYTES_RETURNED, layout.size());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.realloc(pointer, layout, new_size) }
    }
}
