//! Two texts of one release, paragraph by paragraph, and within a changed paragraph word by word.

use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};

/// What became of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paragraph {
    /// It stands in both.
    Same(String),
    /// Only the old text has it.
    Removed(String),
    /// Only the new text has it.
    Added(String),
    /// Both have it, with other words.
    Changed(Vec<Piece>),
}

/// A run of words of a changed paragraph, with the white space between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// It stands in both.
    Same(String),
    /// Only the old one has it.
    Removed(String),
    /// Only the new one has it.
    Added(String),
}

/// What became of the paragraphs of `old` in `new`, in order. White space at line ends does not count.
#[must_use]
pub fn paragraphs(old: &str, new: &str) -> Vec<Paragraph> {
    let (before, after) = (split(old), split(new));
    let mut all = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        let (olds, news) =
            (before.get(op.old_range()).unwrap_or_default(), after.get(op.new_range()).unwrap_or_default());
        match op {
            DiffOp::Equal { .. } => all.extend(news.iter().cloned().map(Paragraph::Same)),
            DiffOp::Delete { .. } => all.extend(olds.iter().cloned().map(Paragraph::Removed)),
            DiffOp::Insert { .. } => all.extend(news.iter().cloned().map(Paragraph::Added)),
            DiffOp::Replace { .. } => {
                all.extend(olds.iter().zip(news).map(|(old, new)| changed(old, new)));
                all.extend(olds.iter().skip(news.len()).cloned().map(Paragraph::Removed));
                all.extend(news.iter().skip(olds.len()).cloned().map(Paragraph::Added));
            }
        }
    }
    all
}

/// The paragraphs of a text, white space squeezed.
fn split(text: &str) -> Vec<String> {
    let squeezed = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split("\n\n").map(squeezed).filter(|part| !part.is_empty()).collect()
}

fn changed(old: &str, new: &str) -> Paragraph {
    let words = TextDiff::from_words(old, new);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in words.iter_all_changes() {
        let text = change.value();
        match (change.tag(), pieces.last_mut()) {
            (ChangeTag::Equal, Some(Piece::Same(last)))
            | (ChangeTag::Delete, Some(Piece::Removed(last)))
            | (ChangeTag::Insert, Some(Piece::Added(last))) => last.push_str(text),
            (ChangeTag::Equal, _) => pieces.push(Piece::Same(text.to_owned())),
            (ChangeTag::Delete, _) => pieces.push(Piece::Removed(text.to_owned())),
            (ChangeTag::Insert, _) => pieces.push(Piece::Added(text.to_owned())),
        }
    }
    Paragraph::Changed(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_paragraph_is_told_word_by_word() {
        let old = "The pier opens in May.\n\nThe Minister  thanked\nthe builders.\n\nIt cost 4 million.";
        let new = "The pier opens in June.\n\nThe Minister thanked the builders.\n\nIt cost 4 million.\n\nTickets are free.";
        let told: Vec<String> = paragraphs(old, new).iter().map(|p| format!("{p:?}")).collect();
        let want = [
            r#"Changed([Same("The pier opens in "), Removed("May."), Added("June.")])"#,
            r#"Same("The Minister thanked the builders.")"#,
            r#"Same("It cost 4 million.")"#,
            r#"Added("Tickets are free.")"#,
        ];
        assert_eq!(told, want);
        assert!(paragraphs("", "").is_empty());
    }
}
