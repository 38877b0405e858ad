//! What is wrong with a text, and where.
//!
//! A run remembers the text that it was played from, and with it what in that text did not hold.
//! So this is known here, and what may stand in such a text is not.

use std::fmt;

/// Why a text could not be understood, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextError {
    /// The line, counted from 1.
    pub line: u32,
    /// The character within the line, counted from 1.
    pub column: u32,
    /// What is wrong, in English.
    pub message: String,
    /// What to do about it, in English.
    pub remedy: String,
    /// Both of these in Chinese.
    pub chinese: Box<Chinese>,
    /// What would mend it, where that is known word for word.
    pub instead: Option<Box<Instead>>,
    /// The line, or the part of it around the place, and below it a caret at the place.
    pub excerpt: Box<str>,
}

/// What to write at the place of a complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instead {
    /// In the place of how many characters of the line.
    pub chars: u32,
    /// What to write there.
    pub text: String,
}

/// What is wrong with a text, in Chinese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chinese {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// How many characters of a long line an excerpt shows on either side of the place.
const EXCERPT_REACH: usize = 36;

impl TextError {
    /// A complaint about the text `shown`, which is line number `line`, at the byte `at` of it:
    /// what is wrong there and what to do about it, each in English and in Chinese.
    #[must_use]
    pub fn new(
        line: u32,
        shown: &str,
        at: usize,
        message: [String; 2],
        remedy: [String; 2],
    ) -> TextError {
        let [message, message_zh] = message;
        let [remedy, remedy_zh] = remedy;
        let before = shown.get(..at).unwrap_or(shown);
        let column = before.chars().count();
        TextError {
            line,
            column: u32::try_from(column).map_or(u32::MAX, |column| column.saturating_add(1)),
            message,
            remedy,
            chinese: Box::new(Chinese {
                message: message_zh,
                remedy: remedy_zh,
            }),
            instead: None,
            excerpt: excerpt(shown, column).into(),
        }
    }

    /// A complaint about a whole line that parses but cannot be done, for example because the
    /// World refuses it: the caret stands under its first word.
    #[must_use]
    pub fn refused(line: u32, shown: &str, message: [String; 2], remedy: [String; 2]) -> TextError {
        let at = shown.len() - shown.trim_start().len();
        TextError::new(line, shown, at, message, remedy)
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TextError { line, column, .. } = self;
        writeln!(f, "line {line}, column {column}: {}", self.message)?;
        writeln!(f, "{}", self.excerpt)?;
        f.write_str(&self.remedy)
    }
}

impl std::error::Error for TextError {}

/// The part of a line around one of its characters, over a caret that points at it.
fn excerpt(shown: &str, column: usize) -> String {
    let from = column.saturating_sub(EXCERPT_REACH);
    let mut text = String::new();
    let mut caret = String::new();
    if from > 0 {
        text.push('…');
        caret.push(' ');
    }
    let mut rest = shown.chars().skip(from);
    for (position, c) in (from..).zip(rest.by_ref().take(2 * EXCERPT_REACH)) {
        // A control character would break the excerpt's own lines.
        let c = if c.is_control() { ' ' } else { c };
        text.push(c);
        if position < column {
            caret.push(if is_wide(c) { '\u{3000}' } else { ' ' });
        }
    }
    if rest.next().is_some() {
        text.push('…');
    }
    format!("{text}\n{caret}^")
}

/// Whether a fixed-width font gives this character two columns, as it does Chinese ones.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}')
}
