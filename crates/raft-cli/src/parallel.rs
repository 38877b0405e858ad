//! Many independent jobs on all cores, with their results in order.

use rayon::prelude::*;

/// How many jobs each core is given at a time: few enough that results come soon, and enough
/// that no core waits long for the others.
const JOBS_A_CORE: usize = 16;

/// Runs `work` for each of `jobs` and gives `take` the results in the order of the jobs, until
/// it returns `false`. Results after that are discarded, so that what is taken
/// does not depend on the number of cores.
pub(crate) fn in_order<J: Send, R: Send, E>(
    jobs: impl Iterator<Item = J>,
    work: impl Fn(J) -> R + Sync,
    mut take: impl FnMut(R) -> Result<bool, E>,
) -> Result<(), E> {
    let mut jobs = jobs.peekable();
    let size = rayon::current_num_threads().max(1) * JOBS_A_CORE;
    while jobs.peek().is_some() {
        let some: Vec<J> = jobs.by_ref().take(size).collect();
        let results: Vec<R> = some.into_par_iter().map(&work).collect();
        for result in results {
            if !take(result)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_jobs_and_end_where_asked() {
        let mut taken = Vec::new();
        let done: Result<(), ()> = in_order(
            0..1000u64,
            |job| job * 2,
            |result| {
                taken.push(result);
                Ok(result < 700)
            },
        );
        assert_eq!(done, Ok(()));
        assert_eq!(taken, (0..=350).map(|job| job * 2).collect::<Vec<_>>());
    }
}
