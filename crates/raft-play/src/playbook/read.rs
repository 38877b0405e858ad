//! Reading a playbook line by line: its header, its captions, its statements and their blocks.

mod marks;
mod unread;

use std::sync::Arc;

use raft_sim::setup::{Feature, Setup};

use super::block::{Block, Of, Said};
use super::building::Building;
use super::contrasting::{CONTRASTS, Contrasting};
use super::header::HEADERS;
use super::question::Asking;
use super::setting::rules;
use super::{COMMAND_BYTES_MAX, COMMANDS_MAX, PARTS_MAX, Playbook};
use crate::script::{self, Ask, Doing, GivenNames, Statement, WORDS, Word, simple};
use crate::text::{self, Fault, Scan, TextError, Unplayed, Wrong, verbs};

pub use marks::{MARKS, Mark};
pub use unread::unread;

/// How deep blocks may lie in each other.
const DEPTH_MAX: usize = 16;

/// Where a line stands: its number, and where in it the first word begins.
#[derive(Clone, Copy)]
struct Place {
    number: u32,
    at: usize,
}

/// The most Actions that a run to build may take.
const ACTIONS_MAX: u64 = 1000;
/// The most captions: each phase has its mark in the page.
const CAPTIONS_MAX: usize = 1000;

/// A playbook that has been read up to some line.
#[derive(Default)]
pub(super) struct Reader {
    setup: Setup,
    lines: Vec<Statement>,
    /// The blocks that have been begun and not ended, the outermost first.
    open: Vec<Open>,
    given: GivenNames,
    headers_seen: [bool; HEADERS.len()],
    /// Whether the caption above still waits for its Chinese.
    caption_open: bool,
    /// The lines that stand together and are being read.
    block: Option<Block>,
    /// Whether there is a run to build.
    is_build: bool,
    /// The question that waits to be revealed, and its line.
    asked: Option<(Arc<Ask>, u32)>,
    commands: usize,
    command_bytes: usize,
    captions: usize,
}

/// A block that has been begun.
struct Open {
    statement: Statement,
    body: Vec<Statement>,
    /// What comes behind `otherwise`, once that has been read.
    otherwise: Option<Vec<Statement>>,
}

/// The words that lines begin with.
pub(crate) fn beginnings() -> Vec<&'static str> {
    let headers = HEADERS.iter().map(|header| header.name);
    let marks = MARKS.iter().map(|mark| mark.name);
    let words = WORDS.iter().map(|word| word.name);
    let verbs = verbs().map(|verb| verb.name);
    headers.chain(marks).chain(verbs).chain(words).collect()
}

impl Reader {
    pub(super) fn line(&mut self, number: u32, shown: &str) -> Result<(), Wrong> {
        text::check_line(shown)?;
        let mut names = Unplayed::default();
        let mut scan = Scan::new(shown, self.setup.servers, &mut names);
        if scan.at_end() {
            return Ok(());
        }
        let at = scan.place();
        let word = scan.word();
        if let Some(header) = HEADERS.iter().position(|header| header.name == word) {
            return self.header(header, at, &mut scan);
        }
        if let Some(mark) = MARKS.iter().find(|mark| mark.name == word) {
            scan.forms = mark.forms;
            return (mark.read)(self, &mut scan, Place { number, at });
        }
        let begins = |name: &str| name == word;
        if verbs().any(|verb| begins(verb.name)) || WORDS.iter().any(|word| begins(word.name)) {
            return self.statement(number, at, shown);
        }
        let names = beginnings();
        let fault = Fault::unknown_word(word, text::nearest(word, &names), &names);
        Err(Wrong { at, fault })
    }

    /// The whole playbook, once its last line has been read from `text`.
    pub(super) fn finish(mut self, text: &str) -> Result<Playbook, TextError> {
        let begins = self.block.as_ref().map(|block| block.line);
        let of_block = self.end_block(0).err().zip(begins);
        let begun = self
            .open
            .last()
            .map(|open| (Fault::no_end(), open.statement.line));
        let begun = begun.or_else(|| Some((Fault::never_revealed(), self.asked.as_ref()?.1)));
        let begun = of_block.map(|(wrong, line)| (wrong.fault, line)).or(begun);
        if let Some((fault, line)) = begun {
            let place = usize::try_from(line).unwrap_or(usize::MAX);
            let shown = text
                .lines()
                .nth(place.saturating_sub(1))
                .unwrap_or_default();
            let at = shown.len() - shown.trim_start().len();
            return Err(Wrong { at, fault }.of_line(line, shown));
        }
        Ok(Playbook {
            setup: self.setup,
            lines: self.lines.into(),
        })
    }

    fn statement(&mut self, line: u32, at: usize, shown: &str) -> Result<(), Wrong> {
        self.end_block(at)?;
        let doing = simple(shown, self.setup.servers, &mut self.given)?;
        if let Doing::Action(action) = &doing {
            for command in action.commands() {
                self.commands += 1;
                self.command_bytes += command.as_str().len();
            }
        }
        if self.commands > COMMANDS_MAX || self.command_bytes > COMMAND_BYTES_MAX {
            let fault = Fault::playbook_commands(COMMANDS_MAX, COMMAND_BYTES_MAX);
            return Err(Wrong { at, fault });
        }
        self.given.parts += usize::from(doing.is_block());
        if self.given.parts > PARTS_MAX {
            let fault = Fault::too_many_parts(PARTS_MAX);
            return Err(Wrong { at, fault });
        }
        let is_inside = self
            .open
            .last()
            .is_some_and(|open| matches!(open.statement.doing, Doing::Concurrently(_)));
        if matches!(doing, Doing::InTurn(_) | Doing::Meanwhile(_)) && !is_inside {
            let fault = Fault::only_concurrently();
            return Err(Wrong { at, fault });
        }
        self.caption_open = false;
        let begins = doing.is_block();
        let statement = Statement { line, doing };
        if !begins {
            self.push(statement);
        } else if self.open.len() >= DEPTH_MAX {
            let fault = Fault::too_deep(DEPTH_MAX);
            return Err(Wrong { at, fault });
        } else {
            self.open.push(Open {
                statement,
                body: Vec::new(),
                otherwise: None,
            });
        }
        Ok(())
    }

    /// Adds a statement to the block that is open, or to the playbook.
    fn push(&mut self, statement: Statement) {
        match self.open.last_mut() {
            Some(Open {
                otherwise: Some(otherwise),
                ..
            }) => otherwise.push(statement),
            Some(open) => open.body.push(statement),
            None => self.lines.push(statement),
        }
    }

    fn otherwise(&mut self, scan: &mut Scan<'_>, place: Place) -> Result<(), Wrong> {
        scan.finish()?;
        match self.open.last_mut() {
            Some(open)
                if open.otherwise.is_none()
                    && matches!(
                        open.statement.doing,
                        Doing::Chance { .. } | Doing::If { .. }
                    ) =>
            {
                open.otherwise = Some(Vec::new());
                Ok(())
            }
            _ => {
                let (at, fault) = (place.at, Fault::otherwise_alone());
                Err(Wrong { at, fault })
            }
        }
    }

    fn end(&mut self, scan: &mut Scan<'_>, place: Place) -> Result<(), Wrong> {
        scan.finish()?;
        let Some(open) = self.open.pop() else {
            let (at, fault) = (place.at, Fault::end_alone());
            return Err(Wrong { at, fault });
        };
        let mut statement = open.statement;
        match &mut statement.doing {
            Doing::Repeat { body, .. }
            | Doing::Concurrently(body)
            | Doing::InTurn(body)
            | Doing::Meanwhile(body) => *body = open.body.into(),
            Doing::Chance {
                body, otherwise, ..
            }
            | Doing::If {
                body, otherwise, ..
            } => {
                *body = open.body.into();
                *otherwise = open.otherwise.unwrap_or_default().into();
            }
            _ => {}
        }
        self.push(statement);
        Ok(())
    }

    fn header(&mut self, place: usize, at: usize, scan: &mut Scan<'_>) -> Result<(), Wrong> {
        let header = &HEADERS[place];
        if !self.lines.is_empty() || !self.open.is_empty() || self.block.is_some() {
            let fault = Fault::header_late(header.name);
            return Err(Wrong { at, fault });
        }
        let was_seen = std::mem::replace(&mut self.headers_seen[place], true);
        if was_seen && !header.may_repeat() {
            let fault = Fault::header_twice(header.name);
            return Err(Wrong { at, fault });
        }
        header.read(at, scan, &mut self.setup)
    }

    fn caption(&mut self, scan: &mut Scan<'_>, place: Place) -> Result<(), Wrong> {
        let Place { number, at } = place;
        if !self.open.is_empty() {
            let fault = Fault::caption_inside();
            return Err(Wrong { at, fault });
        }
        self.end_block(at)?;
        self.check_revealed(at)?;
        self.captions += 1;
        if self.captions > CAPTIONS_MAX {
            let fault = Fault::too_many_captions(CAPTIONS_MAX);
            return Err(Wrong { at, fault });
        }
        self.lines.push(Statement {
            line: number,
            doing: Doing::Phase {
                caption: scan.text().to_owned(),
                caption_zh: String::new(),
            },
        });
        self.caption_open = true;
        Ok(())
    }

    fn ask(&mut self, scan: &mut Scan<'_>, place: Place) -> Result<(), Wrong> {
        if !self.open.is_empty() {
            let (at, fault) = (place.at, Fault::ask_inside());
            return Err(Wrong { at, fault });
        }
        self.begin(place, Of::Question(Asking::default()))?;
        self.say(Said::Ask, scan, place)
    }

    fn build(&mut self, scan: &mut Scan<'_>, place: Place) -> Result<(), Wrong> {
        let at = place.at;
        self.check_outside(at)?;
        if std::mem::replace(&mut self.is_build, true) {
            let fault = Fault::second_build();
            return Err(Wrong { at, fault });
        }
        self.begin(place, Of::Build(Box::<Building>::default()))?;
        self.say(Said::Build, scan, place)
    }

    fn contrast(&mut self, scan: &mut Scan<'_>, place: Place) -> Result<(), Wrong> {
        self.check_outside(place.at)?;
        let contrasting = Contrasting::read(scan)?;
        self.begin(place, Of::Contrast(Box::new(contrasting)))
    }

    fn check_outside(&self, at: usize) -> Result<(), Wrong> {
        if self.open.is_empty() {
            return Ok(());
        }
        let fault = Fault::build_inside();
        Err(Wrong { at, fault })
    }

    /// Lines begin that stand together.
    fn begin(&mut self, place: Place, of: Of) -> Result<(), Wrong> {
        let Place { number, at } = place;
        self.end_block(at)?;
        self.check_revealed(at)?;
        self.captions += 1;
        if self.captions > CAPTIONS_MAX {
            let fault = Fault::too_many_captions(CAPTIONS_MAX);
            return Err(Wrong { at, fault });
        }
        self.caption_open = false;
        self.block = Some(Block::new(number, of));
        Ok(())
    }

    /// Takes in a line of those that stand together.
    fn of_block<T>(
        &mut self,
        at: usize,
        take: impl FnOnce(&mut Block) -> Result<T, Fault>,
    ) -> Result<T, Wrong> {
        let block = self.block.as_mut().ok_or_else(Fault::no_question);
        block.and_then(take).map_err(|fault| Wrong { at, fault })
    }

    fn say(&mut self, said: Said, scan: &mut Scan<'_>, place: Place) -> Result<(), Wrong> {
        self.of_block(place.at, |block| block.say(said, scan.text()))
    }

    fn say_in_chinese(
        &mut self,
        said: Said,
        scan: &mut Scan<'_>,
        place: Place,
    ) -> Result<(), Wrong> {
        self.of_block(place.at, |block| block.say_in_chinese(said, scan.text()))
    }

    fn when(&mut self, scan: &mut Scan<'_>, place: Place) -> Result<(), Wrong> {
        let servers = self.setup.servers;
        let is_goal = self.of_block(place.at, |block| Ok(block.building("when").is_ok()))?;
        // A goal is looked at later, when nothing that was given a name is known any more.
        let mut none = GivenNames::default();
        let given = if is_goal { &mut none } else { &mut self.given };
        let before = given.parts;
        let condition = script::condition(scan.line, servers, given)?;
        let parts = given.parts - before;
        self.of_block(place.at, |block| {
            if is_goal {
                block.building("when")?.count(parts)?;
            }
            block.when(condition)
        })
    }

    /// `actions 8`, or `actions 8 of timeout drop`.
    fn actions(&mut self, scan: &mut Scan<'_>, place: Place) -> Result<(), Wrong> {
        let actions_max = scan.number(1, ACTIONS_MAX)?;
        let mut allowed = Vec::new();
        if scan.eat_word("of") {
            while allowed.is_empty() || !scan.at_end() {
                let at = scan.present("a verb", "动词")?;
                let word = scan.word();
                if !verbs().any(|verb| verb.name == word) {
                    let names: Vec<&str> = verbs().map(|verb| verb.name).collect();
                    let fault = Fault::unknown_word(word, text::nearest(word, &names), &names);
                    return Err(Wrong { at, fault });
                }
                allowed.push(word.to_owned());
            }
        }
        scan.finish()?;
        let bound = |block: &mut Block| block.building("actions")?.bound(actions_max, allowed);
        self.of_block(place.at, bound)
    }

    fn rules(&mut self, scan: &mut Scan<'_>, place: Place) -> Result<(), Wrong> {
        let rules = rules(scan)?;
        self.of_block(place.at, |block| block.building("rules")?.rules(rules))
    }

    fn cannot(&mut self, scan: &mut Scan<'_>, place: Place) -> Result<(), Wrong> {
        scan.finish()?;
        self.of_block(place.at, |block| {
            block.building("cannot")?.cannot();
            Ok(())
        })
    }

    fn way(&mut self, scan: &mut Scan<'_>, place: Place) -> Result<(), Wrong> {
        let (at, servers) = (scan.place(), self.setup.servers);
        let line = scan.text();
        let way = |block: &mut Block| Ok(block.building("way")?.way(line, at, servers));
        self.of_block(place.at, way)?
    }

    fn reveal(&mut self, scan: &mut Scan<'_>, place: Place) -> Result<(), Wrong> {
        let Place { number: line, at } = place;
        scan.finish()?;
        self.end_block(at)?;
        let wrong = |fault| Err(Wrong { at, fault });
        if !self.open.is_empty() {
            return wrong(Fault::ask_inside());
        }
        let Some((ask, _)) = self.asked.take() else {
            return wrong(Fault::nothing_to_reveal());
        };
        if matches!(self.lines.last(), Some(last) if matches!(last.doing, Doing::Ask(_))) {
            return wrong(Fault::nothing_between());
        }
        let doing = Doing::Reveal(ask);
        self.lines.push(Statement { line, doing });
        Ok(())
    }

    /// What comes next is not of the lines that stand together.
    fn end_block(&mut self, at: usize) -> Result<(), Wrong> {
        let Some(block) = self.block.take() else {
            return Ok(());
        };
        let line = block.line;
        let doing = block.finish(at)?;
        if let Doing::Ask(ask) = &doing {
            self.asked = Some((Arc::clone(ask), line));
        }
        self.lines.push(Statement { line, doing });
        Ok(())
    }

    fn check_revealed(&self, at: usize) -> Result<(), Wrong> {
        if self.asked.is_none() {
            return Ok(());
        }
        let fault = Fault::not_revealed();
        Err(Wrong { at, fault })
    }

    fn caption_zh(&mut self, scan: &mut Scan<'_>, place: Place) -> Result<(), Wrong> {
        match self.lines.last_mut().map(|last| &mut last.doing) {
            Some(Doing::Phase { caption_zh, .. }) if self.caption_open => {
                scan.text().clone_into(caption_zh);
                self.caption_open = false;
                Ok(())
            }
            _ => {
                let (at, fault) = (place.at, Fault::caption_alone());
                Err(Wrong { at, fault })
            }
        }
    }
}

/// Whether a line that begins with this word makes sense in a playbook only: it is of the header,
/// of a phase or of a block, or gives a name to what comes later.
pub(crate) fn is_only_of_playbooks(word: &str) -> bool {
    let needs_others = |other: &Word| other.name == word && other.needs_others();
    HEADERS.iter().any(|header| header.name == word)
        || MARKS.iter().any(|mark| mark.name == word)
        || WORDS.iter().any(needs_others)
}

/// Whether this word begins a line that is no Action, or means something in a header.
pub(crate) fn is_word(word: &str) -> bool {
    HEADERS.iter().any(|header| header.name == word)
        || Feature::ALL.iter().any(|feature| feature.name() == word)
        || MARKS.iter().any(|mark| mark.name == word)
        || CONTRASTS.contains(&word)
        || WORDS.iter().any(|other| other.name == word)
}
