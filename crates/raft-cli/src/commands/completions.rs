//! `raftlab completions`: a script for a shell.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::output::{Stop, Verdict};

pub(crate) fn execute(shell: Shell) -> Result<Verdict, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "raftlab", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Verdict::Passed)
}
