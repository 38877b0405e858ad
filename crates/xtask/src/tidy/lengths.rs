//! How long a file and a function may be.
//!
//! TypeScript's functions are Biome's to measure (`web/biome.jsonc`).

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::syntax::line_of;
use super::{Finding, ends};

/// Of a file of source, in lines.
const FILE_LINES_MAX: usize = 500;

/// Of a function, from its `fn` to its closing brace, in lines.
const FUNCTION_LINES_MAX: usize = 70;

/// The suffixes of source files; documents may have any length.
const SOURCES: [&str; 6] = ["rs", "ts", "tsx", "mjs", "css", "sh"];

/// Complains about a file of source that is too long.
pub(super) fn of_file(path: &str, text: &str) -> Option<Finding> {
    let lines = text.lines().count();
    let is_too_long = ends(path, &SOURCES) && lines > FILE_LINES_MAX;
    is_too_long.then(|| {
        let complaint = format!("{lines} lines; a file has at most {FILE_LINES_MAX}");
        Finding::new(path, lines, complaint)
    })
}

/// Complains about each function of a file that is too long.
pub(super) fn of_functions(path: &str, file: &syn::File) -> Vec<Finding> {
    let mut functions = Functions {
        path,
        findings: Vec::new(),
    };
    functions.visit_file(file);
    functions.findings
}

struct Functions<'a> {
    path: &'a str,
    findings: Vec<Finding>,
}

impl Functions<'_> {
    fn measure(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let first = line_of(signature);
        let last = body.span().end().line;
        let lines = last + 1 - first;
        if lines > FUNCTION_LINES_MAX {
            let name = &signature.ident;
            let complaint =
                format!("`{name}` has {lines} lines; a function has at most {FUNCTION_LINES_MAX}");
            self.findings
                .push(Finding::new(self.path, first, complaint));
        }
    }
}

impl<'a> Visit<'a> for Functions<'_> {
    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        self.measure(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        self.measure(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'a syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.measure(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_501_lines_is_too_long() {
        assert_eq!(of_file("a.rs", &"\n".repeat(500)), None);
        assert!(of_file("a.rs", &"\n".repeat(501)).is_some());
        assert_eq!(of_file("a.md", &"\n".repeat(501)), None, "no source");
    }

    #[test]
    fn a_function_of_71_lines_is_too_long_wherever_it_stands() {
        let function = |lines: usize| format!("fn f() {{{}}}", "\n".repeat(lines - 1));
        for (before, after) in [
            ("", ""),
            ("impl A {", "}"),
            ("trait A {", "}"),
            ("mod a {", "}"),
        ] {
            let found = |lines| {
                let text = format!("{before}\n{}\n{after}", function(lines));
                of_functions("a.rs", &syn::parse_file(&text).unwrap()).len()
            };
            assert_eq!((found(70), found(71)), (0, 1), "in {before:?}");
        }
    }
}
