//! Characters as a page shows them to characters as they are written: presentation forms undone, words that run from
//! right to left turned.

use unicode_normalization::UnicodeNormalization;

/// The text of a sign. Ligatures and the forms that letters take within a word become the letters themselves. The letters of
/// a sign that stands for several and runs from right to left are turned, so that a turned line has them right.
pub(crate) fn plain(text: &str) -> String {
    let is_form = |c: char| matches!(c, '\u{FB00}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}');
    let text: String = if text.chars().any(is_form) { text.nfkc().collect() } else { text.to_owned() };
    if text.chars().nth(1).is_some() && text.chars().any(is_rtl) {
        text.chars().rev().collect()
    } else {
        text
    }
}

/// Hebrew, Arabic, Syriac, Thaana, N'Ko and their forms.
pub(crate) const fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{65F}' | '\u{66D}'..='\u{6EF}' | '\u{6FA}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}')
        && !matches!(c, '\u{6F0}'..='\u{6F9}')
}

/// A line as it is written, from the line as it is shown, from left to right.
pub(crate) fn logical(shown: &str, rtl: bool) -> String {
    if !shown.chars().any(is_rtl) {
        return shown.to_owned();
    }
    let mut chars: Vec<char> = shown.chars().collect();
    if rtl {
        chars.reverse();
        turn(&mut chars, left_to_right);
    } else {
        turn(&mut chars, right_to_left);
    }
    chars.into_iter().collect()
}

/// Turns each run of characters that `run` measures.
fn turn(chars: &mut [char], run: fn(&[char]) -> usize) {
    let mut at = 0;
    while at < chars.len() {
        let length = chars.get(at..).map_or(0, run);
        if let Some(run) = chars.get_mut(at..at + length) {
            run.reverse();
        }
        at += length.max(1);
    }
}

/// How far a run of words from left to right goes that begins here: its blanks and marks belong to it, those behind not. Numbers
/// alone are runs by themselves.
fn left_to_right(chars: &[char]) -> usize {
    let is_ltr = |c: char| c.is_alphabetic() && !is_rtl(c);
    let Some(first) = chars.first().copied() else { return 0 };
    if !is_ltr(first) && !first.is_numeric() {
        return 0;
    }
    let numbers = chars.iter().enumerate().take_while(|(at, c)| {
        let goes_on = |c: &char| c.is_numeric();
        c.is_numeric()
            || (matches!(c, '.' | ',' | '/' | ':' | '-' | '٫' | '٬' | '%')
                && chars.get(at + 1).is_some_and(goes_on))
    });
    let numbers = numbers.count();
    if numbers > 0 && !chars.get(numbers).copied().is_some_and(is_ltr) {
        return numbers;
    }
    let all = chars.iter().take_while(|c| !is_rtl(**c)).count();
    let last = chars.iter().take(all).rposition(|c| is_ltr(*c) || c.is_numeric());
    last.map_or(0, |last| last + 1)
}

/// How far a run of words from right to left goes that begins here.
fn right_to_left(chars: &[char]) -> usize {
    if !chars.first().copied().is_some_and(is_rtl) {
        return 0;
    }
    let all = chars.iter().take_while(|c| is_rtl(**c) || !c.is_alphanumeric()).count();
    chars.iter().take(all).rposition(|c| is_rtl(*c)).map_or(0, |last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_turned_and_its_numbers_and_names_are_not() {
        // As shown, from left to right.
        let shown: String = "قال الوزير في 15 مارس 2021 إن شركة Tide Works نمت".chars().rev().collect();
        let shown = shown.replace("51", "15").replace("1202", "2021").replace("skroW ediT", "Tide Works");
        assert_eq!(logical(&shown, true), "قال الوزير في 15 مارس 2021 إن شركة Tide Works نمت");
        let one: String = "وزارة البحر".chars().rev().collect();
        assert_eq!(logical(&format!("The {one} said"), false), "The وزارة البحر said");
        assert_eq!(logical("Plain", true), "Plain");
    }

    #[test]
    fn forms_become_letters() {
        assert_eq!(plain("\u{FB01}"), "fi");
        assert_eq!(plain("\u{FEFB}").chars().rev().collect::<String>(), "لا");
    }
}
