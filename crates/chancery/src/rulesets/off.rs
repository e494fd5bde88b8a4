//! Rules that are switched off, and the rule set as it would be with them in force: for whoever asks why nothing was found.

use chancery_rules::{RuleFile, RuleSet};

use super::{Rulesets, primary};
use crate::Error;
use crate::overlay;

/// A rule that is switched off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchedOff {
    /// Its full id.
    pub rule: String,
    /// The file that switches it off.
    pub file: String,
    /// The line there, from 1.
    pub line: usize,
}

/// A rule set in which nothing is switched off, and what is switched off otherwise.
#[derive(Debug)]
pub struct AllOn {
    /// The rules, all of them in force.
    pub set: RuleSet,
    /// Those that are switched off otherwise, in the order of files and lines.
    pub off: Vec<SwitchedOff>,
}

impl Rulesets {
    /// The rules of a language with those in force again that are switched off; `None` where none is.
    ///
    /// # Errors
    /// Where the rules have mistakes.
    pub fn all_on(&self, tag: &str) -> Result<Option<AllOn>, Error> {
        let language = primary(tag);
        let mut off = Vec::new();
        let mut files: Vec<RuleFile> = self.files_of(&language);
        for file in files.iter_mut().filter(|file| file.path.ends_with(".toml")) {
            let here = overlay::switched_off(&file.text);
            if here.is_empty() {
                continue;
            }
            file.text = overlay::without_off(&file.text);
            let path = &file.path;
            off.extend(here.into_iter().map(|(rule, line)| SwitchedOff { rule, file: path.clone(), line }));
        }
        if off.is_empty() {
            return Ok(None);
        }
        let set = RuleSet::compile(&language, &files).map_err(|errors| Error::Rules { language, errors })?;
        Ok(Some(AllOn { set, off }))
    }
}
