//! What a host's `robots.txt` allows (RFC 9309).

use std::borrow::Cow;
use std::time::Duration;

use robotxt::Robots;
use url::Url;

use crate::fetch::{Ask, Exchange, Fetcher, Longer};
use crate::{Connection, FetchError};
use chancery_warc::http::Head;

/// As much of the file is read: what the standard asks for at least (2.5).
const SIZE: u64 = 500 << 10;
/// So many redirects are followed (2.3.1.2).
const REDIRECTS: usize = 5;

/// Why a page is left that the file forbids.
pub(crate) const FORBIDS: &str = "robots.txt forbids it";
/// Nobody means a longer time between two requests than this.
const LONGEST_DELAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What the file says, or that nobody knows.
#[derive(Clone, Debug)]
pub(crate) enum Gate {
    /// It was read, or there is none.
    Known(Robots),
    /// The server does not answer well: nothing is fetched until it does (2.3.1.4).
    Unreachable {
        /// Why.
        why: String,
        /// How much that speaks against the host.
        weight: u32,
    },
}

impl Gate {
    /// Why a page may not be fetched.
    pub(crate) fn forbids(&self, url: &Url) -> Option<String> {
        match self {
            Self::Known(robots) if robots.is_url_allowed(url) => None,
            Self::Known(_) => Some(FORBIDS.to_owned()),
            Self::Unreachable { why, .. } => Some(format!("robots.txt cannot be read: {why}")),
        }
    }

    /// How long the file asks to wait between two requests.
    pub(crate) fn delay(&self) -> Duration {
        match self {
            Self::Known(robots) => robots.crawl_delay().unwrap_or_default().min(LONGEST_DELAY),
            Self::Unreachable { .. } => Duration::ZERO,
        }
    }
}

/// Asks a host for its file; with all answers on the way.
pub(crate) async fn ask(
    fetcher: &Fetcher,
    page: &Url,
    contact: Option<String>,
    connection: &mut Option<Connection>,
) -> (Vec<Exchange>, Gate) {
    let mut answers = Vec::new();
    let mut url = page.join("/robots.txt").unwrap_or_else(|_| page.clone());
    for _ in 0..=REDIRECTS {
        let ask = Ask {
            url: url.clone(),
            etag: None,
            last_modified: None,
            contact: contact.clone(),
            body: SIZE,
            longer: Longer::Cut,
        };
        let answer = match fetcher.fetch(&ask, connection).await {
            Ok(answer) => answer,
            // The page itself will not be fetched for the same reason, and tells it better.
            Err(FetchError::Address(_) | FetchError::Private { .. }) if answers.is_empty() => {
                return (answers, Gate::Known(Robots::allow_all()));
            }
            Err(why) => return (answers, unreachable(&why)),
        };
        let head = Head::of(&answer.response);
        let next = head.header("Location").and_then(|place| url.join(place).ok());
        let gate = match head.status {
            300..400 if next.is_some() => None,
            200..300 => Some(read(fetcher, &answer)),
            429 | 500.. => {
                Some(Gate::Unreachable { why: format!("the server answers {}", head.status), weight: 1 })
            }
            // 2.3.1.3: whoever has no such file allows everything.
            _ => Some(Gate::Known(Robots::allow_all())),
        };
        answers.push(answer);
        match (gate, next) {
            (Some(gate), _) => return (answers, gate),
            (None, Some(next)) => url = next,
            (None, None) => break,
        }
    }
    (answers, Gate::Known(Robots::allow_all()))
}

/// The product token alone is compared: with a version behind it, it is found nowhere.
fn read(fetcher: &Fetcher, answer: &Exchange) -> Gate {
    match chancery_warc::content(&answer.response, &fetcher.limits.unpacked) {
        Ok(text) => Gate::Known(Robots::parse(&as_utf8(&text), fetcher.agent.token.as_str())),
        // It may forbid anything.
        Err(why) => Gate::Unreachable { why: why.to_string(), weight: 1 },
    }
}

/// The file is in UTF-8 (2.2); what says by its first two bytes that it is in UTF-16 forbids what it forbids all the same.
fn as_utf8(text: &[u8]) -> Cow<'_, [u8]> {
    let (rest, unit) = match text {
        [0xff, 0xfe, rest @ ..] => (rest, u16::from_le_bytes as fn([u8; 2]) -> u16),
        [0xfe, 0xff, rest @ ..] => (rest, u16::from_be_bytes as fn([u8; 2]) -> u16),
        _ => return Cow::Borrowed(text),
    };
    let units = rest
        .chunks_exact(2)
        .map(|pair| unit([pair.first().copied().unwrap_or(0), pair.last().copied().unwrap_or(0)]));
    let units: Vec<u16> = units.collect();
    Cow::Owned(String::from_utf16_lossy(&units).into_bytes())
}

fn unreachable(why: &FetchError) -> Gate {
    Gate::Unreachable { why: why.to_string(), weight: why.weight() }
}
