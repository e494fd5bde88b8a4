//! How fast, how politely and in how much memory sites are captured: the release program against a site on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::site::{Site, sitemaps};
use super::{Run, timed};
use crate::shell::{Result, program, say, scratch, text_of};

/// Bytes of a page where speed is measured.
const PAGE: usize = 20_000;
/// The pace of a source that says nothing, in seconds.
const PACE: f64 = 0.5;
/// URLs in the frontier at which memory is named.
const FRONTIERS: [usize; 2] = [10_000, 100_000];

/// One crawl.
struct Crawl<'a> {
    name: String,
    hosts: usize,
    /// Releases of each host.
    releases: usize,
    bytes: usize,
    args: &'a [&'a str],
}

/// Prints pages a second without politeness, the time that many hosts at the default pace take beside the time that the pace
/// alone takes, and peak memory; of the release program, or of another one.
pub(crate) fn run(other: Option<&str>) -> Result<()> {
    let program = other.map_or_else(program, |other| Ok(PathBuf::from(other)))?;
    let fast = ["--pace", "0"];
    say(&format!("{:<52}{:>8}{:>10}{:>10}{:>10}{:>10}", "", "pages", "seconds", "per s", "CPU s", "peak MB"));
    for hosts in [1, 8] {
        let name = format!("20 kB each, no pace, hosts: {hosts}");
        let releases = 8_000 / hosts;
        crawl(&program, &Crawl { name, hosts, releases, bytes: PAGE, args: &fast })?;
    }
    let (hosts, releases) = (50, 20);
    let name = "2 kB each, default pace, hosts: 50".to_owned();
    let run = crawl(&program, &Crawl { name, hosts, releases, bytes: 2_000, args: &[] })?;
    // Of each host: robots.txt, the page that the source begins at, its sitemap, the releases.
    let least = (releases + 2) as f64 * PACE;
    say(&format!(
        "  the pace alone takes {least:.1} s, the crawl took {:.1} s: {:.2} times",
        run.seconds,
        run.seconds / least
    ));
    for releases in FRONTIERS {
        let name = format!("2 kB each, no pace, in the frontier: {releases}");
        let args = ["--pace", "0", "--pages", "600"];
        crawl(&program, &Crawl { name, hosts: 1, releases, bytes: 2_000, args: &args })?;
    }
    Ok(())
}

fn crawl(program: &Path, crawl: &Crawl<'_>) -> Result<Run> {
    let dir = scratch("bench-capture")?;
    let archive = dir.join("archive");
    let site = Site::start(crawl.releases, crawl.bytes)?;
    let sources = archive.join("sources");
    fs::create_dir_all(&sources).map_err(|why| why.to_string())?;
    let mut ids = Vec::new();
    for number in 0..crawl.hosts {
        let host = format!("http://127.0.1.{}:{}", number + 1, site.port);
        let id = format!("xx-site{number}");
        let maps: Vec<String> =
            sitemaps(&host, crawl.releases).iter().map(|map| format!("{map:?}")).collect();
        let text = format!(
            "id = \"{id}\"\nname = \"Site {number}\"\nlanguage = \"en\"\n\n[crawl]\nstart = [\"{host}/news\"]\n\
             sitemaps = [{}]\nrelease = [\"^/news/[0-9]+$\"]\n",
            maps.join(", ")
        );
        fs::write(sources.join(format!("{id}.toml")), text).map_err(|why| why.to_string())?;
        ids.push(id);
    }
    let out = dir.join("log.ndjson");
    let mut command = Command::new(program);
    command
        .arg("capture")
        .args(&ids)
        .arg("--archive")
        .arg(&archive)
        .args(["--contact", "keeper@library.example"]);
    command.args(["--allow-private", "--capture-only", "--log", "json"]).args(crawl.args);
    let run = timed(&mut command, &out)?;
    let pages = fetched(&out)?;
    let rate = pages as f64 / run.seconds;
    say(&format!(
        "{:<52}{pages:>8}{:>10.1}{rate:>10.0}{:>10.1}{:>10.0}",
        crawl.name, run.seconds, run.cpu, run.peak
    ));
    Ok(run)
}

/// Pages fetched, by the last line of the log.
fn fetched(log: &Path) -> Result<u64> {
    let text = text_of(log)?;
    let last: Option<Value> = text.lines().last().and_then(|line| serde_json::from_str(line).ok());
    let pages = last.and_then(|last| last["crawl"]["fetched"].as_u64());
    pages.filter(|pages| *pages > 0).ok_or_else(|| "nothing was fetched; the message stands above".to_owned())
}
