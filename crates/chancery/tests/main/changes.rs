//! Selective and full runs give the same bytes: where a change of rules is said not to touch a release, both versions of
//! the rules make the same record of it.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use chancery::input::Inputs;
use chancery::pipeline::Pipeline;
use chancery::progress::Silent;
use chancery::rulesets::Rulesets;
use chancery::sources::Sources;
use chancery::texts::Origin;
use chancery_record::{Meta, Release};
use chancery_rules::{Change, RuleFile, RuleSet};
use proptest::prelude::*;

/// The English files that the program carries, the releases of the demo corpus, and their records.
struct Base {
    files: Vec<RuleFile>,
    releases: Vec<Release>,
    records: Vec<String>,
}

fn record(release: &Release, rules: &RuleSet) -> String {
    let mut record = chancery_extract::extract(release, rules, "test");
    // The name of the rules differs, of course.
    record.produced_by.rules = None;
    record.to_json()
}

fn base() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| {
        let files = Rulesets::embedded().files_of("en");
        let rules = RuleSet::compile("en", &files).unwrap();
        let pipeline = Pipeline::new(Rulesets::embedded(), Sources::load(None).unwrap(), Some(2)).unwrap();
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora/demo");
        let folders = ["ke-mdec", "my-mrh", "no-mfca", "vd-mwe"].map(|name| corpus.join(name).into());
        let inputs = Inputs::new(folders.into(), Meta::default(), pipeline.sources());
        let mut releases = Vec::new();
        let each = |batch: Vec<Release>| {
            releases.extend(batch);
            Ok(())
        };
        let stop = AtomicBool::new(false);
        pipeline.releases(Origin::Inputs(Box::new(inputs)), &Silent, &stop, each).unwrap();
        assert!(releases.len() > 20, "{}", releases.len());
        let records = releases.iter().map(|release| record(release, &rules)).collect();
        Base { files, releases, records }
    })
}

/// One change of the files: which kind, and two numbers that choose where.
fn changed(files: &[RuleFile], kind: u8, at: usize, with: usize) -> Vec<RuleFile> {
    let mut files = files.to_vec();
    let ending = if kind < 2 { ".tsv" } else { ".toml" };
    let wanted: Vec<usize> = (0..files.len())
        .filter(|n| files[*n].path.ends_with(ending) && !files[*n].path.contains("abbreviations"))
        .filter(|n| kind < 2 || files[*n].text.contains("[[rule]]"))
        .collect();
    let file = &mut files[wanted[at % wanted.len()]];
    let lines: Vec<&str> = file.text.lines().collect();
    let entries: Vec<usize> =
        (0..lines.len()).filter(|n| !lines[*n].starts_with('#') && !lines[*n].is_empty()).collect();
    file.text = match kind {
        // A list loses an entry.
        0 => {
            let gone = entries[with % entries.len()];
            (0..lines.len()).filter(|n| *n != gone).map(|n| lines[n].to_owned() + "\n").collect()
        }
        // A list gains a word of the corpus, with the data of another entry.
        1 => {
            let words: Vec<&str> =
                base().releases[with % base().releases.len()].text.split_whitespace().collect();
            let data = lines[entries[with % entries.len()]].split_once('\t').map_or("", |(_, data)| data);
            format!("{}\n{}\t{data}\n", file.text.trim_end(), words[at % words.len()])
        }
        // A rule is taken out, changed, or moved to the end.
        _ => {
            let blocks: Vec<&str> = file.text.split("[[rule]]").collect();
            let chosen = 1 + with % (blocks.len() - 1);
            let mut rest: Vec<String> = blocks.iter().map(|block| (*block).to_owned()).collect();
            match kind {
                2 => drop(rest.remove(chosen)),
                3 => rest[chosen] = rest[chosen].replacen("when = '", "when = '![num] ", 1),
                _ => {
                    let moved = rest.remove(chosen);
                    rest.push(moved);
                }
            }
            rest.join("[[rule]]")
        }
    };
    files
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_release_that_is_not_touched_has_the_same_record(kind in 0_u8..5, at in 0..100_000_usize, with in 0..100_000_usize) {
        let base = base();
        let files = changed(&base.files, kind, at, with);
        // A rule that others name cannot be taken out.
        let Ok(change) = Change::between("en", &base.files, &files) else { return Ok(()) };
        let rules = RuleSet::compile("en", &files).unwrap();
        for (release, before) in base.releases.iter().zip(&base.records) {
            if !change.touches(&release.text) {
                prop_assert_eq!(&record(release, &rules), before, "{:?} {:?}", change.rules(), change.lists());
            }
        }
    }
}

#[test]
fn a_change_of_one_word_leaves_most_releases_alone() {
    let base = base();
    let mut files = base.files.clone();
    let list = files.iter_mut().find(|file| file.path.ends_with("lists/roles.tsv")).unwrap();
    list.text += "harbourmaster-in-chief\trole=head\n";
    let change = Change::between("en", &base.files, &files).unwrap();
    let touched = base.releases.iter().filter(|release| change.touches(&release.text)).count();
    assert_eq!(touched, 0, "of {}", base.releases.len());
}
