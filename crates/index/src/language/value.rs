//! What stands behind the colon of a field.

use super::Field;
use super::field::nearest;
use crate::hit::Kind;
use crate::period::{End, number};

/// A value, read as its field wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Words, a name or an id.
    Text(String),
    /// `kind:`
    Kind(Kind),
    /// `direct:`
    Flag(bool),
    /// `since:`, `until:`, `on:`: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, a day of the calendar.
    Date(String),
    /// `confidence:`: from the first to the second, both within; 0 to 100.
    Range(u8, u8),
}

/// What `has:` can ask for.
pub(crate) const HAS: [&str; 10] =
    ["statement", "proposal", "official", "person", "body", "quotation", "date", "headline", "link", GONE];

/// What only the site knows, and who asks for it tells ([`crate::Query::gone`]).
pub(crate) const GONE: &str = "gone";

/// What `type:` can ask for.
const TYPES: [&str; 5] = ["press-release", "speech", "statement", "reply", "other"];

/// So many values are told to choose from.
const MOST_TOLD: usize = 40;

/// What is wrong with a value, and what to write instead.
pub(crate) type Wrong = (String, String);

impl Value {
    /// Reads `text` as a value of `field`; its invisible characters are gone already.
    ///
    /// # Errors
    /// Where the field cannot have such a value.
    pub(crate) fn read(field: Field, text: &str) -> Result<Self, Wrong> {
        let word = text.to_lowercase();
        match field {
            Field::Kind => kind(&word).map(Self::Kind),
            Field::Direct => match word.as_str() {
                "yes" | "true" => Ok(Self::Flag(true)),
                "no" | "false" => Ok(Self::Flag(false)),
                _ => {
                    Err((format!("`{}:` is yes or no", field.name()), "write direct:yes or direct:no".into()))
                }
            },
            Field::Since | Field::Until | Field::On => match number(text, End::First) {
                Ok(_) => Ok(Self::Date(text.into())),
                Err(message) => Err((message, "write YYYY, YYYY-MM or YYYY-MM-DD, as in 2021-03".into())),
            },
            Field::Confidence => range(text),
            Field::Has => one_of(field, &plural(&word), &HAS, &HAS),
            Field::Type => one_of(field, &word.replace([' ', '_'], "-"), &TYPES, &TYPES),
            Field::Role | Field::Act | Field::Source | Field::Lang => {
                let id = word.trim().replace(' ', "-");
                if field == Field::Source { text_of(field, text.trim()) } else { text_of(field, &id) }
            }
            _ => text_of(field, text),
        }
    }

    /// As it is written; in quotation marks where it must be.
    pub(super) fn written(&self) -> String {
        match self {
            Self::Text(text) if is_plain(text) => text.clone(),
            Self::Text(text) => format!("\"{text}\""),
            Self::Kind(kind) => kind.as_str().into(),
            Self::Flag(flag) => if *flag { "yes" } else { "no" }.into(),
            Self::Date(date) => date.clone(),
            Self::Range(least, most) if least == most => least.to_string(),
            Self::Range(least, 100) => format!(">={least}"),
            Self::Range(0, most) => format!("<={most}"),
            Self::Range(least, most) => format!("{least}..{most}"),
        }
    }
}

/// Whether a text needs no quotation marks.
fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '\'' | '’' | '/' | '&'))
}

fn text_of(field: Field, text: &str) -> Result<Value, Wrong> {
    if text.contains(char::is_alphanumeric) {
        return Ok(Value::Text(text.into()));
    }
    let mend = format!("write {0}:{1}", field.name(), field.example());
    Err((format!("there is no word behind `{}:`", field.name()), mend))
}

fn kind(word: &str) -> Result<Kind, Wrong> {
    let alias = match plural(word).as_str() {
        "post" => Some(Kind::Official),
        "org" | "organization" => Some(Kind::Body),
        "bodie" => Some(Kind::Body),
        word => word.parse().ok(),
    };
    alias.ok_or_else(|| {
        let near = nearest(word, Kind::ALL.map(Kind::as_str));
        (format!("there is no kind `{word}`"), did_you_mean(near, "kind", &Kind::ALL.map(Kind::as_str)))
    })
}

/// Without the ending of a plural.
fn plural(word: &str) -> String {
    word.strip_suffix('s').unwrap_or(word).into()
}

/// The one of the `known` values that a word is; where it is none, those `told` are to choose from.
pub(crate) fn one_of(field: Field, word: &str, known: &[&str], told: &[&str]) -> Result<Value, Wrong> {
    match known.iter().find(|known| **known == word) {
        Some(known) => Ok(Value::Text((*known).into())),
        None => {
            let near = nearest(&word.to_lowercase(), known.iter().copied());
            Err((format!("`{}:` knows no `{word}`", field.name()), did_you_mean(near, field.name(), told)))
        }
    }
}

fn did_you_mean(near: Option<&str>, field: &str, told: &[&str]) -> String {
    let mut all = told.iter().take(MOST_TOLD).copied().collect::<Vec<_>>().join(", ");
    if told.len() > MOST_TOLD {
        all += &format!(" and {} more", told.len() - MOST_TOLD);
    }
    match near {
        Some(near) => {
            let near = Value::Text(near.into()).written();
            let all = if all.is_empty() { all } else { format!(" It is one of {all}") };
            format!("did you mean {field}:{near}?{all}")
        }
        None if all.is_empty() => format!("there is none here: leave {field}: out"),
        None => format!("write one of {all}"),
    }
}

/// `80`, `>80`, `>=80`, `<80`, `<=80`, `60..80`.
fn range(text: &str) -> Result<Value, Wrong> {
    let wrong = || {
        (
            "confidence is a number from 0 to 100".into(),
            "write confidence:>80, confidence:<60 or confidence:60..80".into(),
        )
    };
    let read = |digits: &str| {
        let digits = digits.trim();
        let number = digits.parse::<u8>().ok().filter(|number| *number <= 100 && !digits.starts_with('+'));
        number.ok_or_else(wrong)
    };
    let (least, most) = if let Some((least, most)) = text.split_once("..") {
        (read(least)?, read(most)?)
    } else if let Some(digits) = text.strip_prefix(">=").or_else(|| text.strip_prefix('≥')) {
        (read(digits)?, 100)
    } else if let Some(digits) = text.strip_prefix("<=").or_else(|| text.strip_prefix('≤')) {
        (0, read(digits)?)
    } else if let Some(digits) = text.strip_prefix('>') {
        (read(digits)?.saturating_add(1), 100)
    } else if let Some(digits) = text.strip_prefix('<') {
        (0, read(digits)?.checked_sub(1).ok_or_else(wrong)?)
    } else {
        (read(text)?, read(text)?)
    };
    if least > most { Err(wrong()) } else { Ok(Value::Range(least, most)) }
}
