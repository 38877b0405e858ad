//! The results as the table of `docs/liveness.md`.

use std::cmp::Reverse;
use std::fmt::Write;

use super::cluster::{Setting, TIMEOUT};
use super::pattern::renamings;
use super::played::{Played, SETTINGS, Seen, seeds};
use super::theory::{Demand, Start};

const HEAD: &str = "\
| setting | start | theory | cases | always | sometimes | never | latest | an example |
|---|---|---|---|---|---|---|---|---|
";

/// The cases of one row.
type Row<'a> = Vec<&'a Played>;

pub(crate) fn of(played: &[Played]) -> String {
    let mut text = String::new();
    for servers in [3, 5] {
        let seeds = seeds(servers);
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n## {servers} servers, {seeds} seeds per case\n\n{HEAD}"
        );
        for setting in SETTINGS {
            for (start, begins) in [(0, "fresh"), (1, "led"), (2, "fallen")] {
                for (demand, theory) in [
                    (Demand::Always, "lasts"),
                    (Demand::ByLuck, "luck"),
                    (Demand::Deposed, "deposed"),
                    (Demand::Obeyed, "obeyed"),
                ] {
                    let row: Row = played
                        .iter()
                        .filter(|played| {
                            played.pattern.servers == servers
                                && played.setting == setting
                                && place(played.start) == start
                                && played.demand == demand
                        })
                        .collect();
                    if !row.is_empty() {
                        let _ = write!(text, "| {} | {begins} | {theory}", name(setting));
                        write_row(&row, &mut text);
                    }
                }
            }
        }
    }
    text.push('\n');
    text
}

fn write_row(row: &Row, text: &mut String) {
    let count = |seen| row.iter().filter(|played| played.seen == seen).count();
    let (always, sometimes) = (count(Seen::Always), count(Seen::Sometimes));
    let (cases, never) = (row.len(), count(Seen::Never));
    let latest = row.iter().map(|played| played.latest).max().unwrap_or(0);
    let latest = match latest.div_ceil(TIMEOUT) {
        _ if never == cases => String::from("–"),
        timeouts => timeouts.to_string(),
    };
    let counts = format!("{cases} | {always} | {sometimes} | {never}");
    let _ = writeln!(text, " | {counts} | {latest} | {} |", example(row));
}

/// The worst case with the fewest cuts, as lines of a playbook.
fn example(row: &Row) -> String {
    let failing = row.iter().filter(|played| played.seen != Seen::Always);
    let worst = failing.min_by_key(|played| {
        let lines = renamed(played);
        (Reverse(played.seen), played.pattern.cuts(), lines)
    });
    worst.map_or_else(String::new, |played| renamed(played))
}

/// The cuts, with the names for which the text sorts first; the leader is S1.
fn renamed(played: &Played) -> String {
    let leader = match played.start {
        Start::Fresh => None,
        Start::Led(leader) | Start::Fallen(leader) => Some(leader),
    };
    let all = renamings(played.pattern.servers).into_iter();
    let fit = all.filter(|names| leader.is_none_or(|leader| names[leader] == 0));
    let texts = fit.map(|names| played.pattern.renamed(&names).lines());
    let least = texts.min().unwrap_or_default();
    format!("`{least}`")
}

const fn place(start: Start) -> usize {
    match start {
        Start::Fresh => 0,
        Start::Led(_) => 1,
        Start::Fallen(_) => 2,
    }
}

const fn name(setting: Setting) -> &'static str {
    match (setting.pre_vote, setting.check_quorum) {
        (false, false) => "plain",
        (true, false) => "Pre-Vote",
        (false, true) => "CheckQuorum",
        (true, true) => "both",
    }
}
