//! The client's binary; everything is in the library, where tests reach it.

fn main() -> std::process::ExitCode {
    karton::cli::main()
}
