//! The server as it is shipped, built by `cargo test` itself.
fn main() -> std::process::ExitCode {
    karton_server::cli::main()
}
