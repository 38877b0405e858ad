//! What several rules ask of Rust's syntax.

use syn::spanned::Spanned;

/// The line that something begins in, from 1.
pub(super) fn line_of(part: &impl Spanned) -> usize {
    part.span().start().line
}

/// Whether the item is compiled for tests only.
pub(super) fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|word| word == "test")
    })
}
