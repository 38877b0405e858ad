//! A search in words: how it would be typed, its steps, and the playbook of what it found.

use std::sync::Arc;

use raft_core::Rule;
use raft_play::playbook::Playbook;
use raft_play::script::{Doing, Statement};
use raft_play::text::Line;
use raft_play::words::{Language, label, rpc_name};
use raft_sim::action::Action;
use raft_sim::said::Said;
use raft_sim::setup::Feature;

use super::bounds::Bounds;
use super::path::{Counterexample, Strayed, action};
use super::state::Choice;

impl Bounds {
    /// The flags with which `raftlab check` searches the same. Where it goes on from an instant, the
    /// cluster is that of the run, which the caller names.
    #[must_use]
    pub fn flags(&self) -> String {
        let mut words = Vec::new();
        let mut add = |flag: &str, value: &str| words.push(format!("--{flag} {value}"));
        if self.from.is_none() {
            add("servers", &self.servers.to_string());
            if let Some(voters) = self.voters {
                add("voters", &voters.to_string());
            }
        }
        add("terms", &self.terms.to_string());
        add("commands", &self.commands.to_string());
        let copies = self.copies.map(|copies| copies.to_string());
        add("copies", copies.as_deref().unwrap_or("any"));
        for (flag, most) in [
            ("crashes", self.crashes),
            ("snapshots", self.snapshots),
            ("reads", self.reads),
            ("transfers", self.transfers),
            ("changes", self.changes),
        ] {
            if most > 0 {
                add(flag, &most.to_string());
            }
        }
        if self.from.is_none() {
            let features: Vec<&str> = self.features.iter().map(Feature::name).collect();
            let ablated: Vec<&str> = self.ablated.iter().map(Rule::id).collect();
            for (flag, values) in [("use", features), ("ablate", ablated)] {
                if !values.is_empty() {
                    add(flag, &values.join(","));
                }
            }
            if !self.symmetry {
                words.push("--no-symmetry".to_owned());
            }
        }
        words.join(" ")
    }
}

impl Choice {
    /// What happens, as short as it can be put: `timeout S1`, or who receives what from whom.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        if let Self::Deliver {
            from, to, message, ..
        } = self
        {
            let said = Said::of(message);
            let label = label(&said, language);
            return format!("{to} ← {from}: {} {label}", rpc_name(&said));
        }
        action(self).map_or_else(String::new, |action| {
            Line(&Action::Server(action)).to_string()
        })
    }
}

impl Counterexample {
    /// The same as a playbook, which says in its title and its caption what it is, and in `source` where
    /// it is from. It expects what breaks in it.
    ///
    /// # Errors
    /// The laboratory does not come to the same: it is not the system that was searched, which is
    /// a fault of the search.
    pub fn told(&self, bounds: &Bounds, source: String) -> Result<Playbook, Strayed> {
        let mut playbook = self.playbook(bounds)?;
        let (broken, steps) = (self.broken, self.depth);
        playbook.setup.title = format!("Shortest: {} breaks", Language::English.invariant(broken));
        playbook.setup.title_zh = format!("最短：{}被破坏", Language::Chinese.invariant(broken));
        playbook.setup.source = source;
        let doing = Doing::Phase {
            caption: format!(
                "Of all runs within these bounds none breaks anything in fewer than {steps} steps."
            ),
            caption_zh: format!(
                "在这些范围内的所有运行中，没有一个在少于 {steps} 步时破坏任何不变式。"
            ),
        };
        let from = bounds.from.as_ref();
        let from = from.map_or(0, |instant| instant.lines().len());
        Arc::make_mut(&mut playbook.lines).insert(from, Statement { line: 0, doing });
        Ok(playbook)
    }
}

/// One chance in how many that a state was missed: two of so many have the same 64 bits with a
/// probability of n² / 2⁶⁵.
#[must_use]
pub fn chance_of_a_missed_state(states: u64) -> u128 {
    (1_u128 << 65) / u128::from(states).pow(2).max(1)
}
