//! An HTTP/1.1 message (RFC 9112) as it stands in the block of a record, read as leniently as browsers do: what servers
//! sent is what they sent.

use std::borrow::Cow;

use crate::digest;

/// Status and headers of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The status, 0 where the first line has none.
    pub status: u16,
    /// The headers in their order; folded lines are joined, what is no UTF-8 is replaced.
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// The head of `message`, which may be only that.
    #[must_use]
    pub fn of(message: &[u8]) -> Self {
        let head = message.get(..head_length(message)).unwrap_or_default();
        let mut lines = head.split(|byte| *byte == b'\n').map(String::from_utf8_lossy);
        let first = lines.next().unwrap_or_default();
        let status = first.split_ascii_whitespace().nth(1).and_then(|status| status.parse().ok());
        let mut headers: Vec<(String, String)> = Vec::new();
        for line in lines {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = headers.last_mut().filter(|_| !line.trim().is_empty()) {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
        Self { status: status.unwrap_or_default(), headers }
    }

    /// The first value of a header; names are compared without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The media type without its parameters, in lower case: `text/html`.
    #[must_use]
    pub fn media_type(&self) -> Option<String> {
        let media = self.header("Content-Type")?.split([';', ',']).next()?.trim().to_ascii_lowercase();
        (!media.is_empty()).then_some(media)
    }

    /// The charset that `Content-Type` names.
    #[must_use]
    pub fn charset(&self) -> Option<String> {
        let mut parameters = self.header("Content-Type")?.split(';').skip(1);
        let charset = parameters.find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
        })?;
        (!charset.is_empty()).then(|| charset.to_owned())
    }

    /// The transfer codings, in lower case; without `identity`, which old servers send and which says nothing (RFC 2616, 3.6).
    #[must_use]
    pub fn transfer_codings(&self) -> Vec<String> {
        let mut codings = self.list("Transfer-Encoding");
        codings.retain(|coding| coding != "identity");
        codings
    }

    /// The values of a header that is a list, in lower case, over all its lines.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let lines = self.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
        let values = lines.flat_map(|(_, value)| value.split(','));
        values.map(|value| value.trim().to_ascii_lowercase()).filter(|value| !value.is_empty()).collect()
    }
}

/// The bytes of the head: the start line and the headers, with the blank line behind them; all bytes where there is no
/// blank line.
#[must_use]
pub fn head_length(message: &[u8]) -> usize {
    let mut at = 0;
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if line == b"\r\n" || line == b"\n" {
            return at;
        }
    }
    message.len()
}

/// The body as it stands in the message, with its transfer coding.
#[must_use]
pub fn body(message: &[u8]) -> &[u8] {
    message.get(head_length(message)..).unwrap_or_default()
}

/// The entity body: the body without its transfer coding. A body that says it is chunked and is not (some tools take
/// the chunks off and leave the header) is given as it stands; one whose chunks end in nonsense is given up to there.
#[must_use]
pub fn entity(message: &[u8]) -> Cow<'_, [u8]> {
    let body = body(message);
    if Head::of(message).transfer_codings().iter().any(|coding| coding == "chunked") {
        return chunks(body).map_or(Cow::Borrowed(body), Cow::Owned);
    }
    Cow::Borrowed(body)
}

/// `sha256:…` of the entity body: equal for answers that differ only in how the server cut them into chunks.
#[must_use]
pub fn entity_digest(message: &[u8]) -> String {
    digest::sha256(&entity(message))
}

/// The bytes of all chunks; `None` where not even the first has a size.
fn chunks(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = body;
    let mut first = true;
    loop {
        let line_end = rest.iter().take(MAX_CHUNK_LINE).position(|byte| *byte == b'\n');
        let size = line_end.and_then(|end| chunk_size(rest.get(..end)?));
        let (Some(end), Some(size)) = (line_end, size) else {
            return (!first).then_some(out);
        };
        rest = rest.get(end + 1..).unwrap_or_default();
        if size == 0 {
            return Some(out);
        }
        let taken = usize::try_from(size).unwrap_or(usize::MAX).min(rest.len());
        out.extend_from_slice(rest.get(..taken).unwrap_or_default());
        rest = rest.get(taken..).unwrap_or_default();
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        first = false;
        if rest.is_empty() {
            return Some(out);
        }
    }
}

/// The bytes that a body of chunks takes, with the trailer behind the last one; `None` where they do not come to an end.
#[must_use]
pub fn chunked_length(body: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let line = body.get(at..)?.iter().take(MAX_CHUNK_LINE).position(|byte| *byte == b'\n')?;
        let size = chunk_size(body.get(at..at + line)?)?;
        at += line + 1;
        if size == 0 {
            break;
        }
        at = at.checked_add(usize::try_from(size).ok()?)?;
        let end = body.get(at..)?;
        at += if end.starts_with(b"\r\n") { 2 } else { usize::from(end.starts_with(b"\n")) };
    }
    // The trailer: fields up to an empty line.
    loop {
        let line = body.get(at..)?.iter().position(|byte| *byte == b'\n')?;
        let is_empty = body.get(at..at + line)?.iter().all(|byte| *byte == b'\r');
        at += line + 1;
        if is_empty {
            return Some(at);
        }
    }
}

/// The line before a chunk may be as long as this, in bytes.
const MAX_CHUNK_LINE: usize = 4096;

/// The size that the line before a chunk names, in hexadecimal digits; extensions behind `;` mean nothing here.
fn chunk_size(line: &[u8]) -> Option<u64> {
    let line = std::str::from_utf8(line).ok()?;
    let digits = line.split(';').next()?.trim();
    let is_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u64::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined_and_nonsense_ends_them() {
        let message = |body: &str| format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n{body}");
        let check = |body: &str, want: &str| {
            assert_eq!(String::from_utf8_lossy(&entity(message(body).as_bytes())), want, "{body:?}");
        };
        check("3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: 1\r\n\r\n", "abcde");
        check("03\nabc\n0\n\n", "abc");
        check("3\r\nabc\r\nzz\r\nde", "abc");
        check("ff\r\nabc", "abc");
        check("ffffffffffffffff\r\nabc", "abc");
        check("<p>not chunked at all", "<p>not chunked at all");
        check("", "");
        let plain = b"HTTP/1.1 200 OK\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        assert_eq!(entity(plain).len(), plain.len() - 19);
    }

    #[test]
    fn answers_that_differ_in_chunks_alone_are_the_same() {
        let one = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        let two = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n";
        let three = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
        assert_eq!(entity_digest(one), entity_digest(two));
        assert_eq!(entity_digest(one), entity_digest(three));
    }

    #[test]
    fn heads_are_read_as_servers_write_them() {
        let head = Head::of(
            b"HTTP/1.0 404 Not\r\ncontent-type: Text/HTML ; Charset=\"UTF-8\"\r\nX: a\r\n  b\r\nodd line\r\n\r\n",
        );
        assert_eq!((head.status, head.media_type().as_deref()), (404, Some("text/html")));
        assert_eq!((head.charset().as_deref(), head.header("x")), (Some("UTF-8"), Some("a b")));
        assert_eq!(Head::of(b"nonsense").status, 0);
        assert_eq!(Head::of(b"").headers, []);
    }
}
