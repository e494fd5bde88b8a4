//! Several bodies under one plural head: `the Ministries of Ports and Roads`, `the Ministries of Ports of Kenya and Ghana`.

use chancery_rules::{Annotation, Doc, Range};
use chancery_text::{Shape, fold};
use rustc_hash::FxHashMap;

use crate::bodies::one_line;
use crate::fields::{Fields, entry};

/// The names that stretches of the text stand for, in the singular.
pub(crate) type Several = FxHashMap<Range, String>;

/// Parts every find that begins with a plural head into one find for each body.
pub(crate) fn part(fields: &Fields<'_>, doc: &mut Doc<'_>) -> Several {
    let found: Vec<(usize, Annotation)> = doc
        .of_kind(fields.organization)
        .into_iter()
        .filter(|(_, a)| doc.begins(&[fields.lists.many], a.range.start))
        .map(|(n, a)| (n, a.clone()))
        .collect();
    let mut several = Several::default();
    for (n, whole) in found {
        let Some(parts) = Head::of(fields, doc, whole.range).and_then(|head| head.parts()) else { continue };
        doc.remove(n);
        for (range, name) in parts {
            doc.add(Annotation { range, captures: Vec::new(), ..whole.clone() });
            several.insert(range, name);
        }
    }
    several
}

/// The words of a name by which finds of one body are known.
pub(crate) fn key(name: &str) -> Vec<String> {
    name.split_whitespace()
        .filter(|word| word.chars().next().is_some_and(char::is_uppercase))
        .map(fold)
        .collect()
}

/// A plural head and what its bodies are for.
struct Head<'a, 't> {
    fields: &'a Fields<'a>,
    doc: &'a Doc<'t>,
    whole: Range,
    /// The head in the singular.
    one: String,
    /// Its preposition, and where what the first is for begins.
    of: usize,
    from: usize,
}

impl<'a, 't> Head<'a, 't> {
    fn of(fields: &'a Fields<'a>, doc: &'a Doc<'t>, whole: Range) -> Option<Self> {
        let (of, data) =
            doc.entries(fields.rules, fields.lists.many, whole.start).max_by_key(|(end, _)| *end)?;
        let one =
            data.iter().find(|(k, _)| *k == fields.one).map(|(_, v)| capitalized(fields.rules.word(*v)))?;
        let capital = doc.tokens()[whole.start].shape.has(Shape::CAP);
        let head = Self { fields, doc, whole, one, of, from: of };
        (capital && of < whole.end && doc.begins(&[fields.lists.of], of))
            .then(|| Self { from: head.bare(of), ..head })
    }

    fn and(&self, at: usize) -> bool {
        entry(self.doc, self.fields, self.fields.lists.and, at) == Some(at + 1)
    }

    /// Past a preposition and an article.
    fn bare(&self, at: usize) -> usize {
        let lists = &self.fields.lists;
        let at = at + usize::from(self.doc.begins(&[lists.of], at));
        at + usize::from(self.doc.begins(&[lists.article], at))
    }

    /// The stretches of the bodies with their names; none where the head has but one.
    fn parts(&self) -> Option<Vec<(Range, String)>> {
        let parts = self.of_countries().unwrap_or_else(|| self.of_fields());
        (parts.len() > 1).then_some(parts)
    }

    /// One of each country: a field, `of`, a country, `and` another.
    fn of_countries(&self) -> Option<Vec<(Range, String)>> {
        let lists = &self.fields.lists;
        let country = |at: usize| entry(self.doc, self.fields, lists.country, at);
        let ends =
            |at: &usize| self.doc.begins(&[lists.of], *at) && country(self.bare(*at)) == Some(self.whole.end);
        let of = (self.of..self.whole.end).find(ends)?;
        let name = |land: Range| {
            let field = self.doc.words(Range::new(self.of, of + 1));
            one_line(&format!("{} {field} {}", self.one, self.doc.words(land)))
        };
        let mut parts = vec![(self.whole, name(Range::new(self.bare(of), self.whole.end)))];
        let mut end = self.whole.end;
        while self.and(end) || self.doc.word(end) == "," {
            let start = self.bare(end + 1 + usize::from(self.and(end + 1)));
            let Some(land) = country(start).map(|end| Range::new(start, end)) else { break };
            parts.push((land, name(land)));
            end = land.end;
        }
        Some(parts)
    }

    /// Whether a sign or `and` at a token parts fields each of which has the preposition of the head.
    fn again(&self, at: usize) -> bool {
        let joint = self.and(at) || self.doc.word(at) == ",";
        joint && self.doc.begins(&[self.fields.lists.of], at + 1 + usize::from(self.and(at + 1)))
    }

    /// Whether a token lies inside a field that one body is for, though it has an `and`: `Health and Human Services`.
    fn in_one_field(&self, at: usize) -> bool {
        let list = self.fields.lists.one_field;
        (self.from..at).any(|start| entry(self.doc, self.fields, list, start).is_some_and(|end| end > at))
    }

    /// Where the fields end: those that have a preposition of their own may have been overlooked.
    fn end(&self) -> usize {
        let capital = |at: usize| {
            let shape = self.doc.tokens().get(at).map(|token| token.shape);
            shape.is_some_and(|shape| shape.has(Shape::CAP) && !shape.has(Shape::POSS))
        };
        let mut end = self.whole.end;
        while self.again(end) {
            let from = self.bare(end + 1 + usize::from(self.and(end + 1)));
            let field = |at: &usize| capital(*at) || (self.and(*at) && capital(at + 1));
            match (from..).take_while(field).last() {
                Some(last) => end = last + 1,
                None => break,
            }
        }
        end
    }

    /// One for each field: parted where each has a preposition of its own, by commas and the last `and`, or by the
    /// first `and`.
    fn of_fields(&self) -> Vec<(Range, String)> {
        let end = self.end();
        let inner = || (self.from + 1..end).filter(|at| !self.in_one_field(*at));
        let after_comma = |at: usize| self.doc.word(at - 1) == ",";
        let commas: Vec<usize> = inner().filter(|at| self.doc.word(*at) == ",").collect();
        let mut cuts: Vec<usize> =
            inner().filter(|at| self.again(*at) && !(self.and(*at) && after_comma(*at))).collect();
        if cuts.is_empty() {
            let and = match commas.last() {
                Some(comma) => inner().rfind(|at| at > comma && self.and(*at)),
                None => inner().find(|at| self.and(*at)),
            };
            cuts.extend(commas.iter().filter(|at| !self.and(**at + 1)).copied().chain(and));
        }
        let mut starts = vec![self.from];
        starts.extend(cuts.iter().map(|cut| self.bare(cut + 1 + usize::from(self.and(cut + 1)))));
        let ends = cuts.iter().map(|cut| cut - usize::from(self.doc.word(cut - 1) == ",")).chain([end]);
        let fields: Vec<Range> =
            starts.into_iter().zip(ends).filter(|(a, b)| a < b).map(|(a, b)| Range::new(a, b)).collect();
        let named = |(n, field): (usize, Range)| {
            let start = if n == 0 { self.whole.start } else { field.start };
            (
                Range::new(start, field.end),
                one_line(&format!("{} {} {}", self.one, self.doc.word(self.of), self.doc.words(field))),
            )
        };
        fields.into_iter().enumerate().map(named).collect()
    }
}

/// Every word of a head with a capital, as in names.
fn capitalized(head: &str) -> String {
    let mut begins = true;
    let raised = head.chars().map(|c| {
        let c = if begins { c.to_ascii_uppercase() } else { c };
        begins = c == ' ';
        c
    });
    raised.collect()
}

#[cfg(test)]
mod tests {
    use crate::told::record_of;

    const WORDS: &str = r#"
        [[list]]
        id = "doc-many"
        words = ["ministries"]
        data = { one = "ministry" }
        [[list]]
        id = "doc-of"
        words = ["of"]
        [[list]]
        id = "doc-and"
        words = ["and"]
        [[list]]
        id = "doc-one-field"
        words = ["seas and shores"]
        [[list]]
        id = "article"
        words = ["the"]
        [[list]]
        id = "country"
        words = ["Kenya", "Ghana"]
        data = { country = "Kenya" }
        [[rule]]
        id = "body"
        layer = "bodies"
        finds = "organization"
        when = '&[Cap] (ministry | ministries) of [Cap]{1,2} ("," [Cap])* (and [Cap]{1,2}){0,2} (of {country})?'
        say = "What a ministry is for."
        yes = ["Ministry of Ports"]
    "#;

    /// Every body of a text as `name: mentions`.
    fn check(text: &str, expected: &[&str]) {
        let record = record_of("['bodies', 'step:bodies']", WORDS, text);
        let told = record.organizations.iter().map(|o| {
            let mentions: Vec<&str> = o.mentions.iter().map(|m| m.span.of(text)).collect();
            format!("{}: {}", o.name, mentions.join(" | "))
        });
        assert_eq!(told.collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn each_body_under_a_plural_head_is_one() {
        check(
            "the Ministries of Ports and Roads met. the Ministry of Roads left.",
            &["Ministry of Ports: Ministries of Ports", "Ministry of Roads: Roads | Ministry of Roads"],
        );
        check(
            "the Ministries of Ports, Roads and Inland Seas met.",
            &[
                "Ministry of Ports: Ministries of Ports",
                "Ministry of Roads: Roads",
                "Ministry of Inland Seas: Inland Seas",
            ],
        );
        check(
            "the Ministries of Ports and of Roads met.",
            &["Ministry of Ports: Ministries of Ports", "Ministry of Roads: Roads"],
        );
        check(
            "the Ministries of Ports and Seas, of Roads, and of Trade met.",
            &[
                "Ministry of Ports and Seas: Ministries of Ports and Seas",
                "Ministry of Roads: Roads",
                "Ministry of Trade: Trade",
            ],
        );
        check(
            "the Ministries of Ports of Kenya and Ghana met.",
            &[
                "Ministry of Ports of Kenya: Ministries of Ports of Kenya",
                "Ministry of Ports of Ghana: Ghana",
            ],
        );
        check(
            "the Ministries of Seas and Shores and Roads met.",
            &["Ministry of Seas and Shores: Ministries of Seas and Shores", "Ministry of Roads: Roads"],
        );
        check(
            "the Ministry of Ports and Roads met.",
            &["Ministry of Ports and Roads: Ministry of Ports and Roads"],
        );
    }
}
