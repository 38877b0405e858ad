//! Writes `docs/rules.md`: where each rule of the algorithm is followed, tested and shown.
//!
//! It is here and not among the tests of raft-core, since it reads their text: that alone would
//! catch every mutant.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use raft_core::Rule;
use syn::visit::{self, Visit};

const HEAD: &str = "\
# Where each rule is

For every clause of the algorithm: the functions of `crates/raft-core/src` that follow it, the tests
in `crates/raft-core/tests` that name it, and the playbooks that ablate it. What goes wrong without it
is in [ablation.md](ablation.md). A test says “fails without” a rule where that has been tried.

A test compares this file with the code. To rewrite it after a change:

    UPDATE=1 cargo test -p xtask --test rules

| rule | section | what it says | followed in | tests | playbooks |
|---|---|---|---|---|---|
";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("a workspace")
        .to_path_buf()
}

/// The files below a folder whose names end so, by their path from there, in order.
fn files(folder: &Path, ending: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder of the project") {
            let path = entry.expect("an entry of it").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == ending) {
                let inside = path.strip_prefix(folder).expect("it lies there");
                let text = fs::read_to_string(&path).expect("a text");
                found.insert(inside.to_string_lossy().into_owned(), text);
            }
        }
    }
    found
}

/// The rules that a file names, each with the function that does.
#[derive(Default)]
struct Named {
    function: Vec<String>,
    found: Vec<(String, String)>,
}

impl<'a> Visit<'a> for Named {
    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        self.function.push(item.sig.ident.to_string());
        visit::visit_item_fn(self, item);
        self.function.pop();
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        self.function.push(item.sig.ident.to_string());
        visit::visit_impl_item_fn(self, item);
        self.function.pop();
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if let [rule, variant] = parts.as_slice()
            && rule == "Rule"
            && let Some(function) = self.function.last()
        {
            let named = (variant.clone(), function.clone());
            if !self.found.contains(&named) {
                self.found.push(named);
            }
        }
        visit::visit_path(self, path);
    }
}

/// Where each rule is followed, by the name of its variant: file and function.
fn followed() -> BTreeMap<String, Vec<(String, String)>> {
    let mut all = BTreeMap::<_, Vec<_>>::new();
    for (file, text) in files(&root().join("crates/raft-core/src"), "rs") {
        // The definition of the rules and the checks of a node follow none.
        if matches!(file.as_str(), "rule.rs" | "rule_set.rs" | "check.rs") {
            continue;
        }
        let mut named = Named::default();
        named.visit_file(&syn::parse_file(&text).expect("Rust"));
        for (variant, function) in named.found {
            all.entry(variant)
                .or_default()
                .push((file.clone(), function));
        }
    }
    all
}

/// Every test of raft-core by its name, with its text and the comment above it.
fn tests() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (file, text) in files(&root().join("crates/raft-core/tests"), "rs") {
        let module = file
            .trim_end_matches(".rs")
            .trim_start_matches("suite/")
            .replace('/', "::");
        let lines: Vec<&str> = text.lines().collect();
        for (at, _) in lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.trim() == "#[test]")
        {
            let comment = lines[..at]
                .iter()
                .rev()
                .take_while(|line| line.trim().starts_with("//"));
            let first = at - comment.count();
            let end = format!("{}}}", &lines[at][..lines[at].len() - "#[test]".len()]);
            let length = lines[at..]
                .iter()
                .position(|line| *line == end)
                .expect("its end");
            let body = lines[first..=at + length].join("\n");
            let (_, name) = body.split_once("fn ").expect("a function");
            let name = name.split('(').next().expect("its name");
            all.insert(format!("{module}::{name}"), body);
        }
    }
    all
}

/// Whether the text has the word, and not as a part of a longer name.
fn says(text: &str, word: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(goes_on) && !text[at + word.len()..].starts_with(goes_on)
    })
}

/// The rules that a playbook ablates.
fn ablated(playbook: &str) -> impl Iterator<Item = &str> {
    playbook
        .lines()
        .filter_map(|line| line.strip_prefix("ablate "))
        .flat_map(str::split_whitespace)
}

fn row(
    rule: Rule,
    places: &[(String, String)],
    tests: &BTreeMap<String, String>,
    playbooks: &BTreeMap<String, String>,
) -> String {
    let variant = format!("Rule::{rule:?}");
    let name_it = |text: &str| says(text, rule.id()) || says(text, &variant);
    let mut by_file = BTreeMap::<_, Vec<_>>::new();
    for (file, function) in places {
        by_file
            .entry(file)
            .or_default()
            .push(format!("`{function}`"));
    }
    let places: Vec<String> = by_file
        .iter()
        .map(|(file, functions)| {
            format!(
                "[{file}](../crates/raft-core/src/{file}): {}",
                functions.join(", ")
            )
        })
        .collect();
    let tests: Vec<String> = tests
        .iter()
        .filter(|(_, text)| name_it(text))
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    let playbooks: Vec<String> = playbooks
        .iter()
        .filter(|(_, text)| ablated(text).any(|id| id == rule.id()))
        .map(|(path, _)| format!("[{}](../playbooks/{path})", path.trim_end_matches(".raft")))
        .collect();
    assert!(!places.is_empty(), "{} is followed nowhere", rule.id());
    assert!(
        !tests.is_empty(),
        "no test of raft-core names {}",
        rule.id()
    );
    format!(
        "| `{}` | {} | {} | {} | {} | {} |\n",
        rule.id(),
        rule.section(),
        rule.english(),
        places.join("; "),
        tests.join(", "),
        playbooks.join(", "),
    )
}

#[test]
fn the_document_says_where_each_rule_is() {
    let followed = followed();
    let tests = tests();
    let playbooks = files(&root().join("playbooks"), "raft");
    let mut document = HEAD.to_owned();
    for rule in Rule::ALL {
        let places = followed
            .get(&format!("{rule:?}"))
            .map_or(&[][..], Vec::as_slice);
        document
            .write_str(&row(*rule, places, &tests, &playbooks))
            .expect("a String takes all");
    }
    let path = root().join("docs/rules.md");
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &document).expect("it can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == document,
        "docs/rules.md is not what the code says: UPDATE=1 cargo test -p xtask --test rules"
    );
}
