//! Another branch beside the one on show.

use raft_core::NodeId;
use raft_play::variant::{Variant, variant};
use raft_play::words::Language;
use raft_sim::run::{Comparing, Difference, Place, Same};
use raft_sim::setup::Feature;
use raft_sim::{Invariant, Micros, Run};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use super::columns::{LaneColumns, lanes_of};
use super::{Lab, Object, Opening, UnderWay, float, look, number, refused};
use crate::view::{BesideView, DifferenceView, Lang, Outcome, SameView};

/// How many events the other branch goes on past its end for one look at it: some milliseconds.
const EVENTS_BESIDE: u64 = 5_000;

/// The branch that is looked at beside the one on show.
pub(super) struct Beside {
    run: Run,
    /// Which branch, after how many turns, and how long it was then.
    of: (usize, u64, usize),
    /// Where a difference was found: the places of both.
    met: Option<(Place, u64)>,
}

impl Beside {
    fn of(run: &Run, id: usize) -> Option<(usize, u64, usize)> {
        Some((id, run.turns(), run.branches().get(id)?.len()))
    }

    /// Stands at the instant at which `run` does.
    fn stand(&mut self, run: &Run) {
        let place = (run.position(), run.world().now());
        match self.met {
            Some((met, position)) if met == place => self.run.go_to_instant(position, place.1),
            Some(_) | None => self.run.stand_beside(run, EVENTS_BESIDE),
        }
    }
}

#[wasm_bindgen]
impl Lab {
    /// The branch `id` at the present instant, with the entries of `columns` indices from
    /// `first_index` on; nothing if there is no such branch.
    pub fn beside(
        &mut self,
        id: usize,
        first_index: f64,
        columns: u32,
        lang: Lang,
    ) -> Result<Option<Ts<BesideView>>, JsError> {
        if !self.put_beside(id) {
            return Ok(None);
        }
        let Some(beside) = &mut self.beside else {
            return Ok(None);
        };
        beside.stand(&self.run);
        let run = &beside.run;
        let last = run.position().checked_sub(1);
        let language = Language::from(lang);
        let view = BesideView {
            view: look::view(run, number(first_index), u64::from(columns)),
            explanation: last.and_then(|last| look::explain(run, last, language)),
            is_behind: run.world().now() < self.run.world().now(),
            same: same(&self.run, run),
            failures: look::failures(run),
        };
        Ok(Some(view.into_ts()?))
    }

    /// What each server was over the time of the branch that is looked at beside the present one.
    #[must_use]
    #[wasm_bindgen(js_name = lanesBeside)]
    pub fn lanes_beside(&self) -> Option<LaneColumns> {
        self.beside.as_ref().map(|beside| lanes_of(&beside.run))
    }

    /// Looks for the next difference between the present branch and the branch `id`, or for the
    /// first, or starts to, as [`Lab::act`] does; then [`Lab::take_difference`] has what was found.
    #[wasm_bindgen(js_name = compareWith)]
    pub fn compare_with(&mut self, id: usize, first: bool) -> Object<Outcome> {
        self.moving();
        self.difference = None;
        if self.put_beside(id)
            && let Some(beside) = &mut self.beside
            && let Some(one) = self.run.alone(self.run.current_branch())
            && let Some(other) = self.run.alone(id)
        {
            beside.stand(&self.run);
            let known = if first {
                [0, 0]
            } else {
                [self.run.position(), beside.run.position()]
            };
            let comparing = Comparing::new([one, other], known);
            self.under_way = Some(UnderWay::Comparing(Box::new(comparing)));
        }
        self.go_on()
    }

    /// What was found last; nothing if the two are the same from there on.
    #[wasm_bindgen(js_name = takeDifference)]
    pub fn take_difference(&mut self) -> Result<Option<Ts<DifferenceView>>, JsError> {
        let Some(found) = self.difference.take() else {
            return Ok(None);
        };
        if let Some(beside) = &mut self.beside {
            beside.met = Some(((found.positions[0], found.at), found.positions[1]));
        }
        Ok(Some(difference(found).into_ts()?))
    }

    /// Plays the present branch again with one Action more, at the present instant, and all that was
    /// done after it; goes to the end of that branch. Or starts to, as [`Lab::act`] does. Undone, it
    /// is told of by `words`.
    #[wasm_bindgen(js_name = replayWith)]
    pub fn replay_with(&mut self, action: &str, words: &str) -> Object<Outcome> {
        let action = match raft_play::text::action(action) {
            Ok(action) => action,
            Err(error) => return Ok(refused(&error, None).into_ts()?),
        };
        self.moving().begin_act(words);
        let replay = self.run.begin_acted(&action);
        self.under_way = Some(UnderWay::Replay(Box::new(replay)));
        self.go_on()
    }

    /// Adds the branch that has been played in `opening`, as something that was done: it can be
    /// undone, and is then told of by `words`.
    #[wasm_bindgen(js_name = addVariant)]
    pub fn add_variant(&mut self, opening: Opening, words: &str) -> Object<Outcome> {
        self.moving().begin_act(words);
        self.add(opening, None, 0.0, None)
    }

    /// The present branch as a playbook of another seed.
    #[must_use]
    #[wasm_bindgen(js_name = withSeed)]
    pub fn with_seed(&self, seed: f64) -> String {
        let text = raft_play::save(&self.run);
        variant(&text, self.run.setup(), Variant::Seed(number(seed)))
    }

    /// The present branch as a playbook with a feature more or less; nothing if there is none of
    /// that name.
    #[must_use]
    #[wasm_bindgen(js_name = withFeature)]
    pub fn with_feature(&self, name: &str) -> Option<String> {
        let mut all = Feature::ALL.into_iter();
        let feature = all.find(|feature| feature.name() == name)?;
        let text = raft_play::save(&self.run);
        Some(variant(&text, self.run.setup(), Variant::Toggle(feature)))
    }
}

impl Lab {
    /// Has the branch `id` at hand; `false` if there is none.
    fn put_beside(&mut self, id: usize) -> bool {
        let Some(of) = Beside::of(&self.run, id) else {
            return false;
        };
        if self.beside.as_ref().is_none_or(|beside| beside.of != of) {
            let run = self.run.alone(id);
            let met = None;
            self.beside = run.map(|run| Beside { run, of, met });
        }
        true
    }
}

/// What is alike in two branches where they stand.
fn same(one: &Run, other: &Run) -> SameView {
    let Same {
        events,
        terms,
        logs,
    } = one.same_as(other);
    let ids = |servers: Vec<NodeId>| servers.into_iter().map(|id| id.0).collect();
    SameView {
        events,
        terms: ids(terms),
        logs: ids(logs),
    }
}

fn difference(found: Difference) -> DifferenceView {
    let Difference {
        at: Micros(at),
        before,
        positions,
        values,
        broken,
    } = found;
    let names = |broken: &[Invariant], language: Language| {
        let names = broken.iter().map(|one| language.invariant(*one).to_owned());
        names.collect::<Vec<_>>()
    };
    DifferenceView {
        at: float(at),
        before: float(before),
        position: float(positions[0]),
        position_beside: float(positions[1]),
        values: values.into_iter().map(look::change).collect(),
        broken: broken
            .iter()
            .map(|broken| names(broken, Language::English))
            .collect(),
        broken_zh: broken
            .iter()
            .map(|broken| names(broken, Language::Chinese))
            .collect(),
    }
}
