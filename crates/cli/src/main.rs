//! The program `chancery`.
fn main() {}
