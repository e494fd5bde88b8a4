//! Reads a chain of names and posts: each post belongs to the next name or to the one before, at the least cost.
//!
//! Costs speak of structure alone, so that they hold in every language: a post without a holder is worst, a name
//! without a post is odd in a chain that has posts, and a list that changes its direction is odd too.

use crate::pairing::{Joint, Link, What};

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
#[derive(Clone, Debug)]
struct Reading {
    cost: u32,
    ways: Vec<Way>,
    /// The last name has a post.
    served: bool,
    /// The way of the last post that was not bound to one by its place.
    direction: Option<Way>,
}

/// Pairs `(name, post)` as indices of `chain`; `closed` says whether an apposition may end after a link.
pub(crate) fn pairs(chain: &[Link], closed: &[bool]) -> Vec<(usize, usize)> {
    let mut readings = vec![Reading { cost: 0, ways: Vec::new(), served: true, direction: None }];
    for n in 0..chain.len() {
        readings = readings.iter().flat_map(|r| go_on(chain, closed, r, n)).collect();
        // Few differ in what matters further on: the last way, the direction, whether the name is served.
        readings.sort_by_key(|r| r.cost);
        let mut seen: Vec<(Option<Way>, Option<Way>, bool)> = Vec::new();
        readings.retain(|r| {
            let state = (r.ways.last().copied(), r.direction, r.served);
            let new = !seen.contains(&state);
            seen.push(state);
            new
        });
    }
    let end = |r: &Reading| {
        let open = r.ways.last() == Some(&Way::Next)
            && !matches!(chain.last().map(|l| &l.what), Some(What::Name(_)));
        r.cost + if r.served { 0 } else { BARE_NAME } + if open { 100 } else { 0 }
    };
    let best = readings.iter().min_by_key(|r| end(r));
    best.map(|r| resolve(chain, &r.ways)).unwrap_or_default()
}

/// All ways to take link `n` after a reading of those before it. A name takes the way of no post: `Alone`.
fn go_on(chain: &[Link], closed: &[bool], reading: &Reading, n: usize) -> Vec<Reading> {
    let link = &chain[n];
    let waiting = n > 0 && is_post(&chain[n - 1]) && reading.ways[n - 1] == Way::Next;
    let mut next = Vec::new();
    let mut push = |way: Way, cost: u32, served: bool, direction: Option<Way>| {
        let mut ways = reading.ways.clone();
        ways.push(way);
        next.push(Reading { cost: reading.cost + cost, ways, served, direction });
    };
    if !is_post(link) {
        // Names that share the plural post before them are served.
        let shared = !waiting && n > 0 && shares(chain, &reading.ways, n);
        if waiting && !matches!(link.joint, Joint::Direct | Joint::Comma | Joint::Colon) {
            return next;
        }
        let bare = if reading.served { 0 } else { BARE_NAME };
        push(Way::Alone, bare, waiting || shared, reading.direction);
        return next;
    }
    let mut before = true;
    let mut ahead = true;
    if waiting {
        // A run of posts that waits for a name must go on to one.
        before = false;
        if link.joint == Joint::Stop {
            return next;
        }
        let parted = if link.article { ALONE + 1 } else { 0 };
        let parted = if link.joint == Joint::CommaAnd { parted + BARE_NAME } else { parted };
        let cost = turn(chain, reading, n, Way::Next) + parted;
        push(Way::Next, cost, reading.served, direction(chain, reading, n, Way::Next));
        ahead = false;
    }
    if ahead && may_look_ahead(chain, n) {
        // Posts joined by a bare `and` are of one holder.
        let torn =
            link.joint == Joint::And && n > 0 && is_post(&chain[n - 1]) && reading.ways[n - 1] == Way::Before;
        let cost = turn(chain, reading, n, Way::Next) + if torn { TORN } else { 0 };
        push(Way::Next, cost, reading.served, direction(chain, reading, n, Way::Next));
    }
    if before && may_look_back(chain, closed, &reading.ways, n) {
        let cost = turn(chain, reading, n, Way::Before);
        push(Way::Before, cost, true, direction(chain, reading, n, Way::Before));
    }
    if !waiting {
        push(Way::Alone, ALONE, reading.served, reading.direction);
    }
    next
}

const fn is_post(link: &Link) -> bool {
    matches!(link.what, What::Post { .. })
}

/// A post in lower case wants its name at once, a plural one its names: `two former officers, A and B`.
fn may_look_ahead(chain: &[Link], n: usize) -> bool {
    let What::Post { lower, plural, .. } = chain[n].what else { return false };
    let name = |at: usize| chain.get(at).is_some_and(|link| !is_post(link));
    chain.len() > n + 1 && (!lower || name(n + 1)) && (!lower || !plural || name(n + 2))
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
fn may_look_back(chain: &[Link], closed: &[bool], ways: &[Way], n: usize) -> bool {
    let Some(last) = n.checked_sub(1) else { return false };
    let plural = matches!(chain[n].what, What::Post { plural: true, .. });
    if !closed[n] || chain[n].joint == Joint::Stop {
        return false;
    }
    if is_post(&chain[last]) {
        return ways[last] == Way::Before;
    }
    match chain[n].joint {
        Joint::Direct => !matches!(chain[n].what, What::Post { lower: true, .. }),
        Joint::Comma | Joint::Colon => !plural || matches!(chain[last].joint, Joint::And | Joint::CommaAnd),
        Joint::And | Joint::CommaAnd | Joint::Stop => false,
    }
}

/// Whether the name at `n` is one of several that a plural post before them names.
fn shares(chain: &[Link], ways: &[Way], n: usize) -> bool {
    let Some(post) = (0..n).rev().find(|at| is_post(&chain[*at]) && ways[*at] == Way::Next) else {
        return false;
    };
    let plural = matches!(chain[post].what, What::Post { plural: true, .. });
    plural && !is_post(&chain[post + 1]) && sharers(chain, ways, post + 1).contains(&n)
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
    for n in (0..chain.len()).filter(|n| is_post(&chain[*n])) {
        let plural = matches!(chain[n].what, What::Post { plural: true, .. });
        match ways[n] {
            Way::Alone => {}
            Way::Next => {
                let Some(name) = (n + 1..chain.len()).find(|m| !is_post(&chain[*m])) else { continue };
                pairs.push((name, n));
                if plural {
                    pairs.extend(sharers(chain, ways, name).into_iter().map(|m| (m, n)));
                }
            }
            Way::Before => {
                let Some(name) = (0..n).rev().find(|m| !is_post(&chain[*m])) else { continue };
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

    /// A chain written with `N` names, `P` posts, `S` plural posts, `p` posts in lower case, `A` posts after an article;
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
                            lower: c == 'p',
                            sides: (false, false),
                        }
                    };
                    chain.push(Link { whole: Range::default(), what, joint, article: c == 'A' });
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
            // X and officials
            ("N & p", vec![]),
        ] {
            assert_eq!(read(chain), expected, "{chain}");
        }
    }
}
