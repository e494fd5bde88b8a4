//! WARC files: gzip members, one record each, with offsets.
