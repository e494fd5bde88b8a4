//! The demo corpus: every gold page gives exactly its gold text, with the source's selectors and without any.

use std::path::PathBuf;

use chancery_reader::{Selectors, read};
use chancery_record::{Capture, Release};

use crate::{lexicon, root};

fn sources() -> Vec<String> {
    let folder = std::fs::read_dir(root().join("corpora/demo")).unwrap();
    let names = folder.map(|entry| entry.unwrap()).filter(|e| e.path().is_dir()).map(|e| e.file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| name != "gold" && name != "edited");
    names.sort();
    names
}

fn selectors(source: &str) -> Selectors {
    let text = std::fs::read_to_string(root().join(format!("sources/{source}.toml"))).unwrap();
    let table: toml::Table = toml::from_str(&text).unwrap();
    let order = table.get("date_order").map(|order| order.clone().try_into().unwrap());
    Selectors { date_order: order, ..table["read"].clone().try_into().unwrap() }
}

/// Every page of the corpus: its source, its name, its file.
fn pages() -> Vec<(String, String, PathBuf)> {
    let mut pages = Vec::new();
    for source in sources() {
        for entry in std::fs::read_dir(root().join("corpora/demo").join(&source)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            pages.push((source.clone(), name, path));
        }
    }
    pages.sort();
    assert!(pages.len() >= 30, "the demo corpus has {} pages", pages.len());
    pages
}

/// Each page with the source's selectors, and without any.
fn both(source: &str, path: &PathBuf) -> [(&'static str, Release); 2] {
    let capture = Capture { bytes: std::fs::read(path).unwrap(), ..Capture::default() };
    let read = |selectors: &Selectors| read(&capture, selectors, lexicon()).unwrap();
    [("with selectors", read(&selectors(source))), ("without selectors", read(&Selectors::default()))]
}

#[test]
fn texts_are_those_of_the_gold() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (source, name, path) in pages() {
        let (date, slug) = name.split_at(10);
        let gold = format!("{source}__{date}__{}", slug.trim_start_matches('-'));
        let folder = root().join("corpora/demo/gold");
        let Ok(text) = std::fs::read_to_string(folder.join(format!("text/{gold}.txt"))) else { continue };
        seen += 1;
        for (how, release) in both(&source, &path) {
            if release.text.trim() != text.trim() {
                wrong.push(format!("{gold} {how}: {}", difference(&text, &release.text)));
            }
        }
    }
    assert!(seen >= 10, "{seen} gold texts");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn dates_and_languages_are_found_on_every_page() {
    let mut wrong = Vec::new();
    for (source, name, path) in pages() {
        for (how, release) in both(&source, &path) {
            let date = release.published.unwrap_or_default();
            if !name.starts_with(&date) || date.is_empty() || release.language.as_deref() != Some("en") {
                wrong.push(format!("{source}/{name} {how}: {date} {:?}", release.language));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_page_reads_the_same_without_its_source() {
    let mut wrong = Vec::new();
    for (source, name, path) in pages() {
        let [(_, with), (_, without)] = both(&source, &path);
        if with.text != without.text {
            wrong.push(format!("{source}/{name}: {}", difference(&with.text, &without.text)));
        }
        if with.headline != without.headline {
            wrong.push(format!("{source}/{name}: {:?}, {:?}", with.headline, without.headline));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first line that differs.
fn difference(want: &str, got: &str) -> String {
    let lines = |text: &str| text.trim().lines().map(str::to_owned).collect::<Vec<_>>();
    let (want, got) = (lines(want), lines(got));
    let at = want.iter().zip(&got).position(|(a, b)| a != b).unwrap_or(want.len().min(got.len()));
    format!("line {}:\n  want {:?}\n  got  {:?}", at + 1, want.get(at), got.get(at))
}

/// Evidence needs attributes that a plain reading leaves out before the tree is built: what is read is the same.
#[test]
fn who_asks_for_evidence_gets_the_same_release() {
    for (source, name, path) in pages() {
        let capture = Capture { bytes: std::fs::read(&path).unwrap(), ..Capture::default() };
        for selectors in [selectors(&source), Selectors::default()] {
            let plain = chancery_reader::read_any(&capture, &selectors, lexicon()).unwrap();
            let (explained, _) = chancery_reader::read_explained(&capture, &selectors, lexicon()).unwrap();
            assert_eq!(plain, explained, "{source}/{name}");
        }
    }
}
