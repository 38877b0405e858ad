//! A replicated key-value store: three servers with files, each a thread.
//!
//! Run it with `cargo run -p raft-core --example kv_threads`. Clients append
//! and read without a break while each server is killed once and started from
//! its files again; at the end all of them are killed together. Nothing that
//! was acknowledged may be lost or duplicated, no read may be stale, and all
//! servers must hold the same map. Otherwise the run ends with an error.
//!
//! `server.rs` is the part to read: what a host does for a node. `store.rs`
//! makes writes durable, `machine.rs` is what is replicated, `client.rs` is who
//! asks, `cluster.rs` has the threads, and `codec.rs` the bytes.

mod client;
mod cluster;
mod codec;
mod machine;
mod server;
mod store;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use client::Client;
use cluster::Cluster;
use server::{COMPACT_AFTER, Look};

const SERVERS: u16 = 3;
const CLIENTS: u64 = 3;

/// How many commands are acknowledged before each outage, and during it: so
/// many that the others have compacted what the dead server lacks.
const STRETCH: u64 = 3 * COMPACT_AFTER;

/// How many commands each client has applied.
const COMMANDS: u64 = STRETCH * (2 * SERVERS as u64 + 1) / CLIENTS;

/// When the run has failed. It takes a few seconds, most of them the disk's.
const PATIENCE: Duration = Duration::from_secs(60);

type Failure = Box<dyn std::error::Error + Send + Sync>;

pub(crate) fn main() -> Result<(), Failure> {
    let folder = Folder::new()?;
    let begin = Instant::now();
    let outcome = run(&folder.0, begin + PATIENCE)?;
    println!(
        "{} commands acknowledged, {SERVERS} servers killed and restarted, \
         {} snapshots installed, at most {} entries in a log, {:.1} s",
        CLIENTS * COMMANDS,
        outcome.snapshots_loaded,
        outcome.entries_kept,
        begin.elapsed().as_secs_f64(),
    );
    Ok(())
}

/// What is worth telling of a run that went well.
struct Outcome {
    snapshots_loaded: usize,
    entries_kept: usize,
}

fn run(folder: &Path, deadline: Instant) -> Result<Outcome, Failure> {
    let mut cluster = Cluster::start(SERVERS, folder.to_path_buf())?;
    let (sender, acknowledged) = channel();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let client = Client {
                number,
                servers: cluster.ids.clone(),
                network: Arc::clone(&cluster.network),
                deadline,
                next: 0,
            };
            let sender = sender.clone();
            thread::spawn(move || client.run(COMMANDS, &sender))
        })
        .collect();
    drop(sender);
    let outages = outages(&mut cluster, &acknowledged);
    // What a client has to say comes first: it knows why it stopped asking.
    for client in clients {
        client.join().map_err(|_| "a client panicked")??;
    }
    outages?;
    let settled = agree(&cluster, deadline)?;
    let snapshots_loaded = settled.iter().map(|look| look.snapshots_loaded).sum();
    let entries_kept = settled.iter().map(|look| look.entries_kept).max();

    // All at once: what is left is what the disks hold.
    for id in cluster.ids.clone() {
        cluster.kill(id)?;
    }
    for id in cluster.ids.clone() {
        cluster.revive(id)?;
    }
    agree(&cluster, deadline)?;
    for id in cluster.ids.clone() {
        cluster.kill(id)?;
    }
    if snapshots_loaded == 0 {
        return Err("no server was brought up to date by a snapshot".into());
    }
    Ok(Outcome {
        snapshots_loaded,
        entries_kept: entries_kept.unwrap_or_default(),
    })
}

/// Kills each server in turn, and starts it again when the others are far ahead.
fn outages(cluster: &mut Cluster, acknowledged: &Receiver<()>) -> Result<(), Failure> {
    for id in cluster.ids.clone() {
        wait_for(acknowledged, STRETCH)?;
        cluster.kill(id)?;
        wait_for(acknowledged, STRETCH)?;
        cluster.revive(id)?;
    }
    Ok(())
}

/// Waits until so many more commands are acknowledged.
fn wait_for(acknowledged: &Receiver<()>, commands: u64) -> Result<(), Failure> {
    for _ in 0..commands {
        acknowledged
            .recv_timeout(PATIENCE)
            .map_err(|_| "the clients get no answers")?;
    }
    Ok(())
}

/// Waits until every server holds the map that was acknowledged, and nothing
/// else: a follower learns what is committed with the next heartbeat.
fn agree(cluster: &Cluster, deadline: Instant) -> Result<Vec<Look>, Failure> {
    let all = client::expected(COMMANDS);
    let expected: BTreeMap<_, _> = (0..CLIENTS)
        .map(|number| (client::key(number), all.clone()))
        .collect();
    loop {
        let looks = cluster.look().ok_or("a server has died")?;
        let same = |look: &Look| look.last_applied == looks[0].last_applied;
        if looks.iter().all(|look| look.map == expected && same(look)) {
            return Ok(looks);
        }
        if Instant::now() > deadline {
            return Err(format!("the servers do not agree on {expected:?}: {looks:?}").into());
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// A folder that is deleted in the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Self> {
        let name = format!("raft-core-kv-threads-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind is a nuisance and no failure.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
