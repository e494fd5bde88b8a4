//! What cannot be taken in is told with its place, and stops nothing else.

use std::io::Write as _;

use chancery::input::{Item, MAX_PAGE, Skip, SkipCounts};

use crate::bench::{Bench, as_nobody, line, lines, page, text};

/// Skips as they are told, without the folder of the test, and the ids of what was taken.
fn check(bench: &Bench, paths: &[&str], stdin: &[u8]) -> (Vec<String>, Vec<String>) {
    let (skips, ids) = split(bench, paths, stdin);
    let root = bench.path("").display().to_string();
    (skips.iter().map(|skip| skip.to_string().replace(&root, "")).collect(), ids)
}

fn split(bench: &Bench, paths: &[&str], stdin: &[u8]) -> (Vec<Skip>, Vec<String>) {
    let (mut skips, mut ids) = (Vec::new(), Vec::new());
    for item in bench.items(paths, stdin) {
        match item {
            Item::Capture(incoming) => ids.push(incoming.capture.id),
            Item::Skip(skip) => skips.push(skip),
        }
    }
    (skips, ids)
}

#[test]
fn another_kind_in_a_folder_is_counted_and_by_name_is_an_error() {
    let bench = Bench::new();
    for name in ["in/a.txt", "in/b.doc", "in/README"] {
        bench.write(name, text(1));
    }
    let (skips, ids) = split(&bench, &["in", "in/b.doc"], b"");
    assert_eq!(ids, ["a"]);
    let mut counts = SkipCounts::default();
    skips.iter().for_each(|skip| counts.add(skip));
    assert_eq!((counts.by_reason["other-kind"], counts.total(), counts.errors), (3, 3, 1));
    assert!(skips[2].is_error && skips[2].reason.mend().contains(".html"));
}

#[test]
fn missing_and_empty_are_told_and_the_rest_is_taken() {
    let bench = Bench::new();
    bench.write("in/a.txt", "");
    bench.write("in/b.html", " \n\t");
    bench.write("in/c.jsonl", "\n\n");
    bench.write("in/d.txt", text(1));
    let (skips, ids) = check(&bench, &["nowhere", "in"], b"");
    assert_eq!(ids, ["d"]);
    assert_eq!(
        skips,
        [
            "nowhere: there is no such file or folder; skipped",
            "in/a.txt: it is empty; skipped",
            "in/b.html: it is empty; skipped",
            "in/c.jsonl: it is empty; skipped",
        ]
    );
    assert_eq!(check(&bench, &["-"], b" \n").0, ["-: it is empty; skipped"]);
}

#[test]
fn a_bad_line_has_line_and_column() {
    let bench = Bench::new();
    let mut bytes = lines(0..1).into_bytes();
    bytes.extend(b"{\"id\": \"\xC3\xA9\", \"text\": }\n");
    bytes.extend(b"{\"id\": \"x\", \"text\": \"\xff\"}\n");
    bytes.extend(b"[1, 2]\n{\"id\": \"y\", \"text\": \"  \"}\n{\"id\": [], \"text\": \"a\"}\n");
    bytes.extend(lines(1..2).bytes());
    bench.write("a.jsonl", &bytes);
    let (skips, ids) = check(&bench, &["a.jsonl"], b"");
    assert_eq!(ids, ["tides-00000", "tides-00001"]);
    assert_eq!(skips.len(), 5, "{skips:#?}");
    assert_eq!(skips[0], "a.jsonl:2:21: the line is no JSON of a release: expected value; skipped");
    assert!(
        skips[1].starts_with(
            "a.jsonl:3:22: the line is no JSON of a release: the bytes from here on are no UTF-8"
        )
    );
    assert!(skips[2].starts_with("a.jsonl:4:"), "{}", skips[2]);
    assert_eq!(skips[3], "a.jsonl:5: the line has neither `text` nor `html`, or nothing in it; skipped");
    assert!(skips[4].starts_with("a.jsonl:6:"), "{}", skips[4]);
}

#[test]
fn a_page_or_line_that_is_too_large_is_passed_over() {
    let bench = Bench::new();
    let large = vec![b'x'; usize::try_from(MAX_PAGE).unwrap() + 1];
    bench.write("in/a.html", &large);
    bench.write("in/b.jsonl", [lines(0..1).as_bytes(), &large, b"\n", lines(1..2).as_bytes()].concat());
    // 100 MB that are packed into a few bytes.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&vec![b'a'; 100 << 20]).unwrap();
    bench.write("in/c.txt.gz", packed.finish().unwrap());
    let (skips, ids) = check(&bench, &["in"], b"");
    assert_eq!(ids, ["tides-00000", "tides-00001"]);
    let told = |place: &str| format!("{place}: it is larger than 64 MB; skipped");
    assert_eq!(skips, [told("in/a.html"), told("in/b.jsonl:2"), told("in/c.txt.gz")]);
}

#[test]
fn what_stands_before_a_damage_is_taken() {
    let bench = Bench::new();
    let whole = zstd::encode_all(lines(0..4000).as_bytes(), 1).unwrap();
    bench.write("in/a.jsonl.zst", &whole[..whole.len() / 2]);
    bench.write("in/b.jsonl.gz", b"no gzip at all");
    let mut tape = tar::Builder::new(Vec::new());
    for name in ["1.html", "2.html"] {
        let html = page("Tides", "2024-01-02", &text(2));
        let mut header = tar::Header::new_gnu();
        header.set_size(html.len() as u64);
        tape.append_data(&mut header, name, html.as_bytes()).unwrap();
    }
    let tape = tape.into_inner().unwrap();
    bench.write("in/c.tar", &tape[..512 + 1024 + 512 + 300]);
    bench.write("in/d.txt", text(9));
    let (skips, ids) = check(&bench, &["in"], b"");
    assert!(
        ids.len() > 500 && ids.contains(&"c/1".to_owned()) && ids.last().unwrap() == "d",
        "{}",
        ids.len()
    );
    assert!(!ids.contains(&"c/2".to_owned()), "half a page is no page");
    assert!(skips[0].starts_with("in/a.jsonl.zst:") && skips[0].contains("damaged"), "{}", skips[0]);
    assert!(skips[1].starts_with("in/b.jsonl.gz:1: it is damaged"), "{}", skips[1]);
    assert!(skips[2].starts_with("in/c.tar, 2.html, at byte 1536: it is damaged"), "{}", skips[2]);
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_or_folder_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    if as_nobody("skips::an_unreadable_file_or_folder_is_told") {
        return;
    }
    let bench = Bench::new();
    bench.write("in/a.txt", text(1));
    bench.write("in/b.txt", text(2));
    bench.write("in/shut/c.txt", text(3));
    let shut = |path: &str| {
        std::fs::set_permissions(bench.path(path), std::fs::Permissions::from_mode(0o000)).unwrap();
    };
    shut("in/a.txt");
    shut("in/shut");
    let open = |path: &str| {
        std::fs::set_permissions(bench.path(path), std::fs::Permissions::from_mode(0o755)).unwrap();
    };
    let (skips, ids) = check(&bench, &["in"], b"");
    open("in/shut");
    assert_eq!(ids, ["b"]);
    assert_eq!(
        skips,
        [
            "in/a.txt: it cannot be read: Permission denied (os error 13); skipped",
            "in/shut: it cannot be read: Permission denied (os error 13); skipped"
        ]
    );
}

#[test]
fn a_line_that_says_too_much_is_told() {
    let bench = Bench::new();
    let long = line(1).replace("calm", "x").replace("Ministry of Tides", &"Tides ".repeat(20_000));
    let (skips, ids) = check(&bench, &["-"], format!("{long}\n{}", line(2)).as_bytes());
    assert_eq!(ids, ["tides-00002"]);
    assert_eq!(
        skips,
        ["-:1: the line is no JSON of a release: all but the text is longer than 64 KB; skipped"]
    );
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_is_not_followed_and_a_link_to_nothing_is_told() {
    use std::os::unix::fs::symlink;
    let bench = Bench::new();
    bench.write("in/a.txt", text(1));
    symlink(bench.path("in"), bench.path("in/again")).unwrap();
    symlink(bench.path("in/a.txt"), bench.path("in/b.txt")).unwrap();
    symlink(bench.path("nothing"), bench.path("in/c.txt")).unwrap();
    let (skips, ids) = check(&bench, &["in"], b"");
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(
        skips,
        [
            "in/again: it is a link to a folder, which is not followed; skipped",
            "in/c.txt: it cannot be read: No such file or directory (os error 2); skipped",
        ]
    );
}
