//! Posts and who holds them.

use chancery_record::Span;
use chancery_rules::{Doc, Range, Symbol};
use chancery_text::fold;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::definitions::is_acronym;
use crate::fields::Fields;

/// A post as somebody holds it.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// The words of the title; `None` for somebody `from` a body.
    pub(crate) title: Option<Range>,
    /// A token of the body's mention.
    pub(crate) body: Option<Range>,
    pub(crate) country: Option<Symbol>,
    pub(crate) role: Option<Symbol>,
    pub(crate) acting: bool,
    pub(crate) former: bool,
    pub(crate) tie: Tie,
    pub(crate) rule: Option<usize>,
}

/// How a post came to its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tie {
    /// A rule ties them over other words: `X, who is the Y`.
    Rule,
    /// Right before the name; before it and a comma.
    Before,
    BeforeSign,
    /// Right after the name; after it and a comma.
    After,
    AfterSign,
    /// Other names or posts stand between.
    Chain,
    /// A body alone makes somebody an official.
    Body,
}

impl Tie {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Before => "before",
            Self::BeforeSign => "before-sign",
            Self::After => "after",
            Self::AfterSign => "after-sign",
            Self::Chain => "chain",
            Self::Body => "body",
        }
    }
}

impl Held {
    /// Of somebody whose body alone is told.
    pub(crate) const fn bare(body: Range, rule: Option<usize>) -> Self {
        Self {
            title: None,
            body: Some(body),
            country: None,
            role: None,
            acting: false,
            former: false,
            tie: Tie::Body,
            rule,
        }
    }

    /// What the post says of its holder: the words of title and body, folded.
    pub(crate) fn said(&self, doc: &Doc<'_>) -> (Option<String>, Option<String>) {
        let words = |r: Option<Range>| r.map(|r| fold(doc.words(r)));
        (words(self.title), words(self.body))
    }

    /// Where the post stands: its title, else its body.
    pub(crate) fn span(&self, doc: &Doc<'_>) -> Span {
        let (start, end) = doc.bytes(self.title.or(self.body).unwrap_or_default());
        Span::new(start, end)
    }
}

/// Drops the posts of a person that only repeat another: its title without its body, the title's beginning or end, or
/// its plural.
pub(crate) fn without_repeats(fields: &Fields<'_>, doc: &Doc<'_>, posts: &mut Vec<Held>) {
    let said = |held: &Held, title: Range| (fold(doc.words(title)), held.acting, held.former);
    drop_abbreviations(doc, posts);
    let mut full = FxHashSet::default();
    let mut held_in = FxHashSet::default();
    for held in posts.iter() {
        let Some(title) = held.title else { continue };
        if held.body.is_some() {
            full.insert(said(held, title));
        }
        held_in.insert((said(held, title), held.said(doc).1));
        full.extend(shorter(fields, doc, title).map(|title| said(held, title)));
    }
    posts.retain(|held| {
        let Some(title) = held.title else { return true };
        let (words, acting, former) = said(held, title);
        let bare = held.body.is_none() && held.country.is_none();
        let again = |words: String| {
            let said = (words, acting, former);
            let same = held_in.contains(&(said.clone(), held.said(doc).1));
            same || (bare && full.contains(&said))
        };
        let plural = words.strip_suffix('s').is_some_and(|one| again(one.to_owned()));
        let shorter = bare && full.contains(&(words, acting, former));
        !(plural || shorter)
    });
}

/// So many posts of one person are compared one by one; nobody holds more.
const FEW: usize = 32;

/// Drops a bare title that shortens another of the same person: `Sen.` and `Sens` beside `Senator`, `PM` beside `Prime
/// Minister`.
fn drop_abbreviations(doc: &Doc<'_>, posts: &mut Vec<Held>) {
    if !(2..=FEW).contains(&posts.len()) {
        return;
    }
    let words = |held: &Held| {
        let title = held.title?;
        Some((title.start..title.end).map(|at| fold(doc.word(at))).collect::<Vec<String>>())
    };
    let shortens = |short: &str, word: &str| {
        let stem = short.trim_end_matches('.');
        let stem = stem.strip_suffix('s').unwrap_or(stem);
        let plural = word.strip_suffix('s').unwrap_or(word) == stem;
        !plural && stem.len() > 1 && word.len() > short.len() && word.starts_with(stem)
    };
    let all: Vec<Option<Vec<String>>> = posts.iter().map(words).collect();
    let again = |n: usize| {
        let held = &posts[n];
        let Some(mine) = all[n].as_ref().filter(|_| held.body.is_none() && held.country.is_none()) else {
            return false;
        };
        let same = |(mine, other): (&String, &String)| mine == other || shortens(mine, other);
        let letters = held.title.filter(|title| title.len() == 1 && is_acronym(doc.words(*title)));
        let initials =
            |other: &Vec<String>| other.iter().filter_map(|word| word.chars().next()).collect::<String>();
        let of_letters =
            |other: &Vec<String>| letters.is_some() && other.len() > 1 && initials(other) == mine[0];
        all.iter().flatten().any(|other| {
            // `Sen.` beside `State Senator`.
            let last = &other[other.len().saturating_sub(mine.len())..];
            let words = last.len() == mine.len() && last != mine && mine.iter().zip(last).all(same);
            words || of_letters(other)
        })
    };
    let again: Vec<bool> = (0..posts.len()).map(again).collect();
    let mut again = again.into_iter();
    posts.retain(|_| !again.next().unwrap_or(false));
}

/// What may stand for a title: its words up to a preposition, and the last of these, where those left out make no other
/// rank of it: `Director` for the `National Ports Director of Kenya`.
fn shorter<'d>(fields: &'d Fields<'_>, doc: &'d Doc<'_>, title: Range) -> impl Iterator<Item = Range> + 'd {
    let preposition = |at: &usize| doc.begins(&[fields.lists.preposition], *at);
    let end = (title.start + 1..title.end).find(preposition);
    let head = Range::new(title.start, end.unwrap_or(title.end));
    let same = move |at: &usize| !doc.begins(&[fields.lists.other_rank], *at);
    let ends = (head.start..head.end - 1).take_while(same).map(move |at| Range::new(at + 1, head.end));
    end.map(|_| head).into_iter().chain(ends)
}

/// A person and a post of theirs.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) person: Range,
    pub(crate) held: Held,
}

/// All pairs, with those of each person and of each place where a title stands.
pub(crate) struct Posts<'p> {
    pub(crate) held: &'p mut Vec<Pair>,
    pub(crate) of: FxHashMap<Range, Vec<usize>>,
    pub(crate) titled: FxHashMap<Range, Vec<usize>>,
}

impl<'p> Posts<'p> {
    pub(crate) fn of(held: &'p mut Vec<Pair>) -> Self {
        let mut of: FxHashMap<Range, Vec<usize>> = FxHashMap::default();
        let mut titled: FxHashMap<Range, Vec<usize>> = FxHashMap::default();
        for (n, pair) in held.iter().enumerate() {
            of.entry(pair.person).or_default().push(n);
            if let Some(title) = pair.held.title {
                titled.entry(title).or_default().push(n);
            }
        }
        Self { held, of, titled }
    }

    pub(crate) fn add(&mut self, person: Range, held: Held) {
        self.of.entry(person).or_default().push(self.held.len());
        self.held.push(Pair { person, held });
    }
}
