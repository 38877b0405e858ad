//! How long things take: what a delay is drawn from.
//!
//! A network's delays gather round a mean, or have a long tail that timeouts are made for; a
//! plain range has neither. The curves are computed with `libm`, whose functions are the same
//! code on every platform, and with the four operations that IEEE 754 defines to the last bit,
//! so a browser draws what a server draws.

use std::fmt;

use crate::bounded::Bounded;
use crate::random::Stream;
use crate::time::{Duration, Micros, MicrosRange};

/// What is drawn from a curve without an end is never longer than this.
pub const DRAWN_MAX: Micros = Micros::from_secs(60);

/// The shape of a Pareto distribution, in hundredths.
pub type Shape = Bounded<u16, 1, 10_000>;

/// What a delay is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delay {
    /// Evenly from a range; always the same from a range of one value.
    Even(MicrosRange),
    /// From a normal distribution; what would be negative is no delay at all.
    Normal {
        /// Its mean.
        mean: Duration,
        /// Its standard deviation.
        deviation: Duration,
    },
    /// From an exponential distribution.
    Exponential {
        /// Its mean.
        mean: Duration,
    },
    /// From a Pareto distribution, whose tail is heavy.
    Pareto {
        /// The shortest delay.
        min: Duration,
        /// How fast the tail thins out, in hundredths. Up to 1.00 the
        /// distribution has no mean, up to 2.00 no variance.
        shape_hundredths: Shape,
    },
}

impl Delay {
    /// Always the same delay.
    #[must_use]
    pub const fn fixed(at: Micros) -> Self {
        Self::Even(MicrosRange::fixed(at))
    }
}

impl From<MicrosRange> for Delay {
    fn from(range: MicrosRange) -> Self {
        Self::Even(range)
    }
}

/// Prints as it stands in a line: `1ms..5ms`, `normal 10ms 2ms`, `pareto 5ms 1.5`.
impl fmt::Display for Delay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Even(range) => write!(f, "{range}"),
            Self::Normal { mean, deviation } => write!(f, "normal {mean} {deviation}"),
            Self::Exponential { mean } => write!(f, "exponential {mean}"),
            Self::Pareto {
                min,
                shape_hundredths,
            } => {
                let hundredths = shape_hundredths.get();
                let (whole, rest) = (hundredths / 100, hundredths % 100);
                write!(f, "pareto {min} {whole}")?;
                match (rest / 10, rest % 10) {
                    (0, 0) => Ok(()),
                    (tenths, 0) => write!(f, ".{tenths}"),
                    (tenths, hundredths) => write!(f, ".{tenths}{hundredths}"),
                }
            }
        }
    }
}

impl Stream {
    /// A delay drawn as `delay` says.
    pub fn delay(&mut self, delay: Delay) -> Micros {
        match delay {
            Delay::Even(range) => self.micros(range),
            Delay::Normal { mean, deviation } => {
                // Twelve even draws have a variance of one together, and their sum is as
                // good as normal up to three deviations.
                let sum: f64 = (0..12).map(|_| self.share()).sum();
                rounded(float(mean.get()) + float(deviation.get()) * (sum - 6.0))
            }
            Delay::Exponential { mean } => rounded(-libm::log(self.share()) * float(mean.get())),
            Delay::Pareto {
                min,
                shape_hundredths,
            } => {
                let power = -100.0 / f64::from(shape_hundredths.get());
                rounded(float(min.get()) * libm::exp(libm::log(self.share()) * power))
            }
        }
    }

    /// A number above 0 and up to 1.
    #[expect(
        clippy::cast_precision_loss,
        reason = "53 bits are what a double holds"
    )]
    fn share(&mut self) -> f64 {
        const STEPS: u64 = 1 << 53;
        (self.below(STEPS) + 1) as f64 / STEPS as f64
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "whole microseconds are exact up to 285 years"
)]
const fn float(time: Micros) -> f64 {
    time.0 as f64
}

/// The nearest whole microsecond from none to [`DRAWN_MAX`].
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is within the bounds"
)]
fn rounded(micros: f64) -> Micros {
    Micros(libm::round(micros.clamp(0.0, float(DRAWN_MAX))) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: usize = 20_000;

    fn drawn(delay: Delay) -> Vec<u64> {
        let mut stream = Stream::new(7, "test", 1, 2);
        let mut all: Vec<u64> = (0..DRAWS).map(|_| stream.delay(delay).0).collect();
        all.sort_unstable();
        all
    }

    fn mean(all: &[u64]) -> u64 {
        all.iter().sum::<u64>() / all.len() as u64
    }

    fn near(found: u64, expected: u64) {
        let off = found.abs_diff(expected);
        assert!(off <= expected / 20, "{found} is not about {expected}");
    }

    const fn ms(millis: u64) -> Duration {
        Duration::clamped(Micros::from_millis(millis))
    }

    #[test]
    fn a_normal_delay_has_its_mean_and_its_deviation() {
        let (mean_at, deviation) = (ms(10), ms(2));
        let all = drawn(Delay::Normal {
            mean: mean_at,
            deviation,
        });
        near(mean(&all), 10_000);
        // 68 in a hundred are within one deviation of the mean.
        let within = all.iter().filter(|at| at.abs_diff(10_000) <= 2_000);
        near(within.count() as u64, DRAWS as u64 * 6_827 / 10_000);
        let wide = drawn(Delay::Normal {
            mean: ms(1),
            deviation: ms(5),
        });
        assert_eq!(wide[0], 0, "no delay is negative");
    }

    #[test]
    fn an_exponential_delay_has_its_mean_and_its_median() {
        let all = drawn(Delay::Exponential { mean: ms(10) });
        near(mean(&all), 10_000);
        near(all[DRAWS / 2], 6_931);
    }

    #[test]
    fn a_pareto_delay_has_a_heavy_tail_that_ends() {
        let pareto = |shape_hundredths| Delay::Pareto {
            min: ms(5),
            shape_hundredths: Shape::clamped(shape_hundredths),
        };
        let all = drawn(pareto(150));
        assert!(all[0] >= 5_000);
        // The median is min · 2^(1/shape), the hundredth largest min · 100^(1/shape).
        near(all[DRAWS / 2], 7_937);
        near(all[DRAWS - DRAWS / 100], 107_722);
        assert_eq!(drawn(pareto(1)).last(), Some(&DRAWN_MAX.0));
    }

    /// Golden: other numbers here would be other runs than on other platforms.
    #[test]
    fn the_draws_are_the_same_everywhere() {
        let mut stream = Stream::new(1, "golden", 0, 0);
        let curves = [
            Delay::Normal {
                mean: ms(10),
                deviation: ms(2),
            },
            Delay::Exponential { mean: ms(10) },
            Delay::Pareto {
                min: ms(5),
                shape_hundredths: Shape::clamped(150),
            },
        ];
        let found: Vec<u64> = (0..9).map(|n| stream.delay(curves[n % 3]).0).collect();
        assert_eq!(found, GOLDEN);
    }

    const GOLDEN: [u64; 9] = [
        11_108, 1_981, 9_852, 9_661, 3_113, 10_422, 8_975, 4_493, 9_024,
    ];

    #[test]
    fn a_delay_prints_as_it_is_written() {
        let pareto = |shape_hundredths| Delay::Pareto {
            min: ms(5),
            shape_hundredths: Shape::clamped(shape_hundredths),
        };
        let cases = [
            (Delay::fixed(ms(5).get()), "5ms"),
            (Delay::Exponential { mean: ms(10) }, "exponential 10ms"),
            (pareto(150), "pareto 5ms 1.5"),
            (pareto(200), "pareto 5ms 2"),
            (pareto(105), "pareto 5ms 1.05"),
            (pareto(7), "pareto 5ms 0.07"),
        ];
        for (delay, text) in cases {
            assert_eq!(delay.to_string(), text);
        }
    }
}
