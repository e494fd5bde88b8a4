//! Facts in words, the same wherever they are printed: posts, bodies, who said what.

use chancery_record::{Organization, Person, Post, Record};

/// A post in words: `Minister of Tides, Ministry of Tides (Norway), former`.
pub(crate) fn post(record: &Record, post: &Post) -> String {
    let body =
        post.organization.as_ref().map(|id| record.organization(id).map_or(id.as_str(), |body| &body.name));
    let mut words = match (&post.title, body) {
        (Some(title), Some(body)) => format!("{title}, {body}"),
        (Some(title), None) => title.clone(),
        (None, Some(body)) => format!("from {body}"),
        (None, None) => "post".into(),
    };
    if let Some(country) = &post.country {
        words += &format!(" ({country})");
    }
    // The state often stands in the title itself: `Acting Director`.
    for (state, holds) in [("acting", post.acting), ("former", post.former)] {
        if holds && !words.to_lowercase().contains(state) {
            words += &format!(", {state}");
        }
    }
    words
}

/// Every post of a person, in full.
pub(crate) fn posts(record: &Record, person: &Person) -> String {
    person.posts.iter().map(|held| post(record, held)).collect::<Vec<_>>().join("; ")
}

/// A body in words: `National Post Authority (NPA), agency, Egypt`.
pub(crate) fn body(body: &Organization) -> String {
    let mut words = body.name.clone();
    if let Some(acronym) = &body.acronym {
        words += &format!(" ({acronym})");
    }
    for more in [&body.kind, &body.country].into_iter().flatten() {
        words += &format!(", {more}");
    }
    words
}

/// Who acts, or that nobody is named.
pub(crate) fn actor(name: Option<&String>) -> &str {
    name.map_or("somebody unnamed", String::as_str)
}

/// `1 release`, `2 releases`, `12,345 releases`.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// `listing 2, shell 1`
pub(crate) fn reasons<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> String {
    counts.map(|(reason, count)| format!("{reason} {}", grouped(count))).collect::<Vec<_>>().join(", ")
}

/// A number with its thousands apart: `12,345`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Bytes as people say them: `1.4 MB`, of a thousand each.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    for (unit, name) in UNITS {
        if bytes >= unit {
            let tenths = bytes / (unit / 10);
            return format!("{}.{} {name}", tenths / 10, tenths % 10);
        }
    }
    format!("{bytes} bytes")
}

/// Words in one line.
pub(crate) fn flat(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `3 releases are in a language without rules (de 2, unknown 1): …`
pub(crate) fn without_rules<'l>(
    languages: impl Iterator<Item = (Option<&'l String>, u64)> + Clone,
) -> String {
    let all: u64 = languages.clone().map(|(_, count)| count).sum();
    let names =
        languages.map(|(tag, count)| format!("{} {}", tag.map_or("unknown", String::as_str), grouped(count)));
    let names = names.collect::<Vec<_>>().join(", ");
    let releases = count(all, "release is", "releases are");
    format!("{releases} in a language without rules ({names}): kept and searchable, but without facts")
}

#[cfg(test)]
mod tests {
    use chancery_record::{Release, Span};

    use super::*;

    fn held(title: &str, acting: bool) -> Post {
        Post {
            title: Some(title.into()),
            organization: Some("g1".into()),
            country: Some("Norway".into()),
            role: None,
            acting,
            former: false,
            confidence: 50,
            span: Span::default(),
            rule: String::new(),
        }
    }

    #[test]
    fn a_post_says_body_country_and_state_once() {
        let mut record = Record::new(Release::default(), "test");
        record.organizations.push(Organization {
            id: "g1".into(),
            name: "Harbour Office".into(),
            acronym: None,
            kind: None,
            country: None,
            parent: None,
            mentions: vec![],
            confidence: 50,
            rule: String::new(),
        });
        assert_eq!(post(&record, &held("Director", true)), "Director, Harbour Office (Norway), acting");
        assert_eq!(post(&record, &held("Acting Director", true)), "Acting Director, Harbour Office (Norway)");
    }

    #[test]
    fn numbers_and_sizes_read_easily() {
        assert_eq!(count(1, "release", "releases"), "1 release");
        assert_eq!(count(1_234_567, "release", "releases"), "1,234,567 releases");
        assert_eq!(grouped(100), "100");
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1_460_000), "1.4 MB");
    }
}
