//! Who of several was named last before a place.

use chancery_record::MentionKind;
use chancery_rules::Range;

/// Mentions of a person or body, as they are kept: in the order of the text.
pub(crate) type Mentions = [(Range, MentionKind)];

/// Some persons or bodies, with the beginnings of all their mentions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Latest {
    members: Vec<usize>,
    /// Beginnings, each with whose it is, in order; of few members none are kept.
    starts: Vec<(usize, usize)>,
}

/// So few members are asked one by one.
const FEW: usize = 4;
/// So many mentions are passed over at most.
const SKIPPED: usize = 8;

impl Latest {
    /// These members, each once.
    pub(crate) fn of<'m>(members: Vec<usize>, mentions: impl Fn(usize) -> &'m Mentions) -> Self {
        let mut starts: Vec<(usize, usize)> = Vec::new();
        if members.len() > FEW {
            starts.extend(members.iter().flat_map(|n| mentions(*n).iter().map(|(r, _)| (r.start, *n))));
            starts.sort_unstable();
        }
        Self { members, starts }
    }

    /// The members.
    pub(crate) fn members(&self) -> &[usize] {
        &self.members
    }

    /// Who was named last before a token, with the beginning of that mention; of two there, who comes later.
    pub(crate) fn before<'m>(
        &self,
        at: usize,
        mentions: impl Fn(usize) -> &'m Mentions,
    ) -> Option<(usize, usize)> {
        if self.members.len() > FEW {
            let later = self.starts.partition_point(|(start, _)| *start < at);
            return later.checked_sub(1).map(|n| self.starts[n]);
        }
        let last = |n: &usize| {
            let mentions = mentions(*n);
            let later = mentions.partition_point(|(range, _)| range.start < at);
            later.checked_sub(1).map(|m| (mentions[m].0.start, *n))
        };
        self.members.iter().filter_map(last).max()
    }

    /// The same, without the mentions that begin at a token which `not` tells.
    pub(crate) fn before_but<'m>(
        &self,
        mut at: usize,
        mentions: impl Fn(usize) -> &'m Mentions + Copy,
        not: impl Fn(usize) -> bool,
    ) -> Option<(usize, usize)> {
        for _ in 0..SKIPPED {
            let found = self.before(at, mentions)?;
            if !not(found.0) {
                return Some(found);
            }
            at = found.0;
        }
        None
    }
}
