//! Builds again when a rule or source file is added or taken away, not only when one changes.

fn main() {
    println!("cargo::rerun-if-changed=../../rules");
    println!("cargo::rerun-if-changed=../../sources");
}
