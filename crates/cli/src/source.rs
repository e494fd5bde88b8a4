//! `source`: check, list and draft the files that say how ministries' sites are crawled and read.

use std::fs;
use std::path::{Path, PathBuf};

use chancery::rulesets::Rulesets;
use chancery::site;
use chancery::sources::{Samples, Sources, draft};
use chancery_capture::FetchError;
use serde_json::json;
use url::Url;

use crate::command::{Form, NewSource, Out, Site, SourceAction};
use crate::exit::{Exit, Failure, Outcome};
use crate::phrase;
use crate::screen::Screen;
use crate::told;

mod check;

/// Does what was asked.
pub(crate) fn run(action: SourceAction, screen: &mut Screen) -> Outcome {
    match action {
        SourceAction::Check(job) => check::run(&job, screen),
        SourceAction::List(archive, form) => list(&archive, form, screen),
        SourceAction::New(job) => new(&job, screen),
    }
}

fn list(archive: &Path, form: Form, screen: &mut Screen) -> Outcome {
    for source in Sources::load(Some(archive))?.iter() {
        let plan = &source.plan;
        let line = match form {
            Form::Json => json!({
                "id": source.id, "name": source.name, "country": source.country, "language": source.language,
                "verified": source.verified, "start": plan.start.iter().map(Url::as_str).collect::<Vec<_>>(),
                "feeds": plan.feeds.len(), "sitemaps": plan.sitemaps.len(), "rhythm_seconds": plan.rhythm.as_secs(),
            })
            .to_string(),
            Form::Text => {
                let country = source.country.as_deref().unwrap_or("no country");
                let state = if source.verified { "tried" } else { "not tried yet" };
                format!("{:<12} {} ({country}), {state}", source.id, source.name)
            }
        };
        screen.line(&line)?;
    }
    Ok(Exit::Well)
}

/// The pages of a site that a draft is made of.
struct Pages {
    /// Address and bytes of the list page.
    list: (Url, Vec<u8>),
    robots: Option<String>,
    /// Address and bytes of a release.
    release: Option<(Url, Vec<u8>)>,
}

/// Writes a first source file.
fn new(job: &NewSource, screen: &mut Screen) -> Outcome {
    let rules = Rulesets::embedded();
    let (lexicon, sources) = (rules.lexicon()?, Sources::load(None)?);
    let written = |pages: &Pages| {
        let samples = Samples {
            url: &pages.list.0,
            list: &pages.list.1,
            robots: pages.robots.as_deref(),
            release: pages.release.as_ref().map(|(url, bytes)| (url, bytes.as_slice())),
        };
        draft(&samples, &lexicon, sources.addresses()).map_err(|why| {
            Failure::new(format!("{}: {why}", pages.list.0), "give a page of HTML that lists releases")
        })
    };
    let (draft, page) = match &job.site {
        Site::Saved { page, release, robots } => {
            let text =
                |path: &PathBuf| bytes_of(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            let release_page = release.as_deref().map(bytes_of).transpose()?;
            let pages = Pages {
                list: (job.url.clone(), bytes_of(page)?),
                robots: robots.as_ref().map(text).transpose()?,
                release: release_page.map(|bytes| (job.url.clone(), bytes)),
            };
            (written(&pages)?, Some(release.as_ref().unwrap_or(page)))
        }
        Site::Asked { contact, allow_private } => {
            let mut pages = ask(&job.url, contact, *allow_private, |pages| Ok(written(pages)?.sample))?;
            pages.release = pages.release.filter(|(_, bytes)| !bytes.is_empty());
            (written(&pages)?, None)
        }
    };
    draft.source().map_err(Failure::Sources)?;
    let path = match &job.out {
        Out::Screen => {
            screen.line(draft.text.trim_end())?;
            return Ok(Exit::Well);
        }
        Out::File(path) => path.clone(),
        Out::Archive(archive) => archive.join("sources").join(format!("{}.toml", draft.id)),
    };
    write(&path, &draft.text)?;
    screen.line(&format!("wrote {}; look through it, and try it with", path.display()))?;
    let page = page.map_or_else(|| "PAGE.html".to_owned(), |page| page.display().to_string());
    screen.line(&format!("  chancery source check {} --page {page}", path.display()))?;
    if path.file_stem().is_none_or(|stem| stem != draft.id.as_str()) {
        screen.line(&format!("  (its id is {}: the file is to be called {}.toml)", draft.id, draft.id))?;
    }
    Ok(Exit::Well)
}

/// Asks the site for its list page, its robots.txt, and the page that `sample` names.
fn ask(
    url: &Url,
    contact: &str,
    allow_private: bool,
    sample: impl Fn(&Pages) -> Outcome<Option<Url>>,
) -> Outcome<Pages> {
    let mend = "is the address right? `chancery source new URL --page FILE` takes pages that you saved";
    let mut visitor = site::visitor(url, contact, allow_private)
        .map_err(|why| Failure::new(format!("{url}: {why}"), mend))?;
    let robots = visitor.robots(url);
    let list = visitor.page(url).map_err(|why| {
        let mend = match &why {
            FetchError::Private { .. } => "say --allow-private where the host is your own",
            _ => mend,
        };
        Failure::new(format!("{url}: {why}"), mend)
    })?;
    let mut pages = Pages { list: (list.url, list.bytes), robots: Some(robots), release: None };
    if let Some(sample) = sample(&pages)? {
        match visitor.page(&sample) {
            Ok(release) => pages.release = Some((release.url, release.bytes)),
            Err(why) => told::say(&format!("{sample}: {why}; no selectors are tried")),
        }
    }
    Ok(pages)
}

/// Writes a file that must not be there.
fn write(path: &Path, text: &str) -> Outcome<()> {
    if path.exists() {
        let message = format!("{}: there is a file already", path.display());
        return Err(Failure::new(message, "name another with --out FILE, or - to print it"));
    }
    let folder = path.parent().map(Path::to_owned).filter(|folder| !folder.as_os_str().is_empty());
    let made = folder.map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    made.map_err(|why| {
        Failure::new(
            format!("{}: cannot write: {why}", path.display()),
            "name a place that you may write to with --out FILE",
        )
    })
}

/// The bytes of a file that was named.
fn bytes_of(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|why| {
        let mend = "check the spelling; a path is relative to the folder you are in";
        Failure::new(format!("{}: cannot read: {why}", path.display()), mend)
    })
}

/// `3 start pages, 1 feed, no sitemaps`.
fn found(parts: &[(usize, &str, &str)]) -> String {
    let told = parts.iter().map(|(count, one, many)| match count {
        0 => format!("no {many}"),
        count => phrase::count(*count as u64, one, many),
    });
    told.collect::<Vec<_>>().join(", ")
}

/// The file as a source, or its mistakes told under the name by which it was given.
fn parse(path: &Path) -> Outcome<chancery::sources::Source> {
    let text = String::from_utf8(bytes_of(path)?).map_err(|why| {
        Failure::new(format!("{}: no UTF-8: {why}", path.display()), "save the file as UTF-8")
    })?;
    chancery::sources::Source::parse(&path.display().to_string(), &text).map_err(Failure::Sources)
}
