//! Faults of chancery itself: a panic in a phase becomes a message with its place, and the work goes on.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind};

thread_local! {
    /// Where the last panic of this thread happened.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps panics from printing: they are told where they are caught, in one line with their place in the source. For a
/// program that embeds chancery, to be called once before the work; where `RUST_BACKTRACE` asks for it, the story is
/// printed as before.
pub fn tell_once() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        let place = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
        PLACE.with_borrow_mut(|last| *last = place);
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|wish| wish != "0") {
            before(info);
        }
    }));
}

/// Runs `work`; where it panics, gives the words of the panic and, after [`tell_once`], its place.
///
/// # Errors
/// Where `work` panics.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // What the work saw is given up with it: no value that it left half made is used again.
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let words = words(panic.as_ref());
        PLACE.take().map_or_else(|| words.clone(), |place| format!("{words} ({place})"))
    })
}

fn words(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    // One line, whatever an assertion says.
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_in_one_line_with_its_place() {
        assert_eq!(caught(|| 7), Ok(7));
        tell_once();
        let (line, number) = (line!() + 1, 3);
        let told = caught(|| assert!(number > 5, "no mill\n  number {number}")).unwrap_err();
        assert!(told.starts_with("no mill number 3 ("), "{told}");
        assert!(told.ends_with(&format!("bug.rs:{line})")), "{told}");
    }
}
