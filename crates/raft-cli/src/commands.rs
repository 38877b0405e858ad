//! The commands, a module each.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod digest;
pub(crate) mod merge;
pub(crate) mod play;
pub(crate) mod playbooks;
pub(crate) mod rules;
pub(crate) mod run;
pub(crate) mod shrink;
pub(crate) mod sweep;
pub(crate) mod test;
