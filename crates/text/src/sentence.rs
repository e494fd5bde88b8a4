//! Sentences: those of UAX #29, never cut after an abbreviation or inside a quotation.

use std::ops::Range;

use crate::border::Borders;
use crate::cut::Cut;
use crate::lines::LineEnd;
use crate::{Language, Quotation, Shape, Token};

/// No sentence is longer than this many tokens: a longer one is cut, so that the work a sentence costs is bounded.
pub const LONGEST_SENTENCE: usize = 512;

/// So many words in capitals at the beginning of a paragraph are a headline.
const HEADLINE: usize = 4;

/// A sentence as a range of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// Which block (paragraph, heading, list item) it stands in, counted from 0.
    pub block: usize,
}

/// Cuts the tokens of a text into sentences. Blocks are parted by line ends; one inside a paragraph that was only
/// wrapped parts nothing.
pub(crate) fn sentences(
    text: &str,
    cut: &Cut,
    quotations: &[Quotation],
    ends: &[LineEnd],
    language: &Language,
) -> (Vec<Sentence>, Vec<Range<usize>>) {
    let Cut { tokens, wild, .. } = cut;
    let bytes = text.as_bytes();
    let mut borders = Borders::new(text, tokens, wild);
    let mut quotes = quotations.iter().peekable();
    let mut lines = ends.iter().peekable();
    let mut found = Found { text, cut, language, sentences: Vec::new(), unmarked: Vec::new() };
    let (mut start, mut block) = (0, 0);
    let mut closed = 0;
    for (at, (before, here)) in tokens.iter().zip(tokens.iter().skip(1)).enumerate() {
        if borders.is_inside(before, here) {
            continue;
        }
        let at = at + 1;
        let line = lines.next_if(|end| end.at == at);
        let border = match line {
            Some(end) => {
                borders.line_end(at);
                !end.wrapped || (!here.shape.has(Shape::LOWER) && is_stopped(text, tokens, at))
            }
            None => {
                let gap = bytes.get(before.end..here.start).unwrap_or_default();
                // A lone carriage return is a border too.
                borders.before(at) | gap.contains(&b'\r')
            }
        };
        if !border {
            continue;
        }
        while let Some(quote) = quotes.next_if(|q| q.close < at) {
            closed = if quote.closed { quote.close + 1 } else { closed };
        }
        let quoted = quotes.peek().is_some_and(|q| q.open < at && at <= q.close);
        let line_end = line.is_some_and(|end| !end.wrapped);
        // `“Is it open?” he asked`: the sentence goes on.
        let goes_on = !line_end && closed == at && here.shape.has(Shape::LOWER);
        if !quoted && !goes_on && (line_end || ends_before(text, cut, at, language)) {
            found.push(start, at, block);
            start = at;
            // Paragraphs that one quotation holds are one block.
            block += usize::from(line_end);
        }
    }
    found.push(start, tokens.len(), block);
    (found.sentences, found.unmarked)
}

/// Whether the stop of a sentence is right before token `at`, or before the marks that close it.
fn is_stopped(text: &str, tokens: &[Token], at: usize) -> bool {
    let mut before = tokens.iter().take(at).rev().map(|token| token.of(text));
    let last = before.find(|word| !matches!(*word, "”" | "\"" | "’" | "'" | ")"));
    matches!(last, Some("." | "!" | "?"))
}

/// Whether a border that UAX #29 sees before token `at` is the end of a sentence.
fn ends_before(text: &str, cut: &Cut, at: usize, language: &Language) -> bool {
    let tokens = &cut.tokens;
    let folded = |at: usize| cut.folds.of(&tokens[at]);
    // Where the words before the border end: a bracket that holds one word alone is looked into.
    let is = |at: usize, mark: &str| tokens.get(at).is_some_and(|token| token.of(text) == mark);
    let alone = |len: usize| at > len && is(at - 1, ")") && is(at - 1 - len, "(");
    let end = if alone(2) || alone(3) { at - 1 } else { at };
    let last = &tokens[end - 1];
    let may_go_on = last.shape.has(Shape::INIT)
        || (last.of(text) == "."
            && end >= 2
            && tokens[end - 2].end == last.start
            && language.abbreviations.contains(folded(end - 2)));
    let named = || {
        let capital = |at: usize| tokens.get(at).is_some_and(|token| token.shape.has(Shape::CAP));
        end >= 2 && language.addresses.contains(folded(end - 2)) && capital(at) && capital(at + 1)
    };
    !may_go_on || (language.starters.contains(folded(at)) && !named())
}

/// The sentences found so far.
struct Found<'a> {
    text: &'a str,
    cut: &'a Cut,
    language: &'a Language,
    sentences: Vec<Sentence>,
    /// Stretches that lost their punctuation.
    unmarked: Vec<Range<usize>>,
}

impl Found<'_> {
    /// Adds a sentence; one that lost its marks is cut where another seems to begin.
    fn push(&mut self, mut start: usize, end: usize, block: usize) {
        let first = self.sentences.last().is_none_or(|last| last.block != block);
        if first && let Some(at) = self.headed(start, end) {
            self.bounded(start, at, block);
            start = at;
        }
        if self.is_unmarked(start..end) {
            self.unmarked.push(start..end);
            for at in start + 1..end {
                if self.begins(at) {
                    self.bounded(start, at, block);
                    start = at;
                }
            }
        }
        self.bounded(start, end, block);
    }

    /// Adds a sentence, cut where it is longer than [`LONGEST_SENTENCE`], after a comma or semicolon if there is one.
    fn bounded(&mut self, mut start: usize, end: usize, block: usize) {
        let tokens = &self.cut.tokens;
        while end - start > LONGEST_SENTENCE {
            let limit = start + LONGEST_SENTENCE;
            let cut = (start + LONGEST_SENTENCE / 2..limit)
                .rev()
                .find(|at| matches!(tokens[*at].of(self.text), ";" | "," | "."))
                .map_or(limit, |at| at + 1);
            self.sentences.push(Sentence { start, end: cut, block });
            start = cut;
        }
        if start < end {
            self.sentences.push(Sentence { start, end, block });
        }
    }

    /// Where the sentence begins before which a headline or a place in capitals stands: `GENEVA The Ports Board met`,
    /// `THREE NEW ROADS FOR KENYA The Ports Board met`.
    fn headed(&self, start: usize, end: usize) -> Option<usize> {
        let shape = |at: usize| self.cut.tokens[at].shape;
        if start == end || !shape(start).has(Shape::UPPER) {
            return None;
        }
        let run = (start..end).take_while(|at| !shape(*at).has(Shape::LOWER) && !self.is_mixed(*at));
        let mut at = start + run.count();
        // `A` may begin the sentence, as may the numbers before it.
        while at > start && !shape(at - 1).has(Shape::UPPER) {
            at -= 1;
        }
        let capitals = (start..at).filter(|at| shape(*at).has(Shape::UPPER)).count();
        // What commas part is a list of acronyms.
        let commas = (start..at).filter(|at| self.cut.tokens[*at].of(self.text) == ",").count();
        let headline = capitals >= HEADLINE && commas * 2 < capitals;
        let begins = at < end && shape(at).has(Shape::CAP) && !shape(at).has(Shape::UPPER);
        (begins && (headline || self.is_place(start, at))).then_some(at)
    }

    /// Whether a token is a capitalized word with small letters.
    fn is_mixed(&self, at: usize) -> bool {
        let shape = self.cut.tokens[at].shape;
        shape.has(Shape::CAP) && !shape.has(Shape::UPPER) && !shape.has(Shape::INIT)
    }

    /// Whether these tokens are the name of a place.
    fn is_place(&self, start: usize, end: usize) -> bool {
        if end - start > 3 || self.language.places.is_empty() {
            return false;
        }
        let words = self.cut.tokens[start..end].iter().map(|token| self.cut.folds.of(token));
        self.language.places.contains(&words.collect::<Vec<_>>().join(" "))
    }

    /// Whether a sentence is too long for its few marks.
    fn is_unmarked(&self, sentence: Range<usize>) -> bool {
        let len = sentence.len();
        self.language.unmarked.filter(|lost| len >= lost.words).is_some_and(|lost| {
            let marks = self.cut.tokens[sentence].iter().filter(|token| token.shape.has(Shape::PUNCT));
            marks.count() * 100 < lost.marks * len
        })
    }

    /// Whether a token looks like the first of a sentence: a capitalized word that begins sentences, before a small one.
    fn begins(&self, at: usize) -> bool {
        let tokens = &self.cut.tokens;
        let capital = tokens[at].shape.has(Shape::CAP) && !tokens[at].shape.has(Shape::UPPER);
        capital
            && tokens.get(at + 1).is_some_and(|next| next.shape.has(Shape::LOWER))
            && self.language.starters.contains(self.cut.folds.of(&tokens[at]))
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test may panic")]
mod tests {
    use crate::{Language, Tokens};
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<String> {
        let language = Language {
            abbreviations: ["dr", "no", "hon", "mr"].map(String::from).into(),
            starters: ["the", "he"].map(String::from).into(),
            addresses: ["mr"].map(String::from).into(),
            ..Language::default()
        };
        let tokens = Tokens::of(text, &language);
        tokens
            .sentences()
            .iter()
            .map(|s| text[tokens[s.start].start..tokens[s.end - 1].end].to_owned())
            .collect()
    }

    #[test]
    fn sentences_of_press_releases() {
        assert_eq!(cut("He met Dr. Ali. It rained."), ["He met Dr. Ali.", "It rained."]);
        assert_eq!(
            cut("The U.S. Attorney spoke in the U.S. The end."),
            ["The U.S. Attorney spoke in the U.S.", "The end."]
        );
        assert_eq!(cut("He met (Hon.) Ali. It rained."), ["He met (Hon.) Ali.", "It rained."]);
        assert_eq!(cut("It rained on Mr. He Oravel. He left."), ["It rained on Mr. He Oravel.", "He left."]);
        assert_eq!(cut("He met the Mr. He left."), ["He met the Mr.", "He left."]);
        assert_eq!(cut("It ended (in the U.S.) Ali left."), ["It ended (in the U.S.)", "Ali left."]);
        assert_eq!(cut("It rained (He met the Dr.) Ali left."), ["It rained (He met the Dr.)", "Ali left."]);
        assert_eq!(cut("She said: “One. Two.” Then left."), ["She said: “One. Two.”", "Then left."]);
        assert_eq!(cut("A heading\n\nA line\nwrapped here."), ["A heading", "A line\nwrapped here."]);
        assert_eq!(cut("“Is it open?” he asked. It was."), ["“Is it open?” he asked.", "It was."]);
        assert_eq!(cut("‘It is!’ said Ali. ‘We won.’"), ["‘It is!’ said Ali.", "‘We won.’"]);
        assert_eq!(cut("“Is it open?”\n\nhe asked."), ["“Is it open?”", "he asked."]);
        assert_eq!(cut(""), Vec::<String>::new());
    }

    #[test]
    fn headlines_and_places_in_capitals_are_parted() {
        let language =
            Language { places: ["geneva", "port said"].map(String::from).into(), ..Language::default() };
        let first = |text: &str| {
            let tokens = Tokens::of(text, &language);
            let end = tokens.sentences()[0].end;
            text[..tokens[end - 1].end].to_owned()
        };
        assert_eq!(first("GENEVA The Ports Board met."), "GENEVA");
        assert_eq!(first("PORT SAID A board met."), "PORT SAID");
        assert_eq!(first("MORE ROADS FOR KENYA Minister Ray met them."), "MORE ROADS FOR KENYA");
        assert!(Tokens::of("", &language).sentences().is_empty());
        assert_eq!(first("NPA Chairman Ray left."), "NPA Chairman Ray left.");
        assert_eq!(first("NPA, RPB, KSA, WHO Directors met."), "NPA, RPB, KSA, WHO Directors met.");
        assert_eq!(first("GENEVA, 3 May – He left."), "GENEVA, 3 May – He left.");
        assert_eq!(first("PRIME MINISTER ADA RAY left."), "PRIME MINISTER ADA RAY left.");
    }

    #[test]
    fn a_sentence_without_marks_is_cut_where_others_seem_to_begin() {
        let unmarked = Some(crate::Unmarked { words: 20, marks: 2, passage: 9 });
        let language =
            Language { starters: ["the", "he"].map(String::from).into(), unmarked, ..Language::default() };
        let cut = |text: &str| {
            let tokens = Tokens::of(text, &language);
            let lost = tokens.unmarked(3);
            (tokens.sentences().iter().map(|s| s.end).collect::<Vec<_>>(), lost)
        };
        let lost = "Ms Ray spoke of the road The road is open said Ms Ray He left The Hague and all of them were glad";
        assert_eq!(cut(lost), (vec![6, 13, 23], Some(9)));
        assert_eq!(cut(&lost.replace("road The", "road. The")).1, None);
        assert_eq!(cut("Ms Ray spoke of the road The road is open"), (vec![10], None));
    }

    proptest! {
        #[test]
        fn every_token_is_in_one_sentence(text in "[A-Za-z.,“”\"\n 0-9?é]{0,200}") {
            let tokens = Tokens::of(&text, &Language::default());
            let mut at = 0;
            for s in tokens.sentences() {
                prop_assert_eq!(s.start, at);
                prop_assert!(s.end > s.start);
                at = s.end;
            }
            prop_assert_eq!(at, tokens.len());
        }
    }
}
