//! Which module depends on which: by `use`, by paths, and by `import`.
//!
//! A module is a direct member of a source folder: a file, or a folder with everything in it. Tests
//! may depend on anything.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::syntax::{is_for_tests, line_of};
use super::{Files, ends};

/// A dependency of one module on another.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) from: String,
    pub(super) to: String,
}

#[derive(Debug, Default)]
pub(super) struct Imports {
    pub(super) modules: BTreeSet<String>,
    pub(super) all: Vec<Import>,
}

/// The dependencies between the modules of a package.
pub(super) fn of_rust(folder: &str, syntax: &BTreeMap<String, syn::File>) -> Imports {
    let mut imports = Imports::default();
    let root = syntax.get(&format!("{folder}/lib.rs"));
    let reexported = root.map(reexports).unwrap_or_default();
    for (path, file) in syntax {
        let Some(inside) = path.strip_prefix(&format!("{folder}/")) else {
            continue;
        };
        let parts: Vec<&str> = inside.trim_end_matches(".rs").split('/').collect();
        if matches!(parts[0], "lib" | "main" | "bin") || parts.contains(&"tests") {
            continue;
        }
        imports.modules.insert(parts[0].to_owned());
        let mut names = Names {
            depth: parts.len(),
            found: Vec::new(),
        };
        names.visit_file(file);
        for (name, line) in names.found {
            let to = reexported.get(&name).cloned().unwrap_or(name);
            imports.all.push(Import {
                path: path.clone(),
                line,
                from: parts[0].to_owned(),
                to,
            });
        }
    }
    imports
}

/// Names that the root of a package re-exports from its modules, with the module of each.
fn reexports(root: &syn::File) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for item in &root.items {
        if let syn::Item::Use(item) = item
            && let syn::UseTree::Path(tree) = &item.tree
        {
            let mut names = Vec::new();
            leaves(&tree.tree, &mut names);
            all.extend(names.into_iter().map(|name| (name, tree.ident.to_string())));
        }
    }
    all
}

/// The names that a tree of `use` ends in.
fn leaves(tree: &syn::UseTree, names: &mut Vec<String>) {
    match tree {
        syn::UseTree::Path(tree) => leaves(&tree.tree, names),
        syn::UseTree::Name(tree) => names.push(tree.ident.to_string()),
        syn::UseTree::Rename(tree) => names.push(tree.rename.to_string()),
        syn::UseTree::Group(tree) => tree.items.iter().for_each(|item| leaves(item, names)),
        syn::UseTree::Glob(_) => {}
    }
}

/// Collects the names that a file uses from the root of its package.
struct Names {
    /// How many modules deep the file is: that many `super` lead to the root.
    depth: usize,
    found: Vec<(String, usize)>,
}

impl Names {
    /// Takes the name that comes after `crate`, or after as many `super` as lead to the root.
    fn take(&mut self, path: &[String], line: usize) {
        let supers = path.iter().take_while(|part| *part == "super").count();
        let name = match path.first().map(String::as_str) {
            Some("crate") => path.get(1),
            Some("super") if supers == self.depth => path.get(supers),
            _ => None,
        };
        self.found.extend(name.map(|name| (name.clone(), line)));
    }

    fn take_tree(&mut self, tree: &syn::UseTree, before: &mut Vec<String>) {
        let line = line_of(tree);
        match tree {
            syn::UseTree::Path(tree) => {
                before.push(tree.ident.to_string());
                self.take_tree(&tree.tree, before);
                before.pop();
            }
            syn::UseTree::Group(tree) => {
                tree.items
                    .iter()
                    .for_each(|item| self.take_tree(item, before));
            }
            syn::UseTree::Name(syn::UseName { ident, .. })
            | syn::UseTree::Rename(syn::UseRename { ident, .. }) => {
                before.push(ident.to_string());
                self.take(before, line);
                before.pop();
            }
            syn::UseTree::Glob(_) => self.take(before, line),
        }
    }

    /// The input of a macro is not syntax yet: only a sequence of tokens.
    fn take_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut line = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    line = ident.span().start().line;
                    path.push(ident.to_string());
                    continue;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => continue,
                TokenTree::Group(group) => self.take_tokens(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            self.take(&path, line);
            path.clear();
        }
        self.take(&path, line);
    }
}

impl<'a> Visit<'a> for Names {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if !is_for_tests(&item.attrs) {
            self.depth += 1;
            visit::visit_item_mod(self, item);
            self.depth -= 1;
        }
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        if !is_for_tests(&item.attrs) {
            self.take_tree(&item.tree, &mut Vec::new());
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.take(&parts, line_of(path));
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        self.take_tokens(call.tokens.clone());
    }
}

/// The dependencies between the files and folders of the page.
pub(super) fn of_typescript(folder: &str, files: &Files) -> Imports {
    let mut imports = Imports::default();
    for (path, text) in files {
        let Some(inside) = path.strip_prefix(&format!("{folder}/")) else {
            continue;
        };
        if !ends(path, &["ts", "tsx"]) || path.contains(".test.") || path.ends_with(".d.ts") {
            continue;
        }
        imports.modules.insert(module_of(inside).to_owned());
        for (number, line) in text.lines().enumerate() {
            let Some(to) = imported(line).and_then(|name| resolve(inside, name)) else {
                continue;
            };
            imports.all.push(Import {
                path: path.clone(),
                line: number + 1,
                from: module_of(inside).to_owned(),
                to: module_of(&to).to_owned(),
            });
        }
    }
    imports
}

/// The folder of a file, or its own name if it is in none.
fn module_of(inside: &str) -> &str {
    let first = inside.split('/').next().unwrap_or(inside);
    first.split('.').next().unwrap_or(first)
}

/// The file that a line of TypeScript imports or re-exports: Biome puts it at the line's end.
fn imported(line: &str) -> Option<&str> {
    let after = ["from \"", "import(\"", "import \""]
        .iter()
        .find_map(|word| line.split_once(word).map(|(_, after)| after))?;
    let name = after.split('"').next()?;
    name.starts_with('.').then_some(name)
}

/// Where a relative name leads, from the root of the folder; `None` if outside it.
fn resolve(inside: &str, name: &str) -> Option<String> {
    let mut parts: Vec<&str> = inside.split('/').collect();
    parts.pop();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `a/b.rs` knows, when this is its text.
    fn known(text: &str) -> Vec<String> {
        let syntax = BTreeMap::from([
            (
                "src/lib.rs".to_owned(),
                syn::parse_file("pub use c::Thing;").unwrap(),
            ),
            ("src/a/b.rs".to_owned(), syn::parse_file(text).unwrap()),
        ]);
        of_rust("src", &syntax)
            .all
            .into_iter()
            .map(|import| import.to)
            .collect()
    }

    #[test]
    fn every_way_of_naming_a_module_is_seen() {
        assert_eq!(known("use crate::{c::{D, E}, f};"), ["c", "c", "f"]);
        assert_eq!(known("use crate::c::*;"), ["c"]);
        assert_eq!(
            known("use crate::Thing;"),
            ["c"],
            "from where the root has it"
        );
        assert_eq!(known("fn f() -> crate::c::D { crate::g::h() }"), ["c", "g"]);
        assert_eq!(
            known("fn f() { assert!(x, crate::c::D); }"),
            ["c"],
            "in a macro"
        );
        assert_eq!(known("use super::super::c::D;"), ["c"]);
        assert_eq!(
            known("use super::c::D; use std::fmt;"),
            [""; 0],
            "its own module's"
        );
    }

    #[test]
    fn tests_may_know_whom_they_like() {
        assert_eq!(known("#[cfg(test)] mod tests { use crate::c; }"), [""; 0]);
    }

    #[test]
    fn the_page_imports_by_relative_names() {
        let text = "import {\n  a,\n} from \"../state/a.ts\";\nconst b = import(\"./b.ts\");\n\
                    export * from \"preact\";\nimport type { C } from \"../../pkg/c.js\";\n";
        let files = Files::from([("web/src/ui/c.tsx".to_owned(), text.to_owned())]);
        let imports = of_typescript("web/src", &files);
        let known: Vec<_> = imports
            .all
            .iter()
            .map(|i| (i.line, i.to.as_str()))
            .collect();
        assert_eq!(known, [(3, "state"), (4, "ui")]);
    }
}
