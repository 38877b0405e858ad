//! The search beside stateright, on the same clusters in one run: how many states a second each
//! finds, and how many bytes each takes for one.
//!
//! Neither uses symmetry, and each has one thread. What is left over is how much fewer states there
//! are with symmetry.

#[path = "../tests/peers/model.rs"]
mod model;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use raft_check::explore::{Bounds, Limits, explore};

static TAKEN: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static COUNTING: Counting = Counting;

struct Counting;

#[allow(
    unsafe_code,
    reason = "an allocator cannot be written without; each method passes its caller's promises on \
              to the system's allocator as they are"
)]
// SAFETY: the system's allocator does all the work, and counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = TAKEN.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST.fetch_max(now, Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        TAKEN.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// What a search cost.
struct Cost {
    states: u64,
    seconds: f64,
    bytes: usize,
}

impl Cost {
    fn of(search: impl FnOnce() -> u64) -> Self {
        let before = TAKEN.load(Relaxed);
        MOST.store(before, Relaxed);
        let begin = Instant::now();
        let states = search();
        Self {
            states,
            seconds: begin.elapsed().as_secs_f64(),
            bytes: MOST.load(Relaxed) - before,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "printed with few digits")]
    fn rates(&self) -> [f64; 2] {
        let states = self.states as f64;
        [states / self.seconds, self.bytes as f64 / states]
    }

    fn print(&self, name: &str) {
        let [rate, bytes] = self.rates();
        let states = self.states;
        println!("{name:<26} {states:>9} states {rate:>9.0} a second {bytes:>7.0} bytes each");
    }
}

fn ours(bounds: &Bounds) -> u64 {
    let limits = Limits {
        workers: 1,
        bytes_max: usize::MAX,
    };
    let report = explore(bounds, limits, |_| true).expect("it can be searched");
    report.progress.states
}

fn main() {
    // Each message arrives once at most: then neither leaves anything out.
    let plain = Bounds {
        terms: 1,
        symmetry: false,
        ..Bounds::default()
    };
    let with_symmetry = Bounds {
        symmetry: true,
        ..plain.clone()
    };
    let theirs = Cost::of(|| model::searched(&plain).states);
    theirs.print("stateright");
    let search = Cost::of(|| ours(&plain));
    search.print("raft-check");
    let symmetric = Cost::of(|| ours(&with_symmetry));
    symmetric.print("raft-check, with symmetry");
    assert_eq!(theirs.states, search.states, "they search the same");
    let ([their_rate, their_bytes], [rate, bytes]) = (theirs.rates(), search.rates());
    #[expect(clippy::cast_precision_loss, reason = "printed with few digits")]
    let fewer = search.states as f64 / symmetric.states as f64;
    println!("ratio symmetry {fewer:.2}");
    println!("ratio states {:.1}", rate / their_rate);
    println!("ratio memory {:.3}", bytes / their_bytes);
}
