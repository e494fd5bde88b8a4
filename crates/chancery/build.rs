//! Compiles the rules that the program carries, so that it need not do so at each start.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs, io};

use chancery_rules::{RuleFile, RuleSet};

#[path = "src/rulesets/files.rs"]
mod files;

const RULES: &str = "../../rules";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Also where a file is added or taken away.
    println!("cargo::rerun-if-changed={RULES}");
    println!("cargo::rerun-if-changed=../../sources");
    let mut texts = BTreeMap::new();
    read(Path::new(RULES), "", &mut texts)?;
    let all = texts.keys().filter(|path| !path.ends_with(files::READER_FILE));
    let folders = all.filter_map(|path| path.split_once('/')).map(|(folder, _)| folder.to_owned());
    let languages: BTreeSet<String> = folders.filter(|folder| folder != files::COMMON).collect();
    let out = env::var("OUT_DIR")?;
    let mut list = String::new();
    for language in &languages {
        let own = texts.iter().filter(|(path, _)| files::is_compiled(path, language));
        let own: Vec<RuleFile> =
            own.map(|(path, text)| RuleFile { path: path.clone(), text: text.clone() }).collect();
        // Mistakes are told by the program, at their places.
        let Ok(rules) = RuleSet::compile(language, &own) else {
            println!("cargo::warning=rules/{language} has mistakes: `chancery rules check` tells them");
            continue;
        };
        fs::write(Path::new(&out).join(format!("{language}.rules")), rules.to_bytes()?)?;
        list +=
            &format!("({language:?}, include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{language}.rules\"))), ");
    }
    fs::write(Path::new(&out).join("carried.rs"), format!("&[{list}]"))?;
    Ok(())
}

/// The texts of all rule files below a folder, by their paths in it.
fn read(dir: &Path, prefix: &str, texts: &mut BTreeMap<String, String>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{path}/"), texts)?;
        } else if files::is_rule_file(&path) {
            texts.insert(path, fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}
