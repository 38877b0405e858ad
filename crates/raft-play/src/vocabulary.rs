//! The vocabulary of the language, for whoever helps people write it: a page that completes what is
//! typed, a command that prints what there is.
//!
//! It is what the tables have from which lines are read, so that nothing is offered that cannot be
//! read, and nothing is missing.

use crate::playbook::{HEADERS, MARKS};
use crate::script::{NUMBERS, PROPERTIES, WORDS};
use crate::text::{REWRITINGS, verbs};

/// What lines of one sort look like, and what they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    /// The word that they begin with.
    pub verb: &'static str,
    /// Such lines, the plainest first.
    pub forms: &'static [&'static str],
    /// What they do, in English and in Chinese; of a condition behind `expect`, what is compared
    /// or asked.
    pub doc: [&'static str; 2],
    /// Whether a sentence for the reader stands behind the word, in which no word is the language's.
    pub is_said: bool,
}

/// The lines that can be typed into a run. Several phrases may begin with the same verb.
pub fn typed() -> impl Iterator<Item = Phrase> {
    let words = WORDS.iter().filter(|word| !word.needs_others());
    let is_word = |name| WORDS.iter().any(|word| word.name == name);
    // Those of a verb that is also a word are a part of the word's; a rewriting says what it does.
    let verbs = verbs().filter(move |verb| !is_word(verb.name) && verb.name != REWRITE);
    let verbs = verbs.map(|it| phrase(it.name, it.forms, it.doc));
    let rewritings = REWRITINGS.iter();
    let rewritings = rewritings.map(|it| phrase(REWRITE, it.forms, it.doc));
    let words = words.map(|it| phrase(it.name, it.forms, it.doc));
    let numbers = NUMBERS.iter().map(|it| phrase(EXPECT, it.forms, it.doc));
    let questions = PROPERTIES.iter().map(|it| phrase(EXPECT, it.forms, it.doc));
    let lines = verbs.chain(rewritings).chain(words);
    lines.chain(numbers).chain(questions)
}

/// The lines that a playbook can have besides: its header, its blocks, and what it says and asks.
pub fn of_playbooks() -> impl Iterator<Item = Phrase> {
    let header = HEADERS.iter().map(|it| Phrase {
        is_said: it.is_said(),
        ..phrase(it.name, it.forms, OF_THE_HEADER)
    });
    let words = WORDS.iter().filter(|word| word.needs_others());
    let words = words.map(|it| phrase(it.name, it.forms, it.doc));
    let marks = MARKS.iter().map(|it| Phrase {
        is_said: it.is_said,
        ..phrase(it.name, it.forms, it.doc)
    });
    header.chain(words).chain(marks)
}

const OF_THE_HEADER: [&str; 2] = ["a line of the header", "文件头中的一行"];
const REWRITE: &str = "rewrite";
const EXPECT: &str = "expect";

const fn phrase(
    verb: &'static str,
    forms: &'static [&'static str],
    doc: [&'static str; 2],
) -> Phrase {
    Phrase {
        verb,
        forms,
        doc,
        is_said: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::begin_line;
    use raft_sim::Run;
    use raft_sim::setup::Setup;

    #[test]
    fn every_line_that_is_offered_can_be_typed() {
        let setup = Setup {
            clients: 3,
            ..Setup::default()
        };
        let run = Run::new(setup);
        for phrase in typed() {
            for form in phrase.forms {
                assert_eq!(form.split(' ').next(), Some(phrase.verb));
                let begun = begin_line(&run, form).map(|_| ());
                assert_eq!(begun, Ok(()), "{form}");
            }
        }
    }

    #[test]
    fn every_word_that_begins_a_line_of_a_playbook_is_offered() {
        let offered: Vec<&str> = typed().chain(of_playbooks()).map(|it| it.verb).collect();
        for word in crate::playbook::beginnings() {
            assert!(offered.contains(&word), "{word}");
        }
        for phrase in of_playbooks().filter(|phrase| phrase.is_said) {
            let line = format!("{} crash S9 !! =\n", phrase.verb);
            let complaint = line.parse::<crate::Playbook>().err();
            // Where it has to stand is another matter.
            let complaint = complaint.map_or(1, |error| error.column);
            assert_eq!(complaint, 1, "{line}");
        }
    }

    #[test]
    fn every_verb_is_offered() {
        let offered: Vec<&str> = typed().map(|phrase| phrase.verb).collect();
        for verb in verbs() {
            assert!(offered.contains(&verb.name), "{}", verb.name);
        }
    }
}
