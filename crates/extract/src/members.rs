//! Bodies and countries that come to posts over other words: `X from BODY`, the members of a side, lists under a title.

use std::cell::OnceCell;

use chancery_rules::{Annotation, Range};
use rustc_hash::FxHashMap;

use crate::fields::entry;
use crate::pairing::{Joint, Reader, What};
use crate::posts::{Held, Posts, Tie};

/// A name stands so many tokens before the next title at most.
const NEAR: usize = 12;

impl Reader<'_, '_> {
    /// Names with a body and no title: `X from BODY`, `the BODY delegation included X`. A post that already stands
    /// before the name takes the body.
    pub(crate) fn bodies_alone(&self, officials: &[&Annotation], posts: &mut Posts<'_>) {
        let headings = OnceCell::new();
        for a in officials {
            let Some(body) = a.capture(self.fields.body).filter(|_| a.capture(self.fields.post).is_none())
            else {
                continue;
            };
            if a.value(self.fields.apart).is_some() {
                self.apart(a, body, posts);
                continue;
            }
            let Some(person) = a.capture(self.fields.name) else {
                self.members(a, body, posts);
                continue;
            };
            let Some(mine) = posts.of.get(&person) else {
                let headings = headings.get_or_init(|| self.headings());
                let listed = headings.get(&self.doc.sentence_of(person.start));
                let post = listed.filter(|post| post.range.end <= person.start);
                posts.add(
                    person,
                    post.map_or_else(|| Held::bare(body, a.rule), |post| self.listed(post, body)),
                );
                continue;
            };
            // The post that stands next to the name: `the team captain, Officer X of BODY`.
            let near = |n: &&usize| posts.held[**n].held.title.map_or(0, |title| title.end);
            let before =
                |n: &&usize| posts.held[**n].held.title.is_some_and(|title| title.end <= person.start);
            let open = || mine.iter().filter(|n| posts.held[**n].held.body.is_none());
            let nearest = open().filter(before).max_by_key(near).or_else(|| open().next());
            if let Some(n) = nearest {
                let title = posts.held[*n].held.title;
                posts.held[*n].held.body = Some(body);
                // `Attorneys X and Y of BODY`: of all who share the title.
                for n in title.and_then(|title| posts.titled.get(&title)).into_iter().flatten() {
                    // `X (BODY), Y (BODY) and Z are members`: not of those behind it.
                    if posts.held[*n].person.end <= body.start {
                        posts.held[*n].held.body.get_or_insert(body);
                    }
                }
                if let Some(title) = title.filter(|title| title.end <= person.start) {
                    self.colleagues(title, body, posts);
                }
            }
        }
    }

    /// Somebody worked for a body: that is beside their posts, none of which it fills.
    fn apart(&self, a: &Annotation, body: Range, posts: &mut Posts<'_>) {
        let pronoun = || a.capture(self.fields.pronoun).and_then(|pronoun| self.person_before(pronoun.start));
        let Some(person) = a.capture(self.fields.name).or_else(pronoun) else { return };
        let same = |held: &Range| self.doc.words(*held) == self.doc.words(body);
        let mine = posts.of.get(&person).into_iter().flatten();
        if !mine.filter_map(|n| posts.held[*n].held.body).any(|held| same(&held)) {
            posts.add(person, Held::bare(body, a.rule));
        }
    }

    /// `Officer X, Clerk Y and Officer Z of BODY`: it is that of those before too, where no title says more than what
    /// many are in a body.
    fn colleagues(&self, last: Range, body: Range, posts: &mut Posts<'_>) {
        let staff = |title: Range| {
            (title.start..title.end)
                .any(|at| entry(self.doc, self.fields, self.fields.lists.staff, at) == Some(title.end))
        };
        let mut next = last;
        while staff(next) {
            let near =
                (next.start.saturating_sub(NEAR)..next.start).rev().flat_map(|at| self.doc.starting(at));
            let names = near.filter(|(_, a)| a.kind == self.fields.person).map(|(_, a)| a.range);
            let beside = |name: &Range| {
                name.end <= next.start
                    && matches!(
                        self.joint(name.end, next.start),
                        Some((Joint::Comma | Joint::And | Joint::CommaAnd, _))
                    )
            };
            let Some(held) = names.filter(beside).find_map(|name| posts.of.get(&name)) else { break };
            let [n] = held[..] else { break };
            let held = &mut posts.held[n].held;
            let (Some(title), None, None) = (held.title, held.body, held.country) else { break };
            if held.tie != Tie::Before || !staff(title) {
                break;
            }
            held.body = Some(body);
            next = title;
        }
    }

    /// `Prime Minister X of COUNTRY`: a post directly before the name takes the country.
    pub(crate) fn countries(&self, officials: &[&Annotation], posts: &mut Posts<'_>) {
        for a in officials {
            let (Some(person), Some(country), None) =
                (a.capture(self.fields.name), a.capture(self.fields.country), a.capture(self.fields.post))
            else {
                continue;
            };
            let country = self.country(country);
            for n in posts.of.get(&person).into_iter().flatten() {
                let held = &mut posts.held[*n].held;
                if held.body.is_none() {
                    held.country = held.country.or(country);
                }
            }
        }
    }

    /// Everybody named after `a` in its sentence who has no post is of the body. Where the rule says so, posts without a
    /// body are held in it, and a list may go on in the lines below: `Ports Board side:`.
    fn members(&self, a: &Annotation, body: Range, posts: &mut Posts<'_>) {
        let fills = a.value(self.fields.fills).is_some();
        let below = &self.doc.sentences()[self.doc.sentence_of(a.range.start)..];
        let mut end = below.first().map_or(a.range.end, |sentence| sentence.end);
        if fills && end == a.range.end {
            let listed = below.iter().skip(1).take_while(|line| self.begins_with_name(line.start));
            end = listed.last().map_or(end, |line| line.end);
        }
        let names = (a.range.end..end).flat_map(|t| self.doc.starting(t));
        for (_, name) in names.filter(|(_, n)| n.kind == self.fields.person) {
            let Some(mine) = posts.of.get(&name.range) else {
                posts.add(name.range, Held::bare(body, a.rule));
                continue;
            };
            for n in mine.iter().filter(|_| fills) {
                let held = &mut posts.held[*n].held;
                held.body = held.body.or(Some(body).filter(|_| held.country.is_none()));
            }
        }
    }

    /// Whether a line begins with a name, after forms of address at most.
    fn begins_with_name(&self, start: usize) -> bool {
        let named = |at: usize| self.doc.starting(at).any(|(_, a)| a.kind == self.fields.person);
        (start..self.doc.tokens().len().min(start + 10))
            .find(|at| named(*at))
            .is_some_and(|at| self.joint(start, at).is_some())
    }

    /// The plural post before a colon, for its sentence and the list in the lines below: `as Directors: X, BODY; Y, BODY`.
    fn headings(&self) -> FxHashMap<usize, &Annotation> {
        let mut headings: FxHashMap<usize, &Annotation> = FxHashMap::default();
        for (n, sentence) in self.doc.sentences().iter().enumerate() {
            let plural = |a: &Annotation| {
                a.kind == self.fields.post
                    && a.value(self.fields.number) == Some(self.fields.plural)
                    && a.all(self.fields.body).next().is_none()
                    && entry(self.doc, self.fields, self.fields.lists.colon, a.range.end).is_some()
            };
            let posts = (sentence.start..sentence.end).flat_map(|at| self.doc.starting(at));
            let own = posts.map(|(_, a)| a).find(|a| plural(a));
            let above = || {
                let last = n.checked_sub(1)?;
                let end = self.doc.sentences()[last].end;
                let post = headings.get(&last)?;
                let open =
                    post.range.end + 1 == end || self.begins_with_name(self.doc.sentences()[last].start);
                (open && self.begins_with_name(sentence.start)).then_some(*post)
            };
            if let Some(post) = own.or_else(above) {
                headings.insert(n, post);
            }
        }
        headings
    }

    /// The post of a list, held in the body beside one of its names.
    fn listed(&self, post: &Annotation, body: Range) -> Held {
        let bare = Held::bare(body, post.rule);
        // In lower case it only says what they are here: `the members: X, BODY`.
        let What::Post { held, lower: false, .. } = self.post(post).what else { return bare };
        let own = held.into_iter().next();
        own.map_or(bare, |held| Held { body: Some(body), tie: Tie::Chain, ..held })
    }
}
