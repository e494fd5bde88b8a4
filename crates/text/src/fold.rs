//! The one folding of spellings: what a reader would call the same word has the same folded form.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// `text` folded: compatibility forms resolved (NFKD), diacritics dropped, lower case, every kind of hyphen a
/// space, every kind of apostrophe `'`, runs of white space one space.
///
/// ```
/// assert_eq!(chancery_text::fold("Türk’s  CO‐OPERATION"), "turk's co operation");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// As [`fold`], appended to `out`.
pub fn fold_into(text: &str, out: &mut String) {
    let from = out.len();
    let plain = |b: &u8| b.is_ascii_graphic() && !matches!(b, b'-' | b'`');
    let mut rest = text;
    loop {
        let run = rest.bytes().take_while(plain).count();
        let (letters, other) = rest.split_at_checked(run).unwrap_or((rest, ""));
        out.push_str(letters);
        let mut others = other.chars();
        let Some(c) = others.next() else { break };
        match c {
            // The typographic marks of every text, which NFKD leaves as they are or among themselves.
            '\0'..='\u{7f}' | '\u{2010}'..='\u{2015}' | '\u{2018}'..='\u{201f}' => push(c, from, out),
            // Character by character, since what NFKD puts in order are marks, and those are dropped.
            _ => decompose_compatible(c, |c| fold_char(c, from, out)),
        }
        rest = others.as_str();
    }
    if let Some(new) = out.get_mut(from..) {
        new.make_ascii_lowercase();
    }
    if out.len() > from && out.ends_with(' ') {
        out.pop();
    }
}

fn fold_char(c: char, from: usize, out: &mut String) {
    match letter(c) {
        _ if is_combining_mark(c) => {}
        Some(plain) => out.push_str(plain),
        None => c.to_lowercase().for_each(|c| push(c, from, out)),
    }
}

fn push(c: char, from: usize, out: &mut String) {
    match c {
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => space(from, out),
        c if c.is_whitespace() => space(from, out),
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{02bc}' | '\u{00b4}' | '`' => out.push('\''),
        '\u{201c}'..='\u{201f}' => out.push('"'),
        '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
        c => out.push(c),
    }
}

fn space(from: usize, out: &mut String) {
    if out.len() > from && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Letters with a stroke or ligatures, which have no decomposition in Unicode.
fn letter(c: char) -> Option<&'static str> {
    Some(match c {
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ß' | 'ẞ' => "ss",
        'þ' | 'Þ' => "th",
        'ı' => "i",
        'ħ' | 'Ħ' => "h",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_word_fold_alike() {
        for (a, b) in [
            ("Director-General", "director general"),
            ("Hon’ble", "hon'ble"),
            ("Ørsted", "Orsted"),
            ("ﬁsheries", "Fisheries"),
            ("Straße", "STRASSE"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
