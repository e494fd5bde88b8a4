//! Which release an input is: the one rule of `docs/decisions/0001-identity.md`.

use std::fmt::Write as _;

use chancery_record::Meta;
use sha2::{Digest as _, Sha256};
use url::Url;

/// What a release's identity rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The id that the input gives.
    Given,
    /// Source and canonical URL.
    Url,
    /// The path relative to the argument under which it was found.
    Path,
    /// The bytes themselves: a line or standard input that says neither id nor URL.
    Bytes,
}

impl Basis {
    /// Its name in the header of a kept capture.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Url => "url",
            Self::Path => "path",
            Self::Bytes => "bytes",
        }
    }
}

/// The identity of a release: the id that the input gives; else source (or host) and canonical URL; else `path`, and
/// where there is none either, the bytes under the name `within`.
pub(super) fn of(
    meta: &Meta,
    source: Option<&str>,
    path: Option<&str>,
    within: &str,
    bytes: &[u8],
) -> (String, Basis) {
    if let Some(id) = &meta.id {
        return (id.clone(), Basis::Given);
    }
    if let Some(url) = meta.url.as_deref().and_then(canonical_url) {
        let host = url.host_str().unwrap_or_default();
        return (format!("{}/{}", source.unwrap_or(host), short_digest(url.as_str().as_bytes())), Basis::Url);
    }
    match path {
        Some(path) => (path.to_owned(), Basis::Path),
        None => (format!("{within}/{}", short_digest(bytes)), Basis::Bytes),
    }
}

/// The one spelling of a page's address by which it is known: `https`, host in lower case, no fragment, no
/// parameters of campaigns (`utm_…`). `None` for what is no web address.
#[must_use]
pub fn canonical_url(text: &str) -> Option<Url> {
    let mut url = Url::parse(text.trim()).ok()?;
    url.host_str()?;
    match url.scheme() {
        "https" => {}
        "http" => url.set_scheme("https").ok()?,
        _ => return None,
    }
    url.set_fragment(None);
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !name.starts_with("utm_"))
        .map(|(k, v)| (k.into(), v.into()))
        .collect();
    if url.query_pairs().count() != kept.len() {
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
    }
    Some(url)
}

/// `sha256:` and the digest of `bytes` in hexadecimal digits.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

/// The first 16 hexadecimal digits of the digest of `bytes`.
pub(crate) fn short_digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)).chars().take(16).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
        write!(out, "{byte:02x}").expect("writing to a string cannot fail");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(id: Option<&str>, url: Option<&str>) -> Meta {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Meta { id: own(id), url: own(url), ..Meta::default() }
    }

    #[test]
    fn an_id_wins_over_an_address_and_an_address_over_a_path() {
        let url = Some("https://tides.example/news/1");
        assert_eq!(of(&meta(Some("x"), url), None, Some("a"), "", b""), ("x".into(), Basis::Given));
        let (id, basis) = of(&meta(None, url), Some("no-tides"), Some("a"), "", b"");
        assert!(id.starts_with("no-tides/") && basis == Basis::Url, "{id}");
        assert_eq!(of(&meta(None, None), None, Some("2021/a"), "", b""), ("2021/a".into(), Basis::Path));
        assert_eq!(of(&meta(None, None), None, None, "lines", b"x").1, Basis::Bytes);
    }

    #[test]
    fn spellings_of_one_address_are_one_release() {
        let id = |url| of(&meta(None, Some(url)), None, None, "", b"").0;
        let one = id("https://tides.example/news/1?page=2");
        assert_eq!(one, id("http://TIDES.example:80/news/1?page=2&utm_source=feed#top"));
        assert_ne!(one, id("https://tides.example/news/1?page=3"));
        assert!(one.starts_with("tides.example/"));
        assert_eq!(canonical_url("mailto:press@tides.example"), None);
        assert_eq!(canonical_url("news/1"), None);
    }
}
