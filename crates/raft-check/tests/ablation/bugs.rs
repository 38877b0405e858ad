//! Playbooks that show a bug: with their `ablate` line an invariant breaks,
//! and without it nothing does.

use std::fs;

use raft_core::Rule;
use raft_play::open;
use raft_sim::{Invariant, Run};

use crate::project;

/// A playbook in `playbooks/bugs`.
pub(crate) struct Bug {
    /// The rule whose absence it shows.
    pub(crate) rule: Rule,
    /// Rules that have to be ablated as well, and whose absence alone is harmless.
    pub(crate) besides: &'static [Rule],
    pub(crate) file: &'static str,
    /// What has to break, if not first.
    pub(crate) breaks: Invariant,
}

const fn bug(rule: Rule, file: &'static str, breaks: Invariant) -> Bug {
    Bug {
        rule,
        besides: &[],
        file,
        breaks,
    }
}

/// All of them, in the order of the rules.
pub(crate) const BUGS: &[Bug] = &[
    bug(
        Rule::HigherTerm,
        "a2-old-leader-new-term",
        Invariant::ElectionSafety,
    ),
    bug(
        Rule::PersistFirst,
        "p1-vote-before-disk",
        Invariant::ElectionSafety,
    ),
    bug(
        Rule::CountVote,
        "c2-vote-refusal-counted",
        Invariant::ElectionSafety,
    ),
    bug(
        Rule::OneVote,
        "rv2-vote-two-votes",
        Invariant::ElectionSafety,
    ),
    bug(
        Rule::UpToDate,
        "rv2-log-leader-behind",
        Invariant::LeaderCompleteness,
    ),
    bug(
        Rule::AppendStaleTerm,
        "ae1-deposed-leader-obeyed",
        Invariant::LeaderCompleteness,
    ),
    bug(
        Rule::ConsistencyCheck,
        "ae2-heartbeat-unchecked",
        Invariant::StateMachineSafety,
    ),
    bug(
        Rule::DeleteConflict,
        "ae3-conflict-kept",
        Invariant::StateMachineSafety,
    ),
    bug(
        Rule::KeepWithoutConflict,
        "ae3-keep-old-append-shortens",
        Invariant::LeaderCompleteness,
    ),
    Bug {
        besides: &[Rule::SendEntries],
        ..bug(
            Rule::FollowerCommit,
            "ae5-commit-past-verified",
            Invariant::StateMachineSafety,
        )
    },
    bug(
        Rule::MatchFromSent,
        "l3a-match-more-than-sent",
        Invariant::LeaderCompleteness,
    ),
    bug(
        Rule::CommitMajority,
        "l4-committed-alone",
        Invariant::StateMachineSafety,
    ),
    bug(
        Rule::CommitOwnTermOnly,
        "l4-term-figure-8",
        Invariant::StateMachineSafety,
    ),
    bug(
        Rule::OldReply,
        "o1-old-vote-counted",
        Invariant::ElectionSafety,
    ),
    bug(
        Rule::KeepNewerState,
        "is5-old-snapshot-installed",
        Invariant::LeaderCompleteness,
    ),
    bug(
        Rule::RetainSuffix,
        "is6-snapshot-drops-suffix",
        Invariant::LeaderCompleteness,
    ),
    bug(
        Rule::DiscardLog,
        "is7-snapshot-keeps-foreign-tail",
        Invariant::LogMatching,
    ),
    bug(
        Rule::LoadSnapshot,
        "is8-snapshot-not-loaded",
        Invariant::StateMachineSafety,
    ),
    bug(
        Rule::ReadConfirm,
        "rd2-deposed-leader-reads",
        Invariant::LinearizableRead,
    ),
    bug(
        Rule::LatestConfiguration,
        "cc1-removed-servers-elect",
        Invariant::LeaderCompleteness,
    ),
    bug(
        Rule::RollBackConfiguration,
        "cc2-change-not-rolled-back",
        Invariant::LeaderCompleteness,
    ),
    bug(
        Rule::OneChange,
        "cc3-changes-overlap",
        Invariant::LeaderCompleteness,
    ),
    bug(
        Rule::ChangeInOwnTerm,
        "cc4-change-without-barrier",
        Invariant::LeaderCompleteness,
    ),
    bug(
        Rule::JointConsensus,
        "cc5-change-in-one-step",
        Invariant::ElectionSafety,
    ),
    bug(
        Rule::BothMajorities,
        "cc6-one-majority-of-both",
        Invariant::LeaderCompleteness,
    ),
    bug(
        Rule::VotersOnly,
        "cc8-learner-counted",
        Invariant::LeaderCompleteness,
    ),
    Bug {
        besides: &[Rule::OneChange, Rule::CatchUpFirst],
        ..bug(
            Rule::JoinAnew,
            "cc12-old-answer-after-return",
            Invariant::LeaderCompleteness,
        )
    },
    bug(
        Rule::SnapshotConfiguration,
        "sn-conf-snapshot-forgets-change",
        Invariant::LeaderCompleteness,
    ),
    bug(
        Rule::ChunkInPlace,
        "is3-chunk-twice",
        Invariant::StateMachineSafety,
    ),
    bug(
        Rule::AwaitAllChunks,
        "is4-first-chunk-installed",
        Invariant::StateMachineSafety,
    ),
];

/// The playbook that shows the absence of `rule`.
pub(crate) fn of(rule: Rule) -> Option<&'static Bug> {
    BUGS.iter().find(|bug| bug.rule == rule)
}

/// The names of the playbooks in `playbooks/bugs` that ablate rules.
pub(crate) fn files_that_ablate() -> Vec<String> {
    let files = fs::read_dir(project().join("playbooks/bugs")).expect("the folder of bugs");
    let paths = files.map(|file| file.expect("a file").path());
    let ablating = paths.filter(|path| {
        let text = fs::read_to_string(path).expect("a playbook");
        text.lines().any(|line| line.starts_with("ablate "))
    });
    ablating
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect()
}

impl Bug {
    /// The event, counted from 1, after which `breaks` is first broken.
    pub(crate) fn event(&self) -> u64 {
        let run = self.play(1, &self.rules());
        let violations = run.world().checker().violations().iter();
        let mut named = violations.filter(|found| found.invariant() == self.breaks);
        let first = named.next();
        first.map_or_else(
            || panic!("{}: {} does not break", self.file, self.breaks.id()),
            |found| found.event + 1,
        )
    }

    /// Plays it with all its rules ablated, and with every smaller set of them.
    pub(crate) fn check(&self, seed: u64) {
        let rules = self.rules();
        let run = self.play(seed, &rules);
        let violations = run.world().checker().violations();
        assert!(
            violations
                .iter()
                .any(|found| found.invariant() == self.breaks),
            "{}, seed {seed}: {} does not break but {violations:?}",
            self.file,
            self.breaks.id()
        );
        for fewer in 0..(1_u32 << rules.len()) - 1 {
            let away: Vec<Rule> = (0..)
                .zip(&rules)
                .filter_map(|(place, rule)| (fewer >> place & 1 == 1).then_some(*rule))
                .collect();
            let run = self.play(seed, &away);
            let violations = run.world().checker().violations();
            assert!(
                violations.is_empty(),
                "{}, seed {seed}, without {away:?}: {violations:?}",
                self.file
            );
        }
        self.check_words(&run);
    }

    /// A playbook that teaches says everything in both languages, and
    /// something happens under each caption.
    fn check_words(&self, run: &Run) {
        let setup = run.setup();
        for words in [&setup.title, &setup.title_zh, &setup.source] {
            assert!(!words.is_empty(), "{}", self.file);
        }
        let away: Vec<Rule> = setup.ablated.iter().collect();
        let mut rules = self.rules();
        rules.sort();
        assert_eq!(away, rules, "{}", self.file);
        let ends = run.phases().iter().skip(1).map(|phase| phase.position);
        for (phase, end) in run.phases().iter().zip(ends.chain([run.position()])) {
            assert!(
                !phase.caption_zh.is_empty(),
                "{}: {}",
                self.file,
                phase.caption
            );
            assert!(phase.position < end, "{}: {}", self.file, phase.caption);
        }
    }

    fn rules(&self) -> Vec<Rule> {
        let mut rules = vec![self.rule];
        rules.extend(self.besides);
        rules
    }

    fn play(&self, seed: u64, away: &[Rule]) -> Run {
        let path = project().join("playbooks/bugs").join(self.file);
        let text = fs::read_to_string(path.with_extension("raft"))
            .unwrap_or_else(|error| panic!("{}: {error}", self.file));
        let ids: Vec<&str> = away.iter().map(|rule| rule.id()).collect();
        let lines = text.lines().map(|line| {
            if line.starts_with("seed ") {
                format!("seed {seed}\n")
            } else if !line.starts_with("ablate ") {
                format!("{line}\n")
            } else if ids.is_empty() {
                String::new()
            } else {
                format!("ablate {}\n", ids.join(" "))
            }
        });
        let text: String = lines.collect();
        open(&text).unwrap_or_else(|error| panic!("{}: {error}", self.file))
    }
}
