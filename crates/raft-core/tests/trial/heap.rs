//! Counts what one thread allocates, by standing between the program and the
//! system's allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// To be made the program's allocator.
pub(crate) struct Counted;

thread_local! {
    static LIVE: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
    static BEFORE: Cell<usize> = const { Cell::new(0) };
}

/// How many bytes this thread had allocated when this was last asked, and how
/// many more it had at some time since. What another thread gives back for it
/// is not seen, so this is for use within one.
pub(crate) fn taken_since_last() -> (usize, usize) {
    let had = BEFORE.replace(LIVE.get());
    let peak = PEAK.replace(LIVE.get());
    (had, peak.saturating_sub(had))
}

fn take(bytes: usize) {
    let live = LIVE.get().saturating_add(bytes);
    LIVE.set(live);
    PEAK.set(PEAK.get().max(live));
}

fn give_back(bytes: usize) {
    LIVE.set(LIVE.get().saturating_sub(bytes));
}

#[allow(
    unsafe_code,
    reason = "an allocator cannot be written ablated; each method passes its caller's promises on \
              to the system's allocator as they are"
)]
// SAFETY: the system's allocator does all the work, and counting allocates nothing.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        give_back(layout.size());
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        give_back(layout.size());
        take(size);
        unsafe { System.realloc(pointer, layout, size) }
    }
}
