//! Source files as they are written: what is read, and every mistake with its place and its mend.

use std::time::Duration;

use chancery_capture::plan::{Paging, Requisites, Robots};

use super::*;

/// A source file with these lines in `[crawl]`, or the mistakes as `line:column: message (mend)`.
fn crawl(lines: &str) -> Result<Plan, String> {
    let text = format!("id = \"no-tides\"\nname = \"Ministry of Tides\"\n[crawl]\n{lines}");
    parse(&text).map(|source| source.plan)
}

fn parse(text: &str) -> Result<Source, String> {
    let told =
        |fault: &SourceFault| format!("{}:{}: {} ({})", fault.line, fault.column, fault.message, fault.help);
    Source::parse("no-tides.toml", text)
        .map_err(|faults| faults.0.iter().map(told).collect::<Vec<_>>().join("\n"))
}

#[test]
fn the_template_uses_every_key_and_passes() {
    let folder = Folder::embedded(&EMBEDDED, is_source_file);
    let text = &folder.files[TEMPLATE];
    let source = Source::parse(TEMPLATE, text).unwrap();
    assert_eq!(source.plan.budget, Some(5000));
    assert!(source.plan.hours.is_some() && source.plan.robots == Robots::Obey);
    for key in KEYS.iter().chain(&crawl::KEYS).chain(&READ_KEYS) {
        assert!(
            text.contains(&format!("{key} = ")) || text.contains(&format!("[{key}]")),
            "{key} is not explained"
        );
    }
    for key in ["url", "from", "step", "since", "ignore", "reason"] {
        assert!(text.contains(&format!("{key} = ")), "{key} of a table within is not explained");
    }
    let lines: Vec<&str> = text.lines().collect();
    for pair in lines.windows(2).filter(|pair| !pair[1].is_empty() && !pair[1].starts_with('#')) {
        assert!(pair[0].starts_with('#'), "`{}` has no comment above it", pair[1]);
    }
}

#[test]
fn every_key_is_read() {
    let plan = crawl(
        "start = ['https://www.tides.example/news']\nfeeds = ['https://www.tides.example/feed']\n\
         sitemaps = ['https://www.tides.example/s.xml.gz']\npages = { url = 'https://www.tides.example/news?start={n}', from = 0, step = 20 }\n\
         release = ['^/news/[0-9]{4}/']\nskip = ['/print$']\npace = '2s'\nhours = '22:00-06:00'\nbudget = 200\n\
         requisites = 'all'\ncontact = 'archive@library.example'\nrobots = { ignore = true, reason = 'legal deposit' }\nrhythm = '1d'\n",
    )
    .unwrap();
    assert!(matches!(&plan.paging, Paging::Numbered(pages) if (pages.from, pages.step) == (0, 20)));
    assert_eq!((plan.pace, plan.rhythm), (Duration::from_secs(2), Duration::from_secs(86_400)));
    assert_eq!((plan.budget, plan.requisites), (Some(200), Requisites::All));
    assert_eq!(plan.robots, Robots::Ignore { reason: "legal deposit".into() });
    assert_eq!(plan.hours.map(|hours| (hours.from, hours.to)), Some((22 * 60, 6 * 60)));
    let dates = crawl("dates = { url = 'https://tides.example/{yyyy}/{mm}', since = '2010-03' }\n").unwrap();
    assert!(matches!(dates.paging, Paging::ByDate(by) if by.since == Some(jiff::civil::date(2010, 3, 1))));
    let bare = crawl("").unwrap();
    assert_eq!((bare.pace, bare.rhythm), (chancery_capture::plan::PACE, chancery_capture::plan::RHYTHM));
}

#[test]
fn every_mistake_has_a_place_and_a_mend() {
    let cases = [
        ("strat = []", "4:1: `[crawl]` has no key `strat` (known here are: start, feeds,"),
        (
            "start = 'https://a.example/'",
            "4:9: `start` is words, and must be a list in square brackets (write it like start = [",
        ),
        (
            "start = ['www.a.example']",
            "4:10: `www.a.example` is no address: relative URL without a base (write it whole, like https://",
        ),
        (
            "feeds = [\n  'https://a.example/feed',\n  'ftp://a.example/'\n]",
            "6:3: `ftp://a.example/` is no address: only http and https are crawled, not ftp",
        ),
        ("next = 'a['", "4:8: `a[` is no CSS selector: "),
        (
            "next = 'a'\npages = 'https://a.example/{n}'",
            "5:9: `pages` and `next` both say how list pages follow (keep one of next, pages",
        ),
        (
            "pages = 'https://a.example/'",
            "4:9: `https://a.example/` has no {n}: it must hold {n} (write it like",
        ),
        ("pages = 'https://a.example/{n}/{x}'", "holds a place that is not known (known are {n}, {yyyy},"),
        ("pages = { from = 2 }", "4:9: `pages` has no `url` (write pages = {"),
        ("dates = { url = 'https://a.example/{yyyy}', since = 'May' }", "4:53: `May` is no date: "),
        (
            "release = ['^/news/(']",
            "4:12: `^/news/(` is no regular expression: unclosed group (write it for the path",
        ),
        (
            "start = ['https://a.example/news']\nrelease = ['^/news']",
            "5:11: `^/news` takes the list page /news for a release (make it longer",
        ),
        (
            "pace = 2",
            "4:8: `pace` is a number, and must be words in quotation marks (write it like pace = \"500ms\")",
        ),
        ("pace = '2 weeks'", "4:8: `2 weeks` is no length of time (write a number and ms, s, m, h or d"),
        ("pace = '2h'", "4:8: `2h` is not between 0 s and 3600 s"),
        ("hours = '22-6'", "4:9: `22-6` are no hours of a day (write two times of the site's own clock"),
        ("budget = 0", "4:10: `budget` must be a whole number of at least 1 (write it like budget = 2000)"),
        ("requisites = 'some'", "4:14: `some` says not what is fetched besides pages (write \"none\""),
        ("contact = 'the library'", "4:11: nobody can be reached at `the library` (write an address"),
        ("contact = ''", "4:11: `contact` is empty ("),
        ("robots = { ignore = true }", "4:10: robots.txt is ignored without a reason (write robots = {"),
        ("robots = 'ignore'", "4:10: `robots` is words, and must be a table"),
        ("rhythm = '1s'", "4:10: `1s` is not between 60 s"),
    ];
    for (lines, told) in cases {
        let error = crawl(lines).map(|_| ()).unwrap_err();
        assert!(error.contains(told) && error.lines().count() == 1, "{lines}\n{error}");
    }
}

#[test]
fn a_key_above_its_table_is_told_where_it_belongs() {
    let told = parse(
        "id = \"no-tides\"\nname = \"Tides\"\ncontact = \"archive@library.example\"\n[crawl]\nstart = []\n",
    );
    let told = told.unwrap_err();
    let wanted =
        "3:1: a source file has no key `contact` (write it below the line `[crawl]`, where it belongs)";
    assert!(told.contains(wanted), "{told}");
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once() {
    let text = "id = \"no-tide\"\nlanguage = \"english!\"\ntimezone = \"Oslo\"\ndate_order = \"d/m\"\nverified = 1\n[read]\nheadline = [\"h1[\"]\n[crawl]\nbudget = \n";
    let told = parse(text).unwrap_err();
    let lines: Vec<&str> = told.lines().collect();
    let want = [
        "1:1: the file has no `name`",
        "1:6: the id is `no-tide`, but the file is called `no-tides`",
        "2:12: `english!` is no tag of a language",
        "3:12: no time zone is called `Oslo`",
        "4:14: `d/m` is no order of a date",
        "5:12: `verified` is a number, and must be true or false",
        "7:13: `h1[` is no CSS selector",
    ];
    assert!(lines.iter().zip(want).all(|(line, want)| line.starts_with(want)), "{told}");
    assert!(lines.len() == 8 && lines.last().is_some_and(|last| last.starts_with("9:")), "{told}");
}
