//! Texts that are longer than what facts are looked for in at once: what that takes of memory is some hundred times the text.

/// Facts are looked for in the first so many bytes of a text; of releases whole, of a book its beginning.
pub(crate) const MOST_EXTRACTED: usize = 500_000;

/// How many bytes a text has, where it is longer.
pub(super) fn is_cut(text: &str) -> Option<usize> {
    Some(text.len()).filter(|bytes| *bytes > MOST_EXTRACTED)
}

/// Leaves of a text what facts are looked for in, and returns the whole of it; `None` where it is left as it is. It ends
/// with a paragraph, else with what may be a sentence, else with a word, so that no passage ends in the middle.
pub(super) fn cut(text: &mut String) -> Option<String> {
    is_cut(text)?;
    let limit = (0..=MOST_EXTRACTED).rev().find(|at| text.is_char_boundary(*at))?;
    let head = text.get(..limit)?;
    let behind = |at: usize| Some(at).filter(|at| *at > limit / 2);
    let end = head
        .rfind("\n\n")
        .and_then(behind)
        .or_else(|| head.rfind(". ").map(|at| at + 1).and_then(behind))
        .or_else(|| head.rfind(char::is_whitespace).and_then(behind));
    let whole = text.clone();
    text.truncate(end.unwrap_or(limit));
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_at_the_best_border() {
        let cut_of = |text: &str| {
            let mut left = text.to_owned();
            assert_eq!(cut(&mut left).as_deref(), Some(text));
            left
        };
        let sentences = "The gate is closed. ".repeat(30_000);
        assert!(cut_of(&sentences).ends_with("is closed."));
        let paragraphs = sentences.replacen("gate is closed. The", "gate is open\n\nThe", 20_000);
        assert!(cut_of(&paragraphs).ends_with("is open"));
        assert!(cut_of(&"é".repeat(300_000)).len() == MOST_EXTRACTED);
        let mut short = "The gate is closed.".to_owned();
        assert_eq!(cut(&mut short), None);
    }
}
