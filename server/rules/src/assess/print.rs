use super::{assessment::Step, explain::everybody, input::Input};
use crate::{
    lang::{Code, Context, Dictionary, Scratch, Type, Value, World},
    pack::{Pack, Texts},
    text,
};
use karton_api::{Money, Per};

/// Elements of a list that are written out before `…`.
const SHOWN: u32 = 8;

/// Writes values for people.
pub(crate) struct Printer<'a> {
    pub(crate) pack: &'a Pack,
    pub(crate) dictionary: &'a Dictionary,
    pub(crate) world: &'a World,
    pub(crate) scratch: &'a Scratch,
}

impl Printer<'_> {
    /// A value as people of a language write it. With an empty language codes stay codes and days ISO.
    pub(crate) fn print(&self, value: Value, ty: &Type, language: &str, input: Option<&Input>) -> String {
        match (value, ty) {
            (Value::Unknown(_), _) => text::UNKNOWN.to_owned(),
            (Value::Fault(fault), _) => format!("{} ({fault})", text::UNKNOWN),
            (Value::Bool(b), _) => text::bool(b, language).to_owned(),
            (Value::Int(n), _) => text::int(n, language),
            (Value::Money(minor), _) => self.money(minor, ty, language),
            (Value::Ratio(r), Type::Share(_)) => {
                let power = 10_i64.pow(u32::from(self.pack.country.minor_units));
                let whole = r.checked_div(crate::lang::Ratio::whole(power)).unwrap_or(r);
                let sign = text::currency(self.pack.country.currency.code(), language);
                format!("{}\u{a0}{sign}", text::decimal(whole, language))
            }
            (Value::Ratio(r), _) => text::decimal(r, language),
            (Value::Date(day), _) if language.is_empty() => day.to_string(),
            (Value::Date(day), _) => text::date(day, language),
            (Value::Duration(months, days), _) => match (months, days) {
                (0, days) => format!("{days} d"),
                (months, 0) => format!("{months} m"),
                (months, days) => format!("{months} m {days} d"),
            },
            (Value::Period(from, until), _) => {
                let last = until.yesterday().unwrap_or(until);
                format!("{} – {}", text::date(from, language), text::date(last, language))
            }
            (Value::Text(number), Type::Code(list)) if !language.is_empty() => {
                let code = self.dictionary.text(self.world, number);
                self.pack
                    .code_name(list, code, language)
                    .unwrap_or(code)
                    .to_owned()
            }
            (Value::Text(number), _) => self.dictionary.text(self.world, number).to_owned(),
            (Value::Person(number), _) => {
                let name = input
                    .and_then(|input| everybody(input).nth(number as usize))
                    .and_then(|p| p.name.clone());
                name.unwrap_or_else(|| (number + 1).to_string())
            }
            (Value::Row(at), Type::Row(row)) => {
                let columns = row.columns.iter().enumerate().map(|(i, (_, ty))| {
                    let cell = self.world.cells.get(at as usize + i).copied();
                    cell.map_or(String::new(), |value| self.print(value, ty, language, input))
                });
                columns.collect::<Vec<_>>().join(" ")
            }
            (Value::Row(_), _) => String::new(),
            (Value::Rows { at, count, width }, ty) => {
                self.list(count, |i| Value::Row(at + i * width), ty, language, input)
            }
            (Value::List(at, count), ty) => {
                let kept = |i| {
                    self.scratch
                        .lists
                        .borrow()
                        .get((at + i) as usize)
                        .copied()
                        .unwrap_or(Value::Bool(false))
                };
                self.list(count, kept, ty, language, input)
            }
        }
    }

    /// Takes an expression apart: each part with its value, the branch taken only.
    pub(crate) fn steps(
        &self,
        code: &Code,
        source: &str,
        context: &Context<'_>,
        languages: &[String],
        input: Option<&Input>,
    ) -> Vec<Step> {
        let mut steps = Vec::new();
        code.trace.walk(context, 0, &mut |depth, part, value| {
            let expression = source.get(part.span.start..part.span.end).unwrap_or(source);
            let expression = expression.split_whitespace().collect::<Vec<_>>().join(" ");
            let text = languages
                .iter()
                .map(|l| (l.clone(), self.print(value, &part.ty, l, input)))
                .collect();
            steps.push(Step {
                depth,
                expression,
                unit: part.ty.to_string(),
                text: Texts(text),
            });
        });
        steps
    }

    fn money(&self, minor: i64, ty: &Type, language: &str) -> String {
        let country = &self.pack.country;
        let amount = text::money(Money::new(minor, country.currency), country.minor_units, language);
        match ty {
            Type::Money(Per::Year) | Type::Share(Per::Year) if language == "en" => format!("{amount} a year"),
            _ => amount,
        }
    }

    fn list(
        &self,
        count: u32,
        get: impl Fn(u32) -> Value,
        ty: &Type,
        language: &str,
        input: Option<&Input>,
    ) -> String {
        let element = ty.element().unwrap_or(ty);
        let mut parts: Vec<String> = (0..count.min(SHOWN))
            .map(|i| self.print(get(i), element, language, input))
            .collect();
        if count > SHOWN {
            parts.push("…".to_owned());
        }
        if parts.is_empty() {
            "–".to_owned()
        } else {
            parts.join(", ")
        }
    }
}

impl Pack {
    /// The name of a code of a list in a language.
    pub fn code_name(&self, list: &str, code: &str, language: &str) -> Option<&str> {
        if list == "municipalities"
            && let Some(row) = self.municipalities.iter().find(|row| row.code == code)
        {
            return Some(row.name.get(language));
        }
        Some(self.codes.get(list)?.entry(code)?.name.get(language))
    }

    /// Where an office has its seat, as letters say it: the column `seat` of `offices.csv`, otherwise the name of its municipality.
    pub fn office_seat(&self, code: &str, municipality: Option<&str>, language: &str) -> Option<&str> {
        let row = self.offices.iter().find(|row| row.code == code);
        let said = row.and_then(|row| row.more.get("seat")).map(String::as_str);
        said.or_else(|| self.code_name("municipalities", municipality?, language))
    }
}
