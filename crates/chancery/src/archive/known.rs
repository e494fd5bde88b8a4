//! Whether what comes in is in the archive already: the same bytes of the same release, of which nothing else is said.

use chancery_record::Capture;

use super::Writer;
use super::captures::Captures;
use super::state::Fingerprint;
use crate::Error;
use crate::input::{Basis, Incoming};

impl Writer {
    /// Whether this capture is there, under its own identity or under the one that it was given beside another release.
    pub(super) fn is_known(&self, incoming: &Incoming) -> Result<bool, Error> {
        let print = Fingerprint::of(incoming);
        let id = &incoming.capture.id;
        if let Some(page) = &incoming.page {
            return Ok(match self.registered.known(&page.record) {
                Some(place) if self.state.capture_at(&place)?.is_some() => true,
                _ => self.is_there(id, incoming, &print)?,
            });
        }
        if self.is_there(id, incoming, &print)? {
            return Ok(true);
        }
        match (incoming.basis, &incoming.capture.meta.source) {
            (Basis::Path, _) => self.is_there(&apart(id, &print), incoming, &print),
            (Basis::Given, Some(source)) => self.is_there(&of_source(id, source), incoming, &print),
            _ => Ok(false),
        }
    }

    /// Whether this version of a release is there: one of the same bytes, or of a page that a crawl saw, the newest by then.
    pub(super) fn is_there(&self, id: &str, incoming: &Incoming, print: &Fingerprint) -> Result<bool, Error> {
        if incoming.page.is_some() {
            let captured = incoming.capture.captured.as_deref().unwrap_or_default();
            return self.state.was_so(id, print, captured);
        }
        if self.state.knows(id, print)? {
            return Ok(true);
        }
        let same_bytes = self.state.of_bytes(id, &print.digest)?;
        if same_bytes.is_empty() {
            return Ok(false);
        }
        let files = Captures::new(&self.dir)?;
        // A capture that cannot be read proves nothing; `verify` tells of it.
        let mut kept = same_bytes.iter().filter_map(|place| files.read(place).ok());
        Ok(kept.any(|kept| says_no_more(&incoming.capture, &kept.capture)))
    }
}

/// Whether an input says nothing of these bytes that was not said when they were kept. What flags said then and leave out
/// now still holds: nobody takes a source back by not naming it.
fn says_no_more(said: &Capture, kept: &Capture) -> bool {
    let holds = |said: &Option<String>, kept: &Option<String>| said.is_none() || said == kept;
    let (new, old) = (&said.meta, &kept.meta);
    let by_flags = [
        (&new.source, &old.source),
        (&new.country, &old.country),
        (&new.issuer, &old.issuer),
        (&new.lang, &old.lang),
        (&new.kind, &old.kind),
    ];
    said.media == kept.media
        && (&said.charset, &said.captured) == (&kept.charset, &kept.captured)
        && (&new.id, &new.url, &new.title, &new.date) == (&old.id, &old.url, &old.title, &old.date)
        && by_flags.iter().all(|(said, kept)| holds(said, kept))
}

/// The identity of a release whose path is that of another.
pub(super) fn apart(id: &str, print: &Fingerprint) -> String {
    let digest = print.digest.trim_start_matches("sha256:");
    format!("{id}~{}", digest.chars().take(8).collect::<String>())
}

/// The identity of a release whose id another source gave first: its later versions are told by the same name.
pub(super) fn of_source(id: &str, source: &str) -> String {
    format!("{id}~{source}")
}
