//! The readable id of a release: `source/date/slug`.

use any_ascii::any_ascii;
use chancery_record::Release;

/// The longest slug, in letters.
const MAX_SLUG: usize = 60;

/// The alias of a release: its source where it has one, its date or `undated`, and the words of its headline in
/// ASCII, at most 60 letters cut at the border of a word. `None` without a headline: the id is then as readable.
pub(super) fn of(release: &Release) -> Option<String> {
    let slug = slug(release.headline.as_deref()?);
    if slug.is_empty() {
        return None;
    }
    let date = release.published.as_deref().unwrap_or("undated");
    Some(match &release.source {
        Some(source) => format!("{source}/{date}/{slug}"),
        None => format!("{date}/{slug}"),
    })
}

fn slug(headline: &str) -> String {
    let ascii = any_ascii(headline).to_ascii_lowercase().replace(['\'', '`'], "");
    let mut slug = String::new();
    for word in ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let word: String = word.chars().take(MAX_SLUG).collect();
        if slug.is_empty() {
            slug = word;
        } else if slug.len() + 1 + word.len() <= MAX_SLUG {
            slug.push('-');
            slug.push_str(&word);
        } else {
            break;
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: Option<&str>, date: Option<&str>, headline: &str, alias: Option<&str>) {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let release = Release {
            source: own(source),
            published: own(date),
            headline: Some(headline.into()),
            ..Release::default()
        };
        assert_eq!(of(&release).as_deref(), alias);
    }

    #[test]
    fn an_alias_is_source_date_and_the_words_of_the_headline() {
        let alias = "no-tides/2021-03-02/minister-orsted-opens-norways-first-tide-mill";
        check(
            Some("no-tides"),
            Some("2021-03-02"),
            "Minister Ørsted opens Norway’s first tide mill!",
            Some(alias),
        );
        check(None, None, "Tides", Some("undated/tides"));
        check(None, None, "— 。", None);
        check(None, Some("2021-03-02"), "вода и лёд", Some("2021-03-02/voda-i-led"));
    }

    #[test]
    fn a_long_headline_is_cut_between_words() {
        let headline =
            "The Deputy Minister for Harbours and Tides received the envoy of the Coastal Union today";
        check(
            None,
            Some("2021-03-02"),
            headline,
            Some("2021-03-02/the-deputy-minister-for-harbours-and-tides-received-the"),
        );
    }
}
