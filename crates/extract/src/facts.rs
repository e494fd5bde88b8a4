//! Proposals and statements: who speaks where nobody is captured, what lies in what, quotations that stand alone.

use chancery_rules::{Annotation, Doc, Range};
use chancery_text::Shape;

use crate::State;
use crate::accused::without_deeds;
use crate::actors::{self, Acting};
use crate::fields::Fields;
use crate::introduced::{introduced, signed};
use crate::nested::unnested;
use crate::passages::Passages;
use crate::quotations::{lone_quotations, proposals_in_quotations, quotation};
use crate::speech::unmarked;
use crate::subjects::Actor;

/// A proposal or statement before it becomes part of a record.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    pub(crate) proposal: bool,
    pub(crate) actor: Option<Actor>,
    pub(crate) act: String,
    pub(crate) cue: Range,
    /// The verb of speaking around the passage, and all that its rule matched.
    pub(crate) said: Range,
    pub(crate) matched: Range,
    pub(crate) text: Range,
    pub(crate) to: Vec<Range>,
    pub(crate) direct: bool,
    /// A proposal only where it stands in what somebody says.
    pub(crate) inner: bool,
    /// How it is known who speaks, and where they are named, if that is near.
    pub(crate) voice: Voice,
    pub(crate) who: Option<Range>,
    pub(crate) rule: Option<usize>,
}

/// How it is known who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// Beside the verb, in these words.
    Name,
    Title,
    Body,
    Group,
    Stranger,
    Pronoun,
    /// A pronoun that stands for nobody who was named.
    Anybody,
    /// Whoever spoke before in the sentence, is its subject, spoke last.
    Clause,
    Subject,
    Before,
    /// The issuer; that of the proposal which is carried on.
    Issuer,
    Carried,
    /// Of a quotation that stands alone: whoever spoke near; whose line stands beside it.
    Alone,
    Signed,
}

impl Voice {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Title => "title",
            Self::Body => "body",
            Self::Group => "group",
            Self::Stranger => "stranger",
            Self::Pronoun => "pronoun",
            Self::Anybody => "anybody",
            Self::Clause => "clause",
            Self::Subject => "subject",
            Self::Before => "before",
            Self::Issuer => "issuer",
            Self::Carried => "carried",
            Self::Alone => "alone",
            Self::Signed => "signed",
        }
    }
}

/// All facts of a document, in order.
pub(crate) fn facts(fields: &Fields<'_>, doc: &Doc<'_>, state: &State) -> Vec<Fact> {
    let mut found: Vec<&Annotation> = doc
        .annotations()
        .into_iter()
        .filter(|a| a.kind == fields.proposal || a.kind == fields.statement)
        .collect();
    found.sort_by_key(|a| (a.capture(fields.cue).unwrap_or(a.range).start, a.range.start));
    let passages = Passages::new(fields, doc, &found);
    let mut told = Told::default();
    for a in found {
        for text in passages.of(a) {
            if let Some(fact) = fact(&passages, state, a, text, &mut told) {
                told.push(doc, fact);
            }
        }
    }
    let mut facts = told.facts;
    unmarked(&passages, &mut facts);
    introduced(&passages, state, &mut facts);
    signed(&passages, state, &mut facts);
    lone_quotations(fields, doc, state, &mut facts);
    without_deeds(fields, doc, state, &mut facts);
    let mut facts = unnested(proposals_in_quotations(&passages, facts));
    facts.retain(|f| f.actor.is_some());
    facts.sort_by_key(|f| (f.text, f.cue));
    facts
}

/// The facts found so far, in the order of their cues.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) facts: Vec<Fact>,
    /// For each the last up to it that somebody said outside quotations, and the last that a body said.
    pub(crate) open: Vec<Option<usize>>,
    pub(crate) by_body: Vec<Option<usize>>,
    /// The last that was said directly and without marks.
    pub(crate) unmarked: Option<usize>,
    /// Who spoke last in paragraphs of their own, if nobody said `I` before.
    pub(crate) block: Option<Actor>,
    first_person: bool,
}

impl Told {
    fn push(&mut self, doc: &Doc<'_>, fact: Fact) {
        let here = Some(self.facts.len());
        let last = |list: &[Option<usize>]| list.last().copied().flatten();
        // Who speaks in what may be no quotation at all was not named for it.
        let open = fact.actor.is_some() && !fact.inner && quotation(doc, fact.cue).is_none();
        let by_body = matches!(fact.actor, Some(Actor::Body(_)));
        if fact.direct && quotation(doc, fact.text).is_none() {
            self.unmarked = here;
        }
        self.open.push(if open { here } else { last(&self.open) });
        self.by_body.push(if by_body { here } else { last(&self.by_body) });
        self.facts.push(fact);
    }

    /// How many facts have their cue before a token.
    pub(crate) fn before(&self, at: usize) -> usize {
        self.facts.partition_point(|f| f.cue.start < at)
    }
}

fn fact(
    passages: &Passages<'_, '_>,
    state: &State,
    a: &Annotation,
    text: Range,
    told: &mut Told,
) -> Option<Fact> {
    let Passages { fields, doc, .. } = *passages;
    let cue = a.capture(fields.cue).unwrap_or(a.range);
    let proposal = a.kind == fields.proposal;
    let (text, quoted) = passages.trimmed(text)?;
    // One quoted word is a name or a term.
    if !proposal && quoted && text.len() == 1 {
        return None;
    }
    // A paragraph after `said:` is direct speech though its marks are lost.
    let outside = a.rule.and_then(|r| fields.rules.info(r).passage.as_deref());
    let spoken = a.value(fields.k) == Some(fields.spoken);
    let direct = quoted || outside == Some("next-block") || spoken;
    if spoken && !passages.behind_dash(text) {
        return None;
    }
    // What a quotation reports is part of the quotation.
    if !proposal && quotation(doc, cue).is_some() {
        return None;
    }
    let Acting { subject, actor, voice, text } = actors::acting(passages, state, a, text, told)?;
    let sentence = doc.sentences()[doc.sentence_of(cue.start)];
    if outside == Some("next-block") && !told.first_person {
        told.block = actor.clone().filter(|actor| matches!(actor, Actor::Person(_)));
    }
    told.first_person |= subject.is_some_and(|s| s.first_person) && told.block.is_none();
    let who = subject.map(|s| s.range);
    if !is_sure(doc, cue, text, actor.as_ref()) {
        return None;
    }
    // `This is in addition to …` carries the kind of the proposal in the sentence before on.
    let (actor, act, voice) = match a.value(fields.act) {
        Some(act) => (actor, fields.rules.word(act).to_owned(), voice),
        None if proposal => {
            let here = doc.sentence_of(cue.start);
            let near = |f: &&Fact| doc.sentence_of(f.cue.start) + 3 >= here;
            let block = |f: &Fact| doc.sentences()[doc.sentence_of(f.cue.start)].block;
            let mut before = told.facts.iter().rev().take_while(near);
            let last = before.find(|f| f.proposal && block(f) == sentence.block)?;
            (last.actor.clone(), last.act.clone(), Voice::Carried)
        }
        None => (actor, "state".to_owned(), voice),
    };
    let to = a.all(fields.to).map(|range| actors::addressee(fields, doc, range)).collect();
    let (said, matched) = (cue, a.range);
    let inner = a.value(fields.k) == Some(fields.quoted);
    let rule = a.rule;
    Some(Fact { proposal, actor, act, cue, said, matched, text, to, direct, inner, voice, who, rule })
}

/// Where punctuation is lost only what a known speaker says after the verb is believed, and no long passage, which has no
/// sure end; where a capital follows the verb, it may be that of the next sentence.
fn is_sure(doc: &Doc<'_>, cue: Range, text: Range, actor: Option<&Actor>) -> bool {
    doc.tokens().unmarked(cue.start).is_none_or(|longest| {
        let next = text.start == cue.end && doc.tokens()[text.start].shape.has(Shape::CAP);
        let known = matches!(actor, Some(Actor::Person(_) | Actor::Body(_)));
        known && text.len() <= longest && text.start >= cue.end && !next
    })
}

#[cfg(test)]
mod tests {
    use crate::told::record_of;

    const LAYERS: &str =
        "['names', 'bodies', 'step:bodies', 'step:people', 'subjects', 'step:subjects', 'facts']";
    const RULES: &str = r#"
        [[list]]
        id = "doc-preposition"
        words = ["of", "by"]
        [[list]]
        id = "doc-article"
        words = ["the", "a"]
        [[list]]
        id = "doc-speech"
        words = ["said", "urge", "met", "asked"]
        [[list]]
        id = "doc-human"
        words = ["who", "whose"]
        [[list]]
        id = "doc-self"
        words = ["we"]
        [[list]]
        id = "doc-and"
        words = ["and"]
        [[list]]
        id = "doc-this"
        words = ["this"]
        [[list]]
        id = "doc-turning"
        words = ["as for"]
        [[list]]
        id = "doc-news"
        words = ["comes as"]
        [[list]]
        id = "doc-joining"
        words = ["so"]
        [[list]]
        id = "doc-plea"
        words = ["urge"]
        [[list]]
        id = "pronoun"
        words = ["she", "they"]
        [[list]]
        id = "collective"
        words = ["delegates", "Committee", "report"]
        data = { kind = "people" }
        [[rule]]
        id = "mr"
        layer = "names"
        finds = "person"
        when = 'Ms name:([Cap]+)'
        spans = "name"
        say = "A name."
        yes = ["Ms Ray left."]
        [[rule]]
        id = "person"
        layer = "subjects"
        finds = "sub"
        when = 'Ms who:{person}'
        say = "A person."
        yes = ["Ms Ray left."]
        [[rule]]
        id = "she"
        layer = "subjects"
        finds = "sub"
        when = 'who:she'
        set = { pronoun = "he" }
        say = "A pronoun."
        yes = ["she left."]
        [[rule]]
        id = "they"
        layer = "subjects"
        finds = "sub"
        when = 'who:they'
        set = { pronoun = "they" }
        say = "A pronoun."
        yes = ["they left."]
        [[rule]]
        id = "group"
        layer = "subjects"
        finds = "sub"
        when = 'who:(the? {collective})'
        set = { k = "collective", what = "people" }
        say = "A group."
        yes = ["The delegates left."]
        [[rule]]
        id = "said"
        layer = "facts"
        finds = "statement"
        when = 'sub:{sub} ("," Ms {person} ",")? ("," who)? cue:said !":" text:((!{quote} [any])+)'
        claims = ["cue"]
        say = "Said."
        yes = ["Ms Ray said it works."]
        [[rule]]
        id = "after"
        layer = "facts"
        finds = "statement"
        when = '(text:{quote} | text:([any]+) ",") cue:said sub:{sub}'
        claims = ["cue"]
        say = "Said after."
        yes = ["It works, said Ms Ray."]
        [[rule]]
        id = "block"
        layer = "facts"
        finds = "statement"
        when = 'sub:{sub} cue:said ":" $'
        claims = ["cue"]
        passage = "next-block"
        say = "A block."
        yes = ["Ms Ray said:"]
        [[rule]]
        id = "list"
        layer = "facts"
        finds = "proposal"
        when = 'sub:{sub} cue:asks ":" $'
        set = { act = "call" }
        claims = ["cue"]
        passage = "next-list"
        say = "A list."
        yes = ["The Committee asks:"]
        [[rule]]
        id = "asked"
        layer = "facts"
        finds = "proposal"
        when = 'are cue:asked text:((!"." [any])+)'
        set = { act = "call", k = "unsaid" }
        claims = ["cue"]
        say = "Asked."
        yes = ["All are asked to act."]
        [[rule]]
        id = "urge"
        layer = "facts"
        finds = "proposal"
        when = 'cue:urge text:((!"." [any])+)'
        set = { act = "call" }
        claims = ["cue"]
        say = "Urge."
        yes = ["We urge all to act."]
    "#;

    /// The facts of a text, one a line: who, and what.
    fn check(text: &str, wanted: &[(&str, &str)]) {
        let record = record_of(LAYERS, RULES, text);
        let said = record.statements.iter().map(|s| (s.span, s.speaker.clone(), s.text.clone()));
        let proposed = record.proposals.iter().map(|p| (p.span, p.proposer.clone(), p.text.clone()));
        let mut found: Vec<_> = said.chain(proposed).collect();
        found.sort();
        let found: Vec<(String, String)> =
            found.into_iter().map(|(_, who, text)| (who.unwrap_or_default(), text)).collect();
        let wanted: Vec<(String, String)> =
            wanted.iter().map(|(who, text)| ((*who).to_owned(), (*text).to_owned())).collect();
        assert_eq!(found, wanted, "{text}");
    }

    #[test]
    fn the_head_of_a_noun_phrase_speaks() {
        check("Ms Ray of the Committee said it works.", &[("Ray", "it works")]);
        check("The Committee, Ms Ray, said it works.", &[("Ray", "it works")]);
    }

    #[test]
    fn all_who_speak_together_are_named() {
        check("Ms Ray, Ms Lim and Ms Ode said it works.", &[("Ms Ray, Ms Lim and Ms Ode", "it works")]);
        check("Ms Ray (North) and Ms Lim said it works.", &[("Ms Ray (North) and Ms Lim", "it works")]);
        check("The friends of Ms Ray said it works.", &[("The friends of Ms Ray", "it works")]);
    }

    #[test]
    fn pronouns_take_up_who_acted() {
        check("Ms Ray met Ms Lim. Then she said it works.", &[("Ray", "it works")]);
        check("The delegates met Ms Lim. Then they said it works.", &[("The delegates", "it works")]);
        check("Ms Ray met Ms Lim. As for Ms Lim, she said it works.", &[("Lim", "it works")]);
    }

    #[test]
    fn who_takes_up_a_person() {
        check("They read a letter by Ms Ray, who said it works.", &[("Ray", "it works")]);
        check("The report by a Committee, whose head is Ms Ray, who said it works.", &[("Ray", "it works")]);
    }

    #[test]
    fn quotations_are_signed_on_a_line_of_their_own() {
        check("“It works well for us.”\n\n– Ms Ray, Committee", &[("Ray", "It works well for us")]);
        check(
            "Quotes from Ms Ray:\n\n“It works well for us.”\n\nHeading",
            &[("Ray", "It works well for us")],
        );
        check(
            "Chair, Ms Ray\n\n“It works well for us.”\n\n“Now we can go on.”\n\nChair, Ms Lim\n\n“It is all we have.”",
            &[("Ray", "It works well for us"), ("Ray", "Now we can go on"), ("Lim", "It is all we have")],
        );
    }

    #[test]
    fn who_asks_where_nobody_is_named() {
        check("Ms Ray said it works. All are asked to act.", &[("Ray", "it works"), ("Ray", "to act")]);
        check("All are asked to act.", &[]);
    }

    #[test]
    fn passages_may_stand_outside_their_sentence() {
        check(
            "Ms Ray said:\n\nIt works.\n\nNow we wait.\n\nNothing else.",
            &[("Ray", "It works.\n\nNow we wait")],
        );
        check("Ms Ray said:\n\nIt works.\n\nIt was hard.", &[("Ray", "It works.\n\nIt was hard")]);
        check("Ms Ray said:\n\nIt works.\n\nMs Lim left.", &[("Ray", "It works")]);
        check("Ms Ray said:\n\nIt works.\n\nIt cost 4 pounds.\n\nEnd.", &[("Ray", "It works")]);
        check("Ms Ray said:\n\nIt works.\n\nThis comes as it ends.\n\nEnd.", &[("Ray", "It works")]);
        check(
            "Ms Ray said:\n\nIt works.\n\nThis is the 21st line.\n\nMs Lim:\n\nSo we wait.",
            &[("Ray", "It works.\n\nThis is the 21st line"), ("Lim", "So we wait")],
        );
        check(
            "The Committee asks:\n\nmend the roads;\n\nclose the mine.\n\nHeading",
            &[("The Committee", "mend the roads"), ("The Committee", "close the mine")],
        );
        check("– It works. It is good, said Ms Ray.", &[("Ray", "It works. It is good")]);
    }

    #[test]
    fn a_proposal_in_a_quotation_is_its_speakers() {
        check(
            "“It works. We urge all to act. Good,” said Ms Ray.",
            &[("Ray", "It works"), ("Ray", "all to act"), ("Ray", "Good")],
        );
        check(
            "“It works.\n\n“We urge all to act.\n\n“Good for all,” said Ms Ray.",
            &[("Ray", "It works"), ("Ray", "all to act"), ("Ray", "Good for all")],
        );
        check(
            "“It works, so we urge all to act. Good,” said Ms Ray.",
            &[("Ray", "It works"), ("Ray", "all to act"), ("Ray", "Good")],
        );
    }
}
