//! Many sequences of words, found where they begin in one walk over the words of the text.

use rustc_hash::FxHashMap;

/// Sequences of words, each with a value (a trie).
pub(crate) struct Phrases<'w, V> {
    edges: FxHashMap<(usize, &'w str), usize>,
    values: Vec<V>,
    /// Whether a sequence begins with a byte: most words begin none.
    begins: [bool; 256],
}

/// The place before the first word.
pub(crate) const START: usize = 0;

impl<'w, V: Default> Phrases<'w, V> {
    pub(crate) fn new() -> Self {
        Self { edges: FxHashMap::default(), values: vec![V::default()], begins: [false; 256] }
    }

    /// The place after a sequence of words, made where there was none.
    pub(crate) fn place(&mut self, words: impl IntoIterator<Item = &'w str>) -> usize {
        let mut place = START;
        for word in words {
            if place == START {
                self.begins[first(word)] = true;
            }
            let next = self.values.len();
            place = *self.edges.entry((place, word)).or_insert(next);
            if place == next {
                self.values.push(V::default());
            }
        }
        place
    }

    /// The value of a sequence of words.
    pub(crate) fn entry(&mut self, words: impl IntoIterator<Item = &'w str>) -> &mut V {
        let place = self.place(words);
        &mut self.values[place]
    }

    /// Whether a sequence may begin with a word whose first byte is this.
    pub(crate) fn may_begin(&self, byte: u8) -> bool {
        self.begins[usize::from(byte)]
    }

    /// Where a word leads from a place.
    pub(crate) fn next(&self, place: usize, word: &str) -> Option<usize> {
        if place == START && !self.begins[first(word)] {
            return None;
        }
        self.edges.get(&(place, word)).copied()
    }

    /// The places after one, two and more words, as far as they go on as a sequence does.
    pub(crate) fn walk<'a>(
        &'a self,
        words: impl Iterator<Item = &'a str> + 'a,
    ) -> impl Iterator<Item = usize> + 'a {
        words.scan(START, |place, word| {
            *place = self.next(*place, word)?;
            Some(*place)
        })
    }

    /// The value at a place.
    pub(crate) fn value(&self, place: usize) -> &V {
        &self.values[place]
    }

    /// The value at a place, to be changed.
    pub(crate) fn value_mut(&mut self, place: usize) -> &mut V {
        &mut self.values[place]
    }
}

fn first(word: &str) -> usize {
    word.bytes().next().map_or(0, usize::from)
}
