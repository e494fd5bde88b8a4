//! From a string to a query. Reading never stops at a mistake: it notes it, takes what is nearest to what was written, and
//! goes on.

use chancery_record::Span;

use super::cursor::{Cursor, bare, is_invisible, is_quote, visible};
use super::{Expr, Field, Leaf, Mistake, Value};

/// Longer queries are no questions.
const LONGEST: usize = 20_000;

/// So many words and fields are looked up at most.
const MOST: usize = 256;

/// So deep may groups stand in groups.
const DEEPEST: usize = 40;

/// So many words may stand between words near each other.
const FARTHEST: u8 = 100;

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
    let mut end = query.len().min(LONGEST);
    while !query.is_char_boundary(end) {
        end -= 1;
    }
    let cut = query.get(..end).unwrap_or_default();
    let mut parser =
        Parser { cursor: Cursor { query: cut, at: 0 }, leaves: 0, depth: 0, mistakes: Vec::new() };
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
enum Item {
    Word(String),
    Expr(Expr),
}

struct Parser<'q> {
    cursor: Cursor<'q>,
    leaves: usize,
    depth: usize,
    mistakes: Vec<Mistake>,
}

impl Parser<'_> {
    fn mistake(&mut self, span: Span, message: impl Into<String>, mend: impl Into<String>) {
        self.mistakes.push(Mistake::new(self.cursor.query, span, message.into(), mend.into()));
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

    /// What stands between quotation marks; where none closes it, all the rest.
    fn quoted(&mut self) -> (String, Span) {
        let start = self.cursor.at;
        self.cursor.next();
        let inner = self.cursor.take_while(|c| !is_quote(c));
        let closed = self.cursor.next().is_some();
        let span = self.cursor.since(start);
        if !closed {
            self.mistake(span, "this phrase is not closed", "end the phrase with a second quotation mark");
        }
        (visible(inner), span)
    }

    fn phrase(&mut self) -> Option<Item> {
        let (words, span) = self.quoted();
        let near = (self.cursor.peek() == Some('~')).then(|| {
            let start = self.cursor.at;
            self.cursor.next();
            let digits = self.cursor.take_while(|c| c.is_ascii_digit());
            let between = digits.parse::<u8>().ok().filter(|between| *between <= FARTHEST);
            if between.is_none() {
                let message =
                    format!("`~` wants a number up to {FARTHEST}: how many words may stand between");
                self.mistake(self.cursor.since(start), message, "write \"two words\"~3");
            }
            between.unwrap_or(FARTHEST)
        });
        if !words.contains(char::is_alphanumeric) {
            self.mistake(
                span,
                "this phrase is empty",
                "put words between the quotation marks, or leave them out",
            );
            return None;
        }
        self.leaves += words.split(' ').count();
        Some(Item::Expr(Expr::Leaf(match near {
            Some(between) => Leaf::Near(words, between),
            None => Leaf::Phrase(words),
        })))
    }

    /// A word, a prefix, a spelling, or a field with its value.
    fn word(&mut self) -> Vec<Item> {
        let start = self.cursor.at;
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c);
        let name = self.cursor.take_while(is_of_name);
        if !name.is_empty() && self.cursor.peek() == Some(':') {
            let after = self.cursor.second();
            // `https:` begins an address.
            if let Some(field) = Field::named(name).filter(|_| after != Some('/')) {
                self.cursor.next();
                return self.field(field, start);
            }
            if after.is_some_and(|c| c.is_alphanumeric() || is_quote(c) || matches!(c, '>' | '<')) {
                let span = self.cursor.since(start);
                self.unknown_field(name, span);
                self.cursor.next();
                return self.plain(name);
            }
        }
        self.cursor.take_while(|c| !ends(c));
        let span = self.cursor.since(start);
        let typed: String = span.of(self.cursor.query).chars().filter(|c| !is_invisible(*c)).collect();
        let typed = typed.trim_end_matches(['.', ',', ';', '!', '?', ':']);
        if let Some(before) = typed.strip_suffix('*') {
            return self.prefix(before, span);
        }
        if let Some((before, digits)) = typed.rsplit_once('~')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            return self.fuzzy(before, digits, span);
        }
        if bare(typed).contains('*') {
            self.mistake(span, "`*` stands within a word", "write it at the end, as in minist*");
            return typed.split('*').flat_map(|part| self.plain(part)).collect();
        }
        self.plain(typed)
    }

    /// A word without what stands around it; nothing where it has no letter or digit.
    fn plain(&mut self, typed: &str) -> Vec<Item> {
        let mut words = Vec::new();
        for part in typed.split(['*', '~']) {
            let part = bare(part);
            // What only lost its punctuation is a word like others, be it spelt as an operator or a field.
            let (name, rest) = part.split_once(':').unwrap_or((part, ""));
            let is_field = !rest.is_empty() && !rest.starts_with('/') && name.chars().all(is_of_name);
            let parts = if is_field { part.split(':').map(bare).collect() } else { vec![part] };
            for word in parts {
                let operator = matches!(word, "AND" | "OR" | "NOT");
                words.push(if operator { word.to_lowercase() } else { word.into() });
            }
        }
        words.retain(|word: &String| !word.is_empty());
        self.leaves += words.len();
        words.into_iter().map(Item::Word).collect()
    }

    /// What stands before the last colon of a word, as words, and what stands behind it.
    fn before_colon<'w>(&mut self, word: &'w str) -> (Vec<Item>, &'w str) {
        let (before, behind) = word.rsplit_once(':').unwrap_or(("", word));
        (self.plain(before), bare(behind))
    }

    fn prefix(&mut self, before: &str, span: Span) -> Vec<Item> {
        let start = bare(before);
        if start.is_empty() {
            return Vec::new();
        }
        if start.contains('*') {
            self.mistake(span, "`*` stands within a word", "write it once, at the end, as in minist*");
            return start.split('*').flat_map(|part| self.plain(part)).collect();
        }
        let letters =
            start.rsplit(':').next().unwrap_or(start).chars().filter(|c| c.is_alphanumeric()).count();
        if letters < 2 {
            self.mistake(
                span,
                "too many words begin with one letter",
                "write two letters or more before `*`",
            );
            return self.plain(start);
        }
        let (mut items, start) = self.before_colon(start);
        self.leaves += 1;
        items.push(Item::Expr(Expr::Leaf(Leaf::Prefix(start.into()))));
        items
    }

    fn fuzzy(&mut self, before: &str, digits: &str, span: Span) -> Vec<Item> {
        let word = bare(before);
        if word.is_empty() {
            return Vec::new();
        }
        let distance = match digits {
            "" => None,
            "1" => Some(1),
            "2" => Some(2),
            _ => {
                self.mistake(
                    span,
                    "one or two letters of a word may differ",
                    "write word~, word~1 or word~2",
                );
                None
            }
        };
        if word.contains(['~', '*']) {
            self.mistake(span, "`~` stands within a word", "write it once, at the end, as in Talat~");
            return word.split(['~', '*']).flat_map(|part| self.plain(part)).collect();
        }
        let (mut items, word) = self.before_colon(word);
        self.leaves += 1;
        items.push(Item::Expr(Expr::Leaf(Leaf::Fuzzy(word.into(), distance))));
        items
    }

    fn unknown_field(&mut self, name: &str, span: Span) {
        let names: Vec<&str> = Field::all().map(Field::name).collect();
        let mend = match Field::near(name) {
            Some(near) => format!("did you mean `{near}:`?"),
            None => format!("fields are {}; a word with a colon stands in quotation marks", names.join(", ")),
        };
        self.mistake(span, format!("there is no field `{name}`"), mend);
    }

    /// The value of a field, or several of which any may hold; the cursor stands behind the colon.
    fn field(&mut self, field: Field, start: usize) -> Vec<Item> {
        let mut values = Vec::new();
        match self.cursor.peek() {
            Some('(') => {
                self.cursor.next();
                let from = self.cursor.at;
                let inner = self.cursor.take_while(|c| c != ')');
                let texts: Vec<String> =
                    inner.split(" OR ").map(|text| visible(&text.replace(is_quote, " "))).collect();
                if self.cursor.next().is_none() {
                    self.mistake(
                        Span::new(from - 1, from),
                        "this group is not closed",
                        "write `)` where it ends",
                    );
                }
                values.extend(texts);
            }
            Some(c) if is_quote(c) => values.push(self.quoted().0),
            _ => values.push(visible(
                self.cursor.take_while(|c| !c.is_whitespace() && !matches!(c, '(' | ')') && !is_quote(c)),
            )),
        }
        let span = self.cursor.since(start);
        let mut parts = Vec::new();
        for text in values {
            let text = if matches!(field, Field::Confidence) {
                text.as_str()
            } else {
                text.trim_end_matches([',', ';', '.'])
            };
            self.leaves += 1;
            match Value::read(field, text) {
                Ok(value) => parts.push(Expr::Leaf(Leaf::Field(field, value))),
                Err((message, mend)) => self.mistake(span, message, mend),
            }
        }
        Expr::any(parts).map(Item::Expr).into_iter().collect()
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

/// Whether a character may stand in the name of a field.
fn is_of_name(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '-' | '_')
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
