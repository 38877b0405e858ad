//! Whether a lesson keeps what it promises: that the runs which it compares are not the same.

use raft_sim::Run;
use raft_sim::run::{Beginning, Contrasted};

use crate::text::{Fault, TextError, Wrong, action};
use crate::variant::{Variant, variant};
use crate::{open, play};

/// Plays each pair of runs of which the playbook `text` speaks.
///
/// # Errors
/// Two of a pair have the same events, or the other one cannot be played.
pub fn prove_contrasts(text: &str) -> Result<(), TextError> {
    let run = open(text)?;
    for contrasted in run.contrasts() {
        let other = other(text, &run, contrasted)?;
        if other != run.digest() {
            continue;
        }
        let place = usize::try_from(contrasted.line).unwrap_or(usize::MAX);
        let shown = text.lines().nth(place.saturating_sub(1));
        let fault = Fault::no_contrast();
        return Err(Wrong { at: 0, fault }.of_line(contrasted.line, shown.unwrap_or_default()));
    }
    Ok(())
}

/// The digest of the other run of a pair.
fn other(text: &str, run: &Run, contrasted: &Contrasted) -> Result<u64, TextError> {
    Ok(match &contrasted.contrast.beginning {
        Beginning::Without(rules) => run.ablated(*rules).run.digest(),
        Beginning::With(feature) => varied(text, run, Variant::Toggle(*feature))?,
        Beginning::Seed(seed) => varied(text, run, Variant::Seed(*seed))?,
        Beginning::Do(line) => {
            let mut run = run.clone();
            let (position, at) = contrasted.place;
            run.go_to_instant(position, at);
            let mut replay = run.begin_acted(&action(line)?);
            while !replay.go_on(&run, u64::MAX) {}
            run.end_replay(replay);
            run.digest()
        }
    })
}

fn varied(text: &str, run: &Run, different: Variant) -> Result<u64, TextError> {
    let (run, _) = play(&variant(text, run.setup(), different))?;
    Ok(run.digest())
}
