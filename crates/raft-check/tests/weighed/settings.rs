//! In which bounds each rule is taken away.

use std::fs;
use std::sync::Arc;

use raft_check::explore::{Bounds, Instant};
use raft_core::Rule;
use raft_play::playbook::Playbook;
use raft_play::script;
use raft_sim::run::Trial;
use raft_sim::setup::Feature;

use crate::project;

/// What is searched without a rule, as it is typed after `raftlab check`. Of several bounds, the
/// smallest known is named in which something breaks; if nothing breaks in any, all are.
pub(crate) const SETTINGS: &[(Rule, &[&str])] = &[
    (Rule::ApplyCommitted, &["--terms 2 --commands 1"]),
    (Rule::HigherTerm, &["--terms 2 --commands 1"]),
    (Rule::PersistFirst, &["--terms 2 --commands 1 --crashes 1"]),
    (Rule::StartElection, &["--terms 2 --commands 0"]),
    (Rule::CountVote, &["--terms 2 --commands 0"]),
    (Rule::WinElection, &["--terms 2 --commands 0"]),
    (Rule::OneVote, &["--terms 2 --commands 0"]),
    (Rule::UpToDate, &["--terms 2 --commands 1"]),
    (Rule::AppendStaleTerm, &["--terms 2 --commands 2"]),
    (
        Rule::ConsistencyCheck,
        &["--terms 2 --commands 2", "--terms 3 --commands 2"],
    ),
    (Rule::DeleteConflict, &["--terms 2 --commands 2"]),
    (Rule::KeepWithoutConflict, &["--terms 2 --commands 1"]),
    (Rule::AppendNew, &["--terms 2 --commands 1 --crashes 1"]),
    (
        Rule::FollowerCommit,
        &[
            "--terms 2 --commands 1 --reads 1",
            "--terms 2 --commands 2 --reads 1",
        ],
    ),
    (Rule::MatchFromSent, &["--terms 2 --commands 1"]),
    (Rule::CommitMajority, &["--terms 2 --commands 1"]),
    (
        Rule::CommitOwnTermOnly,
        &["playbooks/paper/04-figure-8e.raft --from 24 --terms 1 --commands 0"],
    ),
    (Rule::OldReply, &["--terms 3 --commands 0"]),
    (
        Rule::KeepNewerState,
        &["--terms 1 --commands 2 --snapshots 2"],
    ),
    (
        Rule::RetainSuffix,
        &[
            "--terms 1 --commands 2 --snapshots 1",
            "--terms 2 --commands 2 --snapshots 1",
        ],
    ),
    (
        Rule::DiscardLog,
        &[
            "--terms 2 --commands 2 --snapshots 1",
            "playbooks/bugs/is7-snapshot-keeps-foreign-tail.raft --from 32 --terms 0 --commands 0 --snapshots 1",
        ],
    ),
    (
        Rule::LoadSnapshot,
        &[
            "--terms 2 --commands 1 --snapshots 1",
            "--terms 1 --commands 2 --snapshots 1",
        ],
    ),
    (
        Rule::IgnoreNonsense,
        &[
            "--terms 2 --commands 1",
            "--terms 2 --commands 1 --crashes 1",
        ],
    ),
    (Rule::ReadOwnTerm, &["--terms 2 --commands 1 --reads 1"]),
    (Rule::ReadConfirm, &["--terms 2 --commands 2 --reads 1"]),
    (
        Rule::ReadApplied,
        &[
            "--terms 2 --commands 1 --reads 1",
            "--terms 1 --commands 2 --reads 2",
        ],
    ),
    (
        Rule::LatestConfiguration,
        &[
            "playbooks/bugs/cc1-removed-servers-elect.raft --from 28 --terms 1 --commands 0 --crashes 1",
        ],
    ),
    (
        Rule::RollBackConfiguration,
        &[
            "playbooks/bugs/cc2-change-not-rolled-back.raft --from 77 --terms 1 --commands 0 --changes 1",
        ],
    ),
    (
        Rule::OneChange,
        &["--terms 2 --commands 0 --changes 2 --use no-op"],
    ),
    (
        Rule::ChangeInOwnTerm,
        &[
            "playbooks/bugs/cc4-change-without-barrier.raft --from 67 --terms 1 --commands 0 --changes 1",
        ],
    ),
    (
        Rule::JointConsensus,
        &["--terms 2 --commands 0 --changes 1 --use no-op"],
    ),
    (
        Rule::BothMajorities,
        &["--terms 2 --commands 0 --changes 1 --use no-op"],
    ),
    (
        Rule::VotersOnly,
        &["--voters 2 --terms 2 --commands 1 --changes 1 --use no-op"],
    ),
    (
        Rule::JoinAnew,
        &["--servers 2 --terms 2 --commands 1 --changes 2"],
    ),
    (
        Rule::SnapshotConfiguration,
        &[
            "playbooks/bugs/sn-conf-snapshot-forgets-change.raft --from 73 --terms 1 --commands 1 --crashes 1 --snapshots 1",
        ],
    ),
    (
        Rule::ChunkInPlace,
        &["--terms 1 --commands 1 --snapshots 1 --use snapshot-chunks"],
    ),
    (
        Rule::AwaitAllChunks,
        &["--terms 1 --commands 1 --snapshots 1 --use snapshot-chunks"],
    ),
];

/// What these words bound, with all rules or without one, as `raftlab check` reads them.
pub(crate) fn bounds(words: &str, without: Option<Rule>) -> Bounds {
    let mut bounds = Bounds {
        copies: None,
        ablated: without.into_iter().collect(),
        ..Bounds::default()
    };
    let (mut file, mut from) = (None, None);
    let mut words = words.split(' ');
    while let Some(word) = words.next() {
        if !word.starts_with("--") {
            file = Some(word);
            continue;
        }
        let value = words.next().expect("each flag has a value");
        let number = || value.parse().expect("a number");
        match word {
            "--servers" => bounds.servers = number(),
            "--voters" => bounds.voters = Some(number()),
            "--terms" => bounds.terms = number(),
            "--commands" => bounds.commands = number(),
            "--crashes" => bounds.crashes = number(),
            "--snapshots" => bounds.snapshots = number(),
            "--reads" => bounds.reads = number(),
            "--changes" => bounds.changes = number(),
            "--from" => from = Some(value.parse().expect("a number")),
            "--use" => bounds.features.insert(feature(value)),
            _ => panic!("{word} is no flag"),
        }
    }
    match file {
        None => bounds,
        Some(file) => {
            let from = instant(file, without, from.expect("a file has its --from"));
            bounds.from_instant(Arc::new(from))
        }
    }
}

fn feature(name: &str) -> Feature {
    let named = Feature::ALL.into_iter().find(|one| one.name() == name);
    named.expect("a feature")
}

/// The instant of a playbook after so many events.
fn instant(file: &str, without: Option<Rule>, events: u64) -> Instant {
    let text = fs::read_to_string(project().join(file)).expect("a playbook");
    let mut playbook: Playbook = text.parse().expect("a playbook");
    if let Some(rule) = without {
        playbook.setup.ablated.insert(rule);
    }
    let mut trial = Trial::new(&playbook.setup);
    script::play(&playbook, &text, &mut trial).expect("it plays");
    Instant::of(&playbook.setup, &trial, events).expect("it can be searched")
}
