//! A signal ends a command at once, except one that has declared that it keeps its findings: it
//! prints them first. A second signal does not wait for that.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use std::{process, thread};

#[cfg(unix)]
use signal_hook::consts::SIGHUP;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

#[cfg(unix)]
const SIGNALS: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];
#[cfg(not(unix))]
const SIGNALS: [i32; 2] = [SIGINT, SIGTERM];

/// What a shell adds to the number of the signal that ended a program.
const ENDED_BY_SIGNAL: i32 = 128;
/// How often signals are checked for, and how long a command may take to print what it has found.
const LOOK_EVERY: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(10);

static ASKED_BY: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);
static ENDS_AT_ONCE: LazyLock<Arc<AtomicBool>> = LazyLock::new(|| Arc::new(AtomicBool::new(true)));

/// Starts listening: until [`keep_what_is_found`] a signal simply ends the program.
pub(crate) fn listen() {
    for signal in SIGNALS {
        let number = usize::try_from(signal).unwrap_or_default();
        let status = ENDED_BY_SIGNAL + signal;
        // These run in this order: the first signal is noted, and enables the next one to end all.
        let set = flag::register_conditional_shutdown(signal, status, ENDS_AT_ONCE.clone())
            .and_then(|_| flag::register_usize(signal, ASKED_BY.clone(), number))
            .and_then(|_| flag::register(signal, ENDS_AT_ONCE.clone()));
        // Without these handlers a signal ends the program as usual, which is no reason not to
        // start.
        drop(set);
    }
}

/// From now on there is something to print when a signal arrives.
pub(crate) fn keep_what_is_found() {
    ENDS_AT_ONCE.store(false, Ordering::Relaxed);
    thread::spawn(|| {
        while !is_asked() {
            thread::sleep(LOOK_EVERY);
        }
        // Its output may go where nobody reads it.
        thread::sleep(PATIENCE);
        process::exit(status().into());
    });
}

/// Whether the command was interrupted.
pub(crate) fn is_asked() -> bool {
    ASKED_BY.load(Ordering::Relaxed) != 0
}

/// The exit code of a command that was interrupted.
pub(crate) fn status() -> u8 {
    let signal = ASKED_BY.load(Ordering::Relaxed);
    u8::try_from(signal).map_or(u8::MAX, |signal| signal.saturating_add(128))
}
