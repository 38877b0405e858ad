//! A hundred random runs of a simulated minute under faults of all kinds: Raft promises safety
//! under all of them (§2, §5), so no invariant breaks; once a quorum is repaired, commands are
//! applied again; and a run replayed gives the same events.

use raft_check::swarm::{self, End};
use raft_core::{NodeId, Role, Rule, RuleSet};
use raft_play::{open, save};
use raft_sim::action::ServerAction;
use raft_sim::fact::Fact;
use raft_sim::run::{RoleKind, Span, Stage};
use raft_sim::{Action, EventKind, Micros, Run};

const RUNS: u64 = 100;

/// How long random faults last before the recovery.
pub(crate) fn random_run(seed: u64, length: Micros, ablated: RuleSet) -> Run {
    let chaos = swarm::play(seed, length, ablated);
    chaos.run().expect("few events")
}

#[test]
fn a_hundred_random_minutes_break_nothing_and_are_recovered_from() {
    let mut committed = 0;
    for seed in 0..RUNS {
        let chaos = swarm::play(seed, Micros::from_secs(60), RuleSet::EMPTY);
        assert_eq!(chaos.end, End::Sound, "seed {seed}");
        let applied = |server: &raft_sim::server::Server| {
            server.node().map_or(0, |node| node.last_applied().0)
        };
        let servers = chaos.trial.world().servers().iter();
        committed += servers.map(applied).max().unwrap_or(0);
    }
    // Runs in which nothing is ever committed would prove nothing.
    assert!(
        committed > RUNS * 50,
        "only {committed} entries were applied"
    );
}

/// A cluster without a rule may go wrong, but it neither panics nor gets
/// stuck, and a second run is the same.
#[test]
fn any_rule_can_be_taken_away() {
    for rule in Rule::ALL {
        let ablated: RuleSet = [*rule].into_iter().collect();
        let run = random_run(7, Micros::from_secs(20), ablated);
        let noted = |event: raft_sim::Event| event.rules.contains(rule);
        assert!(
            !run.events().iter().any(noted),
            "{rule:?} acts all the same"
        );
        let again = open(&save(&run)).expect("a saved run is a playbook");
        assert_eq!(run.digest(), again.digest(), "{rule:?}");
    }
}

/// The same Actions under the same rules give the same run; under other rules they
/// give a different one, and an Action that is not possible does not stop it.
#[test]
fn a_run_is_played_again_under_other_rules() {
    let (mut broken, mut changed) = (0, 0);
    for seed in 0..20 {
        let run = random_run(seed, Micros::from_secs(10), RuleSet::EMPTY);
        let again = run.ablated(RuleSet::EMPTY);
        assert_eq!(again.left_out, 0, "seed {seed}");
        assert_eq!(again.run.digest(), run.digest(), "seed {seed}");
        let other = run.ablated([Rule::WinElection].into_iter().collect()).run;
        assert!(other.setup().ablated.contains(Rule::WinElection));
        changed += usize::from(other.digest() != run.digest());
        broken += usize::from(!other.world().checker().violations().is_empty());
    }
    // Within ten seconds there may be no leader at all.
    assert!(
        changed >= 15,
        "only {changed} runs change without a majority"
    );
    assert!(broken >= 5, "only {broken} runs break without a majority");
}

#[test]
fn a_saved_run_replays_to_the_same_events() {
    for seed in 0..20 {
        let run = random_run(seed, Micros::from_secs(5), RuleSet::EMPTY);
        let again = open(&save(&run)).expect("a saved run is a playbook");
        assert_eq!(run.digest(), again.digest(), "seed {seed}");
        assert_eq!(run.world(), again.world(), "seed {seed}");
    }
}

#[test]
fn every_instant_is_reached_again_as_it_was() {
    let mut run = random_run(3, Micros::from_secs(5), RuleSet::EMPTY);
    let end = run.position();
    let mut worlds = Vec::new();
    run.go_to(0);
    while run.position() < end {
        worlds.push(run.world().clone());
        assert_eq!(run.step(), Ok(true));
    }
    for position in (0..end).rev() {
        assert!(run.step_back());
        let place = usize::try_from(position).expect("few events");
        assert_eq!(run.world().now(), worlds[place].now());
        assert_eq!(run.world(), &worlds[place], "at {position}");
    }
}

/// What the lanes say of an instant is what the world is then, in a branch as in what it left.
#[test]
fn lanes_are_what_the_servers_were() {
    let mut run = random_run(5, Micros::from_secs(5), RuleSet::EMPTY);
    lanes_agree(&mut run);
    // Right before something changes, of which the branch knows nothing.
    let changes = run.lanes().iter().flatten().map(|span| span.position);
    let last = changes.max().expect("something changes");
    run.go_to(last - 1);
    run.act(&Action::Server(ServerAction::Crash(NodeId(1))))
        .or_else(|_| run.act(&Action::Server(ServerAction::Restart(NodeId(1)))))
        .expect("it is up or down");
    run.advance(Micros::from_secs(2)).expect("few events");
    assert_eq!(run.branches().len(), 2);
    lanes_agree(&mut run);
}

/// Each message between servers that is lost is told of by an event of its own, or as lost in the course of
/// another one; also in a branch, which knows what its parent had lost by then.
#[test]
fn every_loss_is_told_once() {
    let mut in_course = 0;
    for seed in 1..=12 {
        let mut run = random_run(seed, Micros::from_secs(5), RuleSet::EMPTY);
        losses_agree(&mut run);
        in_course += run.struck().len();
        run.go_to(run.position() / 2);
        run.act(&Action::Server(ServerAction::Crash(NodeId(1))))
            .or_else(|_| run.act(&Action::Server(ServerAction::Restart(NodeId(1)))))
            .expect("it is up or down");
        losses_agree(&mut run);
    }
    assert!(in_course > 0, "chaos drops messages that are under way");
}

fn losses_agree(run: &mut Run) {
    let end = run.position();
    let mut facts = Vec::new();
    run.go_to(0);
    while run.position() < end {
        assert_eq!(run.step(), Ok(true));
        let event = run.position() - 1;
        facts.extend(run.world().facts().iter().filter_map(|fact| {
            let Fact::Lost(loss) = fact else { return None };
            let rpc = loss.letter.rpc()?;
            Some((event, loss.cause, rpc.from, rpc.to))
        }));
    }
    let told = run.events().iter().filter_map(|event| {
        let EventKind::Lost(_, letter, _) = &event.kind else {
            return None;
        };
        let rpc = letter.rpc()?;
        Some((event.number, event.cause?, rpc.from, rpc.to))
    });
    let struck = run.struck().iter();
    let struck = struck.map(|struck| (struck.event, struck.cause, struck.from, struck.to));
    let mut told: Vec<_> = told.chain(struck).collect();
    told.sort_by_key(|(event, ..)| *event);
    facts.sort_by_key(|(event, ..)| *event);
    assert_eq!(told, facts);
}

fn lanes_agree(run: &mut Run) {
    let end = run.position();
    let branch = run.branches().last().expect("there is one");
    let lanes: Vec<Vec<Span>> = branch.lanes().iter().map(<[Span]>::to_vec).collect();
    assert!(lanes.iter().any(|lane| lane.len() > 2), "something changes");
    for lane in &lanes {
        let is_in_order = lane.is_sorted_by(|one, next| one.position < next.position);
        assert!(is_in_order, "{lane:?}");
    }
    run.go_to(0);
    loop {
        for (lane, server) in lanes.iter().zip(run.world().servers()) {
            let before = |span: &&Span| span.position <= run.position();
            let last = lane.iter().rev().find(before).expect("each has a first");
            let found = server.node().map(|node| {
                let role = match node.role() {
                    Role::Follower(_) => RoleKind::Follower,
                    Role::PreCandidate(_) | Role::Candidate(_) => RoleKind::Candidate,
                    Role::Leader(_) => RoleKind::Leader,
                };
                (node.hard_state().current_term, role)
            });
            let told = last.standing.map(|is| (is.term, is.role));
            assert_eq!(told, found, "{} after {}", server.id, run.position());
        }
        if run.position() == end {
            return;
        }
        assert_eq!(run.step(), Ok(true));
    }
}
