//! Sets of places in one sentence as bits, so that one operation asks or moves all places at once.
//!
//! The n tokens of a sentence have n + 1 places between and around them. They are numbered from the end: place 0 is the
//! end of the sentence, place n its start, and the token before place `r` begins at place `r + 1`. Patterns are matched
//! from their end to their beginning; numbered this way a run of tokens is followed by the carry of one addition, as
//! `MatchStar` of Cameron et al., "Bitwise data parallelism in regular expression matching" (PACT 2014), does for bytes.

/// A set of places of a sentence of fewer than `64 * W` tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Places<const W: usize>([u64; W]);

impl<const W: usize> Default for Places<W> {
    fn default() -> Self {
        Self::NONE
    }
}

impl<const W: usize> Places<W> {
    pub(crate) const NONE: Self = Self([0; W]);

    /// How many tokens a sentence may have.
    pub(crate) const MOST_TOKENS: usize = 64 * W - 1;

    /// The places 0 to `last`.
    pub(crate) fn up_to(last: usize) -> Self {
        let mut words = [0; W];
        for (n, word) in words.iter_mut().enumerate() {
            let bits = (last + 1).saturating_sub(n * 64);
            *word = if bits >= 64 { u64::MAX } else { (1 << bits) - 1 };
        }
        Self(words)
    }

    pub(crate) fn one(place: usize) -> Self {
        let mut set = Self::NONE;
        set.insert(place);
        set
    }

    #[inline]
    pub(crate) fn insert(&mut self, place: usize) {
        self.0[place / 64] |= 1 << (place % 64);
    }

    #[inline]
    pub(crate) fn has(&self, place: usize) -> bool {
        self.0[place / 64] >> (place % 64) & 1 != 0
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().fold(0, |all, word| all | word) == 0
    }

    #[inline]
    fn zip(self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        let mut words = self.0;
        // By its number: to go through two arrays at once is not made into the one operation that a single word needs.
        for (n, word) in words.iter_mut().enumerate() {
            *word = join(*word, other.0[n]);
        }
        Self(words)
    }

    #[inline]
    pub(crate) fn and(self, other: Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    #[inline]
    pub(crate) fn or(self, other: Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    #[inline]
    pub(crate) fn without(self, other: Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    /// Every place moved over the token before it.
    #[inline]
    pub(crate) fn back(self) -> Self {
        let mut words = self.0;
        let mut carry = 0;
        for word in &mut words {
            (*word, carry) = (*word << 1 | carry, *word >> 63);
        }
        Self(words)
    }

    /// Every place moved over the token after it.
    #[inline]
    fn on(self) -> Self {
        let mut words = self.0;
        for (n, word) in words.iter_mut().enumerate() {
            *word = *word >> 1 | self.0.get(n + 1).map_or(0, |next| next << 63);
        }
        Self(words)
    }

    /// These places and all that lie before them with only tokens of `class` between; a token of the class is marked at
    /// the place where it begins.
    #[inline]
    pub(crate) fn back_through(self, class: Self) -> Self {
        let class = class.on();
        let mut sum = [0; W];
        let mut carry = false;
        for (n, word) in sum.iter_mut().enumerate() {
            let (first, over) = (self.0[n] & class.0[n]).overflowing_add(class.0[n]);
            let (second, over_again) = first.overflowing_add(u64::from(carry));
            (*word, carry) = (second, over | over_again);
        }
        Self(sum).zip(class, |a, b| a ^ b).or(self)
    }

    /// These places and all before the last of them.
    #[inline]
    pub(crate) fn and_before(self) -> Self {
        let mut words = self.0;
        let mut met = false;
        for word in &mut words {
            let all = if met { u64::MAX } else { word.wrapping_neg() | *word };
            met |= *word != 0;
            *word = all;
        }
        Self(words)
    }

    /// The places, the first of the sentence first.
    #[inline]
    pub(crate) fn in_order(self) -> impl Iterator<Item = usize> {
        (0..W).rev().flat_map(move |n| {
            let mut word = self.0[n];
            std::iter::from_fn(move || {
                let bit = word.checked_ilog2()?;
                word ^= 1 << bit;
                Some(n * 64 + bit as usize)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Places;
    use proptest::prelude::*;

    fn set<const W: usize>(all: &[bool]) -> Places<W> {
        let mut set = Places::NONE;
        for (place, _) in all.iter().enumerate().filter(|(_, yes)| **yes) {
            set.insert(place);
        }
        set
    }

    /// The same, one place after the other.
    fn slow(from: &[bool], class: &[bool]) -> Vec<usize> {
        let mut reached = from.to_vec();
        for place in 0..reached.len() - 1 {
            reached[place + 1] |= reached[place] && class[place + 1];
        }
        (0..reached.len()).rev().filter(|place| reached[*place]).collect()
    }

    proptest! {
        #[test]
        fn runs_are_followed_by_one_addition(all in prop::collection::vec((any::<bool>(), prop::bool::weighted(0.8)), 2..128)) {
            let (from, class): (Vec<bool>, Vec<bool>) = all.into_iter().unzip();
            let expected = slow(&from, &class);
            let two: Vec<usize> = set::<2>(&from).back_through(set(&class)).in_order().collect();
            let nine: Vec<usize> = set::<9>(&from).back_through(set(&class)).in_order().collect();
            prop_assert_eq!(&two, &expected);
            prop_assert_eq!(&nine, &expected);
        }
    }

    #[test]
    fn places_are_counted_from_the_end() {
        let all = Places::<2>::up_to(70);
        assert_eq!(all.in_order().collect::<Vec<_>>(), (0..=70).rev().collect::<Vec<_>>());
        assert!(Places::<2>::one(63).back().has(64));
        assert!(!all.has(71));
        let from = |place| Places::<2>::one(place).and_before().and(all).in_order().last();
        assert_eq!((from(3), from(64), Places::<2>::NONE.and_before().is_empty()), (Some(3), Some(64), true));
    }
}
