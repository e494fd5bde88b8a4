//! Whether two words are spellings of one name.

use super::compare::Likeness;
use super::tables::NameTables;
use super::typo::edits;
use super::unit::{Script, Unit};

/// Where vowels differ, so many consonants must be the same.
pub(super) const CONSONANTS: usize = 3;
/// Where one spelling has a vowel that the other leaves out, so many.
const CONSONANTS_OF_A_GAP: usize = 4;
/// Between so many pairs of consonants vowels may differ.
const VOWELS: usize = 2;

/// A word as it sounds: its consonants, and what stands before each and after the last.
struct Bones {
    consonants: Vec<char>,
    between: Vec<String>,
}

impl NameTables {
    /// How near two words are; initials and typing mistakes apart.
    pub(super) fn alike(&self, a: &Unit, b: &Unit) -> Option<Likeness> {
        if a.written == b.written {
            return Some(Likeness::Same);
        }
        if a.folded == b.folded {
            return Some(Likeness::Spelling);
        }
        if a.group.is_some() && (b.group.is_some() || a.script == Script::Abjad)
            || b.group.is_some() && b.script == Script::Abjad
        {
            // The tables name all spellings of such a name.
            return (a.group == b.group).then_some(Likeness::Variant);
        }
        let variant = match (a.script, b.script) {
            (Script::Abjad, Script::Abjad) => a.plain == b.plain,
            (Script::Abjad, Script::Full) => self.is_transliterated(a, b),
            (Script::Full, Script::Abjad) => self.is_transliterated(b, a),
            (Script::Full, Script::Full) => self.sound_alike(a, b),
            (Script::Abjad, Script::Consonants) | (Script::Consonants, Script::Abjad) => false,
            (Script::Consonants, _) | (_, Script::Consonants) => self.share_consonants(a, b),
        };
        variant.then_some(Likeness::Variant)
    }

    fn is_transliterated(&self, abjad: &Unit, latin: &Unit) -> bool {
        self.transliterates(&abjad.plain, &latin.plain)
            || latin.bare.as_ref().is_some_and(|bare| self.transliterates(&abjad.plain, bare))
    }

    fn sound_alike(&self, a: &Unit, b: &Unit) -> bool {
        let forms = |unit: &Unit| unit.sounds.clone();
        let bare = |unit: &Unit| unit.bare.iter().cloned().collect::<Vec<_>>();
        let any = |left: &[String], right: &[String]| {
            left.iter().any(|l| right.iter().any(|r| l == r || self.vowels_differ_little(l, r)))
        };
        any(&forms(a), &forms(b)) || any(&bare(a), &forms(b)) || any(&forms(a), &bare(b))
    }

    fn share_consonants(&self, a: &Unit, b: &Unit) -> bool {
        let first = |unit: &Unit| unit.plain.chars().next().is_some_and(|c| self.is_vowel(c));
        a.sounds.iter().any(|a_sound| {
            let key = self.lookup_key(a_sound);
            key.chars().count() >= CONSONANTS
                && b.sounds.iter().any(|b_sound| self.lookup_key(b_sound) == key)
        }) && first(a) == first(b)
    }

    /// Whether two words as they sound have the same consonants and nearly the same vowels.
    fn vowels_differ_little(&self, a: &str, b: &str) -> bool {
        let (a, b) = (self.bones(a), self.bones(b));
        let count = a.consonants.len();
        let same =
            |pair: (&char, &char)| pair.0 == pair.1 || is_pair(&self.consonants_alike, *pair.0, *pair.1);
        if count < CONSONANTS
            || count != b.consonants.len()
            || !a.consonants.iter().zip(&b.consonants).all(same)
        {
            return false;
        }
        let (mut differ, mut gaps) = (0, 0);
        for (place, (x, y)) in a.between.iter().zip(&b.between).enumerate() {
            if x == y {
                continue;
            }
            let inner = place > 0 && place < count;
            match (x.is_empty(), y.is_empty()) {
                (true, _) | (_, true) if inner => gaps += 1,
                (true, _) | (_, true) => return false,
                _ if self.alike_vowels(x, y) => differ += 1,
                _ => return false,
            }
        }
        differ <= VOWELS && gaps <= usize::from(count >= CONSONANTS_OF_A_GAP)
    }

    fn alike_vowels(&self, a: &str, b: &str) -> bool {
        match (a.chars().collect::<Vec<_>>()[..].as_ref(), b.chars().collect::<Vec<_>>()[..].as_ref()) {
            ([x], [y]) => is_pair(&self.vowels_alike, *x, *y),
            _ => false,
        }
    }

    fn bones(&self, sound: &str) -> Bones {
        let mut bones = Bones { consonants: Vec::new(), between: vec![String::new()] };
        for c in sound.chars() {
            if self.is_vowel(c) {
                if let Some(vowels) = bones.between.last_mut() {
                    vowels.push(c);
                }
            } else {
                bones.consonants.push(c);
                bones.between.push(String::new());
            }
        }
        bones
    }

    /// Whether one of two words, in the same letters, is the other with as many mistakes as its length allows. The first
    /// letter must be right.
    pub(super) fn mistyped(&self, asked: &Unit, found: &Unit) -> bool {
        let same_letters = (asked.script == Script::Abjad) == (found.script == Script::Abjad);
        let most = self.typos(&asked.plain).min(self.typos(&found.plain));
        let first = |unit: &Unit| unit.plain.chars().next();
        let word = |unit: &Unit| !unit.plain.contains(|c: char| c.is_ascii_digit());
        same_letters
            && most > 0
            && word(asked)
            && word(found)
            && first(asked) == first(found)
            && edits(&asked.plain, &found.plain, most.into()).is_some()
            && self.mistake_not_another_name(&asked.plain, &found.plain)
    }

    /// `Karim` and `Karam`, `Nabil` and `Nabila` are two names, not one mistyped: where the consonants are the same, a vowel
    /// may have been left out or have changed its place within the word, no more.
    fn mistake_not_another_name(&self, a: &str, b: &str) -> bool {
        let letters = |word: &str| {
            let mut letters: Vec<char> = word.chars().collect();
            letters.sort_unstable();
            letters
        };
        if letters(a) == letters(b) {
            return a.chars().last() == b.chars().last();
        }
        let (a, b) = (self.bones(a), self.bones(b));
        let displaced = |(x, y): (&String, &String)| x == y || x.is_empty() || y.is_empty();
        a.consonants != b.consonants
            || (a.between.last() == b.between.last() && a.between.iter().zip(&b.between).all(displaced))
    }
}

fn is_pair(pairs: &[[char; 2]], a: char, b: char) -> bool {
    pairs.iter().any(|pair| *pair == [a, b] || *pair == [b, a])
}
