//! The words that may stand somewhere, and the one that was probably meant.

use super::{Fault, Scan, Wrong};

/// The complaint about a word that is none of these.
pub(crate) fn unknown(at: usize, word: &str, names: &[&str]) -> Wrong {
    let fault = Fault::unknown_word(word, nearest(word, names), names);
    Wrong { at, fault }
}

/// The word or sign that has to come next.
pub(crate) fn expect(scan: &mut Scan<'_>, word: &str) -> Result<(), Wrong> {
    let at = scan.place();
    let is_sign = !word.starts_with(char::is_alphabetic);
    if scan.eat_word(word) || is_sign && scan.eat(word) {
        return Ok(());
    }
    let found = scan.word();
    let fault = if found.is_empty() {
        Fault::missing(&format!("“{word}”"), &format!("“{word}”"), scan.forms)
    } else {
        let quoted = format!("“{word}”");
        Fault::expected(&quoted, &quoted, found, scan.forms)
    };
    Err(Wrong { at, fault })
}

/// The known word that `word` was probably meant to be.
pub(crate) fn nearest<'n>(word: &str, names: &[&'n str]) -> Option<&'n str> {
    /// No word of the language is longer; a longer one is no slip of the finger.
    const LONGEST: usize = 24;
    let word: Vec<char> = word
        .to_ascii_lowercase()
        .chars()
        .take(LONGEST + 1)
        .collect();
    if word.len() > LONGEST {
        return None;
    }
    let near = names.iter().map(|name| {
        let letters: Vec<char> = name.to_ascii_lowercase().chars().collect();
        (distance(&word, &letters), *name)
    });
    let (slips, name) = near.min_by_key(|&(slips, _)| slips)?;
    // A third of the letters may be wrong before the guess is more puzzling than helpful.
    (slips <= name.len().div_ceil(3)).then_some(name)
}

/// How many letters must be added, removed or changed, or swapped with their neighbour, to
/// make one word of the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
