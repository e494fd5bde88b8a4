//! What a word sounds like, and the coarse key under which it is looked up.

use super::tables::{NameTables, Sound};

/// More rounds than any word needs: each shortens it or leaves it.
const ROUNDS: usize = 6;

/// The key of a word without consonants.
const NO_CONSONANT: &str = "-";

impl NameTables {
    /// `word`, folded letters, as it sounds: see `sounds` in the tables; doubled letters single.
    pub(super) fn sound(&self, word: &str) -> String {
        let mut letters: Vec<char> = word.chars().collect();
        for _ in 0..ROUNDS {
            let next = single(&self.rewritten(&letters));
            if next == letters {
                break;
            }
            letters = next;
        }
        letters.into_iter().collect()
    }

    fn rewritten(&self, letters: &[char]) -> Vec<char> {
        let mut out = Vec::with_capacity(letters.len());
        let mut at = 0;
        while let Some(letter) = letters.get(at) {
            let fits = |sound: &&Sound| {
                letters.get(at..).is_some_and(|rest| rest.starts_with(&sound.from))
                    && (!sound.first || at == 0)
                    && (!sound.last || at + sound.from.len() == letters.len())
            };
            if let Some(sound) = self.sounds.iter().find(fits) {
                out.extend_from_slice(&sound.to);
                at += sound.from.len();
            } else {
                out.push(*letter);
                at += 1;
            }
        }
        out
    }

    pub(super) fn is_vowel(&self, c: char) -> bool {
        self.vowels.contains(&c)
    }

    /// The consonants of a word as it sounds, by their classes: what all its spellings share.
    pub(super) fn lookup_key(&self, sound: &str) -> String {
        let key = self.consonant_classes(sound, true);
        if key.is_empty() { NO_CONSONANT.into() } else { key }
    }

    /// The consonants of a stretch of a word by their classes; a silent letter counts at the beginning of the word only.
    pub(super) fn consonant_classes(&self, sound: &str, begins: bool) -> String {
        let mut key = String::new();
        for (at, c) in sound.chars().enumerate() {
            if self.is_vowel(c) || (self.silent.contains(&c) && !(begins && at == 0 && c == 'h')) {
                continue;
            }
            let class = self.classes.get(&c).copied().unwrap_or(c);
            if !key.ends_with(class) {
                key.push(class);
            }
        }
        key
    }
}

fn single(letters: &[char]) -> Vec<char> {
    let mut out = letters.to_vec();
    out.dedup_by(|a, b| a == b && !a.is_ascii_digit());
    out
}
