//! The demo corpus stands inside the program: a changed page makes a new program.

fn main() {
    println!("cargo:rerun-if-changed=../../corpora/demo");
}
