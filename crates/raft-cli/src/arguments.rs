//! What can be typed, and the help for it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use raft_core::{Rule, RuleSet};
use raft_sim::setup::Feature;
use raft_sim::{Invariant, Micros};

use crate::reference;
use crate::seeds::{Seeds, Shard};

const ABOUT: &str = "Plays, tests, sweeps, shrinks and checks runs of the Raft laboratory.

A playbook is a text file of what is done to a simulated cluster (raftlab help playbooks). The \
same playbook and seed give the same run everywhere, here and in the page.";

const EXAMPLES: &str = "Examples:
  raftlab run playbooks/paper/01-split-vote.raft     its events, one by one
  raftlab test playbooks                             every playbook in a folder
  raftlab sweep chaos --seeds 1..10000               ten thousand random runs
  raftlab sweep chaos --seeds 1..1000 --ablate RV2-log
                                                     the same without a rule
  raftlab shrink chaos --seed 4 --ablate RV2-log     why it fails, in short
  raftlab check --terms 2 --commands 1               all runs of a small cluster
  raftlab play playbooks/bugs/l4-term-figure-8.raft  a link that opens it

Exit codes:
  0    all is well
  1    something failed: a playbook, an invariant, a recovery
  2    bad input: a file, an argument
  130  interrupted by Ctrl-C (143: SIGTERM, 129: SIGHUP); findings were printed
  141  the reader of a shard's output is gone

NO_COLOR=1 turns colours off; they are used on a terminal only.";

mod check;

pub(crate) use check::{CheckArgs, Copies};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "raftlab", version, about = ABOUT, after_help = EXAMPLES, max_term_width = 80)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play a playbook and print its events
    #[command(after_help = "Examples:
  raftlab run playbooks/paper/05-snapshot.raft
  raftlab run FILE --at 40        the state of every server after event 40
  raftlab run FILE --at 1.5s      the same at 1.5 seconds
  raftlab run FILE --until 300ms  only what happens up to then
  raftlab run FILE --json | jq -r 'select(.server == \"S1\").says'
  raftlab run FILE --history      the operations of clients, for a checker
  raftlab run chaos --seed 7

An event is one line: its number, its time, what happened, and in brackets the rules that acted \
(`raftlab rules` says what they are). Between them stands each `expect` that holds; with --json it \
is a line of the kind `held`, and a question of the playbook is one of the kind `asked` and one of \
the kind `revealed`.

If the run fails, the failure is printed on standard error, and the exit code is 1. With --at or \
--until only what fails up to then counts.")]
    Run(RunArgs),
    /// Play all playbooks below the given paths and report which fail
    #[command(after_help = "Examples:
  raftlab test playbooks
  raftlab test playbooks/lab --seeds 1..100
  raftlab test -                  the playbook on standard input

A playbook fails if one of its lines cannot be read or done, if an expectation does not hold, or \
if an invariant breaks without a line `expect broken ID`. On a terminal every file is named, \
otherwise only those that fail. The last line counts the expectations that held in those that \
passed.

Every file is played, even after one has failed; those of more than 4 MiB come last. The exit code \
is 1 if some fail, and 2 if some cannot even be read. When interrupted, it reports every playbook \
that has finished, and names the others.")]
    Test(TestArgs),
    /// Play chaos or a playbook with many seeds and report which fail
    #[command(after_help = "Examples:
  raftlab sweep chaos --seeds 1..100000
  raftlab sweep chaos --seeds 1..1000 --ablate RV2-log,L4-term --all
  raftlab sweep playbooks/paper/01-split-vote.raft --seeds 1..5000
  raftlab sweep chaos --seeds 1..1000000 --shard 3/8 > 3.jsonl
  raftlab merge *.jsonl

Chaos is a random cluster under random kinds of faults, all drawn from the seed: crashes, \
cuts, partitions, slow and failing disks, slow processors, lost, duplicated and late messages of \
all kinds or of one, narrow links, delays with long tails, the network of the MIT lab, snapshots, \
membership changes. After the faults a quorum is repaired, the others are cut off (with check-quorum they and \
their links stay as they are), and a majority must apply a command within thirty seconds. No \
invariant may break at any time.

The sweep stops at the first failing seed, and says so, unless --all is given. Which one is first \
does not depend on the number of cores. RAYON_NUM_THREADS sets how many are used.

When interrupted, it reports all seeds that have finished, names the others, and exits with 130, \
whether or not a seed failed.")]
    Sweep(SweepArgs),
    /// Combine the output of the shards of a sweep
    #[command(after_help = "Example:
  raftlab merge 0.jsonl 1.jsonl 2.jsonl

Prints what one sweep of all the seeds with --all would have printed. Exits with 1 if a \
seed failed or is missing, and with 2 if the files are of different sweeps or a seed was played \
twice.")]
    Merge(MergeArgs),
    /// Find the smallest run that fails in the same way
    #[command(after_help = "Examples:
  raftlab shrink chaos --seed 4 --ablate RV2-log
  raftlab shrink FILE --output small.raft

It can shrink an invariant that breaks, a cluster that does not recover from chaos, and an \
`expect`, `wait`, `agree` or `check` that fails. It prints a playbook with as few Actions and \
servers, and as short a time, as it could find. With a broken invariant the playbook passes \
`raftlab test`, since it ends with `expect broken ID`; otherwise it fails at its last line.

An invariant that FILE expects to break is shrunk only if --invariant names it. The same input \
shrinks to the same playbook. Ctrl-C or SIGTERM ends the search and prints the best one so far. \
--output is written in one step at the end, and is as it was if nothing is found.

Exits with 2 if the run passes, or if its failure cannot be shrunk.")]
    Shrink(ShrinkArgs),
    /// Look at every run of a small cluster, and print a shortest one that breaks an invariant
    #[command(after_help = "Examples:
  raftlab check --terms 2 --commands 1       any order, any losses, any copies
  raftlab check --ablate RV2-log             a shortest run that needs the rule
  raftlab check --copies 0 --crashes 1       each message at most once
  raftlab check --servers 5 --terms 1 --json
  raftlab check FILE --from 120 --terms 1    what can still go wrong from there?

Within the bounds everything can happen: messages arrive in any order, again, or never, timers run \
out at any time, servers crash anywhere between two steps. A write is durable before anything is sent \
that rests on it. Servers differ only in their numbers, so of states that differ in nothing else one is \
looked at.

If an invariant breaks, the exit code is 1, and the run is printed as a playbook that passes \
`raftlab test`, since it ends with `expect broken ID`. None of fewer steps breaks any; with `--copies any` only the steps count that change a server. If the memory does \
not suffice, it says that it was not exhaustive, and exits with 1 as well. What is found does not \
depend on --workers.")]
    Check(CheckArgs),
    /// Print a link that opens the run in the page, at the event where it fails
    #[command(after_help = "Examples:
  raftlab play playbooks/bugs/l4-term-figure-8.raft
  raftlab play FILE --at 120 --page https://example.org/raft/

Open the link in a browser; build the page first, with ./wasm-pack.sh. A playbook that fails gets \
a link too; the failure is also printed on standard error, and the exit code is 1.

The link holds the whole playbook: PAGE#run=TEXT&at=EVENT, where TEXT is the playbook, deflated \
(raw, RFC 1951), in base64url without padding.")]
    Play(PlayArgs),
    /// List the rules of the algorithm: id, section, kind, sentence
    #[command(after_help = "Examples:
  raftlab rules
  raftlab rules --zh
  raftlab rules | grep -A1 Liveness

Below each rule stands what a server does without it, which is what `ablate` brings about.")]
    Rules(RulesArgs),
    /// List the lines that a playbook can hold: what they look like, what they do
    #[command(after_help = reference::text())]
    Playbooks,
    /// Print a fingerprint of all events of a run
    #[command(after_help = "Examples:
  raftlab digest playbooks/paper/05-snapshot.raft
  raftlab digest FILE --seeds 1..10

Two builds that print the same digests play the same events. If a run fails, its events end there: \
the failure is printed on standard error, and the exit code is 1.")]
    Digest(DigestArgs),
    /// Print a completion script for a shell
    #[command(after_help = "Examples:
  raftlab completions bash > ~/.local/share/bash-completion/completions/raftlab
  raftlab completions zsh > \"${fpath[1]}/_raftlab\"
  raftlab completions fish > ~/.config/fish/completions/raftlab.fish")]
    Completions {
        /// The shell to generate for
        shell: Shell,
    },
}

/// What is played, and how.
#[derive(Debug, Clone, Args)]
pub(crate) struct What {
    /// A playbook, or the word `chaos`; `-` is standard input
    #[arg(value_name = "FILE|chaos")]
    pub(crate) subject: PathBuf,
    /// Rules that every server ignores, besides those that the playbook ablates
    #[arg(long, value_name = "RULE,…", value_delimiter = ',', value_parser = rule)]
    pub(crate) ablate: Vec<Rule>,
    /// How long faults last in chaos, before the recovery [default: 20s]
    #[arg(long, value_name = "TIME")]
    pub(crate) length: Option<Micros>,
}

impl What {
    pub(crate) fn ablated(&self) -> RuleSet {
        self.ablate.iter().copied().collect()
    }
}

/// An instant of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instant {
    /// Just after this many events.
    Event(u64),
    /// At a time.
    Time(Micros),
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) what: What,
    /// A seed to use instead of the playbook's
    #[arg(long, value_parser = seed)]
    pub(crate) seed: Option<u64>,
    /// Print each event as one line of JSON
    #[arg(long, conflicts_with = "at")]
    pub(crate) json: bool,
    /// Print each operation of a client, with its reply, as one line of JSON
    #[arg(long, conflicts_with_all = ["at", "json"])]
    pub(crate) history: bool,
    /// Print the state of the servers just after this event, or at this time
    #[arg(long, value_name = "EVENT|TIME", value_parser = instant)]
    pub(crate) at: Option<Instant>,
    /// Print only what happens up to this event, or this time
    #[arg(long, value_name = "EVENT|TIME", value_parser = instant)]
    pub(crate) until: Option<Instant>,
}

#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Playbooks, and folders of them; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Play each with all these seeds instead of its own, both ends included
    #[arg(long, value_name = "A..B")]
    pub(crate) seeds: Option<Seeds>,
}

#[derive(Debug, Args)]
pub(crate) struct SweepArgs {
    #[command(flatten)]
    pub(crate) what: What,
    /// The seeds, both ends included
    #[arg(long, value_name = "A..B")]
    pub(crate) seeds: Seeds,
    /// Continue after a failure and report all of them
    #[arg(long)]
    pub(crate) all: bool,
    /// Play only the part I of N, counted from 0, and write it as JSON lines for `merge`
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<Shard>,
}

#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// The output of `sweep --shard`, in any order; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ShrinkArgs {
    #[command(flatten)]
    pub(crate) what: What,
    /// The seed that fails; the playbook's own by default
    #[arg(long, value_parser = seed)]
    pub(crate) seed: Option<u64>,
    /// The invariant that must break; by default the first that does
    #[arg(long, value_name = "ID", value_parser = invariant)]
    pub(crate) invariant: Option<Invariant>,
    /// Where to write the playbook; standard output by default
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct PlayArgs {
    #[command(flatten)]
    pub(crate) what: What,
    /// A seed to use instead of the playbook's
    #[arg(long, value_parser = seed)]
    pub(crate) seed: Option<u64>,
    /// Open the page just after this event, or at this time; by default after the event that fails
    #[arg(long, value_name = "EVENT|TIME", value_parser = instant)]
    pub(crate) at: Option<Instant>,
    /// The address of the page; by default web/index.html here or in a parent folder
    #[arg(long, value_name = "URL")]
    pub(crate) page: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    /// In Chinese
    #[arg(long)]
    pub(crate) zh: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DigestArgs {
    #[command(flatten)]
    pub(crate) what: What,
    /// Print a digest for each of these seeds, both ends included
    #[arg(long, value_name = "A..B")]
    pub(crate) seeds: Option<Seeds>,
}

fn rule(text: &str) -> Result<Rule, String> {
    Rule::named(text).ok_or_else(|| {
        format!("There is no rule “{text}”. All of them are listed by: raftlab rules.")
    })
}

fn feature(text: &str) -> Result<Feature, String> {
    let found = Feature::ALL.into_iter().find(|known| known.name() == text);
    found.ok_or_else(|| {
        let names = Feature::ALL.map(Feature::name).join(", ");
        format!("There is no feature “{text}”. Write one of: {names}.")
    })
}

fn invariant(text: &str) -> Result<Invariant, String> {
    let found = Invariant::ALL.into_iter().find(|known| known.id() == text);
    found.ok_or_else(|| {
        let ids = Invariant::ALL.map(Invariant::id).join(", ");
        format!("There is no invariant “{text}”. Write one of: {ids}.")
    })
}

fn seed(text: &str) -> Result<u64, String> {
    crate::seeds::one(text)
}

fn instant(text: &str) -> Result<Instant, String> {
    if let Ok(event) = text.parse() {
        return Ok(Instant::Event(event));
    }
    let time = text.parse().map(Instant::Time);
    time.map_err(|_| {
        "Write the number of an event, such as 120, or a time, such as 1.5s.".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    /// Every page of the help, that of `raftlab` itself first.
    fn pages() -> Vec<clap::Command> {
        let command = Arguments::command();
        let mut pages = vec![command.clone()];
        pages.extend(command.get_subcommands().cloned());
        pages
    }

    /// Examples and tables are laid out by hand and fit into 80 columns; a paragraph is one line, which
    /// the terminal wraps. Wrapped by hand it would be wrapped twice.
    #[test]
    fn the_help_is_even_at_any_width() {
        let mut paragraphs = 0;
        for page in pages() {
            let texts = [page.get_about(), page.get_after_help()];
            for text in texts.into_iter().flatten().map(ToString::to_string) {
                for block in text.split("\n\n") {
                    let mut lines = block.lines();
                    if lines.clone().next().is_some_and(|line| line.ends_with(':')) {
                        assert!(lines.all(|line| line.chars().count() <= 80), "{block}");
                    } else {
                        paragraphs += 1;
                        assert_eq!(lines.count(), 1, "{block}");
                    }
                }
            }
        }
        assert!(paragraphs >= 20, "only {paragraphs} paragraphs were found");
    }

    /// What the help has in quotes of the language, the language has.
    #[test]
    fn the_help_speaks_of_words_that_there_are() {
        let tables = raft_play::reference::tables();
        let forms = tables.iter().flat_map(|table| &table.rows);
        let forms = forms.flat_map(|row| &row.forms);
        let verbs: Vec<&str> = forms.filter_map(|form| form.split(' ').next()).collect();
        let others = [
            "raftlab", "chaos", "merge", "held", "asked", "revealed", "any", "--copies", "-", "#",
        ];
        let mut words = 0;
        for page in pages().iter().filter(|page| page.get_name() != "playbooks") {
            let texts = [page.get_about(), page.get_after_help()];
            for text in texts.into_iter().flatten().map(ToString::to_string) {
                for quoted in text.split('`').skip(1).step_by(2) {
                    let word = quoted.split(' ').next().unwrap_or_default();
                    words += 1;
                    assert!(verbs.contains(&word) || others.contains(&word), "{quoted}");
                }
            }
        }
        assert!(words >= 8, "only {words} were found");
    }

    #[test]
    fn an_instant_is_an_event_or_a_time() {
        assert_eq!(instant("12"), Ok(Instant::Event(12)));
        assert_eq!(instant("12ms"), Ok(Instant::Time(Micros::from_millis(12))));
        assert!(instant("twelve").is_err());
    }
}
