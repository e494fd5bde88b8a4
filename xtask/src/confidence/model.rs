//! The model: the log odds that a fact is right are a start and a weight for each piece of evidence (logistic regression),
//! drawn towards no weight at all, so that what is seldom seen says little.

use std::collections::BTreeMap;

use crate::verdicts::Piece;

/// A judged fact.
pub(super) struct Case {
    pub(super) kind: &'static str,
    pub(super) source: String,
    pub(super) evidence: Vec<Piece>,
    pub(super) right: bool,
    /// Whether it shows what to expect of texts that nobody tuned on.
    pub(super) fresh: bool,
}

/// How a model is fitted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// The force that draws each weight towards 0.
    pub(super) pull: f64,
    /// How much a fact of a text counts that rules were tuned on.
    pub(super) gold: f64,
}

impl Way {
    fn counts(self, case: &Case) -> f64 {
        if case.fresh { 1.0 } else { self.gold }
    }
}

/// Start and weights in hundredths of log odds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Model {
    pub(super) start: i32,
    pub(super) weights: BTreeMap<Piece, i32>,
}

/// Evidence seen on fewer facts has no weight.
const SEEN: usize = 4;
/// Rounds of the fit: it has settled long before.
const ROUNDS: usize = 60;
/// A smaller weight is left out.
const LEAST: i32 = 3;

impl Model {
    /// Fits cases.
    pub(super) fn fit(cases: &[&Case], way: Way) -> Self {
        let counted: Vec<&Case> = cases.iter().filter(|case| way.counts(case) > 0.0).copied().collect();
        let cases = counted.as_slice();
        let mut seen: BTreeMap<&Piece, Vec<usize>> = BTreeMap::new();
        for (n, case) in cases.iter().enumerate() {
            case.evidence.iter().for_each(|piece| seen.entry(piece).or_default().push(n));
        }
        seen.retain(|_, places| places.len() >= SEEN);
        let everywhere: Vec<usize> = (0..cases.len()).collect();
        let mut odds = vec![0.0; cases.len()];
        let mut start = 0.0;
        let mut weights = vec![0.0; seen.len()];
        for _ in 0..ROUNDS {
            start += step(cases, way, &mut odds, &everywhere, (start, 0.01));
            for (weight, places) in weights.iter_mut().zip(seen.values()) {
                *weight += step(cases, way, &mut odds, places, (*weight, way.pull));
            }
        }
        let weights =
            seen.into_keys().zip(weights).map(|(piece, weight)| (piece.clone(), hundredths(weight)));
        let weights = weights.filter(|(_, weight)| weight.abs() >= LEAST).collect();
        Self { start: hundredths(start), weights }
    }

    /// How sure it is of a fact: 1 to 99.
    pub(super) fn sure(&self, evidence: &[Piece]) -> u8 {
        let worth = |piece| self.weights.get(piece).copied().unwrap_or(0);
        chancery_rules::confidence(self.start + evidence.iter().map(worth).sum::<i32>())
    }
}

/// One step of Newton's method on the weight of evidence that these cases share.
fn step(cases: &[&Case], way: Way, odds: &mut [f64], places: &[usize], (weight, pull): (f64, f64)) -> f64 {
    let (mut slope, mut bend) = (-pull * weight, pull);
    for n in places {
        let chance = 1.0 / (1.0 + (-odds[*n]).exp());
        slope += way.counts(cases[*n]) * (f64::from(u8::from(cases[*n].right)) - chance);
        bend += way.counts(cases[*n]) * chance * (1.0 - chance);
    }
    let change = (slope / bend).clamp(-1.0, 1.0);
    places.iter().for_each(|n| odds[*n] += change);
    change
}

#[expect(clippy::cast_possible_truncation, reason = "log odds are small")]
fn hundredths(weight: f64) -> i32 {
    (weight * 100.0).round() as i32
}

/// How far confidence is from what is so: the mean of −ln of the chance given to what is so.
pub(super) fn surprise(told: &[(u8, bool)]) -> f64 {
    let chance = |(sure, right): &(u8, bool)| {
        let sure = f64::from(*sure) / 100.0;
        if *right { sure } else { 1.0 - sure }
    };
    told.iter().map(|one| -chance(one).ln()).sum::<f64>() / told.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(counts: &[(&str, usize, usize)]) -> Vec<Case> {
        let case = |rule: &str, right: bool| Case {
            kind: "person",
            source: "a".into(),
            evidence: vec![("rule".into(), rule.into())],
            right,
            fresh: true,
        };
        let of = |(rule, right, wrong): &(&str, usize, usize)| {
            let all = std::iter::repeat_n(true, *right).chain(std::iter::repeat_n(false, *wrong));
            all.map(|right| case(rule, right)).collect::<Vec<_>>()
        };
        counts.iter().flat_map(of).collect()
    }

    #[test]
    fn what_is_often_seen_weighs_what_it_shows_and_what_is_rare_little() {
        let cases = cases(&[("good", 190, 10), ("bad", 60, 140), ("rare", 0, 4), ("seldom", 0, 3)]);
        let model = Model::fit(&cases.iter().collect::<Vec<_>>(), Way { pull: 1.0, gold: 0.0 });
        let sure = |rule: &str| model.sure(&[("rule".into(), rule.into())]);
        assert!((93..=96).contains(&sure("good")), "{}", sure("good"));
        assert!((29..=33).contains(&sure("bad")), "{}", sure("bad"));
        assert!((sure("bad") - 25..sure("seldom")).contains(&sure("rare")), "{}", sure("rare"));
        assert_eq!(sure("seldom"), sure("never seen"));
    }

    #[test]
    fn who_is_sure_and_wrong_is_surprised() {
        assert!(surprise(&[(90, true), (10, false)]) < surprise(&[(60, true), (40, false)]));
        assert!(surprise(&[(90, false)]) > 2.0);
    }
}
