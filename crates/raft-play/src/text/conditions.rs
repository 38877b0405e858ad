//! From words to how the network is.

use raft_sim::action::{Action, ClientAction, LinkAction};
use raft_sim::delay::{Delay, SHAPE_MAX};
use raft_sim::network::labrpc::Labrpc;
use raft_sim::network::{BANDWIDTH_MAX, Model};
use raft_sim::which::Mishap;

use super::messages::{late, of_kind};
use super::verbs::unknown;
use super::{Fault, Scan, Wrong};

pub(super) fn latency(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    if scan.eat_word("clients") {
        return delay(scan).map(|it| Action::Client(ClientAction::Latency(it)));
    }
    let link = scan.one_way_link()?;
    let delay = delay(scan)?;
    Ok(Action::Link(LinkAction::Latency { link, delay }))
}

fn delay(scan: &mut Scan<'_>) -> Result<Delay, Wrong> {
    const CURVES: [&str; 3] = ["normal", "exponential", "pareto"];
    let at = scan.place();
    let word = scan.peek(char::is_alphanumeric);
    if !word.starts_with(char::is_alphabetic) {
        return scan.range().map(Delay::Even);
    }
    scan.word();
    Ok(match word {
        "normal" => {
            let mean = scan.duration()?;
            let deviation = scan.duration()?;
            Delay::Normal { mean, deviation }
        }
        "exponential" => Delay::Exponential {
            mean: scan.duration()?,
        },
        "pareto" => {
            let min = scan.duration()?;
            let at = scan.present("a shape", "形状参数")?;
            let word = scan.word();
            let shape = decimal(word, 2).filter(|shape| (1..=SHAPE_MAX).contains(shape));
            let fault = || Fault::shape(word);
            Delay::Pareto {
                min,
                shape_hundredths: shape.ok_or_else(|| Wrong { at, fault: fault() })?,
            }
        }
        _ => return Err(unknown(at, word, &CURVES)),
    })
}

pub(super) fn reordering(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    let of_kind = of_kind(scan, |s| {
        late(s).map(|(permille, by)| Mishap::Reordering(permille, by))
    })?;
    if let Some(action) = of_kind {
        return Ok(action);
    }
    let link = scan.one_way_link()?;
    let (permille, by) = late(scan)?;
    Ok(Action::Link(LinkAction::Reordering { link, permille, by }))
}

pub(super) fn duplication(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    if let Some(action) = of_kind(scan, |s| s.permille().map(Mishap::Duplication))? {
        return Ok(action);
    }
    let link = scan.one_way_link()?;
    let permille = scan.permille()?;
    Ok(Action::Link(LinkAction::Duplication { link, permille }))
}

/// The units of a bandwidth, the largest first, and how many bytes a second each is.
pub(super) const RATES: [(&str, u32); 3] = [("MiB/s", 1 << 20), ("KiB/s", 1 << 10), ("B/s", 1)];

pub(super) fn bandwidth(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    let link = scan.one_way_link()?;
    let at = scan.present("a bandwidth", "带宽")?;
    let word = scan.word();
    let bytes_per_second = if word == "unlimited" {
        None
    } else {
        let found = rate(word).filter(|rate| (1..=BANDWIDTH_MAX).contains(rate));
        let fault = || Fault::bandwidth(word);
        Some(found.ok_or_else(|| Wrong { at, fault: fault() })?)
    };
    Ok(Action::Link(LinkAction::Bandwidth {
        link,
        bytes_per_second,
    }))
}

/// `64KiB/s` in bytes a second.
fn rate(word: &str) -> Option<u32> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = word.split_at(digits);
    let (_, bytes) = RATES.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u32>().ok()?.checked_mul(*bytes)
}

pub(super) fn network(scan: &mut Scan<'_>) -> Result<Action, Wrong> {
    let at = scan.present("a network", "网络模型")?;
    let model = match scan.word() {
        "plain" => Model::Plain,
        "labrpc" => {
            let at = scan.present("“reliable” or “unreliable”", "“reliable”或“unreliable”")?;
            let reliable = match scan.word() {
                "reliable" => true,
                "unreliable" => false,
                word => return Err(unknown(at, word, &["reliable", "unreliable"])),
            };
            let long_reordering = scan.eat_word("long-reordering");
            Model::Labrpc(Labrpc {
                reliable,
                long_reordering,
            })
        }
        word => return Err(unknown(at, word, &["plain", "labrpc"])),
    };
    Ok(Action::Link(LinkAction::Network(model)))
}

/// A number with at most so many decimals, as a count of the last of them.
pub(super) fn decimal(word: &str, decimals: usize) -> Option<u16> {
    let (whole, fraction) = word.split_once('.').unwrap_or((word, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let fits = is_number(whole) && is_number(fraction) && fraction.len() <= decimals;
    fits.then(|| format!("{whole}{fraction:0<decimals$}").parse().ok())?
}
