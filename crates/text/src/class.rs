//! What characters are to the rules of UAX #29 for words and sentences: all of ASCII and the characters that texts in
//! Latin script are full of besides. What is not known here is left to `unicode-segmentation`.

/// What a character is to the word rules. Line ends and spaces are [`Word::Other`]: no word goes on over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Letter,
    Digit,
    /// Joins letters and digits on either side (`ExtendNumLet`).
    Underscore,
    /// Joins two letters (`MidLetter`).
    MidLetter,
    /// Joins two digits (`MidNum`).
    MidNum,
    /// Joins two letters or two digits (`MidNumLet` and `Single_Quote`).
    MidBoth,
    Other,
}

/// What a character is to the sentence rules. A digit directly after a full stop (`Numeric`) is all that sets digits
/// apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Upper,
    Lower,
    Numeric,
    /// A full stop, which ends a sentence or not.
    Stop,
    /// What always ends a sentence: `!`, `?`.
    Term,
    /// Brackets and quotation marks.
    Close,
    Space,
    /// A comma and what else shows that a sentence goes on.
    Continue,
    /// A line end.
    Line,
    Other,
}

/// What a character is to both sets of rules; `None` where `unicode-segmentation` has to say.
pub(crate) fn known(c: char) -> Option<(Word, Part)> {
    Some(match c {
        'a'..='z' | 'ª' | 'µ' | 'º' => (Word::Letter, Part::Lower),
        'A'..='Z' => (Word::Letter, Part::Upper),
        '0'..='9' => (Word::Digit, Part::Numeric),
        '\n' | '\r' => (Word::Other, Part::Line),
        ' ' | '\t' | '\u{b}' | '\u{c}' | '\u{a0}' => (Word::Other, Part::Space),
        '_' => (Word::Underscore, Part::Other),
        '.' => (Word::MidBoth, Part::Stop),
        '\'' | '\u{2018}' | '\u{2019}' => (Word::MidBoth, Part::Close),
        '\u{b7}' => (Word::MidLetter, Part::Other),
        ':' => (Word::MidLetter, Part::Continue),
        ',' | ';' => (Word::MidNum, Part::Continue),
        '-' | '\u{2013}' | '\u{2014}' => (Word::Other, Part::Continue),
        '!' | '?' => (Word::Other, Part::Term),
        '"' | '(' | ')' | '[' | ']' | '{' | '}' => (Word::Other, Part::Close),
        '«' | '»' | '\u{201a}'..='\u{201f}' | '\u{2039}' | '\u{203a}' => (Word::Other, Part::Close),
        '\0'..='\u{7f}' => (Word::Other, Part::Other),
        '¡'..='©' | '¬' | '®'..='´' | '¶' | '¹' | '¼'..='¿' | '×' | '÷' => {
            (Word::Other, Part::Other)
        }
        // Latin letters with diacritics: Latin-1, Extended-A, part of Extended-B, Extended Additional.
        'À'..='\u{17f}' | '\u{200}'..='\u{233}' | '\u{1e00}'..='\u{1eff}' => {
            (Word::Letter, if c.is_uppercase() { Part::Upper } else { Part::Lower })
        }
        '\u{2010}'..='\u{2012}' | '\u{2015}'..='\u{2017}' | '\u{2020}'..='\u{2023}' => {
            (Word::Other, Part::Other)
        }
        '\u{2025}' | '\u{2026}' | '\u{2030}'..='\u{2038}' => (Word::Other, Part::Other),
        // Signs of currencies, trade mark, arrows, minus, geometric shapes.
        '\u{20a0}'..='\u{20c0}' | '™' | '\u{2190}'..='\u{21af}' | '\u{2212}' | '\u{25a0}'..='\u{25ff}' => {
            (Word::Other, Part::Other)
        }
        _ => return None,
    })
}

/// What a byte is to the fast path, as bits.
pub(crate) mod bits {
    /// `a` to `z`.
    pub(crate) const LOWER: u8 = 1;
    /// `A` to `Z`.
    pub(crate) const UPPER: u8 = 1 << 1;
    /// `0` to `9`.
    pub(crate) const DIGIT: u8 = 1 << 2;
    /// White space of ASCII.
    pub(crate) const WHITE: u8 = 1 << 3;
    /// May join what stands before and after it: `.`, `'`, `:`, `,`, `;`, `-`.
    pub(crate) const JOINER: u8 = 1 << 4;
    /// Not for the fast path: an underscore, or no ASCII at all.
    pub(crate) const HARD: u8 = 1 << 5;
    /// Folds to something else than itself in lower case: `-`, `` ` ``.
    pub(crate) const FOLDS: u8 = 1 << 6;
    /// A letter or digit.
    pub(crate) const WORD: u8 = LOWER | UPPER | DIGIT;
}

/// The bits of each byte.
static BYTES: [u8; 256] = table();

const fn table() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' => bits::LOWER,
            b'A'..=b'Z' => bits::UPPER,
            b'0'..=b'9' => bits::DIGIT,
            9..=13 | b' ' => bits::WHITE,
            b'.' | b'\'' | b':' | b',' | b';' | b'&' => bits::JOINER,
            b'-' => bits::JOINER | bits::FOLDS,
            b'`' => bits::FOLDS,
            b'_' | 128.. => bits::HARD,
            _ => 0,
        };
        byte += 1;
    }
    table
}

/// The bits of a byte.
#[inline]
pub(crate) fn byte(byte: u8) -> u8 {
    BYTES[usize::from(byte)]
}

/// The bits of the byte at `at`; the end of the text is as good as white space.
#[inline]
pub(crate) fn byte_at(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).map_or(bits::WHITE, |b| byte(*b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_segmentation::UnicodeSegmentation;

    fn all_known() -> impl Iterator<Item = (char, Word, Part)> {
        ('\0'..=char::MAX).filter_map(|c| known(c).map(|(word, part)| (c, word, part)))
    }

    /// How `unicode-segmentation` cuts words around `c`.
    fn words_around(c: char) -> Vec<Vec<usize>> {
        const BESIDE: [&str; 9] = ["", "a", "1", "_", ".", ",", ":", "!", "\u{301}"];
        let cut = |left: &str, right: &str| {
            let text = format!("{left}{c}{right}");
            let pieces = text.split_word_bounds();
            pieces.map(|piece| piece.chars().count()).collect()
        };
        BESIDE.iter().flat_map(|left| BESIDE.iter().map(move |right| cut(left, right))).collect()
    }

    /// Whether `unicode-segmentation` ends a sentence in each of some texts around `c`.
    fn sentences_around(c: char) -> Vec<usize> {
        const LEFT: [&str; 9] = ["", "a", "A", "a.", "1.", ". ", ".) ", "!", "! "];
        const RIGHT: [&str; 10] = ["", "A", " A", ".A", ".1", ". A", ".) A", "a", ") A", " a"];
        let cut =
            |left: &str, right: &str| format!("{left}{c}{right}").split_sentence_bound_indices().count();
        LEFT.iter().flat_map(|left| RIGHT.iter().map(move |right| cut(left, right))).collect()
    }

    /// One character that stands for each class, as `unicode-segmentation` has it.
    fn word_model(word: Word) -> char {
        match word {
            Word::Letter => 'x',
            Word::Digit => '7',
            Word::Underscore => '_',
            Word::MidLetter => ':',
            Word::MidNum => ',',
            Word::MidBoth => '.',
            Word::Other => '#',
        }
    }

    fn part_model(part: Part) -> char {
        match part {
            Part::Upper => 'X',
            Part::Lower => 'x',
            Part::Numeric => '7',
            Part::Stop => '.',
            Part::Term => '?',
            Part::Close => ']',
            Part::Space => '\t',
            Part::Continue => ',',
            Part::Line => '\n',
            Part::Other => '#',
        }
    }

    #[test]
    fn every_known_character_is_cut_like_its_class() {
        for (c, word, part) in all_known() {
            // Spaces and line ends are white space, which the tokenizer skips by itself.
            if !c.is_ascii_whitespace() && c != '\u{b}' {
                assert_eq!(words_around(c), words_around(word_model(word)), "{c:?} {word:?}");
            }
            assert_eq!(sentences_around(c), sentences_around(part_model(part)), "{c:?} {part:?}");
        }
        assert!(all_known().count() > 800);
    }

    #[test]
    fn bytes_and_characters_agree() {
        for b in 0..128_u8 {
            let (word, _) = known(char::from(b)).expect("all of ASCII is known");
            assert_eq!(byte(b) & bits::WORD != 0, matches!(word, Word::Letter | Word::Digit), "{b}");
            assert_eq!(byte(b) & bits::WHITE != 0, char::from(b).is_whitespace(), "{b}");
            let joins =
                matches!(word, Word::MidBoth | Word::MidLetter | Word::MidNum) || b == b'-' || b == b'&';
            assert_eq!(byte(b) & bits::JOINER != 0, joins, "{b}");
        }
    }
}
