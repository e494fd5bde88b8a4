//! Instructions over fixed inputs, counted by valgrind's callgrind: the same on a busy machine as on a quiet one. They
//! are kept in `benches/counts.toml`; a phase that needs a tenth more fails.
//!
//! Callgrind is run by hand: gungraun would do the same, and needs a runner of its own version installed beside it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::benches;
use crate::shell::{Result, both, checked, last_lines, root, say, scratch, text_of};
use crate::step::Outcome;

/// What is counted; `benches/src/count.rs` has a function `counted_…` for each.
const PHASES: [&str; 7] = ["load", "compile", "tokens", "dictionary", "rules", "many", "extract"];
/// More than so many times the kept count is a regression.
const MOST: f64 = 1.10;
/// Fewer than so many times the kept count should be kept.
const LEAST: f64 = 0.90;

/// Compares with what is kept, for CI; skipped where valgrind is missing.
pub(crate) fn outcome() -> Result<Outcome> {
    if !there() {
        return Ok(Outcome::Skipped(MISSING.into()));
    }
    let path = kept_path();
    if !path.exists() {
        return Ok(Outcome::Skipped("no counts are kept yet (cargo xtask bench --bless)".into()));
    }
    let kept = Kept::read(&text_of(&path)?)?;
    let found = compare(&kept, &Kept { rustc: rustc()?, counts: counted()? });
    Ok(Outcome::Counted {
        passed: PHASES.len() - found.worse,
        failed: if found.enforced { found.worse } else { 0 },
        report: found.lines.join("\n"),
    })
}

/// Prints the comparison; an error where a phase needs too many.
pub(crate) fn check() -> Result<()> {
    match outcome()? {
        Outcome::Skipped(why) => {
            say(&format!("skipped: {why}"));
            Ok(())
        }
        Outcome::Counted { failed, report, .. } => {
            say(&report);
            if failed == 0 {
                Ok(())
            } else {
                Err(format!("{failed} phases need over a tenth more instructions"))
            }
        }
    }
}

/// Writes the counts anew.
pub(crate) fn bless() -> Result<()> {
    if !there() {
        return Err(MISSING.into());
    }
    let new = Kept { rustc: rustc()?, counts: counted()? };
    fs::write(kept_path(), new.written())
        .map_err(|why| format!("cannot write benches/counts.toml: {why}"))?;
    say(&format!("benches/counts.toml written, of rustc {}", new.rustc));
    Ok(())
}

const MISSING: &str = "valgrind is not installed (apt-get install valgrind)";

fn there() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

fn kept_path() -> PathBuf {
    root().join("benches/counts.toml")
}

/// Counts and the compiler they are of.
#[derive(Debug, PartialEq)]
struct Kept {
    rustc: String,
    counts: Vec<(String, u64)>,
}

impl Kept {
    fn read(text: &str) -> Result<Self> {
        let wrong = |why: String| {
            format!("benches/counts.toml: {why}; write it anew with `cargo xtask bench --bless`")
        };
        let table: toml::Table = toml::from_str(text).map_err(|why| wrong(why.message().to_owned()))?;
        let rustc = table.get("rustc").and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        let counts = table.get("instructions").and_then(toml::Value::as_table);
        let counts = counts.ok_or_else(|| wrong("no [instructions]".into()))?;
        let count = |(name, value): (&String, &toml::Value)| {
            let count = value.as_integer().and_then(|count| u64::try_from(count).ok());
            count.map(|count| (name.clone(), count)).ok_or_else(|| wrong(format!("`{name}` is no count")))
        };
        Ok(Self { rustc, counts: counts.iter().map(count).collect::<Result<_>>()? })
    }

    fn written(&self) -> String {
        let mut text = format!(
            "# Instructions over the demo corpus, counted by callgrind; `cargo xtask bench --bless` writes this file.\n\
             rustc = \"{}\"\n\n[instructions]\n",
            self.rustc
        );
        for (name, count) in &self.counts {
            let _ = writeln!(text, "{name} = {count}");
        }
        text
    }

    fn of(&self, name: &str) -> Option<u64> {
        self.counts.iter().find(|(own, _)| own == name).map(|(_, count)| *count)
    }
}

/// What a comparison says.
#[derive(Debug)]
struct Compared {
    lines: Vec<String>,
    worse: usize,
    /// Counts of another compiler are told, and fail nothing.
    enforced: bool,
}

fn compare(kept: &Kept, new: &Kept) -> Compared {
    let (mut lines, mut worse) = (Vec::new(), 0);
    for (name, count) in &new.counts {
        let Some(before) = kept.of(name) else {
            worse += 1;
            lines.push(format!("{name:<12}{count:>16}  not kept yet (cargo xtask bench --bless)"));
            continue;
        };
        let ratio = *count as f64 / before as f64;
        let word = if ratio > MOST {
            worse += 1;
            "  MORE THAN A TENTH OVER"
        } else if ratio < LEAST {
            "  better; keep it with cargo xtask bench --bless"
        } else {
            ""
        };
        lines.push(format!("{name:<12}{count:>16}{before:>16}{:>+8.1} %{word}", (ratio - 1.0) * 100.0));
    }
    let enforced = kept.rustc == new.rustc;
    if !enforced {
        lines.push(format!(
            "the counts kept are of rustc {}, this is rustc {}: differences are told, and fail nothing",
            kept.rustc, new.rustc
        ));
    }
    Compared { lines, worse, enforced }
}

fn rustc() -> Result<String> {
    let output = checked("rustc --version", Command::new("rustc").arg("--version").output())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.split_whitespace().nth(1).unwrap_or_default().to_owned())
}

/// Counts every phase.
fn counted() -> Result<Vec<(String, u64)>> {
    let program = benches()?;
    let dir = scratch("counts")?;
    PHASES.iter().map(|phase| Ok(((*phase).to_owned(), count(&program, &dir, phase)?))).collect()
}

fn count(program: &Path, dir: &Path, phase: &str) -> Result<u64> {
    let mut command = Command::new("valgrind");
    command
        .arg("--tool=callgrind")
        .arg(format!("--toggle-collect=*counted_{phase}*"))
        .arg(format!("--callgrind-out-file={}", dir.join(phase).display()))
        .arg(program)
        .args(["count", phase]);
    let output = checked(&format!("valgrind, counting {phase}"), command.output())?;
    let text = both(&output);
    collected(&text)
        .filter(|count| *count > 0)
        .ok_or_else(|| format!("callgrind told no count of {phase}:\n{}", last_lines(&text, 10)))
}

/// The number after `Collected :`.
fn collected(text: &str) -> Option<u64> {
    text.lines().find_map(|line| line.split("Collected :").nth(1)?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::{Kept, collected, compare};

    fn kept(rustc: &str, rules: u64) -> Kept {
        Kept { rustc: rustc.into(), counts: vec![("load".into(), 100), ("rules".into(), rules)] }
    }

    #[test]
    fn counts_are_read_as_they_were_written() {
        let counts = kept("1.95.0", 7);
        assert_eq!(Kept::read(&counts.written()), Ok(counts));
        assert!(Kept::read("rustc = '1'").unwrap_err().contains("no [instructions]"));
        assert_eq!(collected("==7== Events    : Ir\n==7== Collected : 3816000\n"), Some(3_816_000));
    }

    #[test]
    fn a_tenth_more_is_a_regression() {
        assert_eq!(compare(&kept("1", 1000), &kept("1", 1100)).worse, 0);
        let found = compare(&kept("1", 1000), &kept("1", 1101));
        assert_eq!((found.worse, found.enforced), (1, true));
        assert!(found.lines[1].contains("MORE THAN A TENTH OVER"), "{:?}", found.lines);
    }

    #[test]
    fn counts_of_another_compiler_are_told_and_fail_nothing() {
        let found = compare(&kept("1.94.0", 1000), &kept("1.95.0", 2000));
        assert!(!found.enforced);
        assert!(found.lines.last().unwrap().contains("are of rustc 1.94.0, this is rustc 1.95.0"));
    }
}
