//! The state of every server at one instant, and the messages in flight.

use std::fmt::Write;

use raft_core::{Entry, NodeId, SharedVec};
use raft_play::words::{Language, label, rpc_name, violation};
use raft_sim::change::role_name;
use raft_sim::letter::Letter;
use raft_sim::server::Server;
use raft_sim::{Command, Observed, World, entry_text};

use crate::output::{bold, red};

/// How many entries of a log are shown, counted from its end.
const ENTRIES_SHOWN: usize = 12;

/// The state of `world`, for people.
pub(crate) fn states(world: &Observed) -> String {
    let mut text = String::new();
    let (events, now) = (world.event_count(), world.now());
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{}",
        bold(format_args!("after event {events}, at {now}"))
    );
    for server in world.servers() {
        let _ = writeln!(text, "{}", state(world, server));
    }
    let cuts = cuts(world);
    if !cuts.is_empty() {
        let _ = writeln!(text, "cut: {}", cuts.join(", "));
    }
    for (id, flight) in world.network().flights() {
        let Letter::Rpc(rpc) = flight.letter.told() else {
            continue;
        };
        let _ = writeln!(
            text,
            "{id} {} → {}: {} {}, due at {}",
            rpc.from,
            rpc.to,
            rpc_name(&rpc.said),
            label(&rpc.said, Language::English),
            flight.due_at
        );
    }
    for found in world.checker().violations() {
        let _ = writeln!(
            text,
            "{} {}",
            red("BROKEN"),
            violation(found, Language::English)
        );
    }
    text
}

fn state(world: &World, server: &Server) -> String {
    let id = server.id;
    let Some(node) = server.node() else {
        let image = &server.disk.image;
        return format!(
            "{id} {:<13} on disk: {}, snapshot {}, log {}",
            "crashed",
            vote(image.hard_state.current_term.0, image.hard_state.voted_for),
            image.snapshot.last_included_index,
            log(&image.entries)
        );
    };
    let hard = node.hard_state();
    let mut notes = String::new();
    if server.running().is_some_and(|running| running.paused) {
        notes.push_str(", paused");
    }
    if !world.network().is_connected(id) {
        notes.push_str(", disconnected");
    }
    let writes = server.disk.writes_pending();
    if writes > 0 {
        let _ = write!(notes, ", {writes} writes not on disk");
    }
    format!(
        "{id} {:<13} {}, commitIndex {}, lastApplied {}, snapshot {}{notes}, log {}",
        role_name(node.role()),
        vote(hard.current_term.0, hard.voted_for),
        node.commit_index(),
        node.last_applied(),
        node.log().snapshot().last_included_index,
        log(node.log().entries())
    )
}

fn vote(term: u64, voted_for: Option<NodeId>) -> String {
    voted_for.map_or_else(
        || format!("T{term} no vote"),
        |id| format!("T{term} voted {id}"),
    )
}

fn log(entries: &SharedVec<Entry<Command>>) -> String {
    if entries.is_empty() {
        return "–".to_owned();
    }
    let hidden = entries.len().saturating_sub(ENTRIES_SHOWN);
    let shown = entries.range(hidden..entries.len());
    let shown: Vec<String> = shown.map(entry_text).collect();
    if hidden > 0 {
        format!("({hidden} more) {}", shown.join(" "))
    } else {
        shown.join(" ")
    }
}

fn cuts(world: &World) -> Vec<String> {
    let ids: Vec<NodeId> = world.servers().iter().map(|server| server.id).collect();
    let pairs = ids
        .iter()
        .flat_map(|from| ids.iter().map(move |to| (*from, *to)));
    pairs
        .filter(|(from, to)| from != to && world.network().link(*from, *to).cut)
        .map(|(from, to)| format!("{from} → {to}"))
        .collect()
}
