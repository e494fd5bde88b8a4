//! What was taken out of an archive and brought back, by whom, when and why: `decisions/removals.toml`, only ever added to.
//!
//! Nothing is deleted: captures and records of a removed release stay where they are, and it can be shown. It is not
//! searched, listed or counted, whatever version of it comes in, until it is brought back.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ingest::time;
use super::state::State;
use super::{Archive, Writer, format};
use crate::Error;
use crate::progress::Progress;
use crate::sources::line_and_column;

/// The folder of what people decided.
const FOLDER: &str = "decisions";
const FILE: &str = "removals.toml";
const HEAD: &str = "# What was taken out of this archive, and what was brought back. `chancery remove` adds to it; nothing is ever\n\
    # changed or deleted here.\n";

/// What became of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// It was taken out.
    Removed,
    /// It was brought back.
    Restored,
}

/// That a release was taken out or brought back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Which of the two.
    pub act: Act,
    /// Identity of the release.
    pub release: String,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Who decided it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why; always known of what was taken out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Who decides, why and when.
#[derive(Clone, Debug, Default)]
pub struct Grounds {
    /// Who.
    pub by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When; `None` takes the clock's time.
    pub now: Option<Timestamp>,
}

#[derive(Default, Serialize, Deserialize)]
struct Decisions {
    #[serde(default)]
    decision: Vec<toml::Spanned<Decision>>,
}

pub(super) fn path(dir: &Path) -> PathBuf {
    dir.join(FOLDER).join(FILE)
}

/// All decisions, in the order in which they were made.
pub(super) fn read(dir: &Path) -> Result<Vec<Decision>, Error> {
    let path = path(dir);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(Error::io(&path, "read", cause)),
    };
    let wrong = |at: usize, message: &str| {
        let (line, column) = line_and_column(&text, at);
        Error::Decisions { path: path.clone(), line, column, message: message.to_owned() }
    };
    let read: Decisions = toml::from_str(&text)
        .map_err(|cause| wrong(cause.span().map_or(0, |span| span.start), cause.message()))?;
    let mut decisions = Vec::with_capacity(read.decision.len());
    for decision in read.decision {
        let at = decision.span().start;
        let decision = decision.into_inner();
        if decision.act == Act::Removed && decision.reason.as_ref().is_none_or(|why| why.trim().is_empty()) {
            return Err(wrong(at, "a removal needs a `reason`"));
        }
        if decision.at.parse::<Timestamp>().is_err() {
            return Err(wrong(at, "`at` is no time such as 2026-11-26T09:00:00Z"));
        }
        decisions.push(decision);
    }
    Ok(decisions)
}

/// What is out now: of each release the last decision, where that took it out.
pub(super) fn in_force(decisions: Vec<Decision>) -> BTreeMap<String, Decision> {
    let mut last: BTreeMap<String, Decision> =
        decisions.into_iter().map(|decision| (decision.release.clone(), decision)).collect();
    last.retain(|_, decision| decision.act == Act::Removed);
    last
}

/// Takes into the state what the file says, and what it says no more.
pub(super) fn take_in(dir: &Path, state: &State) -> Result<(), Error> {
    let wanted = in_force(read(dir)?);
    let known: BTreeMap<String, Decision> =
        state.removals()?.into_iter().map(|removal| (removal.release.clone(), removal)).collect();
    for removal in wanted.values().filter(|removal| known.get(&removal.release) != Some(removal)) {
        state.set_removal(removal)?;
    }
    for release in known.keys().filter(|release| !wanted.contains_key(*release)) {
        state.take_back(release)?;
    }
    Ok(())
}

fn add(dir: &Path, decisions: &[Decision]) -> Result<(), Error> {
    let path = path(dir);
    let folder = dir.join(FOLDER);
    fs::create_dir_all(&folder).map_err(|cause| Error::io(&folder, "create", cause))?;
    let mut text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => HEAD.to_owned(),
        Err(cause) => return Err(Error::io(&path, "read", cause)),
    };
    for decision in decisions {
        let table = toml::to_string(decision).expect("a decision holds only strings");
        text += &format!("\n[[decision]]\n{table}");
    }
    format::write_whole(&path, text.as_bytes())
}

impl Archive {
    /// All that was taken out and brought back, in the order in which it was decided.
    ///
    /// # Errors
    /// Where the file of decisions cannot be read.
    pub fn decisions(&self) -> Result<Vec<Decision>, Error> {
        read(&self.dir)
    }

    /// Why a release, by its exact id, is not searched; `None` where it is.
    ///
    /// # Errors
    /// Where the state cannot be read.
    pub fn removal(&self, id: &str) -> Result<Option<Decision>, Error> {
        self.state.removal(id)
    }
}

impl Writer {
    /// Takes releases, by their exact ids, out of what is searched, listed and counted. All or none: what was decided is on
    /// the disk before anything else is done, and a run that is cut off is completed by the next one that writes.
    ///
    /// # Errors
    /// [`Error::Removed`] where one is out already, [`Error::NotFound`] where there is none; or the disk refuses.
    pub fn remove(self, ids: &[String], grounds: &Grounds, progress: &dyn Progress) -> Result<(), Error> {
        for id in ids {
            if let Some(removal) = self.state.removal(id)? {
                return Err(Error::Removed { removal: Box::new(removal) });
            }
        }
        self.decide(Act::Removed, ids, grounds, progress)
    }

    /// Brings releases back that were taken out, as their newest versions are.
    ///
    /// # Errors
    /// [`Error::NotRemoved`] where one is not out; otherwise as for [`Writer::remove`].
    pub fn restore(self, ids: &[String], grounds: &Grounds, progress: &dyn Progress) -> Result<(), Error> {
        for id in ids {
            if self.state.removal(id)?.is_none() {
                return Err(Error::NotRemoved { release: id.clone() });
            }
        }
        self.decide(Act::Restored, ids, grounds, progress)
    }

    fn decide(
        mut self,
        act: Act,
        ids: &[String],
        grounds: &Grounds,
        progress: &dyn Progress,
    ) -> Result<(), Error> {
        self.tell_notes(progress);
        self.index_rest(progress)?;
        for id in ids {
            if self.state.current_place(id)?.is_none() {
                return Err(Error::NotFound { reference: id.clone(), suggestions: Vec::new() });
            }
        }
        let at = time(grounds.now);
        let decision = |id: &String| Decision {
            act,
            release: id.clone(),
            at: at.clone(),
            by: grounds.by.clone(),
            reason: grounds.reason.clone(),
        };
        add(&self.dir, &ids.iter().map(decision).collect::<Vec<_>>())?;
        self.state.begin()?;
        take_in(&self.dir, &self.state)?;
        self.state.commit()?;
        self.follow_state(progress)?;
        self.close()
    }
}
