//! Numbers, words and marks of a line in which a date is looked for.

use std::ops::Range;

/// So many letters of a script without spaces are a word more.
const LETTERS_OF_WORD: usize = 4;

/// A piece of a line.
#[derive(Debug)]
pub(crate) enum Token {
    /// A number and how many digits it has.
    Number(i32, usize),
    /// A word in lower case.
    Word(String),
    /// Any other character but white space.
    Mark(char),
}

/// A piece and the bytes that it takes in the line.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) token: Token,
    pub(crate) bytes: Range<usize>,
}

/// The pieces of a line; white space only parts them. Digits of other scripts count as digits.
pub(crate) fn of(text: &str) -> Vec<Placed> {
    let mut out = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some(&(start, c)) = chars.peek() {
        let token = if digit(c).is_some() {
            let (mut number, mut digits) = (0_i32, 0);
            while let Some(d) = chars.peek().and_then(|(_, c)| digit(*c)) {
                number = number.saturating_mul(10).saturating_add(d);
                digits += 1;
                chars.next();
            }
            Token::Number(number, digits)
        } else if c.is_alphabetic() {
            let mut word = String::new();
            let mut small = false;
            while let Some(&(_, c)) = chars.peek()
                && (c.is_alphabetic() || is_combining(c))
                // Words that a page sets beside each other without a space: `HealthDECEMBER`.
                && !(small && c.is_uppercase())
            {
                small = c.is_lowercase();
                word.extend(c.to_lowercase());
                chars.next();
            }
            Token::Word(word)
        } else {
            chars.next();
            if c.is_whitespace() || is_direction(c) {
                continue;
            }
            Token::Mark(c)
        };
        let end = chars.peek().map_or(text.len(), |(at, _)| *at);
        out.push(Placed { token, bytes: start..end });
    }
    out
}

/// How many words a word is about: scripts without spaces have several in one.
pub(crate) fn words_in(word: &str) -> usize {
    1 + word.chars().filter(|c| is_unspaced(*c)).count() / LETTERS_OF_WORD
}

/// Letters of scripts that are written without spaces: Thai, Lao, Burmese, Khmer, kana and Chinese.
const fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
        || matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}')
}

/// Whether a text has two numbers: every date has a day and a year, or more.
pub(crate) fn has_two_numbers(text: &str) -> bool {
    let (mut numbers, mut within) = (0, false);
    for c in text.chars() {
        let is_digit = digit(c).is_some();
        numbers += usize::from(is_digit && !within);
        within = is_digit;
        if numbers == 2 {
            return true;
        }
    }
    false
}

/// A line with spaces between words that stand beside each other without one: `By Ana RoeUpdated` has four words.
pub(crate) fn unglued(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        if c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
            out.push(' ');
        }
        out.push(c);
        before = c;
    }
    out
}

const fn is_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

const fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{64B}'..='\u{65F}' | '\u{900}'..='\u{DFF}' | '\u{E31}'..='\u{E4E}'
        | '\u{200C}' | '\u{200D}')
}

/// Digits of the scripts in which dates are written: Latin, Arabic, Persian, Devanagari, Bengali, Thai, full width.
fn digit(c: char) -> Option<i32> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6F0}'..='\u{6F9}' => '\u{6F0}',
        '\u{966}'..='\u{96F}' => '\u{966}',
        '\u{9E6}'..='\u{9EF}' => '\u{9E6}',
        '\u{E50}'..='\u{E59}' => '\u{E50}',
        '\u{FF10}'..='\u{FF19}' => '\u{FF10}',
        _ => return None,
    };
    i32::try_from(u32::from(c) - u32::from(zero)).ok()
}
