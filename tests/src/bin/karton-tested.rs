//! The client as it is shipped with the demo, built by `cargo test` itself.
fn main() -> std::process::ExitCode {
    karton::cli::main()
}
