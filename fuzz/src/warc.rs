//! Any bytes as a WARC file, as a WACZ, and as an answer of a server. None may panic or hang; what is read is within limits.

use std::io::Cursor;

use chancery_warc::http::{Head, entity};
use chancery_warc::{Digests, IndexEntry, Limits, Scan, ScanOptions, content, members, surt};

/// Looks through the bytes as each of them.
pub(crate) fn warc(data: &[u8]) {
    const HOLD: u64 = 1 << 16;
    let options = ScanOptions { hold: HOLD, digests: Digests::Check };
    if let Ok(scan) = Scan::new(Cursor::new(data), 0, options) {
        for (number, scanned) in scan.enumerate() {
            assert!(number <= data.len(), "more records than bytes");
            let Ok(scanned) = scanned else { continue };
            assert!(scanned.record.body.len() as u64 <= HOLD && scanned.offset <= data.len() as u64);
            let _ = scanned.record.payload_agrees();
            if let Some(entry) = IndexEntry::of(&scanned.record, "a.warc.gz", scanned.offset, 1) {
                let line = entry.line(scanned.record.date().unwrap_or_default());
                assert!(!surt(&entry.url).is_empty() || entry.url.trim().is_empty(), "{line}");
            }
        }
    }
    let _ = members(Cursor::new(data));
    let limits = Limits { bytes: 1 << 20, ratio: 100 };
    let body = content(data, &limits).map_or(0, |body| body.len() as u64);
    assert!(body <= limits.bytes.max(data.len() as u64));
    assert!(entity(data).len() <= data.len());
    let _ = Head::of(data).charset();
}
