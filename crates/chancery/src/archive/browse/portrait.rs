//! All that an archive holds of one person.

use std::collections::BTreeMap;

use chancery_text::{Likeness, fold};
use serde::Serialize;

use super::super::state::Narrowed;
use super::people::{post_in_words, who};
use super::tally::Tally;
use super::{Extent, Filter, PersonLine, Spellings};
use crate::Error;
use crate::archive::Archive;

/// So many others of the same releases are named.
const TOGETHER: usize = 10;
/// So many others of a like name are told.
const OTHERS: usize = 20;

/// A post as a person held it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PortraitPost {
    /// The title, and the body where the title does not name it.
    pub post: String,
    /// Class of the title.
    pub role: Option<String>,
    /// Whether some release calls it acting.
    pub acting: bool,
    /// Whether the last release calls it former.
    pub former: bool,
    /// Releases that give it.
    #[serde(flatten)]
    pub extent: Extent,
}

/// How often a person did something in a year.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ActCount {
    /// Whether it is a proposal.
    pub proposal: bool,
    /// `stress`, `propose`, …
    pub act: String,
    /// The year; `None` for releases without a date.
    pub year: Option<String>,
    /// How often.
    pub count: u64,
}

/// Who or what is named in the same releases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Together {
    /// The most frequent spelling.
    pub name: String,
    /// In so many of them.
    pub releases: u64,
}

/// All that an archive holds of one person: everyone of one name in one country.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Portrait {
    /// Who it is.
    #[serde(flatten)]
    pub person: PersonLine,
    /// Whether it is the name that was asked for, in another spelling or with letters mistyped.
    pub variant: bool,
    /// Posts, the latest first.
    pub posts: Vec<PortraitPost>,
    /// What the person did, by act and year.
    pub acts: Vec<ActCount>,
    /// Other people in the same releases, the most frequent first.
    pub people: Vec<Together>,
    /// Bodies in the same releases.
    pub bodies: Vec<Together>,
    /// Others whose name fits what was asked for, the nearest first, at most twenty.
    pub others: Vec<PersonLine>,
    /// How many there are.
    pub others_total: u64,
}

impl Archive {
    /// The person whose name fits `asked` best: the whole name before a part of it, the same before another spelling, who is
    /// in most releases before others. `None` where no name fits.
    ///
    /// # Errors
    /// Where the state cannot be read, or the spellings have a mistake.
    pub fn portrait(&self, asked: &str, country: Option<&str>) -> Result<Option<Portrait>, Error> {
        let found = self.names_like(asked)?;
        let mut narrowed = Narrowed::default();
        narrowed.one_of("name", &found.iter().map(|found| found.id).collect::<Vec<_>>());
        if let Some(country) = country {
            narrowed.only("country = ? COLLATE NOCASE", country.to_owned());
        }
        let tables = self.state.spellings()?;
        let whole = tables.group(asked);
        let likeness = |tally: &Tally| {
            let is = |id: i64| tally.spellings.iter().any(|(name, _)| *name == id);
            let names = found.iter().filter(|found| is(found.id));
            names.map(|found| found.likeness).min().unwrap_or(Likeness::Typo)
        };
        let filter = Filter::default();
        let mut pass = self.pass(&filter)?;
        let mut people = Vec::new();
        for tally in self.people_of(&mut pass, &filter, &narrowed)? {
            people.push((self.line_of(&pass, &tally)?, tally));
        }
        people.sort_by_cached_key(|(line, tally)| {
            // One word is a surname: who is in most releases is meant.
            let part = whole.contains(' ') && tables.group(&line.name) != whole;
            let releases = std::cmp::Reverse(line.extent.releases);
            (part, likeness(tally), releases, line.name.clone(), line.country.clone())
        });
        let mut people = people.into_iter();
        let Some((line, tally)) = people.next() else { return Ok(None) };
        let variant = likeness(&tally) > Likeness::Spelling;
        let who = who(&line, &tally);
        let names: Vec<i64> = tally.spellings.iter().map(|(name, _)| *name).collect();
        let others_total = people.len() as u64;
        let others = people
            .take(OTHERS)
            .map(|(line, tally)| self.with_post(line, &tally))
            .collect::<Result<_, _>>()?;
        Ok(Some(Portrait {
            person: self.with_post(line, &tally)?,
            variant,
            others_total,
            posts: self.posts_of(&who)?,
            acts: self.acts_of(&who)?,
            people: self.people_beside(&who, &names)?,
            bodies: self.bodies_beside(&who)?,
            others,
        }))
    }

    fn posts_of(&self, who: &Narrowed) -> Result<Vec<PortraitPost>, Error> {
        let query = "SELECT title.text, body.text, o.role, o.acting, o.former, r.published, o.capture
            FROM person p JOIN post o ON o.capture = p.capture AND o.person = p.local
            JOIN capture c ON c.id = p.capture JOIN record r ON r.capture = p.capture
            LEFT JOIN name title ON title.id = o.title LEFT JOIN name body ON body.id = o.body
            WHERE c.current {where} ORDER BY r.published, o.capture, o.number";
        let rows = self.state.rows(query, who, |row| {
            let post = post_in_words(row.text(0)?.as_deref(), row.text(1)?.as_deref()).unwrap_or_default();
            Ok((post, row.text(2)?, row.number(3)? != 0, row.number(4)? != 0, row.text(5)?, row.number(6)?))
        })?;
        let mut posts: BTreeMap<String, (Spellings, PortraitPost, i64)> = BTreeMap::new();
        for (words, role, acting, former, published, capture) in rows {
            let (spellings, post, last) = posts.entry(fold(&words)).or_default();
            spellings.add(words, 1);
            post.role = post.role.take().or(role);
            post.acting |= acting;
            post.former = former;
            // A release that gives a post twice is one.
            if std::mem::replace(last, capture) != capture {
                post.extent.add(&Extent { releases: 1, first: published.clone(), last: published });
            }
        }
        let mut posts: Vec<PortraitPost> = posts
            .into_values()
            .map(|(spellings, post, _)| PortraitPost { post: spellings.into_parts().0, ..post })
            .collect();
        posts.sort_by(|a, b| b.extent.last.cmp(&a.extent.last).then_with(|| a.post.cmp(&b.post)));
        Ok(posts)
    }

    fn acts_of(&self, who: &Narrowed) -> Result<Vec<ActCount>, Error> {
        let query = "SELECT s.text IS NOT NULL, s.act, substr(r.published, 1, 4), count(*)
            FROM person p JOIN said s ON s.capture = p.capture AND s.actor = p.local
            JOIN capture c ON c.id = p.capture JOIN record r ON r.capture = p.capture
            WHERE c.current {where} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
        self.state.rows(query, who, |row| {
            Ok(ActCount {
                proposal: row.number(0)? != 0,
                act: row.text(1)?.unwrap_or_default(),
                year: row.text(2)?,
                count: row.number(3)?.unsigned_abs(),
            })
        })
    }

    fn people_beside(&self, who: &Narrowed, own: &[i64]) -> Result<Vec<Together>, Error> {
        let query = "SELECT name.text, name.sound, count(DISTINCT p.capture), name.id
            FROM person p JOIN person q ON q.capture = p.capture AND q.local <> p.local JOIN name ON name.id = q.name
            JOIN capture c ON c.id = p.capture WHERE c.current {where} GROUP BY name.id";
        let rows = self.state.rows(query, who, |row| {
            Ok((row.number(3)?, row.text(0)?, row.number(1)?, row.number(2)?.unsigned_abs()))
        })?;
        let rows = rows.into_iter().filter(|(id, ..)| !own.contains(id));
        Ok(most_often(rows.map(|(_, text, sound, count)| (text, sound, count))))
    }

    fn bodies_beside(&self, who: &Narrowed) -> Result<Vec<Together>, Error> {
        let query = "SELECT name.text, name.wording, count(DISTINCT p.capture)
            FROM person p JOIN body b ON b.capture = p.capture JOIN name ON name.id = b.name
            JOIN capture c ON c.id = p.capture WHERE c.current {where} GROUP BY name.id";
        let rows = self
            .state
            .rows(query, who, |row| Ok((row.text(0)?, row.number(1)?, row.number(2)?.unsigned_abs())))?;
        Ok(most_often(rows))
    }
}

/// Names by what their spellings share, the most frequent first.
fn most_often(rows: impl IntoIterator<Item = (Option<String>, i64, u64)>) -> Vec<Together> {
    let mut all: BTreeMap<i64, (Spellings, u64)> = BTreeMap::new();
    for (text, sound, count) in rows {
        let (spellings, sum) = all.entry(sound).or_default();
        spellings.add(text.unwrap_or_default(), count);
        *sum += count;
    }
    let mut all: Vec<Together> = all
        .into_values()
        .map(|(spellings, releases)| Together { name: spellings.into_parts().0, releases })
        .collect();
    all.sort_by(|a, b| b.releases.cmp(&a.releases).then_with(|| a.name.cmp(&b.name)));
    all.truncate(TOGETHER);
    all
}
