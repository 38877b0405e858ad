//! A cluster at one instant, as numbers into the tables, and all that can happen next in it.
//!
//! The network is a set of messages. Each may arrive at any time from when it was sent, in any
//! order, or never; what is lost is what never arrives. That includes a network that loses,
//! delays and reorders. A message that equals one on its way is the same one.
//!
//! Where any message may arrive any number of times, all that was ever sent stays on its way, and
//! more on its way only allows for more. So what a server can send without changing counts as sent:
//! a heartbeat, or the answer to a message that it has dealt with before. That leaves only the
//! steps that change a server.

use raft_core::{NodeId, Timer};
use raft_sim::{Command, Invariant};

use super::input::{
    Bounded, COMMANDS, CRASH, ELECTION, GIVE_UP, HEARTBEAT, InputId, MESSAGES, READ, RESTART,
    SNAPSHOT, Spent, TRANSFERS,
};
#[cfg(test)]
use super::server::Server;
use super::server::{Input, Part};
use super::tables::{Missing, PromisedId, SentId, ServerId, Tables, View};

/// A cluster: what of the bounds is used up, what was promised, its servers, the messages on
/// their way in ascending order.
pub(super) type Words = Vec<u32>;

const SPENT: usize = 0;
const PROMISED: usize = 1;
const SERVERS: usize = 2;

/// Something that can happen in a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// A message arrives; if it `stays`, it may arrive again.
    Deliver {
        /// From whom.
        from: NodeId,
        /// To whom.
        to: NodeId,
        /// What it says.
        message: Box<raft_core::Message<Command>>,
        /// Whether a copy of it stays on its way.
        stays: bool,
    },
    /// A timer runs out.
    Fire(NodeId, Timer),
    /// A leader is given a command.
    Propose(NodeId, Command),
    /// A server takes a snapshot.
    Snapshot(NodeId),
    /// A leader is asked for a read.
    Read(NodeId),
    /// A leader is asked to hand its leadership over.
    Transfer {
        /// The leader.
        from: NodeId,
        /// Its successor.
        to: NodeId,
    },
    /// A leader is asked to change who takes part.
    Reconfigure {
        /// The leader.
        server: NodeId,
        /// Who shall vote.
        voters: Vec<NodeId>,
        /// Who shall be sent the log without a vote.
        learners: Vec<NodeId>,
    },
    /// A server crashes.
    Crash(NodeId),
    /// A crashed server starts again.
    Restart(NodeId),
}

/// Something that can happen, by numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Move {
    pub(super) place: u8,
    pub(super) input: InputId,
    pub(super) stays: bool,
}

/// What comes of a move.
pub(super) struct Outcome<'a> {
    pub(super) choice: Move,
    /// The cluster afterwards, in the form that stands for all that differ in numbers only, and
    /// the permutation that led to it; or what is broken.
    pub(super) next: Result<(&'a [u32], usize), Invariant>,
}

/// What is needed to find what happens next, kept for the next time.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    moves: Vec<(Move, u32)>,
    next: Words,
    best: Words,
    other: Words,
}

impl Tables {
    /// A cluster in the beginning.
    pub(super) fn first(
        promised: PromisedId,
        servers: &[ServerId],
        mut messages: Vec<SentId>,
    ) -> Words {
        messages.sort_unstable();
        messages.dedup();
        let mut words = vec![0, promised];
        words.extend(servers);
        words.extend(messages);
        words
    }

    /// Gives `visit` all that can happen next, in an order that depends on the cluster alone.
    ///
    /// # Errors
    /// Says what has to be learnt first; `visit` may have been given some of it.
    pub(super) fn expand(
        &self,
        state: &[u32],
        scratch: &mut Scratch,
        mut visit: impl FnMut(Outcome<'_>),
    ) -> Result<(), Missing> {
        let mut moves = std::mem::take(&mut scratch.moves);
        moves.clear();
        self.moves(state, &mut moves)?;
        for (choice, step) in &moves {
            let next = match self.after(state, *choice, *step, &mut scratch.next)? {
                Ok(()) => {
                    let permutation = self.canonical(scratch);
                    Ok((&*scratch.best, permutation))
                }
                Err(broken) => Err(broken),
            };
            visit(Outcome {
                choice: *choice,
                next,
            });
        }
        scratch.moves = moves;
        Ok(())
    }

    /// All that can happen next and changes something, each with its step.
    fn moves(&self, state: &[u32], moves: &mut Vec<(Move, u32)>) -> Result<(), Missing> {
        let servers = &state[SERVERS..self.messages_from()];
        let messages = &state[self.messages_from()..];
        let (spent, bounds) = (Spent(state[SPENT]), &self.bounds);
        let may = |what| spent.of(what) < bounds.most(what);
        let mut add = |place: u8, input: InputId, stays: &[bool]| {
            let server = servers[usize::from(place)];
            let number = self.step(place, server, input)?;
            let step = &self.steps[number as usize];
            let is_known = |sent| messages.binary_search(sent).is_ok();
            let sends = !self.saturates && !step.sent.iter().all(is_known);
            // Without an effect it leads to a cluster that can do no more than this one.
            let has_effect = step.server != server || sends;
            if has_effect && self.view(step.server).term <= self.terms_max {
                let stays = stays.iter().map(|stays| Move {
                    place,
                    input,
                    stays: *stays,
                });
                moves.extend(stays.map(|choice| (choice, number)));
            }
            Ok(())
        };
        let stays: &[bool] = match bounds.copies {
            // Whoever stays can do all that whoever goes can do.
            None => &[true],
            Some(_) if may(Bounded::Copies) => &[false, true],
            Some(_) => &[false],
        };
        for sent in messages {
            let to = self.letters[*sent as usize].to;
            if self.view(servers[usize::from(to)]).part != Part::Crashed {
                add(to, MESSAGES + sent, stays)?;
            }
        }
        for (place, server) in (0..).zip(servers) {
            self.each_input(self.view(*server), spent, |input| {
                add(place, input, &[false])
            })?;
        }
        Ok(())
    }

    /// Gives `give` all that a server can be given besides messages.
    fn each_input(
        &self,
        view: View,
        spent: Spent,
        mut give: impl FnMut(InputId) -> Result<(), Missing>,
    ) -> Result<(), Missing> {
        let bounds = &self.bounds;
        let may = |what| spent.of(what) < bounds.most(what);
        match view.part {
            Part::Crashed => return give(RESTART),
            Part::Leader => {
                give(HEARTBEAT)?;
                if may(Bounded::Commands) {
                    give(COMMANDS + u32::from(spent.of(Bounded::Commands)))?;
                }
                if may(Bounded::Reads) {
                    give(READ)?;
                }
                if bounds.transfers > 0 {
                    give(GIVE_UP)?;
                }
                if may(Bounded::Transfers) {
                    (TRANSFERS..TRANSFERS + u32::from(bounds.servers)).try_for_each(&mut give)?;
                }
                if may(Bounded::Changes) {
                    self.changes.iter().copied().try_for_each(&mut give)?;
                }
            }
            Part::Follower | Part::PreCandidate | Part::Candidate => {
                if view.term < self.terms_max {
                    give(ELECTION)?;
                }
            }
        }
        if may(Bounded::Snapshots) && view.can_compact {
            give(SNAPSHOT)?;
        }
        if may(Bounded::Crashes) {
            give(CRASH)?;
        }
        Ok(())
    }

    /// Makes a move; `next` is what comes of it, unless it breaks something.
    fn after(
        &self,
        state: &[u32],
        choice: Move,
        number: u32,
        next: &mut Words,
    ) -> Result<Result<(), Invariant>, Missing> {
        let step = &self.steps[number as usize];
        let place = usize::from(choice.place);
        next.clear();
        next.extend(&state[..self.messages_from()]);
        next[SERVERS + place] = step.server;
        let copied = choice.stays && self.bounds.copies.is_some();
        next[SPENT] = Spent(state[SPENT]).after(choice.input, copied).0;
        let servers = &next[SERVERS..];
        match self.promise(state[PROMISED], (place, number), servers)? {
            Ok(promised) => next[PROMISED] = promised,
            Err(broken) => return Ok(Err(broken)),
        }
        let taken = choice.input.checked_sub(MESSAGES).filter(|_| !choice.stays);
        let (mut old, mut new) = (&state[self.messages_from()..], &*step.sent);
        loop {
            let sent = match (old, new) {
                ([], []) => break,
                ([one, rest @ ..], []) => {
                    old = rest;
                    if Some(*one) == taken {
                        continue;
                    }
                    *one
                }
                ([one, rest @ ..], [other, ..]) if one < other => {
                    old = rest;
                    if Some(*one) == taken {
                        continue;
                    }
                    *one
                }
                ([one, rest @ ..], [other, others @ ..]) if one == other => {
                    (old, new) = (rest, others);
                    *one
                }
                (_, [other, others @ ..]) => {
                    new = others;
                    *other
                }
            };
            let letter = self.letters[sent as usize];
            let receiver = self.view(next[SERVERS + usize::from(letter.to)]);
            if !self.is_over(letter, receiver) {
                next.push(sent);
            }
        }
        if self.saturates {
            self.saturate(next)?;
        }
        Ok(Ok(()))
    }

    /// Adds all that can be sent without a change of any server: whoever has it on its way can do
    /// all that it could do without.
    fn saturate(&self, next: &mut Words) -> Result<(), Missing> {
        let from = self.messages_from();
        for place in 0..self.bounds.servers {
            if self.view(next[SERVERS + usize::from(place)]).part == Part::Leader {
                self.send(next, place, HEARTBEAT)?;
            }
        }
        let mut looked_at = from;
        while let Some(sent) = next.get(looked_at).copied() {
            let place = self.letters[sent as usize].to;
            if self.view(next[SERVERS + usize::from(place)]).part != Part::Crashed {
                self.send(next, place, MESSAGES + sent)?;
            }
            looked_at += 1;
        }
        next[from..].sort_unstable();
        Ok(())
    }

    /// Adds what a server sends that is given this, if that changes nothing else.
    fn send(&self, next: &mut Words, place: u8, input: InputId) -> Result<(), Missing> {
        let server = next[SERVERS + usize::from(place)];
        let step = &self.steps[self.step(place, server, input)? as usize];
        if step.server != server {
            return Ok(());
        }
        for sent in &step.sent {
            let letter = self.letters[*sent as usize];
            let receiver = self.view(next[SERVERS + usize::from(letter.to)]);
            let is_new = !next[self.messages_from()..].contains(sent);
            if is_new && !self.is_over(letter, receiver) {
                next.push(*sent);
            }
        }
        Ok(())
    }

    /// Puts into `best` the form of `next` that stands for all that differ in numbers only;
    /// answers the permutation that leads to it.
    fn canonical(&self, scratch: &mut Scratch) -> usize {
        let Scratch {
            next, best, other, ..
        } = scratch;
        let from = self.messages_from();
        if let [_] = *self.permutations {
            std::mem::swap(best, next);
            return 0;
        }
        let servers = &next[SERVERS..from];
        let begin_with = usize::from(self.bounds.begin_with());
        let mut found = None;
        for (number, permutation) in self.permutations.iter().enumerate() {
            // Kin stand in ascending order: that leaves a choice only among those that are alike.
            let mut kin = [0; super::permutation::SERVERS_MAX];
            for (place, server) in servers.iter().enumerate() {
                kin[permutation.place(place)] = self.view(*server).kin;
            }
            let (begun, others) = kin[..servers.len()].split_at(begin_with);
            if !begun.is_sorted() || !others.is_sorted() {
                continue;
            }
            self.image(next, number, other);
            if found.is_none() || *other < *best {
                std::mem::swap(best, other);
                found = Some(number);
            }
        }
        found.unwrap_or(0)
    }

    /// Puts into `image` what a cluster is under a permutation.
    pub(super) fn image(&self, state: &[u32], permutation: usize, image: &mut Words) {
        let from = self.messages_from();
        let to = self.permutations[permutation];
        image.clear();
        image.extend(&state[..from]);
        image[PROMISED] = self.promised_under(state[PROMISED], permutation);
        for (place, server) in state[SERVERS..from].iter().enumerate() {
            image[SERVERS + to.place(place)] = self.server_under(*server, permutation);
        }
        let messages = state[from..].iter();
        image.extend(messages.map(|sent| self.sent_under(*sent, permutation)));
        image[from..].sort_unstable();
    }

    /// A move as it is told, by servers whose numbers are what `name` says.
    pub(super) fn told(&self, choice: Move, name: impl Fn(NodeId) -> NodeId) -> Choice {
        let id = name(NodeId(u16::from(choice.place) + 1));
        match self.input(choice.input) {
            Input::Receive(from, message) => Choice::Deliver {
                from: name(from),
                to: id,
                message: Box::new(message),
                stays: choice.stays,
            },
            Input::Fire(timer) => Choice::Fire(id, timer),
            Input::Propose(command) => Choice::Propose(id, command),
            Input::Snapshot => Choice::Snapshot(id),
            Input::Read => Choice::Read(id),
            Input::Transfer(to) => Choice::Transfer {
                from: id,
                to: name(to),
            },
            Input::Reconfigure(members) => {
                let [voters, learners] = members.map(|some| some.into_iter().map(&name).collect());
                Choice::Reconfigure {
                    server: id,
                    voters,
                    learners,
                }
            }
            Input::Crash => Choice::Crash(id),
            Input::Restart => Choice::Restart(id),
        }
    }

    /// The servers of a cluster, the first one first.
    pub(super) fn server_ids<'a>(&self, state: &'a [u32]) -> &'a [ServerId] {
        &state[SERVERS..self.messages_from()]
    }

    /// All of a cluster but what is on its way.
    #[cfg(test)]
    pub(super) fn standing<'a>(&self, state: &'a [u32]) -> &'a [u32] {
        &state[..self.messages_from()]
    }

    /// The same, whatever the numbers are in these tables and whichever of its images this is.
    #[cfg(test)]
    pub(super) fn digests(&self, standing: &[u32]) -> Vec<u64> {
        let image = |number: usize| {
            let to = self.permutations[number];
            let mut digests = vec![0; standing.len()];
            digests[SPENT] = u64::from(standing[SPENT]);
            digests[PROMISED] =
                self.promised_digest(self.promised_under(standing[PROMISED], number));
            for (place, server) in standing[SERVERS..].iter().enumerate() {
                let server = self.server(self.server_under(*server, number));
                digests[SERVERS + to.place(place)] = server.digest();
            }
            digests
        };
        let images = (0..self.permutations.len()).map(image);
        images.min().unwrap_or_default()
    }

    #[cfg(test)]
    pub(super) fn servers_of<'a>(&'a self, state: &'a [u32]) -> impl Iterator<Item = &'a Server> {
        let servers = state[SERVERS..self.messages_from()].iter();
        servers.map(|server| self.server(*server))
    }

    fn messages_from(&self) -> usize {
        SERVERS + usize::from(self.bounds.servers)
    }
}
