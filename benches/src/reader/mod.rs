//! How fast pages are read, beside what `scraper` takes to parse them alone and beside `trafilatura` (PyPI), in one run over
//! the same pages, and how much memory the largest of them take.
//!
//! Without a number a fixed sample of each set is read, so that the table is there within a minute.
//!
//! Every time is one of a processor, of one thread: other programs that run beside do not count.

mod memory;
mod pages;
mod peer;

use chancery::rulesets::Rulesets;
use chancery_reader::{Lexicon, Selectors};
use scraper::Html;

use self::pages::{Page, Pages};
use self::peer::Peer;
use crate::Result;
use crate::clock::seconds;
use crate::table::{Aim, Row, Table, line};

pub(crate) use memory::one as one_page;

/// Each is timed so often, in turns; the fastest counts.
const ROUNDS: usize = 3;
/// Pages read before anything is timed: what is made when it is first asked for.
const WARM: usize = 20;

/// Pages of each set, where no other number is asked for.
pub(crate) const SAMPLE: usize = 60;

/// Prints the table; of no more pages of each set than `most`, drawn by chance, the same at every run.
pub(crate) fn run(most: usize) -> Result<()> {
    let pages = Pages::load(most)?;
    let lexicon = Rulesets::embedded().lexicon()?;
    let peer = Peer::find(&pages)?;
    line(&format!("{} pages, {:.1} MB: {}", pages.all.len(), pages.bytes as f64 / 1e6, pages.origin))?;
    for page in pages.all.iter().take(WARM) {
        ours(page, &lexicon);
    }
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(Round::of(&pages, &lexicon, peer.as_ref())?);
    }
    let mut table = Table::begin()?;
    ratios(&mut table, &rounds)?;
    speeds(&mut table, &rounds, &pages)?;
    match &peer {
        Some(peer) => line(&format!(
            "{}: dates on, no language; a text for {} pages, and ours for {}",
            peer.name,
            peer.texts.get(),
            rounds.first().map_or(0, |round| round.texts)
        ))?,
        None => line("trafilatura is not installed for python3 (pip install trafilatura): skipped")?,
    }
    memory::run(&mut table, &pages)?;
    table.end()
}

/// Seconds of one round over all pages.
struct Round {
    /// `scraper::Html::parse_document`, its trees not freed.
    scraper: f64,
    /// The same with its trees freed.
    freed: f64,
    /// html5ever and scraper's tree behind our guard, the trees not freed.
    guarded: f64,
    /// Text, headline, date and language, everything freed.
    ours: f64,
    /// The peer, where there is one.
    peer: Option<f64>,
    /// Pages for which ours gave a text.
    texts: usize,
}

impl Round {
    fn of(pages: &Pages, lexicon: &Lexicon, peer: Option<&Peer>) -> Result<Self> {
        let (scraper, freeing) = parsed(pages, Html::parse_document)?;
        let (guarded, _) = parsed(pages, chancery_html::tree)?;
        let mut texts = 0;
        let ours = seconds(|| texts = pages.all.iter().filter(|page| ours(page, lexicon)).count())?;
        let peer = peer.map(Peer::seconds).transpose()?;
        Ok(Self { scraper, freed: scraper + freeing, guarded, ours, peer, texts })
    }
}

/// Seconds to parse all pages, and to free their trees.
fn parsed(pages: &Pages, parse: impl Fn(&str) -> Html) -> Result<(f64, f64)> {
    let (mut parsing, mut freeing) = (0.0, 0.0);
    for page in &pages.all {
        let mut tree = None;
        parsing += seconds(|| tree = Some(parse(&page.html)))?;
        freeing += seconds(|| drop(tree))?;
    }
    Ok((parsing, freeing))
}

/// Reads a page as `chancery read` does; whether it has a text.
fn ours(page: &Page, lexicon: &Lexicon) -> bool {
    let read = chancery_reader::read_any(&page.capture, &Selectors::default(), lexicon);
    std::hint::black_box(read).is_ok_and(|read| !read.release.text.is_empty())
}

/// The rows of one time divided by another.
fn ratios(table: &mut Table, rounds: &[Round]) -> Result<()> {
    type Seconds = fn(&Round) -> Option<f64>;
    let rows: [(&str, Seconds, Seconds, Aim); 4] = [
        ("ours : scraper", |r| Some(r.ours), |r| Some(r.scraper), Aim::AtMost(1.6)),
        ("ours : scraper, its trees freed too", |r| Some(r.ours), |r| Some(r.freed), Aim::None),
        ("guarded tree : scraper", |r| Some(r.guarded), |r| Some(r.scraper), Aim::None),
        ("trafilatura : ours", |r| r.peer, |r| Some(r.ours), Aim::None),
    ];
    for (name, first, second, aim) in rows {
        if let (Some(over), Some(under)) = (least(rounds, first), least(rounds, second)) {
            let each = |round: &Round| Some(format!("{:.2}", first(round)? / second(round)?));
            let each: Vec<String> = rounds.iter().filter_map(each).collect();
            let note = format!("best of each; by round {}", each.join(", "));
            table.row(&Row { name: name.into(), value: over / under, unit: "×", aim, note })?;
        }
    }
    Ok(())
}

/// The rows of megabytes of HTML a second.
fn speeds(table: &mut Table, rounds: &[Round], pages: &Pages) -> Result<()> {
    let rows = [
        ("scraper parses", least(rounds, |round| Some(round.scraper))),
        ("guarded tree", least(rounds, |round| Some(round.guarded))),
        ("ours", least(rounds, |round| Some(round.ours))),
        ("trafilatura", least(rounds, |round| round.peer)),
    ];
    for (name, taken) in rows {
        if let Some(taken) = taken {
            let note = format!("{:.0} pages/s, {taken:.2} s", pages.all.len() as f64 / taken);
            let value = pages.bytes as f64 / 1e6 / taken;
            table.row(&Row { name: name.into(), value, unit: "MB/s", aim: Aim::None, note })?;
        }
    }
    Ok(())
}

/// The least time of all rounds.
fn least(rounds: &[Round], time: fn(&Round) -> Option<f64>) -> Option<f64> {
    rounds.iter().filter_map(time).min_by(f64::total_cmp)
}
