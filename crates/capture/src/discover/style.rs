//! What a style sheet needs: pictures, fonts and further sheets (CSS Values and Units, `url()`; CSS Cascading, `@import`).

use std::collections::HashSet;

use url::Url;

use super::{Addresses, normalize};

/// As many bytes of a sheet are looked at.
const MAX_BYTES: usize = 4 << 20;
/// As many addresses of it are taken.
const MAX_PARTS: usize = 1000;
/// A longer address is the content itself (`data:`), or none.
const MAX_LENGTH: usize = 2048;

/// The addresses that a style sheet, or a part of one, names; each once, in their order. `base` is its own address.
#[must_use]
pub fn style(text: &str, base: &Url, addresses: &Addresses) -> Vec<Url> {
    let longest = MAX_BYTES.min(text.len());
    let end = (0..=longest).rev().find(|at| text.is_char_boundary(*at));
    let text = text.get(..end.unwrap_or(0)).unwrap_or_default();
    let lower = text.to_ascii_lowercase();
    let behind = |at: usize, word: &str| text.get(at + word.len()..).map(str::trim_start);
    let in_brackets = lower.match_indices("url(").filter_map(|(at, word)| {
        let rest = behind(at, word)?;
        let found = quoted(rest).or_else(|| rest.split_once(')').map(|(found, _)| found.trim_end()));
        Some((at, found?))
    });
    let imported =
        lower.match_indices("@import").filter_map(|(at, word)| Some((at, quoted(behind(at, word)?)?)));
    let mut named: Vec<(usize, &str)> = in_brackets.chain(imported).collect();
    named.sort_unstable();
    let mut seen = HashSet::new();
    let is_address =
        |found: &str| !found.is_empty() && found.len() <= MAX_LENGTH && !found.starts_with(['#', '\\']);
    named
        .into_iter()
        .filter(|(_, found)| is_address(found))
        .filter_map(|(_, found)| normalize(&base.join(found).ok()?, addresses))
        .filter(|url| seen.insert(url.clone()))
        .take(MAX_PARTS)
        .collect()
}

/// What stands between the quotation marks with which a text begins.
fn quoted(text: &str) -> Option<&str> {
    let mark = text.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    text.strip_prefix(mark)?.split_once(mark).map(|(found, _)| found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_names_pictures_fonts_and_sheets() {
        let base = Url::parse("https://tides.example/css/a.css").unwrap();
        let of = |text: &str| -> Vec<String> {
            style(text, &base, &Addresses::default()).into_iter().map(String::from).collect()
        };
        let text = "@import 'b.css' screen; @IMPORT url(\"c.css\");
            @font-face { src: url(../f/x.woff2) format(\"woff2\"), URL( '/y.woff' ) }
            .a { background: url(data:image/png;base64,AAAA), url('i (1).png'), url(i.png), url(i.png) }
            .b { filter: url(#blur); mask: url( }";
        let found = of(text);
        assert_eq!(
            found,
            [
                "https://tides.example/css/b.css",
                "https://tides.example/css/c.css",
                "https://tides.example/f/x.woff2",
                "https://tides.example/y.woff",
                "https://tides.example/css/i%20(1).png",
                "https://tides.example/css/i.png",
            ]
        );
        assert_eq!(of(""), [""; 0]);
        assert_eq!(of("url('"), [""; 0]);
    }
}
