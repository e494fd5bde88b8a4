//! Everything that is wrong or doubtful in rule files, in one run: what the compiler refuses, and what it takes although it
//! can have no effect. Costs more than loading, so that loading stays fast.

use std::collections::BTreeSet;

use toml::Spanned;

use crate::compile::{Compiled, Named, Place, Purpose, compile_all};
use crate::error::{RuleError, Severity};
use crate::file::{Blocks, Example};
use crate::pattern::{self, Node};
use crate::ruleset::RuleFile;

mod finds;
mod lists;
mod names;
mod readings;
mod shadow;

pub use readings::Reading;

/// Lists whose names begin so are read by the document logic, not by patterns.
const DOCUMENT: &str = "doc-";

/// All findings in the files of one language, worst first, then by file and line: mistakes that forbid loading, warnings
/// on what has no effect (unused lists and phrases, entries twice or that no text can hold, rules that can never win), and
/// notes on what could be better. `readings` say what whoever takes up the annotations reads of them; kinds that they do not
/// name are nobody's business here.
///
/// ```
/// use chancery_rules::{RuleFile, Severity, check};
///
/// let rule = "[[rule]]\nid = 'r'\nlayer = 'first'\nfinds = 'x'\nwhen = 'the {role}'\n";
/// let files = [
///     RuleFile { path: "en/layers.toml".into(), text: "layers = ['first']".into() },
///     RuleFile { path: "en/a.toml".into(), text: rule.into() },
/// ];
/// let found = check("en", &files, &[]);
/// assert_eq!(found[0].severity, Severity::Error);
/// assert_eq!((found[0].line, found[0].column), (5, 14));
/// ```
#[must_use]
pub fn check(language: &str, files: &[RuleFile], readings: &[Reading]) -> Vec<RuleError> {
    let mut done = compile_all(language, files, &Purpose::Check);
    let mut found = std::mem::take(&mut done.errors);
    for (file, b) in &done.parsed {
        examples(file, b, &mut found);
        names::check(&done, file, b, &mut found);
        readings::check(&done, file, b, readings, &mut found);
    }
    // Without a file that cannot be read nobody knows what is used and found.
    if done.parsed.len() == files.iter().filter(|file| file.path.ends_with(".toml")).count() {
        finds::check(&done, &mut found);
        unused(&done, &mut found);
    }
    lists::check(&done, files, &mut found);
    shadow::check(&done, &mut found);
    found.sort_by(|a, b| {
        let key = |e: &RuleError| (e.severity, e.path.clone(), e.line, e.column);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    found.dedup_by(|a, b| (&a.path, a.line, a.column, &a.message) == (&b.path, b.line, b.column, &b.message));
    found
}

/// A finding at a string of a file.
fn at(file: &RuleFile, string: &Spanned<String>, message: String) -> RuleError {
    RuleError::new(&file.path, &file.text, string.span(), message)
}

/// A rule is shown by its examples.
fn examples(file: &RuleFile, b: &Blocks, found: &mut Vec<RuleError>) {
    let rules = b.rule.iter().map(|r| ("rule", &r.id, &r.yes, &r.no));
    let vetoes = b.veto.iter().map(|v| ("veto", &v.id, &v.yes, &v.no));
    for (what, id, yes, no) in rules.chain(vetoes) {
        let name = id.get_ref();
        if yes.is_empty() {
            let error = at(file, id, format!("{what} `{name}` has no `yes`"));
            found.push(error.help("add a sentence in which it must match").warning());
        }
        if no.is_empty() && what == "rule" {
            let error = at(file, id, format!("rule `{name}` has no `no`"));
            found.push(error.help("add a near miss: a sentence in which it must not match").note());
        }
        for example in yes.iter().chain(no).filter(|example| is_empty(example.get_ref())) {
            let error = RuleError::new(&file.path, &file.text, example.span(), "an example without a text");
            found.push(error.help("write the sentence, or `{ text = \"…\", name = \"…\" }`").warning());
        }
    }
}

fn is_empty(example: &Example) -> bool {
    example.text().trim().is_empty()
}

/// Patterns of rules and vetoes, with where they stand.
fn whens<'d>(done: &'d Compiled<'_>) -> impl Iterator<Item = (&'d RuleFile, &'d Spanned<String>)> {
    done.parsed.iter().flat_map(|(file, b)| {
        let all = b.rule.iter().map(|r| &r.when).chain(b.veto.iter().map(|v| &v.when));
        all.map(move |when| (*file, when))
    })
}

/// Lists, phrases, classes and forms that nothing uses.
fn unused(done: &Compiled<'_>, found: &mut Vec<RuleError>) {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut patterns: Vec<Node> = Vec::new();
    for (_, when) in whens(done) {
        match pattern::parse(when.get_ref()) {
            Ok(node) => patterns.push(node),
            // Nobody knows what it would use.
            Err(_) => return,
        }
    }
    let mut stack: Vec<&Node> = patterns.iter().collect();
    while let Some(node) = stack.pop() {
        for item in node.references() {
            let Some((name, named)) = done.names.get_key_value(&item.name) else { continue };
            if let (true, Named::Phrase(inner) | Named::Class(inner)) = (used.insert(name), named) {
                stack.push(inner);
            }
        }
    }
    used.extend(done.used.iter().map(String::as_str));
    let forms: BTreeSet<&str> = done
        .parsed
        .iter()
        .flat_map(|(_, b)| &b.list)
        .filter_map(|l| Some(l.forms.as_ref()?.get_ref().as_str()))
        .collect();
    for (file, b) in &done.parsed {
        let lists = b.list.iter().map(|l| (&l.id, "list", "no pattern uses"));
        let phrases = b.phrase.iter().map(|p| (&p.id, "phrase", "no pattern uses"));
        let classes = b.class.iter().map(|p| (&p.id, "class", "no pattern uses"));
        for (id, what, nobody) in lists.chain(phrases).chain(classes) {
            if !used.contains(id.get_ref().as_str()) && !id.get_ref().starts_with(DOCUMENT) {
                let error = at(file, id, format!("{nobody} the {what} `{}`", id.get_ref()));
                found.push(error.help("use it or take it out").warning());
            }
        }
        for block in b.forms.iter().filter(|block| !forms.contains(block.id.get_ref().as_str())) {
            let error = at(file, &block.id, format!("no list uses the forms `{}`", block.id.get_ref()));
            found.push(error.help("name them with `forms = …` in a [[list]], or take them out").warning());
        }
    }
}

/// A finding inside a pattern.
fn inside(
    file: &RuleFile,
    string: &Spanned<String>,
    place: &std::ops::Range<usize>,
    message: String,
) -> RuleError {
    Place::of(file, string).error(place, message)
}

/// Whether something was found that forbids loading.
#[must_use]
pub fn is_refused(found: &[RuleError]) -> bool {
    found.iter().any(|finding| finding.severity == Severity::Error)
}

#[cfg(test)]
mod tests;
