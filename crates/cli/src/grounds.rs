//! What the confidence of a fact is made of, to be read and as JSON.

use chancery::pipeline::PROGRAM;
use chancery_extract::{Evidence, Grounds, extract_with_grounds};
use chancery_record::{Record, Span};
use chancery_rules::RuleSet;
use serde_json::{Value, json};

/// Pieces of evidence that are told; the rest weigh less.
const TOLD: usize = 4;

/// The grounds of every fact of a record; none where other rules made it, whose evidence was another.
pub(crate) fn of(record: &Record, set: &RuleSet) -> Vec<Grounds> {
    let mut release = record.release.clone();
    // A record has the issuer by its id; the release had it by its name.
    if let Some(issuer) = release.issuer.as_deref().and_then(|id| record.organization(id)) {
        release.issuer = Some(issuer.name.clone());
    }
    let (again, grounds) = extract_with_grounds(&release, set, PROGRAM);
    let same = again.officials == record.officials
        && again.persons == record.persons
        && again.organizations == record.organizations
        && again.proposals == record.proposals
        && again.statements == record.statements;
    if same { grounds } else { Vec::new() }
}

/// The grounds of a fact by its id; of the post at a span, where one is meant.
pub(crate) fn find<'g>(
    grounds: &'g [Grounds],
    record: &Record,
    id: &str,
    post: Option<Span>,
) -> Option<&'g Grounds> {
    let held = |at: Span| record.person(id)?.posts.iter().position(|post| post.span == at);
    let number = post.and_then(held);
    grounds.iter().find(|ground| ground.id == id && ground.post == number)
}

/// `87 in 100; for it: tie before, words 2; against it: posts 3`, what weighs most first.
pub(crate) fn in_words(grounds: &Grounds) -> String {
    let mut told = format!("{} in 100", grounds.confidence);
    for (name, sign) in [("for it", 1), ("against it", -1)] {
        let mut pieces: Vec<&Evidence> =
            grounds.evidence.iter().filter(|piece| piece.weight.signum() == sign).collect();
        pieces.sort_by_key(|piece| -piece.weight.abs());
        let words = |piece: &&Evidence| format!("{} {} ({:+})", piece.of, piece.value, piece.weight);
        let words: Vec<String> = pieces.iter().take(TOLD).map(words).collect();
        if !words.is_empty() {
            told += &format!("; {name}: {}", words.join(", "));
        }
    }
    format!("{told}; facts of its kind begin at {}", chancery_rules::confidence(grounds.start))
}

/// The whole of it, weights in hundredths of log odds.
pub(crate) fn in_json(grounds: &Grounds) -> Value {
    let piece = |piece: &Evidence| json!({ "of": piece.of, "value": piece.value, "weight": piece.weight });
    let evidence: Vec<Value> = grounds.evidence.iter().map(piece).collect();
    json!({ "confidence": grounds.confidence, "start": grounds.start, "evidence": evidence })
}
