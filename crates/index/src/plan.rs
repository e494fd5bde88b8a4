//! A [`Query`] as tantivy's: which documents match, what each match is worth, and what of it is to be marked.

mod named;

use chancery_record::Span;
use chancery_text::fold;
use tantivy::Term;
use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, Occur};

use crate::IndexError;
use crate::analysis::name_words;
use crate::bag::{Bag, Lifting, Most};
use crate::cost::Costs;
use crate::hit::Kind;
use crate::known::{KnownAs, may_be_bodies};
use crate::language::{Expr, Field, GONE, Leaf as Asked, Mistake, Reading, Value, read};
use crate::leaf::{
    Leaf, Leaves, any_release, best, between, either, every, in_days, of_release, one_name, property, row,
    unscored,
};
use crate::lists::{Askable, primary};
use crate::pattern::{Pattern, Spelling};
use crate::period::{End, number, period};
use crate::query::{Mode, Query};
use crate::ranking::RANKING;
use crate::wish::{Place, Wish, Word};
use crate::wording::{distinct, folded, months_called, telling, tells, terms};

/// What a name in its other form is worth: less than any word that was asked for.
const VARIANT: f32 = 0.25;

/// How many of a few plain words must be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// All of them.
    AllOfFew,
    /// Any of them; and phrases beside them need not be found.
    Some,
}

/// A query ready to run.
pub(crate) struct Plan {
    pub(crate) query: Leaf,
    /// What must or may be found in words: what to mark.
    pub(crate) wish: Wish,
    /// The words of the query, with the filters, in canonical form.
    pub(crate) canonical: String,
    /// What was wrong with the words, where mistakes are forgiven.
    pub(crate) mistakes: Vec<Mistake>,
    /// Whether anything has a worth: filters alone have none.
    pub(crate) is_weighed: bool,
    /// Whether more can be found by [`Reach::Some`].
    pub(crate) can_widen: bool,
}

impl Plan {
    /// # Errors
    /// Where the query is not written as it must be, or asks for nothing.
    pub(crate) fn of(
        query: &Query,
        askable: Askable<'_>,
        leaves: Leaves<'_>,
        reach: Reach,
    ) -> Result<Self, IndexError> {
        let mut reading = read(&query.words, &|field, value| askable.meant(field, value));
        if query.mode == Mode::Strict && !reading.mistakes.is_empty() {
            return Err(IndexError::words(&query.words, reading.mistakes));
        }
        if query.mode == Mode::Strict && reading.expr.is_none() && !query.words.trim().is_empty() {
            return Err(IndexError::words(&query.words, vec![no_word(&query.words)]));
        }
        if query.mode == Mode::Strict
            && let Some(expr) = &reading.expr
        {
            check_period(expr)?;
        }
        afford(query, askable, &mut reading)?;
        let mut parts = filters(query, askable)?;
        let of_bodies = |field, value: &Value| field == Field::Kind && *value == Value::Kind(Kind::Body);
        parts.splice(0..0, reading.expr);
        let expr = match Expr::all(parts) {
            Some(expr) => expr,
            None if query.mode == Mode::Forgiving => {
                return Ok(Self::nothing(&query.words, reading.mistakes));
            }
            None => return Err(IndexError::Nothing),
        };
        let mut compiler = Compiler {
            leaves,
            known_as: &query.known_as,
            gone: &query.gone,
            mode: query.mode,
            reach,
            fields: Worth::Nothing,
            is_weighed: false,
            can_widen: false,
        };
        let (mut found, mut wish) = compiler.expr(&expr);
        let of_office = |field, _: &Value| matches!(field, Field::Post | Field::Org);
        if !compiler.is_weighed && expr.asks_for(&of_office) {
            (compiler.fields, compiler.is_weighed) = (Worth::HowWell, true);
            (found, wish) = compiler.expr(&expr);
        }
        let query = if expr.asks_for(&of_bodies) { found } else { leaves.without_bodies(found) };
        Ok(Self {
            query,
            wish,
            canonical: expr.to_string(),
            mistakes: reading.mistakes,
            is_weighed: compiler.is_weighed,
            can_widen: compiler.can_widen,
        })
    }

    /// Where nothing is left of a query once its mistakes are left out: nothing is found.
    fn nothing(words: &str, mut mistakes: Vec<Mistake>) -> Self {
        if mistakes.is_empty() {
            mistakes.push(no_word(words));
        }
        Self {
            query: Box::new(EmptyQuery),
            wish: Wish::Given,
            canonical: String::new(),
            mistakes,
            is_weighed: false,
            can_widen: false,
        }
    }
}

/// Leaves out what a question cannot look for in a reasonable time, or says so.
fn afford(query: &Query, askable: Askable<'_>, reading: &mut Reading) -> Result<(), IndexError> {
    let costs = Costs::of(askable.searcher, askable.fields);
    let Some(expr) = reading.expr.take() else { return Ok(()) };
    let (expr, dear) = costs.affordable(&query.words, expr);
    reading.expr = Some(expr);
    match dear {
        Some(dear) if query.mode == Mode::Strict => Err(IndexError::words(&query.words, vec![dear])),
        dear => {
            reading.mistakes.extend(dear);
            Ok(())
        }
    }
}

fn no_word(words: &str) -> Mistake {
    let (message, mend) = ("there is no word to search for", "search for words or numbers");
    Mistake::new(words, Span::new(0, words.len()), message.into(), mend.into())
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
fn filters(query: &Query, askable: Askable<'_>) -> Result<Vec<Expr>, IndexError> {
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
            let fault = |message, mend| IndexError::Filter { option, given: given.clone(), message, mend };
            let value = Value::read(field, given).map_err(|(message, _)| {
                fault(message.replace(&format!(" behind `{}:`", field.name()), " in it"), mend.to_owned())
            })?;
            only(field, askable.meant(field, value).map_err(|(message, mend)| fault(message, mend))?);
        }
    }
    if let Some(least) = query.min_confidence {
        only(Field::Confidence, Value::Range(least.min(100), 100));
    }
    Ok(parts)
}

/// What a post or body that is asked for by a field is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Worth {
    /// It narrows: words weigh.
    Nothing,
    /// There is nothing else to weigh: how well it is what was asked for.
    HowWell,
}

struct Compiler<'a> {
    leaves: Leaves<'a>,
    known_as: &'a KnownAs,
    gone: &'a [String],
    mode: Mode,
    reach: Reach,
    fields: Worth,
    is_weighed: bool,
    can_widen: bool,
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
        let words =
            parts.iter().map(|part| if let Expr::Words(words) = part { telling(words).len() } else { 0 });
        let words = words.max().unwrap_or(0);
        self.can_widen |= words > 0 && parts.iter().any(is_phrase);
        // In a sentence quotation marks are quotation marks: what stands between them lifts and does not bind.
        let wide = match self.reach {
            Reach::Some => words > 0,
            Reach::AllOfFew => self.mode == Mode::Forgiving && words > RANKING.all_of,
        };
        for part in parts {
            let (occur, inner) = match part {
                Expr::Not(inner) => (Occur::MustNot, inner.as_ref()),
                part => (Occur::Must, part),
            };
            let (leaf, wish) = if occur == Occur::Must { self.expr(inner) } else { self.excluded(inner) };
            if occur == Occur::Must && wide && is_phrase(inner) {
                clauses.push((Occur::Should, leaf));
                wishes.push(Wish::Several(0, vec![wish]));
                continue;
            }
            clauses.push((occur, leaf));
            wishes.push(if occur == Occur::Must { wish } else { Wish::Given });
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, unscored(AllQuery)));
        }
        (Box::new(BooleanQuery::new(clauses)), all_of(wishes))
    }

    /// What is excluded is never widened, and weighs nothing.
    fn excluded(&mut self, inner: &Expr) -> Both {
        let before = (self.reach, self.can_widen);
        self.reach = Reach::AllOfFew;
        let both = self.expr(inner);
        (self.reach, self.can_widen) = before;
        both
    }

    /// Plain words; where some of them name a body by its acronym, its long form will do too, and the other way round: who
    /// has the words themselves comes first.
    fn bag(&mut self, words: &[String]) -> Both {
        let known = self.known_as;
        let (mut found, mut wishes) = (Vec::new(), Vec::new());
        for (range, name) in may_be_bodies(words) {
            let mut rest = words.to_vec();
            rest.drain(range);
            let goes_on = rest.iter().any(tells(&rest));
            for other in known.bodies(&name) {
                let row = Pattern::Row(folded(other));
                let mut every_one: Vec<Leaf> =
                    vec![Box::new(ConstScoreQuery::new(self.leaves.pattern(&row), VARIANT))];
                let mut all = vec![Wish::One(row, Place::Anywhere)];
                if goes_on {
                    let (leaf, wish) = self.words(&rest);
                    every_one.push(leaf);
                    all.push(wish);
                }
                found.push(every(every_one));
                wishes.push(all_of(all));
            }
        }
        for (range, holder) in known.holders(words) {
            let (leaf, wish) = self.holder(holder);
            let mut rest = words.to_vec();
            rest.drain(range);
            let goes_on = rest.iter().any(tells(&rest));
            let beside = goes_on.then(|| self.words(&rest));
            let (leaves, all): (Vec<Leaf>, Vec<Wish>) =
                [Some((leaf, wish)), beside].into_iter().flatten().unzip();
            found.push(every(leaves));
            wishes.push(all_of(all));
        }
        let (leaf, wish) = self.words(words);
        if found.is_empty() {
            return (leaf, wish);
        }
        found.push(leaf);
        wishes.push(wish);
        (best(found), Wish::Several(1, wishes))
    }

    /// Plain words: few must all be found, of many some; those that stand side by side as in the query are worth more.
    fn words(&mut self, words: &[String]) -> Both {
        self.is_weighed = true;
        let content = telling(words);
        let few = content.len() <= RANKING.all_of && self.reach == Reach::AllOfFew;
        let (terms, rows) = terms(&content, few);
        self.can_widen |= content.len() > 1;
        let count = terms.len();
        let least = match self.reach {
            Reach::AllOfFew if few => count,
            Reach::AllOfFew if self.mode == Mode::Strict => {
                count.div_ceil(RANKING.one_in).min(RANKING.at_most)
            }
            Reach::AllOfFew => 1,
            Reach::Some => 1,
        };
        let mut clauses = Vec::new();
        let mut wishes = Vec::new();
        for row in &rows {
            let (found, wish) = self.row_or_name(row);
            clauses.push((Occur::Must, found));
            wishes.push(wish);
        }
        let known = self.known_as;
        let looked_for = |word: &str, times| self.leaves.bm25f(word, known.word(word), times);
        if count > 0 {
            let mut words: Vec<_> = terms.iter().map(|(word, times)| looked_for(word, *times)).collect();
            if let [only] = words.as_mut_slice()
                && rows.is_empty()
            {
                only.other_form = RANKING.other_form_alone;
            }
            let bag = Bag { words, least, lifts: self.lifts(&terms), without: None };
            clauses.push((Occur::Must, Box::new(bag)));
        }
        if count > 0 {
            let words = terms.iter().map(|(word, _)| Word::of(word, known.word(word)));
            wishes.push(Wish::Bag(least, words.collect()));
        }
        let alone = if clauses.len() == 1 { clauses.pop() } else { None };
        let found = alone.map_or_else(|| Box::new(BooleanQuery::new(clauses)) as Leaf, |(_, bag)| bag);
        (found, all_of(wishes))
    }

    /// What several words are worth together: those side by side as in the query, and a year that is that of the release.
    fn lifts(&self, terms: &[(String, f32)]) -> Vec<Lifting> {
        let fields = self.leaves.fields;
        let mut lifts = Vec::new();
        for pair in terms.windows(2) {
            let [(first, _), (second, _)] = pair else { continue };
            let query = row(fields.words, &[first.clone(), second.clone()], RANKING.side_by_side);
            let terms = [first, second].map(|word| Term::from_field_text(fields.words, word));
            lifts.push(Lifting { query, most: Most::OfPair(terms, RANKING.side_by_side) });
        }
        let mut then = |first: u64, last: u64, worth: f32| {
            let query =
                Box::new(ConstScoreQuery::new(in_days(Some(first), Some(last), self.leaves.releases), worth));
            lifts.push(Lifting { query, most: Most::Is(worth) });
        };
        for year in terms.iter().filter(|_| terms.len() > 1).filter_map(|(word, _)| year(word)) {
            then(year * 10_000, year * 10_000 + 9999, RANKING.year);
        }
        for pair in terms.windows(2) {
            if let [(part, _), (word, _)] = pair
                && let (Some([first, last]), Some(year)) = (months_called(part), year(word))
            {
                then(year * 10_000 + first * 100, year * 10_000 + last * 100 + 99, RANKING.months);
            }
        }
        lifts
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
                in_days(first, last, self.leaves.releases)
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
            Field::Org => self.organization(text),
            Field::About => self.about(text),
            Field::AddressedTo => (one_name(fields.addressed, &distinct(name_words(text))), Wish::Given),
            Field::Country => whole(fields.country, &fold(text)),
            Field::Role => whole(fields.role, text),
            Field::Act => whole(fields.act, text),
            Field::Source => (of_release(fields.source, text, self.leaves.releases), Wish::Given),
            Field::Lang => whole(fields.lang, primary(text)),
            Field::Has if text == GONE => {
                (any_release(fields.key, self.gone.iter().map(String::as_str)), Wish::Given)
            }
            Field::Has => (of_release(fields.has, text, self.leaves.releases), Wish::Given),
            Field::Type => (of_release(fields.release_type, text, self.leaves.releases), Wish::Given),
            // Values of these are no texts: `Value::read` sees to it.
            Field::Kind | Field::Direct | Field::Since | Field::Until | Field::On | Field::Confidence => {
                (unscored(AllQuery), Wish::Given)
            }
        }
    }
}

/// The year that a word is.
fn year(word: &str) -> Option<u64> {
    word.parse().ok().filter(|year| (1800..=2200).contains(year) && word.len() == 4)
}

fn is_phrase(expr: &Expr) -> bool {
    matches!(expr, Expr::Leaf(Asked::Phrase(_) | Asked::Near(..)))
}

/// Each word by itself, all of them wanted.
fn each(words: &[String], pattern: impl Fn(String) -> Pattern, place: Place) -> Wish {
    all_of(words.iter().map(|word| Wish::One(pattern(word.clone()), place)).collect())
}

fn all_of(wishes: Vec<Wish>) -> Wish {
    Wish::Several(wishes.len(), wishes)
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
