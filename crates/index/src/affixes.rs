//! Light stemming: articles, conjunctions and endings are taken off a word, by the lists of `rules/affixes.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The lists, by the first part of a language's tag.
static AFFIXES: LazyLock<BTreeMap<String, Affixes>> = LazyLock::new(|| {
    let file = include_str!("../../../rules/affixes.toml");
    toml::from_str(file).expect("a test reads the committed lists")
});

/// What a language writes as one word with another; the first list that fits counts.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Affixes {
    articles: Vec<String>,
    article_rest: usize,
    conjunctions: Vec<String>,
    conjunction_rest: usize,
    suffixes: Vec<String>,
    suffix_rest: usize,
}

impl Affixes {
    /// Those of a language, with its tag; `None` where it has none.
    pub(crate) fn of(language: &str) -> Option<(&'static str, &'static Self)> {
        AFFIXES.get_key_value(language).map(|(language, affixes)| (language.as_str(), affixes))
    }

    /// What of a folded word stays.
    pub(crate) fn stem<'w>(&self, word: &'w str) -> &'w str {
        let enough = |rest: &&str, least: usize| rest.chars().count() >= least;
        let without = |word: &'w str, affixes: &[String], least| {
            let rest = affixes.iter().find_map(|affix| word.strip_prefix(affix.as_str()));
            rest.filter(|rest| enough(rest, least)).unwrap_or(word)
        };
        let word = without(word, &self.articles, self.article_rest);
        let word = without(word, &self.conjunctions, self.conjunction_rest);
        self.suffixes.iter().fold(word, |word, suffix| {
            let rest = word.strip_suffix(suffix.as_str());
            rest.filter(|rest| enough(rest, self.suffix_rest)).unwrap_or(word)
        })
    }
}

/// How a word may begin that begins so behind an article or a conjunction that is written as one word with it: `بريد` also
/// as `البريد`. The beginning itself comes first.
pub(crate) fn beginnings(start: &str) -> Vec<String> {
    let mut all = vec![start.to_owned()];
    // No list is of a language in Latin letters.
    if !start.is_ascii() {
        let before =
            AFFIXES.values().flat_map(|affixes| affixes.articles.iter().chain(&affixes.conjunctions));
        all.extend(before.map(|affix| format!("{affix}{start}")));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{Affixes, beginnings};

    #[test]
    fn a_word_begins_also_behind_what_is_written_to_it() {
        let arabic = beginnings("بريد");
        assert_eq!(arabic.first().map(String::as_str), Some("بريد"));
        assert!(
            ["البريد", "وبريد", "والبريد"].iter().all(|word| arabic.iter().any(|one| one == word)),
            "{arabic:?}"
        );
        assert_eq!(beginnings("post"), ["post"]);
    }

    #[test]
    fn a_word_of_arabic_is_one_with_and_without_what_is_written_to_it() {
        let (_, arabic) = Affixes::of("ar").unwrap();
        for (stem, forms) in [
            ("اتصال", vec!["اتصالات", "الاتصالات", "بالاتصالات", "والاتصالات"]),
            ("زير", vec!["وزير", "الوزير", "للوزير"]),
            ("كتاب", vec!["كتاب", "الكتاب", "والكتاب", "كتابها"]),
            ("معلم", vec!["معلم", "للمعلمين", "المعلمون", "ومعلمه"]),
            ("و", vec!["و"]),
        ] {
            assert!(forms.iter().all(|form| arabic.stem(form) == stem), "{stem}: {forms:?}");
        }
    }
}
