//! Words that this project does not use, and paths that exist on only one machine.

use std::error::Error;

use super::{Files, Finding, ends};

/// The file of the glossary, with the words that it rules out.
const GLOSSARY_IN: &str = "CONTRIBUTING.md";

/// The head of the glossary's table; the last column has the words not to use.
const HEAD: &str = "| word | 中文 | what it is | not |";

/// Folders that exist on only some machines.
const MACHINE_FOLDERS: [&str; 5] = ["/home/", "/root/", "/tmp/", "/Users/", "/work/"];

/// Complains about each line that names a folder of some machine.
pub(super) fn machine_paths(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for folder in MACHINE_FOLDERS {
            // `target/tmp/` is a path of its own; what a quotation mark opens is not.
            let is_there = line.match_indices(folder).any(|(at, _)| {
                !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-~}/)".contains(c))
            });
            if is_there && !path.ends_with("tidy/words.rs") {
                let complaint = format!("`{folder}` is a folder of some machine");
                findings.push(Finding::new(path, number + 1, complaint));
            }
        }
    }
    findings
}

/// A row of the glossary: the word, and the words not to use.
struct Entry {
    said: String,
    not: Vec<String>,
}

/// Complains about each word that the glossary rules out.
pub(super) fn glossary(files: &Files) -> Result<Vec<Finding>, Box<dyn Error>> {
    let text = files
        .get(GLOSSARY_IN)
        .ok_or("there is no CONTRIBUTING.md")?;
    let entries = read(text)?;
    let mut findings = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| is_ours(path)) {
        for (number, line) in text.lines().enumerate() {
            let words = in_words(line);
            for entry in &entries {
                for not in entry.not.iter().filter(|not| is_said(not, line, &words)) {
                    let complaint = format!("not “{not}”: “{}” (the glossary)", entry.said);
                    findings.push(Finding::new(path, number + 1, complaint));
                }
            }
        }
    }
    Ok(findings)
}

/// Whether a line, which is also there `in_words`, says this; Chinese has no spaces between words.
fn is_said(not: &str, line: &str, words: &str) -> bool {
    if not.is_ascii() {
        words.contains(&format!(" {not} "))
    } else {
        line.contains(not)
    }
}

/// Whether the file is the project's own text; the glossary itself must name what it rules out.
fn is_ours(path: &str) -> bool {
    let endings = ["rs", "ts", "tsx", "md", "raft", "css", "mjs", "sh"];
    path != GLOSSARY_IN && ends(path, &endings) && !path.contains("xtask/")
}

/// Reads the table; an error if it is missing, or a row does not have four columns.
fn read(text: &str) -> Result<Vec<Entry>, Box<dyn Error>> {
    let (_, table) = text
        .split_once(HEAD)
        .ok_or("CONTRIBUTING.md has no glossary")?;
    let mut entries = Vec::new();
    for row in table.lines().skip(2).take_while(|row| row.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [said, _, _, not] = cells.as_slice() else {
            return Err(format!("the glossary has a row without four columns: {row}").into());
        };
        let not = not
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty());
        entries.push(Entry {
            said: (*said).to_owned(),
            not: not.map(|word| in_words(word).trim().to_owned()).collect(),
        });
    }
    Ok(entries)
}

/// The line as words in small letters with a space around each; a name is the words it is made of.
fn in_words(line: &str) -> String {
    let mut words = String::from(" ");
    let mut last = ' ';
    for letter in line.chars() {
        let is_word = letter.is_alphanumeric();
        let begins = letter.is_uppercase() && last.is_lowercase();
        if (!is_word || begins) && !words.ends_with(' ') {
            words.push(' ');
        }
        if is_word {
            words.extend(letter.to_lowercase());
        }
        last = letter;
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_some_machine_is_found() {
        let found = |line: &str| machine_paths("a.md", line).len();
        assert_eq!(found("see /home/somebody/notes"), 1);
        assert_eq!(found("open(\"/tmp/x\")"), 1);
        assert_eq!(found("target/tmp/x and https://example.org/home/"), 0);
    }

    #[test]
    fn a_word_that_is_ruled_out_is_found_in_prose_and_in_names() {
        let glossary =
            format!("{HEAD}\n|---|---|---|---|\n| chunk | 块 | part | piece, pieces, 碎片 |\n");
        let found = |line: &str| {
            let files = Files::from([
                (GLOSSARY_IN.to_owned(), glossary.clone()),
                ("a.rs".to_owned(), line.to_owned()),
            ]);
            super::glossary(&files).unwrap().len()
        };
        assert_eq!(found("// A piece of a snapshot."), 1);
        assert_eq!(found("let last_piece = 1;"), 1);
        assert_eq!(found("struct LastPiece;"), 1);
        assert_eq!(found("const PIECES: u8 = 1;"), 1);
        assert_eq!(found("// A chunk, piecemeal."), 0);
        assert_eq!(found("// 快照的碎片到了。"), 1);
    }

    #[test]
    fn a_project_without_a_glossary_is_not_passed_over() {
        assert!(glossary(&Files::new()).is_err());
        assert!(read("no table").is_err());
        assert!(read(&format!("{HEAD}\n|---|---|---|---|\n| one |\n")).is_err());
    }
}
