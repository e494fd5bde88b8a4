//! Sources: one TOML file a ministry site, parsed once; each phase takes its part.

use std::path::Path;
use std::sync::Arc;

use chancery_reader::{DateOrder, Selectors};
use chancery_record::Meta;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use url::Url;

use crate::Error;
use crate::folder::Folder;
use crate::input::canonical_url;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../sources");

/// The file that explains each line; it is checked like the rest, but is no source.
const TEMPLATE: &str = "TEMPLATE.toml";

/// A ministry's site.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The file's name without ending, and the first part of every readable id.
    pub id: String,
    /// The issuer, unless the page says another.
    pub name: String,
    /// English name of the issuer's country.
    pub country: Option<String>,
    /// BCP 47 tag of the language, unless the page says another.
    pub language: Option<String>,
    /// IANA name of the time zone in which dates are meant.
    pub timezone: Option<String>,
    /// How `03/04/2021` is to be read here.
    pub date_order: Option<DateOrder>,
    /// Whether it was tried on real pages.
    #[serde(default)]
    pub verified: bool,
    /// How the site is crawled.
    #[serde(default)]
    pub crawl: Crawl,
    /// Where the parts of a page stand.
    #[serde(default)]
    pub read: Selectors,
}

/// What a source says of its web addresses. Keys that only a crawl needs are kept as they are.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Crawl {
    /// Pages to begin at; a release belongs to the source whose start has its host.
    pub start: Vec<String>,
    /// Feeds of new releases.
    pub feeds: Vec<String>,
    /// Sitemaps.
    pub sitemaps: Vec<String>,
    /// All other keys.
    #[serde(flatten)]
    pub other: toml::Table,
}

impl Source {
    /// What the source says of each of its releases where the input does not.
    #[must_use]
    pub fn defaults(&self) -> Meta {
        Meta {
            source: Some(self.id.clone()),
            country: self.country.clone(),
            issuer: Some(self.name.clone()),
            lang: self.language.clone(),
            ..Meta::default()
        }
    }

    fn hosts(&self) -> impl Iterator<Item = String> {
        let pages = self.crawl.start.iter().chain(&self.crawl.feeds).chain(&self.crawl.sitemaps);
        pages.filter_map(|page| canonical_url(page)).filter_map(|url| url.host_str().map(bare_host))
    }
}

/// All sources in force. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sources {
    sources: Arc<Vec<Source>>,
    digest: String,
}

impl Sources {
    /// Those that the program carries; over them, file by file, those of `archive/sources/`.
    ///
    /// # Errors
    /// Where a file cannot be read or has a mistake.
    pub fn load(archive: Option<&Path>) -> Result<Self, Error> {
        let mut folder = Folder::embedded(&EMBEDDED, is_source_file);
        let over = archive.map(|archive| archive.join("sources")).filter(|dir| dir.is_dir());
        if let Some(dir) = over {
            folder.files.extend(Folder::read(&dir, is_source_file)?.files);
        }
        Self::of_folder(&folder)
    }

    /// Those of the folder `dir` alone.
    ///
    /// # Errors
    /// Where a file cannot be read or has a mistake.
    pub fn read(dir: &Path) -> Result<Self, Error> {
        Self::of_folder(&Folder::read(dir, is_source_file)?)
    }

    fn of_folder(folder: &Folder) -> Result<Self, Error> {
        let mut sources = Vec::new();
        for (path, text) in &folder.files {
            let source = parse(path, text)?;
            if path != TEMPLATE {
                sources.push(source);
            }
        }
        Ok(Self { sources: Arc::new(sources), digest: folder.digest(|path| path != TEMPLATE) })
    }

    /// All of them, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter()
    }

    /// The source with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }

    /// The source to whose host an address belongs.
    #[must_use]
    pub fn of_url(&self, url: &str) -> Option<&Source> {
        let host = Url::parse(url).ok().and_then(|url| url.host_str().map(bare_host))?;
        self.sources.iter().find(|source| source.hosts().any(|of_source| of_source == host))
    }

    /// The digest over the paths and bytes of all source files.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// A host without the `www.` that most sites answer with and without.
fn bare_host(host: &str) -> String {
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

fn is_source_file(path: &str) -> bool {
    path.ends_with(".toml") && !path.contains('/')
}

fn parse(path: &str, text: &str) -> Result<Source, Error> {
    let wrong = |at: usize, message: String| {
        let (line, column) = line_and_column(text, at);
        Error::Source { path: format!("sources/{path}"), line, column, message }
    };
    let mut source: Source = toml::from_str(text)
        .map_err(|cause| wrong(cause.span().map_or(0, |span| span.start), cause.message().to_owned()))?;
    let stem = path.trim_end_matches(".toml");
    if path != TEMPLATE && source.id != stem {
        let at = text.find(&source.id).unwrap_or(0);
        return Err(wrong(at, format!("the id is `{}`, but the file is called `{stem}`", source.id)));
    }
    source.read.date_order = source.date_order;
    Ok(source)
}

/// Line and column, in characters, both from 1, of the byte at `at`.
pub(crate) fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}
