//! dev
use chancery_rules::*;
use std::path::*;
fn walk(d: &Path, base: &Path, out: &mut Vec<RuleFile>) {
    for e in std::fs::read_dir(d).unwrap() {
        let p = e.unwrap().path();
        if p.is_dir() {
            walk(&p, base, out)
        } else if !p.ends_with("reader.toml") {
            out.push(RuleFile {
                path: p.strip_prefix(base).unwrap().to_str().unwrap().into(),
                text: std::fs::read_to_string(&p).unwrap(),
            })
        }
    }
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let base = PathBuf::from(&a[1]);
    let mut f = vec![];
    walk(&base.join("en"), &base, &mut f);
    let t = std::time::Instant::now();
    let rules = match RuleSet::compile("en", &f) {
        Ok(r) => r,
        Err(e) => {
            println!("{e}");
            std::process::exit(1)
        }
    };
    eprintln!("load {:?}", t.elapsed());
    if a[2] == "test" {
        let mut bad = 0;
        for t in chancery_extract::test_rules(&rules) {
            if !t.failures.is_empty() {
                bad += 1;
                println!("{}:{} {}", t.file, t.line, t.id);
                for f in t.failures {
                    println!("    {f}")
                }
            }
        }
        println!("{bad} bad");
        for w in rules.warnings() {
            println!("warn {}:{} {w}", w.path, w.line)
        }
        return;
    }
    let mut files: Vec<_> = std::fs::read_dir(&a[2])
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    let t = std::time::Instant::now();
    let mut n = 0;
    for p in files {
        let text = std::fs::read_to_string(&p).unwrap().trim_matches('\n').to_owned();
        n += text.len();
        let r = chancery_record::Release {
            id: p.file_stem().unwrap().to_str().unwrap().into(),
            text,
            ..Default::default()
        };
        println!("{}", chancery_extract::extract(&r, &rules, "x").to_json());
    }
    eprintln!("{:.2} MB/s", n as f64 / 1e6 / t.elapsed().as_secs_f64());
}
