//! The inputs read ahead on a thread of their own, so that files are read while others are extracted, and a slow
//! pipe is answered at once: a batch is whatever has come in meanwhile.

use std::io;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::Error;
use crate::input::{Flow, Inputs, Item};

/// A batch holds at most so many items …
const BATCH_ITEMS: usize = 256;
/// … and hardly more than so many bytes.
const BATCH_BYTES: usize = 8 << 20;
/// So many bytes are read ahead before the reading waits.
const AHEAD_BYTES: usize = 16 << 20;
/// How often a wish to stop is looked for while nothing comes in.
const STOP_EVERY: Duration = Duration::from_millis(50);

/// Batches of items, read ahead.
pub(crate) struct Feed {
    items: Receiver<Item>,
    ahead: Arc<Ahead>,
    thread: Option<JoinHandle<()>>,
    stopped: bool,
}

/// How many bytes were read and not yet taken.
#[derive(Default)]
struct Ahead {
    bytes: Mutex<usize>,
    less: Condvar,
    closed: AtomicBool,
}

impl Feed {
    /// Begins to read.
    pub(crate) fn start(inputs: Inputs) -> Result<Self, Error> {
        let (send, items) = sync_channel(BATCH_ITEMS);
        let ahead = Arc::new(Ahead::default());
        let its_ahead = Arc::clone(&ahead);
        let thread = std::thread::Builder::new()
            .name("inputs".into())
            .spawn(move || inputs.each(|item| its_ahead.send(&send, item)))
            .map_err(|cause: io::Error| Error::Threads(cause.to_string()))?;
        Ok(Self { items, ahead, thread: Some(thread), stopped: false })
    }

    /// The next batch; `None` at the end, or where it `is_over`.
    pub(crate) fn next_batch(&mut self, is_over: impl Fn() -> bool) -> Option<Vec<Item>> {
        let first = loop {
            if is_over() {
                self.stopped = true;
                return None;
            }
            match self.items.recv_timeout(STOP_EVERY) {
                Ok(item) => break item,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        };
        let mut bytes = size(&first);
        self.ahead.took(bytes);
        let mut batch = vec![first];
        while batch.len() < BATCH_ITEMS && bytes < BATCH_BYTES {
            match self.items.try_recv() {
                Ok(item) => {
                    let size = size(&item);
                    self.ahead.took(size);
                    bytes += size;
                    batch.push(item);
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
        Some(batch)
    }

    /// Ends the reading. A thread that still waits for standard input is left to itself.
    pub(crate) fn finish(mut self) {
        if let Some(thread) = self.thread.take().filter(|_| !self.stopped)
            && let Err(panic) = thread.join()
        {
            resume_unwind(panic);
        }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.ahead.close();
    }
}

impl Ahead {
    fn send(&self, to: &SyncSender<Item>, item: Item) -> Flow {
        let size = size(&item);
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        while *bytes > AHEAD_BYTES && !self.closed.load(Ordering::Relaxed) {
            bytes = self.less.wait(bytes).unwrap_or_else(PoisonError::into_inner);
        }
        *bytes += size;
        drop(bytes);
        if to.send(item).is_ok() { Flow::Continue(()) } else { Flow::Break(()) }
    }

    fn took(&self, size: usize) {
        *self.bytes.lock().unwrap_or_else(PoisonError::into_inner) -= size;
        self.less.notify_one();
    }

    fn close(&self) {
        // Under the lock, so that the reading thread does not begin to wait between its look and this.
        let _bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        self.closed.store(true, Ordering::Relaxed);
        self.less.notify_one();
    }
}

fn size(item: &Item) -> usize {
    match item {
        Item::Capture(incoming) => incoming.capture.bytes.len(),
        Item::Skip(_) => 0,
    }
}
