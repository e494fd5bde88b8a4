//! A look at a site before there is a source: list page, robots.txt, a release.

use std::rc::Rc;
use std::time::Duration;

use chancery_capture::{Agent, CaptureError, Fetcher, SystemResolver, Visitor, system_roots};
use url::Url;

use crate::pipeline::PROGRAM;

/// What is waited between two requests.
const PACE: Duration = Duration::from_secs(1);

/// A visitor for the site of `url`, who says whom the site's keepers may write to. Only with `allow_private` may the host
/// of `url` have an address that is not public.
///
/// # Errors
/// Where the system gives no network or no certificates.
pub fn visitor(url: &Url, contact: &str, allow_private: bool) -> Result<Visitor, CaptureError> {
    let (token, version) = PROGRAM.split_once(' ').unwrap_or((PROGRAM, "0"));
    let agent = Agent { token: token.to_owned(), version: version.to_owned(), contact: contact.to_owned() };
    let network = |cause| CaptureError::Network(std::io::Error::other(cause));
    let mut fetcher = Fetcher::new(agent, Rc::new(SystemResolver), system_roots()).map_err(network)?;
    if allow_private {
        fetcher.named.add(url);
    }
    Visitor::new(fetcher, if allow_private { PACE / 10 } else { PACE })
}
