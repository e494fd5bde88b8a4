//! The same answer as one JSON object; places are counted in characters, as in a record.

use chancery_record::Span;
use chancery_rules::{Clause, RuleInfo};
use serde_json::{Map, Value, json};

use super::why::{Asleep, Loser, Nearest, Unused};
use super::{Answer, called, captures};
use crate::grounds;

/// `{"places": …, "facts": …, "losers": …, "unused": …, "nearest": …, "off": …}`.
pub(crate) fn of(answer: &Answer<'_>) -> Value {
    let text = &answer.record.release.text;
    let facts = answer.meant.iter().map(|(fact, mark)| {
        let captures: Map<String, Value> = captures(answer.record, fact).into_iter().fold(
            Map::new(),
            |mut all: Map<String, Value>, (name, words)| {
                // A person may hold several posts.
                if let Value::Array(list) = all.entry(name).or_insert_with(|| json!([])) {
                    list.push(json!(words));
                }
                all
            },
        );
        let info = answer.set.and_then(|set| set.rule(&mark.rule));
        json!({
            "id": fact.id, "fact": called(fact, mark), "at": place(mark.span, text),
            "rule": info.map_or_else(|| json!({ "id": mark.rule }), rule),
            "captures": captures,
            "sure": answer.grounds(fact, mark).map(grounds::in_json),
        })
    });
    let facts: Vec<Value> = facts.collect();
    let places: Vec<Value> = answer.places.iter().map(|span| place(*span, text)).collect();
    let why = answer.why.as_ref();
    let losers: Vec<Value> = why.iter().flat_map(|why| &why.losers).map(|one| loser(one, text)).collect();
    let unused: Vec<Value> =
        why.iter().flat_map(|why| &why.unused).map(|one| without_fact(one, text)).collect();
    let near: Vec<Value> = why.iter().flat_map(|why| &why.nearest).map(|one| nearest(one, text)).collect();
    let off: Vec<Value> = why.iter().flat_map(|why| &why.asleep).map(|one| asleep(one, text)).collect();
    json!({
        "places": places, "facts": facts, "losers": losers, "unused": unused, "nearest": near, "off": off,
    })
}

fn place(span: Span, text: &str) -> Value {
    let characters = |to: usize| Span::new(0, to).of(text).chars().count();
    json!({ "start": characters(span.start), "end": characters(span.end), "text": span.of(text) })
}

fn rule(info: &RuleInfo) -> Value {
    let layer = Some(&info.layer).filter(|layer| !layer.is_empty());
    json!({ "id": info.id, "file": info.file, "line": info.line, "layer": layer, "say": info.say })
}

fn loser(loser: &Loser<'_>, text: &str) -> Value {
    let clause = match loser.clause {
        Clause::Veto => "veto",
        Clause::Beats(_) => "beats",
        Clause::Left => "left",
        Clause::Longer => "longer",
        Clause::Order => "order",
    };
    json!({
        "rule": rule(loser.rule), "at": place(loser.wanted, text), "clause": clause,
        "by": rule(loser.by), "taken": place(loser.taken, text),
        "beats": loser.beater.map(|rule| &rule.id),
        "claimed": loser.claimed.map(|span| place(span, text)),
        "kept": loser.kept.map(|span| place(span, text)),
    })
}

fn without_fact(unused: &Unused<'_>, text: &str) -> Value {
    json!({
        "rule": rule(unused.rule), "finds": unused.rule.finds, "at": place(unused.span, text), "step": unused.step,
    })
}

fn asleep(asleep: &Asleep<'_>, text: &str) -> Value {
    json!({
        "rule": rule(asleep.rule), "finds": asleep.rule.finds, "at": place(asleep.span, text),
        "by": { "file": asleep.off.file, "line": asleep.off.line },
    })
}

fn nearest(near: &Nearest<'_>, text: &str) -> Value {
    let wanted = near.stops.iter().map(|stop| json!({ "item": stop.wanted, "phrase": stop.phrase }));
    let wanted: Vec<Value> = wanted.collect();
    json!({
        "rule": rule(near.rule), "matched": place(near.matched, text),
        "stopped": near.stopped.map(|span| place(span, text)), "wanted": wanted, "missing": near.missing,
    })
}
