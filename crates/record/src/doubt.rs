//! A record without its doubtful facts.

use std::collections::BTreeSet;

use crate::Record;

impl Record {
    /// Takes out all facts that are less sure than `least`. Whom a fact that stays names stays too: the holder and body of a
    /// post, who speaks and who proposes, the body that another is part of; so no id of the record leads nowhere.
    pub fn leave_out_below(&mut self, least: u8) {
        self.leave_out_doubtful(|_| least);
    }

    /// As [`Record::leave_out_below`], with a least confidence for each kind of fact: `official` (a post of somebody),
    /// `person`, `organization`, `proposal`, `statement`.
    pub fn leave_out_doubtful(&mut self, least: impl Fn(&str) -> u8) {
        let (official, human, organization) = (least("official"), least("person"), least("organization"));
        self.statements.retain(|said| said.confidence >= least("statement"));
        self.proposals.retain(|put| put.confidence >= least("proposal"));
        for mut person in std::mem::take(&mut self.officials) {
            person.posts.retain(|post| post.confidence >= official);
            let people = if person.posts.is_empty() { &mut self.persons } else { &mut self.officials };
            people.push(person);
        }
        // People are numbered in the order in which the text names them first.
        self.persons.sort_by_key(|person| person.mentions.first().map(|first| first.span));
        let mut named: BTreeSet<String> = BTreeSet::new();
        named.extend(self.statements.iter().filter_map(|said| said.speaker_id.clone()));
        named.extend(self.proposals.iter().filter_map(|put| put.proposer_id.clone()));
        self.persons.retain(|person| person.confidence >= human || named.contains(&person.id));
        let posts = self.officials.iter().flat_map(|person| &person.posts);
        named.extend(posts.filter_map(|post| post.organization.clone()));
        named.extend(self.release.issuer.clone());
        // Wholes of bodies that stay; a whole may have one itself.
        let mut bodies =
            self.organizations.iter().filter(|b| b.confidence >= organization || named.contains(&b.id));
        let mut open: Vec<String> = bodies.by_ref().map(|body| body.id.clone()).collect();
        let mut kept: BTreeSet<String> = BTreeSet::new();
        while let Some(id) = open.pop() {
            let whole = self.organization(&id).and_then(|body| body.parent.clone());
            if kept.insert(id) {
                open.extend(whole);
            }
        }
        self.organizations.retain(|body| kept.contains(&body.id));
        for put in &mut self.proposals {
            put.about.retain(|id| kept.contains(id));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Mention, MentionKind, Organization, Person, Post, Record, Release, Span, Statement};

    fn mentions(at: usize) -> Vec<Mention> {
        vec![Mention { span: Span::new(at, at + 1), kind: MentionKind::Full }]
    }

    fn body(id: &str, confidence: u8, parent: Option<&str>) -> Organization {
        Organization {
            id: id.into(),
            name: id.into(),
            acronym: None,
            kind: None,
            country: None,
            parent: parent.map(Into::into),
            mentions: mentions(0),
            confidence,
            rule: "r".into(),
        }
    }

    fn person(id: &str, at: usize, confidence: u8, posts: &[(u8, &str)]) -> Person {
        let post = |(confidence, body): &(u8, &str)| Post {
            title: Some("Chair".into()),
            organization: Some((*body).into()),
            country: None,
            role: None,
            acting: false,
            former: false,
            confidence: *confidence,
            span: Span::new(0, 1),
            rule: "r".into(),
        };
        let posts = posts.iter().map(post).collect();
        Person { id: id.into(), name: id.into(), mentions: mentions(at), posts, confidence, rule: "r".into() }
    }

    #[test]
    fn whom_a_sure_fact_names_stays() {
        let mut record = Record::new(Release { text: "x".repeat(20), ..Release::default() }, "test");
        record.organizations = vec![
            body("g1", 90, Some("g2")),
            body("g2", 10, None),
            body("g3", 10, None),
            body("g4", 10, None),
        ];
        record.officials =
            vec![person("p1", 3, 90, &[(90, "g3"), (20, "g4")]), person("p2", 5, 90, &[(20, "g4")])];
        record.persons = vec![person("p3", 1, 20, &[]), person("p4", 2, 20, &[]), person("p5", 4, 80, &[])];
        record.statements = vec![Statement {
            id: "s1".into(),
            key: "k".into(),
            confidence: 80,
            speaker: Some("p4".into()),
            speaker_id: Some("p4".into()),
            act: "state".into(),
            cue: crate::Cue::default(),
            span: Span::new(0, 1),
            text: "x".into(),
            direct: false,
            rule: "r".into(),
        }];
        record.leave_out_below(80);
        let ids =
            |people: &[Person]| people.iter().map(|p| (p.id.clone(), p.posts.len())).collect::<Vec<_>>();
        assert_eq!(ids(&record.officials), [("p1".into(), 1)]);
        assert_eq!(ids(&record.persons), [("p4".into(), 0), ("p5".into(), 0), ("p2".into(), 0)]);
        let bodies: Vec<&str> = record.organizations.iter().map(|body| body.id.as_str()).collect();
        assert_eq!(bodies, ["g1", "g2", "g3"]);
        record.leave_out_below(81);
        assert!(record.statements.is_empty() && record.person("p4").is_none());
    }
}
