//! Which texts a change touches, and which it leaves alone.

use crate::{Change, RuleFile};

const BASE: &str = "[[list]]\nid = 'boat'\nwords = ['tug', 'mail ferry']\n\
    [[phrase]]\nid = 'craft'\nis = '{boat} | raft'\n\
    [[rule]]\nid = 'a'\nlayer = 'first'\nfinds = 'vessel'\nwhen = 'the {craft}'\n\
    [[rule]]\nid = 'b'\nlayer = 'second'\nfinds = 'trip'\nwhen = '{vessel} (left | sailed)'\n\
    [[rule]]\nid = 'c'\nlayer = 'second'\nfinds = 'noise'\nwhen = 'horns? [lower]'\n";

fn files(text: &str, layers: &str) -> [RuleFile; 2] {
    [
        RuleFile { path: "en/layers.toml".into(), text: layers.into() },
        RuleFile { path: "en/a.toml".into(), text: text.into() },
    ]
}

const LAYERS: &str = "layers = ['first', 'second']";

fn change(new: &str) -> Change {
    Change::between("en", &files(BASE, LAYERS), &files(new, LAYERS)).unwrap()
}

#[test]
fn an_entry_touches_texts_that_hold_all_its_words() {
    let change = change(&BASE.replace("'tug'", "'tug', 'Night-Ferry'"));
    assert_eq!((change.rules().len(), change.lists()["boat"]), (0, 1));
    assert!(change.touches("The night ferry left."));
    assert!(change.touches("At NIGHT a ferry."));
    assert!(!change.touches("The ferry left with the tug."));
}

#[test]
fn a_rule_touches_texts_in_which_it_may_match() {
    let changed = change(&BASE.replace("(left | sailed)", "(left | sailed | sank)"));
    assert_eq!(changed.rules(), ["en/a/b"]);
    assert!(changed.touches("The tug sank."));
    assert!(!changed.touches("The tug rested."), "none of its words");
    assert!(!changed.touches("They sank."), "no vessel can be found");
    let phrase = change(&BASE.replace("| raft", "| canoe"));
    assert_eq!(phrase.rules(), ["en/a/a"]);
    assert!(phrase.touches("the raft") && phrase.touches("the canoe") && !phrase.touches("the kayak"));
}

#[test]
fn what_is_said_of_a_rule_touches_nothing() {
    let same = change(&BASE.replace("id = 'a'", "id = 'a'\nsay = 'Other words.'\nyes = ['The tug.']"));
    assert!(same.is_nothing() && !same.touches("The tug left."));
}

#[test]
fn a_rule_that_needs_nothing_touches_all() {
    let all = change(&BASE.replace("horns? [lower]", "horns? [Cap]"));
    assert_eq!(all.rules(), ["en/a/c"]);
    assert!(all.touches("Anything."));
}

#[test]
fn order_and_depth_count_as_changes() {
    let (head, rules) = BASE.split_once("[[rule]]").unwrap();
    let blocks: Vec<&str> = rules.split("[[rule]]").collect();
    let moved = format!("{head}[[rule]]{}[[rule]]{}[[rule]]{}", blocks[0], blocks[2], blocks[1]);
    assert_eq!(change(&moved).rules(), ["en/a/b", "en/a/c"]);
    let beats = BASE.replace("id = 'c'", "id = 'c'\nbeats = ['b']");
    assert_eq!(change(&beats).rules(), ["en/a/b"], "only the depth of the loser differs");
}

#[test]
fn layers_and_the_tokenizer_touch_everything() {
    let layers =
        Change::between("en", &files(BASE, LAYERS), &files(BASE, "layers = ['second', 'first']")).unwrap();
    assert!(layers.whole().is_some() && layers.touches("Anything."));
    let words = change(&(BASE.to_owned() + "[[list]]\nid = 'abbreviation'\nwords = ['Capt.']\n"));
    assert!(words.whole().is_some() && words.touches("Anything."));
}

#[test]
fn mistakes_are_told() {
    let broken = Change::between("en", &files(BASE, LAYERS), &files("[[rule]", LAYERS));
    assert!(broken.unwrap_err().to_string().contains("en/a.toml:1:"));
}
