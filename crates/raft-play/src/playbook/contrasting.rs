//! How a contrast is read: in what the other run differs, what is the same, and the principle.

use raft_sim::run::{Beginning, Contrast};
use raft_sim::setup::{Feature, SEED_MAX};

use super::block::Said;
use super::read::is_only_of_playbooks;
use super::setting::rules;
use crate::script::{Doing, GivenNames, simple};
use crate::text::{self, Fault, Scan, Wrong};

/// The words behind `contrast`.
pub(super) const CONTRASTS: [&str; 4] = ["without", "with", "seed", "do"];

/// A contrast of which some lines have been read.
pub(super) struct Contrasting(Contrast);

impl Contrasting {
    /// Reads in what the other run differs.
    pub(super) fn read(scan: &mut Scan<'_>) -> Result<Self, Wrong> {
        let at = scan.present("what is different", "有何不同")?;
        let beginning = match scan.word() {
            "without" => Beginning::Without(rules(scan)?),
            "with" => Beginning::With(feature(scan)?),
            "seed" => Beginning::Seed(scan.number(0, SEED_MAX)?),
            "do" => Beginning::Do(line(scan)?),
            word => {
                let fault = Fault::unknown_word(word, text::nearest(word, &CONTRASTS), &CONTRASTS);
                return Err(Wrong { at, fault });
            }
        };
        scan.finish()?;
        Ok(Self(Contrast {
            beginning,
            same: Default::default(),
            alike: Default::default(),
            principle: Default::default(),
        }))
    }

    /// The contrast, once all of its lines have been read.
    pub(super) fn finish(self) -> Result<Contrast, Fault> {
        if self.0.principle[0].is_empty() {
            return Err(Fault::no_principle());
        }
        Ok(self.0)
    }

    /// Where such a text belongs.
    pub(super) fn place(&mut self, said: Said) -> Result<&mut [String; 2], Fault> {
        match said {
            Said::Same => Ok(&mut self.0.same),
            Said::Alike => Ok(&mut self.0.alike),
            Said::Principle => Ok(&mut self.0.principle),
            Said::Ask
            | Said::Answer
            | Said::Mistake
            | Said::Why
            | Said::Build
            | Said::Goal
            | Said::Always
            | Said::Hint => Err(Fault::not_of_block(said.name())),
        }
    }
}

fn feature(scan: &mut Scan<'_>) -> Result<Feature, Wrong> {
    let at = scan.present("a feature", "功能")?;
    let word = scan.word();
    let found = Feature::ALL.iter().find(|feature| feature.name() == word);
    found.copied().ok_or_else(|| {
        let names = Feature::ALL.map(Feature::name);
        let fault = Fault::unknown_word(word, text::nearest(word, &names), &names);
        Wrong { at, fault }
    })
}

/// What is done in the other run: an Action, as it would be typed.
fn line(scan: &mut Scan<'_>) -> Result<String, Wrong> {
    let at = scan.present("an action", "操作")?;
    let line = scan.text();
    let word = line.split_whitespace().next().unwrap_or_default();
    if is_only_of_playbooks(word) {
        let fault = Fault::not_in_a_way(word);
        return Err(Wrong { at, fault });
    }
    let doing = simple(line, scan.servers, &mut GivenNames::default()).map_err(|wrong| Wrong {
        at: at + wrong.at,
        fault: wrong.fault,
    })?;
    if !matches!(doing, Doing::Action(_)) {
        let (what, zh) = (
            "an action that names servers by number",
            "写明服务器编号的操作",
        );
        let fault = Fault::expected(what, zh, line, scan.forms);
        return Err(Wrong { at, fault });
    }
    Ok(line.to_owned())
}
