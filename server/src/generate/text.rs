//! The files of a pack that the generator and the registers read, as text.

use std::{collections::BTreeMap, io, path::Path};

/// Path inside the pack (`people/generator.toml`) → text.
pub type PackText = BTreeMap<String, String>;

static FIXTURES: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/../fixtures");

/// Files larger than this are no part of a pack.
const LONGEST: u64 = 8 << 20;

/// The text of a pack: an embedded one by its name (`me`), or a folder by its path (`./folder`).
///
/// Only `country.toml`, `parameters/`, `registers/` and `people/` are read.
pub fn pack_text(pack: &str) -> io::Result<PackText> {
    let mut text = PackText::new();
    if let Some(folder) = FIXTURES.get_dir(pack) {
        embedded(folder, folder.path(), &mut text);
    } else {
        let root = Path::new(pack);
        read(&root.join("country.toml"), "country.toml", &mut text)?;
        for folder in ["parameters", "registers", "people"] {
            for entry in std::fs::read_dir(root.join(folder))? {
                let path = entry?.path();
                if let Some(name) = path.file_name().and_then(|name| name.to_str())
                    && path.is_file()
                {
                    read(&path, &format!("{folder}/{name}"), &mut text)?;
                }
            }
        }
    }
    Ok(text)
}

fn embedded(folder: &include_dir::Dir<'_>, root: &Path, text: &mut PackText) {
    for file in folder.files() {
        let name = file
            .path()
            .strip_prefix(root)
            .unwrap_or(file.path())
            .to_string_lossy()
            .replace('\\', "/");
        let wanted = name == "country.toml"
            || ["parameters/", "registers/", "people/"]
                .iter()
                .any(|folder| name.starts_with(folder));
        if let Some(contents) = file.contents_utf8().filter(|_| wanted) {
            text.insert(name, contents.to_owned());
        }
    }
    for inner in folder.dirs() {
        embedded(inner, root, text);
    }
}

fn read(path: &Path, name: &str, text: &mut PackText) -> io::Result<()> {
    if std::fs::metadata(path)?.len() > LONGEST {
        return Err(io::Error::other(format!("{name} is larger than 8 MB")));
    }
    let contents = std::fs::read_to_string(path)
        .map_err(|e| io::Error::new(e.kind(), format!("{}: {e}", path.display())))?;
    text.insert(name.to_owned(), contents);
    Ok(())
}
