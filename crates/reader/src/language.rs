//! The language of a release.

use crate::Lexicon;
use crate::evidence::Ground;
use crate::fold::fold;

/// So much of a text is looked at, in characters.
const LOOKED_AT: usize = 1000;
/// A text of fewer bytes is a line or two: its letters tell little, its small words more.
const SHORT: usize = 300;
/// Of a shorter text nothing is sure.
const LINE: usize = 60;

/// The language of `text` as a BCP 47 tag: what the page declares where the text does not speak against it, else what
/// the text looks like. `None` where nobody can tell.
pub(crate) fn of(text: &str, declared: Option<&str>, lexicon: &Lexicon) -> Option<String> {
    let declared_one = declared.and_then(|tag| tag.split('-').next()).map(str::to_ascii_lowercase);
    match declared_one.filter(|tag| is_plainly(looked_at(text), tag, lexicon)) {
        Some(tag) => Some(tag),
        None => grounds(text, declared, lexicon).into_iter().next().map(|ground| ground.value),
    }
}

/// The part of a text that tells its language.
fn looked_at(text: &str) -> &str {
    let end = text.char_indices().nth(LOOKED_AT).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// Whether a text is plainly in a language: to count small words takes a fraction of the time that its letters take.
fn is_plainly(text: &str, tag: &str, lexicon: &Lexicon) -> bool {
    let (small, share) = (lexicon.small_words.get(tag), lexicon.plainly.get(tag));
    let (Some(small), Some(share), SHORT..) = (small, share, text.len()) else { return false };
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let (known, all) = words.fold((0, 0), |(known, all), word| {
        let is_small = small.iter().any(|small| small.eq_ignore_ascii_case(word));
        (known + usize::from(is_small), all + 1)
    });
    known * 100 >= all * share
}

/// All that speaks for a language, best first.
pub(crate) fn grounds(text: &str, declared: Option<&str>, lexicon: &Lexicon) -> Vec<Ground> {
    let text = looked_at(text);
    let end = text.len();
    let seen = whatlang::detect(text);
    let tag = |info: &whatlang::Info| lexicon.languages.get(info.lang().code()).cloned();
    let told = if end < SHORT { by_small_words(text, lexicon) } else { None };
    let is_sure = |info: &&whatlang::Info| info.is_reliable() && end >= LINE;
    let agrees = |tag: &String| told.as_ref().is_none_or(|told| told == tag);
    let declared = declared.and_then(|tag| tag.split('-').next()).map(str::to_ascii_lowercase);
    let alike = declared.as_ref().and_then(|tag| lexicon.look_alikes.get(tag));
    let is_other = |tag: &String| alike.is_none_or(|alike| !alike.contains(tag));
    let sure = seen.as_ref().filter(is_sure).and_then(tag).filter(agrees).filter(is_other);
    let likely = seen.as_ref().filter(|info| info.confidence() > 0.4 || end > SHORT).and_then(tag);
    let likely = likely.filter(|tag| sure.as_ref() != Some(tag));
    let is_plain =
        |tag: &String| sure.as_ref().is_some_and(|sure| sure != tag) && is_plainly(text, tag, lexicon);
    let plain = declared.clone().filter(is_plain);
    let all = [
        (plain, "the small words of the text, in the language that the page declares"),
        (sure, "the letters of the text"),
        (declared, "what the page declares"),
        (told, "the small words of the text"),
        (likely, "the letters of the text, unsure"),
    ];
    all.into_iter().filter_map(|(tag, from)| Some(Ground::new(tag?, from))).collect()
}

/// The one language of which a text has most small words.
fn by_small_words(text: &str, lexicon: &Lexicon) -> Option<String> {
    let words: Vec<String> = text.split(|c: char| !c.is_alphabetic()).map(fold).collect();
    let count = |small: &[String]| words.iter().filter(|word| small.contains(word)).count();
    let mut counts: Vec<(usize, &String)> =
        lexicon.small_words.iter().map(|(tag, small)| (count(small), tag)).collect();
    counts.sort_unstable();
    let (most, tag) = counts.pop().filter(|(most, _)| *most > 0)?;
    let second = counts.pop().map_or(0, |(count, _)| count);
    (most > second).then(|| tag.clone())
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::Lexicon;

    #[test]
    fn a_page_in_another_language_than_it_declares_is_told_by_its_letters() {
        let words = "[languages]\neng = 'en'\nfra = 'fr'\n[small_words]\nen = ['the', 'said', 'is', 'and', 'of']\n[plainly]\nen = 15";
        let lexicon = Lexicon::parse(&[("reader.toml".into(), words.into())]).unwrap();
        let of = |text: &str| of(&text.repeat(8), Some("en"), &lexicon);
        assert_eq!(of("The Minister of Tides said the port is open and safe. ").as_deref(), Some("en"));
        let french = "Le ministre des Marées a dit que le port est ouvert et que les bateaux sont attendus. ";
        assert_eq!(of(french).as_deref(), Some("fr"));
    }

    #[test]
    fn a_line_is_told_by_its_small_words() {
        let words = "[languages]\neng = 'en'\nfra = 'fr'\n[small_words]\nen = ['the', 'said', 'is']\nfr = ['le', 'est', 'la']";
        let lexicon = Lexicon::parse(&[("reader.toml".into(), words.into())]).unwrap();
        let of = |text: &str, declared: Option<&str>| of(text, declared, &lexicon);
        assert_eq!(of("Minister Ray said the port is open.", None).as_deref(), Some("en"));
        assert_eq!(of("Le port est ouvert.", None).as_deref(), Some("fr"));
        assert_eq!(of("Le port est ouvert.", Some("en-GB")).as_deref(), Some("en"));
        assert_eq!(of("Ada Ray", None), None);
    }
}
