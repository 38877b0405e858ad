//! The one object that the page holds: a run, with Actions going in as text
//! and views coming out.

use raft_core::{Rule, RuleKind};
use raft_play::building::Marker;
use raft_play::refusal;
use raft_play::script::Player;
use raft_play::text::{Source, TextError};
use raft_play::vocabulary;
use raft_play::words::{self, Language};
use raft_sim::letter::Letter;
use raft_sim::run::{Ablating, Aim, Comparing, Difference, Failure, Held, RunError};
use raft_sim::setup::Feature;
use raft_sim::{MessageId, Micros, Run};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use crate::last_words::{note_position, note_run};
use crate::view::{
    BranchList, BranchView, DetailList, EventList, Explanation, FailureList, FeatureList,
    FeatureView, FigureList, FigureView, InstantView, Lang, LinkView, Outcome, Passage, PhaseList,
    PhaseView, PhraseList, PhraseView, Problem, RuleView, Unmet, View,
};

mod answer;
mod branches;
mod builds;
mod columns;
mod compare;
mod detail;
mod look;
mod opening;
mod questions;
pub(crate) mod text;
mod uses;

use answer::{done, passage, problem, refused, rule, unmet};
use compare::Beside;
pub(crate) use opening::Opening;

/// How many steps of work are done at a time: some milliseconds, or two thousand events.
const SLICE: u64 = 400_000;
/// How many events are played again at a time: some milliseconds.
const EVENTS_SLICE: u64 = 2_000;
/// How far the search for a notable event plays past the end of the branch.
const SEARCH_LIMIT: Micros = Micros::from_secs(30);
/// Whole numbers below this are exact in JavaScript.
const SAFE: u64 = 1 << 53;

/// An object for JavaScript; an error here would be thrown, and none arises.
type Object<T> = Result<Ts<T>, JsError>;

/// A run, viewed at one instant.
#[wasm_bindgen]
pub struct Lab {
    run: Run,
    /// The long operation in progress, if any.
    under_way: Option<UnderWay>,
    /// The branch that is looked at beside it, and the difference between them that was found last.
    beside: Option<Beside>,
    difference: Option<Difference>,
    /// What has been seen of the run that is being built.
    marker: Option<Marker>,
}

/// An operation that takes so long that it is done in slices.
enum UnderWay {
    /// The effect of a line.
    Line(Box<Player>),
    /// The replay of a branch under other rules.
    Replay(Box<Ablating>),
    /// The search for a difference between two branches.
    Comparing(Box<Comparing>),
}

/// A lab, or the reason why there is none.
#[wasm_bindgen]
pub struct Opened {
    lab: Option<Lab>,
    problem: Option<Problem>,
}

#[wasm_bindgen]
impl Opened {
    /// The lab; it can be taken once.
    pub fn lab(&mut self) -> Option<Lab> {
        self.lab.take()
    }

    /// Why there is none.
    pub fn error(&self) -> Result<Option<Ts<Problem>>, JsError> {
        let problem = self.problem.as_ref();
        problem.map(|problem| Ok(problem.into_ts()?)).transpose()
    }
}

#[wasm_bindgen]
#[allow(
    clippy::needless_pass_by_value,
    reason = "JavaScript hands objects over"
)]
impl Lab {
    /// Plays a playbook to its end, and goes back to its beginning, however long that takes: see
    /// `Opening`.
    #[must_use]
    pub fn open(playbook: &str) -> Opened {
        let mut opening = Opening::new(playbook);
        while !opening.go_on() {}
        opening.opened()
    }

    /// The present instant, with the entries of `columns` indices from
    /// `first_index` on.
    pub fn view(&self, first_index: f64, columns: u32) -> Object<View> {
        Ok(look::view(&self.run, number(first_index), u64::from(columns)).into_ts()?)
    }

    /// The link of one direction, if there are such servers.
    pub fn link(&self, from: u16, to: u16) -> Result<Option<Ts<LinkView>>, JsError> {
        look::link(&self.run, from, to)
            .map(|link| Ok(link.into_ts()?))
            .transpose()
    }

    /// What a message in flight carries; nothing once it has arrived.
    pub fn detail(&self, message: f64) -> Object<DetailList> {
        let (network, id) = (self.run.world().network(), MessageId(number(message)));
        let flight = network.flights().get(&id);
        let fields = flight.map(|flight| match &flight.letter {
            Letter::Rpc(rpc) => detail::detail(&rpc.said),
            Letter::Call(call) => detail::call(call),
        });
        Ok(DetailList(fields.unwrap_or_default()).into_ts()?)
    }

    /// The present time.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn now(&self) -> f64 {
        float(self.run.world().now().0)
    }

    /// How many events come before the present instant.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn position(&self) -> f64 {
        float(self.run.position())
    }

    /// Performs one line, or starts to: what takes long is continued by
    /// [`Lab::go_on`], unless anything else is done first.
    pub fn act(&mut self, action: &str) -> Object<Outcome> {
        self.run.begin_act(action);
        match raft_play::begin_line(&self.run, action) {
            Ok(player) => {
                self.under_way = Some(UnderWay::Line(Box::new(player)));
                self.go_on()
            }
            Err(error) => Ok(refused(&error, None).into_ts()?),
        }
    }

    /// Continues for some milliseconds with the operation in progress.
    #[wasm_bindgen(js_name = goOn)]
    pub fn go_on(&mut self) -> Object<Outcome> {
        let outcome = match self.under_way.take() {
            None => return Ok(done(None).into_ts()?),
            Some(UnderWay::Line(mut player)) => {
                match raft_play::go_on_line(&mut self.run, &mut player, SLICE) {
                    Ok((false, _)) => return self.goes_on(UnderWay::Line(player)),
                    Ok((true, held)) => done(held.as_ref()),
                    Err(failure) => refused(&failure.error, unmet(&failure)),
                }
            }
            Some(UnderWay::Replay(mut replay)) => {
                if !replay.go_on(&self.run, EVENTS_SLICE) {
                    return self.goes_on(UnderWay::Replay(replay));
                }
                self.run.end_replay(*replay);
                done(None)
            }
            Some(UnderWay::Comparing(mut comparing)) => {
                let (is_over, found) = comparing.go_on(EVENTS_SLICE);
                if !is_over {
                    return self.goes_on(UnderWay::Comparing(comparing));
                }
                self.difference = found;
                done(None)
            }
        };
        note_run(&self.run);
        Ok(outcome.into_ts()?)
    }

    /// How far the operation in progress has come; without one, the present instant.
    #[wasm_bindgen(js_name = soFar)]
    pub fn so_far(&self) -> Object<InstantView> {
        let (position, at) = match &self.under_way {
            Some(UnderWay::Replay(replay)) => replay.reached(),
            Some(UnderWay::Comparing(comparing)) => comparing.reached(),
            Some(UnderWay::Line(_)) | None => (self.run.position(), self.run.world().now()),
        };
        Ok(InstantView { position, at: at.0 }.into_ts()?)
    }

    /// Stops the operation in progress where it is.
    pub fn stop(&mut self) {
        self.under_way = None;
        note_run(&self.run);
    }

    /// Lets the next event happen; none, if none ever will.
    pub fn step(&mut self) -> Object<Passage> {
        let stepped = self.moving().step();
        note_position(&self.run);
        Ok(passage(stepped.map(u64::from), "step").into_ts()?)
    }

    /// Goes back to before the last event; `false` at the beginning.
    #[wasm_bindgen(js_name = stepBack)]
    pub fn step_back(&mut self) -> bool {
        self.moving().step_back()
    }

    /// Lets `us` microseconds pass.
    pub fn advance(&mut self, us: f64) -> Object<Passage> {
        let us = number(us);
        let passed = self.moving().advance(Micros(us));
        note_position(&self.run);
        Ok(passage(passed, &format!("run {us}us")).into_ts()?)
    }

    /// Replays the current branch without these rules and goes to its end, or starts to, as
    /// [`Lab::act`] does; unknown ids are ignored. Undone, it is told of by `words`.
    #[wasm_bindgen(js_name = replayWithout)]
    pub fn replay_without(&mut self, rules: Vec<String>, words: &str) -> Object<Outcome> {
        let rules = rules.iter().filter_map(|id| Rule::named(id)).collect();
        self.moving().begin_act(words);
        let replay = self.run.begin_replay(rules);
        self.under_way = replay.map(|replay| UnderWay::Replay(Box::new(replay)));
        note_run(&self.run);
        self.go_on()
    }

    /// Adds the branch that has been played in `opening`, and goes to its end. It left the branch
    /// `parent` after `forked_at` events; `replay_of` is the branch of which it is a replay under
    /// other rules, if it is one.
    pub fn add(
        &mut self,
        opening: Opening,
        parent: Option<usize>,
        forked_at: f64,
        replay_of: Option<usize>,
    ) -> Object<Outcome> {
        let outcome = match opening.run() {
            Ok(run) => {
                let left = parent.map(|parent| (parent, number(forked_at)));
                self.moving().add(run, left, replay_of);
                done(None)
            }
            Err(error) => refused(&error, None),
        };
        note_run(&self.run);
        Ok(outcome.into_ts()?)
    }

    /// Panics on purpose, so that a test can see what a panic leaves behind: no input makes one.
    ///
    /// # Panics
    /// Always.
    #[wasm_bindgen(js_name = rehearsePanic)]
    pub fn rehearse_panic(&mut self) {
        panic!("rehearsed at event {}", self.run.position());
    }

    /// Goes to after the first `position` events.
    #[wasm_bindgen(js_name = goTo)]
    pub fn go_to(&mut self, position: f64) {
        self.moving().go_to(number(position));
    }

    /// Goes to a time, at most to the end of what is known.
    #[wasm_bindgen(js_name = goToTime)]
    pub fn go_to_time(&mut self, us: f64) {
        self.moving().go_to_time(Micros(number(us)));
    }

    /// Goes to the time `at` among those that have just `position` events before them.
    #[wasm_bindgen(js_name = goToInstant)]
    pub fn go_to_instant(&mut self, position: f64, at: f64) {
        let (position, at) = (number(position), Micros(number(at)));
        self.moving().go_to_instant(position, at);
    }

    /// Goes on to the next event that is such: `note`, `leader`, `commit`, `refusal`, `conflict`,
    /// `crash`, `broken`, or one in which the rule of that id acts.
    #[wasm_bindgen(js_name = toNext)]
    pub fn to_next(&mut self, aim: &str) -> bool {
        let Some(aim) = aim_named(aim) else {
            return false;
        };
        let found = self.moving().to_next(aim, SEARCH_LIMIT);
        note_position(&self.run);
        found
    }

    /// Goes back to the previous notable event.
    #[wasm_bindgen(js_name = previousOfNote)]
    pub fn previous_of_note(&mut self) -> bool {
        self.moving().previous_of_note()
    }

    /// The events numbered `from` up to but not including `to`.
    pub fn events(&self, from: f64, to: f64, lang: Lang) -> Object<EventList> {
        let language = Language::from(lang);
        let events = self.run.events().range(number(from)..number(to));
        let views = events
            .map(|event| look::event(&self.run, &event, language))
            .collect();
        Ok(EventList(views).into_ts()?)
    }

    /// All details of one event.
    pub fn explain(&self, event: f64, lang: Lang) -> Result<Option<Ts<Explanation>>, JsError> {
        let language = Language::from(lang);
        look::explain(&self.run, number(event), language)
            .map(|explanation| Ok(explanation.into_ts()?))
            .transpose()
    }

    /// The phases of the playbook.
    pub fn phases(&self, lang: Lang) -> Object<PhaseList> {
        let language = Language::from(lang);
        let phases = self.run.phases().iter().enumerate().map(|(number, phase)| {
            let zh = if phase.caption_zh.is_empty() {
                &phase.caption
            } else {
                &phase.caption_zh
            };
            PhaseView {
                caption: language.pick(&phase.caption, zh).to_owned(),
                position: phase.position,
                at: phase.at.0,
                telling: self.run.telling(number),
            }
        });
        Ok(PhaseList(phases.collect()).into_ts()?)
    }

    /// The failed expectations: those of the playbook, then those that were typed, each in the order
    /// in which they failed.
    pub fn failures(&self) -> Object<FailureList> {
        Ok(FailureList(look::failures(&self.run)).into_ts()?)
    }

    /// The event that made what one of them has found; none, if there is none.
    #[wasm_bindgen(js_name = madeSo)]
    #[must_use]
    pub fn made_so(&self, failure: usize) -> Option<f64> {
        let failures = self.run.failures();
        let made = raft_play::made_so(&self.run, failures.get(failure)?)?;
        Some(float(made))
    }

    /// The branches of the run.
    pub fn branches(&self) -> Object<BranchList> {
        let current = self.run.current_branch();
        let branches = self.run.branches().iter().enumerate();
        let views = branches.map(|(id, branch)| BranchView {
            id,
            parent: branch.parent().map(|(parent, _)| parent),
            forked_at: branch.parent().map_or(0, |(_, position)| position),
            length: branch.len(),
            name: branch.name().to_owned(),
            left_at: branch.parent().map_or(0, |(_, left)| {
                branch
                    .events()
                    .get(left)
                    .map_or(branch.end_at(), |event| event.at)
                    .0
            }),
            end_at: branch.end_at().0,
            seed: branch.setup().seed,
            features: look::features_of(branch.setup()),
            current: id == current,
            without: look::ids_of(branch.setup().ablated),
            replay_of: branch.replay_of(),
        });
        Ok(BranchList(views.collect()).into_ts()?)
    }

    /// The current branch as a playbook.
    #[must_use]
    pub fn save(&self) -> String {
        raft_play::save(&self.run)
    }

    /// The branch `id` as a playbook; nothing if there is none.
    #[must_use]
    #[wasm_bindgen(js_name = saveBranch)]
    pub fn save_branch(&self, id: usize) -> Option<String> {
        raft_play::save_branch(&self.run, id)
    }

    /// A fingerprint of all events of the current branch, in 16 hex digits.
    #[must_use]
    pub fn digest(&self) -> String {
        hex(self.run.digest())
    }
}

impl Lab {
    /// The run, in order to move it: an operation in progress is stopped.
    fn moving(&mut self) -> &mut Run {
        self.under_way = None;
        &mut self.run
    }

    fn goes_on(&mut self, under_way: UnderWay) -> Object<Outcome> {
        self.under_way = Some(under_way);
        note_position(&self.run);
        Ok(Outcome::Going.into_ts()?)
    }
}

fn aim_named(name: &str) -> Option<Aim> {
    match name {
        "note" => Some(Aim::Note),
        "leader" => Some(Aim::Leader),
        "commit" => Some(Aim::Commit),
        "refusal" => Some(Aim::Refusal),
        "conflict" => Some(Aim::Conflict),
        "crash" => Some(Aim::Crash),
        "broken" => Some(Aim::Broken),
        id => Rule::named(id).map(Aim::Rule),
    }
}

/// Every feature.
#[wasm_bindgen]
pub fn features() -> Object<FeatureList> {
    let views = Feature::ALL.iter().map(|feature| FeatureView {
        name: feature.name(),
        needs: feature.needs().map(Feature::name),
    });
    Ok(FeatureList(views.collect()).into_ts()?)
}

/// The lines that can be typed into a run; then those that only a playbook can have, if asked for.
#[wasm_bindgen]
#[allow(
    clippy::needless_pass_by_value,
    reason = "JavaScript hands objects over"
)]
pub fn vocabulary(lang: Lang, of_playbooks: bool) -> Object<PhraseList> {
    let language = Language::from(lang);
    let more = vocabulary::of_playbooks().filter(|_| of_playbooks);
    let views = vocabulary::typed().chain(more).map(|phrase| {
        let [en, zh] = phrase.doc;
        PhraseView {
            verb: phrase.verb,
            forms: phrase.forms,
            meaning: language.pick(en, zh),
            is_said: phrase.is_said,
        }
    });
    Ok(PhraseList(views.collect()).into_ts()?)
}

/// Every rule, as Figure 2 lists them.
#[wasm_bindgen]
#[allow(
    clippy::needless_pass_by_value,
    reason = "JavaScript hands objects over"
)]
pub fn figure(lang: Lang) -> Object<FigureList> {
    let language = Language::from(lang);
    let views = Rule::ALL.iter().map(|rule| answer::figure(*rule, language));
    Ok(FigureList(views.collect()).into_ts()?)
}

fn hex(digest: u64) -> String {
    format!("{digest:016x}")
}

/// A JavaScript number as a count: negative numbers and NaN are 0.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what a count from outside should do"
)]
const fn number(value: f64) -> u64 {
    value as u64
}

/// A count as a JavaScript number; all counts here are far below 2^53.
#[allow(clippy::cast_precision_loss, reason = "counts are below 2^53")]
pub(crate) const fn float(value: u64) -> f64 {
    value as f64
}
