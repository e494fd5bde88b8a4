//! What is read, what is told, and that printing and reading agree.

use proptest::prelude::*;

use super::{Expr, Leaf, parse, parse_forgiving};

/// The canonical form of a query, strictly read.
fn read(query: &str) -> String {
    match parse(query) {
        Ok(expr) => expr.map(|expr| expr.to_string()).unwrap_or_default(),
        Err(mistakes) => panic!("{query}: {mistakes:?}"),
    }
}

/// `message at start..end; mend`, in code points.
fn told(query: &str) -> Vec<String> {
    let mistakes = parse(query).expect_err(query);
    let line = |m: &super::Mistake| {
        format!("{} at {}..{}; {}", m.message, m.span_in_characters.start, m.span_in_characters.end, m.mend)
    };
    mistakes.iter().map(line).collect()
}

#[test]
fn queries_have_one_canonical_form() {
    for (query, canonical) in [
        ("digital  training", "digital training"),
        ("digital (training)", "digital training"),
        ("what was said, and by whom?", "what was said and by whom"),
        ("“national post” «other»", "\"national post\" \"other\""),
        ("say\"so now\"again", "say again \"so now\""),
        ("Egypt - Iraq & al-Shaibani", "Egypt Iraq al-Shaibani"),
        ("\"near words\"~3", "\"near words\"~3"),
        ("minist* Talat~ Talat~1", "minist* Talat~ Talat~1"),
        ("a b OR c AND d", "a b OR c AND d"),
        ("(a OR b) c", "(a OR b) c"),
        ("a AND b AND \"c\"", "a AND b AND \"c\""),
        ("NOT harbour", "-harbour"),
        ("-(a b) -\"c d\"", "-(a b) -\"c d\""),
        ("--a b", "a b"),
        ("Who:\"Adel  Talaat\"", "who:\"Adel Talaat\""),
        ("by:Talaat role:\"Deputy Minister\"", "who:Talaat role:deputy-minister"),
        ("role:(minister OR chair)", "role:minister OR role:chair"),
        ("kind:post kind:statements", "kind:official kind:statement"),
        ("direct:TRUE on:2021-03", "direct:yes on:2021-03"),
        ("confidence:>80 confidence:<60", "confidence:>=81 confidence:<=59"),
        ("confidence:60..80 confidence:70", "confidence:60..80 confidence:70"),
        ("has:proposals type:speech", "has:proposal type:speech"),
        ("at 10:30 see https://tides.example/a?b=c", "at 10:30 see https://tides.example/a?b=c"),
        ("Note: it opens", "Note it opens"),
        ("and or not", "and or not"),
        ("a\u{200b}b \u{202e}c", "ab c"),
        ("  ", ""),
    ] {
        assert_eq!(read(query), canonical, "{query}");
        assert_eq!(read(canonical), canonical, "{query}");
    }
}

#[test]
fn mistakes_are_told_with_their_place_and_mend() {
    for (query, expected) in [
        (
            "post \"national",
            "this phrase is not closed at 5..14; end the phrase with a second quotation mark",
        ),
        (
            "é \" \" now",
            "this phrase is empty at 2..5; put words between the quotation marks, or leave them out",
        ),
        ("wo:Talaat", "there is no field `wo` at 0..2; did you mean `who:`?"),
        ("conutry:Egypt", "there is no field `conutry` at 0..7; did you mean `country:`?"),
        ("(a OR b", "this group is not closed at 0..1; write `)` where it ends"),
        ("a) b", "no `(` is open here at 1..2; leave `)` out, or open the group before"),
        ("a OR", "nothing stands after OR at 2..4; write what may be found instead, or leave OR out"),
        ("AND a", "nothing stands before AND at 0..3; write what must be found, or leave AND out"),
        ("a NOT", "nothing stands after NOT at 2..5; write what must not be found, or leave NOT out"),
        ("()", "this group is empty at 0..2; write something between `(` and `)`, or leave them out"),
        (
            "since:2021-02-30",
            "there is no day 30 in 2021-02 at 0..16; write YYYY, YYYY-MM or YYYY-MM-DD, as in 2021-03",
        ),
        ("on:March", "this is no date at 0..8; write YYYY, YYYY-MM or YYYY-MM-DD, as in 2021-03"),
        (
            "kind:statment",
            "there is no kind `statment` at 0..13; did you mean kind:statement? \
             It is one of release, statement, proposal, official, body",
        ),
        ("direct:maybe", "`direct:` is yes or no at 0..12; write direct:yes or direct:no"),
        ("who: Talaat", "there is no word behind `who:` at 0..4; write who:\"Adel Talaat\""),
        (
            "confidence:200",
            "confidence is a number from 0 to 100 at 0..14; write confidence:>80, confidence:<60 or confidence:60..80",
        ),
        ("a*", "too many words begin with one letter at 0..2; write two letters or more before `*`"),
        ("min*ter", "`*` stands within a word at 0..7; write it at the end, as in minist*"),
        ("word~9", "one or two letters of a word may differ at 0..6; write word~, word~1 or word~2"),
    ] {
        assert_eq!(told(query), [expected], "{query}");
    }
    assert_eq!(told("wo:x \"open").len(), 2, "all mistakes are told");
}

#[test]
fn too_much_is_told_and_forgiven() {
    let words = "word ".repeat(30_000);
    assert!(told(&words)[0].starts_with("this query has 150000 bytes, more than 20000"));
    let many = vec!["x"; 3000].join(" OR ");
    assert!(told(&many)[0].starts_with("more than 256 words"), "{:?}", told(&many));
    let deep = "(".repeat(5000) + "a";
    assert!(told(&deep).iter().any(|line| line.starts_with("more than 40 groups")));
    let spellings = vec!["minister~2"; 200].join(" OR ");
    assert_eq!(told(&spellings).len(), 1);
    assert!(told(&spellings)[0].starts_with("more than 16 words with `~`"), "{:?}", told(&spellings));
    assert_eq!(told(&"(\")".repeat(3000)).len(), 100, "nobody reads more");
    for query in [words, many, deep, spellings] {
        assert!(parse_forgiving(&query).expr.is_some());
    }
}

#[test]
fn forgiving_takes_what_is_nearest() {
    for (query, canonical) in [
        ("post \"national mail", "post \"national mail\""),
        ("wo:Talaat", "wo Talaat"),
        ("(a OR b", "a OR b"),
        ("a) b", "a AND b"),
        ("since:never a", "a"),
        ("a* min*ter word~9", "a min ter word~"),
        ("OR AND NOT ()", ""),
    ] {
        let reading = parse_forgiving(query);
        assert!(!reading.mistakes.is_empty(), "{query}");
        assert_eq!(reading.expr.map(|expr| expr.to_string()).unwrap_or_default(), canonical, "{query}");
    }
}

/// Bits of queries, put together in every way.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zé]{1,6}",
        "\\PC{0,4}",
        "[\\-*~:()\"«»]{1,3}",
        prop::sample::select(vec![
            "AND",
            "OR",
            "NOT",
            "who:",
            "role:(a OR b)",
            "kind:statement",
            "on:2021-03",
            "confidence:>80",
            "\"a b\"~3",
            "-",
            "x*",
            "al-Sha*",
            "direct:yes",
            "about:\"c d\"",
            "post:",
            "\u{202e}",
            "since:20",
        ])
        .prop_map(String::from),
    ];
    prop::collection::vec((piece, prop::sample::select(vec!["", " "])), 0..12)
        .prop_map(|parts| parts.into_iter().map(|(piece, space)| piece + space).collect())
}

fn leaves(expr: &Expr) -> usize {
    match expr {
        Expr::Words(words) => words.len(),
        Expr::Leaf(Leaf::Phrase(words) | Leaf::Near(words, _)) => words.split(' ').count(),
        Expr::Leaf(_) => 1,
        Expr::And(parts) | Expr::Or(parts) => parts.iter().map(leaves).sum(),
        Expr::Not(inner) => leaves(inner),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_printed_is_read_as_the_same(query in pieces()) {
        let reading = parse_forgiving(&query);
        if let Some(expr) = reading.expr {
            let printed = expr.to_string();
            prop_assert_eq!(parse(&printed), Ok(Some(expr)), "{} printed as {}", query, printed);
        }
    }

    #[test]
    fn any_string_is_read(query in "\\PC{0,80}") {
        let reading = parse_forgiving(&query);
        for mistake in &reading.mistakes {
            prop_assert!(query.get(mistake.span.start..mistake.span.end).is_some());
        }
        prop_assert!(reading.expr.as_ref().map_or(0, leaves) <= 300);
    }
}
