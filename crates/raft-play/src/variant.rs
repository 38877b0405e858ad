//! A playbook with one line of its header changed: the same story of another cluster.

use raft_sim::setup::{Feature, Setup};

/// What is different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// Another seed.
    Seed(u64),
    /// With a feature that the servers do not have, or without one that they have.
    Toggle(Feature),
}

/// The text of the playbook, which was set up as `setup`, with that changed. All other lines stay
/// as they are, so that it may fail where they do not fit any more.
#[must_use]
pub fn variant(text: &str, setup: &Setup, different: Variant) -> String {
    let (word, line) = match different {
        Variant::Seed(seed) => ("seed", format!("seed {seed}\n")),
        Variant::Toggle(feature) => {
            let mut features = setup.features;
            if features.contains(&feature) {
                features.remove(&feature);
            } else {
                feature
                    .needs()
                    .into_iter()
                    .for_each(|needed| features.insert(needed));
                features.insert(feature);
            }
            let names: Vec<_> = features.iter().map(Feature::name).collect();
            let line = if names.is_empty() {
                String::new()
            } else {
                format!("use {}\n", names.join(" "))
            };
            ("use", line)
        }
    };
    let says = |line: &&str| line.split_whitespace().next() == Some(word);
    let others = text.split_inclusive('\n').filter(|line| !says(line));
    // Its name is of the branch that it was.
    let others = others.filter(|line| line.split_whitespace().next() != Some("branch"));
    std::iter::once(line.as_str()).chain(others).collect()
}
