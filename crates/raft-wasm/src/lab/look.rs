//! From the world to what the page draws of it.

mod flights;

use raft_core::{
    AppendOutcome, Candidate, Configuration, Index, Mode, NodeId, Payload, PreCandidate, Role,
    Rule, RuleSet, TermAt,
};
use raft_play::text::written_entry;
use raft_play::words::{self, Language};
use raft_sim::change::Change;
use raft_sim::client::Client;
use raft_sim::said::Said;
use raft_sim::server::{Life, Running, Server, ServerNode};
use raft_sim::{Event, EventKind, Run, Violation, World};

use super::rule;
use crate::view::{
    Answer, ChangeView, ClientView, CutView, EntryKind, EntryView, EventView, Explanation,
    InstantView, LinkView, ModeName, ProgressView, RoleName, ServerView, Standing, State,
    TallyView, ValueView, View, ViolationView, VoteView,
};

/// So many keys of a machine are shown.
const KEYS_SHOWN: usize = 12;

/// The indices that the page can see.
#[derive(Clone, Copy)]
struct Window {
    first: u64,
    count: u64,
}

pub(super) fn view(run: &Run, first: u64, count: u64) -> View {
    let world = run.world();
    let window = Window { first, count };
    let servers: Vec<ServerView> = world
        .servers()
        .iter()
        .map(|server| server_view(world, server, window))
        .collect();
    let (messages, messages_more) = flights::messages(world);
    View {
        now: world.now().0,
        position: run.position(),
        length: run.events().len() as u64,
        end_at: run.end_at().0,
        branch: run.current_branch(),
        title: run.setup().title.clone(),
        title_zh: run.setup().title_zh.clone(),
        seed: run.setup().seed,
        features: run
            .setup()
            .features
            .iter()
            .map(raft_sim::setup::Feature::name)
            .collect(),
        without: ids_of(run.setup().ablated),
        cut: cut_links(world),
        clogged: clogged_links(world),
        messages,
        messages_more,
        losses: flights::losses(world),
        leader: world.leader().map(|id| id.0),
        last_index_max: servers.iter().map(|s| s.last_index).max().unwrap_or(0),
        first_index_min: servers
            .iter()
            .map(|s| s.snapshot_index + 1)
            .min()
            .unwrap_or(1),
        servers,
        clients: world.clients().iter().map(client_view).collect(),
        changes: run.changes().into_iter().map(change).collect(),
        concerns: concerns(run).map(|index| index.0),
        violations: world.checker().violations().iter().map(violation).collect(),
        phase: run.phase(),
        told_until: run
            .told_until()
            .map(|(position, at)| InstantView { position, at: at.0 }),
    }
}

/// The index at which the last event found that two logs differ.
fn concerns(run: &Run) -> Option<Index> {
    let last = run.event(run.position().checked_sub(1)?)?;
    let EventKind::Delivered(arrival) = &last.kind else {
        return None;
    };
    let is_refused = last.rules.contains(&Rule::ConsistencyCheck);
    match arrival.said {
        Said::AppendEntries { prev_log_index, .. } => is_refused.then_some(prev_log_index),
        Said::AppendEntriesReply { outcome, .. } => match outcome {
            AppendOutcome::Conflict { x_index, .. } => Some(x_index),
            AppendOutcome::TooShort { x_len } => Some(x_len),
            AppendOutcome::Success | AppendOutcome::Writing | AppendOutcome::StaleTerm => None,
        },
        _ => None,
    }
}

pub(super) fn ids_of(rules: RuleSet) -> Vec<String> {
    rules.iter().map(|rule| rule.id().to_owned()).collect()
}

pub(super) fn event(run: &Run, event: &Event, language: Language) -> EventView {
    let kind = match super::kind_number(&event.kind) {
        0 => "acted",
        1 => "delivered",
        2 => "parked",
        3 => "lost",
        4 => "timer",
        _ => "written",
    };
    EventView {
        number: event.number,
        at: event.at.0,
        server: event.server.map(|id| id.0),
        kind: kind.to_owned(),
        text: words::describe(event, language),
        rules: event
            .rules_by_weight()
            .iter()
            .map(|rule| rule.id().to_owned())
            .collect(),
        of_note: run.is_of_note(event),
        cause: event.cause,
        external: kind == "acted",
    }
}

pub(super) fn explain(run: &Run, number: u64, language: Language) -> Option<Explanation> {
    let found = run.event(number)?;
    let cause = found.cause.and_then(|cause| run.event(cause));
    let violations = run.world().checker().violations().iter();
    Some(Explanation {
        event: event(run, &found, language),
        rules: found
            .rules_by_weight()
            .into_iter()
            .map(|r| rule(r, language))
            .collect(),
        changes: run.changes_of(number).into_iter().map(change).collect(),
        cause: cause.map(|cause| event(run, &cause, language)),
        violations: violations
            .filter(|violation| violation.event == number)
            .map(violation)
            .collect(),
    })
}

pub(super) fn link(run: &Run, from: u16, to: u16) -> Option<LinkView> {
    let world = run.world();
    let (from, to) = (NodeId(from), NodeId(to));
    let (from, to) = (world.server(from)?.id, world.server(to)?.id);
    let link = world.network().link(from, to);
    Some(LinkView {
        cut: link.cut,
        latency: link.latency.to_string(),
        loss_permille: link.loss_permille,
    })
}

fn server_view(world: &World, server: &Server, window: Window) -> ServerView {
    let connected = world.network().is_connected(server.id);
    match &server.life {
        Life::Running(running) => running_view(world, server, running, connected, window),
        Life::Crashed => crashed_view(world, server, connected, window),
    }
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
        tally: tally(node),
        election_remaining: election.map(|timer| left(timer.remaining)),
        election_timeout: election.map(|timer| timer.timeout.0),
        heartbeat_remaining: heartbeat.map(left),
        transfer: transfer.map(|transfer| transfer.to.0),
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
        clock_rate_permille: server.clock_rate_permille,
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
        transfer: None,
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
        clock_rate_permille: server.clock_rate_permille,
        store: Vec::new(),
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

fn tally(node: &ServerNode) -> Vec<TallyView> {
    let (Role::PreCandidate(PreCandidate { votes, .. }) | Role::Candidate(Candidate { votes, .. })) =
        node.role()
    else {
        return Vec::new();
    };
    let granted = |id: &&NodeId| votes.get(**id) == Some(&true);
    let configuration = node.configuration();
    [configuration.outgoing(), configuration.voters()]
        .into_iter()
        .filter(|voters| !voters.is_empty())
        .map(|voters| TallyView {
            have: voters.iter().filter(granted).count(),
            need: voters.len() / 2 + 1,
        })
        .collect()
}

fn votes(node: &ServerNode) -> Vec<VoteView> {
    let (Role::PreCandidate(PreCandidate { votes, .. }) | Role::Candidate(Candidate { votes, .. })) =
        node.role()
    else {
        return Vec::new();
    };
    let members = node.configuration().members();
    members
        .filter(|id| *id != node.config().id() && node.configuration().is_voter(*id))
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

fn progress(role: &Role) -> Vec<ProgressView> {
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

fn cut_links(world: &World) -> Vec<CutView> {
    links(world, |from, to| world.network().link(from, to).cut)
}

fn clogged_links(world: &World) -> Vec<CutView> {
    links(world, |from, to| world.network().is_clogged(from, to))
}

/// The links of which this is true.
fn links(world: &World, is_such: impl Fn(NodeId, NodeId) -> bool) -> Vec<CutView> {
    pairs(world)
        .filter(|(from, to)| is_such(*from, *to))
        .map(|(from, to)| CutView {
            from: from.0,
            to: to.0,
        })
        .collect()
}

fn client_view(client: &Client) -> ClientView {
    ClientView {
        id: client.id.0.into(),
        asking: client
            .asking
            .as_ref()
            .map(|asking| words::asked(&asking.operation)),
        server: client.asking.as_ref().map(|asking| asking.server.0),
        queued: client.queue.len(),
        begun: client.begun(),
        last_answer: client.last_answer.to_string(),
        works: client.works(),
    }
}

fn pairs(world: &World) -> impl Iterator<Item = (NodeId, NodeId)> {
    let servers = world.network().servers();
    (1..=servers)
        .flat_map(move |from| (1..=servers).map(move |to| (NodeId(from), NodeId(to))))
        .filter(|(from, to)| from != to)
}

fn change(change: Change) -> ChangeView {
    ChangeView {
        server: change.server.0,
        field: change.field,
        before: change.before,
        after: change.after,
    }
}

fn violation(violation: &Violation) -> ViolationView {
    ViolationView {
        property: violation.invariant.english().to_owned(),
        property_zh: violation.invariant.chinese().to_owned(),
        text: words::violation_found(violation, Language::English),
        text_zh: words::violation_found(violation, Language::Chinese),
        event: violation.event,
        servers: violation.servers.iter().map(|id| id.0).collect(),
        index: violation.index.0,
    }
}
