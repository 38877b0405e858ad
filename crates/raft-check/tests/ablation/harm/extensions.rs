//! Measures for what the dissertation adds to the paper.

use raft_core::{NodeId, Rule};
use raft_sim::Run;
use raft_sim::action::{Action, ServerAction};
use raft_sim::event::{Event, EventKind};
use raft_sim::outcome::Declined;

use super::{Measure, TEN_SECONDS, count, measure, wait_since_last_act, wins};

pub(super) fn measures() -> Vec<Measure> {
    let mut all = disturbances();
    all.extend(transfers());
    all.push(reads());
    all.push(pipeline());
    all
}

/// Servers that hear too little (§9.6, §6.2, §4.2.3).
fn disturbances() -> Vec<Measure> {
    // It lacks an entry, so that it cannot win.
    let deaf = |feature: &str, cuts: &str| {
        format!(
            "servers 3\nuse {feature}\nlatency 10ms\ntimeout S1\nrun 1s\n{cuts}propose S1 x\nrun 10s"
        )
    };
    vec![
        Measure {
            count: highest_term,
            ..measure(
                Rule::PreVoteFirst,
                "the term at the end",
                "one of three servers is cut off for ten seconds and comes back",
                "servers 3\nuse pre-vote\nlatency 10ms\ntimeout S1\nrun 1s\ndisconnect S3\n\
                 run 10s\nconnect S3\nrun 2s"
                    .to_owned(),
            )
        },
        measure(
            Rule::PreVoteGrant,
            "elections",
            "ten seconds in which one of three servers does not hear the leader",
            deaf("pre-vote", "cut S1 -> S3\n"),
        ),
        Measure {
            count: |run| wins(run).count() as u64,
            ..measure(
                Rule::StickToLeader,
                "elections won",
                "ten seconds in which one of three servers receives nothing, and starts elections",
                deaf("check-quorum", "cut S1 -> S3\ncut S2 -> S3\n"),
            )
        },
        Measure {
            unit: TEN_SECONDS,
            count: wait_since_last_act,
            ..measure(
                Rule::CheckQuorum,
                "wait for another leader",
                "one of five servers is isolated, and the leader reaches only one of the others",
                "use pre-vote check-quorum\nlatency 10ms\ntimeout S1\nrun 1s\n\
                 partition S1 S2 S3 S4 | S5\ncut S1 S3\ncut S1 S4\nrun 10s"
                    .to_owned(),
            )
        },
    ]
}

/// Leadership changes hands (§3.10).
fn transfers() -> Vec<Measure> {
    let begin = "servers 3\nlatency 10ms\ntimeout S1\nrun 100ms\n";
    let wait = |rule, run, scene: String| Measure {
        unit: TEN_SECONDS,
        count: wait_for_successor,
        ..measure(rule, "wait for the successor to lead", run, scene)
    };
    vec![
        wait(
            Rule::TransferCatchUp,
            "the successor lacks ten entries",
            format!(
                "{begin}cut S1 S3\npropose S1 x1..x10\nrun 100ms\nheal\ntransfer S1 S3\nrun 10s"
            ),
        ),
        wait(
            Rule::TransferHold,
            "a command arrives every millisecond during the transfer",
            format!(
                "{begin}propose S1 x\nrun 5ms\ntransfer S1 S3\n{}run 10s",
                "propose S1 x\nrun 1ms\n".repeat(600)
            ),
        ),
        wait(
            Rule::TimeoutNow,
            "three servers with the same log",
            format!("{begin}transfer S1 S3\nrun 10s"),
        ),
        Measure {
            count: |run| {
                count(run, |event| {
                    matches!(
                        event.kind,
                        EventKind::Declined(_, Declined::TransferUnderWay(_))
                    )
                })
            },
            ..measure(
                Rule::TransferAbort,
                "commands refused out of 20",
                "the successor is down, and a command arrives every tenth of a second",
                format!(
                    "{begin}crash S3\ntransfer S1 S3\n{}",
                    "propose S1 x\nrun 100ms\n".repeat(20)
                ),
            )
        },
    ]
}

/// Reads by lease (§6.4.1).
fn reads() -> Measure {
    Measure {
        count: messages_since_first_read,
        ..measure(
            Rule::LeaseRead,
            "messages delivered",
            "a second in which the leader of three answers 40 reads",
            format!(
                "servers 3\nuse check-quorum lease-reads\nlatency 10ms\ntimeout S1\nrun 40ms\n\
                 propose S1 x\nrun 160ms\n{}",
                "read S1\nrun 25ms\n".repeat(40)
            ),
        )
    }
}

/// New entries before the answers to earlier ones (§10.2.1).
fn pipeline() -> Measure {
    Measure {
        unit: TEN_SECONDS,
        count: |run| {
            let commits = |rules: &[Rule]| rules.contains(&Rule::CommitMajority);
            let last = run.events().iter().rfind(|event| commits(&event.rules));
            let first = run.events().iter().find(|event| {
                matches!(
                    event.kind,
                    EventKind::Acted(Action::Server(ServerAction::Propose { .. }))
                )
            });
            let at = |event: Option<Event>| event.map_or(0, |event| event.at.0);
            at(last) - at(first)
        },
        ..measure(
            Rule::Pipeline,
            "wait until both are committed",
            "two commands, 10 ms apart, 50 ms away from the other servers",
            "servers 3\nuse pipelining\nlatency 50ms\ntimeout S1\nrun 250ms\npropose S1 x\n\
             run 10ms\npropose S1 y\nrun 400ms"
                .to_owned(),
        )
    }
}

fn highest_term(run: &Run) -> u64 {
    let nodes = run.world().servers().iter().filter_map(|s| s.node());
    let terms = nodes.map(|node| node.hard_state().current_term.0);
    terms.max().unwrap_or(0)
}

/// How long after a transfer was requested the successor won; until the end of
/// the run if it never did.
fn wait_for_successor(run: &Run) -> u64 {
    let asked = run.events().iter().find_map(|event| {
        let EventKind::Acted(Action::Server(ServerAction::Transfer { to, .. })) = event.kind else {
            return None;
        };
        Some((event.at, to))
    });
    let (since, to) = asked.unwrap_or((run.end_at(), NodeId(0)));
    let won = run.events().iter().find(|event| {
        event.at >= since && event.server == Some(to) && event.rules.contains(&Rule::WinElection)
    });
    won.map_or(run.end_at().0, |event| event.at.0 - since.0)
}

fn messages_since_first_read(run: &Run) -> u64 {
    let is_read = |kind: &EventKind| {
        matches!(
            kind,
            EventKind::Acted(Action::Server(ServerAction::Read(_)))
        )
    };
    let events = run.events().iter();
    let since = events.skip_while(|event| !is_read(&event.kind));
    let arrived = since.filter(|event| matches!(event.kind, EventKind::Delivered(..)));
    arrived.count() as u64
}
