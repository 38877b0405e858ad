//! The way to a state, as a playbook: it is done to a cluster of the laboratory, message by
//! message, and comes to the same.

use std::collections::BTreeSet;
use std::sync::Arc;

use raft_play::playbook::Playbook;
use raft_play::script::{Doing, Statement};
use raft_sim::action::{Action, LinkAction, MessageAction, ServerAction, TimeAction};
use raft_sim::command::Batch;
use raft_sim::ids::MessageId;
use raft_sim::run::{RunError, Stage, Trial};
use raft_sim::setup::Setup;
use raft_sim::time::Duration;
use raft_sim::{Delay, Invariant, Micros, Violation, World};

use super::bounds::Bounds;
use super::state::Choice;

/// How long each step takes, so that the steps stand beside each other in time.
const STEP: Micros = Micros::from_millis(1);

/// No message arrives by itself for so long.
const UNDER_WAY: Micros = Micros::from_secs(100);

/// A run in which an invariant breaks, from the beginning of the cluster: none that is shorter
/// breaks any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterexample {
    /// What breaks.
    pub broken: Invariant,
    /// What happens, one thing after the other.
    pub choices: Vec<Choice>,
}

impl Counterexample {
    /// The same as a playbook, which expects what breaks in it.
    ///
    /// # Errors
    /// The laboratory does not come to the same: it is not the system that was searched, which is
    /// a fault of the search.
    pub fn playbook(&self, bounds: &Bounds) -> Result<Playbook, Strayed> {
        let setup = bounds.setup();
        let mut played = Played::new(&setup);
        for (place, choice) in self.choices.iter().enumerate() {
            played
                .play(choice)
                .map_err(|_| Strayed { step: place + 1 })?;
        }
        let step = self.choices.len();
        if played.broken().contains(&self.broken) {
            Ok(played.playbook(setup))
        } else {
            Err(Strayed { step })
        }
    }
}

/// The laboratory parts from the search at this step, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strayed {
    /// The step.
    pub step: usize,
}

/// A cluster of the laboratory to which the steps of a search are done.
pub(super) struct Played {
    pub(super) trial: Trial,
    lines: Vec<Statement>,
}

impl Played {
    pub(super) fn new(setup: &Setup) -> Self {
        let mut played = Self {
            trial: Trial::new(setup),
            lines: Vec::new(),
        };
        let delay = Delay::fixed(UNDER_WAY);
        // There is a link wherever there are servers, and no event has been yet.
        let _ = played.act(Action::Link(LinkAction::Latency { link: None, delay }));
        played
    }

    /// Takes a step, and lets time pass until the next.
    pub(super) fn play(&mut self, choice: &Choice) -> Result<(), RunError> {
        self.choose(choice)?;
        self.act(Action::Time(TimeAction::Run(Duration::clamped(STEP))))
    }

    fn choose(&mut self, choice: &Choice) -> Result<(), RunError> {
        let action = match choice {
            Choice::Deliver { stays, .. } => {
                let id = flight(self.trial.world(), choice).unwrap_or(MessageId(0));
                if *stays {
                    self.act(Action::Message(MessageAction::Duplicate(id)))?;
                }
                return self.act(Action::Message(MessageAction::Deliver(id)));
            }
            Choice::Fire(id, timer) => ServerAction::Fire(*id, *timer),
            Choice::Propose(server, command) => {
                let Some(commands) = Batch::new(vec![command.clone()]) else {
                    return Ok(());
                };
                let server = *server;
                ServerAction::Propose { server, commands }
            }
            Choice::Snapshot(id) => ServerAction::Snapshot(*id),
            Choice::Crash(id) => ServerAction::Crash(*id),
            Choice::Restart(id) => ServerAction::Restart(*id),
        };
        self.act(Action::Server(action))
    }

    fn act(&mut self, action: Action) -> Result<(), RunError> {
        self.trial.act(&action)?;
        let doing = Doing::Action(action);
        self.lines.push(Statement { line: 0, doing });
        Ok(())
    }

    /// What is broken by now.
    fn broken(&self) -> BTreeSet<Invariant> {
        let found = self.trial.world().checker().violations().iter();
        found.map(Violation::invariant).collect()
    }

    /// What was done, with what is broken by it.
    fn playbook(self, setup: Setup) -> Playbook {
        let broken = self.broken();
        let mut lines = self.lines;
        for broken in broken {
            let text = format!("servers {}\nexpect broken {}\n", setup.servers, broken.id());
            if let Ok(expected) = text.parse::<Playbook>() {
                lines.extend(expected.lines.iter().cloned());
            }
        }
        Playbook {
            setup,
            lines: Arc::new(lines),
        }
    }
}

/// The first message on its way that is the one to arrive.
fn flight(world: &World, choice: &Choice) -> Option<MessageId> {
    let Choice::Deliver {
        from, to, message, ..
    } = choice
    else {
        return None;
    };
    let mut flights = world.network().flights().iter();
    let found = flights.find(|(_, flight)| {
        let rpc = flight.letter.rpc();
        rpc.is_some_and(|rpc| (rpc.from, rpc.to) == (*from, *to) && rpc.said == **message)
    });
    found.map(|(id, _)| *id)
}
