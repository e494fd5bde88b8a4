//! The words of a query: `digital training "national post" -minister`. All words must be found, phrases as they stand,
//! what follows a minus must not be found.

use chancery_record::Span;

use crate::IndexError;

/// More words than any question has; a pasted text would else be looked up word by word.
const MOST_CLAUSES: usize = 100;

/// Whether a clause must or must not be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Must,
    MustNot,
}

/// One word or phrase of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) sign: Sign,
    /// Without its quotation marks and minus.
    pub(crate) words: String,
    /// Whether it stood in quotation marks.
    pub(crate) phrase: bool,
}

/// Reads the words of a query. Words without a letter or digit (`&`, `–`) are passed over.
///
/// # Errors
/// A quotation mark that is not closed, an empty phrase, more than a hundred words, or no letter in any of them.
pub(crate) fn clauses(words: &str) -> Result<Vec<Clause>, IndexError> {
    let mut found = Vec::new();
    let mut rest = words.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        if c.is_whitespace() {
            continue;
        }
        let minus = c == '-' && rest.peek().is_some_and(|(_, next)| !next.is_whitespace());
        let sign = if minus { Sign::MustNot } else { Sign::Must };
        let (at, c) = if minus { rest.next().unwrap_or((at, c)) } else { (at, c) };
        let clause = if is_quote(c) {
            let from = at + c.len_utf8();
            let Some((end, mark)) = rest.find(|(_, c)| is_quote(*c)) else {
                let place = Span::new(at, words.len());
                let mend = "end the phrase with a second quotation mark";
                return Err(IndexError::words("this phrase is not closed".into(), words, place, mend));
            };
            let phrase = Span::new(from, end).of(words);
            if !has_word(phrase) {
                let place = Span::new(at, end + mark.len_utf8());
                let mend = "put words between the quotation marks, or leave them out";
                return Err(IndexError::words("this phrase is empty".into(), words, place, mend));
            }
            Clause { sign, words: phrase.into(), phrase: true }
        } else {
            let mut end = at + c.len_utf8();
            while let Some((next, c)) = rest.next_if(|(_, c)| !c.is_whitespace() && !is_quote(*c)) {
                end = next + c.len_utf8();
            }
            Clause { sign, words: Span::new(at, end).of(words).into(), phrase: false }
        };
        if found.len() == MOST_CLAUSES {
            let message = format!("more than {MOST_CLAUSES} words");
            let mend = "search for the few words that matter";
            return Err(IndexError::words(message, words, Span::new(at, words.len()), mend));
        }
        if has_word(&clause.words) {
            found.push(clause);
        }
    }
    if found.is_empty() && !words.trim().is_empty() {
        let place = Span::new(0, words.len());
        let mend = "search for words or numbers";
        return Err(IndexError::words("there is no word to search for".into(), words, place, mend));
    }
    Ok(found)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}'..='\u{201f}' | '«' | '»')
}

fn has_word(words: &str) -> bool {
    words.contains(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(words: &str) -> String {
        let told = |clause: Clause| {
            let minus = if clause.sign == Sign::MustNot { "-" } else { "" };
            let mark = if clause.phrase { "\"" } else { "" };
            format!("{minus}{mark}{}{mark}", clause.words)
        };
        clauses(words).unwrap().into_iter().map(told).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn words_phrases_and_exclusions() {
        assert_eq!(told("digital  training"), "digital | training");
        assert_eq!(told("\"national post\" -minister"), "\"national post\" | -minister");
        assert_eq!(told("“national post” -\"old plan\""), "\"national post\" | -\"old plan\"");
        assert_eq!(told("say\"so now\"again"), "say | \"so now\" | again");
        assert_eq!(told("Egypt - Iraq & al-Shaibani"), "Egypt | Iraq | al-Shaibani");
        assert_eq!(told("  "), "");
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (words, message, at) in [
            ("post \"national", "this phrase is not closed", 5..14),
            ("é -\"", "this phrase is not closed", 4..5),
            ("post \" \" now", "this phrase is empty", 5..8),
            ("& …", "there is no word to search for", 0..5),
        ] {
            match clauses(words).unwrap_err() {
                IndexError::Words { message: told, place, .. } => {
                    assert_eq!(told, message);
                    assert_eq!((place.offset(), place.len()), (at.start, at.len()), "{words}");
                }
                other => panic!("{other}"),
            }
        }
        assert!(clauses(&"word ".repeat(101)).unwrap_err().to_string().contains("more than 100 words"));
    }

    proptest! {
        #[test]
        fn any_string_is_read_or_refused(words in "\\PC{0,60}") {
            if let Ok(found) = clauses(&words) {
                prop_assert!(found.iter().all(|clause| has_word(&clause.words)));
            }
        }
    }
}
