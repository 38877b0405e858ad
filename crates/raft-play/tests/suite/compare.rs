//! Undo, names of branches, and what is found where two branches differ: held against comparing all
//! servers after every instant.

use std::collections::BTreeSet;

use raft_core::{Role, Rule, RuleSet};
use raft_play::variant::{Variant, variant};
use raft_play::{act_line, open, save, save_branch, text};
use raft_sim::change::role_name;
use raft_sim::run::Comparing;
use raft_sim::setup::Feature;
use raft_sim::{Micros, Run, Setup};

const FIGURE_8: &str = include_str!("../../../../playbooks/seeds/08-figure8-2c.raft");

fn typed(run: &mut Run, line: &str) {
    run.begin_act(line);
    act_line(run, line).expect("it can be done");
}

fn place(run: &Run) -> (usize, u64, Micros, u64, usize) {
    let now = run.world().now();
    (
        run.current_branch(),
        run.position(),
        now,
        run.digest(),
        run.branches().len(),
    )
}

#[test]
fn undo_goes_back_to_before_each_act_and_redo_forward_again() {
    let mut run = open(FIGURE_8).expect("it plays");
    let mut places = vec![(place(&run), save(&run))];
    let mut done = |run: &mut Run, line: &str| {
        typed(run, line);
        places.push((place(run), save(run)));
    };
    done(&mut run, "propose S5 z");
    done(&mut run, "crash S2");
    // What only lets time pass is no act.
    run.begin_act("expect leader = S5");
    act_line(&mut run, "expect leader = S5").expect("it leads");
    assert_eq!((run.undoable(), run.redoable()), (Some("crash S2"), None));
    for (there, text) in places.iter().rev().skip(1) {
        assert!(run.undo());
        assert_eq!((place(&run), save(&run)), (*there, text.clone()));
    }
    assert!(!run.undo());
    assert_eq!(
        (run.undoable(), run.redoable()),
        (None, Some("propose S5 z"))
    );
    for (there, text) in &places[1..] {
        assert!(run.redo());
        assert_eq!((place(&run), save(&run)), (*there, text.clone()));
    }
    assert!(!run.redo());
    assert_eq!((run.undoable(), run.redoable()), (Some("crash S2"), None));
    // In the past an act starts a branch; undone, there is none, and one stands where one stood.
    run.go_to(20);
    let before = place(&run);
    typed(&mut run, "crash S1");
    run.advance(Micros::from_millis(50)).expect("few events");
    let after = place(&run);
    assert_eq!(run.branches().len(), 2);
    assert!(run.undo());
    assert_eq!(place(&run), before);
    assert!(run.redo());
    assert_eq!(place(&run), after);
    assert!(run.undo());
    typed(&mut run, "crash S3");
    assert_eq!(
        run.redoable(),
        None,
        "what was undone gives way to what is done instead"
    );
}

#[test]
fn taking_a_rule_away_and_removing_a_branch_are_undone() {
    let mut run = open(FIGURE_8).expect("it plays");
    run.go_to(30);
    let before = place(&run);
    run.begin_act("");
    run.replay_ablated([Rule::CommitOwnTermOnly].into_iter().collect());
    typed(&mut run, "crash S2");
    run.switch_branch(1);
    run.go_to(12);
    typed(&mut run, "crash S4");
    assert_eq!(
        run.branches().len(),
        3 - usize::from(run.current_branch() == 1)
    );
    let all = place(&run);
    let parents: Vec<_> = run.branches().iter().map(|one| one.parent()).collect();
    run.begin_act("");
    assert!(run.remove_branch(1));
    assert_eq!(run.branches().len(), all.4 - 1);
    for branch in run.branches() {
        let parent = branch.parent().map_or(0, |(parent, _)| parent);
        assert!(parent < run.branches().len());
    }
    assert!(!run.remove_branch(0), "the run itself stays");
    assert!(run.undo());
    assert_eq!(place(&run), all);
    let again: Vec<_> = run.branches().iter().map(|one| one.parent()).collect();
    assert_eq!(again, parents);
    while run.undo() {}
    assert_eq!(place(&run), before);
}

#[test]
fn the_name_of_a_branch_is_saved_with_it() {
    let mut run = open(FIGURE_8).expect("it plays");
    run.go_to(20);
    typed(&mut run, "crash S1");
    run.begin_act("");
    run.name_branch(1, "  S1 is  gone ");
    let text = save(&run);
    let back = open(&text).expect("it plays");
    assert_eq!(back.branches()[0].name(), "S1 is gone");
    assert_eq!(back.digest(), run.digest());
    assert_eq!(save_branch(&run, 0).as_deref(), Some(FIGURE_8));
    assert!(run.undo());
    assert!(!save(&run).contains("branch "));
    // What leaves a named branch has no name, though it is told by the same text.
    let mut back = open(&text).expect("it plays");
    back.go_to(5);
    typed(&mut back, "crash S3");
    assert!(!save(&back).contains("branch "));
}

/// By server: role, term, vote, log, commit index, and what a leader knows of the others, as text.
fn seen(run: &Run) -> Vec<[String; 6]> {
    let servers = run.world().servers().iter();
    let seen = |server: &raft_sim::server::Server| {
        let image = &server.disk.image;
        let Some(running) = server.running() else {
            let log = format!(
                "{:?} {:?}",
                image.snapshot.last_included_index, image.entries
            );
            let (term, vote) = (image.hard_state.current_term, image.hard_state.voted_for);
            return [
                "crashed".to_owned(),
                term.to_string(),
                format!("{vote:?}"),
                log,
                String::new(),
                String::new(),
            ];
        };
        let node = &running.node;
        let hard = node.hard_state();
        let log = node.log();
        let log = format!(
            "{:?} {:?}",
            log.snapshot().last_included_index,
            log.entries()
        );
        [
            format!("{} {}", running.paused, role_name(node.role())),
            hard.current_term.to_string(),
            format!("{:?}", hard.voted_for),
            log,
            node.commit_index().to_string(),
            match node.role() {
                Role::Leader(leader) => {
                    let known = leader.progress.iter();
                    let known = known.map(|(_, known)| (known.next_index, known.match_index));
                    format!("{:?}", known.collect::<Vec<_>>())
                }
                Role::Follower(_) | Role::PreCandidate(_) | Role::Candidate(_) => String::new(),
            },
        ]
    };
    servers.map(seen).collect()
}

const FIELDS: [&[&str]; 6] = [
    &["state", "role"],
    &["currentTerm"],
    &["votedFor"],
    &["log", "lastIndex", "lastIncludedIndex"],
    &["commitIndex", "lastApplied"],
    &["nextIndex", "matchIndex"],
];

type Begins = Vec<(Micros, BTreeSet<(u16, usize)>)>;

/// Where the two begin to differ, by looking at everything at every instant.
fn by_looking(one: &Run, other: &Run) -> Begins {
    let mut sides = [one.alone(0).expect("one"), other.alone(0).expect("one")];
    let end = sides[0].end_at().min(sides[1].end_at());
    let times = sides
        .iter()
        .flat_map(|side| side.events().iter().map(|event| event.at));
    let times: BTreeSet<Micros> = times.filter(|at| *at <= end).collect();
    let mut before = BTreeSet::new();
    let mut found = Vec::new();
    for at in times {
        for side in &mut sides {
            side.go_to_time(at);
        }
        let [mine, theirs] = [seen(&sides[0]), seen(&sides[1])];
        let mut now = BTreeSet::new();
        for (id, (mine, theirs)) in (1_u16..).zip(mine.iter().zip(&theirs)) {
            for (field, (mine, theirs)) in mine.iter().zip(theirs).enumerate() {
                // A crashed server has no commit index that could differ, and who does not lead knows
                // of nobody.
                if mine != theirs && !(field >= 4 && (mine.is_empty() || theirs.is_empty())) {
                    now.insert((id, field));
                }
            }
        }
        let news: BTreeSet<_> = now.difference(&before).copied().collect();
        if !news.is_empty() {
            found.push((at, news));
        }
        before = now;
    }
    found
}

/// The same, as the page asks for one difference after the other.
fn by_searching(one: &Run, other: &Run) -> Begins {
    let mut known = [0, 0];
    let mut found = Vec::new();
    loop {
        let sides = [one.alone(0).expect("one"), other.alone(0).expect("one")];
        let mut comparing = Comparing::new(sides, known);
        let next = loop {
            if let (true, next) = comparing.go_on(50) {
                break next;
            }
        };
        let Some(next) = next else {
            return found;
        };
        assert!(next.positions[0] > known[0] || next.positions[1] > known[1]);
        known = [
            known[0].max(next.positions[0]),
            known[1].max(next.positions[1]),
        ];
        let field = |change: &raft_sim::change::Change| {
            let name = change.field.to_string();
            let name = name.split('[').next().unwrap_or_default();
            let field = FIELDS.iter().position(|names| names.contains(&name));
            (change.server.0, field.expect("a field that is compared"))
        };
        let fields: BTreeSet<_> = next.values.iter().map(field).collect();
        if !fields.is_empty() {
            found.push((next.at, fields));
        }
    }
}

#[test]
fn differences_are_those_that_looking_at_everything_finds() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../playbooks");
    let mut compared = 0;
    for folder in ["paper", "bugs", "seeds"] {
        let files = std::fs::read_dir(format!("{root}/{folder}")).expect("a folder");
        let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
        paths.sort();
        for path in paths {
            let text = std::fs::read_to_string(&path).expect("a text");
            let Ok(mut run) = open(&text) else { continue };
            if run.events().len() > 600 || text.contains("snapshot") {
                continue;
            }
            let name = path.display();
            let without: RuleSet = [Rule::CommitOwnTermOnly].into_iter().collect();
            let mut others = vec![run.ablated(without).run];
            let middle = run.events().len() as u64 / 2;
            run.go_to(middle);
            if let Some(id) = run.world().network().flights().keys().next().copied() {
                let later = text::action(&format!("delay {id} 7ms")).expect("an Action");
                let mut again = run.clone();
                let mut replay = again.begin_acted(&later);
                while !replay.go_on(&again, 100) {}
                again.end_replay(replay);
                let made = again.branches().len() - 1;
                others.push(again.alone(made).expect("it was made"));
            }
            let seed = variant(&text, run.setup(), Variant::Seed(7));
            others.extend(open(&seed).ok());
            for other in others {
                let (found, looked) = (by_searching(&run, &other), by_looking(&run, &other));
                assert_eq!(found, looked, "{name}");
                compared += looked.len();
            }
        }
    }
    assert!(compared > 200, "{compared}");
}

#[test]
fn the_first_difference_of_figure_8_is_that_the_leader_counts() {
    let text = include_str!("../../../../playbooks/bugs/l4-term-figure-8.raft");
    let without = open(text).expect("it plays");
    let with = without.ablated(RuleSet::EMPTY).run;
    let sides = [with.alone(0).expect("one"), without.alone(0).expect("one")];
    let mut comparing = Comparing::new(sides, [0, 0]);
    let (_, found) = comparing.go_on(u64::MAX);
    let found = found.expect("they differ");
    let told: Vec<_> = found
        .values
        .iter()
        .map(|change| {
            format!(
                "{} {} {} {}",
                change.server, change.field, change.before, change.after
            )
        })
        .collect();
    assert_eq!(told, ["S1 commitIndex 0 2", "S1 lastApplied 0 2"]);
    let mut beside = without.alone(0).expect("one");
    let mut run = with.alone(0).expect("one");
    run.go_to(found.positions[0]);
    beside.stand_beside(&run, 0);
    assert_eq!(beside.position(), found.positions[1]);
}

#[test]
fn a_branch_stands_before_what_happens_at_an_instant_if_the_other_does() {
    let run = open(FIGURE_8).expect("it plays");
    let beside = run.ablated(RuleSet::from_iter([Rule::CommitOwnTermOnly]));
    let mut beside = beside.run.alone(0).expect("it is there");
    let mut run = run.alone(0).expect("it is there");
    // The leader's count is the first difference; the next caption begins some time later.
    run.go_to(120);
    let next = run.event(120).expect("it is not the last").at;
    assert!(next > run.world().now());
    run.go_to_instant(120, next);
    beside.stand_beside(&run, 0);
    assert_eq!(beside.world().now(), next);
    let last = beside.event(beside.position() - 1).expect("it has begun");
    assert!(last.at < next, "{} {next}", last.at);
}

#[test]
fn a_variant_has_another_header_and_the_same_lines() {
    let run = Run::new(Setup::default());
    let text = "servers 3\nseed 4\nuse pre-vote\n\ntimeout S1\n";
    let setup = open(text).expect("it plays").setup().clone();
    let seed = open(&variant(text, &setup, Variant::Seed(9))).expect("it plays");
    assert_eq!((seed.setup().seed, seed.setup().servers), (9, 3));
    assert!(seed.setup().features.contains(&Feature::PreVote));
    let plain = open(&variant(text, &setup, Variant::Toggle(Feature::PreVote))).expect("it plays");
    assert_eq!(plain.setup().features, run.setup().features);
    let leases = variant(text, &setup, Variant::Toggle(Feature::LeaseReads));
    let leases = open(&leases).expect("it plays");
    assert!(leases.setup().features.contains(&Feature::CheckQuorum));
}

#[test]
fn what_is_alike_is_told_until_two_branches_part_and_after() {
    let mut run = open(FIGURE_8).expect("it plays");
    let whole = run.events().len() as u64;
    let rules = RuleSet::from_iter([Rule::CommitOwnTermOnly]);
    run.begin_act("without L4-term");
    run.replay_ablated(rules);
    let mut original = run.alone(0).expect("it is there");
    let mut replay = run.alone(1).expect("it is there");
    let all: Vec<_> = original
        .world()
        .servers()
        .iter()
        .map(|one| one.id)
        .collect();
    original.go_to(20);
    replay.go_to(20);
    let same = original.same_as(&replay);
    assert_eq!((same.events, &same.terms, &same.logs), (20, &all, &all));
    original.go_to(whole);
    replay.go_to(u64::MAX);
    let same = original.same_as(&replay);
    assert!((20..whole).contains(&same.events), "{same:?}");
    let terms = |id| {
        let term = |run: &Run| run.world().server(id).map(|one| one.disk.image.hard_state);
        term(&original).map(|state| state.current_term)
            == term(&replay).map(|state| state.current_term)
    };
    let expected: Vec<_> = all.iter().copied().filter(|id| terms(*id)).collect();
    assert_eq!(same.terms, expected);
}
