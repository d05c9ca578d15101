//! Settings: built in, then the file, then the environment, then the command line. Unknown keys are mistakes.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};

/// Where the session's token is kept. Chosen once, shown in the profile, never switched silently; never plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum SecretTier {
    /// Nowhere: one signs in each time. Right for a counter that several clerks share.
    #[default]
    Memory,
    /// The kernel's keyring: gone at reboot.
    Kernel,
    /// A file sealed with a passphrase.
    File,
}

/// How Esc and a digit are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EscDigit {
    /// By the terminal's name.
    #[default]
    Auto,
    /// Esc waits a moment for a digit.
    On,
    /// Esc acts at once; a digit sent together with it is still an F-key.
    Off,
}

/// One server, by name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Where the server is, `https://…`.
    pub server: Option<String>,
    /// Certificates to trust besides the system's, PEM.
    pub ca_file: Option<PathBuf>,
    /// Where the token is kept.
    pub secrets: Option<SecretTier>,
}

/// The file `config.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The profile used when none is named.
    pub profile: Option<String>,
    /// Where the server is, without profiles.
    pub server: Option<String>,
    /// Language of the screens: `cnr` or `en`.
    pub lang: Option<String>,
    /// `default` or `contrast`.
    pub theme: Option<String>,
    /// Attributes only, no colour.
    #[serde(default)]
    pub mono: bool,
    /// Borders and letters in ASCII.
    #[serde(default)]
    pub ascii: bool,
    /// Laid out for a screen reader.
    #[serde(default)]
    pub plain: bool,
    /// How Esc and a digit are read.
    #[serde(default)]
    pub esc_digit: EscDigit,
    /// Minutes without a key after which the screen locks; 0 for never.
    pub lock_minutes: Option<u16>,
    /// Where the token is kept.
    pub secrets: Option<SecretTier>,
    /// Servers by name.
    #[serde(default)]
    pub profiles: BTreeMap<String, Profile>,
}

/// Settings as they hold for this run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The profile's name, where one was chosen.
    pub profile: Option<String>,
    /// Where the server is.
    pub server: String,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Language.
    pub lang: crate::i18n::Lang,
    /// Somebody said it, or the system did; otherwise the country does.
    pub lang_said: bool,
    /// No colour.
    pub mono: bool,
    /// Nothing dimmed.
    pub contrast: bool,
    /// ASCII only.
    pub ascii: bool,
    /// For a screen reader.
    pub plain: bool,
    /// Esc and a digit.
    pub esc_digit: EscDigit,
    /// Minutes until the screen locks; 0 for never.
    pub lock_minutes: u16,
    /// Where the token is kept.
    pub secrets: SecretTier,
    /// The folder of drafts and sealed secrets.
    pub state: PathBuf,
}

/// What the command line says.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--server`.
    pub server: Option<String>,
    /// `--profile`.
    pub profile: Option<String>,
    /// `--lang`.
    pub lang: Option<String>,
    /// `--theme`.
    pub theme: Option<String>,
    /// `--mono`.
    pub mono: bool,
    /// `--ascii`.
    pub ascii: bool,
    /// `--plain`.
    pub plain: bool,
}

/// The folders of the platform: settings, and drafts. `KARTON_HOME` puts both into one folder.
fn folders() -> Result<(PathBuf, PathBuf)> {
    if let Some(home) = std::env::var_os("KARTON_HOME") {
        return Ok((PathBuf::from(&home), PathBuf::from(home)));
    }
    let dirs = directories::ProjectDirs::from("", "", "karton")
        .context("this account has no home folder; set KARTON_HOME")?;
    Ok((
        dirs.config_dir().to_owned(),
        dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned(),
    ))
}

/// Reads the settings. Refuses a file with unknown keys, an unknown profile or language, with the place.
pub fn load(flags: &Flags) -> Result<Settings> {
    let (config, state) = folders()?;
    let path = config.join("config.toml");
    let file = match std::fs::read_to_string(&path) {
        Ok(text) => toml::from_str::<File>(&text).with_context(|| path.display().to_string())?,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => File::default(),
        Err(e) => return Err(e).with_context(|| path.display().to_string()),
    };
    merge(
        file,
        flags,
        |name| std::env::var(name).ok().filter(|v| !v.is_empty()),
        state,
    )
}

fn merge(
    file: File,
    flags: &Flags,
    env: impl Fn(&str) -> Option<String>,
    state: PathBuf,
) -> Result<Settings> {
    let name = flags
        .profile
        .clone()
        .or_else(|| env("KARTON_PROFILE"))
        .or(file.profile);
    let profile = match &name {
        Some(name) => file
            .profiles
            .get(name)
            .cloned()
            .with_context(|| format!("no profile named {name} in config.toml"))?,
        None => Profile::default(),
    };
    let said = flags.lang.clone().or_else(|| env("KARTON_LANG")).or(file.lang);
    let lang = match said {
        Some(code) => Some(crate::i18n::Lang::of(&code).with_context(|| {
            let known: Vec<&str> = crate::i18n::Lang::all().map(crate::i18n::Lang::code).collect();
            format!("no language {code}: known are {}", known.join(", "))
        })?),
        None => sys_locale::get_locale().and_then(|l| crate::i18n::Lang::of(&l)),
    };
    let theme = flags
        .theme
        .clone()
        .or(file.theme)
        .unwrap_or_else(|| "default".to_owned());
    anyhow::ensure!(
        matches!(theme.as_str(), "default" | "contrast"),
        "no theme {theme}: default and contrast are known"
    );
    let server = flags
        .server
        .clone()
        .or_else(|| env("KARTON_SERVER"))
        .or(profile.server)
        .or(file.server);
    Ok(Settings {
        profile: name,
        server: server.unwrap_or_else(|| "http://127.0.0.1:8640".to_owned()),
        ca_file: profile.ca_file,
        lang: lang.unwrap_or_default(),
        lang_said: lang.is_some(),
        mono: flags.mono || file.mono || env("NO_COLOR").is_some(),
        contrast: theme == "contrast",
        ascii: flags.ascii || file.ascii,
        plain: flags.plain || file.plain,
        esc_digit: file.esc_digit,
        lock_minutes: file.lock_minutes.unwrap_or(15),
        secrets: profile.secrets.or(file.secrets).unwrap_or_default(),
        state,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_before_the_environment_before_the_file() {
        let file: File =
            toml::from_str("lang = \"en\"\nprofile = \"bar\"\n[profiles.bar]\nserver = \"https://bar\"\n")
                .unwrap();
        let env = |n: &str| (n == "KARTON_SERVER").then(|| "https://env".to_owned());
        let s = merge(file.clone(), &Flags::default(), |_| None, PathBuf::new()).unwrap();
        assert_eq!(
            (s.server.as_str(), s.lang),
            ("https://bar", crate::i18n::Lang::EN)
        );
        assert_eq!(
            merge(file.clone(), &Flags::default(), env, PathBuf::new())
                .unwrap()
                .server,
            "https://env"
        );
        let flags = Flags {
            server: Some("https://flag".into()),
            ..Flags::default()
        };
        assert_eq!(
            merge(file, &flags, env, PathBuf::new()).unwrap().server,
            "https://flag"
        );
    }

    #[test]
    fn a_misspelt_setting_is_a_mistake() {
        let error = toml::from_str::<File>("langauge = \"en\"")
            .unwrap_err()
            .to_string();
        assert!(error.contains("langauge"), "{error}");
        let flags = Flags {
            profile: Some("none".into()),
            ..Flags::default()
        };
        assert!(merge(File::default(), &flags, |_| None, PathBuf::new()).is_err());
    }
}
