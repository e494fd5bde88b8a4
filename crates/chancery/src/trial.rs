//! A pattern on trial over real releases: where it matches, and what it captures.

use std::sync::Arc;

use chancery_record::{Release, Span};
use chancery_rules::{Doc, Range, RuleErrors, RuleSet};

use crate::Error;
use crate::bug;
use crate::rulesets::{Rulesets, primary};

/// A pattern, compiled with the rules of every language in which it makes sense.
///
/// ```
/// use chancery::rulesets::Rulesets;
/// use chancery::trial::Trial;
/// use chancery_record::Release;
///
/// let trial = Trial::new(&Rulesets::embedded(), "the new what:[lower]", None)?;
/// let text = "In May the new pier opens.".to_owned();
/// let release = Release { text, language: Some("en".into()), ..Release::default() };
/// let found = trial.matches(&release).unwrap();
/// assert_eq!(found[0].captures[0].1.of(&release.text), "pier");
/// # Ok::<(), chancery::Error>(())
/// ```
pub struct Trial {
    sets: Vec<(String, Arc<RuleSet>, usize)>,
}

/// One match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Where it stands in the text.
    pub span: Span,
    /// The sentence in which it stands.
    pub sentence: Span,
    /// What it captured, in the order of the text.
    pub captures: Vec<(String, Span)>,
}

impl Trial {
    /// Compiles the pattern with the rules of each language, in a layer of its own before the layer `before`, or after
    /// all. A language in which it makes no sense is left out, unless it makes sense in none.
    ///
    /// # Errors
    /// Where it makes sense in no language: its mistakes, and those of the rules, with their places.
    pub fn new(rules: &Rulesets, pattern: &str, before: Option<&str>) -> Result<Self, Error> {
        let mut sets = Vec::new();
        let mut refused: Option<(String, RuleErrors)> = None;
        for language in rules.languages() {
            match RuleSet::with_trial(language, &rules.files_of(language), pattern, before) {
                Ok((set, trial)) => sets.push((language.to_owned(), Arc::new(set), trial)),
                Err(errors) => refused = refused.or(Some((language.to_owned(), errors))),
            }
        }
        match refused {
            Some((language, errors)) if sets.is_empty() => Err(Error::Rules { language, errors }),
            _ => Ok(Self { sets }),
        }
    }

    /// Where the pattern matches in a release, in order; nowhere where no rules know the language.
    ///
    /// # Errors
    /// Where chancery itself fails on the release: the words of the bug.
    pub fn matches(&self, release: &Release) -> Result<Vec<Match>, String> {
        let language = release.language.as_deref().map(primary);
        let set = self.sets.iter().find(|(known, ..)| Some(known) == language.as_ref());
        let Some((_, set, trial)) = set else { return Ok(Vec::new()) };
        bug::caught(|| {
            let doc = chancery_extract::annotate(set, &release.text);
            let own = doc.annotations().into_iter().filter(|found| found.rule == Some(*trial));
            let mut found: Vec<Match> = own
                .map(|found| Match {
                    span: span(&doc, found.range),
                    sentence: sentence(&doc, found.range),
                    captures: found
                        .captures
                        .iter()
                        .map(|c| (set.word(c.name).to_owned(), span(&doc, c.range)))
                        .collect(),
                })
                .collect();
            found.sort_by_key(|found| (found.span.start, found.span.end));
            found
        })
    }
}

fn span(doc: &Doc<'_>, range: Range) -> Span {
    let (start, end) = doc.bytes(range);
    Span::new(start, end)
}

fn sentence(doc: &Doc<'_>, range: Range) -> Span {
    let sentence = &doc.sentences()[doc.sentence_of(range.start)];
    span(doc, Range::new(sentence.start, sentence.end))
}
