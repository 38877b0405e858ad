//! A run can be gone through in every direction, and nothing of it is lost.

use raft_core::Rule;
use raft_play::{act_line, open, save, text};
use raft_sim::run::Aim;
use raft_sim::{Micros, Run, Setup};

fn act(run: &mut Run, action: &str) {
    let action = text::action(action).expect("an Action");
    run.act(&action).expect("it can be done");
}

fn elected() -> Run {
    let mut run = Run::new(Setup::default());
    act(&mut run, "timeout S1");
    act(&mut run, "run 300ms");
    run
}

#[test]
fn acting_in_the_past_starts_a_branch_and_keeps_the_other() {
    let mut run = elected();
    let (digest, length) = (run.digest(), run.events().len());
    run.go_to(5);
    act(&mut run, "crash S1");
    assert_eq!(run.current_branch(), 1);
    assert_eq!(run.branches()[1].parent(), Some((0, 5)));
    assert_eq!(run.events().len(), 6);
    act(&mut run, "run 2s");
    assert_ne!(run.digest(), digest);
    run.switch_branch(0);
    assert_eq!(run.digest(), digest);
    assert_eq!(run.events().len(), length);
}

#[test]
fn letting_time_pass_in_the_past_starts_none() {
    let mut run = elected();
    let digest = run.digest();
    run.go_to(0);
    act(&mut run, "step 3");
    act(&mut run, "run 10ms");
    assert_eq!(run.branches().len(), 1);
    assert_eq!(run.digest(), digest);
}

#[test]
fn a_refused_action_changes_nothing() {
    let mut run = elected();
    run.go_to(4);
    let before = run.clone();
    for refused in [
        "restart S1",
        "resume S2",
        "drop M9999",
        "rewrite S1 delete 1",
    ] {
        let action = text::action(refused).expect("an Action");
        assert!(run.act(&action).is_err(), "{refused}");
    }
    assert_eq!(run.world(), before.world());
    assert_eq!(run.branches().len(), 1);
    assert_eq!(run.digest(), before.digest());
}

#[test]
fn a_time_between_two_events_can_be_gone_to_and_acted_in() {
    let mut run = elected();
    run.go_to_time(Micros::from_millis(50));
    assert_eq!(run.world().now(), Micros::from_millis(50));
    act(&mut run, "crash S2");
    let event = run.events().last().expect("the crash");
    assert_eq!(event.at, Micros::from_millis(50));
}

#[test]
fn changes_are_those_of_the_last_event_wherever_one_comes_from() {
    let mut run = elected();
    run.go_to(0);
    while run.position() < run.events().len() as u64 {
        assert_eq!(run.step(), Ok(true));
        let stepped = run.changes();
        let last = run.position() - 1;
        assert_eq!(stepped, run.changes_of(last), "event {last}");
        let position = run.position();
        run.go_to(position);
        assert_eq!(stepped, run.changes(), "event {last}");
    }
}

#[test]
fn every_phase_of_a_playbook_can_be_gone_to() {
    let mut run = open(include_str!(
        "../../../../playbooks/seeds/06-test-backup.raft"
    ))
    .expect("it plays");
    let phases = run.phases().to_vec();
    for phase in phases {
        run.go_to_instant(phase.position, phase.at);
        assert_eq!(
            (run.position(), run.world().now()),
            (phase.position, phase.at)
        );
    }
}

#[test]
fn a_vain_search_for_an_event_of_note_leaves_the_run_as_it_was() {
    let mut run = elected();
    act(&mut run, "run 1s");
    let (world, digest, end) = (run.world().clone(), run.digest(), run.end_at());
    assert!(!run.to_next(Aim::Note, Micros::from_secs(5)));
    assert_eq!(run.world(), &world);
    assert_eq!((run.digest(), run.end_at()), (digest, end));
}

/// A saved branch must be that branch, not its parent with other events.
#[test]
fn a_saved_branch_of_a_playbook_opens_as_itself() {
    let text = include_str!("../../../../playbooks/seeds/06-test-backup.raft");
    for position in [0, 3, 30, 60, 110, 150, 181, 240] {
        let mut run = open(text).expect("it plays");
        run.go_to(position);
        act(&mut run, "propose S2 other");
        act(&mut run, "run 3s");
        let again = open(&save(&run)).expect("a saved run is a playbook");
        assert_eq!(again.digest(), run.digest(), "forked at {position}");
        let told = again.phases().iter();
        let told: Vec<_> = told.filter(|phase| !phase.caption.is_empty()).collect();
        assert!(told.into_iter().eq(run.phases()), "forked at {position}");
    }
}

#[test]
fn acting_in_a_quiet_time_already_seen_saves_as_it_was() {
    let mut run = Run::new(Setup::default());
    act(&mut run, "run 400ms");
    run.go_to_time(Micros::from_millis(100));
    act(&mut run, "timeout S1");
    assert_eq!(run.end_at(), Micros::from_millis(100));
    let again = open(&save(&run)).expect("a saved run is a playbook");
    assert_eq!(again.digest(), run.digest());
}

#[test]
fn a_run_that_would_grow_too_long_stays_where_it_was() {
    let mut run = elected();
    act(&mut run, "latency 0us");
    let (world, length) = (run.world().clone(), run.events().len());
    let day = text::action("run 86400s").expect("an Action");
    assert!(run.act(&day).is_err());
    assert_eq!(run.world(), &world);
    assert_eq!(run.events().len(), length);
}

#[test]
fn days_of_silence_are_saved_within_the_bounds_of_the_language() {
    let mut run = Run::new(Setup {
        servers: 1,
        ..Setup::default()
    });
    act(&mut run, "crash S1");
    act(&mut run, "run 86400s");
    act(&mut run, "run 86400s");
    assert!(open(&save(&run)).is_ok());
}

/// What a server says because of an Action is said by that Action's event.
#[test]
fn reads_and_transfers_act_at_once() {
    let mut run = elected();
    act(&mut run, "propose S1 x");
    act(&mut run, "run 300ms");
    for (action, rule) in [
        ("read S1", Rule::Heartbeat),
        ("transfer S1 S2", Rule::TransferCatchUp),
    ] {
        act(&mut run, action);
        let event = run.events().last().expect("the Action's event");
        assert!(event.rules.contains(&rule), "{action}: {:?}", event.rules);
        let sent = run.world().network().flights().values();
        assert!(
            sent.filter(|flight| flight.cause == event.number).count() > 0,
            "{action}"
        );
    }
}

#[test]
fn many_entries_changed_in_a_row_are_told_as_one() {
    let mut run = elected();
    act(&mut run, "propose S1 x1..x9");
    let fields: Vec<String> = run
        .changes()
        .into_iter()
        .map(|change| change.field.to_string())
        .collect();
    assert!(fields.contains(&"log[1..9]".to_owned()), "{fields:?}");
    let change = run
        .changes()
        .into_iter()
        .find(|change| change.field.to_string() == "log[1..9]");
    let change = change.expect("it is there");
    assert_eq!(
        (change.before.as_str(), change.after.as_str()),
        ("–", "1:x1 … 1:x9")
    );
    act(&mut run, "rewrite S1 entry 2 1:odd");
    let mut changes = run.changes().into_iter();
    assert!(changes.any(|change| change.field.to_string() == "log[2]"));
    act(&mut run, "rewrite S1 truncate 4");
    let changes = run.changes();
    assert!(!changes.is_empty());
    for change in changes {
        assert_eq!(change.log_length_before, 9, "{}", change.field);
    }
}

/// Whatever was proposed can be read again: `*:70000` is written out where a run is saved.
#[test]
fn a_run_with_a_long_proposal_is_read_again() {
    let text = "servers 3\ntimeout S1\nrun 100ms\npropose S1 *:70000\nrun 100ms";
    let mut run = open(text).expect("a playbook");
    act_line(&mut run, "propose S1 *2:60000").expect("it leads");
    act_line(&mut run, "propose S1 \"\\u{202e}a\"").expect("it leads");
    let again = open(&save(&run)).expect("a saved run is a playbook");
    assert_eq!(run.digest(), again.digest());
}
