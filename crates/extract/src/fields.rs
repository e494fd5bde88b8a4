//! The field names, kinds and lists through which rules and document logic meet, looked up once.

use chancery_rules::{Doc, List, RuleSet, Symbol};

macro_rules! fields {
    ($($name:ident = $word:literal),* $(,)?) => {
        /// The rule set, with the words that rule files and document logic share.
        pub(crate) struct Fields<'r> {
            pub(crate) rules: &'r RuleSet,
            pub(crate) lists: Lists,
            $(pub(crate) $name: Symbol),*
        }

        impl<'r> Fields<'r> {
            pub(crate) fn of(rules: &'r RuleSet) -> Self {
                Self { rules, lists: Lists::of(rules), $($name: rules.known($word)),* }
            }
        }
    };
}

macro_rules! lists {
    ($($name:ident = $word:literal),* $(,)?) => {
        /// The lists whose entries the document logic asks for.
        pub(crate) struct Lists { $(pub(crate) $name: List),* }

        impl Lists {
            fn of(rules: &RuleSet) -> Self {
                Self { $($name: rules.list($word)),* }
            }
        }
    };
}

fields! {
    person = "person", organization = "organization", post = "post", holder = "holder", item_verb = "itemverb", subject = "sub",
    official = "official", proposal = "proposal", statement = "statement",
    name = "name", title = "title", body = "body", also = "also", country = "country", cue = "cue", text = "text", to = "to",
    who = "who",
    strength = "strength", weak = "weak", kind = "type", role = "role", acting = "acting", former = "former",
    number = "number", plural = "pl", act = "act", k = "k", pronoun = "pronoun", surname = "surname", collective = "collective",
    full = "name", class = "class", portfolio = "portfolio", place_kind = "kind", programme = "programme", field = "field", dateline = "dateline", issuer = "issuer", place = "place", date = "date", month = "month",
    letterhead = "letterhead", footer = "footer", lead = "lead", coming = "coming", accused = "accused",
    international = "international", mission = "mission", form = "form", demonym = "demonym", company = "company", what = "what", gender = "g", generic = "generic", needs = "needs", lifts = "lifts", unsaid = "unsaid", quoted = "quoted", spoken = "spoken", fills = "fills", apart = "apart",
    lost = "lost", acts = "acts", one = "one", rank = "rank", military = "military", police = "police", parliamentarian = "parliamentarian",
}

lists! {
    article = "article", body_start = "body-start", chamber = "chamber", collective = "collective", common = "common",
    company = "company", country = "country", function = "function", head = "head", head_strong = "head-strong",
    hon = "hon", known = "known", law = "law", name_suffix = "namesuffix", noacr = "noacr", notbody = "notbody", ordinary = "ordinary",
    particle = "particle", place = "place", modifier = "mod", role_context = "doc-role-context", posthon = "posthon", pronoun = "pronoun", role = "role", salute = "doc-salute",
    act = "doc-act", alleging = "doc-alleging", and = "doc-and", at = "doc-at", byline = "doc-byline", calendar = "calendar", called = "doc-called", close = "doc-close", closing = "doc-closing", colon = "doc-colon", deed = "doc-deed",
    definite = "doc-definite", doc_article = "doc-article", family = "doc-family", firm = "doc-firm", forename = "doc-forename", genitive = "doc-gen", gender = "doc-gender",
    gender_f = "doc-gender-f", glue = "doc-glue", human = "doc-human", within = "doc-in", joining = "doc-joining", link = "doc-link", of = "doc-of",
    many = "doc-many", consort = "doc-consort", one_field = "doc-one-field", staff = "doc-staff",
    or = "doc-or", other_rank = "doc-other-rank", owner = "doc-owner", plea = "doc-plea", preposition = "doc-preposition",
    propose = "doc-propose", we = "doc-self", speech = "doc-speech", spoken = "doc-spoken", stand = "doc-stand", stop = "doc-stop", later = "doc-later", to_whom = "doc-to",
    agent = "doc-agent", attending = "doc-attending", but = "doc-but", judging = "doc-judging", opinion = "doc-opinion", which = "doc-which",
    news = "doc-news", that = "doc-that", this = "doc-this", opening = "doc-opening", topic = "doc-topic", turning = "doc-turning", voice = "doc-voice",
}

/// Whether an entry of `list` begins at token `at`; one past its last token, the longest.
#[inline]
pub(crate) fn entry(doc: &Doc<'_>, fields: &Fields<'_>, list: List, at: usize) -> Option<usize> {
    if !doc.begins(&[list], at) {
        return None;
    }
    doc.entries(fields.rules, list, at).map(|(end, _)| end).max()
}

/// What an entry of one of these lists that begins at a token tells of somebody's gender: its `g`.
pub(crate) fn told(doc: &Doc<'_>, fields: &Fields<'_>, lists: &[List], at: usize) -> Option<Symbol> {
    if !doc.begins(lists, at) {
        return None;
    }
    lists.iter().find_map(|list| {
        let mut entries = doc.entries(fields.rules, *list, at);
        entries
            .find_map(|(_, data)| data.iter().find(|(key, _)| *key == fields.gender).map(|(_, value)| *value))
    })
}
