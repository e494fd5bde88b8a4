//! What an archive holds, and what it takes on the disk.

use std::fs;
use std::path::Path;

use chancery_index::Index;

use super::state::{FILE, Facts, Run};
use super::writer::INDEX;
use super::{Archive, FORMAT, captures, lock, segments};
use crate::Error;
use crate::rulesets::Rulesets;

/// What an archive holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The format of the archive.
    pub format: u64,
    /// Releases that have a record.
    pub releases: u64,
    /// Releases that are taken out; they count nowhere else here but among the captures.
    pub removed: u64,
    /// Releases that are gone from their sites.
    pub gone: u64,
    /// Pages that were read, by kind.
    pub pages: PageCounts,
    /// Captures: all versions of all releases.
    pub captures: u64,
    /// Captures without a record: those that could not be read, and those that the next run makes one of.
    pub without_record: u64,
    /// Facts in the current records.
    pub facts: Facts,
    /// Bytes of text in the current records.
    pub text_bytes: u64,
    /// Releases by source; those without one last.
    pub sources: Vec<SourceStatus>,
    /// Releases by language, most first; `None` where nobody can tell the language.
    pub languages: Vec<(Option<String>, u64)>,
    /// Of them, those that no rules know: their releases have no facts.
    pub without_rules: Vec<(Option<String>, u64)>,
    /// The digest of the rules in force, by language, as records name it.
    pub rules: Vec<(String, String)>,
    /// Current records that were made with other rules than those in force.
    pub made_with_other_rules: u64,
    /// Current records that the index lacks; the next run puts them in. `None` where the index cannot be read.
    pub not_indexed: Option<u64>,
    /// What the archive takes on the disk.
    pub disk: Disk,
    /// Whether somebody writes to the archive now.
    pub at_work: bool,
    /// The last run of ingest.
    pub last_run: Option<Run>,
}

/// Pages that were read, by what they are. Only releases are indexed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageCounts {
    /// Releases that have a record.
    pub release: u64,
    /// Lists of other pages.
    pub listing: u64,
    /// What a site says in place of a page.
    pub error: u64,
    /// Frames that scripts fill.
    pub shell: u64,
    /// Pages without a text of their own, and those that ask who reads them.
    pub other: u64,
    /// What gave no page: PDF without text, bytes that are no text, faults of chancery itself.
    pub unreadable: u64,
}

impl PageCounts {
    fn of(releases: u64, left_out: Vec<(String, u64)>) -> Self {
        let mut counts = Self { release: releases, ..Self::default() };
        for (reason, pages) in left_out {
            *counts.by_reason(&reason) += pages;
        }
        counts
    }

    /// Where pages count that [`crate::input::SkipReason::name`] says this of.
    fn by_reason(&mut self, reason: &str) -> &mut u64 {
        match reason {
            "listing" => &mut self.listing,
            "error-page" => &mut self.error,
            "shell" => &mut self.shell,
            "no-text" => &mut self.other,
            _ => &mut self.unreadable,
        }
    }

    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.release + self.listing + self.error + self.shell + self.other + self.unreadable
    }
}

/// The releases of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceStatus {
    /// Its id.
    pub source: Option<String>,
    /// How many releases.
    pub releases: u64,
    /// The earliest date of publication.
    pub first: Option<String>,
    /// The latest.
    pub last: Option<String>,
}

/// Bytes on the disk, by part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    /// `captures/`.
    pub captures: u64,
    /// `records/`.
    pub records: u64,
    /// `index/`.
    pub index: u64,
    /// `state.sqlite`.
    pub state: u64,
}

impl Disk {
    /// All parts.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.captures + self.records + self.index + self.state
    }
}

impl Archive {
    /// What the archive holds, with `rules` as those in force.
    ///
    /// # Errors
    /// Where the state cannot be read.
    pub fn status(&self, rules: &Rulesets) -> Result<Status, Error> {
        let state = &self.state;
        let sums = state.sums()?;
        let (captures, without_record) = state.captures()?;
        let mut languages: Vec<(Option<String>, u64)> = Vec::new();
        let mut made_with_other_rules = 0;
        for (language, made_with, count) in state.made_with()? {
            let in_force = language.as_deref().and_then(|language| rules.digest_of(language));
            made_with_other_rules += if in_force == made_with { 0 } else { count };
            match languages.last_mut().filter(|(last, _)| *last == language) {
                Some((_, sum)) => *sum += count,
                None => languages.push((language, count)),
            }
        }
        languages.sort_by(|(a, a_count), (b, b_count)| b_count.cmp(a_count).then_with(|| a.cmp(b)));
        let is_known =
            |tag: &Option<String>| tag.as_deref().is_some_and(|tag| rules.digest_of(tag).is_some());
        let without_rules = languages.iter().filter(|(tag, _)| !is_known(tag)).cloned().collect();
        let indexed = Index::open(self.dir.join(INDEX)).and_then(|index| index.last_seq());
        let not_indexed = match indexed {
            Ok(seq) => Some(state.current_places(seq.unwrap_or_default())?.len() as u64),
            Err(_) => None,
        };
        Ok(Status {
            format: FORMAT,
            releases: sums.releases,
            removed: state.removals()?.len() as u64,
            gone: self.gone_ids()?.len() as u64,
            pages: PageCounts::of(sums.releases, state.left_out()?),
            captures,
            without_record,
            facts: sums.facts,
            text_bytes: sums.text_bytes,
            sources: state.sources()?,
            languages,
            without_rules,
            rules: rules.digests().to_vec(),
            made_with_other_rules,
            not_indexed,
            disk: self.disk(),
            at_work: lock::is_held(&self.dir),
            last_run: state.last_run()?,
        })
    }

    fn disk(&self) -> Disk {
        let part = |name: &str| size(&self.dir.join(name));
        Disk {
            captures: part(captures::FOLDER),
            records: part(segments::FOLDER),
            index: part(INDEX),
            state: part(FILE),
        }
    }
}

/// Bytes of a file or of all files below a folder; files of the index may vanish meanwhile, and count as nothing.
fn size(path: &Path) -> u64 {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => {
            let entries = fs::read_dir(path).into_iter().flatten().flatten();
            entries.map(|entry| size(&entry.path())).sum()
        }
        Ok(meta) => meta.len(),
        Err(_) => 0,
    }
}
