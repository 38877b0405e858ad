//! `raftlab test`: every playbook below some paths.

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use raft_core::RuleSet;
use raft_sim::run::Stage;

use crate::arguments::TestArgs;
use crate::output::{Stop, Verdict, counted, dim, green, heard, red};
use crate::parallel::{Job, NEEDED_MAX, in_order};
use crate::progress::Progress;
use crate::seeds::Seeds;
use crate::subject::{Problem, STANDARD_INPUT, Subject};
use crate::{failure, interrupt};

/// The suffix of playbooks.
const SUFFIX: &str = "raft";

/// How many seeds of a failing playbook, and how many unfinished playbooks, are named.
const NAMED_MAX: usize = 12;

/// A file to be tested. It is read when its turn comes and forgotten after it, so that many files
/// need no more memory than one.
struct File {
    path: PathBuf,
    bytes: u64,
    /// The playbook in it, or why it is none.
    subject: OnceLock<Result<Subject, Stop>>,
}

/// A file with one seed; with the playbook's own, if `None`.
struct Trial {
    file: Arc<File>,
    seed: Option<u64>,
}

/// What has come of it; nothing, if the file cannot be read.
struct Tried {
    file: Arc<File>,
    played: Option<Played>,
}

struct Played {
    seed: u64,
    events: u64,
    held: u64,
    problem: Option<Problem>,
}

/// What has come of a playbook so far.
#[derive(Default)]
struct Tally {
    played: u64,
    events: u64,
    held: u64,
    failures: Vec<(u64, Problem)>,
}

impl File {
    fn new(path: PathBuf) -> Self {
        Self {
            bytes: bytes(&path),
            path,
            subject: OnceLock::new(),
        }
    }

    fn subject(&self) -> &Result<Subject, Stop> {
        let read = || Subject::file(&self.path, RuleSet::EMPTY);
        self.subject.get_or_init(read)
    }

    fn is_unreadable(&self) -> bool {
        matches!(self.subject.get(), Some(Err(_)))
    }
}

impl Job for Trial {
    type Result = Tried;

    fn needs(&self) -> u64 {
        self.file.bytes
    }

    fn run(self) -> Option<Tried> {
        if interrupt::is_asked() {
            return None;
        }
        let played = match self.file.subject() {
            Err(_) => None,
            Ok(subject) => {
                let seed = self.seed.unwrap_or_else(|| subject.own_seed());
                let played = subject.play(seed)?;
                Some(Played {
                    seed,
                    events: played.trial.world().event_count(),
                    held: played.held,
                    problem: played.problem.or_else(|| subject.unproven(seed)),
                })
            }
        };
        Some(Tried {
            file: self.file,
            played,
        })
    }
}

pub(crate) fn execute(args: &TestArgs) -> Result<Verdict, Stop> {
    let paths = paths(args)?;
    let seeds = args.seeds.map_or(1, Seeds::count);
    let mut report = Report {
        progress: Progress::counting(seeds.saturating_mul(paths.len() as u64), "runs"),
        seeds,
        passed: 0,
        failed: 0,
        unreadable: 0,
        held: 0,
        tells_all: std::io::stdout().is_terminal(),
        unfinished: paths.clone(),
    };
    let files = paths.into_iter().map(|path| Arc::new(File::new(path)));
    let jobs = files.flat_map(|file| trials(file, args.seeds));
    interrupt::keep_what_is_found();
    let mut current: Option<(Arc<File>, Tally)> = None;
    in_order(jobs, |tried| {
        report.progress.one_more();
        let (_, tally) = match &mut current {
            Some((file, tally)) if Arc::ptr_eq(file, &tried.file) => (file, tally),
            _ => {
                if let Some((file, tally)) = current.take() {
                    report.file(&file, &tally)?;
                }
                let (file, tally) = current.insert((tried.file, Tally::default()));
                (file, tally)
            }
        };
        if let Some(played) = tried.played {
            if let Some(problem) = &played.problem {
                let (seed, kind) = (played.seed, problem.kind());
                report.progress.say(format!("seed {seed}: {kind}"));
            }
            tally.add(played);
        }
        Ok::<bool, Stop>(true)
    })?;
    if let Some((file, tally)) = current {
        report.file(&file, &tally)?;
    }
    report.end()
}

/// The file with each of these seeds, up to where it is known that it cannot be read.
fn trials(file: Arc<File>, seeds: Option<Seeds>) -> impl Iterator<Item = Trial> {
    let own = seeds.is_none().then_some(None);
    let named = seeds.into_iter().flat_map(|seeds| seeds.first..=seeds.last);
    let all = own.into_iter().chain(named.map(Some));
    let mut is_begun = false;
    all.map_while(move |seed| {
        let goes_on = !is_begun || !file.is_unreadable();
        is_begun = true;
        goes_on.then(|| Trial {
            file: Arc::clone(&file),
            seed,
        })
    })
}

impl Tally {
    fn add(&mut self, played: Played) {
        self.played += 1;
        self.events += played.events;
        self.held += played.held;
        let problem = played.problem.map(|problem| (played.seed, problem));
        self.failures.extend(problem);
    }
}

struct Report {
    progress: Progress,
    /// With how many seeds each file is played.
    seeds: u64,
    passed: u64,
    failed: u64,
    /// How many of those failed because they cannot be read.
    unreadable: u64,
    /// How many expectations held in those that passed.
    held: u64,
    tells_all: bool,
    /// Those of which nothing has been said.
    unfinished: Vec<PathBuf>,
}

impl Report {
    /// Says what has come of a file. Some of its seeds can say that it fails; only all of them, that
    /// it passes.
    fn file(&mut self, file: &File, tally: &Tally) -> Result<(), Stop> {
        let text = match file.subject() {
            Err(Stop::BadInput(words)) => {
                self.failed += 1;
                self.unreadable += 1;
                format!("{} {words}\n", red("FAIL"))
            }
            Ok(subject) if !tally.failures.is_empty() => {
                self.failed += 1;
                failed(subject, tally)
            }
            Ok(subject) if tally.played == self.seeds => {
                self.passed += 1;
                self.held += tally.held;
                if let Some(words) = subject.warning() {
                    self.progress.above(|| anstream::eprintln!("{words}"));
                }
                if self.tells_all {
                    passed(subject, tally)
                } else {
                    String::new()
                }
            }
            Ok(_) | Err(_) => return Ok(()),
        };
        self.unfinished.retain(|path| *path != file.path);
        let print = || write!(anstream::stdout(), "{text}");
        heard(self.progress.above(print).map_err(Stop::from))
    }

    fn end(&self) -> Result<Verdict, Stop> {
        self.progress.end();
        let (passed, failed) = (self.passed, self.failed);
        let words = format!("{passed} passed, {failed} failed");
        let words = if failed > 0 { red(words) } else { green(words) };
        let held = match self.held {
            0 => String::new(),
            held => format!("; {} held", counted(held, "expectation")),
        };
        let printed = writeln!(anstream::stdout(), "{words}{held}");
        heard(printed.map_err(Stop::from))?;
        if !self.unfinished.is_empty() {
            let named = self.unfinished.iter().take(NAMED_MAX);
            let named: Vec<String> = named.map(|path| path.display().to_string()).collect();
            let all = passed + failed + self.unfinished.len() as u64;
            anstream::eprintln!(
                "interrupted after {} of {}; not finished: {}{}",
                passed + failed,
                counted(all, "playbook"),
                named.join(" "),
                and_more(self.unfinished.len())
            );
            return Ok(Verdict::Interrupted);
        }
        Ok(if self.unreadable > 0 {
            Verdict::Unreadable
        } else if failed > 0 {
            Verdict::Failed
        } else {
            Verdict::Passed
        })
    }
}

/// The line of a playbook that passes.
fn passed(subject: &Subject, tally: &Tally) -> String {
    let mut words = counted(tally.events, "event");
    if tally.played > 1 {
        words = format!("{} seeds, {words}", tally.played);
    }
    if tally.held > 0 {
        words = format!("{words}, {} held", counted(tally.held, "expectation"));
    }
    format!("{}   {} {}\n", green("ok"), subject.name, dim(words))
}

/// The report on a playbook that fails.
fn failed(subject: &Subject, tally: &Tally) -> String {
    let mut failures = tally.failures.iter();
    let Some((seed, problem)) = failures.next() else {
        return String::new();
    };
    let mut text = failure::report(subject, *seed, problem);
    let others: Vec<String> = failures.map(|(seed, _)| seed.to_string()).collect();
    if !others.is_empty() {
        let shown = others[..others.len().min(NAMED_MAX)].join(" ");
        let (failed, played, more) = (others.len() + 1, tally.played, and_more(others.len()));
        let others = format!("  {failed} of {played} seeds fail, also: {shown}{more}\n");
        text.push_str(&others);
    }
    text
}

/// What stands behind the first of so many, if not all are named.
const fn and_more(number: usize) -> &'static str {
    if number > NAMED_MAX { " …" } else { "" }
}

fn bytes(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

/// The files that the paths stand for, each once.
fn paths(args: &TestArgs) -> Result<Vec<PathBuf>, Stop> {
    let mut files = Vec::new();
    for path in &args.paths {
        find(path, &mut files)?;
    }
    // A large file may need more memory than there is, which ends the program: then the results of
    // the others are there already.
    files.sort_by_cached_key(|path| (bytes(path) > NEEDED_MAX, path.clone()));
    files.dedup();
    if files.is_empty() {
        return Err(Stop::BadInput(format!(
            "There is no file with the suffix .{SUFFIX} below {}. Name a playbook or a folder of \
             them, such as playbooks.",
            args.paths
                .iter()
                .map(|path| path.display().to_string())
                .collect::<Vec<_>>()
                .join(", ")
        )));
    }
    Ok(files)
}

/// A file that is named is taken whatever its suffix; in folders the suffix decides.
fn find(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Stop> {
    if path.as_os_str() == STANDARD_INPUT {
        files.push(path.to_owned());
        return Ok(());
    }
    let bad = |error: std::io::Error| Stop::file(path, &error);
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
