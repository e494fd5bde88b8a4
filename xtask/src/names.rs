//! The gazetteers of given and family names, `forenames.tsv` and `surnames.tsv`, from a public data set.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::shell::{Result, root, say, shown, text_of};

/// Where the names come from, as the head of each list says.
const ORIGIN: &str = "sigpwned/popular-names-by-country-dataset, commit eb62e13d4d62dd96cdfae79d293a02066352205f \
                      (https://github.com/sigpwned/popular-names-by-country-dataset), CC0-1.0";
/// A name that is written small this often, and in the share of its list, is a common word first. Family names
/// are dropped sooner: the names of places and firms end in such words (Park, Hall).
const SMALL: u64 = 20;
const SHARES: [(&str, f64); 2] = [("forenames", 0.6), ("surnames", 0.1)];
/// The folder of the lists, below the root.
const LISTS: &str = "rules/en/lists";

/// Writes both lists from the data set's files `common-forenames-by-country.csv` and `common-surnames-by-country.csv`.
pub(crate) fn run(inputs: &[&str]) -> Result<()> {
    if inputs.len() != SHARES.len() {
        return Err("name both files: cargo xtask names FORENAMES.csv SURNAMES.csv".into());
    }
    for ((kind, share), input) in SHARES.into_iter().zip(inputs) {
        let others = taken(share)?;
        let table = fs::read_to_string(input)
            .map_err(|why| format!("cannot read {}: {why}", Path::new(input).display()))?;
        let names = names(&table, &others).map_err(|why| format!("{input}: {why}"))?;
        let path = root().join(LISTS).join(format!("{kind}.tsv"));
        let list = format!(
            "# Common {kind} of many countries, romanized. From {ORIGIN}.\n\
             # Written by `cargo xtask names`: column `Romanized Name`, Latin letters only, at least three of them, without\n\
             # common words (case.tsv: lower >= {SMALL} and share >= {share}), forms of address, countries and places.\n{}\n",
            names.join("\n")
        );
        fs::write(&path, list).map_err(|why| format!("cannot write {}: {why}", shown(&path)))?;
        say(&format!("written: {} ({} names)", shown(&path), names.len()));
    }
    Ok(())
}

/// The names of a table, each once, in the order of their folded spelling.
fn names(table: &str, others: &BTreeSet<String>) -> Result<Vec<String>> {
    let mut lines = table.trim_start_matches('\u{feff}').lines();
    let head = lines.next().unwrap_or_default();
    let column = head.split(',').position(|name| name == "Romanized Name");
    let column = column.ok_or("no column `Romanized Name`")?;
    let mut names = BTreeMap::new();
    for (number, line) in lines.enumerate() {
        if line.contains('"') {
            return Err(format!("line {}: quoted fields are not read", number + 2));
        }
        for name in line.split(',').nth(column).unwrap_or_default().split('/').map(str::trim) {
            let folded = fold(name);
            if latin(&folded) && !others.contains(&folded) {
                names.entry(folded).or_insert_with(|| name.to_owned());
            }
        }
    }
    Ok(names.into_values().collect())
}

/// What is no name: words written small in this share at least, forms of address, countries and places,
/// folded.
fn taken(least: f64) -> Result<BTreeSet<String>> {
    let mut taken = BTreeSet::new();
    let lists =
        [("case.tsv", true), ("honorifics.tsv", false), ("countries.tsv", false), ("places.tsv", false)];
    for (list, common) in lists {
        let text = text_of(&root().join(LISTS).join(list))?;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let word = columns.next().unwrap_or_default();
            let (mut lower, mut share, mut weak) = (0, 0.0, false);
            for column in columns {
                match column.split_once('=') {
                    Some(("lower", value)) => lower = value.parse().unwrap_or(0),
                    Some(("share", value)) => share = value.parse().unwrap_or(0.0),
                    // `Khan` is a form of address in one country and a name in another.
                    Some(("weak", _)) if list == "honorifics.tsv" => weak = true,
                    _ => {}
                }
            }
            if (!common && !weak) || (lower >= SMALL && share >= least) {
                taken.insert(fold(word));
            }
        }
    }
    Ok(taken)
}

/// Lower case, without marks.
fn fold(name: &str) -> String {
    name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// At least three Latin letters, and nothing but what stands in names.
fn latin(folded: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || matches!(c, '\u{df}'..='\u{24f}');
    folded.chars().filter(|c| letter(*c)).count() >= 3
        && folded.chars().all(|c| letter(c) || matches!(c, ' ' | '-' | '\'' | '’'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_once_and_words_places_and_other_scripts_left_out() {
        let table = "\u{feff}Country,Romanized Name\nXX,José\nXX,Jose\nXX,Åsa\nXX,Rose\nXX,Ελένη\nXX,Wu\nXX,\nXX,Vu Anh/Vo Anh\n";
        let others = BTreeSet::from(["rose".to_owned()]);
        assert_eq!(
            names(table, &others),
            Ok(vec!["Åsa".into(), "José".into(), "Vo Anh".into(), "Vu Anh".into()])
        );
        assert!(names("Country,Name\n", &others).is_err_and(|why| why.contains("Romanized Name")));
        assert!(names("Romanized Name\n\"A\"\n", &others).is_err_and(|why| why.contains("line 2")));
    }
}
