//! Letting time pass.

use crate::time::Micros;

/// How much happens by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeAction {
    /// So many events happen; at least one.
    Step(u64),
    /// Everything happens that is due in this time.
    Run(Micros),
}
