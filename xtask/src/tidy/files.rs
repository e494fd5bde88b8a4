//! How files begin, and how long they are.

use crate::shell::{Result, files, root, shown, text_of};

/// More lines than this usually hold two concepts.
const LONG: usize = 500;

/// Source files that do not begin with what they are about.
pub(super) fn heads() -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for path in sources() {
        let text = text_of(&path)?;
        if !text.starts_with("//!") {
            wrong.push(format!(
                "{}: begins without `//!`: say in a line what the file is about",
                shown(&path)
            ));
        }
    }
    Ok(wrong)
}

/// Files over 500 lines, as a prompt to look for the second concept.
pub(super) fn long() -> Result<Vec<String>> {
    let mut notes = Vec::new();
    for path in sources() {
        let lines = text_of(&path)?.lines().count();
        if lines > LONG {
            notes.push(format!("note: {} has {lines} lines; are there two concepts?", shown(&path)));
        }
    }
    Ok(notes)
}

fn sources() -> Vec<std::path::PathBuf> {
    ["crates", "xtask", "benches", "tests"]
        .iter()
        .flat_map(|dir| files(&root().join(dir), &[".rs"]))
        .collect()
}
