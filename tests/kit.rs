//! A folder of its own for each test, the program run in it, and a few pages to feed it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// An empty folder that is gone after the test.
pub(crate) struct Place {
    dir: TempDir,
}

/// What a run left: exit code, standard output, standard error.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { dir: TempDir::new().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file, and the folders it lies in.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program, in this folder, knowing nothing of the user's own settings.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.other(program());
        command.args(args);
        command
    }

    /// Any program, in this folder.
    pub(crate) fn other(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(self.dir.path()).stdin(Stdio::null());
        for name in ["CHANCERY_ARCHIVE", "COLUMNS", "NO_COLOR", "CLICOLOR_FORCE", "XDG_STATE_HOME"] {
            command.env_remove(name);
        }
        command.env("HOME", self.dir.path());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.command(args).output().unwrap().into()
    }

    /// Runs the program with something on its standard input.
    pub(crate) fn feed(&self, args: &[&str], input: impl AsRef<[u8]>) -> Ran {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_ref()).unwrap();
        drop(stdin);
        child.wait_with_output().unwrap().into()
    }

    /// Runs the program, which must say that all is well.
    pub(crate) fn well(&self, args: &[&str]) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(0), "chancery {} says: {ran:#?}", args.join(" "));
        ran
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Ran {
    /// The exit code is this, and the message holds all these words.
    #[track_caller]
    pub(crate) fn told(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:#?}");
        for word in words {
            assert!(self.err.contains(word), "the message does not say `{word}`: {self:#?}");
        }
        assert!(!self.err.contains("panicked"), "{self:#?}");
    }

    /// Records, one a line.
    pub(crate) fn records(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// The program as cargo built it for the tests.
pub(crate) fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_chancery"))
}

/// Says that a test could not run here, past the harness, which keeps to itself what passing tests print.
pub(crate) fn skipped(why: &str) {
    said(&format!("skipped: {why}"));
}

/// Tells whoever runs the tests something, past the harness.
pub(crate) fn said(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// A page as a ministry has it: navigation, headline, date, paragraphs, footer.
pub(crate) fn page(headline: &str, date: &str, paragraphs: &[&str]) -> String {
    let body: String = paragraphs.iter().map(|text| format!("<p>{text}</p>\n")).collect();
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{headline} | Ministry of Tides</title>\
         <meta property=\"article:published_time\" content=\"{date}\"></head><body>\n\
         <nav><a href=\"/\">Home</a> <a href=\"/news\">News</a></nav>\n\
         <main><article><h1>{headline}</h1><time datetime=\"{date}\">{date}</time>\n{body}</article></main>\n\
         <footer>Contact the ministry</footer></body></html>"
    )
}

/// A release in which a minister says and proposes something.
pub(crate) fn pier() -> String {
    page(
        "New pier opens at Skarvik",
        "2023-05-04",
        &[
            "The Minister of Fisheries, Amina Yusuf, stressed that the new pier will open in May.",
            "Minister Yusuf proposed that the fuel tanks be moved to the northern shore before winter.",
            "The work was carried out by the National Harbour Authority (NHA) over two years and was paid for by the \
             state budget, the county and the fishing communities along the coast.",
        ],
    )
}

/// A release of another day with other people.
pub(crate) fn ferry() -> String {
    page(
        "Ferry timetable for the winter",
        "2024-11-12",
        &[
            "The Deputy Minister of Transport, José Álvarez, said that ferries will run every hour in winter.",
            "The timetable was agreed with the municipalities of the region after long talks in the autumn, and holds \
             from the first of December until the end of March.",
        ],
    )
}
