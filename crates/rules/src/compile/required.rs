//! What must stand in a sentence for a pattern to match there.

use chancery_text::fold;

use super::patterns::Patterns;
use super::{Frequency, Named};
use crate::pattern::{Item as Reference, Node};
use crate::program::Atom;
use crate::symbol::Symbol;

/// A match that needs one of more than this many things is looked for everywhere.
const MOST_ATOMS: usize = 64;

/// The least rank of what has to be asked of the tokens.
const ASKED: u8 = 2;

/// How many groups of an alternative are kept, of each of two kinds.
const MOST_GROUPS: usize = 8;

/// How narrow a group is, the narrowest least: its kind, how often its atoms stand in text, and how many they are.
type Narrowness = (u8, u32, usize);

fn narrowest(frequency: &Frequency, groups: Vec<Vec<Atom>>) -> Vec<Vec<Atom>> {
    if groups.len() < 2 {
        return groups;
    }
    let mut groups: Vec<_> = groups.into_iter().map(|group| (narrowness(frequency, &group), group)).collect();
    groups.sort_unstable();
    groups.dedup();
    // Some of those that are looked up, and some of those that say more but have to be asked.
    let mut kept = [0; 2];
    groups.retain(|((kind, ..), _)| {
        let kept = &mut kept[usize::from(*kind >= ASKED)];
        *kept += 1;
        *kept <= MOST_GROUPS
    });
    groups.into_iter().map(|(_, group)| group).collect()
}

/// What is required where one of two alternatives must match: a group of the one together with a group of the other. The
/// narrowest of these, as `narrowest` would choose; most are too wide for that, and are not put together.
fn either(frequency: &Frequency, one: &[Vec<Atom>], other: &[Vec<Atom>]) -> Vec<Vec<Atom>> {
    let narrow =
        |groups: &[Vec<Atom>]| groups.iter().map(|group| narrowness(frequency, group)).collect::<Vec<_>>();
    let (of_one, of_other) = (narrow(one), narrow(other));
    // No union is narrower than either of its two.
    let mut pairs = Vec::with_capacity(one.len() * other.len());
    for (a, (kind, often, len)) in of_one.iter().enumerate() {
        let with = |(b, (k, o, l)): (usize, &Narrowness)| ((*kind.max(k), *often.max(o), *len.max(l)), a, b);
        pairs.extend(of_other.iter().enumerate().map(with));
    }
    pairs.sort_unstable();
    let mut kept: [Vec<(Narrowness, Vec<Atom>)>; 2] = Default::default();
    for (least, a, b) in pairs {
        let kept = &mut kept[usize::from(least.0 >= ASKED)];
        if kept.len() == MOST_GROUPS && kept.last().is_some_and(|(most, _)| least > *most) {
            continue;
        }
        let union = union(&one[a], &other[b]);
        let new = (narrowness(frequency, &union), union);
        if new.1.len() <= MOST_ATOMS
            && let Err(at) = kept.binary_search(&new)
        {
            kept.insert(at, new);
            kept.truncate(MOST_GROUPS);
        }
    }
    kept.into_iter().flatten().map(|(_, group)| group).collect()
}

/// The atoms of two groups, each in order and once.
fn union(a: &[Atom], b: &[Atom]) -> Vec<Atom> {
    let mut all = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().copied().peekable(), b.iter().copied().peekable());
    while let (Some(one), Some(other)) = (a.peek(), b.peek()) {
        let (one, other) = (*one, *other);
        all.extend(if one <= other { a.next() } else { b.next() });
        if one == other {
            b.next();
        }
    }
    all.extend(a.chain(b));
    all
}

/// Words and lists before annotations, those before tests; then what stands in text less often; then the smaller group.
fn narrowness(frequency: &Frequency, group: &[Atom]) -> Narrowness {
    let rank = |atom: &Atom| match atom {
        Atom::Word(_) | Atom::List(_) | Atom::Quote => 0,
        Atom::Annotation(_) => 1,
        Atom::Item(_) | Atom::Pair(_) | Atom::Opening(_) => 2,
        Atom::Test(_) => 3,
    };
    let rank = group.iter().map(rank).max().unwrap_or(0);
    let known = frequency.is_known() && rank < ASKED;
    let often =
        if known { group.iter().fold(0_u32, |all, atom| all.saturating_add(frequency.of(*atom))) } else { 0 };
    (rank, often, group.len())
}

impl Patterns<'_, '_> {
    /// What must stand in a sentence where the node matches: of each group at least one.
    pub(super) fn required(&mut self, node: &Node) -> Vec<Vec<Atom>> {
        match node {
            Node::Word(word) => self.required_word(word),
            Node::Exact(word) => self.required_word(&fold(word)),
            Node::Shape(Some(_)) | Node::Regex(..) => self.required_test(node),
            Node::Item(reference) | Node::Inside(reference) => self.required_item(reference),
            Node::All(all) => {
                let positive: Vec<&Node> =
                    all.iter().filter(|(negative, _)| !negative).map(|(_, n)| n).collect();
                let mut groups: Vec<Vec<Atom>> =
                    positive.into_iter().flat_map(|n| self.required(n)).collect();
                groups.retain(|group| narrowness(&self.compiler.frequency, group).0 < ASKED);
                groups.extend(self.required_test(node));
                groups
            }
            Node::Seq(all) => {
                let mut groups: Vec<Vec<Atom>> = all.iter().flat_map(|n| self.required(n)).collect();
                if let [Node::Start, Node::Look(negative, inner), ..] = &all[..]
                    && self.single(inner)
                    && let Some(looked) = self.quiet_test(inner)
                {
                    let first = self.all(vec![(*negative, looked)]);
                    groups.push(vec![Atom::Opening(self.share(first))]);
                }
                for (n, one) in all.iter().enumerate() {
                    // What is only looked at takes no place.
                    let next = all[n + 1..].iter().find(|node| !matches!(node, Node::Look(..)));
                    groups.extend(next.and_then(|next| self.required_pair(one, next)));
                }
                groups.sort();
                groups.dedup();
                groups.sort_by_key(Vec::len);
                groups
            }
            Node::Alt(all) => self.required_of_any(all),
            Node::Repeat(inner, min, _) if *min > 0 => self.required(inner),
            Node::Capture(_, inner) => self.required(inner),
            _ => Vec::new(),
        }
    }

    /// What is required where one of several nodes must match. Most are words and the like, of which each requires one
    /// thing: these are put together first, all at once.
    fn required_of_any(&mut self, all: &[Node]) -> Vec<Vec<Atom>> {
        let (mut single, mut several) = (Vec::new(), Vec::new());
        for node in all {
            let groups = self.required(node);
            let mut groups = narrowest(&self.compiler.frequency, groups);
            match &mut groups[..] {
                [] => return Vec::new(),
                [one] => single.append(one),
                _ => several.push(groups),
            }
        }
        single.sort_unstable();
        single.dedup();
        if single.len() > MOST_ATOMS {
            return Vec::new();
        }
        let single = Some(vec![single]).filter(|groups| groups.iter().all(|group| !group.is_empty()));
        let each = single.into_iter().chain(several);
        each.reduce(|one, other| either(&self.compiler.frequency, &one, &other)).unwrap_or_default()
    }

    /// A word of a pattern, folded.
    fn required_word(&mut self, folded: &str) -> Vec<Vec<Atom>> {
        let Some(number) = self.compiler.dictionary.intern_token(folded).first().copied() else {
            return Vec::new();
        };
        self.compiler.frequency.see(number, folded);
        vec![vec![Atom::Word(number)]]
    }

    /// A token that passes the test of a node, if it has one.
    fn required_test(&mut self, node: &Node) -> Vec<Vec<Atom>> {
        self.quiet_test(node).map(|test| vec![vec![Atom::Test(test)]]).unwrap_or_default()
    }

    /// The test of a node; a mistake in it is told when the node is compiled.
    fn quiet_test(&mut self, node: &Node) -> Option<u32> {
        let (errors, failed) = (self.compiler.errors.len(), self.failed);
        let test = self.test(node);
        self.compiler.errors.truncate(errors);
        self.failed = failed;
        test
    }

    /// What two nodes, one directly after the other, require together.
    fn required_pair(&mut self, one: &Node, other: &Node) -> Option<Vec<Atom>> {
        let one = if let Node::Capture(_, inner) = one { inner } else { one };
        let openings = match one {
            Node::Start | Node::Look(..) => self.openings(other)?,
            _ if self.single(one) => self.openings(other)?,
            _ => return None,
        };
        let then = self.any_of(&openings);
        let then = self.share(then);
        Some(vec![match one {
            Node::Start => Atom::Opening(then),
            // A look-ahead at one token, and the token itself.
            Node::Look(negative, inner) if self.single(inner) => {
                let looked = self.quiet_test(inner)?;
                let both = self.all(vec![(*negative, looked), (false, then)]);
                Atom::Test(self.share(both))
            }
            Node::Look(..) => return None,
            _ => {
                let first = self.quiet_test(one)?;
                let pairs = &mut self.compiler.pairs;
                let number = pairs.iter().position(|pair| *pair == (first, then)).unwrap_or_else(|| {
                    pairs.push((first, then));
                    pairs.len() - 1
                });
                Atom::Pair(u32::try_from(number).unwrap_or(u32::MAX))
            }
        }])
    }

    /// Tests of which the first token of every match passes one; `None` where that cannot be told.
    fn openings(&mut self, node: &Node) -> Option<Vec<u32>> {
        match node {
            _ if self.single(node) => Some(vec![self.quiet_test(node)?]),
            Node::Item(reference) => match self.compiler.names.get(&reference.name).cloned() {
                Some(Named::Phrase(inner)) => {
                    if self.open.contains(&reference.name) {
                        return None;
                    }
                    if let Some(known) = self.compiler.openings.get(&reference.name) {
                        return known.clone();
                    }
                    self.open.push(reference.name.clone());
                    let openings = self.openings(&inner);
                    self.open.pop();
                    self.compiler.openings.insert(reference.name.clone(), openings.clone());
                    openings
                }
                Some(Named::List(_) | Named::Annotation) => {
                    let begins = self.begins(reference)?;
                    Some(vec![self.share(begins)])
                }
                _ => None,
            },
            Node::Seq(all) => {
                let mut found = Vec::new();
                for node in all {
                    match node {
                        Node::Look(..) | Node::Start => {}
                        Node::Repeat(inner, 0, _) => found.extend(self.openings(inner)?),
                        other => {
                            found.extend(self.openings(other)?);
                            return Some(found);
                        }
                    }
                }
                None
            }
            Node::Alt(all) => {
                let mut found = Vec::new();
                for node in all {
                    found.extend(self.openings(node)?);
                }
                Some(found)
            }
            Node::Repeat(inner, min, _) if *min > 0 => self.openings(inner),
            Node::Capture(_, inner) => self.openings(inner),
            _ => None,
        }
    }

    pub(super) fn required_item(&mut self, reference: &Reference) -> Vec<Vec<Atom>> {
        match self.compiler.names.get(&reference.name).cloned() {
            Some(Named::List(list)) => self.required_data(Atom::List(list), reference),
            Some(Named::Annotation) => {
                let kind: Symbol = self.compiler.symbols.intern(&reference.name);
                self.required_data(Atom::Annotation(kind), reference)
            }
            Some(Named::Phrase(node) | Named::Class(node)) => {
                if self.open.contains(&reference.name) {
                    return Vec::new();
                }
                self.required_named(&reference.name, &node)
            }
            None if reference.name == "quote" => vec![vec![Atom::Quote]],
            None => Vec::new(),
        }
    }

    /// What a phrase or class requires, worked out once for all patterns that use it.
    pub(super) fn required_named(&mut self, name: &str, node: &Node) -> Vec<Vec<Atom>> {
        if let Some(known) = self.compiler.required.get(name) {
            return known.to_vec();
        }
        self.open.push(name.to_owned());
        let required = self.required(node);
        self.open.pop();
        self.compiler.required.insert(name.to_owned(), required.as_slice().into());
        required
    }

    /// An entry or annotation, and with the data that are asked of it.
    fn required_data(&mut self, atom: Atom, reference: &Reference) -> Vec<Vec<Atom>> {
        let item = (!reference.filters.is_empty()).then(|| self.item(reference)).flatten();
        std::iter::once(vec![atom]).chain(item.map(|item| vec![Atom::Item(item)])).collect()
    }
}
