//! The README's commands, run as written, and their output as printed there.
//!
//! A block of the language `console` holds commands after `$ ` and, below each, what it prints; a line `…` stands
//! for any number of lines. Commands run in an empty folder inside the workspace, in the order of the page.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::shell::{Result, both, forget_cargo, last_lines, program, root, say, scratch, target, text_of};
use crate::step::Outcome;

/// One command of the page and what should be printed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Example {
    /// As typed, without the prompt.
    pub(crate) command: String,
    /// The lines below it; empty where the page shows none.
    pub(crate) output: String,
    /// Lines of the page that the output takes, from and to, counted from 0, end exclusive.
    pub(crate) lines: (usize, usize),
}

/// Runs every command but this one; compares what is printed.
pub(crate) fn run() -> Result<Outcome> {
    let page = text_of(&root().join("README.md"))?;
    let place = Place::new()?;
    let (mut passed, mut wrong) = (0, Vec::new());
    for example in examples(&page).iter().filter(|example| !itself(&example.command)) {
        say(&format!("       $ {}", example.command));
        match place.printed(&example.command) {
            Ok(printed) if same(&example.output, &printed) => passed += 1,
            Ok(printed) => wrong.push(format!(
                "README.md:{}: `{}` prints now (cargo xtask codegen writes it anew):\n{printed}",
                example.lines.0, example.command
            )),
            Err(message) => wrong.push(message),
        }
    }
    Ok(Outcome::Counted { passed, failed: wrong.len(), report: wrong.join("\n") })
}

/// The command that runs all this, which cannot run itself.
pub(crate) fn itself(command: &str) -> bool {
    command.starts_with("cargo xtask test")
}

/// An empty folder with the program on the path.
pub(crate) struct Place {
    dir: std::path::PathBuf,
    path: String,
}

impl Place {
    /// Makes the folder below `target`, where cargo still finds the workspace.
    pub(crate) fn new() -> Result<Self> {
        let built = program()?;
        let dir = scratch("readme")?;
        let bin = target().join("xtask").join("bin");
        fs::create_dir_all(&bin).map_err(|why| why.to_string())?;
        fs::copy(&built, bin.join("chancery")).map_err(|why| format!("cannot copy the program: {why}"))?;
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
        Ok(Self { dir, path })
    }

    /// What a command prints on standard output; an error where it fails.
    pub(crate) fn printed(&self, command: &str) -> Result<String> {
        // An installation is run from the root, and into a folder of its own.
        let installs = command.starts_with("cargo install");
        let dir: &Path = if installs { &root() } else { &self.dir };
        let mut shell = Command::new("sh");
        forget_cargo(&mut shell);
        let output = shell
            .args(["-c", command])
            .current_dir(dir)
            .env("PATH", &self.path)
            .env("COLUMNS", "110")
            .env("CARGO_INSTALL_ROOT", target().join("xtask").join("installed"))
            .env_remove("CHANCERY_ARCHIVE")
            .output()
            .map_err(|why| format!("cannot run sh: {why}"))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            let told = last_lines(&both(&output), 40);
            Err(format!("README.md: `{command}` failed ({})\n{told}", output.status))
        }
    }
}

/// The commands of a page.
pub(crate) fn examples(page: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut inside = false;
    for (number, line) in page.lines().enumerate() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            let lines = (number + 1, number + 1);
            found.push(Example { command: command.to_owned(), output: String::new(), lines });
        } else if let Some(last) = found.last_mut().filter(|_| inside) {
            last.output.push_str(line);
            last.output.push('\n');
            last.lines.1 = number + 1;
        }
    }
    found
}

/// Whether what is printed fits what the page shows; a page that shows nothing asks for nothing.
fn same(shown: &str, printed: &str) -> bool {
    fn fits(shown: &[&str], printed: &[&str]) -> bool {
        match (shown.split_first(), printed.split_first()) {
            (None, None) => true,
            (Some((&"…", rest)), _) => (0..=printed.len()).any(|skip| fits(rest, &printed[skip..])),
            (Some((a, shown)), Some((b, printed))) => a == b && fits(shown, printed),
            _ => false,
        }
    }
    fn lines(text: &str) -> Vec<&str> {
        text.trim_end().lines().map(str::trim_end).collect()
    }
    shown.trim().is_empty() || fits(&lines(shown), &lines(printed))
}

#[cfg(test)]
mod tests {
    use super::{examples, same};

    #[test]
    fn commands_and_their_output_are_found() {
        let page = "text\n```console\n$ a b\none\ntwo\n$ c\n```\n```sh\n$ d\n```\n";
        let found = examples(page);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].command.as_str(), found[0].output.as_str()), ("a b", "one\ntwo\n"));
        assert_eq!(found[0].lines, (3, 5));
        assert_eq!(found[1].output, "");
    }

    #[test]
    fn an_ellipsis_stands_for_any_lines() {
        assert!(same("one\n…\nfour\n", "one\ntwo\nthree\nfour\n"));
        assert!(same("one\n…\n", "one\n"));
        assert!(!same("one\n…\nfour\n", "one\ntwo\n"));
        assert!(!same("one\n", "one\ntwo\n"));
    }
}
