//! Posts in a row behind one that a rule ties to its holder: `She served as Director of Ports, Head of the Board and
//! Chair of the Council`. They are the same person's, and over if the first is.

use chancery_rules::{Annotation, Range};
use chancery_text::Shape;
use rustc_hash::FxHashSet;

use crate::pairing::{Joint, Link, Reader, What};
use crate::posts::Pair;

/// So many tokens may stand between two posts of a row: `Chair of the Board (appointed 2010), and Head of the Council`.
const BETWEEN: usize = 8;

/// Adds the posts in a row behind `first`, one that `person` holds, and marks them as taken.
pub(crate) fn go_on(
    reader: &Reader<'_, '_>,
    person: Range,
    first: &Annotation,
    taken: &mut FxHashSet<Range>,
    pairs: &mut Vec<Pair>,
) {
    let mut last = reader.post(first);
    let over = is_over(reader, first);
    while let Some((range, next)) = after(reader, &last).filter(|(range, _)| !taken.contains(range)) {
        if let What::Post { held, .. } = &next.what {
            let mut held = held.clone();
            held.iter_mut().for_each(|held| held.former |= over);
            pairs.extend(held.into_iter().map(|held| Pair { person, held }));
        }
        taken.insert(range);
        last = next;
    }
}

/// The next post of a row: a sign or `and` joins it to the last, and no name takes it.
fn after(reader: &Reader<'_, '_>, last: &Link) -> Option<(Range, Link)> {
    let (doc, fields, end) = (reader.doc, reader.fields, last.whole.end);
    let sentence = doc.sentences()[doc.sentence_of(end.checked_sub(1)?)];
    let near = (end..sentence.end.min(end + BETWEEN)).flat_map(|at| doc.starting(at));
    let (_, post) = near.into_iter().find(|(_, a)| a.kind == fields.post)?;
    let link = reader.post(post);
    let (joint, article) = reader.joint(end, link.whole.start)?;
    let definite = doc.begins(&[fields.lists.definite], link.whole.start.saturating_sub(1));
    let joined = match joint {
        Joint::Comma => !article || (before_years(reader, end) && !definite),
        Joint::And | Joint::CommaAnd => true,
        Joint::Direct | Joint::Colon | Joint::Stop => false,
    };
    let what = matches!(&link.what, What::Post { held, plural: false, .. } if !held.is_empty());
    (joined && what && is_closed(reader, link.whole.end, sentence.end)).then_some((post.range, link))
}

/// Whether a bracket with a number stands behind a post: since when it is held.
fn before_years(reader: &Reader<'_, '_>, end: usize) -> bool {
    let doc = reader.doc;
    let bracket = doc.word(end) == "(";
    bracket
        && (end + 1..end + BETWEEN)
            .take_while(|at| doc.word(*at) != ")")
            .any(|at| doc.word(at).contains(|c: char| c.is_ascii_digit()))
}

/// Whether a post is followed by a sign, `and` or a preposition, and by no name.
fn is_closed(reader: &Reader<'_, '_>, end: usize, limit: usize) -> bool {
    let (doc, fields) = (reader.doc, reader.fields);
    if end >= limit {
        return true;
    }
    let named = (end..limit.min(end + BETWEEN)).any(|at| {
        let name = doc.starting(at).any(|(_, a)| a.kind == fields.person);
        let near = || matches!(reader.joint(end, at), Some((Joint::Direct | Joint::Comma, _)));
        name && near()
    });
    let goes_on = doc.begins(&[fields.lists.and, fields.lists.preposition], end);
    !named && (goes_on || doc.tokens()[end].shape.has(Shape::PUNCT))
}

/// Whether a post is over because of what stands around it, not of a word of its own such as `former`.
fn is_over(reader: &Reader<'_, '_>, post: &Annotation) -> bool {
    let (doc, fields) = (reader.doc, reader.fields);
    let says = |at: usize| {
        let mut entries = doc.entries(fields.rules, fields.lists.modifier, at);
        doc.begins(&[fields.lists.modifier], at)
            && entries.any(|(_, data)| data.iter().any(|(key, _)| *key == fields.former))
    };
    post.value(fields.former).is_some() && !(post.range.start..post.range.end).any(says)
}

#[cfg(test)]
mod tests {
    use crate::told::record_of;

    const WORDS: &str = r#"
        [[list]]
        id = "role"
        words = ["director", "chair", "head"]
        [[list]]
        id = "article"
        words = ["the"]
        [[list]]
        id = "doc-article"
        words = ["the", "a", "as"]
        [[list]]
        id = "doc-and"
        words = ["and"]
        [[list]]
        id = "doc-glue"
        words = [","]
        [[list]]
        id = "doc-preposition"
        words = ["of", "in"]
        [[rule]]
        id = "name"
        layer = "names"
        finds = "person"
        when = 'Ann Raye | Dan Orvin'
        say = "Two people."
        yes = ["Ann Raye"]
        [[rule]]
        id = "was"
        layer = "posts"
        finds = "post"
        beats = ["post"]
        when = 'was title:({role})'
        spans = "title"
        claims = ["title"]
        set = { former = "1" }
        say = "What somebody was."
        yes = ["was head"]
        [[rule]]
        id = "post"
        layer = "posts"
        finds = "post"
        when = 'title:({role})'
        spans = "title"
        say = "A role."
        yes = ["head"]
        [[rule]]
        id = "holds"
        layer = "officials"
        finds = "official"
        when = 'name:{person} (was | is) the? post:{post}'
        claims = ["post"]
        say = "Who was or is something."
        yes = [{ text = "Ann Raye is head", name = "Ann Raye" }]
    "#;

    /// Everybody with their posts; those that are over in brackets.
    fn check(text: &str, expected: &[&str]) {
        let record = record_of("['names', 'posts', 'officials', 'step:people']", WORDS, text);
        let told = record.officials.iter().map(|p| {
            let title = |q: &chancery_record::Post| {
                let title = q.title.clone().unwrap_or_default();
                if q.former { format!("({title})") } else { title }
            };
            format!("{}: {}", p.name, p.posts.iter().map(title).collect::<Vec<_>>().join(", "))
        });
        assert_eq!(told.collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn posts_in_a_row_are_of_one_person() {
        check("Ann Raye is head, director and the chair of it.", &["Ann Raye: head, director, chair"]);
        check("Ann Raye was head, director and chair.", &["Ann Raye: (head), (director), (chair)"]);
    }

    #[test]
    fn a_name_or_another_clause_ends_the_row() {
        check("Ann Raye is head, and chair Dan Orvin left.", &["Ann Raye: head", "Dan Orvin: chair"]);
        check("Ann Raye is head, the chair agreed.", &["Ann Raye: head"]);
    }
}
