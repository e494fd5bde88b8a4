//! The pages to measure on.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use chancery::sources::Sources;
use chancery_record::{Capture, Media, Meta};
use serde_json::{Value, json};

use crate::{Result, captures};

/// Public sets to tune the reader on, beside the workspace.
const SETS: [&str; 3] =
    ["wcxb_dev_articles.jsonl.zst", "trafilatura_eval.jsonl.zst", "htmldate_eval.jsonl.zst"];
/// Where they lie.
const BESIDE: &str = "shared/eval/html";
/// Bytes of pages where the demo corpus is repeated instead.
const DEMO: usize = 10_000_000;

/// A page.
pub(super) struct Page {
    /// As `scraper` is given it.
    pub(super) html: String,
    /// As `chancery read --ndjson` hands it to the reader.
    pub(super) capture: Capture,
}

impl Page {
    fn new(url: Option<String>, html: String) -> Self {
        let meta = Meta { url, ..Meta::default() };
        let (bytes, charset) = (html.clone().into_bytes(), Some("utf-8".to_owned()));
        Self { html, capture: Capture { meta, media: Media::Html, bytes, charset, ..Capture::default() } }
    }
}

/// All of them.
pub(super) struct Pages {
    /// Where they are from, in words.
    pub(super) origin: String,
    pub(super) all: Vec<Page>,
    /// Of UTF-8.
    pub(super) bytes: usize,
}

impl Pages {
    /// The pages of the sets beside the workspace, else those of the demo corpus over and over; so many of each at most.
    pub(super) fn load(most: usize) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let dir = root.join("..").join(BESIDE);
        let (origin, all) = if SETS.iter().all(|set| dir.join(set).is_file()) {
            let mut all = Vec::new();
            for set in SETS {
                all.extend(of_set(&dir.join(set), most)?);
            }
            (SETS.join(", "), all)
        } else {
            let origin = format!("the demo corpus, repeated: ../{BESIDE} is not here");
            (origin, of_demo(&root.join("corpora/demo"), most)?)
        };
        let bytes = all.iter().map(|page| page.html.len()).sum();
        Ok(Self { origin, all, bytes })
    }

    /// Writes them as NDJSON.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        for page in &self.all {
            writeln!(file, "{}", json!({"url": page.capture.meta.url, "html": page.html}))?;
        }
        Ok(file.flush()?)
    }
}

fn of_set(path: &Path, most: usize) -> Result<Vec<Page>> {
    let mut pages = Vec::new();
    let lines = BufReader::new(zstd::Decoder::new(File::open(path)?)?).lines();
    let lines: Vec<String> = lines.collect::<std::io::Result<_>>()?;
    for at in sample(lines.len(), most) {
        let page: Value = serde_json::from_str(lines.get(at).map_or("", String::as_str))?;
        let text = |name: &str| page.get(name).and_then(Value::as_str).map(str::to_owned);
        let url = text("url").filter(|url| !url.is_empty());
        pages.push(Page::new(url, text("html").ok_or("a page of the sets has no html")?));
    }
    Ok(pages)
}

/// So many of some things, the same at every run, in their order.
fn sample(of: usize, most: usize) -> Vec<usize> {
    // SplitMix64 (Steele, Lea and Flood 2014) of the place: the smallest numbers are in.
    let drawn = |at: usize| {
        let mut z = (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    let mut places: Vec<usize> = (0..of).collect();
    places.sort_by_key(|at| drawn(*at));
    places.truncate(most);
    places.sort_unstable();
    places
}

fn of_demo(corpus: &Path, most: usize) -> Result<Vec<Page>> {
    let captures = captures(corpus, &Sources::load(None)?)?;
    let (mut pages, mut bytes) = (Vec::new(), 0);
    for capture in captures.iter().cycle().take(most) {
        if bytes >= DEMO {
            break;
        }
        bytes += capture.bytes.len();
        let html = String::from_utf8_lossy(&capture.bytes).into_owned();
        pages.push(Page::new(capture.meta.url.clone(), html));
    }
    Ok(pages)
}
