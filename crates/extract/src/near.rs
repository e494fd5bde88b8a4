//! Facts by place: which passages may touch a stretch of text.

use chancery_rules::Range;

use crate::facts::Fact;

/// Facts in the order of their passages, so that those near a place are found at once in a document of many.
pub(crate) struct Near {
    order: Vec<(usize, usize)>,
    longest: usize,
}

impl Near {
    pub(crate) fn of(facts: &[Fact]) -> Self {
        let mut order: Vec<(usize, usize)> =
            facts.iter().enumerate().map(|(n, f)| (f.text.start, n)).collect();
        order.sort_unstable();
        Self { order, longest: facts.iter().map(|f| f.text.len()).max().unwrap_or(0) }
    }

    /// Facts whose passages may touch one of two stretches, with their index, in order.
    pub(crate) fn touching<'f>(
        &self,
        facts: &'f [Fact],
        a: Range,
        b: Range,
    ) -> impl Iterator<Item = (usize, &'f Fact)> {
        let (start, end) = (a.start.min(b.start), a.end.max(b.end));
        let from = self.order.partition_point(|(at, _)| at + self.longest < start);
        let mut near: Vec<usize> =
            self.order[from..].iter().take_while(|(at, _)| *at <= end).map(|(_, n)| *n).collect();
        near.sort_unstable();
        near.into_iter().map(|n| (n, &facts[n]))
    }
}
