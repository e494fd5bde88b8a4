//! Relative links of Markdown files that lead nowhere.

use std::path::Path;

use crate::shell::{Result, files, root, shown, text_of};

/// Each dead link with its file and line.
pub(super) fn dead() -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for path in files(&root(), &[".md"]) {
        let text = text_of(&path)?;
        for (number, target) in links(&text) {
            if let Some(why) = broken(&path, &text, target)? {
                wrong.push(format!("{}:{number}: link to `{target}`: {why}", shown(&path)));
            }
        }
    }
    Ok(wrong)
}

/// The targets of inline links outside code blocks, with their line numbers.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut code = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            code = !code;
        }
        if code {
            continue;
        }
        let targets = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        found.extend(targets.map(|(target, _)| (index + 1, target)));
    }
    found
}

/// Why a link leads nowhere; addresses of the web are not asked.
fn broken(from: &Path, text: &str, target: &str) -> Result<Option<String>> {
    if target.contains("://") || target.starts_with("mailto:") {
        return Ok(None);
    }
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let there = from.parent().unwrap_or(Path::new("")).join(file);
    if !file.is_empty() && !there.exists() {
        return Ok(Some("there is no such file".into()));
    }
    let Some(anchor) = anchor else { return Ok(None) };
    let text = if file.is_empty() { text.to_owned() } else { text_of(&there)? };
    let known = text.lines().filter(|line| line.starts_with('#')).any(|line| slug(line) == anchor);
    Ok((!known).then(|| format!("no heading is called `{anchor}`")))
}

/// A heading as the part of an address, the way GitHub makes it.
fn slug(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{links, slug};

    #[test]
    fn links_in_code_blocks_are_no_links() {
        let text = "see [a](a.md) and [b](b.md#x)\n```\n[c](c.md)\n```\n";
        assert_eq!(links(text), [(1, "a.md"), (1, "b.md#x")]);
    }

    #[test]
    fn a_heading_has_one_anchor() {
        assert_eq!(slug("## What is `absent`, and why"), "what-is-absent-and-why");
    }
}
