//! Captures out of an archive as a WACZ, which any player of web archives opens.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Cursor, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use chancery_warc::{
    About, Digests, PageLine, Part, RecordKind, Scan, ScanOptions, Scanned, WaczWriter, WarcRecord, Writer,
};
use jiff::Timestamp;
use tempfile::NamedTempFile;

use super::captures::{HEADER as SAID, is_note};
use super::holdings::{Holding, holdings};
use super::ingest::time;
use super::state::Listed;
use super::{Archive, Filter};
use crate::Error;
use crate::input::{Place, Skip, SkipCounts, SkipReason, open_warc, reason, short_digest};
use crate::pipeline::PROGRAM;
use crate::progress::{Phase, Progress, Step};

/// Records that must be packed anew are held up to this, in bytes.
const OPTIONS: ScanOptions = ScanOptions { hold: 256 << 20, digests: Digests::Ignore };

/// Where pages stand in a WACZ that have no address of their own, since no player shows what has none. No host can have this name
/// (RFC 6761), so that nobody takes it for where they were found.
pub const NOWHERE: &str = "http://pages.invalid/";

/// What is exported.
#[derive(Clone, Debug, Default)]
pub struct ExportOptions {
    /// Only captures of this source.
    pub source: Option<String>,
    /// The time that the WACZ names; `None` takes the clock's.
    pub now: Option<Timestamp>,
}

/// What [`Archive::export_wacz`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportReport {
    /// WARC files in the WACZ.
    pub files: u64,
    /// Records in them.
    pub records: u64,
    /// Pages in the list of pages: captures of which there is a record.
    pub pages: u64,
    /// Pages among them that have no address of their own, and were given one below [`NOWHERE`].
    pub nowhere: u64,
    /// Bytes of the WACZ.
    pub bytes: u64,
    /// Records that could not be read.
    pub skipped: SkipCounts,
}

/// What is taken from one WARC file.
enum Wanted {
    All,
    /// Records of these ids, and what belongs to them.
    Of(BTreeSet<String>),
}

/// A run of export.
struct Export<'e> {
    /// What is said of each capture of which there is a record, by its file and offset.
    pages: BTreeMap<(String, u64), Listed>,
    lines: Vec<PageLine>,
    /// The names that files have in the WACZ.
    names: BTreeSet<String>,
    /// Ids of records that visits refer to and that were not met yet.
    missing: BTreeSet<String>,
    report: ExportReport,
    progress: &'e dyn Progress,
    stop: &'e AtomicBool,
}

impl Archive {
    /// Writes the captures of the archive, those that lie in registered files too, as a WACZ 1.1.1 to `file`. It is there whole
    /// or not at all. Returns `None` where `stop` became true before its end: nothing is left then.
    ///
    /// # Errors
    /// Where `file` is there already, the archive has no captures of the source, or the disk refuses.
    pub fn export_wacz(
        &self,
        file: &Path,
        options: &ExportOptions,
        progress: &dyn Progress,
        stop: &AtomicBool,
    ) -> Result<Option<ExportReport>, Error> {
        if file.exists() {
            return Err(Error::IsThere { path: file.to_owned() });
        }
        let fault = |cause| Error::io(file, "write", cause);
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Dropped, it is gone: what was written of it is of no use.
        let new = temporary(folder).map_err(fault)?;
        let report = self.write_wacz(file, &new, options, progress, stop)?;
        if report.is_some() {
            new.persist_noclobber(file).map_err(|cause| fault(cause.error))?;
        }
        Ok(report)
    }

    fn write_wacz(
        &self,
        path: &Path,
        new: &NamedTempFile,
        options: &ExportOptions,
        progress: &dyn Progress,
        stop: &AtomicBool,
    ) -> Result<Option<ExportReport>, Error> {
        let source = options.source.as_deref();
        let pages: BTreeMap<_, _> = self
            .state
            .pages_of(source)?
            .into_iter()
            .map(|(place, listed)| ((place.file, place.offset), listed))
            .collect();
        if let Some(source) = source.filter(|_| pages.is_empty()) {
            self.understood(&Filter { source: Some(source.to_owned()), ..Filter::default() })?;
            return Err(Error::NoCaptures { source_id: source.to_owned() });
        }
        let fault = |cause: std::io::Error| Error::io(path, "write", cause);
        let out = BufWriter::with_capacity(1 << 20, new.reopen().map_err(fault)?);
        let mut wacz = WaczWriter::new(out);
        let mut export = Export {
            pages,
            lines: Vec::new(),
            names: BTreeSet::new(),
            missing: BTreeSet::new(),
            report: ExportReport::default(),
            progress,
            stop,
        };
        let mut holdings = holdings(&self.dir)?;
        let mut wanted = Wanted::All;
        if source.is_some() {
            wanted = Wanted::Of(export.wanted(&holdings).map_err(|cause| told(path, cause))?);
            // What visits refer to may lie in files that have no page of the source.
            holdings.sort_by_key(|holding| !export.has_pages(holding));
        }
        for holding in holdings {
            if matches!(wanted, Wanted::Of(_)) && !export.has_pages(&holding) && export.missing.is_empty() {
                break;
            }
            if !export.file(&mut wacz, &holding, &wanted).map_err(|cause| told(path, cause))? {
                return Ok(None);
            }
        }
        let title = source
            .map_or_else(|| "Press releases".to_owned(), |source| format!("Press releases of {source}"));
        let about = About { title, created: time(options.now), software: PROGRAM.to_owned() };
        let out = wacz.finish(&export.lines, &about).map_err(|cause| Error::warc(path, cause))?;
        let out = out.into_inner().map_err(|cause| fault(cause.into_error()))?;
        out.sync_all().map_err(fault)?;
        export.report.pages = export.lines.len() as u64;
        export.report.bytes = out.metadata().map_err(fault)?.len();
        Ok(Some(export.report))
    }
}

/// What stopped the writing.
enum Stopped {
    Warc(chancery_warc::WarcError),
    Other(Error),
}

fn told(path: &Path, cause: Stopped) -> Error {
    match cause {
        Stopped::Warc(cause) => Error::warc(path, cause),
        Stopped::Other(error) => error,
    }
}

impl Export<'_> {
    /// Takes what is wanted of one WARC file; `false` where the run is to stop.
    fn file(
        &mut self,
        wacz: &mut WaczWriter<BufWriter<File>>,
        holding: &Holding,
        wanted: &Wanted,
    ) -> Result<bool, Stopped> {
        let mut raw = self.open(holding)?;
        let mut begun = false;
        // What a file says of itself is only wanted with something else of it.
        let mut heads = Vec::new();
        for scanned in self.scan(holding, OPTIONS)? {
            if self.stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let scanned = match scanned {
                Ok(scanned) => scanned,
                Err(error) => {
                    self.skip(holding, error.offset().unwrap_or_default(), reason(error));
                    continue;
                }
            };
            if !is_wanted(wanted, &scanned.record) {
                continue;
            }
            if !begun {
                if matches!(wanted, Wanted::Of(_)) && scanned.record.kind == RecordKind::Warcinfo {
                    heads.push(scanned);
                    continue;
                }
                let name = entry_name(&mut self.names, &holding.name);
                wacz.begin(&name).map_err(Stopped::Warc)?;
                self.report.files += 1;
                begun = true;
                for head in heads.drain(..) {
                    self.record(wacz, holding, &mut raw, &head)?;
                }
            }
            self.record(wacz, holding, &mut raw, &scanned)?;
        }
        Ok(true)
    }

    /// Ids of the records that hold pages of the source, and of those that belong to them.
    fn wanted(&mut self, holdings: &[Holding]) -> Result<BTreeSet<String>, Stopped> {
        let mut ids = BTreeSet::new();
        for holding in holdings {
            for scanned in self.scan(holding, ScanOptions { hold: 0, ..OPTIONS })?.flatten() {
                if self.pages.contains_key(&(holding.name.clone(), scanned.offset)) {
                    let belongs = ["WARC-Record-ID", "WARC-Concurrent-To", "WARC-Refers-To"];
                    ids.extend(
                        belongs.iter().filter_map(|name| scanned.record.header(name)).map(str::to_owned),
                    );
                    self.missing.extend(scanned.record.header("WARC-Refers-To").map(str::to_owned));
                }
            }
        }
        Ok(ids)
    }

    /// Whether a page of the source lies in a file.
    fn has_pages(&self, holding: &Holding) -> bool {
        let from = (holding.name.clone(), 0);
        self.pages.range(from..).next().is_some_and(|((file, _), _)| *file == holding.name)
    }

    fn record(
        &mut self,
        wacz: &mut WaczWriter<BufWriter<File>>,
        holding: &Holding,
        raw: &mut Part<File>,
        scanned: &Scanned,
    ) -> Result<(), Stopped> {
        let page = self.pages.get(&(holding.name.clone(), scanned.offset)).cloned();
        let addressed = page.as_ref().and_then(|page| addressed(&scanned.record, page));
        let record = addressed.as_ref().unwrap_or(&scanned.record);
        if addressed.is_none() && scanned.alone && holding.is_gzip {
            let read = |cause| Stopped::Other(Error::io(&holding.at.path, "read", cause));
            raw.seek(SeekFrom::Start(scanned.offset)).map_err(read)?;
            wacz.add(record, scanned.end - scanned.offset, raw).map_err(Stopped::Warc)?;
        } else if scanned.is_held() {
            let mut member = Writer::new(Cursor::new(Vec::new())).map_err(Stopped::Warc)?;
            member.append(record).map_err(Stopped::Warc)?;
            let member = member.into_inner().into_inner();
            wacz.add(record, member.len() as u64, member.as_slice()).map_err(Stopped::Warc)?;
        } else {
            self.skip(holding, scanned.offset, SkipReason::TooLarge);
            return Ok(());
        }
        self.report.records += 1;
        if let Some(id) = record.header("WARC-Record-ID") {
            self.missing.remove(id);
        }
        if let (Some(url), Some(page)) = (record.target_uri().filter(|url| is_web(url)), page) {
            let id = short_digest(format!("{}:{}", holding.name, scanned.offset).as_bytes());
            let ts = record.date().unwrap_or_default().to_owned();
            self.report.nowhere += u64::from(url.starts_with(NOWHERE));
            self.lines.push(PageLine { id, url: url.to_owned(), ts, title: page.headline });
        }
        let items = self.report.records;
        if items.is_multiple_of(256) {
            self.progress.step(Step { phase: Phase::Export, items, bytes: 0, total_bytes: None });
        }
        Ok(())
    }

    fn open(&self, holding: &Holding) -> Result<Part<File>, Stopped> {
        let fault = |why: SkipReason| {
            let at = &holding.at;
            Stopped::Other(Error::Registered { path: at.path.clone(), offset: 0, why: why.to_string() })
        };
        open_warc(&holding.at).map_err(fault)
    }

    fn scan(&self, holding: &Holding, options: ScanOptions) -> Result<Scan<Part<File>>, Stopped> {
        let fault = |cause| Stopped::Other(Error::warc(&holding.at.path, cause));
        Scan::new(self.open(holding)?, 0, options).map_err(fault)
    }

    fn skip(&mut self, holding: &Holding, offset: u64, reason: SkipReason) {
        let place = Place { offset: Some(offset), ..Place::of(holding.at.path.display().to_string()) };
        let skip = Skip::error(place, reason);
        self.report.skipped.add(&skip);
        self.progress.skip(&skip);
    }
}

/// A file without a name that others rely on; unlike what is only temporary, whoever may read new files here may read it.
fn temporary(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.permissions(std::fs::Permissions::from_mode(0o666));
    }
    file.tempfile_in(folder)
}

fn is_web(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}

/// The `resource` record of a page that was no capture of the web, under an address at which it can be replayed: that which the
/// page gives as its own, else one that is nobody's. `None` where the record has an address already.
fn addressed(record: &WarcRecord, page: &Listed) -> Option<WarcRecord> {
    let uri = record.target_uri().filter(|uri| record.kind == RecordKind::Resource && !is_web(uri))?;
    let path = || -> String { url::form_urlencoded::byte_serialize(page.release.as_bytes()).collect() };
    let own = page.url.clone().filter(|url| is_web(url));
    let address = own.unwrap_or_else(|| format!("{NOWHERE}{}", path().replace("%2F", "/")));
    let (date, media) = (record.date().unwrap_or_default(), record.content_type().unwrap_or_default());
    let mut addressed =
        WarcRecord::resource(&address, date, media, record.body.clone()).with("WARC-Source-URI", uri);
    if let Some(said) = record.header(SAID) {
        addressed = addressed.with(SAID, said);
    }
    Some(addressed)
}

fn is_wanted(wanted: &Wanted, record: &WarcRecord) -> bool {
    if is_note(record) {
        return false;
    }
    let names = |ids: &BTreeSet<String>, name| record.header(name).is_some_and(|id| ids.contains(id));
    match wanted {
        Wanted::All => true,
        Wanted::Of(_) if record.kind == RecordKind::Warcinfo => true,
        Wanted::Of(ids) => names(ids, "WARC-Record-ID") || names(ids, "WARC-Concurrent-To"),
    }
}

/// The name of a WARC file in the WACZ, in which all are packed by gzip: `a.warc` and `a.warc.gz` are two there too.
fn entry_name(names: &mut BTreeSet<String>, name: &str) -> String {
    let name = name.replace('/', "-");
    let stem = [".warc.gz", ".warc.zst", ".warc"].iter().find_map(|ending| name.strip_suffix(ending));
    let stem = stem.unwrap_or(&name);
    let mut entry = format!("{stem}.warc.gz");
    let mut number = 2;
    while !names.insert(entry.clone()) {
        entry = format!("{stem}-{number}.warc.gz");
        number += 1;
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_whose_names_differ_in_their_packing_stay_two() {
        let mut names = BTreeSet::new();
        let entries =
            ["a/x.warc", "a/x.warc.gz", "a/x-2.warc.gz", "b.zip"].map(|name| entry_name(&mut names, name));
        assert_eq!(entries, ["a-x.warc.gz", "a-x-2.warc.gz", "a-x-2-2.warc.gz", "b.zip.warc.gz"]);
    }
}
