//! `raftlab merge`: adds up the shards of a sweep.

use std::io::Write;
use std::path::PathBuf;

use crate::arguments::MergeArgs;
use crate::output::{Stop, Verdict, counted, heard, red};
use crate::seeds::Seeds;
use crate::subject::{command, read_at_most};
use crate::sweep::Record;

/// The most bytes of a file of lines.
const FILE_BYTES_MAX: usize = 256 * 1024 * 1024;

pub(crate) fn execute(args: &MergeArgs) -> Result<Verdict, Stop> {
    let records = records(&args.files)?;
    let (sums, missing) = summed(records)?;
    heard(print(&sums, &missing))?;
    let passed = sums.iter().all(|sum| sum.verdict() == Verdict::Passed);
    Ok(if passed && missing.is_empty() {
        Verdict::Passed
    } else {
        Verdict::Failed
    })
}

fn print(sums: &[Record], missing: &[Seeds]) -> Result<(), Stop> {
    let mut out = anstream::stdout().lock();
    for sum in sums {
        write!(out, "{}", sum.summary())?;
    }
    let (Some(sum), false) = (sums.first(), missing.is_empty()) else {
        return Ok(());
    };
    let seeds: u64 = missing.iter().map(|seeds| seeds.count()).sum();
    writeln!(out, "{}: {}", red("missing"), counted(seeds, "seed"))?;
    for seeds in missing {
        let again = command("sweep", &sum.sweep, &format!("--all --seeds {seeds}"));
        writeln!(out, "  {again}")?;
    }
    Ok(())
}

/// All lines of the files with their places, by the first seed.
fn records(files: &[PathBuf]) -> Result<Vec<(Record, String)>, Stop> {
    let mut records: Vec<(Record, String)> = Vec::new();
    for path in files {
        for (number, line) in (1..).zip(read_at_most(FILE_BYTES_MAX, path)?.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            let place = format!("{}:{number}", path.display());
            let record = record(line, &place)?;
            records.push((record, place));
        }
    }
    records.sort_by_key(|(record, _)| record.from);
    Ok(records)
}

/// What follows without a gap added up, and the gaps.
fn summed(records: Vec<(Record, String)>) -> Result<(Vec<Record>, Vec<Seeds>), Stop> {
    let mut records = records.into_iter();
    let Some((mut sum, mut place)) = records.next() else {
        return Err(Stop::BadInput(
            "These files are empty. Write them with: raftlab sweep … --shard I/N > FILE."
                .to_owned(),
        ));
    };
    let (mut sums, mut missing) = (Vec::new(), Vec::new());
    missing.extend(gap(sum.first, sum.from));
    for (record, other) in records {
        if !sum.is_like(&record) {
            return Err(Stop::BadInput(format!(
                "{other} is from a different sweep than {place}: {} --seeds {}..{}, not {} --seeds \
                 {}..{}. Merge the shards of one sweep.",
                record.sweep, record.first, record.last, sum.sweep, sum.first, sum.last
            )));
        }
        if record.from <= sum.to {
            return Err(Stop::BadInput(format!(
                "{other} repeats seed {}, after {place}. Name each file once.",
                record.from
            )));
        }
        place = other;
        if let Some(gap) = gap(sum.to + 1, record.from) {
            missing.push(gap);
            sums.push(std::mem::replace(&mut sum, record));
        } else {
            sum.add(record);
        }
    }
    missing.extend(gap(sum.to + 1, sum.last + 1));
    sums.push(sum);
    Ok((sums, missing))
}

/// The seeds from `from` to before `to`, if there are any.
fn gap(from: u64, to: u64) -> Option<Seeds> {
    (from < to).then(|| Seeds {
        first: from,
        last: to - 1,
    })
}

fn record(line: &str, place: &str) -> Result<Record, Stop> {
    let record: Record = serde_json::from_str(line).map_err(|error| {
        Stop::BadInput(format!(
            "{place}:{}: This is not a line of raftlab sweep --shard ({error}). Play the shard again.",
            error.column()
        ))
    })?;
    record.check().map_err(|what| {
        Stop::BadInput(format!(
            "{place}: The file is damaged: {what}. Play the shard again."
        ))
    })?;
    Ok(record)
}
