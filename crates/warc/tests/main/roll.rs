//! Folders of files of bounded size.

use std::fs;
use std::path::Path;

use chancery_warc::{Cut, RollOptions, Rolling, WarcRecord, read_at};

use crate::exchange::{exchange, python_tool};

const NOW: &str = "2026-03-02T09:30:05Z";

fn options(limit: u64, operator: &str) -> RollOptions {
    let info = [("software", "chancery 0.1.0"), ("operator", operator)];
    let info = info.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    RollOptions { prefix: "tides".to_owned(), limit, info }
}

fn open(folder: &Path, limit: u64, operator: &str) -> (Rolling, Option<Cut>) {
    Rolling::open(folder, options(limit, operator), |_| 0).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn files_are_rolled_and_each_record_names_its_warcinfo() {
    let dir = tempfile::tempdir().unwrap();
    let (mut files, _) = open(dir.path(), 2500, "a");
    let mut written = Vec::new();
    for _ in 0..4 {
        written.extend(files.append(&exchange(), NOW).unwrap());
    }
    let names = names(dir.path());
    assert!(names.len() > 1, "{names:?}");
    assert_eq!(names[0], "tides-20260302093005-00001.warc.gz");
    assert_eq!(names[1], "tides-20260302093005-00002.warc.gz");
    for place in &written {
        let path = dir.path().join(&place.file);
        let record = read_at(fs::File::open(&path).unwrap(), place.offset).unwrap();
        let info = read_at(fs::File::open(&path).unwrap(), 0).unwrap();
        assert_eq!(record.header("WARC-Warcinfo-ID"), info.record_id());
        assert_eq!(info.header("WARC-Filename"), Some(place.file.as_str()));
    }
    for group in written.chunks(4) {
        assert!(group.iter().all(|place| place.file == group[0].file), "a group stays in one file");
        assert!(group.windows(2).all(|two| two[0].offset + two[0].length == two[1].offset));
    }
    let Some(mut check) = python_tool("warcio") else { return };
    let paths = names.iter().map(|name| dir.path().join(name));
    let said = check.arg("check").arg("-v").args(paths).output().unwrap();
    let out = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.status.success() && !out.contains("fail"), "{out}");
    // Each file's warcinfo, and of each group the response, the request and the metadata.
    assert_eq!(out.matches("digest pass").count(), names.len() + 3 * 4, "{out}");
}

#[test]
fn the_newest_file_is_gone_on_with_behind_its_last_whole_record() {
    let dir = tempfile::tempdir().unwrap();
    let (mut files, _) = open(dir.path(), 1 << 20, "a");
    let first = files.append(&exchange(), NOW).unwrap();
    let (name, length) = files.sync().unwrap().unwrap();
    let path = dir.path().join(&name);
    drop(files);
    let whole = fs::read(&path).unwrap();
    assert_eq!(whole.len() as u64, length);
    fs::write(&path, &whole[..whole.len() - 7]).unwrap();
    let (mut files, cut) = open(dir.path(), 1 << 20, "a");
    let kept = first[3].offset;
    assert_eq!(cut, Some(Cut { path, kept, lost: length - 7 - kept }));
    let again = files.append(&exchange()[3..], NOW).unwrap();
    assert_eq!(again, [first[3].clone()], "the record that was lost lies where it lay");
    assert_eq!(names(dir.path()).len(), 1);
}

#[test]
fn another_operator_or_a_file_that_was_never_begun_gives_a_new_file() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path(), 1 << 20, "a").0.append(&exchange(), NOW).unwrap();
    let written = open(dir.path(), 1 << 20, "b").0.append(&exchange(), NOW).unwrap();
    assert_eq!(written[0].file, "tides-20260302093005-00002.warc.gz");
    fs::write(dir.path().join("tides-20260302093006-00003.warc.gz"), [0x1f, 0x8b]).unwrap();
    let (mut files, cut) = open(dir.path(), 1 << 20, "b");
    assert_eq!(cut.map(|cut| cut.kept), Some(0));
    files.append(&exchange(), NOW).unwrap();
    assert_eq!(names(dir.path())[2], "tides-20260302093005-00003.warc.gz");
}

#[test]
fn a_damage_that_records_follow_is_no_torn_end() {
    let dir = tempfile::tempdir().unwrap();
    let written = open(dir.path(), 1 << 20, "a").0.append(&exchange(), NOW).unwrap();
    let path = dir.path().join(&written[0].file);
    let mut bytes = fs::read(&path).unwrap();
    bytes[usize::try_from(written[1].offset).unwrap() + 60] ^= 0xff;
    fs::write(&path, &bytes).unwrap();
    let error = Rolling::open(dir.path(), options(1 << 20, "a"), |_| 0).err().unwrap().to_string();
    assert!(error.starts_with(&format!("{}: at byte {}: ", path.display(), written[1].offset)), "{error}");
    assert_eq!(fs::read(&path).unwrap(), bytes, "nothing is cut off");
    let (_, cut) = Rolling::open(dir.path(), options(1 << 20, "a"), |_| bytes.len() as u64).unwrap();
    assert_eq!(cut, None, "what is known to be whole is not looked at");
}

#[test]
fn a_group_with_a_header_that_cannot_be_written_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (mut files, _) = open(dir.path(), 1 << 20, "a");
    files.append(&exchange(), NOW).unwrap();
    let before = files.sync().unwrap();
    let bad = WarcRecord::metadata("https://a.example/\r\n", NOW, "<urn:uuid:1>", &[]);
    let error = files.append(&[exchange()[0].clone(), bad], NOW).unwrap_err();
    assert!(error.to_string().contains("`WARC-Target-URI` cannot be written"), "{error}");
    assert_eq!(files.sync().unwrap(), before);
}
