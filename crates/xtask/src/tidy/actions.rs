//! No match over Actions has a catch-all arm.
//!
//! A new Action must be considered wherever Actions are distinguished: how it is printed, checked,
//! performed and drawn. The compiler names those places as long as every match names every Action;
//! a single `_ =>` silences it.

use std::collections::{BTreeMap, BTreeSet};

use syn::Pat;
use syn::visit::{self, Visit};

use super::Finding;
use super::syntax::line_of;

/// Where Actions are declared: the enum itself, and those of its families.
const DECLARED_IN: &str = "/src/action";

/// Complains about each arm that catches Actions without a name.
pub(super) fn catch_alls(files: &BTreeMap<String, syn::File>) -> Vec<Finding> {
    let mut actions = BTreeSet::new();
    for (_, file) in files.iter().filter(|(path, _)| path.contains(DECLARED_IN)) {
        for item in &file.items {
            if let syn::Item::Enum(item) = item
                && (item.ident == "Action" || item.ident.to_string().ends_with("Action"))
            {
                actions.insert(item.ident.to_string());
            }
        }
    }
    let mut findings = Vec::new();
    for (path, file) in files.iter().filter(|(path, _)| path.starts_with("crates/")) {
        let mut matches = Matches {
            path,
            actions: &actions,
            own: None,
            findings: Vec::new(),
        };
        matches.visit_file(file);
        findings.append(&mut matches.findings);
    }
    findings
}

struct Matches<'a> {
    path: &'a str,
    actions: &'a BTreeSet<String>,
    /// The type whose methods are visited, which they call `Self`.
    own: Option<String>,
    findings: Vec<Finding>,
}

/// A field of a pattern: what it is a field of, nothing for a tuple, and its number.
type Field = (String, usize);

impl Matches<'_> {
    /// Collects the places where the pattern names an Action, each as the fields that lead there.
    fn named_at(&self, pattern: &Pat, place: &mut Vec<Field>, named: &mut BTreeSet<Vec<Field>>) {
        let path = match pattern {
            Pat::Path(pattern) => Some(&pattern.path),
            Pat::Struct(pattern) => Some(&pattern.path),
            Pat::TupleStruct(pattern) => Some(&pattern.path),
            _ => None,
        };
        if path.is_some_and(|path| self.is_action(path)) {
            named.insert(place.clone());
        }
        for (field, part) in parts(pattern) {
            let depth = place.len();
            place.extend(field);
            self.named_at(part, place, named);
            place.truncate(depth);
        }
    }

    /// Whether it is the path of a variant of an enum of Actions.
    fn is_action(&self, path: &syn::Path) -> bool {
        let mut segments = path.segments.iter().rev().skip(1);
        let of = segments.next().map(|segment| segment.ident.to_string());
        let of = if of.as_deref() == Some("Self") {
            self.own.clone()
        } else {
            of
        };
        of.is_some_and(|of| self.actions.contains(&of))
    }
}

/// What a pattern consists of; a part that is a field comes with which.
fn parts(pattern: &Pat) -> Vec<(Option<Field>, &Pat)> {
    let fields = |of: &str, elements: &syn::punctuated::Punctuated<Pat, syn::Token![,]>| {
        (0..elements.len())
            .map(|number| Some((of.to_owned(), number)))
            .collect::<Vec<_>>()
    };
    match pattern {
        Pat::Reference(pattern) => vec![(None, &*pattern.pat)],
        Pat::Paren(pattern) => vec![(None, &*pattern.pat)],
        Pat::Guard(pattern) => vec![(None, &*pattern.pat)],
        Pat::Or(pattern) => pattern.cases.iter().map(|case| (None, case)).collect(),
        Pat::Ident(pattern) => pattern
            .subpat
            .iter()
            .map(|(_, part)| (None, &**part))
            .collect(),
        Pat::Tuple(pattern) => fields("", &pattern.elems)
            .into_iter()
            .zip(&pattern.elems)
            .collect(),
        Pat::TupleStruct(pattern) => {
            let of = pattern
                .path
                .segments
                .last()
                .map(|segment| segment.ident.to_string());
            let of = of.unwrap_or_default();
            fields(&of, &pattern.elems)
                .into_iter()
                .zip(&pattern.elems)
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Whether the pattern matches anything at that place.
fn catches_all(pattern: &Pat, place: &[Field]) -> bool {
    match pattern {
        Pat::Wild(_) => true,
        // An arm with a guard is not a catch-all.
        Pat::Guard(_) => false,
        // A name in capitals, `None` for one, is a value; any other is given to what is caught.
        Pat::Ident(pattern) if pattern.subpat.is_none() => {
            pattern.ident.to_string().starts_with(char::is_lowercase)
        }
        _ => parts(pattern)
            .iter()
            .any(|(field, part)| match (field, place) {
                (None, _) => catches_all(part, place),
                (Some(field), [first, rest @ ..]) => field == first && catches_all(part, rest),
                (Some(_), []) => false,
            }),
    }
}

impl<'a> Visit<'a> for Matches<'_> {
    fn visit_item_impl(&mut self, item: &'a syn::ItemImpl) {
        let outer = self.own.take();
        if let syn::Type::Path(own) = &*item.self_ty {
            self.own = own
                .path
                .segments
                .last()
                .map(|segment| segment.ident.to_string());
        }
        visit::visit_item_impl(self, item);
        self.own = outer;
    }

    fn visit_expr_match(&mut self, expression: &'a syn::ExprMatch) {
        let mut named = BTreeSet::new();
        for arm in &expression.arms {
            self.named_at(&arm.pat, &mut Vec::new(), &mut named);
        }
        for arm in &expression.arms {
            if named.iter().any(|place| catches_all(&arm.pat, place)) {
                let complaint = "this arm catches Actions that it does not name";
                self.findings
                    .push(Finding::new(self.path, line_of(&arm.pat), complaint));
            }
        }
        visit::visit_expr_match(self, expression);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTIONS: &str = "pub enum Action { Server(ServerAction) } pub enum ServerAction { A, B }";

    /// The lines with findings in a function with this body.
    fn found(body: &str) -> Vec<usize> {
        found_in("fn f() {", body, "}")
    }

    fn found_in(before: &str, body: &str, after: &str) -> Vec<usize> {
        let text = format!("{before} {body} {after}");
        let files = BTreeMap::from([
            (
                "crates/a/src/action.rs".to_owned(),
                syn::parse_file(ACTIONS).unwrap(),
            ),
            (
                "crates/b/src/b.rs".to_owned(),
                syn::parse_file(&text).unwrap(),
            ),
        ]);
        catch_alls(&files)
            .into_iter()
            .map(|finding| finding.line)
            .collect()
    }

    const NONE: [usize; 0] = [];

    #[test]
    fn an_underscore_catches_all() {
        let underscore = "match x { Action::Server(_) => 1,\n _ => 2 }";
        assert_eq!(found(underscore), [2]);
        let named = "match x { &ServerAction::A => 1,\n other => 2 }";
        assert_eq!(found(named), [2]);
        let total = "match x { ServerAction::A | ServerAction::B => 1 }";
        assert_eq!(found(total), NONE);
        let guarded = "match x { ServerAction::A => 1, other if y => 2, ServerAction::B => 3 }";
        assert_eq!(found(guarded), NONE);
    }

    #[test]
    fn it_is_found_inside_of_others() {
        let family = "match x { Action::Server(ServerAction::A) => 1,\n Action::Server(_) => 2 }";
        assert_eq!(found(family), [2]);
        let other_family = "match x { Action::Server(ServerAction::A) => 1, Action::Time(_) => 2 }";
        assert_eq!(
            found(other_family),
            NONE,
            "it is a field of another variant"
        );
        let pair = "match x { (ServerAction::A, _) => 1,\n (_, 3) => 2 }";
        assert_eq!(found(pair), [2]);
        let other_half = "match x { (ServerAction::A, _) => 1, (ServerAction::B, _) => 3 }";
        assert_eq!(found(other_half), NONE);
        let option = "match x { Some(ServerAction::A) => 1, None => 3,\n _ => 2 }";
        assert_eq!(found(option), [2]);
    }

    #[test]
    fn own_methods_call_it_self() {
        let own = "match self { Self::A => 1,\n _ => 2 }";
        assert_eq!(
            found_in("impl ServerAction { fn f(self) {", own, "} }"),
            [2]
        );
        assert_eq!(found_in("impl Other { fn f(self) {", own, "} }"), NONE);
    }
}
