//! The header, the phases, the complaints, and the round trip of whole playbooks.

mod bounds;

use std::sync::Arc;

use proptest::prelude::*;
use raft_core::{NodeId, Rule};
use raft_sim::setup::{Feature, Features, Own, SEED_MAX, SERVERS_MAX, Size, Sizes};
use raft_sim::time::{Micros, MicrosRange};

use super::*;
use crate::text;

const SMALL: &str = "\
# A comment above everything.
title A small one
title.zh 小例子
source nowhere
servers 3
seed 7
election 300ms..600ms
heartbeat 50ms

caption S1 wins. # this is part of the caption
caption.zh S1 当选。
timeout S1
run 100ms   # and this is not

caption It takes a command.
propose S1 x1
";

fn parsed(text: &str) -> Playbook {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn refused(text: &str) -> TextError {
    text.parse::<Playbook>().expect_err(text)
}

#[test]
fn a_playbook_is_read_line_by_line() {
    let playbook = parsed(SMALL);
    let setup = &playbook.setup;
    assert_eq!(setup.title, "A small one");
    assert_eq!(setup.title_zh, "小例子");
    assert_eq!((setup.servers, setup.seed), (3, 7));
    assert_eq!(setup.election.to_string(), "300ms..600ms");
    assert_eq!(setup.heartbeat, Micros::from_millis(50));
    let lines: Vec<u32> = playbook.lines.iter().map(|line| line.line).collect();
    assert_eq!(lines[1..3], [12, 13]);
    assert_eq!(lines[4], 16);
    let Doing::Phase {
        caption,
        caption_zh,
    } = &playbook.lines[0].doing
    else {
        panic!("the first line is a phase");
    };
    assert_eq!(caption, "S1 wins. # this is part of the caption");
    assert_eq!(caption_zh, "S1 当选。");
}

#[test]
fn an_empty_text_is_the_usual_cluster() {
    let playbook = parsed("");
    assert_eq!(playbook.setup, Setup::default());
    assert_eq!((playbook.setup.servers, playbook.setup.seed), (5, 1));
    assert!(playbook.lines.is_empty());
    assert_eq!(parsed("\u{feff}servers 2\r\nstep\r\n").setup.servers, 2);
}

#[test]
fn complaints_name_the_line() {
    let cases = [
        ("step\nservers 3", 2, 1, "run has already started"),
        ("seed 1\nseed 2", 2, 1, "twice"),
        ("servers 10", 1, 9, "outside 1 to 9"),
        ("servers", 1, 8, "ends where a number"),
        ("servers 3 4", 1, 11, "complete before"),
        ("servers 3\n\ncrash S4", 3, 7, "no server S4"),
        ("election 500us..1s", 1, 10, "too short"),
        ("heartbeat 0ms", 1, 11, "too short"),
        ("caption.zh 没有", 1, 1, "no English caption"),
        (
            "caption x\nstep\ncaption.zh 晚了",
            3,
            1,
            "no English caption",
        ),
        (
            "caption x\ncaption.zh 一\ncaption.zh 二",
            3,
            1,
            "no English caption",
        ),
        ("titel x", 1, 1, "not allowed here"),
        ("  stepp", 1, 3, "not allowed here"),
    ];
    for (text, line, column, words) in cases {
        let error = refused(text);
        assert_eq!((error.line, error.column), (line, column), "{error}");
        assert!(error.message.contains(words), "{error}");
    }
    assert_eq!(refused("titel x").remedy, "Did you mean “title”?");
}

#[test]
fn a_playbook_is_bounded() {
    assert!(
        refused(&"#".repeat(TEXT_BYTES_MAX + 1))
            .message
            .contains("longer")
    );
    let error = refused(&"propose S1 y1..y10000\n".repeat(11));
    assert_eq!(error.line, 11);
    assert!(error.message.contains("commands"));
}

#[test]
fn what_is_printed_reads_the_same() {
    let playbook = parsed(SMALL);
    let again = parsed(&playbook.to_string());
    assert_eq!(without_lines(&again), without_lines(&playbook));
    assert_eq!(again.to_string(), playbook.to_string());
    // Free text that came from elsewhere cannot break out of its line.
    let mut odd = playbook;
    odd.setup.title = " two\nlines ".to_owned();
    assert_eq!(parsed(&odd.to_string()).setup.title, "two lines");
}

/// The playbook as if every Action stood on line 0.
fn without_lines(playbook: &Playbook) -> Playbook {
    let mut playbook = playbook.clone();
    forget_lines(std::sync::Arc::<Vec<_>>::make_mut(&mut playbook.lines));
    playbook
}

fn forget_lines(statements: &mut [Statement]) {
    for statement in statements {
        statement.line = 0;
        match &mut statement.doing {
            Doing::Repeat { body, .. }
            | Doing::Concurrently(body)
            | Doing::InTurn(body)
            | Doing::Meanwhile(body) => forget_lines(Arc::make_mut(body).as_mut_slice()),
            Doing::Chance {
                body, otherwise, ..
            }
            | Doing::If {
                body, otherwise, ..
            } => {
                forget_lines(Arc::make_mut(body).as_mut_slice());
                forget_lines(Arc::make_mut(otherwise).as_mut_slice());
            }
            _ => {}
        }
    }
}

fn words() -> impl Strategy<Value = String> {
    "[a-z#“” 一二三]{0,20}".prop_map(|text| text.trim().to_owned())
}

fn timer() -> impl Strategy<Value = Micros> {
    (1_000..=86_400_000_000_u64).prop_map(Micros)
}

fn sizes() -> impl Strategy<Value = Sizes> {
    let size = (
        prop::sample::select(Size::ALL.to_vec()),
        1..=text::NUMBER_MAX,
    );
    prop::collection::vec(size, 0..4).prop_map(|list| {
        let mut sizes = Sizes::default();
        for (size, to) in list {
            sizes.set(size, Some(to));
        }
        sizes
    })
}

fn own() -> impl Strategy<Value = Vec<(NodeId, Own)>> {
    let features = prop::option::of(prop_oneof![
        Just(Features::default()),
        Just(Features::from([Feature::PreVote, Feature::NoOp])),
    ]);
    let election = prop::option::of(timer().prop_map(MicrosRange::fixed));
    let own = (election, prop::option::of(timer()), sizes(), features);
    let own = own.prop_map(|(election, heartbeat, sizes, features)| Own {
        election,
        heartbeat,
        sizes,
        features,
    });
    prop::collection::btree_map(1..=u16::from(SERVERS_MAX), own, 0..4).prop_map(|all| {
        let said = |(_, own): &(NodeId, Own)| *own != Own::default();
        let all = all.into_iter().map(|(id, own)| (NodeId(id), own));
        all.filter(said).collect()
    })
}

fn setup() -> impl Strategy<Value = Setup> {
    let texts = (words(), words(), words());
    let times = (timer(), timer(), timer());
    let ablated = prop::collection::vec(prop::sample::select(Rule::ALL), 0..3);
    let rest = (sizes(), own(), ablated);
    (texts, times, 0..=SEED_MAX, rest).prop_map(|(texts, times, seed, rest)| {
        let (some_sizes, own, ablated) = rest;
        let (title, title_zh, source) = texts;
        let (a, b, heartbeat) = times;
        Setup {
            clients: u8::try_from(seed % 10).unwrap_or(0),
            sessions: seed % 4 > 0,
            title,
            title_zh,
            branch: String::new(),
            source,
            minutes: (seed % 4 == 1).then_some(seed % 600 + 1),
            see: if seed % 4 == 1 {
                ["seeds/a.raft", "paper/b.raft"].map(str::to_owned).into()
            } else {
                Vec::new()
            },
            then: "build/c.raft".to_owned(),
            servers: SERVERS_MAX,
            labels: if seed % 5 == 0 {
                ["leader", "(a)", "(b)"].map(str::to_owned).into()
            } else {
                Vec::new()
            },
            voters: (seed % 3 == 0).then_some(5),
            seed,
            election: MicrosRange::between(a.min(b), a.max(b)),
            heartbeat,
            snapshot_every: (seed % 2 == 0).then_some(seed.clamp(2, 1000)),
            features: Feature::ALL
                .into_iter()
                .take(usize::from(seed % 5 > 0) * Feature::ALL.len())
                .collect(),
            sizes: some_sizes,
            own,
            ablated: ablated.into_iter().collect(),
        }
    })
}

fn line() -> impl Strategy<Value = Statement> {
    let doing = prop_oneof![
        text::tests::any_action().prop_map(Doing::Action),
        (words(), words()).prop_map(|(caption, caption_zh)| Doing::Phase {
            caption,
            caption_zh
        }),
    ];
    doing.prop_map(|doing| Statement { line: 0, doing })
}

proptest! {
    #[test]
    fn every_playbook_parses_back(setup in setup(), lines in prop::collection::vec(line(), 0..12)) {
        let playbook = Playbook { setup, lines: lines.into() };
        let text = playbook.to_string();
        let again = text.parse::<Playbook>();
        prop_assert_eq!(again.as_ref().map(without_lines), Ok(playbook), "{}", text);
    }

    #[test]
    fn any_text_is_answered(text: String, lines in prop::collection::vec(".{0,30}", 0..8)) {
        let _ = text.parse::<Playbook>();
        let _ = lines.join("\n").parse::<Playbook>();
    }
}
