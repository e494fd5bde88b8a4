//! Rule sets from inside the program, from a folder, and laid over.

use chancery::Error;
use chancery::rulesets::Rulesets;
use chancery::sources::Sources;

use crate::bench::{Bench, rules, rules_dir};

#[test]
fn a_folder_has_the_digest_of_what_it_was_exported_from() {
    let bench = Bench::new();
    let embedded = Rulesets::embedded();
    embedded.export(&bench.path("rules")).unwrap();
    let folder = Rulesets::load(Some(&bench.path("rules")), None).unwrap();
    assert_eq!(folder.digests(), embedded.digests());
    assert_eq!(folder.digest_of("en"), embedded.digest_of("en"));
    assert!(embedded.languages().contains("en"));
    let again = embedded.export(&bench.path("rules")).unwrap_err();
    assert!(again.to_string().ends_with("rules: the folder is not empty"), "{again}");
}

#[test]
fn a_language_is_known_by_the_first_part_of_its_tag() {
    let rules = rules();
    assert_eq!(rules.digest_of("en-GB"), rules.digest_of("en"));
    assert!(rules.of_language("EN_us").unwrap().is_some());
    assert!(rules.of_language("no").unwrap().is_none());
    assert_eq!(rules.digest_of("no"), None);
}

#[test]
fn rules_of_an_archive_are_laid_over_block_by_block() {
    let bench = Bench::new();
    bench.write(
        "archive/rules/en/officials.toml",
        "# Ours.\n\n[[list]]\nid = \"role\"\nwords = [\"tide keeper\"]\n\n[[rule]]\nid = \"more\"\nlayer = \"officials\"\n\
         finds = \"official\"\nwhen = 'name:([Cap]+) \",\" title:{role}'\nsay = \"x\"\nyes = [\"Ingrid Vik, tide keeper\"]\n",
    );
    let over = Rulesets::load(Some(&rules_dir()), Some(&bench.dir())).unwrap();
    let set = over.of_language("en").unwrap().unwrap();
    let ids: Vec<&str> = set.rules().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["en/officials/role-name", "en/officials/more"]);
    let lines: Vec<usize> = set.rules().map(|rule| rule.line).collect();
    let own = rules().of_language("en").unwrap().unwrap();
    assert_eq!(lines, [own.rules().next().unwrap().line, 8], "each in its own file");
    let mut doc = chancery_rules::Doc::new("The Minister Ingrid Vik met Tide Keeper Jonas Berg.", &set);
    set.annotate(&mut doc, &mut |_, _| {});
    assert_eq!(doc.annotations().len(), 1, "minister is no role any more");
    assert_ne!(over.digest_of("en"), rules().digest_of("en"));
}

#[test]
fn mistakes_and_missing_rules_are_told() {
    let bench = Bench::new();
    bench.write("wrong/en/layers.toml", "layers = [\"a\"]\n");
    bench.write(
        "wrong/en/a.toml",
        "[[rule]]\nid = \"r\"\nlayer = \"a\"\nfinds = \"official\"\nwhen = '{nothing}'\nyes = [\"x\"]\n",
    );
    let wrong = Rulesets::load(Some(&bench.path("wrong")), None).unwrap().of_language("en");
    let Err(Error::Rules { errors, .. }) = wrong else { panic!("the rules have a mistake") };
    assert!(errors.to_string().starts_with("en/a.toml:5:"), "{errors}");
    std::fs::create_dir(bench.path("empty")).unwrap();
    for dir in ["empty", "nowhere"] {
        assert!(Rulesets::load(Some(&bench.path(dir)), None).is_err(), "{dir}");
    }
}

#[test]
fn sources_are_read_and_mistakes_have_a_place() {
    let bench = Bench::new();
    let source = "id = \"no-tides\"\nname = \"Ministry of Tides\"\ncountry = \"Norway\"\n\n[crawl]\nstart = [\"https://www.tides.example/news\"]\n";
    bench.write("archive/sources/no-tides.toml", source);
    let sources = Sources::load(Some(&bench.dir())).unwrap();
    assert_eq!(sources.of_url("http://tides.example/x").unwrap().id, "no-tides");
    assert!(sources.of_url("https://other.example/").is_none() && sources.get("no-tides").is_some());
    let check = |name: &str, text: &str, told: &str| {
        bench.write(&format!("{name}/no-tides.toml"), text);
        let error = Sources::read(&bench.path(name)).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    };
    check("a", "id = \"no-tides\"\n\nnmae = \"x\"\n", "sources/no-tides.toml:3:1: ");
    check(
        "b",
        &source.replace("\"no-tides\"", "\"no-tide\""),
        "sources/no-tides.toml:1:6: the id is `no-tide`",
    );
    check("c", &format!("{source}[read]\nheadline = [\"h1[\"]\n"), "sources/no-tides.toml:8:");
}
