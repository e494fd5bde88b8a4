//! One spelling an address: RFC 3986, section 6.2.2 (case, percent-encoding, dot segments) on top of what the URL
//! standard of WHATWG makes of it, and parameters that change nothing left out.

use serde::Deserialize;
use url::Url;

/// What is known of addresses in general: data, from `sources/common/addresses.toml`. A name may end in `*`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Addresses {
    /// Parameters that tell who sent a visitor: left out.
    pub tracking: Vec<String>,
    /// Parameters that hold a visitor's session, also in the path behind `;`: left out.
    pub session: Vec<String>,
    /// Parameters and path segments of calendars.
    pub calendar: Vec<String>,
    /// Endings of paths that are documents to be kept beside a release, `pdf`.
    pub documents: Vec<String>,
    /// Endings of paths that are never pages: pictures, films, programs.
    pub media: Vec<String>,
}

impl Addresses {
    fn drops(&self, name: &str) -> bool {
        has(&self.tracking, name) || has(&self.session, name)
    }

    /// Whether the path of an address ends like a document's.
    #[must_use]
    pub fn is_document(&self, url: &Url) -> bool {
        ending(url).is_some_and(|ending| has(&self.documents, ending))
    }

    /// Whether the path of an address ends like that of a picture or another file that is no page.
    #[must_use]
    pub fn is_media(&self, url: &Url) -> bool {
        ending(url).is_some_and(|ending| has(&self.media, ending))
    }
}

/// Whether `names`, of which some end in `*`, have `name`; case does not matter.
pub(super) fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|known| match known.strip_suffix('*') {
        Some(start) => name.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start)),
        None => known.eq_ignore_ascii_case(name),
    })
}

/// What stands behind the last dot of the path.
fn ending(url: &Url) -> Option<&str> {
    let last = url.path().rsplit('/').next()?;
    last.rsplit_once('.').map(|(_, ending)| ending)
}

/// The one spelling of a page's address: no fragment, no credentials, no default port, no parameters of campaigns
/// and sessions, percent-encoding as short and as upper-case as can be. The order of parameters is kept: some sites
/// mean something by it. `None` for what is no address on the web.
#[must_use]
pub fn normalize(url: &Url, addresses: &Addresses) -> Option<Url> {
    let host = url.host_str()?;
    let host = host.strip_suffix('.').unwrap_or(host).to_owned();
    if !matches!(url.scheme(), "http" | "https") || host.split('.').any(str::is_empty) {
        return None;
    }
    let mut url = url.clone();
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    // `www.tides.example.` is the same host, written as the name server has it.
    url.set_host(Some(&host)).ok()?;
    let path: Vec<String> =
        url.path().split('/').map(|segment| shortest(without_session(segment, addresses))).collect();
    url.set_path(&path.join("/"));
    if let Some(query) = url.query().map(str::to_owned) {
        let kept = query.split('&').filter(|part| !part.is_empty());
        let kept =
            kept.filter(|part| !addresses.drops(name_of(part))).map(shortest).collect::<Vec<_>>().join("&");
        url.set_query((!kept.is_empty()).then_some(kept.as_str()));
    }
    Some(url)
}

/// What two addresses of one page have in common, to know a page that was seen: that of [`normalize`], without
/// scheme and `www.`, its parameters in order where each is named once.
#[must_use]
pub fn key(url: &Url) -> String {
    let host = crate::plan::bare_host(url.host_str().unwrap_or_default());
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let mut parts: Vec<&str> = url.query().map(|query| query.split('&').collect()).unwrap_or_default();
    let mut names: Vec<&str> = parts.iter().map(|part| name_of(part)).collect();
    names.sort_unstable();
    // A name that stands twice is a list, whose order may count; a part without `=` is no parameter but a key of its own.
    let harmless = names.windows(2).all(|pair| pair.first() != pair.last())
        && parts.iter().all(|part| part.contains('='));
    if harmless {
        parts.sort_unstable();
    }
    let query = if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) };
    format!("{host}{port}{}{query}", url.path())
}

pub(super) fn name_of(part: &str) -> &str {
    part.split('=').next().unwrap_or_default()
}

/// A path segment without `;jsessionid=…`.
fn without_session<'s>(segment: &'s str, addresses: &Addresses) -> &'s str {
    match segment.split_once(';') {
        Some((page, parameter)) if has(&addresses.session, name_of(parameter)) => page,
        _ => segment,
    }
}

/// Percent-encoding of unreserved characters undone, its digits in upper case.
fn shortest(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = bytes.get(at + 1..at + 3).filter(|_| byte == b'%');
        let code = code.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match code {
            Some(code) if code.is_ascii_alphanumeric() || b"-._~".contains(&code) => out.push(code),
            Some(code) => out.extend(format!("%{code:02X}").into_bytes()),
            None => out.push(byte),
        }
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        Addresses {
            tracking: vec!["utm_*".into(), "fbclid".into()],
            session: vec!["jsessionid".into(), "PHPSESSID".into()],
            documents: vec!["pdf".into()],
            ..Addresses::default()
        }
    }

    #[test]
    fn a_table_of_spellings() {
        let cases = [
            ("HTTPS://WWW.Tides.Example:443/News", "https://www.tides.example/News"),
            ("https://tides.example/a/./b/../c/", "https://tides.example/a/c/"),
            ("https://tides.example/%7eoffice/%c3%a9t%C3%a9", "https://tides.example/~office/%C3%A9t%C3%A9"),
            ("https://tides.example/a%2fb%2Fc", "https://tides.example/a%2Fb%2Fc"),
            ("https://tides.example/été?q=å", "https://tides.example/%C3%A9t%C3%A9?q=%C3%A5"),
            (
                "https://tides.example/n?utm_source=a&id=4&UTM_medium=b&fbclid=x",
                "https://tides.example/n?id=4",
            ),
            ("https://tides.example/n?utm_source=a", "https://tides.example/n"),
            ("https://tides.example/n?", "https://tides.example/n"),
            (
                "https://tides.example/n;jsessionid=0A1B?b=2&a=1&phpsessid=9",
                "https://tides.example/n?b=2&a=1",
            ),
            ("https://tides.example/n;v=1", "https://tides.example/n;v=1"),
            ("https://user:secret@tides.example./n#part", "https://tides.example/n"),
            ("http://tides.example:80", "http://tides.example/"),
            ("http://bücher.example/", "http://xn--bcher-kva.example/"),
            ("https://tides.example/100%", "https://tides.example/100%"),
            ("https://tides.example/%zz%4", "https://tides.example/%zz%4"),
            ("https://tides.example//a//b", "https://tides.example//a//b"),
            ("https://tides.example/n?a=1&&b", "https://tides.example/n?a=1&b"),
        ];
        for (given, want) in cases {
            let got = normalize(&Url::parse(given).unwrap(), &addresses()).unwrap();
            assert_eq!(got.as_str(), want, "{given}");
            assert_eq!(normalize(&got, &addresses()).unwrap(), got, "{given}: once is enough");
        }
        for none in
            ["mailto:press@tides.example", "javascript:void(0)", "ftp://tides.example/a", "data:text/html,x"]
        {
            assert_eq!(normalize(&Url::parse(none).unwrap(), &addresses()), None, "{none}");
        }
    }

    #[test]
    fn a_page_is_known_by_any_of_its_addresses() {
        let key = |text: &str| key(&normalize(&Url::parse(text).unwrap(), &addresses()).unwrap());
        let same = [
            ("https://tides.example/n?a=1&b=2", "http://www.tides.example/n?b=2&a=1"),
            ("https://tides.example/n#x", "https://tides.example:443/n?utm_id=7"),
        ];
        for (one, other) in same {
            assert_eq!(key(one), key(other));
        }
        let other = [
            ("https://tides.example/n?a=1&a=2", "https://tides.example/n?a=2&a=1"),
            ("https://tides.example/n?x&y", "https://tides.example/n?y&x"),
            ("https://tides.example/N", "https://tides.example/n"),
            ("https://tides.example/n/", "https://tides.example/n"),
            ("https://tides.example:8080/n", "https://tides.example/n"),
        ];
        for (one, other) in other {
            assert_ne!(key(one), key(other));
        }
    }
}
