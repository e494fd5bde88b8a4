//! Sets of lists as bits, for what is asked of every token.

use serde::{Deserialize, Serialize};

const WORDS: usize = 4;

/// A set of lists, by their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct ListSet([u64; WORDS]);

impl ListSet {
    /// The lists of a rule set after so many are in no set, and looked up one by one.
    pub(crate) const MOST: u32 = 64 * WORDS as u32;

    /// One list, or nothing for a list that no set holds.
    pub(crate) fn one(list: u32) -> Self {
        let mut set = Self::default();
        set.insert(list);
        set
    }

    #[inline]
    pub(crate) fn insert(&mut self, list: u32) {
        if let Some(word) = self.0.get_mut(list as usize / 64) {
            *word |= 1 << (list % 64);
        }
    }

    #[inline]
    pub(crate) fn has(&self, list: u32) -> bool {
        self.0.get(list as usize / 64).is_some_and(|word| word >> (list % 64) & 1 != 0)
    }

    /// All lists of both.
    pub(crate) fn with(mut self, other: Self) -> Self {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word |= other;
        }
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Calls `each` with every list of the set.
    #[inline]
    pub(crate) fn each(&self, mut each: impl FnMut(u32)) {
        for (n, word) in (0..).zip(self.0) {
            let mut word = word;
            while word != 0 {
                each(n * 64 + word.trailing_zeros());
                word &= word - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ListSet;

    #[test]
    fn lists_beyond_the_most_are_in_no_set() {
        let set =
            ListSet::one(3).with(ListSet::one(64)).with(ListSet::one(255)).with(ListSet::one(ListSet::MOST));
        let mut all = Vec::new();
        set.each(|list| all.push(list));
        assert_eq!((all, set.len()), (vec![3, 64, 255], 3));
        assert!(set.has(255) && !set.has(4) && !set.has(256) && !set.has(u32::MAX));
        assert!(ListSet::one(256).is_empty() && !set.is_empty());
    }
}
