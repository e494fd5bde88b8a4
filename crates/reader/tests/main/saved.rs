//! A collection of saved pages of real ministries and agencies. It is too large and too little ours for this project;
//! where it lies beside the project, the reader is measured on it.

use std::path::Path;

use chancery_record::{Media, Meta};

use crate::try_read;

#[test]
fn saved_pages_give_text_headline_and_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora/html_fixtures");
    let Ok(index) = std::fs::read_to_string(folder.join("index.tsv")) else {
        println!("skipped: there is no collection of saved pages at {}", folder.display());
        return;
    };
    let (mut pages, mut headlines, mut dated, mut dates) = (0, 0, 0, 0);
    for line in index.lines().skip(1) {
        let field: Vec<&str> = line.split('\t').collect();
        let [file, url, title, date, ..] = field.as_slice() else { panic!("{line}") };
        let meta = Meta { url: Some((*url).to_owned()), ..Meta::default() };
        let release = try_read(std::fs::read(folder.join(file)).unwrap(), Media::Html, meta).unwrap();
        assert!(release.text.len() > 100, "{file}: {}", release.text);
        pages += 1;
        headlines += usize::from(release.headline.as_deref() == Some(title));
        dated += usize::from(!date.is_empty());
        if !date.is_empty() && release.published.as_deref() != Some(date) {
            println!("{file}: {date}, not {:?}", release.published);
        }
        dates += usize::from(!date.is_empty() && release.published.as_deref() == Some(date));
    }
    assert!(pages > 100, "{pages} pages");
    assert!(headlines * 100 >= pages * 95, "{headlines} of {pages} headlines");
    assert!(dates * 100 >= dated * 95, "{dates} of {dated} dates");
}
