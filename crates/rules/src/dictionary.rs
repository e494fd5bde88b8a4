//! All lists of a rule set as one trie over word numbers: one pass over a text finds every entry of every list.

use std::hash::BuildHasher;
use std::ops::Range;

use chancery_text::fold_into;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::{Deserialize, Serialize};

use crate::symbol::Symbol;

/// What ends at a node of the trie.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Leaf {
    list: u32,
    data: u32,
    /// The number of its spelling where its case counts; 0 where it does not.
    exact: u32,
}

/// What stands between the tokens of a spelling; no token holds one.
const BETWEEN: char = '\n';

/// The parts of a folded token between hyphens; a token that folds to nothing, such as a dash, has one empty part.
fn parts(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(' ')
}

/// An entry that stands at a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) list: u32,
    /// First token.
    pub(crate) at: u32,
    /// One past the last token.
    pub(crate) end: u32,
    /// Index into the dictionary's data.
    pub(crate) data: u32,
}

/// A word of up to 15 bytes as a number: its bytes, and its length so that no two are alike.
pub(crate) fn short_key(word: &str) -> Option<u128> {
    key_of(word.as_bytes())
}

#[inline]
fn key_of(word: &[u8]) -> Option<u128> {
    let mut bytes = [0_u8; 16];
    let (own, length) = bytes.split_at_mut(15);
    own.get_mut(..word.len())?.copy_from_slice(word);
    length[0] = u8::try_from(word.len()).ok()?;
    Some(u128::from_le_bytes(bytes))
}

/// The folded words of lists and patterns, numbered from 1.
///
/// A short word is its own key, so that looking it up compares two machine words. The table holds the numbers alone, and the
/// keys lie in order beside it: so both stay small enough for the second cache, and grow from their end while they are made.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Words {
    #[serde(skip)]
    short: HashTable<u32>,
    /// Of each number, less one, the key; [`LONG`] of a long word.
    keys: Vec<u128>,
    long: FxHashMap<Box<str>, u32>,
}

/// In place of the key of a word that is too long for one; no word has so many bytes.
const LONG: u128 = u128::MAX;

fn hash_of(key: u128) -> u64 {
    FxBuildHasher.hash_one(key)
}

/// The number of a key, a new one where there is none.
fn number_of(short: &mut HashTable<u32>, keys: &mut Vec<u128>, key: u128) -> u32 {
    let known = |number: &u32| keys[*number as usize - 1];
    match short.entry(hash_of(key), |number| known(number) == key, |number| hash_of(known(number))) {
        Entry::Occupied(found) => *found.get(),
        Entry::Vacant(free) => {
            let next = narrow(keys.len() + 1);
            free.insert(next);
            keys.push(key);
            next
        }
    }
}

impl Words {
    #[inline]
    fn get(&self, word: &str) -> Option<u32> {
        match short_key(word) {
            Some(key) => {
                let is_it = |number: &u32| self.keys[*number as usize - 1] == key;
                self.short.find(hash_of(key), is_it).copied()
            }
            None => self.long.get(word).copied(),
        }
    }

    /// The word of a number, looked for among all.
    fn of_number(&self, number: u32) -> Option<String> {
        if let Some((word, _)) = self.long.iter().find(|(_, known)| **known == number) {
            return Some(word.to_string());
        }
        let bytes = self.keys.get((number as usize).checked_sub(1)?)?.to_le_bytes();
        let (length, own) = bytes.split_last()?;
        String::from_utf8(own.get(..usize::from(*length))?.to_vec()).ok()
    }

    fn len(&self) -> usize {
        self.keys.len()
    }

    /// Makes the table of short words anew from their keys.
    fn restore(&mut self) {
        let Self { short, keys, .. } = self;
        let hash = |number: &u32| hash_of(keys[*number as usize - 1]);
        short.reserve(keys.len(), hash);
        for (number, key) in (1..).zip(&*keys).filter(|(_, key)| **key != LONG) {
            short.insert_unique(hash_of(*key), number, hash);
        }
    }

    /// Makes room for so many words.
    fn expect(&mut self, words: usize) {
        self.short.reserve(words, |number| hash_of(self.keys[*number as usize - 1]));
        self.keys.reserve(words);
    }

    fn intern(&mut self, word: &str) -> u32 {
        match short_key(word) {
            Some(key) => number_of(&mut self.short, &mut self.keys, key),
            None => match self.long.get(word) {
                Some(known) => *known,
                None => {
                    self.keys.push(LONG);
                    *self.long.entry(word.into()).or_insert(narrow(self.keys.len()))
                }
            },
        }
    }

    /// As `intern`, for a word of ASCII letters and digits in any case.
    fn intern_plain(&mut self, word: &[u8]) -> u32 {
        let Some(key) = key_of(word) else {
            return self.intern(&String::from_utf8_lossy(word).to_ascii_lowercase());
        };
        // The length at the end is no letter.
        let mut bytes = key.to_le_bytes();
        bytes.make_ascii_lowercase();
        number_of(&mut self.short, &mut self.keys, u128::from_le_bytes(bytes))
    }
}

/// A node of the trie.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Node {
    /// What ends here, as a stretch of all leaves.
    from: u32,
    to: u32,
    /// Whether entries go on from here.
    inner: bool,
}

/// Words (parts of tokens between hyphens, folded) and the trie of all entries. Node 0 is the root.
///
/// A trie over word numbers and not an automaton over bytes: entries are matched on tokens, every entry of every list
/// that begins at a token is wanted, and most tokens begin none, which one look at `begins` tells.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Dictionary {
    words: Words,
    /// For each word number the node that it leads to from the root, or 0.
    begins: Vec<u32>,
    edges: FxHashMap<(u32, u32), u32>,
    nodes: Vec<Node>,
    leaves: Vec<Leaf>,
    /// Leaves by their nodes, until all entries are there.
    #[serde(skip)]
    loose: Vec<(u32, Leaf)>,
    /// The tokens, as written, of entries whose case counts, one entry after the other, and where each begins; the first
    /// has none.
    spelled: String,
    spelled_from: Vec<u32>,
    /// Keys and values of entries, and where each entry's begin; the first have none.
    data: Vec<(Symbol, Symbol)>,
    data_from: Vec<u32>,
}

impl Dictionary {
    pub(crate) fn new() -> Self {
        Self {
            words: Words::default(),
            begins: vec![0],
            edges: FxHashMap::default(),
            nodes: vec![Node::default()],
            leaves: Vec::new(),
            loose: Vec::new(),
            spelled: String::new(),
            spelled_from: vec![0],
            data: Vec::new(),
            data_from: vec![0, 0],
        }
    }

    /// Makes room for so many entries.
    pub(crate) fn expect(&mut self, entries: usize) {
        // Entries share words, and most are one word.
        self.words.expect(entries * 3 / 4);
        self.edges.reserve(entries / 4);
        self.nodes.reserve(entries);
        self.loose.reserve(entries);
    }

    /// The number of a folded word; words of no list and no pattern have number 0.
    #[inline]
    pub(crate) fn word(&self, folded: &str) -> u32 {
        self.words.get(folded).unwrap_or(0)
    }

    /// The folded word of a number, for telling a user: all words are looked through.
    pub(crate) fn of_number(&self, number: u32) -> String {
        self.words.of_number(number).unwrap_or_default()
    }

    pub(crate) fn intern(&mut self, folded: &str) -> u32 {
        self.words.intern(folded)
    }

    /// The word numbers of one folded token: one for each part between hyphens.
    pub(crate) fn intern_token(&mut self, folded: &str) -> Vec<u32> {
        parts(folded).map(|part| self.intern(part)).collect()
    }

    /// Keeps data of entries, and gives their number.
    pub(crate) fn keep(&mut self, data: &[(Symbol, Symbol)]) -> u32 {
        if data.is_empty() {
            return 0;
        }
        self.data.extend_from_slice(data);
        self.data_from.push(narrow(self.data.len()));
        narrow(self.data_from.len() - 2)
    }

    /// Adds an entry given as its tokens, with the number of its data; gives the node where it ends.
    pub(crate) fn add(&mut self, list: u32, tokens: &[&str], exact: bool, data: u32) -> u32 {
        let mut node = 0;
        let mut folded = String::new();
        for token in tokens {
            folded.clear();
            fold_into(token, &mut folded);
            for part in parts(&folded) {
                let word = self.words.intern(part);
                node = self.step(node, word);
            }
        }
        let exact = if exact { self.spell(tokens.iter().copied()) } else { 0 };
        self.end(node, list, exact, data);
        node
    }

    /// Adds an entry of words of ASCII letters and digits with one space between them, which are simple to cut and fold.
    pub(crate) fn add_plain(&mut self, list: u32, words: &str, exact: bool, data: u32) -> u32 {
        let mut node = 0;
        for word in words.as_bytes().split(|b| *b == b' ') {
            let word = self.words.intern_plain(word);
            node = self.step(node, word);
        }
        let exact = if exact { self.spell(words.split(' ')) } else { 0 };
        self.end(node, list, exact, data);
        node
    }

    /// Keeps the tokens of an entry as written, and gives their number.
    fn spell<'w>(&mut self, tokens: impl Iterator<Item = &'w str>) -> u32 {
        for token in tokens {
            self.spelled.push_str(token);
            self.spelled.push(BETWEEN);
        }
        self.spelled_from.push(narrow(self.spelled.len()));
        narrow(self.spelled_from.len() - 1)
    }

    /// Whether the tokens, so many of them, are those of a spelling, letter by letter.
    fn is_spelled<'t>(&self, number: u32, mut tokens: impl Iterator<Item = &'t str>) -> bool {
        let number = number as usize;
        let (from, to) = (self.spelled_from[number - 1] as usize, self.spelled_from[number] as usize);
        let spelling = self.spelled.get(from..to).unwrap_or_default();
        spelling.split_terminator(BETWEEN).all(|word| tokens.next() == Some(word)) && tokens.next().is_none()
    }

    /// Ends an entry at a node, with the number of its spelling where its case counts, else 0.
    pub(crate) fn end(&mut self, node: u32, list: u32, exact: u32, data: u32) {
        if node != 0 {
            self.loose.push((node, Leaf { list, data, exact }));
        }
    }

    /// Puts the leaves of each node side by side, in the order in which they came. To be called when all entries were
    /// added.
    pub(crate) fn settle(&mut self) {
        let loose = std::mem::take(&mut self.loose);
        for (node, _) in &loose {
            self.nodes[*node as usize].to += 1;
        }
        let mut from = 0;
        for node in &mut self.nodes {
            let own = node.to;
            (node.from, node.to) = (from, from);
            from += own;
        }
        self.leaves = vec![Leaf::default(); loose.len()];
        for (node, leaf) in loose {
            let node = &mut self.nodes[node as usize];
            self.leaves[node.to as usize] = leaf;
            node.to += 1;
        }
    }

    /// The node that a word leads to, made where there is none.
    fn step(&mut self, node: u32, word: u32) -> u32 {
        let next = narrow(self.nodes.len());
        let slot = if node == 0 {
            if self.begins.len() <= word as usize {
                self.begins.resize(word as usize + 1, 0);
            }
            &mut self.begins[word as usize]
        } else {
            self.nodes[node as usize].inner = true;
            self.edges.entry((node, word)).or_insert(0)
        };
        if *slot == 0 {
            *slot = next;
            self.nodes.push(Node::default());
        }
        *slot
    }

    /// Makes what a compiled form leaves out.
    pub(crate) fn restore(&mut self) {
        self.words.restore();
    }

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    pub(crate) fn data(&self, data: u32) -> &[(Symbol, Symbol)] {
        let (from, to) = (self.data_from[data as usize], self.data_from[data as usize + 1]);
        &self.data[from as usize..to as usize]
    }

    /// Every entry that begins at token `at`, longest last. `parts` gives the word numbers of a token, `token` its text.
    pub(crate) fn hits<'t>(
        &self,
        at: usize,
        end: usize,
        parts: impl Fn(usize) -> Range<usize>,
        numbers: &[u32],
        token: impl Fn(usize) -> &'t str,
        out: &mut Vec<Hit>,
    ) {
        let mut node = 0;
        for here in at..end {
            for part in parts(here) {
                let word = numbers[part];
                let next = if node == 0 {
                    self.begins.get(word as usize)
                } else if self.nodes[node as usize].inner {
                    self.edges.get(&(node, word))
                } else {
                    None
                };
                match next {
                    Some(next) if *next != 0 => node = *next,
                    _ => return,
                }
            }
            let Node { from, to, .. } = self.nodes[node as usize];
            for leaf in &self.leaves[from as usize..to as usize] {
                if leaf.exact == 0 || self.is_spelled(leaf.exact, (at..=here).map(&token)) {
                    out.push(Hit { list: leaf.list, at: narrow(at), end: narrow(here + 1), data: leaf.data });
                }
            }
        }
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
