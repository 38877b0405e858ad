//! Virtual time, in whole microseconds.
//!
//! The simulated clock never reads a real one, so an instant is only a count of microseconds
//! since the World began, and a duration is the same count. Integers keep every sum exact and
//! the same on every platform. People read and type `5ms`, `1.5s`, `250us` or `2h30m`; the printed
//! form always parses back to the very same count.

use std::fmt;
use std::ops::Add;
use std::str::FromStr;

/// The longest duration that can be written.
pub const DURATION_MAX: Micros = Micros::from_secs(24 * 60 * 60);

/// An instant or a duration of virtual time, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micros(pub u64);

const PER_MILLI: u64 = 1_000;
const PER_SECOND: u64 = 1_000_000;
const PER_MINUTE: u64 = 60 * PER_SECOND;
const PER_HOUR: u64 = 60 * PER_MINUTE;

impl Micros {
    /// The beginning of time, and the empty duration.
    pub const ZERO: Micros = Micros(0);

    /// A whole number of milliseconds; the largest instant when that does not fit.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Micros {
        Micros(millis.saturating_mul(PER_MILLI))
    }

    /// A whole number of seconds; the largest instant when that does not fit.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Micros {
        Micros(secs.saturating_mul(PER_SECOND))
    }

    /// The whole milliseconds in this time, rounded down.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0 / PER_MILLI
    }

    /// The sum, or the largest instant when the sum does not fit.
    #[must_use]
    pub const fn saturating_add(self, other: Micros) -> Micros {
        Micros(self.0.saturating_add(other.0))
    }

    /// The difference, or zero when `other` is the later.
    #[must_use]
    pub const fn saturating_sub(self, other: Micros) -> Micros {
        Micros(self.0.saturating_sub(other.0))
    }
}

/// Time that runs past its end stays there: overflow must never bring an event into the past.
impl Add for Micros {
    type Output = Micros;

    fn add(self, other: Micros) -> Micros {
        self.saturating_add(other)
    }
}

/// Prints in the largest unit of which there is at least one, without losing a digit: whole minutes
/// in hours and minutes, if it is an hour or more, and otherwise in seconds at most.
impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 >= PER_HOUR && self.0.is_multiple_of(PER_MINUTE) {
            let (hours, minutes) = (self.0 / PER_HOUR, self.0 % PER_HOUR / PER_MINUTE);
            write!(f, "{hours}h")?;
            return match minutes {
                0 => Ok(()),
                _ => write!(f, "{minutes}m"),
            };
        }
        let (unit, per_unit, digits) = match self.0 {
            PER_SECOND.. => ("s", PER_SECOND, 6),
            PER_MILLI.. => ("ms", PER_MILLI, 3),
            _ => ("us", 1, 0),
        };
        let whole = self.0 / per_unit;
        let rest = self.0 % per_unit;
        if rest == 0 {
            return write!(f, "{whole}{unit}");
        }
        let fraction = format!("{rest:0digits$}");
        write!(f, "{whole}.{}{unit}", fraction.trim_end_matches('0'))
    }
}

/// Why a text is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeError {
    /// It does not begin with a decimal number.
    NoNumber,
    /// It is a bare number.
    NoUnit,
    /// What follows the number is not `us`, `ms`, `s`, `m` or `h`.
    UnknownUnit,
    /// A unit follows one that is not larger.
    Order,
    /// It has a part smaller than a microsecond.
    TooFine,
    /// It does not fit into 64 bits of microseconds.
    TooLarge,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TimeError::NoNumber => "A time begins with a number, as in 5ms.",
            TimeError::NoUnit => "A time needs a unit: us, ms, s, m or h.",
            TimeError::UnknownUnit => "The units of time are us, ms, s, m and h.",
            TimeError::Order => "A larger unit comes before a smaller one, as in 2h30m.",
            TimeError::TooFine => "The finest time is one microsecond.",
            TimeError::TooLarge => "This time is too long to count in microseconds.",
        })
    }
}

impl std::error::Error for TimeError {}

impl FromStr for Micros {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Micros, TimeError> {
        let (mut sum, mut rest, mut unit_before) = (0_u64, text, u64::MAX);
        loop {
            let (part, per_unit, behind) = first_part(rest)?;
            if per_unit >= unit_before {
                return Err(TimeError::Order);
            }
            sum = sum.checked_add(part).ok_or(TimeError::TooLarge)?;
            if behind.is_empty() {
                return Ok(Micros(sum));
            }
            (rest, unit_before) = (behind, per_unit);
        }
    }
}

/// The first number of a time with its unit, in microseconds; how long the unit is; and what is
/// left of the text.
fn first_part(text: &str) -> Result<(u64, u64, &str), TimeError> {
    let unit_at = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(unit_at);
    let unit_end = rest
        .find(|c: char| c.is_ascii_digit() || c == '.')
        .unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(unit_end);
    let (whole, fraction) = match number.split_once('.') {
        Some((_, "")) => return Err(TimeError::NoNumber),
        Some(parts) => parts,
        None => (number, ""),
    };
    if whole.is_empty() || fraction.contains('.') {
        return Err(TimeError::NoNumber);
    }
    let per_unit = match unit {
        "us" | "µs" | "μs" => 1,
        "ms" => PER_MILLI,
        "s" => PER_SECOND,
        "m" => PER_MINUTE,
        "h" => PER_HOUR,
        "" => return Err(TimeError::NoUnit),
        _ => return Err(TimeError::UnknownUnit),
    };
    let whole: u64 = whole.parse().map_err(|_| TimeError::TooLarge)?;
    let fraction = fraction_of(per_unit, fraction.trim_end_matches('0'))?;
    let part = whole
        .checked_mul(per_unit)
        .and_then(|whole| whole.checked_add(fraction));
    Ok((part.ok_or(TimeError::TooLarge)?, per_unit, rest))
}

/// So many microseconds are the decimals of a unit, without any rounding.
fn fraction_of(per_unit: u64, digits: &str) -> Result<u64, TimeError> {
    /// No more decimals of an hour can come to whole microseconds.
    const DIGITS_MAX: usize = 11;
    if digits.is_empty() {
        return Ok(0);
    }
    if digits.len() > DIGITS_MAX {
        return Err(TimeError::TooFine);
    }
    let parts: u128 = digits.parse().map_err(|_| TimeError::NoNumber)?;
    let whole = 10_u128.pow(u32::try_from(digits.len()).unwrap_or(0));
    let product = parts * u128::from(per_unit);
    if !product.is_multiple_of(whole) {
        return Err(TimeError::TooFine);
    }
    u64::try_from(product / whole).map_err(|_| TimeError::TooLarge)
}

/// A time of at most [`DURATION_MAX`]: how long something takes that a line can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(Micros);

impl Duration {
    /// No time at all.
    pub const ZERO: Duration = Duration(Micros::ZERO);

    /// This long; nothing if that is longer than [`DURATION_MAX`].
    #[must_use]
    pub const fn new(time: Micros) -> Option<Duration> {
        if time.0 > DURATION_MAX.0 {
            return None;
        }
        Some(Duration(time))
    }

    /// This long, or [`DURATION_MAX`] if that is shorter.
    #[must_use]
    pub const fn clamped(time: Micros) -> Duration {
        Duration(Micros(at_most(time.0, DURATION_MAX.0)))
    }

    /// The time.
    #[must_use]
    pub const fn get(self) -> Micros {
        self.0
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The times from `min` to `max`, both included: what a random delay is drawn from.
///
/// A range of one value is a fixed delay, and prints as that value alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MicrosRange {
    min: Micros,
    max: Micros,
}

impl MicrosRange {
    /// The range that holds `at` and nothing else; [`DURATION_MAX`] if that is shorter.
    #[must_use]
    pub const fn fixed(at: Micros) -> MicrosRange {
        Self::between(at, at)
    }

    /// The range between two times, whichever is shorter; up to [`DURATION_MAX`].
    #[must_use]
    pub const fn between(one: Micros, other: Micros) -> MicrosRange {
        let one = Micros(at_most(one.0, DURATION_MAX.0));
        let other = Micros(at_most(other.0, DURATION_MAX.0));
        let (min, max) = if one.0 <= other.0 {
            (one, other)
        } else {
            (other, one)
        };
        Self { min, max }
    }

    /// The range from `min` to `max`, or nothing if they are the wrong way round or longer than
    /// [`DURATION_MAX`].
    #[must_use]
    pub fn new(min: Micros, max: Micros) -> Option<MicrosRange> {
        (min <= max && max <= DURATION_MAX).then_some(MicrosRange { min, max })
    }

    /// The shortest time.
    #[must_use]
    pub const fn min(self) -> Micros {
        self.min
    }

    /// The longest time.
    #[must_use]
    pub const fn max(self) -> Micros {
        self.max
    }

    /// Whether only one value can be drawn.
    #[must_use]
    pub fn is_fixed(self) -> bool {
        self.min == self.max
    }
}

const fn at_most(number: u64, max: u64) -> u64 {
    if number > max { max } else { number }
}

impl fmt::Display for MicrosRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_fixed() {
            write!(f, "{}", self.min)
        } else {
            write!(f, "{}..{}", self.min, self.max)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prints_in_the_unit_people_would_choose() {
        let cases = [
            (0, "0us"),
            (250, "250us"),
            (5_000, "5ms"),
            (12_345, "12.345ms"),
            (100_000, "100ms"),
            (1_500_000, "1.5s"),
            (1_000_001, "1.000001s"),
            (60_000_000, "60s"),
            (3_599_000_000, "3599s"),
            (3_600_000_000, "1h"),
            (5_400_000_000, "1h30m"),
            (5_401_000_000, "5401s"),
            (86_400_000_000, "24h"),
        ];
        for (micros, text) in cases {
            assert_eq!(Micros(micros).to_string(), text);
            assert_eq!(text.parse(), Ok(Micros(micros)));
        }
    }

    #[test]
    fn says_what_is_wrong_with_a_time() {
        let cases = [
            ("", TimeError::NoNumber),
            ("ms", TimeError::NoNumber),
            (".5s", TimeError::NoNumber),
            ("5.s", TimeError::NoNumber),
            ("1.2.3s", TimeError::NoNumber),
            ("-5ms", TimeError::NoNumber),
            ("5", TimeError::NoUnit),
            ("5min", TimeError::UnknownUnit),
            ("5 ms", TimeError::UnknownUnit),
            ("2h30", TimeError::NoUnit),
            ("30m2h", TimeError::Order),
            ("1s1s", TimeError::Order),
            ("0.00000000001h", TimeError::TooFine),
            ("0.1000000001s", TimeError::TooFine),
            ("18446744073709551615h", TimeError::TooLarge),
            ("0.5us", TimeError::TooFine),
            ("99999999999999999999s", TimeError::TooLarge),
        ];
        for (text, error) in cases {
            assert_eq!(text.parse::<Micros>(), Err(error), "{text}");
        }
        for (text, micros) in [
            ("2.500ms", 2_500),
            ("90m", 5_400_000_000),
            ("1.5h", 5_400_000_000),
            ("2h30m", 9_000_000_000),
            ("1h1m1s1ms1us", 3_661_001_001),
            ("1m1.5s", 61_500_000),
            ("0.0000000625h", 225),
        ] {
            assert_eq!(text.parse(), Ok(Micros(micros)), "{text}");
        }
    }

    #[test]
    fn sums_stop_at_the_end_of_time() {
        assert_eq!(Micros(u64::MAX) + Micros(1), Micros(u64::MAX));
        assert_eq!(Micros(1).saturating_sub(Micros(2)), Micros::ZERO);
    }

    #[test]
    fn a_range_of_one_value_prints_as_that_value() {
        let range = MicrosRange::new(Micros(1_000), Micros(5_000)).unwrap();
        assert_eq!(range.to_string(), "1ms..5ms");
        assert_eq!(MicrosRange::fixed(Micros(1_000)).to_string(), "1ms");
        assert_eq!(MicrosRange::new(Micros(2), Micros(1)), None);
    }

    #[test]
    fn no_range_is_backwards_or_beyond_what_a_line_can_say() {
        let more = DURATION_MAX + Micros(1);
        assert_eq!(MicrosRange::new(Micros(1), more), None);
        assert_eq!(MicrosRange::fixed(more), MicrosRange::fixed(DURATION_MAX));
        let range = MicrosRange::between(more, Micros(7));
        assert_eq!((range.min(), range.max()), (Micros(7), DURATION_MAX));
    }

    proptest! {
        #[test]
        fn the_printed_form_parses_back(micros: u64) {
            prop_assert_eq!(Micros(micros).to_string().parse(), Ok(Micros(micros)));
        }

        #[test]
        fn any_text_is_answered(text: String) {
            let _ = text.parse::<Micros>();
        }
    }
}
