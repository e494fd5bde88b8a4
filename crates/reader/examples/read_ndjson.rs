//! Reads pages from standard input (one JSON object a line: `id`, `url`, `html`) and prints what was found (`id`,
//! `title`, `date`, `text`), whatever kind of page each is: for measuring the reader on collections of pages.
//!
//! `cargo run -p chancery-reader --example read_ndjson -- rules/common/reader.toml rules/en/reader.toml <pages`

use std::io::{self, BufRead, Write};

use chancery_reader::{Lexicon, Selectors, read_any};
use chancery_record::{Capture, Meta, Release};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files: Result<Vec<_>, io::Error> =
        std::env::args().skip(1).map(|path| Ok((path.clone(), std::fs::read_to_string(path)?))).collect();
    let lexicon = Lexicon::parse(&files?)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let page: Value = serde_json::from_str(&line?)?;
        let url = page["url"].as_str().map(str::to_owned);
        let bytes = page["html"].as_str().unwrap_or_default().as_bytes().to_vec();
        let meta = Meta { url, ..Meta::default() };
        let capture = Capture { meta, bytes, charset: Some("utf-8".to_owned()), ..Capture::default() };
        let release = match read_any(&capture, &Selectors::default(), &lexicon) {
            Ok(reading) => reading.release,
            Err(error) => {
                writeln!(io::stderr(), "{}: {error}", page["id"])?;
                Release::default()
            }
        };
        let answer = json!({
            "id": page["id"], "title": release.headline, "date": release.published, "text": release.text,
        });
        writeln!(out, "{answer}")?;
    }
    Ok(())
}
