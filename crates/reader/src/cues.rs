//! Words of the lexicon made ready to be looked for all at once.

use aho_corasick::AhoCorasick;

/// Words and runs of words, each wherever it stands between characters that are no letters or digits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cues(Option<AhoCorasick>);

impl Cues {
    pub(crate) fn new(cues: &[String]) -> Self {
        Self(machine(cues.iter().map(String::as_str)))
    }

    /// Where in folded words the last of the cues stands: its beginning and end.
    pub(crate) fn last_in(&self, words: &str) -> Option<(usize, usize)> {
        let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let found = self.0.iter().flat_map(|machine| machine.find_overlapping_iter(words));
        let whole = found.filter(|found| {
            let before = words.get(..found.start()).and_then(|before| before.chars().next_back());
            let after = words.get(found.end()..).and_then(|after| after.chars().next());
            is_edge(before) && is_edge(after)
        });
        whole.map(|found| (found.start(), found.end())).max()
    }

    /// Whether folded words begin with one of the cues.
    pub(crate) fn begin(&self, words: &str) -> bool {
        let mut found = self.0.iter().flat_map(|machine| machine.find_overlapping_iter(words));
        found.any(|found| {
            let after = words.get(found.end()..).and_then(|after| after.chars().next());
            found.start() == 0 && after.is_none_or(|c| !c.is_alphanumeric())
        })
    }
}

/// Words, each wherever it stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words(Option<AhoCorasick>);

impl Words {
    pub(crate) fn new(words: &[String]) -> Self {
        Self(machine(words.iter().map(String::as_str)))
    }

    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|machine| machine.is_match(text))
    }
}

/// Patterns of whole lines. `*` in one stands for anything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patterns {
    /// Finds what each begins with, up to its first star.
    machine: Option<AhoCorasick>,
    all: Vec<Pattern>,
}

/// What a pattern asks for beside its beginning.
#[derive(Clone, Debug)]
struct Pattern {
    /// Whether anything may stand before and behind it.
    open: (bool, bool),
    /// What follows its beginning, each somewhere behind the one before.
    rest: Vec<String>,
}

impl Pattern {
    fn new(pattern: &str) -> Self {
        let open = (pattern.starts_with('*'), pattern.ends_with('*'));
        Self { open, rest: parts(pattern).skip(1).map(str::to_owned).collect() }
    }

    /// Whether the rest of a line is as it is to be where its beginning stands at `start` to `end`.
    fn is(&self, line: &str, start: usize, mut end: usize) -> bool {
        let (before, behind) = self.open;
        for (at, part) in self.rest.iter().enumerate() {
            let rest = line.get(end..).unwrap_or_default();
            let is_last = at + 1 == self.rest.len() && !behind;
            let found = if is_last { rest.rfind(part.as_str()) } else { rest.find(part.as_str()) };
            let Some(found) = found else { return false };
            end += found + part.len();
        }
        (before || start == 0) && (behind || end == line.len())
    }
}

fn parts(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.trim_matches('*').split('*')
}

impl Patterns {
    pub(crate) fn new(patterns: &[String]) -> Self {
        let first = patterns.iter().map(|pattern| parts(pattern).next().unwrap_or_default());
        Self { machine: machine(first), all: patterns.iter().map(|pattern| Pattern::new(pattern)).collect() }
    }

    /// Whether a folded line is one of them.
    pub(crate) fn are(&self, folded: &str) -> bool {
        let found = self.machine.iter().flat_map(|machine| machine.find_overlapping_iter(folded));
        found.into_iter().any(|found| {
            let pattern = self.all.get(found.pattern().as_usize());
            pattern.is_some_and(|pattern| pattern.is(folded, found.start(), found.end()))
        })
    }
}

/// Finds all words in one pass; `None` where there are none. Building fails for millions of words alone.
fn machine<'w>(words: impl Iterator<Item = &'w str> + Clone) -> Option<AhoCorasick> {
    words.clone().next()?;
    AhoCorasick::new(words).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        let any = |pattern: &str, line: &str| Patterns::new(&[pattern.to_owned()]).are(line);
        assert!(any("share", "share") && !any("share", "share this"));
        assert!(any("share*", "share this") && !any("share*", "please share"));
        assert!(
            any("sign up for*letter", "sign up for a letter")
                && !any("sign up for*letter", "sign up for letters")
        );
        assert!(any("a*b*", "a, then b, then c") && !any("a*b*", "b a") && any("*b*d", "a b c d d"));
        assert!(any("*rights reserved", "all rights reserved") && any("*rights*", "all rights reserved"));
    }

    #[test]
    fn the_last_cue_counts_and_stands_for_itself() {
        let cues = Cues::new(&["posted".to_owned(), "posted on".to_owned(), "am".to_owned()]);
        assert_eq!(cues.last_in("posted by amy, posted on"), Some((15, 24)));
        assert_eq!(cues.last_in("reposted"), None);
        assert!(cues.begin("posted by amy") && !cues.begin("reposted by amy") && !cues.begin("postedby amy"));
        assert_eq!(Cues::default().last_in("posted"), None);
    }
}
