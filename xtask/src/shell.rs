//! Commands run in the workspace, and the one way to print.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A message for the person who runs xtask.
pub(crate) type Result<T> = std::result::Result<T, String>;

/// Prints a line; a closed pipe is nobody's fault.
pub(crate) fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("xtask is a folder of the workspace").to_path_buf()
}

/// A folder for what a step writes, below `target`, made empty.
pub(crate) fn scratch(name: &str) -> Result<PathBuf> {
    let dir = target().join("xtask").join(name);
    if dir.exists() {
        fs::remove_dir_all(&dir).map_err(|why| format!("cannot empty {}: {why}", dir.display()))?;
    }
    fs::create_dir_all(&dir).map_err(|why| format!("cannot make {}: {why}", dir.display()))?;
    Ok(dir)
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The release program, built if need be.
pub(crate) fn program() -> Result<PathBuf> {
    let built = cargo(&["build", "--release", "--package", "chancery-cli"]).output();
    checked("cargo build --release", built)?;
    Ok(target().join("release").join("chancery"))
}

/// A cargo command in the root of the workspace.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(root()).stdin(Stdio::null());
    forget_cargo(&mut command);
    command
}

/// Takes out what cargo told this program of itself: build scripts ask for it, so that another cargo would build anew
/// what the user's own has built.
pub(crate) fn forget_cargo(command: &mut Command) {
    let told = |name: &str| {
        name.starts_with("CARGO_PKG_")
            || name.starts_with("CARGO_MANIFEST_")
            || name == "CARGO_PRIMARY_PACKAGE"
    };
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(told)) {
        command.env_remove(name);
    }
}

/// The output of a command that must succeed.
pub(crate) fn checked(name: &str, output: io::Result<Output>) -> Result<Output> {
    let output = output.map_err(|why| format!("cannot run {name}: {why}"))?;
    if output.status.success() {
        Ok(output)
    } else {
        Err(format!("{name} failed ({})\n{}", output.status, last_lines(&both(&output), 120)))
    }
}

/// What a command wrote, standard output first.
pub(crate) fn both(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The last `count` lines of a text, none of them endless.
pub(crate) fn last_lines(text: &str, count: usize) -> String {
    const LONGEST: usize = 400;
    let lines: Vec<String> = text.lines().map(|line| line.chars().take(LONGEST).collect()).collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// The text of a file of the workspace.
pub(crate) fn text_of(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|why| format!("cannot read {}: {why}", path.display()))
}

/// All files below a folder of the workspace whose name ends so, in byte order; a missing folder has none.
pub(crate) fn files(dir: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            let built = path == target() || name == ".git" || path.join("archive.toml").exists();
            if path.is_dir() {
                if !built {
                    open.push(path);
                }
            } else if ends.iter().any(|end| name.ends_with(end)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The path as the user writes it: relative to the root.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Hands on every release of a file of JSON lines, packed or not.
pub(crate) fn each_release(path: &Path, take: &mut impl FnMut(Value)) -> Result<()> {
    let file = File::open(path).map_err(|why| format!("cannot read {}: {why}", path.display()))?;
    let bytes: Box<dyn Read> = if path.extension().is_some_and(|end| end == "zst") {
        Box::new(zstd::Decoder::new(file).map_err(|why| format!("{}: {why}", path.display()))?)
    } else {
        Box::new(file)
    };
    for (number, line) in BufReader::new(bytes).lines().enumerate() {
        let wrong = |why: String| format!("{}:{}: {why}", path.display(), number + 1);
        let line = line.map_err(|why| wrong(why.to_string()))?;
        take(serde_json::from_str(&line).map_err(|why| wrong(why.to_string()))?);
    }
    Ok(())
}
