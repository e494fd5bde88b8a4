//! A query as text, in its canonical form: reading it gives the same query.

use std::fmt;

use super::{Expr, Leaf};

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => f.write_str(&words.join(" ")),
            Self::Leaf(leaf) => leaf.fmt(f),
            Self::And(parts) => {
                // Two bags side by side would be read as one.
                let bags = parts.iter().filter(|part| matches!(part, Self::Words(_))).count();
                join(parts, if bags > 1 { " AND " } else { " " }, |part| matches!(part, Self::Or(_)), f)
            }
            Self::Or(parts) => join(parts, " OR ", |_| false, f),
            Self::Not(inner) => match inner.as_ref() {
                Self::Words(words) if words.len() == 1 => write!(f, "-{inner}"),
                Self::Leaf(leaf) => write!(f, "-{leaf}"),
                _ => write!(f, "-({inner})"),
            },
        }
    }
}

fn join(
    parts: &[Expr],
    between: &str,
    in_group: impl Fn(&Expr) -> bool,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        if in_group(part) { write!(f, "({part})")? } else { write!(f, "{part}")? }
    }
    Ok(())
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phrase(words) => write!(f, "\"{words}\""),
            Self::Near(words, between) => write!(f, "\"{words}\"~{between}"),
            Self::Prefix(start) => write!(f, "{start}*"),
            Self::Fuzzy(word, None) => write!(f, "{word}~"),
            Self::Fuzzy(word, Some(distance)) => write!(f, "{word}~{distance}"),
            Self::Field(field, value) => write!(f, "{}:{}", field.name(), value.written()),
        }
    }
}
