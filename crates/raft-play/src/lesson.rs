//! Whether a lesson keeps what it promises: that the runs which it compares can be told apart.

use raft_sim::Run;
use raft_sim::run::{Beginning, Comparing, Contrasted};

use crate::text::{Fault, TextError, Wrong, action};
use crate::variant::{Variant, variant};
use crate::{open, play};

/// Plays each pair of runs of which the playbook `text` speaks.
///
/// # Errors
/// Nothing that is compared differs between two of a pair, or the other one cannot be played.
pub fn prove_contrasts(text: &str) -> Result<(), TextError> {
    let run = open(text)?;
    for contrasted in run.contrasts() {
        let other = other(text, &run, contrasted)?;
        if differ(&run, &other) {
            continue;
        }
        let place = usize::try_from(contrasted.line).unwrap_or(usize::MAX);
        let shown = text.lines().nth(place.saturating_sub(1));
        let fault = Fault::no_contrast();
        return Err(Wrong { at: 0, fault }.of_line(contrasted.line, shown.unwrap_or_default()));
    }
    Ok(())
}

/// Whether there is something to show between two runs, as the page looks for it.
fn differ(one: &Run, other: &Run) -> bool {
    let sides = [one, other].map(|run| run.alone(run.current_branch()));
    let [Some(one), Some(other)] = sides else {
        return false;
    };
    let (_, found) = Comparing::new([one, other], [0, 0]).go_on(u64::MAX);
    found.is_some()
}

/// The other run of a pair.
fn other(text: &str, run: &Run, contrasted: &Contrasted) -> Result<Run, TextError> {
    Ok(match &contrasted.contrast.beginning {
        Beginning::Without(rules) => run.ablated(*rules).run,
        Beginning::With(feature) => varied(text, run, Variant::Toggle(*feature))?,
        Beginning::Seed(seed) => varied(text, run, Variant::Seed(*seed))?,
        Beginning::Do(line) => {
            let mut run = run.clone();
            let (position, at) = contrasted.place;
            run.go_to_instant(position, at);
            let mut replay = run.begin_acted(&action(line)?);
            while !replay.go_on(&run, u64::MAX) {}
            run.end_replay(replay);
            run
        }
    })
}

fn varied(text: &str, run: &Run, different: Variant) -> Result<Run, TextError> {
    let (run, _) = play(&variant(text, run.setup(), different))?;
    Ok(run)
}
