//! The hosts that a user named, or a source: only these may have addresses that are not public.

use std::collections::BTreeSet;

use url::Url;

/// Ports that lead to one another: a site moves its pages from `http` to `https`.
const WEB: [u16; 2] = [80, 443];

/// Hosts with their ports. What listens on another port of a private host was not named, and is nobody's web page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named(BTreeSet<(String, u16)>);

impl Named {
    /// Names the host of an address, at its port; where that is the one of its scheme, at both of the web.
    pub fn add(&mut self, url: &Url) {
        let Some(host) = url.host_str() else { return };
        let ports = url.port().map_or(WEB.to_vec(), |port| vec![port]);
        self.0.extend(ports.into_iter().map(|port| (host.to_owned(), port)));
    }

    pub(crate) fn has(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default().to_owned();
        url.port_or_known_default().is_some_and(|port| self.0.contains(&(host, port)))
    }
}

impl<'u> FromIterator<&'u Url> for Named {
    fn from_iter<T: IntoIterator<Item = &'u Url>>(urls: T) -> Self {
        let mut named = Self::default();
        urls.into_iter().for_each(|url| named.add(url));
        named
    }
}
