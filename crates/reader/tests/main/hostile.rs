//! Pages that would keep a reader busy for hours, and any bytes at all. A test here that does not end has failed.

use chancery_record::{Media, Meta};
use proptest::prelude::*;

use crate::try_read;

#[test]
fn hostile_pages_are_read() {
    let attributes: String = (0..100_000).map(|i| format!(" a{i}=1")).collect();
    let bold: String = (0..10_000).map(|i| format!("<b id={i}>")).collect();
    let prose = "The Minister of Tides said that ships will come. ".repeat(20);
    let pages = [
        ("nested div", format!("{}words", "<div>".repeat(200_000))),
        ("one long attribute", format!("<p title='{}'>words", "x".repeat(10 << 20))),
        ("nested span", format!("{}words", "<span>".repeat(100_000))),
        ("open b", format!("{bold}words{}", "<p>x".repeat(10_000))),
        (
            "open b in closed div",
            format!("words{}{}", "<div><b class=a><i></div>".repeat(10_000), "<p>x".repeat(10_000)),
        ),
        ("crossed b", "<b><p>words</b>".repeat(20_000)),
        ("crossed span", "<span><div>words</span>".repeat(50_000)),
        ("crossed font", "<font><table><td>words</font>".repeat(20_000)),
        ("crossed lists", "<ul><div><li><div>words</li>".repeat(20_000)),
        ("nested tables", "<table><tr><td>words".repeat(20_000)),
        ("cells without tables", "<td><tr>words".repeat(50_000)),
        ("nested buttons", format!("words{}", "<button><p>x".repeat(50_000))),
        ("select", format!("words{}", "<select><option>".repeat(50_000))),
        ("svg", format!("words{}", "<svg><td>".repeat(100_000))),
        ("closed svg", format!("words{}", "<svg><td></svg>".repeat(100_000))),
        ("end tags", format!("words{}", "</p></x></b>".repeat(100_000))),
        ("attributes", format!("<p{attributes}>words")),
        ("unclosed comment", format!("words{}", "<!-".repeat(100_000))),
        ("open tag", format!("words<p {}", "a='".repeat(100_000))),
        ("templates", format!("words{}", "<template><div>".repeat(50_000))),
        ("framesets", format!("words{}", "<frameset>".repeat(50_000))),
        ("noscript", format!("words{}", "<div><noscript></div></noscript>".repeat(50_000))),
        ("plaintext", format!("words{}", "<plaintext><div>".repeat(50_000))),
        ("deep JSON", format!("<p>words<script type=application/ld+json>{}</script>", "[".repeat(100_000))),
        (
            "links without an address",
            format!("<p>{prose}</p>words{}", "<a>Link to a page</a><br><br>".repeat(50_000)),
        ),
        ("words to share", format!("<p>{prose}</p><p>words{}", "<span class=share>a</span>".repeat(50_000))),
        (
            "nested words to share",
            format!("<p>{prose}</p><p>words{}", "<span>a<i class=share>b</i>".repeat(20_000)),
        ),
        ("names", format!("<p>words{}", "<meta property=date content=x>".repeat(50_000))),
    ];
    for (name, page) in pages {
        let text = try_read(page, Media::Html, Meta::default()).map(|release| release.text);
        assert!(text.as_ref().is_ok_and(|text| text.contains("words")), "{name}: {text:.100?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        for media in [Media::Html, Media::Text] {
            if let Ok(release) = try_read(bytes.clone(), media, Meta::default()) {
                prop_assert!(!release.text.trim().is_empty());
            }
        }
    }

    #[test]
    fn any_markup_is_read_or_refused(parts in prop::collection::vec(prop::sample::select(PARTS), 0..80)) {
        let page = parts.concat();
        if let Ok(release) = try_read(page.clone(), Media::Html, Meta::default()) {
            prop_assert!(!release.text.trim().is_empty());
            prop_assert!(!release.text.contains('\r') && !release.text.contains("\n\n\n"), "{:?}", release.text);
            prop_assert_eq!(release, try_read(page, Media::Html, Meta::default()).unwrap());
        }
    }
}

const PARTS: &[&str] = &[
    "<p>",
    "</p>",
    "<div class=share>",
    "<div>",
    "</div>",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</table>",
    "<b>",
    "</b>",
    "<a href=x>",
    "</a>",
    "<h1>",
    "</h1>",
    "<ul>",
    "<li>",
    "</ul>",
    "<br>",
    "<pre>",
    "</pre>",
    "<q>",
    "<svg>",
    "</svg>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<time datetime=2021-03-02>",
    "<title>",
    "</title>",
    "<main>",
    "<header>",
    "</header>",
    "\u{a0}",
    "\u{ad}",
    "\r\n",
    "\n\n",
    "2 March 2021",
    "31/31/2021",
    "٢",
    "The Minister said so, and went on.",
    "é",
    "😀",
    "&amp;",
    "&#0;",
    "<",
    ">",
    "'",
    "\"",
    "Published",
    "©",
];
