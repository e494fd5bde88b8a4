//! Which bodies are parts of others: `the Legal Division of the Ports Authority`.

use std::collections::BTreeMap;

use chancery_rules::Doc;
use chancery_text::Shape;

use crate::bodies::Body;
use crate::fields::Fields;

/// A body directly before `of the` and another body is part of it; so is one after another's possessive.
pub(crate) fn parents(fields: &Fields<'_>, doc: &Doc<'_>, bodies: &mut [Body]) {
    let beginning: BTreeMap<usize, usize> = bodies
        .iter()
        .enumerate()
        .flat_map(|(n, body)| body.mentions.iter().map(move |(range, _)| (range.start, n)))
        .collect();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (n, body) in bodies.iter().enumerate() {
        for (range, _) in &body.mentions {
            let bracket = doc.word(range.end) == "(" && doc.word(range.end + 2) == ")";
            let end = if bracket { range.end + 3 } else { range.end };
            let links = doc.entries(fields.rules, fields.lists.genitive, end).map(|(after, _)| after);
            let whole = links.filter_map(|after| beginning.get(&after)).next();
            found.extend(whole.map(|whole| (n, *whole)));
            let owned = doc.tokens().get(range.end).is_some_and(|t| t.shape.has(Shape::POSS));
            let part = owned.then(|| beginning.get(&(range.end + 1))).flatten();
            found.extend(part.map(|part| (*part, n)));
        }
    }
    for (part, whole) in found {
        let loops = bodies[whole].parent == Some(part) || part == whole;
        if bodies[part].parent.is_none() && !loops {
            bodies[part].parent = Some(whole);
        }
    }
}
