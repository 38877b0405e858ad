//! Letting time pass.

use crate::bounded::Bounded;
use crate::time::Duration;

/// The most events that one Action may let happen.
pub const STEPS_MAX: u64 = 1_000_000;

/// How many events happen.
pub type Steps = Bounded<u64, 1, STEPS_MAX>;

/// How much happens by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeAction {
    /// So many events happen.
    Step(Steps),
    /// Everything happens that is due in this time.
    Run(Duration),
}
