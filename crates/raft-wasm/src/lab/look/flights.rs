//! What the page draws between servers and clients: messages in flight, and those just lost.

use raft_core::AppendOutcome;
use raft_play::words::{self, Language};
use raft_sim::client::Answer as Answering;
use raft_sim::client::calls::Says;
use raft_sim::letter::{Letter, Party, Rpc};
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
    let flights = network.flights();
    let more = flights.len().saturating_sub(DRAWN_MAX);
    // What waits at a paused server has arrived already.
    let due = |(id, flight): (&MessageId, &Flight)| (flight.due_at < now, flight.due_at, *id);
    let mut last = None;
    if more > 0 {
        let mut order: Vec<_> = flights.iter().map(due).collect();
        last = Some(*order.select_nth_unstable(DRAWN_MAX - 1).1);
    }
    let is_drawn = |sent: &_| last.is_none_or(|last| due(*sent) <= last);
    // The page draws what clients say over what servers do.
    let is_rpc = |(_, flight): &(&MessageId, &Flight)| flight.letter.rpc().is_some();
    let (rpcs, calls): (Vec<_>, Vec<_>) = flights.iter().filter(is_drawn).partition(is_rpc);
    (rpcs.into_iter().chain(calls).map(message).collect(), more)
}

/// The label of an arrow, in English and in Chinese.
fn pills(said: &Said) -> [String; 2] {
    [Language::English, Language::Chinese].map(|language| words::pill(said, language))
}

/// A server by its number, a client by its number below zero; both are few.
fn party(party: Party) -> i16 {
    match party {
        Party::Server(id) => i16::try_from(id.0).unwrap_or(i16::MAX),
        Party::Client(id) => -i16::from(id.0),
    }
}

fn message((id, flight): (&MessageId, &Flight)) -> MessageView {
    let letter = flight.letter.told();
    let (reply, refusal, [label, label_zh], term) = match &letter {
        Letter::Rpc(Rpc { said, .. }) => (
            said.is_reply(),
            said.is_refusal(),
            pills(said),
            said.term().0,
        ),
        Letter::Call(call) => (
            matches!(call.says, Says::Answer(_)),
            matches!(call.says, Says::Answer(Answering::Declined(_))),
            [words::call_pill(call), words::call_pill(call)],
            0,
        ),
    };
    MessageView {
        id: id.0,
        from: party(letter.from()),
        to: party(letter.to()),
        sent_at: flight.sent_at.0,
        due_at: flight.due_at.0,
        reply,
        refusal,
        kind: kind(&letter),
        label,
        label_zh,
        term,
        carries: letter.rpc().and_then(|rpc| carries(&rpc.said)),
        doomed: flight.doomed.is_some(),
    }
}

fn carries(said: &Said) -> Option<(u64, u64)> {
    match said {
        Said::AppendEntries {
            prev_log_index,
            entries,
            ..
        } => (*entries > 0).then(|| (prev_log_index.0 + 1, prev_log_index.0 + entries)),
        Said::AppendEntriesReply {
            last_index,
            outcome: AppendOutcome::Success | AppendOutcome::Writing,
            ..
        } => Some((1, last_index.0)),
        Said::InstallSnapshot {
            last_included_index,
            ..
        } => Some((1, last_included_index.0)),
        Said::AppendEntriesReply { .. }
        | Said::RequestVote { .. }
        | Said::RequestVoteReply { .. }
        | Said::InstallSnapshotReply { .. }
        | Said::PreVote { .. }
        | Said::PreVoteReply { .. }
        | Said::TimeoutNow { .. } => None,
    }
}

const fn kind(letter: &Letter<Said>) -> &'static str {
    match letter {
        Letter::Rpc(rpc) => match rpc.said {
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
        Letter::Call(call) => match call.says {
            Says::Request(_) => "ClientRequest",
            Says::Answer(_) => "ClientReply",
        },
    }
}

pub(super) fn losses(world: &Observed) -> Vec<LossView> {
    let losses = world.losses().filter_map(|loss| {
        // Lost calls are not drawn: the client asks again soon enough.
        let rpc = loss.letter.rpc()?;
        let [label, label_zh] = pills(&rpc.said);
        Some(LossView {
            id: loss.id.0,
            from: rpc.from.0,
            to: rpc.to.0,
            at: loss.at.0,
            sent_at: loss.sent_at.0,
            label,
            label_zh,
            reason: match loss.reason {
                LossReason::Cut => "cut",
                LossReason::Chance => "loss",
                LossReason::Crashed => "crashed",
                LossReason::Dropped => "dropped",
            },
        })
    });
    losses.collect()
}
