//! A run as a list that can be shortened: each Action with its instant, and nothing else.
//!
//! A saved run says after how many *events* each Action happens, so none can be removed
//! without shifting all that follow. Here each Action keeps its *time*, and a message is
//! identified by its link, so that an Action means much the same when others are removed.

use raft_core::NodeId;
use raft_play::playbook::Playbook;
use raft_play::script::{self, Doing, Statement};
use raft_sim::action::{Action, TimeAction};
use raft_sim::ids::MessageId;
use raft_sim::invariant::{Invariant, Violation};
use raft_sim::network::Flight;
use raft_sim::run::{RunError, Stage, Trial};
use raft_sim::setup::Setup;
use raft_sim::time::Duration;
use raft_sim::{Micros, Observed, World};

mod player;

use player::Player;

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
    /// After how many events of that same instant; after all of them, if `None`.
    pub end_events: Option<u64>,
    /// What is checked at its end.
    pub demand: Option<Demand>,
}

/// A line of a playbook that fails: an expectation, a wait or an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// The line.
    pub line: String,
    /// How it has to fail; anyhow, if `None`.
    pub like: Option<Unmet>,
}

/// How a check fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// The message, in English and in Chinese.
    pub said: [String; 2],
    /// The invariants that are broken by then, as the playbook expects.
    pub broken: Vec<Invariant>,
}

impl Unmet {
    /// Whether this is the same failure: with the same message, and with nothing broken that was
    /// not broken there.
    fn is_like(&self, other: &Self) -> bool {
        let is_known = |invariant| other.broken.contains(invariant);
        self.said == other.said && self.broken.iter().all(is_known)
    }
}

/// Up to where the Actions of a trial are part of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Until {
    /// How many of the Actions.
    pub actions: usize,
    /// After how many events it ends, if not all of that instant happen.
    pub events: Option<u64>,
    /// When it ends.
    pub at: Micros,
}

impl Until {
    /// To where a quorum was repaired, after so many of the Actions of `trial`; to its end, if it
    /// did not get that far.
    #[must_use]
    pub fn of(trial: &Trial, mended: Option<(usize, Micros)>) -> Self {
        let (actions, at) = mended.unwrap_or((trial.done().len(), trial.world().now()));
        Self {
            actions,
            events: None,
            at,
        }
    }
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
    /// The check failed.
    Unmet(Unmet),
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
    /// The case of a trial's Actions, as far as `until`.
    ///
    /// # Errors
    /// There would be too many events, which a trial does not have either.
    pub fn of(setup: &Setup, trial: &Trial, until: Until) -> Result<Self, RunError> {
        let mut again = Trial::new(setup);
        let mut moves: Vec<Move> = Vec::new();
        for done in trial.done().iter().take(until.actions) {
            moves.push(Move {
                at: done.at,
                events_first: live_to(&mut again, done.at, done.position)?,
                message: message_of(&done.action).and_then(|id| place_of(again.world(), id)),
                action: done.action.clone(),
            });
            again.act(&done.action)?;
        }
        let end_events = match until.events {
            Some(position) => live_to(&mut again, until.at, position)?,
            None => None,
        };
        Ok(Self {
            setup: setup.clone(),
            moves,
            end: until.at,
            end_events,
            demand: None,
        })
    }

    /// The same case with this line checked at its end.
    #[must_use]
    pub fn demanding(mut self, line: &str) -> Self {
        self.demand = Some(Demand {
            line: line.to_owned(),
            like: None,
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
            player.live_to(self.end, self.end_events);
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
                end_events: self.end_events,
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
            lines: self.demanded().into(),
        };
        let failure = script::play(&playbook, "", trial).err()?;
        let found = Unmet {
            said: [failure.error.message, failure.error.chinese.message],
            broken: broken(trial.world()),
        };
        let is_alike = demand.like.as_ref().is_none_or(|like| found.is_like(like));
        (failure.is_unexpected && is_alike).then_some(Found::Unmet(found))
    }

    /// The check, as lines of a playbook.
    fn demanded(&self) -> Vec<Statement> {
        let Some(demand) = &self.demand else {
            return Vec::new();
        };
        statements(&format!("servers {}\n{}", self.setup.servers, demand.line))
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
                demand = statements(DEMAND);
            }
            Some(Found::Unmet(unmet)) => {
                let expected = unmet.broken.iter();
                let expected = expected.map(|broken| format!("expect broken {}\n", broken.id()));
                demand = statements(&expected.collect::<String>());
                demand.extend(self.case.demanded());
            }
            Some(Found::Broken(_)) | None => {
                if let Some(Action::Time(TimeAction::Run(rest))) = lines.last_mut() {
                    let round = rest.get().0.div_ceil(ROUND_US) * ROUND_US;
                    *rest = Duration::clamped(Micros(round));
                }
            }
        }
        let done = lines.into_iter().map(|action| Statement {
            line: 0,
            doing: Doing::Action(action),
        });
        Playbook {
            setup: self.case.setup.clone(),
            lines: done.chain(demand).collect::<Vec<_>>().into(),
        }
    }

    /// Whether whoever plays the text of its playbook sees the same failure: in the text, an Action
    /// may come at another place of its instant.
    pub(crate) fn fails_as_text(&self) -> bool {
        let Ok(playbook) = self.playbook().to_string().parse::<Playbook>() else {
            return false;
        };
        let mut trial = Trial::new(&playbook.setup);
        let failure = script::play(&playbook, "", &mut trial).err();
        let broken = broken(trial.world());
        let failure = failure.filter(|failure| failure.is_unexpected);
        match (&self.found, failure) {
            (Some(Found::Broken(found)), _) => broken.contains(&found.invariant()),
            (Some(Found::Stuck(_)), Some(_)) => broken.is_empty(),
            (Some(Found::Unmet(unmet)), Some(failure)) => {
                let said = [failure.error.message, failure.error.chinese.message];
                Unmet { said, broken }.is_like(unmet)
            }
            (Some(Found::Stuck(_) | Found::Unmet(_)), None) | (None, _) => false,
        }
    }
}

/// These lines of a playbook, which can be read.
fn statements(text: &str) -> Vec<Statement> {
    let playbook = text.parse::<Playbook>();
    playbook.map_or_else(|_| Vec::new(), |playbook| playbook.lines.to_vec())
}

/// The invariants that are broken in it, each once.
fn broken(world: &Observed) -> Vec<Invariant> {
    let mut broken: Vec<Invariant> = Vec::new();
    for violation in world.checker().violations() {
        if !broken.contains(&violation.invariant()) {
            broken.push(violation.invariant());
        }
    }
    broken
}

/// Lets a trial live to `at`, where it has had `position` events; answers how many of that instant
/// those are, if others of it are still to come.
fn live_to(trial: &mut Trial, at: Micros, position: u64) -> Result<Option<u64>, RunError> {
    let mut events = 0;
    while trial.world().event_count() < position {
        if trial.world().next_event_at() == Some(at) {
            events += 1;
        }
        if !trial.step()? {
            break;
        }
    }
    if trial.world().next_event_at() == Some(at) {
        return Ok(Some(events));
    }
    trial.live_to(at)?;
    Ok(None)
}

const fn message_of(action: &Action) -> Option<MessageId> {
    let Action::Message(action) = action else {
        return None;
    };
    action.message()
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
