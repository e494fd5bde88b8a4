//! What only a terminal sees: harmless text, colours, a bar.

use std::path::Path;

use crate::kit::{Place, Ran, pier, program};

/// Runs the program on a terminal of its own; what it prints on either stream comes back in `out`.
fn on_terminal(place: &Place, args: &str) -> Option<Ran> {
    if !Path::new("/usr/bin/script").exists() {
        crate::kit::skipped("`script` is not installed, so no test has a terminal");
        return None;
    }
    let command = format!("{} {args}", program().display());
    let mut script = place.other("/usr/bin/script");
    script.args(["-qec", &command, "/dev/null"]).env("TERM", "xterm-256color");
    Some(script.output().unwrap().into())
}

#[test]
fn control_characters_of_a_page_are_written_out() {
    let place = Place::new();
    place.write("gate.txt", "The gate is \u{1b}[2Jclosed at \u{202e}night, the ministry writes.");
    place.well(&["ingest", "--lang", "en", "gate.txt"]);
    // Through a pipe it may come to a terminal too.
    let piped = place.well(&["show", "gate", "--plain"]);
    assert!(piped.out.contains("The gate is \\u{1b}[2Jclosed at \\u{202e}night"), "{piped:#?}");
    let Some(ran) = on_terminal(&place, "show gate --plain") else { return };
    assert!(ran.out.contains("The gate is \\u{1b}[2Jclosed at \\u{202e}night"), "{ran:#?}");
    assert!(!ran.out.contains("\u{1b}[2J"), "{ran:#?}");
}

#[test]
fn a_terminal_gets_colours_unless_it_does_not_want_them() {
    let place = Place::new();
    place.write("pier.html", pier());
    place.well(&["ingest", "pier.html"]);
    let Some(ran) = on_terminal(&place, "search pier --kind release") else { return };
    assert!(ran.out.contains("\u{1b}["), "{ran:#?}");
    let plain = on_terminal(&place, "search pier --kind release --color never").unwrap();
    assert!(!plain.out.contains("\u{1b}["), "{plain:#?}");
}

#[test]
fn a_bar_is_drawn_on_a_terminal_only() {
    let place = Place::new();
    for number in 0..200 {
        place.write(&format!("pages/{number}.html"), pier().replace("Skarvik", &format!("Skarvik {number}")));
    }
    let quiet = place.well(&["ingest", "--archive", "quiet", "pages"]);
    assert!(quiet.err.is_empty(), "{quiet:#?}");
    let Some(ran) = on_terminal(&place, "ingest --archive press pages") else { return };
    assert!(ran.out.contains("reading releases"), "{ran:#?}");
    assert!(ran.out.contains("200 new"), "{ran:#?}");
}

#[test]
fn completions_end_quietly_where_nobody_reads_on_and_are_told_where_the_disk_is_full() {
    let place = Place::new();
    let head =
        place.other("sh").args(["-c", "\"$0\" completions bash | head -1"]).arg(program()).output().unwrap();
    let ran = Ran::from(head);
    assert!(ran.err.is_empty() && ran.out.lines().count() == 1, "{ran:#?}");
    if std::path::Path::new("/dev/full").exists() {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let ran: Ran = place.command(&["completions", "zsh"]).stdout(full).output().unwrap().into();
        ran.told(1, &["cannot write the output"]);
    }
}
