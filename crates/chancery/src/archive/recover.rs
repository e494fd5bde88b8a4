//! What lies on the disk is taken into the state: the end of a run that was cut off, or everything, where the state
//! is missing, damaged or does not fit the files.

use std::path::Path;

use chancery_record::Record;

use super::captures::{self, Captures, Found};
use super::lock::Lock;
use super::removals;
use super::segments::{self, Place, Segments};
use super::state::State;
use crate::Error;

/// Where the next capture and record are to be written.
#[derive(Debug, Default)]
pub(super) struct Ends {
    /// The last file of captures and the bytes of its whole records; `None` where a new one is to be begun after
    /// [`Ends::after_capture_file`].
    pub(super) captures: Option<(String, u64)>,
    /// The last file of captures where it must not be written on: it ends in damage that may be no torn end.
    pub(super) after_capture_file: Option<String>,
    /// The last segment and the bytes of its whole frames.
    pub(super) records: Option<(String, u64)>,
    /// What a user should know.
    pub(super) notes: Vec<String>,
}

/// Whether every file is still as long as the state knows it.
pub(super) fn fits(dir: &Path, state: &State) -> Result<bool, Error> {
    for folder in [captures::FOLDER, segments::FOLDER] {
        for (name, bytes) in state.files(folder)? {
            let length = std::fs::metadata(dir.join(folder).join(name)).map_or(0, |meta| meta.len());
            if length < bytes {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Takes in what the state does not know yet of decisions, captures and records. Writes to the state alone.
pub(super) fn take_in(dir: &Path, state: &State) -> Result<Ends, Error> {
    let mut ends = Ends::default();
    state.begin()?;
    removals::take_in(dir, state)?;
    take_captures(&Captures::new(dir)?, state, &mut ends)?;
    take_records(&Segments::new(dir), state, &mut ends)?;
    state.commit()?;
    Ok(ends)
}

fn take_captures(files: &Captures, state: &State, ends: &mut Ends) -> Result<(), Error> {
    let known = state.files(captures::FOLDER)?;
    for name in files.names()? {
        let committed = known.iter().find(|(file, _)| *file == name).map(|(_, bytes)| *bytes);
        let length = length(&files.path(&name));
        let from = committed.unwrap_or_default();
        let (mut end, mut damage) = (from, None);
        if length > from {
            (end, damage) = files.scan(&name, from, |found| add_capture(state, &found))?;
        }
        (ends.captures, ends.after_capture_file) = (Some((name.clone(), end)), None);
        if let Some(damage) = damage {
            ends.notes.push(format!("{}: {damage}; passed over", files.path(&name).display()));
            // Behind what was committed only a torn end can stand. Where nobody knows what was committed, the damage
            // may be an old capture's: nothing is cut off.
            if committed.is_none() && end < length {
                (ends.captures, ends.after_capture_file) = (None, Some(name.clone()));
                end = length;
            }
        }
        state.set_file(captures::FOLDER, &name, end)?;
    }
    Ok(())
}

fn add_capture(state: &State, found: &Found) -> Result<(), Error> {
    if state.capture_at(&found.place)?.is_none() {
        state.add_capture(&found.row, &found.print, &found.place, found.note.as_ref())?;
    }
    Ok(())
}

fn take_records(files: &Segments, state: &State, ends: &mut Ends) -> Result<(), Error> {
    let known = state.files(segments::FOLDER)?;
    let mut seq = state.last_seq()?;
    for name in files.names()? {
        let from = known.iter().find(|(file, _)| *file == name).map_or(0, |(_, bytes)| *bytes);
        let mut end = from;
        if length(&files.path(&name)) > from {
            let add = |place: &Place, record: Record| {
                seq += 1;
                add_record(state, seq, place, &record)
            };
            let damage;
            (end, damage) = files.scan(&name, from, add)?;
            if let Some(damage) = damage {
                let path = files.path(&name);
                ends.notes.push(format!(
                    "{}, at byte {end}: {damage}; records from there on are made again from their captures",
                    path.display()
                ));
            }
        }
        state.set_file(segments::FOLDER, &name, end)?;
        if let Some((earlier, _)) = ends.records.replace((name, end)) {
            // An earlier segment is written on no more: what is damaged in it is looked at once.
            state.set_file(segments::FOLDER, &earlier, length(&files.path(&earlier)))?;
        }
    }
    Ok(())
}

fn add_record(state: &State, seq: u64, place: &Place, record: &Record) -> Result<(), Error> {
    let capture = match &record.release.warc {
        Some(warc) => state.capture_at(warc)?,
        None => None,
    };
    // A record whose capture is gone stands for nothing: it is not the archive's any more.
    capture.map_or(Ok(()), |capture| state.add_record(capture, seq, place, record))
}

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |meta| meta.len())
}

/// The state for a reader who found none that can be read: made again on disk where the archive may be written and
/// nobody writes to it, else in memory.
pub(super) fn state_for_reading(dir: &Path) -> Result<State, Error> {
    if let Ok(_lock) = Lock::take(dir)
        && let Ok(state) = State::create(dir)
        && take_in(dir, &state).is_ok()
    {
        return Ok(state);
    }
    let state = State::in_memory(dir)?;
    take_in(dir, &state)?;
    Ok(state)
}
