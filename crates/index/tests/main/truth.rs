//! Marks are true: what is marked is what matched.

use chancery_index::{Hit, Index, Kind, Mode, Query};
use chancery_record::{Record, Span};
use proptest::prelude::*;

use crate::archive::{Kept, Page, ask, index_of};

const WORDS: [&str; 12] = [
    "harbour",
    "harbours",
    "minister",
    "ministers",
    "fund",
    "funding",
    "tank",
    "pier",
    "Ra’ad",
    "al-Tarnel",
    "NPA",
    "Türk",
];

/// Words of the pages, as they are asked for: in phrases, near each other, cut short, misspelt, excluded.
fn query() -> impl Strategy<Value = String> {
    let word = || prop::sample::select(&WORDS[..]);
    let leaf = prop_oneof![
        4 => word().prop_map(String::from),
        1 => (word(), word()).prop_map(|(a, b)| format!("\"{a} {b}\"")),
        1 => (word(), word(), 0..4).prop_map(|(a, b, n)| format!("\"{a} {b}\"~{n}")),
        1 => prop::sample::select(vec!["har*", "mini*", "fun*", "turk*", "al-Tar*"]).prop_map(String::from),
        1 => prop::sample::select(vec!["harbor~", "minster~", "tnak~1", "peir~"]).prop_map(String::from),
        1 => prop::sample::select(vec!["who:tarnel", "post:minister", "about:fund", "about:pier", "said-by:\"ivo tarnel\""])
            .prop_map(String::from),
    ];
    let joined = (leaf, prop::sample::select(vec![" ", " OR ", " AND ", " -", " NOT "]));
    prop::collection::vec(joined, 1..5).prop_map(|parts| {
        let mut query = String::new();
        for (at, (leaf, join)) in parts.iter().enumerate() {
            if at > 0 {
                query += join;
            }
            query += leaf;
        }
        query
    })
}

#[test]
fn no_name_and_no_words_near_each_other_run_from_one_part_into_the_next() {
    let between = "and ".repeat(100);
    let text = format!("Ivo Tarnel, Minister of Piers, Tide Office, Salt Board, said: old {between}harbour");
    let page = Page::new("r", "2021-01-01", "Ferry", &text).body("g1", "Tide Office", None);
    let page = page.body("g2", "Salt Board", None);
    let page = page.official("p1", "Ivo Tarnel", &["Minister of Piers"], Some("g1"));
    let (_folder, index) = index_of(&[page.states("Ivo Tarnel", Some("p1"), "said", "harbour").0]);
    let found = |kind, words: &str| {
        ask(&index, &Query { words: words.into(), kind: Some(kind), ..Query::default() }).total
    };
    assert_eq!(found(Kind::Release, "\"old harbour\"~100"), 1, "so many may stand between");
    assert_eq!(found(Kind::Release, "\"harbour old\"~99"), 0);
    assert_eq!(found(Kind::Statement, "\"minister piers\"~100"), 1);
    for (kind, across) in [
        (Kind::Release, "harbour ferry"),
        (Kind::Release, "ferry harbour"),
        (Kind::Statement, "harbour minister"),
        (Kind::Statement, "minister harbour"),
        (Kind::Statement, "piers tide"),
        (Kind::Statement, "tide piers"),
    ] {
        assert_eq!(found(kind, &format!("\"{across}\"~100")), 0, "{across}");
    }
    assert_eq!(found(Kind::Release, "org:\"tide office\""), 1);
    assert_eq!(found(Kind::Statement, "post:\"minister of piers\""), 1);
    for across in ["org:\"office salt\"", "org:\"salt office\"", "org:\"tide board\"", "org:\"board tide\""] {
        assert_eq!(found(Kind::Release, across), 0, "{across}");
    }
    for across in ["post:\"piers tide\"", "post:\"tide piers\"", "post:\"minister office\""] {
        assert_eq!(found(Kind::Statement, across), 0, "{across}");
    }
}

/// A release with one statement by a minister.
fn page(words: &[&str], headline: &[&str]) -> Record {
    said("r", &headline.join(" "), "Ivo al-Tarnel", "Minister of Piers", &words.join(" "))
}

/// The release `id`, of a source of the same name.
fn said(id: &str, headline: &str, speaker: &str, post: &str, passage: &str) -> Record {
    let text = format!("{speaker}, {post}, said that {passage}.");
    let page = Page::new(id, "2021-01-01", headline, &text).official("p1", speaker, &[post], None);
    let mut record = page.states(speaker, Some("p1"), "said", passage).0;
    record.release.source = Some(id.to_owned());
    record
}

/// The text with each span replaced by as many stand-ins as it has words; no query asks for them.
fn blanked(text: &str, spans: &[Span]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for span in spans {
        out += Span::new(at, span.start).of(text);
        let marked = span.of(text);
        let cut = |c: char| c.is_whitespace() || matches!(c, '-' | '.' | ',');
        for piece in marked.split_inclusive(cut) {
            let word = piece.trim_end_matches(cut);
            out += &"q".repeat(word.len().max(1));
            out += piece.get(word.len()..).unwrap();
        }
        at = span.end;
    }
    out + text.get(at..).unwrap()
}

/// The record of the statement alone, as release `id`, with all that was marked in it blanked.
fn without_marks(hit: &Hit, id: &str) -> Record {
    let passage = blanked(&hit.passage, &hit.highlights);
    let speaker = blanked(hit.speaker.as_deref().unwrap_or_default(), &hit.marks.speaker);
    let post = blanked(hit.speaker_post.as_deref().unwrap_or_default(), &hit.marks.speaker_post);
    said(id, "", &speaker, &post, &passage)
}

/// The statement that a query finds in one release, and whether only with fewer of its words.
fn statement(index: &Index, query: &str, release: &str) -> Option<(Hit, bool)> {
    let query = Query {
        words: query.into(),
        mode: Mode::Forgiving,
        kind: Some(Kind::Statement),
        source: Some(release.to_owned()),
        limit: 10,
        ..Query::default()
    };
    let mut found = index.search(&query, &Kept).unwrap();
    Some((found.hits.pop()?, found.widened))
}

/// Whether the query asks for words at all: of what it only excludes nothing is marked.
fn marks(hit: &Hit) -> usize {
    hit.highlights.len() + hit.marks.speaker.len() + hit.marks.speaker_post.len() + hit.marks.headline.len()
}

proptest! {
    // Every case is as many as it has pairs of a page and a query: some hundred.
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn without_the_marked_words_the_hit_is_gone(
        pages in prop::collection::vec(prop::collection::vec(prop::sample::select(&WORDS[..]), 1..12), 12),
        queries in prop::collection::vec(query(), 24),
    ) {
        let page = |(at, words): (usize, &Vec<&str>)| {
            said(&format!("r{at}"), "", "Ivo al-Tarnel", "Minister of Piers", &words.join(" "))
        };
        let (_folder, index) = index_of(&pages.iter().enumerate().map(page).collect::<Vec<_>>());
        let mut found = Vec::new();
        for (query, release) in queries.iter().flat_map(|query| (0..pages.len()).map(move |at| (query, at))) {
            let Some((hit, widened)) = statement(&index, query, &format!("r{release}")) else { continue };
            // A branch that only excludes makes a hit of anything: there is nothing to blank.
            let excludes = query.contains(" -") || query.contains(" NOT ");
            if excludes && (marks(&hit) == 0 || query.contains(" OR ")) {
                continue;
            }
            prop_assert!(marks(&hit) > 0, "{query}: nothing is marked in {hit:?}");
            found.push((query, hit, widened));
        }
        let blank = |(at, (_, hit, _)): (usize, &(&String, Hit, bool))| without_marks(hit, &format!("b{at}"));
        let (_folder, blank) = index_of(&found.iter().enumerate().map(blank).collect::<Vec<_>>());
        for (at, (query, hit, widened)) in found.into_iter().enumerate() {
            // Where nothing is left that matches, search says so and shows what has some of the words: that is no match.
            let still = statement(&blank, query, &format!("b{at}")).filter(|(_, fewer)| widened || !fewer);
            prop_assert!(still.is_none(), "{query} finds {hit:?}, and without its marks {still:?}");
        }
    }
}

fn shown(query: &str, words: &[&str]) -> String {
    let (_folder, index) = index_of(&[page(words, &[])]);
    let Some((hit, _)) = statement(&index, query, "r") else { return "none".into() };
    let marked = |text: &str, spans: &[Span]| {
        let mut text = text.to_owned();
        for span in spans.iter().rev() {
            text.insert(span.end, ']');
            text.insert(span.start, '[');
        }
        text
    };
    let speaker = marked(hit.speaker.as_deref().unwrap_or_default(), &hit.marks.speaker);
    let post = marked(hit.speaker_post.as_deref().unwrap_or_default(), &hit.marks.speaker_post);
    format!("{speaker}, {post}: {}", marked(&hit.passage, &hit.highlights))
}

#[test]
fn every_mark_belongs_to_a_match_of_a_positive_clause() {
    let words = ["harbours", "old", "pier", "funding", "Türk", "fund"];
    for (query, expected) in [
        ("harbour", "Ivo al-Tarnel, Minister of Piers: [harbours] old pier funding Türk fund"),
        ("\"old pier\"", "Ivo al-Tarnel, Minister of Piers: harbours [old pier] funding Türk fund"),
        ("\"pier harbours\"~1", "Ivo al-Tarnel, Minister of Piers: [harbours] old [pier] funding Türk fund"),
        ("\"pier harbours\"~0", "none"),
        ("fun*", "Ivo al-Tarnel, Minister of Piers: harbours old pier [funding] Türk [fund]"),
        ("peir~", "Ivo al-Tarnel, Minister of Piers: harbours old [pier] funding Türk fund"),
        ("turk -tank", "Ivo al-Tarnel, Minister of Piers: harbours old pier funding [Türk] fund"),
        ("tarnel", "Ivo al-[Tarnel], Minister of Piers: harbours old pier funding Türk fund"),
        ("who:tarnel old", "Ivo al-[Tarnel], Minister of Piers: harbours [old] pier funding Türk fund"),
        ("post:ministers", "Ivo al-Tarnel, [Minister] of Piers: harbours old pier funding Türk fund"),
        ("about:piers", "Ivo al-Tarnel, Minister of Piers: harbours old [pier] funding Türk fund"),
        (
            "(harbour tank) OR fund",
            "Ivo al-Tarnel, Minister of Piers: harbours old pier [funding] Türk [fund]",
        ),
        ("kind:statement -tank", "Ivo al-Tarnel, Minister of Piers: harbours old pier funding Türk fund"),
    ] {
        assert_eq!(shown(query, &words), expected, "{query}");
    }
}

#[test]
fn a_release_is_marked_in_headline_and_text() {
    let (_folder, index) = index_of(&[page(&["harbours"], &["The", "harbour", "opens"])]);
    let query = Query { kind: Some(Kind::Release), words: "harbour".into(), ..Query::default() };
    let hit = ask(&index, &query).hits.remove(0);
    assert_eq!(hit.marks.headline, [Span::new(4, 11)]);
    assert_eq!(hit.highlights.iter().map(|span| span.of(&hit.passage)).collect::<Vec<_>>(), ["harbours"]);
}
