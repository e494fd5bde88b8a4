//! All that may be suggested, made ready once: names and posts, the most frequent first, with the words that find them. It is
//! read whole from one file, so that an answer needs neither a scan nor a count.
//!
//! Numbers are 32 bits, little-endian. The file begins with a mark and the state of the archive that it was made of; then
//! come the sections of [`Ready`], each after its length.

use std::collections::BTreeMap;

/// Names the layout: another means that the file is made again.
const MARK: &str = "chancery suggestions 2";
/// Beginnings as short as this have the best of what they find written beside them.
const SHORT: usize = 3;
/// So many of the best.
const BEST: usize = 64;
const NUMBER: usize = size_of::<u32>();

/// What may be suggested. Its number is its place among all, the most frequent first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::archive) struct Item {
    /// `person`, `body` or `post`, by its place in [`KINDS`].
    pub(in crate::archive) kind: u8,
    /// Releases that name it.
    pub(in crate::archive) releases: u32,
    /// Its most frequent spelling.
    pub(in crate::archive) text: String,
}

/// The kinds of items.
pub(in crate::archive) const KINDS: [&str; 3] = ["person", "body", "post"];

/// Items by number, and the numbers of those that each word, and each short beginning of a word, finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::archive) struct Ready {
    /// For each item its kind, its releases and where its text ends.
    items: Vec<[u32; 3]>,
    texts: String,
    words: Lists,
    beginnings: Lists,
}

/// Keys in order, each with a list of numbers in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Lists {
    /// For each key where it ends in `keys`, and where its list ends in `numbers`.
    ends: Vec<[u32; 2]>,
    keys: String,
    numbers: Vec<u32>,
}

impl Lists {
    fn push(&mut self, key: &str, numbers: impl IntoIterator<Item = u32>) {
        self.keys.push_str(key);
        self.numbers.extend(numbers);
        self.ends.push([self.keys.len() as u32, self.numbers.len() as u32]);
    }

    fn start(&self, at: usize) -> [usize; 2] {
        let before = at.checked_sub(1).and_then(|before| self.ends.get(before));
        before.map_or([0, 0], |ends| ends.map(|end| end as usize))
    }

    fn key(&self, at: usize) -> &str {
        let end = self.ends.get(at).map_or(0, |ends| ends[0] as usize);
        self.keys.get(self.start(at)[0]..end).unwrap_or_default()
    }

    fn list(&self, at: usize) -> &[u32] {
        let end = self.ends.get(at).map_or(0, |ends| ends[1] as usize);
        self.numbers.get(self.start(at)[1]..end).unwrap_or_default()
    }

    /// The first key that does not come before `key`.
    fn first_from(&self, key: &str) -> usize {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.key(middle) < key { low = middle + 1 } else { high = middle }
        }
        low
    }

    fn of(&self, key: &str) -> &[u32] {
        let at = self.first_from(key);
        if self.key(at) == key { self.list(at) } else { &[] }
    }

    /// The keys that begin so.
    fn beginning(&self, beginning: &str) -> impl Iterator<Item = usize> {
        let first = self.first_from(beginning);
        (first..self.ends.len()).take_while(move |at| self.key(*at).starts_with(beginning))
    }
}

impl Ready {
    /// `items` in order, and for each word the numbers of what it finds.
    pub(in crate::archive) fn of(items: &[Item], words: &BTreeMap<String, Vec<u32>>) -> Self {
        let mut ready = Self::default();
        for item in items {
            ready.texts.push_str(&item.text);
            ready.items.push([item.kind.into(), item.releases, ready.texts.len() as u32]);
        }
        let mut short: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (word, numbers) in words {
            ready.words.push(word, numbers.iter().copied());
            for letters in 1..=word.chars().count().min(SHORT) {
                let beginning: String = word.chars().take(letters).collect();
                short.entry(beginning).or_default().extend(numbers);
            }
        }
        for (beginning, mut numbers) in short {
            numbers.sort_unstable();
            numbers.dedup();
            numbers.truncate(BEST);
            ready.beginnings.push(&beginning, numbers);
        }
        ready
    }

    /// The item with this number.
    pub(in crate::archive) fn item(&self, number: u32) -> Option<Item> {
        let at = number as usize;
        let [kind, releases, end] = *self.items.get(at)?;
        let start = at.checked_sub(1).and_then(|before| self.items.get(before)).map_or(0, |item| item[2]);
        let text = self.texts.get(start as usize..end as usize)?.into();
        Some(Item { kind: u8::try_from(kind).ok()?, releases, text })
    }

    /// The first of the items that have a word that begins with `last`, and all words of `before`.
    pub(in crate::archive) fn beginning(&self, last: &str, before: &[&str], most: usize) -> Vec<u32> {
        if before.is_empty() && last.chars().count() <= SHORT && most <= BEST {
            return self.beginnings.of(last).iter().copied().take(most).collect();
        }
        let lists: Vec<&[u32]> = self.words.beginning(last).map(|at| self.words.list(at)).collect();
        self.first_of_all(&[lists], before, most)
    }

    /// The first of the items that have, of each group of words, any.
    pub(in crate::archive) fn with_words(&self, groups: &[Vec<String>], most: usize) -> Vec<u32> {
        let lists = |group: &Vec<String>| group.iter().map(|word| self.words.of(word)).collect();
        let groups: Vec<Vec<&[u32]>> = groups.iter().map(lists).collect();
        self.first_of_all(&groups, &[], most)
    }

    /// The first of the items that are in any list of each group, and in the lists of all `words`.
    fn first_of_all(&self, groups: &[Vec<&[u32]>], words: &[&str], most: usize) -> Vec<u32> {
        let mut met = vec![0_usize; self.items.len()];
        let mut wanted = 0;
        let single = words.iter().map(|word| vec![self.words.of(word)]);
        for lists in groups.iter().cloned().chain(single) {
            for number in lists.into_iter().flatten() {
                if let Some(times) = met.get_mut(*number as usize).filter(|times| **times == wanted) {
                    *times += 1;
                }
            }
            wanted += 1;
        }
        let found = (0_u32..).zip(met).filter(|(_, times)| wanted > 0 && *times == wanted);
        found.map(|(number, _)| number).take(most).collect()
    }

    /// The words that begin with `first`.
    pub(in crate::archive) fn words_from(&self, first: char) -> impl Iterator<Item = &str> {
        let mut letter = [0; 4];
        let letter = first.encode_utf8(&mut letter);
        let first = self.words.first_from(letter);
        let initial = letter.chars().next();
        let words = (first..self.words.ends.len()).map(|at| self.words.key(at));
        words.take_while(move |word| word.chars().next() == initial)
    }

    /// As bytes, made of the archive in the state `made_of`.
    pub(in crate::archive) fn written(&self, made_of: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut section = |section: &[u8]| {
            bytes.extend((section.len() as u32).to_le_bytes());
            bytes.extend(section);
        };
        section(MARK.as_bytes());
        section(made_of.as_bytes());
        section(&numbers(self.items.as_flattened()));
        section(self.texts.as_bytes());
        for lists in [&self.words, &self.beginnings] {
            section(&numbers(lists.ends.as_flattened()));
            section(lists.keys.as_bytes());
            section(&numbers(&lists.numbers));
        }
        bytes
    }

    /// What `bytes` hold; `None` where they were made of another state of the archive, or are damaged.
    pub(in crate::archive) fn read(bytes: &[u8], made_of: &str) -> Option<Self> {
        let mut rest = bytes;
        let mut section = || {
            let (length, after) = rest.split_first_chunk::<NUMBER>()?;
            let (section, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            rest = after;
            Some(section)
        };
        if section()? != MARK.as_bytes() || section()? != made_of.as_bytes() {
            return None;
        }
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        let items = rows(section()?);
        let texts = text(section()?)?;
        let mut lists = || {
            Some(Lists {
                ends: rows(section()?),
                keys: text(section()?)?,
                numbers: rows::<1>(section()?).into_iter().flatten().collect(),
            })
        };
        Some(Self { items, texts, words: lists()?, beginnings: lists()? })
    }
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn rows<const N: usize>(bytes: &[u8]) -> Vec<[u32; N]> {
    let number = |bytes: &[u8]| bytes.try_into().map_or(0, u32::from_le_bytes);
    let row = |bytes: &[u8]| {
        let mut row = [0; N];
        row.iter_mut().zip(bytes.chunks_exact(NUMBER)).for_each(|(to, bytes)| *to = number(bytes));
        row
    };
    bytes.chunks_exact(N * NUMBER).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> Ready {
        let items = [("person", 9, "Zoë Ardal"), ("body", 5, "Zone Board"), ("post", 2, "Head of Zone")];
        let items = items.map(|(kind, releases, text)| {
            let kind = KINDS.iter().position(|known| *known == kind).unwrap() as u8;
            Item { kind, releases, text: text.into() }
        });
        let words = [("ardal", vec![0]), ("board", vec![1]), ("head", vec![2]), ("of", vec![2])];
        let words = words.into_iter().chain([("zoe", vec![0]), ("zone", vec![1, 2])]);
        Ready::of(&items, &words.map(|(word, numbers)| (word.to_owned(), numbers)).collect())
    }

    #[test]
    fn what_is_written_is_read_and_no_damage_is() {
        let bytes = ready().written("state 7");
        assert_eq!(Ready::read(&bytes, "state 7"), Some(ready()));
        assert_eq!(Ready::read(&bytes, "state 8"), None);
        assert_eq!(Ready::read(&bytes[..bytes.len() - 1], "state 7"), None);
        assert_eq!(Ready::read(b"", "state 7"), None);
    }

    #[test]
    fn the_most_frequent_come_first() {
        let ready = ready();
        assert_eq!(ready.beginning("z", &[], 10), [0, 1, 2]);
        assert_eq!(ready.beginning("zon", &[], 1), [1]);
        assert_eq!(ready.beginning("zone", &[], 10), [1, 2]);
        assert_eq!(ready.beginning("zo", &["of"], 10), [2]);
        assert_eq!(ready.beginning("zo", &["zone"], 10), [1, 2]);
        assert_eq!(ready.beginning("x", &[], 10), [] as [u32; 0]);
        let either = vec![vec!["ardal".into(), "board".into()], vec!["zone".into()]];
        assert_eq!(ready.with_words(&either, 10), [1]);
        assert_eq!(ready.words_from('z').collect::<Vec<_>>(), ["zoe", "zone"]);
        assert_eq!(ready.item(1).map(|item| item.text).as_deref(), Some("Zone Board"));
    }
}
