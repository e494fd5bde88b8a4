//! Names in Arabic and Hebrew script beside Latin letters: vowels between the letters may stand or not.

use std::collections::BTreeSet;

use super::tables::NameTables;

/// So many vowels may stand between two letters that the abjad writes: two are a long one, which it writes.
const SHORT_VOWELS: usize = 1;

/// More ways to read a word than that are not looked up.
const MOST_KEYS: usize = 16;

impl NameTables {
    /// Whether `latin` (folded) can be how `abjad` (folded) is written in Latin letters.
    pub(super) fn transliterates(&self, abjad: &str, latin: &str) -> bool {
        let letters: Vec<char> = abjad.chars().filter(|c| self.abjad.contains_key(c)).collect();
        let mut latin: Vec<char> = latin.chars().collect();
        latin.dedup_by(|a, b| a == b && !self.is_vowel(*a));
        // The places in `latin` that can have been reached before each letter.
        let mut reached = BTreeSet::from([0]);
        for (at, letter) in letters.iter().enumerate() {
            let mut next = BTreeSet::new();
            for place in reached {
                for form in self.forms(*letter, at + 1 == letters.len()) {
                    for skipped in 0..=SHORT_VOWELS {
                        let from = place + skipped;
                        if !latin
                            .get(place..from)
                            .is_some_and(|short| short.iter().all(|c| self.is_vowel(*c)))
                        {
                            break;
                        }
                        let rest = latin.get(from..).unwrap_or_default();
                        if form.chars().count() <= rest.len() && form.chars().zip(rest).all(|(a, b)| a == *b)
                        {
                            next.insert(from + form.chars().count());
                        }
                    }
                }
            }
            reached = next;
        }
        reached.contains(&latin.len())
    }

    fn forms(&self, letter: char, last: bool) -> &[String] {
        let letter = self.abjad.get(&letter);
        let forms = letter.map(|letter| match &letter.last {
            Some(at_end) if last => at_end.as_slice(),
            _ => letter.within.as_slice(),
        });
        forms.unwrap_or_default()
    }

    /// The keys of all ways to read a word.
    pub(super) fn abjad_keys(&self, word: &str) -> Vec<String> {
        let letters: Vec<char> = word.chars().filter(|c| self.abjad.contains_key(c)).collect();
        let mut keys = BTreeSet::from([String::new()]);
        for (at, letter) in letters.iter().enumerate() {
            let forms = self.forms(*letter, at + 1 == letters.len());
            let classes: BTreeSet<String> =
                forms.iter().map(|form| self.consonant_classes(form, at == 0)).collect();
            let mut longer = BTreeSet::new();
            for key in &keys {
                for class in &classes {
                    let class = match class.chars().next() {
                        Some(first) if key.ends_with(first) => {
                            class.get(first.len_utf8()..).unwrap_or_default()
                        }
                        _ => class,
                    };
                    longer.insert(format!("{key}{class}"));
                }
            }
            keys = longer.into_iter().take(MOST_KEYS).collect();
        }
        keys.into_iter().map(|key| if key.is_empty() { self.lookup_key("") } else { key }).collect()
    }
}
