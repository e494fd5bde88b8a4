//! Files to a rule set: names resolved, lists loaded, patterns compiled, all mistakes told at once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use toml::Spanned;

use crate::asking::Asking;
use crate::confidence;
use crate::dictionary::Dictionary;
use crate::engine::Spare;
use crate::error::{RuleError, RuleErrors};
use crate::examples::Examples;
use crate::file::{Blocks, RuleBlock, VetoBlock, blocks, inside};
use crate::list::{Forms, Listed};
use crate::pattern::{self, Node};
use crate::program::{Atom, Item, Program, Test};
use crate::ruleset::{Rule, RuleFile, RuleInfo, RuleSet, SetValue, digest};
use crate::spelling::Expression;
use crate::symbol::Symbols;
use crate::trigger::{Parts, Triggers};

mod conditions;
mod frequency;
mod lists;
mod nature;
mod order;
mod patterns;
mod references;
mod required;
mod trial;

pub(crate) use frequency::Frequency;
pub(crate) use lists::{KeptEntry, LONGEST_ENTRY, beside};
use patterns::Patterns;
pub(crate) use trial::Trial;

/// A name that a pattern may use, and where it is defined.
#[derive(Clone, Debug)]
pub(crate) enum Named {
    List(u32),
    Phrase(Rc<Node>),
    Class(Rc<Node>),
    Annotation,
}

/// Where a string of a rule file stands.
#[derive(Clone, Copy)]
pub(crate) struct Place<'f> {
    pub(crate) file: &'f RuleFile,
    /// Byte of the file where the string's inside begins.
    pub(crate) offset: usize,
}

impl<'f> Place<'f> {
    pub(crate) fn of(file: &'f RuleFile, string: &Spanned<String>) -> Self {
        Self { file, offset: inside(&file.text, &string.span()) }
    }

    pub(crate) fn error(&self, at: &Range<usize>, message: impl Into<String>) -> RuleError {
        RuleError::new(
            &self.file.path,
            &self.file.text,
            self.offset + at.start..self.offset + at.end,
            message,
        )
    }
}

/// Everything that is gathered while compiling.
pub(crate) struct Compiler<'f> {
    pub(crate) errors: Vec<RuleError>,
    pub(crate) symbols: Symbols,
    pub(crate) dictionary: Dictionary,
    pub(crate) names: FxHashMap<String, Named>,
    /// Names of lists, phrases and classes that some pattern uses.
    pub(crate) used: FxHashSet<String>,
    lists: Vec<String>,
    /// How often words and entries stand in text.
    frequency: Frequency,
    pub(crate) tests: Vec<Test>,
    pub(crate) test_numbers: FxHashMap<Test, u32>,
    /// Tests of one token and the next that some rule requires together.
    pub(crate) pairs: Vec<(u32, u32)>,
    /// Where the lines of each rule file end, by where its text lies: an archive's own file may have the same path.
    lines: FxHashMap<*const u8, Vec<usize>>,
    /// How the phrases begin that were asked for it.
    pub(crate) openings: FxHashMap<String, Option<Vec<u32>>>,
    /// What the phrases and classes require that were asked for it.
    required: FxHashMap<String, Rc<[Vec<Atom>]>>,
    /// Regular expressions by how they are written.
    pub(crate) expressions: BTreeMap<String, Expression>,
    pub(crate) items: Vec<Item>,
    pub(crate) item_numbers: FxHashMap<Item, u32>,
    forms: BTreeMap<String, Rc<Forms<'f>>>,
    /// Phrases that are matched once at a token, and which of them a name is; `None` for one that is written out.
    pub(crate) phrases: Vec<Program>,
    pub(crate) phrase_numbers: BTreeMap<String, Option<u32>>,
    /// The test of each class, once a pattern used it.
    pub(crate) classes: BTreeMap<String, u32>,
    /// List files already read, by path: several lists may take their entries from one.
    read: BTreeMap<String, Rc<Listed<'f>>>,
    /// Phrases and classes that cannot be used, because of a mistake that is told where they are defined.
    broken: BTreeSet<String>,
    /// How many items each phrase and class has with all phrases written out.
    sizes: FxHashMap<String, u64>,
    /// Where the entries of lists are kept, for a check.
    kept: Option<Vec<Vec<KeptEntry>>>,
    files: &'f [RuleFile],
}

/// Rule files as far as they could be compiled, with all that is wrong in them.
pub(crate) struct Compiled<'f> {
    pub(crate) set: RuleSet,
    pub(crate) parsed: Vec<(&'f RuleFile, Blocks)>,
    pub(crate) names: FxHashMap<String, Named>,
    /// Names of lists, phrases and classes that some pattern or the tokenizer uses.
    pub(crate) used: FxHashSet<String>,
    /// The entries of each list, by its number; kept for a check alone.
    pub(crate) lists: Vec<Vec<KeptEntry>>,
    pub(crate) errors: Vec<RuleError>,
}

/// What is compiled for.
pub(crate) enum Purpose<'p> {
    /// To run.
    Load,
    /// To be checked.
    Check,
    /// To run one pattern more.
    Try(Trial<'p>),
}

pub(crate) fn compile(language: &str, files: &[RuleFile]) -> Result<RuleSet, RuleErrors> {
    let done = compile_all(language, files, &Purpose::Load);
    if done.errors.is_empty() { Ok(done.set) } else { Err(RuleErrors(done.errors)) }
}

/// About how many bytes a line of a list has.
const LINE: usize = 24;

/// Compiles what can be compiled.
pub(crate) fn compile_all<'f>(language: &str, files: &'f [RuleFile], purpose: &Purpose<'_>) -> Compiled<'f> {
    let mut sorted: Vec<&RuleFile> = files.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let mut compiler = Compiler::new(files);
    compiler.kept = matches!(purpose, Purpose::Check).then(Vec::new);
    let mut parsed: Vec<(&RuleFile, Blocks)> = Vec::new();
    for file in sorted.into_iter().filter(|f| f.path.ends_with(".toml")) {
        match blocks(file) {
            Ok(b) => parsed.push((file, b)),
            Err(e) => compiler.errors.push(*e),
        }
    }
    compiler.dictionary.expect(
        files.iter().filter(|f| f.path.ends_with(".tsv")).map(|f| f.text.len()).sum::<usize>() / LINE,
    );
    compiler.names(&parsed);
    compiler.references(&parsed);
    let language_words = compiler.language_words(&parsed);
    let mut rules = compiler.rules(&parsed);
    let mut layers = order::layers(&mut compiler, &parsed, &rules);
    if let Purpose::Try(trial) = purpose {
        trial.add(&mut compiler, &mut rules, &mut layers);
    }
    compiler.dictionary.settle();
    let natures = nature::natures(&compiler.tests, &compiler.items);
    let parts = Parts {
        words: compiler.dictionary.len(),
        lists: compiler.lists.len(),
        symbols: compiler.symbols.len(),
        natures: &natures,
        items: &compiler.items,
        pairs: &compiler.pairs,
        frequency: &compiler.frequency,
    };
    let triggers = Triggers::new(&rules, &compiler.phrases, &parts);
    let phrases = nature::shared_phrases(compiler.phrases, &natures, &compiler.items);
    let set = RuleSet {
        name: language.to_owned(),
        digest: digest(files),
        language: language_words,
        list_numbers: list_numbers(&compiler.names),
        symbols: compiler.symbols,
        dictionary: compiler.dictionary,
        classes: compiler.classes.into_iter().map(|(name, test)| (test, name)).collect(),
        asking: Asking::new(&compiler.tests, parts.words),
        tests: compiler.tests,
        items: compiler.items,
        phrases,
        natures,
        stretches: order::stretches(&layers, &triggers),
        triggers,
        pairs: compiler.pairs,
        rules,
        layers,
        weights: confidence::read(&parsed, &mut compiler.errors),
        spare: Spare::default(),
    };
    let mut errors = excused(compiler.errors, files, &parsed);
    errors.sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
    let (names, used) = (compiler.names, compiler.used);
    Compiled { set, parsed, names, used, lists: compiler.kept.unwrap_or_default(), errors }
}

/// Mistakes without those about names that may stand in a file that cannot be read: whoever uses what it defines is not
/// to blame.
fn excused(mut errors: Vec<RuleError>, files: &[RuleFile], parsed: &[(&RuleFile, Blocks)]) -> Vec<RuleError> {
    let is_read = |file: &RuleFile| parsed.iter().any(|(read, _)| std::ptr::eq(*read, file));
    let unread: Vec<&RuleFile> = files.iter().filter(|f| f.path.ends_with(".toml") && !is_read(f)).collect();
    let may_stand = |name: &String| unread.iter().any(|file| file.text.contains(name.as_str()));
    errors.retain(|error| !error.unknown.as_ref().is_some_and(may_stand));
    errors
}

fn list_numbers(names: &FxHashMap<String, Named>) -> FxHashMap<String, u32> {
    let number = |named: &Named| if let Named::List(number) = named { Some(*number) } else { None };
    names.iter().filter_map(|(name, named)| Some((name.clone(), number(named)?))).collect()
}

impl<'f> Compiler<'f> {
    fn new(files: &'f [RuleFile]) -> Self {
        Self {
            errors: Vec::new(),
            symbols: Symbols::default(),
            dictionary: Dictionary::new(),
            names: FxHashMap::default(),
            used: FxHashSet::default(),
            lists: Vec::new(),
            frequency: Frequency::default(),
            tests: Vec::new(),
            test_numbers: FxHashMap::default(),
            pairs: Vec::new(),
            lines: FxHashMap::default(),
            openings: FxHashMap::default(),
            required: FxHashMap::default(),
            expressions: BTreeMap::new(),
            items: Vec::new(),
            item_numbers: FxHashMap::default(),
            forms: BTreeMap::new(),
            phrases: Vec::new(),
            phrase_numbers: BTreeMap::new(),
            classes: BTreeMap::new(),
            read: BTreeMap::new(),
            broken: BTreeSet::new(),
            sizes: FxHashMap::default(),
            kept: None,
            files,
        }
    }

    /// All lists, phrases, classes and kinds of annotation.
    fn names(&mut self, parsed: &[(&RuleFile, Blocks)]) {
        self.read_frequency(parsed);
        for (file, b) in parsed {
            self.read_forms(file, b);
        }
        for (file, b) in parsed {
            for list in b.list.iter().filter(|list| !list.add) {
                let number = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
                if self.define(file, &list.id, Named::List(number)) {
                    self.lists.push(list.id.get_ref().clone());
                    self.read_list(file, list, number);
                }
            }
            for (patterns, class) in [(&b.phrase, false), (&b.class, true)] {
                for pattern in patterns {
                    // A name whose pattern has a mistake is known all the same: whoever uses it is not to blame.
                    let node = self.parse(file, &pattern.is).unwrap_or_else(|| {
                        self.broken.insert(pattern.id.get_ref().clone());
                        Node::Seq(Vec::new())
                    });
                    let node = Rc::new(node);
                    let named = if class { Named::Class(node) } else { Named::Phrase(node) };
                    self.define(file, &pattern.id, named);
                }
            }
        }
        for (file, b) in parsed {
            for list in b.list.iter().filter(|list| list.add) {
                self.add_to_list(file, list);
            }
        }
        for (_, b) in parsed {
            let finds = b.rule.iter().map(|r| r.finds.get_ref()).chain(&b.kinds);
            for kind in finds {
                self.symbols.intern(kind);
                self.names.entry(kind.clone()).or_insert(Named::Annotation);
            }
        }
    }

    /// Notes that some pattern or the tokenizer uses a name.
    fn uses(&mut self, name: &str) {
        if !self.used.contains(name) {
            self.used.insert(name.to_owned());
        }
    }

    fn define(&mut self, file: &RuleFile, id: &Spanned<String>, named: Named) -> bool {
        let name = id.get_ref();
        let good = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        if !good {
            let error = RuleError::new(&file.path, &file.text, id.span(), format!("`{name}` is no id"));
            self.errors.push(error.help("letters, digits, `-` and `_` only"));
            return false;
        }
        if self.names.contains_key(name) {
            let error =
                RuleError::new(&file.path, &file.text, id.span(), format!("`{name}` is defined twice"));
            let list = matches!(named, Named::List(_)) && matches!(self.names[name], Named::List(_));
            let add = if list { "to add to the list that is there write `add = true`, else " } else { "" };
            self.errors.push(error.label("the second").help(format!("{add}give one of them another id")));
            return false;
        }
        self.names.insert(name.clone(), named);
        true
    }

    pub(crate) fn parse(&mut self, file: &RuleFile, string: &Spanned<String>) -> Option<Node> {
        match pattern::parse(string.get_ref()) {
            Ok(node) => Some(node),
            Err(mistake) => {
                let error = Place::of(file, string).error(&mistake.at, mistake.message).help(mistake.help);
                self.errors.push(error);
                None
            }
        }
    }

    fn rules(&mut self, parsed: &[(&RuleFile, Blocks)]) -> Vec<Rule> {
        let mut rules = Vec::new();
        let mut beats: Vec<(usize, &RuleFile, &[Spanned<String>])> = Vec::new();
        let off = order::off(self, parsed);
        let is_on = |file: &RuleFile, id: &Spanned<String>| !off.contains(&full_id(file, id.get_ref()));
        for (file, b) in parsed {
            for evidence in &b.evidence {
                self.errors.push(
                    RuleError::new(&file.path, &file.text, evidence.span(), "[[evidence]] is not read yet")
                        .help("leave it out: no rule set needs it so far"),
                );
            }
            for block in b.rule.iter().filter(|block| is_on(file, &block.id)) {
                if let Some(rule) = self.rule(file, block) {
                    beats.push((rules.len(), file, &block.beats));
                    rules.push(rule);
                }
            }
            for block in b.veto.iter().filter(|block| is_on(file, &block.id)) {
                rules.extend(self.veto(file, block));
            }
        }
        order::ids(self, parsed);
        order::depths(self, &mut rules, parsed, &beats);
        rules
    }

    fn info(&mut self, file: &RuleFile, id: &Spanned<String>, finds: &str, say: &str) -> RuleInfo {
        let lines = self.lines.entry(file.text.as_ptr()).or_insert_with(|| {
            file.text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at).collect()
        });
        let line = lines.partition_point(|at| *at < id.span().start) + 1;
        RuleInfo {
            id: full_id(file, id.get_ref()),
            file: file.path.clone(),
            line,
            layer: String::new(),
            finds: finds.to_owned(),
            say: say.to_owned(),
            speaker: None,
            passage: None,
        }
    }

    fn rule(&mut self, file: &RuleFile, block: &RuleBlock) -> Option<Rule> {
        let node = self.parse(file, &block.when)?;
        if !self.is_sound(file, &block.when, &node) {
            return None;
        }
        let mut program = Patterns::new(self, Place::of(file, &block.when)).program(&node)?;
        program.keeps_items = block.set.values().any(|value| value.get_ref().contains('.'));
        let mut info = self.info(file, &block.id, block.finds.get_ref(), &block.say);
        info.layer.clone_from(block.layer.get_ref());
        info.speaker = self.one_of(file, block.speaker.as_ref(), "speaker", &["inherit"]);
        info.passage = self.one_of(
            file,
            block.passage.as_ref(),
            "passage",
            &["next-block", "next-list", "previous-sentence"],
        );
        if let Some(weight) = &block.weight {
            let error = RuleError::new(&file.path, &file.text, weight.span(), "`weight` is not read yet");
            self.errors
                .push(error.help("leave it out: which match wins is settled by `beats` and by position"));
        }
        let claims = block
            .claims
            .as_ref()
            .map(|names| names.iter().map(|n| self.symbols.intern(n.get_ref())).collect());
        let set = block
            .set
            .iter()
            .map(|(key, value)| (self.symbols.intern(key), self.set_value(value.get_ref())))
            .collect();
        Some(Rule {
            info,
            finds: self.symbols.intern(block.finds.get_ref()),
            program,
            claims,
            spans: block.spans.as_ref().map(|s| self.symbols.intern(s.get_ref())),
            set,
            depth: 0,
            beats: Vec::new(),
            examples: Examples::of(&block.yes, &block.no),
        })
    }

    fn veto(&mut self, file: &RuleFile, block: &VetoBlock) -> Option<Rule> {
        let node = self.parse(file, &block.when)?;
        if !self.is_sound(file, &block.when, &node) {
            return None;
        }
        let program = Patterns::new(self, Place::of(file, &block.when)).program(&node)?;
        Some(Rule {
            info: self.info(file, &block.id, block.finds.get_ref(), &block.say),
            finds: self.symbols.intern(block.finds.get_ref()),
            program,
            claims: None,
            spans: block.spans.as_ref().map(|s| self.symbols.intern(s.get_ref())),
            set: Vec::new(),
            depth: 0,
            beats: Vec::new(),
            examples: Examples::of(&block.yes, &block.no),
        })
    }

    fn set_value(&mut self, value: &str) -> SetValue {
        match value.split_once('.') {
            Some((item, field)) => SetValue::Item(self.symbols.intern(item), self.symbols.intern(field)),
            None => SetValue::Constant(self.symbols.intern(value)),
        }
    }

    fn one_of(
        &mut self,
        file: &RuleFile,
        value: Option<&Spanned<String>>,
        key: &str,
        allowed: &[&str],
    ) -> Option<String> {
        let value = value?;
        if allowed.contains(&value.get_ref().as_str()) {
            return Some(value.get_ref().clone());
        }
        let error = RuleError::new(
            &file.path,
            &file.text,
            value.span(),
            format!("`{}` is no {key}", value.get_ref()),
        );
        self.errors.push(error.help(format!("one of: {}", allowed.join(", "))));
        None
    }
}

/// `en/officials/scoped-role`: the file without its ending, and the id in it.
pub(crate) fn full_id(file: &RuleFile, id: &str) -> String {
    format!("{}/{id}", file.path.strip_suffix(".toml").unwrap_or(&file.path))
}

/// The name that comes nearest to `name`, for a mend.
pub(crate) fn nearest<'n>(name: &str, all: impl Iterator<Item = &'n String>) -> Option<&'n String> {
    all.map(|other| (distance(name, other), other)).filter(|(d, _)| *d <= 2).min().map(|(_, other)| other)
}

/// Edit distance (Levenshtein) of two short names.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests;
