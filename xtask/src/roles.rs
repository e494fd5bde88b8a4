//! The page on the classes of posts: what each means and which heads of English titles are of it.

use std::collections::BTreeMap;

use crate::shell::{Result, root, shown, text_of};

const CLASSES: &str = "rules/common/lists/role-classes.tsv";
const HEADS: &str = "rules/en/lists/roles.tsv";
const CONTEXT: &str = "rules/en/lists/role-context.tsv";
/// So many heads are shown for a class.
const SHOWN: usize = 8;

/// An entry of a list: its words and its columns, in order.
type Entry = (String, Vec<(String, String)>);

/// The page; a class that no line explains is a mistake.
pub(crate) fn page() -> Result<String> {
    let classes = entries(CLASSES)?;
    let (heads, context) = (entries(HEADS)?, entries(CONTEXT)?);
    let used = heads.iter().filter_map(|entry| column(entry, "class"));
    let moved = context.iter().flat_map(|(_, columns)| columns.iter().map(|(_, class)| class.as_str()));
    if let Some(class) = used.chain(moved).find(|class| classes.iter().all(|(known, _)| known != class)) {
        return Err(format!("the class `{class}` has no line in {CLASSES}: say what it means there"));
    }
    let mut page = format!(
        "# Classes of posts\n\nThe values of `role` in [records](output.md): what a post is, whatever its title. A head (the noun that a title is \
         about) has a class, `{HEADS}`; words such as `deputy` lower it, `rules/en/lists/rolemods.tsv`; and what the \
         post is of may change it, below. This page is generated: `cargo xtask codegen`.\n\n\
         | class | meaning | heads, for example | of |\n|---|---|---|---|\n"
    );
    for class in &classes {
        let mine =
            |entry: &&Entry| column(entry, "class") == Some(&class.0) && column(entry, "number").is_none();
        let examples: Vec<&str> =
            heads.iter().filter(mine).take(SHOWN).map(|(words, _)| words.as_str()).collect();
        let all = heads.iter().filter(mine).count();
        let meaning = column(class, "meaning").unwrap_or_default();
        page += &format!("| `{}` | {meaning} | {} | {all} |\n", class.0, examples.join(", "));
    }
    page += "\n## Heads whose class hangs on what the post is of\n\n\
             A word in brackets is a type of body, a kind of place, a country, or the word after the head (`of`, `of-the` before an article, \
             `for`); `field`: what the post is for stands before the head (`Health Secretary`); `body`: any body. \
             Elsewhere the head has its own class.\n\n| head | class |\n|---|---|\n";
    for (words, columns) in &context {
        let mut settings: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (setting, class) in columns {
            settings.entry(class).or_default().push(setting);
        }
        let told: Vec<String> =
            settings.iter().map(|(class, all)| format!("`{class}` ({})", all.join(", "))).collect();
        page += &format!("| {words} | {} |\n", told.join("; "));
    }
    Ok(page)
}

fn column<'e>(entry: &'e Entry, key: &str) -> Option<&'e str> {
    entry.1.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
}

fn entries(path: &str) -> Result<Vec<Entry>> {
    let path = root().join(path);
    let text = text_of(&path)?;
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let entry = |line: &str| {
        let mut columns = line.split('\t');
        let words = columns.next().unwrap_or_default().to_owned();
        let pair = |column: &str| {
            let (key, value) = column
                .split_once('=')
                .ok_or_else(|| format!("{}: `{column}` is no `key=value`", shown(&path)))?;
            Ok((key.to_owned(), value.to_owned()))
        };
        Ok((words, columns.map(pair).collect::<Result<_>>()?))
    };
    lines.map(entry).collect()
}
