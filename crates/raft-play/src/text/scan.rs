//! Reading one line from left to right: words, servers, numbers, times, commands.
//!
//! A [`Scan`] holds a place in the line. Each method reads one thing and moves on, or answers
//! with the place and the complaint. A `#` where a word could begin starts a comment.

use raft_core::NodeId;

use super::commands::Commands;
use super::names::Names;

use super::fault::instead_in;
use super::{Fault, NESTED_MAX, TextError};
use raft_sim::bounded::Permille;
use raft_sim::command::{COMMAND_BYTES_MAX, COMMANDS_MAX, Command};
use raft_sim::time::{Duration, MicrosRange};

/// A complaint and its place, as a byte offset into the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) at: usize,
    pub(crate) fault: Fault,
}

impl Wrong {
    /// The complaint about the text `shown`, which is line number `line`.
    pub(crate) fn of_line(self, line: u32, shown: &str) -> TextError {
        let Fault {
            message,
            message_zh,
            remedy,
            remedy_zh,
            is_refusal: _,
            instead,
        } = self.fault;
        let (message, remedy) = ([message, message_zh], [remedy, remedy_zh]);
        let mut error = TextError::new(line, shown, self.at, message, remedy);
        error.instead = instead.and_then(|words| instead_in(shown, self.at, &words));
        error
    }
}

/// A place in a line, and what is known about the line.
pub(crate) struct Scan<'a> {
    pub(crate) line: &'a str,
    at: usize,
    pub(crate) servers: u8,
    /// What the line should look like, for complaints.
    pub(crate) forms: &'static [&'static str],
    /// Knows whom words such as `leader` stand for.
    pub(crate) names: &'a mut dyn Names,
    /// The servers that have been named so far.
    pub(crate) mentioned: Vec<NodeId>,
    /// How deep the place is in words that stand in each other.
    nested: u8,
    /// How many brackets are open, inside which words end where one closes.
    brackets: u8,
    /// How many servers, numbers, entries and comparisons have been read, each of which takes
    /// memory for as long as the line is kept.
    pub(crate) parts: usize,
}

impl<'a> Scan<'a> {
    /// The start of this line, which may name so many servers.
    pub(crate) fn new(line: &'a str, servers: u8, names: &'a mut dyn Names) -> Scan<'a> {
        Scan {
            line,
            at: 0,
            servers,
            forms: &["step"],
            names,
            mentioned: Vec::new(),
            nested: 0,
            brackets: 0,
            parts: 0,
        }
    }

    /// Reads what may stand in itself. That has an end, so that no line takes more of the stack
    /// than there is.
    pub(crate) fn inside<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Wrong>,
    ) -> Result<T, Wrong> {
        let at = self.place();
        if self.nested >= NESTED_MAX {
            let fault = Fault::nested_too_deep();
            return Err(Wrong { at, fault });
        }
        self.nested += 1;
        let found = read(self);
        self.nested -= 1;
        found
    }

    /// Reads what stands in the bracket that opens here.
    pub(crate) fn bracketed<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Wrong>,
    ) -> Result<T, Wrong> {
        let at = self.place();
        self.eat("(");
        self.brackets += 1;
        let found = self.inside(read)?;
        if !self.at_bracket() {
            let (end, rest) = (self.place(), self.rest());
            return Err(match Fault::foreign_join(rest) {
                Some(fault) => Wrong { at: end, fault },
                None => Wrong {
                    at,
                    fault: Fault::bracket_open(),
                },
            });
        }
        self.eat(")");
        self.brackets -= 1;
        Ok(found)
    }

    /// Whether a bracket closes here.
    pub(crate) fn at_bracket(&mut self) -> bool {
        self.brackets > 0 && self.sees(")")
    }

    /// What a word is made of.
    fn is_of_a_word(&self) -> impl Fn(char) -> bool + use<> {
        let in_brackets = self.brackets > 0;
        move |c| !(c.is_whitespace() || in_brackets && c == ')')
    }

    /// Where the next thing begins.
    pub(crate) fn place(&mut self) -> usize {
        // Often it is there already: each thing asks for it several times (`node web/tests/speed.mjs`).
        let next = self.line.as_bytes().get(self.at);
        if !next.is_some_and(u8::is_ascii_graphic) {
            self.at = self.line.len() - self.line[self.at..].trim_start().len();
        }
        self.at
    }

    fn rest(&mut self) -> &'a str {
        let at = self.place();
        &self.line[at..]
    }

    /// Whether only a comment or nothing is left.
    pub(crate) fn at_end(&mut self) -> bool {
        let rest = self.rest();
        rest.is_empty() || rest.starts_with('#')
    }

    /// Whether this sign comes next.
    pub(crate) fn sees(&mut self, sign: &str) -> bool {
        self.rest().starts_with(sign)
    }

    /// Passes over this sign when it comes next.
    pub(crate) fn eat(&mut self, sign: &str) -> bool {
        let next = self.sees(sign);
        if next {
            self.at += sign.len();
        }
        next
    }

    /// Whether this word comes next.
    pub(crate) fn sees_word(&mut self, word: &str) -> bool {
        self.peek(self.is_of_a_word()) == word
    }

    /// Whether this word comes next, whatever sign stands behind it.
    pub(crate) fn sees_name(&mut self, word: &str) -> bool {
        self.peek(|c| c.is_alphanumeric() || c == '_' || c == '-') == word
    }

    /// Passes over this word when it comes next, whatever sign stands behind it.
    pub(crate) fn eat_name(&mut self, word: &str) -> bool {
        self.sees_name(word) && self.eat(word)
    }

    /// Passes over this word when it comes next.
    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        self.sees_word(word) && self.eat(word)
    }

    /// The next word, up to white space; empty at the end.
    pub(crate) fn word(&mut self) -> &'a str {
        if self.at_end() {
            return "";
        }
        self.take(self.is_of_a_word())
    }

    /// What [`Scan::take`] would read.
    pub(crate) fn peek(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        &rest[..rest.find(|c| !belongs(c)).unwrap_or(rest.len())]
    }

    /// Whether this character comes next, without white space before it.
    pub(crate) fn touches(&self, c: char) -> bool {
        self.line[self.at..].starts_with(c)
    }

    /// Goes back to this place, which has been passed.
    pub(crate) const fn back_to(&mut self, place: usize) {
        self.at = place;
    }

    /// What has been read since `start`.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        &self.line[start..self.at]
    }

    /// As long as they belong, the next characters.
    pub(crate) fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// All that is left, comment or not: the text of a title or caption.
    pub(crate) fn text(&mut self) -> &'a str {
        let rest = self.rest();
        self.at = self.line.len();
        rest.trim_end()
    }

    /// Refuses whatever is left but a comment.
    pub(crate) fn finish(&mut self) -> Result<(), Wrong> {
        let at = self.place();
        if self.at_end() {
            return Ok(());
        }
        let fault = Fault::leftover(self.word(), self.forms);
        Err(Wrong { at, fault })
    }

    /// The place of the next thing, complaining when the line ends where `what` should be.
    pub(crate) fn present(&mut self, what: &str, zh: &str) -> Result<usize, Wrong> {
        let at = self.place();
        if self.at_end() {
            let fault = Fault::missing(what, zh, self.forms);
            return Err(Wrong { at, fault });
        }
        Ok(at)
    }

    /// A whole number from `min` to `max`.
    pub(crate) fn number(&mut self, min: u64, max: u64) -> Result<u64, Wrong> {
        let at = self.present("a number", "数字")?;
        let word = self.word();
        self.number_in(at, word, min, max)
    }

    /// The whole number that `word`, read from `at`, should be.
    pub(crate) fn number_in(
        &self,
        at: usize,
        word: &str,
        min: u64,
        max: u64,
    ) -> Result<u64, Wrong> {
        let is_number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        if word.strip_prefix(['-', '+']).is_some_and(is_number) {
            let fault = Fault::number_outside(word, min, max);
            return Err(Wrong { at, fault });
        }
        if !is_number(word) {
            let fault = Fault::expected("a whole number", "整数", word, self.forms);
            return Err(Wrong { at, fault });
        }
        match word.parse() {
            Ok(number) if (min..=max).contains(&number) => Ok(number),
            _ => {
                let fault = Fault::number_outside(word, min, max);
                Err(Wrong { at, fault })
            }
        }
    }

    /// A message's number, written `M12`.
    pub(crate) fn message_number(&mut self, max: u64) -> Result<u64, Wrong> {
        let at = self.present("a message", "消息")?;
        let word = self.word();
        match word.strip_prefix(['M', 'm']) {
            Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                self.number_in(at, digits, 1, max)
            }
            _ => {
                let fault =
                    Fault::expected("a message such as M12", "M12 这样的消息", word, self.forms);
                Err(Wrong { at, fault })
            }
        }
    }

    /// A duration, such as `5ms`.
    pub(crate) fn duration(&mut self) -> Result<Duration, Wrong> {
        let at = self.present("a time", "时间")?;
        duration_in(at, self.word())
    }

    /// A range of durations such as `1ms..5ms`, or one alone.
    pub(crate) fn range(&mut self) -> Result<MicrosRange, Wrong> {
        let at = self.present("a time or range of times", "时间或时间范围")?;
        let word = self.word();
        let Some((min, max)) = word.split_once("..") else {
            return duration_in(at, word).map(|time| MicrosRange::fixed(time.get()));
        };
        let max_at = at + min.len() + "..".len();
        let (min, max) = (duration_in(at, min)?, duration_in(max_at, max)?);
        MicrosRange::new(min.get(), max.get()).ok_or_else(|| {
            let fault = Fault::range_backwards();
            Wrong { at, fault }
        })
    }

    /// A percentage with at most one decimal, in thousandths.
    pub(crate) fn permille(&mut self) -> Result<Permille, Wrong> {
        let at = self.present("a percentage", "百分比")?;
        let word = self.word();
        permille_in(word).ok_or_else(|| {
            let fault = Fault::percent(word);
            Wrong { at, fault }
        })
    }

    /// One command, or all those of a range, added to `commands`.
    pub(crate) fn commands(&mut self, commands: &mut Commands) -> Result<(), Wrong> {
        let at = self.present("a command", "指令")?;
        if self.eat("\"") {
            let text = self.quoted(at)?;
            return commands.push(at, &text);
        }
        if self.sees("*") {
            return self.fresh(at, commands);
        }
        let word = self.take(self.is_of_a_word());
        if let Some(quote) = word.find('"') {
            let fault = Fault::quote_inside();
            return Err(Wrong {
                at: at + quote,
                fault,
            });
        }
        if word.contains("..") {
            return commands.push_range(at, word);
        }
        commands.push(at, word)
    }

    /// One command; nothing if it is a range of several.
    pub(crate) fn one_command(&mut self) -> Result<Option<Command>, Wrong> {
        let mut commands = Commands::default();
        self.commands(&mut commands)?;
        let command = commands.list.pop();
        Ok(command.filter(|_| commands.list.is_empty()))
    }

    /// `*`, `*50` or `*5:1000`: so many commands that nobody has offered yet, of so many bytes.
    fn fresh(&mut self, at: usize, commands: &mut Commands) -> Result<(), Wrong> {
        let word = self.word();
        let (count, bytes) = word[1..].split_once(':').unwrap_or((&word[1..], "1"));
        let count = if count.is_empty() { "1" } else { count };
        let count = self.number_in(at, count, 1, COMMANDS_MAX as u64)?;
        let bytes = self.number_in(at, bytes, 1, COMMAND_BYTES_MAX as u64)?;
        let bytes = usize::try_from(bytes).unwrap_or(COMMAND_BYTES_MAX);
        for _ in 0..count {
            let mut text = format!("c{}", self.names.fresh());
            // Not by a width of the format, which ends at 65535.
            text.extend(std::iter::repeat_n('-', bytes.saturating_sub(text.len())));
            commands.push(at, &text)?;
        }
        Ok(())
    }

    /// The rest of a quoted command whose opening quote, at `open`, has been read.
    fn quoted(&mut self, open: usize) -> Result<String, Wrong> {
        let mut text = String::new();
        let mut chars = self.line[self.at..].char_indices();
        while let Some((offset, c)) = chars.next() {
            let at = self.at + offset;
            match c {
                '"' => {
                    let next = chars.next();
                    if next.is_some_and(|(_, c)| self.is_of_a_word()(c)) {
                        let fault = Fault::quote_inside();
                        return Err(Wrong { at, fault });
                    }
                    self.at = at + 1;
                    return Ok(text);
                }
                '\\' => {
                    let escaped = escaped(&mut chars.by_ref().map(|(_, c)| c));
                    let fault = Fault::escape;
                    text.push(escaped.ok_or_else(|| Wrong { at, fault: fault() })?);
                }
                _ => text.push(c),
            }
        }
        let fault = Fault::quote_open();
        Err(Wrong { at: open, fault })
    }

    /// The term of an entry, and whether it says what it holds: the place is then behind the
    /// colon.
    pub(crate) fn entry_term(&mut self, max: u64) -> Result<(u64, bool), Wrong> {
        let at = self.present("an entry", "日志条目")?;
        self.parts += 1;
        let word = self.peek(self.is_of_a_word());
        let (digits, held) = word
            .split_once(':')
            .map_or((word, None), |(digits, held)| (digits, Some(held)));
        let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        if !is_number || held == Some("") {
            let fault = Fault::expected(
                "an entry such as 2:y1, nor a term alone",
                "2:y1 这样的日志条目，也不是单独的任期",
                word,
                self.forms,
            );
            return Err(Wrong { at, fault });
        }
        self.at += digits.len() + usize::from(held.is_some());
        Ok((self.number_in(at, digits, 1, max)?, held.is_some()))
    }
}

fn duration_in(at: usize, word: &str) -> Result<Duration, Wrong> {
    let fault = match word.parse().map(Duration::new) {
        Ok(Some(time)) => return Ok(time),
        Ok(None) => Fault::time_too_long(word),
        Err(error) => Fault::time(word, error),
    };
    Err(Wrong { at, fault })
}

fn permille_in(word: &str) -> Option<Permille> {
    let number = word.strip_suffix('%')?;
    let (whole, tenth) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !digits(whole, 3) || !digits(tenth, 1) {
        return None;
    }
    Permille::new(format!("{whole}{tenth}").parse().ok()?)
}

/// The character that stands behind a backslash's escape.
fn escaped(chars: &mut impl Iterator<Item = char>) -> Option<char> {
    match chars.next()? {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        c @ ('"' | '\\') => Some(c),
        'u' => {
            if chars.next()? != '{' {
                return None;
            }
            // Six digits hold any character; a seventh would only be an attempt at size.
            let digits: String = chars.take_while(|&c| c != '}').take(7).collect();
            if digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                return None;
            }
            char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
        }
        _ => None,
    }
}
