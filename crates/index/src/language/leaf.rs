//! The leaves of a query, as they are written: words, prefixes, spellings, phrases, and fields with their values.

use chancery_record::Span;

use super::cursor::{bare, is_invisible, is_quote, visible};
use super::parse::{Item, Parser};
use super::{Expr, Field, Leaf, Value};

/// So many words may stand between words near each other.
pub(crate) const FARTHEST: u8 = 100;

/// Of so many words other spellings are looked for: of each, all words of the archive are looked through.
const MOST_SPELLINGS: usize = 16;

impl Parser<'_, '_> {
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

    pub(super) fn phrase(&mut self) -> Option<Item> {
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
    pub(super) fn word(&mut self) -> Vec<Item> {
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
        self.spellings += 1;
        if self.spellings > MOST_SPELLINGS {
            if self.spellings == MOST_SPELLINGS + 1 {
                let message = format!("more than {MOST_SPELLINGS} words with `~`");
                self.mistake(span, message, "leave `~` out where the spelling is sure");
            }
            return self.plain(word);
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
            match Value::read(field, text).and_then(|value| (self.meant)(field, value)) {
                Ok(value) => parts.push(Expr::Leaf(Leaf::Field(field, value))),
                Err((message, mend)) => self.mistake(span, message, mend),
            }
        }
        Expr::any(parts).map(Item::Expr).into_iter().collect()
    }
}

/// Whether a character may stand in the name of a field.
fn is_of_name(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '-' | '_')
}
