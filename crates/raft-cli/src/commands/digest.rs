//! `raftlab digest`: fingerprints of runs.

use std::io::Write;

use crate::arguments::DigestArgs;
use crate::output::{Stop, Verdict};
use crate::parallel::in_order;
use crate::seeds::Seeds;
use crate::subject::Subject;
use crate::sweep::hexadecimal;

pub(crate) fn execute(args: &DigestArgs) -> Result<Verdict, Stop> {
    let subject = Subject::of(&args.what)?;
    let mut out = anstream::stdout().lock();
    let name = &subject.name;
    let Some(Seeds { first, last }) = args.seeds else {
        let (run, _) = subject.run(subject.own_seed())?;
        writeln!(out, "{}  {name}", hexadecimal(run.digest()))?;
        return Ok(Verdict::Passed);
    };
    let digest = |seed| Ok((seed, subject.run(seed)?.0.digest()));
    in_order(first..=last, digest, |found: Result<(u64, u64), Stop>| {
        let (seed, digest) = found?;
        writeln!(out, "{}  {name} seed {seed}", hexadecimal(digest))?;
        Ok::<bool, Stop>(true)
    })?;
    Ok(Verdict::Passed)
}
