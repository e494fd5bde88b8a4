//! WARC 1.1 files (ISO 28500:2017), written and read: one gzip member a record, so that every record can be
//! read alone from its offset.
//!
//! ```
//! use std::io::Cursor;
//! use chancery_warc::{Reader, WarcRecord, Writer, read_at};
//!
//! let mut file = Cursor::new(Vec::new());
//! let page = WarcRecord::resource("https://tides.example/1", "2021-03-02T00:00:00Z", "text/html", b"<p>Hi".to_vec());
//! let offset = Writer::new(&mut file)?.append(&page)?;
//! assert_eq!(read_at(&mut file, offset)?.body, b"<p>Hi");
//! for record in Reader::new(&mut file)? {
//!     let (offset, record) = record?;
//!     println!("{offset} {:?}", record.target_uri());
//! }
//! # Ok::<(), chancery_warc::WarcError>(())
//! ```
//!
//! Invariants: this crate asks no clock (dates come from the caller) and changes no byte that it has written;
//! a damaged record is an error that names its offset, and the records after it are still read.

mod record;

mod cdxj;
mod coding;
mod digest;
mod error;
pub mod http;
mod input;
mod member;
mod pack;
mod parse;
mod reader;
mod roll;
mod surt;
mod unpack;
mod wacz;
mod wacz_writer;
mod writer;

pub use cdxj::{IndexEntry, timestamp};
pub use coding::{CodingError, Limits, content};
pub use digest::sha256;
pub use error::WarcError;
pub use reader::{Digests, Reader, Scan, ScanOptions, Scanned, read_at, scan_at};
pub use record::{Original, Profile, RecordKind, WarcRecord};
pub use roll::{Cut, ENDING, FILE_LIMIT, RollError, RollOptions, Rolling, Written};
pub use surt::surt;
pub use wacz::{Member, Part, members, unpack_member};
pub use wacz_writer::{About, PageLine, WACZ_VERSION, WaczWriter};
pub use writer::Writer;
