//! What comes before what: layers, and depth in `beats`.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::{Compiler, full_id, nearest};
use crate::error::RuleError;
use crate::file::Blocks;
use crate::ruleset::{Layer, LayerRules, Rule, RuleFile, Stretch};
use crate::trigger::{Index, Triggers};

/// The rules of a layer have no more steps together: ten thousand rules of forty steps.
const MOST_STEPS: usize = 400_000;

/// The layers in the order of `layers.toml`. A name `step:x` is a step of the document logic.
pub(super) fn layers(
    compiler: &mut Compiler<'_>,
    parsed: &[(&RuleFile, Blocks)],
    rules: &[Rule],
) -> Vec<Layer> {
    let names: Vec<&str> = parsed.iter().flat_map(|(_, b)| &b.layers).map(|l| l.get_ref().as_str()).collect();
    for (file, b) in parsed {
        for block in &b.rule {
            let layer = block.layer.get_ref();
            if !names.contains(&layer.as_str()) {
                let error = RuleError::new(
                    &file.path,
                    &file.text,
                    block.layer.span(),
                    format!("no layer is called `{layer}`"),
                );
                let known =
                    names.iter().filter(|n| !n.starts_with("step:")).copied().collect::<Vec<_>>().join(", ");
                compiler.errors.push(
                    error
                        .help(format!("add it to `layers` in layers.toml; there are: {known}"))
                        .unknown(layer),
                );
            }
        }
    }
    too_large(compiler, parsed, rules);
    names
        .into_iter()
        .map(|name| match name.strip_prefix("step:") {
            Some(step) => Layer::Step(step.to_owned()),
            None => {
                let own: Vec<usize> = (0..rules.len()).filter(|n| rules[*n].info.layer == name).collect();
                let vetoes: Vec<usize> = (0..rules.len())
                    .filter(|n| {
                        rules[*n].info.layer.is_empty()
                            && own.iter().any(|o| rules[*o].finds == rules[*n].finds)
                    })
                    .collect();
                Layer::Rules(LayerRules { name: name.to_owned(), rules: own, vetoes })
            }
        })
        .collect()
}

/// The layers between steps, indexed.
pub(super) fn stretches(layers: &[Layer], triggers: &Triggers) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut from = 0;
    for together in layers.chunk_by(|a, b| matches!((a, b), (Layer::Rules(_), Layer::Rules(_)))) {
        let range = from..from + together.len();
        from = range.end;
        let rules: Vec<&LayerRules> = together
            .iter()
            .filter_map(|l| if let Layer::Rules(rules) = l { Some(rules) } else { None })
            .collect();
        stretches.push(Stretch { layers: range, index: Index::new(triggers, &rules) });
    }
    stretches
}

/// Layers whose rules together are too large.
fn too_large(compiler: &mut Compiler<'_>, parsed: &[(&RuleFile, Blocks)], rules: &[Rule]) {
    for (file, b) in parsed {
        for layer in &b.layers {
            let own = rules.iter().filter(|rule| rule.info.layer == *layer.get_ref());
            let steps: usize = own.map(|rule| rule.program.steps.len()).sum();
            if steps > MOST_STEPS {
                let message = format!(
                    "the rules of the layer `{}` have {steps} steps, more than {MOST_STEPS}",
                    layer.get_ref()
                );
                let error = RuleError::new(&file.path, &file.text, layer.span(), message);
                compiler.errors.push(
                    error.help("part it into two layers, or put what is listed in patterns into lists"),
                );
            }
        }
    }
}

/// Full ids of the rules and vetoes that are switched off.
pub(super) fn off(compiler: &mut Compiler<'_>, parsed: &[(&RuleFile, Blocks)]) -> BTreeSet<String> {
    let mut off = BTreeSet::new();
    for (file, b) in parsed {
        for rule in b.off.iter().map(|block| &block.rule) {
            let known = |(here, b): &(&RuleFile, Blocks)| {
                let ids: Vec<String> = b
                    .rule
                    .iter()
                    .map(|r| &r.id)
                    .chain(b.veto.iter().map(|v| &v.id))
                    .map(|id| full_id(here, id.get_ref()))
                    .collect();
                ids
            };
            let ids: Vec<String> = parsed.iter().flat_map(known).collect();
            if ids.contains(rule.get_ref()) {
                off.insert(rule.get_ref().clone());
                continue;
            }
            let message = format!("no rule or veto is called `{}`", rule.get_ref());
            let help = nearest(rule.get_ref(), ids.iter()).map_or_else(
                || {
                    "write its full id, such as `en/statements/that-clause`; `chancery rules list` prints all"
                        .to_owned()
                },
                |near| format!("did you mean `{near}`?"),
            );
            compiler.errors.push(
                RuleError::new(&file.path, &file.text, rule.span(), message)
                    .help(help)
                    .unknown(rule.get_ref()),
            );
        }
    }
    off
}

/// No two rules of a file may share an id.
pub(super) fn ids(compiler: &mut Compiler<'_>, parsed: &[(&RuleFile, Blocks)], rules: &[Rule]) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in rules {
        if let Some(first) = seen.insert(&rule.info.id, rule.info.line)
            && let Some((file, _)) = parsed.iter().find(|(f, _)| f.path == rule.info.file)
        {
            let start: usize = file.text.split_inclusive('\n').take(rule.info.line - 1).map(str::len).sum();
            let message = format!("rule `{}` is defined twice", rule.info.id);
            let error = RuleError::new(&file.path, &file.text, start..start + 1, message);
            compiler
                .errors
                .push(error.help(format!("the first stands at line {first}; give one another id")));
        }
    }
}

/// Depth in `beats`: 0 where no rule beats it. A cycle is an error; so is a name of no rule, unless that rule stands
/// there with a mistake of its own, which has been told.
pub(super) fn depths(
    compiler: &mut Compiler<'_>,
    rules: &mut [Rule],
    parsed: &[(&RuleFile, Blocks)],
    beats: &[(usize, &RuleFile, &[Spanned<String>])],
) {
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); rules.len()];
    for (winner, file, losers) in beats {
        for loser in *losers {
            let name = loser.get_ref();
            let found = (0..rules.len()).find(|n| {
                let id = &rules[*n].info.id;
                id == name || (rules[*n].info.file == file.path && id.rsplit('/').next() == Some(name))
            });
            if let Some(n) = found {
                edges[*winner].push(n);
                continue;
            }
            if parsed.iter().any(|(f, b)| b.rule.iter().any(|r| written(f, r.id.get_ref(), file, name))) {
                continue;
            }
            let ids: Vec<String> =
                rules.iter().map(|r| r.info.id.rsplit('/').next().unwrap_or("").to_owned()).collect();
            let error =
                RuleError::new(&file.path, &file.text, loser.span(), format!("no rule is called `{name}`"));
            let help = nearest(name, ids.iter()).map_or_else(
                || "name a rule of this file, or another by its full id `en/file/rule`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            compiler.errors.push(error.help(help).unknown(name));
        }
    }
    for (rule, own) in rules.iter_mut().zip(&edges) {
        rule.beats.clone_from(own);
    }
    // Longest chain by repeated relaxing; more rounds than rules means a cycle.
    for round in 0..=rules.len() {
        let mut changed = None;
        for winner in 0..rules.len() {
            for &loser in &edges[winner] {
                if rules[loser].depth <= rules[winner].depth {
                    rules[loser].depth = rules[winner].depth + 1;
                    changed = Some(winner);
                }
            }
        }
        let Some(winner) = changed else { return };
        if round == rules.len()
            && let Some((_, file, losers)) = beats.iter().find(|(n, ..)| *n == winner)
            && let Some(loser) = losers.first()
        {
            let message = format!("`beats` goes round in a circle through `{}`", rules[winner].info.id);
            compiler.errors.push(
                RuleError::new(&file.path, &file.text, loser.span(), message)
                    .help("take one `beats` of the circle out"),
            );
        }
    }
}

/// Whether the rule `id` of file `here` is the one that `name` means in file `file`.
fn written(here: &RuleFile, id: &str, file: &RuleFile, name: &str) -> bool {
    let stem = here.path.strip_suffix(".toml").unwrap_or(&here.path);
    (here.path == file.path && id == name)
        || name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('/')) == Some(id)
}
