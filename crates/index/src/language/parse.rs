//! From a string to a query. Reading never stops at a mistake: it notes it, takes what is nearest to what was written, and
//! goes on.

use chancery_record::Span;

use super::cursor::{Cursor, is_quote};
use super::value::Wrong;
use super::{Expr, Field, Mistake, Value};

/// Longer queries are no questions.
const LONGEST: usize = 20_000;

/// So many words and fields are looked up at most.
const MOST: usize = 256;

/// So many mistakes are told: nobody reads more, and each costs a look at all that stands before it.
const MOST_MISTAKES: usize = 100;

/// So deep may groups stand in groups.
const DEEPEST: usize = 40;

/// A query as it was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What it asks for; `None` where nothing is left of it.
    pub expr: Option<Expr>,
    /// What was wrong with it, in order.
    pub mistakes: Vec<Mistake>,
}

/// Reads a query, strictly.
///
/// # Errors
/// All its mistakes, in order.
pub fn parse(query: &str) -> Result<Option<Expr>, Vec<Mistake>> {
    let reading = parse_forgiving(query);
    if reading.mistakes.is_empty() { Ok(reading.expr) } else { Err(reading.mistakes) }
}

/// Reads any string as a query, as search boxes do: what is wrong is mended or left out, and told.
#[must_use]
pub fn parse_forgiving(query: &str) -> Reading {
    read(query, &|_, value| Ok(value))
}

/// What a value that may stand behind a field means to who is asked, or why it means nothing.
pub(crate) type Meant<'m> = dyn Fn(Field, Value) -> Result<Value, Wrong> + 'm;

/// The same, with every value of a field as it is `meant`; what means nothing is a mistake.
pub(crate) fn read(query: &str, meant: &Meant<'_>) -> Reading {
    let mut end = query.len().min(LONGEST);
    while !query.is_char_boundary(end) {
        end -= 1;
    }
    let cut = query.get(..end).unwrap_or_default();
    let mut parser = Parser {
        cursor: Cursor { query: cut, at: 0 },
        meant,
        leaves: 0,
        spellings: 0,
        depth: 0,
        mistakes: Vec::new(),
    };
    if end < query.len() {
        let message = format!("this query has {} bytes, more than {LONGEST}", query.len());
        parser.mistake(Span::new(0, 0), message, "search for the few words that matter");
    }
    let expr = parser.whole();
    let mut mistakes = parser.mistakes;
    mistakes.sort_by_key(|mistake| mistake.span);
    Reading { expr, mistakes }
}

/// What stands in a row.
pub(super) enum Item {
    Word(String),
    Expr(Expr),
}

pub(super) struct Parser<'q, 'm> {
    pub(super) cursor: Cursor<'q>,
    pub(super) meant: &'m Meant<'m>,
    /// Words and fields read so far.
    pub(super) leaves: usize,
    /// Words read so far whose other spellings are asked for.
    pub(super) spellings: usize,
    depth: usize,
    mistakes: Vec<Mistake>,
}

impl Parser<'_, '_> {
    pub(super) fn mistake(&mut self, span: Span, message: impl Into<String>, mend: impl Into<String>) {
        if self.mistakes.len() < MOST_MISTAKES {
            self.mistakes.push(Mistake::new(self.cursor.query, span, message.into(), mend.into()));
        }
    }

    fn whole(&mut self) -> Option<Expr> {
        let mut parts = Vec::new();
        loop {
            parts.extend(self.or());
            let start = self.cursor.at;
            if self.cursor.next().is_none() {
                break;
            }
            // `or` stops only at the end and at what closes a group.
            self.mistake(
                self.cursor.since(start),
                "no `(` is open here",
                "leave `)` out, or open the group before",
            );
        }
        Expr::all(parts)
    }

    fn or(&mut self) -> Option<Expr> {
        let mut parts: Vec<Expr> = self.and().into_iter().collect();
        while let Some(operator) = self.operator("OR") {
            if parts.is_empty() {
                self.mistake(
                    operator,
                    "nothing stands before OR",
                    "write what may be found, or leave OR out",
                );
            }
            match self.and() {
                Some(part) => parts.push(part),
                None if self.leaves > MOST => {}
                None => self.mistake(
                    operator,
                    "nothing stands after OR",
                    "write what may be found instead, or leave OR out",
                ),
            }
        }
        Expr::any(parts)
    }

    fn and(&mut self) -> Option<Expr> {
        let mut parts = self.row();
        while let Some(operator) = self.operator("AND") {
            if parts.is_empty() {
                self.mistake(
                    operator,
                    "nothing stands before AND",
                    "write what must be found, or leave AND out",
                );
            }
            let more = self.row();
            if more.is_empty() && self.leaves <= MOST {
                self.mistake(
                    operator,
                    "nothing stands after AND",
                    "write what must be found too, or leave AND out",
                );
            }
            parts.extend(more);
        }
        Expr::all(parts)
    }

    /// What stands side by side: all plain words of it are one bag, which stands where the first of them does.
    fn row(&mut self) -> Vec<Expr> {
        let (mut parts, mut bag, mut place) = (Vec::new(), Vec::new(), 0);
        while let Some(items) = self.item() {
            for item in items {
                match item {
                    Item::Word(word) => {
                        if bag.is_empty() {
                            place = parts.len();
                        }
                        bag.push(word);
                    }
                    Item::Expr(expr) => parts.push(expr),
                }
            }
        }
        if !bag.is_empty() {
            parts.insert(place, Expr::Words(bag));
        }
        parts
    }

    /// The next item of a row; `None` where the row ends.
    fn item(&mut self) -> Option<Vec<Item>> {
        self.cursor.skip_space();
        let next = self.cursor.peek()?;
        if next == ')' || self.peek_operator("OR") || self.peek_operator("AND") {
            return None;
        }
        if self.leaves >= MOST {
            return self.too_many();
        }
        if let Some(operator) = self.operator("NOT") {
            return Some(self.excluded(operator, "NOT"));
        }
        let minus = next == '-' && self.cursor.second().is_some_and(|c| !c.is_whitespace() && c != ')');
        if minus {
            let start = self.cursor.at;
            self.cursor.next();
            return Some(self.excluded(self.cursor.since(start), "-"));
        }
        Some(match next {
            '(' => self.group(),
            c if is_quote(c) => self.phrase().into_iter().collect(),
            _ => self.word(),
        })
    }

    fn too_many(&mut self) -> Option<Vec<Item>> {
        let rest = Span::new(self.cursor.at, self.cursor.query.len());
        if self.leaves == MOST {
            self.leaves += 1;
            self.mistake(rest, format!("more than {MOST} words"), "search for the few words that matter");
        }
        self.cursor.at = rest.end;
        None
    }

    /// What stands after NOT or a minus, turned round.
    fn excluded(&mut self, operator: Span, sign: &str) -> Vec<Item> {
        let items = if self.depth >= DEEPEST {
            None
        } else {
            self.depth += 1;
            let items = self.item();
            self.depth -= 1;
            items
        };
        match items.map(together) {
            Some(Some(expr)) => vec![match expr.negated() {
                // Excluded twice it is a plain word again.
                Expr::Words(mut words) if words.len() == 1 => Item::Word(words.remove(0)),
                expr => Item::Expr(expr),
            }],
            // A minus before what is no word is punctuation.
            Some(None) if sign == "-" => Vec::new(),
            _ if self.leaves > MOST => Vec::new(),
            _ => {
                let mend = format!("write what must not be found, or leave {sign} out");
                self.mistake(operator, format!("nothing stands after {sign}"), mend);
                Vec::new()
            }
        }
    }

    fn group(&mut self) -> Vec<Item> {
        let start = self.cursor.at;
        self.cursor.next();
        if self.depth >= DEEPEST {
            self.mistake(
                self.cursor.since(start),
                format!("more than {DEEPEST} groups in one another"),
                "leave out what is not needed",
            );
            return Vec::new();
        }
        let mistakes = self.mistakes.len();
        self.depth += 1;
        let inner = self.or();
        self.depth -= 1;
        if self.cursor.peek() == Some(')') {
            self.cursor.next();
            if inner.is_none() && self.mistakes.len() == mistakes {
                self.mistake(
                    self.cursor.since(start),
                    "this group is empty",
                    "write something between `(` and `)`, or leave them out",
                );
            }
        } else if self.leaves <= MOST {
            self.mistake(Span::new(start, start + 1), "this group is not closed", "write `)` where it ends");
        }
        match inner {
            // A group of plain words is as good as the words.
            Some(Expr::Words(words)) => words.into_iter().map(Item::Word).collect(),
            Some(expr) => vec![Item::Expr(expr)],
            None => Vec::new(),
        }
    }

    fn peek_operator(&self, operator: &str) -> bool {
        let after = self.cursor.rest().strip_prefix(operator);
        after.is_some_and(|after| {
            after.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c))
        })
    }

    fn operator(&mut self, operator: &str) -> Option<Span> {
        self.cursor.skip_space();
        let start = self.cursor.at;
        self.peek_operator(operator).then(|| {
            self.cursor.at += operator.len();
            self.cursor.since(start)
        })
    }
}

/// Items of a group as one.
fn together(items: Vec<Item>) -> Option<Expr> {
    let (mut words, mut parts) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Item::Word(word) => words.push(word),
            Item::Expr(expr) => parts.push(expr),
        }
    }
    if !words.is_empty() {
        parts.insert(0, Expr::Words(words));
    }
    Expr::all(parts)
}
