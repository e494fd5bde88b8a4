//! `source check`: what a source gives on a page, for people and for programs.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};
use chancery::rulesets::Rulesets;
use chancery::sources::{Class, Look, Seen, Source, Sources};
use chancery_record::Release;
use serde_json::{Value, json};
use url::Url;

use super::{bytes_of, found, parse};
use crate::command::{CheckSource, Form};
use crate::exit::{Exit, Failure, Outcome};
use crate::phrase;
use crate::screen::Screen;

/// So many links of a class are shown; with --json all are.
const SHOWN: usize = 5;
const LABEL: Style = Style::new().bold();
const MISSING: Style = AnsiColor::Yellow.on_default();

/// Checks the file, and with a page what it gives. A page that gives no text, headline or date is trouble.
pub(super) fn run(job: &CheckSource, screen: &mut Screen) -> Outcome {
    let source = match parse(&job.file) {
        Err(Failure::Sources(faults)) if job.form == Form::Json => {
            for fault in &faults.0 {
                let told = json!({
                    "file": fault.path, "line": fault.line, "column": fault.column, "severity": "error",
                    "message": fault.message, "help": fault.help,
                });
                screen.line(&told.to_string())?;
            }
            return Ok(Exit::Trouble);
        }
        parsed => parsed?,
    };
    if job.form == Form::Text {
        let plan = &source.plan;
        let counts = [
            (plan.start.len(), "start page", "start pages"),
            (plan.feeds.len(), "feed", "feeds"),
            (plan.sitemaps.len(), "sitemap", "sitemaps"),
            (plan.release.len(), "pattern of releases", "patterns of releases"),
        ];
        screen.line(&format!("{}: no mistakes; {}", job.file.display(), found(&counts)))?;
    }
    let Some(page) = &job.page else {
        if job.form == Form::Json {
            screen.line(&json!({ "file": job.file, "id": source.id }).to_string())?;
        }
        return Ok(Exit::Well);
    };
    let bytes = bytes_of(page)?;
    let (rules, sources) = (Rulesets::embedded(), Sources::load(None)?);
    let lexicon = rules.lexicon()?;
    let no_page = |why| Failure::new(format!("{}: {why}", page.display()), "give a page of HTML");
    let first = job.url.clone().or_else(|| source.plan.start.first().cloned());
    let url = first.or_else(|| Url::parse("https://page.invalid/").ok());
    let url =
        url.ok_or_else(|| Failure::new("the page has no address", "say where it was with --url URL"))?;
    let mut look = source.look(&bytes, &url, &lexicon, sources.addresses()).map_err(no_page)?;
    let own = job.url.is_none().then(|| look.own.clone()).flatten();
    if let Some(own) = own.filter(|own| *own != url) {
        look = source.look(&bytes, &own, &lexicon, sources.addresses()).map_err(no_page)?;
    }
    match job.form {
        Form::Json => screen.line(&object(&source, &look).to_string())?,
        Form::Text => tell(&source, &look, screen)?,
    }
    Ok(Exit::Well)
}

fn tell(source: &Source, look: &Look, screen: &mut Screen) -> Outcome<()> {
    match &look.release {
        Ok(release) => parts(source, look, release, screen)?,
        Err(why) => row("text", &format!("none: {why}"), true, screen)?,
    }
    for selector in look.selectors.iter().filter(|selector| selector.count == 0) {
        row(selector.part, &format!("`{}` finds nothing on this page", selector.css), true, screen)?;
    }
    for (url, title) in &look.feeds {
        if !source.plan.feeds.contains(url) {
            row("feed", &format!("{url} ({title}), which the source does not name"), true, screen)?;
        }
    }
    if look.robots.noarchive {
        row("robots", "the page asks not to be kept (noarchive)", true, screen)?;
    }
    match &look.next {
        Some(next) => row("next", next.as_str(), false, screen)?,
        None => row("next", "no next list page", false, screen)?,
    }
    links(&look.links, screen)
}

/// The release that is read.
fn parts(source: &Source, look: &Look, release: &Release, screen: &mut Screen) -> Outcome<()> {
    let by = |part: &str, given: bool| {
        let found = look.selectors.iter().find(|selector| selector.part == part && selector.count > 0);
        match found {
            Some(found) => format!("  (by `{}`)", found.css),
            None if given => "  (by the reader's own means)".to_owned(),
            None => String::new(),
        }
    };
    let told = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".into());
    let headline = format!("{}{}", told(&release.headline), by("headline", release.headline.is_some()));
    row("headline", &headline, release.headline.is_none(), screen)?;
    let date = format!("{}{}", told(&release.published), by("date", release.published.is_some()));
    row("date", &date, release.published.is_none(), screen)?;
    let characters = phrase::count(release.text.chars().count() as u64, "character", "characters");
    let begins: String =
        release.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
    row("text", &format!("{characters}, “{begins} …”{}", by("text", true)), false, screen)?;
    let issuer = release.issuer.clone().unwrap_or_else(|| source.name.clone());
    row("issuer", &issuer, false, screen)
}

fn links(links: &[Seen], screen: &mut Screen) -> Outcome<()> {
    let mut classes: BTreeMap<Class, Vec<&Seen>> = BTreeMap::new();
    for link in links {
        classes.entry(link.class).or_default().push(link);
    }
    for class in Class::ALL {
        let of = classes.get(&class).map(Vec::as_slice).unwrap_or_default();
        row("links", &format!("{} {}", of.len(), class.as_str()), false, screen)?;
        for link in of.iter().take(SHOWN) {
            let words: String = link.words.chars().take(60).collect();
            let line = format!("            {}  “{words}”  {}", link.url, link.why);
            let line = screen.web(&line).into_owned();
            screen.line(&line)?;
        }
        if of.len() > SHOWN {
            screen.line(&format!("            and {} more (--json lists them)", of.len() - SHOWN))?;
        }
    }
    Ok(())
}

fn row(label: &str, words: &str, missing: bool, screen: &mut Screen) -> Outcome<()> {
    let words = screen.web(words).into_owned();
    let words = if missing { screen.paint(MISSING, &words) } else { words };
    let label = screen.paint(LABEL, &format!("{label:<10}"));
    screen.line(&format!("{label}{words}"))
}

fn object(source: &Source, look: &Look) -> Value {
    let release = match &look.release {
        Ok(release) => json!({
            "headline": release.headline, "published": release.published, "language": release.language,
            "issuer": release.issuer, "characters": release.text.chars().count(),
        }),
        Err(why) => json!({ "error": why.to_string() }),
    };
    let selectors: Vec<Value> = look
        .selectors
        .iter()
        .map(|m| json!({ "part": m.part, "css": m.css, "count": m.count, "begins": m.begins }))
        .collect();
    let links: Vec<Value> = look
        .links
        .iter()
        .map(|link| json!({ "url": link.url.as_str(), "words": link.words, "class": link.class.as_str(), "why": link.why }))
        .collect();
    json!({
        "id": source.id, "release": release, "selectors": selectors, "links": links,
        "next": look.next.as_ref().map(Url::as_str),
        "feeds": look.feeds.iter().map(|(url, _)| url.as_str()).collect::<Vec<_>>(),
        "noarchive": look.robots.noarchive,
    })
}
