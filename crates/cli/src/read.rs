//! `read`: pages as the reader sees them: headline, date, language, text; and where each was found.

use std::io;
use std::path::Path;

use anstyle::Style;
use chancery::Error;
use chancery::archive::Archive;
use chancery::input::{Input, Inputs, SkipCounts};
use chancery::pages::{Grounds, PagesReport, ReadPage};
use chancery::pipeline::Pipeline;
use chancery::progress::Progress as _;
use chancery::rulesets::Rulesets;
use chancery::sources::Sources;

use crate::command::{PageLook, ReadPages, Wanted};
use crate::exit::{Failure, Outcome};
use crate::progress::Watch;
use crate::screen::Screen;
use crate::stop;
use crate::wrap;

const BOLD: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// Reads every page and prints it.
pub(crate) fn run(job: &ReadPages, screen: &mut Screen) -> Outcome {
    in_small_pages();
    let skipped = job.skipped.as_deref();
    let watch = if screen.is_terminal() { Watch::without_bar(skipped)? } else { Watch::new(skipped)? };
    // The sources of the archive count for its pages, and for others only where there is one.
    let overlay = Some(job.archive.as_path()).filter(|dir| dir.is_dir());
    let pipeline = Pipeline::new(Rulesets::load(None, overlay)?, Sources::load(overlay)?, job.jobs)?;
    stop::listen()?;
    let (mut pages, mut skips) = (0, SkipCounts::default());
    for wanted in &job.pages {
        let report = match wanted {
            Wanted::Input(input) => of_input(job, input.clone(), &pipeline, &watch, screen, pages)?,
            Wanted::Reference(reference) => of_archive(job, reference, &pipeline, &watch, screen, pages)?,
        };
        pages += report.pages;
        for (reason, count) in report.skipped.by_reason {
            *skips.by_reason.entry(reason).or_default() += count;
        }
        skips.errors += report.skipped.errors;
        if report.interrupted {
            watch.end()?;
            screen.flush()?;
            return Err(Failure::Interrupted("what was printed is whole pages"));
        }
    }
    watch.end()?;
    screen.flush()?;
    watch.close(pages, &skips)
}

/// Asks for memory in small pieces: of those of 2 MB that the allocator would get, one page of a site fills next to
/// nothing. Where the system does not know how, more memory is taken and nothing else changes.
fn in_small_pages() {
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(true);
}

fn of_input(
    job: &ReadPages,
    input: Input,
    pipeline: &Pipeline,
    watch: &Watch,
    screen: &mut Screen,
    before: u64,
) -> Outcome<PagesReport> {
    let inputs = Inputs::new(vec![input], job.meta.clone(), pipeline.sources());
    let mut printed = before;
    let report = pipeline.pages(inputs, job.grounds, watch, stop::flag(), |page| {
        printed += 1;
        print(&page, job, screen, printed == 1)
    })?;
    Ok(report)
}

fn of_archive(
    job: &ReadPages,
    reference: &str,
    pipeline: &Pipeline,
    watch: &Watch,
    screen: &mut Screen,
    before: u64,
) -> Outcome<PagesReport> {
    let archive = open(&job.archive, reference)?;
    let found = archive.find(reference).map_err(|error| match error {
        Error::NotFound { .. } => Failure::new(
            format!("there is no file `{reference}`, and {error}"),
            "check the spelling of the path; `chancery search WORDS` finds releases",
        ),
        error => error.into(),
    })?;
    let mut report = PagesReport::default();
    match pipeline.page(archive.capture(&found.id)?, job.grounds) {
        Ok(page) => {
            report.pages = 1;
            print(&page, job, screen, before == 0)?;
        }
        Err(skip) => {
            report.skipped.add(&skip);
            watch.skip(&skip);
        }
    }
    Ok(report)
}

/// The archive in which a reference is looked up.
fn open(dir: &Path, reference: &str) -> Outcome<Archive> {
    if dir.exists() {
        return Ok(Archive::open_read(dir)?);
    }
    Err(Failure::new(
        format!("there is no file `{reference}`, and no archive at {} to look it up in", dir.display()),
        "check the spelling, or name the archive with --archive DIR",
    ))
}

fn print(page: &ReadPage, job: &ReadPages, screen: &mut Screen, is_first: bool) -> io::Result<()> {
    if job.look != PageLook::Text {
        let json = if job.look == PageLook::Json { page.to_json() } else { page.line() };
        line(screen, &json.to_string())?;
        // Who asks page by page waits for each answer.
        return screen.writer().flush();
    }
    if !is_first {
        line(screen, "")?;
        line(screen, &"─".repeat(screen.width().min(20)))?;
        line(screen, "")?;
    }
    head(page, screen)?;
    if job.grounds == Grounds::Gathered {
        grounds(page, screen)?;
    }
    line(screen, "")?;
    wrapped(screen, &page.reading.release.text, Style::new())
}

fn head(page: &ReadPage, screen: &mut Screen) -> io::Result<()> {
    let release = &page.reading.release;
    wrapped(screen, release.headline.as_deref().unwrap_or("(no headline)"), BOLD)?;
    let kind =
        (page.kind() != "release").then(|| format!("no release: {} ({})", page.kind(), page.reading.why));
    let about = [
        Some(release.published.as_deref().unwrap_or("(no date)")),
        release.language.as_deref(),
        release.issuer.as_deref(),
        kind.as_deref(),
    ];
    let about = about.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    wrapped(screen, &about, FAINT)?;
    release.url.as_deref().map_or(Ok(()), |url| wrapped(screen, url, FAINT))
}

/// What was taken, and after it what else there was.
fn grounds(page: &ReadPage, screen: &mut Screen) -> io::Result<()> {
    let evidence = &page.evidence;
    let parts = [
        ("kind", &evidence.kind),
        ("headline", &evidence.headline),
        ("date", &evidence.published),
        ("issuer", &evidence.issuer),
        ("language", &evidence.language),
        ("text", &evidence.text),
        ("charset", &evidence.charset),
    ];
    line(screen, "")?;
    for (part, grounds) in parts {
        if grounds.is_empty() {
            line(screen, &format!("{part:<9} nothing was found"))?;
        }
        for (at, ground) in grounds.iter().enumerate() {
            let label = if at == 0 { part } else { "" };
            let instead = if at == 0 { "" } else { "not " };
            let told = format!("{instead}{} — {}", ground.value, ground.from);
            let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
            line(screen, &format!("{label:<9} {}", screen.web(&told)))?;
        }
    }
    for part in &page.reading.silent {
        line(
            screen,
            &format!("{part:<9} the selectors of the source gave nothing; the general way was taken"),
        )?;
    }
    for limit in &evidence.limits {
        line(screen, &format!("limit     {}", screen.web(limit)))?;
    }
    for (at, tag) in &evidence.other_languages {
        line(screen, &format!("language  paragraph {} is {tag}", at + 1))?;
    }
    for document in &evidence.attachments {
        line(screen, &format!("document  {}", screen.web(document)))?;
    }
    Ok(())
}

fn wrapped(screen: &mut Screen, text: &str, style: Style) -> io::Result<()> {
    for span in wrap::lines(text, screen.width()) {
        let painted = screen.paint(style, &screen.web(span.of(text)));
        line(screen, &painted)?;
    }
    Ok(())
}

fn line(screen: &mut Screen, text: &str) -> io::Result<()> {
    let out = screen.writer();
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")
}
