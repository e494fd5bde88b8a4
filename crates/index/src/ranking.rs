//! What a match is worth: the numbers of `ranking.toml`, which are tried against judged questions.

use std::sync::LazyLock;

use serde::Deserialize;

/// The numbers in force.
pub(crate) static RANKING: LazyLock<Ranking> = LazyLock::new(|| {
    toml::from_str(include_str!("ranking.toml")).expect("a test reads the committed numbers")
});

/// See `ranking.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ranking {
    pub(crate) k1: f32,
    pub(crate) other_form: f32,
    pub(crate) other_form_alone: f32,
    pub(crate) coordination: f32,
    pub(crate) all_of: usize,
    pub(crate) one_in: usize,
    pub(crate) at_most: usize,
    pub(crate) side_by_side: f32,
    pub(crate) year: f32,
    pub(crate) months: f32,
    pub(crate) row: f32,
    pub(crate) variant: f32,
    pub(crate) fact: f32,
    pub(crate) text: Worth,
    pub(crate) headline: Worth,
    pub(crate) passage: Worth,
    pub(crate) context: Worth,
    pub(crate) post: Worth,
    pub(crate) names: Worth,
    pub(crate) spelt: Worth,
    pub(crate) cue: Worth,
    pub(crate) kind: Worth,
}

/// What an occurrence in a field is worth.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Worth {
    pub(crate) weight: f32,
    /// How much the length of the field matters; `None` where lengths are not known.
    #[serde(default)]
    pub(crate) length: Option<f32>,
}

#[cfg(test)]
mod tests {
    use super::RANKING;

    #[test]
    fn the_committed_numbers_make_sense() {
        assert!(RANKING.k1 > 0.0 && RANKING.one_in > 0 && RANKING.at_most > 0);
        for worth in [RANKING.text, RANKING.headline, RANKING.passage, RANKING.context] {
            assert!(
                worth.weight > 0.0 && worth.length.is_some_and(|b| (0.0..=1.0).contains(&b)),
                "{worth:?}"
            );
        }
    }
}
