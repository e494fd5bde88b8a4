//! The posts of an archive and who held them.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use chancery_text::fold;

use super::super::state::{Narrowed, folded_words};
use super::people::post_in_words;
use super::tally::{Pass, Tally, in_order, shortlist};
use super::{Extent, Filter, Listing, Order, Spellings};
use crate::Error;
use crate::archive::Archive;

/// A post: all of the same words, body and country.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PostLine {
    /// The title, and the body where the title does not name it.
    pub post: String,
    /// Class of the title.
    pub role: Option<String>,
    /// Of the post or its body, else of the issuer.
    pub country: Option<String>,
    /// Whether no text tells the country.
    pub country_inferred: bool,
    /// Releases that give it.
    #[serde(flatten)]
    pub extent: Extent,
    /// Who holds it, the latest first; acting and former holders too.
    pub holders: Vec<Holder>,
}

/// Somebody who holds a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// The most frequent spelling.
    pub name: String,
    /// Releases that give the person this post.
    #[serde(flatten)]
    pub extent: Extent,
}

impl Archive {
    /// Posts, narrowed by `filter` (in which `matching` is the name of a holder, or words of the post), the first `limit` of them.
    ///
    /// # Errors
    /// As for [`Archive::people`].
    pub fn posts(&self, filter: &Filter, order: Order, limit: usize) -> Result<Listing<PostLine>, Error> {
        // Names are those of people: their rows say who is meant.
        let (people, mistyped) = self.conditions(&Filter { country: None, ..filter.clone() }, "name")?;
        let mut pass = self.pass(filter)?;
        let people = match filter.matching {
            Some(_) => Some(self.people_in(&people)?),
            None => None,
        };
        let worded = self.names_with_words(filter.matching.as_deref().unwrap_or_default())?;
        let (mut narrowed, _) = self.conditions(&Filter { matching: None, ..filter.clone() }, "name")?;
        if let Some(role) = &filter.role {
            narrowed.only("role = ?", role.clone());
        }
        let query = "SELECT capture, person, title, body, country, inferred FROM post WHERE 1 {where} ORDER BY capture, person, number";
        let mut posts: FxHashMap<(i64, i64, usize), Tally> = FxHashMap::default();
        self.state.each(query, &narrowed, |row| {
            let (capture, title, body) = (row.number(0)?, row.number(2)?, row.number(3)?);
            let Some(day) = pass.day(capture) else { return Ok(()) };
            if let Some(people) = &people
                && !people.contains(&(capture, row.text(1)?.unwrap_or_default()))
                && (worded.is_empty()
                    || !worded.iter().all(|names| names.contains(&title) || names.contains(&body)))
            {
                return Ok(());
            }
            let tally = posts
                .entry((pass.wording(title), pass.wording(body), pass.country(row.str(4)?)))
                .or_default();
            tally.add(capture, day);
            // The spellings of a post are those of its title, or of its body where it has none.
            tally.spelled(if title == 0 { body } else { title });
            tally.told |= row.number(5)? == 0;
            Ok(())
        })?;
        let posts = in_order(posts);
        let total = posts.len() as u64;
        let mut lines = Vec::new();
        for tally in shortlist(posts, order, limit) {
            let (name, _) = self.spellings(&tally)?;
            let (title, body) = (tally.key.0, tally.key.1);
            let body = if title == 0 || body == 0 { None } else { Some(self.state.name_text(body)?) };
            let post = post_in_words(Some(&name), body.as_deref()).unwrap_or_default();
            lines.push((PostLine { post, extent: tally.extent(), ..PostLine::default() }, tally));
        }
        lines.sort_by(|(a, _), (b, _)| order.compare((&a.extent, &a.post), (&b.extent, &b.post)));
        lines.truncate(limit);
        let whole = |(line, tally): (PostLine, Tally)| self.with_holders(line, &tally, &pass);
        let lines = lines.into_iter().map(whole).collect::<Result<_, _>>()?;
        Ok(Listing { total, lines, mistyped })
    }

    /// For each word the names that have it.
    fn names_with_words(&self, asked: &str) -> Result<Vec<FxHashSet<i64>>, Error> {
        let folded = fold(asked);
        let words: Vec<&str> = folded_words(&folded).collect();
        words.iter().map(|word| Ok(self.state.names_with(word)?.into_iter().collect())).collect()
    }

    /// Capture and local id of people.
    fn people_in(&self, narrowed: &Narrowed) -> Result<FxHashSet<(i64, String)>, Error> {
        let people =
            self.state.rows("SELECT capture, local FROM person WHERE 1 {where}", narrowed, |row| {
                Ok((row.number(0)?, row.text(1)?.unwrap_or_default()))
            })?;
        Ok(people.into_iter().collect())
    }

    /// The line with its holders, role and country, of all releases.
    fn with_holders(&self, mut line: PostLine, tally: &Tally, pass: &Pass) -> Result<PostLine, Error> {
        line.country = pass.country_name(tally.key.2);
        line.country_inferred = line.country.is_some() && !tally.told;
        let mut narrowed = Narrowed::default();
        let column = if tally.key.0 == 0 { "o.body" } else { "o.title" };
        narrowed.one_of(column, &tally.spellings.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        narrowed.only("o.country IS ?", line.country.clone());
        let query = "SELECT o.capture, o.body, o.role, p.name, o.title
            FROM post o JOIN person p ON p.capture = o.capture AND p.local = o.person
            WHERE 1 {where} ORDER BY o.capture, o.person, o.number";
        let mut holders: FxHashMap<(i64, i64, usize), Tally> = FxHashMap::default();
        let mut roles = Spellings::default();
        self.state.each(query, &narrowed, |row| {
            let (capture, name) = (row.number(0)?, row.number(3)?);
            let Some(day) = pass.day(capture) else { return Ok(()) };
            let is_it = if tally.key.0 == 0 {
                row.number(4)? == 0
            } else {
                pass.wording(row.number(1)?) == tally.key.1
            };
            if is_it {
                row.text(2)?.into_iter().for_each(|role| roles.add(role, 1));
                let holder = holders.entry((pass.sound(name), 0, 0)).or_default();
                holder.add(capture, day);
                holder.spelled(name);
            }
            Ok(())
        })?;
        for holder in in_order(holders) {
            line.holders.push(Holder { name: self.spellings(&holder)?.0, extent: holder.extent() });
        }
        line.holders.sort_by(|a, b| b.extent.last.cmp(&a.extent.last).then_with(|| a.name.cmp(&b.name)));
        line.role = Some(roles.into_parts().0).filter(|role| !role.is_empty());
        Ok(line)
    }
}
