//! Playing: statements in, Actions and passing time out.
//!
//! A playbook is one task that goes through its lines, and `concurrently` makes more of them.
//! All tasks that can go on do so before any time passes; then the world lives on to the next
//! instant at which one of them wants to look again. Nothing here reads a clock or depends on
//! an address, so the same playbook does the same things everywhere.
//!
//! A player may be let go on for a while at a time, so that whoever plays can show how far it
//! is and stop it: what it does does not depend on where it was made to wait.

mod acts;
mod blocks;
mod expectations;
mod questions;
mod trouble;
mod unmet;

use std::sync::Arc;

use raft_sim::action::{Action, TimeAction};
use raft_sim::observed::Observed;
use raft_sim::random::Stream;
use raft_sim::run::{Failure, Stage};
use raft_sim::setup::Setup;
use raft_sim::time::{Micros, MicrosRange};

use super::agenda::Agenda;
use super::agree::Offering;
use super::names::{Bound, Known};
use super::task::{Task, Waiting};
use super::work::Work;
use super::{Doing, Given, OpenLine, Statement, Value};
use crate::playbook::{Playbook, is_only_of_playbooks};
use crate::text::{self, Fault, Source, TextError, Wrong};

use expectations::DeclinedAt;
pub(super) use trouble::Trouble;

/// How long the lab's `checkOneLeader` waits before each look, and how often it looks.
const LEADER_LOOK: MicrosRange =
    MicrosRange::between(Micros::from_millis(450), Micros::from_millis(549));
const LEADER_LOOKS: u32 = 10;

/// Plays a playbook that was read from `source`, from where `stage` is.
///
/// # Errors
/// The first line that cannot be done, or whose expectation does not hold.
pub fn play(playbook: &Playbook, source: &str, stage: &mut dyn Stage) -> Result<(), Failure> {
    let mut player = Player::new(playbook, source);
    player.go_on(stage, u64::MAX).map(|_| ())
}

/// Somebody who plays a playbook, a while at a time.
#[derive(Debug)]
pub struct Player {
    source: String,
    kind: Source,
    servers: u8,
    tasks: Vec<Task>,
    agenda: Agenda,
    /// The task that is looked at next, and whether one before it did anything at this instant.
    pass: (usize, bool),
    lot: Lot,
    /// How many commands have been offered, and how many bytes they have.
    commands: (usize, usize),
    /// How many expectations have held.
    held: u64,
    /// After how many events the last question was asked, and what fails where it has not one answer.
    asked: u64,
    misfit: Option<String>,
    /// The last request that a server declined without that having been expected.
    declined: Option<Box<DeclinedAt>>,
}

/// What is drawn and counted while a playbook is played.
#[derive(Debug, Clone)]
struct Lot {
    draw: Stream,
    commands: u64,
    work: Work,
}

fn known<'a>(world: &'a Observed, task: &'a Task, lot: &'a mut Lot) -> Known<'a> {
    Known {
        world,
        bound: &task.bound,
        index: task.index,
        since: Micros::ZERO,
        draw: &mut lot.draw,
        commands: &mut lot.commands,
        work: &mut lot.work,
    }
}

impl Player {
    /// Somebody who will play a playbook that was read from `source`.
    #[must_use]
    pub fn new(playbook: &Playbook, source: &str) -> Self {
        let draw = Stream::new(playbook.setup.seed, "playbook", 0, 0);
        let servers = playbook.setup.servers;
        Self::of(
            (source, Source::Playbook),
            servers,
            &playbook.lines,
            draw,
            0,
        )
    }

    /// Somebody who will do one line on `stage`, as if it came next in a playbook: for whoever
    /// types lines. `commands` have been offered before, so that new ones get other names.
    ///
    /// # Errors
    /// What is wrong with the line.
    pub fn of_line(
        line: &str,
        setup: &Setup,
        commands: u64,
        stage: &dyn Stage,
    ) -> Result<Self, TextError> {
        let doing = super::simple(line, setup.servers, &mut super::GivenNames::default());
        let word = line.split_whitespace().next().unwrap_or_default();
        let doing = if is_only_of_playbooks(word) {
            let fault = Fault::only_in_a_playbook(word);
            Err(Wrong { at: 0, fault })
        } else {
            doing
        };
        let doing = doing.map_err(|wrong| wrong.of_line(1, line))?;
        let lines = Arc::new(vec![Statement { line: 1, doing }]);
        let draw = Stream::new(setup.seed ^ stage.world().event_count(), "line", 0, 0);
        let source = (line, Source::Typed);
        Ok(Self::of(source, setup.servers, &lines, draw, commands))
    }

    fn of(
        (source, kind): (&str, Source),
        servers: u8,
        lines: &Arc<Vec<Statement>>,
        draw: Stream,
        commands: u64,
    ) -> Self {
        let mut agenda = Agenda::default();
        agenda.is_ready(0);
        Self {
            source: source.to_owned(),
            kind,
            servers,
            tasks: vec![Task::new(lines)],
            agenda,
            pass: (0, false),
            lot: Lot {
                draw,
                commands,
                work: Work::new(),
            },
            commands: (0, 0),
            held: 0,
            asked: 0,
            misfit: None,
            declined: None,
        }
    }

    /// How many steps of work it has taken so far; [`raft_sim::run::WORK_MAX`] is the bound.
    #[must_use]
    pub const fn work(&self) -> u64 {
        self.lot.work.spent()
    }

    /// How many lines that begin with `expect` have held so far, each time one was come to.
    #[must_use]
    pub const fn held(&self) -> u64 {
        self.held
    }

    /// Goes on for about `slice` steps of work, of which an event counts for some; answers
    /// whether the end has come.
    ///
    /// # Errors
    /// The first line that cannot be done, or whose expectation does not hold. It must not go
    /// on after that.
    pub fn go_on(&mut self, stage: &mut dyn Stage, slice: u64) -> Result<bool, Failure> {
        self.lot.work.begin_slice(slice, stage.work_max());
        loop {
            let all_wait = self.let_all_go_on(stage)?;
            if self.tasks[0].is_done {
                return Ok(true);
            }
            if all_wait {
                self.let_time_pass(stage)?;
            }
            if self.lot.work.is_slice_over() {
                return Ok(false);
            }
        }
    }

    /// Lets each task do what it can at this instant; answers whether all of them wait now.
    fn let_all_go_on(&mut self, stage: &mut dyn Stage) -> Result<bool, Failure> {
        loop {
            while let Some(task) = self.agenda.next(self.pass.0) {
                self.pass.0 = task;
                self.pass.1 |= self.let_go_on(stage, task)?;
                let this = &self.tasks[task];
                if this.is_done || !matches!(this.waiting, Waiting::Nothing) {
                    self.pass.0 = task + 1;
                }
                if self.lot.work.is_slice_over() {
                    return Ok(false);
                }
            }
            self.pass.0 = 0;
            if !std::mem::take(&mut self.pass.1) {
                return Ok(true);
            }
        }
    }

    /// Lets a task do what it can at this instant; answers whether it did anything.
    fn let_go_on(&mut self, stage: &mut dyn Stage, task: usize) -> Result<bool, Failure> {
        self.agenda.forget(task, &self.tasks[task]);
        let is_ready = self
            .is_ready(stage, task)
            .and_then(|is_ready| self.check_work().map(|()| is_ready));
        let is_ready = match is_ready {
            Ok(is_ready) => is_ready,
            Err(trouble) => self.go_on_after(stage, self.tasks[task].line(), trouble)?,
        };
        if is_ready {
            self.tasks[task].waiting = Waiting::Nothing;
            // One line at least, or it would never come to an end.
            loop {
                let (line, done) = self.do_next(stage, task);
                if let Err(trouble) = done {
                    self.go_on_after(stage, line, trouble)?;
                }
                let this = &self.tasks[task];
                if this.is_done
                    || !matches!(this.waiting, Waiting::Nothing)
                    || self.lot.work.is_slice_over()
                {
                    break;
                }
            }
        }
        let now = stage.world().now();
        self.agenda.waits(task, &self.tasks[task], now);
        Ok(is_ready)
    }

    fn is_ready(&mut self, stage: &mut dyn Stage, task: usize) -> Result<bool, Trouble> {
        let now = stage.world().now();
        let lot = &mut self.lot;
        let this = &mut self.tasks[task];
        lot.work.pay(1);
        match &mut this.waiting {
            Waiting::Nothing => Ok(true),
            Waiting::Children => Ok(this.children == 0),
            Waiting::Time(to) => Ok(now >= *to),
            Waiting::Condition { to, must } => {
                let (is_late, must) = (now >= *to, *must);
                let Some(until) = this.condition() else {
                    return Ok(true);
                };
                let mut known = known(stage.world(), this, lot);
                if until.holds(&mut known)? {
                    return Ok(true);
                }
                if is_late && must {
                    let found = until.found(&mut known);
                    let fault = Fault::waited(&until.text, &found);
                    let fault = expectations::after(fault, self.declined.as_deref());
                    return Err(Trouble::Unexpected(fault));
                }
                Ok(is_late)
            }
            Waiting::Leader {
                next_at,
                looks_left,
            } => {
                if now < *next_at {
                    return Ok(false);
                }
                lot.work.servers(u64::from(self.servers));
                if super::names::reachable(stage.world()).is_some() {
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
                *next_at = now.saturating_add(lot.draw.micros(LEADER_LOOK));
                Ok(false)
            }
            Waiting::Agreement(offering) => {
                lot.work.agreement(u64::from(self.servers));
                let agreed = offering.go_on(stage)?;
                if let Some(index) = agreed {
                    this.index = index;
                }
                Ok(agreed.is_some())
            }
        }
    }

    /// Lets the world live on to when a task wants to look again.
    fn let_time_pass(&mut self, stage: &mut dyn Stage) -> Result<(), Failure> {
        let Some((to, task)) = self.agenda.first_alarm() else {
            return Ok(());
        };
        let is_watched = self.agenda.is_watching();
        while stage.next_at().is_some_and(|next| next <= to) {
            if let Err(error) = stage.step() {
                return Err(self.failure(stage, self.tasks[task].line(), error.into()));
            }
            self.lot.work.event();
            if is_watched {
                self.agenda.wake(stage.world().now());
                return Ok(());
            }
            if self.lot.work.is_slice_over() {
                // Nobody looks before all that happens up to then has happened.
                return Ok(());
            }
        }
        stage.pass_to(to);
        self.agenda.wake(stage.world().now());
        Ok(())
    }

    /// Does the next line of a task, or what comes at the end of its block.
    fn do_next(&mut self, stage: &mut dyn Stage, task: usize) -> (u32, Result<(), Trouble>) {
        let Some(frame) = self.tasks[task].frames.last_mut() else {
            self.finish(task);
            return (0, Ok(()));
        };
        let Some((body, place)) = frame.begin_next() else {
            let line = self.tasks[task].line();
            return (line, self.end_of_block(stage, task));
        };
        let statement = &body[place];
        self.tasks[task].began = (stage.world().event_count(), stage.world().now());
        if task == 0 && self.tasks[0].frames.len() == 1 {
            stage.come_to_line(statement.line);
        }
        let counted = self.count();
        (
            statement.line,
            counted.and_then(|()| self.statement(stage, task, statement)),
        )
    }

    /// Counts a line, so that a playbook comes to an end whatever it says.
    fn count(&mut self) -> Result<(), Trouble> {
        self.lot.work.line();
        self.check_work()
    }

    fn check_work(&self) -> Result<(), Trouble> {
        match self.lot.work.too_much() {
            None => Ok(()),
            Some(max) => {
                let fault = Fault::too_much_work(max);
                Err(Trouble::Wrong(Wrong { at: 0, fault }))
            }
        }
    }

    fn statement(
        &mut self,
        stage: &mut dyn Stage,
        task: usize,
        statement: &Statement,
    ) -> Result<(), Trouble> {
        let now = stage.world().now();
        match &statement.doing {
            Doing::Phase {
                caption,
                caption_zh,
            } => stage.begin_phase(caption, caption_zh),
            Doing::Ask(ask) => {
                self.asked = stage.world().event_count();
                self.misfit = None;
                stage.ask(&ask.question, statement.line);
            }
            Doing::Reveal(ask) => self.reveal(stage, task, ask)?,
            Doing::Build(build) => stage.begin_build(build, statement.line),
            Doing::Contrast(contrast) => stage.contrast(contrast, statement.line),
            Doing::Action(action) => {
                if let Action::Time(TimeAction::Run(by)) = action {
                    self.tasks[task].waiting = Waiting::Time(now.saturating_add(by.get()));
                } else {
                    self.ask(stage, task, action)?;
                }
            }
            Doing::Open(open) => self.open_line(stage, task, open)?,
            Doing::Pass { range, until } => {
                let to = now.saturating_add(self.lot.draw.micros(*range));
                self.tasks[task].waiting = match until {
                    Some(_) => Waiting::Condition { to, must: false },
                    None => Waiting::Time(to),
                };
            }
            Doing::Wait { within, .. } => {
                let to = now.saturating_add(*within);
                self.tasks[task].waiting = Waiting::Condition { to, must: true };
            }
            Doing::Expect(condition) => self.expect(stage, task, condition, statement.line)?,
            Doing::ExpectRefused(refused) => {
                self.expect_refused(stage, task, refused, statement.line)?;
            }
            Doing::ExpectAccepted(asked) => {
                self.expect_accepted(stage, task, asked, statement.line)?;
            }
            Doing::Let(name, value) => self.bind(stage.world(), task, name, value)?,
            Doing::Agree(agree) => {
                let mut known = known(stage.world(), &self.tasks[task], &mut self.lot);
                let offering = Offering::new(agree, self.servers, now, &mut known)?;
                self.take_commands(std::slice::from_ref(&offering.command).iter())?;
                self.tasks[task].waiting = Waiting::Agreement(Box::new(offering));
            }
            Doing::CheckOneLeader => {
                let first = self.lot.draw.micros(LEADER_LOOK);
                self.tasks[task].waiting = Waiting::Leader {
                    next_at: now.saturating_add(first),
                    looks_left: LEADER_LOOKS - 1,
                };
            }
            block => self.block(stage.world(), task, block)?,
        }
        Ok(())
    }

    fn bind(
        &mut self,
        world: &Observed,
        task: usize,
        name: &str,
        value: &Value,
    ) -> Result<(), Trouble> {
        let mut known = known(world, &self.tasks[task], &mut self.lot);
        let bound = match &value.given {
            Given::Servers(list) => Bound::Servers(known.listed(list)?),
            Given::Number(sum) => Bound::Number(sum.value(&mut known)?),
        };
        self.tasks[task].bound.insert(name, bound);
        Ok(())
    }

    fn open_line(
        &mut self,
        stage: &mut dyn Stage,
        task: usize,
        line: &OpenLine,
    ) -> Result<(), Trouble> {
        self.lot.work.bytes(line.0.len());
        let mut known = known(stage.world(), &self.tasks[task], &mut self.lot);
        let actions = text::actions(&line.0, self.servers, &mut known)?;
        for action in &actions {
            self.ask(stage, task, action)?;
        }
        Ok(())
    }
}
