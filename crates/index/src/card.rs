//! What a hit shows of a fact, as it is read from the record.

use chancery_record::{Release, Span};

use crate::analysis::name_words;
use crate::characters::Characters;
use crate::entry::stand_in_row;
use crate::hit::{Hit, Kind, Marks};

/// What a hit shows besides score, highlights and what is the same for all facts of a release. Spans are in bytes of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) kind: Kind,
    /// The country that the text tells, if any.
    pub(crate) country: Option<String>,
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

impl Card {
    /// The hit that shows this card, of a fact or, where it is empty, of `release` itself. `None` where a span lies outside the
    /// text: then what is stored does not belong together.
    pub(crate) fn into_hit(self, release: &Release, score: f64) -> Option<Hit> {
        let text = &*release.text;
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
            release_id: release.id.clone(),
            speaker_post: post_in_words(self.title.as_deref(), self.organization.as_deref()),
            alias: release.alias.clone(),
            headline: release.headline.clone(),
            published: release.published.clone(),
            source: release.source.clone(),
            url: release.url.clone(),
            country_inferred: country.is_some() && !told && self.kind != Kind::Release,
            country,
            language: release.language.clone(),
            release_type: release.kind.clone(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn release() -> Release {
        Release { text: "Ana Roe said that Émile Quay pays.".into(), ..Release::default() }
    }

    #[test]
    fn what_the_text_says_is_shown_from_there() {
        let card =
            Card { kind: Kind::Statement, span: Some((18, 29)), cue_span: Some((8, 12)), ..Card::default() };
        let hit = card.clone().into_hit(&release(), 1.0).unwrap();
        assert_eq!((&*hit.passage, hit.cue.as_deref()), ("Émile Quay", Some("said")));
        assert_eq!(hit.span_in_characters, Span::new(18, 28));
        let hit = Card { passage: Some("he pays".into()), ..card }.into_hit(&release(), 1.0).unwrap();
        assert_eq!(hit.passage, "he pays");
    }

    #[test]
    fn a_passage_that_lies_outside_the_text_is_none() {
        for span in [(18, 99), (19, 29)] {
            assert_eq!(Card { span: Some(span), ..Card::default() }.into_hit(&release(), 1.0), None);
        }
    }
}
