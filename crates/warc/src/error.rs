//! What can be wrong with a WARC file, with the place and the mend.

/// What went wrong while a WARC file was read or written. Offsets are bytes of the file, where the record (its
/// gzip member) begins.
#[derive(Debug, thiserror::Error)]
pub enum WarcError {
    /// The file could not be read or written.
    #[error("at byte {offset}: {cause}")]
    Io {
        /// Where the record begins.
        offset: u64,
        /// What the operating system said.
        #[source]
        cause: std::io::Error,
    },
    /// The bytes are no record.
    #[error("at byte {offset}: no WARC record begins here, but `{found}`")]
    NotARecord {
        /// Where a record was expected.
        offset: u64,
        /// The first bytes that stand there, escaped.
        found: String,
    },
    /// The file ends within the header.
    #[error("at byte {offset}: the record's header ends after {got} bytes, without a blank line")]
    HeaderEnds {
        /// Where the record begins.
        offset: u64,
        /// Bytes of the header that are there.
        got: u64,
    },
    /// The file ends within the body.
    #[error("at byte {offset}: the body ends after {got} of {expected} bytes")]
    BodyEnds {
        /// Where the record begins.
        offset: u64,
        /// Bytes that `Content-Length` promises.
        expected: u64,
        /// Bytes that are there.
        got: u64,
    },
    /// Header and body are whole, but not what must follow them.
    #[error(
        "at byte {offset}: the file ends within the end mark or the checksum of a record of {length} bytes"
    )]
    TailEnds {
        /// Where the record begins.
        offset: u64,
        /// Bytes of the body.
        length: u64,
    },
    /// The gzip data are damaged.
    #[error("at byte {offset}: the gzip member is damaged after {got} bytes of its content ({cause})")]
    Damaged {
        /// Where the member begins.
        offset: u64,
        /// Bytes that could be unpacked.
        got: u64,
        /// What the decompressor said.
        #[source]
        cause: std::io::Error,
    },
    /// A line of the header cannot be read.
    #[error("at byte {offset}: header line {line} (`{text}`) {why}")]
    HeaderLine {
        /// Where the record begins.
        offset: u64,
        /// The line, the version being line 1.
        line: usize,
        /// The line as it stands, escaped and cut.
        text: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A mandatory header is missing.
    #[error("at byte {offset}: the record has no `{name}` header")]
    HeaderMissing {
        /// Where the record begins.
        offset: u64,
        /// The header.
        name: &'static str,
    },
    /// The header or the body is larger than the reader allows.
    #[error("at byte {offset}: the record's {part} is larger than the limit of {limit} bytes")]
    TooLarge {
        /// Where the record begins.
        offset: u64,
        /// `header` or `body`.
        part: &'static str,
        /// The limit, in bytes.
        limit: u64,
    },
    /// The body is followed by something else than the end of a record.
    #[error("at byte {offset}: the record does not end after the {length} bytes of its body")]
    NoEndMark {
        /// Where the record begins.
        offset: u64,
        /// Bytes of the body as its header says.
        length: u64,
    },
    /// The body is not what was written.
    #[error("at byte {offset}: the body has the digest {got}, but its header says {expected}")]
    Digest {
        /// Where the record begins.
        offset: u64,
        /// What the header says.
        expected: String,
        /// What the body has.
        got: String,
    },
    /// A header cannot be written.
    #[error("the header `{name}` cannot be written: {why}")]
    BadHeader {
        /// The header's name, escaped.
        name: String,
        /// What is wrong, and the mend.
        why: &'static str,
    },
}

impl WarcError {
    /// Where the record begins that the error is about; `None` for one that was to be written.
    #[must_use]
    pub const fn offset(&self) -> Option<u64> {
        match self {
            Self::Io { offset, .. }
            | Self::NotARecord { offset, .. }
            | Self::HeaderEnds { offset, .. }
            | Self::BodyEnds { offset, .. }
            | Self::TailEnds { offset, .. }
            | Self::Damaged { offset, .. }
            | Self::HeaderLine { offset, .. }
            | Self::HeaderMissing { offset, .. }
            | Self::TooLarge { offset, .. }
            | Self::NoEndMark { offset, .. }
            | Self::Digest { offset, .. } => Some(*offset),
            Self::BadHeader { .. } => None,
        }
    }

    /// Whether a record's frame was recognized, so that the error is about a record and not about stray bytes.
    pub(crate) const fn is_of_a_record(&self) -> bool {
        !matches!(self, Self::NotARecord { .. } | Self::Damaged { got: 0, .. } | Self::HeaderEnds { .. })
    }
}
