//! An entry as a document of tantivy: which of it is looked for as words, by which name, and what is asked for as a whole.

use chancery_record::{Record, Release};
use chancery_text::fold;
use tantivy::TantivyDocument;
use tantivy::indexer::UserOperation;
use tantivy::tokenizer::{PreTokenizedString, Token};

use crate::analysis::{PART, PART_GAP, Stemming};
use crate::entry::{Entry, entries};
use crate::hit::Kind;
use crate::key::key;
use crate::period::day;
use crate::records::Place;
use crate::schema::Fields;

/// Makes documents.
#[derive(Clone, Copy)]
pub(crate) struct Documents(pub(crate) Fields);

impl Documents {
    /// The documents of a record that lies at `place`, the release first. They must come to lie one after the other in the
    /// index: where the record lies stands with the release alone.
    pub(crate) fn of(&self, record: &Record, place: Place) -> Vec<UserOperation> {
        let all = entries(record);
        let key = key(&record.release.id);
        let mut documents: Vec<_> = all.iter().map(|entry| self.document(record, &key, entry)).collect();
        if let Some(release) = documents.first_mut() {
            for (field, number) in [self.0.place, self.0.line].into_iter().zip(place.numbers()) {
                release.add_u64(field, number);
            }
        }
        documents.into_iter().map(UserOperation::Add).collect()
    }

    /// The document of one entry.
    fn document(&self, record: &Record, key: &[u8], entry: &Entry) -> TantivyDocument {
        let (fields, release, card) = (&self.0, &record.release, &entry.card);
        let mut document = TantivyDocument::new();
        document.add_bytes(fields.key, key);
        self.add_properties(&mut document, record, entry);
        let language = Stemming::of(release.language.as_deref());
        let headline = release.headline.as_deref().unwrap_or_default();
        if card.kind == Kind::Release {
            self.add_of_release(&mut document, release, &entry.has);
            document.add_text(fields.words, parts([&*release.text, headline]));
            document.add_text(fields.stem_text, language.marked(&release.text));
            document.add_text(fields.headline, language.marked(headline));
        } else {
            let posts = entry.post_words.iter().map(String::as_str);
            document.add_text(fields.words, parts([&*entry.passage].into_iter().chain(posts.clone())));
            document.add_text(fields.passage, language.marked(&entry.passage));
            document.add_text(fields.post, language.marked(&parts(posts)));
            if let Some(cue) = &card.cue {
                document.add_text(fields.cue, language.marked(cue));
            }
        }
        document.add_pre_tokenized_text(fields.names, in_rows([&entry.names]));
        for (field, rows) in [
            (fields.bodies, &entry.bodies),
            (fields.about, &entry.about),
            (fields.addressed, &entry.addressed),
        ] {
            if !rows.is_empty() {
                document.add_pre_tokenized_text(field, in_rows(rows));
            }
        }
        document
    }

    /// What holds for a release and its facts.
    fn add_of_release(&self, document: &mut TantivyDocument, release: &Release, has: &[&str]) {
        let fields = &self.0;
        document.add_text(fields.id, &release.id);
        document.add_text(fields.release_type, &release.kind);
        if let Some(source) = &release.source {
            document.add_text(fields.source, source);
        }
        if let Some(day) = release.published.as_deref().and_then(day) {
            document.add_u64(fields.published, day);
        }
        has.iter().for_each(|what| document.add_text(fields.has, what));
    }

    /// What is asked for as a whole: by a filter, or to be counted.
    fn add_properties(&self, document: &mut TantivyDocument, record: &Record, entry: &Entry) {
        let (fields, release, card) = (&self.0, &record.release, &entry.card);
        let country = card.country.as_deref().or(release.country.as_deref());
        document.add_text(fields.kind, card.kind.as_str());
        let lang = release.language.as_deref().and_then(|tag| tag.split(['-', '_']).next());
        for (field, value) in [
            (fields.lang, lang),
            (fields.country_name, country),
            (fields.act, card.act.as_deref()),
            (fields.speaker, card.speaker.as_deref()),
            (fields.body, card.organization.as_deref()),
        ] {
            if let Some(value) = value {
                document.add_text(field, value);
            }
        }
        if let Some(country) = country {
            document.add_text(fields.country, fold(country));
        }
        if let Some(confidence) = card.confidence {
            document.add_u64(fields.confidence, confidence.into());
        }
        if matches!(card.kind, Kind::Statement | Kind::Proposal) {
            document.add_text(fields.direct, if card.direct { "yes" } else { "no" });
        }
        entry.roles.iter().for_each(|role| document.add_text(fields.role, role));
    }
}

/// Parts of one field, with a gap between them that no phrase runs over.
fn parts<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let mut whole = String::new();
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 {
            whole.push(PART);
        }
        whole.push_str(part);
    }
    whole
}

/// Rows of words that no phrase spans: [`PART_GAP`] positions lie between them.
fn in_rows<'w>(rows: impl IntoIterator<Item = &'w Vec<String>>) -> PreTokenizedString {
    let (mut tokens, mut first) = (Vec::new(), 0);
    for words in rows {
        for (position, word) in (first..).zip(words) {
            tokens.push(Token { text: word.clone(), position, position_length: 1, ..Token::default() });
        }
        first += words.len() + PART_GAP;
    }
    PreTokenizedString { text: String::new(), tokens }
}
