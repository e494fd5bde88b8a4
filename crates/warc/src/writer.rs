//! Records to a file.

use std::io::{Seek, SeekFrom, Write};

use crate::pack::Gzip;
use crate::{WarcError, WarcRecord, digest};

/// Appends records to a WARC file, one gzip member a record.
pub struct Writer<W> {
    out: W,
    end: u64,
    gzip: Gzip,
}

impl<W: Write + Seek> Writer<W> {
    /// A writer that appends behind what `out` already holds.
    ///
    /// # Errors
    /// [`WarcError::Io`] where the end of `out` cannot be found.
    pub fn new(mut out: W) -> Result<Self, WarcError> {
        let end = out.seek(SeekFrom::End(0)).map_err(|cause| WarcError::Io { offset: 0, cause })?;
        Ok(Self { out, end, gzip: Gzip::new() })
    }

    /// Writes one record and returns the offset of its member. `Content-Length` and `WARC-Block-Digest` are set here.
    ///
    /// The member is made in memory and written at once. After an error the next record is written over what was left
    /// of this one; whoever stops then truncates the file to [`Self::end`].
    ///
    /// # Errors
    /// [`WarcError::BadHeader`] where a header would break the format (nothing is written then);
    /// [`WarcError::Io`] where `out` cannot be written.
    pub fn append(&mut self, record: &WarcRecord) -> Result<u64, WarcError> {
        let offset = self.end;
        self.append_all(std::slice::from_ref(record)).map(|_| offset)
    }

    /// Writes records that belong together, all of them or none, and returns the offset of each.
    ///
    /// # Errors
    /// As for [`Self::append`].
    pub fn append_all(&mut self, records: &[WarcRecord]) -> Result<Vec<u64>, WarcError> {
        let begin = self.end;
        let fault = |cause| WarcError::Io { offset: begin, cause };
        let mut members = Vec::new();
        let mut offsets = Vec::with_capacity(records.len());
        for record in records {
            offsets.push(begin + members.len() as u64);
            let head = head(record)?;
            self.gzip.member(&[&head, &record.body, b"\r\n\r\n"], &mut members).map_err(fault)?;
        }
        self.out.seek(SeekFrom::Start(begin)).map_err(fault)?;
        self.out.write_all(&members).and_then(|()| self.out.flush()).map_err(fault)?;
        self.end += members.len() as u64;
        Ok(offsets)
    }

    /// Where the next record will begin: the length of all whole records.
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// What the records are written to.
    pub const fn get_ref(&self) -> &W {
        &self.out
    }

    /// Gives back what the records were written to.
    pub fn into_inner(self) -> W {
        self.out
    }
}

fn head(record: &WarcRecord) -> Result<Vec<u8>, WarcError> {
    let mut head = b"WARC/1.1\r\n".to_vec();
    let kind = record.kind.to_string();
    line(&mut head, "WARC-Type", &kind)?;
    let set_here = ["WARC-Type", "WARC-Block-Digest", "Content-Length"];
    for (name, value) in &record.headers {
        if !set_here.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            line(&mut head, name, value)?;
        }
    }
    line(&mut head, "WARC-Block-Digest", &digest::sha256(&record.body))?;
    line(&mut head, "Content-Length", &record.body.len().to_string())?;
    head.extend_from_slice(b"\r\n");
    Ok(head)
}

fn line(head: &mut Vec<u8>, name: &str, value: &str) -> Result<(), WarcError> {
    let fault = |why| WarcError::BadHeader { name: name.escape_default().to_string(), why };
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic() && b != b':') {
        return Err(fault("a name has only visible ASCII characters and no colon"));
    }
    if value.contains(['\r', '\n']) {
        return Err(fault("its value holds a line break; write it as %0D or %0A"));
    }
    head.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    Ok(())
}
