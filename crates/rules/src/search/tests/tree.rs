//! Random patterns, with the lists, the phrase and the early annotation that they refer to.

use std::collections::BTreeMap;

use proptest::prelude::*;

/// A small pattern.
#[derive(Clone, Debug)]
pub(super) enum Tree {
    Word(char),
    Any,
    /// `{l}`, or `{m}`, perhaps with a test on its data.
    Entry(List),
    /// `{@l}`.
    Inside(List),
    /// `{n}`, found by a rule of the layer before.
    Note,
    /// `{p}`, which all patterns share.
    Phrase,
    /// `!( … )` where true, else `&( … )`.
    Look(bool, Box<Tree>),
    Start,
    End,
    Seq(Vec<Tree>),
    Alt(Vec<Tree>),
    Repeat(Box<Tree>, u32, Option<u32>),
    Capture(char, Box<Tree>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum List {
    Plain,
    Data,
    /// Entries of `m` with `k=1`.
    One,
}

impl List {
    fn written(self) -> &'static str {
        match self {
            Self::Plain => "l",
            Self::Data => "m",
            Self::One => "m:k=1",
        }
    }
}

impl Tree {
    pub(super) fn written(&self) -> String {
        let join = |all: &[Self], by: &str| all.iter().map(Self::written).collect::<Vec<_>>().join(by);
        match self {
            Self::Word(c) => c.to_string(),
            Self::Any => "[any]".into(),
            Self::Entry(list) => format!("{{{}}}", list.written()),
            Self::Inside(list) => format!("{{@{}}}", list.written()),
            Self::Note => "{n}".into(),
            Self::Phrase => "{p}".into(),
            Self::Look(negative, inner) => {
                format!("{}({})", if *negative { "!" } else { "&" }, inner.written())
            }
            Self::Start => "^".into(),
            Self::End => "$".into(),
            Self::Seq(all) => format!("({})", join(all, " ")),
            Self::Alt(all) => format!("({})", join(all, " | ")),
            Self::Repeat(inner, 0, Some(1)) => format!("({})?", inner.written()),
            Self::Repeat(inner, 0, None) => format!("({})*", inner.written()),
            Self::Repeat(inner, 1, None) => format!("({})+", inner.written()),
            Self::Repeat(inner, min, max) => format!("({}){{{min},{}}}", inner.written(), max.unwrap_or(9)),
            Self::Capture(name, inner) => format!("{name}:({})", inner.written()),
        }
    }
}

/// What patterns refer to.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) plain: Vec<String>,
    pub(super) data: BTreeMap<String, u8>,
    pub(super) phrase: Tree,
    pub(super) note: Tree,
}

impl World {
    /// The blocks of lists, phrase and the early rule.
    pub(super) fn blocks(&self) -> String {
        let plain: Vec<String> = self.plain.iter().map(|entry| format!("'{}'", spaced(entry))).collect();
        format!(
            "[[list]]\nid = 'l'\nwords = [{}]\n[[list]]\nid = 'm'\nfile = 'lists/m.tsv'\n\
             [[phrase]]\nid = 'p'\nis = '{}'\n\
             [[rule]]\nid = 'early'\nlayer = 'early'\nfinds = 'n'\nwhen = '{}'\nclaims = []\nyes = ['a']\n",
            plain.join(", "),
            self.phrase.written(),
            self.note.written(),
        )
    }

    pub(super) fn list_file(&self) -> String {
        self.data.iter().map(|(entry, k)| format!("{}\tk={k}\n", spaced(entry))).collect()
    }

    /// Whether a list has this entry.
    pub(super) fn has(&self, list: List, entry: &str) -> bool {
        match list {
            List::Plain => self.plain.iter().any(|own| own == entry),
            List::Data => self.data.contains_key(entry),
            List::One => self.data.get(entry) == Some(&1),
        }
    }
}

fn spaced(entry: &str) -> String {
    entry.chars().map(String::from).collect::<Vec<_>>().join(" ")
}

/// Short entries over few words, so that they overlap.
pub(super) fn world() -> impl Strategy<Value = World> {
    let plain = prop::collection::btree_set("[abc]{1,3}", 1..5);
    let data = prop::collection::btree_map("[abd]{1,3}", 1_u8..3, 1..5);
    (plain, data, grown(leaf(false).boxed(), 2), grown(leaf(false).boxed(), 1)).prop_map(
        |(plain, data, phrase, note)| World {
            plain: plain.into_iter().collect(),
            data,
            // Long enough to be matched by itself: a short phrase is written out where it is used.
            phrase: Tree::Seq(vec![phrase, optional('d'), optional('e'), optional('d')]),
            note,
        },
    )
}

fn optional(word: char) -> Tree {
    Tree::Repeat(Box::new(Tree::Word(word)), 0, Some(1))
}

/// A pattern that may refer to all of a world.
pub(super) fn tree() -> impl Strategy<Value = Tree> {
    grown(leaf(true).boxed(), 4)
}

/// As [`tree`], but small.
pub(super) fn small_tree() -> impl Strategy<Value = Tree> {
    grown(leaf(true).boxed(), 2)
}

fn list() -> impl Strategy<Value = List> {
    prop::sample::select(vec![List::Plain, List::Data, List::One])
}

fn leaf(refers: bool) -> impl Strategy<Value = Tree> {
    let refers = u32::from(refers);
    prop_oneof![
        8 => prop::sample::select(vec!['a', 'b', 'c', 'd']).prop_map(Tree::Word),
        2 => Just(Tree::Any),
        3 => list().prop_map(Tree::Entry),
        1 => list().prop_map(Tree::Inside),
        2 * refers => Just(Tree::Note),
        2 * refers => Just(Tree::Phrase),
        1 => prop_oneof![Just(Tree::Start), Just(Tree::End)],
        1 => prop::sample::select(vec!['a', 'b']).prop_map(|word| not(Tree::Word(word))),
        1 => list().prop_map(|list| not(Tree::Entry(list))),
    ]
}

/// One token at which a pattern does not begin.
fn not(tree: Tree) -> Tree {
    Tree::Seq(vec![Tree::Look(true, Box::new(tree)), Tree::Any])
}

fn grown(leaf: BoxedStrategy<Tree>, depth: u32) -> BoxedStrategy<Tree> {
    let grow = |inner: BoxedStrategy<Tree>| {
        let some = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            4 => some.clone().prop_map(Tree::Seq),
            3 => some.prop_map(Tree::Alt),
            2 => (inner.clone(), 0_u32..2).prop_map(|(t, min)| Tree::Repeat(Box::new(t), min, None)),
            2 => (inner.clone(), 0_u32..3, 0_u32..3)
                .prop_map(|(t, min, more)| Tree::Repeat(Box::new(t), min, Some((min + more).max(1)))),
            2 => (prop::sample::select(vec!['x', 'y']), inner.clone())
                .prop_map(|(name, t)| Tree::Capture(name, Box::new(t))),
            1 => (any::<bool>(), inner).prop_map(|(negative, t)| Tree::Look(negative, Box::new(t))),
        ]
    };
    leaf.prop_recursive(depth, 20, 3, grow).boxed()
}
