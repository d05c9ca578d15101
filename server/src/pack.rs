//! Reading packs: those embedded in the binary by name, others from a folder.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

static FIXTURES: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/../fixtures");

/// A file larger than this is no part of a pack.
const LARGEST: u64 = 8 << 20;
/// So many files are more than any pack has: the wrong folder was named.
const MOST: usize = 5_000;

/// The texts of a pack, by path inside it with `/` between its parts.
pub type Files = BTreeMap<String, String>;

/// Names of the embedded packs.
pub fn embedded() -> Vec<String> {
    let folders = FIXTURES
        .dirs()
        .filter(|folder| folder.get_file(folder.path().join("country.toml")).is_some());
    folders
        .map(|folder| folder.path().display().to_string())
        .collect()
}

/// The texts of a pack: of an embedded one by its name (`me`), or of a folder by its path (`./folder`). What has a path is never taken for
/// a name, so that `./me` is the folder.
pub fn files(pack: &str) -> io::Result<Files> {
    let mut files = Files::new();
    if let Some(folder) = FIXTURES.get_dir(pack) {
        embedded_files(folder, folder.path(), &mut files);
        return Ok(files);
    }
    let root = PathBuf::from(pack);
    if !root.join("country.toml").is_file() {
        let known = embedded().join(", ");
        let what =
            format!("there is no pack “{pack}”: neither embedded ({known}) nor a folder with a country.toml");
        return Err(io::Error::new(io::ErrorKind::NotFound, what));
    }
    folder_files(&root, &root, &mut files)?;
    Ok(files)
}

fn embedded_files(folder: &include_dir::Dir<'_>, root: &Path, files: &mut Files) {
    for file in folder.files() {
        if let Some(text) = file.contents_utf8() {
            files.insert(name(file.path(), root), text.to_owned());
        }
    }
    for inner in folder.dirs() {
        embedded_files(inner, root, files);
    }
}

fn folder_files(folder: &Path, root: &Path, files: &mut Files) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            folder_files(&path, root, files)?;
        } else if kind.is_file() {
            if entry.metadata()?.len() > LARGEST || files.len() >= MOST {
                return Err(io::Error::other(format!(
                    "{} is too large for a pack",
                    path.display()
                )));
            }
            let text = fs::read_to_string(&path)
                .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
            files.insert(name(&path, root), text);
        }
    }
    Ok(())
}

fn name(path: &Path, root: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embedded_pack_and_its_folder_are_the_same() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/me");
        let embedded = files("me").unwrap();
        assert_eq!(embedded, files(&folder.to_string_lossy()).unwrap());
        assert!(embedded.contains_key("country.toml") && embedded.contains_key("catalogue/MO/benefit.toml"));
        assert!(super::embedded().contains(&"me".to_owned()));
        assert!(files("nowhere").is_err());
    }
}
