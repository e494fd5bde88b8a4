//! The texts to measure on, and the words that stand in them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use chancery_record::Release;
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::Result;

/// Twenty thousand English releases, beside the workspace.
const BULK: &str = "shared/corpora/bulk_en_sample.jsonl.zst";

/// Releases to measure on.
pub(crate) struct Texts {
    /// Where they are from, in words.
    pub(crate) origin: String,
    pub(crate) all: Vec<Release>,
    pub(crate) bytes: usize,
}

impl Texts {
    /// About so many bytes of the file given, else of the larger corpora beside the workspace, else of the demo corpus
    /// over and over.
    pub(crate) fn load(bytes: usize, given: Option<&str>) -> Result<Self> {
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(BULK);
        let bulk = given.map_or(beside, PathBuf::from);
        let (origin, texts) = if given.is_some() || bulk.exists() {
            (bulk.file_name().unwrap_or_default().to_string_lossy().into_owned(), bulk_texts(&bulk, bytes)?)
        } else {
            (format!("the demo corpus, repeated: ../{BULK} is not here"), demo_texts()?)
        };
        let mut all: Vec<Release> = Vec::new();
        let mut sum = 0;
        for (n, text) in texts.iter().cycle().enumerate() {
            if sum >= bytes || texts.is_empty() {
                break;
            }
            sum += text.len();
            all.push(release(n, text.clone()));
        }
        Ok(Self { origin, all, bytes: sum })
    }

    /// Writes them as NDJSON, as the program reads them.
    pub(crate) fn write(&self, dir: &Path) -> Result<PathBuf> {
        let path = dir.join("releases.ndjson");
        let mut file = std::io::BufWriter::new(File::create(&path)?);
        for release in &self.all {
            writeln!(file, "{}", json!({"id": release.id, "lang": "en", "text": release.text}))?;
        }
        file.flush()?;
        Ok(path)
    }

    /// All words, the most frequent first; equally frequent ones by spelling.
    pub(crate) fn words(&self) -> Vec<&str> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for release in &self.all {
            for word in release.text.unicode_words().filter(|w| w.chars().all(char::is_alphabetic)) {
                *counts.entry(word).or_default() += 1;
            }
        }
        let mut all: Vec<(&str, usize)> = counts.into_iter().collect();
        all.sort_by_key(|(word, count)| (std::cmp::Reverse(*count), *word));
        all.into_iter().map(|(word, _)| word).collect()
    }
}

/// The texts of the demo corpus.
pub(crate) fn demo_texts() -> Result<Vec<String>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora/demo/gold/text");
    let mut paths = Vec::new();
    let mut open = vec![dir];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                paths.push(path);
            }
        }
    }
    paths.sort();
    Ok(paths.iter().map(fs::read_to_string).collect::<std::io::Result<Vec<String>>>()?)
}

/// A release of English text.
pub(crate) fn release(n: usize, text: String) -> Release {
    Release { id: format!("bench/{n}"), language: Some("en".into()), text, ..Release::default() }
}

fn bulk_texts(path: &Path, bytes: usize) -> Result<Vec<String>> {
    let lines = BufReader::new(zstd::Decoder::new(File::open(path)?)?).lines();
    let (mut texts, mut sum) = (Vec::new(), 0);
    for line in lines {
        let value: Value = serde_json::from_str(&line?)?;
        let text = value.get("text").and_then(Value::as_str).unwrap_or_default();
        sum += text.len();
        texts.push(text.to_owned());
        if sum >= bytes {
            break;
        }
    }
    Ok(texts)
}
