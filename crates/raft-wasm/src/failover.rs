//! How long clusters are without a leader, trial by trial, while a new run is set up.

use js_sys::{Float64Array, Uint8Array};
use raft_play::failover::{self, Failover};
use wasm_bindgen::prelude::wasm_bindgen;

/// Trials in a row, in columns.
#[wasm_bindgen(getter_with_clone)]
pub struct FailoverColumns {
    /// From the crash until another server led, in microseconds; -1 if none did in time, -2 if the leader
    /// was deposed before it could crash.
    pub leaderless: Float64Array,
    /// 1 where the first election had no winner.
    pub split: Uint8Array,
}

/// Plays `count` trials, whose seeds begin with `seed`, of the cluster that `header` describes; none if
/// that cannot be read.
#[wasm_bindgen]
#[must_use]
pub fn failovers(header: &str, seed: u32, count: u32) -> Option<FailoverColumns> {
    let seeds = seed..seed.saturating_add(count);
    let trials: Vec<Failover> = seeds
        .map(|seed| failover::failover(header, u64::from(seed)))
        .collect::<Result<_, _>>()
        .ok()?;
    let columns = trials.iter().map(|trial| match trial {
        Failover::Deposed => (-2.0, 0),
        Failover::Crashed {
            leaderless,
            is_split,
        } => {
            let at = leaderless.map_or(-1.0, |at| super::lab::float(at.0));
            (at, u8::from(*is_split))
        }
    });
    let (leaderless, split): (Vec<f64>, Vec<u8>) = columns.unzip();
    Some(FailoverColumns {
        leaderless: Float64Array::from(leaderless.as_slice()),
        split: Uint8Array::from(split.as_slice()),
    })
}

/// The playbook of one of these trials.
#[wasm_bindgen(js_name = failoverText)]
#[must_use]
pub fn failover_text(header: &str, seed: u32) -> Option<String> {
    failover::text(header, u64::from(seed)).ok()
}
