//! Losers and nearest rules to be read, those drawn under the sentence with carets:
//!
//! ```text
//!   en/posts/scoped  (en/posts.toml:12, layer posts)
//!       The Minister of Tides, Ana Roe, left.
//!       ^^^^^^^^^^^^^^^      |
//!                            here `for` was wanted
//! ```

use chancery_record::Span;
use chancery_rules::{Clause, RuleInfo, Stop};

use super::RULE;
use super::why::{Asleep, Loser, Nearest, Unused, Why};
use crate::exit::Outcome;
use crate::screen::Screen;
use crate::show::carets;
use crate::wrap;

/// How far a sentence is moved in.
const MARGIN: usize = 6;
/// More losers than this are counted only.
const MOST_LOSERS: usize = 8;

/// Everything beside the facts; `alone` where there is no fact.
pub(crate) fn tell(why: &Why<'_>, text: &str, alone: bool, screen: &mut Screen) -> Outcome<()> {
    if !why.losers.is_empty() {
        screen.line(if alone { "matches that lost here:" } else { "what lost here:" })?;
        for loser in why.losers.iter().take(MOST_LOSERS) {
            lost(loser, text, screen)?;
        }
        let more = why.losers.len().saturating_sub(MOST_LOSERS);
        if more > 0 {
            screen.line(&format!("  and {more} more: --json has them all"))?;
        }
    }
    if !why.unused.is_empty() {
        screen.line("found, but no fact was made of it:")?;
        for unused in &why.unused {
            without_fact(unused, text, screen)?;
        }
    }
    if !why.asleep.is_empty() {
        screen.line("switched off, else it would have matched here:")?;
        for asleep in &why.asleep {
            switched_off(asleep, text, screen)?;
        }
    }
    if alone && why.nearest.is_empty() {
        screen.line("no rule came near")?;
    } else if alone {
        screen.line("the nearest rules, and where each stopped:")?;
        for near in &why.nearest {
            stopped(near, text, screen)?;
        }
    }
    Ok(())
}

fn head(rule: &RuleInfo, screen: &Screen) -> String {
    let layer = if rule.layer.is_empty() { String::new() } else { format!(", layer {}", rule.layer) };
    format!("  {}  ({}:{}{layer})", screen.paint(RULE, &rule.id), rule.file, rule.line)
}

/// The words of a span between quotation marks, on one line.
fn quoted(span: Span, text: &str, screen: &Screen) -> String {
    let words = span.of(text).split_whitespace().collect::<Vec<_>>().join(" ");
    format!("“{}”", screen.web(&words))
}

fn lost(loser: &Loser<'_>, text: &str, screen: &mut Screen) -> Outcome<()> {
    let line = format!("{}: {}", head(loser.rule, screen), quoted(loser.wanted, text, screen));
    screen.line(&line)?;
    let mut why = reason(loser, |span| quoted(span, text, screen));
    if let Some(kept) = loser.kept {
        why += &format!("; it fell back to {}", quoted(kept, text, screen));
    }
    paragraph(&why, screen)
}

/// The clause of the policy, in a sentence.
fn reason(loser: &Loser<'_>, quoted: impl Fn(Span) -> String) -> String {
    let (by, taken) = (&loser.by.id, quoted(loser.taken));
    let why = match (loser.clause, loser.beater) {
        (Clause::Veto, _) => {
            let place = format!("{}:{}", loser.by.file, loser.by.line);
            return format!("vetoed: {by} ({place}) forbids {taken}");
        }
        (Clause::Beats(_), Some(beater)) if beater.id != *by => {
            format!("beaten: {} beats it, so that it comes after {by}, which took {taken}", beater.id)
        }
        (Clause::Beats(_), _) => format!("beaten: {by} beats it, and took {taken}"),
        (Clause::Left, _) => format!("further left: {by} begins earlier, and took {taken}"),
        (Clause::Longer, _) => format!("longer: {by} ends later, and took {taken}"),
        (Clause::Order, _) => format!("file order: {by} stands earlier in the files, and took {taken}"),
    };
    match loser.claimed {
        Some(claimed) => format!("what it claims, {}, was taken; {why}", quoted(claimed)),
        None => why,
    }
}

fn paragraph(words: &str, screen: &mut Screen) -> Outcome<()> {
    for line in wrap::lines(words, screen.width() - MARGIN) {
        screen.line(&format!("{:MARGIN$}{}", "", line.of(words)))?;
    }
    Ok(())
}

fn without_fact(unused: &Unused<'_>, text: &str, screen: &mut Screen) -> Outcome<()> {
    let line = format!("{}: {}", head(unused.rule, screen), quoted(unused.span, text, screen));
    screen.line(&line)?;
    let finds = &unused.rule.finds;
    match &unused.step {
        Some(step) => {
            paragraph(&format!("the step `{step}` of the document logic took the {finds} back"), screen)
        }
        None => paragraph(&format!("the document logic had no use for the {finds}"), screen),
    }
}

fn switched_off(asleep: &Asleep<'_>, text: &str, screen: &mut Screen) -> Outcome<()> {
    let line = format!("{}: {}", head(asleep.rule, screen), quoted(asleep.span, text, screen));
    screen.line(&line)?;
    let (file, line) = (&asleep.off.file, asleep.off.line);
    paragraph(&format!("an [[off]] block switches it off ({file}:{line})"), screen)
}

fn stopped(near: &Nearest<'_>, text: &str, screen: &mut Screen) -> Outcome<()> {
    let line = head(near.rule, screen);
    screen.line(&line)?;
    let sentence = near.sentence;
    let width = screen.width() - MARGIN;
    let lines = wrap::lines(sentence.of(text), width).into_iter();
    let lines: Vec<Span> =
        lines.map(|line| Span::new(sentence.start + line.start, sentence.start + line.end)).collect();
    let at = near.stopped.map_or(sentence.end, |token| token.start);
    let last = lines.iter().rposition(|line| line.start <= at).unwrap_or(0);
    for (number, line) in lines.iter().enumerate() {
        if number != last && !line.overlaps(&near.matched) {
            continue;
        }
        let words = format!("{:MARGIN$}{}", "", screen.web(line.of(text)));
        screen.line(&words)?;
        let mut signs = carets::drawn(screen, text, *line, &[(near.matched, '^')]);
        let column = wrap::columns(&screen.web(Span::new(line.start, at.max(line.start)).of(text)));
        if number == last {
            signs += &" ".repeat(column.saturating_sub(signs.chars().count()));
            signs.push('|');
        }
        screen.line(&format!("{:MARGIN$}{signs}", ""))?;
        if number == last {
            let wanted = wanted(near);
            let room = width.saturating_sub(wrap::columns(&wanted));
            screen.line(&format!("{:MARGIN$}{:2$}{wanted}", "", "", column.min(room)))?;
        }
    }
    for group in &near.missing {
        let all = either(group.iter().map(|thing| format!("`{thing}`")));
        paragraph(&format!("it needs {all} in the sentence, and there is none"), screen)?;
    }
    Ok(())
}

fn wanted(near: &Nearest<'_>) -> String {
    let written = |stop: &Stop| match &stop.phrase {
        Some(phrase) => format!("`{}` (in `{{{phrase}}}`)", stop.wanted),
        None => format!("`{}`", stop.wanted),
    };
    let all = either(near.stops.iter().map(written));
    if near.stopped.is_some() {
        format!("here {all} was wanted")
    } else {
        format!("the sentence ends, {all} was wanted")
    }
}

fn either(all: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = all.collect();
    match (all.pop(), all.is_empty()) {
        (Some(last), false) => format!("{} or {last}", all.join(", ")),
        (last, _) => last.unwrap_or_default(),
    }
}
