//! From a folder's texts to a pack, or to all of its mistakes.

use super::{
    Form, HolderKind, Literal, Mistake, Pack, Parameter, ParameterAt, ParameterValue, derive, exchange,
    letters,
    like::{self, Like},
    load, load_benefit, load_cases, load_codes, load_country, load_facts, load_imports, load_own,
    load_signals, load_work,
    program::{Compiler, Shared},
    read::{File, Mistakes},
    references, run_cases, signal_cases, supplied, whole,
};
use crate::lang::{Dated, Dictionary, Law, Looked, Lookup, Type, Value};
use karton_api::Date;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

impl Pack {
    /// Reads and checks a whole pack: path inside the folder → text. Reports every mistake, never only the first;
    /// worked examples run when nothing else is wrong.
    pub fn load(files: &BTreeMap<String, String>) -> Result<Pack, Vec<Mistake>> {
        match Pack::load_draft(files)? {
            (pack, failing) if failing.is_empty() => Ok(pack),
            (_, failing) => Err(failing),
        }
    }

    /// The same for a version that is still being written: what its worked examples find wrong is no mistake of it and comes beside the pack.
    pub fn load_draft(files: &BTreeMap<String, String>) -> Result<(Pack, Vec<Mistake>), Vec<Mistake>> {
        let mistakes = Mistakes::default();
        let mut pack = read(files, &mistakes);
        pack.build_dictionary();
        derive::parameters(&mut pack, files, &mistakes);
        references::check(&pack, files, &mistakes);
        whole::check(&pack, files, &mistakes);
        letters::check(&pack, &mistakes);
        pack.compile(files, &mistakes);
        let found = mistakes.take();
        if !found.is_empty() {
            return Err(found);
        }
        // A form or service that is wrong itself would show again as a fact that nobody gives.
        supplied::check(&pack, files, &mistakes);
        let found = mistakes.take();
        if !found.is_empty() {
            return Err(found);
        }
        run_cases::check(&pack, files, &mistakes);
        signal_cases::check(&pack, files, &mistakes);
        pack.notes = references::notes(&pack, files);
        Ok((pack, mistakes.take()))
    }
}

fn hash(files: &BTreeMap<String, String>) -> String {
    let mut hasher = Sha256::new();
    for (name, text) in files {
        // Lengths keep the end of one file apart from the beginning of the next.
        for part in [name, text] {
            hasher.update(part.len().to_le_bytes());
            hasher.update(part.as_bytes());
        }
    }
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn read(files: &BTreeMap<String, String>, mistakes: &Mistakes) -> Pack {
    let empty = String::new();
    let text = |name: &str| files.get(name).unwrap_or(&empty);
    for name in ["country.toml", "facts.toml"] {
        if !files.contains_key(name) {
            mistakes.note(Mistake::at(name, "", 0, format!("the file {name} is missing")));
        }
    }
    // Mistakes of this first look are found again by the second.
    let first_look = Mistakes::default();
    let languages = load::languages(File {
        name: "country.toml",
        text: text("country.toml"),
        mistakes: &first_look,
        languages: &[],
    });
    let opener = Opener {
        files,
        mistakes,
        languages: &languages,
    };
    let country = File {
        name: "country.toml",
        text: text("country.toml"),
        mistakes,
        languages: &languages,
    };
    let country = load_country::country(country);
    let mut pack = Pack {
        parameters: Vec::new(),
        facts: opener
            .open("facts.toml")
            .map(load_facts::facts)
            .unwrap_or_default(),
        benefits: Vec::new(),
        forms: Vec::new(),
        procedures: Vec::new(),
        own_registers: Vec::new(),
        imports: opener
            .open("imports.toml")
            .map(load_imports::imports)
            .unwrap_or_default(),
        services: Vec::new(),
        incoming: Vec::new(),
        codes: BTreeMap::new(),
        offices: opener
            .open("codes/offices.csv")
            .map(load_codes::offices)
            .unwrap_or_default(),
        municipalities: opener
            .open("codes/municipalities.csv")
            .map(load_codes::municipalities)
            .unwrap_or_default(),
        holidays: opener
            .open("codes/holidays.csv")
            .map(load_codes::holidays)
            .unwrap_or_default(),
        letters: BTreeMap::new(),
        words: BTreeMap::new(),
        people: BTreeMap::new(),
        sources: BTreeMap::new(),
        hash: hash(files),
        notes: Vec::new(),
        dictionary: Dictionary::new(country.currency.code(), country.minor_units),
        shared: Vec::new(),
        signals: Vec::new(),
        signal_cases: Vec::new(),
        signal_programs: Vec::new(),
        law: Law::default(),
        programs: Vec::new(),
        country,
    };
    let mut likes = Vec::new();
    for name in files.keys() {
        if let Some(file) = opener.open(name) {
            one_file(&mut pack, file, mistakes, &mut likes);
        }
    }
    like::lay(&mut pack.procedures, &likes, files, |mistake| {
        mistakes.note(mistake)
    });
    let place = |code: &str| pack.country.catalogue.iter().position(|known| known == code);
    let mut benefits = std::mem::take(&mut pack.benefits);
    // Those that the country's catalogue does not list come last, by their folder.
    benefits.sort_by_key(|benefit| place(&benefit.code).unwrap_or(usize::MAX));
    pack.benefits = benefits;
    // Cases after all else: they are read against the dictionary and belong to a benefit of their folder.
    let reader = load_cases::FactReader {
        codes: &pack.codes,
        municipalities: &pack.municipalities,
        facts: &pack.facts,
        currency: pack.country.currency,
        minor_units: pack.country.minor_units,
    };
    for benefit in &mut pack.benefits {
        let folder = benefit.place.file.trim_end_matches("benefit.toml");
        let name = format!("{folder}cases.toml");
        match opener.open(&name) {
            Some(file) => benefit.cases = load_cases::cases(file, &reader),
            None => mistakes.note(Mistake::at(
                &name,
                "",
                0,
                "a benefit needs worked examples: cases.toml is missing",
            )),
        }
    }
    if let Some(file) = opener.open(signal_cases::FILE) {
        pack.signal_cases = signal_cases::read(file, &reader);
    }
    for language in &languages {
        let name = format!("words/{language}.ftl");
        if !files.contains_key(&name) {
            mistakes.note(Mistake::at(
                &name,
                "",
                0,
                format!("the words in `{language}` are missing"),
            ));
        }
    }
    pack
}

struct Opener<'a> {
    files: &'a BTreeMap<String, String>,
    mistakes: &'a Mistakes,
    languages: &'a [String],
}

impl<'a> Opener<'a> {
    fn open(&self, name: &str) -> Option<File<'a>> {
        let (name, text) = self.files.get_key_value(name)?;
        Some(File {
            name,
            text,
            mistakes: self.mistakes,
            languages: self.languages,
        })
    }
}

fn one_file(pack: &mut Pack, file: File<'_>, mistakes: &Mistakes, likes: &mut Vec<Like>) {
    let parts: Vec<&str> = file.name.split('/').collect();
    let languages = file.languages;
    file.visible();
    match parts.as_slice() {
        ["country.toml" | "facts.toml" | "imports.toml"]
        | ["codes", "offices.csv" | "municipalities.csv" | "holidays.csv"] => {}
        ["SOURCES.md"] => pack.sources = sources(file.text),
        ["parameters", name] if name.ends_with(".toml") => {
            load::parameters(file, pack.country.minor_units, &mut pack.parameters);
        }
        ["signals", "cases.toml"] => {}
        ["signals", name] if name.ends_with(".toml") => load_signals::signals(file, &mut pack.signals),
        ["rules", name] if name.ends_with(".toml") => load::shared(file, &mut pack.shared),
        ["codes", name] if name.ends_with(".csv") => {
            let name = name.trim_end_matches(".csv");
            pack.codes
                .insert(name.to_owned(), load_codes::code_list(file, name));
        }
        ["registers", name] if name.ends_with(".toml") => {
            load_work::services(file, &mut pack.services, &mut pack.incoming);
        }
        ["procedures", name] if name.ends_with(".toml") => {
            let (found, like) = load_work::procedure(file);
            likes.extend(like);
            once(
                file,
                "procedure",
                &found.id,
                pack.procedures.iter().map(|other| other.id.as_str()),
            );
            pack.procedures.push(found);
        }
        ["own-registers", name] if name.ends_with(".toml") => {
            let found = load_own::register(file);
            once(
                file,
                "register",
                &found.id,
                pack.own_registers.iter().map(|other| other.id.as_str()),
            );
            pack.own_registers.push(found);
        }
        ["catalogue", _, "benefit.toml"] => {
            let found = load_benefit::benefit(file);
            once(
                file,
                "benefit",
                &found.code,
                pack.benefits.iter().map(|other| other.code.as_str()),
            );
            pack.benefits.push(found);
        }
        ["catalogue", _, "form.toml"] | ["forms", _] => {
            let found = load_work::form(file);
            once(
                file,
                "form",
                &found.id,
                pack.forms.iter().map(|other| other.id.as_str()),
            );
            pack.forms.push(found);
        }
        ["catalogue", folder, "cases.toml"] => {
            let benefit = file.name.replace("cases.toml", "benefit.toml");
            if !pack.benefits.iter().any(|found| found.place.file == benefit) {
                file.wrong(0, format!("the folder {folder} has no benefit.toml"));
            }
        }
        ["letters", name] if name.ends_with(".md") => {
            let mut words = name.trim_end_matches(".md").rsplitn(2, '.');
            match (words.next(), words.next()) {
                (Some(language), Some(name)) if languages.iter().any(|known| known == language) => {
                    pack.letters
                        .entry(name.to_owned())
                        .or_default()
                        .insert(language.to_owned(), file.text.to_owned());
                }
                _ => file.wrong(
                    0,
                    "a letter is named <template>.<language>.md, in a language of the country",
                ),
            }
        }
        ["words", name] if name.ends_with(".ftl") => {
            let language = name.trim_end_matches(".ftl");
            if !languages.iter().any(|known| known == language) {
                file.wrong(0, format!("`{language}` is not a language of this country"));
            }
            pack.words.insert(language.to_owned(), file.text.to_owned());
        }
        ["people", name] => {
            pack.people.insert((*name).to_owned(), file.text.to_owned());
        }
        _ if [".toml", ".csv", ".ftl"]
            .iter()
            .any(|ending| file.name.ends_with(ending)) =>
        {
            mistakes.note(Mistake::at(
                file.name,
                file.text,
                0,
                "nothing reads a file of this name; see the list of a pack's files",
            ));
        }
        _ => {}
    }
}

fn once<'a>(file: File<'_>, what: &str, id: &str, mut others: impl Iterator<Item = &'a str>) {
    if !id.is_empty() && others.any(|other| other == id) {
        file.wrong(0, format!("the {what} `{id}` is defined twice"));
    }
}

/// The legend of SOURCES.md: lines that begin with a mark such as `S3` or `| S3 |`, bold or in brackets or not.
fn sources(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for line in text.lines() {
        let line = line.trim_start_matches(['|', '-', '*', '#', ' ', '[', '`']);
        let end = line
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(line.len());
        let (mark, rest) = line.split_at(end);
        let digits = mark.strip_prefix('S').unwrap_or_default();
        let is_mark = matches!(mark, "D" | "M" | "P") || digits.starts_with(|c: char| c.is_ascii_digit());
        if is_mark {
            let rest = rest.trim_matches([' ', '|', '*', ':', ']', '`', '–', '-', '.']);
            found.entry(mark.to_owned()).or_insert_with(|| rest.to_owned());
        }
    }
    found
}

impl Pack {
    fn build_dictionary(&mut self) {
        let dictionary = &mut self.dictionary;
        for fact in &self.facts {
            let holder = match fact.holder {
                HolderKind::Person => &mut dictionary.person,
                HolderKind::Household => &mut dictionary.household,
                HolderKind::Claim => &mut dictionary.claim,
            };
            if holder.find(&fact.name).is_none() {
                holder.add(&fact.name, fact.ty.clone());
            }
        }
        for (name, list) in &self.codes {
            dictionary.lists.insert(
                name.clone(),
                list.entries.iter().map(|entry| entry.code.clone()).collect(),
            );
        }
        let municipalities = self.municipalities.iter().map(|row| row.code.clone());
        dictionary
            .lists
            .insert("municipalities".to_owned(), municipalities.collect());
        for list in dictionary.lists.values().flatten().cloned().collect::<Vec<_>>() {
            dictionary.intern(&list);
        }
        for parameter in &self.parameters {
            dictionary.parameters.push((
                parameter.name.clone(),
                parameter.unit.clone(),
                parameter.keys.clone(),
            ));
        }
        for parameter in &self.parameters {
            let at = parameter
                .at
                .iter()
                .map(|dated| dated_of(dictionary, parameter, dated));
            let at = at.collect();
            self.law.lookups.push(Lookup { at });
        }
        self.law.holidays = self.holidays.iter().map(|holiday| holiday.on).collect();
    }

    fn compile(&mut self, files: &BTreeMap<String, String>, mistakes: &Mistakes) {
        let taken = self.services.iter().flat_map(|service| {
            let of = |member: &String| (service.code.clone(), member.clone());
            service
                .takes
                .iter()
                .map(move |(member, ty)| (of(member), ty.clone()))
        });
        let taken = taken.collect();
        let mut compiler = Compiler {
            files,
            mistakes,
            dictionary: &mut self.dictionary,
            services: &self.services,
            benefits: &self.benefits,
            shared: Shared::default(),
            sensitive: (self.facts.iter())
                .filter_map(|fact| Some((fact.name.clone(), fact.sensitive?)))
                .collect(),
        };
        for form in &mut self.forms {
            compile_form(&mut compiler, form, &self.facts);
        }
        for step in self
            .procedures
            .iter_mut()
            .flat_map(|procedure| &mut procedure.steps)
        {
            if let Some(guard) = &mut step.guard {
                compiler.alone(guard, &Type::Bool, false);
            }
            for (expression, ty) in exchange::expressions(step, &taken) {
                compiler.alone(expression, &ty, false);
            }
        }
        compiler.share(&self.shared);
        self.signal_programs = self
            .signals
            .iter()
            .map(|signal| compiler.signal(signal))
            .collect();
        self.programs = self
            .benefits
            .iter()
            .map(|benefit| compiler.benefit(benefit))
            .collect();
    }
}

fn compile_form(compiler: &mut Compiler<'_>, form: &mut Form, facts: &[super::FactDef]) {
    for page in &mut form.pages {
        let members = page.of == super::PageOf::Members;
        for field in &mut page.fields {
            if let Some(when) = &mut field.when {
                compiler.alone(when, &Type::Bool, members);
            }
            let fact = facts
                .iter()
                .find(|fact| fact.holder == page.of.holder() && fact.name == field.fact);
            if let (Some(default), Some(fact)) = (&mut field.default, fact) {
                compiler.alone(default, &fact.ty, members);
            }
        }
        for check in &mut page.checks {
            compiler.alone(&mut check.when, &Type::Bool, members);
        }
    }
}

/// A dated value ready to be looked up.
pub(super) fn dated_of(dictionary: &mut Dictionary, parameter: &Parameter, dated: &ParameterAt) -> Dated {
    Dated {
        from: dated.from,
        published: dated.published.unwrap_or(Date::MIN),
        value: looked(dictionary, &dated.value, parameter),
    }
}

fn looked(dictionary: &mut Dictionary, value: &ParameterValue, parameter: &Parameter) -> Looked {
    let mut of = |literal: &Literal| match literal {
        Literal::Bool(b) => Value::Bool(*b),
        Literal::Int(n) => Value::Int(*n),
        Literal::Decimal(d) => Value::Ratio(*d),
        Literal::Money(minor) => Value::Money(*minor),
        Literal::Date(day) => Value::Date(*day),
        Literal::Text(text) => Value::Text(dictionary.intern(text)),
    };
    let rows = match value {
        ParameterValue::One(value) => return Looked::One(of(value)),
        ParameterValue::Table(rows) => rows,
    };
    let mut found = Vec::new();
    for (keys, value) in rows {
        let keys: Vec<Option<Value>> = keys.iter().map(|key| key.as_ref().map(&mut of)).collect();
        found.push((keys, of(value)));
    }
    // The commonest tables have shapes of their own.
    if parameter.keys.len() == 1 && !parameter.up_to {
        let ints = found.iter().map(|(keys, value)| match keys.as_slice() {
            [Some(Value::Int(key))] => Some((*key, *value)),
            _ => None,
        });
        if let Some(steps) = ints.collect::<Option<Vec<_>>>() {
            return Looked::Steps(steps);
        }
        let texts = found.iter().map(|(keys, value)| match keys.as_slice() {
            [Some(Value::Text(key))] => Some((*key, *value)),
            _ => None,
        });
        if let Some(named) = texts.collect::<Option<Vec<_>>>() {
            return Looked::Named(named);
        }
    }
    Looked::Rows {
        rows: found,
        up_to: parameter.up_to,
    }
}
