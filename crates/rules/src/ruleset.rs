//! A rule set: all rule files of one language, compiled.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chancery_text::Language;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::asking::Asking;
use crate::compile::{Purpose, Trial, compile_all};
use crate::confidence::{AllWeights, Weights};
use crate::dictionary::Dictionary;
use crate::engine::Spare;
use crate::error::RuleErrors;
use crate::examples::Examples;
use crate::guard::Piece;
use crate::program::{Item, Nature, Program, Test};
use crate::symbol::{Symbol, Symbols};
use crate::trigger::{Index, Triggers};

/// One file of a rule set: path relative to `rules/`, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// `en/officials.toml`, `en/lists/roles.tsv`, `common/x.toml`.
    pub path: String,
    /// The file's text.
    pub text: String,
}

/// A list of a rule set, looked up by its name once; one that the rule set does not have holds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List {
    pub(crate) number: u32,
}

/// What is told of a rule to a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleInfo {
    /// `en/officials/scoped-role`.
    pub id: String,
    /// `en/officials.toml`.
    pub file: String,
    /// 1-based line of the rule's id.
    pub line: usize,
    /// The layer it runs in; empty for a veto.
    pub layer: String,
    /// What it finds.
    pub finds: String,
    /// Its reason, in a sentence.
    pub say: String,
    /// `inherit`, where the rule says who speaks that way.
    pub speaker: Option<String>,
    /// Where the passage stands, if outside the match: `next-block`, `next-list`, `previous-sentence`.
    pub passage: Option<String>,
}

/// One layer, or a step of the document logic between layers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Layer {
    /// Rules that run together, with the vetoes on what they find.
    Rules(LayerRules),
    /// A step, called by its name.
    Step(String),
}

/// The rules of one layer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LayerRules {
    /// Its name.
    pub name: String,
    /// Indices of its rules.
    pub rules: Vec<usize>,
    /// Indices of its vetoes.
    pub vetoes: Vec<usize>,
}

/// Layers that run one after the other, without a step of the document logic between them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Stretch {
    /// Where they stand among all layers.
    pub(crate) layers: std::ops::Range<usize>,
    pub(crate) index: Index,
}

/// A phrase that several patterns share.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Shared {
    pub(crate) program: Program,
    /// Whether it depends on annotations.
    pub(crate) moving: bool,
    /// What it has for certain, for the guards of programs that hold it; made when first asked for.
    #[serde(skip)]
    pub(crate) piece: OnceLock<Piece>,
}

/// Where a value of `set` comes from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum SetValue {
    Constant(Symbol),
    Item(Symbol, Symbol),
}

/// A compiled rule or veto.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rule {
    pub(crate) info: RuleInfo,
    pub(crate) finds: Symbol,
    pub(crate) program: Program,
    pub(crate) claims: Option<Vec<Symbol>>,
    pub(crate) spans: Option<Symbol>,
    pub(crate) set: Vec<(Symbol, SetValue)>,
    /// 0 where no rule beats it; one more than the deepest rule that does.
    pub(crate) depth: u32,
    /// Indices of the rules that its `beats` names.
    pub(crate) beats: Vec<usize>,
    pub(crate) examples: Examples,
}

/// All rules of a language, compiled, with their digest.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RuleSet {
    pub(crate) name: String,
    pub(crate) digest: String,
    pub(crate) language: Language,
    pub(crate) symbols: Symbols,
    pub(crate) dictionary: Dictionary,
    pub(crate) list_numbers: FxHashMap<String, u32>,
    /// The names of classes by their tests.
    pub(crate) classes: BTreeMap<u32, String>,
    pub(crate) tests: Vec<Test>,
    pub(crate) natures: Vec<Nature>,
    /// The words that tests ask for.
    pub(crate) asking: Asking,
    pub(crate) items: Vec<Item>,
    pub(crate) phrases: Vec<Shared>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) triggers: Triggers,
    /// Tests of one token and the next that some rule requires together.
    pub(crate) pairs: Vec<(u32, u32)>,
    pub(crate) layers: Vec<Layer>,
    pub(crate) stretches: Vec<Stretch>,
    pub(crate) weights: AllWeights,
    #[serde(skip)]
    pub(crate) spare: Spare,
}

impl RuleSet {
    /// Compiles the files of one language (`common/` and `<language>/`).
    ///
    /// # Errors
    /// All mistakes of all files at once, each with file, line, column and mend.
    pub fn compile(language: &str, files: &[RuleFile]) -> Result<Self, RuleErrors> {
        crate::compile::compile(language, files)
    }

    /// Compiles the files of one language with a pattern on trial: a rule beside which no other runs, in a layer of its own
    /// before the layer `before`, or after all. Gives the rule's index too, by which annotations name it.
    ///
    /// # Errors
    /// All mistakes of all files and of the pattern; those of the pattern have the path `pattern`.
    pub fn with_trial(
        language: &str,
        files: &[RuleFile],
        pattern: &str,
        before: Option<&str>,
    ) -> Result<(Self, usize), RuleErrors> {
        let file = RuleFile { path: "pattern".into(), text: pattern.to_owned() };
        let done = compile_all(language, files, &Purpose::Try(Trial { file: &file, layer: before }));
        if !done.errors.is_empty() {
            return Err(RuleErrors(done.errors));
        }
        let trial = done.set.rules.len() - 1;
        Ok((done.set, trial))
    }

    /// Digest over sorted relative paths and bytes: `sha256:…`.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The language it was compiled for.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Layers and steps in order.
    #[must_use]
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// All rules, in order of file and line.
    pub fn rules(&self) -> impl Iterator<Item = &RuleInfo> {
        self.rules.iter().map(|r| &r.info)
    }

    /// The rule with this id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&RuleInfo> {
        self.rules().find(|r| r.id == id)
    }

    /// A rule by the index that an annotation carries.
    #[must_use]
    pub fn info(&self, index: usize) -> &RuleInfo {
        &self.rules[index].info
    }

    /// What evidence is worth for facts of a kind; `None` where no file says it.
    #[must_use]
    pub fn weights(&self, kind: &str) -> Option<&Weights> {
        self.weights.get(kind)
    }

    /// The symbol of a word that stands in the rule files.
    #[must_use]
    pub fn symbol(&self, word: &str) -> Option<Symbol> {
        self.symbols.get(word)
    }

    /// As [`RuleSet::symbol`]; a word that no rule file holds gives a symbol that equals none of theirs.
    #[must_use]
    pub fn known(&self, word: &str) -> Symbol {
        self.symbols.get(word).unwrap_or(Symbol(u32::MAX))
    }

    /// The word of a symbol.
    #[must_use]
    pub fn word(&self, symbol: Symbol) -> &str {
        self.symbols.word(symbol)
    }

    /// The list of this name.
    #[must_use]
    pub fn list(&self, name: &str) -> List {
        List { number: self.list_numbers.get(name).copied().unwrap_or(u32::MAX) }
    }
}

/// Digest over relative paths and bytes, in the order of the paths.
pub(crate) fn digest(files: &[RuleFile]) -> String {
    let mut sorted: Vec<&RuleFile> = files.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hash = Sha256::new();
    for file in sorted {
        hash.update(file.path.as_bytes());
        hash.update([0]);
        hash.update((file.text.len() as u64).to_le_bytes());
        hash.update(file.text.as_bytes());
    }
    let hex: Vec<String> = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    format!("sha256:{}", hex.concat())
}

/// Folded words of a list, for the tokenizer's [`Language`].
pub(crate) type Words = BTreeSet<String>;
