//! Sources: one TOML file a ministry site, parsed once; each phase takes its part.

use std::path::Path;
use std::sync::Arc;

use chancery_capture::discover::Addresses;
use chancery_capture::plan::{Kind, Plan};
use chancery_reader::{Css, DateOrder, Selectors};
use chancery_record::Meta;
use include_dir::{Dir, include_dir};
use jiff::tz::TimeZone;
use toml::de::DeTable;
use url::Url;

use crate::Error;
use crate::folder::Folder;

mod crawl;
mod draft;
mod fault;
mod look;
mod naming;
mod table;

pub use draft::{Draft, Samples, draft};
pub use fault::{SourceFault, SourceFaults};
pub use look::{Class, Look, Seen};
use table::{File, Table};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../sources");

/// The file that explains each line; it is checked like the rest, but is no source.
const TEMPLATE: &str = "TEMPLATE.toml";
/// What is known of addresses in general.
const ADDRESSES: &str = "common/addresses.toml";
/// The keys of a source file, and of its table `[read]`.
const KEYS: [&str; 9] =
    ["id", "name", "country", "language", "timezone", "date_order", "verified", "crawl", "read"];
const READ_KEYS: [&str; 4] = ["headline", "text", "drop", "date"];
/// The tables of the file, with their keys.
const TABLES: [(&str, &[&str]); 2] = [("crawl", &crawl::KEYS), ("read", &READ_KEYS)];

/// A ministry's site.
#[derive(Clone, Debug)]
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
    /// Whether it was tried on real pages.
    pub verified: bool,
    /// How the site is crawled.
    pub plan: Plan,
    /// Where the parts of a page stand.
    pub read: Selectors,
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

    /// Reads one source file. `path` is the name by which it is told in mistakes; the id must be that of its last part,
    /// without the ending.
    ///
    /// # Errors
    /// All mistakes, in the order of the file.
    pub fn parse(path: &str, text: &str) -> Result<Self, SourceFaults> {
        let file = File::new(path, text, &TABLES);
        let (table, mistakes) = DeTable::parse_recoverable(text);
        for mistake in &mistakes {
            let help = "see sources/TEMPLATE.toml, which explains each line";
            file.fault(mistake.span().unwrap_or(0..0), mistake.message(), help);
        }
        let source = of_table(&Table::new(&file, table.get_ref(), 0..0, "a source file", &KEYS));
        let mut faults = file.into_faults();
        if !mistakes.is_empty() {
            // What is wrong with a value that is not even TOML says nothing new.
            faults.dedup_by_key(|fault| (fault.line, fault.column));
        }
        if faults.is_empty() { Ok(source) } else { Err(SourceFaults(faults)) }
    }
}

/// All sources in force. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sources {
    sources: Arc<Vec<Source>>,
    addresses: Arc<Addresses>,
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
        let (mut sources, mut faults) = (Vec::new(), Vec::new());
        for (path, text) in folder.files.iter().filter(|(path, _)| is_source(path)) {
            match Source::parse(&format!("sources/{path}"), text) {
                Ok(source) if path != TEMPLATE => sources.push(source),
                Ok(_) => {}
                Err(more) => faults.extend(more.0),
            }
        }
        let addresses = match folder.files.get(ADDRESSES) {
            Some(text) => addresses(text),
            None => Folder::embedded(&EMBEDDED, is_source_file)
                .files
                .get(ADDRESSES)
                .map_or_else(|| Ok(Addresses::default()), |text| addresses(text)),
        };
        let addresses = addresses.map_err(|fault| faults.push(*fault)).unwrap_or_default();
        if !faults.is_empty() {
            return Err(Error::Sources(SourceFaults(faults)));
        }
        let digest = folder.digest(|path| is_source(path) && path != TEMPLATE);
        Ok(Self { sources: Arc::new(sources), addresses: Arc::new(addresses), digest })
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

    /// The source to whose host an address belongs; where several have it, the first that takes it for a release.
    #[must_use]
    pub fn of_url(&self, url: &str) -> Option<&Source> {
        let url = Url::parse(url).ok()?;
        let mut own = self.sources.iter().filter(|source| source.plan.is_own(&url));
        let first = own.clone().next();
        own.find(|source| source.plan.kind_of(&url) == Kind::Release).or(first)
    }

    /// What is known of addresses in general: parameters that change nothing, calendars, endings.
    #[must_use]
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// The digest over the paths and bytes of all source files.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// A source, or what all of them share.
fn is_source_file(path: &str) -> bool {
    is_source(path) || path == ADDRESSES
}

fn is_source(path: &str) -> bool {
    path.ends_with(".toml") && !path.contains('/')
}

fn addresses(text: &str) -> Result<Addresses, Box<SourceFault>> {
    toml::from_str(text).map_err(|cause| {
        let help = "each key is a list of names, of which one may end in *";
        Box::new(SourceFault::new(
            "sources/common/addresses.toml",
            text,
            cause.span().unwrap_or(0..0),
            cause.message(),
            help,
        ))
    })
}

/// A source with everything that is right; what is wrong is told.
fn of_table(table: &Table<'_, '_>) -> Source {
    let needed = |key: &str, example: &str| {
        if table.get(key).is_none() {
            let help = format!("write {key} = {example}");
            table.file.fault(0..0, format!("the file has no `{key}`"), help);
        }
        table.words(key, example)
    };
    let id = needed("id", "\"no-tides\"");
    let name = needed("name", "\"Ministry of Tides\"").map(|(name, _)| name).unwrap_or_default();
    if let Some((id, at)) = &id {
        check_id(table.file, id, at.clone());
    }
    let id = id.map(|(id, _)| id).unwrap_or_default();
    let timezone = table.made("timezone", "\"Europe/Oslo\"", |name| {
        let help = "write the IANA name of a zone, like \"Europe/Oslo\"";
        TimeZone::get(name)
            .map(|zone| (name.to_owned(), zone))
            .map_err(|why| (format!("no time zone is called `{name}`: {why}"), help.to_owned()))
    });
    let order = table.made("date_order", "\"dmy\"", |words| match words {
        "dmy" => Ok(DateOrder::Dmy),
        "mdy" => Ok(DateOrder::Mdy),
        "ymd" => Ok(DateOrder::Ymd),
        _ => {
            Err((format!("`{words}` is no order of a date"), "write \"dmy\", \"mdy\" or \"ymd\"".to_owned()))
        }
    });
    let zone = timezone.as_ref().map_or(TimeZone::UTC, |(_, zone)| zone.clone());
    let plan = table.table("crawl", "`[crawl]`", &crawl::KEYS);
    Source {
        plan: plan.map_or_else(|| Plan::new(&id, Vec::new()), |crawl| crawl::plan(&id, &zone, &crawl)),
        id,
        name,
        country: table.words("country", "\"Norway\"").map(|(country, _)| country),
        language: table.made("language", "\"en\"", language_tag),
        timezone: timezone.map(|(name, _)| name),
        verified: table.truth("verified").unwrap_or(false),
        read: Selectors { date_order: order, ..selectors(table) },
    }
}

/// The id is the file's name, and can be a part of an address.
fn check_id(file: &File<'_>, id: &str, at: std::ops::Range<usize>) {
    let name = file.path.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.strip_suffix(".toml").unwrap_or(name);
    let is_plain = id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if id != stem {
        let help = format!("write id = \"{stem}\", or call the file {id}.toml");
        file.fault(at, format!("the id is `{id}`, but the file is called `{stem}`"), help);
    } else if name != TEMPLATE && !is_plain {
        let help = "use small letters a to z, digits and -, like \"no-tides\"";
        file.fault(at, format!("the id `{id}` cannot be the first part of readable ids"), help);
    }
}

/// A language tag (BCP 47, RFC 5646) of a code of ISO 639 with its subtags, by its form; letters are written large and
/// small as section 2.1.1 has them: `pt-BR`, `zh-Hant`.
///
/// # Errors
/// What is wrong, and what to write.
pub fn language_tag(tag: &str) -> Result<String, (String, String)> {
    let mut parts = tag.split('-');
    let first = parts
        .next()
        .is_some_and(|code| matches!(code.len(), 2 | 3) && code.bytes().all(|b| b.is_ascii_alphabetic()));
    let rest =
        parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if first && rest {
        return Ok(in_its_case(tag));
    }
    Err((format!("`{tag}` is no tag of a language"), "write it like \"en\" or \"pt-BR\"".to_owned()))
}

fn in_its_case(tag: &str) -> String {
    let mut after_single = false;
    let parts = tag.split('-').enumerate().map(|(at, part)| {
        let small = part.to_ascii_lowercase();
        let plain = at == 0 || after_single;
        after_single |= part.len() == 1;
        match small.split_at_checked(1) {
            _ if plain => small,
            Some(_) if part.len() == 2 => small.to_ascii_uppercase(),
            Some((first, rest)) if part.len() == 4 && !first.starts_with(|c: char| c.is_ascii_digit()) => {
                first.to_ascii_uppercase() + rest
            }
            _ => small,
        }
    });
    parts.collect::<Vec<_>>().join("-")
}

fn selectors(table: &Table<'_, '_>) -> Selectors {
    let Some(read) = table.table("read", "`[read]`", &READ_KEYS) else { return Selectors::default() };
    let css = |key: &str| {
        read.list(key, "\"article h1\"", |words| {
            let help = "write a CSS selector like \"article .body\", or \"time@datetime\" for an attribute";
            Css::try_from(words.to_owned()).map_err(|why| (why, help.to_owned()))
        })
    };
    Selectors {
        headline: css("headline"),
        text: css("text"),
        drop: css("drop"),
        date: css("date"),
        date_order: None,
    }
}

/// Line and column, in characters, both from 1, of the byte at `at`.
pub(crate) fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

#[cfg(test)]
mod tests;
