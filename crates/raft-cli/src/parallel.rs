//! Many independent jobs on all cores, with their results in order.
//!
//! The jobs run on other threads than the one that takes their results. So a result is taken as soon
//! as those before it are, whatever else still runs, and after a signal all that has finished is
//! taken, without waiting for a job that has not.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::interrupt;

/// How many jobs each core is given in advance: enough that it never waits for the next.
const JOBS_A_CORE: usize = 16;
/// How many results are kept until one before them has come.
const WAITING_MAX: u64 = 100_000;
/// How often it is looked for a signal.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long jobs may take to end after a signal: most of them look for it every few milliseconds.
const LAST_WAIT: Duration = Duration::from_millis(300);
/// The most that all running jobs may need. One that needs more runs when all before it have ended.
pub(crate) const NEEDED_MAX: u64 = 4 * 1024 * 1024;

/// What a job is for.
pub(crate) trait Job: Send + 'static {
    /// What comes of it.
    type Result: Send + 'static;

    /// How much memory it needs, in bytes of text that it reads: large ones run one after the other.
    fn needs(&self) -> u64 {
        0
    }

    /// Does it; `None` if it was interrupted.
    fn run(self) -> Option<Self::Result>;
}

/// Runs all jobs and gives `take` their results in the order of the jobs, until it returns `false`.
/// Results after that are discarded, so that what is taken does not depend on the number of cores.
/// After a signal, jobs that have not finished are passed over.
pub(crate) fn in_order<J: Job, E>(
    jobs: impl Iterator<Item = J>,
    mut take: impl FnMut(J::Result) -> Result<bool, E>,
) -> Result<(), E> {
    let mut pool = Pool::new();
    let mut jobs = jobs.peekable();
    while !interrupt::is_asked() {
        while pool.has_room(&mut jobs)
            && let Some(job) = jobs.next()
        {
            pool.start(job);
        }
        if pool.running == 0 {
            break;
        }
        pool.wait(LOOK_EVERY);
        for result in pool.next_in_order() {
            if !take(result)? {
                return Ok(());
            }
        }
    }
    let last = Instant::now() + LAST_WAIT;
    while pool.running > 0 && Instant::now() < last {
        pool.wait(LOOK_EVERY);
    }
    for result in pool.results.into_values().flatten() {
        if !take(result)? {
            break;
        }
    }
    Ok(())
}

/// The jobs that run, and the results that have come too early.
struct Pool<R> {
    sender: mpsc::Sender<(u64, u64, Option<R>)>,
    receiver: mpsc::Receiver<(u64, u64, Option<R>)>,
    /// By the number of their job.
    results: BTreeMap<u64, Option<R>>,
    /// How many jobs were started, and the results of how many were given away.
    started: u64,
    given: u64,
    running: usize,
    needed: u64,
}

impl<R: Send + 'static> Pool<R> {
    fn new() -> Self {
        let (sender, receiver) = mpsc::channel();
        Self {
            sender,
            receiver,
            results: BTreeMap::new(),
            started: 0,
            given: 0,
            running: 0,
            needed: 0,
        }
    }

    fn has_room<J: Job>(&self, jobs: &mut std::iter::Peekable<impl Iterator<Item = J>>) -> bool {
        let in_advance = rayon::current_num_threads().max(1) * JOBS_A_CORE;
        if self.running == 0 {
            return true;
        }
        self.running < in_advance
            && self.started - self.given < WAITING_MAX
            && (jobs.peek()).is_some_and(|job| {
                job.needs() == 0 || self.needed.saturating_add(job.needs()) <= NEEDED_MAX
            })
    }

    fn start<J: Job<Result = R>>(&mut self, job: J) {
        let (number, needs) = (self.started, job.needs());
        let sender = self.sender.clone();
        self.started += 1;
        self.running += 1;
        self.needed += needs;
        rayon::spawn(move || {
            // Nobody may be there any more to hear of it.
            let _ = sender.send((number, needs, job.run()));
        });
    }

    /// Waits for a result, but not for long, and takes all that have come.
    fn wait(&mut self, at_most: Duration) {
        let mut come = self.receiver.recv_timeout(at_most).ok();
        while let Some((number, needs, result)) = come {
            self.running -= 1;
            self.needed -= needs;
            self.results.insert(number, result);
            come = self.receiver.try_recv().ok();
        }
    }

    /// The results that come next in the order of the jobs.
    fn next_in_order(&mut self) -> Vec<R> {
        let mut next = Vec::new();
        while let Some(result) = self.results.remove(&self.given) {
            self.given += 1;
            next.extend(result);
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::thread;

    use super::*;

    struct Double(u64);

    impl Job for Double {
        type Result = u64;

        fn needs(&self) -> u64 {
            // Some are too large to run beside others.
            self.0 % 7 * 3 * 1024 * 1024
        }

        fn run(self) -> Option<u64> {
            // None that is passed over keeps the others from coming.
            (self.0 != 5).then_some(self.0 * 2)
        }
    }

    static NEEDED: AtomicU64 = AtomicU64::new(0);

    /// Says how much all that run at the same time need.
    struct Large(u64);

    impl Job for Large {
        type Result = u64;

        fn needs(&self) -> u64 {
            self.0
        }

        fn run(self) -> Option<u64> {
            let needed = NEEDED.fetch_add(self.0, Ordering::SeqCst) + self.0;
            thread::sleep(Duration::from_millis(2));
            NEEDED.fetch_sub(self.0, Ordering::SeqCst);
            Some(needed)
        }
    }

    #[test]
    fn large_jobs_run_one_after_the_other() {
        let sizes = [3, 3, 3, 9, 1, 5, 9, 9, 2, 8, 1].map(|mega| mega << 20);
        let mut place = 0;
        let done: Result<(), ()> = in_order(sizes.into_iter().map(Large), |needed| {
            let most = NEEDED_MAX.max(sizes[place]);
            assert!(needed <= most, "{needed} at {place}");
            place += 1;
            Ok(true)
        });
        assert_eq!((done, place), (Ok(()), sizes.len()));
    }

    #[test]
    fn results_come_in_the_order_of_the_jobs_and_end_where_asked() {
        let mut taken = Vec::new();
        let done: Result<(), ()> = in_order((0..1000).map(Double), |result| {
            taken.push(result);
            Ok(result < 700)
        });
        assert_eq!(done, Ok(()));
        let expected = (0..=350).filter(|job| *job != 5).map(|job| job * 2);
        assert_eq!(taken, expected.collect::<Vec<_>>());
    }
}
