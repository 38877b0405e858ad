//! A run as a list that can be shortened: each Action with its instant, and nothing else.
//!
//! A saved run says after how many *events* each Action happens, so none can be removed
//! without shifting all that follow. Here each Action keeps its *time*, and a message is
//! identified by its link, so that an Action means much the same when others are removed.

use raft_core::NodeId;
use raft_play::playbook::Playbook;
use raft_play::script::{self, Doing, Statement};
use raft_play::text::STEPS_MAX;
use raft_sim::action::{Action, ServerAction, TimeAction};
use raft_sim::ids::MessageId;
use raft_sim::invariant::{Invariant, Violation};
use raft_sim::network::Flight;
use raft_sim::run::{RunError, Stage, Trial};
use raft_sim::setup::Setup;
use raft_sim::time::DURATION_MAX;
use raft_sim::{Micros, World};

use crate::swarm::{PROGRESS_WITHIN, Progress, demand_progress, quorum};

/// The last wait of a playbook is a multiple of this, in microseconds.
const ROUND_US: u64 = 10_000;

/// The line with which a playbook demands the same as a recovery: what one server has applied
/// was committed by a majority.
const DEMAND: &str = "agree again on 1";

/// A cluster, the Actions on it with their times, and how long to watch it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The cluster.
    pub setup: Setup,
    /// The Actions, in order.
    pub moves: Vec<Move>,
    /// When it ends.
    pub end: Micros,
    /// What is checked at its end.
    pub demand: Option<Demand>,
}

/// A line of a playbook that fails: an expectation, a wait or an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// The line.
    pub line: String,
    /// The message with which it fails; any, if `None`.
    pub said: Option<String>,
}

/// What a run is checked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// This invariant breaks.
    Breaks(Invariant),
    /// At its end a quorum is repaired, and still no command is applied.
    Stuck,
    /// The check at its end fails, with the same message.
    Unmet,
}

/// How a run was found to fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// This invariant broke.
    Broken(Violation),
    /// Nothing was applied although these Actions repaired a quorum at its end.
    Stuck(Vec<Action>),
    /// The check failed with this message, in English and in Chinese.
    Unmet([String; 2]),
}

/// An Action at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// When.
    pub at: Micros,
    /// After how many events of that same instant; after all of them, if `None`.
    pub events_first: Option<u64>,
    /// What.
    pub action: Action,
    /// Which message it acts on, if any.
    pub message: Option<Place>,
}

/// A message in flight: its sender, its receiver, and its position among those on that link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub(crate) from: NodeId,
    pub(crate) to: NodeId,
    pub(crate) nth: usize,
}

/// A case, played.
#[derive(Debug, Clone)]
pub struct Played {
    /// What happened: the case without the Actions that could not be performed, up to its failure.
    pub case: Case,
    /// The lines that have the same effect.
    pub lines: Vec<Action>,
    /// What it was checked for, if that happened.
    pub found: Option<Found>,
}

impl Case {
    /// The case of a trial's Actions, up to a recovery.
    ///
    /// `mended` says how many of the Actions precede the recovery, and when it began.
    ///
    /// # Errors
    /// There would be too many events, which a trial does not have either.
    pub fn of(
        setup: &Setup,
        trial: &Trial,
        mended: Option<(usize, Micros)>,
    ) -> Result<Self, RunError> {
        let (length, end) = mended.unwrap_or((trial.done().len(), trial.world().now()));
        let mut again = Trial::new(setup);
        let mut moves: Vec<Move> = Vec::new();
        for done in trial.done().iter().take(length) {
            let mut events = 0;
            while again.world().event_count() < done.position {
                if again.world().next_event_at() == Some(done.at) {
                    events += 1;
                }
                if !again.step()? {
                    break;
                }
            }
            let waits = again.world().next_event_at() == Some(done.at);
            if !waits {
                again.live_to(done.at)?;
            }
            moves.push(Move {
                at: done.at,
                events_first: waits.then_some(events),
                message: message_of(&done.action).and_then(|id| place_of(again.world(), id)),
                action: done.action.clone(),
            });
            again.act(&done.action)?;
        }
        Ok(Self {
            setup: setup.clone(),
            moves,
            end,
            demand: None,
        })
    }

    /// The same case with this line checked at its end.
    #[must_use]
    pub fn demanding(mut self, line: &str) -> Self {
        self.demand = Some(Demand {
            line: line.to_owned(),
            said: None,
        });
        self
    }

    /// Plays it until the invariant is broken, or to its end.
    #[must_use]
    pub fn play(&self, goal: Goal) -> Played {
        let mut player = Player {
            trial: Trial::new(&self.setup),
            goal,
            found: None,
            lines: Vec::new(),
        };
        let mut moves = Vec::new();
        for this in &self.moves {
            if player.live_to(this.at, this.events_first) && player.do_it(this) {
                moves.push(this.clone());
            }
            if player.found.is_some() {
                break;
            }
        }
        if player.found.is_none() {
            player.live_to(self.end, None);
        }
        let end = player.trial.world().now();
        match goal {
            Goal::Breaks(_) => {}
            Goal::Stuck => player.recover(),
            Goal::Unmet => player.found = self.unmet(&mut player.trial),
        }
        Played {
            case: Self {
                setup: self.setup.clone(),
                moves,
                end,
                demand: self.demand.clone(),
            },
            lines: player.lines,
            found: player.found,
        }
    }
}

impl Case {
    /// Performs the check at the end of a trial; returns the message if it fails.
    fn unmet(&self, trial: &mut Trial) -> Option<Found> {
        let demand = self.demand.as_ref()?;
        let playbook = Playbook {
            setup: self.setup.clone(),
            lines: self.demanded(),
        };
        let failure = script::play(&playbook, "", trial).err()?;
        let said = failure.error.message;
        let is_alike = demand.said.as_ref().is_none_or(|before| *before == said);
        let found = Found::Unmet([said, failure.error.chinese.message]);
        (failure.is_unexpected && is_alike).then_some(found)
    }

    /// The check, as lines of a playbook.
    fn demanded(&self) -> Vec<Statement> {
        let Some(demand) = &self.demand else {
            return Vec::new();
        };
        let text = format!("servers {}\n{}", self.setup.servers, demand.line);
        let playbook = text.parse::<Playbook>();
        playbook.map_or_else(|_| Vec::new(), |playbook| playbook.lines)
    }
}

impl Played {
    /// A playbook that plays the same, and a few milliseconds more so that the last number is
    /// a round one. If the case is stuck, the playbook demands progress at its end.
    #[must_use]
    pub fn playbook(&self) -> Playbook {
        let mut lines = self.lines.clone();
        let mut demand = Vec::new();
        match &self.found {
            Some(Found::Stuck(mending)) => {
                lines.extend(mending.iter().cloned());
                let playbook = DEMAND.parse::<Playbook>();
                demand = playbook.map_or_else(|_| Vec::new(), |playbook| playbook.lines);
            }
            Some(Found::Unmet(_)) => demand = self.case.demanded(),
            Some(Found::Broken(_)) | None => {
                if let Some(Action::Time(TimeAction::Run(rest))) = lines.last_mut() {
                    rest.0 = rest.0.div_ceil(ROUND_US) * ROUND_US;
                }
            }
        }
        let statements = lines.into_iter().map(|action| Statement {
            line: 0,
            doing: Doing::Action(action),
        });
        Playbook {
            setup: self.case.setup.clone(),
            lines: statements.chain(demand).collect(),
        }
    }
}

struct Player {
    trial: Trial,
    goal: Goal,
    found: Option<Found>,
    lines: Vec<Action>,
}

impl Player {
    /// Plays until `at` and this many events of that instant; `false` if it ends before.
    fn live_to(&mut self, at: Micros, events: Option<u64>) -> bool {
        let before = Micros(at.0.saturating_sub(1));
        let Some(events) = events else {
            return self.pass_to(at);
        };
        if self.trial.world().now() < before && !self.pass_to(before) {
            return false;
        }
        let mut left = events;
        while left > 0 && self.trial.world().next_event_at() == Some(at) {
            if !self.step() {
                return false;
            }
            left -= 1;
        }
        let done = events - left;
        if done > 0 {
            self.say(Action::Time(TimeAction::Step(done)));
        }
        // The events that came first may no longer happen.
        self.trial.world().now() >= at || self.pass_to(at)
    }

    fn pass_to(&mut self, to: Micros) -> bool {
        let from = self.trial.world().now();
        let mut goes_on = true;
        while goes_on
            && self
                .trial
                .world()
                .next_event_at()
                .is_some_and(|at| at <= to)
        {
            goes_on = self.step();
        }
        if goes_on {
            goes_on = self.trial.live_to(to).is_ok();
        }
        let mut passed = self.trial.world().now().saturating_sub(from);
        while passed > Micros::ZERO {
            let some = passed.min(DURATION_MAX);
            self.say(Action::Time(TimeAction::Run(some)));
            passed = passed.saturating_sub(some);
        }
        goes_on
    }

    fn step(&mut self) -> bool {
        let happened = self.trial.step().unwrap_or(false);
        self.look();
        happened && self.found.is_none()
    }

    fn do_it(&mut self, this: &Move) -> bool {
        let action = match this.message {
            None => Some(this.action.clone()),
            Some(place) => {
                let id = id_at(self.trial.world(), place);
                id.and_then(|id| with_message(&this.action, id))
            }
        };
        let Some(action) = action else {
            return false;
        };
        let is_done = self.trial.act(&action).is_ok();
        if is_done {
            self.say(action);
            self.look();
        }
        is_done
    }

    fn look(&mut self) {
        if let Goal::Breaks(invariant) = self.goal {
            let mut found = self.trial.world().checker().violations().iter();
            let found = found.find(|violation| violation.invariant == invariant);
            self.found = found.cloned().map(Found::Broken);
        }
    }

    /// Repairs a quorum, and checks whether it makes progress.
    fn recover(&mut self) {
        let before = self.trial.done().len();
        let core = quorum(self.trial.world());
        let progress = demand_progress(&mut self.trial, &core, PROGRESS_WITHIN);
        if !matches!(progress, Ok(Progress::None)) {
            return;
        }
        let mending = self.trial.done()[before..].iter();
        let mending = mending
            .filter(|done| !matches!(done.action, Action::Server(ServerAction::Propose { .. })));
        self.found = Some(Found::Stuck(
            mending.map(|done| done.action.clone()).collect(),
        ));
    }

    /// Keeps a line, merged into the last one if one line can say both.
    fn say(&mut self, action: Action) {
        if let Some(Action::Time(last)) = self.lines.last_mut()
            && let Action::Time(more) = &action
            && let Some(both) = together(*last, *more)
        {
            *last = both;
        } else {
            self.lines.push(action);
        }
    }
}

/// A line that lets as much happen as the two, if there is one.
fn together(one: TimeAction, more: TimeAction) -> Option<TimeAction> {
    match (one, more) {
        (TimeAction::Run(sum), TimeAction::Run(by)) => {
            let sum = sum.saturating_add(by);
            (sum <= DURATION_MAX).then_some(TimeAction::Run(sum))
        }
        (TimeAction::Step(sum), TimeAction::Step(by)) => {
            let sum = sum + by;
            (sum <= STEPS_MAX).then_some(TimeAction::Step(sum))
        }
        (TimeAction::Run(_), TimeAction::Step(_)) | (TimeAction::Step(_), TimeAction::Run(_)) => {
            None
        }
    }
}

const fn message_of(action: &Action) -> Option<MessageId> {
    let Action::Message(action) = action else {
        return None;
    };
    action.message()
}

fn with_message(action: &Action, id: MessageId) -> Option<Action> {
    let Action::Message(action) = action else {
        return None;
    };
    Some(Action::Message(action.done_to(id)?))
}

/// The link that it is on; a client's line is none.
fn ends(flight: &Flight) -> Option<(NodeId, NodeId)> {
    flight.letter.rpc().map(|rpc| (rpc.from, rpc.to))
}

fn place_of(world: &World, id: MessageId) -> Option<Place> {
    let flights = world.network().flights();
    let (from, to) = flights.get(&id).and_then(ends)?;
    let earlier = flights.range(..id);
    let nth = earlier
        .filter(|(_, flight)| ends(flight) == Some((from, to)))
        .count();
    Some(Place { from, to, nth })
}

fn id_at(world: &World, place: Place) -> Option<MessageId> {
    let flights = world.network().flights().iter();
    let mut there = flights.filter(|(_, flight)| ends(flight) == Some((place.from, place.to)));
    there.nth(place.nth).map(|(id, _)| *id)
}
