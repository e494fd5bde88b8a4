//! What stands over a fact, by what its release has: the facts of a release lie behind it, one after the other, so that a list of
//! releases is a list of their facts too and need not be kept twice.

use std::sync::Arc;

use tantivy::{DocId, SegmentReader, TERMINATED};

use crate::blocks::Blocks;
use crate::bm25f::Part;
use crate::holders::Holders;
use crate::whereabouts::Whereabouts;

/// So many facts a release has, about.
pub(crate) const FACTS: u32 = 12;

/// Which documents of a segment are releases.
#[derive(Clone)]
pub(crate) struct Releases {
    bits: Arc<[u64]>,
    /// Documents of the segment.
    all: DocId,
}

impl Releases {
    pub(crate) fn of(releases: &Holders, reader: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self { bits: releases.of(reader)?, all: reader.max_doc() })
    }

    /// Documents of the segment.
    pub(crate) const fn all(&self) -> DocId {
        self.all
    }

    /// The release that `doc` is of, or is itself.
    pub(crate) fn over(&self, doc: DocId) -> DocId {
        let (mut word, mut kept) = (doc as usize / 64, u64::MAX >> (63 - doc % 64));
        loop {
            let bits = self.bits.get(word).map_or(0, |bits| bits & kept);
            if bits != 0 {
                return word as DocId * 64 + 63 - bits.leading_zeros();
            }
            // The first document is a release.
            let Some(before) = word.checked_sub(1) else { return 0 };
            (word, kept) = (before, u64::MAX);
        }
    }

    /// The first document behind the facts of `release`.
    pub(crate) fn end(&self, release: DocId) -> DocId {
        let next = release.saturating_add(1);
        let (mut word, mut kept) = (next as usize / 64, u64::MAX << (next % 64));
        while let Some(bits) = self.bits.get(word) {
            if bits & kept != 0 {
                return word as DocId * 64 + (bits & kept).trailing_zeros();
            }
            (word, kept) = (word + 1, u64::MAX);
        }
        self.all
    }
}

/// The facts of the releases that have a term.
pub(crate) struct Over {
    /// Stands at the release of `doc`.
    postings: Blocks,
    releases: Releases,
    doc: DocId,
    /// The first document behind the facts of that release.
    end: DocId,
}

impl Over {
    pub(crate) fn new(postings: Blocks, releases: Releases) -> Self {
        let mut over = Self { postings, releases, doc: 0, end: 0 };
        over.settle(0);
        over
    }

    /// Stands at the first fact from `target` on, of the release where the postings stand or of a later one.
    fn settle(&mut self, target: DocId) {
        loop {
            let release = self.postings.doc();
            if release == TERMINATED {
                (self.doc, self.end) = (TERMINATED, TERMINATED);
                return;
            }
            let (first, end) = (target.max(release + 1), self.releases.end(release));
            if first < end {
                (self.doc, self.end) = (first, end);
                return;
            }
            self.postings.seek(release + 1);
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            if self.end <= target && target < self.releases.all {
                self.postings.seek(self.releases.over(target));
            }
            if target < self.releases.all {
                self.settle(target);
            } else {
                (self.doc, self.end) = (TERMINATED, TERMINATED);
            }
        }
        self.doc
    }

    fn each(&mut self, end: DocId, mut visit: impl FnMut(DocId, u32, DocId)) {
        while self.doc < end && self.doc != TERMINATED {
            let (release, times, stop) = (self.postings.doc(), self.postings.times(), self.end.min(end));
            (self.doc..stop).for_each(|doc| visit(doc, times, release));
            if stop < self.end {
                self.doc = stop;
            } else {
                self.postings.seek(release + 1);
                self.settle(stop);
            }
        }
    }
}

/// A list of documents that have a term, or that lie under one that has it.
pub(crate) enum List {
    Own(Blocks),
    Over(Over),
}

impl List {
    /// Where `part` has its term; `None` where the segment has it nowhere.
    pub(crate) fn of(part: &Part, at: &Whereabouts, reader: &SegmentReader) -> tantivy::Result<Option<Self>> {
        let Some(postings) = at.blocks(&part.term, reader)? else { return Ok(None) };
        Ok(Some(match &part.over {
            Some(releases) => Self::Over(Over::new(postings, Releases::of(releases, reader)?)),
            None => Self::Own(postings),
        }))
    }

    /// How many there are, about.
    pub(crate) fn count(&self) -> u32 {
        match self {
            Self::Own(postings) => postings.count(),
            Self::Over(over) => over.postings.count().saturating_mul(FACTS),
        }
    }

    pub(crate) fn seek(&mut self, target: DocId) -> DocId {
        match self {
            Self::Own(postings) => postings.seek(target),
            Self::Over(over) => over.seek(target),
        }
    }

    /// How often the term stands in or over `doc`, which none asked for before lies behind, and in which document.
    pub(crate) fn in_doc(&mut self, doc: DocId) -> (u32, DocId) {
        match self {
            Self::Own(postings) => (postings.in_doc(doc), doc),
            Self::Over(over) => {
                let is_there = over.seek(doc) == doc;
                if is_there { (over.postings.times(), over.postings.doc()) } else { (0, doc) }
            }
        }
    }

    /// Goes through them before `end`: the document, how often the term stands in or over it, and in which document.
    pub(crate) fn each(&mut self, end: DocId, mut visit: impl FnMut(DocId, u32, DocId)) {
        match self {
            Self::Own(postings) => postings.each(end, |doc, times| visit(doc, times, doc)),
            Self::Over(over) => over.each(end, visit),
        }
    }
}
