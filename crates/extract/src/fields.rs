//! The field names, kinds and list names through which rules and document logic meet.

use chancery_rules::{Doc, RuleSet, Symbol};

macro_rules! fields {
    ($($name:ident = $word:literal),* $(,)?) => {
        /// Symbols of the words that rule files and document logic share.
        pub(crate) struct Fields { $(pub(crate) $name: Symbol),* }

        impl Fields {
            pub(crate) fn of(rules: &RuleSet) -> Self {
                Self { $($name: rules.known($word)),* }
            }
        }
    };
}

fields! {
    person = "person", organization = "organization", post = "post", holder = "holder", subject = "sub",
    official = "official", proposal = "proposal", statement = "statement",
    name = "name", title = "title", body = "body", also = "also", country = "country", cue = "cue", text = "text", to = "to",
    who = "who",
    strength = "strength", weak = "weak", kind = "type", role = "role", acting = "acting", former = "former",
    number = "number", plural = "pl", act = "act", k = "k", pronoun = "pronoun", collective = "collective",
    full = "name", company = "company", what = "what", gender = "g", generic = "generic", needs = "needs", unsaid = "unsaid", quoted = "quoted",
}

/// Whether an entry of `list` begins at token `at`; one past its last token, the longest.
pub(crate) fn entry(doc: &Doc<'_>, rules: &RuleSet, list: &str, at: usize) -> Option<usize> {
    doc.entries(rules, list, at).map(|(end, _)| end).max()
}
