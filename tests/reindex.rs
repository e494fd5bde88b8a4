//! `reindex`: what is derived is made again, and `status` says when that is due.

use std::fs;

use crate::kit::{Place, ferry, pier};

fn place() -> Place {
    let place = Place::new();
    place.write("pages/pier.html", pier());
    place.well(&["ingest", "pages"]);
    place
}

fn found(place: &Place, words: &str) -> usize {
    place.well(&["search", words, "--kind", "release", "--ndjson"]).records().len()
}

fn status(place: &Place) -> serde_json::Value {
    serde_json::from_str(&place.well(&["status", "--json"]).out).unwrap()
}

/// Another rule set, laid over by the archive: one more rule, which changes the digest.
fn other_rules(place: &Place) {
    place.write("archive/rules/en/words.toml", "[[list]]\nid = \"harbour-words\"\nwords = [\"pierhead\"]\n");
}

#[test]
fn a_lost_index_is_told_and_made_again() {
    let place = place();
    fs::remove_dir_all(place.path("archive/index")).unwrap();
    assert!(place.well(&["status"]).out.contains("chancery reindex"));
    let ran = place.well(&["reindex"]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("archive: 1 release indexed\n", ""), "{ran:#?}");
    assert_eq!(found(&place, "pier"), 1);
    // It may be asked for at any time.
    place.well(&["reindex", "--archive", "archive"]);
    assert_eq!(found(&place, "pier"), 1);
}

#[test]
fn the_archive_names_the_rules_that_its_records_name() {
    let place = place();
    let file = place.read("archive/archive.toml");
    let record = place.well(&["show", "2023-05-04", "--json"]).records().remove(0);
    let digest = record["produced_by"]["rules"].as_str().unwrap();
    assert!(file.contains(&format!("en = \"{digest}\"")), "{file}");
    assert_eq!(status(&place)["rules"]["en"], digest);
    // What the user writes there stays, and a run that changes nothing leaves the file as it is.
    let own = format!("# ours\n{file}\n[contact]\nmail = \"archive@tides.example\"\n");
    place.write("archive/archive.toml", &own);
    place.well(&["ingest", "pages"]);
    let after = place.read("archive/archive.toml");
    for line in ["# ours", "format = 1", "[contact]", "mail = \"archive@tides.example\"", digest] {
        assert_eq!(after.matches(line).count(), 1, "{line} in {after}");
    }
    place.well(&["ingest", "pages"]);
    assert_eq!(place.read("archive/archive.toml"), after);
}

#[test]
fn records_of_other_rules_are_told_and_made_again() {
    let place = place();
    let before = place.well(&["show", "2023-05-04", "--json"]).records().remove(0);
    other_rules(&place);
    let told = place.well(&["status"]);
    assert!(told.out.contains("1 record was made with other rules"), "{told:#?}");
    assert!(told.out.contains("chancery ingest --again"), "{told:#?}");
    let ran = place.well(&["reindex", "--records"]);
    assert!(ran.out.contains("1 release indexed, 1 record made again"), "{ran:#?}");
    let now = status(&place);
    assert_eq!((&now["made_with_other_rules"], &now["not_indexed"]), (&0.into(), &0.into()), "{now:#}");
    assert_eq!((&now["releases"], &now["versions"]), (&1.into(), &1.into()), "{now:#}");
    let after = place.well(&["show", "2023-05-04", "--json"]).records().remove(0);
    assert_ne!(after["produced_by"]["rules"], before["produced_by"]["rules"]);
    assert_eq!(after["statements"], before["statements"]);
    let digest = after["produced_by"]["rules"].as_str().unwrap();
    assert!(place.read("archive/archive.toml").contains(digest));
    assert!(place.well(&["reindex", "--records"]).out.contains("0 records made again"));
    assert_eq!(found(&place, "pier"), 1);
}

#[test]
fn an_old_version_made_again_does_not_come_back_into_the_search() {
    let place = place();
    place.write("pages/pier.html", pier().replace("open in May", "open in June"));
    place.well(&["ingest", "pages"]);
    other_rules(&place);
    let ran = place.well(&["reindex", "--records"]);
    assert!(ran.out.contains("2 records made again"), "{ran:#?}");
    assert_eq!((found(&place, "\"open in May\""), found(&place, "\"open in June\"")), (0, 1));
}

#[test]
fn damaged_records_are_made_again_from_the_captures() {
    let place = place();
    let segment = fs::read_dir(place.path("archive/records")).unwrap().next().unwrap().unwrap().path();
    let length = fs::metadata(&segment).unwrap().len();
    fs::write(&segment, vec![0; usize::try_from(length).unwrap()]).unwrap();
    place.run(&["show", "2023-05-04"]).told(1, &["at byte 0", "chancery reindex"]);
    fs::remove_file(&segment).unwrap();
    let ran = place.well(&["reindex", "--records"]);
    assert!(ran.out.contains("1 release indexed, 1 record made again"), "{ran:#?}");
    assert!(place.well(&["show", "2023-05-04"]).out.contains("New pier opens"));
    assert_eq!(found(&place, "pier"), 1);
}

#[test]
fn what_is_no_archive_is_not_made_one() {
    let place = Place::new();
    place.run(&["reindex"]).told(1, &["there is no archive", "chancery ingest"]);
    place.run(&["reindex", "--records"]).told(1, &["there is no archive", "chancery ingest"]);
    assert!(!place.path("archive").exists());
    place.run(&["reindex", "--rules", "mine"]).told(2, &["--records"]);
}

#[test]
fn a_search_makes_a_lost_damaged_or_older_index_again() {
    let place = place();
    let index = place.path("archive/index");
    let largest = || {
        let files = fs::read_dir(&index).unwrap().map(|file| file.unwrap().path());
        files
            .filter(|path| path.extension().is_some_and(|end| end != "json" && end != "lock"))
            .max_by_key(|path| fs::metadata(path).unwrap().len())
    };
    let meta = index.join("meta.json");
    for fault in ["lost", "no list", "cut list", "older", "other bytes", "no segment"] {
        match fault {
            "lost" => fs::remove_dir_all(&index).unwrap(),
            "no list" => fs::remove_file(&meta).unwrap(),
            "cut list" => {
                let whole = fs::read(&meta).unwrap();
                fs::write(&meta, &whole[..whole.len() / 2]).unwrap();
            }
            "older" => {
                let ours = fs::read_to_string(&meta).unwrap();
                let older = ours.replace("\"chancery_index_13\"", "\"chancery_index_1\"");
                assert_ne!(ours, older);
                fs::write(&meta, older).unwrap();
            }
            "other bytes" => fs::write(largest().unwrap(), "these are no postings").unwrap(),
            _ => fs::remove_file(largest().unwrap()).unwrap(),
        }
        let ran = place.well(&["search", "pier", "--kind", "release", "--ndjson"]);
        assert_eq!(ran.records().len(), 1, "{fault}: {ran:#?}");
        assert!(ran.err.contains("made again from the records"), "{fault}: {ran:#?}");
        assert_eq!(found(&place, "pier"), 1, "{fault}");
    }
}

#[test]
fn a_search_makes_damaged_records_again() {
    let place = place();
    let search = || place.well(&["search", "pier", "--json"]);
    let before = search().out;
    let segment = fs::read_dir(place.path("archive/records")).unwrap().next().unwrap().unwrap().path();
    let length = fs::read(&segment).unwrap().len();
    for bytes in [vec![0; length], Vec::new()] {
        fs::write(&segment, bytes).unwrap();
        let ran = search();
        assert!(ran.err.contains("made again from"), "{ran:#?}");
        assert_eq!(ran.out, before);
        assert_eq!(search().err, "", "it is mended");
        place.well(&["verify"]);
    }
}

#[test]
fn records_that_are_cut_or_damaged_are_made_again_wherever_that_is() {
    let place = place();
    // A run is a frame of the file: three, each of one release.
    for (name, page) in [("ferry", ferry()), ("quay", pier().replace("Skarvik", "Lindhavn"))] {
        place.write(&format!("pages/{name}.html"), page);
        place.well(&["ingest", "pages"]);
    }
    let segment = fs::read_dir(place.path("archive/records")).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&segment).unwrap();
    let shown = || place.well(&["show", "2024-11-12", "--json"]).out;
    let (before, length) = (shown(), whole.len());
    for cut in [0, length / 6, length / 2, length - 1] {
        for zeros in [false, true] {
            let mut damaged = whole[..cut].to_vec();
            if zeros {
                damaged.resize(length, 0);
            }
            fs::write(&segment, damaged).unwrap();
            let ran = place.well(&["reindex"]);
            let told = format!("cut at {cut} of {length}, zeros {zeros}: {ran:#?}");
            assert!(ran.out.contains("3 releases indexed"), "{told}");
            assert!(ran.out.contains("made again from captures"), "{told}");
            assert_eq!(
                (found(&place, "Skarvik"), found(&place, "Lindhavn"), shown() == before),
                (1, 1, true),
                "{told}"
            );
            assert_eq!(status(&place)["releases"], 3, "{told}");
            place.well(&["verify"]);
        }
    }
}
