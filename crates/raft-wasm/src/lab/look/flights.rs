//! What the page draws between servers and clients: messages in flight, and those just lost.

use raft_core::NodeId;
use raft_play::words;
use raft_sim::client::Answer as Answering;
use raft_sim::client::calls::{CallFlight, Says};
use raft_sim::network::Flight;
use raft_sim::outcome::LossReason;
use raft_sim::said::Said;
use raft_sim::{MessageId, Observed, World};

use crate::view::{LossView, MessageView};

/// The most messages that are drawn: more would be a thicket, and take long to draw.
const DRAWN_MAX: usize = 150;

/// The messages between servers, and between clients and servers, in the order of sending; and
/// how many more there are than are drawn. Those that arrive next are drawn.
pub(super) fn messages(world: &World) -> (Vec<MessageView>, usize) {
    let (network, now) = (world.network(), world.now());
    let all = network.flights().len() + network.calls().len();
    let more = all.saturating_sub(DRAWN_MAX);
    // Messages that wait at a paused server have arrived already.
    let due = |due_at, id: MessageId| (due_at < now, due_at, id);
    let mut last = None;
    if more > 0 {
        let between = network.flights().iter();
        let between = between.map(|(id, flight)| due(flight.due_at, *id));
        let calls = network.calls().iter();
        let mut order: Vec<_> = between
            .chain(calls.map(|(id, flight)| due(flight.due_at, id)))
            .collect();
        last = Some(*order.select_nth_unstable(DRAWN_MAX - 1).1);
    }
    let is_drawn = |due_at, id| last.is_none_or(|last| due(due_at, id) <= last);
    let between = network.flights().iter();
    let between = between.filter(|(id, flight)| is_drawn(flight.due_at, **id));
    let calls = network.calls().iter();
    let calls = calls.filter(|(id, flight)| is_drawn(flight.due_at, *id));
    let drawn = between
        .map(message)
        .chain(calls.map(|(id, flight)| call(id, flight)));
    (drawn.collect(), more)
}

fn call(id: MessageId, flight: &CallFlight) -> MessageView {
    let call = &flight.call;
    let (client, server) = (-i16::from(call.client.0), party(call.server));
    let is_reply = matches!(call.says, Says::Answer(_));
    let (from, to) = if is_reply {
        (server, client)
    } else {
        (client, server)
    };
    MessageView {
        id: id.0,
        from,
        to,
        sent_at: flight.sent_at.0,
        due_at: flight.due_at.0,
        reply: is_reply,
        refusal: matches!(call.says, Says::Answer(Answering::Declined(_))),
        kind: if is_reply {
            "ClientReply"
        } else {
            "ClientRequest"
        },
        label: words::call_pill(call),
        term: 0,
        doomed: flight.doomed.is_some(),
    }
}

/// A server by its number; servers are few.
fn party(id: NodeId) -> i16 {
    i16::try_from(id.0).unwrap_or(i16::MAX)
}

fn message((id, flight): (&MessageId, &Flight)) -> MessageView {
    let said = Said::of(&flight.message);
    MessageView {
        id: id.0,
        from: party(flight.from),
        to: party(flight.to),
        sent_at: flight.sent_at.0,
        due_at: flight.due_at.0,
        reply: said.is_reply(),
        refusal: said.is_refusal(),
        kind: match said {
            Said::RequestVote { .. } => "RequestVote",
            Said::RequestVoteReply { .. } => "RequestVoteReply",
            Said::AppendEntries { .. } => "AppendEntries",
            Said::AppendEntriesReply { .. } => "AppendEntriesReply",
            Said::InstallSnapshot { .. } => "InstallSnapshot",
            Said::InstallSnapshotReply { .. } => "InstallSnapshotReply",
            Said::PreVote { .. } => "PreVote",
            Said::PreVoteReply { .. } => "PreVoteReply",
            Said::TimeoutNow { .. } => "TimeoutNow",
        },
        label: words::pill(&said),
        term: said.term().0,
        doomed: flight.doomed.is_some(),
    }
}

pub(super) fn losses(world: &Observed) -> Vec<LossView> {
    world
        .losses()
        .map(|loss| LossView {
            id: loss.arrival.id.0,
            from: loss.arrival.from.0,
            to: loss.arrival.to.0,
            at: loss.at.0,
            sent_at: loss.sent_at.0,
            label: words::pill(&loss.arrival.said),
            reason: match loss.reason {
                LossReason::Cut => "cut",
                LossReason::Chance => "loss",
                LossReason::Crashed => "crashed",
                LossReason::Dropped => "dropped",
            },
        })
        .collect()
}
