//! The words of a question: cut, folded, and which of them tell something.

use std::sync::LazyLock;

use chancery_text::fold;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use stop_words::{Language, get};

use crate::analysis::words_of;
use crate::hit::Kind;

/// How people ask: `rules/questions.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Questions {
    asks: FxHashSet<String>,
    beside: FxHashSet<String>,
    kinds: FxHashMap<String, Kind>,
    times: FxHashMap<String, [u64; 2]>,
}

static QUESTIONS: LazyLock<Questions> = LazyLock::new(|| {
    let file = include_str!("../../../rules/questions.toml");
    toml::from_str(file).expect("a test reads the committed words")
});

/// Words to look up, each once with how often it is said (a word said twice is worth twice as much); and, where there are
/// few, those with a hyphen as rows.
pub(crate) fn terms(content: &[&String], few: bool) -> (Vec<(String, f32)>, Vec<Vec<String>>) {
    let (mut terms, mut rows): (Vec<(String, f32)>, Vec<Vec<String>>) = (Vec::new(), Vec::new());
    for word in content {
        let cut = folded(word);
        if few && cut.len() > 1 {
            rows.push(cut);
            continue;
        }
        for word in cut {
            match terms.iter_mut().find(|(known, _)| *known == word) {
                Some((_, times)) => *times += 1.0,
                None => terms.push((word, 1.0)),
            }
        }
    }
    (terms, rows)
}

/// The words of a text, folded.
pub(crate) fn folded(text: &str) -> Vec<String> {
    words_of(text).into_iter().map(|word| word.folded).collect()
}

/// The words that tell something: all but those that every text has; all, where every one is such. What is written in
/// capitals in a query that is not, as `WHO` and `US`, is no such word.
pub(crate) fn telling(words: &[String]) -> Vec<&String> {
    let tells = tells(words);
    let telling: Vec<&String> = words.iter().filter(|word| tells(word)).collect();
    if telling.is_empty() { words.iter().collect() } else { telling }
}

/// Whether a word of `words` tells something. In a question (`who`, `what`, …) what people ask by tells nothing either.
pub(crate) fn tells(words: &[String]) -> impl Fn(&String) -> bool {
    static COMMON: LazyLock<FxHashSet<String>> =
        LazyLock::new(|| get(Language::English).iter().map(|word| fold(word).replace('\'', "")).collect());
    let shouted = words.iter().all(|word| is_in_capitals(word));
    let is_question = is_question(words);
    move |word| {
        let folded = fold(word).replace('\'', "");
        let is_common = COMMON.contains(folded.as_str());
        let asks = is_question && QUESTIONS.beside.contains(folded.as_str());
        !(is_common || asks) || is_in_capitals(word) && !shouted
    }
}

/// Whether one of them asks.
fn is_question(words: &[String]) -> bool {
    words.iter().any(|word| !is_in_capitals(word) && QUESTIONS.asks.contains(fold(word).as_str()))
}

fn is_in_capitals(word: &str) -> bool {
    word.chars().count() > 1 && !word.chars().any(char::is_lowercase)
}

/// The kind of fact that a folded word is a name of, as `recommendations` is one of proposals.
pub(crate) fn kind_called(folded: &str) -> Option<Kind> {
    QUESTIONS.kinds.get(folded).copied()
}

/// The first and the last month of the part of a year that a folded word names.
pub(crate) fn months_called(folded: &str) -> Option<[u64; 2]> {
    QUESTIONS.times.get(folded).copied()
}

/// Each once, in order.
pub(crate) fn distinct(words: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut words: Vec<String> = words.into_iter().collect();
    words.sort();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::telling;

    #[test]
    fn in_a_question_the_words_of_asking_tell_nothing() {
        let told = |question: &str| {
            let words: Vec<String> = question.split(' ').map(String::from).collect();
            telling(&words).into_iter().cloned().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(told("what did the ministers say about sardinella"), "ministers sardinella");
        assert_eq!(told("ministers say sardinella"), "ministers say sardinella");
        assert_eq!(told("WHO says masks"), "WHO says masks");
        assert_eq!(told("who said so"), "who said so", "where nothing else stays");
    }
}
