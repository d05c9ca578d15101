//! What the templates of letters may say: for each kind of letter the values that are frozen with it. The house fills them in; a test there
//! holds every letter that it makes against these lists.

/// What stands in a place of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Text, a number or yes and no.
    Value,
    /// Values with names.
    Record(&'static [(&'static str, Place)]),
    /// Some of the same, one after the other.
    List(&'static Place),
}

use Place::{List, Record, Value};

const OFFICE: Place = Record(&[("name", Value), ("seat", Value), ("address", Value)]);
const PERSON: Place = Record(&[("name", Value), ("national_id", Value), ("address", Value)]);
const REPRESENTATIVE: Place = Record(&[
    ("name", Value),
    ("address", Value),
    ("capacity", Value),
    ("ground", Value),
]);
/// The employee on whose account an employer asks.
const EMPLOYEE: Place = Record(&[("name", Value), ("national_id", Value)]);
const BENEFIT: Place = Record(&[("code", Value), ("name", Value), ("kind", Value)]);
const NUMBERED: Place = Record(&[("number", Value), ("date", Value)]);
const APPEAL: Place = Record(&[("days", Value), ("to", Value)]);
const SIGNATURE: Place = Record(&[
    ("title", Value),
    ("deputy", Value),
    ("deputy_for", Value),
    ("stamp", Value),
    ("electronic", Value),
]);
const OFFICERS: Place = Record(&[("first", Value), ("second", Value)]);
const CONDITIONS: Place = List(&Record(&[
    ("id", Value),
    ("verdict", Value),
    ("text", Value),
    ("law", Value),
    ("confirmed", Value),
]));
const CALCULATION: Place = List(&Record(&[("label", Value), ("value", Value)]));
const TEXTS: Place = List(&Value);

const DECISION: &[(&str, Place)] = &[
    ("office", OFFICE),
    ("number", Value),
    ("date", Value),
    ("outcome", Value),
    ("benefit", BENEFIT),
    ("applicant", PERSON),
    ("representative", REPRESENTATIVE),
    ("employee", EMPLOYEE),
    (
        "members",
        List(&Record(&[
            ("name", Value),
            ("national_id", Value),
            ("relationship", Value),
        ])),
    ),
    ("about", Record(&[("name", Value), ("national_id", Value)])),
    ("informed", Value),
    (
        "provider",
        Record(&[
            ("name", Value),
            ("number", Value),
            ("address", Value),
            ("account", Value),
            ("service", Value),
        ]),
    ),
    ("refused", List(&Record(&[("what", Value), ("reason", Value)]))),
    ("amount", Value),
    ("once", Value),
    ("discretion", Record(&[("upto", Value), ("reasons", TEXTS)])),
    (
        "period",
        Record(&[("starts", Value), ("ends", Value), ("review_on", Value)]),
    ),
    (
        "payment",
        Record(&[
            ("channel", Value),
            ("account", Value),
            ("payee", Value),
            ("address", Value),
        ]),
    ),
    ("lodged", NUMBERED),
    (
        "evidence",
        List(&Record(&[
            ("service", Value),
            ("institution", Value),
            ("asked_on", Value),
            ("reference", Value),
            ("status", Value),
        ])),
    ),
    ("conditions", CONDITIONS),
    ("calculation", CALCULATION),
    ("acts", TEXTS),
    ("appeal", APPEAL),
    ("signature", SIGNATURE),
    ("officers", OFFICERS),
    ("paragraphs", TEXTS),
    ("note", Value),
];

/// What a second body's letter has beside those of a decision.
const CONFIRMATION: &[(&str, Place)] = &[("first", FIRST), ("reason", Value)];

/// The act of the first body.
const FIRST: Place = Record(&[
    ("number", Value),
    ("date", Value),
    ("office", Value),
    ("officer", Value),
]);

/// What a second body's letter on a later decision has beside those of that one: `says` is `confirm` or `refuse`, and why not is `refusal`.
const LATER_CONFIRMATION: &[(&str, Place)] = &[("first", FIRST), ("says", Value), ("refusal", Value)];

const AMENDMENT: &[(&str, Place)] = &[
    ("kind", Value),
    ("office", OFFICE),
    ("number", Value),
    ("date", Value),
    ("benefit", BENEFIT),
    ("applicant", PERSON),
    ("employee", EMPLOYEE),
    ("target", NUMBERED),
    ("part", Record(&[("name", Value), ("person", Value)])),
    ("from", Value),
    ("before", Value),
    ("amount", Value),
    ("corrections", List(&Record(&[("was", Value), ("is", Value)]))),
    ("undue", List(&Record(&[("month", Value), ("amount", Value)]))),
    ("undue_total", Value),
    ("reason", Record(&[("text", Value), ("law", Value)])),
    ("conditions", CONDITIONS),
    ("calculation", CALCULATION),
    ("paragraphs", TEXTS),
    ("acts", TEXTS),
    ("appeal", APPEAL),
    ("signature", SIGNATURE),
    ("officers", OFFICERS),
];

const COMPLETION: &[(&str, Place)] = &[
    ("office", OFFICE),
    ("number", Value),
    ("date", Value),
    ("benefit", BENEFIT),
    ("applicant", PERSON),
    ("representative", REPRESENTATIVE),
    ("employee", EMPLOYEE),
    ("lodged", NUMBERED),
    ("completion", Record(&[("days", Value)])),
    ("missing", TEXTS),
    ("note", Value),
    ("officers", Record(&[("first", Value)])),
];

const RECEIPT: &[(&str, Place)] = &[
    ("office", OFFICE),
    ("number", Value),
    ("date", Value),
    ("officer", Value),
    ("applicant", PERSON),
    ("representative", REPRESENTATIVE),
    ("employee", EMPLOYEE),
    ("completion", Value),
    ("channel", Record(&[("code", Value), ("name", Value)])),
    ("post", NUMBERED),
    (
        "items",
        List(&Record(&[("benefit", Value), ("number", Value), ("due", Value)])),
    ),
    ("handed_in", TEXTS),
    ("missing", TEXTS),
    ("bring_by", Value),
    ("obtains", TEXTS),
    ("consent", Value),
];

const DISMISSAL: &[(&str, Place)] = &[
    ("office", OFFICE),
    ("number", Value),
    ("date", Value),
    ("benefit", BENEFIT),
    ("applicant", PERSON),
    ("representative", REPRESENTATIVE),
    ("employee", EMPLOYEE),
    ("lodged", NUMBERED),
    ("reason", Record(&[("code", Value), ("name", Value)])),
    ("words", Value),
    ("forward_to", Value),
    (
        "completion",
        Record(&[("asked", Value), ("until", Value), ("reason", Value)]),
    ),
    ("appeal", APPEAL),
    ("officers", OFFICERS),
];

const WITHDRAWAL: &[(&str, Place)] = &[
    ("office", OFFICE),
    ("number", Value),
    ("date", Value),
    ("officer", Value),
    ("benefit", BENEFIT),
    ("applicant", PERSON),
    ("representative", REPRESENTATIVE),
    ("employee", EMPLOYEE),
    ("lodged", NUMBERED),
    ("document", Value),
];

const VISIT: &[(&str, Place)] = &[
    ("number", Value),
    ("office", Value),
    ("title", Value),
    ("kind", Value),
    ("person", Value),
    ("born", Value),
    (
        "people",
        List(&Record(&[
            ("name", Value),
            ("born", Value),
            ("relationship", Value),
        ])),
    ),
    ("goals", TEXTS),
    (
        "pages",
        List(&Record(&[
            ("title", Value),
            (
                "fields",
                List(&Record(&[("label", Value), ("ticks", TEXTS), ("lines", TEXTS)])),
            ),
        ])),
    ),
];

/// A kind of letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LetterKind {
    /// A decision on an application.
    Decision,
    /// What a second body decided on a decision: a confirmation or a refusal.
    Confirmation,
    /// A later decision.
    Amendment,
    /// What a second body decided on a later decision.
    LaterConfirmation,
    /// The slip of a decision or a later one, made from the letter's own values.
    Slip,
    /// `completion`: what the applicant is asked to bring.
    Completion,
    /// `receipt`: that something was handed in.
    Receipt,
    /// `dismissal`: that an application is not taken up.
    Dismissal,
    /// `withdrawal`: that an application was taken back.
    Withdrawal,
    /// `visit`: the form of a visit on paper.
    Visit,
}

impl LetterKind {
    /// Those that a pack has by their name.
    pub const BY_NAME: [(&'static str, LetterKind); 5] = [
        ("completion", LetterKind::Completion),
        ("receipt", LetterKind::Receipt),
        ("dismissal", LetterKind::Dismissal),
        ("withdrawal", LetterKind::Withdrawal),
        ("visit", LetterKind::Visit),
    ];

    /// What stands at its top, from the innermost list on that has the name.
    pub fn place(self, name: &str) -> Option<Place> {
        let lists: &[&[(&str, Place)]] = match self {
            LetterKind::Decision => &[DECISION],
            LetterKind::Confirmation => &[DECISION, CONFIRMATION],
            LetterKind::Amendment => &[AMENDMENT],
            LetterKind::LaterConfirmation => &[AMENDMENT, LATER_CONFIRMATION],
            LetterKind::Slip => &[DECISION, AMENDMENT, CONFIRMATION, LATER_CONFIRMATION],
            LetterKind::Completion => &[COMPLETION],
            LetterKind::Receipt => &[RECEIPT],
            LetterKind::Dismissal => &[DISMISSAL],
            LetterKind::Withdrawal => &[WITHDRAWAL],
            LetterKind::Visit => &[VISIT],
        };
        lists.iter().find_map(|list| within(list, name))
    }

    /// All names at its top.
    pub fn names(self) -> Vec<&'static str> {
        let lists: &[&[(&'static str, Place)]] = match self {
            LetterKind::Decision => &[DECISION],
            LetterKind::Confirmation => &[DECISION, CONFIRMATION],
            LetterKind::Amendment => &[AMENDMENT],
            LetterKind::LaterConfirmation => &[AMENDMENT, LATER_CONFIRMATION],
            LetterKind::Slip => &[DECISION, AMENDMENT, CONFIRMATION, LATER_CONFIRMATION],
            LetterKind::Completion => &[COMPLETION],
            LetterKind::Receipt => &[RECEIPT],
            LetterKind::Dismissal => &[DISMISSAL],
            LetterKind::Withdrawal => &[WITHDRAWAL],
            LetterKind::Visit => &[VISIT],
        };
        lists
            .iter()
            .flat_map(|list| list.iter().map(|(name, _)| *name))
            .collect()
    }

    /// The first value that has no place, as a path such as `payment.iban`; nothing where all have one.
    pub fn without_place(self, values: &serde_json::Value) -> Option<String> {
        let top = values.as_object()?;
        top.iter().find_map(|(name, value)| match self.place(name) {
            None => Some(name.clone()),
            Some(place) => stray(place, value).map(|path| format!("{name}{path}")),
        })
    }
}

/// What has a name in a record.
pub(super) fn within(record: &[(&str, Place)], name: &str) -> Option<Place> {
    record
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, place)| *place)
}

fn stray(place: Place, value: &serde_json::Value) -> Option<String> {
    match (place, value) {
        (_, serde_json::Value::Null) => None,
        (Record(record), serde_json::Value::Object(object)) => {
            object
                .iter()
                .find_map(|(name, value)| match within(record, name) {
                    None => Some(format!(".{name}")),
                    Some(place) => stray(place, value).map(|path| format!(".{name}{path}")),
                })
        }
        (List(item), serde_json::Value::Array(values)) => values
            .iter()
            .find_map(|value| stray(*item, value).map(|path| format!("[]{path}"))),
        (Value, serde_json::Value::Object(_) | serde_json::Value::Array(_)) => Some(String::new()),
        (Record(_) | List(_), _) => Some(String::new()),
        (Value, _) => None,
    }
}
