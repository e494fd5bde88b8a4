//! The fields of the index and the version of their layout.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use crate::analysis::STEMS;

/// The version of the layout: raised by whoever changes a field or an analysis.
pub(crate) const VERSION: u32 = 2;

/// A field that no document uses; its name carries the version, because tantivy writes the schema and the list of
/// segments in one file and so the two can never disagree.
const MARK: &str = "chancery_index_";

/// Handles of the fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    /// Identity of the release, one term.
    pub(crate) id: Field,
    /// `release`, `statement`, `proposal` or `official`.
    pub(crate) kind: Field,
    pub(crate) source: Field,
    /// Country of the issuer, folded, one term.
    pub(crate) country: Field,
    /// `YYYYMMDD` as a number; absent where nobody knows.
    pub(crate) published: Field,
    /// How sure a fact is, 0 to 100; absent where the document is a release.
    pub(crate) confidence: Field,
    /// Place among the documents of a release: the release first, then the facts as they stand in the text.
    pub(crate) position: Field,
    /// Words of a fact (stems).
    pub(crate) passage: Field,
    /// Words of a release (stems), stored too: snippets are cut from it.
    pub(crate) text: Field,
    /// Headline of a release (stems).
    pub(crate) headline: Field,
    /// Headline of the release that a fact stands in (stems): lifts the fact, never makes it a hit.
    pub(crate) context: Field,
    /// Titles and bodies of the speaker, proposer or official (stems).
    pub(crate) post: Field,
    /// Names of the speaker, proposer or official (name words).
    pub(crate) names: Field,
    /// Names of all bodies of the document (name words), body by body.
    pub(crate) bodies: Field,
    /// What a hit shows, as JSON; stored only.
    pub(crate) card: Field,
}

/// What the schema of an index says of its version.
pub(crate) enum Version {
    /// The one that this program knows.
    Known(Fields),
    /// Another.
    Other(String),
}

fn running_text(norms: bool) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(STEMS)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions)
            .set_fieldnorms(norms),
    )
}

/// The schema of this version.
pub(crate) fn schema() -> Schema {
    let mut builder = Schema::builder();
    builder.add_text_field("id", STRING | FAST);
    builder.add_text_field("kind", STRING);
    builder.add_text_field("source", STRING);
    builder.add_text_field("country", STRING);
    builder.add_u64_field("published", FAST | INDEXED);
    builder.add_u64_field("confidence", FAST | INDEXED);
    builder.add_u64_field("position", FAST);
    builder.add_text_field("passage", running_text(true));
    builder.add_text_field("text", running_text(true).set_stored());
    builder.add_text_field("headline", running_text(true));
    builder.add_text_field("context", running_text(true));
    builder.add_text_field("post", running_text(false));
    // Names come in cut into words already, so the tokenizer that the schema names is never called for them.
    builder.add_text_field("names", running_text(false));
    builder.add_text_field("bodies", running_text(false));
    builder.add_bytes_field("card", STORED);
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
        id: field("id")?,
        kind: field("kind")?,
        source: field("source")?,
        country: field("country")?,
        published: field("published")?,
        confidence: field("confidence")?,
        position: field("position")?,
        passage: field("passage")?,
        text: field("text")?,
        headline: field("headline")?,
        context: field("context")?,
        post: field("post")?,
        names: field("names")?,
        bodies: field("bodies")?,
        card: field("card")?,
    })
}
