use super::StoreError;
use std::{fmt, path::PathBuf, str::FromStr};

/// Where a store lives.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreUrl {
    /// A file, made when it is not there: `sqlite:PATH`.
    Sqlite(PathBuf),
    /// A file of its own in the temporary folder, gone with the store: `sqlite::memory:`.
    Temporary,
    /// A server: `postgres://…`, passed on as it is.
    Postgres(String),
}

impl StoreUrl {
    /// Reads `sqlite:PATH` (also `sqlite://PATH`), `sqlite::memory:` or `postgres://…`.
    pub fn parse(text: &str) -> Result<StoreUrl, StoreError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(StoreUrl::Postgres(text.to_owned()));
        }
        match text
            .strip_prefix("sqlite:")
            .map(|path| path.strip_prefix("//").unwrap_or(path))
        {
            Some(":memory:") => Ok(StoreUrl::Temporary),
            Some(path) if !path.is_empty() => Ok(StoreUrl::Sqlite(path.into())),
            _ => Err(StoreError::Url(
                text.split_once("://")
                    .map_or(text, |(scheme, _)| scheme)
                    .to_owned(),
            )),
        }
    }
}
impl FromStr for StoreUrl {
    type Err = StoreError;
    fn from_str(text: &str) -> Result<Self, StoreError> {
        StoreUrl::parse(text)
    }
}

// The address of a server may hold a password: what is shown leaves it out.
impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            StoreUrl::Temporary => f.write_str("sqlite::memory:"),
            StoreUrl::Postgres(url) => {
                let place = url.rsplit_once('@').map_or(url.as_str(), |(_, place)| place);
                let place = place.split_once("://").map_or(place, |(_, place)| place);
                write!(f, "postgres://{}", place.split('?').next().unwrap_or_default())
            }
        }
    }
}
impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_file_or_a_server_and_never_shows_a_password() {
        assert_eq!(
            StoreUrl::parse("sqlite:a/b.db"),
            Ok(StoreUrl::Sqlite("a/b.db".into()))
        );
        assert_eq!(
            StoreUrl::parse("sqlite:///var/k.db"),
            Ok(StoreUrl::Sqlite("/var/k.db".into()))
        );
        assert_eq!(StoreUrl::parse("sqlite::memory:"), Ok(StoreUrl::Temporary));
        assert_eq!(StoreUrl::parse("sqlite:"), Err(StoreError::Url("sqlite:".into())));
        assert_eq!(
            StoreUrl::parse("mysql://u:secret@h/d"),
            Err(StoreError::Url("mysql".into()))
        );
        let server = StoreUrl::parse("postgres://karton:secret@db.example/karton?password=secret").unwrap();
        assert_eq!(
            format!("{server} {server:?}"),
            "postgres://db.example/karton postgres://db.example/karton"
        );
    }
}
