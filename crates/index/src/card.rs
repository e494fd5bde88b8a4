//! What a hit shows, as it is stored beside every document: in few bytes, because there are many.

use chancery_record::Span;
use serde::{Deserialize, Serialize};

use crate::analysis::name_words;
use crate::characters::Characters;
use crate::entry::stand_in_row;
use crate::hit::{Hit, Kind, Marks};

/// What a hit shows besides score and highlights. What is the same for all facts of a release stands in the card of the release
/// alone, and a passage that stands in its text word for word is cut from there. Spans are in bytes of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) kind: Kind,
    pub(crate) alias: Option<String>,
    pub(crate) headline: Option<String>,
    pub(crate) published: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) url: Option<String>,
    /// Of a fact the country that the text tells, if any; of a release that of the issuer.
    pub(crate) country: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) release_type: Option<String>,
    pub(crate) fact: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) rule: Option<String>,
    pub(crate) confidence: Option<u8>,
    pub(crate) speaker: Option<String>,
    pub(crate) speaker_id: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) organization: Option<String>,
    pub(crate) acronym: Option<String>,
    pub(crate) acting: bool,
    pub(crate) former: bool,
    pub(crate) act: Option<String>,
    pub(crate) cue: Option<String>,
    pub(crate) cue_span: Option<(usize, usize)>,
    /// Where it is not what stands at `span`.
    pub(crate) passage: Option<String>,
    pub(crate) span: Option<(usize, usize)>,
    pub(crate) direct: bool,
    pub(crate) to: Vec<String>,
}

/// A card as it is stored: which of its fields are there, and what they say.
#[derive(Deserialize, Serialize)]
struct Packed<'c> {
    kind: Kind,
    /// A bit for each flag and number, then for each text.
    given: u32,
    /// Those that are there, then to whom a proposal is put.
    #[serde(borrow)]
    texts: Vec<&'c str>,
    /// Confidence; the beginning of the passage and its length; how far behind that the cue begins, and its length.
    numbers: Vec<i64>,
}

/// The bits of [`Packed::given`] that are no texts.
const ACTING: u32 = 1;
const FORMER: u32 = 1 << 1;
const DIRECT: u32 = 1 << 2;
const CONFIDENCE: u32 = 1 << 3;
const PASSAGE: u32 = 1 << 4;
const CUE: u32 = 1 << 5;
/// The place of the bit of the first text.
const TEXTS: usize = 6;

impl Card {
    /// The card in bytes, without what `text`, that of its release, says already.
    pub(crate) fn packed(&self, text: &str) -> postcard::Result<Vec<u8>> {
        let (mut given, mut texts, mut numbers) = (0, Vec::new(), Vec::new());
        for (bit, is_so) in [(ACTING, self.acting), (FORMER, self.former), (DIRECT, self.direct)] {
            given |= if is_so { bit } else { 0 };
        }
        for (at, field) in self.texts().into_iter().enumerate() {
            if let Some(field) = field
                && !self.is_told(field, text)
            {
                given |= 1 << (TEXTS + at);
                texts.push(field.as_str());
            }
        }
        texts.extend(self.to.iter().map(String::as_str));
        if let Some(confidence) = self.confidence {
            given |= CONFIDENCE;
            numbers.push(confidence.into());
        }
        let mut before = 0;
        for (bit, span) in [(PASSAGE, self.span), (CUE, self.cue_span)] {
            if let Some((start, end)) = span {
                given |= bit;
                numbers.extend([signed(start) - before, signed(end) - signed(start)]);
                before = signed(start);
            }
        }
        postcard::to_allocvec(&Packed { kind: self.kind, given, texts, numbers })
    }

    /// Reads what [`Card::packed`] wrote; `None` where it is none.
    pub(crate) fn unpacked(bytes: &[u8]) -> Option<Self> {
        let packed: Packed<'_> = postcard::from_bytes(bytes).ok()?;
        let has = |bit| packed.given & bit != 0;
        let mut card = Self {
            kind: packed.kind,
            acting: has(ACTING),
            former: has(FORMER),
            direct: has(DIRECT),
            ..Self::default()
        };
        let mut texts = packed.texts.into_iter().map(String::from);
        for (at, field) in card.texts_mut().into_iter().enumerate() {
            if has(1 << (TEXTS + at)) {
                *field = Some(texts.next()?);
            }
        }
        card.to = texts.collect();
        if card.kind == Kind::Body && card.organization.is_none() {
            card.organization.clone_from(&card.speaker);
        }
        let mut numbers = packed.numbers.into_iter();
        if has(CONFIDENCE) {
            card.confidence = Some(u8::try_from(numbers.next()?).ok()?);
        }
        let mut before = 0_i64;
        let mut span = |bit| -> Option<Option<(usize, usize)>> {
            if !has(bit) {
                return Some(None);
            }
            let start = before.checked_add(numbers.next()?)?;
            let end = start.checked_add(numbers.next()?)?;
            before = start;
            Some(Some((start.try_into().ok()?, end.try_into().ok()?)))
        };
        (card.span, card.cue_span) = (span(PASSAGE)?, span(CUE)?);
        Some(card)
    }

    /// Whether a field need not be stored: the cue where it stands in the text as it is shown, the name of a body once more.
    fn is_told(&self, field: &String, text: &str) -> bool {
        let is = |other: &Option<String>| other.as_ref().is_some_and(|other| std::ptr::eq(field, other));
        let at = self.cue_span.and_then(|(start, end)| text.get(start..end));
        is(&self.cue) && at == Some(field)
            || is(&self.organization) && self.kind == Kind::Body && self.speaker.as_ref() == Some(field)
    }

    /// What is text, in the order in which it is stored.
    fn texts(&self) -> [Option<&String>; 20] {
        [
            &self.fact,
            &self.rule,
            &self.speaker,
            &self.speaker_id,
            &self.title,
            &self.role,
            &self.organization,
            &self.acronym,
            &self.key,
            &self.act,
            &self.cue,
            &self.passage,
            &self.country,
            &self.alias,
            &self.headline,
            &self.published,
            &self.source,
            &self.url,
            &self.language,
            &self.release_type,
        ]
        .map(Option::as_ref)
    }

    /// The same, in the same order.
    fn texts_mut(&mut self) -> [&mut Option<String>; 20] {
        [
            &mut self.fact,
            &mut self.rule,
            &mut self.speaker,
            &mut self.speaker_id,
            &mut self.title,
            &mut self.role,
            &mut self.organization,
            &mut self.acronym,
            &mut self.key,
            &mut self.act,
            &mut self.cue,
            &mut self.passage,
            &mut self.country,
            &mut self.alias,
            &mut self.headline,
            &mut self.published,
            &mut self.source,
            &mut self.url,
            &mut self.language,
            &mut self.release_type,
        ]
    }

    /// The hit that shows this card, of a fact or of the release itself, beside what the card and the text of its release say.
    /// `None` where a span lies outside the text: then what is stored does not belong together.
    pub(crate) fn into_hit(self, release: &Self, text: &str, release_id: String, score: f64) -> Option<Hit> {
        let spans = [self.span, self.cue_span].map(|span| span.map(|(start, end)| Span::new(start, end)));
        // Counting characters is left out where there is nothing to count.
        let end = spans.iter().flatten().map(|span| span.end).max().unwrap_or(0);
        let characters = Characters::of(text.get(..end)?);
        let [span, cue_span] = spans;
        let passage = shown(self.passage, span, text)?.unwrap_or_default();
        let cue = shown(self.cue, cue_span, text)?;
        let told = self.country.is_some() && self.kind != Kind::Release;
        let country = self.country.or_else(|| release.country.clone());
        Some(Hit {
            kind: self.kind,
            score,
            release_id,
            speaker_post: post_in_words(self.title.as_deref(), self.organization.as_deref()),
            alias: release.alias.clone(),
            headline: release.headline.clone(),
            published: release.published.clone(),
            source: release.source.clone(),
            url: release.url.clone(),
            country_inferred: country.is_some() && !told && self.kind != Kind::Release,
            country,
            language: release.language.clone(),
            release_type: release.release_type.clone().unwrap_or_default(),
            fact: self.fact,
            key: self.key,
            rule: self.rule,
            confidence: self.confidence,
            speaker: self.speaker,
            is_variant: false,
            speaker_id: self.speaker_id,
            title: self.title,
            role: self.role,
            organization: self.organization,
            acronym: self.acronym,
            acting: self.acting,
            former: self.former,
            act: self.act,
            cue,
            passage,
            cut_before: false,
            cut_after: false,
            highlights: Vec::new(),
            highlights_in_characters: Vec::new(),
            marks: Marks::default(),
            marks_in_characters: Marks::default(),
            in_release: None,
            span: span.unwrap_or_default(),
            span_in_characters: span.map(|span| characters.of_bytes(span)).unwrap_or_default(),
            cue_span,
            cue_span_in_characters: cue_span.map(|span| characters.of_bytes(span)),
            direct: self.direct,
            to: self.to,
        })
    }
}

/// `Chairperson, National Post Authority`; the body is left out where the title names it.
fn post_in_words(title: Option<&str>, body: Option<&str>) -> Option<String> {
    match (title, body) {
        (Some(title), Some(body)) => {
            let (title_words, body_words) = (name_words(title), name_words(body));
            Some(if stand_in_row(&body_words, &title_words) {
                title.into()
            } else {
                format!("{title}, {body}")
            })
        }
        (title, body) => title.or(body).map(String::from),
    }
}

/// What is stored, else what stands in the text; `None` where that lies outside it.
fn shown(stored: Option<String>, span: Option<Span>, text: &str) -> Option<Option<String>> {
    match (stored, span) {
        (None, Some(span)) => Some(Some(text.get(span.start..span.end)?.into())),
        (stored, _) => Some(stored),
    }
}

/// Texts are shorter than memory can be.
fn signed(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "Ana Roe said that Émile Quay, of the Port Board, pays.";

    /// A card whose texts are all there, each another.
    fn full() -> Card {
        let mut card = Card {
            kind: Kind::Proposal,
            confidence: Some(97),
            acting: true,
            direct: true,
            cue_span: Some((8, 12)),
            span: Some((18, 54)),
            to: vec!["the Board".into(), "the Port".into()],
            ..Card::default()
        };
        for (at, text) in card.texts_mut().into_iter().enumerate() {
            *text = Some(format!("text {at}"));
        }
        card
    }

    #[test]
    fn a_card_is_read_as_it_was_written() {
        let former = Card { kind: Kind::Official, former: true, ..Card::default() };
        for card in [full(), former, Card::default()] {
            assert_eq!(Card::unpacked(&card.packed(TEXT).unwrap()), Some(card));
        }
    }

    #[test]
    fn what_the_text_says_is_shown_though_it_is_not_stored() {
        let card = Card { cue: Some("said".into()), ..full() };
        let bytes = card.packed(TEXT).unwrap();
        assert!(!bytes.windows(4).any(|four| four == b"said"));
        let hit = Card::unpacked(&bytes).unwrap().into_hit(&Card::default(), TEXT, "r1".into(), 1.0).unwrap();
        assert_eq!(hit.cue.as_deref(), Some("said"));
        let elsewhere = Card { cue: Some("told".into()), ..full() }.packed(TEXT).unwrap();
        assert_eq!(Card::unpacked(&elsewhere).unwrap().cue.as_deref(), Some("told"));

        let name = Some("Port Board".to_owned());
        let body = Card { kind: Kind::Body, speaker: name.clone(), organization: name, ..Card::default() };
        let bytes = body.packed(TEXT).unwrap();
        assert_eq!(bytes.windows(4).filter(|four| four == b"Port").count(), 1);
        assert_eq!(Card::unpacked(&bytes), Some(body));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_card_or_none(mut bytes in proptest::collection::vec(any::<u8>(), 0..60), at in 0_usize..200, to: u8) {
            let _ = Card::unpacked(&bytes);
            bytes = full().packed(TEXT).unwrap();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = to;
            }
            let _ = Card::unpacked(&bytes).and_then(|card| card.into_hit(&Card::default(), TEXT, "r1".into(), 1.0));
        }
    }
}
