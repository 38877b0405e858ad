//! Measures for changes of the configuration, for a leader's first entry, for
//! bounds and for snapshots in chunks.

use raft_core::{NodeId, Rule};
use raft_sim::event::EventKind;
use raft_sim::letter::Letter;
use raft_sim::said::Said;
use raft_sim::{Micros, Run};

use super::{Measure, TEN_SECONDS, applied_by, count, measure, wait_since_last_act};

pub(super) fn measures() -> Vec<Measure> {
    let mut all = newcomers();
    all.extend(leavers());
    all.extend(leaders());
    all.extend(chunks());
    all
}

/// Servers that are added (§4.1, §4.2.1).
fn newcomers() -> Vec<Measure> {
    let begin = "servers 4\nvoters 3\nlatency 10ms\ntimeout S1\nrun 40ms\npropose S1 x1..x9\n\
                 run 60ms\n";
    vec![
        Measure {
            more_is_worse: false,
            count: |run| applied_by(run, 4),
            ..measure(
                Rule::AnswerAnybody,
                "entries applied by a server that is added",
                "it has no configuration yet, and the leader of three makes it a learner",
                format!("{begin}reconfigure S1 voters S1 S2 S3 learners S4\nrun 1s"),
            )
        },
        Measure {
            unit: TEN_SECONDS,
            count: wait_for_commit,
            ..measure(
                Rule::CatchUpFirst,
                "wait until a command is committed",
                "one of three servers is down, and a fourth, which a message takes two seconds \
                 to reach, is to become a voter",
                format!(
                    "{begin}crash S3\nlatency S1 -> S4 2s\nreconfigure S1 voters S1 S2 S3 S4\n\
                     run 50ms\npropose S1 y\nrun 10s"
                ),
            )
        },
        measure(
            Rule::OnlyVotersStartElections,
            "elections",
            "ten seconds in which a learner receives nothing",
            format!(
                "{begin}reconfigure S1 voters S1 S2 S3 learners S4\nrun 100ms\ncut S1 -> S4\n\
                 cut S2 -> S4\ncut S3 -> S4\npropose S1 y\nrun 10s"
            ),
        ),
    ]
}

/// Servers that are removed (§6, §4.2.2).
fn leavers() -> Vec<Measure> {
    vec![
        Measure {
            more_is_worse: false,
            count: |run| applied_by(run, 3),
            ..measure(
                Rule::LeaveJoint,
                "entries applied by the servers that stay",
                "two of three servers were replaced and are shut down, and ten commands arrive",
                "servers 5\nvoters 3\nlatency 10ms\ntimeout S3\nrun 40ms\npropose S3 x\nrun 60ms\n\
                 reconfigure S3 voters S1 S2 S3 learners S4 S5\nrun 200ms\n\
                 reconfigure S3 voters S3 S4 S5\nrun 200ms\ncrash S1\ncrash S2\n\
                 propose S3 y1..y10\nrun 1s"
                    .to_owned(),
            )
        },
        Measure {
            unit: TEN_SECONDS,
            count: wait_since_last_act,
            ..measure(
                Rule::RemovedLeader,
                "wait for a leader that has a vote",
                "the leader of three removes itself",
                "servers 3\nlatency 10ms\ntimeout S1\nrun 40ms\npropose S1 x\nrun 60ms\n\
                 reconfigure S1 voters S2 S3\nrun 10s"
                    .to_owned(),
            )
        },
    ]
}

/// A leader at the beginning of its term (§8), and one that is cut off.
fn leaders() -> Vec<Measure> {
    vec![
        Measure {
            unit: TEN_SECONDS,
            count: wait_for_commit,
            ..measure(
                Rule::NoOp,
                "wait until the last leader's command is committed",
                "a leader crashes after sending it to the two others, and no further command arrives",
                "servers 3\nuse no-op\nlatency 10ms\ntimeout S1\nrun 60ms\npropose S1 x\nrun 15ms\n\
                 crash S1\ntimeout S2\nrun 10s"
                    .to_owned(),
            )
        },
        Measure {
            count: |run| {
                let leader = run.world().server(NodeId(1)).and_then(|s| s.node());
                leader.map_or(0, |node| node.log().last_index().0)
            },
            ..measure(
                Rule::BoundUncommitted,
                "entries in the log of a leader that is cut off",
                "20,000 commands are proposed to it, one after another",
                "servers 3\ntimeout S1\nrun 100ms\ndisconnect S1\npropose S1 x1..x10000\n\
                 propose S1 y1..y10000"
                    .to_owned(),
            )
        },
    ]
}

/// Snapshots in chunks (§7): there are four to each.
fn chunks() -> Vec<Measure> {
    let begin = "servers 3\nuse snapshot-chunks\nlatency 10ms\ntimeout S1\nrun 40ms\n\
                 disconnect S3\npropose S1 x1..x10\nrun 100ms\nsnapshot S1\n";
    vec![
        Measure {
            count: |run| {
                count(run, |event| {
                    matches!(&event.kind, EventKind::Delivered(_, Letter::Rpc(arrival))
                        if matches!(arrival.said, Said::InstallSnapshot { .. }))
                })
            },
            ..measure(
                Rule::ResumeSnapshot,
                "chunks delivered",
                "a snapshot is sent in four chunks, and the network duplicates the third",
                format!("{begin}connect S3\nrun 125ms\nduplicate M21\ndelay M22 5ms\nrun 1s"),
            )
        },
        Measure {
            more_is_worse: false,
            count: |run| applied_by(run, 3),
            ..measure(
                Rule::FinishSnapshot,
                "entries applied by a follower that was away",
                "it is 100 ms away, and the leader compacts its log every tenth of a second",
                format!(
                    "{begin}latency S1 -> S3 100ms\nlatency S3 -> S1 100ms\nconnect S3\n{}",
                    "propose S1 y\nrun 100ms\nsnapshot S1\n".repeat(30)
                ),
            )
        },
    ]
}

/// How long after the last Action something was committed; until
/// the end of the run if nothing was.
fn wait_for_commit(run: &Run) -> u64 {
    let acted = |kind: &EventKind| matches!(kind, EventKind::Acted(_));
    let since = run.events().iter().rfind(|event| acted(&event.kind));
    let since = since.map_or(Micros::ZERO, |event| event.at);
    let committed = run
        .events()
        .iter()
        .find(|event| event.at >= since && event.rules.contains(&Rule::CommitMajority));
    committed.map_or(run.end_at(), |event| event.at).0 - since.0
}
