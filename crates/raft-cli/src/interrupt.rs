//! Ctrl-C ends what is under way and lets it print what it has; a second one ends everything.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Begins to listen.
pub(crate) fn listen() {
    let set = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            process::exit(130);
        }
    });
    // Without a handler Ctrl-C simply ends the program, which is no reason not to begin.
    drop(set);
}

/// Whether somebody wants it to end.
pub(crate) fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
