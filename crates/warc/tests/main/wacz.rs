//! WACZ files and their index, as other programs read them.

use std::fs::{self, File};
use std::io::{Cursor, Read as _};
use std::path::Path;

use chancery_warc::{
    About, Digests, IndexEntry, PageLine, Part, Scan, ScanOptions, WaczWriter, WarcRecord, Writer, members,
    read_at,
};

use crate::exchange::{DATE, exchange, python_tool};

const ALL: ScanOptions = ScanOptions { hold: 1 << 20, digests: Digests::Check };

fn warc_file() -> Vec<u8> {
    let mut writer = Writer::new(Cursor::new(Vec::new())).unwrap();
    writer.append(&WarcRecord::warcinfo("tides.warc.gz", DATE, &[("software", "chancery 0.1.0")])).unwrap();
    writer.append_all(&exchange()).unwrap();
    let text = WarcRecord::resource("https://tides.example/a?b=2&a=1", DATE, "text/plain", b"Tide.".to_vec());
    writer.append(&text).unwrap();
    let bad = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>No".to_vec();
    writer.append(&WarcRecord::response("https://www.tides.example/gone", DATE, bad, None)).unwrap();
    writer.into_inner().into_inner()
}

fn write(path: &Path, files: &[(&str, &[u8])]) {
    let mut wacz = WaczWriter::new(File::create(path).unwrap());
    for (name, bytes) in files {
        wacz.begin(name).unwrap();
        for scanned in Scan::new(Cursor::new(bytes), 0, ALL).unwrap() {
            let scanned = scanned.unwrap();
            let member =
                &bytes[usize::try_from(scanned.offset).unwrap()..usize::try_from(scanned.end).unwrap()];
            wacz.add(&scanned.record, member.len() as u64, member).unwrap();
        }
    }
    let page = PageLine {
        id: "1".into(),
        url: "https://tides.example/news/1".into(),
        ts: "2026-03-02T09:30:00Z".into(),
        title: Some("Tide — é".into()),
    };
    let about = About {
        title: "Tides".into(),
        created: "2026-05-01T00:00:00Z".into(),
        software: "chancery 0.1.0".into(),
    };
    wacz.finish(&[page], &about).unwrap();
}

/// The lines of the index of a WACZ.
fn index(path: &Path) -> Vec<String> {
    let mut zip = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut lines = String::new();
    flate2::read::MultiGzDecoder::new(zip.by_name("indexes/index.cdx.gz").unwrap())
        .read_to_string(&mut lines)
        .unwrap();
    lines.lines().map(str::to_owned).collect()
}

#[test]
fn each_line_of_the_index_leads_to_its_record() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tides.wacz");
    let bytes = warc_file();
    write(&path, &[("a.warc.gz", &bytes), ("b.warc.gz", &bytes)]);
    let found = members(File::open(&path).unwrap()).unwrap();
    assert_eq!(
        found.iter().map(|member| member.name.as_str()).collect::<Vec<_>>(),
        ["archive/a.warc.gz", "archive/b.warc.gz"]
    );
    let lines = index(&path);
    assert_eq!(lines.len(), 2 * 4, "response, revisit, resource and the page that is gone: {lines:#?}");
    assert!(lines.is_sorted());
    assert!(
        lines[0].starts_with(
            "example,tides)/a?a=1&b=2 20260302093000 {\"url\":\"https://tides.example/a?b=2&a=1\","
        ),
        "{}",
        lines[0]
    );
    for line in &lines {
        let (_, _, entry) = IndexEntry::parse(line).unwrap();
        let member = found.iter().find(|member| member.name.ends_with(&entry.filename)).unwrap();
        let part = Part::new(File::open(&path).unwrap(), member.start, member.length);
        let record = read_at(part, entry.offset.parse().unwrap()).unwrap();
        assert_eq!(record.target_uri(), Some(entry.url.as_str()));
    }
    let gone = lines.iter().find(|line| line.contains("/gone")).unwrap();
    let (_, _, gone) = IndexEntry::parse(gone).unwrap();
    assert_eq!((gone.mime.as_deref(), gone.status.as_deref()), (Some("text/html"), Some("404")));
    let again = dir.path().join("again.wacz");
    write(&again, &[("a.warc.gz", &bytes), ("b.warc.gz", &bytes)]);
    assert_eq!(fs::read(again).unwrap(), fs::read(path).unwrap(), "the same bytes whenever it is written");
}

#[test]
fn the_validator_of_the_format_finds_nothing_wrong() {
    let Some(mut validate) = python_tool("wacz") else { return };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tides.wacz");
    write(&path, &[("Tides one.warc.gz", &warc_file()), ("tides.warc.gz", &warc_file())]);
    let said = validate.args(["validate", "-f"]).arg(&path).output().unwrap();
    let out = String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success() && out.contains("the passed WACZ is valid"), "{out}");
}

#[test]
fn the_index_is_the_one_that_other_programs_make() {
    let Some(mut indexer) = python_tool("cdxj-indexer") else { return };
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("tides.warc.gz"), warc_file()).unwrap();
    let said = indexer.current_dir(&dir).args(["--sort", "tides.warc.gz"]).output().unwrap();
    let theirs = String::from_utf8(said.stdout).unwrap();
    let path = dir.path().join("tides.wacz");
    write(&path, &[("tides.warc.gz", &warc_file())]);
    let ours = index(&path);
    assert_eq!(theirs.lines().count(), ours.len(), "{theirs}");
    for (theirs, ours) in theirs.lines().zip(&ours) {
        let (their_key, their_time, mut theirs) = IndexEntry::parse(theirs).unwrap();
        let (our_key, our_time, ours) = IndexEntry::parse(ours).unwrap();
        assert_eq!((their_key, their_time), (our_key, our_time));
        // Of a record without a payload digest each takes the digest that it prefers.
        if theirs.digest != ours.digest && theirs.mime.as_deref() == Some("text/plain") {
            theirs.digest.clone_from(&ours.digest);
        }
        assert_eq!(theirs, ours);
    }
}
