//! Simpler versions of a case, tried one after the other.
//!
//! Numbers are rounded in the text form of an Action, so that those of an Action that did not
//! exist when this was written are rounded like any other.

use raft_core::NodeId;
use raft_play::text::{self, Line};
use raft_sim::Micros;
use raft_sim::action::{Action, MessageAction, ServerAction};
use raft_sim::command::Batch;
use raft_sim::which::Handling;

use crate::case::{Case, Move, Place};

/// The case without server `gone`; those after it move up. What is done to it is left out.
pub(crate) fn without_server(case: &Case, gone: NodeId) -> Case {
    let mut smaller = case.clone();
    smaller.setup.servers -= 1;
    if let Some(voters) = &mut smaller.setup.voters
        && u16::from(*voters) >= gone.0
    {
        *voters = voters.saturating_sub(1).max(1);
    }
    let own = std::mem::take(&mut smaller.setup.own).into_iter();
    smaller.setup.own = own
        .filter_map(|(id, own)| Some((moved_up(id, gone)?, own)))
        .collect();
    let moves = case.moves.iter();
    smaller.moves = moves
        .filter_map(|this| {
            Some(Move {
                action: this.action.map_servers(|id| moved_up(id, gone))?,
                message: match this.message {
                    None => None,
                    Some(place) => Some(Place {
                        from: moved_up(place.from, gone)?,
                        to: moved_up(place.to, gone)?,
                        ..place
                    }),
                },
                ..this.clone()
            })
        })
        .collect();
    smaller
}

fn moved_up(id: NodeId, gone: NodeId) -> Option<NodeId> {
    match id.0.cmp(&gone.0) {
        std::cmp::Ordering::Less => Some(id),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(NodeId(id.0 - 1)),
    }
}

/// The same with simpler or rounder numbers, the simplest first.
pub(crate) fn simpler(action: &Action) -> Vec<Action> {
    if let Action::Server(ServerAction::Propose { server, commands }) = action
        && let [first, _, ..] = commands.get()
        && let Some(commands) = Batch::new(vec![first.clone()])
    {
        let server = *server;
        return vec![Action::Server(ServerAction::Propose { server, commands })];
    }
    let mut simpler = Vec::new();
    if let Action::Message(action) = action {
        simpler.extend(dropping(action).map(Action::Message));
    }
    let text = Line(action).to_string();
    if let Some((before, last)) = text.rsplit_once(' ') {
        let rounder = rounder_word(last).into_iter();
        let rounder = rounder.map(|word| format!("{before} {word}"));
        simpler.extend(rounder.filter_map(|text| text::action(&text).ok()));
    }
    simpler.retain(|other| other != action);
    simpler
}

/// The loss of a message, in place of what is done to it.
fn dropping(action: &MessageAction) -> Option<MessageAction> {
    match action {
        MessageAction::Delay { message, .. } => Some(MessageAction::Drop(*message)),
        MessageAction::Next { which, .. } => Some(MessageAction::Next {
            which: *which,
            handling: Handling::Drop,
        }),
        MessageAction::Drop(_) | MessageAction::Duplicate(_) | MessageAction::Deliver(_) => None,
    }
}

/// A time, a range of times or a percentage, rounder.
fn rounder_word(word: &str) -> Vec<String> {
    if let Some((min, max)) = word.split_once("..")
        && let (Ok(min), Ok(max)) = (min.parse::<Micros>(), max.parse::<Micros>())
    {
        let fixed = rounder(max).chain([max]).map(|time| time.to_string());
        let both = [10_000, 1_000].map(|unit| {
            let round = |time: Micros| Micros(time.0 / unit * unit);
            format!("{}..{}", round(min), round(max))
        });
        return fixed.chain(both).collect();
    }
    if let Ok(time) = word.parse::<Micros>() {
        return rounder(time).map(|time| time.to_string()).collect();
    }
    let percent = word
        .strip_suffix('%')
        .and_then(|number| number.split('.').next());
    let percent = percent.and_then(|number| number.parse::<u16>().ok());
    percent.map_or_else(Vec::new, |percent| {
        let tens = percent / 10 * 10;
        [100, tens, percent]
            .map(|percent| format!("{percent}%"))
            .to_vec()
    })
}

/// Rounder times, the roundest first; each is different from `time`, and none is longer.
pub(crate) fn rounder(time: Micros) -> impl Iterator<Item = Micros> {
    const UNITS: [u64; 6] = [1_000_000, 500_000, 100_000, 50_000, 10_000, 1_000];
    let mut last = time.0;
    let mut found: Vec<Micros> = Vec::new();
    for unit in UNITS.into_iter().rev() {
        let round = time.0 / unit * unit;
        if round != last && round > 0 {
            found.push(Micros(round));
            last = round;
        }
    }
    found.into_iter().rev()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(text: &str) -> Action {
        text::action(text).unwrap()
    }

    #[test]
    fn servers_move_up_in_whatever_names_them() {
        let cases = [
            ("crash S3", 2, Some("crash S2")),
            ("crash S2", 2, None),
            ("cut S1 -> S3", 2, Some("cut S1 -> S2")),
            ("partition S1 S2 | S3", 2, Some("partition S1 | S2")),
            ("partition S1 S3 | S2", 2, None),
            (
                "reconfigure S1 voters S1 S2 S3",
                2,
                Some("reconfigure S1 voters S1 S2"),
            ),
            ("reconfigure S2 voters S1 S2 S3", 2, None),
            ("propose S3 c1", 1, Some("propose S2 c1")),
            (
                "rewrite S1 configuration voters S2 S3",
                2,
                Some("rewrite S1 configuration voters S2"),
            ),
            ("rewrite S2 configuration voters S1", 2, None),
            (
                "drop next AppendEntries reply S3 -> S1",
                2,
                Some("drop next AppendEntries reply S2 -> S1"),
            ),
            ("loss PreVote S2 -> S3 10%", 2, None),
            // What looks like the name of a server need not be one.
            ("propose S1 S2 S3", 2, Some("propose S1 S2 S3")),
            ("rewrite S3 votedFor S1", 2, Some("rewrite S2 votedFor S1")),
            ("rewrite S3 votedFor S2", 2, None),
        ];
        for (text, gone, expected) in cases {
            let found = action(text).map_servers(|id| moved_up(id, NodeId(gone)));
            let found = found.map(|action| Line(&action).to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn numbers_become_rounder() {
        let cases = [
            ("latency 12.345ms..56.789ms", "latency 50ms"),
            ("delay M3 1.234567s", "drop M3"),
            ("loss S1 -> S2 23.4%", "loss S1 -> S2 100%"),
            ("disk S1 3.21ms", "disk S1 3ms"),
            ("propose S1 a b c", "propose S1 a"),
            ("delay next request C1 3ms", "drop next request C1"),
            ("loss TimeoutNow 23.4%", "loss TimeoutNow 100%"),
        ];
        for (text, expected) in cases {
            let found = simpler(&action(text));
            assert_eq!(Line(&found[0]).to_string(), expected, "{text}");
        }
        assert!(simpler(&action("crash S1")).is_empty());
        assert!(simpler(&action("latency 50ms")).is_empty());
    }

    #[test]
    fn times_are_rounded_to_what_people_say() {
        let texts: Vec<String> = rounder(Micros(1_234_567)).map(|t| t.to_string()).collect();
        assert_eq!(texts, ["1s", "1.2s", "1.23s", "1.234s"]);
        assert_eq!(rounder(Micros::from_secs(2)).count(), 0);
    }
}
