//! How long and how large anything may become.

use std::time::Duration;

/// How long each stage of a fetch may take.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// The name of the host to its addresses.
    pub dns: Duration,
    /// The TCP connection.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// From the request to the first byte of the answer.
    pub first_byte: Duration,
    /// Between two pieces of the answer.
    pub idle: Duration,
    /// All of it.
    pub whole: Duration,
    /// After this long a drip is given up: an answer of less than [`Times::DRIP`] bytes a second.
    pub slow: Duration,
    /// Where other answers wait for the room of a large one, that one is given up when less than [`Times::TRICKLE`] bytes a second
    /// came of it for so long.
    pub room: Duration,
}

impl Times {
    /// No line is so slow that a page comes at fewer bytes a second.
    pub const DRIP: u64 = 64;
    /// A large answer that comes more slowly does not keep others waiting.
    pub const TRICKLE: u64 = 16 << 10;
}

impl Default for Times {
    fn default() -> Self {
        Self {
            dns: Duration::from_secs(10),
            connect: Duration::from_secs(15),
            tls: Duration::from_secs(15),
            first_byte: Duration::from_secs(30),
            idle: Duration::from_secs(30),
            whole: Duration::from_secs(300),
            slow: Duration::from_secs(30),
            room: Duration::from_secs(10),
        }
    }
}

/// How large anything may become, in bytes where nothing else is said.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The head of an answer.
    pub head: usize,
    /// The body as sent.
    pub body: u64,
    /// The answers of all hosts that are at hand at once, beyond a quarter of a megabyte each; one of them may go beyond.
    pub flight: u64,
    /// The body unpacked for reading.
    pub unpacked: chancery_warc::Limits,
    /// The address of a page.
    pub url: usize,
    /// Redirects one after the other.
    pub redirects: u32,
    /// Links from a start page to a page.
    pub depth: u32,
    /// Pages of one host in one run.
    pub pages: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: 64 << 10,
            body: 64 << 20,
            flight: 128 << 20,
            unpacked: chancery_warc::Limits { bytes: 128 << 20, ratio: 200 },
            url: 2048,
            redirects: 5,
            depth: 10_000,
            pages: 100_000,
        }
    }
}
