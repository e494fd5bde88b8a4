//! A name cut into units: words with their particles apart, halves of one name joined.

use any_ascii::any_ascii;
use unicode_normalization::char::is_combining_mark;

use super::tables::NameTables;
use crate::fold::fold;

/// More words than any name has; what comes after them is left out.
const MOST_UNITS: usize = 16;

/// How the letters of a unit tell its sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// Latin letters, or such as become Latin letters with all their vowels.
    Full,
    /// Arabic and Hebrew: by their own table.
    Abjad,
    /// Only the consonants can be told.
    Consonants,
}

/// One word of a name.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// Its letters in lower case, with their marks.
    pub(super) written: String,
    /// The same, folded.
    pub(super) folded: String,
    /// Folded, the article and the first half of a compound in their one form; in Latin letters unless an abjad.
    pub(super) plain: String,
    /// What it sounds like: by its plain letters, and by those that stand for its marks.
    pub(super) sounds: Vec<String>,
    /// The same without an article that is written as one word with it.
    pub(super) bare: Option<String>,
    /// The parts of a hyphenated word.
    pub(super) parts: Vec<Self>,
    pub(super) script: Script,
    /// The first spelling of its group, where the tables name its spellings.
    pub(super) group: Option<String>,
    /// One letter that stands for a word.
    pub(super) initial: bool,
    pub(super) particle: bool,
}

impl Unit {
    /// What its spellings share.
    pub(super) fn shared(&self) -> &str {
        let own = if self.script == Script::Full { self.sounds.first() } else { Some(&self.plain) };
        self.group.as_ref().or(own).map_or("", String::as_str)
    }
}

/// A word as it stands, and whether a hyphen ties it to the one before.
pub(super) struct Word {
    pub(super) written: String,
    pub(super) folded: String,
    tied: bool,
}

impl NameTables {
    /// The titles before a name, and the name; `None` where there is no title, or nothing behind it.
    #[must_use]
    pub fn titled<'n>(&self, name: &'n str) -> Option<(&'n str, &'n str)> {
        let all = self.in_order(name);
        let titles = all.len() - self.without_titles(&all).len();
        // What is cut otherwise than at spaces, as `Talaat, Minister`, has its title elsewhere.
        let mut tokens = name.split_whitespace();
        let first =
            tokens.by_ref().take(titles).last().filter(|_| all.len() == name.split_whitespace().count())?;
        let end = first.as_ptr() as usize + first.len() - name.as_ptr() as usize;
        let (title, rest) = name.split_at_checked(end)?;
        tokens.next().map(|_| (title.trim(), rest.trim()))
    }

    /// Whether a word, folded, stands before names and is none of them.
    #[must_use]
    pub fn is_title(&self, folded: &str) -> bool {
        self.titles.contains(folded)
    }

    /// The units of `name` in order, titles at its beginning left out.
    pub(super) fn units(&self, name: &str) -> Vec<Unit> {
        let words = self.in_order(name);
        let words = self.without_titles(&words);
        let mut units = Vec::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            if units.len() == MOST_UNITS {
                break;
            }
            let (unit, used) = self.compound(words, at).unwrap_or_else(|| {
                let tied = words.get(at + 1..).unwrap_or_default().iter();
                let tied = tied.take_while(|next| next.tied && !self.is_particle(next)).count();
                if tied == 0 || self.is_particle(word) {
                    return (self.unit(&word.written, &word.folded), 1);
                }
                let parts = words.get(at..=at + tied).unwrap_or_default();
                (self.hyphenated(parts), 1 + tied)
            });
            units.push(unit);
            at += used;
        }
        if let Some(first) = units.first_mut() {
            first.particle &= self.articles.contains(&first.folded);
        }
        units
    }

    /// The words of `Talaat, Adel` as those of `Adel Talaat`; what follows the comma in `Talaat, Jr.` is no first name.
    fn in_order(&self, name: &str) -> Vec<Word> {
        if let Some((last, first)) = name.split_once([',', '،'])
            && !first.contains([',', '،'])
        {
            let (mut last, mut first) = (words(last), words(first));
            if first.iter().any(|word| !self.is_particle(word)) {
                first.append(&mut last);
                return first;
            }
            last.append(&mut first);
            return last;
        }
        words(name)
    }

    fn is_particle(&self, word: &Word) -> bool {
        self.particles.contains(&word.folded)
    }

    fn without_titles<'w>(&self, words: &'w [Word]) -> &'w [Word] {
        let mut rest = words;
        loop {
            rest = match rest {
                [first, second, after @ ..]
                    if self.titles.contains(&format!("{} {}", first.folded, second.folded)) =>
                {
                    after
                }
                [first, after @ ..] if self.titles.contains(&first.folded) => after,
                _ => break,
            };
        }
        if rest.iter().all(|word| self.is_particle(word)) { words } else { rest }
    }

    /// `Abdel Fattah`, `Abd al-Fattah`, `Abdelfattah` as one unit, and how many words it takes.
    fn compound(&self, words: &[Word], at: usize) -> Option<(Unit, usize)> {
        let word = words.get(at)?;
        if self.servants.contains(&word.folded) {
            let rest = words.get(at + 1..)?;
            let particles = rest.iter().take_while(|word| self.is_particle(word)).count();
            let last = rest.get(particles)?;
            let taken = words.get(at..=at + 1 + particles)?;
            return Some((self.joined(taken, &self.servant_of(&last.folded)), taken.len()));
        }
        let rest = self.servants.iter().find_map(|servant| word.folded.strip_prefix(servant.as_str()))?;
        let abjad = self.is_abjad(rest);
        if rest.chars().count() < if abjad { 3 } else { 4 } {
            return None;
        }
        Some((self.joined(words.get(at..=at)?, &self.servant_of(rest)), 1))
    }

    /// The one form of a compound whose second half this is.
    fn servant_of(&self, second: &str) -> String {
        if self.is_abjad(second) {
            let bare = second.strip_prefix(self.abjad_article.as_str()).unwrap_or(second);
            let servant = self.servants.iter().find(|servant| self.is_abjad(servant));
            return format!("{}{bare}", servant.map_or("", String::as_str));
        }
        format!("{}{second}", self.servant)
    }

    fn joined(&self, words: &[Word], plain: &str) -> Unit {
        let written: String = words.iter().map(|word| word.written.as_str()).collect();
        let folded: String = words.iter().map(|word| word.folded.as_str()).collect();
        let (script, plain) = self.romanised(plain, plain);
        let sounds = vec![self.sound(&plain)];
        Unit {
            written,
            folded,
            plain,
            sounds,
            bare: None,
            parts: Vec::new(),
            script,
            group: None,
            initial: false,
            particle: false,
        }
    }

    fn hyphenated(&self, words: &[Word]) -> Unit {
        let join = |of: fn(&Word) -> &str| words.iter().map(of).collect::<String>();
        let mut unit = self.unit(&join(|word| &word.written), &join(|word| &word.folded));
        unit.parts = words.iter().map(|word| self.unit(&word.written, &word.folded)).collect();
        unit
    }

    /// The unit of one word, or of several written as one.
    pub(super) fn unit(&self, written: &str, folded: &str) -> Unit {
        let (script, mut plain) = self.romanised(written, folded);
        if script == Script::Abjad
            && let Some(bare) = plain.strip_prefix(self.abjad_article.as_str())
            && bare.chars().count() >= 2
        {
            plain = bare.into();
        }
        let initial = folded.chars().count() == 1 && script == Script::Full && !written.contains(is_wide);
        // A letter that stands for a word has no sound of its own.
        let mut sounds = vec![if initial { plain.clone() } else { self.sound(&plain) }];
        let group = self.same.get(&plain).or_else(|| sounds.iter().find_map(|sound| self.same.get(sound)));
        let group = group.cloned();
        if script == Script::Full && written != folded {
            let expanded: String = written
                .chars()
                .map(|c| self.expansions.get(&c).map_or_else(|| c.to_string(), Clone::clone))
                .collect();
            let expanded = self.sound(&fold(&expanded));
            if !sounds.contains(&expanded) {
                sounds.push(expanded);
            }
        }
        let bare = (script == Script::Full).then(|| self.without_article(&plain)).flatten();
        Unit {
            written: written.into(),
            folded: folded.into(),
            group,
            initial,
            particle: self.particles.contains(folded),
            bare: bare.map(|bare| self.sound(bare)),
            parts: Vec::new(),
            plain,
            sounds,
            script,
        }
    }

    fn without_article<'p>(&self, plain: &'p str) -> Option<&'p str> {
        if self.not_articles.contains(plain) {
            return None;
        }
        let bare = self.articles.iter().find_map(|article| plain.strip_prefix(article.as_str()))?;
        (bare.chars().count() >= self.article_rest).then_some(bare)
    }

    /// The script of a word, and its letters in Latin ones where that is not an abjad.
    fn romanised(&self, written: &str, folded: &str) -> (Script, String) {
        if folded.is_ascii() {
            return (Script::Full, folded.into());
        }
        if self.is_abjad(folded) {
            return (Script::Abjad, folded.into());
        }
        let of_consonants =
            |c: char| self.consonant_scripts.iter().any(|range| range.contains(&u32::from(c)));
        let script = if folded.contains(of_consonants) { Script::Consonants } else { Script::Full };
        // From the written form: й and ё are letters of their own there.
        let letters = any_ascii(written).to_ascii_lowercase();
        (script, letters.chars().filter(char::is_ascii_alphanumeric).collect())
    }

    fn is_abjad(&self, folded: &str) -> bool {
        folded.chars().any(|c| self.abjad.contains_key(&c))
    }
}

/// The words of a name: lower case and folded, without what is no letter.
pub(super) fn words(name: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let lower = name.to_lowercase();
    for token in lower.split_whitespace() {
        // `a/l` and the like are one word.
        let slash = token.chars().count() == 3 && token.contains('/');
        let cut = |c: char| match c {
            '/' => !slash,
            c => !is_letter(c) && !is_apostrophe(c),
        };
        let mut tied = false;
        let mut rest = token;
        while !rest.is_empty() {
            let (word, after) = rest.split_once(cut).unwrap_or((rest, ""));
            let mark = rest.chars().nth(word.chars().count());
            let written: String = word.chars().filter(|c| !is_apostrophe(*c)).collect();
            let folded: String = fold(&written).split_whitespace().collect();
            if !folded.is_empty() {
                found.push(Word { written, folded, tied });
            }
            tied = mark.is_some_and(is_hyphen);
            rest = after;
        }
    }
    found
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{640}')
}

const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

const fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`' | '\u{b4}' | '\u{2018}'
            ..='\u{201b}' | '\u{2bb}' | '\u{2bc}' | '\u{2be}' | '\u{2bf}' | '\u{2b9}'
    )
}

/// A character that is a word by itself, such as 习: no initial.
const fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
