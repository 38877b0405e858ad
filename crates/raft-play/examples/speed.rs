//! Works on demand, for `web/tests/speed.mjs`, which gives WebAssembly the same work in turn.
//!
//! Each line of standard input says what to do: `runs COUNT FOLDER` plays so many runs of chaos
//! that the example `digests` has written, `load COUNT` a cluster that is given so many commands. The answer is `MILLISECONDS DIGEST`, of the processor
//! where the system tells; the digests show that both did the same.

use std::io::{self, BufRead};
use std::sync::LazyLock;
use std::time::Instant;
use std::{fs, thread};

fn main() -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        let line = line?;
        let mut words = line.splitn(3, ' ');
        let (work, count) = (words.next(), words.next());
        let count = count.and_then(|count| count.parse().ok()).unwrap_or(1);
        let digests: Box<dyn Fn() -> String> = match (work, words.next()) {
            (Some("runs"), Some(folder)) => {
                let files = (0..count).map(|seed| format!("{folder}/{seed}.raft"));
                let texts = files
                    .map(fs::read_to_string)
                    .collect::<Result<Vec<_>, _>>()?;
                Box::new(move || runs(&texts))
            }
            _ => Box::new(move || load(count)),
        };
        let begin = spent_ms();
        let digests = digests();
        println!("{} {digests}", spent_ms() - begin);
    }
    Ok(())
}

/// The digests of these runs.
fn runs(texts: &[String]) -> String {
    let digests: Vec<String> = texts.iter().map(|text| digest(text)).collect();
    digests.join(",")
}

/// Five servers are given a command each ten milliseconds; the digest of it.
fn load(count: u64) -> String {
    let commands = (0..count).map(|number| format!("propose leader c{number}\nrun 10ms\n"));
    let text = commands.collect::<Vec<_>>().concat();
    digest(&format!("servers 5\nseed 7\nrun 1s\n{text}"))
}

/// The digest of a run, or what is wrong with it.
fn digest(text: &str) -> String {
    raft_play::open(text).map_or_else(
        |error| error.to_string(),
        |run| format!("{:016x}", run.digest()),
    )
}

/// The milliseconds that the processor has spent on this thread, or those that have passed.
fn spent_ms() -> f64 {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    // The count is brought up to date when the processor is offered to others.
    thread::yield_now();
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = text.as_deref().and_then(|text| text.split(' ').next());
    let nanoseconds = spent.and_then(|nanoseconds| nanoseconds.parse::<f64>().ok());
    nanoseconds.map_or_else(|| BEGIN.elapsed().as_secs_f64() * 1e3, |ns| ns / 1e6)
}
