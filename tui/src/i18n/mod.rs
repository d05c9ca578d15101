//! The words of the screens, one Fluent file a language, switchable while the client runs.

use crate::{term::keys::Cyrillic, text::visible};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use icu_collator::{CollatorBorrowed, options::CollatorOptions};
use icu_locale_core::Locale;
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, LazyLock},
};

/// The words of every language: adding one takes a file.
static WORDS: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/words");

/// What a language is called and how it writes, from its file: the messages that begin with `language-`.
struct Language {
    code: String,
    also: Vec<String>,
    locale: String,
    decimal: char,
    thousands: char,
    weekdays: Vec<String>,
    cyrillic: Cyrillic,
    source: &'static str,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let mut found: Vec<Language> = WORDS.files().filter_map(Language::read).collect();
    found.sort_by(|a, b| a.code.cmp(&b.code));
    found
});

impl Language {
    fn read(file: &'static include_dir::File<'static>) -> Option<Language> {
        let source = file.contents_utf8()?;
        let said = |key: &str| {
            let line = source
                .lines()
                .find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='));
            line.map(str::trim).unwrap_or_default()
        };
        // Fluent takes the blanks around a text away, so signs stand in quotes.
        let sign = |key: &str, otherwise| said(key).trim_matches('"').chars().next().unwrap_or(otherwise);
        let words = |key: &str| said(key).split_whitespace().map(str::to_owned).collect();
        Some(Language {
            code: file.path().file_stem()?.to_str()?.to_owned(),
            also: words("language-also"),
            locale: said("language-locale").to_owned(),
            decimal: sign("language-decimal", ','),
            thousands: sign("language-thousands", '.'),
            weekdays: words("language-weekdays"),
            cyrillic: match said("language-cyrillic") {
                "ukrainian" => Cyrillic::Ukrainian,
                _ => Cyrillic::Serbian,
            },
            source,
        })
    }
}

/// A language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lang(&'static str);

impl Default for Lang {
    fn default() -> Lang {
        Lang::EN
    }
}

impl Lang {
    /// English, which every client has.
    pub const EN: Lang = Lang("en");
    /// Montenegrin, in Latin script.
    #[cfg(test)]
    pub(crate) const CNR: Lang = Lang("cnr");

    /// All languages.
    pub fn all() -> impl Iterator<Item = Lang> {
        LANGUAGES.iter().map(|language| Lang(&language.code))
    }
    fn language(self) -> Option<&'static Language> {
        LANGUAGES.iter().find(|language| language.code == self.0)
    }
    /// The code used in packs and settings.
    pub fn code(self) -> &'static str {
        self.0
    }
    /// The language a code or a system locale (`en_GB.UTF-8`) names.
    pub fn of(code: &str) -> Option<Lang> {
        let head: String = code
            .chars()
            .take_while(char::is_ascii_alphabetic)
            .collect::<String>()
            .to_ascii_lowercase();
        let named = |language: &&Language| language.code == head || language.also.contains(&head);
        LANGUAGES.iter().find(named).map(|language| Lang(&language.code))
    }
    /// The next of some languages, or of all where the client knows none of them, round and round.
    pub fn next(self, among: &[String]) -> Lang {
        let some: Vec<Lang> = Lang::all()
            .filter(|it| among.iter().any(|code| code == it.0))
            .collect();
        let list = if some.is_empty() {
            Lang::all().collect()
        } else {
            some
        };
        let at = list.iter().position(|it| *it == self).map_or(0, |at| at + 1);
        list.get(at).or_else(|| list.first()).copied().unwrap_or(self)
    }
    /// What stands before the minor units.
    pub fn decimal(self) -> char {
        self.language().map_or('.', |language| language.decimal)
    }
    /// What stands between thousands.
    pub fn thousands(self) -> char {
        self.language().map_or(',', |language| language.thousands)
    }
    /// Two letters for each day of the week, from Monday, as they may be typed.
    pub(crate) fn weekdays(self) -> &'static [String] {
        self.language().map_or(&[], |language| &language.weekdays)
    }
    /// Where Cyrillic letters lie on the keyboards of its readers.
    pub(crate) fn cyrillic(self) -> Cyrillic {
        self.language()
            .map_or(Cyrillic::default(), |language| language.cyrillic)
    }
    fn source(self) -> &'static str {
        self.language().map_or("", |language| language.source)
    }
}

/// Something to say, kept as data so that it can be said in another language a moment later.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Say {
    /// Nothing.
    #[default]
    Nothing,
    /// A message of the client's own words, with its values.
    Words(&'static str, Vec<(&'static str, String)>),
    /// Text as it is: a name, the server's own sentence.
    Raw(String),
    /// A text of the pack, by language.
    Table(Arc<BTreeMap<String, String>>),
}

impl Say {
    /// A message without values.
    pub fn key(key: &'static str) -> Say {
        Say::Words(key, Vec::new())
    }
    /// Text as it is.
    pub fn raw(text: impl Into<String>) -> Say {
        Say::Raw(text.into())
    }
    /// A text of the pack.
    pub fn table(table: &BTreeMap<String, String>) -> Say {
        Say::Table(Arc::new(table.clone()))
    }
    /// With one more value; only messages take them.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Say {
        if let Say::Words(_, values) = &mut self {
            values.push((name, value.to_string()));
        }
        self
    }
    /// Whether there is nothing to say.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Say::Nothing)
    }
}
impl From<&'static str> for Say {
    fn from(key: &'static str) -> Say {
        Say::key(key)
    }
}

/// The words of one language.
pub struct Words {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
    /// The order of the language's alphabet; none where it is not known.
    order: Option<CollatorBorrowed<'static>>,
}
impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({:?})", self.lang)
    }
}

impl Words {
    /// Reads the words of a language. They are part of the program, and a test reads them all.
    pub fn of(lang: Lang) -> Words {
        let id = lang.language().map_or("en", |language| &language.locale);
        let mut bundle = FluentBundle::new(id.parse().into_iter().collect());
        bundle.set_use_isolating(false);
        // What a language does not say yet is said in English.
        for source in [Lang::EN.source(), lang.source()] {
            let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
            bundle.add_resource_overriding(resource);
        }
        let order = id
            .parse::<Locale>()
            .ok()
            .and_then(|locale| CollatorBorrowed::try_new(locale.into(), CollatorOptions::default()).ok());
        Words { lang, bundle, order }
    }
    /// How two names stand in the order of the language's alphabet: Є after Е, Č after C, also where a name is written in another script.
    pub fn compare(&self, a: &str, b: &str) -> std::cmp::Ordering {
        match &self.order {
            Some(order) => order.compare(a, b),
            None => a.cmp(b),
        }
    }
    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }
    /// A message without values.
    pub fn t(&self, key: &str) -> String {
        self.format(key, &[])
    }
    /// What is to be said, in this language and safe to show.
    pub fn say(&self, say: &Say) -> String {
        match say {
            Say::Nothing => String::new(),
            Say::Raw(text) => visible(text),
            Say::Words(key, values) => self.format(key, values),
            Say::Table(table) => visible(self.pick(table)),
        }
    }
    /// The text of a table in this language, or in the first there is.
    pub fn pick<'a>(&self, table: &'a BTreeMap<String, String>) -> &'a str {
        table
            .get(self.lang.code())
            .or_else(|| table.values().next())
            .map_or("", String::as_str)
    }
    fn format(&self, key: &str, values: &[(&'static str, String)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else {
            return format!("[{key}]");
        };
        let mut args = FluentArgs::new();
        for (name, value) in values {
            // Numbers choose plurals; everything else is text.
            match value.parse::<i32>() {
                Ok(n) if n.to_string() == *value => args.set(*name, FluentValue::from(n)),
                _ => args.set(*name, FluentValue::from(visible(value))),
            }
        }
        self.bundle
            .format_pattern(pattern, Some(&args), &mut Vec::new())
            .into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(lang: Lang) -> BTreeSet<String> {
        let named = |l: &str| l.split_once(" =").map(|(k, _)| k.to_owned());
        lang.source()
            .lines()
            .filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(named)
            .collect()
    }

    #[test]
    fn names_stand_in_the_order_of_each_alphabet() {
        for (code, sorted) in [
            // Г before Ґ, Е before Є, И before І before Ї; В stands after Б; an apostrophe is passed over.
            (
                "uk",
                "Біла Ваш Гай Ґава Демчук Ев Єв Жук Зуб Игор Іван Їжак Йосип Лук’ян Лукʼяненко Мар'ян Цап Шум Щерба Юрко Яр",
            ),
            ("cnr", "Car Čabar Ćosić Dag Đak Šabo Tot Zec Žut"),
            ("ro", "Ana Ăla Ban Ion Încă Sas Șoc Tat Țap"),
        ] {
            let lang = Lang::all().into_iter().find(|lang| lang.code() == code).unwrap();
            let words = Words::of(lang);
            let sorted: Vec<&str> = sorted.split(' ').collect();
            let mut names = sorted.clone();
            names.reverse();
            names.sort_by(|a, b| words.compare(a, b));
            assert_eq!(names, sorted, "{code}");
        }
    }

    #[test]
    fn all_languages_are_well_formed_and_complete() {
        for lang in Lang::all() {
            let (own, all) = (keys(lang), keys(Lang::EN));
            let unknown: Vec<&String> = own.difference(&all).collect();
            assert!(unknown.is_empty(), "{lang:?} says what nobody asks: {unknown:?}");
            let missing: Vec<&String> = all.difference(&own).collect();
            assert!(missing.is_empty(), "{lang:?} falls back to English: {missing:?}");
            assert_eq!(lang.weekdays().len(), 7, "{lang:?}");
            if let Err((_, errors)) = FluentResource::try_new(lang.source().to_owned()) {
                panic!("{lang:?}: {errors:?}");
            }
        }
    }

    /// Every literal of the sources that has the shape of a message of ours must be one, and every message must be used.
    #[test]
    fn every_word_the_screens_use_is_there_and_no_other() {
        fn walk(dir: &std::path::Path, out: &mut String) {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() && path.ends_with("tests") {
                    continue;
                }
                if path.is_dir() {
                    walk(&path, out);
                } else if path.extension().is_some_and(|e| e == "rs")
                    && !path.ends_with("tests.rs")
                    && !path.ends_with("fake.rs")
                {
                    let text = std::fs::read_to_string(&path).unwrap();
                    out.push_str(text.split("#[cfg(test)]\nmod tests {").next().unwrap());
                }
            }
        }
        let mut source = String::new();
        walk(
            std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
            &mut source,
        );
        let words = keys(Lang::EN);
        let heads: BTreeSet<&str> = words
            .iter()
            .filter_map(|k| k.split_once('-'))
            .map(|(h, _)| h)
            .collect();
        let literals: BTreeSet<&str> = source.split('"').skip(1).step_by(1).collect();
        let shaped = |t: &&&str| {
            t.chars().all(|c| c.is_ascii_lowercase() || c == '-')
                && t.contains('-')
                && t.split('-').all(|p| !p.is_empty())
        };
        // Words of the contract and of settings that happen to begin like ours.
        let others = [
            "not-the-same-as",
            "ask-evidence",
            "assessment-outdated",
            "not-verified",
            "not-a-draft",
            "own-dossier",
            "letter-failed",
            "letter-not-ready",
            "sign-in-first",
            "password-weak",
            "password-change-needed",
            "not-recognised",
            "not-permitted",
            "not-found",
            "step-not-open",
            "number-taken",
            "outcome-differs",
            "too-often",
            "job-not-failed",
            "import-not-checked",
            "too-large",
            "similar-name",
            "evidence-arrived",
            "fact-recorded",
            "letter-made",
            "member-joined",
            "member-left",
            "household-split",
            "household-change-undone",
            "not-named",
            "not-today",
            "birth-date-swapped",
            "name-swapped",
            "decide-dismissal",
            "deliver-dismissal",
            "not-completed",
            "amendment-running",
            "decision-annulled",
            "not-provided",
            "case-care-began",
            "case-care-ended",
            "case-contact",
            "case-plan-approved",
            "case-referred",
            "case-reopened",
            "case-reviewed",
            "case-running",
            "not-done",
            "not-restricted",
            "not-theirs",
            "not-in-pack",
            "version-in-force",
            "awards-exclude",
            "merge-elsewhere",
            "merge-later",
            "merge-not-open",
            "name-order",
            "transfer-waits",
            "choose-provider",
            "organisation-known",
            "provider-needed",
        ];
        let missing: Vec<&&str> = literals
            .iter()
            .filter(shaped)
            .filter(|t| {
                heads.contains(t.split('-').next().unwrap()) && !words.contains(**t) && !others.contains(*t)
            })
            .collect();
        assert!(missing.is_empty(), "not in words/: {missing:?}");
        let unused: Vec<&String> = words.iter().filter(|k| !literals.contains(k.as_str())).collect();
        assert!(unused.is_empty(), "never said: {unused:?}");
        assert_eq!(Words::of(Lang::EN).t("no-such-word"), "[no-such-word]");
    }
}
