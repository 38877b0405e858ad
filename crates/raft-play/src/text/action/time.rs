//! What lets time pass.

use std::fmt::{self, Formatter};

use raft_sim::action::{Action, STEPS_MAX, Steps, TimeAction};

use super::{Parse, Verb, verb};
use crate::text::{Scan, Wrong};

/// The verbs of this family.
pub(super) const VERBS: &[Verb] = &[
    verb(
        "step",
        &["step 10"],
        [
            "the next ten events happen; without a number, the next one",
            "发生接下来的十个事件；不写数字时只发生一个",
        ],
        Parse::One(step),
    ),
    verb(
        "run",
        &["run 500ms"],
        ["time passes", "时间流逝"],
        Parse::One(|s| Ok(Action::Time(TimeAction::Run(s.duration()?)))),
    ),
];

/// Writes the line of such an Action.
pub(super) fn write(action: TimeAction, f: &mut Formatter<'_>) -> fmt::Result {
    match action {
        TimeAction::Step(Steps::MIN) => f.write_str("step"),
        TimeAction::Step(events) => write!(f, "step {events}"),
        TimeAction::Run(time) => write!(f, "run {time}"),
    }
}

fn step(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    if scan.at_end() {
        return Ok(Action::Time(TimeAction::Step(Steps::MIN)));
    }
    let events = scan.number(1, STEPS_MAX)?;
    Ok(Action::Time(TimeAction::Step(Steps::clamped(events))))
}
