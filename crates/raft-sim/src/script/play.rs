//! Playing: statements in, Actions and passing time out.
//!
//! A playbook is one task that goes through its lines, and `concurrently` makes more of them.
//! All tasks that can go on do so before any time passes; then the world lives on to the next
//! instant at which one of them wants to look again. Nothing here reads a clock or depends on
//! an address, so the same playbook does the same things everywhere.

mod blocks;

use raft_core::{Index, NodeId};

use super::agree::Offering;
use super::names::{Bound, Known};
use super::task::{Task, Waiting};
use super::{Doing, Given, OpenLine, Stage, Statement, Value};
use crate::action::Action;
use crate::playbook::{COMMAND_BYTES_MAX, COMMANDS_MAX, Playbook, Setup, is_only_of_playbooks};
use crate::random::Stream;
use crate::run::RunError;
use crate::text::names::Nobody;
use crate::text::{self, Fault, Source, TextError, Wrong};
use crate::time::{Micros, MicrosRange};
use crate::world::World;

/// The most lines that a playbook may do, those of a repeated block as often as it is repeated: a
/// saved run has up to three for each event.
pub const STATEMENTS_MAX: u64 = 4_000_000;

/// How long the lab's `checkOneLeader` waits before each look, and how often it looks.
const LEADER_LOOK: MicrosRange = MicrosRange {
    min: Micros::from_millis(450),
    max: Micros::from_millis(549),
};
const LEADER_LOOKS: u32 = 10;

/// Why a playbook did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The line, and what is wrong.
    pub error: TextError,
    /// After how many events.
    pub position: u64,
    /// When.
    pub at: Micros,
    /// Whether the World is not what the playbook expects; otherwise a line could not be done.
    pub is_unexpected: bool,
}

/// Plays a playbook that was read from `source`, from where `stage` is.
///
/// # Errors
/// The first line that cannot be done, or whose expectation does not hold.
pub fn play(playbook: &Playbook, source: &str, stage: &mut impl Stage) -> Result<(), Failure> {
    let mut player = Player {
        source,
        kind: Source::Playbook,
        servers: playbook.setup.servers,
        stage,
        tasks: vec![Task::new(&playbook.lines, None)],
        lot: Lot {
            draw: Stream::new(playbook.setup.seed, "playbook", 0, 0),
            commands: 0,
        },
        statements: 0,
        commands: (0, 0),
    };
    player.play()
}

/// Does one line on `stage`, as if it came next in a playbook: for whoever types lines.
/// `commands` have been offered before, so that new ones get other names.
///
/// # Errors
/// What is wrong with the line, or with the World for it.
pub fn play_line(
    line: &str,
    setup: &Setup,
    commands: u64,
    stage: &mut impl Stage,
) -> Result<(), Failure> {
    let doing = super::simple(line, setup.servers, &mut super::GivenNames::default());
    let word = line.split_whitespace().next().unwrap_or_default();
    let doing = if is_only_of_playbooks(word) {
        let fault = Fault::only_in_a_playbook(word);
        Err(Wrong { at: 0, fault })
    } else {
        doing
    };
    let position = stage.world().event_count();
    let doing = doing.map_err(|wrong| Failure {
        error: TextError::new(1, line, wrong),
        position,
        at: stage.world().now(),
        is_unexpected: false,
    })?;
    let lines = [Statement { line: 1, doing }];
    let mut player = Player {
        source: line,
        kind: Source::Typed,
        servers: setup.servers,
        stage,
        tasks: vec![Task::new(&lines, None)],
        lot: Lot {
            draw: Stream::new(setup.seed ^ position, "line", 0, 0),
            commands,
        },
        statements: 0,
        commands: (0, 0),
    };
    player.play()
}

/// What is drawn and counted while a playbook is played.
struct Lot {
    draw: Stream,
    commands: u64,
}

pub(super) struct Player<'p, S> {
    source: &'p str,
    kind: Source,
    servers: u8,
    pub(super) stage: &'p mut S,
    tasks: Vec<Task<'p>>,
    lot: Lot,
    statements: u64,
    /// How many commands have been offered, and how many bytes they have.
    commands: (usize, usize),
}

/// What is wrong with a line when its turn has come.
pub(super) enum Trouble {
    Wrong(Wrong),
    Run(RunError),
    Unexpected(Fault),
}

impl From<Wrong> for Trouble {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<RunError> for Trouble {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

impl From<Nobody> for Trouble {
    fn from(nobody: Nobody) -> Self {
        let fault = Fault::nobody(&nobody);
        Self::Wrong(Wrong { at: 0, fault })
    }
}

fn known<'a>(world: &'a World, task: &'a Task<'_>, lot: &'a mut Lot) -> Known<'a> {
    Known {
        world,
        bound: &task.bound,
        index: task.index,
        draw: &mut lot.draw,
        commands: &mut lot.commands,
    }
}

impl<'p, S: Stage> Player<'p, S> {
    fn play(&mut self) -> Result<(), Failure> {
        loop {
            let mut goes_on = true;
            while goes_on {
                goes_on = false;
                let mut task = 0;
                while task < self.tasks.len() {
                    goes_on |= self.let_go_on(task)?;
                    task += 1;
                }
            }
            if self.tasks[0].is_done {
                return Ok(());
            }
            self.let_time_pass()?;
        }
    }

    /// Lets a task do what it can at this instant; answers whether it did anything.
    fn let_go_on(&mut self, task: usize) -> Result<bool, Failure> {
        if self.tasks[task].is_done {
            return Ok(false);
        }
        let line = self.line_of(task);
        if !self
            .is_ready(task)
            .map_err(|trouble| self.failure(line, trouble))?
        {
            return Ok(false);
        }
        self.tasks[task].waiting = Waiting::Nothing;
        while !self.tasks[task].is_done && matches!(self.tasks[task].waiting, Waiting::Nothing) {
            let (line, done) = self.go_on(task);
            done.map_err(|trouble| self.failure(line, trouble))?;
        }
        Ok(true)
    }

    /// The line that a waiting task waits at.
    fn line_of(&self, task: usize) -> u32 {
        match &self.tasks[task].waiting {
            Waiting::Time { line, .. } | Waiting::Leader { line, .. } => *line,
            Waiting::Agreement(offering) => offering.line,
            Waiting::Nothing | Waiting::Children => 0,
        }
    }

    fn is_ready(&mut self, task: usize) -> Result<bool, Trouble> {
        let now = self.stage.world().now();
        let this = &mut self.tasks[task];
        match &mut this.waiting {
            Waiting::Nothing => Ok(true),
            Waiting::Children => Ok(this.children == 0),
            Waiting::Time {
                to, until, must, ..
            } => {
                let (to, until, must) = (*to, *until, *must);
                let Some(until) = until else {
                    return Ok(now >= to);
                };
                let mut known = known(self.stage.world(), this, &mut self.lot);
                if until.holds(&mut known)? {
                    return Ok(true);
                }
                if now >= to && must {
                    let found = until.found(&mut known);
                    return Err(Trouble::Unexpected(Fault::waited(&until.text, &found)));
                }
                Ok(now >= to)
            }
            Waiting::Leader {
                next_at,
                looks_left,
                ..
            } => {
                if now < *next_at {
                    return Ok(false);
                }
                if super::names::reachable(self.stage.world()).is_some() {
                    return Ok(true);
                }
                if *looks_left == 0 {
                    let expected = "leaders reachable >= 1";
                    return Err(Trouble::Unexpected(Fault::waited(
                        expected,
                        "leaders reachable = 0",
                    )));
                }
                *looks_left -= 1;
                *next_at = now.saturating_add(self.lot.draw.micros(LEADER_LOOK));
                Ok(false)
            }
            Waiting::Agreement(offering) => {
                let agreed = offering.go_on(&mut *self.stage)?;
                if let Some(index) = agreed {
                    this.index = index;
                }
                Ok(agreed.is_some())
            }
        }
    }

    /// Lets the world live on to when a task wants to look again.
    fn let_time_pass(&mut self) -> Result<(), Failure> {
        let mut wake: Option<(Micros, u32)> = None;
        let mut looks_at_events = false;
        for (task, this) in self.tasks.iter().enumerate() {
            let at = match &this.waiting {
                Waiting::Time { to, until, .. } => {
                    looks_at_events |= until.is_some();
                    *to
                }
                Waiting::Agreement(offering) => offering.next_at,
                Waiting::Leader { next_at, .. } => *next_at,
                Waiting::Nothing | Waiting::Children => continue,
            };
            if !this.is_done && wake.is_none_or(|(first, _)| at < first) {
                wake = Some((at, self.line_of(task)));
            }
        }
        let Some((to, line)) = wake else {
            return Ok(());
        };
        let next = self.stage.world().next_event_at();
        let done = if looks_at_events && next.is_some_and(|next| next <= to) {
            self.stage.step().map(|_| ())
        } else {
            self.stage.pass_to(to)
        };
        done.map_err(|error| self.failure(line, Trouble::Run(error)))
    }

    /// Does the next line of a task, or what comes at the end of its block.
    fn go_on(&mut self, task: usize) -> (u32, Result<(), Trouble>) {
        let Some(frame) = self.tasks[task].frames.last_mut() else {
            self.finish(task);
            return (0, Ok(()));
        };
        let body = frame.body;
        let Some(statement) = body.get(frame.next) else {
            let line = body.last().map_or(frame.line, |last| last.line);
            return (line, self.end_of_block(task));
        };
        frame.next += 1;
        (
            statement.line,
            self.count().and_then(|()| self.statement(task, statement)),
        )
    }

    /// Counts a line, so that a playbook comes to an end whatever it says.
    fn count(&mut self) -> Result<(), Trouble> {
        self.statements += 1;
        let max = self.stage.lines_max();
        if self.statements > max {
            let fault = Fault::too_many_statements(max);
            return Err(Trouble::Wrong(Wrong { at: 0, fault }));
        }
        Ok(())
    }

    fn statement(&mut self, task: usize, statement: &'p Statement) -> Result<(), Trouble> {
        let now = self.stage.world().now();
        let line = statement.line;
        match &statement.doing {
            Doing::Phase {
                caption,
                caption_zh,
            } => self.stage.begin_phase(caption, caption_zh),
            Doing::Action(Action::Run(by)) => {
                self.tasks[task].waiting = Waiting::Time {
                    to: now.saturating_add(*by),
                    until: None,
                    must: false,
                    line,
                };
            }
            Doing::Action(action) => self.act(task, action)?,
            Doing::Open(open) => self.open_line(task, open)?,
            Doing::Pass { range, until } => {
                let by = self.lot.draw.micros(*range);
                self.tasks[task].waiting = Waiting::Time {
                    to: now.saturating_add(by),
                    until: until.as_ref(),
                    must: false,
                    line,
                };
            }
            Doing::Wait { within, until } => {
                self.tasks[task].waiting = Waiting::Time {
                    to: now.saturating_add(*within),
                    until: Some(until),
                    must: true,
                    line,
                };
            }
            Doing::Expect(condition) => {
                let mut known = known(self.stage.world(), &self.tasks[task], &mut self.lot);
                if !condition.holds(&mut known)? {
                    let found = condition.found(&mut known);
                    let fault = Fault::unexpected(&condition.text, &found);
                    return Err(Trouble::Unexpected(fault));
                }
            }
            Doing::Let(name, value) => self.bind(task, name, value)?,
            Doing::Agree(agree) => {
                let mut known = known(self.stage.world(), &self.tasks[task], &mut self.lot);
                let offering = Offering::new(agree, line, self.servers, now, &mut known)?;
                self.take_commands(std::slice::from_ref(&offering.command).iter())?;
                self.tasks[task].waiting = Waiting::Agreement(Box::new(offering));
            }
            Doing::CheckOneLeader => {
                let first = self.lot.draw.micros(LEADER_LOOK);
                self.tasks[task].waiting = Waiting::Leader {
                    next_at: now.saturating_add(first),
                    looks_left: LEADER_LOOKS - 1,
                    line,
                };
            }
            block => self.block(task, block, line)?,
        }
        Ok(())
    }

    fn bind(&mut self, task: usize, name: &str, value: &Value) -> Result<(), Trouble> {
        let mut known = known(self.stage.world(), &self.tasks[task], &mut self.lot);
        let bound = match &value.given {
            Given::Servers(list) => Bound::Servers(known.listed(list)?),
            Given::Number(sum) => Bound::Number(sum.value(&mut known)?),
        };
        self.tasks[task].bound.insert(name, bound);
        Ok(())
    }

    fn open_line(&mut self, task: usize, line: &OpenLine) -> Result<(), Trouble> {
        let mut known = known(self.stage.world(), &self.tasks[task], &mut self.lot);
        let actions = text::actions(&line.0, self.servers, &mut known)?;
        for action in &actions {
            self.act(task, action)?;
        }
        Ok(())
    }

    fn act(&mut self, task: usize, action: &Action) -> Result<(), Trouble> {
        self.take_commands(action.commands())?;
        let before = match action {
            Action::Propose { server, .. } => Some((*server, self.last_index(*server))),
            _ => None,
        };
        self.stage.act(action)?;
        if let Some((server, before)) = before {
            let last = self.last_index(server);
            if last > before {
                self.tasks[task].index = last;
            }
        }
        Ok(())
    }

    fn last_index(&self, id: NodeId) -> Index {
        let server = self.stage.world().server(id);
        let node = server.and_then(|server| server.node());
        node.map_or(Index::ZERO, |node| node.log().last_index())
    }

    /// Counts commands, so that a playbook cannot fill the memory.
    fn take_commands<'c>(
        &mut self,
        commands: impl Iterator<Item = &'c crate::command::Command>,
    ) -> Result<(), Trouble> {
        for command in commands {
            self.commands.0 += 1;
            self.commands.1 += command.as_str().len();
        }
        if self.commands.0 > COMMANDS_MAX || self.commands.1 > COMMAND_BYTES_MAX {
            let fault = Fault::playbook_commands(COMMANDS_MAX);
            return Err(Trouble::Wrong(Wrong { at: 0, fault }));
        }
        Ok(())
    }

    fn failure(&self, line: u32, trouble: Trouble) -> Failure {
        let place = usize::try_from(line).unwrap_or(usize::MAX);
        let nth = self.source.lines().nth(place.saturating_sub(1));
        let shown = nth.unwrap_or_default();
        let is_unexpected = matches!(trouble, Trouble::Unexpected(_));
        let begin = shown.len() - shown.trim_start().len();
        let error = match trouble {
            Trouble::Run(error) => error.at(line, shown, self.kind),
            Trouble::Wrong(wrong) if wrong.at == 0 => {
                let fault = wrong.fault;
                TextError::new(line, shown, Wrong { at: begin, fault })
            }
            // The line was kept without the white space before it.
            Trouble::Wrong(Wrong { at, fault }) => {
                let at = at.saturating_add(begin).min(shown.len());
                TextError::new(line, shown, Wrong { at, fault })
            }
            Trouble::Unexpected(fault) => TextError::new(line, shown, Wrong { at: begin, fault }),
        };
        Failure {
            error,
            position: self.stage.world().event_count(),
            at: self.stage.world().now(),
            is_unexpected,
        }
    }
}
