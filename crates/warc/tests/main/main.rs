//! WARC files as a user of the crate sees them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{Cursor, Write as _};

mod exchange;
mod fuzz;
mod roll;
mod scan;
mod wacz;

use chancery_warc::{Reader, RecordKind, WarcError, WarcRecord, Writer, read_at};
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

fn page(name: &str, body: &[u8]) -> WarcRecord {
    WarcRecord::resource(
        &format!("https://tides.example/{name}"),
        "2021-03-02T09:30:00Z",
        "text/html",
        body.to_vec(),
    )
}

/// A file of pages, and where each begins.
fn file(pages: &[WarcRecord]) -> (Vec<u8>, Vec<u64>) {
    let mut writer = Writer::new(Cursor::new(Vec::new())).unwrap();
    let offsets = pages.iter().map(|page| writer.append(page).unwrap()).collect();
    (writer.into_inner().into_inner(), offsets)
}

/// What reading a file says: offsets and bodies, or messages.
fn read(bytes: &[u8]) -> Vec<String> {
    let say = |item: Result<(u64, WarcRecord), WarcError>| match item {
        Ok((offset, record)) => format!("{offset} {}", String::from_utf8_lossy(&record.body)),
        Err(error) => error.to_string(),
    };
    Reader::new(Cursor::new(bytes)).unwrap().map(say).collect()
}

fn scan_end(bytes: &[u8]) -> Result<u64, WarcError> {
    Reader::new(Cursor::new(bytes)).unwrap().scan_end()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn a_record_is_read_as_it_was_written_and_from_its_offset_alone() {
    let pages = [page("1", b"one"), page("2", b"two \r\n\r\n WARC/1.1"), page("3", b"")];
    let (bytes, offsets) = file(&pages);
    let records: Vec<_> = Reader::new(Cursor::new(&bytes)).unwrap().collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(records.iter().map(|r| r.0).collect::<Vec<_>>(), offsets);
    for ((offset, record), page) in records.iter().zip(&pages) {
        assert_eq!((&record.kind, &record.body), (&RecordKind::Resource, &page.body));
        assert_eq!(record.target_uri(), page.target_uri());
        assert_eq!(record.date(), Some("2021-03-02T09:30:00Z"));
        assert_eq!(record.content_type(), Some("text/html"));
        assert_eq!(&read_at(Cursor::new(&bytes), *offset).unwrap(), record);
    }
    let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(records[2].1.block_digest(), Some(empty));
    assert_eq!(scan_end(&bytes).unwrap(), bytes.len() as u64);
    let again: Vec<_> = records.into_iter().map(|(_, record)| record).collect();
    assert_eq!(file(&again).0, bytes, "what was read is written back to the same bytes");
}

#[test]
fn a_record_id_depends_on_address_and_body_alone() {
    let id = |record: WarcRecord| record.record_id().unwrap().to_owned();
    let first = id(page("1", b"x"));
    assert!(first.starts_with("<urn:uuid:") && first.len() == 47, "{first}");
    assert_eq!(
        first,
        id(WarcRecord::resource("https://tides.example/1", "2022", "text/plain", b"x".to_vec()))
    );
    assert_ne!(first, id(page("2", b"x")));
    assert_ne!(first, id(page("1", b"y")));
}

#[test]
fn appending_goes_on_behind_what_is_there() {
    let (bytes, _) = file(&[page("1", b"one")]);
    let mut writer = Writer::new(Cursor::new(bytes.clone())).unwrap();
    assert_eq!(writer.append(&page("2", b"two")).unwrap(), bytes.len() as u64);
    assert_eq!(read(writer.get_ref().get_ref()), ["0 one", &format!("{} two", bytes.len())]);
}

#[test]
fn a_torn_end_is_reported_and_can_be_cut_off() {
    let body: Vec<u8> = (0..4000_u32).map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
    let (bytes, offsets) = file(&[page("1", b"one"), page("2", &body)]);
    for cut in offsets[1] + 1..bytes.len() as u64 {
        let torn = &bytes[..cut as usize];
        let said = read(torn);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[1].starts_with(&format!("at byte {}: the ", offsets[1])), "{said:?}");
        assert_eq!(scan_end(torn).unwrap(), offsets[1]);
    }
    let middle = read(&bytes[..bytes.len() - 1000]).pop().unwrap();
    assert!(middle.contains("the body ends after ") && middle.ends_with(" of 4000 bytes"), "{middle}");
    let mut zeros = bytes[..offsets[1] as usize].to_vec();
    zeros.extend([0; 512]);
    assert_eq!(scan_end(&zeros).unwrap(), offsets[1], "a crash may leave zeros");
}

#[test]
fn a_damaged_record_is_told_and_the_next_ones_are_read() {
    let (mut bytes, offsets) = file(&[page("1", b"one"), page("2", b"two"), page("3", b"three")]);
    bytes[offsets[1] as usize + 40] ^= 0xff;
    let said = read(&bytes);
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[1].starts_with(&format!("at byte {}: ", offsets[1])), "{said:?}");
    assert_eq!(said[2], format!("{} three", offsets[2]));
    let error = scan_end(&bytes).unwrap_err();
    assert_eq!(error.offset(), Some(offsets[1]), "whole records follow: nothing may be cut");
}

#[test]
fn plain_files_old_versions_and_folded_lines_are_read() {
    let plain =
        b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: <https://a.example/>\r\nNote: one\r\n two\r\n\
        Content-Length: 3\r\n\r\nabc\r\n\r\nWARC/1.1\nwarc-type: Odd\ncontent-length: 1\n\nx\n\n";
    let records: Vec<_> = Reader::new(Cursor::new(plain)).unwrap().map(|r| r.unwrap().1).collect();
    assert_eq!(records[0].target_uri(), Some("https://a.example/"));
    assert_eq!(records[0].header("note"), Some("one two"));
    assert_eq!((&records[1].kind, records[1].body.as_slice()), (&RecordKind::Other("Odd".into()), &b"x"[..]));
}

#[test]
fn every_fault_names_its_place() {
    let check = |bytes: &[u8], says: &str| assert_eq!(read(bytes)[0], says);
    check(b"<html>", "at byte 0: no WARC record begins here, but `<html>`");
    check(&gzip(b"<html>\n"), "at byte 0: no WARC record begins here, but `<html>`");
    check(
        b"WARC/1.1\r\nWARC-Type: x\r\n",
        "at byte 0: the record's header ends after 24 bytes, without a blank line",
    );
    check(b"WARC/1.1\r\nWARC-Type: x\r\n\r\n", "at byte 0: the record has no `Content-Length` header");
    check(b"WARC/1.1\r\nnonsense\r\n\r\n", "at byte 0: header line 2 (`nonsense`) has no colon");
    check(
        b"WARC/1.1\r\nWARC-Type: x\r\nContent-Length: 1e3\r\n\r\n",
        "at byte 0: header line 4 (`Content-Length: 1e3`) is no number of bytes",
    );
    check(
        b"WARC/1.1\r\nWARC-Type: x\r\nContent-Length: 9880\r\n\r\nabc",
        "at byte 0: the body ends after 3 of 9880 bytes",
    );
    check(
        b"WARC/1.1\r\nWARC-Type: x\r\nContent-Length: 99000000000\r\n\r\n",
        "at byte 0: the body ends after 0 of 99000000000 bytes",
    );
    check(
        b"WARC/1.1\r\nWARC-Type: x\r\nContent-Length: 1\r\n\r\nabc\r\n\r\n",
        "at byte 0: the record does not end after the 1 bytes of its body",
    );
    let long = [b"WARC/1.1\r\nX: ".as_slice(), &vec![b'x'; 300_000], b"\r\n\r\n"].concat();
    check(&gzip(&long), "at byte 0: the record's header is larger than the limit of 262144 bytes");
    let one = "WARC/1.1\r\nWARC-Type: x\r\nContent-Length: 1\r\n\r\na\r\n\r\n";
    let changed = one.replacen(
        "\r\n\r\n",
        "\r\nWARC-Block-Digest: sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ\r\n\r\n",
        1,
    );
    check(
        changed.as_bytes(),
        "at byte 0: the body has the digest sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb, \
         but its header says sha256:4OYMIQUY7QOBJGX36TEJS35ZEQT24QPEMSNZGTFESWMRW6CSXBKQ",
    );
    let error = read_at(Cursor::new(b""), 7).unwrap_err();
    assert_eq!(error.to_string(), "at byte 7: no WARC record begins here, but `the end of the file`");
}

#[test]
fn a_header_that_would_break_the_file_is_refused() {
    let mut writer = Writer::new(Cursor::new(Vec::new())).unwrap();
    let error = writer.append(&page("1\r\nWARC-Type: response", b"")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the header `WARC-Target-URI` cannot be written: its value holds a line break; write it as %0D or %0A"
    );
    assert_eq!(writer.end(), 0);
    assert!(writer.into_inner().into_inner().is_empty());
}

#[test]
fn a_full_disk_leaves_the_records_before_it_whole() {
    let mut space = [0_u8; 700];
    let mut writer = Writer::new(Small(Cursor::new(&mut space[..]))).unwrap();
    let noise: Vec<u8> = (0..900_u32).map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()[2]).collect();
    writer.append(&page("1", b"one")).unwrap();
    let end = writer.end();
    assert!(matches!(writer.append(&page("2", &noise)), Err(WarcError::Io { offset, .. }) if offset == end));
    assert_eq!(writer.end(), end);
    assert_eq!(read(&space[..end as usize]), ["0 one"]);
}

/// A file of a fixed size that is empty at first.
struct Small<'a>(Cursor<&'a mut [u8]>);

impl std::io::Write for Small<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl std::io::Seek for Small<'_> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        match to {
            std::io::SeekFrom::End(_) => self.0.seek(std::io::SeekFrom::Start(0)),
            to => self.0.seek(to),
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_come_back(bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..400), 1..5),
                           note in "[ -~é-ÿ]{0,30}") {
        let pages: Vec<_> = bodies.iter().map(|body| {
            let mut page = page("p", body);
            page.headers.push(("X-Note".into(), note.trim().to_owned()));
            page
        }).collect();
        let (bytes, offsets) = file(&pages);
        let got: Vec<_> = Reader::new(Cursor::new(&bytes)).unwrap().map(Result::unwrap).collect();
        prop_assert_eq!(got.iter().map(|g| g.0).collect::<Vec<_>>(), offsets);
        for ((_, record), page) in got.iter().zip(&pages) {
            prop_assert_eq!(&record.body, &page.body);
            prop_assert_eq!(record.header("x-note"), Some(note.trim()));
        }
    }

    #[test]
    fn any_bytes_are_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(read(&bytes).len() <= bytes.len());
    }

    #[test]
    fn a_damaged_file_is_read_to_an_end(at in 0_usize..1000, to in any::<u8>(), cut in 0_usize..1000) {
        let (mut bytes, offsets) = file(&[page("1", b"one"), page("2", b"two"), page("3", b"three")]);
        let at = at % bytes.len();
        bytes[at] = to;
        bytes.truncate(bytes.len() - cut % 100);
        let said = read(&bytes);
        prop_assert!(said.len() <= 4, "{:?}", said);
        if at as u64 >= offsets[1] {
            prop_assert_eq!(&said[0], "0 one");
        }
    }
}
