//! Countries as the lists of the rules name them.

use std::collections::BTreeMap;

use chancery_text::fold;

use crate::Error;
use crate::rulesets::Rulesets;

/// The attribute of a list's line that gives the English name of its country.
const COUNTRY: &str = "country=";
/// The attribute that says what the words are.
const FORM: &str = "form=";
/// At most so many names are told as near.
const NEAR: usize = 3;

impl Rulesets {
    /// The English name of the country that `name` names, large or small, in a short or an official form. Where no list
    /// of the rules names countries, any name is taken as it is.
    ///
    /// # Errors
    /// [`Error::NoCountry`], with the names that are near.
    pub fn country(&self, name: &str) -> Result<String, Error> {
        let known = self.countries();
        let wanted = fold(name.trim());
        if known.is_empty() {
            return Ok(name.to_owned());
        }
        if let Some(country) = known.get(&wanted) {
            return Ok((*country).to_owned());
        }
        let near = known.iter().map(|(folded, country)| (strsim::osa_distance(&wanted, folded), *country));
        let mut near: Vec<_> = near.filter(|(distance, _)| *distance <= 2).collect();
        near.sort_unstable();
        near.dedup_by_key(|(_, country)| *country);
        let known = near.into_iter().take(NEAR).map(|(_, country)| country.to_owned()).collect();
        Err(Error::NoCountry { name: name.to_owned(), known })
    }

    /// Folded names of countries, each with the English name that records have.
    pub(crate) fn countries(&self) -> BTreeMap<String, &str> {
        let lists = self.texts().filter(|(path, _)| path.ends_with(".tsv"));
        let mut known = BTreeMap::new();
        for line in lists.flat_map(|(_, text)| text.lines()) {
            let mut columns = line.split('\t');
            let words = columns.next().unwrap_or_default();
            let (mut country, mut is_name) = (None, false);
            for column in columns {
                country = country.or(column.strip_prefix(COUNTRY));
                is_name |= column.strip_prefix(FORM) == Some("name");
            }
            let (Some(country), true) = (country, is_name) else { continue };
            known.insert(fold(country), country);
            known.entry(fold(words)).or_insert(country);
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_any_of_its_names() {
        let rules = Rulesets::embedded();
        for name in ["Norway", "norway", " Kingdom of Norway "] {
            assert_eq!(rules.country(name).unwrap(), "Norway", "{name}");
        }
        let told = rules.country("Norwy").unwrap_err();
        assert!(told.to_string().contains("Norway"), "{told}");
        assert!(rules.country("Narnia").is_err());
        assert!(rules.country("Norwegian").is_err());
    }
}
