//! Words of a document of gold that are replaced, and the gold moved along with them.

use std::collections::BTreeMap;

use serde_json::Value;

/// The parts of gold that have mentions.
const NAMED: [&str; 3] = ["officials", "persons", "organizations"];

/// The entities of some parts of a document, in their order.
pub(super) fn entities<'d>(doc: &'d Value, parts: &[&str]) -> Vec<&'d Value> {
    parts.iter().filter_map(|part| doc[*part].as_array()).flatten().collect()
}

/// A stretch of the text, in code points, and what is put there.
struct Edit {
    start: usize,
    end: usize,
    to: Vec<char>,
}

/// What is replaced in a document: words at places, and names wherever the gold repeats them.
pub(super) struct Edits {
    text: Vec<char>,
    /// Where anything is named.
    mentions: Vec<(usize, usize)>,
    /// In the order of the text once sorted; none touches another.
    edits: Vec<Edit>,
    names: BTreeMap<String, String>,
}

impl Edits {
    pub(super) fn new(doc: &Value) -> Self {
        let text = doc["text"].as_str().unwrap_or_default().chars().collect();
        let named = entities(doc, &NAMED).into_iter().flat_map(places);
        Self { text, mentions: named.collect(), edits: Vec::new(), names: BTreeMap::new() }
    }

    fn form(&self, (start, end): (usize, usize)) -> String {
        self.text.get(start..end).unwrap_or_default().iter().collect()
    }

    /// True if one of the words stands right before a mention.
    pub(super) fn stands_after(&self, entity: &Value, words: &[&str]) -> bool {
        places(entity).into_iter().any(|(start, _)| {
            let before = self.form((start.saturating_sub(12), start));
            let word = before.trim_end_matches([' ', '.']).rsplit(' ').next().unwrap_or_default();
            words.contains(&word)
        })
    }

    /// Replaces all mentions of an entity; none, and false, where a form of it has no other.
    pub(super) fn mentions(&mut self, entity: &Value, other: impl Fn(&str) -> Option<String>) -> bool {
        let places = places(entity);
        let edits: Option<Vec<Edit>> = places
            .iter()
            .map(|&(start, end)| {
                Some(Edit { start, end, to: other(&self.form((start, end)))?.chars().collect() })
            })
            .collect();
        let Some(edits) = edits.filter(|edits| edits.iter().all(|edit| self.is_free(edit.start, edit.end)))
        else {
            return false;
        };
        self.edits.extend(edits);
        true
    }

    /// Replaces some words wherever they stand as whole words; none, and false, where anything is named in them.
    pub(super) fn words(&mut self, old: &str, new: &str) -> bool {
        let old: Vec<char> = old.chars().collect();
        let within = |at: Option<&char>| at.is_some_and(|c| c.is_alphanumeric());
        let stands = |start: &usize| {
            let end = start + old.len();
            self.text[*start..].starts_with(&old)
                && !within(start.checked_sub(1).and_then(|n| self.text.get(n)))
                && !within(self.text.get(end))
                && self.is_free(*start, end)
        };
        let starts: Vec<usize> = (0..self.text.len()).filter(stands).collect();
        let named = |start: &usize| self.mentions.iter().any(|&(s, e)| *start < e && s < start + old.len());
        if starts.is_empty() || starts.iter().any(named) {
            return false;
        }
        let edit = |start: usize| Edit { start, end: start + old.len(), to: new.chars().collect() };
        self.edits.extend(starts.into_iter().map(edit));
        true
    }

    fn is_free(&self, start: usize, end: usize) -> bool {
        !self.edits.iter().any(|edit| start < edit.end && edit.start < end)
    }

    /// From now on the gold calls something otherwise.
    pub(super) fn rename(&mut self, old: &str, new: &str) {
        if !old.is_empty() {
            self.names.insert(old.to_owned(), new.to_owned());
        }
    }

    /// The document with its text edited, places moved and names renamed.
    pub(super) fn apply(mut self, doc: &Value) -> Value {
        self.edits.sort_by_key(|edit| edit.start);
        let mut text = Vec::with_capacity(self.text.len());
        let mut at = 0;
        for edit in &self.edits {
            text.extend_from_slice(&self.text[at..edit.start]);
            text.extend_from_slice(&edit.to);
            at = edit.end;
        }
        text.extend_from_slice(&self.text[at..]);
        let mut doc = doc.clone();
        for part in NAMED.iter().chain(&["proposals", "statements"]) {
            self.change(&mut doc[*part], &text);
        }
        doc["text"] = String::from_iter(text).into();
        doc
    }

    /// Moves every place and renames every name below a value; passages and cues get their words of the new text.
    fn change(&self, value: &mut Value, text: &[char]) {
        match value {
            Value::Array(values) => values.iter_mut().for_each(|value| self.change(value, text)),
            Value::Object(fields) => {
                for (key, field) in fields.iter_mut() {
                    match (key.as_str(), field.as_u64()) {
                        ("start", Some(place)) => *field = self.moved(place, false).into(),
                        ("end", Some(place)) => *field = self.moved(place, true).into(),
                        _ => self.change(field, text),
                    }
                }
                if fields.contains_key("text") {
                    let words = place(fields.get("start")).zip(place(fields.get("end")));
                    let words = words.and_then(|(start, end)| text.get(start..end));
                    fields.insert("text".into(), words.map(String::from_iter).into());
                }
            }
            Value::String(name) => {
                if let Some(new) = self.names.get(name) {
                    new.clone_into(name);
                }
            }
            _ => {}
        }
    }

    /// Where a place of the old text lies in the new one; one within an edit lies at its start or its end.
    fn moved(&self, place: u64, is_end: bool) -> usize {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let mut moved = place;
        for edit in self.edits.iter().take_while(|edit| edit.start < place) {
            let new_start = moved - (place - edit.start);
            moved = if edit.end <= place {
                moved + edit.to.len() - (edit.end - edit.start)
            } else {
                new_start + if is_end { edit.to.len() } else { 0 }
            };
        }
        moved
    }
}

/// The places of the mentions of an entity.
fn places(entity: &Value) -> Vec<(usize, usize)> {
    let mentions = entity["mentions"].as_array().into_iter().flatten();
    mentions.filter_map(|mention| place(mention.get("start")).zip(place(mention.get("end")))).collect()
}

/// A count of code points.
fn place(field: Option<&Value>) -> Option<usize> {
    usize::try_from(field?.as_u64()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_passages_and_names_move_with_the_text() {
        let doc = json!({"text": "Ana Roe, Chair of DDA, said “no” to Roe.", "proposals": [],
            "officials": [{"name": "Ana Roe", "posts": [{"title": "Chair", "organization": "DDA"}],
                "mentions": [{"start": 0, "end": 7}, {"start": 36, "end": 39}]}], "persons": [],
            "organizations": [{"name": "DDA", "mentions": [{"start": 18, "end": 21}]}],
            "statements": [{"speaker": "Ana Roe", "text": "no", "start": 29, "end": 31,
                "cue": {"start": 23, "end": 27, "text": "said"}}]});
        let mut edits = Edits::new(&doc);
        let other = |form: &str| Some(if form == "Roe" { "Ng" } else { "Ng Swee Lian" }.to_owned());
        assert!(edits.mentions(&doc["officials"][0], other));
        edits.rename("Ana Roe", "Ng Swee Lian");
        assert!(edits.words("Chair", "Director-General"));
        edits.rename("Chair", "Director-General");
        // Where a body is named no words are replaced.
        assert!(!edits.words("DDA, said", "x"));
        let made = edits.apply(&doc);
        assert_eq!(made["text"], "Ng Swee Lian, Director-General of DDA, said “no” to Ng.");
        let words = |at: &Value| {
            let (start, end) = places(&json!({ "mentions": [at] }))[0];
            made["text"].as_str().unwrap().chars().skip(start).take(end - start).collect::<String>()
        };
        assert_eq!(words(&made["officials"][0]["mentions"][1]), "Ng");
        assert_eq!(words(&made["organizations"][0]["mentions"][0]), "DDA");
        let said = &made["statements"][0];
        assert_eq!((words(said), words(&said["cue"])), ("no".into(), "said".into()));
        assert_eq!((&said["speaker"], &said["text"]), (&json!("Ng Swee Lian"), &json!("no")));
        assert_eq!(made["officials"][0]["posts"][0]["title"], "Director-General");
    }
}
