//! Orders, pages, groups and counts.

use chancery_index::{Facet, Grouping, Index, IndexError, Query, Sort};

use crate::archive::{Kept, Page, ask, index_of, pages, put, words};

/// Nine releases, each with a statement; some of one day.
fn many() -> (tempfile::TempDir, Index) {
    let page = |number: usize| {
        let text = format!("Envoy Tom Berg said that pier {number} is open.");
        let day = format!("2021-0{}-01", 1 + number / 2);
        Page::new(&format!("r{number}"), &day, "News", &text)
            .states("Tom Berg", None, "said", &format!("pier {number} is open"))
            .0
    };
    index_of(&(0..9).map(page).collect::<Vec<_>>())
}

fn ids(index: &Index, query: &Query) -> Vec<String> {
    let hits = index.search(query, &Kept).unwrap().hits.into_iter();
    hits.map(|hit| format!("{} {}", hit.release_id, hit.fact.unwrap_or_default())).collect()
}

#[test]
fn pages_make_up_the_whole_in_every_order() {
    let (_folder, index) = many();
    for sort in Sort::ALL {
        let all = Query { sort, ..words("pier") };
        let whole = ids(&index, &all);
        assert_eq!(whole.len(), 18, "{sort:?}");
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let query = Query { after, limit: 4, ..all.clone() };
            let answer = index.search(&query, &Kept).unwrap();
            assert_eq!(answer.total, 18);
            paged.extend(ids(&index, &query));
            after = answer.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(paged, whole, "{sort:?}");
    }
}

#[test]
fn by_date_and_identity_pages_hold_whatever_comes_in_meanwhile() {
    for sort in [Sort::Newest, Sort::Oldest, Sort::Id] {
        let (_folder, index) = many();
        let first = index.search(&Query { sort, limit: 5, ..words("pier") }, &Kept).unwrap();
        let rest = Query { sort, after: first.next, ..words("pier") };
        let before = ids(&index, &rest);
        let mut writer = index.writer(15_000_000).unwrap();
        // One that belongs on a page that was seen already, in each of the orders; and the last that was seen goes.
        let seen = if sort == Sort::Oldest { ("q", "2020-01-01") } else { ("a", "2022-01-01") };
        put(&mut writer, &Page::new(seen.0, seen.1, "News", "A pier.").0, 100);
        writer.remove(&first.hits[4].release_id).unwrap();
        writer.commit().unwrap();
        let gone = &first.hits[4].release_id;
        let kept: Vec<String> = before.into_iter().filter(|id| !id.starts_with(gone.as_str())).collect();
        let after: Vec<String> = ids(&index, &rest).into_iter().filter(|id| !id.starts_with("q ")).collect();
        assert_eq!(after, kept, "{sort:?}");
        assert!(index.search(&rest, &Kept).unwrap().changed);
    }
}

#[test]
fn a_place_of_another_order_or_none_is_told() {
    let (_folder, index) = many();
    let next = index.search(&Query { sort: Sort::Newest, limit: 1, ..words("pier") }, &Kept).unwrap().next;
    let error = index.search(&Query { after: next, ..words("pier") }, &Kept).unwrap_err();
    assert!(matches!(error, IndexError::Cursor { .. }));
    assert!(error.to_string().contains("in the order `newest`"), "{error}");
    let error = index.search(&Query { after: Some("zz".into()), ..words("pier") }, &Kept).unwrap_err();
    assert_eq!(error.to_string(), "this is no place to go on from");
}

#[test]
fn hits_of_one_release_come_together() {
    let (_folder, index) = index_of(&pages());
    let query = Query { grouping: Grouping::Release, limit: 10, ..words("proposed OR customs") };
    let answer = ask(&index, &query);
    assert_eq!(answer.total, 2, "two releases");
    let told: Vec<_> = answer.hits.iter().map(|hit| (hit.release_id.as_str(), hit.in_release)).collect();
    assert_eq!(told.iter().filter(|(id, _)| *id == "talks").count(), 3);
    assert!(told.contains(&("visit", Some(2))), "{told:?}");
    let first = told.iter().position(|(id, _)| *id == "talks").unwrap();
    assert!(told[first..first + 3].iter().all(|(id, _)| *id == "talks"), "{told:?}");
}

#[test]
fn facets_and_months_count_all_hits() {
    let (_folder, index) = index_of(&pages());
    let query = Query {
        facets: Facet::ALL.to_vec(),
        timeline: true,
        limit: 1,
        ..words("kind:statement OR kind:proposal")
    };
    let answer = ask(&index, &query);
    assert_eq!(answer.total, 4);
    let counted = |facet: Facet| {
        let found = answer.facets.iter().find(|counts| counts.facet == facet).unwrap();
        found.values.iter().map(|count| format!("{} {}", count.value, count.count)).collect::<Vec<_>>()
    };
    assert_eq!(counted(Facet::Kind), ["statement 3", "proposal 1"]);
    assert_eq!(counted(Facet::Act), ["state 3", "propose 1"]);
    assert_eq!(counted(Facet::Country), ["Norland 4"]);
    assert_eq!(counted(Facet::Year), ["2021 4"]);
    assert_eq!(
        counted(Facet::Speaker),
        ["Arkan al-Shaïbani 1", "Ministry of Trade 1", "Tom Berg 1", "Zoë Ünal 1"]
    );
    let months: Vec<_> = answer.timeline.iter().map(|month| (month.month.as_deref(), month.count)).collect();
    assert_eq!(months, [(Some("2021-03"), 3), (Some("2021-04"), 1)]);
}

#[test]
fn a_sentence_is_a_bag_of_words() {
    let (_folder, index) = index_of(&pages());
    let sentence = "what was it that the minister stressed about proposals for digital training of clerks?";
    let found = ask(&index, &Query { limit: 3, ..words(sentence) });
    assert_eq!(found.hits[0].fact.as_deref(), Some("s1"), "{:?}", found.hits[0]);
    assert!(ask(&index, &words("digital harbour clerks")).widened, "of three words none may be missing");
    assert_eq!(ask(&index, &words("digital AND harbour AND clerks")).total, 0);
}
