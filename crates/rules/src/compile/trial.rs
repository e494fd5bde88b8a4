//! A pattern on trial: run like a rule over real text, with every list and annotation, before it becomes one.

use super::patterns::Patterns;
use super::{Compiler, Place};
use crate::error::RuleError;
use crate::examples::Examples;
use crate::pattern;
use crate::ruleset::{Layer, LayerRules, Rule, RuleFile, RuleInfo};

/// What the trial's rule, its layer and what it finds are called; no rule file can use the name.
const TRIAL: &str = "(pattern)";

/// A pattern on trial.
pub(crate) struct Trial<'p> {
    /// The pattern, as the text of a file of its own.
    pub(crate) file: &'p RuleFile,
    /// The layer before which it runs; `None` for after all.
    pub(crate) layer: Option<&'p str>,
}

impl Trial<'_> {
    /// Adds the trial's rule in a layer of its own, where nothing competes with it and nothing sees it.
    pub(super) fn add(&self, compiler: &mut Compiler<'_>, rules: &mut Vec<Rule>, layers: &mut Vec<Layer>) {
        let place = Place { file: self.file, offset: 0 };
        let node = match pattern::parse(&self.file.text) {
            Ok(node) => node,
            Err(mistake) => {
                compiler.errors.push(place.error(&mistake.at, mistake.message).help(mistake.help));
                return;
            }
        };
        let named =
            |layer: &Layer| matches!(layer, Layer::Rules(own) if Some(own.name.as_str()) == self.layer);
        let found = layers.iter().position(named);
        if let (Some(wanted), None) = (self.layer, found) {
            compiler.errors.push(no_layer(wanted, layers));
        }
        let at = found.unwrap_or(layers.len());
        let Some(program) = Patterns::new(compiler, place).program(&node) else { return };
        let own = LayerRules { name: TRIAL.into(), rules: vec![rules.len()], vetoes: Vec::new() };
        layers.insert(at, Layer::Rules(own));
        rules.push(Rule {
            info: RuleInfo {
                id: TRIAL.into(),
                file: self.file.path.clone(),
                line: 1,
                layer: TRIAL.into(),
                finds: TRIAL.into(),
                say: String::new(),
                speaker: None,
                passage: None,
            },
            finds: compiler.symbols.intern(TRIAL),
            program,
            claims: None,
            spans: None,
            set: Vec::new(),
            depth: 0,
            beats: Vec::new(),
            examples: Examples::default(),
        });
    }
}

fn no_layer(wanted: &str, layers: &[Layer]) -> RuleError {
    let names = layers.iter().filter_map(|layer| match layer {
        Layer::Rules(own) => Some(own.name.as_str()),
        Layer::Step(_) => None,
    });
    let known = names.collect::<Vec<_>>().join(", ");
    RuleError::new("--layer", wanted, 0..wanted.len(), format!("no layer is called `{wanted}`"))
        .help(format!("there are: {known}"))
}
