//! Who asks, who is paid, and the kind by claim: the keys `applicant`, `kind`, `payee` and `[provider]` of `benefit.toml`.

use super::{
    AmountRule, ApplicantKind, BenefitKind, Choice, ChosenBy, HolderKind, PayeeKind, ProviderRule,
    read::{Table, To},
};

pub(super) const KINDS: [(&str, BenefitKind); 3] = [
    ("monthly", BenefitKind::Monthly),
    ("one-off", BenefitKind::OneOff),
    ("in-kind", BenefitKind::InKind),
];
pub(super) const PAYEES: [(&str, PayeeKind); 2] = [
    ("applicant", PayeeKind::Applicant),
    ("provider", PayeeKind::Provider),
];
const APPLICANTS: [(&str, ApplicantKind); 2] = [
    ("person", ApplicantKind::Person),
    ("organisation", ApplicantKind::Organisation),
];
const CHOOSERS: [(&str, ChosenBy); 2] = [("applicant", ChosenBy::Applicant), ("office", ChosenBy::Office)];

/// Who asks for a benefit, and who is paid.
pub(super) struct Parties {
    pub(super) applicant: ApplicantKind,
    pub(super) payee: PayeeKind,
    pub(super) payees: Option<Choice<PayeeKind>>,
    pub(super) provider: Option<ProviderRule>,
}

/// The parties of a benefit, with what of them does not go together.
pub(super) fn parties(table: &Table<'_>, unit: HolderKind) -> Parties {
    let applicant = table
        .choice("applicant", &APPLICANTS, Some(ApplicantKind::Person))
        .unwrap_or_default();
    let (payee, payees) = chosen(table, "payee", &PAYEES, Some(PayeeKind::Applicant));
    let payee = payees
        .as_ref()
        .and_then(|all| {
            all.each
                .iter()
                .map(|(_, payee)| *payee)
                .find(|it| *it == PayeeKind::Provider)
        })
        .or(payee)
        .unwrap_or_default();
    let provider = table.opt("provider").and_then(|item| item.table()).map(|table| {
        let found = ProviderRule {
            register: table.refer(To::OwnRegister, "register"),
            services: table.strings("services"),
            chosen: table
                .choice("chosen", &CHOOSERS, None)
                .unwrap_or(ChosenBy::Applicant),
            place: table.place(),
        };
        if found.services.is_empty() {
            table.wrong("`services` names at least one thing that the provider is registered for");
        }
        table.finish();
        found
    });
    match (payee, &provider) {
        (PayeeKind::Provider, None) => {
            table.wrong(
                "a provider is paid, but [provider] does not say of which register and who chooses it",
            );
        }
        (PayeeKind::Applicant, Some(_)) => {
            table.wrong("[provider] says which providers are paid, but `payee` names none");
        }
        _ => {}
    }
    if applicant == ApplicantKind::Organisation {
        if unit == HolderKind::Household {
            table.wrong("an organisation asks on account of a person, not of a household: `unit` is person");
        }
        if payee == PayeeKind::Provider {
            table.wrong("what an organisation asks for is paid to it, not to a provider");
        }
    }
    Parties {
        applicant,
        payee,
        payees,
        provider,
    }
}

/// The kind of a benefit: one, or by what the claim says; then the one in whose terms the amount is written comes first.
pub(super) fn kind(
    table: &Table<'_>,
    amount: Option<&AmountRule>,
) -> (BenefitKind, Option<Choice<BenefitKind>>) {
    let (kind, choice) = chosen(table, "kind", &KINDS, None);
    let Some(choice) = choice else {
        return (kind.unwrap_or(BenefitKind::Monthly), None);
    };
    let has = |kind| choice.each.iter().any(|(_, one)| *one == kind);
    let (monthly, once) = (has(BenefitKind::Monthly), has(BenefitKind::OneOff));
    let lump = amount.is_some_and(|amount| amount.parts.iter().any(|part| part.once));
    if monthly && once && !lump {
        let message =
            "of a kind that is paid monthly or once the amount needs parts, one of them `paid = \"once\"`";
        table.file.wrong(choice.place.offset, message);
    }
    let main = match (monthly, once) {
        (true, _) => BenefitKind::Monthly,
        (false, true) => BenefitKind::OneOff,
        (false, false) => BenefitKind::InKind,
    };
    (main, Some(choice))
}

/// One of several words that a worked example may expect.
pub(super) fn expected<T: Copy>(table: &Table<'_>, key: &str, words: &[(&str, T)]) -> Option<T> {
    table.opt(key).and_then(|_| table.choice(key, words, None))
}

/// One of several words, or a table `{ of = "expression", value = "word", … }`.
fn chosen<T: Copy + PartialEq>(
    table: &Table<'_>,
    key: &str,
    words: &[(&str, T)],
    otherwise: Option<T>,
) -> (Option<T>, Option<Choice<T>>) {
    let by_claim = table.opt(key).filter(|item| item.value.get_ref().is_table());
    let Some(item) = by_claim else {
        return (table.choice(key, words, otherwise), None);
    };
    let Some(inner) = item.table() else {
        return (otherwise, None);
    };
    let of = inner.expression("of").unwrap_or_default();
    let entries = inner.entries();
    let names = entries
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| *name != "of");
    let each: Vec<(String, T)> = names
        .filter_map(|name| Some((name.to_owned(), inner.choice(name, words, None)?)))
        .collect();
    let first = each.first().map(|(_, one)| *one);
    if each.iter().all(|(_, one)| Some(*one) == first) {
        item.wrong(format!(
            "`{key}` is the same for every value: write it as one word"
        ));
    }
    let choice = Choice {
        of,
        each,
        place: inner.place(),
    };
    (first, Some(choice))
}
