//! Ranges by place: those that touch, hold or lie in a stretch are found at once among many.

use chancery_rules::Range;

/// Ranges, each with the number of whatever it is of, in the order of their beginnings. A binary tree over that order
/// knows the greatest end below each node (an interval tree).
#[derive(Clone, Debug, Default)]
pub(crate) struct Ranges {
    all: Vec<(Range, usize)>,
    /// The greatest end of the part whose middle is here.
    ends: Vec<usize>,
}

impl FromIterator<(Range, usize)> for Ranges {
    fn from_iter<I: IntoIterator<Item = (Range, usize)>>(ranges: I) -> Self {
        let mut all: Vec<(Range, usize)> = ranges.into_iter().collect();
        all.sort_unstable();
        let mut ends = vec![0; all.len()];
        fill(&all, &mut ends);
        Self { all, ends }
    }
}

/// Fills in the greatest ends; the greatest of all.
fn fill(all: &[(Range, usize)], ends: &mut [usize]) -> usize {
    let middle = all.len() / 2;
    let Some((range, _)) = all.get(middle) else { return 0 };
    let (left, right) = ends.split_at_mut(middle);
    let Some((here, right)) = right.split_first_mut() else { return 0 };
    *here = range.end.max(fill(&all[..middle], left)).max(fill(&all[middle + 1..], right));
    *here
}

impl Ranges {
    /// Those that lie inside a stretch, in order.
    pub(crate) fn inside(&self, stretch: Range) -> impl Iterator<Item = (Range, usize)> + '_ {
        let from = self.all.partition_point(|(range, _)| range.start < stretch.start);
        let near = self.all[from..].iter().take_while(move |(range, _)| range.start < stretch.end);
        near.filter(move |(range, _)| range.end <= stretch.end).copied()
    }

    /// The least number of those that lie inside a stretch.
    pub(crate) fn first_inside(&self, stretch: Range) -> Option<usize> {
        self.inside(stretch).map(|(_, n)| n).min()
    }

    /// Those that share a token with a stretch, in order.
    pub(crate) fn touching(&self, stretch: Range) -> Vec<(Range, usize)> {
        let mut found = Vec::new();
        collect(&self.all, &self.ends, stretch.end, stretch.start + 1, &mut found);
        found
    }

    /// Those in which a stretch lies, in order.
    pub(crate) fn around(&self, stretch: Range) -> Vec<(Range, usize)> {
        let mut found = Vec::new();
        collect(&self.all, &self.ends, stretch.start + 1, stretch.end, &mut found);
        found
    }
}

/// Those that begin before `before` and reach to `reach` at least.
fn collect(
    all: &[(Range, usize)],
    ends: &[usize],
    before: usize,
    reach: usize,
    found: &mut Vec<(Range, usize)>,
) {
    let middle = all.len() / 2;
    if ends.get(middle).is_none_or(|end| *end < reach) {
        return;
    }
    collect(&all[..middle], &ends[..middle], before, reach, found);
    let (range, n) = all[middle];
    if range.start < before {
        if range.end >= reach {
            found.push((range, n));
        }
        collect(&all[middle + 1..], &ends[middle + 1..], before, reach, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_same_as_by_looking_at_all(
            ranges in prop::collection::vec((0_usize..40, 1_usize..9), 0..30),
            start in 0_usize..45,
            len in 1_usize..9,
        ) {
            let mut all: Vec<(Range, usize)> =
                ranges.iter().enumerate().map(|(n, (start, len))| (Range::new(*start, start + len), n)).collect();
            let tree: Ranges = all.iter().copied().collect();
            all.sort_unstable();
            let stretch = Range::new(start, start + len);
            let by = |fits: &dyn Fn(&Range) -> bool| -> Vec<(Range, usize)> {
                all.iter().filter(|(range, _)| fits(range)).copied().collect()
            };
            prop_assert_eq!(tree.touching(stretch), by(&|range| range.overlaps(&stretch)));
            prop_assert_eq!(tree.around(stretch), by(&|range| range.contains(&stretch)));
            prop_assert_eq!(tree.inside(stretch).collect::<Vec<_>>(), by(&|range| stretch.contains(range)));
        }
    }
}
