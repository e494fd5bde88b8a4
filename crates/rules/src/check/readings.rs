//! Rules of which nothing can come, because whoever takes up what they find reads other captures.

use std::collections::BTreeSet;

use super::names::Inner;
use super::{at, inside};
use crate::compile::{Compiled, nearest};
use crate::error::RuleError;
use crate::file::{Blocks, RuleBlock};
use crate::pattern::{self, Written};
use crate::ruleset::RuleFile;

/// What is read of the annotations of a kind by whoever takes them up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The kind, as rules name it in `finds`.
    pub kind: &'static str,
    /// The captures that are read.
    pub reads: &'static [&'static str],
    /// The captures of which together something comes, one way after the other; where there are none, any match will do.
    pub ways: &'static [&'static [&'static str]],
    /// Whether a rule that says with `passage` where to look needs no capture.
    pub outside: bool,
    /// The capture that the annotation covers as a whole, by `spans`; what it covers is all that is read.
    pub whole: Option<&'static str>,
}

pub(super) fn check(
    done: &Compiled<'_>,
    file: &RuleFile,
    b: &Blocks,
    readings: &[Reading],
    found: &mut Vec<RuleError>,
) {
    for rule in &b.rule {
        let Some(reading) = readings.iter().find(|reading| reading.kind == rule.finds.get_ref()) else {
            continue;
        };
        let Ok((node, written)) = pattern::parse_with_captures(rule.when.get_ref()) else { continue };
        let captures = Inner::of(done, &node).captures;
        let read = Read { reading, file, rule, captures: &captures, written: &written };
        found.extend(read.all_of_it().or_else(|| read.nothing()).or_else(|| read.misspelt()));
    }
}

/// A rule beside what is read of its kind.
struct Read<'d> {
    reading: &'d Reading,
    file: &'d RuleFile,
    rule: &'d RuleBlock,
    /// All that it captures, those of its phrases too.
    captures: &'d BTreeSet<String>,
    /// Those that its own pattern writes.
    written: &'d [Written],
}

impl Read<'_> {
    /// What is read is all that the annotation covers, and that is more than the capture.
    fn all_of_it(&self) -> Option<RuleError> {
        let (name, kind) = (self.reading.whole?, self.reading.kind);
        if self.rule.spans.is_some() || !self.captures.contains(name) {
            return None;
        }
        let message = format!("all of the match becomes the {kind}, not what `{name}` captures");
        Some(at(self.file, &self.rule.when, message).help(format!("add `spans = \"{name}\"`")).warning())
    }

    /// No way is open: what lacks, and whether it is there under a name that is nearly right.
    fn nothing(&self) -> Option<RuleError> {
        let Reading { kind, ways, outside, .. } = self.reading;
        let lacking = |way: &&[&str]| way.iter().filter(|name| !self.captures.contains(**name)).count();
        let nearest_way =
            ways.iter().copied().min_by_key(|way| lacking(way)).filter(|way| lacking(way) > 0)?;
        if *outside && self.rule.passage.is_some() {
            return None;
        }
        let message = format!("no {kind} can come of this rule: {}", self.told());
        if let Some((written, meant)) = self.slip(|name| ways.iter().any(|way| way.contains(&name))) {
            let error = inside(self.file, &self.rule.when, &written.1, message);
            return Some(
                error.help(format!("did you mean `{meant}` in place of `{}`?", written.0)).warning(),
            );
        }
        let lacks: Vec<String> = nearest_way
            .iter()
            .filter(|name| !self.captures.contains(**name))
            .map(|name| format!("`{name}:( … )`"))
            .collect();
        let passage = if *outside { ", or say with `passage` where it stands" } else { "" };
        let help = format!("write {} around the words in question{passage}", lacks.join(" and "));
        Some(at(self.file, &self.rule.when, message).help(help).warning())
    }

    /// What is made of what, and what the rule has.
    fn told(&self) -> String {
        let quoted = |names: &[&str], and: &str| {
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(and)
        };
        let ways: Vec<String> = self.reading.ways.iter().map(|way| quoted(way, " and ")).collect();
        let has: Vec<&str> = self.captures.iter().map(String::as_str).collect();
        let has = if has.is_empty() { "nothing".into() } else { quoted(&has, " and ") };
        format!("one is made of the capture {}, and the pattern captures {has}", ways.join(", or of "))
    }

    /// A capture that nobody reads, by a name that is nearly that of one which is read.
    fn misspelt(&self) -> Option<RuleError> {
        let ((name, place), meant) = self.slip(|_| true)?;
        let message =
            format!("nothing reads the capture `{name}` of a rule that finds `{}`", self.reading.kind);
        let error = inside(self.file, &self.rule.when, place, message);
        Some(error.help(format!("did you mean `{meant}`?")).warning())
    }

    /// The first name in the rule's own pattern that is read by nobody, and what was meant by it, if one of these.
    fn slip(&self, may_be: impl Fn(&str) -> bool) -> Option<(&Written, String)> {
        let reads = self.reading.reads;
        let lacking: Vec<String> = reads
            .iter()
            .filter(|name| !self.captures.contains(**name) && may_be(name))
            .map(|name| (*name).to_owned())
            .collect();
        let used = self.rule.spans.iter().chain(self.rule.claims.iter().flatten());
        let used: BTreeSet<&str> = used.map(|name| name.get_ref().as_str()).collect();
        let mut unread = self
            .written
            .iter()
            .filter(|(name, _)| !reads.contains(&name.as_str()) && !used.contains(name.as_str()));
        unread.find_map(|written| {
            let near = nearest(&written.0, lacking.iter())?;
            // Two of three letters changed make another word.
            let shared = near.chars().filter(|c| written.0.contains(*c)).count();
            (near.len() > 2 && shared + 1 >= near.len()).then(|| (written, near.clone()))
        })
    }
}
