//! The rule sets in force: those that the program carries, or those of a folder, with an archive's own laid over.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chancery_reader::Lexicon;
use chancery_rules::{RuleFile, RuleSet};
use include_dir::{Dir, include_dir};

use crate::Error;
use crate::folder::Folder;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../rules");

/// The reader's words, which are no rules.
const READER_FILE: &str = "reader.toml";
/// Files of all languages.
const COMMON: &str = "common";

/// The rule sets of all languages, each compiled when it is first asked for.
///
/// ```
/// use chancery::rulesets::Rulesets;
///
/// let rules = Rulesets::embedded();
/// assert!(rules.languages().contains("en"));
/// assert!(rules.of_language("tlh")?.is_none());
/// # Ok::<(), chancery::Error>(())
/// ```
pub struct Rulesets {
    folder: Folder,
    /// Paths that come from the archive.
    overlaid: BTreeSet<String>,
    compiled: Mutex<Vec<(String, Compiled)>>,
    digests: OnceLock<Vec<(String, String)>>,
}

type Compiled = Option<Arc<RuleSet>>;

impl Rulesets {
    /// Those that the program carries.
    #[must_use]
    pub fn embedded() -> Self {
        Self::over(Folder::embedded(&EMBEDDED, is_rule_file), Folder::default())
    }

    /// Those of the folder `rules`, else those that the program carries; over them, file by file, those of
    /// `archive/rules/`: a file of the same relative path replaces, another is added.
    ///
    /// # Errors
    /// Where a folder cannot be read, or `rules` holds no rule file.
    pub fn load(rules: Option<&Path>, archive: Option<&Path>) -> Result<Self, Error> {
        let base = match rules {
            None => Folder::embedded(&EMBEDDED, is_rule_file),
            Some(dir) => {
                let folder = Folder::read(dir, is_rule_file)?;
                if !folder.files.keys().any(|path| path.contains('/')) {
                    return Err(Error::NoRules { path: dir.to_owned() });
                }
                folder
            }
        };
        let over = archive.map(|archive| archive.join("rules")).filter(|dir| dir.is_dir());
        let over = over.map_or_else(|| Ok(Folder::default()), |dir| Folder::read(&dir, is_rule_file))?;
        Ok(Self::over(base, over))
    }

    fn over(mut folder: Folder, over: Folder) -> Self {
        let overlaid = over.files.keys().cloned().collect();
        folder.files.extend(over.files);
        Self { folder, overlaid, compiled: Mutex::default(), digests: OnceLock::new() }
    }

    /// Languages that have a rule set, by folder name.
    #[must_use]
    pub fn languages(&self) -> BTreeSet<&str> {
        let folders = self.folder.files.keys().filter(|path| !path.ends_with(READER_FILE));
        folders
            .filter_map(|path| path.split_once('/'))
            .map(|(lang, _)| lang)
            .filter(|lang| *lang != COMMON)
            .collect()
    }

    /// The rule set for a BCP 47 tag, by its first part; `None` where no rule set knows the language. Compiled at the
    /// first call.
    ///
    /// # Errors
    /// Where the rules have mistakes: all of them.
    pub fn of_language(&self, tag: &str) -> Result<Option<Arc<RuleSet>>, Error> {
        let language = primary(tag);
        // A lock that a panicking thread held is as good as before: the list is only ever added to.
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, rules)) = compiled.iter().find(|(known, _)| *known == language) {
            return Ok(rules.clone());
        }
        let rules = if self.languages().contains(language.as_str()) {
            let rules = RuleSet::compile(&language, &self.files_of(&language))
                .map_err(|errors| Error::Rules { language: language.clone(), errors })?;
            Some(Arc::new(rules))
        } else {
            None
        };
        compiled.push((language, rules.clone()));
        Ok(rules)
    }

    /// The files of a language with those common to all, in byte order of their paths, as they are compiled.
    #[must_use]
    pub fn files_of(&self, language: &str) -> Vec<RuleFile> {
        let wanted = |path: &str| belongs(path, language) && !path.ends_with(READER_FILE);
        let files = self.folder.files.iter().filter(|(path, _)| wanted(path));
        files.map(|(path, text)| RuleFile { path: path.clone(), text: text.clone() }).collect()
    }

    /// The text of a rule file by the path that a rule names (`en/officials.toml`), to show the rule.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&str> {
        self.folder.files.get(path).map(String::as_str)
    }

    /// Whether a file comes from the archive's own `rules/`.
    #[must_use]
    pub fn is_overlaid(&self, path: &str) -> bool {
        self.overlaid.contains(path)
    }

    /// The words that the reader needs, of all languages.
    ///
    /// # Errors
    /// Where a `reader.toml` has a mistake.
    pub fn lexicon(&self) -> Result<Lexicon, Error> {
        let files = self.folder.files.iter().filter(|(path, _)| path.ends_with(READER_FILE));
        let files: Vec<(String, String)> = files.map(|(path, text)| (path.clone(), text.clone())).collect();
        Lexicon::parse(&files).map_err(|cause| Error::Lexicon(Box::new(cause)))
    }

    /// The digest that records name: over the paths and bytes of the files of a language and those common to all;
    /// `None` where no rule set knows the language.
    #[must_use]
    pub fn digest_of(&self, tag: &str) -> Option<String> {
        let digests = self.digests.get_or_init(|| {
            let of = |lang: &str| self.folder.digest(|path| belongs(path, lang));
            self.languages().iter().map(|lang| ((*lang).to_owned(), of(lang))).collect()
        });
        let language = primary(tag);
        digests.iter().find(|(known, _)| *known == language).map(|(_, digest)| digest.clone())
    }

    /// The digest over all files.
    #[must_use]
    pub fn digest(&self) -> String {
        self.folder.digest(|_| true)
    }

    /// Writes all files below `dir`, a new or empty folder: what `--rules DIR` reads.
    ///
    /// # Errors
    /// Where `dir` is not empty or cannot be written.
    pub fn export(&self, dir: &Path) -> Result<(), Error> {
        self.folder.write(dir)
    }
}

fn belongs(path: &str, language: &str) -> bool {
    path.split_once('/').is_some_and(|(folder, _)| folder == language || folder == COMMON)
}

fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase()
}

fn is_rule_file(path: &str) -> bool {
    [".toml", ".tsv", ".txt", ".csv"].iter().any(|ending| path.ends_with(ending))
}
