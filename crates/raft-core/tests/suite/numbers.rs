//! Terms, indices and ticks: how they are shown, and where they end (§5).

use crate::common::*;
use raft_core::{Index, NodeId, Persistent, Settings, Term, Ticks};

#[test]
fn numbers_are_shown_as_what_they_are() {
    let shown = format!("{} {} {} {}", NodeId(3), Term(4), Index(5), Ticks(6));
    assert_eq!(shown, "S3 4 5 6");
}

/// The last index has no successor. A disk that claims to have come so far may
/// hold what it likes: its leader does not send the same entry for ever.
#[test]
fn the_last_entry_there_can_be_is_not_sent_for_ever() {
    let in_flight_max = 1_000;
    let pipelining = Settings {
        in_flight_max,
        ..settings()
    };
    let last = u64::MAX;
    let full = Persistent {
        snapshot: snapshot(last - 1, 1),
        ..disk(1, &[1])
    };
    let mut node = members::boot_with(pipelining, full);
    members::lead(&mut node);
    let said = hear(&mut node, S2, stored(2, last - 1, last));
    assert!(said.len() <= 1, "{} times the same", said.len());
}
