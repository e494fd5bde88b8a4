//! What a site calls itself, by the titles of its pages: `The new pier opens | Ministry of Tides`.

/// What parts a page's own title from the name of its site.
const PARTING: [&str; 8] = [" | ", " - ", " – ", " — ", " · ", " » ", " :: ", " / "];

/// The name that the titles of two pages have in common; of one page alone what is left of its title without its headline, the
/// longest part of it. `None` where nothing tells the name apart.
pub(super) fn site_name(list: &str, headline: Option<&str>, release: Option<&str>) -> Option<String> {
    let parts = parts(list);
    if let Some(release) = release {
        let others = self::parts(release);
        if let Some(common) = parts.iter().find(|part| others.contains(part)) {
            return Some(common.clone());
        }
    }
    let same = |part: &str| headline.is_some_and(|headline| squeezed(headline).eq_ignore_ascii_case(part));
    let rest: Vec<&String> = parts.iter().filter(|part| !same(part)).collect();
    if parts.len() < 2 || rest.is_empty() {
        return None;
    }
    rest.into_iter().max_by_key(|part| part.chars().count()).cloned()
}

fn parts(title: &str) -> Vec<String> {
    let mut title = squeezed(title);
    for parting in PARTING {
        title = title.replace(parting, "\n");
    }
    title.lines().map(squeezed).filter(|part| !part.is_empty()).collect()
}

fn squeezed(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_titles() {
        let check = |list, headline, release, want: Option<&str>| {
            assert_eq!(site_name(list, headline, release).as_deref(), want, "{list}");
        };
        check(
            "News | Ministry of Tides",
            None,
            Some("Pier opens | Ministry of Tides"),
            Some("Ministry of Tides"),
        );
        check("Ministry of Tides - News", None, Some("Ministry of Tides - Pier"), Some("Ministry of Tides"));
        check("Press releases –  Ministry of Tides", Some("Press releases"), None, Some("Ministry of Tides"));
        check("Tides » All of the news", Some("All of the news"), Some("Pier"), Some("Tides"));
        check("News", Some("News"), None, None);
        check("", None, Some(""), None);
    }
}
