//! The language of a release.

use crate::Lexicon;

/// So much of a text is looked at, in characters.
const LOOKED_AT: usize = 1000;

/// The language of `text` as a BCP 47 tag: what the page declares where the text does not speak against it, else what
/// the text looks like. `None` where nobody can tell.
pub(crate) fn of(text: &str, declared: Option<&str>, lexicon: &Lexicon) -> Option<String> {
    let end = text.char_indices().nth(LOOKED_AT).map_or(text.len(), |(at, _)| at);
    let seen = whatlang::detect(text.get(..end)?);
    let tag = |info: &whatlang::Info| lexicon.languages.get(info.lang().code()).cloned();
    let is_sure = |info: &&whatlang::Info| info.is_reliable() && end >= 60;
    let sure = seen.as_ref().filter(is_sure).and_then(tag);
    let declared = declared.and_then(|tag| tag.split('-').next()).map(str::to_ascii_lowercase);
    let likely = || seen.as_ref().filter(|info| info.confidence() > 0.4 || end > 300).and_then(tag);
    sure.or(declared).or_else(likely)
}
