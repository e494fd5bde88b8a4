//! The key under which an index finds a page: SURT, the host's labels from right to left, with the spellings of one address
//! made one as the Internet Archive's tools do (and the Python package `surt`, which pywb and py-wacz use).

use url::{Host, Url};

/// `https://www.Tides.example/News/?b=2&a=1#top` is `example,tides)/news?a=1&b=2`. What is no address with a host is given
/// back in lower case.
#[must_use]
pub fn surt(address: &str) -> String {
    let Ok(url) = Url::parse(address.trim()) else { return address.trim().to_lowercase() };
    let Some(host) = url.host() else { return address.trim().to_lowercase() };
    let mut key = match host {
        Host::Domain(name) => reversed(without_www(name)),
        Host::Ipv4(ip) => reversed(&ip.to_string()),
        Host::Ipv6(ip) => format!("[{ip}]"),
    };
    if let Some(port) = url.port() {
        key.push_str(&format!(":{port}"));
    }
    key.push(')');
    key.push_str(&path_of(url.path()));
    let query = query_of(url.query().unwrap_or_default());
    if !query.is_empty() {
        key.push('?');
        key.push_str(&query);
    }
    key
}

fn reversed(name: &str) -> String {
    name.split('.').rev().collect::<Vec<_>>().join(",")
}

/// The name without a first label of `www` and digits.
fn without_www(name: &str) -> &str {
    match name.split_once('.') {
        Some((first, rest))
            if first.strip_prefix("www").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())) =>
        {
            rest
        }
        _ => name,
    }
}

fn path_of(path: &str) -> String {
    let path = minimal(path).to_lowercase();
    let path = match path.split_once(";jsessionid=") {
        Some((before, id)) if is_session(id, 32) => before.to_owned(),
        _ => path,
    };
    let mut out = String::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        out.push('/');
        out.push_str(part);
    }
    if out.is_empty() { "/".to_owned() } else { out }
}

fn query_of(query: &str) -> String {
    let query = minimal(query).to_lowercase();
    if query.is_empty() {
        return query;
    }
    let mut parts: Vec<&str> = query.split('&').filter(|part| !is_session_parameter(part)).collect();
    parts.sort_unstable();
    parts.join("&")
}

/// Parameters that name a visit and not a page.
fn is_session_parameter(part: &str) -> bool {
    let Some((name, value)) = part.split_once('=') else { return false };
    match name {
        "jsessionid" | "phpsessid" | "sid" => is_session(value, 32),
        _ => name.strip_prefix("aspsessionid").is_some_and(|rest| rest.len() == 8) && is_session(value, 24),
    }
}

fn is_session(value: &str, length: usize) -> bool {
    value.len() == length && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Escaped no more than must be: unescaped until nothing changes, then what would be misread is escaped.
fn minimal(text: &str) -> String {
    /// Escapes within escapes are taken off so many times.
    const ROUNDS: usize = 8;
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..ROUNDS {
        let plain: Vec<u8> = percent_encoding::percent_decode(&bytes).collect();
        if plain == bytes {
            break;
        }
        bytes = plain;
    }
    let mut out = String::new();
    for byte in bytes {
        if byte <= 0x20 || byte >= 0x7f || byte == b'#' || byte == b'%' {
            out.push_str(&format!("%{byte:02x}"));
        } else {
            out.push(char::from(byte));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_the_python_package() {
        // What `surt.surt` of surt 0.3.1 says.
        for (address, key) in [
            ("https://www.Tides.example:443/News/1?b=2&A=1#x", "example,tides)/news/1?a=1&b=2"),
            ("http://tides.example:8080/", "example,tides:8080)/"),
            ("https://tides.example/a%20b/é?q=ü&", "example,tides)/a%20b/%c3%a9?&q=%c3%bc"),
            ("https://tides.example//a//b/../c/", "example,tides)/a/c"),
            ("https://192.0.2.1/x", "1,2,0,192)/x"),
            ("https://tides.example/a?", "example,tides)/a"),
            ("http://user:pw@tides.example/x", "example,tides)/x"),
            ("https://bücher.example/", "example,xn--bcher-kva)/"),
            ("http://www2.tides.example", "example,tides)/"),
            (
                "https://tides.example/A/?PHPSESSID=0123456789abcdef0123456789abcdef&x=1",
                "example,tides)/a?x=1",
            ),
            ("https://tides.example/x?sid=0123456789abcdef0123456789abcdef", "example,tides)/x"),
            ("https://tides.example/a/./b%2Fc%2fd?x=%3d", "example,tides)/a/b/c/d?x=="),
            ("https://tides.example/x y?a b", "example,tides)/x%20y?a%20b"),
            ("https://tides.example/?a=1&a=0&", "example,tides)/?&a=0&a=1"),
            ("https://tides.example/foo/?", "example,tides)/foo"),
        ] {
            assert_eq!(surt(address), key, "{address}");
        }
        assert_eq!(surt("urn:chancery:A"), "urn:chancery:a");
    }
}
