//! The members of a tar, in their order on the tape.

use std::io::{self, Read};

use super::kind::{self, Holds};
use super::{Flow, Name, Place, Run, Skip, SkipReason};

/// Hands over what the tar holds. A damaged tar gives what stands before the damage.
pub(super) fn each(run: &mut Run<'_>, tape: impl Read, name: &Name<'_>) -> Flow {
    let mut tape = tar::Archive::new(tape);
    let entries = match tape.entries() {
        Ok(entries) => entries,
        Err(cause) => return run.error(Place::of(name.shown), SkipReason::Damaged(cause.to_string())),
    };
    let mut is_empty = true;
    for entry in entries {
        is_empty = false;
        let entry = match entry {
            Ok(entry) => entry,
            Err(cause) => return run.error(Place::of(name.shown), SkipReason::Damaged(cause.to_string())),
        };
        if entry.header().entry_type().is_file() {
            member(run, entry, name)?;
        }
    }
    if is_empty {
        return run.error(Place::of(name.shown), SkipReason::Empty);
    }
    Flow::Continue(())
}

fn member(run: &mut Run<'_>, entry: tar::Entry<'_, impl Read>, tape: &Name<'_>) -> Flow {
    let relative = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    let relative = relative.trim_start_matches("./");
    let shown = format!("{}, {relative}", tape.shown);
    let place = Place { offset: Some(entry.raw_header_position()), ..Place::of(shown.as_str()) };
    if relative.rsplit('/').next().is_some_and(|name| name.starts_with('.')) {
        return Flow::Continue(());
    }
    let known =
        kind::of_name(relative).filter(|(_, kind)| matches!(kind.holds, Holds::Page(_) | Holds::Lines));
    let Some((stem, kind)) = known else {
        return run.skip(Skip { place, reason: SkipReason::OtherKind, is_error: false });
    };
    let identity =
        if tape.identity.is_empty() { stem.to_owned() } else { format!("{}/{stem}", tape.identity) };
    let name = Name { shown: &shown, identity: &identity };
    let left = entry.size();
    let entry = Whole { inner: entry, left };
    match kind.holds {
        Holds::Page(media) => match kind.packing.open(entry) {
            Ok(open) => run.page(open, media, &name, place),
            Err(cause) => run.error(place, SkipReason::Damaged(cause.to_string())),
        },
        _ => run.packed(entry, kind, &name),
    }
}

/// A member that must be as long as its header says: a tar that was cut off would else give a cut page.
struct Whole<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.left = self.left.saturating_sub(n as u64);
        if n == 0 && self.left > 0 && !buf.is_empty() {
            let message = format!("the tar ends {} bytes before the end of this member", self.left);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
        }
        Ok(n)
    }
}
