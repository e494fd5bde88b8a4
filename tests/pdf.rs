//! PDF documents: read, taken in, and what is said of those that cannot be read.

use serde_json::Value;

use crate::kit::{Place, Ran};
use crate::loopback::Site;

fn pdf(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../../tests/pdf/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

pub(crate) fn read(place: &Place, name: &str) -> Value {
    serde_json::from_str(&place.well(&["read", "--json", "--explain", name]).out).unwrap()
}

#[test]
fn a_pdf_in_two_columns_is_read_in_its_order() {
    let place = Place::new();
    place.write("columns.pdf", pdf("columns.pdf"));
    let page = read(&place, "columns.pdf");
    // The file calls itself after a template.
    assert_eq!(page["title"], "Breakwater at Skarvik to be finished before autumn");
    assert_eq!(
        (&page["date"], &page["lang"], &page["kind"]),
        (&"2021-03-02".into(), &"en".into(), &"release".into())
    );
    assert_eq!(page["evidence"]["headline"][0]["from"], "<h1 id=\"p1-2\">");
    let text = page["text"].as_str().unwrap();
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    let first =
        paragraphs.iter().position(|text| text.starts_with("The Minister of Tides, Mira Solberg")).unwrap();
    let starts = [
        "The Minister of Tides",
        "The work costs",
        "Representatives of",
        "Under the agreement",
        "Fishers from",
        "The breakwater is",
    ];
    assert_eq!(paragraphs.len() - first, starts.len(), "{text}");
    for (paragraph, start) in paragraphs.iter().skip(first).zip(starts) {
        assert!(paragraph.starts_with(start) && paragraph.ends_with(['.']), "{paragraph}");
    }
    // Words that lines part are whole, and those with a hyphen of their own keep it; a paragraph goes on over the page.
    for whole in [
        "the new breakwater at Skarvik will be finished before the storms of the autumn, and that no boat will have to leave",
        "with the dredging of the channel, which took six weeks longer than the engineers had thought because of wrecks",
        "Long-term plans of the ministry foresee a deeper basin. A long-term lease of the eastern quay ends in two years.",
        "because without ice the catch of a whole week was lost last summer",
        "Stones for it come from the quarry at Lomen, by barge and not by road, so that the villages along the coast are spared",
    ] {
        assert!(text.contains(whole), "{whole}: {text}");
    }
    for running in ["Press service", "Page 1", "Page 2"] {
        assert!(!text.contains(running), "{running}: {text}");
    }
}

#[test]
fn a_pdf_in_arabic_and_one_in_one_type_are_read() {
    let place = Place::new();
    place.write("arabic.pdf", pdf("arabic.pdf"));
    let page = read(&place, "arabic.pdf");
    assert_eq!(page["title"], "رصيف المرسى يكتمل قبل الخريف");
    assert_eq!((&page["date"], &page["lang"]), (&"2021-03-15".into(), &"ar".into()));
    let text = page["text"].as_str().unwrap();
    assert!(text.contains("تبلغ 4 ملايين، تدفع") && text.contains("وأن شركة Tide Works بدأت"), "{text}");
    // Locked against changes only: it can be read.
    for name in ["plain.pdf", "no-changes.pdf"] {
        place.write(name, pdf(name));
        let page = read(&place, name);
        assert_eq!(page["title"], "Ferry to the outer islands leaves every hour");
        // Not the day on which the file was made.
        assert_eq!(page["date"], "2022-05-14");
    }
}

#[test]
fn pdf_is_taken_in_from_folders_and_warc_files() {
    let place = Place::new();
    place.write("in/breakwater.pdf", pdf("columns.pdf"));
    let body = pdf("plain.pdf");
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: {}\r\n\r\n", body.len());
    let block = [head.as_bytes(), &body].concat();
    let warc = format!(
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:6f0a1f0e-0000-4000-8000-000000000001>\r\nWARC-Date: 2022-05-15T08:00:00Z\r\n\
         WARC-Target-URI: https://tides.example/ferry.pdf\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
        block.len()
    );
    place.write("crawl.warc", [warc.as_bytes(), &block, b"\r\n\r\n"].concat());
    place.well(&["ingest", "in", "crawl.warc", "--archive", "press"]);
    let found = place.well(&["search", "breakwater", "--archive", "press", "--json"]).out;
    assert!(
        found.contains("Breakwater at Skarvik") && found.contains("https://tides.example/ferry.pdf"),
        "{found}"
    );
    let shown = place.well(&["read", "--json", "https://tides.example/ferry.pdf", "--archive", "press"]).out;
    assert!(shown.contains("Ferry to the outer islands leaves every hour"), "{shown}");
    // From standard input, too.
    let fed = place.feed(&["read", "--json", "-"], pdf("plain.pdf"));
    assert!(fed.out.contains("Ferry to the outer islands"), "{fed:?}");
    // The bytes that were taken in are those that are kept.
    place.well(&["verify", "--archive", "press"]);
}

#[test]
fn a_pdf_of_a_site_is_captured_read_and_found() {
    let (place, site) = (Place::new(), Site::new());
    let source = format!(
        "id = \"xx-tides\"\nname = \"Ministry of Tides\"\nlanguage = \"en\"\n\n[crawl]\nstart = [\"{}\"]\n\
         release = [\"^/files/[a-z]+[.]pdf$\"]\n",
        site.url("/news")
    );
    place.write("archive/sources/xx-tides.toml", source);
    site.put(
        "/news",
        "<ul><li><a href=/files/breakwater.pdf>Breakwater</a><li><a href=/files/scan.pdf>A scan</a></ul>",
    );
    site.put_file("/files/breakwater.pdf", pdf("columns.pdf"));
    site.put_file("/files/scan.pdf", pdf("scanned.pdf"));
    let manners = ["--contact", "keeper@library.example", "--allow-private", "--pace", "0"];
    let ran = place.run(&[&["capture", "xx-tides"], &manners[..]].concat());
    assert!(ran.out.contains("3 pages fetched; 1 new"), "{}", ran.out);
    // The scan is kept; that it cannot be read is told.
    assert!(ran.code == Some(1) && ran.err.contains("the PDF has no text"), "{}", ran.err);
    let found = place.well(&["search", "breakwater", "--json"]).out;
    assert!(
        found.contains("Breakwater at Skarvik") && found.contains(&site.url("/files/breakwater.pdf")),
        "{found}"
    );
    let shown = place.well(&["read", "--json", &site.url("/files/breakwater.pdf")]).out;
    assert!(shown.contains("The Minister of Tides, Mira Solberg"), "{shown}");
    place.well(&["verify"]);
}

#[test]
fn a_pdf_that_cannot_be_read_is_told_and_the_rest_goes_on() {
    let place = Place::new();
    let told = |bytes: &[u8], words: &str| {
        place.write("in/b.pdf", bytes);
        place.write("in/z.txt", "The Minister of Tides said on Monday that the tides will rise.");
        let ran: Ran = place.run(&["read", "--ndjson", "in"]);
        ran.told(1, &["b.pdf", words, "1 skipped (pdf 1;"]);
        assert_eq!(ran.records().len(), 1, "{ran:?}");
    };
    told(&pdf("locked.pdf"), "locked with a password");
    told(&pdf("scanned.pdf"), "no text, only pictures of its 2 pages");
    let plain = pdf("plain.pdf");
    told(&plain[..plain.len() / 3], "the PDF is damaged");
    told(b"%PDF-1.7\nnothing of the kind", "the PDF is damaged");
    told(&many_pages(2_001), "the PDF has 2001 pages, the limit is 2000; split it");
    told(&bomb(), "more than 2000000 characters");
}

/// The places of pieces of text on a page, from its lower left corner, each with the size of its type.
pub(crate) type Shown<'a> = [(u32, u32, u32, &'a str)];

/// A PDF with one page that shows these pieces.
fn showing(pieces: &Shown<'_>) -> Vec<u8> {
    pages(&[pieces], "")
}

/// A PDF of pages that show these pieces in a type whose letters stand for those of a map, where one is given.
pub(crate) fn pages(all: &[&Shown<'_>], map: &str) -> Vec<u8> {
    let stream = |body: &str| format!("<</Length {}>>stream\n{body}\nendstream", body.len());
    let kids: String = (0..all.len()).map(|page| format!("{} 0 R ", 5 + 2 * page)).collect();
    let unicode = if map.is_empty() { "" } else { "/ToUnicode 4 0 R" };
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {}/Kids[{kids}]>>", all.len()),
        format!("<</Type/Font/Subtype/Type1/BaseFont/Helvetica{unicode}>>"),
        stream(map),
    ];
    for (pieces, page) in all.iter().zip(0..) {
        let show = |(x, y, size, text): &(u32, u32, u32, &str)| {
            format!("BT /F {size} Tf {x} {y} Td ({}) Tj ET\n", text.replace('(', "\\(").replace(')', "\\)"))
        };
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {} 0 R/Resources<</Font<</F 3 0 R>>>>>>",
            6 + 2 * page
        ));
        objects.push(stream(&pieces.iter().map(show).collect::<String>()));
    }
    written(&objects)
}

const BEFORE: &Shown<'_> = &[
    (60, 740, 18, "Catches of the islands rise again"),
    (60, 712, 10, "4 May 2023"),
    (
        60,
        690,
        10,
        "The Minister of Tides, Mira Solberg, said on Thursday that boats of the three outer islands",
    ),
    (
        60,
        678,
        10,
        "landed more herring than in any spring since the great storm, and that the quota will be kept.",
    ),
];

const AFTER: &Shown<'_> = &[
    (
        60,
        500,
        10,
        "The Deputy Minister for Lighthouses, Tomas Vik, proposed that the ice house at Ravnsund should",
    ),
    (60, 488, 10, "be repaired before the autumn, since without ice the catch of a whole week is lost."),
];

/// What is read of a page with these pieces between two paragraphs.
fn text_around(between: &Shown<'_>) -> String {
    let place = Place::new();
    place.write("page.pdf", showing(&[BEFORE, between, AFTER].concat()));
    let page = read(&place, "page.pdf");
    assert_eq!(page["title"], "Catches of the islands rise again");
    page["text"].as_str().unwrap().to_owned()
}

const KEPT: &str = "and that the quota will be kept.";
const PROPOSED: &str = "The Deputy Minister for Lighthouses";

#[test]
fn a_table_of_a_pdf_is_read_row_by_row() {
    // The second row has a cell of two lines.
    let text = text_around(&[
        (60, 640, 10, "Port"),
        (200, 640, 10, "Herring, tonnes"),
        (320, 640, 10, "Boats"),
        (60, 620, 10, "Skarvik"),
        (200, 620, 10, "1,204 with the"),
        (320, 620, 10, "31"),
        (200, 608, 10, "tugs of the agency"),
        (60, 588, 10, "Ravnsund"),
        (200, 588, 10, "877"),
        (320, 588, 10, "19"),
        (60, 568, 10, "Lomen"),
        (200, 568, 10, "95"),
        (60, 548, 10, "All ports"),
        (200, 548, 10, "2,176"),
        (320, 548, 10, "50"),
    ]);
    let rows = "Port | Herring, tonnes | Boats\nSkarvik | 1,204 with the tugs of the agency | 31\nRavnsund | 877 | 19\n\
                Lomen | 95\nAll ports | 2,176 | 50";
    assert!(text.contains(&format!("{KEPT}\n\n{rows}\n\n{PROPOSED}")), "{text}");
    // Names and posts are no columns of prose, however long they are.
    let text = text_around(&[
        (60, 640, 10, "Mira Solberg"),
        (260, 640, 10, "Minister of Tides"),
        (60, 624, 10, "Tomas Vik of Upper Ravnsund"),
        (260, 624, 10, "Deputy Minister for Lighthouses"),
        (60, 608, 10, "Ida Holm Andersen"),
        (260, 608, 10, "Director of the National Harbour Agency"),
        (60, 592, 10, "Per Aas-Nilsen"),
        (260, 592, 10, "Harbour Master of Skarvik"),
    ]);
    let rows = "Mira Solberg | Minister of Tides\nTomas Vik of Upper Ravnsund | Deputy Minister for Lighthouses\n\
                Ida Holm Andersen | Director of the National Harbour Agency\nPer Aas-Nilsen | Harbour Master of Skarvik";
    assert!(text.contains(&format!("{KEPT}\n\n{rows}\n\n{PROPOSED}")), "{text}");
}

#[test]
fn what_is_no_table_of_a_pdf_has_no_cells() {
    // A list, a line with room in it, and two lines of an address beside a number.
    for between in [
        &[
            (60, 640, 10, "1."),
            (90, 640, 10, "Boats stay in the harbour at night."),
            (60, 620, 10, "2."),
            (90, 620, 10, "Nets are mended ashore."),
            (60, 600, 10, "3."),
            (90, 600, 10, "Skippers report each catch."),
        ][..],
        &[(60, 640, 10, "Ministry of Tides"), (320, 640, 10, "No. 12/2023")],
        &[
            (60, 640, 10, "1 Quay Road"),
            (320, 640, 10, "No. 12/2023"),
            (60, 626, 10, "Skarvik Harbour"),
            (320, 626, 10, "Page 1 of 1"),
        ],
    ] {
        let text = text_around(between);
        assert!(!text.contains('|'), "{text}");
        assert!(text.contains(KEPT) && text.contains(PROPOSED), "{text}");
    }
}

/// A PDF with so many empty pages.
fn many_pages(count: usize) -> Vec<u8> {
    let kids: String = (3..count + 3).map(|number| format!("{number} 0 R ")).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {count}/Kids[{kids}]>>"),
    ];
    objects.extend((0..count).map(|_| "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>".to_owned()));
    written(&objects)
}

/// A page that shows the same form again and again, each of which shows another: 10^7 characters from a thousand bytes.
fn bomb() -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 5 0 R/Resources<</Font<</F 4 0 R>>/XObject<</X 6 0 R>>>>>>".to_owned(),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let stream = |dictionary: &str, body: &str| {
        format!("<<{dictionary}/Length {}>>stream\n{body}\nendstream", body.len())
    };
    objects.push(stream("", &"/X Do ".repeat(100)));
    for next in 7..9 {
        let resources =
            format!("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {next} 0 R>>>>");
        objects.push(stream(&resources, &"/X Do ".repeat(100)));
    }
    let text = format!("BT /F 9 Tf {}ET", "(0123456789) Tj ".repeat(2));
    objects.push(stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F 4 0 R>>>>", &text));
    written(&objects)
}

/// Objects as a PDF file.
fn written(objects: &[String]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (object, number) in objects.iter().zip(1..) {
        places.push(out.len());
        out.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    for place in &places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    out.extend(
        format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n", places.len() + 1).bytes(),
    );
    out
}
