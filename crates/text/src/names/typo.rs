//! How many letters of a word were mistyped.

/// The restricted Damerau–Levenshtein distance (optimal string alignment) of two words, where it is at most `most`: letters
/// left out, added, changed, or two neighbours swapped.
#[must_use]
pub fn edits(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut best =
                (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        if row.iter().min().is_some_and(|least| *least > most) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::edits;

    #[test]
    fn letters_left_out_added_changed_or_swapped() {
        for (a, b, expected) in [
            ("rajapaksa", "rajapaksa", Some(0)),
            ("rajapaksa", "rajapksa", Some(1)),
            ("rajapaksa", "rajapkasa", Some(1)),
            ("rajapaksa", "rajabaksah", Some(2)),
            ("rajapaksa", "sirisena", None),
            ("", "ab", Some(2)),
        ] {
            assert_eq!(edits(a, b, 2), expected, "{a} {b}");
        }
    }
}
