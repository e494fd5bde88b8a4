//! Reads a chain of names and posts: each post belongs to the next name or to the one before, at the least cost.
//!
//! Costs speak of structure alone, so that they hold in every language: a post without a holder is worst, a name
//! without a post is odd in a chain that has posts, and a list that changes its direction is odd too.

use crate::pairing::{Joint, Link, What};
use crate::posts::Tie;

/// Which way a post looks for its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The next name's.
    Next,
    /// That of the name before.
    Before,
    /// Nobody's in this chain.
    Alone,
}

const ALONE: u32 = 8;
const BARE_NAME: u32 = 4;
/// Posts joined by a bare `and` that look different ways.
const TORN: u32 = 1;
const TURN: u32 = 2;

/// A reading of the chain up to some link.
#[derive(Clone, Copy, Debug)]
struct Reading {
    cost: u32,
    /// The way of the last link; those before it stand in the [`Trail`].
    last: Option<Way>,
    step: Option<usize>,
    /// The last name has a post.
    served: bool,
    /// The way of the last post that was not bound to one by its place.
    direction: Option<Way>,
    sharing: Sharing,
}

/// Whether names share the last post that looks ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sharing {
    No,
    /// The first of its names comes next.
    Next,
    /// Names share it up to the next stop or post.
    Run,
    /// Names share it in the whole list after a colon, where posts that stand behind their names part nothing.
    List,
}

/// The ways of all readings, each with the step before it: readings share their beginnings.
#[derive(Default)]
struct Trail(Vec<(Way, Option<usize>)>);

impl Trail {
    fn push(&mut self, way: Way, before: Option<usize>) -> usize {
        self.0.push((way, before));
        self.0.len() - 1
    }

    /// The ways up to a step, in order.
    fn ways(&self, step: Option<usize>) -> Vec<Way> {
        let mut ways: Vec<Way> =
            std::iter::successors(step, |step| self.0[*step].1).map(|step| self.0[step].0).collect();
        ways.reverse();
        ways
    }
}

/// Pairs `(name, post)` as indices of `chain`; `closed` says whether an apposition may end after a link.
pub(crate) fn pairs(chain: &[Link], closed: &[bool]) -> Vec<(usize, usize)> {
    let mut trail = Trail::default();
    let begun =
        Reading { cost: 0, last: None, step: None, served: true, direction: None, sharing: Sharing::No };
    let mut readings = vec![begun];
    for n in 0..chain.len() {
        let mut next: Vec<Reading> = Vec::new();
        readings.iter().for_each(|reading| go_on(chain, closed, reading, n, &mut next));
        readings = next;
        // Few differ in what matters further on: the last way, the direction, whether the name is served.
        readings.sort_by_key(|r| r.cost);
        let mut seen: Vec<(Option<Way>, Option<Way>, bool)> = Vec::new();
        readings.retain(|r| {
            let state = (r.last, r.direction, r.served);
            let new = !seen.contains(&state);
            seen.push(state);
            new
        });
        for reading in &mut readings {
            reading.step = reading.last.map(|way| trail.push(way, reading.step));
        }
    }
    let end = |r: &Reading| {
        let open = r.last == Some(Way::Next) && !matches!(chain.last().map(|l| &l.what), Some(What::Name(_)));
        r.cost + if r.served { 0 } else { BARE_NAME } + if open { 100 } else { 0 }
    };
    let best = readings.iter().min_by_key(|r| end(r));
    best.map(|r| resolve(chain, &trail.ways(r.step))).unwrap_or_default()
}

/// How the post at one place of a chain came to the name at another.
pub(crate) fn tie(chain: &[Link], name: usize, post: usize) -> Tie {
    let direct = chain[name.max(post)].joint == Joint::Direct;
    match (name.abs_diff(post), name > post, direct) {
        (1, true, true) => Tie::Before,
        (1, true, false) => Tie::BeforeSign,
        (1, false, true) => Tie::After,
        (1, false, false) => Tie::AfterSign,
        _ => Tie::Chain,
    }
}

/// Adds all ways to take link `n` after a reading of those before it. A name takes the way of no post: `Alone`.
fn go_on(chain: &[Link], closed: &[bool], reading: &Reading, n: usize, next: &mut Vec<Reading>) {
    let link = &chain[n];
    let waiting = n > 0 && is_post(&chain[n - 1]) && reading.last == Some(Way::Next);
    let mut push = |way: Way, cost: u32, served: bool, direction: Option<Way>| {
        let sharing = sharing(link, reading.sharing, way);
        let (cost, last) = (reading.cost + cost, Some(way));
        next.push(Reading { cost, last, served, direction, sharing, ..*reading });
    };
    if !is_post(link) {
        // Names that share the plural post before them are served.
        let shared = !waiting
            && reading.sharing != Sharing::Next
            && sharing(link, reading.sharing, Way::Alone) != Sharing::No;
        if waiting && !matches!(link.joint, Joint::Direct | Joint::Comma | Joint::Colon) {
            return;
        }
        let bare = if reading.served { 0 } else { BARE_NAME };
        push(Way::Alone, bare, waiting || shared, reading.direction);
        return;
    }
    let mut before = true;
    let mut ahead = true;
    if waiting {
        // A run of posts that waits for a name must go on to one.
        before = false;
        if link.joint == Joint::Stop {
            return;
        }
        // Many who are not named are not the one that comes after a comma: `Members of the Board, Secretary A`.
        let plural = |link: &Link| matches!(link.what, What::Post { plural: true, .. });
        let many = link.joint == Joint::Comma && plural(&chain[n - 1]) && !plural(link);
        let parted = if link.article || many { ALONE + 1 } else { 0 };
        let parted = if link.joint == Joint::CommaAnd { parted + BARE_NAME } else { parted };
        let cost = turn(chain, reading, n, Way::Next) + parted;
        push(Way::Next, cost, reading.served, direction(chain, reading, n, Way::Next));
        ahead = false;
    }
    if ahead && may_look_ahead(chain, n) {
        // Posts joined by a bare `and` are of one holder.
        let torn =
            link.joint == Joint::And && n > 0 && is_post(&chain[n - 1]) && reading.last == Some(Way::Before);
        let cost = turn(chain, reading, n, Way::Next) + if torn { TORN } else { 0 };
        push(Way::Next, cost, reading.served, direction(chain, reading, n, Way::Next));
    }
    if before && may_look_back(chain, closed, reading, n) {
        let cost = turn(chain, reading, n, Way::Before);
        push(Way::Before, cost, true, direction(chain, reading, n, Way::Before));
    }
    if !waiting {
        push(Way::Alone, ALONE, reading.served, reading.direction);
    }
}

/// Whether names share a post after a link that is taken some way.
fn sharing(link: &Link, before: Sharing, way: Way) -> Sharing {
    match (&link.what, way) {
        (What::Post { plural: true, .. }, Way::Next) => Sharing::Next,
        (What::Post { .. }, Way::Next) => Sharing::No,
        (What::Post { .. }, Way::Before) if before == Sharing::List => Sharing::List,
        (What::Post { .. }, _) => Sharing::No,
        (What::Name(_), _) => match before {
            Sharing::Next if link.joint == Joint::Colon => Sharing::List,
            Sharing::Next => Sharing::Run,
            Sharing::Run if link.joint == Joint::Stop => Sharing::No,
            going_on => going_on,
        },
    }
}

const fn is_post(link: &Link) -> bool {
    matches!(link.what, What::Post { .. })
}

/// A post in lower case wants its name at once, or with its rank: `the commander of the Navy, Admiral A`; a plural one its
/// names: `two former officers, A and B`.
fn may_look_ahead(chain: &[Link], n: usize) -> bool {
    let What::Post { lower, plural, .. } = chain[n].what else { return false };
    let name = |at: usize| chain.get(at).is_some_and(|link| !is_post(link));
    let at_once = name(n + 1) || is_ranked(chain, n) || is_addressed(chain, n);
    chain.len() > n + 1 && (!lower || at_once) && (!lower || !plural || name(n + 2))
}

/// Whether a definite post in a body is followed by a comma and a rank that is bound to its name.
fn is_ranked(chain: &[Link], n: usize) -> bool {
    // `the commander of the Navy`, `Norway's chief negotiator`.
    let definite = match chain[n].what {
        What::Post { sides, plural: false, .. } => sides.0 || (chain[n].article && sides.1),
        _ => false,
    };
    let rank = |next: &Link| {
        let plain =
            matches!(next.what, What::Post { lower: false, plural: false, sides: (false, false), .. });
        plain && next.joint == Joint::Comma && !next.article
    };
    definite && chain.get(n + 1).is_some_and(rank) && bound(chain, n + 1)
}

/// Whether a post stands directly before another one that is bound to its name: `party spokesperson Deputy A`.
fn is_addressed(chain: &[Link], n: usize) -> bool {
    let plain = |next: &Link| {
        let one = matches!(next.what, What::Post { lower: false, plural: false, sides: (false, false), .. });
        one && next.joint == Joint::Direct && !next.article
    };
    matches!(chain[n].what, What::Post { plural: false, .. })
        && chain.get(n + 1).is_some_and(plain)
        && bound(chain, n + 1)
}

/// A post directly before a name is bound to it and says nothing of the list's direction.
fn bound(chain: &[Link], n: usize) -> bool {
    chain.get(n + 1).is_some_and(|next| !is_post(next) && next.joint == Joint::Direct)
}

fn turn(chain: &[Link], reading: &Reading, n: usize, way: Way) -> u32 {
    if way == Way::Next && bound(chain, n) {
        return 0;
    }
    if bound(chain, n) {
        return 50;
    }
    if reading.direction.is_some_and(|d| d != way) { TURN } else { 0 }
}

fn direction(chain: &[Link], reading: &Reading, n: usize, way: Way) -> Option<Way> {
    if bound(chain, n) { reading.direction } else { Some(way) }
}

/// Whether the post at `n` may belong to the name before it.
fn may_look_back(chain: &[Link], closed: &[bool], reading: &Reading, n: usize) -> bool {
    let Some(last) = n.checked_sub(1) else { return false };
    let plural = matches!(chain[n].what, What::Post { plural: true, .. });
    if !closed[n] || chain[n].joint == Joint::Stop {
        return false;
    }
    if is_post(&chain[last]) {
        return reading.last == Some(Way::Before);
    }
    match chain[n].joint {
        Joint::Direct => !matches!(chain[n].what, What::Post { lower: true, .. }),
        Joint::Comma | Joint::Colon => !plural || matches!(chain[last].joint, Joint::And | Joint::CommaAnd),
        Joint::And | Joint::CommaAnd | Joint::Stop => false,
    }
}

/// The names that share the plural post before the name at `first`: those up to the next stop or post; after a colon
/// the whole list, where posts that stand behind their names part nothing.
fn sharers(chain: &[Link], ways: &[Way], first: usize) -> Vec<usize> {
    let listed = chain[first].joint == Joint::Colon;
    let goes_on = |m: &usize| match is_post(&chain[*m]) {
        true => listed && ways.get(*m) == Some(&Way::Before),
        false => listed || chain[*m].joint != Joint::Stop,
    };
    (first + 1..chain.len()).take_while(goes_on).filter(|m| !is_post(&chain[*m])).collect()
}

/// The names of each post.
fn resolve(chain: &[Link], ways: &[Way]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut name_after: Vec<Option<usize>> = vec![None; chain.len()];
    for n in (1..chain.len()).rev() {
        name_after[n - 1] = if is_post(&chain[n]) { name_after[n] } else { Some(n) };
    }
    let mut name_before = None;
    for n in 0..chain.len() {
        let What::Post { plural, .. } = chain[n].what else {
            name_before = Some(n);
            continue;
        };
        match ways[n] {
            Way::Alone => {}
            Way::Next => {
                let Some(name) = name_after[n] else { continue };
                pairs.push((name, n));
                if plural {
                    pairs.extend(sharers(chain, ways, name).into_iter().map(|m| (m, n)));
                }
            }
            Way::Before => {
                let Some(name) = name_before else { continue };
                pairs.push((name, n));
                let mut at = name;
                while plural && at > 0 && !is_post(&chain[at - 1]) && chain[at].joint != Joint::Stop {
                    at -= 1;
                    pairs.push((at, n));
                }
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery_rules::Range;

    /// A chain written with `N` names, `P` posts, `S` plural posts, `p` posts in lower case, `A` posts after an article, `d` the same in lower case and with a body,
    /// `o` posts in lower case with a body before them;
    /// `,` `&` `;` and `,&` as joints, nothing for a direct one. Every apposition may close.
    fn read(text: &str) -> Vec<(usize, usize)> {
        let mut chain: Vec<Link> = Vec::new();
        let (mut comma, mut and, mut stop, mut colon) = (false, false, false, false);
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            match c {
                ',' => comma = true,
                ':' => colon = true,
                '&' => and = true,
                ';' => stop = true,
                _ => {
                    let joint = match (comma, and, stop) {
                        (_, _, true) => Joint::Stop,
                        _ if colon => Joint::Colon,
                        (true, true, _) => Joint::CommaAnd,
                        (true, ..) => Joint::Comma,
                        (_, true, _) => Joint::And,
                        _ => Joint::Direct,
                    };
                    let what = if c == 'N' {
                        What::Name(Range::default())
                    } else {
                        What::Post {
                            held: Vec::new(),
                            plural: c == 'S',
                            lower: matches!(c, 'p' | 'd' | 'o'),
                            sides: (c == 'o', c == 'd'),
                        }
                    };
                    chain.push(Link {
                        whole: Range::default(),
                        what,
                        joint,
                        article: matches!(c, 'A' | 'd'),
                    });
                    (comma, and, stop, colon) = (false, false, false, false);
                }
            }
        }
        let closed = vec![true; chain.len()];
        let mut found = pairs(&chain, &closed);
        found.sort_unstable();
        found
    }

    #[test]
    fn posts_find_their_holders() {
        for (chain, expected) in [
            // Secretary to the Treasury, Dr X, Governor, Dr Y
            ("P, N, P, N", vec![(1, 0), (3, 2)]),
            // X, Director, Y, Chair
            ("N, P, N, P", vec![(0, 1), (2, 3)]),
            // Minister X, Minister of Health, Y, Deputy Minister, Z
            ("P N, P, N, P, N", vec![(1, 0), (3, 2), (5, 4)]),
            // X, Director of A, and Y, Chair of B
            ("N, P ,& N, P", vec![(0, 1), (2, 3)]),
            // Minister for A and Second Minister for B X
            ("P & P N", vec![(2, 0), (2, 1)]),
            // X, Minister of A and Deputy Minister of B, Y, Secretary
            ("N, P & P, N, P", vec![(0, 1), (0, 2), (3, 4)]),
            // Resident Representatives A and B
            ("S N & N", vec![(1, 0), (2, 0)]),
            // A and B, Co-chairs
            ("N & N, S", vec![(0, 2), (1, 2)]),
            // Judge X, President of the Tribunal, and Minister for A and Minister for B, Y
            ("P N, P ,& P & P, N", vec![(1, 0), (1, 2), (5, 3), (5, 4)]),
            // the President and the Prime Minister X
            ("P & A N", vec![(2, 1)]),
            // X; Director, Y
            ("N; P, N", vec![(2, 1)]),
            // Members of the Board: X (Chair); Y; and Z
            ("S: N, P; N; N", vec![(1, 0), (1, 2), (3, 0), (4, 0)]),
            // Members of the Board, Secretary X
            ("S, P N", vec![(2, 1)]),
            // X and officials
            ("N & p", vec![]),
            // the commander of the Navy, Admiral X; the commander, Minister X
            ("d, P N", vec![(2, 0), (2, 1)]),
            ("p, P N", vec![(2, 1)]),
            // Orvinia's chief negotiator, Special Envoy X
            ("o, P N", vec![(2, 0), (2, 1)]),
            // party spokesperson Deputy X
            ("p P N", vec![(2, 0), (2, 1)]),
        ] {
            assert_eq!(read(chain), expected, "{chain}");
        }
    }
}
