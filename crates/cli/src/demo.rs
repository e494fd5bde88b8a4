//! `demo`: the small corpus that the program carries, made into an archive, and what can be found in it.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anstyle::Style;
use chancery::archive::{Archive, IngestOptions};
use chancery_index::Query;
use chancery_record::{Meta, Record, Statement};
use include_dir::{Dir, include_dir};

use crate::command::{AnswerForm, Question};
use crate::exit::{Exit, Failure, Outcome};
use crate::ingest;
use crate::progress::Watch;
use crate::screen::Screen;
use crate::tables::Sheet;
use crate::{search, stop};

static CORPUS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../corpora/demo");

/// The folder of the corpus that holds pages as they were edited later.
const EDITED: &str = "edited";
/// Where pages are written to: as they stood at first, and as they were edited later.
const PAGES: [&str; 2] = ["pages", "pages-edited"];
/// Rows of each table that are shown.
const ROWS: usize = 8;
/// What the demo searches for.
const WORDS: &str = "ports";

const BOLD: Style = Style::new().bold();

/// Makes the archive below `dir`, prints what it holds, searches it once, and says what to try next.
pub(crate) fn run(dir: &Path, screen: &mut Screen) -> Outcome {
    let archive_dir = dir.join("archive");
    write_pages(dir)?;
    stop::listen()?;
    take_in(dir, &archive_dir, screen)?;
    let archive = Archive::open_read(&archive_dir)?;
    let records = archive.records()?.collect::<Result<Vec<Record>, _>>()?;
    let commands = Commands { program: called(), archive: archive_dir.display().to_string() };
    Sheet::officials(&records).print(ROWS, Some(&commands.search("--kind official --limit 100")), screen)?;
    Sheet::bodies(&records).print(ROWS, None, screen)?;
    Sheet::proposals(&records).print(ROWS, Some(&commands.search("--kind proposal --limit 100")), screen)?;
    let query = Query { words: WORDS.into(), limit: 3, ..Query::default() };
    screen.line("")?;
    let heading = format!("One search: {}", commands.search(&format!("{WORDS} --limit 3")));
    let heading = screen.paint(BOLD, &heading);
    screen.line(&heading)?;
    screen.line("")?;
    search::run(&Question { archive: archive_dir, query, form: AnswerForm::Text }, screen)?;
    next(&commands, &records, screen)?;
    Ok(Exit::Well)
}

/// Writes the pages beside the archive, so that they can be read and taken in again.
fn write_pages(dir: &Path) -> Outcome<()> {
    let mut pages = Vec::new();
    collect(&CORPUS, &mut pages);
    for (path, bytes) in pages {
        let (folder, below) = match path.strip_prefix(EDITED) {
            Ok(below) => (PAGES[1], below),
            Err(_) => (PAGES[0], path.as_path()),
        };
        let to = dir.join(folder).join(below);
        let written = fs::create_dir_all(to.parent().unwrap_or(dir)).and_then(|()| fs::write(&to, bytes));
        written.map_err(|why| {
            let mend = "name a folder that you may write with --dir DIR";
            Failure::new(format!("cannot write {}: {why}", to.display()), mend)
        })?;
    }
    Ok(())
}

/// The pages of the corpus with their paths.
fn collect<'d>(dir: &'d Dir<'d>, pages: &mut Vec<(PathBuf, &'d [u8])>) {
    for file in dir.files().filter(|file| file.path().extension().is_some_and(|end| end == "html")) {
        pages.push((file.path().to_owned(), file.contents()));
    }
    dir.dirs().for_each(|below| collect(below, pages));
}

/// Takes the pages in, and then those that were edited later: new versions of the same releases.
fn take_in(dir: &Path, archive: &Path, screen: &mut Screen) -> Outcome<()> {
    let pipeline = ingest::pipeline(archive, None, None)?;
    for folder in PAGES {
        let pages = dir.join(folder);
        let watch = Watch::new(None)?;
        let (inputs, options) = (vec![pages.clone().into()], IngestOptions::default());
        let report = ingest::take_in(&pipeline, archive, inputs, Meta::default(), &options, &watch);
        watch.end()?;
        let report = report?;
        if report.interrupted {
            return Err(Failure::Interrupted("what was taken in is kept, and `demo` goes on from there"));
        }
        screen.line(&format!(
            "{} into {}: {}",
            pages.display(),
            archive.display(),
            ingest::summary(&report)
        ))?;
        screen.flush()?;
    }
    Ok(())
}

/// Commands as the user can type them here.
struct Commands {
    program: String,
    archive: String,
}

impl Commands {
    fn of(&self, command: &str, rest: &str) -> String {
        format!("{} {command} {rest} --archive {}", self.program, self.archive).replace("  ", " ")
    }

    fn search(&self, rest: &str) -> String {
        self.of("search", rest)
    }
}

/// What to try next: every line works as it stands.
fn next(commands: &Commands, records: &[Record], screen: &mut Screen) -> Outcome<()> {
    let heading = screen.paint(BOLD, "What to try next");
    screen.line(&heading)?;
    screen.line("")?;
    let mut lines = vec![
        ("read the first hit with its facts marked", commands.of("show", "1")),
        ("the same without colours", commands.of("show", "1 --plain")),
    ];
    // Somebody of the corpus, whoever says most in it.
    if let Some(name) = busiest(records) {
        lines.push(("everything that one official said", commands.search(&format!("--by \"{name}\""))));
    }
    lines.push(("which rule made the first of these hits", commands.of("explain", "1")));
    lines.push(("what the archive holds", commands.of("status", "")));
    lines.push(("all rules, each with its reason", format!("{} rules list", commands.program)));
    for (what, command) in lines {
        screen.line(&format!("  # {what}"))?;
        screen.line(&format!("  {command}"))?;
    }
    Ok(())
}

/// The official with most statements.
fn busiest(records: &[Record]) -> Option<&str> {
    let mut said: BTreeMap<&str, usize> = BTreeMap::new();
    for record in records {
        for official in &record.officials {
            let by = |said: &&Statement| said.speaker_id.as_ref() == Some(&official.id);
            *said.entry(&official.name).or_default() += record.statements.iter().filter(by).count();
        }
    }
    said.into_iter().filter(|(_, count)| *count > 0).max_by_key(|(_, count)| *count).map(|(name, _)| name)
}

/// The program as it can be called from here: by its name where the shell finds it, else by its path.
fn called() -> String {
    let name = "chancery";
    let Ok(here) = env::current_exe() else { return name.into() };
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file());
    if found.and_then(|file| file.canonicalize().ok()) == here.canonicalize().ok() {
        return name.into();
    }
    let short = env::current_dir().ok().and_then(|dir| here.strip_prefix(dir).ok().map(Path::to_path_buf));
    short.unwrap_or(here).display().to_string()
}
