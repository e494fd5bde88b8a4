//! How sure a fact is: weights of evidence from `[[confidence]]` blocks, and the table from their sum to a number of 0 to 100.
//!
//! Weights are log odds in hundredths; the sum of those that speak for a fact is the log odds that it is right. The
//! table holds integers only, so that the same evidence gives the same number on every machine.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::error::RuleError;
use crate::file::{Blocks, ConfidenceBlock};
use crate::ruleset::RuleFile;

/// What evidence is worth for facts of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    start: i32,
    least: u8,
    of: FxHashMap<String, FxHashMap<String, i32>>,
}

impl Weights {
    /// The log odds of a fact of which nothing is known, in hundredths.
    #[must_use]
    pub const fn start(&self) -> i32 {
        self.start
    }

    /// Facts that are less sure than this are left out of records, 0 to 100.
    #[must_use]
    pub const fn least(&self) -> u8 {
        self.least
    }

    /// What it adds that evidence `of` some sort has this value; 0 where no weight was given.
    #[must_use]
    pub fn weight(&self, of: &str, value: &str) -> i32 {
        self.of.get(of).and_then(|values| values.get(value)).copied().unwrap_or(0)
    }
}

/// The weights of all kinds of facts.
pub(crate) type AllWeights = BTreeMap<String, Weights>;

/// The least log odds, in hundredths, that are 1, 2, … 99 in a hundred, rounded to the nearest: 100 ln(p / (1 − p)) for
/// p = .005, .015, … .985. Nothing is surer than 99, nor less sure than 1: a rule is no witness.
const LEAST: [i32; 99] = [
    -529, -418, -366, -332, -306, -284, -267, -251, -238, -225, -214, -204, -195, -186, -177, -170, -162,
    -155, -148, -142, -136, -130, -124, -118, -113, -107, -102, -97, -92, -87, -82, -78, -73, -69, -64, -60,
    -55, -51, -47, -43, -38, -34, -30, -26, -22, -18, -14, -10, -6, -2, 2, 6, 10, 14, 18, 22, 26, 30, 34, 38,
    43, 47, 51, 55, 60, 64, 69, 73, 78, 82, 87, 92, 97, 102, 107, 113, 118, 124, 130, 136, 142, 148, 155,
    162, 170, 177, 186, 195, 204, 214, 225, 238, 251, 267, 284, 306, 332, 366, 418,
];

/// How sure a fact is whose evidence has this sum of log odds in hundredths: 1 to 99.
///
/// ```
/// assert_eq!(chancery_rules::confidence(0), 50);
/// assert_eq!(chancery_rules::confidence(220), 90);
/// assert_eq!(chancery_rules::confidence(-5000), 1);
/// ```
#[must_use]
pub fn confidence(sum: i32) -> u8 {
    u8::try_from(LEAST.partition_point(|least| *least <= sum)).unwrap_or(99).clamp(1, 99)
}

/// Largest weight: more than enough to settle a fact by itself.
const LARGEST: i32 = 10_000;

/// The weights of all files; a kind that has two blocks, or a weight out of bounds, is a mistake.
pub(crate) fn read(parsed: &[(&RuleFile, Blocks)], errors: &mut Vec<RuleError>) -> AllWeights {
    let mut all = AllWeights::new();
    for (file, b) in parsed {
        for block in &b.confidence {
            let at = || block.id.span();
            if let Some((of, value)) = out_of_bounds(block) {
                let message = format!("the weight of `{of}` `{value}` is out of bounds");
                let error = RuleError::new(&file.path, &file.text, at(), message);
                errors.push(error.help(format!("log odds in hundredths, from -{LARGEST} to {LARGEST}")));
            }
            if block.least > 100 {
                let message = format!("the least confidence {} is out of bounds", block.least);
                errors.push(
                    RuleError::new(&file.path, &file.text, at(), message).help("it goes from 0 to 100"),
                );
            }
            let of = block.weights.iter().map(|(of, values)| {
                (of.clone(), values.iter().map(|(value, weight)| (value.clone(), *weight)).collect())
            });
            let weights = Weights { start: block.start, least: block.least, of: of.collect() };
            if all.insert(block.id.get_ref().clone(), weights).is_some() {
                let message = format!("the confidence of `{}` is given twice", block.id.get_ref());
                let error = RuleError::new(&file.path, &file.text, at(), message).label("the second");
                errors.push(error.help("leave one block out"));
            }
        }
    }
    all
}

/// The first weight that is too large.
fn out_of_bounds(block: &ConfidenceBlock) -> Option<(&str, &str)> {
    let start = [("start", "", block.start)].into_iter();
    let weights = block
        .weights
        .iter()
        .flat_map(|(of, values)| values.iter().map(|(value, weight)| (of.as_str(), value.as_str(), *weight)));
    let mut all = start.chain(weights);
    all.find(|(.., weight)| weight.abs() > LARGEST).map(|(of, value, _)| (of, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RuleSet, check};

    fn set(text: &str) -> Result<RuleSet, crate::RuleErrors> {
        let file = |path: &str, text: &str| RuleFile { path: path.into(), text: text.into() };
        RuleSet::compile("en", &[file("en/layers.toml", "layers = []"), file("en/c.toml", text)])
    }

    #[test]
    fn the_table_is_that_of_the_logistic_function() {
        for (n, least) in LEAST.iter().enumerate() {
            let p = (n as f64 + 0.5) / 100.0;
            assert_eq!(*least, (100.0 * (p / (1.0 - p)).ln()).round() as i32, "{n}");
        }
        assert_eq!((confidence(i32::MIN), confidence(i32::MAX)), (1, 99));
    }

    #[test]
    fn weights_are_read_by_kind_sort_and_value() {
        let text =
            "[[confidence]]\nid = 'x'\nstart = 80\nleast = 40\n[confidence.weights.rule]\n'en/a/b' = -30\n";
        let set = set(text);
        let weights = set.unwrap().weights("x").unwrap().clone();
        assert_eq!(
            (weights.start(), weights.least(), weights.weight("rule", "en/a/b"), weights.weight("rule", "z")),
            (80, 40, -30, 0)
        );
    }

    #[test]
    fn mistakes_in_weights_have_a_place_and_a_mend() {
        let twice = "[[confidence]]\nid = 'x'\nstart = 1\n[[confidence]]\nid = 'x'\nstart = 2\n";
        let told = set(twice).unwrap_err().to_string();
        assert!(told.contains("given twice") && told.contains("en/c.toml"), "{told}");
        let told = set("[[confidence]]\nid = 'x'\nstart = 1\nleast = 101\n").unwrap_err().to_string();
        assert!(
            told.contains("least confidence 101 is out of bounds") && told.contains("0 to 100"),
            "{told}"
        );
        let file = RuleFile {
            path: "en/c.toml".into(),
            text: "[[confidence]]\nid = 'x'\nstart = 1\nweights = { a = { b = 99999 } }\n".into(),
        };
        let found = check("en", &[file], &[]);
        assert!(
            found.iter().any(|e| e.message.contains("`a` `b` is out of bounds") && e.line == 2),
            "{found:?}"
        );
    }
}
