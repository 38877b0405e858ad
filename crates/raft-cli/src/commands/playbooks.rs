//! `raftlab playbooks`: the lines of the language. `raftlab help playbooks` prints the same.

use std::io::Write;

use crate::output::{Stop, Verdict};
use crate::reference;

pub(crate) fn execute() -> Result<Verdict, Stop> {
    writeln!(anstream::stdout().lock(), "{}", reference::text())?;
    Ok(Verdict::Passed)
}
