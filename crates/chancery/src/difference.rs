//! What one set of rules finds and another does not, and what an edit of a release changed: facts gained, lost and
//! altered, release by release.

use std::sync::Arc;

use chancery_record::{Record, Release};
use chancery_rules::{Change, RuleSet};

use crate::Error;
use crate::bug;
use crate::pipeline::PROGRAM;
use crate::rulesets::{Rulesets, primary};

mod edited;
mod facts;
mod text;

pub use edited::edited;
pub use facts::{Altered, Difference, Fact};
pub use text::{Paragraph, Piece, paragraphs};

/// Two sets of rules, to be compared over releases.
///
/// ```
/// use chancery::difference::Comparison;
/// use chancery::rulesets::Rulesets;
///
/// let same = Comparison::new(&Rulesets::embedded(), &Rulesets::embedded())?;
/// assert!(same.changes().next().is_none());
/// # Ok::<(), chancery::Error>(())
/// ```
pub struct Comparison {
    languages: Vec<Language>,
}

/// One language that differs.
struct Language {
    name: String,
    old: Option<Arc<RuleSet>>,
    new: Option<Arc<RuleSet>>,
    /// `None` where only one side knows the language.
    change: Option<Change>,
}

impl Comparison {
    /// Compiles both and finds out what differs. Words for reading pages (`reader.toml`) are not looked at: they change
    /// texts, not what is found in them.
    ///
    /// # Errors
    /// Where the rules of a language have mistakes.
    pub fn new(old: &Rulesets, new: &Rulesets) -> Result<Self, Error> {
        let mut languages = Vec::new();
        for name in old.languages().union(&new.languages()) {
            let (before, after) = (old.of_language(name)?, new.of_language(name)?);
            let change = match (&before, &after) {
                (Some(_), Some(_)) => Some(change(name, old, new)?),
                _ => None,
            };
            if change.as_ref().is_none_or(|change| !change.is_nothing()) {
                languages.push(Language { name: (*name).to_owned(), old: before, new: after, change });
            }
        }
        Ok(Self { languages })
    }

    /// The languages that differ, each with what does; `None` where only one side knows the language.
    pub fn changes(&self) -> impl Iterator<Item = (&str, Option<&Change>)> {
        self.languages.iter().map(|language| (language.name.as_str(), language.change.as_ref()))
    }

    fn of(&self, release: &Release) -> Option<&Language> {
        let name = primary(release.language.as_deref()?);
        self.languages.iter().find(|language| language.name == name)
    }

    /// Whether the two may find different facts in a release.
    #[must_use]
    pub fn touches(&self, release: &Release) -> bool {
        self.of(release).is_some_and(|l| l.change.as_ref().is_none_or(|change| change.touches(&release.text)))
    }

    /// What differs in a release.
    ///
    /// # Errors
    /// Where chancery itself fails on it: the words of the bug.
    pub fn differences(&self, release: &Release) -> Result<Vec<Difference>, String> {
        let Some(language) = self.of(release) else { return Ok(Vec::new()) };
        let record = |rules: Option<&RuleSet>| match rules {
            Some(rules) => chancery_extract::extract(release, rules, PROGRAM),
            None => Record::new(release.clone(), PROGRAM),
        };
        bug::caught(|| facts::differences(&record(language.old.as_deref()), &record(language.new.as_deref())))
    }
}

/// What differs in the rules of a language.
pub(crate) fn change(language: &str, old: &Rulesets, new: &Rulesets) -> Result<Change, Error> {
    Change::between(language, &old.files_of(language), &new.files_of(language))
        .map_err(|errors| Error::Rules { language: language.to_owned(), errors })
}
