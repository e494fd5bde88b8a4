//! Spellings made comparable, and white space made plain.

/// Lower case, squeezed, without invisible characters, quotation marks and dashes made plain, no punctuation at the
/// ends (a star stays: it stands for anything in a pattern).
pub(crate) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let bytes = rest.as_bytes();
        let is_plain = |byte: &u8| byte.is_ascii_graphic() && *byte != b'`';
        let mut at = 0;
        // With single blanks between other characters.
        while let Some(byte) = bytes.get(at)
            && (is_plain(byte) || *byte == b' ' && at > 0 && bytes.get(at + 1).is_some_and(is_plain))
        {
            at += 1;
        }
        let (plain, other) = rest.split_at_checked(at).unwrap_or(("", rest));
        let from = out.len();
        out.push_str(plain);
        out.get_mut(from..).into_iter().for_each(str::make_ascii_lowercase);
        let mut chars = other.chars();
        let Some(c) = chars.next() else { break };
        rest = chars.as_str();
        match c {
            '`' => out.push('\''),
            _ if c.is_whitespace() => push_space(&mut out),
            _ if is_invisible(c) => {}
            '‘' | '’' | 'ʼ' | '´' => out.push('\''),
            '“' | '”' | '„' | '«' | '»' => out.push('"'),
            '‐'..='―' | '−' => out.push('-'),
            _ => out.extend(c.to_lowercase()),
        }
    }
    let is_edge = |c: char| !c.is_alphanumeric() && !matches!(c, '*' | '©');
    out.truncate(out.trim_end_matches(is_edge).len());
    let begin = out.len() - out.trim_start_matches(is_edge).len();
    out.drain(..begin);
    out
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
    while !rest.is_empty() {
        let (plain, other) = plain(rest);
        out.push_str(plain);
        let mut chars = other.chars();
        let Some(c) = chars.next() else { break };
        rest = chars.as_str();
        if c.is_whitespace() {
            push_space(out);
            rest = rest.trim_ascii_start();
        } else if !is_invisible(c) {
            out.push(c);
        }
    }
}

/// The beginning of a text that is shown as it is, and the rest: without white space, but for single spaces between other
/// characters, and without invisible characters.
pub(crate) fn plain(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let is_single_space =
            || *byte == b' ' && at > 0 && bytes.get(at + 1).is_some_and(|next| is_plain(*next));
        if !(is_plain(*byte) || is_single_space()) {
            break;
        }
        at += 1;
    }
    // Whole characters alone: the bytes within one are as plain as its first.
    text.split_at_checked(at).unwrap_or(("", text))
}

/// Whether no character that begins with a byte, or holds it, is white space or invisible: those of Unicode begin with C2, E1, E2,
/// E3 and EF.
const fn is_plain(byte: u8) -> bool {
    matches!(byte, 0x21..=0x7E | 0x80..=0xC1 | 0xC3..=0xE0 | 0xE4..=0xEE | 0xF0..=0xFF)
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

/// What a sentence ends with, in the scripts that releases are written in.
const STOPS: [char; 12] = ['.', '!', '?', '…', '。', '！', '？', '।', '॥', '؟', '۔', '።'];
/// What may stand behind a stop.
const CLOSING: [char; 8] = ['”', '"', '“', '»', '’', '」', ')', ']'];

/// Whether a text ends like a sentence, also one that is quoted.
pub(crate) fn ends_sentence(text: &str) -> bool {
    text.trim_end().trim_end_matches(CLOSING).ends_with(STOPS)
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
        for sentence in ["So.", "(He said “so.”)", "国会は再開した。", "काम शुरू हुआ।", "کام شروع ہوا۔"]
        {
            assert!(ends_sentence(sentence), "{sentence}");
        }
        assert!(!ends_sentence("Released by the Ministry of Tides") && !ends_sentence("He said: “so”"));
        assert!(
            has_words("block related posts", "related posts") && !has_words("unrelated posts", "related")
        );
    }
}
