//! Deeds that are told, not proposals: what somebody who stands accused asked of others, what an indictment tells.

use std::collections::HashSet;

use chancery_rules::{Doc, Range};

use crate::State;
use crate::facts::Fact;
use crate::fields::Fields;
use crate::ranges::Ranges;
use crate::subjects::Actor;

/// Takes out the proposals that are part of a deed which the text tells: those of persons and bodies that rules found
/// accused of something, and those inside what somebody alleges or admits. What stands in quotation marks stays.
pub(crate) fn without_deeds(fields: &Fields<'_>, doc: &Doc<'_>, state: &State, facts: &mut Vec<Fact>) {
    let people = state.people.iter().enumerate();
    let names: Ranges =
        people.flat_map(|(n, person)| person.mentions.iter().map(move |(range, _)| (*range, n))).collect();
    let accused = accused(fields, doc, state, &names);
    let alleging = |f: &&Fact| !f.proposal && doc.begins(&[fields.lists.alleging], f.cue.start);
    let alleged: Ranges = facts.iter().filter(alleging).enumerate().map(|(n, f)| (f.text, n)).collect();
    facts.retain(|f| {
        // Of two who act together one is enough.
        let named = |who: Range| names.touching(who).iter().any(|(_, n)| accused.contains(&(true, *n)));
        let theirs = match f.actor {
            Some(Actor::Person(n)) => accused.contains(&(true, n)),
            Some(Actor::Body(n)) => accused.contains(&(false, n)),
            Some(Actor::Words(_)) => f.who.is_some_and(named),
            None => false,
        };
        let told = theirs || !alleged.around(f.cue).is_empty();
        !(f.proposal && told) || f.direct || f.inner
    });
}

/// Persons, and bodies.
type Key = (bool, usize);

/// Whom the text accuses, by the rules.
fn accused(fields: &Fields<'_>, doc: &Doc<'_>, state: &State, names: &Ranges) -> HashSet<Key> {
    let found = doc.of_kind(fields.accused);
    let whole = found.iter().map(|(_, a)| a.capture(fields.who).unwrap_or(a.range));
    whole
        .flat_map(|who| {
            let persons = names.touching(who).into_iter().map(|(_, n)| (true, n));
            let bodies = state.named_bodies.touching(who).into_iter().map(|(_, n)| (false, n));
            persons.chain(bodies).collect::<Vec<Key>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use chancery_record::Release;
    use chancery_rules::{RuleFile, RuleSet};

    const RULES: &str = r#"
        layers = ["names", "step:people", "accused", "subjects", "step:subjects", "facts"]
        [[list]]
        id = "doc-alleging"
        words = ["alleges"]
        [[rule]]
        id = "mr"
        layer = "names"
        finds = "person"
        when = 'Mr name:([Cap])'
        spans = "name"
        say = "A name."
        yes = ["Mr Ray left."]
        [[rule]]
        id = "sentenced"
        layer = "accused"
        finds = "accused"
        when = 'who:{person} was sentenced'
        claims = []
        say = "Accused."
        yes = ["Mr Ray was sentenced."]
        [[rule]]
        id = "speaker"
        layer = "subjects"
        finds = "sub"
        when = 'who:(Mr {person} | the report)'
        say = "Who speaks."
        yes = ["Mr Ray left."]
        [[rule]]
        id = "told"
        layer = "facts"
        finds = "proposal"
        when = 'sub:{sub} cue:told text:((!"." [any])+)'
        set = { act = "instruct" }
        claims = ["cue"]
        say = "Told."
        yes = ["Mr Ray told them."]
        [[rule]]
        id = "alleges"
        layer = "facts"
        finds = "statement"
        when = 'sub:{sub} cue:alleges that text:((!"." [any])+)'
        claims = ["cue"]
        say = "Alleges."
        yes = ["The report alleges that it works."]
    "#;

    /// Who proposes, in the order of a text.
    fn proposers(text: &str) -> Vec<String> {
        let (layers, rest) = RULES.split_once("[[list]]").unwrap();
        let file = |path: &str, text: String| RuleFile { path: path.into(), text };
        let files = [file("en/layers.toml", layers.into()), file("en/a.toml", format!("[[list]]{rest}"))];
        let rules = RuleSet::compile("en", &files).unwrap_or_else(|e| panic!("{e}"));
        let record = crate::extract(&Release { text: text.into(), ..Release::default() }, &rules, "test");
        record.proposals.into_iter().filter_map(|p| p.proposer).collect()
    }

    #[test]
    fn what_the_accused_ask_of_others_is_no_proposal() {
        assert_eq!(proposers("Mr Ray told them to act. Mr Lim told them to wait."), ["Ray", "Lim"]);
        assert_eq!(
            proposers("Mr Ray told them to act. Mr Lim told them to wait. Mr Ray was sentenced."),
            ["Lim"]
        );
    }

    #[test]
    fn what_is_alleged_is_told() {
        assert!(proposers("The report alleges that Mr Ray told them to act.").is_empty());
    }
}
