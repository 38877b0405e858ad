//! What was met so far, each thing once: servers, messages, what was promised, and every step.
//!
//! A cluster is a few numbers into these tables. They say what becomes of a server that is given
//! something and what it looks like under other numbers of the servers; what they do not say yet
//! is [`Missing`], and is learnt by running the real code. There are far fewer servers than
//! clusters, so that nearly everything is looked up.

use raft_core::{Envelope, NodeId, Rule, Timer};
use raft_sim::checker::Checker;
use raft_sim::digest::Digest;
use raft_sim::fact::Fact;
use raft_sim::server::ServerNode;
use raft_sim::{Command, Invariant, Violation};

use super::bounds::Bounds;
use super::fingerprint::Map;
use super::input::{
    self, CHANGES, COMMANDS, CRASH, ELECTION, GIVE_UP, HEARTBEAT, InputId, MESSAGES, READ, RESTART,
    SNAPSHOT, TRANSFERS,
};
use super::instant::Instant;
use super::known::{Known, map_bytes};
use super::permutation::{Permutation, SERVERS_MAX};
use super::sent::{Kind, Letter, Sent};
use super::server::{Input, Making, Part, Server, Stepped};
use super::state::Words;
use super::together::Together;

/// The number of a server in the tables.
pub(super) type ServerId = u32;
/// The number of a message.
pub(super) type SentId = u32;
/// The number of what was promised.
pub(super) type PromisedId = u32;

/// About how many bytes a message takes beside itself, for its entries.
const MESSAGE_BYTES: usize = 128;
/// About how many bytes take what was promised beside themselves.
const PROMISED_BYTES: usize = 512;

/// What one looks for in a server all the time.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    pub(super) part: Part,
    pub(super) term: u32,
    pub(super) can_compact: bool,
    /// The same for all that others look at when they compare themselves.
    face: u32,
    /// The same for all servers that differ only in numbers.
    pub(super) kin: u32,
}

/// What becomes of a server.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) server: ServerId,
    /// What it sends, in ascending order.
    pub(super) sent: Vec<SentId>,
    broken: Option<Invariant>,
    facts: Vec<Fact>,
    concerns_all: bool,
}

/// Something that the tables do not have yet.
#[derive(Debug, Clone, Copy)]
pub(super) enum Missing {
    Step(u8, ServerId, InputId),
    Promise(PromiseKey),
    Forgetting(PromisedId, u32),
}

/// What was promised, a step, and the faces of all servers but the one that makes it.
type PromiseKey = [u32; 2 + SERVERS_MAX];

pub(super) struct Tables {
    pub(super) bounds: Bounds,
    making: Making,
    pub(super) permutations: Vec<Permutation>,
    /// For each permutation and each that follows it, the one that both are together.
    composed: Vec<usize>,
    servers: Known<Server>,
    pub(super) views: Vec<View>,
    /// The first server of each face.
    faces: Known<ServerId>,
    sent: Known<Sent>,
    pub(super) letters: Vec<Letter>,
    promised: Known<Checker>,
    /// Of what was promised: the first term of which it says who led it.
    first_led: Vec<u32>,
    step_of: Map<[u32; 2], u32>,
    pub(super) steps: Vec<Step>,
    /// About how many bytes the steps take beside themselves.
    steps_bytes: usize,
    promise_of: Map<PromiseKey, Result<PromisedId, Invariant>>,
    forgetting: Map<[u32; 2], PromisedId>,
    /// Whether what can be sent without a change counts as sent.
    pub(super) saturates: bool,
    /// Whether an answer to an earlier term is ignored for ever.
    drops_old_answers: bool,
    /// The last term that a server enters.
    pub(super) terms_max: u32,
    /// What a leader can be asked to change the configuration to.
    pub(super) changes: Vec<InputId>,
}

impl Tables {
    /// About how many bytes they take.
    pub(super) fn bytes(&self) -> usize {
        let things = self.servers.bytes() + self.sent.bytes() + self.promised.bytes();
        let views = self.views.capacity() * size_of::<View>() + self.faces.bytes();
        let steps = self.steps.capacity() * size_of::<Step>() + self.steps_bytes;
        let maps =
            map_bytes(&self.step_of) + map_bytes(&self.promise_of) + map_bytes(&self.forgetting);
        things + views + steps + maps
    }

    /// The tables of a cluster of which nothing is known but how it begins; and how that is.
    pub(super) fn new(bounds: &Bounds) -> (Self, Words) {
        let making = Making {
            configs: bounds.configs(),
            ablated: bounds.ablated,
            sessions: bounds.setup().sessions,
            first_disks: bounds.first_disks(),
        };
        let kept = |rule| !bounds.ablated.contains(rule);
        // Messages and promises carry configurations, which keep their numbers.
        let permutations = if bounds.symmetry && bounds.changes == 0 {
            Permutation::all(
                usize::from(bounds.servers),
                usize::from(bounds.begin_with()),
            )
        } else {
            Permutation::none()
        };
        let mut tables = Self {
            composed: Permutation::composed(&permutations),
            permutations,
            servers: Known::new(),
            views: Vec::new(),
            faces: Known::new(),
            sent: Known::new(),
            letters: Vec::new(),
            promised: Known::new(),
            first_led: Vec::new(),
            step_of: Map::default(),
            steps: Vec::new(),
            steps_bytes: 0,
            promise_of: Map::default(),
            forgetting: Map::default(),
            saturates: bounds.copies.is_none(),
            drops_old_answers: kept(Rule::OldReply) && kept(Rule::StartElection),
            bounds: bounds.clone(),
            terms_max: u32::from(bounds.terms),
            changes: input::changes(bounds.servers),
            making,
        };
        let first = match &bounds.from {
            Some(instant) => tables.go_on(instant),
            None => tables.begin(),
        };
        (tables, first)
    }

    /// A cluster that begins.
    fn begin(&mut self) -> Words {
        let first = self.bounds.ids();
        let first: Vec<Server> = first.map(|id| Server::new(&self.making, id)).collect();
        let mut servers = Vec::new();
        for place in 0..first.len() {
            let family = self.permutations.iter();
            let family = family.map(|to| first[to.place(place)].clone()).collect();
            servers.push(self.learn_family(family));
        }
        let promised = self.learn_promised(Checker::default());
        Self::first(promised, &servers, Vec::new())
    }

    /// A cluster at an instant of a run. There is one permutation, that which moves nobody.
    fn go_on(&mut self, instant: &Instant) -> Words {
        let world = instant.world();
        let checker = world.checker();
        let mut servers = Vec::new();
        for server in world.servers() {
            let owes = checker.clone().of_servers();
            // Its settings are those of the run but for its timers.
            if let Some(server) = Server::of_run(&self.making, server, owes) {
                servers.push(self.learn_family(vec![server]));
            }
        }
        let terms = servers.iter().map(|server| self.view(*server).term);
        self.terms_max += terms.max().unwrap_or(0);
        let messages = instant.in_flight().map(|rpc| {
            let (to, message) = (rpc.to, rpc.said.clone());
            self.learn_sent(rpc.from, Envelope { to, message })
        });
        let messages = messages.collect();
        let promised = self.learn_promised(checker.clone());
        Self::first(promised, &servers, messages)
    }

    /// What a server is under a permutation.
    pub(super) fn server_under(&self, server: ServerId, permutation: usize) -> ServerId {
        self.servers.images[server as usize * self.permutations.len() + permutation]
    }

    /// What a message is under a permutation.
    pub(super) fn sent_under(&self, sent: SentId, permutation: usize) -> SentId {
        self.sent.images[sent as usize * self.permutations.len() + permutation]
    }

    /// What was promised, under a permutation.
    pub(super) fn promised_under(&self, promised: PromisedId, permutation: usize) -> PromisedId {
        self.promised.images[promised as usize * self.permutations.len() + permutation]
    }

    /// What one looks for in a server all the time.
    pub(super) fn view(&self, server: ServerId) -> View {
        self.views[server as usize]
    }

    #[cfg(test)]
    pub(super) fn server(&self, server: ServerId) -> &Server {
        self.servers.get(server)
    }

    #[cfg(test)]
    pub(super) fn promised_digest(&self, promised: PromisedId) -> u64 {
        Digest::of(self.promised.get(promised))
    }

    pub(super) fn message(&self, sent: SentId) -> &Sent {
        self.sent.get(sent)
    }

    /// Whether a message is ignored by its receiver, now and ever after.
    pub(super) fn is_over(&self, letter: Letter, receiver: View) -> bool {
        if !self.drops_old_answers || letter.kind == Kind::Request {
            return false;
        }
        if letter.term < receiver.term {
            return true;
        }
        // Whoever is no candidate of a term will not be one of it any more; nor will its leader
        // be who neither leads nor stands.
        letter.term == receiver.term
            && match letter.kind {
                Kind::Vote => receiver.part != Part::Candidate,
                Kind::Stored => !matches!(receiver.part, Part::Candidate | Part::Leader),
                Kind::Request | Kind::Answer => false,
            }
    }

    /// What becomes of the server at `place` that is given this.
    pub(super) fn step(&self, place: u8, server: ServerId, input: InputId) -> Result<u32, Missing> {
        let known = self.step_of.get(&[server, input]).copied();
        known.ok_or(Missing::Step(place, server, input))
    }

    /// What is promised after the server at `place` made a step and all are as `servers` says; or
    /// what is broken.
    pub(super) fn promise(
        &self,
        promised: PromisedId,
        (place, number): (usize, u32),
        servers: &[ServerId],
    ) -> Result<Result<PromisedId, Invariant>, Missing> {
        let step = &self.steps[number as usize];
        if let Some(broken) = step.broken {
            return Ok(Err(broken));
        }
        let mut now = promised;
        if step.concerns_all {
            let mut key = [u32::MAX; 2 + SERVERS_MAX];
            key[..2].copy_from_slice(&[promised, number]);
            for (other, server) in servers.iter().enumerate() {
                if other != place {
                    key[2 + other] = self.views[*server as usize].face;
                }
            }
            let known = self.promise_of.get(&key).copied();
            match known.ok_or(Missing::Promise(key))? {
                Ok(promised) => now = promised,
                Err(broken) => return Ok(Err(broken)),
            }
        }
        let terms = servers
            .iter()
            .map(|server| self.views[*server as usize].term);
        let oldest = terms.min().unwrap_or(0);
        if self.first_led[now as usize] < oldest {
            let known = self.forgetting.get(&[now, oldest]).copied();
            now = known.ok_or(Missing::Forgetting(now, oldest))?;
        }
        Ok(Ok(now))
    }

    /// Finds out what is missing.
    pub(super) fn learn(&mut self, missing: Missing) {
        match missing {
            Missing::Step(place, server, input) => self.learn_step(place, server, input),
            Missing::Promise(key) => self.learn_promise(key),
            Missing::Forgetting(promised, oldest) => {
                let mut checker = self.promised.get(promised).clone();
                checker.forget_leaders_before(raft_core::Term(u64::from(oldest)));
                let forgot = self.learn_promised(checker);
                self.forgetting.insert([promised, oldest], forgot);
            }
        }
    }

    /// The step of a server, which is learnt if need be.
    pub(super) fn stepping(&mut self, place: u8, server: ServerId, input: InputId) -> u32 {
        loop {
            match self.step(place, server, input) {
                Ok(step) => return step,
                Err(missing) => self.learn(missing),
            }
        }
    }

    fn learn_step(&mut self, place: u8, server: ServerId, input: InputId) {
        let id = NodeId(u16::from(place) + 1);
        let stepped = self.stepped(server, input);
        let family = (0..self.permutations.len()).map(|to| {
            let (server, input) = (self.server_under(server, to), self.input_under(input, to));
            self.stepped(server, input).server
        });
        let family: Vec<Server> = family.collect();
        let server_now = self.learn_family(family);
        let sent = stepped.sent.into_iter();
        let mut sent: Vec<SentId> = sent.map(|envelope| self.learn_sent(id, envelope)).collect();
        sent.sort_unstable();
        sent.dedup();
        let number = u32::try_from(self.steps.len()).unwrap_or(u32::MAX);
        self.steps_bytes += sent.capacity() * size_of::<SentId>();
        self.steps_bytes += stepped.facts.capacity() * size_of::<Fact>();
        self.steps.push(Step {
            server: server_now,
            sent,
            broken: stepped.broken,
            facts: stepped.facts,
            concerns_all: stepped.concerns_all,
        });
        self.step_of.insert([server, input], number);
    }

    fn stepped(&self, server: ServerId, input: InputId) -> Stepped {
        let input = self.input(input);
        self.servers.get(server).step(&input, &self.making)
    }

    pub(super) fn input_under(&self, input: InputId, permutation: usize) -> InputId {
        match input.checked_sub(MESSAGES) {
            Some(sent) => MESSAGES + self.sent_under(sent, permutation),
            None => input::renumbered(input, self.permutations[permutation]),
        }
    }

    pub(super) fn input(&self, input: InputId) -> Input {
        match input {
            ELECTION => Input::Fire(Timer::Election),
            HEARTBEAT => Input::Fire(Timer::Heartbeat),
            GIVE_UP => Input::Fire(Timer::Transfer),
            SNAPSHOT => Input::Snapshot,
            READ => Input::Read,
            CRASH => Input::Crash,
            RESTART => Input::Restart,
            COMMANDS..TRANSFERS => {
                Input::Propose(Command::from(format!("x{}", input - COMMANDS + 1)))
            }
            TRANSFERS..CHANGES => Input::Transfer(input::successor(input)),
            CHANGES..MESSAGES => Input::Reconfigure(input::members(input)),
            MESSAGES.. => {
                let sent = self.message(input - MESSAGES);
                Input::Receive(sent.from, sent.message.clone())
            }
        }
    }

    /// Takes in a server, given as it is under each permutation; answers the number of the first.
    fn learn_family(&mut self, family: Vec<Server>) -> ServerId {
        let numbers: Vec<(u32, bool)> = family.into_iter().map(|server| self.see(server)).collect();
        let kin = numbers.iter().map(|(number, _)| *number).min().unwrap_or(0);
        if !numbers.iter().any(|(_, is_new)| *is_new) {
            return numbers[0].0;
        }
        for (number, _) in &numbers {
            self.views[*number as usize].kin = kin;
        }
        let many = self.permutations.len();
        self.servers.images.resize(self.views.len() * many, 0);
        let numbers: Vec<u32> = numbers.into_iter().map(|(number, _)| number).collect();
        self.relate(&numbers, |tables| &mut tables.servers.images);
        numbers[0]
    }

    fn see(&mut self, server: Server) -> (u32, bool) {
        let digest = server.digest();
        let view = View {
            part: server.part(),
            term: u32::try_from(server.term().0).unwrap_or(u32::MAX),
            can_compact: server.can_compact(),
            face: 0,
            kin: 0,
        };
        let face = server.node().map(|node| {
            let leads = node.role().is_leader();
            Digest::of(&(node.config().id(), view.term, leads, node.log()))
        });
        let bytes = server.bytes();
        let (number, is_new) = self.servers.number(digest, server);
        if is_new {
            self.servers.bytes += bytes;
            let (face, _) = self.faces.number(face.unwrap_or(0), number);
            self.views.push(View { face, ..view });
        }
        (number, is_new)
    }

    fn learn_sent(&mut self, from: NodeId, Envelope { to, message }: Envelope<Command>) -> SentId {
        let sent = Sent { from, to, message };
        let many = self.permutations.len();
        let mut numbers = Vec::new();
        for place in 0..many {
            let to = self.permutations[place];
            let (from, to) = (to.name(sent.from), to.name(sent.to));
            let other = Sent {
                from,
                to,
                message: sent.message.clone(),
            };
            let letter = Letter::of(&other);
            let (number, is_new) = self.sent.number(Digest::of(&other), other);
            if is_new {
                self.sent.bytes += MESSAGE_BYTES;
                self.letters.push(letter);
            }
            numbers.push(number);
        }
        self.sent.images.resize(self.letters.len() * many, 0);
        self.relate(&numbers, |tables| &mut tables.sent.images);
        numbers[0]
    }

    /// Takes in what was promised.
    fn learn_promised(&mut self, checker: Checker) -> PromisedId {
        let checker = checker.of_all();
        let many = self.permutations.len();
        let mut numbers = Vec::new();
        for place in 0..many {
            let to = self.permutations[place];
            let other = checker.clone().renamed(|id| to.name(id));
            let first = other.first_led();
            let first = first.map_or(u32::MAX, |term| u32::try_from(term.0).unwrap_or(u32::MAX));
            let (number, is_new) = self.promised.number(Digest::of(&other), other);
            if is_new {
                self.promised.bytes += PROMISED_BYTES;
                self.first_led.push(first);
            }
            numbers.push(number);
        }
        self.promised.images.resize(self.first_led.len() * many, 0);
        self.relate(&numbers, |tables| &mut tables.promised.images);
        numbers[0]
    }

    /// Notes of things that are each other's images what each is under every permutation.
    fn relate(&mut self, numbers: &[u32], images: impl Fn(&mut Self) -> &mut Vec<u32>) {
        let many = self.permutations.len();
        for (one, number) in numbers.iter().enumerate() {
            for to in 0..many {
                let whole = self.composed[one * many + to];
                images(self)[*number as usize * many + to] = numbers[whole];
            }
        }
    }

    fn learn_promise(&mut self, key: PromiseKey) {
        let [promised, number, ref faces @ ..] = key;
        let step = &self.steps[number as usize];
        let others = faces.iter().filter(|face| **face != u32::MAX);
        let others = others.map(|face| *self.faces.get(*face));
        let nodes = [step.server].into_iter().chain(others);
        let nodes = nodes.filter_map(|server| self.servers.get(server).node());
        let mut nodes: Vec<&ServerNode> = nodes.collect();
        nodes.sort_by_key(|node| node.config().id());
        let mut checker = self.promised.get(promised).clone();
        checker.see(0, &step.facts, &Together(nodes));
        let mut found = checker.violations().iter().map(Violation::invariant);
        let found = found.find(|found| !found.is_of_one_server());
        let outcome = match found {
            Some(broken) => Err(broken),
            None => Ok(self.learn_promised(checker)),
        };
        self.promise_of.insert(key, outcome);
    }
}
