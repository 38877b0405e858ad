//! One server of the world, as the page draws it.

use std::hash::{DefaultHasher, Hash, Hasher};

use raft_core::{
    Candidate, Configuration, Entry, Half, HardState, Index, Leader, Mode, Node, NodeId, Payload,
    PreCandidate, Role, SharedVec, Tally, Term, TermAt,
};
use raft_play::text::written_entry;
use raft_play::words;
use raft_sim::World;
use raft_sim::command::Command;
use raft_sim::server::{Running, Server, ServerNode};

use super::super::SAFE;
use super::{Window, logs};
use crate::view::{
    Answer, EntryKind, EntryView, HalfView, HolderView, ModeName, ProgressView, RoleName,
    ServerView, Standing, State, TallyView, ValueView, VoteView,
};

/// How many keys of a state machine are shown.
const KEYS_SHOWN: usize = 12;

/// What the page shows of a server. Inlined at both ends of a loop it would be the largest part of
/// what the page loads.
#[inline(never)]
pub(super) fn view(world: &World, server: &Server, label: &str, window: Window) -> ServerView {
    let mut view = unrevised(world, server, window);
    label.clone_into(&mut view.label);
    revised(world, view)
}

/// The view with its revision: a hash of what it shows, cut to what JavaScript holds exactly.
fn revised(world: &World, mut view: ServerView) -> ServerView {
    let left = (
        view.election_remaining,
        view.heartbeat_remaining,
        view.lease_remaining,
    );
    // A timer that runs is hashed as the instant at which it expires.
    let since = match view.state {
        State::Up => world.now().0,
        State::Paused | State::Crashed => 0,
    };
    let until = |left: Option<u64>| left.map(|left| since + left);
    // One that has run out stays so.
    let until_lease = left.2.and_then(|left| (left > 0).then(|| since + left));
    (view.election_remaining, view.heartbeat_remaining) = (until(left.0), until(left.1));
    view.lease_remaining = until_lease;
    let mut hasher = DefaultHasher::new();
    view.hash(&mut hasher);
    view.revision = hasher.finish() % SAFE;
    (
        view.election_remaining,
        view.heartbeat_remaining,
        view.lease_remaining,
    ) = left;
    view
}

fn unrevised(world: &World, server: &Server, window: Window) -> ServerView {
    let Server { id, ref disk, .. } = *server;
    let running = server.running();
    let node = server.node();
    let role = node.map(Node::role);
    let election = role.and_then(Role::election);
    let leader = role.and_then(as_leader);
    let left = |remaining| Some(running?.left_at(world.now(), remaining).0);
    let kept = Kept::of(server);
    let settings = node.map(|node| node.config().settings());
    let leased = settings.filter(|settings| settings.lease_reads);
    let leased = leased.map(|settings| settings.election_timeout.start().minus(settings.heartbeat));
    let HardState {
        current_term,
        voted_for,
    } = kept.hard_state;
    ServerView {
        id: id.0,
        label: String::new(),
        state: state(running),
        connected: world.network().is_connected(id),
        role: role.map_or(RoleName::Follower, role_name),
        is_deposed: world.is_deposed(id),
        takes_requests: node.is_some_and(Node::takes_requests),
        current_term: current_term.0,
        voted_for: voted_for.map(|id| id.0),
        leader: node.and_then(Node::leader).map(|id| id.0),
        configuration: kept.configuration.to_string(),
        configuration_written: configuration_written(kept.configuration),
        standing: standing(kept.configuration, id),
        votes: node.map(votes).unwrap_or_default(),
        tally: node.map(tally).unwrap_or_default(),
        election_remaining: election.and_then(|timer| left(timer.remaining)),
        election_timeout: election.map(|timer| timer.timeout.0),
        heartbeat_remaining: leader.and_then(|leader| left(leader.heartbeat_remaining)),
        heartbeat: node
            .filter(|_| leader.is_some())
            .map(|node| node.config().settings().heartbeat.0),
        lease_remaining: leader
            .filter(|_| leased.is_some())
            .and_then(|leader| left(leader.lease_remaining)),
        lease: leased.filter(|_| leader.is_some()).map(|lease| lease.0),
        reads_waiting: node.map_or(0, Node::reads_waiting),
        transfer: leader.and_then(|leader| Some(leader.transfer?.to.0)),
        successors: node
            .map(|node| node.successors().map(|id| id.0).collect())
            .unwrap_or_default(),
        commit_index: node.map_or(kept.snapshot_index, Node::commit_index).0,
        last_applied: node.map_or(kept.snapshot_index, Node::last_applied).0,
        held_back: node.and_then(held_back).map(|index| index.0),
        last_index: kept.last_index.0,
        durable_index: node.map_or(kept.last_index, Node::durable_index).0,
        snapshot_index: kept.snapshot_index.0,
        snapshot_term: kept.snapshot_term.0,
        log: entries(world, server, window),
        runs: logs::term_runs(kept.snapshot_index, kept.entries),
        progress: role.map(progress).unwrap_or_default(),
        halves: node.map(halves).unwrap_or_default(),
        writes_pending: running.map_or(0, |_| disk.writes_pending()),
        is_stalled: disk.is_stalled,
        is_failing: disk.is_failing,
        is_unsynced: !disk.syncs(),
        clock_rate_permille: server.clock_rate_permille.get(),
        cpu_us: server.cpu.0,
        store: running.map(store).unwrap_or_default(),
        revision: 0,
    }
}

/// What a server has of what it keeps: of a crashed one, what is on its disk, from which it will
/// start.
struct Kept<'a> {
    hard_state: HardState,
    configuration: &'a Configuration,
    entries: &'a SharedVec<Entry<Command>>,
    last_index: Index,
    snapshot_index: Index,
    snapshot_term: Term,
}

impl<'a> Kept<'a> {
    fn of(server: &'a Server) -> Self {
        let image = &server.disk.image;
        let (hard_state, configuration, entries, last_index, snapshot) = match server.node() {
            Some(node) => (
                node.hard_state(),
                node.configuration(),
                node.log().entries(),
                node.log().last_index(),
                node.log().snapshot(),
            ),
            None => (
                image.hard_state,
                image.configuration().as_ref(),
                &image.entries,
                image.last_index(),
                &image.snapshot,
            ),
        };
        Self {
            hard_state,
            configuration,
            entries,
            last_index,
            snapshot_index: snapshot.last_included_index,
            snapshot_term: snapshot.last_included_term,
        }
    }
}

fn state(running: Option<&Running>) -> State {
    match running {
        Some(running) if running.paused => State::Paused,
        Some(_) => State::Up,
        None => State::Crashed,
    }
}

const fn as_leader(role: &Role) -> Option<&Leader> {
    match role {
        Role::Leader(leader) => Some(leader),
        Role::Follower(_) | Role::PreCandidate(_) | Role::Candidate(_) => None,
    }
}

fn tally(node: &ServerNode) -> Vec<TallyView> {
    node.tally()
        .map(|Tally { have, need }| TallyView { have, need })
        .collect()
}

fn halves(node: &ServerNode) -> Vec<HalfView> {
    let index = node.log().configuration_index();
    let halves = node.halves(index).into_iter();
    let half = |Half { voters, tally }: Half| HalfView {
        index: index.0,
        voters: voters
            .into_iter()
            .map(|(id, stores)| HolderView { id: id.0, stores })
            .collect(),
        tally: TallyView {
            have: tally.have,
            need: tally.need,
        },
    };
    halves.map(half).collect()
}

fn held_back(node: &ServerNode) -> Option<Index> {
    let stored = node.majority_index()?;
    let TermAt::Known(term) = node.log().term_at(stored) else {
        return None;
    };
    (stored > node.commit_index() && term < node.hard_state().current_term).then_some(stored)
}

fn store(running: &Running) -> Vec<ValueView> {
    let values = running.machine.store.iter().take(KEYS_SHOWN);
    values
        .map(|(key, value)| ValueView {
            key: key.to_owned(),
            value: value.to_owned(),
        })
        .collect()
}

fn entries(world: &World, server: &Server, window: Window) -> Vec<EntryView> {
    let leader = world.leader().filter(|leader| *leader != server.id);
    let leader = leader
        .and_then(|id| world.server(id))
        .and_then(Server::node);
    let node = server.node();
    let image = &server.disk.image;
    let on_disk = (image.snapshot.last_included_index, &image.entries);
    let (base, entries) = node.map_or(on_disk, |node| {
        (
            node.log().snapshot().last_included_index,
            node.log().entries(),
        )
    });
    let seen = window.first..window.first.saturating_add(window.count);
    let skip = usize::try_from(window.first.saturating_sub(base.0 + 1)).unwrap_or(usize::MAX);
    entries
        .iter()
        .enumerate()
        .skip(skip)
        .map(|(offset, entry)| (base.plus(offset + 1), entry))
        .take_while(|(index, _)| index.0 < seen.end)
        .map(|(index, entry)| EntryView {
            index: index.0,
            term: entry.term.0,
            text: words::bare_payload(&entry.payload),
            short: logs::short(&entry.payload),
            asked_by: logs::asked_by(&entry.payload),
            kind: match &entry.payload {
                Payload::Command(_) => EntryKind::Command,
                Payload::NoOp => EntryKind::NoOp,
                Payload::Configuration(_) => EntryKind::Configuration,
            },
            written: match &entry.payload {
                Payload::Command(_) | Payload::NoOp => {
                    Some(written_entry(entry.term, &entry.payload))
                }
                Payload::Configuration(_) => None,
            },
            committed: node.is_some_and(|node| index <= node.commit_index()),
            applied: node.is_some_and(|node| index <= node.last_applied()),
            durable: node.is_none_or(|node| index <= node.durable_index()),
            differs: leader.is_some_and(|leader| match leader.log().get(index) {
                Some(theirs) => theirs != entry,
                None => leader.log().term_at(index) == TermAt::Missing,
            }),
        })
        .collect()
}

/// A configuration as the numbers of its members.
pub(super) fn counted(configuration: &Configuration) -> String {
    let count = |before: &str, ids: &[NodeId], after: &str| {
        let is_some = !ids.is_empty();
        is_some.then(|| format!("{before}{}{after}", ids.len()))
    };
    let outgoing = count("", configuration.outgoing(), "→");
    let learners = count("+", configuration.learners(), "");
    let voters = configuration.voters().len();
    let [outgoing, learners] = [outgoing, learners].map(Option::unwrap_or_default);
    format!("C{outgoing}{voters}{learners}")
}

fn configuration_written(configuration: &Configuration) -> String {
    let list = |word: &str, ids: &[NodeId]| {
        let names = ids.iter().map(|id| format!(" {id}"));
        names.fold(word.to_owned(), |line, name| line + &name)
    };
    let voters = list("voters", configuration.voters());
    if configuration.learners().is_empty() {
        voters
    } else {
        list(&format!("{voters} learners"), configuration.learners())
    }
}

fn standing(configuration: &Configuration, id: NodeId) -> Standing {
    if configuration.voters().contains(&id) {
        Standing::Voter
    } else if configuration.is_voter(id) {
        Standing::Leaving
    } else if configuration.learners().contains(&id) {
        Standing::Learner
    } else {
        Standing::Outside
    }
}

fn votes(node: &ServerNode) -> Vec<VoteView> {
    let (Role::PreCandidate(PreCandidate { votes, .. }) | Role::Candidate(Candidate { votes, .. })) =
        node.role()
    else {
        return Vec::new();
    };
    let own = node.config().id();
    let members = node.configuration().members();
    let others = members.filter(|id| *id != own && node.configuration().is_voter(*id));
    std::iter::once(own)
        .chain(others)
        .map(|peer| VoteView {
            peer: peer.0,
            answer: match votes.get(peer) {
                Some(true) => Answer::Granted,
                Some(false) => Answer::Refused,
                None => Answer::Waiting,
            },
        })
        .collect()
}

pub(super) fn progress(role: &Role) -> Vec<ProgressView> {
    as_leader(role)
        .into_iter()
        .flat_map(|leader| leader.progress.iter())
        .map(|(peer, progress)| ProgressView {
            peer: peer.0,
            next_index: progress.next_index.0,
            match_index: progress.match_index.0,
            mode: match progress.mode {
                Mode::Probe => ModeName::Probe,
                Mode::Replicate => ModeName::Replicate,
                Mode::Snapshot(_) => ModeName::Snapshot,
            },
            snapshot_bytes: match &progress.mode {
                Mode::Snapshot(sending) => Some(sending.offset),
                Mode::Probe | Mode::Replicate => None,
            },
        })
        .collect()
}

const fn role_name(role: &Role) -> RoleName {
    match role {
        Role::Follower(_) => RoleName::Follower,
        Role::PreCandidate(_) => RoleName::PreCandidate,
        Role::Candidate(_) => RoleName::Candidate,
        Role::Leader(_) => RoleName::Leader,
    }
}
