//! What stays in an index, through replacing, interrupting, reopening and other versions.

use chancery_index::{Counts, Index, IndexError, Kind, Query};
use chancery_record::Record;
use proptest::prelude::*;

use crate::archive::{Kept, MEMORY, Page, ask, index_of, lines, pages, put, words};

fn everything() -> Query {
    Query { since: Some("1900".into()), ..words("") }
}

#[test]
fn a_replaced_release_leaves_no_old_facts() {
    let (_folder, index) = index_of(&pages());
    let new = Page::new("talks", "2021-03-02", "Corrected", "Nobody said anything.").0;
    let mut writer = index.writer(MEMORY).unwrap();
    put(&mut writer, &new, 3);
    put(&mut writer, &new, 4);
    writer.commit().unwrap();
    assert_eq!(
        index.counts().unwrap(),
        Counts { releases: 2, statements: 1, proposals: 0, officials: 1, bodies: 0 }
    );
    assert_eq!(ask(&index, &words("training")).total, 0);
    assert_eq!(lines(&index, &words("nobody")), ["release talks: [Nobody] said anything."]);
    assert_eq!(index.last_seq().unwrap(), Some(4));
}

#[test]
fn a_removed_release_is_gone_and_the_number_stays() {
    let (_folder, index) = index_of(&pages());
    let mut writer = index.writer(MEMORY).unwrap();
    writer.remove("talks").unwrap();
    writer.remove("never there").unwrap();
    writer.close().unwrap();
    let ids: Vec<String> = ask(&index, &everything()).hits.into_iter().map(|hit| hit.release_id).collect();
    assert_eq!(ids, ["visit", "visit", "visit"]);
    assert_eq!(index.last_seq().unwrap(), Some(2));
}

#[test]
fn an_interrupted_writer_leaves_the_index_as_it_was() {
    let (folder, index) = index_of(&pages());
    let before = ask(&index, &everything());
    let mut writer = index.writer(MEMORY).unwrap();
    put(&mut writer, &Page::new("late", "2022-01-01", "Late", "Too late.").0, 9);
    writer.remove("talks").unwrap();
    drop(writer);
    let again = Index::open(folder.path()).unwrap();
    assert_eq!(ask(&again, &everything()), before);
    assert_eq!(again.last_seq().unwrap(), Some(2));
    assert!(again.writer(MEMORY).is_ok(), "the lock went with the writer");
}

#[test]
fn an_index_is_reopened_and_goes_on() {
    let (folder, index) = index_of(&pages());
    let before = ask(&index, &everything());
    drop(index);
    let index = Index::open(folder.path()).unwrap();
    assert_eq!(ask(&index, &everything()), before);
    let reader = Index::open(folder.path()).unwrap();
    let mut writer = index.writer(MEMORY).unwrap();
    put(&mut writer, &Page::new("more", "2022-01-01", "More", "One more.").0, 3);
    assert_eq!(ask(&index, &everything()), before, "nothing is seen before the commit");
    writer.commit().unwrap();
    assert_eq!(ask(&index, &everything()).total, before.total + 1);
    assert_eq!(ask(&reader, &everything()), before);
    reader.reload().unwrap();
    assert_eq!(ask(&reader, &everything()), ask(&index, &everything()));
}

#[test]
fn an_empty_index_answers() {
    let (_folder, index) = index_of(&[]);
    let found = ask(&index, &words("post"));
    assert_eq!((found.total, found.hits.len()), (0, 0));
    assert_eq!(index.counts().unwrap(), Counts::default());
    assert_eq!(index.last_seq().unwrap(), None);
}

#[test]
fn what_is_no_index_of_ours_is_told_with_its_mend() {
    let (folder, index) = index_of(&pages());
    let told = |result: Result<Index, IndexError>| {
        let error = result.map(|_| ()).unwrap_err();
        let help = miette::Diagnostic::help(&error).map(|help| help.to_string()).unwrap_or_default();
        assert!(help.contains("reindex") || help.contains("remove the folder"), "{help}");
        error.to_string().replace(&folder.path().display().to_string(), "DIR")
    };
    assert_eq!(told(Index::create(folder.path())), "there is an index in DIR already");
    assert_eq!(told(Index::open(folder.path().join("none"))), "there is no index in DIR/none");
    drop(index);
    let meta = folder.path().join("meta.json");
    let ours = std::fs::read_to_string(&meta).unwrap();
    std::fs::write(&meta, ours.replace("chancery_index_13", "chancery_index_14")).unwrap();
    assert_eq!(
        told(Index::open(folder.path())),
        "the index in DIR has layout version 14, this program reads version 13"
    );
    std::fs::write(&meta, ours.replace("chancery_index_13", "something_else")).unwrap();
    assert_eq!(
        told(Index::open(folder.path())),
        "the index in DIR has no layout version, this program reads version 13"
    );
    std::fs::write(&meta, "{").unwrap();
    assert!(told(Index::open(folder.path())).starts_with("the index in DIR is damaged: "));
}

#[test]
fn a_second_writer_is_told_to_wait() {
    let (folder, index) = index_of(&pages());
    let _writer = index.writer(MEMORY).unwrap();
    let other = Index::open(folder.path()).unwrap();
    let error = other.writer(MEMORY).map(|_| ()).unwrap_err();
    assert!(matches!(error, IndexError::Locked { .. }), "{error}");
    assert_eq!(ask(&other, &everything()), ask(&index, &everything()), "searching goes on");
}

#[cfg(unix)]
#[test]
fn who_may_only_read_the_folder_can_search() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    let (folder, index) = index_of(&pages());
    let before = ask(&index, &everything());
    drop(index);
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "lock") {
            std::fs::remove_file(path).unwrap();
        } else {
            set_permissions(path, Permissions::from_mode(0o444)).unwrap();
        }
    }
    set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
    let answer = Index::open(folder.path()).map(|index| ask(&index, &everything()));
    set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    assert_eq!(answer.unwrap(), before);
}

/// Sixty releases with the same few words in changing numbers, so that scores are close and often equal.
fn crowd() -> Vec<Record> {
    let page = |number: usize| {
        let harbour = "the harbour of the old town ".repeat(number % 4 + 1);
        let text = format!("Envoy Tom Berg said that {harbour}needs a pier and {} ships.", number % 7);
        let page =
            Page::new(&format!("r{number}"), &format!("2021-01-{:02}", number % 5 + 1), "Ships", &text);
        let passage = text.split_once("that ").map(|(_, passage)| passage.to_owned()).unwrap_or_default();
        page.official("p1", "Tom Berg", &["Envoy"], None).states("Tom Berg", Some("p1"), "said", &passage).0
    };
    (0..60).map(page).collect()
}

#[test]
fn the_answer_does_not_depend_on_how_the_releases_came_in() {
    let records = crowd();
    let (_folder, straight) = index_of(&records);
    let folder = tempfile::tempdir().unwrap();
    let crooked = Index::create(folder.path()).unwrap();
    let mut writer = crooked.writer_with_threads(2 * MEMORY, 2).unwrap();
    for (seq, record) in (1..).zip(records.iter().rev()) {
        // Something else stands in the place of each third release until it is replaced.
        if seq % 3 == 0 {
            let other = Page::new(&record.release.id, "2020-01-01", "Pier", &"The pier. ".repeat(50));
            put(&mut writer, &other.0, seq);
        }
        if seq % 7 == 0 {
            writer.commit().unwrap();
        }
        put(&mut writer, record, seq);
    }
    writer.close().unwrap();
    for text in
        ["harbour", "harbour pier ships 3", "\"old town\" Berg", "town -3", "envoy berg harbour pier town"]
    {
        let query = words(text);
        let answer = ask(&straight, &query);
        assert!(answer.total > 15, "{text}");
        assert_eq!(answer, ask(&crooked, &query), "{text}");
    }
    assert_eq!(ask(&straight, &everything()), ask(&crooked, &everything()));
}

#[test]
fn equals_come_newest_first_then_by_identity_and_place() {
    let (_folder, index) = index_of(&crowd());
    let hits = ask(&index, &Query { kind: Some(Kind::Statement), ..words("pier") }).hits;
    let order: Vec<_> = hits
        .iter()
        .map(|hit| {
            (
                (hit.score * -100.0).round() as i64,
                std::cmp::Reverse(hit.published.clone()),
                hit.release_id.clone(),
            )
        })
        .collect();
    assert!(order.is_sorted());
    assert!(order.windows(2).any(|pair| pair[0].0 == pair[1].0), "some are equals");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_text_is_kept_and_marked_on_borders_of_characters(
        text in "(\\PC|é|ا|e\u{301}| ship |\n){1,120}",
        query in "ship|é|\\PC{1,12}",
    ) {
        let mut page = Page::new("r", "2021-01-01", &text, &text);
        let whole = text.clone();
        page = page.states("Tom", None, &whole, &whole);
        let (_folder, index) = index_of(&[page.0]);
        if let Ok(answer) = index.search(&words(&query), &Kept) {
            for hit in answer.hits {
                for (span, shown) in hit.highlights.iter().zip(&hit.highlights_in_characters) {
                    let marked = hit.passage.get(span.start..span.end);
                    prop_assert!(marked.is_some_and(|marked| marked.chars().count() == shown.len()));
                }
                prop_assert_eq!(hit.span.of(&text), hit.passage);
            }
        }
    }
}
