//! One open connection to one host: questions one after the other, each with its answer as it came over the wire.

use std::future::{Future, poll_fn};
use std::io;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use chancery_warc::http;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{HeaderMap, HeaderValue};
use hyper::{Request, header};
use tokio::time::{Instant, sleep_until};
use url::{Origin, Position, Url};

use crate::fetch::{Agent, Ask, Exchange, Fetcher, Longer};
use crate::limits::{Limits, Times};
use crate::wire::{Recorded, Shared, Stream};
use crate::{FetchError, Stage};

type Sender = http1::SendRequest<Empty<Bytes>>;
type Driver = http1::Connection<Recorded, Empty<Bytes>>;

/// Chunk sizes, trailers and interim answers may add so much to head and body, in bytes.
const FRAMING: u64 = 1 << 20;
/// More headers than this are nobody's honest page.
const MOST_HEADERS: usize = 256;

const A_SECOND: Duration = Duration::from_secs(1);
/// A longer `ETag` is not sent back, in bytes.
const LONGEST_MARK: usize = 1024;

/// An open connection.
pub struct Connection {
    origin: Origin,
    ip: IpAddr,
    sender: Sender,
    driver: Pin<Box<Driver>>,
    is_over: bool,
    tape: Shared,
}

impl Connection {
    pub(crate) async fn open(
        stream: Stream,
        origin: Origin,
        ip: IpAddr,
        limits: &Limits,
    ) -> Result<Self, FetchError> {
        let tape = Shared::new(0);
        let (sender, driver) = http1::Builder::new()
            .title_case_headers(true)
            .max_headers(MOST_HEADERS)
            .max_buf_size(limits.head.max(8192))
            .allow_spaces_after_header_name_in_responses(true)
            .allow_obsolete_multiline_headers_in_responses(true)
            .ignore_invalid_headers_in_responses(true)
            .handshake(Recorded::new(stream, tape.clone()))
            .await
            .map_err(|cause| FetchError::Http(cause.to_string()))?;
        Ok(Self { origin, ip, sender, driver: Box::pin(driver), is_over: false, tape })
    }

    pub(crate) fn is_open_to(&self, origin: &Origin) -> bool {
        !self.is_over && !self.sender.is_closed() && self.origin == *origin
    }

    pub(crate) fn received_nothing(&self) -> bool {
        self.tape.lock().received.is_empty()
    }

    /// One question and its answer.
    pub(crate) async fn exchange(&mut self, fetcher: &Fetcher, ask: &Ask) -> Result<Exchange, FetchError> {
        let most = fetcher.limits.head as u64 + ask.body.saturating_mul(2) + FRAMING;
        self.tape.rewind(most, fetcher.begin_answer());
        let begun = Instant::now();
        let request = request(&fetcher.agent, ask)?;
        let Self { sender, driver, is_over, tape, .. } = self;
        let answer = answer(sender, request, ask, fetcher.limits.head);
        let end = driven(driver, is_over, tape, &fetcher.times, answer).await?;
        let mut tape = self.tape.lock();
        let (request, received) = (std::mem::take(&mut tape.sent), std::mem::take(&mut tape.received));
        let share = tape.share.take().map(Arc::new);
        share.iter().for_each(|share| share.end());
        drop(tape);
        self.is_over |= end != End::Own;
        let mut response = without_interim(received);
        if let Some(length) = stated_length(&response).filter(|length| *length < response.len()) {
            // What comes behind the end was never asked for, and nothing that comes after it can be told apart.
            response.truncate(length);
            self.is_over = true;
        }
        self.is_over |= ends_its_connection(&response);
        Ok(Exchange {
            url: ask.url.clone(),
            request,
            response,
            ip: self.ip,
            took: begun.elapsed(),
            cut: end == End::Cut,
            _share: share,
        })
    }
}

fn request(agent: &Agent, ask: &Ask) -> Result<Request<Empty<Bytes>>, FetchError> {
    let path = &ask.url[Position::BeforePath..Position::AfterQuery];
    let agent =
        Agent { contact: ask.contact.clone().unwrap_or_else(|| agent.contact.clone()), ..agent.clone() };
    let mut request = Request::get(path)
        .header(header::HOST, host(&ask.url))
        .header(header::USER_AGENT, agent.header())
        .header(header::ACCEPT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
        .header(header::ACCEPT_ENCODING, "gzip, br");
    if agent.contact.contains('@') && !agent.contact.contains([':', ' ']) {
        request = request.header(header::FROM, &agent.contact);
    }
    // A mark that no header can carry back is none.
    if let Some(etag) = ask.etag.as_deref().and_then(carried) {
        request = request.header(header::IF_NONE_MATCH, etag);
    }
    if let Some(date) = ask.last_modified.as_deref().and_then(carried) {
        request = request.header(header::IF_MODIFIED_SINCE, date);
    }
    request.body(Empty::new()).map_err(|cause| FetchError::Address(cause.to_string()))
}

/// What a server said, as a header that is sent back to it.
fn carried(mark: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(mark).ok().filter(|_| mark.len() <= LONGEST_MARK)
}

fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// How the reading of an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// It ended by itself.
    Own,
    /// It was as long as it said, and hyper waits for the end of the connection.
    Length,
    /// Its end was cut off.
    Cut,
}

/// Reads the whole answer.
async fn answer(
    sender: &mut Sender,
    request: Request<Empty<Bytes>>,
    ask: &Ask,
    head: usize,
) -> Result<End, FetchError> {
    let told = |cause: hyper::Error| told(&cause, head);
    sender.ready().await.map_err(told)?;
    let response = sender.send_request(request).await.map_err(told)?;
    let stated = length_despite_identity(response.headers());
    let mut body: Incoming = response.into_body();
    let mut length: u64 = 0;
    while stated.is_none_or(|stated| length < stated) {
        let Some(frame) = body.frame().await else {
            return if stated.is_some() { Err(ends_early()) } else { Ok(End::Own) };
        };
        length += frame.map_err(told)?.data_ref().map_or(0, |data| data.len() as u64);
        if length > ask.body {
            return match ask.longer {
                Longer::Fail => Err(FetchError::TooLarge { what: "the body", limit: ask.body }),
                Longer::Cut => Ok(End::Cut),
            };
        }
    }
    Ok(End::Length)
}

/// The length of a body whose only transfer coding is `identity`: old servers mean that there is none (RFC 2616, 4.4), and hyper waits
/// for the end of the connection.
fn length_despite_identity(headers: &HeaderMap) -> Option<u64> {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter().peekable();
    codings.peek()?;
    if !codings.all(|coding| coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity")) {
        return None;
    }
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

fn ends_early() -> FetchError {
    FetchError::Http("it ends before its end".to_owned())
}

/// What hyper says, in the words of a report.
fn told(cause: &hyper::Error, head: usize) -> FetchError {
    // hyper has no method for this one of its faults.
    if cause.is_parse() && cause.to_string() == "message head is too large" {
        return FetchError::TooLarge { what: "the head of the answer", limit: head as u64 };
    }
    if cause.is_incomplete_message() {
        return ends_early();
    }
    let mut words = cause.to_string();
    let mut source = std::error::Error::source(cause);
    while let Some(inner) = source {
        if inner.downcast_ref::<io::Error>().is_some_and(|io| io.kind() == io::ErrorKind::UnexpectedEof) {
            return ends_early();
        }
        words = format!("{words}: {inner}");
        source = inner.source();
    }
    FetchError::Http(words)
}

/// Lets the connection work while `answer` is waited for, and ends both where a time is up.
async fn driven(
    driver: &mut Pin<Box<Driver>>,
    is_over: &mut bool,
    tape: &Shared,
    times: &Times,
    answer: impl Future<Output = Result<End, FetchError>>,
) -> Result<End, FetchError> {
    let begun = Instant::now();
    let mut answer = pin!(answer);
    let first = times.first_byte.min(times.idle).min(times.whole).min(times.slow).min(times.room);
    let mut alarm = pin!(sleep_until(begun + first));
    poll_fn(|cx| {
        loop {
            if let Poll::Ready(done) = answer.as_mut().poll(cx) {
                return Poll::Ready(done);
            }
            if *is_over || driver.as_mut().poll(cx).is_pending() {
                break;
            }
            // What went wrong with the connection is told by the answer too, which knows more of it.
            *is_over = true;
        }
        while alarm.as_mut().poll(cx).is_ready() {
            match next_alarm(begun, tape, times) {
                Err(late) => return Poll::Ready(Err(late)),
                Ok(next) => alarm.as_mut().reset(next),
            }
        }
        Poll::Pending
    })
    .await
}

/// When to look again whether a time is up; the error where one is.
fn next_alarm(begun: Instant, tape: &Shared, times: &Times) -> Result<Instant, FetchError> {
    let mut tape = tape.lock();
    let now = Instant::now();
    if tape.waits.is_some() {
        return Ok(now + A_SECOND);
    }
    if tape.trickles(now, times) {
        return Err(FetchError::Timeout { stage: Stage::Room, after: times.room });
    }
    let begun = begun + tape.waited;
    let (stage, from, after): (Stage, Instant, Duration) = match tape.received.is_empty() {
        true => (Stage::FirstByte, begun, times.first_byte),
        false => (Stage::Idle, tape.last, times.idle),
    };
    // A server that thinks for long and answers then is none that drips.
    let dripping =
        tape.first.map_or(Duration::ZERO, |first| now.duration_since(first).saturating_sub(tape.waited));
    if dripping >= times.slow && (tape.received.len() as u64) < Times::DRIP * dripping.as_secs() {
        return Err(FetchError::Timeout { stage: Stage::Slow, after: times.slow });
    }
    for (stage, from, after) in [(Stage::Whole, begun, times.whole), (stage, from, after)] {
        if now >= from + after {
            return Err(FetchError::Timeout { stage, after });
        }
    }
    // The first byte may come soon, and then the next piece is waited for.
    let next = (from + after).min(begun + times.whole).min(now + times.idle);
    // Looked at once a second from then on: a drip may begin at any time.
    let look = match dripping < times.slow && !tape.is_large() {
        true => times.slow.saturating_sub(dripping),
        false => A_SECOND,
    };
    Ok(next.min(now + look.min(times.room)))
}

/// The answer without the interim ones before it (100, 103), which WARC has no place for.
fn without_interim(mut received: Vec<u8>) -> Vec<u8> {
    loop {
        let status = http::Head::of(&received).status;
        let length = http::head_length(&received);
        if !(100..200).contains(&status) || length >= received.len() {
            return received;
        }
        received.drain(..length);
    }
}

/// Whether an answer in HTTP/1.0 does not say that its connection stays open.
fn ends_its_connection(response: &[u8]) -> bool {
    let head = || http::Head::of(response);
    let stays =
        || head().header("Connection").is_some_and(|words| words.to_ascii_lowercase().contains("keep-alive"));
    response.starts_with(b"HTTP/1.0") && !stays()
}

/// The bytes of an answer that says itself how long it is; `None` where the end of the connection says it.
fn stated_length(response: &[u8]) -> Option<usize> {
    let head = http::Head::of(response);
    let body = match head.status {
        204 | 304 => 0,
        _ if !head.transfer_codings().is_empty() => http::chunked_length(http::body(response))?,
        _ => head.header("Content-Length")?.parse().ok()?,
    };
    http::head_length(response).checked_add(body)
}
