//! Who published a page.

use crate::read;

const TEXT: &str =
    "<p>The tides of Skarvik will rise next week, the Minister of Tides said on Monday in the harbour.</p>";

#[test]
fn a_table_of_issuers() {
    for (head, before, behind, want) in [
        ("<title>Tides rise | Ministry of Tides</title>", "", "", Some("Ministry of Tides")),
        ("<title>Tides rise: Ministerium für Gezeiten</title>", "", "", Some("Ministerium für Gezeiten")),
        (
            "<title>Tides rise</title>",
            "<a href=/>Министерство приливов</a>",
            "",
            Some("Министерство приливов"),
        ),
        (
            "<title>Tides rise</title>",
            "<a href='/index.php'><img alt='وزارة المد'></a>",
            "",
            Some("وزارة المد"),
        ),
        (
            "<title>Tides rise</title>",
            "",
            "<footer>© 2021 Office of Tides. All rights reserved.</footer>",
            Some("Office of Tides"),
        ),
        // The body, not the site of the whole state.
        (
            "<title>Tides rise | Ministry of Tides</title><meta property=og:site_name content=GOV.SK>",
            "",
            "",
            Some("Ministry of Tides"),
        ),
        (
            "<title>Tides rise</title><meta property=og:site_name content='Tides Today'>",
            "",
            "",
            Some("Tides Today"),
        ),
        // Neither a section nor the way home.
        ("<title>Tides rise | News</title>", "<a href=/>Home</a>", "", None),
    ] {
        let page = format!(
            "<html lang=en><head>{head}</head><body>{before}<main><h1>Tides rise</h1>{TEXT}</main>{behind}"
        );
        assert_eq!(read(page.as_str()).issuer.as_deref(), want, "{page}");
    }
}
