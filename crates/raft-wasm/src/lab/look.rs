//! From the world to what the page draws of it.

mod clauses;
mod flights;
mod logs;
mod servers;

use raft_core::{AppendOutcome, Index, NodeId, Payload, Rule, RuleSet};
use raft_play::words::{self, Language};
use raft_sim::change::{Change, ServerField};
use raft_sim::client::store::session_of;
use raft_sim::client::{Client, ClientId};
use raft_sim::letter::Letter;
use raft_sim::said::Said;
use raft_sim::server::Server;
use raft_sim::setup::{Feature, Setup};
use raft_sim::{Event, EventKind, Run, Violation, World};

use crate::view::{
    ChangeView, ClientView, CutView, DeedView, EventView, Explanation, FailureView, InstantView,
    LinkView, ServerView, View, ViolationView,
};

/// The indices that the page can see.
#[derive(Clone, Copy)]
struct Window {
    first: u64,
    count: u64,
}

pub(super) fn view(run: &Run, first: u64, count: u64) -> View {
    let world = run.world();
    let window = Window { first, count };
    let labels = run.setup().labels.iter().map(String::as_str);
    let servers: Vec<ServerView> = world
        .servers()
        .iter()
        .zip(labels.chain(std::iter::repeat("")))
        .map(|(server, label)| servers::view(world, server, label, window))
        .collect();
    let (messages, messages_more) = flights::messages(world);
    let changes = run.changes();
    let last = last_event(run);
    let (committed, last_committed) = logs::committed(run, window);
    View {
        now: world.now().0,
        position: run.position(),
        length: run.events().len() as u64,
        end_at: run.end_at().0,
        branch: run.current_branch(),
        title: run.setup().title.clone(),
        title_zh: run.setup().title_zh.clone(),
        seed: run.setup().seed,
        turn: run.turns(),
        undoable: run.undoable().map(str::to_owned),
        redoable: run.redoable().map(str::to_owned),
        features: features_of(run.setup()),
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
        clients: clients(world),
        last_server: last.as_ref().and_then(|event| Some(event.server?.0)),
        touched: touched(run, &changes).map(|index| index.0),
        changes: changes.into_iter().map(change).collect(),
        brackets: logs::brackets(run, last.as_ref()),
        committed,
        last_committed,
        violations: violations(run, |_| true),
        phase: run.phase(),
        told_until: run
            .told_until()
            .map(|(position, at)| InstantView { position, at: at.0 }),
    }
}

fn last_event(run: &Run) -> Option<Event> {
    run.event(run.position().checked_sub(1)?)
}

/// The index that the last event was about.
fn touched(run: &Run, changes: &[Change]) -> Option<Index> {
    let entries = changes.iter().filter_map(|change| change.field.entries());
    let entries = entries.map(|(first, _)| first);
    let next_set = || {
        let set = changes.iter().filter_map(|change| {
            let ServerField::NextIndex(peer) = change.field else {
                return None;
            };
            let node = run.world().server(change.server)?.node()?;
            let mut progress = servers::progress(node.role()).into_iter();
            progress.find(|view| view.peer == peer.0)
        });
        set.map(|view| Index(view.next_index)).min()
    };
    entries.min().or_else(next_set).or_else(|| concerns(run))
}

/// The index at which the last event found that two logs differ.
fn concerns(run: &Run) -> Option<Index> {
    let last = last_event(run)?;
    let EventKind::Delivered(_, Letter::Rpc(rpc)) = &last.kind else {
        return None;
    };
    let is_refused = last.rules.contains(&Rule::ConsistencyCheck);
    let index = match rpc.said {
        Said::AppendEntries { prev_log_index, .. } => is_refused.then_some(prev_log_index),
        Said::AppendEntriesReply { outcome, .. } => match outcome {
            AppendOutcome::Conflict { x_index, .. } => Some(x_index),
            AppendOutcome::TooShort { x_len } => Some(x_len),
            AppendOutcome::Success | AppendOutcome::Writing | AppendOutcome::StaleTerm => None,
        },
        Said::RequestVote { .. }
        | Said::RequestVoteReply { .. }
        | Said::InstallSnapshot { .. }
        | Said::InstallSnapshotReply { .. }
        | Said::PreVote { .. }
        | Said::PreVoteReply { .. }
        | Said::TimeoutNow { .. } => None,
    };
    index.filter(|index| *index > Index::ZERO)
}

pub(super) fn features_of(setup: &Setup) -> Vec<&'static str> {
    setup.features.iter().map(Feature::name).collect()
}

pub(super) fn ids_of(rules: RuleSet) -> Vec<String> {
    rules.iter().map(|rule| rule.id().to_owned()).collect()
}

pub(super) fn event(run: &Run, event: &Event, language: Language) -> EventView {
    let kind = match event.kind {
        EventKind::Acted(_) | EventKind::Declined(..) => "acted",
        EventKind::Delivered(..) => "delivered",
        EventKind::Parked(..) | EventKind::Clogged(..) => "parked",
        EventKind::Lost(..) => "lost",
        EventKind::Timer(_) | EventKind::ClientTimer(_) => "timer",
        EventKind::Written | EventKind::WriteFailed => "written",
    };
    EventView {
        number: event.number,
        at: event.at.0,
        server: event.server.map(|id| id.0),
        kind: kind.to_owned(),
        text: words::describe(event, language),
        sought: words::sought(event, language),
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
    Some(Explanation {
        event: event(run, &found, language),
        deed: words::headline(&found).map(|rule| DeedView {
            rule: rule.id().to_owned(),
            text: words::deed(rule, language).to_owned(),
        }),
        clauses: clauses::view(run, &found, language),
        changes: run.changes_of(number).into_iter().map(change).collect(),
        cause: cause.map(|cause| event(run, &cause, language)),
        led_to: led_to(run, number, language),
        violations: violations(run, |found| found.event == number),
    })
}

/// How many events after one it is looked through for what it led to, and how many are told of.
const LED_TO_WITHIN: u64 = 4096;
const LED_TO_MAX: usize = 8;

fn led_to(run: &Run, number: u64, language: Language) -> Vec<EventView> {
    let after = run.events().range(number + 1..number + LED_TO_WITHIN);
    let effects = after.filter(|other| other.cause == Some(number));
    let told = effects.take(LED_TO_MAX);
    told.map(|effect| event(run, &effect, language)).collect()
}

pub(super) fn link(run: &Run, from: u16, to: u16) -> Option<LinkView> {
    let world = run.world();
    let (from, to) = (NodeId(from), NodeId(to));
    let (from, to) = (world.server(from)?.id, world.server(to)?.id);
    let link = world.network().link(from, to);
    Some(LinkView {
        cut: link.cut,
        latency: link.latency.to_string(),
        loss_permille: link.loss_permille.get(),
    })
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

/// How far back a leader's log is looked through for what clients wait for.
const LOOKED_BACK: usize = 256;

fn clients(world: &World) -> Vec<ClientView> {
    let is_asked = world.clients().iter().any(|client| client.asking.is_some());
    let leader = world.leader().filter(|_| is_asked);
    let leader = leader.and_then(|id| world.server(id));
    let entries = leader.and_then(Server::node).into_iter().flat_map(|node| {
        let (base, entries) = (
            node.log().snapshot().last_included_index,
            node.log().entries(),
        );
        let skipped = entries.len().saturating_sub(LOOKED_BACK);
        entries
            .iter()
            .enumerate()
            .skip(skipped)
            .map(move |(offset, entry)| (base.plus(offset + 1), entry))
    });
    let asked: Vec<_> = entries
        .filter_map(|(index, entry)| match &entry.payload {
            Payload::Command(command) => Some((index, session_of(command.as_str())?.0)),
            Payload::NoOp | Payload::Configuration(_) => None,
        })
        .collect();
    world
        .clients()
        .iter()
        .map(|client| client_view(client, &asked))
        .collect()
}

fn client_view(client: &Client, asked: &[(Index, (ClientId, u64))]) -> ClientView {
    let asking = client.asking.as_ref();
    let session = asking.map(|asking| (client.id, asking.number));
    ClientView {
        id: client.id.0.into(),
        asking: asking.map(|asking| words::asked(&asking.operation)),
        server: asking.map(|asking| asking.server.0),
        indices: asked
            .iter()
            .filter(|(_, other)| Some(*other) == session)
            .map(|(index, _)| index.0)
            .collect(),
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

pub(super) fn change(change: Change) -> ChangeView {
    ChangeView {
        server: change.server.0,
        field: change.field.to_string(),
        before: change.before,
        after: change.after,
        entries: change
            .field
            .entries()
            .map(|(first, last)| (first.0, last.0)),
        log_length_before: change.log_length_before,
    }
}

pub(super) fn failures(run: &Run) -> Vec<FailureView> {
    let failures = run.failures().into_iter().map(|failure| FailureView {
        problem: super::problem(&failure.error),
        position: failure.position,
        at: failure.at.0,
    });
    failures.collect()
}

fn violations(run: &Run, is_told: impl Fn(&Violation) -> bool) -> Vec<ViolationView> {
    let all = run.world().checker().violations().iter();
    all.filter(|found| is_told(found))
        .map(|found| violation(run, found))
        .collect()
}

fn violation(run: &Run, violation: &Violation) -> ViolationView {
    ViolationView {
        property: Language::English
            .invariant(violation.invariant())
            .to_owned(),
        property_zh: Language::Chinese
            .invariant(violation.invariant())
            .to_owned(),
        text: words::violation_found(violation, Language::English),
        text_zh: words::violation_found(violation, Language::Chinese),
        event: violation.event,
        at: run.event(violation.event).map_or(0, |event| event.at.0),
        servers: violation.servers.iter().map(|id| id.0).collect(),
        index: violation.index.0,
    }
}
