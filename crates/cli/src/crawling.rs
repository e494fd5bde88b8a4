//! What a terminal shows of a crawl at work: how far it has come and how fast, and each host with what it waits for and until when.

use std::io::{self, IsTerminal};
use std::time::Instant;

use chancery_capture::{Event, HostState};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::phrase::{count, grouped};

/// So many hosts are shown.
const HOSTS: usize = 8;
/// Width where the terminal does not say.
const WIDTH: u16 = 80;

/// The lines that are drawn over and over.
pub(crate) struct Lines {
    bar: ProgressBar,
    begun: Instant,
    pages: u64,
    waiting: u64,
    hosts: u64,
    at: Vec<HostState>,
}

impl Lines {
    /// Drawn on standard error where that is a terminal and `wanted`; else nothing is.
    pub(crate) fn new(wanted: bool) -> Self {
        let is_drawn = wanted && io::stderr().is_terminal();
        let target =
            if is_drawn { ProgressDrawTarget::stderr_with_hz(5) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        Self { bar, begun: Instant::now(), pages: 0, waiting: 0, hosts: 0, at: Vec::new() }
    }

    /// Takes note of what happened.
    pub(crate) fn take(&mut self, event: &Event) {
        match event {
            Event::Fetched { url, .. } => {
                self.pages += 1;
                let host = |state: &&mut HostState| url.contains(&state.host);
                if let Some(state) = self.at.iter_mut().find(host) {
                    state.fetched += 1;
                }
            }
            Event::Kept { waiting, hosts, at, .. } => {
                (self.waiting, self.hosts, self.at) = (*waiting, *hosts, at.clone());
            }
            _ => {}
        }
        let width = terminal_size::terminal_size().map_or(WIDTH, |(width, _)| width.0);
        self.bar.set_message(self.words(usize::from(width)));
        self.bar.tick();
    }

    /// Lets something else be printed.
    pub(crate) fn suspend(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Takes the lines away.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    /// The lines, none wider than `width` columns.
    fn words(&self, width: usize) -> String {
        let tenths = u128::from(self.pages) * 10_000 / self.begun.elapsed().as_millis().max(1);
        let first = format!(
            "{} fetched, {} in the queue, {}, {}.{} a second",
            count(self.pages, "page", "pages"),
            grouped(self.waiting),
            count(self.hosts, "host", "hosts"),
            tenths / 10,
            tenths % 10,
        );
        let longest = self.at.iter().take(HOSTS).map(|state| state.host.chars().count()).max().unwrap_or(0);
        let mut lines = vec![first];
        lines.extend(self.at.iter().take(HOSTS).map(|state| line(state, longest.min(30))));
        if self.hosts > HOSTS as u64 {
            lines.push(format!("  and {}", count(self.hosts - HOSTS as u64, "more host", "more hosts")));
        }
        // The spinner and a blank stand before the first.
        let cut = |line: String| line.chars().take(width.saturating_sub(3)).collect::<String>();
        lines.into_iter().map(cut).collect::<Vec<_>>().join("\n")
    }
}

fn line(state: &HostState, longest: usize) -> String {
    let name: String = state.host.chars().take(longest).collect();
    let (fetched, waiting) = (grouped(state.fetched), grouped(state.waiting));
    let why = match (&state.until, &state.reason) {
        (Some(until), Some(reason)) => format!(", left alone until {until}: {reason}"),
        _ => String::new(),
    };
    format!("  {name:<longest$}  {fetched:>7} fetched {waiting:>8} wait{why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_host_is_told_with_what_it_waits_for() {
        let mut lines = Lines::new(false);
        let state = |host: &str, until: Option<&str>| HostState {
            host: host.to_owned(),
            fetched: 12,
            waiting: 3456,
            until: until.map(str::to_owned),
            reason: until.map(|_| "the server answers 503".to_owned()),
        };
        let mut at = vec![state("www.tides.example", Some("2026-03-02T09:00:00Z"))];
        at.extend((0..9).map(|number| state(&format!("h{number}.example"), None)));
        lines.take(&Event::Kept { pages: 0, waiting: 34560, hosts: 30, at });
        let words = lines.words(120);
        let told: Vec<&str> = words.lines().collect();
        assert!(told[0].starts_with("0 pages fetched, 34,560 in the queue, 30 hosts, "), "{words}");
        assert_eq!(
            told[1],
            "  www.tides.example       12 fetched    3,456 wait, left alone until 2026-03-02T09:00:00Z: the server answers 503"
        );
        assert_eq!((told.len(), told[9]), (10, "  and 22 more hosts"));
        assert!(lines.words(40).lines().all(|line| line.chars().count() <= 37));
    }
}
