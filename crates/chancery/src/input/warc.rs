//! WARC and WACZ files: the pages among their records. What is no page of a release is left out with its reason.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use chancery_capture::{Role, Tag};
use chancery_record::{Capture, Media, Meta, WarcPlace};
use chancery_warc::http::{Head, entity};
use chancery_warc::{
    Digests, Limits, Member, Part, RecordKind, Scan, ScanOptions, Scanned, WarcError, WarcRecord, content,
    members, scan_at, unpack_member,
};

use super::{Flow, MAX_PAGE, Place, Run, Skip, SkipReason};

/// How much a page may unpack to.
const LIMITS: Limits = Limits { bytes: MAX_PAGE, ratio: 1000 };
/// Bodies are held up to this, in bytes: a page as it was sent is hardly larger than its content.
const OPTIONS: ScanOptions = ScanOptions { hold: MAX_PAGE + (1 << 20), digests: Digests::Check };

/// Of a record that is only taken note of, so much is held, in bytes: the head of its answer.
const HEAD: u64 = 64 << 10;

/// A record of a WARC file that the user has.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InWarc {
    /// The WARC or WACZ file.
    pub path: PathBuf,
    /// The name of the WARC file in the WACZ.
    pub member: Option<String>,
    /// Where the record begins, in bytes of the WARC file.
    pub offset: u64,
}

impl InWarc {
    /// The place without the folders of the machine.
    pub(crate) fn place(&self) -> WarcPlace {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let file = self.member.as_ref().map_or_else(|| name.to_string(), |member| format!("{name}/{member}"));
        WarcPlace { file, offset: self.offset }
    }
}

/// A page that lies in a WARC file and can be read again from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its record.
    pub record: InWarc,
    /// The record that holds its content, where that is an earlier one: it was found unchanged.
    pub payload: Option<InWarc>,
    /// `WARC-Record-ID`.
    pub record_id: String,
    /// The record itself, where it cannot be read again by itself: the file packs several as one.
    pub whole: Option<Box<WarcRecord>>,
}

/// What pages were met in a run, to find those that later records refer to.
#[derive(Default)]
pub(super) struct Met {
    by_id: HashMap<String, (InWarc, String)>,
    by_payload: HashMap<String, (InWarc, String)>,
    /// Files up to so many bytes that the run has not gone through: those to come, and what an earlier run did of one.
    /// Looked through when a record refers to one that was not met: who crawls with several hands writes several files at once,
    /// each with records that refer to another's.
    unread: Vec<(InWarc, u64)>,
}

impl Met {
    fn add(&mut self, record: &WarcRecord, at: &InWarc) {
        let met = (at.clone(), record.target_uri().unwrap_or_default().to_owned());
        if let Some(digest) = record.payload_digest() {
            self.by_payload.entry(digest.to_owned()).or_insert_with(|| met.clone());
        }
        self.by_id.insert(record.record_id().unwrap_or_default().to_owned(), met);
    }

    /// A WARC file that the run will come to.
    pub(super) fn expect(&mut self, file: InWarc) {
        self.unread.push((file, u64::MAX));
    }

    /// The run goes through a file from `start` on.
    fn begin(&mut self, file: &InWarc, start: u64) {
        self.unread.retain(|(unread, _)| unread != file);
        if start > 0 {
            // The latest is looked through first.
            self.unread.insert(0, (file.clone(), start));
        }
    }

    /// The record that a revisit refers to, and its address.
    fn original(&mut self, revisit: &WarcRecord) -> Option<(InWarc, String)> {
        loop {
            let found = self.find(revisit);
            if found.is_some() || self.unread.is_empty() {
                return found;
            }
            let (file, end) = self.unread.remove(0);
            self.look_through(&file, end);
        }
    }

    /// Takes note of the pages in the first `end` bytes of a file.
    fn look_through(&mut self, file: &InWarc, end: u64) {
        let options = ScanOptions { hold: HEAD, digests: Digests::Ignore };
        let Some(scan) = open(file).ok().and_then(|file| Scan::new(file, 0, options).ok()) else { return };
        for scanned in scan.flatten().take_while(|scanned| scanned.offset < end) {
            let is_answer = matches!(scanned.record.kind, RecordKind::Response | RecordKind::Resource);
            if is_answer && scanned.alone && media_of(&scanned.record).is_ok() {
                self.add(&scanned.record, &InWarc { offset: scanned.offset, ..file.clone() });
            }
        }
    }

    fn find(&self, revisit: &WarcRecord) -> Option<(InWarc, String)> {
        let by_id = revisit.header("WARC-Refers-To").and_then(|id| self.by_id.get(id));
        let by_payload = || revisit.payload_digest().and_then(|digest| self.by_payload.get(digest));
        by_id.or_else(by_payload).cloned()
    }
}

/// Goes through the WARC file or WACZ at `path`.
pub(super) fn each(run: &mut Run<'_>, path: &Path, shown: &str, is_wacz: bool) -> Flow {
    let file = match File::open(path).and_then(Part::whole) {
        Ok(file) => file,
        Err(cause) => return run.error(Place::of(shown), SkipReason::Unreadable(cause.to_string())),
    };
    if !is_wacz {
        let file = match run.until.get(path) {
            Some(until) => file.until(*until),
            None => file,
        };
        let from = InWarc { path: path.to_owned(), member: None, offset: 0 };
        return one_file(run, file, &from, shown, Reach::InPlace);
    }
    let found = match members(file) {
        Ok(found) => found,
        Err(cause @ WarcError::Io { .. }) => return run.error(Place::of(shown), reason(cause)),
        Err(_) => {
            let why = "it is no ZIP archive, as a WACZ is, or its end is missing";
            return run.error(Place::of(shown), SkipReason::Damaged(why.into()));
        }
    };
    if found.is_empty() {
        return run.error(Place::of(shown), SkipReason::Damaged("there is no WARC file in it".into()));
    }
    let in_wacz =
        |member: &Member| InWarc { path: path.to_owned(), member: Some(member.name.clone()), offset: 0 };
    found.iter().filter(|member| member.stored).for_each(|member| run.met.expect(in_wacz(member)));
    for member in found {
        let shown = format!("{shown}, {}", member.name);
        let from = in_wacz(&member);
        if !member.stored {
            match unpacked(&from) {
                Ok(part) => one_file(run, part, &from, &shown, Reach::OnlyNow)?,
                Err(why) => run.error(Place::of(shown), why)?,
            }
            continue;
        }
        match File::open(path).map(|file| Part::new(file, member.start, member.length)) {
            Ok(part) => one_file(run, part, &from, &shown, Reach::InPlace)?,
            Err(cause) => run.error(Place::of(shown), SkipReason::Unreadable(cause.to_string()))?,
        }
    }
    Flow::Continue(())
}

/// Whether the records of a file can be read again where they lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    InPlace,
    /// The file is packed once more, as a whole: its pages are to be copied.
    OnlyNow,
}

/// What the member of a WACZ unpacks to, in a file without a name, which is gone when it is closed.
fn unpacked(at: &InWarc) -> Result<Part<File>, SkipReason> {
    let unreadable = |cause: std::io::Error| SkipReason::Unreadable(cause.to_string());
    let name = at.member.as_deref().unwrap_or_default();
    let file = File::open(&at.path).map_err(unreadable)?;
    let mut out = tempfile::tempfile().map_err(unreadable)?;
    unpack_member(BufReader::new(file), name, &mut out).map_err(reason)?;
    Part::whole(out).map_err(unreadable)
}

/// The reason that an error of a WARC file is to a user.
pub(crate) fn reason(error: WarcError) -> SkipReason {
    match error {
        WarcError::Io { cause, .. } => SkipReason::Unreadable(cause.to_string()),
        other => {
            let words = other.to_string();
            let bare = words.split_once(": ").filter(|(place, _)| place.starts_with("at byte "));
            SkipReason::Damaged(bare.map_or(words.clone(), |(_, bare)| bare.to_owned()))
        }
    }
}

fn one_file(run: &mut Run<'_>, file: Part<File>, from: &InWarc, shown: &str, reach: Reach) -> Flow {
    let length = file.length();
    let start = if reach == Reach::InPlace { (run.resume)(from).min(length) } else { 0 };
    run.met.begin(from, start);
    run.bytes.fetch_add(start, Ordering::Relaxed);
    let mut counted = start;
    let scan = match Scan::new(file, start, OPTIONS) {
        Ok(scan) => scan,
        Err(cause) => return run.error(Place::of(shown), reason(cause)),
    };
    let mut is_empty = start == 0;
    for scanned in scan {
        is_empty = false;
        let place = |offset| Place { offset: Some(offset), ..Place::of(shown) };
        match scanned {
            Err(error) => run.error(place(error.offset().unwrap_or_default()), reason(error))?,
            Ok(mut scanned) => {
                scanned.alone &= reach == Reach::InPlace;
                let end = scanned.end.max(counted);
                run.bytes.fetch_add(end - counted, Ordering::Relaxed);
                counted = end;
                let at = InWarc { offset: scanned.offset, ..from.clone() };
                let place = place(scanned.offset);
                match page(run, &scanned, at) {
                    Ok((capture, page)) => run.page_of_warc(capture, place, page)?,
                    Err(left) => run.skip(Skip { place, reason: left.reason, is_error: left.is_error })?,
                }
            }
        }
    }
    run.bytes.fetch_add(length.saturating_sub(counted), Ordering::Relaxed);
    if is_empty {
        return run.error(Place::of(shown), SkipReason::Empty);
    }
    if reach == Reach::InPlace {
        run.ends.push((from.clone(), length));
    }
    ControlFlow::Continue(())
}

/// Why a record gives no capture.
struct Left {
    reason: SkipReason,
    is_error: bool,
}

impl Left {
    /// Nothing is wrong with it; it is no page of a release.
    const fn out(reason: SkipReason) -> Self {
        Self { reason, is_error: false }
    }

    const fn wrong(reason: SkipReason) -> Self {
        Self { reason, is_error: true }
    }
}

/// The page that a record holds.
fn page(run: &mut Run<'_>, scanned: &Scanned, at: InWarc) -> Result<(Capture, Page), Left> {
    let record = &scanned.record;
    let url = record.target_uri().unwrap_or_default().to_owned();
    let is_page = matches!(record.kind, RecordKind::Response | RecordKind::Resource | RecordKind::Revisit);
    if !is_page || !(url.starts_with("http://") || url.starts_with("https://")) {
        return Err(Left::out(SkipReason::NoPage));
    }
    if run.is_no_release(&url) {
        return Err(Left::out(SkipReason::NotOfSource));
    }
    if is_part(record) || is_robots(&url) {
        return Err(Left::out(SkipReason::NoRelease));
    }
    // A crawl of ours says what it fetched a page for.
    if Tag::of(record).is_some_and(|tag| tag.role != Role::Release) {
        return Err(Left::out(SkipReason::NoRelease));
    }
    if Tag::of(record).is_some_and(|tag| tag.front) {
        return Err(Left::out(SkipReason::Front));
    }
    if record.kind == RecordKind::Revisit {
        return revisit(run, record, &url, at);
    }
    let media = media_of(record)?;
    if let Some(digest) = scanned.flaws.iter().find(|flaw| matches!(flaw, WarcError::Digest { .. })) {
        return Err(Left::wrong(SkipReason::Damaged(digest.to_string())));
    }
    if !scanned.is_held() {
        return Err(Left::wrong(SkipReason::TooLarge));
    }
    if record.header("WARC-Truncated").is_some() || scanned.flaws.iter().any(is_cut) {
        return Err(Left::wrong(SkipReason::Truncated));
    }
    let record_id = record.record_id().unwrap_or_default().to_owned();
    let capture = capture_of(record, media)?;
    let whole = (!scanned.alone).then(|| Box::new(record.clone()));
    if whole.is_none() {
        run.met.add(record, &at);
    }
    Ok((capture, Page { record: at, payload: None, record_id, whole }))
}

fn is_cut(flaw: &WarcError) -> bool {
    matches!(flaw, WarcError::BodyEnds { .. } | WarcError::NoEndMark { .. })
}

/// Whether a page loaded it as a part of itself: crawlers that drive a browser write down as what it was asked for.
fn is_part(record: &WarcRecord) -> bool {
    let is_page = |kind: &str| ["document", "other"].iter().any(|page| kind.eq_ignore_ascii_case(page));
    record.header("WARC-Resource-Type").is_some_and(|kind| !is_page(kind.trim()))
}

/// Whether it tells crawlers what they may do (RFC 9309, 2.3).
fn is_robots(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| url.path() == "/robots.txt")
}

/// What kind of page a response or resource is, or why it is none.
fn media_of(record: &WarcRecord) -> Result<Media, Left> {
    let media = if record.is_http() {
        let head = Head::of(&record.body);
        if head.status != 200 {
            return Err(Left::out(SkipReason::Status(head.status)));
        }
        // A server that does not say what it sends sends a page, where it begins as one: so browsers have it.
        let looks_html =
            || entity(&record.body).trim_ascii_start().starts_with(b"<").then(|| "text/html".to_owned());
        head.media_type().or_else(looks_html)
    } else if record.kind == RecordKind::Response {
        return Err(Left::out(SkipReason::NoPage));
    } else {
        record
            .content_type()
            .and_then(|media| media.split(';').next())
            .map(|media| media.trim().to_ascii_lowercase())
    };
    match media.as_deref() {
        Some("text/html" | "application/xhtml+xml") => Ok(Media::Html),
        Some("text/plain") => Ok(Media::Text),
        Some("application/pdf" | "application/x-pdf") => Ok(Media::Pdf),
        Some(other) => Err(Left::out(SkipReason::OtherMedia(other.chars().take(80).collect()))),
        None => Err(Left::out(SkipReason::OtherMedia("no type at all".into()))),
    }
}

/// What the archive keeps of a page's record.
fn capture_of(record: &WarcRecord, media: Media) -> Result<Capture, Left> {
    let (bytes, charset) = payload(record).map_err(Left::wrong)?;
    let url = record.target_uri().map(str::to_owned);
    let meta = Meta { url, source: Tag::of(record).map(|tag| tag.source), ..Meta::default() };
    let captured = record.date().map(str::to_owned);
    Ok(Capture { meta, media, bytes, charset, captured, ..Capture::default() })
}

/// The content of a response or resource, without codings, and the charset that it names.
pub(crate) fn payload(record: &WarcRecord) -> Result<(Vec<u8>, Option<String>), SkipReason> {
    if record.is_http() {
        let bytes = content(&record.body, &LIMITS).map_err(|cause| SkipReason::Packed(cause.to_string()))?;
        return Ok((bytes.into_owned(), Head::of(&record.body).charset()));
    }
    let head = format!("HTTP/1.1 200\r\nContent-Type: {}\r\n\r\n", record.content_type().unwrap_or_default());
    Ok((record.body.clone(), Head::of(head.as_bytes()).charset()))
}

/// A page that was found unchanged: at its own address it is what an earlier record says; at another it is a page
/// with the content of that record.
fn revisit(run: &mut Run<'_>, record: &WarcRecord, url: &str, at: InWarc) -> Result<(Capture, Page), Left> {
    let same_address = |original: &str| original.trim_matches(['<', '>']) == url;
    if record.header("WARC-Refers-To-Target-URI").is_some_and(same_address) {
        return Err(Left::out(SkipReason::Unchanged));
    }
    let Some((original, its_url)) = run.met.original(record) else {
        return Err(Left::out(SkipReason::NoOriginal));
    };
    if its_url == url {
        return Err(Left::out(SkipReason::Unchanged));
    }
    let found = read(&original).map_err(Left::wrong)?;
    let media = media_of(&found.record)?;
    let mut capture = capture_of(&found.record, media)?;
    capture.meta.url = Some(url.to_owned());
    capture.captured = record.date().map(str::to_owned);
    let record_id = record.record_id().unwrap_or_default().to_owned();
    Ok((capture, Page { record: at, payload: Some(original), record_id, whole: None }))
}

/// The record at a place.
pub(crate) fn read(at: &InWarc) -> Result<Scanned, SkipReason> {
    scan_at(open(at)?, at.offset, OPTIONS).map_err(reason)
}

/// The WARC file of a place, by itself or within a WACZ.
pub(crate) fn open(at: &InWarc) -> Result<Part<File>, SkipReason> {
    let unreadable = |cause: std::io::Error| SkipReason::Unreadable(cause.to_string());
    let file = File::open(&at.path).map_err(unreadable)?;
    let Some(name) = &at.member else { return Part::whole(file).map_err(unreadable) };
    let found = members(&file).map_err(reason)?.into_iter().find(|member| member.name == *name);
    let member = found.ok_or_else(|| SkipReason::Damaged(format!("there is no {name} in it any more")))?;
    Ok(Part::new(file, member.start, member.length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{Input, Inputs, Item};
    use crate::sources::Sources;

    const PAGE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>The pier is open.";

    /// An answer of this address, or a note that it was the page of `of` once more.
    fn record(kind: &str, url: &str, of: Option<&str>) -> String {
        let told = of.map(|of| format!("WARC-Refers-To-Target-URI: {of}\r\n")).unwrap_or_default();
        let block = if of.is_some() { "HTTP/1.1 200 OK\r\n\r\n" } else { PAGE };
        format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:x:{url}>\r\nWARC-Date: 2024-03-04T09:00:00Z\r\n\
             WARC-Target-URI: {url}\r\nWARC-Payload-Digest: sha1:V55BFBPIK3GBOKSXIKFIOJPBIC25GWSQ\r\n{told}\
             Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
    }

    #[test]
    fn what_a_record_refers_to_is_found_in_any_file_that_was_given() {
        let dir = tempfile::tempdir().unwrap();
        let (page, again) = ("https://tides.example/pier", "https://tides.example/en/pier");
        let file = |name: &str, record: String| {
            let path = dir.path().join(name);
            std::fs::write(&path, record).unwrap();
            path
        };
        let first = file("a.warc", record("response", page, None));
        let second = file("b.warc", record("revisit", again, Some(page)));
        let urls = |inputs: Vec<&PathBuf>, done: Option<PathBuf>| {
            let inputs = inputs.into_iter().cloned().map(Input::from).collect();
            let inputs = Inputs::new(inputs, Meta::default(), &Sources::load(None).unwrap());
            let resume = move |at: &InWarc| if Some(&at.path) == done.as_ref() { u64::MAX } else { 0 };
            let mut urls = Vec::new();
            inputs.resumed(Box::new(resume)).each(|item| {
                match item {
                    Item::Capture(incoming) => urls.extend(incoming.capture.meta.url),
                    Item::Skip(skip) => urls.push(skip.reason.to_string()),
                }
                ControlFlow::Continue(())
            });
            urls
        };
        assert_eq!(urls(vec![&first, &second], None), [page, again]);
        assert_eq!(
            urls(vec![&first, &second], Some(first.clone())),
            [again],
            "the first was done by an earlier run"
        );
        assert_eq!(
            urls(vec![&second, &first], None),
            [again, page],
            "who writes several files writes in no order"
        );
        assert_eq!(urls(vec![&dir.path().to_owned()], Some(first.clone())), [again]);
    }
}
