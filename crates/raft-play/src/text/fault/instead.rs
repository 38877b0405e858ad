//! What would mend a line, word for word, so that a page can offer to write it.

use super::Fault;
use raft_sim::complaint::Instead;

impl Fault {
    /// Adds that `by` would mend the line in the place of `words`.
    pub(crate) fn mended_by(mut self, words: &str, by: Option<&str>) -> Fault {
        self.instead = by.map(|by| Box::new([words.to_owned(), by.to_owned()]));
        self
    }
}

/// What to write at the byte `at` of the line `shown`, so that `by` stands in the place of `words`.
pub(crate) fn instead_in(
    shown: &str,
    at: usize,
    [words, by]: &[String; 2],
) -> Option<Box<Instead>> {
    let rest = shown.get(at..)?;
    let before = &rest[..rest.find(words.as_str())?];
    let chars = before.chars().count() + words.chars().count();
    Some(Box::new(Instead {
        chars: u32::try_from(chars).ok()?,
        text: format!("{before}{by}"),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_the_words_stays() {
        let words = ["commit S3 = 2".to_owned(), "commit S3 = 0".to_owned()];
        let instead = instead_in("  expect commit S3 = 2 # 为什么", 2, &words);
        let instead = instead.map(|instead| (instead.chars, instead.text));
        assert_eq!(instead, Some((20, "expect commit S3 = 0".to_owned())));
        assert_eq!(instead_in("expect commit S3 = 3", 0, &words), None);
    }
}
