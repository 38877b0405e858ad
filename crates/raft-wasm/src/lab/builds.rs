//! Runs to build, and pairs of runs, for a page that asks for them.

use raft_core::{Rule, RuleSet};
use raft_play::building::{Marker, Progress, is_allowed};
use raft_play::text::Line;
use raft_play::words::{Language, describe};
use raft_sim::Run;
use raft_sim::run::{Beginning, Contrasted, Done, Goal, Place};
use tsify::{Ts, Tsify};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use super::look::ids_of;
use super::questions::said;
use super::{Lab, Object};
use crate::view::{
    BuildAction, BuildView, CannotView, ContrastList, ContrastView, GoalView, HintView, Lang,
};

/// The most events that are gone through for what has come of an Action.
const CAME_MAX: u64 = 10_000;

#[wasm_bindgen]
impl Lab {
    /// The run that the playbook asks for, and how far it has come at the present instant; nothing
    /// where it asks for none, or the branch has left it before.
    pub fn build(&mut self, lang: Lang) -> Result<Option<Ts<BuildView>>, JsError> {
        let marker = self.marker.take().filter(|marker| marker.is_of(&self.run));
        self.marker = marker.or_else(|| Marker::new(&self.run));
        let Some(marker) = &mut self.marker else {
            return Ok(None);
        };
        marker.go_on(&self.run);
        Ok(Some(view(&self.run, marker, lang.into()).into_ts()?))
    }

    /// The hint `number` of the run to build, counted from 0, if there is one.
    pub fn hint(&self, number: usize, lang: Lang) -> Result<Option<Ts<HintView>>, JsError> {
        let language = Language::from(lang);
        let Some(begun) = self.run.build() else {
            return Ok(None);
        };
        let build = &begun.build;
        let hint = match build.hints.get(number) {
            Some(hint) => HintView {
                text: said(hint, language),
                ..HintView::default()
            },
            None if number > build.hints.len() => return Ok(None),
            None => HintView {
                text: String::new(),
                way: if build.is_impossible {
                    Vec::new()
                } else {
                    build.way.clone()
                },
                is_impossible: build.is_impossible,
                why: said(&build.why, language),
                rules: ids_of(build.rules),
            },
        };
        Ok(Some(hint.into_ts()?))
    }

    /// The reader says that the run cannot be built, because of this rule.
    #[wasm_bindgen(js_name = cannotBeBuilt)]
    pub fn cannot_be_built(&self, rule: &str, lang: Lang) -> Object<CannotView> {
        let named = Rule::named(rule);
        let begun = self.run.build().filter(|begun| {
            let build = &begun.build;
            build.is_impossible && named.is_some_and(|rule| build.rules.contains(rule))
        });
        let answer = begun.map_or_else(CannotView::default, |begun| CannotView {
            is_right: true,
            why: said(&begun.build.why, lang.into()),
            rules: ids_of(begun.build.rules),
        });
        Ok(answer.into_ts()?)
    }

    /// The runs that the playbook compares with itself, as far as the branch follows it.
    pub fn contrasts(&self, lang: Lang) -> Object<ContrastList> {
        let language = Language::from(lang);
        let contrasts = self.run.contrasts().iter();
        let views = contrasts.map(|contrasted| contrast(contrasted, language));
        Ok(ContrastList(views.collect()).into_ts()?)
    }
}

fn view(run: &Run, marker: &mut Marker, language: Language) -> BuildView {
    let begun = marker.begun().clone();
    let build = &begun.build;
    let Progress {
        met,
        broken,
        violations,
        used,
        forbidden: _,
        modified,
        is_cut_short,
        done,
    } = marker.progress(run);
    let (goals, always) = marker.found(run);
    let met = met.into_iter().map(Some).chain(std::iter::repeat(None));
    let is_done = done.is_some();
    BuildView {
        text: said(&build.text, language),
        bound: build.actions_max,
        verbs: build.verbs.clone(),
        line: begun.line,
        started_position: begun.place.0,
        started_at: begun.place.1.0,
        goals: goal_views(&build.goals, met, goals, language),
        always: goal_views(&build.always, broken.into_iter(), always, language),
        violations,
        actions: actions(run, marker, language),
        used,
        modified: ids_of(modified),
        is_cut_short,
        done_position: done.map(|(position, _)| position),
        done_at: done.map(|(_, at)| at.0),
        hints: build.hints.len() + 1,
        why: if is_done {
            said(&build.why, language)
        } else {
            String::new()
        },
        rules: ids_of(if is_done { build.rules } else { RuleSet::EMPTY }),
    }
}

fn goal_views(
    goals: &[Goal],
    places: impl Iterator<Item = Option<Place>>,
    found: Vec<String>,
    language: Language,
) -> Vec<GoalView> {
    let parts = goals.iter().zip(places).zip(found);
    let view = |((goal, place), found): ((&Goal, Option<Place>), String)| GoalView {
        text: said(&goal.text, language),
        when: goal.when.clone(),
        position: place.map(|(position, _)| position),
        at: place.map(|(_, at)| at.0),
        found,
    };
    parts.map(view).collect()
}

/// What has been done since the building began, each with what came of it.
fn actions(run: &Run, marker: &Marker, language: Language) -> Vec<BuildAction> {
    let begun = marker.begun();
    let now = run.position();
    let done = run.done_since(begun).iter();
    let done: Vec<&Done> = done.filter(|done| done.position < now).collect();
    let ends = done.iter().skip(1).map(|next| next.position);
    let pairs = done.iter().zip(ends.chain([now]));
    let views = pairs.map(|(done, end)| {
        let first = done.position.max(end.saturating_sub(CAME_MAX)) + 1;
        let mut events = run.events().range(first..end).rev();
        let came = events.find(|event| run.is_of_note(event));
        BuildAction {
            line: Line(&done.action).to_string(),
            position: done.position,
            at: done.at.0,
            came: came.map_or_else(String::new, |event| describe(&event, language)),
            is_allowed: is_allowed(&begun.build, &done.action),
        }
    });
    views.collect()
}

fn contrast(contrasted: &Contrasted, language: Language) -> ContrastView {
    let contrast = &contrasted.contrast;
    let mut view = ContrastView {
        line: contrasted.line,
        position: contrasted.place.0,
        at: contrasted.place.1.0,
        without: Vec::new(),
        feature: None,
        seed: None,
        action: None,
        same: said(&contrast.same, language),
        alike: said(&contrast.alike, language),
        principle: said(&contrast.principle, language),
    };
    match &contrast.beginning {
        Beginning::Without(rules) => view.without = ids_of(*rules),
        Beginning::With(feature) => view.feature = Some(feature.name()),
        Beginning::Seed(seed) => view.seed = Some(*seed),
        Beginning::Do(line) => view.action = Some(line.clone()),
    }
    view
}
