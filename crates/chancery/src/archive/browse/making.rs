//! What may be suggested, from what the state holds of names: spellings that sound alike together, counted in current releases.

use std::collections::BTreeMap;
use std::path::Path;

use chancery_text::fold;
use rustc_hash::FxHashMap;

use super::super::format;
use super::super::state::{BrowsedRow, Narrowed, State};
use super::super::writer::INDEX;
use super::Spellings;
use super::ready::{Item, Ready};
use crate::Error;

/// The file, in the folder of the index: derived as that is, and gone with it.
const FILE: &str = "suggestions";

/// Where releases name people, bodies and posts.
const NAMED: [(&str, &str); 3] = [("person", "name"), ("body", "name"), ("post", "title")];

/// What is counted as one.
#[derive(Default)]
struct Group {
    spellings: Spellings,
    releases: u32,
    /// The last release that was counted.
    last: i64,
}

/// The group that a name belongs to as a person, a body and a post.
type OfName = [Option<u32>; 3];
/// A group with its kind.
type OfKind = (u8, Group);

impl State {
    /// What the archive holds, in short: what was made of another state is out of date.
    pub(in crate::archive) fn stamp(&self) -> Result<String, Error> {
        let query = "SELECT count(*), coalesce(max(at), ''), coalesce(min(release), ''), coalesce(max(release), '') FROM removed";
        let text = |row: &BrowsedRow<'_>, at| row.text(at).map(Option::unwrap_or_default);
        let removed = self.rows(query, &Narrowed::default(), |row| {
            Ok(format!("{} {} {} {}", row.number(0)?, text(row, 1)?, text(row, 2)?, text(row, 3)?))
        })?;
        Ok(format!("{} {} {}", self.version()?, self.last_seq()?, removed.concat()))
    }

    /// All that may be suggested.
    fn ready(&self) -> Result<Ready, Error> {
        let (groups, of_name) = self.groups()?;
        let mut order: Vec<usize> = (0..groups.len()).collect();
        let mut groups: Vec<OfKind> = groups;
        let mut items: Vec<Item> = groups
            .drain(..)
            .map(|(kind, group)| Item {
                kind,
                releases: group.releases,
                text: group.spellings.into_parts().0,
            })
            .collect();
        let key = |at: &usize| {
            items.get(*at).map(|item| (std::cmp::Reverse(item.releases), item.kind, item.text.as_str()))
        };
        order.sort_by(|a, b| key(a).cmp(&key(b)));
        order.retain(|at| items.get(*at).is_some_and(|item| item.releases > 0));
        let mut numbers = vec![None; items.len()];
        for (number, at) in (0_u32..).zip(&order) {
            if let Some(place) = numbers.get_mut(*at) {
                *place = Some(number);
            }
        }
        let mut words: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let mut finds: Vec<u32> = Vec::new();
        let query = "SELECT word, name FROM name_word ORDER BY word";
        let mut last = String::new();
        self.each(query, &Narrowed::default(), |row| {
            let word = row.str(0)?.unwrap_or_default();
            if word != last {
                add(&mut words, &mut last, &mut finds);
                word.clone_into(&mut last);
            }
            let of = usize::try_from(row.number(1)?).ok().and_then(|name| of_name.get(name));
            finds.extend(
                of.into_iter().flatten().filter_map(|at| numbers.get((*at)? as usize).copied().flatten()),
            );
            Ok(())
        })?;
        add(&mut words, &mut last, &mut finds);
        self.add_acronyms(&mut words, &of_name, &numbers)?;
        let mut sorted = Vec::with_capacity(order.len());
        for at in order {
            if let Some(item) = items.get_mut(at) {
                let text = std::mem::take(&mut item.text);
                sorted.push(Item { text, ..item.clone() });
            }
        }
        Ok(Ready::of(&sorted, &words))
    }

    /// Adds the acronyms of bodies to the words that find them.
    fn add_acronyms(
        &self,
        words: &mut BTreeMap<String, Vec<u32>>,
        of_name: &[OfName],
        numbers: &[Option<u32>],
    ) -> Result<(), Error> {
        let query = "SELECT DISTINCT acronym, name FROM body JOIN capture c ON c.id = capture
            WHERE c.current AND acronym IS NOT NULL ORDER BY 1, 2";
        self.each(query, &Narrowed::default(), |row| {
            let folded = fold(row.str(0)?.unwrap_or_default());
            let of = usize::try_from(row.number(1)?).ok().and_then(|name| of_name.get(name));
            let body =
                of.and_then(|[_, body, _]| *body).and_then(|at| numbers.get(at as usize).copied().flatten());
            if let Some(body) = body.filter(|_| !folded.is_empty() && !folded.contains(' ')) {
                let finds = words.entry(folded).or_default();
                if let Err(place) = finds.binary_search(&body) {
                    finds.insert(place, body);
                }
            }
            Ok(())
        })
    }

    /// What is counted as one, by kind; and for each name, by its number, the group of each kind that it belongs to.
    fn groups(&self) -> Result<(Vec<OfKind>, Vec<OfName>), Error> {
        let mut groups: Vec<OfKind> = Vec::new();
        let mut known: FxHashMap<(u8, String), u32> = FxHashMap::default();
        let mut of_name: Vec<OfName> = Vec::new();
        self.each("SELECT id, text, sound, people, bodies, posts FROM name", &Narrowed::default(), |row| {
            let (id, text) =
                (usize::try_from(row.number(0)?).unwrap_or_default(), row.str(1)?.unwrap_or_default());
            let mut own = [None; 3];
            for (kind, own) in (0_u8..).zip(&mut own) {
                let times = row.number(3 + usize::from(kind))?.unsigned_abs();
                if times == 0 {
                    continue;
                }
                let same = if kind == 2 { fold(text) } else { row.number(2)?.to_string() };
                let at = *known.entry((kind, same)).or_insert(groups.len() as u32);
                if groups.len() == at as usize {
                    groups.push((kind, Group::default()));
                }
                if let Some((_, group)) = groups.get_mut(at as usize) {
                    group.spellings.add(text.to_owned(), times);
                }
                *own = Some(at);
            }
            if of_name.len() <= id {
                of_name.resize(id + 1, [None; 3]);
            }
            if let Some(of) = of_name.get_mut(id) {
                *of = own;
            }
            Ok(())
        })?;
        for (kind, (table, column)) in NAMED.into_iter().enumerate() {
            // In the order of releases, so that one that names somebody twice counts once.
            let query = format!(
                "SELECT {column}, capture FROM {table} JOIN capture c ON c.id = capture
                 WHERE c.current AND {column} IS NOT NULL ORDER BY capture"
            );
            self.each(&query, &Narrowed::default(), |row| {
                let of = usize::try_from(row.number(0)?).ok().and_then(|name| of_name.get(name));
                let at = of.and_then(|of| of.get(kind).copied().flatten());
                let group = at.and_then(|at| groups.get_mut(at as usize));
                let capture = row.number(1)?;
                if let Some((_, group)) = group.filter(|(_, group)| group.last != capture) {
                    group.last = capture;
                    group.releases += 1;
                }
                Ok(())
            })?;
        }
        Ok((groups, of_name))
    }
}

/// Adds the word with the numbers of what it finds, and begins the next.
fn add(words: &mut BTreeMap<String, Vec<u32>>, word: &mut String, finds: &mut Vec<u32>) {
    let mut numbers = std::mem::take(finds);
    numbers.sort_unstable();
    numbers.dedup();
    if !numbers.is_empty() {
        words.insert(std::mem::take(word), numbers);
    }
}

/// What may be suggested in the archive at `dir`, whose state has this stamp: as it was made ready, else made now.
pub(in crate::archive) fn load(dir: &Path, state: &State, stamp: &str) -> Result<Ready, Error> {
    // A file that cannot be read is as one that is not there: it can be made again at any time.
    let bytes = std::fs::read(dir.join(INDEX).join(FILE)).unwrap_or_default();
    Ready::read(&bytes, stamp).map_or_else(|| state.ready(), Ok)
}

/// Makes ready what may be suggested, where what is there is out of date.
pub(in crate::archive) fn renew(dir: &Path, state: &State) -> Result<(), Error> {
    let (path, stamp) = (dir.join(INDEX).join(FILE), state.stamp()?);
    if std::fs::read(&path).is_ok_and(|bytes| Ready::read(&bytes, &stamp).is_some()) {
        return Ok(());
    }
    format::write_whole(&path, &state.ready()?.written(&stamp))
}
