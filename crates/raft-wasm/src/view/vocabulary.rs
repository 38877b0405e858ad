//! What there is to write.

use serde::Serialize;
use tsify::Tsify;

/// What lines of one sort look like, and what they do.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct PhraseView {
    /// The word that they begin with.
    pub verb: &'static str,
    /// Such lines, the plainest first.
    pub forms: &'static [&'static str],
    /// What they do; of a condition behind `expect`, what is compared or asked.
    pub meaning: &'static str,
    /// Whether a sentence for the reader stands behind the word.
    pub is_said: bool,
}

/// A list of phrases.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct PhraseList(pub Vec<PhraseView>);
