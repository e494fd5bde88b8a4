//! Tokens, sentences, shapes and folding in the plainest way that gives what is promised: one step after another, with
//! `unicode-segmentation` over the whole text. Slow, and the yardstick of the fast way.

#[path = "quoted.rs"]
mod quoted;

use std::collections::BTreeMap;

use chancery_text::{LONGEST_SENTENCE, Language, Quotation, Sentence, Shape};
use quoted::{line_ends, quotations};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) shape: Shape,
}

impl Piece {
    fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// All that [`chancery_text::Tokens`] knows.
pub(crate) struct Reference {
    pub(crate) tokens: Vec<Piece>,
    pub(crate) folded: Vec<String>,
    pub(crate) quotations: Vec<Quotation>,
    pub(crate) sentences: Vec<Sentence>,
}

impl Reference {
    pub(crate) fn of(text: &str, language: &Language) -> Self {
        let tokens = tokenize(text, language);
        let ends = line_ends(text, &tokens);
        let quotations = quotations(text, &tokens, &ends);
        let sentences = sentences(text, &tokens, &quotations, &ends, language);
        let folded = tokens.iter().map(|token| fold(token.of(text))).collect();
        Self { tokens, folded, quotations, sentences }
    }
}

/// Tokens of `text`, white space left out.
fn tokenize(text: &str, language: &Language) -> Vec<Piece> {
    let mut tokens: Vec<Piece> = Vec::with_capacity(text.len() / 5);
    for (start, piece) in text.split_word_bound_indices() {
        if piece.chars().all(char::is_whitespace) {
            continue;
        }
        let end = start + piece.len();
        match tokens.last_mut() {
            Some(last) if last.end == start && joins(text, last, start, piece) => last.end = end,
            _ => tokens.push(Piece { start, end, shape: Shape::default() }),
        }
    }
    let mut mended = Vec::with_capacity(tokens.len() + tokens.len() / 16);
    for token in tokens {
        match missing_space(text, &token) {
            Some(stop) => {
                let part = |start, end| Piece { start, end, shape: Shape::default() };
                mend(text, part(token.start, stop), language, &mut mended);
                mended.push(Piece { start: stop, end: stop + 1, shape: Shape::PUNCT });
                mend(text, part(stop + 1, token.end), language, &mut mended);
            }
            None => mend(text, token, language, &mut mended),
        }
    }
    mended
}

/// The full stop inside a token that wants a space after it: `Ms.Tanaka`, `ended.The`.
fn missing_space(text: &str, token: &Piece) -> Option<usize> {
    let (before, after) = token.of(text).split_once('.')?;
    let capital = after.chars().next().is_some_and(char::is_uppercase)
        && after.chars().nth(1).is_some_and(char::is_alphabetic);
    let word = before.chars().count() >= 2 && before.chars().next_back().is_some_and(char::is_lowercase);
    (capital && word && !after.contains('.')).then_some(token.start + before.len())
}

const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// Whether the piece at `start` belongs to the token before it, which it touches.
fn joins(text: &str, last: &Piece, start: usize, piece: &str) -> bool {
    let word = last.of(text);
    let ends_in_word = word.chars().next_back().is_some_and(char::is_alphanumeric);
    let first = piece.chars().next().unwrap_or(' ');
    let after = || text.get(start + piece.len()..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
    if is_hyphen(first) {
        return ends_in_word && after().is_alphanumeric();
    }
    if first == '&' {
        // A few capitals on both sides: `R&D`.
        let rest = text.get(start + piece.len()..).unwrap_or("");
        let next: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
        let capitals = |word: &str| !word.is_empty() && word.chars().all(char::is_uppercase);
        return capitals(word) && capitals(&next) && next.chars().count() <= 6;
    }
    if first == '.' && ends_in_word {
        // A single letter, or letters already dotted: `J.`, `U.S.`
        let mut letters = word.rsplit('.').next().unwrap_or("").chars();
        return letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    }
    if first.is_alphanumeric() {
        // After a joined hyphen (`al-` + `Shaibani`), dot (`K.` + `M`) or `&` (`R&` + `D`).
        return word.len() > 1
            && word
                .chars()
                .next_back()
                .is_some_and(|c| is_hyphen(c) || (matches!(c, '.' | '&') && first.is_uppercase()));
    }
    false
}

/// Splits possessives and the language's prefixes and suffixes off a token.
fn mend(text: &str, token: Piece, language: &Language, out: &mut Vec<Piece>) {
    let word = token.of(text);
    let mut push = |start: usize, end: usize, extra: Shape| {
        let shape = shape(text.get(start..end).unwrap_or("")).with(extra);
        out.push(Piece { start, end, shape });
    };
    let mut end = token.end;
    let mut possessive = None;
    let mut tail = word.char_indices().rev();
    if let (Some((at, 's' | 'S')), Some((mark, c))) = (tail.next(), tail.next())
        && is_apostrophe(c)
        && mark > 0
        && at > mark
    {
        end = token.start + mark;
        possessive = Some((end, token.end));
    }
    let mut start = token.start;
    let mut late = None;
    if let Some(body) = text.get(start..end)
        && body.contains(is_hyphen)
    {
        if let Some((head, _)) = body.split_once(is_hyphen)
            && language.prefixes.contains(&fold(head))
        {
            push(start, start + head.len(), Shape::default());
            let hyphen =
                text.get(start + head.len()..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8);
            start += head.len() + hyphen;
        }
        if let Some((at, hyphen)) =
            text.get(start..end).and_then(|b| b.char_indices().rfind(|(_, c)| is_hyphen(*c)))
        {
            let suffix = start + at + hyphen.len_utf8();
            if language.suffixes.contains(&fold(text.get(suffix..end).unwrap_or(""))) {
                late = Some((suffix, end));
                end = start + at;
            }
        }
    }
    if start < end {
        let lone = end - start <= 3
            && text
                .get(start..end)
                .is_some_and(|w| w.chars().count() == 1 && is_apostrophe(w.chars().next().unwrap_or(' ')));
        let after_word = start > 0
            && text
                .get(..start)
                .and_then(|t| t.chars().next_back())
                .is_some_and(|c| matches!(c, 's' | 'S' | 'z' | 'x'));
        push(start, end, if lone && after_word { Shape::POSS } else { Shape::default() });
    }
    if let Some((from, to)) = late {
        push(from, to, Shape::default());
    }
    if let Some((from, to)) = possessive {
        push(from, to, Shape::POSS);
    }
}

/// Cuts the tokens of a text into sentences. Blocks are parted by line ends; one that only wraps a paragraph parts
/// nothing.
fn sentences(
    text: &str,
    tokens: &[Piece],
    quotations: &[Quotation],
    ends: &BTreeMap<usize, bool>,
    language: &Language,
) -> Vec<Sentence> {
    let mut borders = text.split_sentence_bound_indices().map(|(at, _)| at).skip(1).peekable();
    let mut quotes = quotations.iter().peekable();
    let (mut found, mut start, mut block) = (Vec::new(), 0, 0);
    for at in 1..=tokens.len() {
        if at == tokens.len() {
            push(text, tokens, start, at, block, &mut found);
            break;
        }
        let (before, here) = (&tokens[at - 1], &tokens[at]);
        let mut border = false;
        while borders.peek().is_some_and(|b| *b <= here.start) {
            border |= borders.next().is_some_and(|b| b >= before.end);
        }
        while quotes.peek().is_some_and(|q| q.close < at) {
            quotes.next();
        }
        let wrapped = ends.get(&at) == Some(&true);
        let line_end = ends.get(&at) == Some(&false);
        let quoted = quotes.peek().is_some_and(|q| q.open < at && at <= q.close);
        let lower = here.shape.has(Shape::LOWER);
        let asked = lower && quotations.iter().any(|q| q.closed && q.close + 1 == at);
        let word = |n: &usize| !matches!(tokens[*n].of(text), "”" | "\"" | "’" | "'" | ")");
        let stop = (0..at).rev().find(word).is_some_and(|n| matches!(tokens[n].of(text), "." | "!" | "?"));
        let border = if wrapped { stop && !lower } else { border };
        if line_end && !quoted {
            push(text, tokens, start, at, block, &mut found);
            (start, block) = (at, block + 1);
        } else if border && !line_end && !quoted && !asked && ends_before(text, tokens, at, language) {
            push(text, tokens, start, at, block, &mut found);
            start = at;
        }
    }
    found
}

/// Whether a border that UAX #29 sees before token `at` is the end of a sentence.
fn ends_before(text: &str, tokens: &[Piece], at: usize, language: &Language) -> bool {
    let starter = || language.starters.contains(&fold(tokens[at].of(text)));
    let capital = |at: usize| tokens.get(at).is_some_and(|token| token.shape.has(Shape::CAP));
    // `(U.S.)` and `(Ret.)`: the bracket holds nothing else.
    let mut end = at;
    for len in [2, 3] {
        if at > len && tokens[at - 1].of(text) == ")" && tokens[at - 1 - len].of(text) == "(" {
            end = at - 1;
        }
    }
    let last = &tokens[end - 1];
    if last.shape.has(Shape::INIT) {
        return starter();
    }
    if last.of(text) == "." && end >= 2 && tokens[end - 2].end == last.start {
        let word = fold(tokens[end - 2].of(text));
        if language.abbreviations.contains(&word) {
            let name = language.addresses.contains(&word) && capital(at) && capital(at + 1);
            return starter() && !name;
        }
    }
    true
}

/// Adds a sentence, cut behind a headline in capitals at the beginning of its block.
fn push(text: &str, tokens: &[Piece], mut start: usize, end: usize, block: usize, found: &mut Vec<Sentence>) {
    let begun = found.last().is_some_and(|last| last.block == block);
    if let Some(at) = headed(text, tokens, start, end).filter(|_| !begun) {
        bounded(text, tokens, start, at, block, found);
        start = at;
    }
    bounded(text, tokens, start, end, block, found);
}

/// Where the sentence begins before which a headline in capitals stands.
fn headed(text: &str, tokens: &[Piece], start: usize, end: usize) -> Option<usize> {
    let shape = |at: usize| tokens[at].shape;
    let mixed =
        |at: usize| shape(at).has(Shape::CAP) && !shape(at).has(Shape::UPPER) && !shape(at).has(Shape::INIT);
    if start == end || !shape(start).has(Shape::UPPER) {
        return None;
    }
    let stop = (start..end).find(|at| shape(*at).has(Shape::LOWER) || mixed(*at)).unwrap_or(end);
    let at = (start..stop).rev().find(|at| shape(*at).has(Shape::UPPER)).map_or(start, |at| at + 1);
    let capitals = (start..at).filter(|at| shape(*at).has(Shape::UPPER)).count();
    let commas = (start..at).filter(|at| tokens[*at].of(text) == ",").count();
    let begins = at < end && shape(at).has(Shape::CAP) && !shape(at).has(Shape::UPPER);
    (begins && capitals >= 4 && commas * 2 < capitals).then_some(at)
}

/// Adds a sentence, cut where it is longer than [`LONGEST_SENTENCE`], after a comma or semicolon if there is one.
fn bounded(
    text: &str,
    tokens: &[Piece],
    mut start: usize,
    end: usize,
    block: usize,
    found: &mut Vec<Sentence>,
) {
    while end - start > LONGEST_SENTENCE {
        let limit = start + LONGEST_SENTENCE;
        let cut = (start + LONGEST_SENTENCE / 2..limit)
            .rev()
            .find(|at| matches!(tokens[*at].of(text), ";" | "," | "."))
            .map_or(limit, |at| at + 1);
        found.push(Sentence { start, end: cut, block });
        start = cut;
    }
    if start < end {
        found.push(Sentence { start, end, block });
    }
}

/// The shape of one token's words.
fn shape(word: &str) -> Shape {
    let Some(first) = word.chars().find(|c| c.is_alphanumeric()) else { return Shape::PUNCT };
    let (mut upper, mut lower, mut dotted) = (0, 0, true);
    let mut inner_capital = false;
    let mut before = ' ';
    for c in word.chars() {
        if c.is_uppercase() {
            upper += 1;
            inner_capital |= matches!(before, '-' | '\u{2010}' | '\u{2011}' | '\'' | '\u{2019}');
            dotted &= !before.is_alphanumeric();
        } else if c.is_lowercase() {
            lower += 1;
            dotted = false;
        } else if c.is_alphanumeric() {
            dotted = false;
        }
        before = c;
    }
    let mut shape = Shape::WORD;
    if first.is_numeric() {
        shape = shape.with(Shape::NUM);
    } else if first.is_uppercase() || (first.is_lowercase() && inner_capital) {
        shape = shape.with(Shape::CAP);
    }
    if first.is_lowercase() {
        shape = shape.with(Shape::LOWER);
    }
    if upper >= 2 && lower == 0 {
        shape = shape.with(Shape::UPPER);
    }
    if upper == 0 && lower == 0 && !first.is_numeric() {
        shape = shape.with(Shape::UNCASED);
    }
    if dotted && upper >= 1 && !word.contains('-') {
        shape = shape.with(Shape::INIT);
    }
    shape
}

/// The one folding.
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

fn fold_into(text: &str, out: &mut String) {
    let from = out.len();
    if text.is_ascii() {
        for byte in text.bytes() {
            fold_char(char::from(byte.to_ascii_lowercase()), from, out);
        }
    } else {
        for c in text.chars().flat_map(|c| std::iter::once(c).nfkd()).filter(|c| !is_diacritic(*c)) {
            match letter(c) {
                Some(plain) => out.push_str(plain),
                None => c.to_lowercase().for_each(|c| fold_char(c, from, out)),
            }
        }
    }
    if out.len() > from && out.ends_with(' ') {
        out.pop();
    }
}

fn fold_char(c: char, from: usize, out: &mut String) {
    match c {
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => space(from, out),
        c if c.is_whitespace() => space(from, out),
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{02bc}' | '\u{00b4}' | '`' => out.push('\''),
        '\u{201c}'..='\u{201f}' => out.push('"'),
        '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
        c => out.push(c),
    }
}

fn space(from: usize, out: &mut String) {
    if out.len() > from && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Letters with a stroke or ligatures, which have no decomposition in Unicode.
fn letter(c: char) -> Option<&'static str> {
    Some(match c {
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ß' | 'ẞ' => "ss",
        'þ' | 'Þ' => "th",
        'ı' => "i",
        'ħ' | 'Ħ' => "h",
        '\u{640}' => "",
        'ٱ' => "ا",
        'ى' | 'ی' => "ي",
        'ة' | 'ہ' | 'ۀ' | 'ە' => "ه",
        'ک' => "ك",
        '٠'..='٩' => ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"][c as usize - 0x660],
        '۰'..='۹' => ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"][c as usize - 0x6f0],
        _ => return None,
    })
}

/// Marks that are dropped.
fn is_diacritic(c: char) -> bool {
    let class = canonical_combining_class(c);
    let vowel = class == 8 || class == 9 || (84..=132).contains(&class);
    let plain = matches!(c, '\u{34f}' | '\u{20dd}'..='\u{20e4}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    is_combining_mark(c) && !vowel && (class != 0 || plain)
}
