//! What remains to be said after a panic.
//!
//! A panic stops the WebAssembly instance in the middle of a call, but its
//! memory can still be read. So the run so far is noted outside the lab that
//! the panic leaves unusable, and the page can ask for it afterwards.

use std::cell::RefCell;

use raft_sim::Run;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use crate::view::LastWords;

#[derive(Default)]
struct Journal {
    saved: String,
    saved_events: u64,
    position: u64,
    message: Option<String>,
}

thread_local! {
    static JOURNAL: RefCell<Journal> = RefCell::default();
}

/// Installs the hook that keeps a panic's message.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        let message = info.to_string();
        #[cfg(target_arch = "wasm32")]
        web_sys::console::error_1(&wasm_bindgen::JsValue::from_str(&message));
        remember_message(message);
    }));
}

/// After a panic: what it said, and the run up to it as a playbook.
///
/// # Errors
/// None: the conversion to an object cannot fail.
#[wasm_bindgen(js_name = lastWords)]
pub fn last_words() -> Result<Option<Ts<LastWords>>, JsError> {
    read_journal().map(|words| Ok(words.into_ts()?)).transpose()
}

fn read_journal() -> Option<LastWords> {
    JOURNAL.with_borrow(|journal| {
        let message = journal.message.clone()?;
        let mut run = journal.saved.clone();
        let steps = journal.position.saturating_sub(journal.saved_events);
        if steps > 0 {
            run = format!("{run}step {steps}\n");
        }
        Some(LastWords { message, run })
    })
}

/// Notes the whole run: after it was opened, and after each thing done to it.
pub(crate) fn note_run(run: &Run) {
    JOURNAL.with_borrow_mut(|journal| {
        journal.saved = raft_play::save(run);
        journal.saved_events = run.events().len() as u64;
        journal.position = run.position();
    });
}

/// Notes how far the run has come by itself.
pub(crate) fn note_position(run: &Run) {
    JOURNAL.with_borrow_mut(|journal| journal.position = run.position());
}

fn remember_message(message: String) {
    JOURNAL.with(|journal| {
        // The journal could be in use only if noting itself panicked, and
        // then there is nothing to add.
        if let Ok(mut journal) = journal.try_borrow_mut() {
            journal.message = Some(message);
        }
    });
}

#[cfg(test)]
mod tests {
    use raft_sim::{Run, Setup};

    #[test]
    fn a_panic_leaves_its_message_and_a_run_that_opens() {
        super::start();
        let mut run = Run::new(Setup::default());
        run.act(&raft_play::text::action("timeout S1").expect("an Action"))
            .expect("done");
        super::note_run(&run);
        for _ in 0..7 {
            assert_eq!(run.step(), Ok(true));
        }
        super::note_position(&run);
        let panicked = std::panic::catch_unwind(|| panic!("the core met its end"));
        drop(std::panic::take_hook());
        assert!(panicked.is_err());
        let words = super::read_journal().expect("a panic happened");
        assert!(words.message.contains("the core met its end"));
        let again = raft_play::open(&words.run).expect("the run so far is a playbook");
        assert_eq!(again.digest(), run.digest());
    }
}
