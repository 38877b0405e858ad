//! Reading a playbook line by line: its header, its captions, its statements and their blocks.

use raft_core::{Rule, RuleSet};
use raft_sim::client::CLIENTS_MAX;
use raft_sim::setup::{Feature, Features, SEED_MAX, SERVERS_MAX, Setup, Size};
use raft_sim::time::Micros;

use super::setting::{NO_FEATURE, Setting};
use super::{COMMAND_BYTES_MAX, COMMANDS_MAX, Playbook};
use crate::script::{BLOCKS, Doing, GivenNames, Statement, WORDS, simple};
use crate::text::names::{One, Several};
use crate::text::{self, Fault, Scan, TextError, Unplayed, Wrong, verbs};

/// How deep blocks may lie in each other.
const DEPTH_MAX: usize = 16;

/// The words of the header, in the order in which they print, each with its form.
pub(super) const HEADERS: [(&str, &str); 20] = [
    ("title", "title A leader falls silent"),
    ("title.zh", "title.zh 领导者沉默了"),
    ("source", "source the paper, Figure 8"),
    ("servers", "servers 5"),
    ("voters", "voters 3"),
    ("clients", "clients 3, or clients 3 without sessions"),
    ("seed", "seed 1"),
    ("election", "election 500ms..1s"),
    ("heartbeat", "heartbeat 100ms"),
    ("snapshots", "snapshots every 10"),
    ("entries_max", "entries_max 2"),
    ("entries_bytes_max", "entries_bytes_max 100"),
    ("in_flight_max", "in_flight_max 4"),
    ("uncommitted_max", "uncommitted_max 10"),
    ("uncommitted_bytes_max", "uncommitted_bytes_max 1000"),
    ("snapshot_bytes_max", "snapshot_bytes_max 16"),
    ("snapshot_whole_bytes_max", "snapshot_whole_bytes_max 1000"),
    ("use", "use pre-vote check-quorum lease-reads pipelining"),
    (
        SERVER,
        "server S2 election 1s..2s, server S2 entries_max 1, or server S2 use pre-vote",
    ),
    ("ablate", "ablate L4-term"),
];

/// The word of the header behind which stands what one server has of its own.
const SERVER: &str = "server";

/// The words of a phase.
const CAPTIONS: [&str; 2] = ["caption", "caption.zh"];

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
        if let Some(header) = HEADERS.iter().position(|(name, _)| *name == word) {
            return self.header(header, at, &mut scan);
        }
        match word {
            "caption" => {
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
            "caption.zh" => self.caption_zh(at, &mut scan),
            "otherwise" => {
                scan.form = "otherwise";
                scan.finish()?;
                self.otherwise(at)
            }
            "end" => {
                scan.form = "end";
                scan.finish()?;
                self.end(at)
            }
            word if is_known(word) => self.statement(number, at, shown),
            word => {
                let names: Vec<&str> = HEADERS
                    .iter()
                    .map(|(name, _)| *name)
                    .chain(CAPTIONS)
                    .chain(verbs().map(|verb| verb.name))
                    .chain(WORDS)
                    .chain(BLOCKS)
                    .collect();
                let fault = Fault::unknown_word(word, text::nearest(word, &names), &names);
                Err(Wrong { at, fault })
            }
        }
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
            lines: self.lines,
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
            let fault = Fault::playbook_commands(COMMANDS_MAX);
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

    fn otherwise(&mut self, at: usize) -> Result<(), Wrong> {
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
                let fault = Fault::otherwise_alone();
                Err(Wrong { at, fault })
            }
        }
    }

    fn end(&mut self, at: usize) -> Result<(), Wrong> {
        let Some(open) = self.open.pop() else {
            let fault = Fault::end_alone();
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

    fn header(&mut self, header: usize, at: usize, scan: &mut Scan<'_>) -> Result<(), Wrong> {
        let (name, form) = HEADERS[header];
        if !self.lines.is_empty() || !self.open.is_empty() {
            let fault = Fault::header_late(name);
            return Err(Wrong { at, fault });
        }
        let was_seen = std::mem::replace(&mut self.headers_seen[header], true);
        if was_seen && name != SERVER {
            let fault = Fault::header_twice(name);
            return Err(Wrong { at, fault });
        }
        scan.form = form;
        let setup = &mut self.setup;
        match name {
            "title" => scan.text().clone_into(&mut setup.title),
            "title.zh" => scan.text().clone_into(&mut setup.title_zh),
            "source" => scan.text().clone_into(&mut setup.source),
            "servers" => {
                let servers = scan.number(1, u64::from(SERVERS_MAX))?;
                setup.servers = u8::try_from(servers).unwrap_or(SERVERS_MAX);
                too_few_servers(at, setup)?;
            }
            "voters" => {
                let voters = scan.number(1, u64::from(SERVERS_MAX))?;
                setup.voters = u8::try_from(voters).ok();
                too_few_servers(at, setup)?;
            }
            "clients" => {
                let clients = scan.number(0, u64::from(CLIENTS_MAX))?;
                setup.clients = u8::try_from(clients).unwrap_or(CLIENTS_MAX);
                if !scan.at_end() {
                    text::expect(scan, "without")?;
                    text::expect(scan, "sessions")?;
                    setup.sessions = false;
                }
            }
            "seed" => setup.seed = scan.number(0, SEED_MAX)?,
            "snapshots" => {
                text::expect(scan, "every")?;
                setup.snapshot_every = Some(scan.number(2, text::NUMBER_MAX)?);
            }
            "ablate" => setup.ablated = rules(scan)?,
            SERVER => own(setup, scan)?,
            name => {
                if let Some(setting) = setting(name, scan)? {
                    setting.give_all(setup);
                }
            }
        }
        scan.finish()
    }

    fn caption_zh(&mut self, at: usize, scan: &mut Scan<'_>) -> Result<(), Wrong> {
        match self.lines.last_mut().map(|last| &mut last.doing) {
            Some(Doing::Phase { caption_zh, .. }) if self.caption_open => {
                scan.text().clone_into(caption_zh);
                self.caption_open = false;
                Ok(())
            }
            _ => {
                let fault = Fault::caption_alone();
                Err(Wrong { at, fault })
            }
        }
    }
}

/// Whether a line that begins with this word makes sense in a playbook only: it is of the header,
/// of a phase or of a block, or gives a name to what comes later.
pub(crate) fn is_only_of_playbooks(word: &str) -> bool {
    HEADERS.iter().any(|(name, _)| *name == word)
        || CAPTIONS.contains(&word)
        || BLOCKS.contains(&word)
        || word == "let"
}

/// Whether a statement may begin with this word.
fn is_known(word: &str) -> bool {
    verbs().any(|verb| verb.name == word) || WORDS.contains(&word) || BLOCKS.contains(&word)
}

/// The setting of this name, if one has it.
fn setting(name: &str, scan: &mut Scan<'_>) -> Result<Option<Setting>, Wrong> {
    let place = scan.place();
    Ok(Some(match name {
        "election" => {
            let range = scan.range()?;
            long_enough(place, range.min)?;
            Setting::Election(range)
        }
        "heartbeat" => {
            let time = scan.duration()?;
            long_enough(place, time)?;
            Setting::Heartbeat(time)
        }
        "use" => Setting::Features(features(scan)?),
        name => {
            let Some(size) = Size::ALL.into_iter().find(|size| size.name() == name) else {
                return Ok(None);
            };
            Setting::Size(size, scan.number(1, text::NUMBER_MAX)?)
        }
    }))
}

/// What one server has of its own: `S2 election 1s..2s`.
fn own(setup: &mut Setup, scan: &mut Scan<'_>) -> Result<(), Wrong> {
    let at = scan.present("a server", "服务器")?;
    let Several::One(One::Server(id), 0) = scan.several()? else {
        let found = scan.since(at).trim_end();
        let fault = Fault::expected("a server by its number", "服务器编号", found, scan.form);
        return Err(Wrong { at, fault });
    };
    let at = scan.present("a setting", "设置")?;
    let name = scan.word();
    let Some(setting) = setting(name, scan)? else {
        let sizes = Size::ALL.into_iter().map(Size::name);
        let names: Vec<&str> = ["election", "heartbeat", "use"]
            .into_iter()
            .chain(sizes)
            .collect();
        let fault = Fault::no_setting(name, text::nearest(name, &names), &names);
        return Err(Wrong { at, fault });
    };
    if setting.give_one(setup.own_mut(id)) {
        return Ok(());
    }
    let fault = Fault::header_twice(name);
    Err(Wrong { at, fault })
}

/// Refuses a cluster that begins with more voters than there are servers, or in which a server
/// that there is not has something of its own.
fn too_few_servers(at: usize, setup: &Setup) -> Result<(), Wrong> {
    if let Some((id, _)) = setup.own.last()
        && id.0 > u16::from(setup.servers)
    {
        let fault = Fault::no_such_server(&id.to_string(), setup.servers);
        return Err(Wrong { at, fault });
    }
    if setup.voters.is_none_or(|voters| voters <= setup.servers) {
        return Ok(());
    }
    let fault = Fault::more_voters_than_servers(setup.servers);
    Err(Wrong { at, fault })
}

/// The features named on the rest of a line, one at least.
fn features(scan: &mut Scan<'_>) -> Result<Features, Wrong> {
    let line = scan.place();
    let mut features = Features::default();
    if scan.eat_word(NO_FEATURE) {
        return Ok(features);
    }
    while features.is_empty() || !scan.at_end() {
        let at = scan.place();
        let word = scan.word();
        if word.is_empty() {
            let fault = Fault::missing("a feature", "功能", scan.form);
            return Err(Wrong { at, fault });
        }
        let found = Feature::ALL.iter().find(|feature| feature.name() == word);
        let Some(feature) = found else {
            let names = Feature::ALL.map(Feature::name);
            let fault = Fault::unknown_word(word, text::nearest(word, &names), &names);
            return Err(Wrong { at, fault });
        };
        features.insert(*feature);
    }
    if features.contains(&Feature::LeaseReads) && !features.contains(&Feature::CheckQuorum) {
        let fault = Fault::lease_alone();
        return Err(Wrong { at: line, fault });
    }
    Ok(features)
}

/// The rules named on the rest of a line, one at least.
fn rules(scan: &mut Scan<'_>) -> Result<RuleSet, Wrong> {
    let mut rules = RuleSet::EMPTY;
    while rules.is_empty() || !scan.at_end() {
        let at = scan.place();
        let id = scan.word();
        if id.is_empty() {
            let fault = Fault::missing("a rule", "规则", scan.form);
            return Err(Wrong { at, fault });
        }
        let Some(rule) = Rule::named(id) else {
            let ids: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
            let fault = Fault::unknown_rule(id, text::nearest(id, &ids), &ids);
            return Err(Wrong { at, fault });
        };
        rules.insert(rule);
    }
    Ok(rules)
}

/// The shortest timer of a server: one that ran out much more often would leave no time for
/// anything else to happen.
const TIMER_MIN: Micros = Micros::from_millis(1);

fn long_enough(at: usize, time: Micros) -> Result<(), Wrong> {
    if time >= TIMER_MIN {
        return Ok(());
    }
    let fault = Fault::too_short(time, TIMER_MIN);
    Err(Wrong { at, fault })
}
