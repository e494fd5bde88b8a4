//! The fast way over a text gives exactly what the plain way with `unicode-segmentation` gives.

#![expect(clippy::string_slice, reason = "a test may panic")]

#[path = "main/names.rs"]
mod names;
#[path = "main/reference.rs"]
mod reference;

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use chancery_text::{Language, Tokens, fold};
use proptest::prelude::*;
use reference::{Piece, Reference};

fn language() -> Language {
    let set = |words: &[&str]| words.iter().map(|word| String::from(*word)).collect();
    Language {
        abbreviations: set(&["dr", "mr", "ms", "gen", "hon", "no", "st", "a", "e", "hon'ble"]),
        starters: set(&["the", "he", "she", "in", "a"]),
        addresses: set(&["mr", "ms"]),
        prefixes: set(&["then", "ex", "a", "mid"]),
        suffixes: set(&["affiliated", "based", "led", "b", "e"]),
        possessors: set(&[]),
        places: set(&[]),
        unmarked: None,
    }
}

/// That both ways give the same for a text.
fn same(text: &str) -> Result<(), TestCaseError> {
    let language = language();
    let (fast, plain) = (Tokens::of(text, &language), Reference::of(text, &language));
    let tokens: Vec<Piece> =
        fast.iter().map(|t| Piece { start: t.start, end: t.end, shape: t.shape }).collect();
    if tokens != plain.tokens {
        let words = |tokens: &[Piece]| {
            tokens.iter().map(|t| (text[t.start..t.end].to_owned(), t.shape)).collect::<Vec<_>>()
        };
        prop_assert_eq!(words(&tokens), words(&plain.tokens), "tokens of {:?}", text);
    }
    prop_assert_eq!(fast.quotations(), &plain.quotations[..], "quotations of {:?}", text);
    prop_assert_eq!(fast.sentences(), &plain.sentences[..], "sentences of {:?}", text);
    for (at, folded) in plain.folded.iter().enumerate() {
        prop_assert_eq!(fast.folded(at), folded, "token {} of {:?}", at, text);
        prop_assert!(fast.parts(at).eq(folded.split(' ')), "parts of token {} of {:?}", at, text);
    }
    prop_assert_eq!(fold(text), reference::fold(text));
    Ok(())
}

/// What tokens and sentences turn on, in texts like press releases.
const PIECES: &[&str] = &[
    " ",
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\t",
    "\u{b}",
    "\u{a0}",
    ".",
    ".",
    ".",
    ",",
    ",",
    ";",
    ":",
    "!",
    "?",
    "'",
    "'s",
    "’",
    "’s",
    "“",
    "”",
    "\"",
    "‘",
    "(",
    ")",
    "[",
    "-",
    "-",
    "–",
    "—",
    "‑",
    "…",
    "_",
    "`",
    "/",
    "&",
    "a",
    "the",
    "he",
    "word",
    "his",
    "ministers",
    "Minister",
    "The",
    "A",
    "J",
    "U.S",
    "EG",
    "CERT",
    "al-Shaibani",
    "Ms",
    "Dr",
    "then-",
    "-based",
    "mid",
    "ended.The",
    "3",
    "2021",
    "3.5",
    "1,000",
    "10:30",
    "5th",
    "é",
    "É",
    "Türkiye",
    "ß",
    "€",
    "½",
];

/// Characters that the rules treat each in a way of its own: marks without a place of their own, joiners, flags, other
/// scripts, other ends of lines and sentences.
const STRANGE: &[&str] = &[
    "\u{301}",
    "\u{ad}",
    "\u{200d}",
    "\u{200b}",
    "\u{feff}",
    "\u{2028}",
    "\u{85}",
    "\u{2003}",
    "\u{3000}",
    "\u{202f}",
    "🇪🇬",
    "🇪",
    "👩\u{200d}🔬",
    "©",
    "™",
    "א",
    "ב\"",
    "カタ",
    "中",
    "。",
    "！",
    "٣",
    "و",
    "ǅ",
    "ⅷ",
    "．",
    "․",
    "·",
    "‧",
    "⁇",
    "ﬁ",
    "ΑΒΓ",
    "я",
    "\u{10400}",
    "₂",
];

fn text_of(pieces: &'static [&'static str], longest: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 0..longest).prop_map(|pieces| pieces.concat())
}

fn mixed(longest: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        12 => prop::sample::select(PIECES).prop_map(String::from),
        3 => prop::sample::select(STRANGE).prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..longest).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn texts_like_press_releases(text in text_of(PIECES, 40)) {
        same(&text)?;
    }

    #[test]
    fn short_texts_like_press_releases(text in text_of(PIECES, 8)) {
        same(&text)?;
    }

    #[test]
    fn ascii(text in "[a-cA-C0-1_.,;:!?'\"()`\\- \n\r\t]{0,24}") {
        same(&text)?;
    }

    #[test]
    fn texts_with_anything_in_them(text in mixed(24)) {
        same(&text)?;
    }

    #[test]
    fn anything(text in any::<String>()) {
        same(&text)?;
    }

    #[test]
    fn tokens_cover_all_but_white_space(text in mixed(24)) {
        let tokens = Tokens::of(&text, &Language::default());
        let mut at = 0;
        for token in tokens.iter() {
            prop_assert!(token.start >= at && token.end > token.start);
            prop_assert!(text[at..token.start].trim().is_empty());
            at = token.end;
        }
        prop_assert!(text[at..].trim().is_empty());
    }
}

/// A folder of texts and corpora that lies beside the project in some checkouts.
fn beside(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path)
}

#[test]
fn releases_read_closely() -> Result<(), Box<dyn Error>> {
    let folder = beside("gold/dev/text");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: there is no {}", folder.display());
        return Ok(());
    };
    for entry in entries {
        same(&fs::read_to_string(entry?.path())?).map_err(|why| why.to_string())?;
    }
    Ok(())
}

#[test]
fn releases_of_many_bodies_and_scripts() -> Result<(), Box<dyn Error>> {
    for (corpus, many) in [("bulk_en_sample", 600), ("multilingual", 500), ("cabinet_decisions", 100)] {
        let path = beside("corpora").join(format!("{corpus}.jsonl.zst"));
        let Ok(file) = fs::File::open(&path) else {
            eprintln!("skipped: there is no {}", path.display());
            continue;
        };
        for line in BufReader::new(zstd::Decoder::new(file)?).lines().take(many) {
            let record: serde_json::Value = serde_json::from_str(&line?)?;
            same(record["text"].as_str().unwrap_or_default()).map_err(|why| why.to_string())?;
        }
    }
    Ok(())
}

#[test]
fn tokens_of_press_releases() {
    for (text, expected) in [
        ("Egypt's ICT", vec!["Egypt", "'s", "ICT"]),
        ("ministers’ plan", vec!["ministers", "’", "plan"]),
        ("the then-Minister El-Sayed", vec!["the", "then", "Minister", "El-Sayed"]),
        ("MCIT-affiliated EG-CERT", vec!["MCIT", "affiliated", "EG-CERT"]),
        ("T.R.V.S. Tesmarekha, U.S.", vec!["T.R.V.S.", "Tesmarekha", ",", "U.S."]),
        ("Dr. J. Smith (UPU)", vec!["Dr", ".", "J.", "Smith", "(", "UPU", ")"]),
        ("A – B, 3.5 per cent", vec!["A", "–", "B", ",", "3.5", "per", "cent"]),
        ("Ms.Tanaka", vec!["Ms", ".", "Tanaka"]),
        ("Dao'an O’Neill", vec!["Dao'an", "O’Neill"]),
    ] {
        let tokens = Tokens::of(text, &language());
        let words: Vec<&str> = tokens.iter().map(|t| t.of(text)).collect();
        assert_eq!(words, expected, "{text}");
    }
}

#[test]
fn parts_of_tokens_are_folded() {
    let tokens = Tokens::of("The Vice‑Président’s - Co-Op", &Language::default());
    let parts: Vec<Vec<&str>> = (0..tokens.len()).map(|at| tokens.parts(at).collect()).collect();
    assert_eq!(parts, [vec!["the"], vec!["vice", "president"], vec!["'s"], vec![""], vec!["co", "op"]]);
    assert_eq!(tokens.folded(1), "vice president");
    assert_eq!(tokens.folded(tokens.len()), "");
}
