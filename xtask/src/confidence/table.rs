//! How far confidence can be believed: facts by how sure they were said to be, and how many of them are right.

use crate::shell::say;

/// Where bins begin, surest first; a bin of fewer facts than `FEW` is joined with the next.
const EDGES: [u8; 10] = [97, 95, 92, 88, 83, 75, 65, 55, 40, 0];
const FEW: usize = 50;

/// Facts that were said to be about equally sure.
#[derive(Debug, PartialEq, Eq)]
struct Bin {
    from: u8,
    to: u8,
    /// The sum of what was said, in hundredths, and how many facts are right.
    said: usize,
    right: usize,
    facts: usize,
}

fn bins(told: &[(u8, bool)]) -> Vec<Bin> {
    let mut bins: Vec<Bin> = Vec::new();
    let mut to = 100;
    for from in EDGES {
        let inside = || told.iter().filter(|(sure, _)| (from..to).contains(sure));
        let bin = Bin {
            from,
            to: to - 1,
            said: inside().map(|(sure, _)| usize::from(*sure)).sum(),
            right: inside().filter(|(_, right)| *right).count(),
            facts: inside().count(),
        };
        to = from;
        match bins.last_mut() {
            Some(last) if last.facts < FEW => last.take_in(&bin),
            _ => bins.push(bin),
        }
    }
    if let [.., before, last] = &mut bins[..]
        && last.facts < FEW
    {
        before.take_in(last);
        bins.pop();
    }
    bins
}

impl Bin {
    fn take_in(&mut self, lower: &Self) {
        self.from = lower.from;
        self.said += lower.said;
        self.right += lower.right;
        self.facts += lower.facts;
    }
}

/// Prints the bins of some facts as rows of a table.
pub(super) fn print(name: &str, told: &[(u8, bool)]) {
    for bin in bins(told).iter().filter(|bin| bin.facts > 0) {
        let tenths = |sum: usize| {
            let mean = (sum * 10 + bin.facts / 2) / bin.facts;
            format!("{}.{}", mean / 10, mean % 10)
        };
        say(&format!(
            "| {name} | {}–{} | {} | {} | {} |",
            bin.from,
            bin.to,
            bin.facts,
            tenths(bin.said),
            tenths(bin.right * 100)
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_has_fifty_facts_at_least() {
        let told: Vec<(u8, bool)> =
            (0..40).map(|_| (98, true)).chain((0..60).map(|n| (96, n < 57))).collect();
        let all = bins(&[told.clone(), vec![(10, false); 49]].concat());
        assert_eq!(
            all.iter().map(|bin| (bin.from, bin.to, bin.facts, bin.right)).collect::<Vec<_>>(),
            [(0, 99, 149, 97)]
        );
        let all = bins(&[told, vec![(10, false); 50]].concat());
        assert_eq!(all.iter().map(|bin| (bin.from, bin.facts)).collect::<Vec<_>>(), [(95, 100), (0, 50)]);
    }
}
