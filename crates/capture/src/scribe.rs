//! Who writes the WARC files, beside the crawl: packing costs more than all else that a page needs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use chancery_warc::{RollError, Rolling, WarcRecord};

use crate::CaptureError;

/// How far each file is written that was written to since the last answer, in bytes.
type Ends = BTreeMap<String, u64>;

/// What is to be done, in order.
enum Order {
    /// Write records that belong together; with the time that a new file would name.
    Write(Vec<WarcRecord>, String),
    /// Answer when all that came before is written; `durable`: when it is on the disk.
    Tell { durable: bool, to: SyncSender<Result<Ends, RollError>> },
}

/// The one who writes. What was handed over is written in its order; after an error nothing more is, and the next call tells.
pub(crate) struct Scribe {
    orders: Option<SyncSender<Order>>,
    thread: Option<JoinHandle<()>>,
    has_failed: Arc<AtomicBool>,
    ends: Ends,
}

impl Scribe {
    /// Hands the files over to a thread of their own.
    pub(crate) fn start(rolling: Rolling) -> Result<Self, CaptureError> {
        // Nothing waits in between: after a kill at most one page more is fetched again, and memory stays bounded.
        let (orders, work) = sync_channel(0);
        let has_failed = Arc::new(AtomicBool::new(false));
        let fails = has_failed.clone();
        let thread = Builder::new().name("scribe".to_owned()).spawn(move || write(rolling, &work, &fails));
        let thread = thread.map_err(CaptureError::Thread)?;
        Ok(Self { orders: Some(orders), thread: Some(thread), has_failed, ends: Ends::new() })
    }

    /// Hands over records that belong together, `now` being the time that a new file would name.
    ///
    /// # Errors
    /// Where the disk refused records that were handed over before.
    pub(crate) fn append(&mut self, records: Vec<WarcRecord>, now: String) -> Result<(), CaptureError> {
        self.order(Order::Write(records, now));
        if self.has_failed.load(Ordering::Acquire) {
            self.ask(false)?;
        }
        Ok(())
    }

    /// Waits until all is on the disk. Returns how far each file is written that was written to since the last time.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub(crate) fn sync(&mut self) -> Result<Ends, CaptureError> {
        self.ask(true)?;
        Ok(std::mem::take(&mut self.ends))
    }

    fn ask(&mut self, durable: bool) -> Result<(), CaptureError> {
        let (to, answer) = sync_channel(1);
        self.order(Order::Tell { durable, to });
        match answer.recv() {
            Ok(told) => self.ends.append(&mut told?),
            Err(_) => self.end(),
        }
        Ok(())
    }

    fn order(&mut self, order: Order) {
        let is_there = self.orders.as_ref().is_some_and(|orders| orders.send(order).is_ok());
        if !is_there {
            self.end();
        }
    }

    /// Lets the thread end; hands on what it panicked with.
    fn end(&mut self) {
        self.orders = None;
        if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join) {
            std::panic::resume_unwind(panic);
        }
    }
}

impl Drop for Scribe {
    fn drop(&mut self) {
        self.orders = None;
        // Whoever crawls into the folder next is to find files that nobody writes to; a panic was told, or another one is on its way.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn write(mut rolling: Rolling, work: &Receiver<Order>, has_failed: &AtomicBool) {
    let (mut ends, mut failed) = (Ends::new(), None);
    for order in work {
        match order {
            Order::Write(records, now) if failed.is_none() => match rolling.append(&records, &now) {
                Ok(written) => ends.extend(written.into_iter().map(|at| (at.file, at.offset + at.length))),
                Err(cause) => {
                    failed = Some(cause);
                    has_failed.store(true, Ordering::Release);
                }
            },
            Order::Write(..) => {}
            Order::Tell { durable, to } => {
                let synced = match failed.take() {
                    Some(cause) => Err(cause),
                    None if durable => rolling.sync().map(drop),
                    None => Ok(()),
                };
                // Who asked waits for the answer.
                let _ = to.send(synced.map(|()| std::mem::take(&mut ends)));
            }
        }
    }
}
