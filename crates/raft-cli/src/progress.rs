//! How far a command is: one line on the standard error, rewritten, if that is a terminal.
//!
//! It appears after half a second, so that a short command shows nothing.

use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const APPEARS_AFTER: Duration = Duration::from_millis(500);
const REDRAWN_EVERY: Duration = Duration::from_millis(200);

/// A line that says how far a command is, and is gone when this is dropped.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// For something of which it is not known how long it takes.
    pub(crate) fn of(what: &str) -> Self {
        let progress = Self::begun(
            ProgressBar::new_spinner(),
            "{spinner} {elapsed}  {wide_msg}",
        );
        progress.say(what.to_owned());
        progress
    }

    /// For so many of something.
    pub(crate) fn counting(number: u64, what: &str) -> Self {
        let template = format!("{{bar:20}} {{pos}}/{{len}} {what}  {{eta}} left  {{wide_msg}}");
        Self::begun(ProgressBar::new(number), &template)
    }

    fn begun(bar: ProgressBar, template: &str) -> Self {
        bar.set_draw_target(ProgressDrawTarget::hidden());
        // The templates are right; a line that looks plain would be no reason not to go on.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let later = bar.clone();
        thread::spawn(move || {
            thread::sleep(APPEARS_AFTER);
            if !later.is_finished() {
                later.set_draw_target(ProgressDrawTarget::stderr());
                later.enable_steady_tick(REDRAWN_EVERY);
            }
        });
        Self(bar)
    }

    /// One more is done.
    pub(crate) fn one_more(&self) {
        self.0.inc(1);
    }

    /// Says this at the end of the line.
    pub(crate) fn say(&self, words: String) {
        self.0.set_message(words);
    }

    /// Prints something above the line.
    pub(crate) fn above<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    /// The line disappears.
    pub(crate) fn end(&self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
