//! `raftlab digest`: fingerprints of runs.

use std::io::Write;
use std::sync::Arc;

use crate::arguments::DigestArgs;
use crate::output::{Stop, Verdict, counted, heard};
use crate::parallel::{Job, in_order};
use crate::progress::Progress;
use crate::seeds::Seeds;
use crate::subject::Subject;
use crate::sweep::hexadecimal;
use crate::{failure, interrupt};

/// A run to take the fingerprint of.
struct Run {
    subject: Arc<Subject>,
    seed: u64,
}

/// Its fingerprint, and what failed in it: what it is of ends there.
struct Digested {
    seed: u64,
    digest: u64,
    failure: Option<String>,
}

impl Job for Run {
    type Result = Result<Digested, Stop>;

    fn run(self) -> Option<Self::Result> {
        let Self { subject, seed } = self;
        match subject.run(seed) {
            Ok((run, problem)) => Some(Ok(Digested {
                seed,
                digest: run.digest(),
                failure: problem.map(|problem| failure::told(&subject, seed, &problem)),
            })),
            Err(Stop::Interrupted) => None,
            Err(stop) => Some(Err(stop)),
        }
    }
}

pub(crate) fn execute(args: &DigestArgs) -> Result<Verdict, Stop> {
    let subject = Arc::new(Subject::of(&args.what)?);
    let own = subject.own_seed();
    let Seeds { first, last } = args.seeds.unwrap_or(Seeds {
        first: own,
        last: own,
    });
    let progress = match args.seeds {
        Some(seeds) => Progress::counting(seeds.count(), "seeds"),
        None => Progress::of(&format!("playing {}", subject.name)),
    };
    let jobs = (first..=last).map(|seed| Run {
        subject: Arc::clone(&subject),
        seed,
    });
    let mut verdict = Verdict::Passed;
    let mut done = 0;
    interrupt::keep_what_is_found();
    in_order(jobs, |digested| {
        let Digested {
            seed,
            digest,
            failure,
        } = digested?;
        progress.one_more();
        done += 1;
        let seed = args.seeds.map(|_| format!(" seed {seed}"));
        let (digest, seed) = (hexadecimal(digest), seed.unwrap_or_default());
        progress.above(|| {
            let printed = writeln!(anstream::stdout(), "{digest}  {}{seed}", subject.name);
            heard(printed.map_err(Stop::from))?;
            if let Some(failure) = failure {
                verdict = Verdict::Failed;
                anstream::eprint!("{failure}");
            }
            Ok::<bool, Stop>(true)
        })
    })?;
    progress.end();
    let seeds = last - first + 1;
    if done < seeds {
        anstream::eprintln!("interrupted after {done} of {}", counted(seeds, "seed"));
        return Ok(Verdict::Interrupted);
    }
    Ok(verdict)
}
