//! The blocks of a release without what the page put among them: the headline again, the date, lines for sharing and
//! printing, links to other pages.

use std::collections::BTreeSet;

use ego_tree::NodeId;
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::blocks::{self, Block, Kind};
use crate::date::{Calendar, Line, Role};
use crate::fold::{ends_sentence, fold};
use crate::headline::Headline;
use crate::lexicon::Lines;
use crate::main_text::Body;

/// Marks that part or end a text.
const ORNAMENTS: &str = "#*-_=~•·–—§◊★☆◆■●○";
/// A longer line begins nothing but a paragraph, in characters.
const MAX_CUE: usize = 120;
/// The first lines of a page, among which it may tell of itself, and how long each may be, in characters.
const LEAD: usize = 10;
const MAX_LABEL: usize = 80;
/// What a page says of itself has so many words, where no mark parts it in a label and a value.
const MAX_WORDS: usize = 5;
/// Lines longer than this are the release's own.
const MAX_LINE: usize = 200;

pub(crate) fn text(
    body: Body,
    headline: &Headline,
    title: Option<&str>,
    calendar: &Calendar<'_>,
    lines: &Lines,
) -> String {
    let mut blocks = body.blocks;
    let titles: Vec<String> = title.into_iter().chain(headline.text.as_deref()).map(fold).collect();
    after_headline(&mut blocks, headline, &titles);
    let agenda = agenda(&blocks, calendar);
    without_labels(&mut blocks, &agenda, calendar);
    blocks.retain(|block| !(is_page_line(block, lines) || block.in_header && is_label(block)));
    end_at_cue(&mut blocks, lines);
    // What is left of lists is the release's own, unless it is nothing but a day.
    let is_listed = |list: NodeId, block: &Block| {
        let is_bare = || {
            day_of(block, calendar)
                .is_some_and(|line| line.other_words == 0 || calendar.begins_as_note(&block.text))
        };
        !agenda.contains(&list) && is_bare()
    };
    let is_date = |block: &Block| {
        is_date_line(block, calendar) && list(block).is_none_or(|list| is_listed(list, block))
    };
    let starts_with_page = |block: &Block| titles.contains(&fold(&block.text)) || is_date(block);
    let lead = blocks.iter().take_while(|block| starts_with_page(block)).count();
    if lead < blocks.len() {
        blocks.drain(..lead);
    }
    while blocks.len() > 1 && blocks.last().is_some_and(|block| is_tail(block, calendar)) {
        blocks.pop();
    }
    without_links(&mut blocks);
    blocks::join(&blocks)
}

fn chars(blocks: &[Block]) -> usize {
    blocks.iter().map(|block| block.text.len()).sum()
}

/// What stands before the headline is not the release, unless it is most of it.
fn after_headline(blocks: &mut Vec<Block>, headline: &Headline, titles: &[String]) {
    let is_headline =
        |block: &Block| Some(block.node) == headline.node || titles.contains(&fold(&block.text));
    let Some(at) = blocks.iter().position(is_headline) else { return };
    let before = blocks.get(..at).map_or(0, chars);
    if before * 4 < chars(blocks) {
        blocks.drain(..=at);
    } else {
        blocks.remove(at);
    }
}

/// Lines that belong to a page: sharing, printing, copyright.
fn is_page_line(block: &Block, lines: &Lines) -> bool {
    let is_ornament = || block.text.chars().all(|c| c.is_whitespace() || ORNAMENTS.contains(c));
    block.text.len() <= MAX_LINE
        && (is_ornament() || lines.drop.are(&fold(&block.text)) || is_buttons(&block.text, lines))
}

/// Whether a short line is page lines one after the other: *Print Close*.
fn is_buttons(text: &str, lines: &Lines) -> bool {
    if text.chars().count() > MAX_LABEL / 2 {
        return false;
    }
    let mut words = text.split(|c: char| c.is_whitespace() || c.is_ascii_punctuation());
    let said: Vec<String> = words.by_ref().map(fold).filter(|word| !word.is_empty()).collect();
    said.len() > 1 && said.iter().all(|word| lines.drop.are(word))
}

/// Short words in a page's header that are no sentence.
fn is_label(block: &Block) -> bool {
    let letters = block.text.chars().count();
    letters < 80 || (letters < 140 && !(block.text.ends_with(['”', '"']) || ends_sentence(&block.text)))
}

/// Nothing of the release comes after a heading like *Related links*, unless that would be much of it.
fn end_at_cue(blocks: &mut Vec<Block>, lines: &Lines) {
    let is_end = |block: &Block| {
        let first = block.text.lines().next().unwrap_or_default();
        first.chars().count() <= MAX_CUE && lines.end.are(&fold(first))
    };
    let (all, mut before) = (chars(blocks), 0);
    let mut marks = Vec::with_capacity(blocks.len());
    let mut is_over = false;
    for block in blocks.iter() {
        let end = is_end(block);
        is_over |= end && before * 2 > all;
        marks.push(!is_over && !end);
        before += block.text.len();
    }
    let mut marks = marks.into_iter();
    blocks.retain(|_| marks.next().unwrap_or(true));
}

/// Lists of what a page says of itself before its text: *Author*, *Date of publication*, each with its value.
fn without_labels(blocks: &mut Vec<Block>, agenda: &[NodeId], calendar: &Calendar<'_>) {
    let lead = blocks.iter().take(LEAD).take_while(|block| block.text.chars().count() < MAX_LABEL);
    let mut labels: Vec<NodeId> =
        lead.filter(|block| is_date_line(block, calendar)).filter_map(list).collect();
    labels.retain(|id| {
        let items: Vec<&Block> = blocks.iter().filter(|block| list(block) == Some(*id)).collect();
        !agenda.contains(id) && is_of_labels(&items, calendar)
    });
    blocks.retain(|block| list(block).is_none_or(|id| !labels.contains(&id)));
}

/// The list or the table that a block is part of.
fn list(block: &Block) -> Option<NodeId> {
    match block.kind {
        Kind::Item(list) | Kind::Row(list) => Some(list),
        Kind::Paragraph | Kind::Heading => None,
    }
}

/// Whether the items of a list say of a page what it is. The points that a release begins with may be as short, and one may have
/// a day: they are sentences, whether they end like some or not.
fn is_of_labels(items: &[&Block], calendar: &Calendar<'_>) -> bool {
    let is_label = |block: &&&Block| {
        let text = &block.text;
        let is_note = || calendar.begins_as_note(text);
        let is_short = || text.contains([':', '|']) || text.split_whitespace().count() <= MAX_WORDS;
        !ends_sentence(text) && (is_note() || is_short())
    };
    let labels = items.iter().filter(is_label).count();
    labels * 2 > items.len() && items.iter().all(|block| block.text.chars().count() < MAX_LABEL)
}

/// The lists that tell what happens when: of several days that are not said to be those of a page.
fn agenda(blocks: &[Block], calendar: &Calendar<'_>) -> Vec<NodeId> {
    let mut days: FxHashMap<NodeId, BTreeSet<Date>> = FxHashMap::default();
    for block in blocks.iter().filter(|block| block.text.len() <= MAX_LINE) {
        let Some(list) = list(block) else { continue };
        let line = calendar.of_line(&block.text).filter(|line| line.role == Role::Bare);
        days.entry(list).or_default().extend(line.map(|line| line.date));
    }
    days.into_iter().filter(|(_, days)| days.len() > 1).map(|(list, _)| list).collect()
}

/// Lines among paragraphs that are nothing but a link lead to other pages. It is the release's own where it is a
/// heading of what follows, or in a list that a colon announces or that mostly holds other things.
fn without_links(blocks: &mut Vec<Block>) {
    let mut lists: FxHashMap<NodeId, (usize, usize)> = FxHashMap::default();
    for block in blocks.iter() {
        if let Kind::Item(list) = block.kind {
            let (links, all) = lists.entry(list).or_default();
            *links += usize::from(is_link(block));
            *all += 1;
        }
    }
    let mut announced = false;
    let mut keep = Vec::with_capacity(blocks.len());
    for (at, block) in blocks.iter().enumerate() {
        let is_own = match block.kind {
            Kind::Row(_) => true,
            Kind::Heading => {
                blocks.get(at + 1).is_some_and(|next| !is_link(next) && next.kind != Kind::Heading)
            }
            Kind::Item(list) => lists.get(&list).is_some_and(|(links, all)| links * 2 < *all),
            Kind::Paragraph => false,
        };
        let link = is_link(block);
        keep.push(!link || announced || is_own);
        if !link {
            announced = block.text.ends_with(':');
        }
    }
    let left: usize =
        blocks.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(block, _)| block.text.len()).sum();
    if left * 2 > chars(blocks) {
        let mut keep = keep.into_iter();
        blocks.retain(|_| keep.next().unwrap_or(true));
    }
}

fn is_link(block: &Block) -> bool {
    block.linked * 10 >= block.text.len() * 9
}

fn is_date_line(block: &Block, calendar: &Calendar<'_>) -> bool {
    block.text.chars().count() <= 100
        && day_of(block, calendar).is_some_and(|line| line.is_only_date() || line.is_note())
}

/// What a line says of its day, unless it is a sentence of the release — *The ban begins on 3 March 2021.* — and no note
/// of a page.
fn day_of(block: &Block, calendar: &Calendar<'_>) -> Option<Line> {
    let text = &block.text;
    let line = calendar.of_line(text)?;
    let is_sentence =
        line.other_words > 0 && ends_sentence(text) && !is_cut(text) && !calendar.begins_as_note(text);
    (!is_sentence).then_some(line)
}

/// Whether the point at the end of a line belongs to what stands before it: *2021. március 3.*, *10 a.m.*, *2021 г.*
fn is_cut(text: &str) -> bool {
    let Some(before) = text.strip_suffix('.') else { return false };
    let last: Vec<char> = before.chars().rev().take_while(|c| c.is_alphanumeric()).take(3).collect();
    last.len() == 1 || last.len() == 2 && last.iter().all(|c| c.is_numeric())
}

/// Behind a release: links to other pages, and when the page was changed.
fn is_tail(block: &Block, calendar: &Calendar<'_>) -> bool {
    let is_links = block.linked * 10 > block.text.len() * 8
        && block.text.len() < MAX_LINE
        && !matches!(block.kind, Kind::Row(_));
    let dated = || {
        day_of(block, calendar)
            .is_some_and(|line| matches!(line.role, Role::Published | Role::Changed) && line.is_only_date())
    };
    is_links || dated()
}
