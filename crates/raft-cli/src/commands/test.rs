//! `raftlab test`: every playbook below some paths.

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use raft_core::RuleSet;
use raft_sim::run::Stage;

use crate::arguments::TestArgs;
use crate::output::{Stop, Verdict, counted, dim, green, heard, red};
use crate::parallel::in_order;
use crate::seeds::Seeds;
use crate::subject::{Problem, STANDARD_INPUT, Subject, at_line, read};
use crate::{failure, interrupt};

/// The suffix of playbooks.
const SUFFIX: &str = "raft";

/// How many seeds of a failing playbook are named.
const SEEDS_SHOWN: usize = 12;

/// A playbook, or why it is none.
struct Tested {
    subject: Result<Subject, String>,
    seeds: Seeds,
}

/// What has come of a playbook so far.
#[derive(Default)]
struct Tally {
    played: u64,
    events: u64,
    failures: Vec<(u64, Problem)>,
}

pub(crate) fn execute(args: &TestArgs) -> Result<Verdict, Stop> {
    let all = tested(args)?;
    let jobs = all.iter().enumerate().flat_map(|(place, tested)| {
        let Seeds { first, last } = tested.seeds;
        (first..=last).map(move |seed| (place, seed))
    });
    let play = |(place, seed): (usize, u64)| {
        if interrupt::is_asked() {
            return (place, None);
        }
        let Ok(subject) = &all[place].subject else {
            return (place, Some(None));
        };
        let played = subject.play(seed).map(|played| {
            let events = played.trial.world().event_count();
            Some((seed, events, played.problem))
        });
        (place, played)
    };
    interrupt::keep_what_is_found();
    let mut report = Report {
        passed: 0,
        failed: 0,
        unreadable: 0,
        tells_all: std::io::stdout().is_terminal(),
    };
    let (mut current, mut tally) = (0, Tally::default());
    let mut is_cut_short = false;
    in_order(jobs, play, |(place, played)| {
        let Some(played) = played else {
            is_cut_short = true;
            return Ok::<bool, Stop>(false);
        };
        if place != current {
            heard(report.file(&all[current], &tally))?;
            (current, tally) = (place, Tally::default());
        }
        tally.played += 1;
        if let Some((seed, events, problem)) = played {
            tally.events += events;
            tally
                .failures
                .extend(problem.map(|problem| (seed, problem)));
        }
        Ok(true)
    })?;
    if let Some(last) = all.get(current)
        // Some of its seeds say that it fails; only all of them say that it passes.
        && (tally.played == last.seeds.count() || !tally.failures.is_empty())
    {
        heard(report.file(last, &tally))?;
    }
    heard(report.end())?;
    if is_cut_short {
        let played = report.passed + report.failed;
        anstream::eprintln!(
            "interrupted after {played} of {}",
            counted(all.len() as u64, "playbook")
        );
        return Ok(Verdict::Interrupted);
    }
    Ok(report.verdict())
}

struct Report {
    passed: u64,
    failed: u64,
    /// How many of those failed because they cannot be read.
    unreadable: u64,
    tells_all: bool,
}

impl Report {
    fn file(&mut self, tested: &Tested, tally: &Tally) -> Result<(), Stop> {
        let mut out = anstream::stdout().lock();
        let subject = match &tested.subject {
            Ok(subject) => subject,
            Err(words) => {
                self.failed += 1;
                self.unreadable += 1;
                writeln!(out, "{} {words}", red("FAIL"))?;
                return Ok(());
            }
        };
        let Some((seed, problem)) = tally.failures.first() else {
            self.passed += 1;
            if self.tells_all {
                let (name, events) = (&subject.name, counted(tally.events, "event"));
                let runs = match tally.played {
                    1 => String::new(),
                    played => format!("{played} seeds, "),
                };
                writeln!(
                    out,
                    "{}   {name} {}",
                    green("ok"),
                    dim(format_args!("{runs}{events}"))
                )?;
            }
            return Ok(());
        };
        self.failed += 1;
        write!(out, "{}", failure::report(subject, *seed, problem))?;
        let others: Vec<String> = tally
            .failures
            .iter()
            .skip(1)
            .map(|(seed, _)| seed.to_string())
            .collect();
        if !others.is_empty() {
            let shown = others
                .iter()
                .take(SEEDS_SHOWN)
                .cloned()
                .collect::<Vec<_>>()
                .join(" ");
            let more = if others.len() > SEEDS_SHOWN {
                " …"
            } else {
                ""
            };
            let (failed, played) = (others.len() + 1, tally.played);
            writeln!(
                out,
                "  {failed} of {played} seeds fail, also: {shown}{more}"
            )?;
        }
        Ok(())
    }

    fn end(&self) -> Result<(), Stop> {
        let mut out = anstream::stdout().lock();
        let words = format!("{} passed, {} failed", self.passed, self.failed);
        if self.failed > 0 {
            writeln!(out, "{}", red(words))?;
        } else {
            writeln!(out, "{}", green(words))?;
        }
        Ok(())
    }

    fn verdict(&self) -> Verdict {
        if self.unreadable > 0 {
            Verdict::Unreadable
        } else if self.failed > 0 {
            Verdict::Failed
        } else {
            Verdict::Passed
        }
    }
}

/// Reads all playbooks below the paths. One that cannot be read fails, but must not keep the rest
/// from being played.
fn tested(args: &TestArgs) -> Result<Vec<Tested>, Stop> {
    let mut files = Vec::new();
    for path in &args.paths {
        find(path, &mut files)?;
    }
    files.sort();
    files.dedup();
    if files.is_empty() {
        return Err(Stop::BadInput(format!(
            "there is no file with the suffix .{SUFFIX} below {}. Name a playbook or a folder of \
             them, such as playbooks.",
            args.paths
                .iter()
                .map(|path| path.display().to_string())
                .collect::<Vec<_>>()
                .join(", ")
        )));
    }
    let all = files.iter().map(|path| {
        let subject = match subject(path) {
            Err(Stop::BadInput(words)) => Err(words),
            read => Ok(read?),
        };
        if let Ok(subject) = &subject
            && subject.does_nothing()
        {
            let name = &subject.name;
            anstream::eprintln!("warning: {name}: this playbook does nothing");
        }
        let only = |seed| Seeds {
            first: seed,
            last: seed,
        };
        let seeds = match (args.seeds, &subject) {
            (Some(seeds), Ok(_)) => seeds,
            (None, Ok(subject)) => only(subject.own_seed()),
            (_, Err(_)) => only(0),
        };
        Ok(Tested { subject, seeds })
    });
    all.collect()
}

fn subject(path: &Path) -> Result<Subject, Stop> {
    let name = path.display().to_string();
    let subject = Subject::playbook(&name, read(path)?, RuleSet::EMPTY);
    subject.map_err(|error| Stop::BadInput(at_line(&name, &error)))
}

/// A file that is named is taken whatever its suffix; in folders the suffix decides.
fn find(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Stop> {
    if path.as_os_str() == STANDARD_INPUT {
        files.push(path.to_owned());
        return Ok(());
    }
    let bad = |error: std::io::Error| Stop::BadInput(format!("{}: {error}", path.display()));
    if !fs::metadata(path).map_err(bad)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(bad)? {
            let entry = entry.map_err(bad)?;
            let path = entry.path();
            // A link to a folder is not followed, since it may lead back here.
            if entry.file_type().map_err(bad)?.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|suffix| suffix == SUFFIX)
                // A pipe without a writer would block forever.
                && !fs::metadata(&path).is_ok_and(|found| !found.is_file())
            {
                files.push(path);
            }
        }
    }
    Ok(())
}
