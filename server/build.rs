//! The packs in `fixtures/` are part of the program: when one of their files changes, comes or goes, it is built again.

fn main() {
    println!("cargo:rerun-if-changed=../fixtures");
}
