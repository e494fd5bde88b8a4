//! What names somebody or something: people, posts, bodies, and what is said of them.

use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur};

use super::{Both, Compiler, VARIANT, Worth, each, weightless};
use crate::analysis::name_words;
use crate::known::Holder;
use crate::leaf::{Leaf, best, either, every, in_days, one_name, row};
use crate::pattern::Pattern;
use crate::period::{End, number};
use crate::wish::{Place, Wish};
use crate::wording::{distinct, folded};

/// So many words may stand between those of the name of a body, where it is marked.
const WITHIN_NAME: usize = 6;

impl Compiler<'_> {
    /// Facts of who held a post, in the time of which releases say so, whether or not their own release tells the post.
    pub(super) fn holder(&self, holder: &Holder) -> Both {
        let day = |date: &str, end| number(date, end).ok();
        let (first, last) = (day(&holder.days.0, End::First), day(&holder.days.1, End::Last));
        let names = holder.names.iter().map(|name| self.name(&distinct(name_words(name))));
        let (found, wishes): (Vec<_>, Vec<_>) = names.unzip();
        let then = in_days(first, last, self.leaves.releases);
        (Box::new(ConstScoreQuery::new(every([either(found), then]), VARIANT)), Wish::Several(1, wishes))
    }

    /// A word with a hyphen is several in a row, or of a name in any order.
    pub(super) fn row_or_name(&self, words: &[String]) -> Both {
        let pattern = Pattern::Row(words.to_vec());
        let (named, name) = self.name(words);
        let found = best([self.leaves.pattern(&pattern), named]);
        (found, Wish::Several(1, vec![Wish::One(pattern, Place::Anywhere), name]))
    }

    /// All words of a name, in any order.
    pub(super) fn name(&self, words: &[String]) -> Both {
        let names = self.leaves.fields.names;
        let found = every(words.iter().map(|word| row(names, std::slice::from_ref(word), 1.0)));
        (found, each(words, |word| Pattern::Any(vec![word]), Place::Name))
    }

    /// Who is so called: by the name as it is asked for, then by other spellings of it that the archive knows. Of a title
    /// before the name those come first who are told to have it.
    pub(super) fn speaker(&mut self, text: &str) -> Both {
        let known = self.known_as;
        let (title, name) = known.titled(text);
        let (exact, wish) = self.name(&distinct(name_words(name)));
        let others = known.people(text);
        if others.is_empty() && title.is_none() {
            return (weightless(exact), wish);
        }
        self.is_weighed = true;
        let mut found = vec![Box::new(ConstScoreQuery::new(exact, 1.0)) as Leaf];
        let mut wishes = vec![wish];
        for other in others {
            let (leaf, wish) = self.name(&distinct(name_words(other)));
            found.push(weightless(leaf));
            wishes.push(Wish::Variant(Box::new(wish)));
        }
        let mut clauses = vec![(Occur::Must, either(found))];
        let post = title.map(|title| self.leaves.post(&folded(title)));
        clauses.extend(post.map(|post| (Occur::Should, Box::new(ConstScoreQuery::new(post, 0.5)) as Leaf)));
        (Box::new(BooleanQuery::new(clauses)), Wish::First(wishes))
    }

    /// The body that is so called, by name or acronym, or by the other of the two where the archive has learned it.
    pub(super) fn organization(&mut self, text: &str) -> Both {
        let others = self.known_as.bodies(text);
        let (exact, wish) = self.body(text, if others.is_empty() { 0.0 } else { 0.5 });
        if others.is_empty() {
            return (exact, wish);
        }
        let (mut found, mut wishes): (Vec<_>, Vec<_>) =
            others.iter().map(|other| self.body(other, 0.0)).unzip();
        found.push(exact);
        wishes.push(wish);
        (best(found), Wish::Several(1, wishes))
    }

    /// A body by one of its names. What it says itself, and its people, come before what is about it, and that before what
    /// only names it; who is called as asked for (worth `lift`) before who is called otherwise.
    pub(super) fn body(&self, text: &str, lift: f32) -> Both {
        let (fields, words) = (self.leaves.fields, distinct(name_words(text)));
        let wish = Wish::One(Pattern::Near(words.clone(), WITHIN_NAME), Place::Bodies);
        let found = one_name(fields.bodies, &words);
        let worth = |leaf, worth| Box::new(ConstScoreQuery::new(leaf, worth)) as Leaf;
        if self.fields == Worth::Nothing {
            return (worth(found, lift), wish);
        }
        let own =
            best([worth(one_name(fields.names, &words), 2.0), worth(self.leaves.post(&folded(text)), 2.0)]);
        let clauses = vec![
            (Occur::Must, worth(found, lift)),
            (Occur::Should, own),
            (Occur::Should, worth(one_name(fields.about, &words), 1.0)),
        ];
        (Box::new(BooleanQuery::new(clauses)), wish)
    }

    pub(super) fn post(&self, text: &str) -> Both {
        let words = folded(text);
        let found = self.leaves.post(&words);
        let found = if self.fields == Worth::Nothing { weightless(found) } else { found };
        (found, each(&distinct(words), Pattern::Stem, Place::Post))
    }

    pub(super) fn about(&mut self, text: &str) -> Both {
        self.is_weighed = true;
        let words = distinct(folded(text));
        let spoken = every(words.iter().map(|word| self.leaves.passage(word)));
        let names = distinct(name_words(text));
        let named = one_name(self.leaves.fields.about, &names);
        let wishes = vec![
            each(&words, Pattern::Stem, Place::Passage),
            Wish::One(Pattern::Near(names, WITHIN_NAME), Place::Passage),
        ];
        (best([spoken, named]), Wish::Several(1, wishes))
    }
}
