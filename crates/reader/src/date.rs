//! Dates in words and numbers.

use jiff::civil::Date;

use crate::DateOrder;
use crate::fold::{fold, has_words};
use crate::lexicon::DateWords;

/// How dates are read on a page: with which words, and in which order.
pub(crate) struct Calendar<'l> {
    pub(crate) words: &'l DateWords,
    pub(crate) order: DateOrder,
    /// The language whose months come first.
    pub(crate) language: String,
}

/// A date in a text: the tokens that it takes.
struct Found {
    date: Date,
    tokens: std::ops::Range<usize>,
}

#[derive(Debug)]
enum Token {
    /// A number and how many digits it has.
    Number(i32, usize),
    Word(String),
    Mark(char),
}

impl Calendar<'_> {
    /// The first date in a text, `YYYY-MM-DD`.
    pub(crate) fn first(&self, text: &str) -> Option<String> {
        self.find(&tokens(text)).map(|found| found.date.to_string())
    }

    /// The date of a field that holds nothing else: also `20210302`.
    pub(crate) fn value(&self, text: &str) -> Option<String> {
        let digits = text.trim();
        if digits.len() >= 8
            && digits.bytes().take(8).all(|b| b.is_ascii_digit())
            && !digits.contains(['/', '-', '.'])
        {
            let part = |from: usize, to: usize| digits.get(from..to)?.parse().ok();
            return Some(date(part(0, 4)?, part(4, 6)?, part(6, 8)?)?.to_string());
        }
        self.first(text)
    }

    /// The date of a line that tells when the page was published, as against one that tells of something else.
    pub(crate) fn of_line(&self, text: &str) -> Option<Line> {
        if text.chars().count() > 160 {
            return None;
        }
        let tokens = tokens(text);
        let found = self.find(&tokens)?;
        let words = fold(text);
        let has =
            |cues: &[String]| cues.iter().any(|cue| has_words(&words.replace([':', ',', '|'], " "), cue));
        let outside = tokens.iter().enumerate().filter(|(at, _)| !found.tokens.contains(at));
        let other =
            outside.filter(|(_, token)| matches!(token, Token::Word(word) if !self.is_filler(word))).count();
        Some(Line {
            date: found.date.to_string(),
            updated: has(&self.words.updated),
            published: has(&self.words.published),
            other_words: other,
        })
    }

    fn is_filler(&self, word: &str) -> bool {
        let words = self.words;
        word.chars().count() == 1
            || [&words.weekdays, &words.filler, &words.joiners, &words.ordinals]
                .iter()
                .any(|list| list.iter().any(|w| w == word))
            || [&words.published, &words.updated]
                .iter()
                .any(|list| list.iter().any(|cue| has_words(cue, word)))
            || words.month(word, &self.language).is_some()
    }

    fn find(&self, tokens: &[Token]) -> Option<Found> {
        (0..tokens.len()).find_map(|at| {
            let (date, end) = self.numbers(tokens, at).or_else(|| self.words(tokens, at))?;
            Some(Found { date, tokens: at..end })
        })
    }

    /// `2021-03-02`, `02/03/2021`, `2.3.21`.
    fn numbers(&self, tokens: &[Token], at: usize) -> Option<(Date, usize)> {
        let [
            Token::Number(a, a_len),
            Token::Mark(m1),
            Token::Number(b, b_len),
            Token::Mark(m2),
            Token::Number(c, c_len),
        ] = tokens.get(at..at + 5)?
        else {
            return None;
        };
        if m1 != m2 || !matches!(m1, '-' | '/' | '.') || *b_len > 2 {
            return None;
        }
        let date = match (a_len, c_len) {
            (4, 1 | 2) => date(*a, *b, *c),
            (1 | 2, 4) | (2, 2) => {
                let year = if *c_len == 2 { century(*c) } else { *c };
                let (day, month) =
                    if self.order == DateOrder::Mdy && *m1 != '.' { (*b, *a) } else { (*a, *b) };
                if self.order == DateOrder::Ymd && *c_len == 2 {
                    date(century(*a), *b, *c)
                } else {
                    date(year, month, day).or_else(|| date(year, day, month))
                }
            }
            _ => None,
        };
        Some((date?, at + 5))
    }

    /// `2 March 2021`, `March 2nd, 2021`, `2 de marzo de 2021`, `2021 March 2`, `02-Mar-21`.
    fn words(&self, tokens: &[Token], at: usize) -> Option<(Date, usize)> {
        let mut reader = Tokens { calendar: self, tokens, at };
        if let Some((number, digits)) = reader.number() {
            reader.skip(true);
            let month = reader.month()?;
            reader.skip(false);
            let (other, other_digits) = reader.number()?;
            let date = match (digits, other_digits) {
                (1 | 2, 4) => date(other, month, number),
                (1 | 2, 2) if matches!(tokens.get(at + 1), Some(Token::Mark('-'))) => {
                    date(century(other), month, number)
                }
                (4, 1 | 2) => date(number, month, other),
                _ => None,
            };
            return Some((date?, reader.at));
        }
        let month = reader.month()?;
        reader.skip(false);
        let (day, 1 | 2) = reader.number()? else { return None };
        reader.skip(true);
        let (year, 4) = reader.number()? else { return None };
        Some((date(year, month, day)?, reader.at))
    }
}

/// A line with a date in it.
pub(crate) struct Line {
    pub(crate) date: String,
    /// It speaks of a change.
    pub(crate) updated: bool,
    /// It speaks of publication.
    pub(crate) published: bool,
    /// Words that have to do neither with dates nor with publication.
    pub(crate) other_words: usize,
}

impl Line {
    /// Whether it tells the date and next to nothing else.
    pub(crate) const fn is_only_date(&self) -> bool {
        self.other_words <= 2
    }
}

struct Tokens<'t, 'l> {
    calendar: &'t Calendar<'l>,
    tokens: &'t [Token],
    at: usize,
}

impl Tokens<'_, '_> {
    fn number(&mut self) -> Option<(i32, usize)> {
        let Token::Number(number, digits) = self.tokens.get(self.at)? else { return None };
        self.at += 1;
        Some((*number, *digits))
    }

    fn month(&mut self) -> Option<i32> {
        let Token::Word(word) = self.tokens.get(self.at)? else { return None };
        let month = self.calendar.words.month(word, &self.calendar.language)?;
        self.at += 1;
        Some(i32::from(month))
    }

    /// Steps over what may stand between the parts of a date.
    fn skip(&mut self, ordinals: bool) {
        let words = self.calendar.words;
        while let Some(token) = self.tokens.get(self.at) {
            let is_between = match token {
                Token::Mark(mark) => matches!(mark, '.' | ',' | '-' | '،' | 'º' | 'ª' | '°'),
                Token::Word(word) => {
                    words.joiners.contains(word) || (ordinals && words.ordinals.contains(word))
                }
                Token::Number(..) => false,
            };
            if !is_between {
                break;
            }
            self.at += 1;
        }
    }
}

fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    if !(1900..=2100).contains(&year) {
        return None;
    }
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

const fn century(year: i32) -> i32 {
    if year < 70 { 2000 + year } else { 1900 + year }
}

/// Numbers, words and marks; white space only parts them. Digits of other scripts count as digits.
fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&c) = chars.peek() {
        if digit(c).is_some() {
            let (mut number, mut digits) = (0_i32, 0);
            while let Some(d) = chars.peek().copied().and_then(digit) {
                number = number.saturating_mul(10).saturating_add(d);
                digits += 1;
                chars.next();
            }
            out.push(Token::Number(number, digits));
        } else if c.is_alphabetic() {
            let mut word = String::new();
            while let Some(&c) = chars.peek()
                && (c.is_alphabetic() || is_combining(c))
            {
                word.extend(c.to_lowercase());
                chars.next();
            }
            out.push(Token::Word(word));
        } else {
            chars.next();
            if !c.is_whitespace() {
                out.push(Token::Mark(c));
            }
        }
    }
    out
}

const fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{64B}'..='\u{65F}' | '\u{900}'..='\u{DFF}' | '\u{200C}' | '\u{200D}')
}

fn digit(c: char) -> Option<i32> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6F0}'..='\u{6F9}' => '\u{6F0}',
        '\u{966}'..='\u{96F}' => '\u{966}',
        _ => return None,
    };
    i32::try_from(u32::from(c) - u32::from(zero)).ok()
}
