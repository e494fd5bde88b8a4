//! The rule sets in force: those that the program carries, or those of a folder, with an archive's own laid over.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::{fs, io};

use chancery_reader::Lexicon;
use chancery_rules::{RuleError, RuleFile, RuleSet};
use chancery_text::NameTables;
use include_dir::{Dir, include_dir};
use sha2::{Digest as _, Sha256};

use crate::Error;
use crate::folder::{Folder, Text};
use crate::input::digest;
use crate::overlay;

mod files;
mod off;
mod unread;

pub use off::{AllOn, SwitchedOff};
pub use unread::Unread;

use files::{COMMON, READER_FILE, SPELLINGS, belongs, is_compiled, is_rule_file};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../rules");

/// Rule sets that the build compiled, as bytes, by language.
static CARRIED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/carried.rs"));

/// The rule sets of all languages, each compiled, or taken as the build compiled it, when it is first asked for.
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
    /// Without the blocks that `over` replaces.
    base: Folder,
    /// The archive's own.
    over: Folder,
    /// Lists that `over` replaces without saying so.
    replaced: Vec<RuleError>,
    /// Files of the folders that were read which no rule set has.
    unread: Vec<Unread>,
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

    /// Those of the folder `rules`, else those that the program carries; over them, block by block, those of
    /// `archive/rules/`: a rule or veto of the same file and id replaces, a list, phrase, class or forms of the same id
    /// anywhere in the language, a list's file and `layers.toml` as a whole; all else is added.
    ///
    /// # Errors
    /// Where a folder cannot be read, or `rules` holds no rule file.
    pub fn load(rules: Option<&Path>, archive: Option<&Path>) -> Result<Self, Error> {
        let mut unread = Vec::new();
        let base = match rules {
            None => Folder::embedded(&EMBEDDED, is_rule_file),
            Some(dir) => {
                let folder = Folder::read(dir, is_rule_file)?;
                if !folder.files.keys().any(|path| path.contains('/')) {
                    return Err(Error::NoRules { path: dir.to_owned() });
                }
                unread.extend(unread::files(dir));
                folder
            }
        };
        let own = archive.map(|archive| archive.join("rules")).filter(|dir| dir.exists());
        let over = match &own {
            None => Folder::default(),
            Some(dir) => Folder::read(dir, is_rule_file)?,
        };
        unread.extend(own.iter().flat_map(|dir| unread::files(dir)));
        Ok(Self { unread, ..Self::over(base, over) })
    }

    /// Files below the folders of rules, the archive's too, that are no part of any rule set, and why.
    #[must_use]
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }

    /// Lists of an archive that take the place of others of the same id without `add = false`, as warnings.
    #[must_use]
    pub fn replaced(&self) -> &[RuleError] {
        &self.replaced
    }

    /// Whether an archive's own rules are laid over.
    #[must_use]
    pub fn has_own(&self) -> bool {
        !self.over.files.is_empty()
    }

    /// Whether a file is one of an archive's own rules.
    #[must_use]
    pub fn is_own(&self, path: &str) -> bool {
        self.over.files.contains_key(path)
    }

    fn over(mut base: Folder, over: Folder) -> Self {
        let replaced = overlay::replaced_lists(&base, &over);
        overlay::make_room(&mut base, &over);
        Self {
            base,
            over,
            replaced,
            unread: Vec::new(),
            compiled: Mutex::default(),
            digests: OnceLock::new(),
        }
    }

    /// Paths and texts of all files, the archive's own after those of the same path.
    fn files(&self) -> impl Iterator<Item = (&String, &Text)> {
        self.base.files.iter().chain(&self.over.files)
    }

    /// The texts of all files, by their paths.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files().map(|(path, text)| (path.as_str(), &**text))
    }

    /// Languages that have a rule set, by folder name.
    #[must_use]
    pub fn languages(&self) -> BTreeSet<&str> {
        let paths = self.files().map(|(path, _)| path).filter(|path| !path.ends_with(READER_FILE));
        let folders = paths.filter_map(|path| path.split_once('/')).map(|(folder, _)| folder);
        folders.filter(|folder| *folder != COMMON && !folder.contains(char::is_uppercase)).collect()
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
            let files = self.files_of(&language);
            let rules = carried(&language, &files)
                .map_or_else(|| RuleSet::compile(&language, &files), Ok)
                .map_err(|errors| Error::Rules { language: language.clone(), errors })?;
            Some(Arc::new(rules))
        } else {
            None
        };
        compiled.push((language, rules.clone()));
        Ok(rules)
    }

    /// All that is wrong or doubtful in the rules of a language, among it rules of which no fact can come.
    #[must_use]
    pub fn check(&self, language: &str) -> Vec<RuleError> {
        chancery_rules::check(language, &self.files_of(language), chancery_extract::READINGS)
    }

    /// The languages whose rules have mistakes, which an archive's own can bring in, each with how many; those that the
    /// program carries have none.
    #[must_use]
    pub fn broken(&self) -> Vec<(String, usize)> {
        let own = |language: &str| self.over.files.keys().any(|path| belongs(path, language));
        let languages = self.languages().into_iter().filter(|language| own(language));
        let mistakes = languages.filter_map(|language| match self.of_language(language) {
            Err(Error::Rules { errors, .. }) => Some((language.to_owned(), errors.0.len())),
            _ => None,
        });
        mistakes.collect()
    }

    /// The files of a language with those common to all, the archive's own last, as they are compiled.
    #[must_use]
    pub fn files_of(&self, language: &str) -> Vec<RuleFile> {
        let files = self.files().filter(|(path, _)| is_compiled(path, language));
        files.map(|(path, text)| RuleFile { path: path.clone(), text: text.to_string() }).collect()
    }

    /// The files of a language with those common to all, those of the reader too: what the digest is made of.
    pub(crate) fn all_files_of(&self, language: &str) -> Vec<RuleFile> {
        let files = self.files().filter(|(path, _)| belongs(path, language));
        files.map(|(path, text)| RuleFile { path: path.clone(), text: text.to_string() }).collect()
    }

    /// The words that the reader needs, of all languages.
    ///
    /// # Errors
    /// Where a `reader.toml` has a mistake.
    pub fn lexicon(&self) -> Result<Lexicon, Error> {
        let files = self.files().filter(|(path, _)| path.ends_with(READER_FILE));
        let files: Vec<(String, String)> =
            files.map(|(path, text)| (path.clone(), text.to_string())).collect();
        Lexicon::parse(&files).map_err(|cause| Error::Lexicon(Box::new(cause)))
    }

    /// What is known of the spellings of names; the archive's own file, where it has one, in place of the other.
    ///
    /// # Errors
    /// Where the file is missing or has a mistake.
    pub fn names(&self) -> Result<NameTables, Error> {
        let text = self.over.files.get(SPELLINGS).or_else(|| self.base.files.get(SPELLINGS));
        // Rules of one's own need not have it: spellings are not what they are about.
        text.map_or_else(|| Spellings(Spellings::built_in()), |text| Spellings(text.to_string().into()))
            .tables()
    }

    /// The digest that records name: over the paths and bytes of the files of a language and those common to all;
    /// `None` where no rule set knows the language.
    #[must_use]
    pub fn digest_of(&self, tag: &str) -> Option<String> {
        let language = primary(tag);
        self.digests().iter().find(|(known, _)| *known == language).map(|(_, digest)| digest.clone())
    }

    /// The digest of every language that has a rule set, in the order of languages.
    #[must_use]
    pub fn digests(&self) -> &[(String, String)] {
        self.digests.get_or_init(|| {
            let of = |lang: &str| self.digest_where(|path| belongs(path, lang));
            self.languages().iter().map(|lang| ((*lang).to_owned(), of(lang))).collect()
        })
    }

    /// That of the files alone, where nothing is laid over: equal for the built-in ones and a folder of them.
    fn digest_where(&self, wanted: impl Fn(&str) -> bool + Copy) -> String {
        let base = self.base.digest(wanted);
        if self.over.files.keys().any(|path| wanted(path)) {
            return digest(format!("{base} {}", self.over.digest(wanted)).as_bytes());
        }
        base
    }

    /// Writes the files, without those of an archive, below `dir`, a new or empty folder: what `--rules DIR` reads.
    ///
    /// # Errors
    /// Where `dir` is not empty or cannot be written.
    pub fn export(&self, dir: &Path) -> Result<(), Error> {
        self.base.write(dir)
    }
}

/// Whether a file holds words for reading pages, and no rules.
pub(crate) fn is_reader_file(path: &str) -> bool {
    path.ends_with(READER_FILE)
}

/// The tables of spellings as they are written.
pub(crate) struct Spellings(Cow<'static, str>);

impl Spellings {
    fn built_in() -> Cow<'static, str> {
        let file = EMBEDDED.get_file(SPELLINGS).and_then(|file| file.contents_utf8());
        Cow::Borrowed(file.unwrap_or_default())
    }

    /// Those of an archive: its own, where it has a file of them.
    pub(crate) fn of_archive(dir: &Path) -> Result<Self, Error> {
        let path = dir.join("rules").join(SPELLINGS);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Self(text.into())),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Self(Self::built_in())),
            Err(cause) => Err(Error::io(&path, "read", cause)),
        }
    }

    /// The tables, read.
    pub(crate) fn tables(&self) -> Result<NameTables, Error> {
        let path = format!("rules/{SPELLINGS}");
        NameTables::parse(&path, &self.0).map_err(|cause| Error::Names(Box::new(cause)))
    }

    /// 24 bits that tell one text from another.
    pub(crate) fn short_digest(&self) -> u32 {
        let digest = Sha256::digest(self.0.as_bytes());
        digest.iter().take(3).fold(0, |sum, byte| sum << 8 | u32::from(*byte))
    }
}

/// The rule set of a language that the build compiled, if from just these files.
fn carried(language: &str, files: &[RuleFile]) -> Option<RuleSet> {
    let (_, bytes) = CARRIED.iter().find(|(known, _)| *known == language)?;
    RuleSet::carried(bytes, files)
}

/// The first part of a BCP 47 tag, as folders are named.
pub(crate) fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chancery_extract::extract;
    use chancery_record::Release;
    use chancery_rules::RuleSet;
    use chancery_text::Likeness;

    use super::{CARRIED, Rulesets, carried};

    #[test]
    fn rules_that_are_carried_find_what_their_files_compiled_anew_find() {
        let all = Rulesets::embedded();
        assert_eq!(CARRIED.iter().map(|(language, _)| *language).collect::<Vec<_>>(), ["en"]);
        let mut files = all.files_of("en");
        let (carried_set, anew) = (carried("en", &files).unwrap(), RuleSet::compile("en", &files).unwrap());
        let texts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora/demo/gold/text");
        let mut found = 0;
        for text in std::fs::read_dir(texts).unwrap() {
            let text = std::fs::read_to_string(text.unwrap().path()).unwrap();
            let release = Release { text, ..Release::default() };
            let record = extract(&release, &anew, "test");
            found += record.officials.len();
            assert_eq!(extract(&release, &carried_set, "test"), record);
        }
        assert!(found > 100, "{found} officials");
        files[0].text.push('\n');
        assert!(carried("en", &files).is_none(), "a set of other files was taken");
    }

    #[test]
    fn spellings_of_names_are_carried_along_and_no_part_of_a_digest() {
        let rules = Rulesets::embedded();
        let names = rules.names().unwrap();
        assert_eq!(names.compare("alattar", "Khaled El-Attar"), Some(Likeness::Variant));
        assert!(rules.all_files_of("en").iter().all(|file| !file.path.ends_with("spellings.toml")));
        let dir = tempfile::tempdir().unwrap();
        let own = dir.path().join("rules/common");
        std::fs::create_dir_all(&own).unwrap();
        std::fs::write(own.join("spellings.toml"), "particles = 3\n").unwrap();
        let over = Rulesets::load(None, Some(dir.path())).unwrap();
        assert_eq!(over.digest_of("en"), rules.digest_of("en"));
        let error = over.names().unwrap_err();
        assert!(error.to_string().contains("rules/common/spellings.toml:1:13"), "{error}");
    }
}
