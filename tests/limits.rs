//! Rights and room: what the system refuses is told, and nothing is lost.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::kit::{Place, Ran, ferry, page, pier, program, skipped};

/// Runs the program as somebody who has no rights here; `None` where this machine cannot.
pub(crate) fn as_nobody(place: &Place, args: &[&str]) -> Option<Ran> {
    let root = fs::metadata("/proc/self").map(|meta| std::os::unix::fs::MetadataExt::uid(&meta)).ok()? == 0;
    let mut command = if root {
        if !Path::new("/usr/bin/setpriv").exists() {
            skipped("setpriv is not installed, so no test can drop its rights");
            return None;
        }
        // Below a folder that only root may enter, nobody cannot reach the program: a copy stands in the open.
        let copy = place.path("chancery");
        fs::copy(program(), &copy).unwrap();
        fs::set_permissions(place.path("."), fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = place.other("/usr/bin/setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(copy).args(args);
        command
    } else {
        place.command(args)
    };
    Some(command.output().unwrap().into())
}

pub(crate) fn rights(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn an_unreadable_file_is_skipped() {
    let place = Place::new();
    place.write("pages/pier.html", pier());
    rights(&place.write("pages/secret.html", ferry()), 0o000);
    let Some(ran) = as_nobody(&place, &["extract", "pages"]) else { return };
    ran.told(1, &["secret.html", "cannot be read", "1 skipped"]);
    assert_eq!(ran.records().len(), 1, "{ran:#?}");
}

#[test]
fn a_folder_without_rights_is_told() {
    let place = Place::new();
    place.write("pages/pier.html", pier());
    fs::create_dir(place.path("press")).unwrap();
    rights(&place.path("press"), 0o555);
    let Some(ran) = as_nobody(&place, &["ingest", "--archive", "press", "pages"]) else { return };
    ran.told(1, &["press", "no permission", "help:"]);
    assert_eq!(fs::read_dir(place.path("press")).unwrap().count(), 0);
    rights(&place.path("press"), 0o755);
}

#[test]
fn an_archive_can_be_searched_by_who_may_only_read_it() {
    let place = Place::new();
    place.write("pages/pier.html", pier());
    place.well(&["ingest", "pages"]);
    let Some(ran) = as_nobody(&place, &["search", "pier", "--kind", "release"]) else { return };
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    assert!(ran.out.contains("New pier opens"), "{ran:#?}");
}

#[test]
fn where_records_are_damaged_who_may_only_read_sees_the_others_and_what_is_damaged() {
    let place = Place::new();
    for (name, html) in [("pier", pier()), ("ferry", ferry())] {
        place.write(&format!("{name}/{name}.html"), html);
        place.well(&["ingest", name]);
    }
    let segment = place.path("archive/records/000001.ndjson.zst");
    let mut bytes = fs::read(&segment).unwrap();
    // The first of the two frames; behind its head, so that it is still told from the second.
    bytes.iter_mut().skip(30).take(20).for_each(|byte| *byte ^= 0x55);
    fs::write(&segment, &bytes).unwrap();
    for words in [
        &["search", "will", "--kind", "release", "--json"][..],
        &["search", "will", "--group", "release", "--json"],
    ] {
        let Some(ran) = as_nobody(&place, words) else { return };
        let told = [
            "pier is found but cannot be shown",
            "000001.ndjson.zst, at byte 0",
            "chancery reindex --records",
        ];
        ran.told(1, &told);
        let answer = &ran.records()[0];
        let shown: Vec<_> = answer["hits"].as_array().unwrap().iter().map(|hit| &hit["release_id"]).collect();
        assert!(!shown.is_empty() && shown.iter().all(|id| *id == "ferry"), "{answer:#}");
        assert_eq!(answer["unshown"].as_array().unwrap().len(), 1, "{answer:#}");
        assert_eq!(answer["unshown"][0]["release_id"], "pier", "{answer:#}");
    }
    let Some(ran) = as_nobody(&place, &["search", "ferries", "--kind", "release"]) else { return };
    assert_eq!(ran.code, Some(0), "what is whole is found as ever: {ran:#?}");
    // Who may write mends it by the same search.
    let ran = place.well(&["search", "will", "--kind", "release", "--ndjson"]);
    assert_eq!(ran.records().len(), 2, "{ran:#?}");
}

#[test]
fn a_full_disk_leaves_the_archive_whole() {
    let place = Place::new();
    place.write("first/pier.html", pier());
    place.well(&["ingest", "first"]);
    for number in 0..300 {
        // Words that do not pack, so that the files outgrow the limit.
        let words: Vec<String> =
            (0..400).map(|n: u64| format!("{:x}", (n + 1) * (number + 7) * 2_654_435_761)).collect();
        place.write(
            &format!("more/{number}.html"),
            page(&format!("Release {number}"), "2024-01-01", &[&words.join(" ")]),
        );
    }
    // A file may grow to 200 kB: what a full disk looks like to the program.
    let mut command = place.other("/bin/sh");
    command.args(["-c", "ulimit -f 400; exec \"$0\" ingest more"]).arg(program());
    let ran: Ran = command.output().unwrap().into();
    ran.told(1, &["no space is left", "run the same command again"]);
    let found = place.well(&["search", "pier", "--kind", "release"]);
    assert!(found.out.contains("New pier opens"), "{found:#?}");
    // With room again, the same command finishes the work.
    place.well(&["ingest", "more"]);
    let status: serde_json::Value = serde_json::from_str(&place.well(&["status", "--json"]).out).unwrap();
    assert_eq!(status["releases"], 301, "{status:#}");
}

#[test]
fn a_full_disk_behind_a_filter_is_told() {
    if !Path::new("/dev/full").exists() {
        skipped("this machine has no /dev/full");
        return;
    }
    let place = Place::new();
    place.write("pier.html", pier());
    let mut command: Command = place.command(&["extract", "pier.html"]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ran: Ran = command.stdout(full).output().unwrap().into();
    ran.told(1, &["cannot write the output"]);
}
