//! Runs every rule over every file that git knows or would add.
//!
//! A rule is a function from text to [`Finding`]s. It looks at no file by itself, so its test can
//! hand it a bad example.

mod actions;
mod floors;
mod imports;
mod lengths;
mod surface;
mod syntax;
mod words;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A place that violates a rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    complaint: String,
}

impl Finding {
    fn new(path: &str, line: usize, complaint: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            complaint: complaint.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.complaint)
    }
}

/// Whether the name of the file ends in one of these, without the dot.
fn ends(path: &str, endings: &[&str]) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, end)| endings.contains(&end))
}

/// Every text file by its path from the root, in order.
type Files = BTreeMap<String, String>;

/// Checks the project in `root`; an error says why it could not be looked at.
pub(crate) fn run(root: &Path) -> Result<Vec<Finding>, Box<dyn Error>> {
    let files = read(root)?;
    let mut syntax = BTreeMap::new();
    for (path, text) in files.iter().filter(|(path, _)| ends(path, &["rs"])) {
        let parsed = syn::parse_file(text).map_err(|error| format!("{path}: {error}"))?;
        syntax.insert(path.clone(), parsed);
    }
    let mut findings = Vec::new();
    for (path, text) in &files {
        findings.extend(lengths::of_file(path, text));
        findings.extend(words::machine_paths(path, text));
    }
    for (path, file) in &syntax {
        findings.extend(lengths::of_functions(path, file));
    }
    findings.extend(actions::catch_alls(&syntax));
    findings.extend(words::glossary(&files)?);
    findings.extend(floors::crates(&files, &metadata(root)?)?);
    findings.extend(floors::modules(&files, &syntax)?);
    findings.extend(surface::of_node(&files, &syntax)?);
    findings.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    Ok(findings)
}

/// Reads what git knows or would add, but for pictures and other bytes.
fn read(root: &Path) -> Result<Files, Box<dyn Error>> {
    let mut git = Command::new("git");
    git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let listed = output(git.current_dir(root))?;
    let mut files = Files::new();
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        // A listed file may already be deleted, and a binary file has no words.
        if let Ok(text) = fs::read_to_string(root.join(path)) {
            files.insert(path.to_owned(), text);
        }
    }
    Ok(files)
}

/// What cargo says of the packages of the workspace.
fn metadata(root: &Path) -> Result<serde_json::Value, Box<dyn Error>> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args([
        "metadata",
        "--no-deps",
        "--offline",
        "--format-version",
        "1",
    ]);
    Ok(serde_json::from_str(&output(cargo.current_dir(root))?)?)
}

/// What the program prints; an error if it cannot be run, or fails.
fn output(program: &mut Command) -> Result<String, Box<dyn Error>> {
    let name = program.get_program().to_string_lossy().into_owned();
    let done = program
        .output()
        .map_err(|error| format!("{name}: {error}"))?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        return Err(format!("{name}: {said}").into());
    }
    Ok(String::from_utf8(done.stdout)?)
}
