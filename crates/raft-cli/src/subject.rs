//! What is played: a playbook, or chaos.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use raft_check::swarm::{self, End};
use raft_core::{NodeId, Rule, RuleSet};
use raft_play::playbook::{Playbook, TEXT_BYTES_MAX};
use raft_play::script::{Doing, Player};
use raft_play::text::TextError;
use raft_sim::digest::Digest;
use raft_sim::run::{Failure, Stage, Trial, Unmet};
use raft_sim::{Micros, Run, Setup, Violation};

use crate::arguments::What;
use crate::interrupt;
use crate::output::Stop;
use crate::promises::unkept;

/// How long faults last in chaos if nothing else is typed.
pub(crate) const CHAOS_LENGTH: Micros = Micros::from_secs(20);

/// Something that can be played with many seeds.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// Its name: a path, or `chaos`.
    pub(crate) name: String,
    source: Source,
    ablated: RuleSet,
}

#[derive(Debug, Clone)]
enum Source {
    Playbook {
        text: String,
        playbook: Box<Playbook>,
    },
    Chaos {
        length: Micros,
    },
}

/// A subject that was played.
#[derive(Debug, Clone)]
pub(crate) struct Played {
    pub(crate) setup: Setup,
    pub(crate) trial: Trial,
    /// How many of its Actions were faults, and when they ended, if a recovery
    /// followed.
    pub(crate) mended: Option<(usize, Micros)>,
    /// How many expectations held.
    pub(crate) held: u64,
    pub(crate) problem: Option<Problem>,
}

/// Why it failed.
#[derive(Debug, Clone)]
pub(crate) enum Problem {
    /// A line could not be performed, or an expectation did not hold.
    Line {
        error: TextError,
        event: u64,
        at: Micros,
        is_unexpected: bool,
        /// The expectation, if it can be checked by itself.
        unmet: Option<Box<Unmet>>,
    },
    /// An invariant broke unexpectedly.
    Broken(Violation),
    /// A repaired quorum made no progress.
    Stuck { core: BTreeSet<NodeId>, event: u64 },
    /// There would be too many events.
    TooLong { event: u64 },
}

impl Problem {
    /// One word for its kind, the same in every report.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Line {
                is_unexpected: true,
                ..
            } => "expectation",
            Self::Line { .. } => "line",
            Self::Broken(violation) => violation.invariant().id(),
            Self::Stuck { .. } => "no-progress",
            Self::TooLong { .. } => "too-long",
        }
    }

    /// Whether a smaller run that fails in the same way can be searched for.
    pub(crate) const fn can_be_shrunk(&self) -> bool {
        matches!(
            self,
            Self::Broken(_) | Self::Stuck { .. } | Self::Line { unmet: Some(_), .. }
        )
    }

    /// The number of the event after which it was found, counted from 1 as everywhere.
    pub(crate) const fn event(&self) -> u64 {
        match self {
            Self::Line { event, .. } | Self::Stuck { event, .. } | Self::TooLong { event } => {
                *event
            }
            Self::Broken(violation) => violation.event + 1,
        }
    }
}

/// What is typed for chaos in place of a file.
pub(crate) const CHAOS: &str = "chaos";

/// The name of the standard input in place of a file.
pub(crate) const STANDARD_INPUT: &str = "-";

/// Reads a playbook from a file or from [`STANDARD_INPUT`].
pub(crate) fn read(path: &Path) -> Result<String, Stop> {
    read_at_most(TEXT_BYTES_MAX, path)
}

/// Reads a file, a pipe or the standard input, but at most `bytes_max`, since not everything
/// ends.
pub(crate) fn read_at_most(bytes_max: usize, path: &Path) -> Result<String, Stop> {
    let bad = |error: io::Error| Stop::file(path, &error);
    let file: Box<dyn Read> = if path.as_os_str() == STANDARD_INPUT {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path).map_err(bad)?)
    };
    let mut bytes = Vec::new();
    let mut some = file.take(bytes_max as u64 + 1);
    some.read_to_end(&mut bytes).map_err(bad)?;
    if bytes.len() > bytes_max {
        return Err(Stop::BadInput(format!(
            "{}: This file is longer than {} MiB. Split it.",
            path.display(),
            bytes_max >> 20
        )));
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        Stop::BadInput(format!(
            "{}:{line}: This line is not UTF-8 text. Save the file as UTF-8.",
            path.display()
        ))
    })
}

/// The name of a file as it is typed into a shell, which would split it at a blank. Alone, `-` is the
/// standard input, another name that begins so is an option, and `chaos` is no file.
pub(crate) fn typed(name: &str) -> String {
    if name == CHAOS || (name.starts_with('-') && name != STANDARD_INPUT) {
        return typed(&format!("./{name}"));
    }
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+=@%:,\\".contains(c);
    if name.chars().all(is_plain) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', "'\\''"))
}

/// The command that does something with what was typed as `arguments`, as it is to be typed.
/// The standard input is gone by then, so it has to be kept first.
pub(crate) fn command(name: &str, arguments: &str, more: &str) -> String {
    let (subject, options) = arguments.split_once(' ').unwrap_or((arguments, ""));
    let is_gone = subject == STANDARD_INPUT;
    let words = [
        "raftlab",
        name,
        if is_gone { "FILE" } else { subject },
        options,
        more,
    ];
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let first = if is_gone {
        "save the input as FILE, then: "
    } else {
        ""
    };
    format!("{first}{}", words.join(" "))
}

/// The complaint about a line of a file, with the place to click on.
pub(crate) fn at_line(name: &str, error: &TextError) -> String {
    let words = error.to_string();
    let place = format!("line {}, column {}: ", error.line, error.column);
    let words = words.strip_prefix(&place).unwrap_or(&words);
    // There is not always a remedy.
    let words = words.trim_end();
    format!("{name}:{}:{}: {words}", error.line, error.column)
}

impl Subject {
    /// What the arguments name.
    pub(crate) fn of(what: &What) -> Result<Self, Stop> {
        if what.subject.as_os_str() == CHAOS {
            return Ok(Self {
                name: CHAOS.to_owned(),
                source: Source::Chaos {
                    length: what.length.unwrap_or(CHAOS_LENGTH),
                },
                ablated: what.ablated(),
            });
        }
        if what.length.is_some() {
            return Err(Stop::BadInput(format!(
                "{}: Only chaos has a --length, since a playbook says itself how long it is. \
                 Leave --length out.",
                what.subject.display()
            )));
        }
        let subject = Self::file(&what.subject, what.ablated())?;
        if let Some(words) = subject.warning() {
            anstream::eprintln!("{words}");
        }
        Ok(subject)
    }

    /// The playbook in this file.
    pub(crate) fn file(path: &Path, ablated: RuleSet) -> Result<Self, Stop> {
        let name = path.display().to_string();
        let subject = Self::playbook(&name, read(path)?, ablated);
        subject.map_err(|error| Stop::BadInput(at_line(&name, &error)))
    }

    /// The playbook of this text.
    fn playbook(name: &str, text: String, ablated: RuleSet) -> Result<Self, TextError> {
        let playbook: Playbook = text.parse()?;
        Ok(Self {
            name: name.to_owned(),
            ablated: playbook
                .setup
                .ablated
                .iter()
                .chain(ablated.iter())
                .collect(),
            source: Source::Playbook {
                text,
                playbook: Box::new(playbook),
            },
        })
    }

    /// Its own seed, if it is a playbook.
    pub(crate) fn own_seed(&self) -> u64 {
        match &self.source {
            Source::Playbook { playbook, .. } => playbook.setup.seed,
            Source::Chaos { .. } => 1,
        }
    }

    /// How its name and rules are typed.
    pub(crate) fn arguments(&self) -> String {
        let mut words = match &self.source {
            Source::Playbook { .. } => typed(&self.name),
            Source::Chaos { .. } => CHAOS.to_owned(),
        };
        if let Source::Chaos { length } = &self.source
            && *length != CHAOS_LENGTH
        {
            // Writing to a String cannot fail.
            let _ = write!(words, " --length {length}");
        }
        let own = match &self.source {
            Source::Playbook { playbook, .. } => playbook.setup.ablated,
            Source::Chaos { .. } => RuleSet::EMPTY,
        };
        let added = self.ablated.iter().filter(|rule| !own.contains(*rule));
        let added: Vec<&str> = added.map(Rule::id).collect();
        if !added.is_empty() {
            let _ = write!(words, " --ablate {}", added.join(","));
        }
        words
    }

    /// A fingerprint of what is played: only sweeps of the same subject can be merged.
    pub(crate) fn fingerprint(&self) -> u64 {
        let rules: Vec<&str> = self.ablated.iter().map(Rule::id).collect();
        match &self.source {
            Source::Playbook { playbook, .. } => {
                Digest::of(&("playbook", playbook.to_string(), rules))
            }
            Source::Chaos { length } => Digest::of(&("chaos", length, rules)),
        }
    }

    /// Plays it with this seed; `None` if the command is interrupted before it ends.
    pub(crate) fn play(&self, seed: u64) -> Option<Played> {
        Some(match &self.source {
            Source::Chaos { length } => chaos(seed, *length, self.ablated),
            Source::Playbook { text, playbook } => {
                let seeded = self.seeded(playbook, seed);
                let setup = seeded.setup.clone();
                let mut trial = Trial::new(&setup);
                let (done, held) = played(&seeded, text, &mut trial)?;
                let failure = done.err();
                let broken = playbook.unexpected(trial.world()).cloned();
                let problem = broken.map(Problem::Broken).or_else(|| {
                    failure.map(|failure| Problem::Line {
                        error: failure.error,
                        event: failure.position,
                        at: failure.at,
                        is_unexpected: failure.is_unexpected,
                        unmet: failure.unmet,
                    })
                });
                Played {
                    setup,
                    trial,
                    mended: None,
                    held,
                    problem,
                }
            }
        })
    }

    /// What does not hold of what it promises its readers: the run that they are to build, the runs
    /// that it compares, and the playbooks that it names.
    pub(crate) fn unproven(&self, seed: u64) -> Option<Problem> {
        let Source::Playbook { text, playbook } = &self.source else {
            return None;
        };
        let promises = |doing: &Doing| matches!(doing, Doing::Build(_) | Doing::Contrast(_));
        let unkept = if playbook.lines.iter().any(|line| promises(&line.doing)) {
            unkept(text, playbook, seed)
        } else {
            None
        };
        let missing = || Some((self.no_such_playbook(playbook, text)?, (0, Micros::ZERO)));
        let (error, (event, at)) = unkept.or_else(missing)?;
        Some(Problem::Line {
            error,
            event,
            at,
            is_unexpected: true,
            unmet: None,
        })
    }

    /// A playbook that the header names and that is not there. Paths begin at the folder above that
    /// of the file.
    fn no_such_playbook(&self, playbook: &Playbook, text: &str) -> Option<TextError> {
        let folder = Path::new(&self.name).parent()?.join("..");
        let Setup { see, then, .. } = &playbook.setup;
        let mut named = see.iter().chain(Some(then).filter(|path| !path.is_empty()));
        let missing = named.find(|path| !folder.join(path).is_file())?;
        let mut lines = (1..).zip(text.lines());
        let (line, shown) = lines.find(|(_, line)| line.contains(missing.as_str()))?;
        let at = shown.find(missing.as_str())?;
        let words = [
            format!("There is no playbook {missing}."),
            format!("没有 {missing} 这个剧本。"),
        ];
        let remedy = [
            "Write its path from the folder of all playbooks on: seeds/05-first-election.raft.",
            "请从所有剧本所在的文件夹写起：seeds/05-first-election.raft。",
        ];
        Some(TextError::new(
            line,
            shown,
            at,
            words,
            remedy.map(str::to_owned),
        ))
    }

    fn seeded(&self, playbook: &Playbook, seed: u64) -> Playbook {
        let mut playbook = playbook.clone();
        playbook.setup.seed = seed;
        playbook.setup.ablated = self.ablated;
        playbook
    }

    /// The whole run with this seed, its events among it, and what failed in it.
    pub(crate) fn run(&self, seed: u64) -> Result<(Run, Option<Problem>), Stop> {
        let played = self.play(seed).ok_or(Stop::Interrupted)?;
        let run = match &self.source {
            Source::Chaos { .. } => swarm::as_run(&played.setup, &played.trial)
                .map_err(|error| Stop::BadInput(format!("{error:?}")))?,
            Source::Playbook { text, playbook } => {
                let playbook = self.seeded(playbook, seed);
                let mut run = Run::new(playbook.setup.clone());
                // The failure is known already.
                let _ = self::played(&playbook, text, &mut run).ok_or(Stop::Interrupted)?;
                run
            }
        };
        Ok((run, played.problem))
    }

    /// A text that plays the same with this seed.
    pub(crate) fn text(&self, seed: u64) -> Result<String, Stop> {
        match &self.source {
            Source::Playbook { text, playbook } => {
                if seed == playbook.setup.seed && self.ablated == playbook.setup.ablated {
                    return Ok(text.clone());
                }
                Ok(self.seeded(playbook, seed).to_string())
            }
            Source::Chaos { .. } => Ok(raft_play::save(&self.run(seed)?.0)),
        }
    }

    /// The line of the playbook during which `violation` happened.
    pub(crate) fn line_of(&self, seed: u64, violation: &Violation) -> Option<(u32, &str)> {
        let Source::Playbook { text, playbook } = &self.source else {
            return None;
        };
        let mut part = self.seeded(playbook, seed);
        let lines = Arc::clone(&part.lines);
        let breaks = |part: &mut Playbook, length: usize| {
            part.lines = Arc::new(lines[..length].to_vec());
            let mut trial = Trial::new(&part.setup);
            // A line that fails comes later than the violation.
            let _ = played(part, text, &mut trial)?;
            let mut found = trial.world().checker().violations().iter();
            Some(found.any(|other| other.invariant() == violation.invariant()))
        };
        let (mut sound, mut broken) = (0, lines.len());
        while sound + 1 < broken {
            let middle = usize::midpoint(sound, broken);
            if breaks(&mut part, middle)? {
                broken = middle;
            } else {
                sound = middle;
            }
        }
        let line = lines.get(broken.checked_sub(1)?)?.line;
        let place = usize::try_from(line).ok()?.checked_sub(1)?;
        Some((line, text.lines().nth(place)?))
    }

    /// What to beware of: nothing fails in a playbook without a line that has an effect.
    pub(crate) fn warning(&self) -> Option<String> {
        let Source::Playbook { playbook, .. } = &self.source else {
            return None;
        };
        let mut lines = playbook.lines.iter();
        let does_nothing = lines.all(|statement| matches!(statement.doing, Doing::Phase { .. }));
        does_nothing.then(|| format!("warning: {}: This playbook does nothing. Write a line that does something, such as: timeout S1.", self.name))
    }

    /// The length of its text, if it is a playbook.
    pub(crate) fn text_bytes(&self) -> Option<usize> {
        match &self.source {
            Source::Playbook { text, .. } => Some(text.len()),
            Source::Chaos { .. } => None,
        }
    }
}

/// How much is played between two checks for an interrupt: some milliseconds.
const STEPS_AT_A_TIME: u64 = 1_000_000;

/// Plays it to its end, or until it fails, and says how many expectations held; `None` if it is
/// interrupted.
fn played(
    playbook: &Playbook,
    text: &str,
    stage: &mut impl Stage,
) -> Option<(Result<(), Failure>, u64)> {
    let mut player = Player::new(playbook, text);
    loop {
        match player.go_on(stage, STEPS_AT_A_TIME) {
            Ok(true) => return Some((Ok(()), player.held())),
            Ok(false) if interrupt::is_asked() => return None,
            Ok(false) => {}
            Err(failure) => return Some((Err(failure), player.held())),
        }
    }
}

fn chaos(seed: u64, length: Micros, ablated: RuleSet) -> Played {
    let chaos = swarm::play(seed, length, ablated);
    let event = chaos.trial.world().event_count();
    let problem = match chaos.end {
        End::Sound => None,
        End::Broken(violation) => Some(Problem::Broken(violation)),
        End::Stuck(core) => Some(Problem::Stuck { core, event }),
        End::TooLong => Some(Problem::TooLong { event }),
    };
    Played {
        setup: chaos.setup,
        trial: chaos.trial,
        mended: chaos.mended,
        held: 0,
        problem,
    }
}
