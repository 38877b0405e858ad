//! What is drawn of a whole run at once, in columns.

use js_sys::{Float64Array, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;

use super::answer::kind_number;
use super::{Lab, float, number};

/// Columns of events, for drawing many at once.
#[wasm_bindgen(getter_with_clone)]
pub struct EventColumns {
    /// When each happened.
    pub at: Float64Array,
    /// On which server; 0 for none.
    pub server: Uint8Array,
    /// What kind each is: 0 acted, 1 delivered, 2 parked, 3 lost, 4 timer,
    /// 5 written.
    pub kind: Uint8Array,
    /// 1 for a notable event.
    #[wasm_bindgen(js_name = ofNote)]
    pub of_note: Uint8Array,
}

/// What each server was, from one instant on to the next: columns, server by server.
#[wasm_bindgen(getter_with_clone)]
pub struct LaneColumns {
    /// On which server.
    pub server: Uint8Array,
    /// From when on.
    pub at: Float64Array,
    /// Its term; -1 while it is down.
    pub term: Float64Array,
    /// 1 while it leads.
    pub leads: Uint8Array,
}

#[wasm_bindgen]
impl Lab {
    /// Columns of all events from number `from` on.
    #[must_use]
    pub fn columns(&self, from: f64) -> EventColumns {
        let (mut at, mut server, mut kind, mut of_note) = (vec![], vec![], vec![], vec![]);
        for event in self.run.events().range(number(from)..u64::MAX) {
            at.push(float(event.at.0));
            let id = event.server.map_or(0, |id| u8::try_from(id.0).unwrap_or(0));
            server.push(id);
            kind.push(kind_number(&event.kind));
            of_note.push(u8::from(self.run.is_of_note(&event)));
        }
        EventColumns {
            at: Float64Array::from(at.as_slice()),
            server: Uint8Array::from(server.as_slice()),
            kind: Uint8Array::from(kind.as_slice()),
            of_note: Uint8Array::from(of_note.as_slice()),
        }
    }

    /// What each server was over the time of the branch.
    #[must_use]
    pub fn lanes(&self) -> LaneColumns {
        let (mut server, mut at, mut term, mut leads) = (vec![], vec![], vec![], vec![]);
        for (id, lane) in (1..).zip(self.run.lanes().iter()) {
            for span in lane {
                server.push(id);
                at.push(float(span.at.0));
                term.push(span.standing.map_or(-1.0, |is| float(is.term.0)));
                leads.push(u8::from(span.standing.is_some_and(|is| is.leads)));
            }
        }
        LaneColumns {
            server: Uint8Array::from(server.as_slice()),
            at: Float64Array::from(at.as_slice()),
            term: Float64Array::from(term.as_slice()),
            leads: Uint8Array::from(leads.as_slice()),
        }
    }
}
