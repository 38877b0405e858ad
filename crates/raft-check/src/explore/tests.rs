//! What no user of the search sees: that its clusters are those of the laboratory, and that each
//! state that is left out is one of those that are looked at, with other numbers.

use std::collections::BTreeSet;

use raft_sim::random::Stream;
use raft_sim::run::Stage;
use raft_sim::setup::{Feature, Features};

use super::bounds::Bounds;
use super::path::Played;
use super::search::Search;
use super::state::{Move, Scratch, Words};
use super::tables::Tables;

/// All that can happen next, learning what is missing.
fn next(tables: &mut Tables, state: &[u32]) -> Vec<(Move, Words, usize)> {
    let mut scratch = Scratch::default();
    loop {
        let mut found = Vec::new();
        let done = tables.expand(state, &mut scratch, |outcome| {
            let (words, permutation) = outcome.next.expect("nothing is ablated");
            found.push((outcome.choice, words.to_vec(), permutation));
        });
        match done {
            Ok(()) => return found,
            Err(missing) => tables.learn(missing),
        }
    }
}

fn many() -> Bounds {
    Bounds {
        terms: 3,
        commands: 3,
        crashes: 2,
        copies: Some(3),
        snapshots: 2,
        reads: 3,
        transfers: 2,
        changes: 3,
        ..Bounds::default()
    }
}

/// Every step of a random walk is done to the laboratory too, and each server of it is then as
/// the search has it: the search looks at the laboratory's own clusters.
#[test]
fn walks_are_what_the_laboratory_does() {
    let features = [
        Features::default(),
        [Feature::NoOp, Feature::Pipelining].into(),
        [Feature::PreVote, Feature::SnapshotChunks].into(),
    ];
    let mut crashed = 0;
    for (number, features) in features.into_iter().cycle().take(30).enumerate() {
        let bounds = Bounds {
            features,
            symmetry: false,
            voters: (number % 2 == 1).then_some(2),
            ..many()
        };
        let mut draw = Stream::new(number as u64, "walk", 0, 0);
        let (mut tables, mut state) = Tables::new(&bounds);
        let mut played = Played::new(&bounds, 60).expect("it begins");
        for step in 0..60 {
            let mut all = next(&mut tables, &state);
            if all.is_empty() {
                break;
            }
            let place = usize::try_from(draw.seed() % all.len() as u64).expect("few");
            let (choice, words, _) = all.swap_remove(place);
            let choice = tables.told(choice, |id| id);
            let done = played.play(&choice);
            assert!(
                done.is_ok(),
                "walk {number}, step {step}: {choice:?}: {done:?}"
            );
            state = words;
            let world = played.trial.world();
            for (real, ours) in world.servers().iter().zip(tables.servers_of(&state)) {
                let seen = |node: &raft_sim::server::ServerNode| {
                    let part = std::mem::discriminant(node.role());
                    let at = (node.commit_index(), node.last_applied());
                    (
                        node.hard_state(),
                        node.log().clone(),
                        at,
                        part,
                        node.leader(),
                    )
                };
                let (real, ours) = (real.node(), ours.node());
                crashed += u32::from(real.is_none());
                assert_eq!(real.map(seen), ours.map(seen), "walk {number}, step {step}");
            }
        }
        assert!(played.trial.world().checker().violations().is_empty());
    }
    assert!(crashed > 0, "some server crashes");
}

/// As many states are found without symmetry as the found ones stand for with it, level by level.
#[test]
fn each_state_stands_for_all_that_differ_in_numbers() {
    let small = [
        Bounds {
            terms: 1,
            ..Bounds::default()
        },
        Bounds {
            commands: 0,
            crashes: 1,
            copies: None,
            ..Bounds::default()
        },
        Bounds {
            servers: 4,
            terms: 1,
            commands: 0,
            copies: None,
            ..Bounds::default()
        },
    ];
    for bounds in small {
        let plain = Bounds {
            symmetry: false,
            ..bounds.clone()
        };
        let (mut with, mut without) = (Search::new(&bounds), Search::new(&plain));
        let mut image = Words::new();
        while !with.level.is_empty() {
            let mut stands_for = 0;
            for place in 0..with.level.len() {
                let state = with.level.get(place);
                let mut all = BTreeSet::new();
                for permutation in 0..with.tables.permutations.len() {
                    with.tables.image(state, permutation, &mut image);
                    all.insert(image.clone());
                }
                stands_for += all.len();
            }
            assert_eq!(
                stands_for,
                without.level.len(),
                "{bounds:?} at {}",
                with.depth
            );
            for search in [&mut with, &mut without] {
                let all = 0..search.level.len();
                assert!(search.portion(all, 1).is_none(), "nothing is ablated");
                search.descend();
            }
            // A test of a moment: levels of the largest are cut off.
            if without.level.len() > 20_000 {
                break;
            }
        }
    }
}

/// No state is taken for another: a search that keeps whole states finds as many.
#[test]
fn fingerprints_hide_nothing() {
    let bounds = Bounds {
        commands: 0,
        ..Bounds::default()
    };
    let mut search = Search::new(&bounds);
    let mut seen = BTreeSet::from([search.first.clone()]);
    let mut level = vec![search.first.clone()];
    while !level.is_empty() && seen.len() < 20_000 {
        let all = 0..search.level.len();
        assert!(search.portion(all, 1).is_none(), "nothing is ablated");
        search.descend();
        let mut below = Vec::new();
        for state in &level {
            for (_, words, _) in next(&mut search.tables, state) {
                if seen.insert(words.clone()) {
                    below.push(words);
                }
            }
        }
        let found: Vec<&[u32]> = (0..search.level.len())
            .map(|at| search.level.get(at))
            .collect();
        assert_eq!(found, below, "at depth {}", search.depth);
        level = below;
    }
}

/// What can be sent without a change counts as sent: the servers come to the same, whether that is
/// so or each message is sent first, and whatever is promised.
#[test]
fn what_counts_as_sent_could_have_been_sent() {
    let bounds = [
        Bounds {
            terms: 1,
            copies: None,
            ..Bounds::default()
        },
        Bounds {
            commands: 0,
            copies: None,
            ..Bounds::default()
        },
        Bounds {
            servers: 2,
            copies: None,
            crashes: 1,
            ..Bounds::default()
        },
    ];
    for bounds in bounds {
        let come_to = |saturates: bool| {
            let mut search = Search::new(&bounds);
            search.tables.saturates = saturates;
            let mut stood = BTreeSet::new();
            let mut states = 0;
            while !search.level.is_empty() {
                for place in 0..search.level.len() {
                    let state = search.level.get(place);
                    let standing = search.tables.standing(state);
                    let digests = search.tables.digests(standing);
                    stood.insert(digests);
                }
                states += search.level.len();
                let all = 0..search.level.len();
                assert!(search.portion(all, 1).is_none(), "nothing is ablated");
                search.descend();
            }
            (stood, states)
        };
        let (with, without) = (come_to(true), come_to(false));
        assert_eq!(with.0, without.0, "{bounds:?}");
        assert!(with.1 < without.1, "it leaves states out");
    }
}
