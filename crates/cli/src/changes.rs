//! `changes`: releases that were silently edited; of one, the text and the facts before and after.

use anstyle::Style;
use chancery::archive::{Act, Archive, Decision, Edit, EditInFull};
use chancery::difference::{Paragraph, Piece};
use chancery::pipeline::Pipeline;
use chancery::rulesets::Rulesets;
use chancery::sources::Sources;
use serde_json::{Map, Value, json};

use crate::command::{Changes, Form};
use crate::differing::{GAINED, LOST, object, print};
use crate::exit::{Exit, Outcome};
use crate::phrase;
use crate::remove;
use crate::screen::Screen;
use crate::wrap;

const BOLD: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// Lists all edits, or tells those of one release in full.
pub(crate) fn run(job: &Changes, screen: &mut Screen) -> Outcome {
    let archive = Archive::open_read(&job.archive)?;
    let rules = Rulesets::load(None, Some(&job.archive))?;
    let pipeline = Pipeline::new(rules, Sources::load(Some(&job.archive))?, Some(1))?;
    let mut count = 0;
    let mut decisions = archive.decisions()?;
    match &job.id {
        Some(reference) => {
            let found = archive.find(reference)?;
            decisions.retain(|decision| decision.release == found.id);
            for edit in archive.edits_in_full(&found.id, &pipeline)? {
                count += 1;
                in_full(&archive, &edit, job.form, screen)?;
            }
        }
        None => archive.edits(&pipeline, |edit| {
            count += 1;
            match job.form {
                Form::Json => screen.line(&Value::Object(fields(&edit)).to_string()),
                Form::Text => line(&edit, screen),
            }
        })?,
    }
    for decision in &decisions {
        count += 1;
        decided(&archive, decision, job.form, screen)?;
    }
    if job.form == Form::Text && count == 0 {
        let of = if job.id.is_some() { "this release was never" } else { "no release was" };
        screen.line(&format!("{of} edited between two captures"))?;
    }
    Ok(Exit::Well)
}

/// `no-tides/2023-05-04/new-pier  headline, text  2023-05-05 → 2023-05-09`
fn line(edit: &Edit, screen: &mut Screen) -> Outcome<()> {
    let id = screen.paint(BOLD, &screen.web(edit.alias.as_ref().unwrap_or(&edit.id)));
    let when = screen.paint(FAINT, &when(edit));
    screen.line(&format!("{id}  {}  {when}", what(edit)))
}

/// `no-tides/2023-05-04/new-pier  removed  2026-11-26T09:00:00Z by anna: a court order`
fn decided(archive: &Archive, decision: &Decision, form: Form, screen: &mut Screen) -> Outcome<()> {
    // A release of which the captures are gone is still named by its identity.
    let release = archive.record(&decision.release).ok().map(|record| record.release);
    let alias = release.and_then(|release| release.alias);
    if form == Form::Json {
        let mut fields = Map::new();
        fields.insert("id".into(), decision.release.as_str().into());
        fields.insert("alias".into(), alias.into());
        fields.insert("change".into(), json!(decision.act));
        let Value::Object(more) = remove::object(decision) else { return Ok(()) };
        fields.extend(more);
        return screen.line(&Value::Object(fields).to_string());
    }
    let what = match decision.act {
        Act::Removed => "removed",
        Act::Restored => "restored",
    };
    let id = screen.paint(BOLD, &screen.web(alias.as_ref().unwrap_or(&decision.release)));
    let grounds = screen.paint(FAINT, &screen.web(&remove::grounds(decision)));
    screen.line(&format!("{id}  {what}  {grounds}"))
}

/// Which of the three differ.
pub(crate) fn what(edit: &Edit) -> String {
    let all =
        [("headline", edit.headline.is_some()), ("date", edit.published.is_some()), ("text", edit.text)];
    all.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect::<Vec<_>>().join(", ")
}

fn when(edit: &Edit) -> String {
    let one = |version: u32, at: &Option<String>| match at {
        Some(at) => format!("version {version} of {at}"),
        None => format!("version {version}"),
    };
    format!("{} → {}", one(edit.versions.0, &edit.captured.0), one(edit.versions.1, &edit.captured.1))
}

/// The edit as an object.
pub(crate) fn fields(edit: &Edit) -> Map<String, Value> {
    let pair = |pair: &Option<(Option<String>, Option<String>)>| match pair {
        Some((before, after)) => json!({ "before": before, "after": after }),
        None => Value::Null,
    };
    let object = json!({
        "id": edit.id, "alias": edit.alias, "from_version": edit.versions.0, "to_version": edit.versions.1,
        "from_captured": edit.captured.0, "to_captured": edit.captured.1,
        "headline": pair(&edit.headline), "published": pair(&edit.published), "text": edit.text,
    });
    let Value::Object(fields) = object else { return Map::new() };
    fields
}

fn in_full(archive: &Archive, full: &EditInFull, form: Form, screen: &mut Screen) -> Outcome<()> {
    let release = archive.record(&full.edit.id)?.release;
    if form == Form::Json {
        let mut fields = fields(&full.edit);
        fields.insert("paragraphs".into(), full.paragraphs.iter().filter_map(paragraph).collect());
        fields.insert("facts".into(), full.facts.iter().map(|fact| object(&release, fact)).collect());
        return screen.line(&Value::Object(fields).to_string());
    }
    line(&full.edit, screen)?;
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".into());
    for (name, pair) in [("headline", &full.edit.headline), ("date", &full.edit.published)] {
        if let Some((before, after)) = pair {
            marked('-', &format!("{name}: {}", shown(before)), screen)?;
            marked('+', &format!("{name}: {}", shown(after)), screen)?;
        }
    }
    if full.edit.text {
        text(&full.paragraphs, screen)?;
    }
    for fact in &full.facts {
        print(fact, screen)?;
    }
    let counts = phrase::count(full.facts.len() as u64, "fact differs", "facts differ");
    let counts = screen.paint(FAINT, &counts);
    screen.line(&counts)?;
    screen.line("")
}

/// The paragraphs that differ; of the others how many were left out.
fn text(paragraphs: &[Paragraph], screen: &mut Screen) -> Outcome<()> {
    let mut same = 0;
    for paragraph in paragraphs {
        if matches!(paragraph, Paragraph::Same(_)) {
            same += 1;
            continue;
        }
        left_out(&mut same, screen)?;
        match paragraph {
            Paragraph::Removed(text) => marked('-', text, screen)?,
            Paragraph::Added(text) => marked('+', text, screen)?,
            Paragraph::Changed(pieces) => {
                marked('-', &side(pieces, true), screen)?;
                marked('+', &side(pieces, false), screen)?;
            }
            Paragraph::Same(_) => {}
        }
    }
    left_out(&mut same, screen)
}

fn left_out(same: &mut u64, screen: &mut Screen) -> Outcome<()> {
    if *same > 0 {
        let words = format!("  ({} as before)", phrase::count(*same, "paragraph", "paragraphs"));
        let words = screen.paint(FAINT, &words);
        screen.line(&words)?;
        *same = 0;
    }
    Ok(())
}

/// One side of a changed paragraph; the words that the other side lacks stand in brackets, as a word diff has it.
fn side(pieces: &[Piece], old: bool) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Same(text) => out.push_str(text),
            Piece::Removed(text) if old => out.push_str(&format!("[-{text}-]")),
            Piece::Added(text) if !old => out.push_str(&format!("{{+{text}+}}")),
            Piece::Removed(_) | Piece::Added(_) => {}
        }
    }
    out
}

fn marked(sign: char, text: &str, screen: &mut Screen) -> Outcome<()> {
    let style = if sign == '+' { GAINED } else { LOST };
    for (number, line) in wrap::lines(text, screen.width().saturating_sub(4)).into_iter().enumerate() {
        let sign = if number == 0 { sign } else { ' ' };
        let line = screen.paint(style, &format!("  {sign} {}", screen.web(line.of(text))));
        screen.line(&line)?;
    }
    Ok(())
}

/// A paragraph that differs, as pieces with what became of each.
fn paragraph(paragraph: &Paragraph) -> Option<Value> {
    let one = |change: &str, text: &str| json!([{ "change": change, "text": text }]);
    Some(match paragraph {
        Paragraph::Same(_) => return None,
        Paragraph::Removed(text) => one("removed", text),
        Paragraph::Added(text) => one("added", text),
        Paragraph::Changed(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Same(text) => json!({ "change": "same", "text": text }),
                Piece::Removed(text) => json!({ "change": "removed", "text": text }),
                Piece::Added(text) => json!({ "change": "added", "text": text }),
            })
            .collect(),
    })
}
