//! A [`Query`] as tantivy's: which documents match, what each match is worth, and what of it is to be marked.

use std::sync::LazyLock;

use chancery_record::Span;
use chancery_text::fold;
use rustc_hash::FxHashSet;
use stop_words::{Language, get};
use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, Occur};

use crate::IndexError;
use crate::analysis::{name_words, words_of};
use crate::hit::Kind;
use crate::language::{Expr, Field, Leaf as Asked, Mistake, Value, parse_forgiving};
use crate::leaf::{Leaf, Leaves, best, between, either, every, one_name, property, row, unscored};
use crate::pattern::{Pattern, Spelling};
use crate::period::{End, number, period};
use crate::query::{Mode, Query};
use crate::wish::{Place, Wish};

/// Up to so many plain words must all be found.
const ALL_OF: usize = 3;

/// Of more, one in so many.
const ONE_IN: usize = 3;

/// What plain words that stand side by side are worth on top.
const SIDE_BY_SIDE: f32 = 0.25;

/// So many words may stand between those of the name of a body, where it is marked.
const WITHIN_NAME: usize = 6;

/// A query ready to run.
pub(crate) struct Plan {
    pub(crate) query: BooleanQuery,
    /// What must or may be found in words: what to mark.
    pub(crate) wish: Wish,
    /// The words of the query, with the filters, in canonical form.
    pub(crate) canonical: String,
    /// What was wrong with the words, where mistakes are forgiven.
    pub(crate) mistakes: Vec<Mistake>,
    /// Whether anything has a worth: filters alone have none.
    pub(crate) is_weighed: bool,
}

impl Plan {
    /// # Errors
    /// Where the query is not written as it must be, or asks for nothing.
    pub(crate) fn of(query: &Query, leaves: Leaves<'_>) -> Result<Self, IndexError> {
        let reading = parse_forgiving(&query.words);
        if query.mode == Mode::Strict && !reading.mistakes.is_empty() {
            return Err(IndexError::words(&query.words, reading.mistakes));
        }
        if query.mode == Mode::Strict && reading.expr.is_none() && !query.words.trim().is_empty() {
            let span = Span::new(0, query.words.len());
            let mend = "search for words or numbers".into();
            let mistake = Mistake::new(&query.words, span, "there is no word to search for".into(), mend);
            return Err(IndexError::words(&query.words, vec![mistake]));
        }
        if query.mode == Mode::Strict
            && let Some(expr) = &reading.expr
        {
            check_period(expr)?;
        }
        let mut parts = filters(query)?;
        let of_bodies = |field, value: &Value| field == Field::Kind && *value == Value::Kind(Kind::Body);
        parts.splice(0..0, reading.expr);
        let Some(expr) = Expr::all(parts) else { return Err(IndexError::Nothing) };
        let mut compiler = Compiler { leaves, is_weighed: false };
        let (found, wish) = compiler.expr(&expr);
        let mut clauses = vec![(Occur::Must, found)];
        if !expr.asks_for(&of_bodies) {
            clauses.push((Occur::MustNot, property(leaves.fields.kind, Kind::Body.as_str())));
        }
        Ok(Self {
            query: BooleanQuery::new(clauses),
            wish,
            canonical: expr.to_string(),
            mistakes: reading.mistakes,
            is_weighed: compiler.is_weighed,
        })
    }
}

/// Whether the days that a query asks for, all of them, can be: as of the filters, so of its words.
fn check_period(expr: &Expr) -> Result<(), IndexError> {
    let parts = if let Expr::And(parts) = expr { parts.as_slice() } else { std::slice::from_ref(expr) };
    let last = |wanted| {
        parts.iter().rev().find_map(|part| match part {
            Expr::Leaf(Asked::Field(field, Value::Date(date))) if *field == wanted => Some(date.as_str()),
            _ => None,
        })
    };
    period(last(Field::Since), last(Field::Until)).map(|_| ())
}

/// The filters beside the words, as fields of the same query.
fn filters(query: &Query) -> Result<Vec<Expr>, IndexError> {
    const NAME: &str = "give words of the name in any order, or an acronym";
    let mut parts = Vec::new();
    let mut only = |field, value| parts.push(Expr::Leaf(Asked::Field(field, value)));
    if let Some(kind) = query.kind {
        only(Field::Kind, Value::Kind(kind));
    }
    period(query.since.as_deref(), query.until.as_deref())?;
    for (option, given, field, mend) in [
        ("--by", &query.by, Field::Who, NAME),
        ("--org", &query.org, Field::Org, NAME),
        ("--since", &query.since, Field::Since, "write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("--until", &query.until, Field::Until, "write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("--source", &query.source, Field::Source, "give the id of a source"),
        ("--country", &query.country, Field::Country, "give the English name of a country"),
    ] {
        if let Some(given) = given {
            let value = Value::read(field, given).map_err(|(message, _)| IndexError::Filter {
                option,
                given: given.clone(),
                message: message.replace(&format!(" behind `{}:`", field.name()), " in it"),
                mend,
            })?;
            only(field, value);
        }
    }
    if let Some(least) = query.min_confidence {
        only(Field::Confidence, Value::Range(least.min(100), 100));
    }
    Ok(parts)
}

struct Compiler<'a> {
    leaves: Leaves<'a>,
    is_weighed: bool,
}

/// What finds, and what is marked of it.
type Both = (Leaf, Wish);

impl Compiler<'_> {
    fn expr(&mut self, expr: &Expr) -> Both {
        match expr {
            Expr::Words(words) => self.bag(words),
            Expr::Leaf(Asked::Field(field, value)) => self.field(*field, value),
            Expr::Leaf(leaf) => {
                self.is_weighed = true;
                let pattern = pattern(leaf);
                (self.leaves.pattern(&pattern), Wish::One(pattern, Place::Anywhere))
            }
            Expr::Or(parts) => {
                let (leaves, wishes): (Vec<_>, Vec<_>) = parts.iter().map(|part| self.expr(part)).unzip();
                (either(leaves), Wish::Several(1, wishes))
            }
            Expr::And(parts) => self.and(parts),
            Expr::Not(_) => self.and(std::slice::from_ref(expr)),
        }
    }

    fn and(&mut self, parts: &[Expr]) -> Both {
        let mut clauses: Vec<(Occur, Leaf)> = Vec::with_capacity(parts.len() + 1);
        let mut wishes = Vec::with_capacity(parts.len());
        for part in parts {
            let (occur, inner) = match part {
                Expr::Not(inner) => (Occur::MustNot, inner.as_ref()),
                part => (Occur::Must, part),
            };
            let (leaf, wish) = self.expr(inner);
            clauses.push((occur, leaf));
            wishes.push(if occur == Occur::Must { wish } else { Wish::Given });
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, unscored(AllQuery)));
        }
        (Box::new(BooleanQuery::new(clauses)), all_of(wishes))
    }

    /// Plain words: few must all be found, of many some; those that stand side by side as in the query are worth more.
    fn bag(&mut self, words: &[String]) -> Both {
        self.is_weighed = true;
        let content = telling(words);
        let few = content.len() <= ALL_OF;
        let mut terms: Vec<(Vec<String>, f32)> = Vec::new();
        for word in &content {
            let cut = folded(word);
            let cut = if few { vec![cut] } else { cut.into_iter().map(|word| vec![word]).collect() };
            for term in cut.into_iter().filter(|term| !term.is_empty()) {
                // A word said twice is worth twice as much, and looked up once.
                match terms.iter_mut().find(|(known, _)| *known == term) {
                    Some((_, times)) => *times += 1.0,
                    None => terms.push((term, 1.0)),
                }
            }
        }
        let least = if few { terms.len() } else { terms.len().div_ceil(ONE_IN) };
        let (found, wishes): (Vec<_>, Vec<_>) =
            terms.iter().map(|(term, times)| self.term(term, *times)).unzip();
        let found = if least == found.len() {
            every(found)
        } else {
            let some = found.into_iter().map(|leaf| (Occur::Should, leaf)).collect();
            Box::new(BooleanQuery::with_minimum_required_clauses(some, least))
        };
        let mut clauses = vec![(Occur::Must, found)];
        clauses.extend(terms.windows(2).filter_map(|pair| match pair {
            [(a, _), (b, _)] => {
                let pair = [a.as_slice(), b].concat();
                Some((Occur::Should, row(self.leaves.fields.words, &pair, SIDE_BY_SIDE)))
            }
            _ => None,
        }));
        (Box::new(BooleanQuery::new(clauses)), Wish::Several(least, wishes))
    }

    /// One plain word; one with a hyphen is several in a row, or of a name in any order.
    fn term(&self, term: &[String], times: f32) -> Both {
        match term {
            [word] => {
                (self.leaves.word(word, times), Wish::One(Pattern::Stem(word.clone()), Place::Anywhere))
            }
            words => {
                let pattern = Pattern::Row(words.to_vec());
                let (named, name) = self.name(words);
                let found = best([self.leaves.pattern(&pattern), named]);
                (found, Wish::Several(1, vec![Wish::One(pattern, Place::Anywhere), name]))
            }
        }
    }

    /// All words of a name, in any order.
    fn name(&self, words: &[String]) -> Both {
        let names = self.leaves.fields.names;
        let found = every(words.iter().map(|word| row(names, std::slice::from_ref(word), 1.0)));
        (found, each(words, |word| Pattern::Any(vec![word]), Place::Name))
    }

    fn field(&mut self, field: Field, value: &Value) -> Both {
        let fields = self.leaves.fields;
        let leaf = match value {
            Value::Kind(kind) => property(fields.kind, kind.as_str()),
            Value::Flag(flag) => property(fields.direct, if *flag { "yes" } else { "no" }),
            Value::Range(least, most) => {
                between(fields.confidence, Some((*least).into()), Some((*most).into()))
            }
            Value::Date(date) => {
                let day = |end| number(date, end).ok();
                let (first, last) = match field {
                    Field::Since => (day(End::First), None),
                    Field::Until => (None, day(End::Last)),
                    _ => (day(End::First), day(End::Last)),
                };
                between(fields.published, first, last)
            }
            Value::Text(text) => return self.text_field(field, text),
        };
        (leaf, Wish::Given)
    }

    fn text_field(&mut self, field: Field, text: &str) -> Both {
        let fields = self.leaves.fields;
        let only =
            |kind: Kind, (found, wish): Both| (every([property(fields.kind, kind.as_str()), found]), wish);
        let whole = |field, value: &str| (property(field, value), Wish::Given);
        match field {
            Field::SaidBy => only(Kind::Statement, self.speaker(text)),
            Field::ProposedBy => only(Kind::Proposal, self.speaker(text)),
            Field::Who => self.speaker(text),
            Field::Post => self.post(text),
            Field::Org => {
                let words = distinct(name_words(text));
                let near = Pattern::Near(words.clone(), WITHIN_NAME);
                (one_name(fields.bodies, &words), Wish::One(near, Place::Bodies))
            }
            Field::About => self.about(text),
            Field::AddressedTo => (one_name(fields.addressed, &distinct(name_words(text))), Wish::Given),
            Field::Country => whole(fields.country, &fold(text)),
            Field::Role => whole(fields.role, text),
            Field::Act => whole(fields.act, text),
            Field::Source => whole(fields.source, text),
            Field::Lang => whole(fields.lang, text.split(['-', '_']).next().unwrap_or(text)),
            Field::Has => whole(fields.has, text),
            Field::Type => whole(fields.release_type, text),
            // Values of these are no texts: `Value::read` sees to it.
            Field::Kind | Field::Direct | Field::Since | Field::Until | Field::On | Field::Confidence => {
                (unscored(AllQuery), Wish::Given)
            }
        }
    }

    fn speaker(&self, text: &str) -> Both {
        let (found, wish) = self.name(&distinct(name_words(text)));
        (weightless(found), wish)
    }

    fn post(&self, text: &str) -> Both {
        let words = distinct(folded(text));
        let found = self.leaves.stemmings.iter().map(|stemming| {
            let stems: Vec<String> = words.iter().map(|word| stemming.stem(word).into_owned()).collect();
            one_name(self.leaves.fields.post, &stems)
        });
        (either(found.collect::<Vec<_>>()), each(&words, Pattern::Stem, Place::Post))
    }

    fn about(&mut self, text: &str) -> Both {
        self.is_weighed = true;
        let words = distinct(folded(text));
        let spoken = every(words.iter().map(|word| self.leaves.passage(word)));
        let names = distinct(name_words(text));
        let named = one_name(self.leaves.fields.about, &names);
        let wishes = vec![
            each(&words, Pattern::Stem, Place::Passage),
            Wish::One(Pattern::Near(names, WITHIN_NAME), Place::Passage),
        ];
        (best([spoken, named]), Wish::Several(1, wishes))
    }
}

/// Each word by itself, all of them wanted.
fn each(words: &[String], pattern: impl Fn(String) -> Pattern, place: Place) -> Wish {
    all_of(words.iter().map(|word| Wish::One(pattern(word.clone()), place)).collect())
}

fn all_of(wishes: Vec<Wish>) -> Wish {
    Wish::Several(wishes.len(), wishes)
}

fn folded(text: &str) -> Vec<String> {
    words_of(text).into_iter().map(|word| word.folded).collect()
}

/// A field narrows, and weighs nothing.
fn weightless(leaf: Leaf) -> Leaf {
    Box::new(ConstScoreQuery::new(leaf, 0.0))
}

/// What a leaf that is no field looks for.
fn pattern(leaf: &Asked) -> Pattern {
    match leaf {
        Asked::Phrase(text) => Pattern::Row(folded(text)),
        Asked::Near(text, between) => Pattern::Near(folded(text), usize::from(*between)),
        // Of several words, as in `al-Sha*`, the last is the one that goes on.
        Asked::Prefix(text) => Pattern::Prefix(folded(text).pop().unwrap_or_default()),
        Asked::Fuzzy(text, distance) => {
            let word = folded(text).pop().unwrap_or_default();
            let by_length = match word.chars().count() {
                0..=2 => 0,
                3..=5 => 1,
                _ => 2,
            };
            Pattern::Fuzzy(Spelling::new(word, distance.unwrap_or(by_length)))
        }
        Asked::Field(..) => Pattern::Any(Vec::new()),
    }
}

/// The words that tell something: all but those that every text has; all, where every one is such. What is written in
/// capitals in a query that is not, as `WHO` and `US`, is no such word.
fn telling(words: &[String]) -> Vec<&String> {
    static COMMON: LazyLock<FxHashSet<String>> =
        LazyLock::new(|| get(Language::English).iter().map(|word| fold(word).replace('\'', "")).collect());
    let capitals = |word: &str| word.chars().count() > 1 && !word.chars().any(char::is_lowercase);
    let shouted = words.iter().all(|word| capitals(word));
    let tells = |word: &&String| {
        let folded = fold(word).replace('\'', "");
        !COMMON.contains(folded.as_str()) || capitals(word) && !shouted
    };
    let telling: Vec<&String> = words.iter().filter(tells).collect();
    if telling.is_empty() { words.iter().collect() } else { telling }
}

fn distinct(words: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut words: Vec<String> = words.into_iter().collect();
    words.sort();
    words.dedup();
    words
}
