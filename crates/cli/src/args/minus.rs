//! A word of a query that begins with a minus, `-harbour`, is no option.

use std::ffi::OsString;

use clap::{Command, CommandFactory};

use super::Typed;

/// The commands whose words are a query.
const OF_QUERIES: [&str; 2] = ["search", "query"];

/// What was typed, with a space before every word of a query that begins with a minus: the parser takes it for a word
/// then, options stay what they are wherever they stand, and a space between words means nothing.
pub(crate) fn kept(typed: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut typed: Vec<OsString> = typed.into_iter().collect();
    let program = Typed::command();
    let is_value = |at: usize, command: Option<&Command>| {
        at.checked_sub(1).and_then(|before| typed.get(before)?.to_str()).is_some_and(|before| {
            takes_value(before, &program) || command.is_some_and(|command| takes_value(before, command))
        })
    };
    let words =
        |from: usize| typed.iter().enumerate().skip(from).filter_map(|(at, word)| Some((at, word.to_str()?)));
    let named = words(1).find(|(at, word)| !word.starts_with('-') && !is_value(*at, None));
    let Some((at, name)) = named.filter(|(_, name)| OF_QUERIES.contains(name)) else { return typed };
    let command = program.find_subcommand(name);
    let of_query = words(at + 1).take_while(|(_, word)| *word != "--");
    let excluding: Vec<usize> = of_query
        .filter(|(at, word)| is_excluding(word) && !is_value(*at, command))
        .map(|(at, _)| at)
        .collect();
    for at in excluding {
        if let Some(word) = typed.get_mut(at) {
            let mut spaced = OsString::from(" ");
            spaced.push(&*word);
            *word = spaced;
        }
    }
    typed
}

/// Whether `word` has the form of an excluded word: `-x` alone may be an option, `--xyz` is meant as one.
fn is_excluding(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|rest| !rest.starts_with('-') && rest.chars().nth(1).is_some())
}

/// Whether `word` is an option of `command` behind which its value stands.
fn takes_value(word: &str, command: &Command) -> bool {
    let Some(name) = word.strip_prefix("--") else { return false };
    let option = command.get_arguments().find(|argument| argument.get_long() == Some(name));
    option.is_some_and(|option| {
        option.get_action().takes_values()
            && option.get_num_args().is_none_or(|values| values.min_values() > 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, expected: &[&str]) {
        let kept = kept(typed.split(' ').map(OsString::from));
        assert_eq!(kept, expected, "{typed}");
    }

    #[test]
    fn only_excluded_words_of_a_query_are_changed() {
        check("chancery search fish -harbour --json", &["chancery", "search", "fish", " -harbour", "--json"]);
        check(
            "chancery --color never query -a:b -h",
            &["chancery", "--color", "never", "query", " -a:b", "-h"],
        );
        check("chancery search --limit -10 x", &["chancery", "search", "--limit", "-10", "x"]);
        check("chancery search -- -ab", &["chancery", "search", "--", "-ab"]);
        check("chancery show -ab", &["chancery", "show", "-ab"]);
    }
}
