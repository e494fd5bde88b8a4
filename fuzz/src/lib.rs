//! What is fuzzed: any bytes as a rule file, as a pattern, as a pattern and a text. None may panic or hang.

use chancery_rules::{Doc, RuleFile, RuleSet, check};

const LAYERS: &str = "layers = ['first', 'second']";
const BASE: &str = "[[list]]\nid = 'role'\nwords = ['minister', 'vice president', 'under-secretary']\ndata = { k = 'a' }\n\
    [[class]]\nid = 'part'\nis = '[Cap] & !{@role}'\n[[phrase]]\nid = 'of'\nis = 'of the? {part}{1,3}'\n\
    [[rule]]\nid = 'post'\nlayer = 'first'\nfinds = 'post'\nwhen = 'title:({role} {of}?) name:{part}*'\n\
    [[veto]]\nid = 'street'\nfinds = 'post'\nwhen = '{role} street'\n";
const TEXT: &str =
    "The Vice-President of the Old Mill, Ada Quill, said: “It works. It does.” Minister Street was closed.";

fn file(path: &str, text: &str) -> RuleFile {
    RuleFile { path: path.into(), text: text.into() }
}

/// Reads a rule file and everything a check does with it; where it compiles, a text is read with it.
pub fn rule_file(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let files = [file("en/layers.toml", LAYERS), file("en/a.toml", &text)];
    for finding in check("en", &files, &[]) {
        assert!(finding.line > 0 && finding.column > 0 && finding.end_line >= finding.line);
    }
    if let Ok(rules) = RuleSet::compile("en", &files) {
        annotate(&rules, TEXT);
    }
}

/// Reads a pattern and looks for it in a text.
pub fn pattern(data: &[u8]) {
    let pattern = String::from_utf8_lossy(data);
    if let Ok((rules, _)) = with_trial(&pattern) {
        annotate(&rules, TEXT);
    }
}

/// Reads a pattern, up to the first line end, and looks for it in what follows.
pub fn matcher(data: &[u8]) {
    let data = String::from_utf8_lossy(data);
    let (pattern, text) = data.split_once('\n').unwrap_or((&data, TEXT));
    if let Ok((rules, _)) = with_trial(pattern) {
        annotate(&rules, text);
    }
}

fn with_trial(pattern: &str) -> Result<(RuleSet, usize), chancery_rules::RuleErrors> {
    RuleSet::with_trial("en", &[file("en/layers.toml", LAYERS), file("en/a.toml", BASE)], pattern, None)
}

fn annotate(rules: &RuleSet, text: &str) {
    let mut doc = Doc::new(text, rules);
    rules.annotate(&mut doc, &mut |_, _| {});
    for found in doc.annotations() {
        assert!(found.range.start < found.range.end && found.range.end <= doc.tokens().len());
        for capture in &found.captures {
            assert!(
                found.range.contains(&capture.range) || rules.info(found.rule.unwrap_or(0)).finds == "post"
            );
        }
    }
}
