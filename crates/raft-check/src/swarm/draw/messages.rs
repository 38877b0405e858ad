//! Faults of all messages of one kind, or of the next one.

use raft_core::NodeId;
use raft_sim::action::{Action, LinkAction, MessageAction};
use raft_sim::random::Stream;
use raft_sim::said::MessageKind;
use raft_sim::which::{Handling, KindOrLink, Mishap, Which};
use raft_sim::world::World;

use super::{below, duration, link, message, range, share};

/// Orders for the next message of a kind, which may never be sent, must not pile up, or they would
/// still apply when a quorum is repaired.
const ORDERS_WAITING_MAX: usize = 4;

/// A share of one kind is lost, duplicated or late, or no longer so.
pub(super) fn of_kind(draw: &mut Stream, world: &World, from: NodeId, is_wrong: bool) -> Action {
    let link = link(draw, world, from);
    let kind = any_kind(draw);
    // On one link all messages of a kind may be lost: others still work.
    let most = if link.is_some() { 1001 } else { 300 };
    let permille = share(draw, if is_wrong { most } else { 0 });
    let mishap = match draw.below(3) {
        0 => Mishap::Loss(permille),
        1 => Mishap::Duplication(permille),
        _ => Mishap::Reordering(permille, range(draw, 1_000_000)),
    };
    Action::Link(LinkAction::OfKind { kind, link, mishap })
}

/// The next message of a kind is lost, duplicated, late or early; if enough such orders are
/// waiting already, a message in flight is lost.
pub(super) fn next(draw: &mut Stream, world: &World, from: NodeId) -> Action {
    if world.network().orders().len() >= ORDERS_WAITING_MAX {
        return Action::Message(MessageAction::Drop(message(draw, world)));
    }
    let link = link(draw, world, from);
    let kind = any_kind(draw);
    let handling = match draw.below(4) {
        0 => Handling::Drop,
        1 => Handling::Duplicate,
        2 => Handling::Deliver,
        _ => Handling::Delay(duration(draw, 2_000_000)),
    };
    let which = Which::Between(KindOrLink::of_kind(kind, link));
    Action::Message(MessageAction::Next { which, handling })
}

fn any_kind(draw: &mut Stream) -> MessageKind {
    let nth = usize::from(below(draw, MessageKind::ALL.len() as u64));
    MessageKind::ALL[nth % MessageKind::ALL.len()]
}
