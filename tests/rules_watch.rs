//! `rules test --watch`: tested again at each change, until Ctrl-C.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::kit::Place;

const RULE: &str = "[[rule]]\nid = 'boat'\nlayer = 'boats'\nfinds = 'boat'\nwhen = 'the ferry'\nsay = 'A boat.'\n\
    yes = ['The ferry left.']\nno = ['The tug left.']\n";

/// The lines up to one that holds these words.
fn until(lines: &Receiver<String>, words: &str) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let line = lines
            .recv_timeout(Duration::from_secs(60))
            .unwrap_or_else(|_| panic!("no `{words}` in {all:#?}"));
        let found = line.contains(words);
        all.push(line);
        if found {
            return all;
        }
    }
}

#[test]
fn a_change_is_tested_at_once_and_ctrl_c_ends_with_130() {
    let place = Place::new();
    place.write("mine/en/layers.toml", "layers = ['boats']\n");
    place.write("mine/en/boats.toml", RULE);
    let mut command = place.command(&["rules", "test", "--rules", "mine", "--watch"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (send, lines) = channel();
    let out = BufReader::new(child.stdout.take().unwrap());
    let reader =
        thread::spawn(move || out.lines().map_while(Result::ok).for_each(|line| send.send(line).unwrap()));
    assert_eq!(until(&lines, "1 passed, 0 failed").len(), 1);

    place.write("mine/en/boats.toml", RULE.replace("'the ferry'", "'the tug'"));
    let told = until(&lines, "0 passed, 1 failed");
    assert!(told[0].starts_with("changed: mine/en/boats.toml"), "{told:#?}");
    assert!(told[1].starts_with("FAIL  en/boats/boat") && told[1].ends_with("was ok"), "{told:#?}");

    place.write("mine/en/boats.toml", RULE.to_owned() + &RULE.replace("'boat'\nlayer", "'ship'\nlayer"));
    let told = until(&lines, "passed");
    assert!(told.iter().any(|line| line.ends_with("failed before")), "{told:#?}");
    assert!(told.iter().any(|line| line.contains("en/boats/ship") && line.ends_with("new")), "{told:#?}");

    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130), "{}", String::from_utf8_lossy(&ended.stderr));
    reader.join().unwrap();
}

#[test]
fn the_built_in_rules_cannot_be_watched() {
    Place::new().run(&["rules", "test", "--watch"]).told(2, &["do not change", "--rules"]);
}
