//! All lists of a rule set as one trie over word numbers: one pass over a text finds every entry of every list.

use std::ops::Range;

use chancery_text::fold;
use rustc_hash::FxHashMap;

use crate::symbol::Symbol;

/// Data of an entry: key and value.
pub(crate) type Data = Box<[(Symbol, Symbol)]>;

/// What ends at a node of the trie.
#[derive(Clone, Debug)]
struct Leaf {
    list: u32,
    data: u32,
    /// The entry's tokens as written, where its case counts.
    exact: Option<Box<[Box<str>]>>,
}

/// The parts of a folded token between hyphens; a token that folds to nothing, such as a dash, has one empty part.
pub(crate) fn parts(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(' ')
}

/// An entry that stands at a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) list: u32,
    /// One past the last token.
    pub(crate) end: u32,
    /// Index into the dictionary's data.
    pub(crate) data: u32,
}

/// Words (parts of tokens between hyphens, folded) and the trie of all entries. Node 0 is the root.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dictionary {
    words: FxHashMap<String, u32>,
    edges: FxHashMap<(u32, u32), u32>,
    leaves: Vec<Vec<Leaf>>,
    data: Vec<Data>,
}

impl Dictionary {
    pub(crate) fn new() -> Self {
        Self { leaves: vec![Vec::new()], data: vec![Data::default()], ..Self::default() }
    }

    /// The number of a folded word; words of no list and no pattern have number 0.
    pub(crate) fn word(&self, folded: &str) -> u32 {
        self.words.get(folded).copied().unwrap_or(0)
    }

    pub(crate) fn intern(&mut self, folded: &str) -> u32 {
        let next = u32::try_from(self.words.len() + 1).unwrap_or(u32::MAX);
        *self.words.entry(folded.to_owned()).or_insert(next)
    }

    /// The word numbers of one folded token: one for each part between hyphens.
    pub(crate) fn intern_token(&mut self, folded: &str) -> Vec<u32> {
        parts(folded).map(|part| self.intern(part)).collect()
    }

    /// Adds an entry given as its tokens.
    pub(crate) fn add(&mut self, list: u32, tokens: &[&str], exact: bool, data: Data) {
        let mut node = 0;
        for token in tokens {
            for word in self.intern_token(&fold(token)) {
                let next = u32::try_from(self.leaves.len()).unwrap_or(u32::MAX);
                let leaves = &mut self.leaves;
                node = *self.edges.entry((node, word)).or_insert_with(|| {
                    leaves.push(Vec::new());
                    next
                });
            }
        }
        let data = if data.is_empty() {
            0
        } else {
            self.data.push(data);
            u32::try_from(self.data.len() - 1).unwrap_or(0)
        };
        let exact = exact.then(|| tokens.iter().map(|t| Box::from(*t)).collect());
        if node != 0 {
            self.leaves[node as usize].push(Leaf { list, data, exact });
        }
    }

    pub(crate) fn data(&self, data: u32) -> &[(Symbol, Symbol)] {
        &self.data[data as usize]
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
                match self.edges.get(&(node, numbers[part])) {
                    Some(next) => node = *next,
                    None => return,
                }
            }
            for leaf in &self.leaves[node as usize] {
                let fits = leaf.exact.as_ref().is_none_or(|exact| {
                    exact.len() == here + 1 - at
                        && exact.iter().enumerate().all(|(n, w)| **w == *token(at + n))
                });
                if fits {
                    out.push(Hit {
                        list: leaf.list,
                        end: u32::try_from(here + 1).unwrap_or(u32::MAX),
                        data: leaf.data,
                    });
                }
            }
        }
    }
}
