//! The words that reading a page needs, from `rules/<language>/reader.toml`: months, labels of dates, names of
//! metadata, hints in class names, lines that belong to the page and not to the release.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use toml::Spanned;

use crate::DateOrder;
use crate::calendars::System;
use crate::classes::{Classes, ClassesTable};
use crate::cues::{Cues, Patterns, Words};
use crate::fold::fold;

/// All words, of all languages.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    pub(crate) classes: Classes,
    pub(crate) meta: MetaNames,
    pub(crate) title: TitleWords,
    pub(crate) lines: Lines,
    pub(crate) dates: DateWords,
    pub(crate) kinds: KindWords,
    pub(crate) issuers: IssuerWords,
    /// ISO 639-3 codes and the tags used for them.
    pub(crate) languages: BTreeMap<String, String>,
    /// Small words of languages, by tag: they tell the language of a text of one line.
    pub(crate) small_words: BTreeMap<String, Vec<String>>,
    /// Of the words of a text, hundredths that are small words of a language where it is plainly in it.
    pub(crate) plainly: BTreeMap<String, usize>,
    /// Languages that detection does not know, by tag, and those that it takes them for.
    pub(crate) look_alikes: BTreeMap<String, Vec<String>>,
}

/// A mistake in one of the files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}; {help}")]
pub struct LexiconError {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Names of metadata, best first.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MetaNames {
    pub(crate) date: Vec<String>,
    /// Names that some sites use for another day: believed only where the page shows no date at its headline.
    pub(crate) weak_date: Vec<String>,
    /// Names that tell the day of a change: believed last.
    pub(crate) changed: Vec<String>,
    pub(crate) headline: Vec<String>,
    pub(crate) site: Vec<String>,
    pub(crate) language: Vec<String>,
    pub(crate) url: Vec<String>,
    /// Endings of the names of documents that a release links to.
    pub(crate) documents: Vec<String>,
}

/// What parts the headline from the site's name in a page's title.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TitleWords {
    pub(crate) separators: Vec<String>,
}

/// Lines of a page that do not belong to a release.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    /// Lines to leave out.
    pub(crate) drop: Patterns,
    /// Headings after which nothing of the release comes.
    pub(crate) end: Patterns,
}

/// The same as they are written. `*` in a line stands for anything.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LinesTable {
    drop: Vec<String>,
    end: Vec<String>,
}

/// Words of pages that are no release.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct KindWords {
    /// Titles of pages that a site does not have or does not show.
    pub(crate) error: Vec<String>,
    /// What such pages say in a sentence.
    pub(crate) error_text: Vec<String>,
    /// Titles of pages that ask for a name and a password.
    pub(crate) login: Vec<String>,
    /// Titles of answers to a search.
    pub(crate) search: Vec<String>,
    /// Parts of the addresses of such answers.
    pub(crate) search_urls: Vec<String>,
    /// What a page says that scripts would fill.
    pub(crate) shell: Vec<String>,
}

/// Names of bodies that publish releases.
#[derive(Clone, Debug, Default)]
pub(crate) struct IssuerWords {
    /// Lines that name one.
    pub(crate) names: Patterns,
    /// Lines that only look like these.
    pub(crate) not: Patterns,
    /// What leads to a site's first page and is not its name.
    pub(crate) home: FxHashSet<String>,
    /// What a site calls itself beside the body's name, folded, longest first.
    pub(crate) site: Vec<String>,
    /// What stands with the name of who holds the rights, as it is written.
    pub(crate) rights: Vec<String>,
    /// The same, to be looked for all at once.
    pub(crate) any_right: Words,
}

/// The same as they are written.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct IssuersTable {
    names: Vec<String>,
    not: Vec<String>,
    home: Vec<String>,
    site: Vec<String>,
    rights: Vec<String>,
}

/// Words of dates.
#[derive(Clone, Debug, Default)]
pub(crate) struct DateWords {
    /// By folded word: the language and the month.
    months: FxHashMap<String, Vec<(String, i8)>>,
    pub(crate) joiners: FxHashSet<String>,
    pub(crate) ordinals: FxHashSet<String>,
    /// What stands before a day of publication, and before one of a change.
    pub(crate) published: Cues,
    pub(crate) updated: Cues,
    /// What stands before a day of something else.
    pub(crate) events: Cues,
    /// What is added to years of up to three digits, by language tag.
    pub(crate) short_years: BTreeMap<String, i32>,
    /// Words that may stand in a line that tells only the date.
    pub(crate) filler: FxHashSet<String>,
    /// The usual order by language tag.
    pub(crate) orders: BTreeMap<String, DateOrder>,
    /// The usual order by the last part of a host's name.
    pub(crate) site_orders: BTreeMap<String, DateOrder>,
    /// The zones of the clock in use, by the last part of a host's name: for a land of several the first and the last.
    pub(crate) site_zones: BTreeMap<String, Vec<String>>,
    /// What stands behind the number of a year, a month and a day.
    pub(crate) year_signs: Vec<String>,
    pub(crate) month_signs: Vec<String>,
    pub(crate) day_signs: Vec<String>,
    /// Names of eras, and the year before their first.
    pub(crate) eras: BTreeMap<String, i32>,
    /// Keys of scripts that hold the day of publication.
    pub(crate) script_keys: Vec<String>,
    /// Months of calendars other than the Gregorian.
    months_elsewhere: FxHashMap<String, (System, i8)>,
    /// Calendars, and the languages whose dates in numbers may be of them.
    calendars: BTreeMap<System, Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    classes: ClassesTable,
    meta: MetaNames,
    title: TitleWords,
    lines: LinesTable,
    dates: DatesTable,
    kinds: KindWords,
    issuers: IssuersTable,
    languages: BTreeMap<String, String>,
    small_words: BTreeMap<String, Vec<String>>,
    plainly: BTreeMap<String, usize>,
    look_alikes: BTreeMap<String, Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DatesTable {
    months: BTreeMap<String, Spanned<Vec<Vec<String>>>>,
    joiners: Vec<String>,
    ordinals: Vec<String>,
    weekdays: Vec<String>,
    published: Vec<String>,
    updated: Vec<String>,
    events: Vec<String>,
    short_years: BTreeMap<String, i32>,
    filler: Vec<String>,
    orders: BTreeMap<String, DateOrder>,
    site_orders: BTreeMap<String, DateOrder>,
    site_zones: BTreeMap<String, Vec<String>>,
    year_signs: Vec<String>,
    month_signs: Vec<String>,
    day_signs: Vec<String>,
    eras: BTreeMap<String, i32>,
    script_keys: Vec<String>,
    words: Vec<LanguageWords>,
    calendars: BTreeMap<System, CalendarTable>,
}

/// A calendar other than the Gregorian.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarTable {
    languages: Vec<String>,
    months: Spanned<Vec<Vec<String>>>,
}

/// The words about dates of one language.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LanguageWords {
    /// Its tag: for who reads the file.
    #[serde(rename = "language")]
    _language: String,
    published: Vec<String>,
    updated: Vec<String>,
    weekdays: Vec<String>,
    filler: Vec<String>,
    joiners: Vec<String>,
}

/// What is made ready once all files are read.
#[derive(Default)]
struct Gathered {
    drop: Vec<String>,
    end: Vec<String>,
    published: Vec<String>,
    updated: Vec<String>,
    events: Vec<String>,
    issuers: Vec<String>,
    no_issuers: Vec<String>,
}

impl Lexicon {
    /// Reads the files, given as (path, TOML text); later ones add to earlier ones.
    ///
    /// # Errors
    /// The first mistake, with its place and what to do.
    pub fn parse(files: &[(String, String)]) -> Result<Self, LexiconError> {
        let mut lexicon = Self::default();
        let mut gathered = Gathered::default();
        for (path, text) in files {
            let file: File = toml::from_str(text).map_err(|fault| {
                let start = fault.span().map_or(0, |span| span.start);
                let help = "a reader file has the tables classes, meta, title, lines, dates, kinds, issuers, languages, \
                            small_words, plainly and look_alikes, described in rules/common/reader.toml";
                error(path, text, start, fault.message(), help)
            })?;
            lexicon.add(file, &mut gathered, path, text)?;
        }
        lexicon.lines.drop = Patterns::new(&gathered.drop);
        lexicon.lines.end = Patterns::new(&gathered.end);
        lexicon.dates.published = Cues::new(&gathered.published);
        lexicon.dates.updated = Cues::new(&gathered.updated);
        lexicon.dates.events = Cues::new(&gathered.events);
        lexicon.issuers.any_right = Words::new(&lexicon.issuers.rights);
        lexicon.issuers.names = Patterns::new(&gathered.issuers);
        lexicon.issuers.not = Patterns::new(&gathered.no_issuers);
        let cues = gathered.published.iter().chain(&gathered.updated);
        lexicon.dates.filler.extend(cues.flat_map(|cue| cue.split(' ')).map(str::to_owned));
        Ok(lexicon)
    }

    fn add(
        &mut self,
        file: File,
        gathered: &mut Gathered,
        path: &str,
        text: &str,
    ) -> Result<(), LexiconError> {
        let File {
            classes,
            meta,
            title,
            lines,
            mut dates,
            kinds,
            issuers,
            languages,
            small_words,
            plainly,
            look_alikes,
        } = file;
        let extend = extend_folded;
        self.classes.extend(&classes);
        let names =
            |to: &mut Vec<String>, from: Vec<String>| to.extend(from.iter().map(|name| plain_name(name)));
        names(&mut self.meta.date, meta.date);
        names(&mut self.meta.weak_date, meta.weak_date);
        names(&mut self.meta.changed, meta.changed);
        names(&mut self.meta.headline, meta.headline);
        names(&mut self.meta.site, meta.site);
        names(&mut self.meta.language, meta.language);
        names(&mut self.meta.url, meta.url);
        names(&mut self.meta.documents, meta.documents);
        self.title.separators.extend(title.separators);
        extend(&mut self.kinds.error, &kinds.error);
        extend(&mut self.kinds.error_text, &kinds.error_text);
        extend(&mut self.kinds.login, &kinds.login);
        extend(&mut gathered.issuers, &issuers.names);
        extend(&mut gathered.no_issuers, &issuers.not);
        extend(&mut self.issuers.site, &issuers.site);
        self.issuers.site.sort_by_key(|words| std::cmp::Reverse(words.len()));
        self.issuers.rights.extend(issuers.rights);
        self.issuers.home.extend(issuers.home.iter().map(|name| fold(name)));
        extend(&mut self.kinds.search, &kinds.search);
        self.kinds.search_urls.extend(kinds.search_urls);
        extend(&mut self.kinds.shell, &kinds.shell);
        extend(&mut gathered.drop, &lines.drop);
        extend(&mut gathered.end, &lines.end);
        self.dates.add_months(&mut dates, path, text)?;
        self.dates.add(dates, gathered);
        self.languages.extend(languages);
        self.plainly.extend(plainly);
        self.look_alikes.extend(look_alikes);
        for (tag, words) in small_words {
            extend(self.small_words.entry(tag).or_default(), &words);
        }
        Ok(())
    }
}

impl DateWords {
    fn add_months(&mut self, dates: &mut DatesTable, path: &str, text: &str) -> Result<(), LexiconError> {
        for (language, months) in std::mem::take(&mut dates.months) {
            let months = twelve(&language, months, "January", path, text)?;
            for (word, month) in months {
                self.months.entry(word).or_default().push((language.clone(), month));
            }
        }
        for (system, table) in std::mem::take(&mut dates.calendars) {
            let months = twelve("the calendar", table.months, "the first of its year", path, text)?;
            self.calendars.entry(system).or_default().extend(table.languages);
            for (word, month) in months {
                let known = self.months_elsewhere.entry(word).or_insert((system, month));
                // A word of two calendars is the first one's.
                if known.0 >= system {
                    *known = (system, month);
                }
            }
        }
        Ok(())
    }

    /// Adds the words of a file; its months are added where their number is checked.
    fn add(&mut self, dates: DatesTable, gathered: &mut Gathered) {
        let own = LanguageWords {
            published: dates.published,
            updated: dates.updated,
            weekdays: dates.weekdays,
            filler: dates.filler,
            joiners: dates.joiners,
            ..LanguageWords::default()
        };
        for words in std::iter::once(own).chain(dates.words) {
            extend_folded(&mut gathered.published, &words.published);
            extend_folded(&mut gathered.updated, &words.updated);
            let joiners = words.joiners.iter().map(|word| fold(word));
            self.joiners.extend(joiners.clone());
            let filler = words.weekdays.iter().chain(&words.filler).map(|word| fold(word));
            self.filler.extend(filler.chain(joiners));
        }
        self.ordinals.extend(dates.ordinals.iter().map(|word| fold(word)));
        self.filler.extend(dates.ordinals.iter().map(|word| fold(word)));
        self.orders.extend(dates.orders.into_iter().map(|(tag, order)| (tag.to_ascii_lowercase(), order)));
        self.site_orders.extend(dates.site_orders);
        self.site_zones.extend(dates.site_zones);
        self.short_years.extend(dates.short_years);
        extend_folded(&mut gathered.events, &dates.events);
        extend_folded(&mut self.year_signs, &dates.year_signs);
        extend_folded(&mut self.month_signs, &dates.month_signs);
        extend_folded(&mut self.day_signs, &dates.day_signs);
        self.eras.extend(dates.eras);
        self.script_keys.extend(dates.script_keys);
    }

    /// The month of another calendar that a word names.
    pub(crate) fn month_elsewhere(&self, folded: &str) -> Option<(System, i8)> {
        self.months_elsewhere.get(folded).copied()
    }

    /// The calendars in which a language may write dates in numbers.
    pub(crate) fn calendars_of(&self, language: &str) -> impl Iterator<Item = System> {
        let of = self.calendars.iter().filter(move |(_, tags)| tags.iter().any(|own| own == language));
        of.map(|(system, _)| *system)
    }

    /// The month that a word names, read in `language` first.
    pub(crate) fn month(&self, folded: &str, language: &str) -> Option<i8> {
        // Words lose the marks at their ends that are no letters, such as the virama of `மார்ச்`.
        let all = self.months.get(folded.trim_end_matches(|c: char| !c.is_alphanumeric()))?;
        let own = all.iter().find(|(tag, _)| tag == language);
        own.or_else(|| all.first()).map(|(_, month)| *month)
    }

    /// Whether a word belongs to dates and what is said of them.
    pub(crate) fn is_filler(&self, word: &str) -> bool {
        self.filler.contains(word)
            || self.months.contains_key(word)
            || self.months_elsewhere.contains_key(word)
    }
}

/// The words of twelve months, the first of the year first.
fn twelve(
    of: &str,
    months: Spanned<Vec<Vec<String>>>,
    first: &str,
    path: &str,
    text: &str,
) -> Result<BTreeMap<String, i8>, LexiconError> {
    let start = months.span().start;
    let months = months.into_inner();
    if months.len() != 12 {
        let message = format!("`{of}` has {} months", months.len());
        return Err(error(
            path,
            text,
            start,
            &message,
            &format!("write twelve lists of words, {first} first"),
        ));
    }
    let words = months.iter().zip(1..).flat_map(|(words, month)| words.iter().map(move |w| (fold(w), month)));
    Ok(words.collect())
}

fn extend_folded(to: &mut Vec<String>, from: &[String]) {
    to.extend(from.iter().map(|word| fold(word)));
}

/// A name of metadata in lower case, its marks made one: `DC.date.issued` and `dc:date_issued` are the same.
pub(crate) fn plain_name(name: &str) -> String {
    name.to_ascii_lowercase().replace(['.', '_', '-'], ":")
}

fn error(path: &str, text: &str, at: usize, message: &str, help: &str) -> LexiconError {
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    LexiconError {
        path: path.to_owned(),
        line,
        column,
        message: message.trim().replace('\n', ", "),
        help: help.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, says: &str) {
        let error = Lexicon::parse(&[("rules/xx/reader.toml".into(), text.into())]).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }

    #[test]
    fn a_mistake_has_a_place_and_a_mend() {
        check("[dates]\njoinerz = []\n", "rules/xx/reader.toml:2:1: unknown field `joinerz`");
        check(
            "[lines]\ndrop = 3",
            "rules/xx/reader.toml:2:8: invalid type: integer `3`, expected a sequence; a reader",
        );
        check(
            "[dates.months]\nxx = [[\"jan\"]]",
            "rules/xx/reader.toml:2:6: `xx` has 1 months; write twelve lists of words, January first",
        );
        check("[dates.orders]\nxx = \"dym\"", "reader.toml:2:6: unknown variant `dym`");
    }
}
