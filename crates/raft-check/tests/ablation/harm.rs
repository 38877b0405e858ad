//! What it costs to do without a rule that serves liveness or efficiency.
//!
//! Each [`Measure`] is a short scene, played with the rule and without it, and
//! one number taken from both runs. The scenes are playbooks like any other;
//! where chance decides, the number is a sum over several seeds, or the worst of them.

mod extensions;
mod membership;

use raft_core::{NodeId, Rule, RuleSet};
use raft_play::open;
use raft_sim::event::{Event, EventKind};
use raft_sim::letter::Letter;
use raft_sim::outcome::Declined;
use raft_sim::said::Said;
use raft_sim::{Micros, Run};

/// How to see what a rule is for.
pub(crate) struct Measure {
    pub(crate) rule: Rule,
    /// What is counted.
    pub(crate) what: &'static str,
    /// The run that it is counted in, in words.
    pub(crate) run: &'static str,
    unit: Unit,
    /// Whether a greater number is the worse one.
    more_is_worse: bool,
    over: Over,
    /// The playbook, but for its `seed` and `ablate`.
    scene: String,
    count: fn(&Run) -> u64,
}

/// How a number is written.
enum Unit {
    /// As it is.
    Plain,
    /// As milliseconds; a run that reaches this limit was waited for without success.
    Wait { limit: Micros },
}

/// What becomes of the numbers of several seeds.
enum Over {
    /// There is one seed, since nothing depends on it.
    One,
    /// They are added up.
    SumOf(u64),
    /// The greatest counts.
    WorstOf(u64),
}

/// A measure that counts elections with one seed, unless its fields are changed.
fn measure(rule: Rule, what: &'static str, run: &'static str, scene: String) -> Measure {
    Measure {
        rule,
        what,
        run,
        unit: Unit::Plain,
        more_is_worse: true,
        over: Over::One,
        scene,
        count: elections_started,
    }
}

/// The two numbers of a measure.
pub(crate) struct Harm {
    pub(crate) with: u64,
    pub(crate) without: u64,
}

impl Measure {
    /// Plays the scene twice for every seed.
    pub(crate) fn take(&self) -> Harm {
        Harm {
            with: self.play(None),
            without: self.play(Some(self.rule)),
        }
    }

    fn play(&self, without: Option<Rule>) -> u64 {
        let ablate = without.map_or(String::new(), |rule| format!("ablate {}\n", rule.id()));
        let count = |seed: u64| {
            let text = format!("seed {seed}\n{ablate}{}", self.scene);
            let run = open(&text);
            (self.count)(&run.unwrap_or_else(|error| panic!("{}: {error}", self.rule.id())))
        };
        match self.over {
            Over::One => count(1),
            Over::SumOf(seeds) => (1..=seeds).map(count).sum(),
            Over::WorstOf(seeds) => (1..=seeds).map(count).max().unwrap_or(0),
        }
    }

    /// Whether the rule is worth having.
    pub(crate) fn shows(&self, harm: &Harm) -> bool {
        if self.more_is_worse {
            harm.without > harm.with
        } else {
            harm.without < harm.with
        }
    }

    /// One of the two numbers, as the table has it.
    pub(crate) fn written(&self, number: u64) -> String {
        match self.unit {
            Unit::Plain => number.to_string(),
            Unit::Wait { limit } if number >= limit.0 => format!("none in {limit}"),
            Unit::Wait { .. } => format!("{} ms", number / 1000),
        }
    }
}

/// All measures, in no particular order.
pub(crate) fn measures() -> Vec<Measure> {
    let mut all = elections();
    all.extend(timers());
    all.extend(clients());
    all.extend(replication());
    all.extend(backing_up());
    all.extend(snapshots());
    all.extend(extensions::measures());
    all.extend(membership::measures());
    all
}

const TEN_SECONDS: Unit = Unit::Wait {
    limit: Micros::from_secs(10),
};

fn elections() -> Vec<Measure> {
    let wait = |rule, run, scene: &str| Measure {
        rule,
        what: "wait for a leader",
        run,
        unit: TEN_SECONDS,
        more_is_worse: true,
        over: Over::One,
        scene: scene.to_owned(),
        count: wait_for_leader,
    };
    vec![
        wait(
            Rule::FollowerTimeout,
            "five servers start and no fault occurs",
            "run 10s",
        ),
        wait(
            Rule::GrantVote,
            "five servers start and no fault occurs",
            "run 10s",
        ),
        wait(
            Rule::RetryVote,
            "one of three servers is down, and the request to the other is lost",
            "servers 3\ncrash S3\ntimeout S1\ndrop M1\nrun 10s",
        ),
        wait(
            Rule::CandidateTimeout,
            "two servers start an election at the same instant",
            "servers 2\ntimeout S1\ntimeout S2\nrun 10s",
        ),
        Measure {
            over: Over::WorstOf(40),
            ..wait(
                Rule::VoteStaleTerm,
                "one of two servers lacks an entry; a third receives nothing and keeps asking for \
                 votes in an old term; the worst of 40 seeds",
                "servers 3\nrewrite S1 term 50\nrewrite S2 term 50\n\
                 rewrite S2 log 1\nrewrite S3 log 1\n\
                 cut S1 -> S3\ncut S2 -> S3\ntimeout S3\nrun 10s",
            )
        },
        wait(
            Rule::ResetOnce,
            "a server that receives nothing keeps asking for votes",
            "servers 3\ncut S2 -> S1\ncut S3 -> S1\ntimeout S1\nrun 10s",
        ),
        Measure {
            count: wait_since_last_act,
            ..wait(
                Rule::RandomTimeout,
                "the leader of five crashes, and all others last heard it at the same instant",
                "latency 10ms\ntimeout S1\nrun 1s\ncrash S1\nrun 9s",
            )
        },
    ]
}

fn timers() -> Vec<Measure> {
    let elections = |rule, run, over, scene: &str| Measure {
        rule,
        what: "elections",
        run,
        unit: Unit::Plain,
        more_is_worse: true,
        over,
        scene: scene.to_owned(),
        count: elections_started,
    };
    vec![
        elections(
            Rule::Heartbeat,
            "a calm minute of five servers",
            Over::One,
            "run 60s",
        ),
        elections(
            Rule::ResetOnLeader,
            "a calm minute of five servers",
            Over::One,
            "run 60s",
        ),
        elections(
            Rule::HeardWhileWriting,
            "the leader uses CheckQuorum, and a write takes both followers 2.5 s",
            Over::One,
            "servers 3\nuse check-quorum\nlatency 10ms\ntimeout S1\nrun 1s\n\
             disk S2 2500ms\ndisk S3 2500ms\npropose S1 x\nrun 10s",
        ),
        elections(
            Rule::ResetOnGrant,
            "ten seconds of five servers on slow links, the sum over 20 seeds",
            Over::SumOf(20),
            "latency 150ms..200ms\nrun 10s",
        ),
        elections(
            Rule::ResetOnElection,
            "two servers whose timers expire at nearly the same time, the worst of 40 seeds",
            Over::WorstOf(40),
            "servers 2\nelection 500ms..550ms\nlatency 20ms\nrun 60s",
        ),
    ]
}

fn clients() -> Vec<Measure> {
    // A client that asks every 17 ms is in step with no heartbeat.
    let asks = |server: &str| format!("propose {server} x\nrun 17ms\n").repeat(20);
    let answers = |rule, what, run, scene: String| Measure {
        rule,
        what,
        run,
        unit: Unit::Plain,
        more_is_worse: false,
        over: Over::One,
        scene,
        count: |run| told_of(run, None),
    };
    let told = "clients out of 20 that are told who leads";
    vec![
        answers(
            Rule::Redirect,
            told,
            "20 commands are proposed to a follower",
            format!("servers 3\ntimeout S1\nrun 100ms\n{}", asks("S2")),
        ),
        answers(
            Rule::YieldToLeader,
            told,
            "two servers are candidates in the same term, and 20 commands are proposed to the loser",
            format!(
                "servers 3\ntimeout S1\ntimeout S2\nrun 50ms\n{}",
                asks("S2")
            ),
        ),
        Measure {
            more_is_worse: true,
            count: |run| told_of(run, Some(NodeId(1))),
            ..answers(
                Rule::InstallStaleTerm,
                "clients out of 20 that are redirected to a deposed leader",
                "a deposed leader that receives nothing sends its snapshot to a follower, \
                 and clients ask that follower",
                format!(
                    "servers 3\nlatency 10ms\ntimeout S1\nrun 40ms\npropose S1 a\ncut S3 -> S1\n\
                     run 40ms\nsnapshot S1\ncut S2 -> S1\ntimeout S2\nrun 100ms\n{}",
                    asks("S3")
                ),
            )
        },
    ]
}

fn replication() -> Vec<Measure> {
    let begin = "servers 3\nlatency 10ms\ntimeout S1\nrun 100ms\n";
    let applied = |rule| Measure {
        rule,
        what: "commands applied",
        run: "ten commands are proposed to the leader of three",
        unit: Unit::Plain,
        more_is_worse: false,
        over: Over::One,
        scene: format!("{begin}propose S1 x1..x10\nrun 1s"),
        count: |run| applied_by(run, 1),
    };
    let sent = |rule, run, scene: String| Measure {
        rule,
        what: "entries sent",
        run,
        unit: Unit::Plain,
        more_is_worse: true,
        over: Over::One,
        scene,
        count: entries_sent,
    };
    vec![
        applied(Rule::AppendCommand),
        applied(Rule::SendEntries),
        sent(
            Rule::InitProgress,
            "three servers with the same fifty entries elect a leader",
            format!(
                "servers 3\n{}timeout S1\nrun 1s",
                ["S1", "S2", "S3"]
                    .map(|id| format!("rewrite {id} log 1:x1..x50\n"))
                    .concat()
            ),
        ),
        sent(
            Rule::WaitForAnswer,
            "50 commands arrive one millisecond apart, and a round trip takes 20",
            format!("{begin}{}run 500ms", "propose S1 x\nrun 1ms\n".repeat(50)),
        ),
        sent(
            Rule::StaleRefusal,
            "a follower lacked 50 entries, and its refusal arrives again after it got them and one more",
            "servers 3\nlatency 10ms\nrewrite S1 log 1:a\nrewrite S2 log 1:a 1:x1..x50\n\
             rewrite S3 log 1:a 1:x1..x50\ntimeout S2\nrun 35ms\nduplicate M7\n\
             delay M9 60ms\nrun 30ms\npropose S2 y\nrun 60ms"
                .to_owned(),
        ),
    ]
}

fn backing_up() -> Vec<Measure> {
    // Heartbeats would ask the same questions in between.
    let refusals = |rule, run, log: &str| Measure {
        rule,
        what: "refusals before the logs agree",
        run,
        unit: Unit::Plain,
        more_is_worse: true,
        over: Over::One,
        scene: format!(
            "servers 3\nelection 30s\nheartbeat 10s\nlatency 10ms\nrewrite S1 log {log}\n\
             rewrite S2 log 1:a 3:x1..x50\nrewrite S3 log 1:a 3:x1..x50\n\
             rewrite S1 term 3\ntimeout S2\nrun 5s"
        ),
        count: |run| count(run, |event| event.rules.contains(&Rule::ConsistencyCheck)),
    };
    vec![
        refusals(
            Rule::BackToConflictTerm,
            "a follower has 50 conflicting entries, of a term of which the leader has one entry",
            "1:a 1:y1..y50",
        ),
        refusals(
            Rule::BackToConflictIndex,
            "a follower has 50 conflicting entries, of a term of which the leader has none",
            "1:a 2:y1..y50",
        ),
        refusals(
            Rule::BackToLength,
            "a follower lacks the last 50 entries",
            "1:a",
        ),
    ]
}

fn snapshots() -> Vec<Measure> {
    let begin = "servers 3\nlatency 10ms\ntimeout S1\nrun 40ms\n";
    vec![
        Measure {
            rule: Rule::SendSnapshot,
            what: "commands applied by a follower that was away",
            run: "in the meantime the others committed ten commands and compacted them",
            unit: Unit::Plain,
            more_is_worse: false,
            over: Over::One,
            scene: format!(
                "{begin}disconnect S3\npropose S1 x1..x10\nrun 210ms\nsnapshot S1\nsnapshot S2\n\
                 connect S3\nrun 5s"
            ),
            count: |run| applied_by(run, 3),
        },
        Measure {
            rule: Rule::Compact,
            what: "entries kept in the log",
            run: "a hundred commands, then a snapshot",
            unit: Unit::Plain,
            more_is_worse: true,
            over: Over::One,
            scene: format!("{begin}propose S1 x1..x100\nrun 300ms\nsnapshot S1"),
            count: |run| {
                let node = run.world().server(NodeId(1)).and_then(|s| s.node());
                node.map_or(0, |node| node.log().entries().len() as u64)
            },
        },
    ]
}

fn count(run: &Run, matches: impl Fn(&Event) -> bool) -> u64 {
    run.events().iter().filter(|event| matches(event)).count() as u64
}

fn elections_started(run: &Run) -> u64 {
    count(run, |event| event.rules.contains(&Rule::StartElection))
}

/// When a server first became leader; the end of the run if none ever did.
fn wait_for_leader(run: &Run) -> u64 {
    wins(run).next().unwrap_or(run.end_at()).0
}

/// How long after the last Action a server won an election; until the end of
/// the run if none did.
fn wait_since_last_act(run: &Run) -> u64 {
    let acted = |event: &Event| matches!(event.kind, EventKind::Acted(_));
    let since = run.events().iter().rfind(acted).map_or(0, |e| e.at.0);
    match wins(run).find(|at| at.0 > since) {
        Some(at) => at.0 - since,
        None => run.end_at().0,
    }
}

fn wins(run: &Run) -> impl Iterator<Item = Micros> {
    let won = |event: &Event| event.rules.contains(&Rule::WinElection);
    run.events().iter().filter(won).map(|event| event.at)
}

/// How many clients were redirected to a leader, or to this one.
fn told_of(run: &Run, leader: Option<NodeId>) -> u64 {
    count(run, |event| match event.kind {
        EventKind::Declined(_, Declined::NotLeader(Some(told))) => {
            leader.is_none_or(|leader| leader == told)
        }
        _ => false,
    })
}

fn applied_by(run: &Run, server: u16) -> u64 {
    let server = run.world().server(NodeId(server));
    let node = server.and_then(raft_sim::server::Server::node);
    node.map_or(0, |node| node.last_applied().0)
}

/// How many entries arrived in AppendEntries, repetitions included.
fn entries_sent(run: &Run) -> u64 {
    let carried = run.events().iter().map(|event| match &event.kind {
        EventKind::Delivered(_, Letter::Rpc(arrival)) => match arrival.said {
            Said::AppendEntries { entries, .. } => entries,
            _ => 0,
        },
        _ => 0,
    });
    carried.sum()
}

/// The rules of a set by their ids.
pub(crate) fn set(rules: &[Rule]) -> RuleSet {
    rules.iter().copied().collect()
}
