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

/// No two rules of a file may share an id, and no rule and veto.
pub(super) fn ids(compiler: &mut Compiler<'_>, parsed: &[(&RuleFile, Blocks)]) {
    let mut seen: BTreeMap<String, (&str, &RuleFile, usize)> = BTreeMap::new();
    for (file, b) in parsed {
        let rules = b.rule.iter().map(|rule| ("rule", &rule.id));
        for (what, id) in rules.chain(b.veto.iter().map(|veto| ("veto", &veto.id))) {
            let full = full_id(file, id.get_ref());
            let Some((other, there, at)) = seen.get(&full) else {
                seen.insert(full, (what, file, id.span().start));
                continue;
            };
            let message = if *other == what {
                format!("{what} `{full}` is defined twice")
            } else {
                format!("a rule and a veto are both called `{full}`")
            };
            let line = there.text.get(..*at).unwrap_or_default().matches('\n').count() + 1;
            let help = format!(
                "the first, a {other}, stands at {}:{line}; give this one another id, or take one of them out",
                there.path
            );
            let error = RuleError::new(&file.path, &file.text, id.span(), message);
            compiler.errors.push(error.label("the second").help(help));
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
    let mut places: Places<'_> = BTreeMap::new();
    for (winner, file, losers) in beats {
        for loser in *losers {
            let name = loser.get_ref();
            let found = (0..rules.len()).find(|n| {
                let id = &rules[*n].info.id;
                id == name || (rules[*n].info.file == file.path && id.rsplit('/').next() == Some(name))
            });
            if let Some(n) = found {
                edges[*winner].push(n);
                places.entry((*winner, n)).or_insert((file, loser));
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
    let circles = circles(&edges);
    for circle in &circles {
        compiler.errors.extend(in_a_circle(rules, circle, &places));
    }
    if circles.is_empty() {
        deepen(rules, &edges);
    }
}

/// Where it is written that one rule beats another.
type Places<'f> = BTreeMap<(usize, usize), (&'f RuleFile, &'f Spanned<String>)>;

/// Longest chain by repeated relaxing, which ends where there is no circle.
fn deepen(rules: &mut [Rule], edges: &[Vec<usize>]) {
    let mut changed = true;
    while changed {
        changed = false;
        for (winner, losers) in edges.iter().enumerate() {
            for &loser in losers {
                if rules[loser].depth <= rules[winner].depth {
                    rules[loser].depth = rules[winner].depth + 1;
                    changed = true;
                }
            }
        }
    }
}

/// Circles of rules of which each beats the next and the last the first, no rule in two of them; as many as must be broken
/// at least.
fn circles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut left: BTreeSet<usize> = (0..edges.len()).collect();
    let mut found = Vec::new();
    loop {
        // What beats nobody that is left is in no circle.
        let ends = |left: &BTreeSet<usize>| -> Vec<usize> {
            let ends = |n: &&usize| !edges[**n].iter().any(|loser| left.contains(loser));
            left.iter().filter(ends).copied().collect()
        };
        let mut gone = ends(&left);
        while !gone.is_empty() {
            gone.iter().for_each(|n| {
                left.remove(n);
            });
            gone = ends(&left);
        }
        let Some(first) = left.first() else { return found };
        let mut way = vec![*first];
        let circle = loop {
            let next = way.last().and_then(|last| edges[*last].iter().find(|loser| left.contains(loser)));
            let Some(next) = next else { break Vec::new() };
            if let Some(at) = way.iter().position(|n| n == next) {
                break way.split_off(at);
            }
            way.push(*next);
        };
        circle.iter().for_each(|n| {
            left.remove(n);
        });
        found.push(circle);
    }
}

/// The circle, told where its first rule says whom it beats; every other place where it can be broken is named.
fn in_a_circle(rules: &[Rule], circle: &[usize], places: &Places<'_>) -> Option<RuleError> {
    let next = |at: usize| circle[(at + 1) % circle.len()];
    let (file, loser) = places.get(&(*circle.first()?, next(0)))?;
    let told: Vec<String> = (0..circle.len())
        .map(|at| format!("`{}` beats `{}`", rules[circle[at]].info.id, rules[next(at)].info.id))
        .collect();
    let elsewhere: Vec<String> = (1..circle.len())
        .filter_map(|at| {
            let (file, loser) = places.get(&(circle[at], next(at)))?;
            let line = file.text.get(..loser.span().start)?.matches('\n').count() + 1;
            Some(format!("`{}` at {}:{line}", loser.get_ref(), file.path))
        })
        .collect();
    let message = format!("`beats` goes round in a circle: {}", told.join(", "));
    let or = if elsewhere.is_empty() { String::new() } else { format!(", or {}", elsewhere.join(", or ")) };
    let help = format!("take `{}` out of this `beats`{or}", loser.get_ref());
    Some(RuleError::new(&file.path, &file.text, loser.span(), message).help(help))
}

/// Whether the rule `id` of file `here` is the one that `name` means in file `file`.
fn written(here: &RuleFile, id: &str, file: &RuleFile, name: &str) -> bool {
    let stem = here.path.strip_suffix(".toml").unwrap_or(&here.path);
    (here.path == file.path && id == name)
        || name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('/')) == Some(id)
}
