//! Dates in words and numbers.

use std::ops::Range;

use jiff::civil::Date;

use crate::DateOrder;
use crate::calendars::System;
use crate::fold::fold;
use crate::lexicon::DateWords;
use crate::seen::days_apart;
use crate::tokens::{self, Placed, Token};

/// A longer line tells more than a date, in characters.
const MAX_LINE: usize = 160;
/// So many words may stand between a cue and its date.
const MAX_BETWEEN: usize = 2;
/// So many words that have nothing to do with dates may stand before that of a note.
const MAX_BEFORE: usize = 3;
/// Two calendars may give a day one or two apart: the moon is watched for.
const SAME_DAY: i32 = 2;
/// So many years the Buddhist calendar is ahead.
const BUDDHIST: i32 = 543;

/// How dates are read on a page: with which words, and in which order.
pub(crate) struct Calendar<'l> {
    pub(crate) words: &'l DateWords,
    pub(crate) order: DateOrder,
    /// The language whose months come first.
    pub(crate) language: String,
    /// What is added to years of up to three digits.
    pub(crate) short_year: Option<i32>,
}

/// A date in a text: the tokens that it takes.
struct Found {
    date: Date,
    /// Whether it was reckoned from another calendar.
    elsewhere: bool,
    tokens: Range<usize>,
}

impl Calendar<'_> {
    /// The first date in a text.
    pub(crate) fn first(&self, text: &str) -> Option<Date> {
        if !tokens::has_two_numbers(text) {
            return None;
        }
        let tokens = tokens::of(text);
        let first = self.find(&tokens, 0)?;
        // The same day in two calendars: the one that needs no reckoning counts.
        let next = if first.elsewhere { self.find(&tokens, first.tokens.end) } else { None };
        let same = next.filter(|next| !next.elsewhere && days_apart(first.date, next.date) <= SAME_DAY);
        Some(same.unwrap_or(first).date)
    }

    /// The date of a field that holds nothing else: also `20210302`.
    pub(crate) fn value(&self, text: &str) -> Option<Date> {
        let digits = text.trim();
        if digits.len() >= 8
            && digits.bytes().take(8).all(|b| b.is_ascii_digit())
            && !digits.contains(['/', '-', '.'])
        {
            let part = |from: usize, to: usize| digits.get(from..to)?.parse().ok();
            return date(part(0, 4)?, part(4, 6)?, part(6, 8)?);
        }
        self.first(text)
    }

    /// The date of a line that tells when the page was published, as against one that tells of something else: the first
    /// date of publication, else the first that is not of a change, else the first.
    pub(crate) fn of_line(&self, text: &str) -> Option<Line> {
        let lines = self.lines(text);
        let rank = |line: &Line| match line.role {
            Role::Published => 0,
            Role::Bare => 1,
            Role::Changed => 2,
            Role::Other => 3,
        };
        lines.into_iter().min_by_key(rank)
    }

    /// The day of publication that a longer line begins with.
    pub(crate) fn of_note(&self, text: &str) -> Option<Date> {
        if text.len() <= MAX_LINE {
            return None;
        }
        let (end, _) = text.char_indices().nth(MAX_LINE)?;
        let start = text.get(..end)?;
        if !tokens::has_two_numbers(start) {
            return None;
        }
        let tokens = tokens::of(start);
        let found = self.find(&tokens, 0)?;
        let before = tokens.get(..found.tokens.start)?;
        let is_other = |placed: &&Placed| matches!(&placed.token, Token::Word(word) if !self.is_filler(word));
        let words = start.get(..before.last()?.bytes.end)?;
        let is_note =
            self.role(words) == Role::Published && before.iter().filter(is_other).count() <= MAX_BEFORE;
        is_note.then_some(found.date)
    }

    /// All dates of a short line, each with what it says of itself.
    pub(crate) fn lines(&self, text: &str) -> Vec<Line> {
        // No character has more than four bytes.
        let is_long = text.len() > 4 * MAX_LINE || text.chars().count() > MAX_LINE;
        if is_long || !tokens::has_two_numbers(text) {
            return Vec::new();
        }
        let tokens = tokens::of(text);
        let (mut all, mut at) = (Vec::new(), 0);
        while let Some(found) = self.find(&tokens, at) {
            at = found.tokens.end;
            all.push(found);
        }
        let plain: Vec<Date> = all.iter().filter(|found| !found.elsewhere).map(|found| found.date).collect();
        let is_told = |found: &Found| plain.iter().any(|date| days_apart(*date, found.date) <= SAME_DAY);
        let twice: Vec<Range<usize>> =
            all.iter().filter(|f| f.elsewhere && is_told(f)).map(|f| f.tokens.clone()).collect();
        all.retain(|found| !twice.contains(&found.tokens));
        let is_in = |at: usize| {
            all.iter().map(|found: &Found| &found.tokens).chain(&twice).any(|tokens| tokens.contains(&at))
        };
        let outside = tokens.iter().enumerate().filter(|(at, _)| !is_in(*at));
        let other = outside.filter_map(|(_, placed)| match &placed.token {
            Token::Word(word) if !self.is_filler(word) => Some(tokens::words_in(word)),
            _ => None,
        });
        let (other_words, other_weight) =
            other.fold((0, 0), |(count, weight), words| (count + 1, weight + words));
        let mut from = 0;
        let role = |found: &Found| {
            let byte = |at: usize| tokens.get(at).map_or(text.len(), |placed| placed.bytes.start);
            let before = text.get(from..byte(found.tokens.start)).unwrap_or_default();
            from = byte(found.tokens.end);
            let role = match self.role(before) {
                Role::Bare if is_span(&tokens, found) => Role::Other,
                role => role,
            };
            let is_numbers = found.tokens.len() == 5
                && tokens
                    .get(found.tokens.start + 2)
                    .is_some_and(|placed| matches!(placed.token, Token::Number(..)))
                && tokens
                    .get(found.tokens.start)
                    .is_some_and(|placed| matches!(placed.token, Token::Number(_, 1 | 2)));
            let swapped = Date::new(found.date.year(), found.date.day(), found.date.month()).ok();
            let other_way = swapped.filter(|_| is_numbers);
            Line { date: found.date, role, other_words, other_weight, other_way }
        };
        all.iter().map(role).collect()
    }

    /// What the words before a date say of it: the last cue counts.
    pub(crate) fn role(&self, before: &str) -> Role {
        if before.trim().is_empty() {
            return Role::Bare;
        }
        let words = fold(&tokens::unglued(before).replace([':', ',', '|', '(', ')', '/', '•', '·'], " "));
        let (published, changed) = (self.words.published.last_in(&words), self.words.updated.last_in(&words));
        // A cue speaks of the date next to it: not more than a few words lie between.
        let other = self.words.events.last_in(&words).map(|(_, end)| end);
        if other.is_some() && other >= published.max(changed).map(|(_, end)| end) {
            return Role::Other;
        }
        let behind = published.max(changed).and_then(|(_, end)| words.get(end..));
        match behind {
            Some(behind) if behind.split_whitespace().count() > MAX_BETWEEN => Role::Bare,
            Some(_) if changed >= published => Role::Changed,
            Some(_) => Role::Published,
            None => Role::Bare,
        }
    }

    /// Whether a line begins with a word for a publication or a change, as a note of a page does.
    pub(crate) fn begins_as_note(&self, text: &str) -> bool {
        let words = fold(text);
        self.words.published.begin(&words) || self.words.updated.begin(&words)
    }

    fn is_filler(&self, word: &str) -> bool {
        word.chars().count() == 1 || self.words.is_filler(word)
    }

    fn find(&self, tokens: &[Placed], from: usize) -> Option<Found> {
        (from..tokens.len()).find_map(|at| {
            let ways =
                [Self::numbers, Self::words, Self::signs, Self::numbers_elsewhere, Self::words_elsewhere];
            let (way, (date, end)) =
                ways.iter().enumerate().find_map(|(n, way)| Some((n, way(self, tokens, at)?)))?;
            Some(Found { date, elsewhere: way > 2, tokens: at..end })
        })
    }

    /// `2021-03-02`, `02/03/2021`, `2.3.21`.
    fn numbers(&self, tokens: &[Placed], at: usize) -> Option<(Date, usize)> {
        let number = |at: usize| match tokens.get(at)?.token {
            Token::Number(number, digits) => Some((number, digits)),
            _ => None,
        };
        let mark = |at: usize| match tokens.get(at)?.token {
            Token::Mark(mark) => Some(mark),
            _ => None,
        };
        let ((a, a_len), (b, b_len), (c, c_len)) = (number(at)?, number(at + 2)?, number(at + 4)?);
        let sign = mark(at + 1)?;
        // A version or an address of a network goes on: 10.12.19.4. After a year it is the hour: 2021-03-02-06:08.
        let goes_on = mark(at + 5) == Some(sign) && number(at + 6).is_some() && c_len < 3 && a_len < 4;
        if mark(at + 3)? != sign || !matches!(sign, '-' | '/' | '.') || b_len > 2 || goes_on {
            return None;
        }
        let date = match (a_len, c_len) {
            (4, 1 | 2) => Self::civil(a, b, c),
            (2 | 3, 1 | 2) if self.full_year(a) != a => date(self.full_year(a), b, c),
            (1 | 2, 4) | (2, 2) => {
                let year = if c_len == 2 && self.full_year(c) == c { century(c) } else { self.full_year(c) };
                let (day, month) = if self.order == DateOrder::Mdy && sign != '.' { (b, a) } else { (a, b) };
                if self.order == DateOrder::Ymd && c_len == 2 {
                    date(century(a), b, c)
                } else {
                    Self::civil(year, month, day).or_else(|| Self::civil(year, day, month))
                }
            }
            _ => None,
        };
        Some((date?, at + 5))
    }

    /// `1399/12/12` or `12/12/1399` in a language whose calendar has such years.
    fn numbers_elsewhere(&self, tokens: &[Placed], at: usize) -> Option<(Date, usize)> {
        let number = |at: usize| match tokens.get(at)?.token {
            Token::Number(number, digits) => Some((number, digits)),
            _ => None,
        };
        let ((a, a_len), (b, _), (c, c_len)) = (number(at)?, number(at + 2)?, number(at + 4)?);
        let is_mark = |at: usize| {
            matches!(tokens.get(at).map(|placed| &placed.token), Some(Token::Mark('-' | '/' | '.')))
        };
        let (year, day) = match (a_len, c_len) {
            (4, 1 | 2) => (a, c),
            (1 | 2, 4) => (c, a),
            _ => return None,
        };
        if !is_mark(at + 1) || !is_mark(at + 3) {
            return None;
        }
        let date = self.words.calendars_of(&self.language).find_map(|system| system.day(year, b, day))?;
        Some((date, at + 5))
    }

    /// `12 اسفند 1399`, `14 رمضان 1442`.
    fn words_elsewhere(&self, tokens: &[Placed], at: usize) -> Option<(Date, usize)> {
        let mut reader = Tokens { calendar: self, tokens, at };
        let (day, 1 | 2) = reader.number()? else { return None };
        reader.skip(true);
        let (system, month) = reader.month_elsewhere()?;
        reader.skip(false);
        let (year, 4) = reader.number()? else { return None };
        Some((system.day(year, month, day)?, reader.at))
    }

    /// `2021年3月2日`, `令和3年3月2日`, `2021년 3월 2일`.
    fn signs(&self, tokens: &[Placed], at: usize) -> Option<(Date, usize)> {
        let number = |at: usize| match tokens.get(at)?.token {
            Token::Number(number, _) => Some(number),
            _ => None,
        };
        let signed = |at: usize, signs: &[String]| match &tokens.get(at)?.token {
            Token::Word(word) if signs.iter().any(|sign| word.starts_with(sign.as_str())) => Some(()),
            _ => None,
        };
        let words = self.words;
        let (mut year, month, day) = (number(at)?, number(at + 2)?, number(at + 4)?);
        signed(at + 1, &words.year_signs)?;
        signed(at + 3, &words.month_signs)?;
        signed(at + 5, &words.day_signs)?;
        let era = at.checked_sub(1).and_then(|before| match &tokens.get(before)?.token {
            Token::Word(word) => words.eras.iter().find(|(era, _)| word.ends_with(era.as_str())),
            _ => None,
        });
        if let Some((_, first)) = era {
            year = year.checked_add(*first)?;
        } else {
            year = self.full_year(year);
        }
        Some((date(year, month, day)?, at + 6))
    }

    /// A year of a calendar that began not long ago, as the usual one has it.
    fn full_year(&self, year: i32) -> i32 {
        self.short_year.filter(|_| (50..200).contains(&year)).map_or(year, |first| first + year)
    }

    /// A day of the usual calendar, or of one whose years are far from it.
    fn civil(year: i32, month: i32, day: i32) -> Option<Date> {
        date(year, month, day).or_else(|| date(year - BUDDHIST, month, day))
    }

    /// `2 March 2021`, `March 2nd, 2021`, `2 de marzo de 2021`, `2021 March 2`, `02-Mar-21`.
    fn words(&self, tokens: &[Placed], at: usize) -> Option<(Date, usize)> {
        let mut reader = Tokens { calendar: self, tokens, at };
        if let Some((number, digits)) = reader.number() {
            reader.skip(true);
            let month = reader.month()?;
            reader.skip(false);
            let (other, other_digits) = reader.number()?;
            let date = match (digits, other_digits) {
                (1 | 2, 4) => Self::civil(other, month, number),
                (1 | 2, 2)
                    if matches!(tokens.get(at + 1).map(|placed| &placed.token), Some(Token::Mark('-'))) =>
                {
                    date(century(other), month, number)
                }
                (1 | 2, 2) if self.full_year(other) != other => date(self.full_year(other), month, number),
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
        Some((Self::civil(year, month, day)?, reader.at))
    }
}

/// What a line says of its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// That something was published on it.
    Published,
    /// Nothing.
    Bare,
    /// That something was changed on it.
    Changed,
    /// That something else is on it: an event, the end of a term.
    Other,
}

impl Role {
    /// Whether the day is that of something else than a publication.
    pub(crate) const fn is_of_else(self) -> bool {
        matches!(self, Self::Changed | Self::Other)
    }
}

/// A date in a line.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) date: Date,
    pub(crate) role: Role,
    /// What its numbers may mean too: 3 April for 4 March.
    pub(crate) other_way: Option<Date>,
    /// Words of the line that have to do neither with dates nor with publication.
    pub(crate) other_words: usize,
    /// The same, where words that are written without spaces count as the many that they are.
    pub(crate) other_weight: usize,
}

impl Line {
    /// Whether it tells the date and next to nothing else.
    pub(crate) const fn is_only_date(&self) -> bool {
        self.other_words <= 2
    }

    /// Whether it says that something was published, and by whom.
    pub(crate) const fn is_note(&self) -> bool {
        matches!(self.role, Role::Published) && self.other_words <= 4
    }
}

struct Tokens<'t, 'l> {
    calendar: &'t Calendar<'l>,
    tokens: &'t [Placed],
    at: usize,
}

impl Tokens<'_, '_> {
    fn number(&mut self) -> Option<(i32, usize)> {
        let Token::Number(number, digits) = self.tokens.get(self.at)?.token else { return None };
        self.at += 1;
        Some((number, digits))
    }

    fn month(&mut self) -> Option<i32> {
        let Token::Word(word) = &self.tokens.get(self.at)?.token else { return None };
        // A month cut to two letters with a point between: `มี.ค.`.
        if let (Some(Token::Mark('.')), Some(Token::Word(other))) =
            (self.token(self.at + 1), self.token(self.at + 2))
            && let Some(month) =
                self.calendar.words.month(&format!("{word}.{other}"), &self.calendar.language)
        {
            self.at += 3;
            return Some(i32::from(month));
        }
        let month = self.calendar.words.month(word, &self.calendar.language)?;
        self.at += 1;
        // Two names of one month: `آذار/مارس`.
        if let (Some(Token::Mark('/')), Some(Token::Word(other))) =
            (self.token(self.at), self.token(self.at + 1))
            && self.calendar.words.month(other, &self.calendar.language) == Some(month)
        {
            self.at += 2;
        }
        Some(i32::from(month))
    }

    fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at).map(|placed| &placed.token)
    }

    /// A month of another calendar, of one word or of two.
    fn month_elsewhere(&mut self) -> Option<(System, i32)> {
        let Some(Token::Word(first)) = self.token(self.at) else { return None };
        let two = match self.token(self.at + 1) {
            Some(Token::Word(second)) => self.calendar.words.month_elsewhere(&format!("{first} {second}")),
            _ => None,
        };
        let words = if two.is_some() { 2 } else { 1 };
        let (system, month) = two.or_else(|| self.calendar.words.month_elsewhere(first))?;
        self.at += words;
        Some((system, i32::from(month)))
    }

    /// Steps over what may stand between the parts of a date.
    fn skip(&mut self, ordinals: bool) {
        let words = self.calendar.words;
        while let Some(placed) = self.tokens.get(self.at) {
            let is_between = match &placed.token {
                Token::Mark(mark) => matches!(mark, '.' | ',' | '-' | '،' | 'º' | 'ª' | '°'),
                Token::Word(word) => {
                    words.joiners.contains(word.as_str())
                        || (ordinals && words.ordinals.contains(word.as_str()))
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

/// Whether a date goes on to a later day of its month, as those of events do: `2020/7/11-12`.
fn is_span(tokens: &[Placed], found: &Found) -> bool {
    let token = |at: usize| tokens.get(found.tokens.end + at).map(|placed| &placed.token);
    let day = i32::from(found.date.day());
    let is_dash =
        |token: Option<&Token>| matches!(token, Some(Token::Mark('-' | '–' | '—' | '~' | '～' | '〜')));
    // `2021-08-01-06:08` is an hour.
    let sign = tokens.get(found.tokens.start + 1).map(|placed| &placed.token);
    let goes_on = matches!(token(2), Some(Token::Mark(':' | '.' | '/' | '-') | Token::Number(..)));
    let ends = tokens.get(found.tokens.end - 1).map(|placed| &placed.token);
    let is_day = matches!(ends, Some(Token::Number(number, 1 | 2)) if *number == day);
    let is_later = matches!(token(1), Some(Token::Number(last, 1 | 2)) if (day + 1..=31).contains(last));
    is_day && is_dash(token(0)) && !is_dash(sign) && is_later && !goes_on
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
