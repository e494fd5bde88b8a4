//! The people of an archive.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::super::state::Narrowed;
use super::tally::{Pass, Tally, in_order, shortlist};
use super::{Extent, Filter, Listing, Order};
use crate::Error;
use crate::archive::Archive;

/// A person: everyone of one name in one country.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PersonLine {
    /// The most frequent spelling.
    pub name: String,
    /// The other spellings, most frequent first.
    pub also: Vec<String>,
    /// Of the post, else of the issuer.
    pub country: Option<String>,
    /// Whether no text tells the country.
    pub country_inferred: bool,
    /// The post that most releases of the last year give; `None` for who holds none then.
    pub post: Option<String>,
    /// Class of that post.
    pub role: Option<String>,
    /// Releases that name the person.
    #[serde(flatten)]
    pub extent: Extent,
    /// Statements.
    pub statements: u64,
    /// Proposals.
    pub proposals: u64,
}

impl Archive {
    /// People, narrowed by `filter`, the first `limit` of them; `role` is the class of one of their posts.
    ///
    /// # Errors
    /// Where the filter holds no date that is one, or the state cannot be read.
    pub fn people(&self, filter: &Filter, order: Order, limit: usize) -> Result<Listing<PersonLine>, Error> {
        let (narrowed, mistyped) = self.conditions(filter, "name")?;
        let mut pass = self.pass(filter)?;
        let people = self.people_of(&mut pass, filter, &narrowed)?;
        let total = people.len() as u64;
        let mut lines = Vec::new();
        for tally in shortlist(people, order, limit) {
            lines.push((self.line_of(&pass, &tally)?, tally));
        }
        lines.sort_by(|(a, _), (b, _)| order.compare((&a.extent, &a.name), (&b.extent, &b.name)));
        lines.truncate(limit);
        let lines =
            lines.into_iter().map(|(line, tally)| self.with_post(line, &tally)).collect::<Result<_, _>>()?;
        Ok(Listing { total, lines, mistyped })
    }

    /// Everybody, counted.
    pub(super) fn people_of(
        &self,
        pass: &mut Pass,
        filter: &Filter,
        narrowed: &Narrowed,
    ) -> Result<Vec<Tally>, Error> {
        let holders = filter.role.as_deref().map(|role| self.holders(role)).transpose()?;
        let query = "SELECT capture, local, name, country, inferred, said, proposed FROM person WHERE 1 {where} ORDER BY capture, local";
        let mut people: FxHashMap<(i64, i64, usize), Tally> = FxHashMap::default();
        self.state.each(query, narrowed, |row| {
            let (capture, name) = (row.number(0)?, row.number(2)?);
            let Some(day) = pass.day(capture) else { return Ok(()) };
            if let Some(holders) = &holders
                && !holders.contains(&(capture, row.str(1)?.unwrap_or_default().to_owned()))
            {
                return Ok(());
            }
            let key = (pass.sound(name), 0, pass.country(row.str(3)?));
            let tally = people.entry(key).or_default();
            tally.add(capture, day);
            tally.spelled(name);
            tally.told |= row.number(4)? == 0;
            tally.acts[0] += row.number(5)?.unsigned_abs();
            tally.acts[1] += row.number(6)?.unsigned_abs();
            Ok(())
        })?;
        Ok(in_order(people))
    }

    /// Who holds a post of a class: capture and local id.
    fn holders(&self, role: &str) -> Result<FxHashSet<(i64, String)>, Error> {
        let mut narrowed = Narrowed::default();
        narrowed.only("role = ?", role.to_owned());
        let mut holders = FxHashSet::default();
        self.state.each("SELECT capture, person FROM post WHERE 1 {where}", &narrowed, |row| {
            holders.insert((row.number(0)?, row.text(1)?.unwrap_or_default()));
            Ok(())
        })?;
        Ok(holders)
    }

    /// The line of a person, without a post.
    pub(super) fn line_of(&self, pass: &Pass, tally: &Tally) -> Result<PersonLine, Error> {
        let (name, also) = self.spellings(tally)?;
        let country = pass.country_name(tally.key.2);
        Ok(PersonLine {
            name,
            also,
            country_inferred: country.is_some() && !tally.told,
            country,
            extent: tally.extent(),
            statements: tally.acts[0],
            proposals: tally.acts[1],
            ..PersonLine::default()
        })
    }

    /// The line with the post that most releases of the person's last year give; those held before those that are former.
    pub(super) fn with_post(&self, mut line: PersonLine, tally: &Tally) -> Result<PersonLine, Error> {
        let query = "SELECT title.text, body.text, post.role
            FROM person p JOIN post ON post.capture = p.capture AND post.person = p.local
            JOIN capture c ON c.id = p.capture JOIN record r ON r.capture = p.capture
            LEFT JOIN name title ON title.id = post.title LEFT JOIN name body ON body.id = post.body
            WHERE c.current {where} GROUP BY post.title, post.body
            ORDER BY min(post.former), count(*) DESC, max(r.published) DESC, title.text, body.text LIMIT 1";
        let mut who = who(&line, tally);
        if let Some(from) = line.extent.last.as_deref().and_then(a_year_before) {
            who.only("r.published >= ?", from);
        }
        let posts = self.state.rows(query, &who, |row| {
            Ok((post_in_words(row.text(0)?.as_deref(), row.text(1)?.as_deref()), row.text(2)?))
        })?;
        (line.post, line.role) = posts.into_iter().next().unwrap_or_default();
        Ok(line)
    }
}

/// `2020-03-02` for `2021-03-02`.
fn a_year_before(date: &str) -> Option<String> {
    let (year, rest) = date.split_once('-')?;
    Some(format!("{:04}-{rest}", year.parse::<u32>().ok()?.checked_sub(1)?))
}

/// The rows `p` of one person.
pub(super) fn who(line: &PersonLine, tally: &Tally) -> Narrowed {
    let mut who = Narrowed::default();
    who.one_of("p.name", &tally.spellings.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    who.only("p.country IS ?", line.country.clone());
    who
}

/// `Chairperson, National Post Authority`; the body is left out where the title names it.
pub(in crate::archive) fn post_in_words(title: Option<&str>, body: Option<&str>) -> Option<String> {
    match (title, body) {
        (Some(title), Some(body)) if chancery_text::fold(title).contains(&chancery_text::fold(body)) => {
            Some(title.into())
        }
        (Some(title), Some(body)) => Some(format!("{title}, {body}")),
        (title, body) => title.or(body).map(String::from),
    }
}
