//! `cite`: a fact with all that is needed to quote it and to prove it.

use chancery::archive::{Archive, Citation, Found};
use serde_json::{Value, json};

use crate::args::CiteFormat;
use crate::command::Cite;
use crate::exit::{Exit, Failure, Outcome};
use crate::screen::Screen;
use crate::wrap;

/// Before words that the release reports and does not quote.
const REPORTED: &str = "as reported in the release";

/// Prints the citation, or one a version.
pub(crate) fn run(job: &Cite, screen: &mut Screen) -> Outcome {
    let archive = Archive::open_read(&job.archive)?;
    let found = archive.find(&job.hit)?;
    let found = Found { fact: job.fact.clone().or(found.fact), ..found };
    let citations = if job.all_versions {
        archive.cite_versions(&found)?
    } else {
        archive.cite(&found)?.into_iter().collect()
    };
    if citations.is_empty() {
        let fact = found.fact.unwrap_or_default();
        let mend = format!("`chancery show {}` lists the facts of the release with their ids", job.hit);
        return Err(Failure::new(format!("the release has no fact `{fact}`"), mend));
    }
    match job.format {
        CiteFormat::Text => {
            for (number, citation) in citations.iter().enumerate() {
                if number > 0 {
                    screen.line("")?;
                }
                text(&sentence(citation), screen)?;
            }
        }
        CiteFormat::Json => {
            for citation in &citations {
                let json =
                    serde_json::to_string(citation).expect("a citation holds only strings and numbers");
                screen.line(&json)?;
            }
        }
        CiteFormat::Csl => {
            let items: Vec<Value> = citations.iter().map(csl).collect();
            screen.line(&Value::Array(items).to_string())?;
        }
        CiteFormat::Bibtex => {
            for citation in &citations {
                screen.line(&bibtex(citation))?;
            }
        }
    }
    Ok(Exit::Well)
}

fn text(words: &str, screen: &mut Screen) -> Outcome<()> {
    if !screen.is_terminal() {
        return screen.line(words);
    }
    for line in wrap::lines(words, screen.width()) {
        let line = screen.web(line.of(words)).into_owned();
        screen.line(&line)?;
    }
    Ok(())
}

/// The citation as sentences, to be pasted into a text.
fn sentence(citation: &Citation) -> String {
    let mut parts = Vec::new();
    let quote = citation.quote.as_ref().map(|quote| quote.split_whitespace().collect::<Vec<_>>().join(" "));
    let by = match (&citation.speaker, &citation.post) {
        (Some(speaker), Some(post)) => Some(format!("{speaker} ({post})")),
        (Some(by), None) | (None, Some(by)) => Some(by.clone()),
        (None, None) => citation.act.as_ref().map(|_| "somebody unnamed".into()),
    };
    match (quote, by) {
        (Some(quote), Some(by)) if is_indirect(citation) => {
            parts.push(format!("{by}, {REPORTED}{}: {quote}", verb(citation)));
        }
        (Some(quote), by) => {
            let quoted = || format!("“{quote}”{}", verb(citation));
            parts.push(if citation.act.is_some() { quoted() } else { quote.clone() });
            parts.extend(by);
        }
        (None, by) => parts.extend(by),
    }
    let issuer = match (&citation.issuer, &citation.country) {
        (Some(issuer), Some(country)) if !issuer.contains(country.as_str()) => {
            Some(format!("{issuer} ({country})"))
        }
        (Some(issuer), _) => Some(issuer.clone()),
        (None, country) => country.clone(),
    };
    let source = [
        Some(format!("“{}”", citation.headline.as_deref().unwrap_or("(no headline)"))),
        issuer,
        citation.published.clone(),
    ];
    parts.push(source.into_iter().flatten().collect::<Vec<_>>().join(", "));
    parts.extend(citation.url.clone());
    let mut words = parts.join(". ").replace("?”.", "?”").replace("!”.", "!”").replace(".”.", ".”");
    words += &format!(" [{}]", proof(citation));
    words
}

/// Whether the words are the release's, not the speaker's: in quotation marks they would be taken for what was said.
fn is_indirect(citation: &Citation) -> bool {
    citation.act.is_some() && !citation.direct
}

/// What is done with the words, and by which words of the release: without it a denial reads as its opposite.
fn verb(citation: &Citation) -> String {
    match (&citation.act, &citation.cue) {
        (Some(act), Some(cue)) => {
            format!(" ({act}: “{}”)", cue.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        (Some(act), None) => format!(" ({act})"),
        (None, _) => String::new(),
    }
}

/// The words and who says them, for the note of an entry.
fn said(citation: &Citation) -> Option<String> {
    let quote = citation.quote.as_ref()?;
    let by = [citation.speaker.as_deref(), citation.post.as_deref()];
    let by = by.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let verb = verb(citation);
    Some(match (citation.act.is_some(), by.is_empty()) {
        (false, true) => quote.clone(),
        (false, false) => format!("{quote} — {by}"),
        (true, true) if is_indirect(citation) => format!("{REPORTED}{verb}: {quote}"),
        (true, true) => format!("“{quote}”{verb}"),
        (true, false) if is_indirect(citation) => format!("{by}, {REPORTED}{verb}: {quote}"),
        (true, false) => format!("“{quote}”{verb} — {by}"),
    })
}

/// What proves it: capture, digest, version, ids.
fn proof(citation: &Citation) -> String {
    let captured = citation
        .captured
        .as_ref()
        .map_or_else(|| "time of capture not known".to_owned(), |time| format!("captured {time}"));
    let version = &citation.version;
    let state = if version.current { "" } else { ", superseded" };
    let id = citation.alias.as_ref().unwrap_or(&citation.release);
    let fact = citation.fact.as_ref().map_or_else(String::new, |fact| format!(" {fact}"));
    format!(
        "{captured}; {}; version {} of {}{state}; {id}{fact}",
        citation.digest, version.number, version.of
    )
}

/// The citation as an item of CSL-JSON (citeproc, Zotero).
fn csl(citation: &Citation) -> Value {
    let date = |date: &str| {
        let parts: Vec<u32> = date.split(['-', 'T']).take(3).filter_map(|part| part.parse().ok()).collect();
        json!({"date-parts": [parts]})
    };
    let mut item = json!({
        "id": format!("{}{}", citation.alias.as_ref().unwrap_or(&citation.release), citation.fact.as_ref().map_or_else(String::new, |fact| format!("#{fact}"))),
        "type": "webpage",
        "genre": "press release",
        "title": citation.headline,
    });
    let mut set = |key: &str, value: Option<Value>| {
        if let (Some(item), Some(value)) = (item.as_object_mut(), value) {
            item.insert(key.into(), value);
        }
    };
    set("author", citation.issuer.as_ref().map(|issuer| json!([{"literal": issuer}])));
    set("issued", citation.published.as_deref().map(date));
    set("accessed", citation.captured.as_deref().map(date));
    set("URL", citation.url.as_ref().map(|url| json!(url)));
    set("language", citation.language.as_ref().map(|language| json!(language)));
    set("publisher-place", citation.country.as_ref().map(|country| json!(country)));
    let note = [said(citation), Some(proof(citation))].into_iter().flatten().collect::<Vec<_>>().join("; ");
    set("note", Some(json!(note)));
    item
}

/// The citation as an entry of `BibTeX`, in UTF-8 as biber reads it.
fn bibtex(citation: &Citation) -> String {
    let id = citation.alias.as_ref().unwrap_or(&citation.release);
    let key: String =
        id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
    let fact = citation.fact.as_ref().map_or_else(String::new, |fact| format!("-{fact}"));
    let note = [said(citation), Some(proof(citation))].into_iter().flatten().collect::<Vec<_>>().join("; ");
    let fields = [
        ("title", citation.headline.clone()),
        ("author", citation.issuer.as_ref().map(|issuer| format!("{{{}}}", escaped(issuer)))),
        ("date", citation.published.clone()),
        ("year", citation.published.as_deref().and_then(|date| date.split('-').next()).map(String::from)),
        ("url", citation.url.clone()),
        ("urldate", citation.captured.as_deref().and_then(|time| time.split('T').next()).map(String::from)),
        ("howpublished", Some("Press release".into())),
        ("note", Some(note)),
    ];
    let mut entry = format!("@misc{{{key}{fact}");
    for (name, value) in fields {
        if let Some(value) = value {
            let plain = matches!(name, "url" | "author");
            entry += &format!(",\n  {name} = {{{}}}", if plain { value } else { escaped(&value) });
        }
    }
    entry + "\n}"
}

/// Characters that mean something to TeX, taken literally.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out += "\\textbackslash{}",
            '~' => out += "\\textasciitilde{}",
            '^' => out += "\\textasciicircum{}",
            '{' | '}' | '%' | '#' | '&' | '$' | '_' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
