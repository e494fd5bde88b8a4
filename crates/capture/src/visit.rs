//! A look at a few pages of a site, as polite as a crawl, of which nothing is kept: what drafting a source needs.

use std::collections::BTreeMap;
use std::time::Duration;

use chancery_warc::http::Head;
use url::Url;

use crate::fetch::{Ask, Fetcher, Longer};
use crate::robots::{self, Gate};
use crate::{CaptureError, Connection, FetchError};

/// As much of a page is looked at, in bytes.
const SIZE: u64 = 16 << 20;

/// A page that was looked at.
#[derive(Clone, Debug)]
pub struct Visited {
    /// Where it was in the end.
    pub url: Url,
    /// The charset that the transport named.
    pub charset: Option<String>,
    /// Its bytes, unpacked.
    pub bytes: Vec<u8>,
}

/// Looks at one page after the other. Obeys robots.txt, and waits between two requests.
pub struct Visitor {
    fetcher: Fetcher,
    runtime: tokio::runtime::Runtime,
    pace: Duration,
    asked: bool,
    connection: Option<Connection>,
    /// By origin: what robots.txt says, and its text.
    gates: BTreeMap<String, (Gate, String)>,
}

impl Visitor {
    /// A visitor that waits so long before each request but the first.
    ///
    /// # Errors
    /// Where the system gives no network.
    pub fn new(fetcher: Fetcher, pace: Duration) -> Result<Self, CaptureError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(CaptureError::Network)?;
        Ok(Self { fetcher, runtime, pace, asked: false, connection: None, gates: BTreeMap::new() })
    }

    /// The text of the robots.txt of the host of `url`; empty where there is none.
    pub fn robots(&mut self, url: &Url) -> String {
        let origin = url.origin().ascii_serialization();
        if let Some((_, text)) = self.gates.get(&origin) {
            return text.clone();
        }
        self.wait();
        let (answers, gate) =
            self.runtime.block_on(robots::ask(&self.fetcher, url, None, &mut self.connection));
        let last = answers.last().filter(|answer| (200..300).contains(&Head::of(&answer.response).status));
        let text = last.map(|answer| {
            let body = chancery_warc::content(&answer.response, &self.fetcher.limits.unpacked);
            body.map(|body| String::from_utf8_lossy(&body).into_owned()).unwrap_or_default()
        });
        let text = text.unwrap_or_default();
        self.gates.insert(origin, (gate, text.clone()));
        text
    }

    /// Looks at a page, over redirects.
    ///
    /// # Errors
    /// Whatever stands in the way, robots.txt and an answer that is no page included.
    pub fn page(&mut self, url: &Url) -> Result<Visited, FetchError> {
        let mut url = url.clone();
        for _ in 0..=self.fetcher.limits.redirects {
            self.robots(&url);
            let gate = self.gates.get(&url.origin().ascii_serialization());
            if let Some(why) = gate.and_then(|(gate, _)| gate.forbids(&url)) {
                return Err(FetchError::Address(why));
            }
            self.wait();
            let ask = Ask {
                url: url.clone(),
                etag: None,
                last_modified: None,
                contact: None,
                body: SIZE,
                longer: Longer::Fail,
            };
            let answer = self.runtime.block_on(self.fetcher.fetch(&ask, &mut self.connection))?;
            let head = Head::of(&answer.response);
            match (head.status, head.header("Location").and_then(|place| url.join(place).ok())) {
                (300..400, Some(next)) => url = next,
                (200..300, _) => {
                    let body = chancery_warc::content(&answer.response, &self.fetcher.limits.unpacked);
                    let bytes = body.map_err(|why| FetchError::Http(why.to_string()))?.into_owned();
                    return Ok(Visited { url, charset: head.charset(), bytes });
                }
                (status, _) => return Err(FetchError::Http(format!("the server answers {status}"))),
            }
        }
        Err(FetchError::Http("too many redirects".to_owned()))
    }

    fn wait(&mut self) {
        if std::mem::replace(&mut self.asked, true) {
            let pace = self.pace;
            self.runtime.block_on(async move { tokio::time::sleep(pace).await });
        }
    }
}
