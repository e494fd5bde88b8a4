//! What the document logic reads of what rules capture, kind by kind: told to authors whose rule comes to nothing.

use chancery_rules::Reading;

const fn reading(
    kind: &'static str,
    reads: &'static [&'static str],
    ways: &'static [&'static [&'static str]],
) -> Reading {
    Reading { kind, reads, ways, outside: false, whole: None }
}

const FACT: Reading =
    Reading { outside: true, ..reading("statement", &["sub", "cue", "text", "to"], &[&["text"]]) };
const NAME: Reading = Reading { whole: Some("name"), ..reading("person", &[], &[]) };

/// The kinds of annotation of which facts are made, with the captures that are read and those that are needed. Who speaks
/// is not needed: where no `sub` is captured, the sentence is looked through.
pub const READINGS: &[Reading] = &[
    FACT,
    Reading { kind: "proposal", ..FACT },
    reading(
        "official",
        &["name", "pronoun", "surname", "post", "body", "country"],
        &[&["name", "post"], &["pronoun", "post"], &["surname", "post"], &["body"], &["name", "country"]],
    ),
    reading("post", &["title", "body", "country", "also", "generic"], &[&["title"], &["body"]]),
    NAME,
    Reading { kind: "organization", ..NAME },
    reading("sub", &["who"], &[]),
    reading("accused", &["who"], &[]),
    reading("dateline", &["place", "date"], &[&["place"]]),
    reading("issuer", &["body"], &[&["body"]]),
];

#[cfg(test)]
mod tests {
    use chancery_record::{Post, Record, Release};
    use chancery_rules::{RuleFile, RuleSet, check};

    use super::READINGS;

    const LAYERS: &str = "layers = ['names', 'step:bodies', 'posts', 'officials', 'step:people', 'subjects', \
                          'step:subjects', 'facts']";
    const RULES: &str = r#"
        [[list]]
        id = "pronoun"
        words = ["she"]
        [[list]]
        id = "hon"
        words = ["Ms"]
        [[list]]
        id = "country"
        words = ["Norway"]
        data = { country = "NO" }
        [[rule]]
        id = "ms"
        layer = "names"
        finds = "person"
        when = 'Ms name:([Cap]{1,2})'
        spans = "name"
        say = "A name."
        [[rule]]
        id = "board"
        layer = "names"
        finds = "organization"
        when = '[Cap] Board'
        say = "A body."
        [[rule]]
        id = "chair"
        layer = "posts"
        finds = "post"
        when = 'title:Chair'
        say = "A post."
        [[rule]]
        id = "speaker"
        layer = "subjects"
        finds = "sub"
        when = 'Ms who:{person}'
        say = "Who speaks."
    "#;

    /// A rule under test: layer, kind, what else it says, its pattern, and a text in which something comes of it.
    const CASES: &[[&str; 5]] = &[
        ["facts", "statement", "", "sub:{sub} cue:said text:([Cap] works)", "Ms Ray said It works."],
        [
            "facts",
            "statement",
            "passage = 'next-block'",
            "sub:{sub} cue:said \":\"",
            "Ms Ray said:\n\nIt works and stays.",
        ],
        [
            "facts",
            "proposal",
            "set = { act = 'offer' }",
            "sub:{sub} cue:offers text:(to help)",
            "Ms Ray offers to help.",
        ],
        ["officials", "official", "", "name:{person} chairs as post:{post}", "Ms Ray chairs as Chair."],
        [
            "officials",
            "official",
            "",
            "pronoun:she chairs as post:{post}",
            "Ms Ray left. And she chairs as Chair.",
        ],
        [
            "officials",
            "official",
            "",
            "surname:[Cap] chairs as post:{post}",
            "Ms Ann Ray left. Ray chairs as Chair.",
        ],
        ["officials", "official", "", "body:{organization} sent", "Tide Board sent Ms Ray."],
        ["officials", "official", "", "name:{person} of country:{country}", "Chair Ms Ray of Norway left."],
        ["posts", "post", "", "title:Skipper", "Skipper Ms Ray left."],
        ["posts", "post", "", "body:{organization} skipper", "Tide Board skipper Ms Ray left."],
        ["names", "dateline", "", "place:Elm \",\" date:(4 May)", "Elm, 4 May. Ms Ray left."],
        [
            "officials",
            "issuer",
            "set = { k = 'lead' }",
            "body:{organization} tells",
            "Tide Board tells. Ms Ray left.",
        ],
    ];

    fn files(case: &[&str; 5], when: &str) -> [RuleFile; 3] {
        let [layer, finds, more, ..] = case;
        let rule = format!(
            "[[rule]]\nid = 'r'\nlayer = '{layer}'\nfinds = '{finds}'\nwhen = '{when}'\nsay = 'Tried.'\n{more}\n"
        );
        let file = |path: &str, text: &str| RuleFile { path: path.into(), text: text.into() };
        [file("en/layers.toml", LAYERS), file("en/a.toml", RULES), file("en/tried.toml", &rule)]
    }

    /// The record of a case's text, with the rule under test.
    fn record(case: &[&str; 5], when: &str) -> Record {
        let rules = RuleSet::compile("en", &files(case, when)).unwrap_or_else(|e| panic!("{e}"));
        let release = Release { text: case[4].into(), ..Release::default() };
        let mut record = crate::extract_all(&release, &rules, "test");
        record.produced_by.rules = None;
        // A post of which nothing is told is none.
        let tells = |post: &Post| post.title.is_some() || post.organization.is_some();
        record.officials.iter_mut().for_each(|person| person.posts.retain(tells));
        let (officials, persons): (Vec<_>, Vec<_>) =
            record.officials.into_iter().partition(|person| !person.posts.is_empty());
        record.officials = officials;
        record.persons.extend(persons);
        record
    }

    /// Whether anything comes of the rule under test in its text.
    fn comes(case: &[&str; 5], when: &str) -> bool {
        record(case, when) != record(case, "nowhere")
    }

    /// What is told of the captures of the rule under test.
    fn told(case: &[&str; 5], when: &str) -> Vec<String> {
        let found = check("en", &files(case, when), READINGS).into_iter();
        found.map(|e| e.message).filter(|message| message.contains("can come of this rule")).collect()
    }

    #[test]
    fn what_is_told_to_come_to_nothing_comes_to_nothing_and_nothing_else_is() {
        let mut wrong = Vec::new();
        for case in CASES {
            let when = case[3];
            let reading = READINGS.iter().find(|reading| reading.kind == case[1]).unwrap();
            let less = reading.reads.iter().map(|capture| when.replace(&format!("{capture}:"), ""));
            for when in std::iter::once(when.to_owned()).chain(less.filter(|less| less != when)) {
                if comes(case, &when) != told(case, &when).is_empty() {
                    wrong.push(format!("{} {when}: {:?}", case[1], told(case, &when)));
                }
            }
            assert!(comes(case, when), "nothing comes of {} {when}", case[1]);
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
