//! The way to a state, as a playbook: it is done to a cluster of the laboratory, message by
//! message, and comes to the same.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use raft_play::playbook::Playbook;
use raft_play::script::{Doing, Statement};
use raft_sim::action::{Action, LinkAction, Members, MessageAction, ServerAction, TimeAction};
use raft_sim::bounded::Permille;
use raft_sim::command::Batch;
use raft_sim::ids::MessageId;
use raft_sim::network::Model;
use raft_sim::run::{RunError, Stage, Trial};
use raft_sim::setup::Setup;
use raft_sim::time::Duration;
use raft_sim::{Delay, Invariant, Micros, MicrosRange, Violation, World};

use super::bounds::Bounds;
use super::input::{HEARTBEAT, InputId, MESSAGES};
use super::permutation::Permutation;
use super::state::{Choice, Move};
use super::tables::{SentId, ServerId, Tables};

/// How long each step takes, so that the steps stand beside each other in time.
const STEP: Micros = Micros::from_millis(1);

/// No message arrives by itself for so long.
const UNDER_WAY: Micros = Micros::from_secs(100);

/// A run in which an invariant breaks, from the beginning of the cluster, and none breaks any in
/// fewer steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterexample {
    /// What breaks.
    pub broken: Invariant,
    /// In how many steps. Where messages may arrive any number of times, only those that change a
    /// server count.
    pub depth: usize,
    /// What happens, one thing after the other.
    pub choices: Vec<Choice>,
}

/// Tells moves from the beginning, each of which is made under other numbers of the servers. Of
/// what counts as sent, only what is needed is sent, and when it can be; a message stays on its way
/// where it arrives again.
pub(super) fn tell(
    tables: &mut Tables,
    first: &[u32],
    moves: &[(Move, Permutation)],
) -> Vec<Choice> {
    let mut real = Real {
        servers: tables.server_ids(first).to_vec(),
        senders: BTreeMap::new(),
        made: Vec::new(),
    };
    for (choice, names) in moves {
        let number = tables.permutations.iter().position(|one| one == names);
        let input = tables.input_under(choice.input, number.unwrap_or(0));
        let place = names.place(usize::from(choice.place));
        let choice = Move {
            place: u8::try_from(place).unwrap_or(0),
            input,
            ..*choice
        };
        real.make(tables, choice);
        if tables.saturates {
            real.saturate(tables);
        }
    }
    let made = real.needed();
    let arrivals = |moves: &[Move], input| moves.iter().any(|one: &Move| one.input == input);
    let told = made.iter().enumerate().map(|(place, choice)| {
        let stays = if tables.saturates {
            arrivals(&made[place + 1..], choice.input)
        } else {
            choice.stays
        };
        tables.told(Move { stays, ..*choice }, |id| id)
    });
    told.collect()
}

/// The servers as they are, and all moves so far: those that were searched, and those that only
/// send what counts as sent.
struct Real {
    servers: Vec<ServerId>,
    /// By message: which move sent it first.
    senders: BTreeMap<SentId, usize>,
    made: Vec<(Move, Needed)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needed {
    Yes,
    IfReceived,
}

impl Real {
    fn make(&mut self, tables: &mut Tables, choice: Move) {
        let server = &mut self.servers[usize::from(choice.place)];
        let step = tables.stepping(choice.place, *server, choice.input);
        let step = &tables.steps[step as usize];
        *server = step.server;
        for sent in &step.sent {
            self.senders.entry(*sent).or_insert(self.made.len());
        }
        self.made.push((choice, Needed::Yes));
    }

    /// Makes all moves that change no server and send something new.
    fn saturate(&mut self, tables: &mut Tables) {
        let places = 0..u8::try_from(self.servers.len()).unwrap_or(0);
        let mut inputs: VecDeque<(u8, InputId)> = places.map(|place| (place, HEARTBEAT)).collect();
        let arrival =
            |tables: &Tables, sent: SentId| (tables.letters[sent as usize].to, MESSAGES + sent);
        inputs.extend(self.senders.keys().map(|sent| arrival(tables, *sent)));
        while let Some((place, input)) = inputs.pop_front() {
            let server = self.servers[usize::from(place)];
            let step = tables.stepping(place, server, input);
            let step = &tables.steps[step as usize];
            let is_new = |sent: &&SentId| !self.senders.contains_key(*sent);
            let new: Vec<SentId> = step.sent.iter().filter(is_new).copied().collect();
            if step.server != server || new.is_empty() {
                continue;
            }
            for sent in new {
                self.senders.insert(sent, self.made.len());
                inputs.push_back(arrival(tables, sent));
            }
            let stays = true;
            let choice = Move {
                place,
                input,
                stays,
            };
            self.made.push((choice, Needed::IfReceived));
        }
    }

    /// The moves that were searched, and those that send what is received in one that is needed.
    fn needed(mut self) -> Vec<Move> {
        for place in (0..self.made.len()).rev() {
            let (choice, needed) = self.made[place];
            let received = choice.input.checked_sub(MESSAGES);
            if let (Needed::Yes, Some(sent)) = (needed, received)
                && let Some(sender) = self.senders.get(&sent)
            {
                self.made[*sender].1 = Needed::Yes;
            }
        }
        let made = self.made.into_iter();
        let made = made.filter(|(_, needed)| *needed == Needed::Yes);
        made.map(|(choice, _)| choice).collect()
    }
}

impl Counterexample {
    /// The same as a playbook, which expects what breaks in it.
    ///
    /// # Errors
    /// The laboratory does not come to the same: it is not the system that was searched, which is
    /// a fault of the search.
    pub fn playbook(&self, bounds: &Bounds) -> Result<Playbook, Strayed> {
        let mut played =
            Played::new(bounds, self.choices.len()).map_err(|_| Strayed { step: 0 })?;
        for (place, choice) in self.choices.iter().enumerate() {
            played
                .play(choice)
                .map_err(|_| Strayed { step: place + 1 })?;
        }
        let step = self.choices.len();
        if played.broken().contains(&self.broken) {
            Ok(played.playbook(bounds.setup()))
        } else {
            Err(Strayed { step })
        }
    }
}

/// The laboratory parts from the search at this step, counted from 1; before the first, if 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strayed {
    /// The step.
    pub step: usize,
}

/// A cluster of the laboratory to which the steps of a search are done.
pub(super) struct Played {
    pub(super) trial: Trial,
    lines: Vec<Statement>,
    /// How long each step takes.
    step: Micros,
}

/// Why a step cannot be done to the laboratory.
#[derive(Debug)]
pub(super) enum NotDone {
    Refused,
    NotOnItsWay,
}

impl From<RunError> for NotDone {
    fn from(_: RunError) -> Self {
        Self::Refused
    }
}

impl Played {
    /// A cluster at the beginning of a search, to which so many steps will be done.
    pub(super) fn new(bounds: &Bounds, steps: usize) -> Result<Self, NotDone> {
        let setup = bounds.setup();
        let mut played = Self {
            trial: Trial::new(&setup),
            lines: Vec::new(),
            step: STEP,
        };
        if let Some(instant) = &bounds.from {
            for line in instant.lines() {
                played.act(line.clone())?;
            }
            for link in undisturbed() {
                played.act_if_new(Action::Link(link))?;
            }
        }
        let delay = Delay::fixed(UNDER_WAY);
        played.act_if_new(Action::Link(LinkAction::Latency { link: None, delay }))?;
        if bounds.from.is_some() {
            // What arrives in this very instant would leave no time between one step and the next.
            let world = played.trial.world();
            let now = world.now();
            let flights = world.network().flights().iter();
            let due = flights.filter(|(_, flight)| flight.due_at == now);
            let due: Vec<MessageId> = due.map(|(id, _)| *id).collect();
            for message in due {
                let by = Duration::clamped(UNDER_WAY);
                played.act(Action::Message(MessageAction::Delay { message, by }))?;
            }
            played.step = step_at(played.trial.world(), &setup, steps);
        }
        Ok(played)
    }

    /// Takes a step, and lets time pass until the next.
    pub(super) fn play(&mut self, choice: &Choice) -> Result<(), NotDone> {
        self.choose(choice)?;
        if self.step > Micros::ZERO {
            self.act(Action::Time(TimeAction::Run(Duration::clamped(self.step))))?;
        }
        Ok(())
    }

    fn choose(&mut self, choice: &Choice) -> Result<(), NotDone> {
        if let Choice::Deliver { stays, .. } = choice {
            let id = flight(self.trial.world(), choice).ok_or(NotDone::NotOnItsWay)?;
            if *stays {
                self.act(Action::Message(MessageAction::Duplicate(id)))?;
            }
            return self.act(Action::Message(MessageAction::Deliver(id)));
        }
        let action = action(choice).ok_or(NotDone::Refused)?;
        self.act(Action::Server(action))
    }

    /// Does what changes something.
    fn act_if_new(&mut self, action: Action) -> Result<(), NotDone> {
        let mut other = self.trial.clone();
        other.act(&action)?;
        if **other.world() == **self.trial.world() {
            return Ok(());
        }
        self.act(action)
    }

    fn act(&mut self, action: Action) -> Result<(), NotDone> {
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

/// What is done to a server, where a choice is that.
pub(super) fn action(choice: &Choice) -> Option<ServerAction> {
    Some(match choice {
        Choice::Deliver { .. } => return None,
        Choice::Fire(id, timer) => ServerAction::Fire(*id, *timer),
        Choice::Propose(server, command) => ServerAction::Propose {
            server: *server,
            commands: Batch::new(vec![command.clone()])?,
        },
        Choice::Snapshot(id) => ServerAction::Snapshot(*id),
        Choice::Read(id) => ServerAction::Read(*id),
        Choice::Transfer { from, to } => ServerAction::Transfer {
            from: *from,
            to: *to,
        },
        Choice::Reconfigure {
            server,
            voters,
            learners,
        } => ServerAction::Reconfigure {
            server: *server,
            members: Members::new(voters.clone(), learners.clone())?,
        },
        Choice::Crash(id) => ServerAction::Crash(*id),
        Choice::Restart(id) => ServerAction::Restart(*id),
    })
}

/// How long each of so many steps may take so that nothing happens by itself until the last one:
/// no timer runs out, and nothing arrives that was in flight.
fn step_at(world: &World, setup: &Setup, steps: usize) -> Micros {
    let next = world.next_event_at().unwrap_or(Micros::ZERO);
    let timers = [setup.heartbeat, setup.election.min()];
    let quiet = timers
        .into_iter()
        .fold(next.saturating_sub(world.now()), Micros::min);
    let parts = u64::try_from(steps).unwrap_or(u64::MAX).saturating_add(2);
    STEP.min(Micros(quiet.0 / parts))
}

/// What lets each message of a link arrive once, whatever befell them before.
fn undisturbed() -> [LinkAction; 5] {
    let (link, permille) = (None, Permille::clamped(0));
    let by = MicrosRange::fixed(Micros::ZERO);
    [
        LinkAction::Heal(None),
        LinkAction::Network(Model::Plain),
        LinkAction::Loss { link, permille },
        LinkAction::Duplication { link, permille },
        LinkAction::Reordering { link, permille, by },
    ]
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
