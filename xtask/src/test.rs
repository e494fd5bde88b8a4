//! All that CI runs, as a list of steps.

use std::process::Command;

use crate::shell::{Result, both, cargo, checked, last_lines, program};
use crate::step::{Outcome, Steps};
use crate::{bench, codegen, readme, score, tidy};

/// Runs every step; an error where one failed.
///
/// Test and lint builds come before the release build, so that a mistake shows within minutes.
pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::default();
    steps.run("format", || cargo_step(&["fmt", "--all", "--check"]));
    steps.run("tidy", || tidy::outcome().map(Into::into));
    steps.run("lints", || {
        cargo_step(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])
    });
    steps.run("tests", tests);
    steps.run("docs", docs);
    steps.run("program builds", || program().map(|_| Outcome::passed()));
    steps.run("rules check", || rules("check"));
    steps.run("rules test", || rules("test"));
    steps.run("generated files", || codegen::check().map(|()| Outcome::passed()));
    steps.run("README", readme::run);
    steps.run("licences", licences);
    steps.run("instruction counts", bench::outcome);
    steps.run("score of the demo corpus", score::demo);
    steps.run("score of search", score::search::demo);
    steps.run("score of the larger gold", score::gold);
    steps.run("score of the reader", score::reader::outcome);
    steps.close()
}

fn cargo_step(args: &[&str]) -> Result<Outcome> {
    checked(&format!("cargo {}", args.join(" ")), cargo(args).output())?;
    Ok(Outcome::passed())
}

/// `cargo test`, counted; what failed is printed by the tests themselves.
fn tests() -> Result<Outcome> {
    let mut command = cargo(&["test", "--workspace", "--no-fail-fast", "--quiet"]);
    let output = command.env("RUST_BACKTRACE", "0").output();
    let output = output.map_err(|why| format!("cannot run cargo test: {why}"))?;
    let text = both(&output);
    let (mut passed, mut failed) = (0, 0);
    for line in text.lines().filter(|line| line.starts_with("test result:")) {
        passed += before(line, " passed");
        failed += before(line, " failed");
    }
    // Where cargo failed and no test did, something does not compile.
    if !output.status.success() {
        failed = failed.max(1);
    }
    let report = if failed > 0 { failures(&text) } else { skipped_notes(&text) };
    Ok(Outcome::Counted { passed, failed, report })
}

/// What each failed test says, in a few lines; where no test failed, the end of it all: something does not compile.
fn failures(text: &str) -> String {
    const LINES: usize = 20;
    let mut told = Vec::new();
    let mut room = 0;
    for line in text.lines() {
        if line.starts_with("---- ") {
            room = LINES;
        } else if line.starts_with("failures:") || line.starts_with("test result:") {
            room = 0;
        }
        if room > 0 {
            room -= 1;
            told.push(line);
        }
    }
    let told = told.join("\n");
    if told.is_empty() { last_lines(text, 120) } else { last_lines(&told, 400) }
}

/// Tests that could not run here say so with `skipped:`.
fn skipped_notes(text: &str) -> String {
    let notes: Vec<&str> = text.lines().filter(|line| line.starts_with("skipped:")).collect();
    notes.join("\n")
}

/// The number before a word: `12` of `12 passed`.
fn before(line: &str, word: &str) -> usize {
    let count = line.split(word).next().and_then(|head| head.split_whitespace().last());
    count.and_then(|count| count.parse().ok()).unwrap_or(0)
}

fn docs() -> Result<Outcome> {
    // Library and program are both called `chancery`: made at once, the pages of one would overwrite those of the other while they are written.
    for packages in [&["--workspace", "--exclude", "chancery-cli"][..], &["--package", "chancery-cli"]] {
        let mut command = cargo(&["doc", "--no-deps", "--quiet"]);
        command.args(packages).env("RUSTDOCFLAGS", "-Dwarnings");
        checked("cargo doc", command.output())?;
    }
    Ok(Outcome::passed())
}

/// `chancery rules check` or `test`: its closing line counts, its exit code decides.
fn rules(what: &str) -> Result<Outcome> {
    let output = Command::new(program()?).args(["rules", what]).output();
    let output = output.map_err(|why| format!("cannot run the program: {why}"))?;
    let text = both(&output);
    let last = text.lines().rfind(|line| line.contains(" passed, ")).unwrap_or("");
    let (passed, failed) = (before(last, " passed"), before(last, " failed"));
    match (output.status.success(), failed) {
        (true, 0) => Ok(Outcome::Counted { passed: passed.max(1), failed: 0, report: String::new() }),
        (_, failed) => Ok(Outcome::Counted { passed, failed: failed.max(1), report: last_lines(&text, 120) }),
    }
}

fn licences() -> Result<Outcome> {
    let there = cargo(&["deny", "--version"]).output().is_ok_and(|output| output.status.success());
    if !there {
        return Ok(Outcome::Skipped("cargo-deny is not installed (cargo install cargo-deny)".into()));
    }
    cargo_step(&["deny", "check", "licenses", "bans"])
}

#[cfg(test)]
mod tests {
    use super::before;

    #[test]
    fn counts_are_read_from_the_line_of_a_test_run() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!((before(line, " passed"), before(line, " failed")), (12, 3));
        assert_eq!(before("311 passed, 2 failed", " failed"), 2);
    }
}
