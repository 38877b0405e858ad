//! What a playbook promises its readers: that the run which they are to build can be built as it says, or
//! cannot, and that the runs which it compares can be told apart.

use raft_play::building::prove;
use raft_play::lesson::prove_contrasts;
use raft_play::playbook::Playbook;
use raft_play::text::TextError;
use raft_play::variant::{Variant, variant};
use raft_sim::run::Place;

/// What the run of this seed does not keep of what the playbook promises, and where it promises it.
pub(crate) fn unkept(text: &str, playbook: &Playbook, seed: u64) -> Option<(TextError, Place)> {
    let setup = &playbook.setup;
    let is_own = seed == setup.seed;
    let seeded = if is_own {
        text.to_owned()
    } else {
        variant(text, setup, Variant::Seed(seed))
    };
    let proven = prove(&seeded).and_then(|()| prove_contrasts(&seeded));
    let mut error = proven.err()?;
    let run = raft_play::open(&seeded).ok();
    let place = run.and_then(|run| {
        let mut contrasts = run.contrasts().iter();
        let contrast = contrasts.rfind(|contrast| contrast.line <= error.line);
        let contrast = contrast.map(|contrast| contrast.place);
        let build = run.build().map(|begun| begun.place);
        contrast.or(build)
    });
    let says_seed = |line: &str| line.split_whitespace().next() == Some("seed");
    if !is_own && !text.lines().any(says_seed) {
        // The line of the seed stands above all others.
        error.line -= 1;
    }
    Some((error, place.unwrap_or_default()))
}
