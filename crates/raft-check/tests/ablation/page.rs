//! `docs/ablation.md`, written from what the runs show.

use std::fmt::Write;
use std::sync::LazyLock;

use raft_core::{Rule, RuleKind};
use raft_play::words::Language;
use raft_sim::Invariant;

use crate::by_hand::{self, ByHand};
use crate::chaos::{self, Broken};
use crate::harm::{Harm, Measure, measures};
use crate::{bugs, zoo};

/// How a rule is shown, apart from random runs.
pub(crate) enum Shown {
    Bug(&'static bugs::Bug),
    ByHand(&'static ByHand),
    Measure,
    Chaos,
    NotYet,
}

/// All measures, taken once.
pub(crate) fn taken() -> &'static [(Measure, Harm)] {
    static TAKEN: LazyLock<Vec<(Measure, Harm)>> = LazyLock::new(|| {
        let taken = measures().into_iter().map(|measure| {
            let harm = measure.take();
            (measure, harm)
        });
        taken.collect()
    });
    &TAKEN
}

/// The best that there is to show of a rule.
pub(crate) fn shown(rule: Rule) -> Shown {
    if let Some(bug) = bugs::of(rule) {
        Shown::Bug(bug)
    } else if let Some(shown) = by_hand::of(rule) {
        Shown::ByHand(shown)
    } else if taken().iter().any(|(measure, _)| measure.rule == rule) {
        Shown::Measure
    } else if rule.kind() == RuleKind::Safety && !crate::NOT_YET.contains(&rule.id()) {
        Shown::Chaos
    } else {
        Shown::NotYet
    }
}

const OPENING: &str = "\
# What each rule is for

Each clause of the algorithm can be ablated, on all servers of a cluster: `ablate L4-term` in the
header of a playbook does so. For every rule, this table says what a server does without it, and
names a run that shows the harm. For a rule of kind Safety, that is an invariant that breaks without
the rule and holds with it, in the same playbook or with the same seed. For a rule of kind Liveness
or Efficiency, it is a number, first with the rule and then without.

*Chaos, seed N* is the run that `raftlab play chaos --ablate RULE --seed N` opens: the first of
the seeds 1 to 40 that breaks an invariant. If that is a different invariant, its name is given.
Events are counted from 1. The scenes behind the numbers are in
`crates/raft-check/tests/ablation/harm.rs` and in `harm/`.

A test plays every run and compares. To rewrite this file after a change:

    UPDATE=1 cargo test -p raft-check --test ablation

";

const BEFORE_THE_SHORTEST: &str = "
Why `AE5` is ablated together with `L3`: this leader's messages nearly always extend to the end of
its log, so leaderCommit is not past the last entry sent. A leader that sends empty heartbeats, as
many do, is this one without `L3`, and needs `AE5` at once. Ablated alone, `AE5` is missed in one
place: the heartbeat that confirms a read is empty while earlier entries are still in flight. If
those are lost, a follower with conflicting entries takes its own for committed.

Why `CC12` is ablated together with others: the messages that a removed server can still answer were
sent before its removal, so their entries precede the removal in the log. The server can be added
again only once the removal is committed (`CC3`), and with it everything before, without that
server's help. And it gets a vote only after it has stored what was in the log when it was added
again (`CC9`). Without these two rules, its old replies do harm.

Why `M2` has no run: no simulated server lies. Why `RD3` has none: a simulated state machine
applies committed entries at once, so no read can precede that. For these two,
`crates/raft-check/tests/ablation/by_hand.rs` drives nodes outside the simulation: it gives them a
forged message, or does not apply what they commit.

## The shortest run without a rule

Chance finds some run. A search looks at all runs within bounds ([checking.md](checking.md)), so that the
first that breaks something is a shortest one. For every rule of kind Safety, this table says what then breaks, after
how many steps, and after how many states it was found; or that nothing does, when all states within the
bounds were looked at. Where a file is named, the steps are those after that event of its run. With fewer
bounds nothing breaks sooner; with others, something may. Of messages that may arrive any number of times, only
those count as steps that change a server.

Each of these runs is a playbook in `docs/checks/shortest`. A test plays all of them, and searches again
what takes a moment. To search everything again and rewrite the table, in some minutes:

    UPDATE=1 cargo test --release -p raft-check --test weighed

";

const BEFORE_THE_ALARMS: &str = "
`AE5` has a run of its own, which chance does not find: a read is confirmed by an empty heartbeat, and a
follower with an entry of a deposed leader takes that for committed. `M2` and `RD3` have none, since no server here
lies and each applies at once what is committed; `CC12` has none within these bounds, for the reason
above; and nothing is said about `P1`, since a search writes before it sends.

## Alarms ring

A sweep that finds nothing means something only if it would have found something. So each rule of
kind Safety is ablated, and chaos is played with the seeds from 1 to 2000 until one fails: an
invariant breaks, or a repaired quorum applies no command. Then the run is shrunk.

    raftlab sweep chaos --seeds 1..2000 --ablate RULE
    raftlab shrink chaos --seed SEED --ablate RULE

The seconds are wall-clock time until a run failed, or until all 2000 had passed, on one core
that had other work as well. Lines that only let time pass are not counted as Actions; where no
Action is left, the randomly drawn timers suffice. For a rule whose absence chance does not reveal in
2000 runs, the table names the run that does.

A test plays and shrinks each run again, and compares everything except the seconds. It checks for 25
of the earlier seeds that they do not fail; rewriting the table checks all of them:

    UPDATE=1 cargo test --release -p raft-check --test canaries

";

const BEFORE_THE_ZOO: &str = "
## Bugs that others have had

Nearly all of these were found in real implementations. The last column names the rule whose absence
shows the bug here, or says why this code cannot have it.

";

/// What stands around the tables that other tests of raft-check write.
const SHORTEST: [&str; 2] = [
    "<!-- The test `weighed` of raft-check writes from here -->\n",
    "<!-- to here: what is searched. -->\n",
];
const ALARMS: [&str; 2] = [
    "<!-- The test `canaries` of raft-check writes from here -->\n",
    "<!-- to here. -->\n",
];

/// The whole page. `seed` says which random run to look at for a rule, and from the `old` page
/// comes what other tests write.
pub(crate) fn write(seed: impl Fn(Rule) -> Option<u64>, old: &str) -> String {
    let mut page = String::from(OPENING);
    page.push_str(
        "| rule | section | kind | without it, | what breaks, or the number with / without | the run |\n\
         |---|---|---|---|---|---|\n",
    );
    for rule in Rule::ALL {
        let random = match rule.kind() {
            RuleKind::Safety => seed(*rule),
            RuleKind::Liveness | RuleKind::Efficiency => None,
        };
        let (what, run) = cells(*rule, random);
        let (id, section, when_ablated) = (rule.id(), rule.section(), rule.when_ablated());
        let kind = rule.kind();
        let _ = writeln!(
            page,
            "| `{id}` | {section} | {kind:?} | {when_ablated} | {what} | {run} |"
        );
    }
    for (prose, marks) in [(BEFORE_THE_SHORTEST, SHORTEST), (BEFORE_THE_ALARMS, ALARMS)] {
        let [begin, end] = marks;
        let table = old
            .split_once(begin)
            .and_then(|(_, rest)| rest.split_once(end));
        page.push_str(prose);
        page.extend([begin, table.map_or("", |(table, _)| table), end]);
    }
    page.push_str(BEFORE_THE_ZOO);
    zoo::write(&mut page);
    page
}

/// What breaks or is counted, and in which run.
fn cells(rule: Rule, random: Option<u64>) -> (String, String) {
    let broken = random.and_then(|seed| {
        assert!(
            chaos::broken(None, seed).is_none(),
            "seed {seed} breaks with all rules kept"
        );
        Some((seed, chaos::broken(Some(rule), seed)?))
    });
    let by_chance =
        |(seed, Broken { event, .. }): &(u64, Broken)| format!("chaos, seed {seed}, event {event}");
    match shown(rule) {
        Shown::Bug(bug) => {
            let file = format!("{}.raft", bug.file);
            let mut run = format!("[{file}](../playbooks/bugs/{file}), event {}", bug.event());
            if let Some(broken) = &broken {
                let _ = write!(run, "; {}", by_chance(broken));
                if broken.1.invariant != bug.breaks {
                    let _ = write!(run, " ({})", named(broken.1.invariant));
                }
            }
            let besides: Vec<String> = bug
                .besides
                .iter()
                .map(|rule| format!("`{}`", rule.id()))
                .collect();
            let what = if besides.is_empty() {
                named(bug.breaks).to_owned()
            } else {
                let besides = besides.join(" and ");
                format!(
                    "nothing in this run if ablated alone; together with {besides}, {}",
                    named(bug.breaks)
                )
            };
            (what, run)
        }
        Shown::ByHand(shown) => (named(shown.invariant).to_owned(), shown.run.to_owned()),
        Shown::Measure => taken()
            .iter()
            .find(|(measure, _)| measure.rule == rule)
            .map(|(measure, harm)| {
                let [with, without] = [harm.with, harm.without].map(|n| measure.written(n));
                let what = format!("{}: {with} / {without}", measure.what);
                (what, measure.run.to_owned())
            })
            .unwrap_or_default(),
        Shown::Chaos => match &broken {
            Some(broken) => (named(broken.1.invariant).to_owned(), by_chance(broken)),
            None => ("not shown yet".to_owned(), String::new()),
        },
        Shown::NotYet => ("not shown yet".to_owned(), String::new()),
    }
}

/// The random run that `page` names for `rule`.
pub(crate) fn seed_of(page: &str, rule: Rule) -> Option<u64> {
    let beginning = format!("| `{}` |", rule.id());
    let row = page.lines().find(|line| line.starts_with(&beginning))?;
    let after = row.split("chaos, seed ").nth(1)?;
    after.split(',').next()?.parse().ok()
}

const fn named(invariant: Invariant) -> &'static str {
    Language::English.invariant(invariant)
}
