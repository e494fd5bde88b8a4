//! How often each word of bulk text stands in lower case and with a capital: the list `case.tsv`.
//!
//! A capital proves a name only where the word is not written small elsewhere. Words that are never small are
//! left out, so that no name of a person enters the rules by way of the counts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use unicode_segmentation::UnicodeSegmentation;

use crate::shell::{Result, each_release, root, say, shown};

/// Fewer sightings in lower case may be slips of the pen.
const SMALL: u64 = 5;
/// A smaller share of lower case is a name that somebody forgot to capitalize.
const SHARE: f64 = 0.02;
/// A word of one source only may be its jargon or its fault.
const SOURCES: usize = 2;
/// Where the list goes.
const LIST: &str = "rules/en/lists/case.tsv";

/// Counts the words of NDJSON files (`.zst` too, fields `source` and `text`) and writes the list anew.
pub(crate) fn run(inputs: &[&str]) -> Result<()> {
    if inputs.is_empty() {
        return Err("name the bulk texts: cargo xtask counts FILE.jsonl[.zst] …".into());
    }
    let mut counts = Counts::default();
    for input in inputs {
        releases(Path::new(input), &mut |source, text| counts.add(source, text))?;
    }
    let path = root().join(LIST);
    let list = counts.list();
    fs::write(&path, &list).map_err(|why| format!("cannot write {}: {why}", shown(&path)))?;
    say(&format!(
        "written: {} ({} words)",
        shown(&path),
        list.lines().filter(|l| !l.starts_with('#')).count()
    ));
    Ok(())
}

/// Hands on the source and the text of every release of a file.
fn releases(path: &Path, each: &mut impl FnMut(&str, &str)) -> Result<()> {
    each_release(path, &mut |release| {
        each(release["source"].as_str().unwrap_or_default(), release["text"].as_str().unwrap_or_default());
    })
}

/// One word, as it was seen.
#[derive(Default)]
struct Seen {
    lower: u64,
    capital: u64,
    /// Numbers of the sources that write it small.
    sources: Vec<usize>,
}

/// All words, by their lower-case form.
#[derive(Default)]
struct Counts {
    words: BTreeMap<String, Seen>,
    sources: Vec<String>,
}

impl Counts {
    fn add(&mut self, source: &str, text: &str) {
        let source = self.sources.iter().position(|name| name == source).unwrap_or_else(|| {
            self.sources.push(source.to_owned());
            self.sources.len() - 1
        });
        for line in text.lines() {
            let words = words(line);
            // Lines of titles and names in capitals tell nothing.
            if words.iter().filter(|(word, _)| capital(word)).count() * 2 > words.len() {
                continue;
            }
            for (word, begins) in words {
                if !begins {
                    self.count(source, word);
                }
            }
        }
    }

    fn count(&mut self, source: usize, word: &str) {
        let lower = word.chars().all(char::is_lowercase);
        let capital = capital(word) && word.chars().skip(1).all(char::is_lowercase);
        // Acronyms, and capitals inside a word, are no spelling of the small word.
        if !lower && !capital {
            return;
        }
        let seen = self.words.entry(word.to_lowercase()).or_default();
        seen.lower += u64::from(lower);
        seen.capital += u64::from(capital);
        if lower && !seen.sources.contains(&source) {
            seen.sources.push(source);
        }
    }

    /// The list file: only words that are truly written small.
    fn list(&self) -> String {
        let mut list = format!(
            "# How often words stand in lower case and with a capital in press releases, sentence beginnings left out.\n\
             # Counted by `cargo xtask counts` over {} sources: {}; counts only, no text is kept. MIT OR Apache-2.0.\n\
             # Kept: at least {SMALL} in lower case, in at least {SOURCES} sources, share of lower case at least {SHARE}.\n",
            self.sources.len(),
            self.sources.join(", "),
        );
        for (word, seen) in &self.words {
            let share = seen.lower as f64 / (seen.lower + seen.capital) as f64;
            if seen.lower >= SMALL && seen.sources.len() >= SOURCES && share >= SHARE {
                // Without digits that say nothing: a list of many thousand lines is read whenever rules are loaded.
                let share = format!("{share:.2}");
                let share = if share == "1.00" { "1" } else { share.trim_start_matches('0') };
                list += &format!("{word}\tlower={}\tshare={share}\n", seen.lower);
            }
        }
        list
    }
}

fn capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// The words of a line that are letters alone, possessives without their ending, and whether each begins a sentence.
fn words(line: &str) -> Vec<(&str, bool)> {
    let mut words = Vec::new();
    let (mut before, mut end, mut begins) = ("", 0, true);
    for (start, word) in line.unicode_word_indices() {
        let between = line.get(end..start).unwrap_or_default();
        begins |= ends_sentence(before, between);
        (before, end) = (word, start + word.len());
        let bare = word.split(['\'', '’']).next().unwrap_or(word);
        if bare.chars().all(char::is_alphabetic) {
            if bare.chars().count() > 1 {
                words.push((bare, begins));
            }
            begins = false;
        }
    }
    words
}

/// Whether what stands between `before` and the next word ends a sentence; a quotation, a colon or a mark of a
/// list does so as well. A stop after a short word with a capital is that of an abbreviation (`Mr.`, `U.S.`).
fn ends_sentence(before: &str, between: &str) -> bool {
    let short = capital(before) && before.chars().count() <= 4;
    between.contains(['!', '?', ':', '"', '“', '‘', '•', '*', '…']) || (between.contains('.') && !short)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(texts: &[(&str, &str)]) -> String {
        let mut counts = Counts::default();
        for (source, text) in texts {
            counts.add(source, text);
        }
        counts.list().lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
    }

    #[test]
    fn small_words_are_counted_against_their_capitals_and_names_left_out() {
        let text = "He saw the digital plan of Harun and the Digital Board. Digital is new. NATO is not.";
        let list = listed(&[("a", text), ("a", text), ("a", text), ("b", text), ("b", text)]);
        assert!(list.contains("digital\tlower=5\tshare=.50\n"), "{list}");
        assert!(!list.contains("harun") && !list.contains("nato"), "{list}");
    }

    #[test]
    fn headlines_and_words_of_one_source_do_not_count() {
        let small = "it was a matter of planning and planning and planning and planning and planning";
        assert_eq!(listed(&[("a", small)]), "");
        let list = listed(&[("a", small), ("b", small), ("b", "Minister Opens The Planning Board")]);
        assert!(list.contains("planning\tlower=10\tshare=1\n"), "{list}");
    }

    #[test]
    fn a_sentence_begins_after_a_stop_a_colon_or_a_quotation_mark() {
        let begins: Vec<&str> = words("We met. Then “Plans: Next Dr. Board’s day” 5 Boards")
            .into_iter()
            .filter(|w| w.1)
            .map(|w| w.0)
            .collect();
        assert_eq!(begins, ["We", "Then", "Plans", "Next"]);
    }
}
