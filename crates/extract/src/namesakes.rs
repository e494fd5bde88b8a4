//! Posts beside a name that belong to somebody else: the head of state whose consort bears the same surname, and the
//! first of two officials of whom only the second is named.

use chancery_record::MentionKind;
use chancery_rules::{Doc, Range};
use chancery_text::fold;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::bodies::one_line;
use crate::fields::{Fields, entry};
use crate::pairing::Pairs;
use crate::people::Human;
use crate::posts::{Pair, Tie};

/// `the Director and Minister Raye`, where another is the Director: that title stands alone, and is no post of Raye's.
pub(crate) fn part_titles(
    fields: &Fields<'_>,
    doc: &Doc<'_>,
    named: &FxHashMap<Range, usize>,
    pairs: &mut Pairs,
) {
    let mut holders: FxHashMap<String, FxHashSet<usize>> = FxHashMap::default();
    for pair in pairs.held.iter().filter(|pair| pair.held.tie != Tie::Chain) {
        if let (Some(title), Some(n)) = (pair.held.title, named.get(&pair.person)) {
            let prepositions =
                (title.start + 1..title.end).filter(|at| doc.begins(&[fields.lists.preposition], *at));
            for end in prepositions.chain([title.end]) {
                holders.entry(fold(doc.words(Range::new(title.start, end)))).or_default().insert(*n);
            }
        }
    }
    let first: FxHashMap<usize, usize> = named.iter().fold(FxHashMap::default(), |mut first, (range, n)| {
        let least = first.entry(*n).or_insert(range.start);
        *least = range.start.min(*least);
        first
    });
    let others = |pair: &Pair| {
        let (Some(title), Some(n)) = (pair.held.title, named.get(&pair.person)) else { return None };
        let again = pair.person.len() == 1 && first.get(n).is_some_and(|at| *at < title.start);
        let bare = pair.held.tie == Tie::Chain && pair.held.body.is_none() && title.end <= pair.person.start;
        let holders = holders.get(&fold(doc.words(title))).filter(|holders| !holders.contains(n));
        holders.filter(|_| again && bare).map(|_| title)
    };
    let titles: FxHashSet<Range> = pairs.held.iter().filter_map(others).collect();
    pairs.held.retain(|pair| {
        pair.held.tie != Tie::Chain || pair.held.title.is_none_or(|title| !titles.contains(&title))
    });
    pairs.alone.extend(titles.into_iter().map(|title| (title, None)));
    pairs.alone.sort_unstable();
}

/// `President Raye` after `President Dan Raye` and `Ann Raye` is he who was called so with his whole name.
pub(crate) fn move_to_holders(
    fields: &Fields<'_>,
    doc: &Doc<'_>,
    people: &mut [Human],
    named: &mut FxHashMap<Range, usize>,
    pairs: &Pairs,
) {
    let head = |title: Range| {
        let preposition =
            (title.start + 1..title.end).find(|at| doc.begins(&[fields.lists.preposition], *at));
        fold(doc.word(preposition.unwrap_or(title.end) - 1))
    };
    let beside = |pair: &Pair| {
        let title = pair.held.title.filter(|_| pair.held.tie == Tie::Before)?;
        Some((pair.person, head(title), *named.get(&pair.person)?))
    };
    let beside: Vec<(Range, String, usize)> = pairs.held.iter().filter_map(beside).collect();
    let mut holders: FxHashMap<&str, FxHashSet<usize>> = FxHashMap::default();
    for (_, head, n) in beside.iter().filter(|(name, ..)| name.len() > 1) {
        holders.entry(head).or_default().insert(*n);
    }
    let mut moved = Vec::new();
    for (range, head, from) in beside.iter().filter(|(name, ..)| name.len() == 1) {
        let Some(holders) = holders.get(head.as_str()).filter(|holders| !holders.contains(from)) else {
            continue;
        };
        let word = fold(doc.word(range.start));
        let mut fitting = holders.iter().filter(|n| people[**n].words.contains(&word));
        if let (Some(to), None) = (fitting.next(), fitting.next()) {
            moved.push((*range, *from, *to));
        }
    }
    for (range, from, to) in moved {
        if people[from].mentions.len() > 1 && named.insert(range, to) != Some(to) {
            people[from].mentions.retain(|(mention, _)| *mention != range);
            people[to].mentions.push((range, MentionKind::Short));
            people[to].mentions.sort_by_key(|(mention, _)| *mention);
        }
    }
}

/// `President Raye` in a text on the First Lady, Ann Raye, is somebody else: a person of that surname alone.
pub(crate) fn part_consorts(
    fields: &Fields<'_>,
    doc: &Doc<'_>,
    people: &mut Vec<Human>,
    named: &mut FxHashMap<Range, usize>,
    pairs: &Pairs,
) {
    let consort = |title: Range| {
        (title.start..title.end).any(|at| entry(doc, fields, fields.lists.consort, at) == Some(title.end))
    };
    let of = |pair: &Pair| pair.held.title.zip(named.get(&pair.person).copied());
    let consorts: FxHashSet<usize> =
        pairs.held.iter().filter_map(of).filter(|(title, _)| consort(*title)).map(|(_, n)| n).collect();
    if consorts.is_empty() {
        return;
    }
    let other = |pair: &Pair| {
        let (title, n) = of(pair)?;
        let beside = pair.held.tie == Tie::Before && pair.person.len() == 1 && people[n].words.len() > 1;
        (beside && consorts.contains(&n) && !consort(title)).then_some((pair.person, n))
    };
    let parted: FxHashMap<Range, usize> = pairs.held.iter().filter_map(other).collect();
    let mut parted: Vec<(Range, usize)> = parted.into_iter().collect();
    parted.sort_unstable();
    let mut made: FxHashMap<String, usize> = FxHashMap::default();
    for (range, from) in parted {
        people[from].mentions.retain(|(mention, _)| *mention != range);
        let word = fold(doc.words(range));
        let n = *made.entry(word.clone()).or_insert(people.len());
        if n == people.len() {
            let (name, words, rule) = (one_line(doc.words(range)), vec![word], people[from].rule);
            people.push(Human { name, words, rule, mentions: Vec::new(), posts: Vec::new(), strong: true });
        }
        people[n].mentions.push((range, MentionKind::Full));
        named.insert(range, n);
    }
}

#[cfg(test)]
mod tests {
    use crate::told::record_of;

    const WORDS: &str = r#"
        [[list]]
        id = "doc-consort"
        words = ["first lady"]
        [[list]]
        id = "doc-preposition"
        words = ["of"]
        [[list]]
        id = "doc-and"
        words = ["and"]
        [[list]]
        id = "doc-article"
        words = ["the"]
        [[list]]
        id = "role"
        words = ["first lady", "president", "minister", "director"]
        [[rule]]
        id = "name"
        layer = "names"
        finds = "person"
        when = 'name:((ann | dan)? (raye | orvin))'
        spans = "name"
        say = "Names."
        yes = ["Ann Raye"]
        [[rule]]
        id = "post"
        layer = "posts"
        finds = "post"
        when = 'title:({role} (of ports)?)'
        spans = "title"
        say = "Titles."
        yes = ["Minister"]
    "#;

    /// Every official of a text as `name: titles`.
    fn check(text: &str, expected: &[&str]) {
        let record = record_of("['names', 'posts', 'step:people']", WORDS, text);
        let told = record.officials.iter().map(|person| {
            let titles: Vec<&str> = person.posts.iter().filter_map(|post| post.title.as_deref()).collect();
            format!("{}: {}", person.name, titles.join(", "))
        });
        assert_eq!(told.collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn a_title_before_and_is_of_whom_the_text_gives_it_to() {
        let met = "Director of Ports Dan Orvin met Minister Ann Raye.";
        check(
            &format!("{met} The Director and Minister Raye left."),
            &["Dan Orvin: Director of Ports", "Ann Raye: Minister"],
        );
        check(
            "Minister Ann Raye met. The Director and Minister Raye left.",
            &["Ann Raye: Minister, Director"],
        );
    }

    #[test]
    fn a_consort_is_not_the_president() {
        check("First Lady Ann Raye met. President Raye left.", &["Ann Raye: First Lady", "Raye: President"]);
        check("Minister Ann Raye met. President Raye left.", &["Ann Raye: Minister, President"]);
    }

    #[test]
    fn a_title_and_surname_are_of_whoever_bears_that_title() {
        check(
            "President Dan Raye met. Minister Ann Raye met. President Raye left.",
            &["Dan Raye: President", "Ann Raye: Minister"],
        );
    }
}
