//! The tables of a `spellings.toml`, as they are written and as they are looked up.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use serde::Deserialize;

use crate::fold::fold;

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    particles: Vec<String>,
    servants: Vec<String>,
    articles: Vec<String>,
    not_articles: Vec<String>,
    article_rest: usize,
    abjad_article: String,
    titles: Vec<String>,
    same: Vec<Vec<String>>,
    sounds: Vec<(String, String)>,
    vowels: String,
    vowels_alike: Vec<String>,
    consonants_alike: Vec<String>,
    expansions: BTreeMap<char, String>,
    lookup: Lookup,
    consonant_scripts: BTreeMap<String, (String, String)>,
    abjad: BTreeMap<String, Vec<String>>,
    typos: Typos,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lookup {
    classes: Vec<String>,
    silent: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typos {
    /// A word of so many letters may have one wrong.
    pub(super) one: usize,
    /// A word of so many may have two.
    pub(super) two: usize,
}

/// A mistake in the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}; the tables are described in rules/common/spellings.toml")]
pub struct NamesError {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// What is known of spellings, ready to be looked up; all words folded.
#[derive(Clone, Debug)]
pub struct NameTables {
    pub(super) particles: BTreeSet<String>,
    /// Longest first; the first word of the file is `servant`.
    pub(super) servants: Vec<String>,
    pub(super) servant: String,
    pub(super) articles: Vec<String>,
    pub(super) not_articles: BTreeSet<String>,
    pub(super) article_rest: usize,
    pub(super) abjad_article: String,
    pub(super) titles: BTreeSet<String>,
    /// A spelling to the first of its group.
    pub(super) same: BTreeMap<String, String>,
    /// Longest first within a first letter.
    pub(super) sounds: Vec<Sound>,
    pub(super) vowels: Vec<char>,
    pub(super) vowels_alike: Vec<[char; 2]>,
    pub(super) consonants_alike: Vec<[char; 2]>,
    pub(super) expansions: BTreeMap<char, String>,
    pub(super) classes: BTreeMap<char, char>,
    pub(super) silent: Vec<char>,
    pub(super) consonant_scripts: Vec<RangeInclusive<u32>>,
    pub(super) abjad: BTreeMap<char, Letter>,
    pub(super) typos: Typos,
}

/// Letters that are written otherwise, in some place of a word.
#[derive(Clone, Debug)]
pub(super) struct Sound {
    pub(super) from: Vec<char>,
    pub(super) to: Vec<char>,
    pub(super) first: bool,
    pub(super) last: bool,
}

/// What stands in Latin letters for a letter, within a word and at its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Letter {
    pub(super) within: Vec<String>,
    pub(super) last: Option<Vec<String>>,
}

impl NameTables {
    /// Reads the tables from the text of a `spellings.toml`.
    ///
    /// # Errors
    /// The first mistake, with its place in `path`.
    pub fn parse(path: &str, text: &str) -> Result<Self, NamesError> {
        let file: File = toml::from_str(text).map_err(|fault| {
            let at = fault.span().map_or(0, |span| span.start);
            error(path, text, at, fault.message())
        })?;
        let mistake = |message: String| error(path, text, 0, &message);
        let servant = file.servants.first().map(|word| fold(word)).unwrap_or_default();
        let mut servants: Vec<String> = file.servants.iter().map(|word| fold(word)).collect();
        servants.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let mut scripts = Vec::new();
        for (name, (first, last)) in &file.consonant_scripts {
            let point = |hex: &str| {
                u32::from_str_radix(hex, 16)
                    .map_err(|_not_a_number| mistake(format!("`{hex}` of {name} is no code point")))
            };
            scripts.push(point(first)?..=point(last)?);
        }
        let pairs = |given: &[String], what: &str| {
            let pair = |pair: &String| match pair.chars().collect::<Vec<_>>()[..] {
                [a, b] => Ok([a, b]),
                _ => Err(mistake(format!("`{pair}` of {what} is no pair of letters"))),
            };
            given.iter().map(pair).collect::<Result<Vec<_>, _>>()
        };
        let mut tables = Self {
            particles: folded(&file.particles),
            servants,
            servant,
            articles: file.articles.iter().map(|word| fold(word)).collect(),
            not_articles: folded(&file.not_articles),
            article_rest: file.article_rest,
            abjad_article: fold(&file.abjad_article),
            titles: folded(&file.titles),
            same: groups(&file.same),
            sounds: sounds(&file.sounds),
            vowels: file.vowels.chars().collect(),
            vowels_alike: pairs(&file.vowels_alike, "vowels_alike")?,
            consonants_alike: pairs(&file.consonants_alike, "consonants_alike")?,
            expansions: file.expansions,
            classes: classes(&file.lookup.classes),
            silent: file.lookup.silent.chars().collect(),
            consonant_scripts: scripts,
            abjad: abjad(file.abjad),
            typos: file.typos,
        };
        // What sounds like one of a group belongs to it.
        let sounds: Vec<_> =
            tables.same.iter().map(|(word, first)| (tables.sound(word), first.clone())).collect();
        for (sound, first) in sounds {
            tables.same.entry(sound).or_insert(first);
        }
        Ok(tables)
    }

    /// How many letters of `word` may be mistyped: by its length, see `[typos]`.
    #[must_use]
    pub fn typos(&self, word: &str) -> u8 {
        let letters = word.chars().count();
        u8::from(letters >= self.typos.one) + u8::from(letters >= self.typos.two)
    }
}

fn folded(words: &[String]) -> BTreeSet<String> {
    words.iter().map(|word| fold(word)).collect()
}

fn groups(given: &[Vec<String>]) -> BTreeMap<String, String> {
    let mut same = BTreeMap::new();
    for group in given {
        if let Some(first) = group.first() {
            same.extend(group.iter().map(|word| (fold(word), fold(first))));
        }
    }
    same
}

fn sounds(given: &[(String, String)]) -> Vec<Sound> {
    let mut sounds: Vec<Sound> = given
        .iter()
        .map(|(from, to)| Sound {
            from: from.chars().filter(|c| !matches!(c, '^' | '$')).collect(),
            to: to.chars().collect(),
            first: from.starts_with('^'),
            last: from.ends_with('$'),
        })
        .filter(|sound| !sound.from.is_empty())
        .collect();
    // Of those of one length the one that is bound to a place comes first.
    sounds.sort_by_key(|s| std::cmp::Reverse((s.from.len(), s.first, s.last)));
    sounds
}

fn classes(given: &[String]) -> BTreeMap<char, char> {
    let class = |class: &String| {
        let first = class.chars().next();
        class.chars().filter_map(move |c| first.map(|first| (c, first))).collect::<Vec<_>>()
    };
    given.iter().flat_map(class).collect()
}

fn abjad(given: BTreeMap<String, Vec<String>>) -> BTreeMap<char, Letter> {
    let mut letters: BTreeMap<char, Letter> = BTreeMap::new();
    for (key, forms) in given {
        let Some(c) = key.chars().next() else { continue };
        let letter = letters.entry(c).or_default();
        if key.ends_with('$') {
            letter.last = Some(forms);
        } else {
            letter.within = forms;
        }
    }
    letters
}

fn error(path: &str, text: &str, at: usize, message: &str) -> NamesError {
    let before = text.get(..at).unwrap_or_default();
    NamesError {
        path: path.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
        message: message.trim().replace('\n', ", "),
    }
}
