//! `trafilatura`, where it is installed: a process of its own each round, so that it keeps no answers.

use std::cell::Cell;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::pages::Pages;
use crate::Result;

const SCRIPT: &str = include_str!("trafilatura.py");
const FILE: &str = "pages.ndjson";

/// The peer and the pages that it reads.
pub(super) struct Peer {
    /// Its name and version.
    pub(super) name: String,
    /// Pages for which it gave a text, in the last round.
    pub(super) texts: Cell<u64>,
    dir: TempDir,
}

impl Peer {
    /// The peer, if `python3` has it.
    pub(super) fn find(pages: &Pages) -> Result<Option<Self>> {
        let version = ["-c", "import trafilatura; print(trafilatura.__version__)"];
        let said = Command::new("python3").args(version).output();
        let Some(said) = said.ok().filter(|said| said.status.success()) else { return Ok(None) };
        let dir = tempfile::tempdir()?;
        pages.write(&dir.path().join(FILE))?;
        let name = format!("trafilatura {}", String::from_utf8_lossy(&said.stdout).trim());
        Ok(Some(Self { name, texts: Cell::new(0), dir }))
    }

    /// Seconds of its calls over all pages.
    pub(super) fn seconds(&self) -> Result<f64> {
        let said = Command::new("python3").args(["-c", SCRIPT]).arg(self.dir.path().join(FILE)).output()?;
        if !said.status.success() {
            let why = String::from_utf8_lossy(&said.stderr);
            return Err(format!("trafilatura failed: {}", why.lines().last().unwrap_or_default()).into());
        }
        let told: Value = serde_json::from_slice(&said.stdout)?;
        self.texts.set(told.get("texts").and_then(Value::as_u64).unwrap_or(0));
        Ok(told.get("seconds").and_then(Value::as_f64).ok_or("trafilatura told no time")?)
    }
}
