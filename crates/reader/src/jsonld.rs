//! What a page says of itself in JSON-LD (schema.org).

use serde_json::Value;

/// The few properties that a reader needs.
#[derive(Clone, Debug, Default)]
pub(crate) struct JsonLd {
    pub(crate) headline: Option<String>,
    pub(crate) published: Option<String>,
    pub(crate) publisher: Option<String>,
}

impl JsonLd {
    /// Adds what one script element says; of damaged JSON the day of publication.
    pub(crate) fn add(&mut self, script: &str) {
        let text = script.trim().trim_start_matches("<!--").trim_end_matches("-->").trim_end_matches(';');
        let value: Value = match serde_json::from_str(text) {
            Ok(value) => value,
            // Line breaks within strings are not JSON, and common.
            Err(_) => match serde_json::from_str(&text.replace(['\n', '\r', '\t'], " ")) {
                Ok(value) => value,
                Err(_) => return self.add_damaged(text),
            },
        };
        let mut things = Vec::new();
        flatten(&value, &mut things);
        let with = |property: &str| things.iter().copied().find(|thing| string(thing, property).is_some());
        // An article has a headline; a page that only has dates is the next best.
        let Some(thing) = with("headline").or_else(|| with("datePublished")) else { return };
        let keep = |to: &mut Option<String>, value: Option<String>| *to = to.take().or(value);
        keep(&mut self.headline, string(thing, "headline"));
        let published = string(thing, "datePublished");
        keep(
            &mut self.published,
            published.or_else(|| with("datePublished").and_then(|t| string(t, "datePublished"))),
        );
        let publisher = thing.get("publisher").and_then(|publisher| match publisher {
            Value::Array(many) => many.iter().find_map(|one| string(one, "name")),
            one => string(one, "name"),
        });
        keep(&mut self.publisher, publisher);
    }

    /// Of damaged JSON the day of publication alone is believed.
    fn add_damaged(&mut self, script: &str) {
        let value = script.split_once("\"datePublished\"").and_then(|(_, rest)| {
            rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?.split('"').next()
        });
        self.published = self.published.take().or_else(|| value.map(str::to_owned));
    }
}

/// All objects of lists and graphs.
fn flatten<'v>(value: &'v Value, out: &mut Vec<&'v Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| flatten(item, out)),
        Value::Object(object) => {
            out.push(value);
            for property in ["@graph", "mainEntity", "mainEntityOfPage"] {
                object.get(property).into_iter().for_each(|inner| flatten(inner, out));
            }
        }
        _ => {}
    }
}

fn string(thing: &Value, property: &str) -> Option<String> {
    let value = thing.get(property)?;
    let value = value.as_str().or_else(|| value.get(0)?.as_str())?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}
