//! Who published a page.

use crate::read;

const TEXT: &str =
    "<p>The tides of Skarvik will rise next week, the Minister of Tides said on Monday in the harbour.</p>";

fn check(head: &str, before: &str, behind: &str, want: Option<&str>) {
    let page = format!(
        "<html lang=en><head>{head}</head><body>{before}<main><h1>Tides rise</h1>{TEXT}</main>{behind}"
    );
    assert_eq!(read(page.as_str()).issuer.as_deref(), want, "{page}");
}

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
        check(head, before, behind, want);
    }
}

#[test]
fn what_a_site_calls_itself_is_not_its_name() {
    for (head, before, behind, want) in [
        // What the site calls itself beside the body's name, in any script.
        (
            "<title>Tides rise</title><meta name=SiteName content=港都省人民政府门户网站>",
            "",
            "",
            Some("港都省人民政府"),
        ),
        (
            "<title>Tides rise | Ministry of Tides – Official Website</title>",
            "",
            "",
            Some("Ministry of Tides"),
        ),
        (
            "<title>Tides rise</title><meta property=og:site_name content='Website Office'>",
            "",
            "",
            Some("Website Office"),
        ),
        // A sentence that ends in the same letter as an office does.
        ("<title>港都就开放作出部署_港都新闻</title>", "", "", None),
        // An address is a name where there is no other.
        (
            "<title>Tides rise</title><meta property=og:site_name content=tides.example>",
            "",
            "",
            Some("tides.example"),
        ),
        (
            "<title>Tides rise</title><meta property=og:site_name content=tides.example>",
            "<a href=/>Office of Tides</a>",
            "",
            Some("Office of Tides"),
        ),
        (
            "<title>Tides rise</title>",
            "",
            "<footer>Copyright © 2022 Tide-technology Promotion Agency, Skarvik</footer>",
            Some("Tide-technology Promotion Agency"),
        ),
    ] {
        check(head, before, behind, want);
    }
}

#[test]
fn the_line_over_the_headline_names_the_body_though_it_stands_in_the_text() {
    let page = format!(
        "<html lang=en><title>Tides rise | tides.example</title><meta property=og:site_name content=tides.example><body>\
         <div class=content><div><div>Office of Tides</div><div>For Immediate Release</div></div><div class=node-title><h1>Tides rise</h1></div>{TEXT}{TEXT}</div>"
    );
    let release = read(page);
    assert_eq!(release.issuer.as_deref(), Some("Office of Tides"));
    assert!(release.text.starts_with("The tides of Skarvik"), "{}", release.text);
}
