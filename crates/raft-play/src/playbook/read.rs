//! Reading a playbook line by line: its header, its captions, its statements and their blocks.

use raft_sim::setup::{Feature, Setup};

use super::header::HEADERS;
use super::{COMMAND_BYTES_MAX, COMMANDS_MAX, PARTS_MAX, Playbook};
use crate::script::{Doing, GivenNames, Statement, WORDS, Word, simple};
use crate::text::{self, Fault, Scan, TextError, Unplayed, Wrong, verbs};

/// How deep blocks may lie in each other.
const DEPTH_MAX: usize = 16;

/// A line that parts a playbook, or a block of it.
pub struct Mark {
    /// The word that it begins with.
    pub name: &'static str,
    /// Such a line.
    pub forms: &'static [&'static str],
    /// What it does, in English and in Chinese.
    pub doc: [&'static str; 2],
    read: fn(&mut Reader, &mut Scan<'_>, Place) -> Result<(), Wrong>,
}

/// Where a line stands: its number, and where in it the first word begins.
#[derive(Clone, Copy)]
struct Place {
    number: u32,
    at: usize,
}

/// The words that such lines begin with.
pub const MARKS: [Mark; 4] = [
    Mark {
        name: "caption",
        forms: &["caption S1 wins the first election."],
        doc: [
            "starts a phase, and says what to look at in it",
            "开始一个阶段，说明其中要看什么",
        ],
        read: Reader::caption,
    },
    Mark {
        name: "caption.zh",
        forms: &["caption.zh S1 赢得第一次选举。"],
        doc: [
            "the same in Chinese, right below it",
            "同样内容的中文，写在它的下一行",
        ],
        read: Reader::caption_zh,
    },
    Mark {
        name: "otherwise",
        forms: &["otherwise"],
        doc: [
            "in `chance` or `if`: starts the other part of the block",
            "在 `chance` 或 `if` 中：开始代码块的另一部分",
        ],
        read: Reader::otherwise,
    },
    Mark {
        name: "end",
        forms: &["end"],
        doc: ["ends a block", "结束代码块"],
        read: Reader::end,
    },
];

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
pub(super) fn beginnings() -> Vec<&'static str> {
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
    pub(super) fn finish(self, text: &str) -> Result<Playbook, TextError> {
        if let Some(open) = self.open.last() {
            let line = open.statement.line;
            let place = usize::try_from(line).unwrap_or(usize::MAX);
            let shown = text
                .lines()
                .nth(place.saturating_sub(1))
                .unwrap_or_default();
            let at = shown.len() - shown.trim_start().len();
            let fault = Fault::no_end();
            return Err(Wrong { at, fault }.of_line(line, shown));
        }
        Ok(Playbook {
            setup: self.setup,
            lines: self.lines.into(),
        })
    }

    fn statement(&mut self, line: u32, at: usize, shown: &str) -> Result<(), Wrong> {
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
        if !self.lines.is_empty() || !self.open.is_empty() {
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
        || WORDS.iter().any(|other| other.name == word)
}
