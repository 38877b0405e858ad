//! Chaos is sound, the same again, and notices what does not recover.

use raft_core::Rule;

use super::*;
use crate::digest::Digest;

const LENGTH: Micros = Micros::from_secs(5);

#[test]
fn runs_of_chaos_are_sound_and_the_same_again() {
    let mut kinds = BTreeSet::new();
    for seed in 1..=12 {
        let chaos = play(seed, LENGTH, RuleSet::EMPTY);
        assert_eq!(chaos.end, End::Sound, "seed {seed}");
        assert!(chaos.mended.is_some_and(|(faults, _)| faults > 10));
        let again = play(seed, LENGTH, RuleSet::EMPTY);
        assert_eq!(chaos.trial.world(), again.trial.world(), "seed {seed}");
        let run = as_run(&chaos.setup, &chaos.trial).expect("not too many events");
        assert_eq!(run.world(), chaos.trial.world(), "seed {seed}");
        kinds.insert(Digest::of(&chaos.kinds));
    }
    assert!(kinds.len() >= 11, "the swarms do not differ");
}

#[test]
fn a_cluster_that_gives_no_votes_does_not_recover() {
    let without: RuleSet = [Rule::named("RV2").expect("a rule")].into_iter().collect();
    let stuck = (1..=6).filter(|seed| {
        let end = play(*seed, LENGTH, without).end;
        matches!(end, End::Stuck(_))
    });
    assert!(stuck.count() >= 4);
}

/// As few servers as a majority of the three voters has, and not the one that leads, though
/// two servers more are there.
#[test]
fn the_quorum_is_as_small_as_it_can_be() {
    let setup = Setup {
        servers: 5,
        voters: Some(3),
        ..Setup::default()
    };
    let mut trial = Trial::new(&setup);
    trial.act(&Action::Timeout(NodeId(2))).expect("it can");
    trial.pass_to(Micros::from_millis(100)).expect("few events");
    assert_eq!(trial.world().leader(), Some(NodeId(2)));
    assert_eq!(quorum(trial.world()), [NodeId(1), NodeId(3)].into());
}
