//! What was left out of an input, where, and why.

use std::collections::BTreeMap;
use std::fmt;

use super::MAX_PAGE;
use crate::pipeline::MOST_EXTRACTED;

/// The name of [`SkipReason::NoDate`]: counted beside what was left out.
pub const NO_DATE: &str = "no-date";
/// The name of [`SkipReason::LongText`]: counted beside what was left out, too.
pub const LONG_TEXT: &str = "long-text";

/// A place in the inputs, as a user can find it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file as it was named or found; `-` is standard input. A member of a tar stands after the tar: `pages.tar, a/b.html`.
    pub path: String,
    /// The line of a file of lines, from 1.
    pub line: Option<u64>,
    /// The column in that line, in characters, from 1.
    pub column: Option<u64>,
    /// Where the line or the member of a tar begins, in bytes of the unpacked file.
    pub offset: Option<u64>,
}

impl Place {
    /// A whole file.
    #[must_use]
    pub fn of(path: impl Into<String>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, ":{line}:{column}")?,
            (Some(line), None) => write!(f, ":{line}")?,
            _ => {}
        }
        match self.offset {
            Some(offset) if self.line.is_none() => write!(f, ", at byte {offset}"),
            _ => Ok(()),
        }
    }
}

/// Why something of an input was left out. Each says what is wrong; [`SkipReason::mend`] says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// The ending of the name is none that is read.
    OtherKind,
    /// A link to a folder, met in a folder: it is not followed.
    Linked,
    /// There is nothing at this path.
    Missing,
    /// The file cannot be opened or read; the system's words.
    Unreadable(String),
    /// No bytes, or only blanks.
    Empty,
    /// The line is no JSON of a release; what the parser says.
    BadJson(String),
    /// The line has neither `text` nor `html`.
    NoField,
    /// The page cannot be read as a release; what the reader says.
    NoText(String),
    /// The bytes are no text; what the reader says.
    NotText(String),
    /// The page is a frame that scripts fill; what the reader says.
    Shell(String),
    /// The page is a list of other pages; what the reader says.
    Listing(String),
    /// The page is what a site says in place of one; what the reader says.
    ErrorPage(String),
    /// The page, line or file is larger than [`MAX_PAGE`].
    TooLarge,
    /// The packed file or tar is damaged; what the unpacker says.
    Damaged(String),
    /// A record of a WARC file that holds no page: a request, metadata, another protocol than HTTP.
    NoPage,
    /// A page that a crawl fetched for its links, or as a part of another.
    NoRelease,
    /// What a site begins at, in place of a release that is no longer there.
    Front,
    /// A page that is no release of the source that the user named.
    NotOfSource,
    /// An answer with another status than 200.
    Status(u16),
    /// An answer of another type than HTML or plain text.
    OtherMedia(String),
    /// A PDF document that gave no text; in words, why.
    Pdf(String),
    /// A page that was found unchanged: an earlier record has its content.
    Unchanged,
    /// A page that was found unchanged, of which the earlier record is in none of the files given.
    NoOriginal,
    /// A page of which the record holds only a part.
    Truncated,
    /// The page cannot be unpacked; what the unpacker says.
    Packed(String),
    /// The date that is said of a release is none: the release itself is taken in.
    NoDate(String),
    /// The text is longer than what facts are looked for in; of how many bytes. The release itself is taken in, whole.
    LongText(usize),
    /// A fault of chancery itself; what the phase said when it failed.
    Bug(String),
}

impl SkipReason {
    /// A short name that never changes, to count by: `bad-json`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OtherKind => "other-kind",
            Self::Linked => "linked",
            Self::Missing => "missing",
            Self::Unreadable(_) => "unreadable",
            Self::Empty => "empty",
            Self::BadJson(_) => "bad-json",
            Self::NoField => "no-field",
            Self::NoText(_) => "no-text",
            Self::NotText(_) => "not-text",
            Self::Shell(_) => "shell",
            Self::Listing(_) => "listing",
            Self::ErrorPage(_) => "error-page",
            Self::TooLarge => "too-large",
            Self::Damaged(_) => "damaged",
            Self::NoPage => "no-page",
            Self::NoRelease => "no-release",
            Self::Front => "front",
            Self::NotOfSource => "not-of-source",
            Self::Status(_) => "status",
            Self::OtherMedia(_) => "other-media",
            Self::Pdf(_) => "pdf",
            Self::Unchanged => "unchanged",
            Self::NoOriginal => "no-original",
            Self::Truncated => "truncated",
            Self::Packed(_) => "packed",
            Self::NoDate(_) => NO_DATE,
            Self::LongText(_) => LONG_TEXT,
            Self::Bug(_) => "bug",
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn mend(&self) -> &'static str {
        match self {
            Self::OtherKind => {
                "give .html, .htm, .txt, .pdf, .ndjson, .jsonl, .tar or .warc files, also with .gz or .zst behind, or .wacz"
            }
            Self::Linked => "name the folder that it leads to",
            Self::Missing => "check the spelling; a path is relative to the folder you are in",
            Self::Unreadable(_) => "allow reading it (`ls -l` shows who may), or run as its owner",
            Self::Empty => "fetch the page again, or take the file out",
            Self::BadJson(_) => "write one JSON object a line, in UTF-8",
            Self::NoField => "give the line a `text` or an `html`",
            Self::NoText(_) => "give the source selectors in `sources/`, or the release as .txt",
            Self::NotText(_) => "`file NAME` tells what it is; give it as text, and name it by what it holds",
            Self::Shell(_) => "capture it with a browser, or take the site's feed or API",
            Self::Listing(_) | Self::ErrorPage(_) => {
                "nothing, if it is no release; else give the source selectors in `sources/`"
            }
            Self::TooLarge | Self::LongText(_) => "split it: one release a page or line",
            Self::Damaged(_) => "fetch or pack the file again; what stands before the damage was taken in",
            Self::NotOfSource => "leave --source out, or name the source whose release it is",
            Self::NoPage
            | Self::NoRelease
            | Self::Front
            | Self::Status(_)
            | Self::OtherMedia(_)
            | Self::Unchanged => "nothing: it is no release",
            Self::Pdf(_) => "or give the release as text, as .txt",
            Self::NoOriginal => "give the WARC file with the earlier capture in the same command",
            Self::Truncated => "capture the page again",
            Self::Packed(_) => "capture the page again",
            Self::NoDate(_) => "write it like 2021-03-02 and take the release in again",
            Self::Bug(_) => "please report this with the release that it names",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherKind => {
                f.write_str("its name does not end like a page, a file of lines, a tar, a WARC or a WACZ")
            }
            Self::Linked => f.write_str("it is a link to a folder, which is not followed"),
            Self::Missing => f.write_str("there is no such file or folder"),
            Self::Unreadable(why) => write!(f, "it cannot be read: {why}"),
            Self::Empty => f.write_str("it is empty"),
            Self::BadJson(why) => write!(f, "the line is no JSON of a release: {why}"),
            Self::NoField => f.write_str("the line has neither `text` nor `html`, or nothing in it"),
            Self::NotText(why)
            | Self::NoText(why)
            | Self::Shell(why)
            | Self::Listing(why)
            | Self::ErrorPage(why) => f.write_str(why),
            Self::TooLarge => write!(f, "it is larger than {} MB", MAX_PAGE >> 20),
            Self::Damaged(why) => write!(f, "it is damaged from here on: {why}"),
            Self::NoPage => f.write_str("the record holds no page"),
            Self::NoRelease => {
                f.write_str("the crawl fetched it for its links, or as a part of another page")
            }
            Self::Front => f.write_str("in place of the release came the page that its site begins at"),
            Self::Status(status) => write!(f, "the server answered {status}, not 200"),
            Self::OtherMedia(media) => write!(f, "it is neither HTML nor plain text but {media}"),
            Self::Unchanged => f.write_str("the page was as it had been captured before"),
            Self::NoOriginal => {
                f.write_str("the page was as it had been captured before, in a file that was not given")
            }
            Self::Truncated => f.write_str("the record holds only a part of the page"),
            Self::NotOfSource => f.write_str("it is no release of the source that was named, by its address"),
            Self::Packed(why) | Self::Pdf(why) => f.write_str(why),
            Self::NoDate(date) => write!(f, "`{date}` is no date; the release is taken in without it"),
            Self::LongText(bytes) => {
                let most = MOST_EXTRACTED / 1000;
                let whole = bytes / 1000;
                write!(
                    f,
                    "its text has {whole} KB: it is kept whole and can be searched, but facts were looked for in the first {most} KB alone"
                )
            }
            Self::Bug(why) => write!(f, "chancery failed on it, which is a bug: {why}"),
        }
    }
}

/// One thing that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// Where it stands.
    pub place: Place,
    /// Why it was left out.
    pub reason: SkipReason,
    /// Whether it counts as an error of the run. A file of another kind that was only met in a folder does not.
    pub is_error: bool,
}

impl Skip {
    /// What became of a page that gave no release: pages that are none by their nature are no errors.
    #[must_use]
    pub const fn page(place: Place, reason: SkipReason) -> Self {
        let is_error = !matches!(reason, SkipReason::Listing(_) | SkipReason::ErrorPage(_));
        Self { place, reason, is_error }
    }

    /// An error at `place`.
    #[must_use]
    pub const fn error(place: Place, reason: SkipReason) -> Self {
        Self { place, reason, is_error: true }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            SkipReason::NoDate(_) | SkipReason::LongText(_) => write!(f, "{}: {}", self.place, self.reason),
            _ => write!(f, "{}: {}; skipped", self.place, self.reason),
        }
    }
}

/// How many things were left out, by [`SkipReason::name`], in the order of names; beside them the dates that are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkipCounts {
    /// Counts by name.
    pub by_reason: BTreeMap<&'static str, u64>,
    /// How many of them count as errors of the run.
    pub errors: u64,
}

impl SkipCounts {
    /// Counts what others counted.
    pub(crate) fn add_all(&mut self, others: Self) {
        for (reason, count) in others.by_reason {
            *self.by_reason.entry(reason).or_default() += count;
        }
        self.errors += others.errors;
    }

    /// Counts one more.
    pub fn add(&mut self, skip: &Skip) {
        *self.by_reason.entry(skip.reason.name()).or_default() += 1;
        self.errors += u64::from(skip.is_error);
    }

    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.by_reason.values().sum::<u64>() - self.undated() - self.long()
    }

    /// Of what was left out, how often each reason, by its name.
    pub fn left_out(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let kept = [NO_DATE, LONG_TEXT];
        let counts = self.by_reason.iter().map(|(reason, count)| (*reason, *count));
        counts.filter(move |(reason, _)| !kept.contains(reason))
    }

    /// Releases that were not left out, only the dates that were said of them.
    #[must_use]
    pub fn undated(&self) -> u64 {
        self.by_reason.get(NO_DATE).copied().unwrap_or_default()
    }

    /// Releases that were not left out, only the end of their texts was not looked through.
    #[must_use]
    pub fn long(&self) -> u64 {
        self.by_reason.get(LONG_TEXT).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_like_a_compilers() {
        let line = Place { line: Some(3), column: Some(14), offset: Some(99), ..Place::of("a.jsonl") };
        assert_eq!(line.to_string(), "a.jsonl:3:14");
        let member = Place { offset: Some(512), ..Place::of("a.tar, b.html") };
        assert_eq!(
            Skip::error(member, SkipReason::Empty).to_string(),
            "a.tar, b.html, at byte 512: it is empty; skipped"
        );
    }
}
