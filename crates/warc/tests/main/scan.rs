//! Files that other programs made.

use std::io::{Cursor, Write as _};

use chancery_warc::{Digests, Scan, ScanOptions, Scanned, WarcError, Writer};
use proptest::prelude::*;

use crate::exchange::exchange;
use crate::gzip;

const ALL: ScanOptions = ScanOptions { hold: 1 << 20, digests: Digests::Check };

/// A record as other programs write it.
fn record(version: &str, more: &str, body: &str) -> String {
    format!(
        "WARC/{version}\r\nWARC-Type: resource\r\nWARC-Target-URI: https://a.example/{}\r\n{more}Content-Length: {}\r\n\r\n{body}\r\n\r\n",
        body.len(),
        body.len()
    )
}

fn scan(bytes: &[u8], options: ScanOptions) -> Vec<Result<Scanned, WarcError>> {
    Scan::new(Cursor::new(bytes), 0, options).unwrap().collect()
}

/// Offset, whether it stands alone, body and flaws of each record; or the error.
fn told(bytes: &[u8]) -> Vec<String> {
    let say = |item: Result<Scanned, WarcError>| match item {
        Err(error) => format!("error {error}"),
        Ok(scanned) => {
            let body = String::from_utf8_lossy(&scanned.record.body).into_owned();
            let alone = if scanned.alone { "" } else { " not alone" };
            let flaws: String = scanned.flaws.iter().map(|flaw| format!(" | {flaw}")).collect();
            format!("{}{alone} {body}{flaws}", scanned.offset)
        }
    };
    scan(bytes, ALL).into_iter().map(say).collect()
}

fn three() -> [String; 3] {
    [record("0.17", "", "one"), record("1.0", "", "two!"), record("1.1", "", "three")]
}

fn zstd(bytes: &[u8], dictionary: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::with_dictionary(Vec::new(), 3, dictionary).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_member_a_record_one_stream_and_blocks_are_all_read() {
    let three = three();
    let members = three.each_ref().map(|record| gzip(record.as_bytes()));
    let offsets = [0, members[0].len(), members[0].len() + members[1].len()];
    let each = ["one", "two!", "three"];
    let alone: Vec<_> = offsets.iter().zip(each).map(|(at, body)| format!("{at} {body}")).collect();
    assert_eq!(told(&members.concat()), alone);
    let stream = three.concat();
    assert_eq!(told(&gzip(stream.as_bytes())), ["0 not alone one", "0 not alone two!", "0 not alone three"]);
    // As bgzip cuts: blocks without regard to records, and an empty one at the end.
    for size in [1, 7, 50, 200] {
        let blocks: Vec<u8> = stream.as_bytes().chunks(size).chain([&b""[..]]).flat_map(gzip).collect();
        let bodies: Vec<_> = scan(&blocks, ALL).into_iter().map(|s| s.unwrap().record.body).collect();
        assert_eq!(bodies, each.map(|body| body.as_bytes().to_vec()), "blocks of {size}");
    }
    let plain = [0, three[0].len(), three[0].len() + three[1].len()];
    let alone: Vec<_> = plain.iter().zip(each).map(|(at, body)| format!("{at} {body}")).collect();
    assert_eq!(told(stream.as_bytes()), alone);
}

#[test]
fn zstd_is_read_with_and_without_a_dictionary() {
    let three = three();
    let dictionary: Vec<u8> = three.concat().into_bytes();
    let skippable = |bytes: &[u8]| {
        let length = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        [&[0x5d, 0x2a, 0x4d, 0x18], &length[..], bytes].concat()
    };
    for (head, dictionary) in [
        (Vec::new(), &b""[..]),
        (skippable(&dictionary), &dictionary),
        (skippable(&zstd(&dictionary, b"")), &dictionary),
    ] {
        let frames = three.each_ref().map(|record| zstd(record.as_bytes(), dictionary));
        let first = head.len();
        let file = [head, frames.concat()].concat();
        let said = told(&file);
        assert_eq!(said[0], format!("{first} one"));
        let at = first + frames[0].len();
        assert_eq!(said[1..], [format!("{at} two!"), format!("{} three", at + frames[1].len())]);
        let second = Scan::new(Cursor::new(&file), at as u64, ALL).unwrap().next().unwrap().unwrap();
        assert_eq!(second.record.body, b"two!", "a record is read alone from its offset");
        assert_eq!(second.end, (at + frames[1].len()) as u64);
    }
}

#[test]
fn odd_habits_are_told_and_the_record_is_given() {
    let check = |bytes: &[u8], want: &[&str]| assert_eq!(told(bytes), want);
    let good = record("1.0", "", "good");
    check(
        record("1.0", "no colon here\r\n", "odd").as_bytes(),
        &["0 odd | at byte 0: header line 4 (`no colon here`) has no colon"],
    );
    let folded = "warc/1.0".to_uppercase()
        + "\nwarc-type: response\nwarc-target-uri: <https://a.example/>\nnote: a\n\tb\ncontent-length: 2\n\nok\n\n";
    let read = scan(folded.as_bytes(), ALL).remove(0).unwrap();
    assert_eq!(
        (read.record.target_uri(), read.record.header("Note")),
        (Some("https://a.example/"), Some("a b"))
    );
    // A length that is too short, packed and not packed.
    let short = record("1.0", "", "body").replace("Length: 4", "Length: 2");
    let says = "the record does not end after the 2 bytes of its body";
    let packed = [gzip(short.as_bytes()), gzip(good.as_bytes())].concat();
    let second = gzip(short.as_bytes()).len();
    check(&packed, &[&format!("0 bo | at byte 0: {says}"), &format!("{second} good")]);
    let plain = format!("{short}{good}");
    check(
        plain.as_bytes(),
        &[&format!("0 not alone bo | at byte 0: {says}"), &format!("{} good", short.len())],
    );
    // One that is too long.
    let long = record("1.0", "", "body").replace("Length: 4", "Length: 400");
    let packed = [gzip(long.as_bytes()), gzip(good.as_bytes())].concat();
    let second = gzip(long.as_bytes()).len();
    check(
        &packed,
        &["0 body\r\n\r\n | at byte 0: the body ends after 8 of 400 bytes", &format!("{second} good")],
    );
    // Without the two line breaks at the end.
    check(
        &[gzip(good.trim_end().as_bytes()), gzip(good.as_bytes())].concat(),
        &[
            "0 good | at byte 0: the file ends within the end mark or the checksum of a record of 4 bytes",
            &format!("{} good", gzip(good.trim_end().as_bytes()).len()),
        ],
    );
}

#[test]
fn rubbish_is_told_and_what_follows_is_read() {
    let good = gzip(record("1.0", "", "good").as_bytes());
    let rubbish = b"\0\0\0rubbish\0".to_vec();
    let said = told(&[good.clone(), rubbish.clone(), good.clone(), rubbish].concat());
    assert_eq!(said.len(), 4, "{said:?}");
    assert!(
        said[1].starts_with(&format!("error at byte {}: no WARC record begins here", good.len())),
        "{said:?}"
    );
    assert_eq!(said[2], format!("{} good", good.len() + 11));
    let stream = record("1.0", "", "one") + "rubbish\r\n\r\n" + &record("1.0", "", "two!");
    let said = told(&gzip(stream.as_bytes()));
    assert_eq!(said.len(), 3, "{said:?}");
    assert_eq!(said[2], "0 not alone two!", "{said:?}");
}

#[test]
fn wrong_digests_are_told_in_every_spelling() {
    let named = |digest: &str| record("1.0", &format!("WARC-Block-Digest: {digest}\r\n"), "");
    for good in ["sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", "md5:d41d8cd98f00b204e9800998ecf8427e", "crc32:0"] {
        assert_eq!(told(named(good).as_bytes()), ["0 "]);
    }
    let said = told(named("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYK").as_bytes());
    assert!(
        said[0].contains("the body has the digest sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        "{said:?}"
    );
    let ignoring = ScanOptions { digests: Digests::Ignore, ..ALL };
    let bad = named("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYK");
    assert!(scan(bad.as_bytes(), ignoring)[0].as_ref().unwrap().flaws.is_empty());
}

#[test]
fn bodies_beyond_the_limit_are_passed_over_but_compared() {
    let body = "x".repeat(5000);
    let digest = "WARC-Block-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ\r\n";
    let file = gzip((record("1.1", digest, &body) + &record("1.1", "", "small")).as_bytes());
    let options = ScanOptions { hold: 100, digests: Digests::Check };
    let read: Vec<_> = scan(&file, options).into_iter().map(Result::unwrap).collect();
    assert_eq!((read[0].body_length, read[0].is_held(), read[0].record.body.len()), (5000, false, 100));
    assert!(matches!(read[0].flaws[..], [WarcError::Digest { .. }]));
    assert_eq!((read[1].is_held(), read[1].record.body.as_slice()), (true, &b"small"[..]));
}

proptest! {
    #[test]
    fn any_bytes_are_scanned_to_an_end(
        head in prop::sample::select(vec![&b""[..], b"WARC/1.0\r\n", &[0x1f, 0x8b, 8, 0], &[0x28, 0xb5, 0x2f, 0xfd], &[0x5d, 0x2a, 0x4d, 0x18, 3, 0, 0, 0]]),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let file = [head, &bytes].concat();
        if let Ok(scan) = Scan::new(Cursor::new(&file), 0, ALL) {
            prop_assert!(scan.count() <= file.len() + 1);
        }
    }

    #[test]
    fn a_damaged_file_is_scanned_to_an_end(
        packing in 0..4_usize, at in any::<prop::sample::Index>(), to in any::<u8>(), cut in 0..90_usize,
    ) {
        let mut writer = Writer::new(Cursor::new(Vec::new())).unwrap();
        writer.append_all(&exchange()).unwrap();
        let stream = three().concat();
        let mut file = match packing {
            0 => writer.into_inner().into_inner(),
            1 => gzip(stream.as_bytes()),
            2 => three().iter().flat_map(|record| zstd(record.as_bytes(), b"")).collect(),
            _ => stream.into_bytes(),
        };
        let at = at.index(file.len());
        file[at] = to;
        file.truncate(file.len() - cut);
        if let Ok(scan) = Scan::new(Cursor::new(&file), 0, ALL) {
            prop_assert!(scan.count() <= 12);
        }
    }
}
