//! What WARC files hold that the frontier does not know: after a crash the last pages, after the loss of the frontier
//! all of them. A torn end is left to the writer, who cuts it off.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use chancery_warc::http::{Head, entity_digest};
use chancery_warc::{ENDING, Reader, RecordKind, WarcError, WarcRecord};
use jiff::Timestamp;
use url::Url;

use crate::CaptureError;
use crate::crawl::PREFIX;
use crate::discover::normalize;
use crate::event::Event;
use crate::frontier::{Fetched, First, New, Role};
use crate::keep::Tag;
use crate::ledger::{FRONT, Follow, Ledger};
use crate::look::{Answer, Found, look};

impl Ledger<'_> {
    /// Takes in what the frontier does not know of the files in `folder`.
    pub(crate) fn replay(&mut self, folder: &Path, token: &str) -> Result<(), CaptureError> {
        for name in files(folder)? {
            let path = folder.join(&name);
            let from = self.frontier.taken(&name)?;
            let length = std::fs::metadata(&path).map_err(|cause| CaptureError::io(&path, cause))?.len();
            if length < from {
                let text = format!(
                    "{}: shorter than it was; what is missing is fetched again where it is still there",
                    path.display()
                );
                self.tell(&Event::Note { text });
            }
            if length <= from {
                continue;
            }
            self.frontier.begin()?;
            let end = self.replay_file(&path, from, token)?;
            self.frontier.take(&name, end)?;
            self.frontier.commit()?;
        }
        Ok(())
    }

    /// Returns where the last whole record ends.
    fn replay_file(&mut self, path: &Path, from: u64, token: &str) -> Result<u64, CaptureError> {
        let file = File::open(path).map_err(|cause| CaptureError::io(path, cause))?;
        let fault = |cause| CaptureError::Warc(chancery_warc::RollError { path: path.to_owned(), cause });
        let mut last = from;
        for record in Reader::from_offset(BufReader::new(file), from).map_err(fault)? {
            match record {
                Ok((offset, record)) => {
                    last = offset;
                    self.replay_record(&record, token)?;
                }
                Err(cause @ WarcError::Io { .. }) => return Err(fault(cause)),
                // Torn, or damaged: what stands behind it is still read.
                Err(_) => {}
            }
        }
        let file = File::open(path).map_err(|cause| CaptureError::io(path, cause))?;
        Reader::from_offset(BufReader::new(file), last).and_then(Reader::scan_end).map_err(fault)
    }

    fn replay_record(&mut self, record: &WarcRecord, token: &str) -> Result<(), CaptureError> {
        let is_whole = record.kind == RecordKind::Response;
        let (Some(tag), true) = (Tag::of(record), is_whole || record.kind == RecordKind::Revisit) else {
            return Ok(());
        };
        let url = record.target_uri().and_then(|uri| Url::parse(uri).ok());
        let at: Option<Timestamp> = record.date().and_then(|date| date.parse().ok());
        let (Some(url), Some(at)) = (url, at) else { return Ok(()) };
        if tag.role == Role::Robots {
            return Ok(());
        }
        let page = match self.frontier.of_url(&url)? {
            Some(page) => page,
            None => {
                let new = New {
                    url: &url,
                    source: &tag.source,
                    role: tag.role,
                    depth: tag.depth,
                    redirects: tag.redirects,
                    step: tag.step,
                    empties: tag.empties,
                    via: None,
                    reason: None,
                };
                self.frontier.add(&new)?;
                let Some(page) = self.frontier.of_url(&url)? else { return Ok(()) };
                page
            }
        };
        let head = Head::of(&record.body);
        let digest =
            if is_whole { entity_digest(&record.body) } else { page.digest.clone().unwrap_or_default() };
        if is_whole && head.status == 200 {
            self.frontier.kept(
                &digest,
                &First {
                    record: record.record_id().unwrap_or_default().to_owned(),
                    uri: url.to_string(),
                    date: record.date().unwrap_or_default().to_owned(),
                    block: record.payload_digest().unwrap_or_default().to_owned(),
                },
            )?;
        }
        // What leads to other pages and came without its body is fetched again: its links may not have been noted.
        if !is_whole && !matches!(page.role, Role::Release | Role::Document | Role::Requisite) {
            return Ok(());
        }
        self.report.recovered += 1;
        if tag.front {
            let (etag, modified) = (page.etag.clone(), page.modified.clone());
            let (status, at) = (head.status, at.as_second());
            return self.missing(&page, Fetched { status, at, etag, modified, ..Fetched::default() }, FRONT);
        }
        let answer = Answer { message: &record.body, head, digest, at };
        let Some(plan) = self.plan(&page.source) else {
            // Of a source that is not crawled now: its links are found when it is.
            return self.settle(&page, &answer, Found::Nothing, Follow::Nothing);
        };
        let (found, robots) = look(&page, &answer, plan, &self.job.addresses, &self.limits, token);
        let follow = is_whole && normalize(&url, &self.job.addresses).is_some() && !robots.nofollow;
        self.settle(&page, &answer, found, if follow { Follow::All } else { Follow::Nothing })
    }
}

/// Whether a file of this name is one that crawls write.
#[must_use]
pub fn is_crawl_file(name: &str) -> bool {
    name.strip_prefix(PREFIX).is_some_and(|rest| rest.starts_with('-') && rest.ends_with(ENDING))
}

/// The names of the files that crawls write, in the order in which they were written.
fn files(folder: &Path) -> Result<Vec<String>, CaptureError> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|cause| CaptureError::io(folder, cause))? {
        let name = entry.map_err(|cause| CaptureError::io(folder, cause))?.file_name();
        let ours = name.to_str().filter(|name| is_crawl_file(name));
        names.extend(ours.map(str::to_owned));
    }
    names.sort_by_key(|name| {
        let serial =
            name.trim_end_matches(ENDING).rsplit('-').next().and_then(|serial| serial.parse::<u64>().ok());
        (serial, name.clone())
    });
    Ok(names)
}
