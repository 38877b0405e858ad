//! Which file of raft-core holds which public method of `Node`.
//!
//! ARCHITECTURE.md says so in a block marked `surface`, one file a line, so that whoever looks for
//! what a host can call finds it there, and whoever adds a method thinks of where it belongs.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use super::{Files, Finding};

/// Where the table is.
const DRAWN_IN: &str = "ARCHITECTURE.md";

/// How it opens.
const OPENS: &str = "```surface\n";

/// The folder that it is about.
const FOLDER: &str = "crates/raft-core/src/";

/// Complains about each method that the table puts elsewhere than the code.
pub(super) fn of_node(
    files: &Files,
    syntax: &BTreeMap<String, syn::File>,
) -> Result<Vec<Finding>, Box<dyn Error>> {
    let text = files.get(DRAWN_IN).ok_or("there is no ARCHITECTURE.md")?;
    let (before, rest) = text
        .split_once(OPENS)
        .ok_or("ARCHITECTURE.md has no block marked `surface`")?;
    let mut drawn = BTreeSet::new();
    for line in rest.split("```").next().unwrap_or_default().lines() {
        let mut words = line.split_whitespace().map(str::to_owned);
        let file = words.next().unwrap_or_default();
        drawn.extend(words.map(|method| (file.clone(), method)));
    }
    let mut there = BTreeSet::new();
    for (path, file) in syntax {
        if let Some(name) = path.strip_prefix(FOLDER) {
            let module = name.trim_end_matches(".rs");
            let methods = public_methods_of_node(file).into_iter();
            there.extend(methods.map(|method| (module.to_owned(), method)));
        }
    }
    let missing = there
        .difference(&drawn)
        .map(|(file, method)| format!("`Node::{method}` is in {file}.rs, which is not said here"));
    let gone = drawn
        .difference(&there)
        .map(|(file, method)| format!("there is no public `Node::{method}` in {file}.rs"));
    let line = before.lines().count() + 1;
    Ok(missing
        .chain(gone)
        .map(|complaint| Finding::new(DRAWN_IN, line, complaint))
        .collect())
}

fn public_methods_of_node(file: &syn::File) -> Vec<String> {
    let mut methods = Vec::new();
    for item in &file.items {
        let syn::Item::Impl(block) = item else {
            continue;
        };
        let is_of_node = matches!(&*block.self_ty, syn::Type::Path(of)
            if of.path.segments.last().is_some_and(|last| last.ident == "Node"));
        if block.trait_.is_some() || !is_of_node {
            continue;
        }
        for part in &block.items {
            if let syn::ImplItem::Fn(method) = part
                && matches!(method.vis, syn::Visibility::Public(_))
            {
                methods.push(method.sig.ident.to_string());
            }
        }
    }
    methods
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(table: &str, code: &str) -> Vec<String> {
        let files = Files::from([(DRAWN_IN.to_owned(), format!("{OPENS}{table}```\n"))]);
        let path = format!("{FOLDER}read.rs");
        let syntax = BTreeMap::from([(path, syn::parse_file(code).unwrap())]);
        let findings = of_node(&files, &syntax).unwrap().into_iter();
        findings.map(|finding| finding.complaint).collect()
    }

    #[test]
    fn the_table_says_where_each_public_method_is() {
        let code = "impl<C> Node<C> { pub fn read(&self) {} pub(crate) fn inside(&self) {} }
                    impl Clone for Node<u8> { fn clone(&self) -> Self { loop {} } }
                    impl Log { pub fn last(&self) {} }";
        assert!(found("read read\n", code).is_empty());
        assert_eq!(
            found("node read\n", code),
            [
                "`Node::read` is in read.rs, which is not said here",
                "there is no public `Node::read` in node.rs"
            ]
        );
        assert_eq!(
            found("read read inside\n", code),
            ["there is no public `Node::inside` in read.rs"]
        );
    }
}
