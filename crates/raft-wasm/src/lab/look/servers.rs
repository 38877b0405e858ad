//! One server of the world, as the page draws it.

use std::hash::{DefaultHasher, Hash, Hasher};

use raft_core::{
    Candidate, Configuration, Mode, NodeId, Payload, PreCandidate, Role, Tally, TermAt,
};
use raft_play::text::written_entry;
use raft_play::words;
use raft_sim::World;
use raft_sim::server::{Life, Running, Server, ServerNode};

use super::super::SAFE;
use super::Window;
use crate::view::{
    Answer, EntryKind, EntryView, ModeName, ProgressView, RoleName, ServerView, Standing, State,
    TallyView, ValueView, VoteView,
};

/// How many keys of a state machine are shown.
const KEYS_SHOWN: usize = 12;

pub(super) fn view(world: &World, server: &Server, window: Window) -> ServerView {
    let connected = world.network().is_connected(server.id);
    let view = match &server.life {
        Life::Running(running) => running_view(world, server, running, connected, window),
        Life::Crashed => crashed_view(world, server, connected, window),
    };
    revised(world, view)
}

/// The view with its revisions: hashes of what it shows, cut to what JavaScript holds exactly.
fn revised(world: &World, mut view: ServerView) -> ServerView {
    let exact = |hasher: DefaultHasher| hasher.finish() % SAFE;
    let mut hasher = DefaultHasher::new();
    let log = std::mem::take(&mut view.log);
    let left = (view.election_remaining, view.heartbeat_remaining);
    log.hash(&mut hasher);
    view.log_revision = exact(hasher);
    // A timer is hashed as the instant at which it expires.
    let until = |left: Option<u64>| left.map(|left| world.now().0 + left);
    (view.election_remaining, view.heartbeat_remaining) = (until(left.0), until(left.1));
    let mut hasher = DefaultHasher::new();
    view.hash(&mut hasher);
    view.revision = exact(hasher);
    (view.election_remaining, view.heartbeat_remaining) = left;
    view.log = log;
    view
}

fn running_view(
    world: &World,
    server: &Server,
    running: &Running,
    connected: bool,
    window: Window,
) -> ServerView {
    let node = &running.node;
    let left = |remaining| running.left_at(world.now(), remaining).0;
    let election = node.role().election();
    let (heartbeat, transfer) = match node.role() {
        Role::Leader(leader) => (Some(leader.heartbeat_remaining), leader.transfer),
        _ => (None, None),
    };
    let snapshot = node.log().snapshot();
    ServerView {
        id: server.id.0,
        state: if running.paused {
            State::Paused
        } else {
            State::Up
        },
        connected,
        role: role(node.role()),
        is_deposed: node.role().is_leader() && world.leader() != Some(server.id),
        current_term: node.hard_state().current_term.0,
        voted_for: node.hard_state().voted_for.map(|id| id.0),
        leader: node.leader().map(|id| id.0),
        configuration: node.configuration().to_string(),
        configuration_written: configuration_written(node.configuration()),
        standing: standing(node.configuration(), server.id),
        votes: votes(node),
        tally: node
            .tally()
            .map(|Tally { have, need }| TallyView { have, need })
            .collect(),
        election_remaining: election.map(|timer| left(timer.remaining)),
        election_timeout: election.map(|timer| timer.timeout.0),
        heartbeat_remaining: heartbeat.map(left),
        heartbeat: heartbeat.map(|_| node.config().settings().heartbeat.0),
        transfer: transfer.map(|transfer| transfer.to.0),
        successors: node.successors().map(|id| id.0).collect(),
        commit_index: node.commit_index().0,
        last_applied: node.last_applied().0,
        last_index: node.log().last_index().0,
        durable_index: node.durable_index().0,
        snapshot_index: snapshot.last_included_index.0,
        snapshot_term: snapshot.last_included_term.0,
        log: entries(world, server, window),
        progress: progress(node.role()),
        writes_pending: server.disk.writes_pending(),
        is_stalled: server.disk.is_stalled,
        is_failing: server.disk.is_failing,
        is_unsynced: !server.disk.syncs(),
        clock_rate_permille: server.clock_rate_permille.get(),
        cpu_us: server.cpu.0,
        store: running
            .machine
            .store
            .iter()
            .take(KEYS_SHOWN)
            .map(|(key, value)| ValueView {
                key: key.to_owned(),
                value: value.to_owned(),
            })
            .collect(),
        revision: 0,
        log_revision: 0,
    }
}

/// What a crashed server will start from: only its disk is left.
fn crashed_view(world: &World, server: &Server, connected: bool, window: Window) -> ServerView {
    let image = &server.disk.image;
    ServerView {
        id: server.id.0,
        state: State::Crashed,
        connected,
        role: RoleName::Follower,
        is_deposed: false,
        current_term: image.hard_state.current_term.0,
        voted_for: image.hard_state.voted_for.map(|id| id.0),
        leader: None,
        configuration: image.configuration().to_string(),
        configuration_written: configuration_written(image.configuration()),
        standing: standing(image.configuration(), server.id),
        votes: Vec::new(),
        tally: Vec::new(),
        election_remaining: None,
        election_timeout: None,
        heartbeat_remaining: None,
        heartbeat: None,
        transfer: None,
        successors: Vec::new(),
        commit_index: image.snapshot.last_included_index.0,
        last_applied: image.snapshot.last_included_index.0,
        last_index: image.last_index().0,
        durable_index: image.last_index().0,
        snapshot_index: image.snapshot.last_included_index.0,
        snapshot_term: image.snapshot.last_included_term.0,
        log: entries(world, server, window),
        progress: Vec::new(),
        writes_pending: 0,
        is_stalled: server.disk.is_stalled,
        is_failing: server.disk.is_failing,
        is_unsynced: !server.disk.syncs(),
        clock_rate_permille: server.clock_rate_permille.get(),
        cpu_us: server.cpu.0,
        store: Vec::new(),
        revision: 0,
        log_revision: 0,
    }
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
            short: match &entry.payload {
                Payload::Command(_) | Payload::NoOp => None,
                Payload::Configuration(configuration) => Some(counted(configuration)),
            },
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
fn counted(configuration: &Configuration) -> String {
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
    let Role::Leader(leader) = role else {
        return Vec::new();
    };
    leader
        .progress
        .iter()
        .map(|(peer, progress)| ProgressView {
            peer: peer.0,
            next_index: progress.next_index.0,
            match_index: progress.match_index.0,
            mode: match progress.mode {
                Mode::Probe => ModeName::Probe,
                Mode::Replicate => ModeName::Replicate,
                Mode::Snapshot(_) => ModeName::Snapshot,
            },
        })
        .collect()
}

const fn role(role: &Role) -> RoleName {
    match role {
        Role::Follower(_) => RoleName::Follower,
        Role::PreCandidate(_) => RoleName::PreCandidate,
        Role::Candidate(_) => RoleName::Candidate,
        Role::Leader(_) => RoleName::Leader,
    }
}
