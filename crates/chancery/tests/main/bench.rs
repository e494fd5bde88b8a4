//! What each test needs: a folder of its own, a pipeline, and releases to put in.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use chancery::Error;
use chancery::archive::{Archive, IngestOptions, IngestReport};
use chancery::input::{Inputs, Item, Skip};
use chancery::pipeline::Pipeline;
use chancery::progress::{Progress, Step};
use chancery::rulesets::Rulesets;
use chancery::sources::Sources;
use chancery_record::{Meta, Record};
use tempfile::TempDir;

/// A folder that goes away with the test, with an archive in it.
pub(crate) struct Bench {
    root: PathBuf,
    /// Takes the folder away at the end.
    _owner: Option<TempDir>,
    pub(crate) jobs: usize,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let owner = tempfile::tempdir().unwrap();
        Self { root: owner.path().to_owned(), _owner: Some(owner), jobs: 2 }
    }

    /// That of another test, which takes it away.
    pub(crate) fn of(root: PathBuf) -> Self {
        Self { root, _owner: None, jobs: 2 }
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub(crate) fn write(&self, relative: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.path("archive")
    }

    pub(crate) fn pipeline(&self) -> Pipeline {
        let sources = Sources::load(Some(&self.dir())).unwrap();
        Pipeline::new(rules(), sources, Some(self.jobs)).unwrap()
    }

    pub(crate) fn inputs(&self, paths: &[&str], flags: Meta) -> Inputs {
        let paths = paths.iter().map(|path| if *path == "-" { "-".into() } else { self.path(path) });
        Inputs::new(paths.map(Into::into).collect(), flags, self.pipeline().sources())
    }

    /// What `each` hands over, as lines: `id` and text of captures, and skips.
    pub(crate) fn items(&self, paths: &[&str], stdin: &[u8]) -> Vec<Item> {
        let inputs = self.inputs(paths, Meta::default()).with_stdin(Box::new(Cursor::new(stdin.to_vec())));
        let mut items = Vec::new();
        inputs.each(|item| {
            items.push(item);
            std::ops::ControlFlow::Continue(())
        });
        items
    }

    pub(crate) fn try_ingest(&self, paths: &[&str]) -> Result<IngestReport, Error> {
        let writer = Archive::create_or_open(&self.dir())?;
        let inputs = self.inputs(paths, Meta::default());
        writer.ingest(&self.pipeline(), inputs, &at_noon(), &Told::default(), &AtomicBool::new(false))
    }

    pub(crate) fn ingest(&self, paths: &[&str]) -> IngestReport {
        self.try_ingest(paths).unwrap()
    }

    pub(crate) fn archive(&self) -> Archive {
        Archive::open_read(&self.dir()).unwrap()
    }

    /// The current records, by id.
    pub(crate) fn records(&self) -> Vec<Record> {
        let mut records: Vec<Record> = self.archive().records().unwrap().map(Result::unwrap).collect();
        records.sort_by(|a, b| a.release.id.cmp(&b.release.id));
        records
    }

    /// Ids of the releases that a word finds, sorted.
    pub(crate) fn search(&self, words: &str) -> Vec<String> {
        let query = chancery_index::Query {
            words: words.into(),
            kind: Some(chancery_index::Kind::Release),
            limit: 1000,
            ..Default::default()
        };
        let hits = self.archive().search(&query).unwrap();
        let mut ids: Vec<String> = hits.hits.into_iter().map(|hit| hit.release_id).collect();
        ids.sort();
        ids
    }
}

pub(crate) fn rules_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

pub(crate) fn rules() -> Rulesets {
    Rulesets::load(Some(&rules_dir()), None).unwrap()
}

/// A run at a time of its own, so that two runs write the same bytes.
pub(crate) fn at_noon() -> IngestOptions {
    IngestOptions { now: Some("2024-05-06T12:00:00Z".parse().unwrap()), ..IngestOptions::default() }
}

/// Listens, and can be asked what it was told.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) skips: Mutex<Vec<String>>,
    pub(crate) notes: Mutex<Vec<String>>,
    pub(crate) steps: Mutex<Vec<Step>>,
}

impl Progress for Told {
    fn step(&self, step: Step) {
        self.steps.lock().unwrap().push(step);
    }

    fn skip(&self, skip: &Skip) {
        self.skips.lock().unwrap().push(skip.to_string());
    }

    fn note(&self, message: &str) {
        self.notes.lock().unwrap().push(message.to_owned());
    }
}

/// The text of the release number `n`, three paragraphs of some four hundred letters.
pub(crate) fn text(n: usize) -> String {
    let towns = ["Kvitnes", "Laksvær", "Straumøy", "Hamnvik", "Rødskjær"];
    let town = towns[n % towns.len()];
    format!(
        "The Minister Ingrid Vik opened tide mill number {n} in {town} on Tuesday. She said that the mill would give \
         power to {} households from the first of next month.\n\n\
         Harbour Master Jonas Berg thanked the crew of the dredger. The work had taken {} weeks, he explained, and \
         nobody was hurt in all that time.\n\n\
         The ministry will publish the tables of the tides for {town} every morning.",
        120 + n,
        6 + n % 9,
    )
}

/// A line of NDJSON for the release number `n`.
pub(crate) fn line(n: usize) -> String {
    serde_json::json!({
        "id": format!("tides-{n:05}"),
        "source": "no-tides",
        "country": "Norway",
        "issuer": "Ministry of Tides",
        "lang": "en",
        "date": format!("2023-{:02}-{:02}", 1 + n % 12, 1 + n % 28),
        "title": format!("Tide mill number {n} opened"),
        "url": format!("https://tides.example/news/{n}"),
        "text": text(n),
        "mood": "calm",
    })
    .to_string()
}

pub(crate) fn lines(numbers: impl IntoIterator<Item = usize>) -> String {
    numbers.into_iter().map(|n| line(n) + "\n").collect()
}

/// A page with a headline, a date and paragraphs.
pub(crate) fn page(headline: &str, date: &str, text: &str) -> String {
    let paragraphs: String = text.split("\n\n").map(|words| format!("<p>{words}</p>\n")).collect();
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{headline}</title>\
         <meta name=\"date\" content=\"{date}\"></head><body><article><h1>{headline}</h1>\n{paragraphs}</article></body></html>"
    )
}

/// Runs the test `name` again as the user `nobody` where this is root, who may read and write everything. Returns
/// whether the test is done with that.
#[cfg(unix)]
pub(crate) fn as_nobody(name: &str) -> bool {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65534;
    let folder = tempfile::tempdir().unwrap();
    if fs::metadata(folder.path()).unwrap().uid() != 0 {
        return false;
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let again = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name])
        .env("TMPDIR", folder.path())
        .uid(NOBODY)
        .gid(NOBODY)
        .output();
    match again {
        Ok(output) => {
            let told = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success() && told.contains("1 passed"), "as nobody: {told}");
        }
        Err(why) => eprintln!("not tested: nobody may not run this program ({why})"),
    }
    true
}
