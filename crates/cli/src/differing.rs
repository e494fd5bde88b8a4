//! Facts gained, lost and altered, to be read and as JSON.

use anstyle::{AnsiColor, Style};
use chancery::difference::{Difference, Fact};
use chancery_record::Release;
use serde_json::{Map, Value, json};

use crate::exit::Outcome;
use crate::phrase::flat;
use crate::screen::Screen;
use crate::wrap;

/// What is new.
pub(crate) const GAINED: Style = AnsiColor::Green.on_default();
/// What is gone.
pub(crate) const LOST: Style = AnsiColor::Red.on_default();
const ALTERED: Style = AnsiColor::Yellow.on_default();

/// `  + statement  Ana Roe (stressed): the pier opens  (en/statements/that-clause)`
pub(crate) fn print(difference: &Difference, screen: &mut Screen) -> Outcome<()> {
    let (sign, style) = match difference {
        Difference::Gained(_) => ('+', GAINED),
        Difference::Lost(_) => ('-', LOST),
        Difference::Altered(_) => ('~', ALTERED),
    };
    let fact = difference.fact();
    let text = format!("{}  ({})", words(fact), fact.rule);
    let head = screen.paint(style, &format!("  {sign} {:<13}", fact.kind));
    for (number, line) in wrap::lines(&text, screen.width().saturating_sub(17)).iter().enumerate() {
        let begin = if number == 0 { head.clone() } else { " ".repeat(17) };
        let line = format!("{begin}{}", screen.web(line.of(&text)));
        screen.line(&line)?;
    }
    if let Difference::Altered(altered) = difference {
        for (field, before, after) in &altered.fields {
            let named = |value: &str| {
                if value.is_empty() { "nothing".to_owned() } else { format!("`{}`", flat(value)) }
            };
            let line = format!("                 {field}: {} → {}", named(before), named(after));
            let line = screen.web(&line).into_owned();
            screen.line(&line)?;
        }
    }
    Ok(())
}

/// The fact in a line: who and what.
fn words(fact: &Fact) -> String {
    let field = |name: &str| {
        fact.fields.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str())
    };
    let who = match fact.kind {
        "statement" => field("speaker"),
        "proposal" => field("proposer"),
        "post" => field("holder"),
        _ => return flat(&fact.words),
    };
    let who = if who.is_empty() { "somebody unnamed" } else { who };
    let cue = field("cue");
    let cue = if cue.is_empty() { String::new() } else { format!(" ({})", flat(cue)) };
    format!("{who}{cue}: {}", flat(&fact.words))
}

/// The difference as one object; places are those of `release`.
pub(crate) fn object(release: &Release, difference: &Difference) -> Value {
    let place = |byte: usize| release.text.get(..byte).map_or(0, |before| before.chars().count());
    let fact = difference.fact();
    let fields: Map<String, Value> = fact
        .fields
        .iter()
        .filter(|(name, _)| *name != "mentions")
        .map(|(k, v)| ((*k).to_owned(), json!(v)))
        .collect();
    let what = match difference {
        Difference::Gained(_) => "gained",
        Difference::Lost(_) => "lost",
        Difference::Altered(_) => "altered",
    };
    let mut object = json!({
        "id": release.id, "alias": release.alias, "change": what, "kind": fact.kind, "text": fact.words,
        "start": place(fact.span.start), "end": place(fact.span.end), "fields": fields, "rule": fact.rule,
    });
    if let Difference::Altered(altered) = difference {
        let changed = altered
            .fields
            .iter()
            .map(|(name, before, after)| ((*name).to_owned(), json!({ "before": before, "after": after })));
        object["altered"] = Value::Object(changed.collect());
    }
    object
}
