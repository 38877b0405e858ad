//! Which may depend on which: packages, the modules of a package, and the page's folders.
//!
//! ARCHITECTURE.md draws them as floors, from the top down, in blocks marked `floors`. The members
//! of a line may depend on those of lower lines, and on nothing beside or above them; only on a line
//! that ends with `↻` and a reason may they depend on each other.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use super::imports::{of_rust, of_typescript};
use super::{Files, Finding};

/// Where the floors are drawn.
const DRAWN_IN: &str = "ARCHITECTURE.md";

/// How a block of floors opens; the folder whose contents it orders follows.
const OPENS: &str = "```floors ";

/// A block of floors.
#[derive(Debug, Default)]
struct Floors {
    /// The line that it opens in.
    line: usize,
    /// The floor of each, the highest being 0.
    floor: BTreeMap<String, usize>,
    /// The floors whose members may depend on each other.
    circles: BTreeSet<usize>,
}

impl Floors {
    fn read(block: &str, line: usize) -> Self {
        let mut floors = Self {
            line,
            ..Self::default()
        };
        for (floor, text) in block.lines().enumerate() {
            let (members, circle) = text.split_once('↻').unwrap_or((text, ""));
            if !circle.trim().is_empty() {
                floors.circles.insert(floor);
            }
            let members = members.split_whitespace();
            floors
                .floor
                .extend(members.map(|member| (member.to_owned(), floor)));
        }
        floors
    }

    /// Why the one may not depend on the other.
    fn complaint(&self, from: &str, to: &str) -> Option<String> {
        let (Some(above), Some(below)) = (self.floor.get(from), self.floor.get(to)) else {
            return None;
        };
        let may = above < below || (above == below && self.circles.contains(above));
        (from != to && !may).then(|| {
            let how = if above == below { "beside" } else { "above" };
            format!("`{from}` knows `{to}`, which stands {how} it in {DRAWN_IN}")
        })
    }

    /// Complains about members that are drawn but do not exist, and the reverse.
    fn complete(&self, folder: &str, there: &BTreeSet<String>) -> Vec<Finding> {
        let drawn: BTreeSet<String> = self.floor.keys().cloned().collect();
        let missing = there
            .difference(&drawn)
            .map(|name| format!("`{name}` of {folder} has no floor"));
        let gone = drawn
            .difference(there)
            .map(|name| format!("there is no `{name}` in {folder}"));
        missing
            .chain(gone)
            .map(|complaint| Finding::new(DRAWN_IN, self.line, complaint))
            .collect()
    }
}

/// Every block of floors by the folder that it is about.
fn drawn(files: &Files) -> Result<BTreeMap<String, Floors>, Box<dyn Error>> {
    let text = files.get(DRAWN_IN).ok_or("there is no ARCHITECTURE.md")?;
    let mut all = BTreeMap::new();
    for (start, _) in text.match_indices(OPENS) {
        let (folder, rest) = text[start + OPENS.len()..]
            .split_once('\n')
            .unwrap_or_default();
        let block = rest.split("```").next().unwrap_or_default();
        let line = text[..start].lines().count() + 1;
        all.insert(folder.trim().to_owned(), Floors::read(block, line));
    }
    Ok(all)
}

/// Complains about each package that depends on one which is not below it.
pub(super) fn crates(
    files: &Files,
    metadata: &serde_json::Value,
) -> Result<Vec<Finding>, Box<dyn Error>> {
    let all = drawn(files)?;
    let floors = all
        .get("packages")
        .ok_or("ARCHITECTURE.md draws no floors of packages")?;
    let packages = metadata["packages"]
        .as_array()
        .ok_or("cargo names no packages")?;
    let name = |value: &serde_json::Value| value["name"].as_str().unwrap_or_default().to_owned();
    let there: BTreeSet<String> = packages.iter().map(name).collect();
    let mut findings = floors.complete("the workspace", &there);
    for package in packages {
        let from = name(package);
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let is_for_tests = dependency["kind"] == "dev" && from != "peers";
            if let Some(complaint) = floors.complaint(&from, &name(dependency))
                && !is_for_tests
            {
                let manifest = format!("the Cargo.toml of {from}");
                findings.push(Finding::new(&manifest, 1, complaint));
            }
        }
    }
    Ok(findings)
}

/// Complains about each module that depends on one which is not below it, and each file of the
/// page that is part of a circle.
pub(super) fn modules(
    files: &Files,
    syntax: &BTreeMap<String, syn::File>,
) -> Result<Vec<Finding>, Box<dyn Error>> {
    let mut findings = Vec::new();
    for (folder, floors) in drawn(files)?
        .iter()
        .filter(|(folder, _)| *folder != "packages")
    {
        let imports = if folder.starts_with("web/") {
            of_typescript(folder, files)
        } else {
            of_rust(folder, syntax)
        };
        let there = imports.modules.iter().cloned().collect();
        findings.extend(floors.complete(folder, &there));
        for import in &imports.all {
            if let Some(complaint) = floors.complaint(&import.from, &import.to) {
                findings.push(Finding::new(&import.path, import.line, complaint));
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two floors and a circle below them.
    const DRAWN: &str = "```floors crates/a/src\ntop\nmiddle other\nleft right ↻ they are one\n```\n\
                         ```floors packages\nb\na\n```\n";

    fn project(from: &str, text: &str) -> (Files, BTreeMap<String, syn::File>) {
        let mut files = Files::from([(DRAWN_IN.to_owned(), DRAWN.to_owned())]);
        let mut syntax = BTreeMap::new();
        for name in ["top", "middle", "other", "left", "right"] {
            let text = if name == from { text } else { "" };
            let path = format!("crates/a/src/{name}.rs");
            syntax.insert(path.clone(), syn::parse_file(text).unwrap());
            files.insert(path, text.to_owned());
        }
        (files, syntax)
    }

    fn found(from: &str, text: &str) -> usize {
        let (files, syntax) = project(from, text);
        modules(&files, &syntax).unwrap().len()
    }

    #[test]
    fn a_module_knows_what_stands_below_it_only() {
        assert_eq!(found("top", "use crate::{middle::A, left};"), 0);
        assert_eq!(found("middle", "use crate::left::{A, B};"), 0);
        assert_eq!(found("middle", "use crate::top::A;"), 1, "above");
        assert_eq!(found("middle", "use crate::other;"), 1, "beside");
        assert_eq!(
            found("left", "use crate::right;"),
            0,
            "a circle with its reason"
        );
        assert_eq!(found("left", "use crate::middle;"), 1, "above a circle");
    }

    #[test]
    fn every_module_has_its_floor() {
        let (mut files, mut syntax) = project("", "");
        syntax.insert(
            "crates/a/src/new.rs".to_owned(),
            syn::parse_file("").unwrap(),
        );
        assert_eq!(
            modules(&files, &syntax).unwrap().len(),
            1,
            "it is not drawn"
        );
        syntax.remove("crates/a/src/new.rs");
        let text = DRAWN.replace("top", "top gone");
        files.insert(DRAWN_IN.to_owned(), text);
        assert_eq!(
            modules(&files, &syntax).unwrap().len(),
            1,
            "it is not there"
        );
    }

    #[test]
    fn a_circle_needs_its_reason() {
        let (mut files, syntax) = project("left", "use crate::right;");
        files.insert(DRAWN_IN.to_owned(), DRAWN.replace(" they are one", ""));
        assert_eq!(modules(&files, &syntax).unwrap().len(), 1);
    }

    #[test]
    fn a_package_knows_what_stands_below_it_only() {
        let (files, _) = project("", "");
        let metadata = |a: &str, b: &str| {
            serde_json::json!({ "packages": [
                { "name": "a", "dependencies": [{ "name": a, "kind": null }] },
                { "name": "b", "dependencies": [{ "name": b, "kind": null }] },
            ] })
        };
        assert_eq!(crates(&files, &metadata("serde", "a")).unwrap().len(), 0);
        assert_eq!(crates(&files, &metadata("b", "serde")).unwrap().len(), 1);
    }
}
