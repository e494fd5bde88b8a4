//! Patterns as written: a small tree, parsed by recursive descent from the text of `when` or `is`.

use std::ops::Range;

use chancery_text::{Language, Shape, Tokens, fold};

/// A reference `{name:key=value|value:key=value}`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) filters: Vec<(String, Vec<String>)>,
    /// Where it stands, in bytes of the pattern.
    pub(crate) at: Range<usize>,
}

/// A piece of pattern.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// One token, folded.
    Word(String),
    /// One token, exactly.
    Exact(String),
    /// One token of a shape; `None` is any token.
    Shape(Option<Shape>),
    /// One token matched whole.
    Regex(String, Range<usize>),
    /// `{x}`: a whole entry, annotation, class or phrase.
    Item(Item),
    /// `{@x}`: one token inside.
    Inside(Item),
    /// Conditions on one position, `!` negates; only in classes.
    All(Vec<(bool, Node)>),
    Seq(Vec<Node>),
    Alt(Vec<Node>),
    Repeat(Box<Node>, u32, Option<u32>),
    Capture(String, Box<Node>),
    Look(bool, Box<Node>),
    Start,
    End,
}

impl Node {
    /// Visits the node and all nodes within it.
    pub(crate) fn each<'n>(&'n self, visit: &mut dyn FnMut(&'n Self)) {
        visit(self);
        match self {
            Self::Seq(all) | Self::Alt(all) => all.iter().for_each(|node| node.each(visit)),
            Self::All(all) => all.iter().for_each(|(_, node)| node.each(visit)),
            Self::Repeat(inner, ..) | Self::Capture(_, inner) | Self::Look(_, inner) => inner.each(visit),
            _ => {}
        }
    }

    /// All references in it, those of look-aheads too.
    pub(crate) fn references(&self) -> Vec<&Item> {
        let mut all = Vec::new();
        self.each(&mut |node| {
            if let Self::Item(item) | Self::Inside(item) = node {
                all.push(item);
            }
        });
        all
    }
}

/// A mistake in a pattern, in bytes of the pattern.
#[derive(Clone, Debug)]
pub(crate) struct Mistake {
    pub(crate) at: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// Largest number in `{n,m}`: repeats are written out in the program.
const MOST_REPEATS: u32 = 64;
/// So deep may groups and captures lie in one another: a deeper tree would need too much stack.
const DEEPEST: usize = 32;

pub(crate) fn parse(pattern: &str) -> Result<Node, Mistake> {
    parse_with_captures(pattern).map(|(node, _)| node)
}

/// The tree of a pattern, and the names of its captures with where they stand, in bytes of the pattern.
pub(crate) fn parse_with_captures(pattern: &str) -> Result<(Node, Vec<Written>), Mistake> {
    let mut parser = Parser { text: pattern, at: 0, depth: 0, captures: Vec::new() };
    let node = parser.alternatives()?;
    parser.space();
    if parser.at < pattern.len() {
        return Err(parser.mistake("unexpected `)`", "remove it, or open a group with `(`"));
    }
    Ok((node, parser.captures))
}

/// The name of a capture, and where it is written.
pub(crate) type Written = (String, Range<usize>);

struct Parser<'p> {
    text: &'p str,
    at: usize,
    depth: usize,
    captures: Vec<Written>,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn space(&mut self) {
        let skip = self.rest().len() - self.rest().trim_start().len();
        self.at += skip;
    }

    fn eat(&mut self, c: char) -> bool {
        let hit = self.peek() == Some(c);
        if hit {
            self.at += c.len_utf8();
        }
        hit
    }

    fn mistake(&self, message: impl Into<String>, help: impl Into<String>) -> Mistake {
        let width = self.peek().map_or(0, char::len_utf8);
        Mistake { at: self.at..self.at + width, message: message.into(), help: help.into() }
    }

    /// Everything up to `close`, which is taken too.
    fn until(&mut self, close: char, what: &str) -> Result<(String, Range<usize>), Mistake> {
        let start = self.at;
        let Some(len) = self.rest().find(close) else {
            return Err(Mistake {
                at: start.saturating_sub(1)..self.text.len(),
                message: format!("this {what} is never closed"),
                help: format!("close it with `{close}`"),
            });
        };
        self.at = start + len + close.len_utf8();
        Ok((self.text.get(start..start + len).unwrap_or("").to_owned(), start..start + len))
    }

    fn alternatives(&mut self) -> Result<Node, Mistake> {
        let mut all = vec![self.sequence()?];
        loop {
            self.space();
            if !self.eat('|') {
                break;
            }
            all.push(self.sequence()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Alt(all) })
    }

    fn sequence(&mut self) -> Result<Node, Mistake> {
        let mut all = Vec::new();
        loop {
            self.space();
            match self.peek() {
                None | Some('|' | ')') => break,
                Some(_) => all.push(self.conjunction()?),
            }
        }
        if all.is_empty() {
            return Err(self.mistake(
                "nothing to match here",
                "write a word, a shape such as `[Cap]`, or a list such as `{role}`",
            ));
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Seq(all) })
    }

    /// `a & !b & …`: several conditions on one token. A single `&x` or `!x` is a look-ahead.
    fn conjunction(&mut self) -> Result<Node, Mistake> {
        let first = self.condition()?;
        let mut all = Vec::new();
        loop {
            self.space();
            let more =
                self.peek() == Some('&') && self.rest().chars().nth(1).is_some_and(char::is_whitespace);
            if !more {
                break;
            }
            self.at += 1;
            self.space();
            all.push(self.condition()?);
        }
        if all.is_empty() {
            return Ok(match first {
                (true, node) => Node::Look(true, Box::new(node)),
                (false, node) => node,
            });
        }
        all.insert(0, first);
        Ok(Node::All(all))
    }

    fn condition(&mut self) -> Result<(bool, Node), Mistake> {
        if self.eat('!') {
            return Ok((true, self.repeated()?));
        }
        if self.eat('&') {
            return Ok((false, Node::Look(false, Box::new(self.repeated()?))));
        }
        Ok((false, self.repeated()?))
    }

    fn repeated(&mut self) -> Result<Node, Mistake> {
        let mut node = self.atom()?;
        let mut is_repeated = false;
        loop {
            let again = self.peek().is_some_and(|c| matches!(c, '?' | '*' | '+'))
                || self
                    .rest()
                    .strip_prefix('{')
                    .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            if is_repeated && again {
                return Err(self.mistake(
                    "a repeat of a repeat",
                    "put what is repeated into a group: `(a{2,4})?`, or leave one of them out",
                ));
            }
            is_repeated = again;
            let (min, max) = match self.peek() {
                Some('?') => (0, Some(1)),
                Some('*') => (0, None),
                Some('+') => (1, None),
                Some('{') if self.rest().chars().nth(1).is_some_and(|c| c.is_ascii_digit()) => {
                    self.at += 1;
                    let (inner, at) = self.until('}', "repeat")?;
                    node = Self::counted(node, &inner, at)?;
                    continue;
                }
                _ => return Ok(node),
            };
            self.at += 1;
            node = Node::Repeat(Box::new(node), min, max);
        }
    }

    fn counted(node: Node, inner: &str, at: Range<usize>) -> Result<Node, Mistake> {
        let number = |s: &str| s.trim().parse::<u32>().ok();
        let bounds = match inner.split_once(',') {
            Some((low, high)) => number(low).zip(number(high)),
            None => number(inner).map(|n| (n, n)),
        };
        match bounds {
            Some((min, max)) if min <= max && max > 0 && max <= MOST_REPEATS => {
                Ok(Node::Repeat(Box::new(node), min, Some(max)))
            }
            _ => Err(Mistake {
                at,
                message: format!("`{{{inner}}}` is no repeat"),
                help: format!("write `{{2,4}}`: lowest, highest, at most {MOST_REPEATS}"),
            }),
        }
    }

    fn atom(&mut self) -> Result<Node, Mistake> {
        let start = self.at;
        match self.peek() {
            Some('(') => {
                self.at += 1;
                self.deeper()?;
                let node = self.alternatives()?;
                self.space();
                if !self.eat(')') {
                    return Err(Mistake {
                        at: start..start + 1,
                        message: "this group is never closed".into(),
                        help: "close it with `)`".into(),
                    });
                }
                self.depth -= 1;
                Ok(node)
            }
            Some('"') => {
                self.at += 1;
                let (word, at) = self.until('"', "word")?;
                Self::words(&word, at, true)
            }
            Some('[') => {
                self.at += 1;
                let (name, at) = self.until(']', "shape")?;
                shape(&name, at)
            }
            Some('/') => {
                self.at += 1;
                let (regex, at) = self.until('/', "regular expression")?;
                Ok(Node::Regex(regex, at))
            }
            Some('{') => {
                self.at += 1;
                let (inner, at) = self.until('}', "reference")?;
                item(&inner, at)
            }
            Some('^') => {
                self.at += 1;
                Ok(Node::Start)
            }
            Some('$') => {
                self.at += 1;
                Ok(Node::End)
            }
            _ => self.word(),
        }
    }

    /// One group or capture further in.
    fn deeper(&mut self) -> Result<(), Mistake> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("groups and captures are nested more than {DEEPEST} deep");
            return Err(self.mistake(message, "name a part with [[phrase]]"));
        }
        Ok(())
    }

    fn word(&mut self) -> Result<Node, Mistake> {
        let start = self.at;
        let len = self
            .rest()
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '\'' | '’')))
            .unwrap_or(self.rest().len());
        if len == 0 {
            let c = self.peek().unwrap_or(' ');
            return Err(self.mistake(
                format!("`{c}` means nothing in a pattern"),
                format!("to match the sign itself write `\"{c}\"`"),
            ));
        }
        self.at += len;
        let word = self.text.get(start..self.at).unwrap_or("").to_owned();
        if self.eat(':') {
            if word == "each" {
                return Err(Mistake {
                    at: start..self.at,
                    message: "`each:` is not read yet".into(),
                    help: "write a rule that finds one of them; it matches at every place".into(),
                });
            }
            self.deeper()?;
            let node = self.repeated()?;
            self.depth -= 1;
            self.captures.push((word.clone(), start..start + len));
            return Ok(Node::Capture(word, Box::new(node)));
        }
        Self::words(&word, start..self.at, false)
    }

    /// A word as the tokens it is made of.
    fn words(word: &str, at: Range<usize>, exact: bool) -> Result<Node, Mistake> {
        // Letters and digits of ASCII are one token, and need no cutting.
        if !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Ok(if exact { Node::Exact(word.into()) } else { Node::Word(word.to_ascii_lowercase()) });
        }
        let tokens = Tokens::of(word, &Language::default());
        let mut all: Vec<Node> = tokens
            .iter()
            .map(|t| if exact { Node::Exact(t.of(word).to_owned()) } else { Node::Word(fold(t.of(word))) })
            .collect();
        match all.len() {
            0 => Err(Mistake {
                at,
                message: "an empty word matches nothing".into(),
                help: "write the word between the quotes".into(),
            }),
            1 => Ok(all.remove(0)),
            _ => Ok(Node::Seq(all)),
        }
    }
}

/// The shapes of tokens by their names.
pub(crate) const SHAPES: [(&str, Shape); 9] = [
    ("Cap", Shape::CAP),
    ("UPPER", Shape::UPPER),
    ("lower", Shape::LOWER),
    ("num", Shape::NUM),
    ("punct", Shape::PUNCT),
    ("word", Shape::WORD),
    ("init", Shape::INIT),
    ("poss", Shape::POSS),
    ("uncased", Shape::UNCASED),
];

fn shape(name: &str, at: Range<usize>) -> Result<Node, Mistake> {
    if name == "any" {
        return Ok(Node::Shape(None));
    }
    match SHAPES.iter().find(|(known, _)| *known == name) {
        Some((_, shape)) => Ok(Node::Shape(Some(*shape))),
        None => Err(Mistake {
            at,
            message: format!("`[{name}]` is no shape"),
            help: "the shapes are [Cap] [UPPER] [lower] [num] [punct] [word] [any] [init] [poss] [uncased]"
                .into(),
        }),
    }
}

fn item(inner: &str, at: Range<usize>) -> Result<Node, Mistake> {
    let (inside, body) = inner.strip_prefix('@').map_or((false, inner), |body| (true, body));
    let mut parts = body.split(':');
    let name = parts.next().unwrap_or("").trim().to_owned();
    let mut filters = Vec::new();
    for part in parts {
        let Some((key, values)) = part.split_once('=') else {
            return Err(Mistake {
                at,
                message: format!("`{part}` is no test"),
                help: "write `{list:key=value}`, alternatives as `key=a|b`".into(),
            });
        };
        if !key.trim().chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
            return Err(Mistake {
                at,
                message: format!("`{}` is no key", key.trim()),
                help: "a test is `key=value`; to exclude, write `!{list:key=value}` before it".into(),
            });
        }
        filters.push((key.trim().to_owned(), values.split('|').map(|v| v.trim().to_owned()).collect()));
    }
    if name.is_empty() {
        return Err(Mistake {
            at,
            message: "a reference without a name".into(),
            help: "write the id of a list, phrase, class or annotation".into(),
        });
    }
    let item = Item { name, filters, at };
    Ok(if inside { Node::Inside(item) } else { Node::Item(item) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_the_guide_parse() {
        for pattern in [
            "the? title:({qualifier}? {short_org}? {role} for {portfolio}) name:{person}",
            "[Cap]+ (\",\" [Cap]+)* (\",\"? and [Cap]+)?",
            "{person} (street | road | avenue)",
            "{stand:lemma=note:form=past|s} (!{brk} [any])+",
            "[Cap] & !{@country} & !{role}",
            "^ text:({np}{1,3}) \",\" $",
            "/[A-Z]{2,9}/ &that Hon’ble",
        ] {
            assert!(parse(pattern).is_ok(), "{pattern}: {:?}", parse(pattern));
        }
    }

    #[test]
    fn mistakes_have_a_place_and_a_mend() {
        for (pattern, at, message) in [
            ("a (b", 2..3, "never closed"),
            ("a b)", 3..4, "unexpected"),
            ("{role", 0..5, "never closed"),
            ("[cap]", 1..4, "no shape"),
            ("a{3,2}", 2..5, "no repeat"),
            ("a ; b", 2..3, "means nothing"),
            ("a | ", 4..4, "nothing to match"),
            ("{x:class}", 1..8, "no test"),
            ("{x:class!=a}", 1..11, "no key"),
            ("each:(a)", 0..5, "not read yet"),
            ("a{2,4}?", 6..7, "repeat of a repeat"),
            ("a*{2}", 2..3, "repeat of a repeat"),
        ] {
            let mistake = parse(pattern).unwrap_err();
            assert_eq!(mistake.at, at, "{pattern}");
            assert!(mistake.message.contains(message), "{pattern}: {}", mistake.message);
            assert!(!mistake.help.is_empty());
        }
    }

    #[test]
    fn depth_has_a_limit() {
        for (open, close) in [("(", ")"), ("a:", "")] {
            let nested = |depth: usize| format!("{}b{}", open.repeat(depth), close.repeat(depth));
            assert!(parse(&nested(DEEPEST)).is_ok());
            let mistake = parse(&nested(100_000)).unwrap_err();
            assert!(mistake.message.contains("more than 32 deep"), "{}", mistake.message);
        }
    }
}
