//! How fast each phase is on one thread, over the pages of the demo corpus again and again: a table of seconds and
//! megabytes a second, all of one run, so that the phases can be compared with each other.
//!
//! `ratios PROGRAM [CORPUS]` prints the table of what the rule engine promises; `count PHASE` runs one phase over the demo
//! corpus, to be counted with an instruction counter (`cargo xtask bench` and `cargo xtask bench --check` call them).
//! `growth KB` tells for texts made to be dear how much dearer twice the text is; `hostile DIR KB` writes those texts,
//! to be counted with an instruction counter. `warc [MEGABYTES]` reads a WARC file, beside `warcio`.
//! `reader [PAGES]` reads pages (of each set a fixed sample of 60 or so many) beside `scraper` and `trafilatura`, `reader-page FILE` one,
//! for its memory. `search PROGRAM DIR [PART…]` prints the table of what the index promises, `search-size RELEASES DIR` one of
//! its rows.

mod clock;
mod count;
mod generated;
mod hard;
mod hostile;
mod memory;
mod ratios;
mod reader;
mod search;
mod table;
mod texts;
mod warc;

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use chancery::rulesets::Rulesets;
use chancery::sources::Sources;
use chancery_index::{Index, Place};
use chancery_record::{Capture, Meta, Record, Release};

/// How often the corpus is gone through.
const ROUNDS: usize = 20;

type Error = Box<dyn std::error::Error>;
type Result<T> = std::result::Result<T, Error>;

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => phases(),
        ["ratios", program] => ratios::run(Path::new(program), None),
        ["ratios", program, corpus] => ratios::run(Path::new(program), Some(corpus)),
        ["count", phase] => count::run(phase),
        ["warc"] => warc::run(200),
        ["warc", megabytes] => warc::run(megabytes.parse()?),
        ["reader"] => reader::run(reader::SAMPLE),
        ["reader", pages] => reader::run(pages.parse()?),
        ["reader-page", file] => reader::one_page(Path::new(file)),
        ["search", program, dir, ref parts @ ..] => search::run(Path::new(program), Path::new(dir), parts),
        ["search-size", releases, dir] => search::one_size(Path::new(dir), releases.parse()?),
        ["growth", kilobytes] => growth(kilobytes.parse::<usize>()? * 1000),
        ["hostile", dir, kilobytes] => {
            fs::create_dir_all(dir)?;
            let bytes = kilobytes.parse::<usize>()? * 1000;
            let mut texts = hostile::ALL.iter();
            texts.try_for_each(|kind| {
                Ok(fs::write(Path::new(dir).join(format!("{}.txt", kind.name)), kind.text(bytes))?)
            })
        }
        _ => Err("nothing, `ratios PROGRAM [CORPUS]`, `count PHASE`, `growth KILOBYTES`, `hostile DIR KILOBYTES`, `reader [PAGES]`, `search PROGRAM DIR [PART…]` or `warc [MEGABYTES]`"
            .into()),
    }
}

/// For each hostile kind of text the seconds for so many bytes and for twice as many, and the ratio.
fn growth(bytes: usize) -> Result<()> {
    let set = Rulesets::embedded().of_language("en")?.ok_or("the program carries no English rules")?;
    let seconds = |text: String| {
        let release = Release { text, ..Release::default() };
        let begun = Instant::now();
        let record = chancery_extract::extract(&release, &set, "bench");
        (begun.elapsed().as_secs_f64(), record)
    };
    for kind in hostile::ALL {
        let (once, record) = seconds(kind.text(bytes));
        let (twice, _) = seconds(kind.text(2 * bytes));
        writeln!(
            io::stdout().lock(),
            "{:<24}{once:>9.3} s{twice:>9.3} s{:>7.2} times; {} people, {} bodies, {} statements, {} proposals",
            kind.name,
            twice / once,
            record.people().count(),
            record.organizations.len(),
            record.statements.len(),
            record.proposals.len(),
        )?;
    }
    Ok(())
}

fn phases() -> Result<()> {
    let rules = Rulesets::embedded();
    let sources = Sources::load(None)?;
    let begun = Instant::now();
    let set = rules.of_language("en")?.ok_or("the program carries no English rules")?;
    row("compile the English rules", begun, None)?;

    let lexicon = rules.lexicon()?;
    let captures = captures(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpora/demo"), &sources)?;
    let page_bytes: usize = captures.iter().map(|capture| capture.bytes.len()).sum();
    let mut releases: Vec<Release> = Vec::new();
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        releases.clear();
        for capture in &captures {
            let source = capture.meta.source.as_deref().and_then(|id| sources.get(id));
            let selectors = source.map(|source| source.read.clone()).unwrap_or_default();
            releases.extend(chancery_reader::read(capture, &selectors, &lexicon));
        }
    }
    row("read pages", begun, Some(page_bytes * ROUNDS))?;

    let text_bytes: usize = releases.iter().map(|release| release.text.len()).sum();
    let mut records: Vec<Record> = Vec::new();
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        records = releases.iter().map(|release| chancery_extract::extract(release, &set, "bench")).collect();
    }
    row("extract from text", begun, Some(text_bytes * ROUNDS))?;

    let dir = tempfile::tempdir()?;
    let mut writer = Index::create(dir.path())?.writer(64_000_000)?;
    let begun = Instant::now();
    for round in 0..ROUNDS {
        for (at, record) in records.iter_mut().enumerate() {
            record.release.id = format!("{round}/{at}");
            writer.put(record, (round * releases.len() + at) as u64, Place::default())?;
        }
    }
    writer.commit()?;
    row("index records", begun, Some(text_bytes * ROUNDS))
}

/// The pages of every folder of the corpus that is called like a source.
fn captures(corpus: &Path, sources: &Sources) -> Result<Vec<Capture>> {
    let mut captures = Vec::new();
    for source in sources.iter() {
        let dir = corpus.join(&source.id);
        if !dir.is_dir() {
            continue;
        }
        let mut pages =
            fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
        pages.sort();
        for page in pages {
            let meta = Meta { source: Some(source.id.clone()), ..Meta::default() }.or(&source.defaults());
            let id = page.display().to_string();
            captures.push(Capture { id, meta, bytes: fs::read(&page)?, ..Capture::default() });
        }
    }
    Ok(captures)
}

fn row(name: &str, begun: Instant, bytes: Option<usize>) -> Result<()> {
    let seconds = begun.elapsed().as_secs_f64();
    let mut out = io::stdout().lock();
    let rate = bytes.map(|bytes| format!("{:>10.2} MB/s", bytes as f64 / 1e6 / seconds)).unwrap_or_default();
    writeln!(out, "{name:<28}{seconds:>9.3} s{rate}")?;
    Ok(())
}
