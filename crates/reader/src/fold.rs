//! Spellings made comparable, and white space made plain.

/// Lower case, squeezed, without invisible characters, quotation marks and dashes made plain, no punctuation at the
/// ends (a star stays: it stands for anything in a pattern).
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '`' => out.push('\''),
            '!'..='~' => out.push(c.to_ascii_lowercase()),
            _ if c.is_whitespace() => push_space(&mut out),
            _ if is_invisible(c) => {}
            '‘' | '’' | 'ʼ' | '´' => out.push('\''),
            '“' | '”' | '„' | '«' | '»' => out.push('"'),
            '‐'..='―' | '−' => out.push('-'),
            _ => out.extend(c.to_lowercase()),
        }
    }
    let is_edge = |c: char| !c.is_alphanumeric() && !matches!(c, '*' | '©');
    out.trim_matches(is_edge).to_owned()
}

/// Text as a reader sees it: white space squeezed, no-break spaces plain, invisible characters gone.
pub(crate) fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_squeezed(&mut out, text);
    out.truncate(out.trim_end().len());
    out
}

/// Appends `text` to `out`, squeezed; white space where the two meet counts once.
pub(crate) fn push_squeezed(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let plain = rest.bytes().position(|byte| !byte.is_ascii_graphic()).unwrap_or(rest.len());
        let len = if plain > 0 { plain } else { c.len_utf8() };
        if plain > 0 {
            out.push_str(rest.get(..plain).unwrap_or_default());
        } else if c.is_whitespace() {
            push_space(out);
        } else if !is_invisible(c) {
            out.push(c);
        }
        rest = rest.get(len..).unwrap_or_default();
    }
}

fn push_space(out: &mut String) {
    if !out.is_empty() && !out.ends_with([' ', '\n']) {
        out.push(' ');
    }
}

/// Characters that only steer layout: soft hyphen, zero-width space, word joiner, byte order mark, marks of direction,
/// and control characters. The joiners U+200C and U+200D stay: they change the letters of Sinhala and Persian.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'
        | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\0'..='\x08' | '\x0E'..='\x1F' | '\x7F')
}

/// Whether a run of folded words stands in folded words: `related posts` in `block related posts left`.
pub(crate) fn has_words(words: &str, run: &str) -> bool {
    words.match_indices(run).any(|(at, _)| {
        let before = words.get(..at).is_none_or(|before| before.is_empty() || before.ends_with(' '));
        let after =
            words.get(at + run.len()..).is_none_or(|after| after.is_empty() || after.starts_with(' '));
        before && after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_spellings() {
        for (text, want) in [
            ("  The  Minister\u{a0}said\n: ", "The Minister said :"),
            ("co\u{ad}oper\u{200b}ation", "cooperation"),
            ("ශ්\u{200d}රී", "ශ්\u{200d}රී"),
            ("\u{202f}1\u{2009}000", "1 000"),
        ] {
            assert_eq!(squeeze(text), want);
        }
        assert_eq!(fold("  “Share THIS’s” – "), "share this's");
        assert!(
            has_words("block related posts", "related posts") && !has_words("unrelated posts", "related")
        );
    }
}
