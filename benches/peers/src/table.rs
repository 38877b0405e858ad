//! How figures become lines of text.

/// What one proposal costs a contestant, as the medians of its rounds.
pub(crate) struct Figures {
    pub(crate) nanoseconds: f64,
    /// How far apart the quarters of the rounds are, as a part of the median.
    pub(crate) spread: f64,
    pub(crate) allocations: f64,
    pub(crate) messages: f64,
}

/// What stands above all cases.
pub(crate) fn print_head() {
    println!(
        "{:<8}{:<20}{:>12}{:>12}{:>8}{:>12}{:>10}",
        "case", "crate", "proposals/s", "ns each", "spread", "allocations", "messages"
    );
}

/// One case, a line a contestant.
pub(crate) fn print(name: &str, field: &[(&str, Figures)]) {
    println!();
    for (contestant, figures) in field {
        println!(
            "{name:<8}{contestant:<20}{:>12.0}{:>12.1}{:>7.0}%{:>12.2}{:>10.3}",
            1e9 / figures.nanoseconds,
            figures.nanoseconds,
            100.0 * figures.spread,
            figures.allocations,
            figures.messages
        );
    }
}

/// The middle one.
pub(crate) fn median(values: &[f64]) -> f64 {
    quarter(values, 2)
}

/// How far apart the first and the third quarter end, as a part of the median.
pub(crate) fn spread(values: &[f64]) -> f64 {
    (quarter(values, 3) - quarter(values, 1)) / median(values)
}

/// The value below which so many quarters of `values` are.
fn quarter(values: &[f64], quarters: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(sorted.len() - 1) * quarters / 4]
}

/// A count as a number to divide.
#[allow(
    clippy::cast_precision_loss,
    reason = "no count here comes near 2^53, and the figures have few digits"
)]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}
