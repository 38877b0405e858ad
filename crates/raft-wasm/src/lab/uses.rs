//! How often the clauses have acted, and where.

use js_sys::Uint32Array;
use raft_core::Rule;
use raft_play::words::Language;
use tsify::Tsify;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{Lab, Object, look};
use crate::view::{EventList, Lang};

/// In how many events each rule has acted, in the order of the figure's list.
#[wasm_bindgen(getter_with_clone)]
pub struct UseColumns {
    /// Up to the present instant.
    #[wasm_bindgen(js_name = soFar)]
    pub so_far: Uint32Array,
    /// In the whole branch.
    pub all: Uint32Array,
}

#[wasm_bindgen]
impl Lab {
    /// In how many events of the branch each rule has acted.
    #[must_use]
    pub fn uses(&self) -> UseColumns {
        let branch = &self.run.branches()[self.run.current_branch()];
        let so_far = branch.uses_until(self.run.position());
        UseColumns {
            so_far: Uint32Array::from(so_far.all()),
            all: Uint32Array::from(branch.uses().all()),
        }
    }

    /// Up to `count` events in which the rule of this id acted, after the first `earlier` of them; none
    /// for an unknown id.
    #[wasm_bindgen(js_name = usesOf)]
    #[allow(
        clippy::needless_pass_by_value,
        reason = "JavaScript hands objects over"
    )]
    pub fn uses_of(&self, rule: &str, earlier: u32, count: u32, lang: Lang) -> Object<EventList> {
        let language = Language::from(lang);
        let branch = &self.run.branches()[self.run.current_branch()];
        let places = earlier..earlier.saturating_add(count);
        let found = Rule::named(rule).into_iter();
        let found = found.flat_map(|rule| {
            let places = places.clone();
            places.map_while(move |place| branch.use_of(rule, place))
        });
        let views = found.map(|event| look::event(&self.run, &event, language));
        Ok(EventList(views.collect()).into_ts()?)
    }
}
