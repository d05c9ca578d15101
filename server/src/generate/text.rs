//! The files of a pack that the generator and the registers read, as text.

use crate::pack::{self, Files};
use std::io;

/// Path inside the pack (`people/generator.toml`) → text.
pub type PackText = Files;

/// The text of a pack: an embedded one by its name (`me`), or a folder by its path (`./folder`).
///
/// Only `country.toml`, `parameters/`, `registers/` and `people/` are kept of it.
pub fn pack_text(pack: &str) -> io::Result<PackText> {
    let wanted = |name: &str| {
        name == "country.toml"
            || ["parameters/", "registers/", "people/"]
                .iter()
                .any(|folder| name.starts_with(folder))
    };
    let mut files = pack::files(pack)?;
    files.retain(|name, _| wanted(name));
    Ok(files)
}
