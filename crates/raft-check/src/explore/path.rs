//! The way to a state, as a playbook: it is done to a cluster of the laboratory, message by
//! message, and comes to the same.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
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
use super::permutation::Permutation;
use super::state::{Choice, Move};
use super::tables::{HEARTBEAT, InputId, MESSAGES, SentId, ServerId, Tables};

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
