//! An archive's own rules laid over others, block by block: a block of the same kind and id replaces, another is added.

use std::ops::Range;

use chancery_rules::{RuleError, RuleFile};
use serde::Deserialize;
use toml::Spanned;

use crate::folder::Folder;

/// The one file that is no collection of blocks: it names the layers in their order, and is replaced as a whole.
const LAYERS: &str = "layers.toml";

/// The blocks of a rule file by kind, as far as laying over needs to know them.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Blocks {
    list: Vec<Block>,
    phrase: Vec<Block>,
    class: Vec<Block>,
    forms: Vec<Block>,
    rule: Vec<Block>,
    veto: Vec<Block>,
    off: Vec<Off>,
    confidence: Vec<Block>,
}

/// A rule that is switched off.
#[derive(Deserialize)]
struct Off {
    rule: Spanned<String>,
}

#[derive(Deserialize)]
struct Block {
    id: Spanned<String>,
    /// A list that adds to another replaces nothing; one that says `false` is meant to.
    add: Option<bool>,
    #[serde(default)]
    words: Vec<String>,
    /// The file of a list.
    file: Option<String>,
}

/// Kind, id, and where the id stands.
type Found<'b> = (&'static str, &'b str, Range<usize>);

impl Blocks {
    fn of(text: &str) -> Self {
        // A file with a mistake has no blocks here; compiling it tells the mistake.
        toml::from_str(text).unwrap_or_default()
    }

    /// All blocks in the order in which they stand.
    fn all(&self) -> Vec<Found<'_>> {
        let kinds = [
            ("list", &self.list),
            ("phrase", &self.phrase),
            ("class", &self.class),
            ("forms", &self.forms),
            ("rule", &self.rule),
            ("veto", &self.veto),
            ("confidence", &self.confidence),
        ];
        let mut all: Vec<Found<'_>> = Vec::new();
        for (kind, blocks) in kinds {
            all.extend(blocks.iter().map(|block| (kind, block.id.get_ref().as_str(), block.id.span())));
        }
        all.extend(self.off.iter().map(|off| ("off", off.rule.get_ref().as_str(), off.rule.span())));
        all.sort_by_key(|(_, _, at)| at.start);
        all
    }

    /// The blocks that take the place of others.
    fn replacing(&self) -> Vec<Found<'_>> {
        let adds =
            |id: &str| self.list.iter().any(|block| block.add == Some(true) && block.id.get_ref() == id);
        self.all()
            .into_iter()
            .filter(|(kind, id, _)| *kind != "off" && !(*kind == "list" && adds(id)))
            .collect()
    }
}

/// Lists of `over` that take the place of others and do not say that they are meant to: whoever wanted to add a word has
/// lost all the others.
pub(crate) fn replaced_lists(base: &Folder, over: &Folder) -> Vec<RuleError> {
    let language_of = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
    let is_toml = |path: &String| path.ends_with(".toml") && !path.ends_with(LAYERS);
    let mut found = Vec::new();
    for (path, text) in over.files.iter().filter(|(path, _)| is_toml(path)) {
        let own = Blocks::of(text);
        for block in own.list.iter().filter(|block| block.add.is_none()) {
            let id = block.id.get_ref();
            let there = base
                .files
                .iter()
                .filter(|(other, _)| is_toml(other) && language_of(other) == language_of(path));
            let lost = there.filter_map(|(other, text)| {
                let blocks = Blocks::of(text);
                let list =
                    blocks.list.iter().find(|list| list.id.get_ref() == id && list.add != Some(true))?;
                let folder = other.rsplit_once('/').map_or("", |(folder, _)| folder);
                let file = list.file.as_ref().and_then(|file| base.files.get(&format!("{folder}/{file}")));
                Some(list.words.len() + file.map_or(0, |file| file.lines().count()))
            });
            let Some(lost) = lost.max() else { continue };
            let message = format!("this takes the place of the list `{id}` and its {lost} entries");
            let help = "to add to it, write `add = true`; if it is meant, write `add = false`";
            let file = RuleFile { path: path.clone(), text: text.to_string() };
            found.push(RuleError::doubt(&file, block.id.span(), message, help));
        }
    }
    found
}

/// Takes out of `base` what `over` replaces. Rules and vetoes are named within their file, all other blocks within
/// their language.
pub(crate) fn make_room(base: &mut Folder, over: &Folder) {
    for (path, text) in &over.files {
        if !path.ends_with(".toml") || path.ends_with(LAYERS) {
            base.files.remove(path);
            continue;
        }
        let language = path.split('/').next().unwrap_or_default();
        let blocks = Blocks::of(text);
        let replaced = blocks.replacing();
        for (base_path, base_text) in &mut base.files {
            let same_language = base_path.split('/').next() == Some(language);
            if base_path.ends_with(".toml") && same_language {
                let same_file = base_path == path;
                let is_replaced = |kind: &str, id: &str| {
                    let local = matches!(kind, "rule" | "veto");
                    (same_file || !local) && replaced.iter().any(|(k, i, _)| *k == kind && *i == id)
                };
                *base_text = without(base_text, is_replaced).into();
            }
        }
    }
}

/// The rules that a file switches off, each with its line.
pub(crate) fn switched_off(text: &str) -> Vec<(String, usize)> {
    let line = |at: usize| text.get(..at).unwrap_or_default().matches('\n').count() + 1;
    Blocks::of(text).off.iter().map(|off| (off.rule.get_ref().clone(), line(off.rule.span().start))).collect()
}

/// A file without the blocks that switch rules off.
pub(crate) fn without_off(text: &str) -> String {
    without(text, |kind, _| kind == "off")
}

/// `text` with empty lines in place of the blocks that are replaced, so that all others keep their line numbers.
fn without(text: &str, is_replaced: impl Fn(&str, &str) -> bool) -> String {
    let blocks = Blocks::of(text);
    let all = blocks.all();
    let starts: Vec<usize> = all.iter().map(|(kind, _, at)| header_before(text, kind, at.start)).collect();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (number, (kind, id, _)) in all.iter().enumerate() {
        if is_replaced(kind, id) {
            let (start, end) = (starts[number], starts.get(number + 1).copied().unwrap_or(text.len()));
            out.push_str(text.get(done..start).unwrap_or_default());
            out.extend(text.get(start..end).unwrap_or_default().chars().filter(|c| *c == '\n'));
            done = end;
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// Where the line `[[kind]]` begins that stands last before `at`.
fn header_before(text: &str, kind: &str, at: usize) -> usize {
    let header = format!("[[{kind}]]");
    let before = text.get(..at).unwrap_or_default();
    let mut start = at;
    let mut found = at;
    for line in before.split_inclusive('\n').rev() {
        start -= line.len();
        if line.replace([' ', '\t'], "").starts_with(&header) {
            found = start;
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTS: &str = "# Posts.\n\n[[list]]\nid = \"role\"\nwords = [\n  \"minister\",\n]\n\n[[rule]]\nid = \"bare\"\nwhen = '[[x'\n\n[rule.set]\na = \"b\"\n\n[[rule]]\nid = \"scoped\"\nwhen = 'y'\n";

    fn folder(files: &[(&str, &str)]) -> Folder {
        Folder {
            files: files.iter().map(|(path, text)| ((*path).into(), (*text).to_owned().into())).collect(),
        }
    }

    fn check(over: &[(&str, &str)], left: &[&str], gone: &[&str]) {
        let mut base = folder(&[("en/posts.toml", POSTS), ("en/lists/a.tsv", "a"), ("ar/posts.toml", POSTS)]);
        make_room(&mut base, &folder(over));
        let text = base.files.get("en/posts.toml").map_or("", |text| text);
        assert_eq!(text.matches('\n').count(), POSTS.matches('\n').count(), "line numbers stay");
        assert_eq!(&*base.files["ar/posts.toml"], POSTS, "another language is left alone");
        for words in left {
            assert!(text.contains(words), "{words} in {text}");
        }
        for words in gone {
            assert!(!text.contains(words), "{words} not in {text}");
        }
    }

    #[test]
    fn a_rule_is_replaced_in_its_own_file_alone() {
        let rule = "[[rule]]\nid = \"bare\"\n";
        check(&[("en/posts.toml", rule)], &["# Posts.", "minister", "scoped"], &["bare", "[[x", "rule.set"]);
        check(&[("en/mine.toml", rule)], &["minister", "bare", "scoped"], &[]);
        check(&[("en/posts.toml", "[[rule]]\nid = \"new\"\n")], &["bare", "scoped"], &[]);
    }

    #[test]
    fn a_list_is_replaced_wherever_it_stands_in_the_language() {
        check(&[("en/mine.toml", "[[list]]\nid = \"role\"\n")], &["bare", "scoped"], &["minister"]);
        check(&[("en/mine.toml", "[[phrase]]\nid = \"role\"\n")], &["minister"], &[]);
    }

    #[test]
    fn what_is_added_or_switched_off_replaces_nothing() {
        let more = "[[list]]\nid = \"role\"\nadd = true\n[[off]]\nrule = \"en/posts/bare\"\n";
        check(&[("en/posts.toml", more)], &["# Posts.", "minister", "bare", "scoped"], &[]);
        // And a block ends where one of these begins.
        let base = format!("{POSTS}{more}");
        let kept = without(&base, |kind, id| kind == "rule" && id == "scoped");
        assert!(
            kept.contains("[[off]]") && kept.contains("add = true") && !kept.contains("scoped"),
            "{kept}"
        );
    }

    #[test]
    fn a_list_file_is_replaced_as_a_whole() {
        let mut base = folder(&[("en/lists/a.tsv", "a"), ("en/layers.toml", "layers = []")]);
        make_room(&mut base, &folder(&[("en/lists/a.tsv", "b"), ("en/layers.toml", "layers = ['x']")]));
        assert!(base.files.is_empty());
    }
}
