//! Records of an exchange over HTTP, as other programs find them.

use std::io::{Cursor, Write as _};
use std::process::Command;

use chancery_warc::{Original, Profile, Reader, RecordKind, WarcRecord, Writer};

pub(crate) const DATE: &str = "2026-03-02T09:30:00.123456Z";
const URI: &str = "https://tides.example/news/1";
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n\
    5\r\n<p>Hi\r\n0\r\n\r\n";

/// A response, its request, its metadata, and a revisit of the same page.
pub(crate) fn exchange() -> [WarcRecord; 4] {
    let ip = "192.0.2.7".parse().ok();
    let response = WarcRecord::response(URI, DATE, ANSWER.to_vec(), ip);
    let id = response.record_id().unwrap().to_owned();
    let asked = b"GET /news/1 HTTP/1.1\r\nHost: tides.example\r\n\r\n".to_vec();
    let request = WarcRecord::request(URI, DATE, asked, ip).with("WARC-Concurrent-To", &id);
    let metadata =
        WarcRecord::metadata(URI, DATE, &id, &[("via", "https://tides.example/"), ("note", "a\nb")]);
    let digest = response.payload_digest().unwrap();
    let original = Original { record_id: &id, uri: URI, date: DATE, payload_digest: digest };
    let head = ANSWER[..chancery_warc::http::head_length(ANSWER)].to_vec();
    let later = "2026-03-03T09:30:00Z";
    let revisit = WarcRecord::revisit(URI, later, head, ip, &original, Profile::IdenticalPayload);
    [response, request, metadata, revisit]
}

/// The program of a Python package, where it is installed: `pip install warcio wacz`.
pub(crate) fn python_tool(name: &str) -> Option<Command> {
    let mut command = Command::new(name);
    match command.arg("--version").output() {
        Ok(_) => Some(Command::new(name)),
        Err(_) => {
            let _ =
                writeln!(std::io::stderr(), "skipped: `{name}` is not installed (pip install warcio wacz)");
            None
        }
    }
}

#[test]
fn an_exchange_carries_what_the_standard_asks_for() {
    let [response, request, metadata, revisit] = exchange();
    let id = response.record_id().unwrap();
    assert_eq!(response.content_type(), Some("application/http; msgtype=response"));
    assert_eq!(response.header("WARC-IP-Address"), Some("192.0.2.7"));
    assert_eq!(request.header("warc-concurrent-to"), Some(id));
    assert_eq!(metadata.header("WARC-Concurrent-To"), Some(id));
    assert_eq!(metadata.body, b"via: https://tides.example/\r\nnote: a\r\n b\r\n");
    assert_eq!(revisit.header("WARC-Refers-To"), Some(id));
    assert_eq!(revisit.header("WARC-Refers-To-Date"), Some(DATE));
    assert_eq!(revisit.payload_digest(), response.payload_digest());
    assert_eq!((&revisit.kind, revisit.body.ends_with(b"\r\n\r\n")), (&RecordKind::Revisit, true));
    assert_eq!((response.payload_agrees(), revisit.payload_agrees()), (Some(true), None));
    let mut dechunked = response.clone();
    let entity = chancery_warc::http::entity_digest(ANSWER);
    dechunked.headers.retain(|(name, _)| name != "WARC-Payload-Digest");
    assert_eq!(dechunked.clone().with("WARC-Payload-Digest", &entity).payload_agrees(), Some(true));
    assert_eq!(
        dechunked.with("WARC-Payload-Digest", "md5:00000000000000000000000000000000").payload_agrees(),
        Some(false)
    );
    let mut ids: Vec<_> = [&response, &request, &metadata, &revisit].map(|r| r.record_id().unwrap()).to_vec();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4, "every record has an id of its own");
}

#[test]
fn an_exchange_is_read_as_it_was_written() {
    let records = exchange();
    let mut writer = Writer::new(Cursor::new(Vec::new())).unwrap();
    let offsets = writer.append_all(&records).unwrap();
    let bytes = writer.into_inner().into_inner();
    let read: Vec<_> = Reader::new(Cursor::new(&bytes)).unwrap().map(Result::unwrap).collect();
    assert_eq!(read.iter().map(|(offset, _)| *offset).collect::<Vec<_>>(), offsets);
    for ((_, read), written) in read.iter().zip(&records) {
        assert_eq!((&read.kind, &read.body), (&written.kind, &written.body));
        assert!(written.headers.iter().all(|header| read.headers.contains(header)), "{:?}", read.headers);
    }
}
