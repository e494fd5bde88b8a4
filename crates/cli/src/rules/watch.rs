//! Folders that are watched for changes. Looked at a few times a second: some dozen files cost nothing, and it works on
//! network drives and with editors that write a new file in place of the old, where the system's own events differ.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

const PAUSE: Duration = Duration::from_millis(200);

/// Size and time of the last change of each file.
type Look = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

pub(super) struct Watched {
    dirs: Vec<PathBuf>,
    last: Look,
}

impl Watched {
    pub(super) fn new(dirs: Vec<PathBuf>) -> Self {
        let last = look(&dirs);
        Self { dirs, last }
    }

    /// Waits until files have changed and nothing more does; their paths. `None` once `stop` is true.
    pub(super) fn next_change(&mut self, stop: &AtomicBool) -> Option<Vec<String>> {
        let mut before = self.last.clone();
        loop {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            let now = look(&self.dirs);
            if now != self.last && now == before {
                let changed = differing(&self.last, &now);
                self.last = now;
                return Some(changed);
            }
            before = now;
            thread::sleep(PAUSE);
        }
    }
}

fn differing(old: &Look, new: &Look) -> Vec<String> {
    let mut paths: Vec<&PathBuf> =
        old.keys().chain(new.keys()).filter(|path| old.get(*path) != new.get(*path)).collect();
    paths.sort();
    paths.dedup();
    paths.into_iter().map(|path| path.display().to_string()).collect()
}

fn look(dirs: &[PathBuf]) -> Look {
    let mut all = Look::new();
    dirs.iter().for_each(|dir| add(dir, &mut all));
    all
}

/// What cannot be read is not there: loading the rules tells why.
fn add(dir: &Path, all: &mut Look) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(about) = fs::metadata(&path) else { continue };
        if about.is_dir() {
            add(&path, all);
        } else if !entry.file_name().to_string_lossy().starts_with('.') {
            all.insert(path, (about.len(), about.modified().ok()));
        }
    }
}
