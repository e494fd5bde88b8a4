//! The fields of the index and the version of their layout.

use tantivy::IndexSettings;
use tantivy::schema::{
    BytesOptions, FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::store::{Compressor, ZstdCompressor};

use crate::analysis::{STEMS, WORDS};

/// The version of the layout: raised by whoever changes a field, an analysis, or which facts there are and in which order.
pub(crate) const VERSION: u32 = 13;

/// A field that no document uses; its name carries the version, because tantivy writes the schema and the list of
/// segments in one file and so the two can never disagree.
const MARK: &str = "chancery_index_";

/// Handles of the fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    /// Key of the release, one term; all its documents are replaced by it.
    pub(crate) key: Field,
    /// Identity, to be sorted by; of a release, and so of its facts.
    pub(crate) id: Field,
    /// `release`, `statement`, `proposal`, `official` or `body`.
    pub(crate) kind: Field,
    /// Source of the release, and so of its facts.
    pub(crate) source: Field,
    /// Type of the release, and so of its facts: `press-release`, `speech`, …
    pub(crate) release_type: Field,
    /// Language of the release, the first part of its tag.
    pub(crate) lang: Field,
    /// Country of a hit, folded, one term.
    pub(crate) country: Field,
    /// The same as it is shown, to be counted.
    pub(crate) country_name: Field,
    /// Classes of the speaker's posts; the first is the one shown.
    pub(crate) role: Field,
    /// Class of the cue.
    pub(crate) act: Field,
    /// `yes` where the passage stands in quotation marks, else `no`; absent where the document is no statement or proposal.
    pub(crate) direct: Field,
    /// What the release has, with its facts: `statement`, `proposal`, `date`, …
    pub(crate) has: Field,
    /// Speaker, proposer or official as shown, to be counted.
    pub(crate) speaker: Field,
    /// Body of the speaker as shown, to be counted.
    pub(crate) body: Field,
    /// `YYYYMMDD` of a release, and so of its facts, as a number; absent where nobody knows.
    pub(crate) published: Field,
    /// How sure a fact is, 0 to 100; absent where the document is a release.
    pub(crate) confidence: Field,
    /// Words as they stand, folded: of a fact its passage, then the posts of its speaker; of a release its text, then its
    /// headline. For phrases, words near each other, prefixes and spellings.
    pub(crate) words: Field,
    /// Stems of the passage of a fact.
    pub(crate) passage: Field,
    /// Stems of the text of a release.
    pub(crate) stem_text: Field,
    /// Stems of the headline of a release; over a fact it lifts the fact, and never makes it a hit.
    pub(crate) headline: Field,
    /// Stems of the word that makes it a statement or proposal.
    pub(crate) cue: Field,
    /// Stems of titles and bodies of the speaker, proposer or official.
    pub(crate) post: Field,
    /// Names of the speaker, proposer or official (name words).
    pub(crate) names: Field,
    /// Names of all bodies of the document (name words), body by body.
    pub(crate) bodies: Field,
    /// Names of the bodies that the passage (of a release: the headline) names, body by body.
    pub(crate) about: Field,
    /// Names of those to whom a proposal is put, one by one.
    pub(crate) addressed: Field,
    /// Of a release, where its record lies: the file and the place in it …
    pub(crate) place: Field,
    /// … and the line there, with its checksum.
    pub(crate) line: Field,
}

/// Stands for the headline over a fact where lengths are asked for: no document has such a field.
pub(crate) const OVER: Field = Field::from_field_id(u32::MAX);

/// What the schema of an index says of its version.
pub(crate) enum Version {
    /// The one that this program knows.
    Known(Fields),
    /// Another.
    Other(String),
}

fn running_text(tokenizer: &str, option: IndexRecordOption, norms: bool) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option).set_fieldnorms(norms),
    )
}

/// A property: one term, whose length nobody asks for.
fn whole() -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer("raw").set_fieldnorms(false);
    TextOptions::default().set_indexing_options(indexing.set_index_option(IndexRecordOption::Basic))
}

/// Nothing is stored: what a hit shows is read from the records. tantivy keeps five bytes of an empty document all the same, which
/// count up; they pack best in blocks of so many bytes with all that zstd has, and such blocks are packed in no time.
const EMPTY: (usize, i32) = (512, 19);

/// How the stored fields are kept.
pub(crate) fn settings() -> IndexSettings {
    IndexSettings {
        docstore_blocksize: EMPTY.0,
        docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(EMPTY.1) }),
        ..IndexSettings::default()
    }
}

/// The schema of this version.
pub(crate) fn schema() -> Schema {
    let mut builder = Schema::builder();
    for name in ["kind", "source", "lang", "role", "act"] {
        builder.add_text_field(name, whole() | FAST);
    }
    for name in ["type", "country", "direct", "has"] {
        builder.add_text_field(name, whole());
    }
    builder.add_bytes_field("key", BytesOptions::default().set_indexed());
    for name in ["id", "country_name", "speaker", "body"] {
        builder.add_text_field(name, FAST);
    }
    // Ranges of numbers are read from their columns.
    for name in ["published", "confidence", "place", "line"] {
        builder.add_u64_field(name, FAST);
    }
    let places = IndexRecordOption::WithFreqsAndPositions;
    builder.add_text_field("words", running_text(WORDS, places, true));
    for name in ["stem_passage", "stem_text", "stem_headline"] {
        builder.add_text_field(name, running_text(STEMS, IndexRecordOption::WithFreqs, true));
    }
    builder.add_text_field("stem_cue", running_text(STEMS, IndexRecordOption::WithFreqs, false));
    builder.add_text_field("stem_post", running_text(STEMS, places, true));
    // Names come in cut into words already, so the tokenizer that the schema names is never called for them.
    for name in ["names", "bodies", "about", "addressed"] {
        builder.add_text_field(name, running_text(WORDS, places, false));
    }
    builder.add_bytes_field(&format!("{MARK}{VERSION}"), STORED);
    builder.build()
}

/// Reads the version of `schema`, and its fields where it is ours.
pub(crate) fn version(schema: &Schema) -> Version {
    let mark = schema.fields().find_map(|(_, entry)| entry.name().strip_prefix(MARK));
    match mark {
        Some(number) if number == VERSION.to_string() => {}
        Some(number) => return Version::Other(format!("layout version {number}")),
        None => return Version::Other("no layout version".into()),
    }
    match fields(schema) {
        Ok(fields) => Version::Known(fields),
        Err(error) => Version::Other(format!("layout version {VERSION} but {error}")),
    }
}

fn fields(schema: &Schema) -> tantivy::Result<Fields> {
    let field = |name| schema.get_field(name);
    Ok(Fields {
        key: field("key")?,
        id: field("id")?,
        kind: field("kind")?,
        source: field("source")?,
        release_type: field("type")?,
        lang: field("lang")?,
        country: field("country")?,
        country_name: field("country_name")?,
        role: field("role")?,
        act: field("act")?,
        direct: field("direct")?,
        has: field("has")?,
        speaker: field("speaker")?,
        body: field("body")?,
        published: field("published")?,
        confidence: field("confidence")?,
        words: field("words")?,
        passage: field("stem_passage")?,
        stem_text: field("stem_text")?,
        headline: field("stem_headline")?,
        cue: field("stem_cue")?,
        post: field("stem_post")?,
        names: field("names")?,
        bodies: field("bodies")?,
        about: field("about")?,
        addressed: field("addressed")?,
        place: field("place")?,
        line: field("line")?,
    })
}
