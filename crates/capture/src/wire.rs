//! A connection that remembers every byte that goes over it, and the time of the last one.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_rustls::client::TlsStream;

use crate::flight::Share;
use crate::limits::Times;

/// Where the first line of an answer has its minor version, in bytes.
const MINOR: usize = "HTTP/1.".len();
/// How much is read at once, in bytes.
const PIECE: usize = 16 << 10;

/// What went over a connection since the tape was last rewound.
#[derive(Debug)]
pub(crate) struct Tape {
    pub(crate) sent: Vec<u8>,
    pub(crate) received: Vec<u8>,
    /// When the first byte came.
    pub(crate) first: Option<Instant>,
    /// When the last byte came, or when the tape was rewound.
    pub(crate) last: Instant,
    /// More than this is never received, in bytes: what no length and no chunk accounts for.
    pub(crate) limit: u64,
    /// What is at hand of all answers together is bounded; `None` before the first question.
    pub(crate) share: Option<Share>,
    /// How long nothing was read because others had all the room.
    pub(crate) waited: Duration,
    /// Since when nothing is.
    pub(crate) waits: Option<Instant>,
    /// Since when others wait for this answer, and how much of it had come then, in bytes.
    pub(crate) awaited: Option<(Instant, usize)>,
}

impl Tape {
    /// Waits for room; the time is not held against the server.
    fn poll_room(&mut self, cx: &Context<'_>) -> Poll<()> {
        let has_room = self.share.as_ref().is_none_or(|share| share.poll_room(PIECE as u64, cx).is_ready());
        if !has_room {
            self.waits = self.waits.or(Some(Instant::now()));
            return Poll::Pending;
        }
        if let Some(since) = self.waits.take() {
            self.waited += since.elapsed();
            self.last = Instant::now();
        }
        Poll::Ready(())
    }

    /// Whether it needs more room than every answer has.
    pub(crate) fn is_large(&self) -> bool {
        self.share.as_ref().is_some_and(Share::is_large)
    }

    /// Whether others wait for this answer, and next to nothing comes of it.
    pub(crate) fn trickles(&mut self, now: Instant, times: &Times) -> bool {
        if !self.share.as_ref().is_some_and(Share::is_awaited) {
            self.awaited = None;
            return false;
        }
        let (since, before) = *self.awaited.get_or_insert((now, self.received.len()));
        let time = now.duration_since(since);
        if time < times.room {
            return false;
        }
        let came = self.received.len().saturating_sub(before) as u64;
        self.awaited = Some((now, self.received.len()));
        u128::from(came) * 1000 < u128::from(Times::TRICKLE) * time.as_millis()
    }
}

/// The tape of a connection, held by the connection and by whoever reads it.
#[derive(Clone, Debug)]
pub(crate) struct Shared(Arc<Mutex<Tape>>);

impl Shared {
    pub(crate) fn new(limit: u64) -> Self {
        let tape = Tape {
            sent: Vec::new(),
            received: Vec::new(),
            first: None,
            last: Instant::now(),
            limit,
            share: None,
            waited: Duration::ZERO,
            waits: None,
            awaited: None,
        };
        Self(Arc::new(Mutex::new(tape)))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Tape> {
        // A panic elsewhere leaves bytes, which are what they are.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a new exchange.
    pub(crate) fn rewind(&self, limit: u64, share: Share) {
        let mut tape = self.lock();
        (tape.share, tape.waited, tape.waits) = (Some(share), Duration::ZERO, None);
        (tape.sent, tape.received, tape.limit) = (Vec::new(), Vec::new(), limit);
        (tape.first, tape.last, tape.awaited) = (None, Instant::now(), None);
    }
}

/// A TCP connection, with TLS on it or without.
#[derive(Debug)]
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A connection whose bytes are taken down.
#[derive(Debug)]
pub(crate) struct Recorded {
    stream: Stream,
    tape: Shared,
    piece: Vec<u8>,
}

impl Recorded {
    pub(crate) fn new(stream: Stream, tape: Shared) -> Self {
        Self { stream, tape, piece: vec![0; PIECE] }
    }
}

impl Stream {
    fn poll_read(&mut self, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, into),
            Self::Tls(stream) => match ready!(Pin::new(stream).poll_read(cx, into)) {
                // Many servers end without TLS's own farewell; whether the answer is whole is for HTTP to say.
                Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => Poll::Ready(Ok(())),
                done => Poll::Ready(done),
            },
        }
    }
}

impl Read for Recorded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        ready!(this.tape.lock().poll_room(cx));
        let room = into.remaining().min(this.piece.len());
        let mut piece = ReadBuf::new(this.piece.get_mut(..room).unwrap_or_default());
        ready!(this.stream.poll_read(cx, &mut piece))?;
        let (mut tape, read) = (this.tape.lock(), piece.filled().len());
        let before = tape.received.len();
        if (before + read) as u64 > tape.limit {
            return Poll::Ready(Err(io::Error::other("more came than the answer may be long")));
        }
        tape.received.extend_from_slice(piece.filled());
        if let Some(share) = &tape.share {
            share.add(read as u64);
        }
        // hyper takes no transfer coding from HTTP/1.0, where servers send it all the same: it reads 1.1, and what is kept is what came.
        let minor = MINOR.checked_sub(before).and_then(|at| piece.filled_mut().get_mut(at));
        if let Some(minor) = minor.filter(|_| tape.received.starts_with(b"HTTP/1.0")) {
            *minor = b'1';
        }
        tape.last = Instant::now();
        tape.first = tape.first.or(Some(tape.last));
        into.put_slice(piece.filled());
        Poll::Ready(Ok(()))
    }
}

impl Write for Recorded {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        })?;
        self.tape.lock().sent.extend_from_slice(bytes.get(..written).unwrap_or_default());
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
