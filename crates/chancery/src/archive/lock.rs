//! One writer at a time. The system frees the lock when its holder ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use crate::Error;

const FILE: &str = "lock";
/// Who only looks whether somebody writes holds the lock for a moment: it is tried so often …
const TRIES: u32 = 4;
/// … with so much time between.
const MOMENT: Duration = Duration::from_millis(25);

/// The right to write; given back when dropped.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the archive at `dir`.
    pub(super) fn take(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(FILE);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|cause| Error::io(&path, "write", cause))?;
        match patiently(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                // Who holds it is told where it can be; that it is held is certain.
                let known = file.read_to_string(&mut pid).is_ok();
                let pid = pid.trim().parse().ok().filter(|_| known);
                return Err(Error::Locked { path: dir.to_owned(), pid });
            }
            Err(TryLockError::Error(cause)) => return Err(Error::io(&path, "lock", cause)),
        }
        let sign = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            write!(file, "{}", std::process::id())
        };
        sign(&mut file).map_err(|cause| Error::io(&path, "write", cause))?;
        Ok(Self { _file: file })
    }
}

fn patiently(file: &File) -> Result<(), TryLockError> {
    for _ in 1..TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => sleep(MOMENT),
            answer => return answer,
        }
    }
    file.try_lock()
}

/// Whether somebody writes to the archive at `dir` now. Needs no right to write.
pub(super) fn is_held(dir: &Path) -> bool {
    let look = |file: File| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    File::open(dir.join(FILE)).is_ok_and(look)
}
