//! A WACZ 1.1.1: WARC files, their index, the list of pages and what describes them, in one zip.

use std::io::{self, Read, Seek, Write};

use flate2::{Compression, GzBuilder};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::{IndexEntry, WarcError, WarcRecord, digest};

/// The version of the format.
pub const WACZ_VERSION: &str = "1.1.1";
/// The status of an answer that brings nothing to show. Its record is in the file but not in the index: players show what the
/// index has nearest, ReplayWeb.page this status itself, which a browser takes for no page. So they show the capture before,
/// which is what the server said.
const NOT_MODIFIED: &str = "304";
/// Lines of the index in one of its packed blocks.
const BLOCK: usize = 1024;

/// A page that a reader of the WACZ may begin at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageLine {
    /// Names it in the list.
    pub id: String,
    /// Its address.
    pub url: String,
    /// When it was captured, RFC 3339 in UTC.
    pub ts: String,
    /// Its headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// What `datapackage.json` says of the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// What it is called.
    pub title: String,
    /// When it was made, RFC 3339 in UTC.
    pub created: String,
    /// What made it.
    pub software: String,
}

#[derive(Serialize)]
struct Resource {
    name: String,
    path: String,
    hash: String,
    bytes: u64,
}

/// Writes a WACZ: first WARC files, one after the other, then all that is told of them.
pub struct WaczWriter<W: Write + Seek> {
    zip: ZipWriter<W>,
    lines: Vec<String>,
    resources: Vec<Resource>,
    open: Option<OpenFile>,
}

/// The WARC file at hand.
struct OpenFile {
    name: String,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write + Seek> WaczWriter<W> {
    /// An empty one.
    pub fn new(out: W) -> Self {
        Self { zip: ZipWriter::new(out), lines: Vec::new(), resources: Vec::new(), open: None }
    }

    /// Begins the WARC file `archive/name`, after the one at hand.
    ///
    /// # Errors
    /// [`WarcError::Io`] where the disk refuses.
    pub fn begin(&mut self, name: &str) -> Result<(), WarcError> {
        self.end();
        // What is packed already is stored as it is, so that a record can be reached within the zip.
        let options = options(CompressionMethod::Stored).large_file(true);
        self.zip.start_file(format!("archive/{name}"), options).map_err(fault)?;
        self.open = Some(OpenFile { name: name.to_owned(), hash: Sha256::new(), bytes: 0 });
        Ok(())
    }

    /// Adds a record to the file at hand: `member`, its `length` bytes packed by gzip as one member. `record` is what it
    /// holds, for the index; of its body the beginning will do. An answer `304 Not Modified` gets no line there.
    ///
    /// # Errors
    /// [`WarcError::Io`] where the disk refuses, `member` cannot be read, or no file was begun.
    pub fn add(&mut self, record: &WarcRecord, length: u64, member: impl Read) -> Result<(), WarcError> {
        let failed = |cause| WarcError::Io { offset: 0, cause };
        let open = self.open.as_mut().ok_or_else(|| failed(io::Error::other("no WARC file was begun")))?;
        let offset = open.bytes;
        let mut both = Hashing { out: &mut self.zip, open };
        let copied = io::copy(&mut member.take(length), &mut both).map_err(failed)?;
        if copied != length {
            return Err(failed(io::ErrorKind::UnexpectedEof.into()));
        }
        let entry = IndexEntry::of(record, &open.name, offset, length);
        if let Some(entry) = entry.filter(|entry| entry.status.as_deref() != Some(NOT_MODIFIED)) {
            self.lines.push(entry.line(record.date().unwrap_or_default()));
        }
        Ok(())
    }

    fn end(&mut self) {
        let Some(open) = self.open.take() else { return };
        let path = format!("archive/{}", open.name);
        self.list(path, open.bytes, &open.hash.finalize());
    }

    fn list(&mut self, path: String, bytes: u64, hash: &[u8]) {
        let hash = format!("sha256:{}", digest::hex(hash));
        // Names are in lower case and of letters, digits and a few marks alone (Frictionless Data Package).
        let name: String = path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
            .collect();
        let clash = self.resources.iter().any(|resource| resource.name == name);
        let name = if clash { format!("{}-{name}", self.resources.len()) } else { name };
        self.resources.push(Resource { name, path, hash, bytes });
    }

    fn file(&mut self, path: &str, method: CompressionMethod, bytes: &[u8]) -> Result<(), WarcError> {
        self.zip.start_file(path, options(method)).map_err(fault)?;
        self.zip.write_all(bytes).map_err(|cause| WarcError::Io { offset: 0, cause })
    }

    fn listed(&mut self, path: &str, method: CompressionMethod, bytes: &[u8]) -> Result<(), WarcError> {
        self.file(path, method, bytes)?;
        self.list(path.to_owned(), bytes.len() as u64, &Sha256::digest(bytes));
        Ok(())
    }

    /// Writes the index, the list of `pages` and what describes the whole, and gives back what was written to.
    ///
    /// # Errors
    /// [`WarcError::Io`] where the disk refuses.
    ///
    /// # Panics
    /// Never: what is written as JSON is only strings and numbers.
    pub fn finish(mut self, pages: &[PageLine], about: &About) -> Result<W, WarcError> {
        self.end();
        let (index, blocks) = self.index()?;
        self.listed("indexes/index.cdx.gz", CompressionMethod::Stored, &blocks)?;
        self.listed("indexes/index.idx", CompressionMethod::Deflated, index.as_bytes())?;
        let mut list = "{\"format\":\"json-pages-1.0\",\"id\":\"pages\",\"title\":\"Releases\"}\n".to_owned();
        for page in pages {
            list += &serde_json::to_string(page).expect("a page is only strings");
            list.push('\n');
        }
        self.listed("pages/pages.jsonl", CompressionMethod::Deflated, list.as_bytes())?;
        let package = serde_json::json!({
            "profile": "data-package",
            "wacz_version": WACZ_VERSION,
            "title": about.title,
            "created": about.created,
            "software": about.software,
            "resources": self.resources,
        });
        let package = serde_json::to_string_pretty(&package).expect("a description is only strings");
        self.file("datapackage.json", CompressionMethod::Deflated, package.as_bytes())?;
        let hash = digest::sha256(package.as_bytes());
        let digest = serde_json::json!({ "path": "datapackage.json", "hash": hash }).to_string();
        self.file("datapackage-digest.json", CompressionMethod::Deflated, digest.as_bytes())?;
        self.zip.finish().map_err(fault)
    }

    /// The lines of the index in packed blocks, and the list of the blocks.
    fn index(&mut self) -> Result<(String, Vec<u8>), WarcError> {
        self.lines.sort_unstable();
        let meta = "!meta 0 {\"format\":\"cdxj-gzip-1.0\",\"filename\":\"index.cdx.gz\"}\n";
        let (mut index, mut blocks) = (meta.to_owned(), Vec::new());
        for block in self.lines.chunks(BLOCK) {
            let offset = blocks.len();
            let mut packed = GzBuilder::new().write(&mut blocks, Compression::default());
            let written = block.iter().try_for_each(|line| packed.write_all(line.as_bytes()));
            written
                .and_then(|()| packed.finish().map(drop))
                .map_err(|cause| WarcError::Io { offset: 0, cause })?;
            let prefix =
                block.first().and_then(|line| line.split_once(" {")).map_or("", |(prefix, _)| prefix);
            let bytes = blocks.get(offset..).unwrap_or_default();
            let (length, hash) = (bytes.len(), digest::sha256(bytes));
            let json = serde_json::json!({ "offset": offset, "length": length, "digest": hash });
            index += &format!("{prefix} {json}\n");
        }
        Ok((index, blocks))
    }
}

/// Writes to the zip and counts and digests what goes by.
struct Hashing<'w, W: Write + Seek> {
    out: &'w mut ZipWriter<W>,
    open: &'w mut OpenFile,
}

impl<W: Write + Seek> Write for Hashing<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.out.write(bytes)?;
        self.open.hash.update(bytes.get(..n).unwrap_or_default());
        self.open.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The same bytes whenever it is written: no time of the day stands in the zip.
fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(method).unix_permissions(0o644)
}

fn fault(cause: zip::result::ZipError) -> WarcError {
    let cause = match cause {
        zip::result::ZipError::Io(cause) => cause,
        other => io::Error::other(other.to_string()),
    };
    WarcError::Io { offset: 0, cause }
}
