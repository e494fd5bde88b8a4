//! What a question costs. A question of very many words, each of which stands in very many documents, would keep everybody
//! waiting: it is told so, or, where mistakes are forgiven, asked without the most frequent of them.

use std::collections::BTreeSet;

use chancery_record::Span;
use chancery_text::fold;
use tantivy::{Searcher, Term};

use crate::language::{Expr, Field, Leaf, Mistake, Value};
use crate::ranking::RANKING;
use crate::schema::Fields;
use crate::wording::{folded, telling};

/// Questions of so few words may cost so many times as much: what somebody typed is answered.
const FEW: usize = 12;
const TYPED: u64 = 3;
/// So many places one question looks at, or so many for each ten documents; all but those made to be hard look at far fewer.
const MOST: u64 = 700_000;
const MOST_OF_TEN: u64 = 27;
/// To ask a document for a word that it does not have costs so little, of looking at a place.
const ASKED: u64 = 40;
/// What costs more than a plain word that stands in as many places, and what costs as if it stood in so many.
const NEAR: u64 = 4;
const PREFIX: u64 = 20_000;
const SPELLING: u64 = 20_000;
/// So many of the dearest words are told.
const TOLD: usize = 5;
/// How much of a long query is shown where it is told.
const SHOWN: usize = 60;

/// What words stand in.
#[derive(Clone, Copy)]
pub(crate) struct Costs<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    /// So many places one question looks at.
    most: u64,
    /// What plain words cost wherever they stand: every document that is found is asked for them.
    each: u64,
}

/// What is left of a question, and what is wrong with it.
pub(crate) type Kept = (Expr, Option<Mistake>);

impl<'a> Costs<'a> {
    pub(crate) fn of(searcher: &'a Searcher, fields: &'a Fields) -> Self {
        let documents = searcher.num_docs();
        Self { searcher, fields, most: MOST.max(documents / 10 * MOST_OF_TEN), each: documents / ASKED }
    }

    /// The question without its dearest words, where it would cost too much.
    pub(crate) fn affordable(&self, query: &str, expr: Expr) -> Kept {
        let mut words = Vec::new();
        self.list(&expr, &mut words);
        let all: u64 = words.iter().map(|(_, cost)| cost).sum();
        let typed = words.len() <= FEW && all <= self.most.saturating_mul(TYPED);
        if typed || all <= self.most {
            return (expr, None);
        }
        let mut order: Vec<usize> = (0..words.len()).collect();
        let cost = |at: &usize| words.get(*at).map_or(0, |(_, cost)| *cost);
        // The dearest first; of equals the last.
        order.sort_by_key(|at| (cost(at), *at));
        let (mut rest, mut left_out, mut told) = (all, BTreeSet::new(), Vec::new());
        for at in order.iter().rev().take(words.len() - 1) {
            if rest <= self.most {
                break;
            }
            rest -= cost(at);
            left_out.insert(*at);
            let word = words.get(*at).map(|(word, _)| word.as_str()).unwrap_or_default();
            if told.len() < TOLD && !told.contains(&word) {
                told.push(word);
            }
        }
        let message = format!("what this query asks for stands in {all} places, more than {}", self.most);
        let mend =
            format!("leave out the most frequent of its {} words, such as {}", words.len(), told.join(", "));
        let end = query.char_indices().map(|(at, _)| at).nth(SHOWN).unwrap_or(query.len());
        let mistake = Mistake::new(query, Span::new(0, end), message, mend);
        let kept = kept(expr.clone(), &left_out, &mut 0).unwrap_or(expr);
        (kept, Some(mistake))
    }

    /// Each word and leaf with what it costs, in order; few words side by side as one.
    fn list(&self, expr: &Expr, words: &mut Vec<(String, u64)>) {
        match expr {
            Expr::Words(plain) => {
                let telling = telling(plain);
                let cost = |word: &String| self.text(word, self.fields.words);
                if is_one(plain) {
                    // The rarest of several leads.
                    let share = if telling.len() > 1 { 2 } else { 1 };
                    let all: u64 = telling.into_iter().map(cost).sum();
                    words.push((plain.join(" "), self.each + all / share));
                    return;
                }
                for word in plain {
                    let told = telling.contains(&word);
                    words.push((word.clone(), if told { self.each + cost(word) } else { 0 }));
                }
            }
            Expr::Leaf(leaf) => words.push(self.leaf(leaf)),
            Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| self.list(part, words)),
            Expr::Not(inner) => self.list(inner, words),
        }
    }

    fn leaf(&self, leaf: &Leaf) -> (String, u64) {
        let words = self.fields.words;
        match leaf {
            Leaf::Phrase(text) => (format!("\"{text}\""), self.all(text, words)),
            Leaf::Near(text, between) => (format!("\"{text}\"~{between}"), self.text(text, words) * NEAR),
            Leaf::Prefix(text) => (format!("{text}*"), PREFIX),
            Leaf::Fuzzy(text, _) => (format!("{text}~"), SPELLING),
            Leaf::Field(field, Value::Text(text)) => {
                let cost = match field {
                    Field::Who | Field::SaidBy | Field::ProposedBy => self.all(text, self.fields.names),
                    Field::Org => self.all(text, self.fields.bodies),
                    Field::Post | Field::About | Field::AddressedTo => self.all(text, words),
                    _ => 0,
                };
                (format!("{}:{text}", field.name()), cost)
            }
            Leaf::Field(field, _) => (field.name().to_owned(), 0),
        }
    }

    /// What all words of a text together cost: the rarest of them leads.
    fn all(&self, text: &str, field: tantivy::schema::Field) -> u64 {
        let words = folded(&fold(text));
        let rarest = words.iter().map(|word| self.count(word, field)).min().unwrap_or(0);
        rarest.saturating_mul(words.len() as u64)
    }

    fn count(&self, word: &str, field: tantivy::schema::Field) -> u64 {
        self.searcher.doc_freq(&Term::from_field_text(field, word)).unwrap_or(0)
    }

    /// In how many documents the words of a text stand.
    fn text(&self, text: &str, field: tantivy::schema::Field) -> u64 {
        folded(&fold(text)).iter().map(|word| self.count(word, field)).sum()
    }
}

/// Whether plain words are so few that all of them must be found: one without the others is another question.
fn is_one(words: &[String]) -> bool {
    telling(words).len() <= RANKING.all_of
}

/// `expr` without what is left out, by its number in the order of [`Costs::list`]; `None` where nothing stays.
fn kept(expr: Expr, left_out: &BTreeSet<usize>, at: &mut usize) -> Option<Expr> {
    let mut stays = || {
        *at += 1;
        !left_out.contains(&(*at - 1))
    };
    match expr {
        Expr::Words(words) if is_one(&words) => stays().then_some(Expr::Words(words)),
        Expr::Words(words) => {
            let words: Vec<String> = words.into_iter().filter(|_| stays()).collect();
            (!words.is_empty()).then_some(Expr::Words(words))
        }
        Expr::Leaf(leaf) => stays().then_some(Expr::Leaf(leaf)),
        Expr::And(parts) => Expr::all(all_kept(parts, left_out, at)),
        Expr::Or(parts) => Expr::any(all_kept(parts, left_out, at)),
        Expr::Not(inner) => kept(*inner, left_out, at).map(Expr::negated),
    }
}

fn all_kept(parts: Vec<Expr>, left_out: &BTreeSet<usize>, at: &mut usize) -> Vec<Expr> {
    parts.into_iter().filter_map(|part| kept(part, left_out, at)).collect()
}

#[cfg(test)]
mod tests {
    use chancery_record::{Record, Release};

    use super::Costs;
    use crate::language::parse_forgiving;
    use crate::records::tests::{Kept, put};
    use crate::{Index, Query};

    /// What is left of `query` where thirty releases have `the` and `of` and one has `pier`, and what is told.
    fn asked(query: &str, most: u64) -> (String, Option<(String, String)>) {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::create(folder.path()).unwrap();
        let mut writer = index.writer(15_000_000).unwrap();
        for number in 0..30 {
            let text = if number == 0 { "the end of the pier" } else { "the end of it" };
            let release = Release { id: format!("r{number}"), text: text.into(), ..Release::default() };
            put(&mut writer, &Record::new(release, "test"), number + 1);
        }
        writer.commit().unwrap();
        let pier = Query { words: "pier".into(), ..Query::default() };
        assert_eq!(index.search(&pier, &Kept).unwrap().total, 1);
        let searcher = index.reader.searcher();
        let costs = Costs { searcher: &searcher, fields: &index.fields, most, each: 0 };
        let (kept, dear) = costs.affordable(query, parse_forgiving(query).expr.unwrap());
        (kept.to_string(), dear.map(|dear| (dear.message, dear.mend)))
    }

    #[test]
    fn a_question_that_looks_at_too_many_places_goes_without_the_most_frequent_words() {
        let many = format!("{}end OR pier", "nothing OR ".repeat(24));
        assert_eq!(asked(&many, 31), (many.clone(), None), "as many places as one may look at");
        let (kept, dear) = asked(&many, 30);
        assert_eq!(kept, many.replace("end OR ", ""));
        let (message, mend) = dear.unwrap();
        assert_eq!(message, "what this query asks for stands in 31 places, more than 30");
        assert_eq!(mend, "leave out the most frequent of its 26 words, such as end");
        let near = format!("{}\"the end\"~3 OR pier", "nothing OR ".repeat(24));
        assert_eq!(
            asked(&near, 240).0,
            near.replace("\"the end\"~3 OR ", ""),
            "which is looked at more closely"
        );
    }

    #[test]
    fn of_few_words_side_by_side_all_are_left_out_or_none() {
        let names = format!("{}pier end OR pier", "no thing OR ".repeat(24));
        assert_eq!(asked(&names, 16), (names.clone(), None), "15 for both, 1 for the last");
        assert_eq!(asked(&names, 15).0, names.replace("pier end OR ", ""));
        let many = format!("{}pier end", "no thing ".repeat(24));
        assert_eq!(asked(&many, 30).0, many.replace(" end", ""), "of many each by itself");
    }

    #[test]
    fn of_few_words_more_may_be_asked() {
        assert_eq!(asked("end OR pier OR \"the end\"", 31), ("end OR pier OR \"the end\"".into(), None));
    }
}
