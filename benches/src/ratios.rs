//! The table of ratios: what the rule engine promises, each figure from one run with both sides measured in turns.

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use chancery::rulesets::Rulesets;
use chancery_record::Release;
use chancery_rules::{Doc, RuleFile, RuleSet};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::clock::{compare, median, seconds, user_seconds};
use crate::generated::{self, file};
use crate::hard;
use crate::table::{Aim, Row, Table, line, rate};
use crate::texts::Texts;
use crate::{Result, hostile};

/// Bytes of text for the program as a whole, and for one rule set against another.
const MUCH: usize = 4_000_000;
const LITTLE: usize = 600_000;

/// Prints the table. `program` is the release program.
pub(crate) fn run(program: &Path, given: Option<&str>) -> Result<()> {
    let texts = Texts::load(MUCH, given)?;
    line(&format!(
        "{:.2} MB of text, {} releases: {}",
        texts.bytes as f64 / 1e6,
        texts.all.len(),
        texts.origin
    ))?;
    let mut table = Table::begin()?;
    whole_program(&mut table, program, &texts)?;
    let some = Texts::load(LITTLE, given)?;
    let words = texts.words();
    let rules = Rulesets::embedded();
    let english = rules.of_language("en")?.ok_or("the program carries no English rules")?;
    more_rules(&mut table, &rules, &english, &some, &words)?;
    many_rules(&mut table, &texts, &some)?;
    long_list(&mut table, &rules, &some, &words)?;
    hard_texts(&mut table, &english)?;
    loading(&mut table, &rules)?;
    table.end()?;
    peers()
}

/// The program against the two passes of the crate unicode-segmentation that any reader of text needs; two threads
/// against one.
fn whole_program(table: &mut Table, program: &Path, texts: &Texts) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let path = texts.write(dir.path())?;
    let extract = |jobs: &str| {
        let mut command = Command::new(program);
        command.args(["extract", "--jobs", jobs]).arg(&path).stdout(Stdio::null()).stdin(Stdio::null());
        command
    };
    let segment = || {
        seconds(|| {
            for release in &texts.all {
                black_box(release.text.unicode_word_indices().count());
                black_box(release.text.split_sentence_bound_indices().count());
            }
        })
    };
    let one = compare(7, segment, || user_seconds(&mut extract("1")))?;
    let note = format!("{} against {}", rate(texts.bytes, one.second), rate(texts.bytes, one.first));
    let name = "extract : words and sentences".to_owned();
    table.row(&Row { name, value: one.ratio, unit: "×", aim: Aim::AtMost(2.0), note })?;

    let wall = |jobs: &str| {
        let begun = Instant::now();
        user_seconds(&mut extract(jobs))?;
        Ok(begun.elapsed().as_secs_f64())
    };
    let two = compare(7, || wall("2"), || wall("1"))?;
    let note =
        format!("{:.2} s and {:.2} s on the clock; true only on a quiet machine", two.second, two.first);
    let name = "one thread : two threads".to_owned();
    table.row(&Row { name, value: two.ratio, unit: "×", aim: Aim::AtLeast(1.85), note })
}

fn extract_all(texts: &[Release], rules: &RuleSet) -> Result<f64> {
    seconds(|| {
        for release in texts {
            black_box(chancery_extract::extract(release, rules, "bench"));
        }
    })
}

/// Runs the rules alone over all texts; how many annotations they left.
fn annotate_all(texts: &[Release], rules: &RuleSet) -> usize {
    let found = |release: &Release| {
        let mut doc = Doc::new(&release.text, rules);
        rules.annotate(&mut doc, &mut |_, _| {});
        doc.annotations().len()
    };
    texts.iter().map(found).sum()
}

fn compiled(files: &[RuleFile]) -> Result<RuleSet> {
    RuleSet::compile("en", files).map_err(|errors| errors.to_string().into())
}

fn more_rules(
    table: &mut Table,
    rules: &Rulesets,
    english: &RuleSet,
    some: &Texts,
    words: &[&str],
) -> Result<()> {
    let ten = compiled(&generated::ten_times(&rules.files_of("en"), words)?)?;
    let all = compare(5, || extract_all(&some.all, english), || extract_all(&some.all, &ten))?;
    let note = format!(
        "{} with {} rules, {} with {}",
        rate(some.bytes, all.second),
        ten.rules().count(),
        rate(some.bytes, all.first),
        english.rules().count(),
    );
    let name = "ten times the rules : the English rules".to_owned();
    table.row(&Row { name, value: all.ratio, unit: "×", aim: Aim::AtMost(2.0), note })
}

fn many_rules(table: &mut Table, texts: &Texts, some: &Texts) -> Result<()> {
    let bodies: Vec<&str> = texts.all.iter().map(|release| release.text.as_str()).collect();
    let files = generated::pairs(&bodies);
    let mut set = None;
    let compiling = seconds(|| set = Some(compiled(&files)))?;
    let set = set.ok_or("not compiled")??;
    let mut found = 0;
    let times = (0..5).map(|_| seconds(|| found = annotate_all(&some.all, &set)));
    let value = some.bytes as f64 / 1e6 / median(times.collect::<Result<Vec<f64>>>()?);
    let note = format!("{found} found; spaCy and the crate regex: .003 MB/s");
    let name = format!("{} rules `[Cap]+ {{list}} of {{list}}`", set.rules().count());
    table.row(&Row { name, value, unit: "MB/s", aim: Aim::AtLeast(5.0), note })?;
    let name = "compiling them".to_owned();
    table.row(&Row {
        name,
        value: compiling * 1e3,
        unit: "ms",
        aim: Aim::None,
        note: "hyperscan: 18 s".into(),
    })
}

fn long_list(table: &mut Table, rules: &Rulesets, some: &Texts, words: &[&str]) -> Result<()> {
    let base = rules.files_of("en");
    let alone = vec![file("en/layers.toml", "layers = ['names']")];
    for (name, base, aim) in [
        ("a list of 100,000 : of 1,000, English rules", base, Aim::AtMost(1.1)),
        ("the same, one rule and no other", alone, Aim::None),
    ] {
        let set = |count| compiled(&[base.clone(), generated::names(count, words, "names")].concat());
        let (short, long) = (set(1_000)?, set(100_000)?);
        let side = |set: &RuleSet| seconds(|| annotate_all(&some.all, set));
        let all = compare(7, || side(&short), || side(&long))?;
        let note = format!("{} and {}", rate(some.bytes, all.second), rate(some.bytes, all.first));
        table.row(&Row { name: name.into(), value: all.ratio, unit: "×", aim, note })?;
    }
    Ok(())
}

/// Twice a text made to be dear, against once.
fn hard_texts(table: &mut Table, english: &RuleSet) -> Result<()> {
    let growth = |name: &str, text: &dyn Fn(usize) -> String, bytes: usize, rules: &RuleSet| -> Result<Row> {
        let (once, twice) = (vec![release_of(text(bytes))], vec![release_of(text(2 * bytes))]);
        let all = compare(3, || extract_all(&once, rules), || extract_all(&twice, rules))?;
        let size = twice.iter().map(|release| release.text.len()).sum();
        let note = format!("{} at {:.1} MB", rate(size, all.second), size as f64 / 1e6);
        let name = format!("twice the text: {name}");
        Ok(Row { name, value: all.ratio, unit: "×", aim: Aim::AtMost(2.2), note })
    };
    for kind in hard::ALL {
        table.row(&growth(kind.name, &|bytes| kind.text(bytes), kind.bytes, english)?)?;
    }
    let nested = compiled(&hard::nested_rules())?;
    table.row(&growth("optional parts 28 deep", &hard::nested_text, 10_000, &nested)?)?;
    // Of the many kinds that the document logic finds hard only the one that grows most stands in the table.
    let mut worst: Option<Row> = None;
    for kind in hostile::ALL {
        let row = growth(kind.name, &|bytes| kind.text(bytes), 40_000, english)?;
        if worst.as_ref().is_none_or(|worst| worst.value < row.value) {
            worst = Some(row);
        }
    }
    worst.map_or(Ok(()), |row| {
        let note = format!("{}; the worst of {} kinds", row.note, hostile::ALL.len());
        table.row(&Row { note, ..row })
    })
}

fn release_of(text: String) -> Release {
    crate::texts::release(0, text)
}

fn loading(table: &mut Table, rules: &Rulesets) -> Result<()> {
    let files = rules.files_of("en");
    let bytes: usize = files.iter().map(|file| file.text.len()).sum();
    let load = || Rulesets::embedded().of_language("en").is_ok_and(|rules| rules.is_some());
    table.row(&Row {
        name: "loading the English rules".into(),
        value: milliseconds(load)?,
        unit: "ms",
        aim: Aim::AtMost(50.0),
        note: "as the program does at its start".into(),
    })?;
    table.row(&Row {
        name: "compiling the English rules anew".into(),
        value: milliseconds(|| RuleSet::compile("en", &files).is_ok())?,
        unit: "ms",
        aim: Aim::None,
        note: format!(
            "{:.2} MB of rules and lists, as for a folder's or an archive's own",
            bytes as f64 / 1e6
        ),
    })
}

/// The median time of seven rounds.
fn milliseconds(mut round: impl FnMut() -> bool) -> Result<f64> {
    let times = (0..7).map(|_| seconds(|| black_box(round())));
    Ok(median(times.collect::<Result<Vec<f64>>>()?) * 1e3)
}

/// Speeds of peers, in megabytes of text a second on one core of a busy machine, from `shared/eval/peers.md` of
/// 23 November 2026: to be compared by powers of ten, not by percents.
const PEERS: [(&str, &str); 6] = [
    (
        "1,000 token patterns",
        "spaCy EntityRuler .034; regex, one union 149 (1.2 cold); RegexSet .9; hyperscan 296",
    ),
    (
        "10,000 token patterns",
        "spaCy EntityRuler .003; regex .003; RegexSet .002; hyperscan 58 (no captures)",
    ),
    ("list of 1,000", "spaCy EntityRuler .75; flashtext2 38; aho-corasick 350; daachorse 436"),
    ("list of 100,000", "spaCy EntityRuler .41; flashtext2 24; aho-corasick 84; daachorse 122"),
    ("names", "spaCy en_core_web_sm .02–.05; compromise .03"),
    ("statements, acronyms", "Gender Gap Tracker .014; Schwartz–Hearst 8.4"),
];

fn peers() -> Result<()> {
    line(
        "\nPeers, MB/s a core, measured elsewhere (shared/eval/peers.md, 23 November 2026, a busy machine)",
    )?;
    PEERS.iter().try_for_each(|(task, speeds)| line(&format!("{task:<26}{speeds}")))
}
