//! PDF documents to pages of HTML, each in a process of its own: what a hostile PDF does to the crate that reads it (hang,
//! take all memory, end the process) it does there. See `docs/decisions/0006`.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::bug;
use crate::input::MAX_PAGE;

/// The process may work for so many seconds; [`answer`]'s caller sets the limit, where the system has one.
pub const SECONDS: u64 = 20;
/// The process may have so much memory, in bytes: 2 GB, of which allocators set aside a part. [`answer`]'s caller sets the limit, where the system has one.
pub const MEMORY: u64 = 2 << 30;
/// So long the answer is waited for: longer than it may work, since the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program that answers, and what it is called with.
static READER: OnceLock<(PathBuf, &'static str)> = OnceLock::new();

/// Names the program that reads PDF for this one: called with `argument`, it calls [`answer`] and ends. It is the program
/// itself, mostly. The first call counts.
pub fn read_by(program: PathBuf, argument: &'static str) {
    // A second name for the same process changes nothing.
    let _ = READER.set((program, argument));
}

/// What the process does: reads a PDF from `input` and writes the page to `output`.
///
/// # Errors
/// Why there is no page, in the words that the user reads.
pub fn answer(mut input: impl Read, mut output: impl Write) -> Result<(), String> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(|cause| cause.to_string())?;
    let page = bug::caught(|| chancery_pdf::page(&bytes));
    let page = page.map_err(|words| format!("the PDF is damaged: {words}; save it again"))?;
    let page = page.map_err(|cause| cause.to_string())?;
    output.write_all(page.as_bytes()).and_then(|()| output.flush()).map_err(|cause| cause.to_string())
}

/// The page of a PDF.
pub(crate) fn page(bytes: &[u8]) -> Result<String, String> {
    let Some((program, argument)) = READER.get() else {
        return Err("the PDF was not read, since this program names none that reads PDF".to_owned());
    };
    let mut command = Command::new(program);
    command.arg(argument).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // The limit of memory counts what is used, not what the allocator sets aside at its start.
    command.env("MIMALLOC_ARENA_EAGER_COMMIT", "0");
    apart(&mut command);
    let spawned = command.spawn();
    let mut child =
        spawned.map_err(|cause| format!("the PDF was not read, since no process can be started: {cause}"))?;
    let (input, output, error) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (done, watch) = watch(child);
    if let Some(mut input) = input {
        // A process that ends before it has read all says why itself.
        let _ = input.write_all(bytes);
    }
    let (page, told) = (text(output), text(error));
    // The watch waits for this, or has ended.
    let _ = done.send(());
    let Ok((status, late)) = watch.join() else {
        return Err("the PDF was not read: waiting for its reader failed".to_owned());
    };
    let told = told.lines().next().unwrap_or_default();
    match status {
        _ if late => Err(format!("the PDF took more than {} seconds; save it again", PATIENCE.as_secs())),
        Ok(status) if status.success() => Ok(page),
        Ok(status) if status.code() == Some(1) && !told.is_empty() => Err(told.to_owned()),
        Ok(status) => Err(format!(
            "the PDF took more than {SECONDS} seconds or {} MB of memory, or is damaged ({status}); save it again",
            MEMORY >> 20
        )),
        Err(cause) => Err(format!("the PDF was not read: {cause}")),
    }
}

/// Ctrl-C ends the program, not the reading of a PDF, whose page would count as unreadable.
#[cfg(unix)]
fn apart(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

/// Other systems have no groups.
#[cfg(not(unix))]
fn apart(_command: &mut Command) {}

/// Waits for a process, and ends it where it takes too long: how it ended, and whether it was too late.
fn watch(mut child: Child) -> (Sender<()>, JoinHandle<(io::Result<ExitStatus>, bool)>) {
    let (done, ended) = channel();
    let watch = thread::spawn(move || {
        let late = ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout);
        if late {
            // It may have ended by itself meanwhile.
            let _ = child.kill();
        }
        (child.wait(), late)
    });
    (done, watch)
}

/// What a pipe says, as far as it is read.
fn text(pipe: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        // What a process that failed did not write is missed by nobody.
        let _ = pipe.take(MAX_PAGE).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
