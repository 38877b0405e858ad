//! Where what a failed expectation has found comes from.

use raft_sim::Run;
use raft_sim::run::Failure;

use crate::script::{Condition, Looking};

/// Nobody looks further back than so many events for a reason.
const EVENTS_MAX: u64 = 20_000;

/// The event that made what was found in the place of what was expected: what was found after it is what was
/// found after all later ones, up to the failure. None, where it was so from the beginning, or is no condition.
#[must_use]
pub fn made_so(run: &Run, failure: &Failure) -> Option<u64> {
    let unmet = failure.unmet.as_deref()?;
    let (verb, rest) = unmet.line.trim_start().split_once(' ')?;
    let asked = match verb {
        "expect" => rest,
        "wait" => rest.split_once(" until ")?.1,
        _ => return None,
    };
    let from = failure.position.saturating_sub(EVENTS_MAX);
    let mut world = run.world_after(from);
    let servers = u8::try_from(world.network().servers()).ok()?;
    let condition = Condition::of_goal(asked, servers).ok()?;
    let mut looking = Looking::since(unmet.at);
    let mut found = looking.found(&condition, &world);
    let mut made = None;
    while world.event_count() < failure.position && run.relive(&mut world) {
        let now = looking.found(&condition, &world);
        if now != found {
            made = world.event_count().checked_sub(1);
            found = now;
        }
    }
    made
}
