//! Bytes of answers at hand, over all hosts at once: fifty hosts that send their largest at the same time are not to fill the
//! memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// What each answer may have without asking, in bytes: most pages are smaller.
const FREE: u64 = 256 << 10;

/// All answers at hand.
#[derive(Clone, Debug)]
pub(crate) struct Flight(Arc<Mutex<Answers>>);

#[derive(Debug)]
struct Answers {
    /// Beyond what each has free they may have so much together, in bytes; the eldest of them more.
    limit: u64,
    /// By age.
    all: BTreeMap<u64, Answer>,
    next: u64,
    /// Bytes of all, and the most that they ever were.
    sum: u64,
    most: u64,
}

/// One answer.
#[derive(Debug, Default)]
struct Answer {
    bytes: u64,
    /// Nothing more of it is read: it waits to be kept.
    is_whole: bool,
    /// Who is to be woken when there is room.
    waker: Option<Waker>,
}

impl Answers {
    /// The eldest that is large and still read: all others wait for it where there is no room.
    fn eldest(&self) -> Option<u64> {
        let mut reading = self.all.iter().filter(|(_, answer)| answer.bytes > FREE && !answer.is_whole);
        reading.next().map(|(age, _)| *age)
    }

    fn wakers(&mut self) -> Vec<Waker> {
        self.all.values_mut().filter_map(|answer| answer.waker.take()).collect()
    }
}

/// The bytes of one answer; given back when dropped.
#[derive(Debug)]
pub(crate) struct Share {
    flight: Flight,
    age: u64,
}

impl Flight {
    pub(crate) fn new(limit: u64) -> Self {
        Self(Arc::new(Mutex::new(Answers { limit, all: BTreeMap::new(), next: 0, sum: 0, most: 0 })))
    }

    fn lock(&self) -> MutexGuard<'_, Answers> {
        // A panic elsewhere leaves numbers, which are what they are.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_limit(&self, limit: u64) {
        self.lock().limit = limit;
    }

    /// The most bytes that there ever were at once.
    pub(crate) fn most(&self) -> u64 {
        self.lock().most
    }

    /// Begins an answer.
    pub(crate) fn begin(&self) -> Share {
        let mut answers = self.lock();
        let age = answers.next;
        answers.next += 1;
        answers.all.insert(age, Answer::default());
        Share { flight: self.clone(), age }
    }
}

impl Share {
    /// Waits until so many bytes more may be read: not for ever, since the eldest answer always may, up to its own limit.
    pub(crate) fn poll_room(&self, more: u64, cx: &Context<'_>) -> Poll<()> {
        let mut answers = self.flight.lock();
        let beyond: u64 = answers.all.values().map(|answer| answer.bytes.saturating_sub(FREE)).sum();
        let eldest = answers.eldest();
        let limit = answers.limit;
        let Some(answer) = answers.all.get_mut(&self.age) else { return Poll::Ready(()) };
        let is_free = answer.bytes + more <= FREE || beyond + more <= limit;
        if is_free || eldest.is_none_or(|eldest| eldest >= self.age) {
            answer.waker = None;
            return Poll::Ready(());
        }
        answer.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    /// Whether it has more than it may have without asking.
    pub(crate) fn is_large(&self) -> bool {
        self.flight.lock().all.get(&self.age).is_some_and(|answer| answer.bytes > FREE)
    }

    /// Whether others wait until this one is read.
    pub(crate) fn is_awaited(&self) -> bool {
        let answers = self.flight.lock();
        answers.eldest() == Some(self.age) && answers.all.values().any(|answer| answer.waker.is_some())
    }

    /// All of it was read: another one is the eldest now.
    pub(crate) fn end(&self) {
        let mut answers = self.flight.lock();
        if let Some(answer) = answers.all.get_mut(&self.age) {
            answer.is_whole = true;
        }
        let wakers = answers.wakers();
        drop(answers);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// So many bytes more were read.
    pub(crate) fn add(&self, more: u64) {
        let mut answers = self.flight.lock();
        if let Some(answer) = answers.all.get_mut(&self.age) {
            answer.bytes += more;
            answers.sum += more;
            answers.most = answers.most.max(answers.sum);
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut answers = self.flight.lock();
        let bytes = answers.all.remove(&self.age).map_or(0, |answer| answer.bytes);
        answers.sum = answers.sum.saturating_sub(bytes);
        let wakers = answers.wakers();
        drop(answers);
        wakers.into_iter().for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eldest_goes_on_and_the_others_wait_for_room() {
        let flight = Flight::new(100);
        let cx = Context::from_waker(Waker::noop());
        let may = |share: &Share, more| share.poll_room(more, &cx).is_ready();
        let (old, young) = (flight.begin(), flight.begin());
        for share in [&old, &young] {
            assert!(may(share, FREE));
            share.add(FREE);
        }
        assert!(may(&young, 60));
        young.add(60);
        assert!(may(&old, 40));
        old.add(90);
        assert!(!old.is_awaited());
        assert!(!may(&young, 10), "there is no room, and an elder one is at work");
        assert!(old.is_awaited() && !young.is_awaited());
        assert!(may(&old, 1000), "somebody always goes on");
        old.end();
        assert!(may(&young, 10), "one that is whole is waited for by nobody");
        drop(old);
        drop(young);
        assert_eq!(flight.most(), 2 * FREE + 150);
        assert_eq!(flight.lock().sum, 0);
    }
}
