//! A server that is a few variables: enough of one to walk the screens, with latency and failures where a test wants them.

mod beside;
mod documents;
mod later;
mod parties;
mod people;
mod second;
mod steps;

use super::{Answer, Api, Ask, ChangeKit, Changed, DossierKit, Fault, IntakeKit, Send, SignedIn, Work};
use futures_util::{FutureExt, future::LocalBoxFuture};
use jiff::civil::date;
use karton_api::{
    Currency, FactValue, Id, Money, Per, Timestamp,
    applications::*,
    assessments::{
        self, Amount, AnswerOf, Assessment, Condition, FactSeen, MissingFact, Outcome, ParameterUsed,
        Previewed, StoredAssessment, SumStep, ValueSeen, Verdict,
    },
    catalogue::*,
    common::{OfficeRef, OfficerRef, Texts},
    decisions::{DecidedMany, DecidedOne, Decision, Delivery, LetterState},
    dossiers::{Dossier, TimelineEvent},
    matters::{Step, StepState, Task},
    persons::*,
    problem::{FieldError, Problem},
    session::{Role, SessionView},
};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

pub(crate) fn id<T>(n: u64) -> Id<T> {
    format!("01900000-0000-7000-8000-{n:012x}").parse().unwrap()
}
fn texts(cnr: &str, en: &str) -> Texts {
    BTreeMap::from([
        ("cnr".to_owned(), cnr.to_owned()),
        ("en".to_owned(), en.to_owned()),
    ])
}
fn at() -> Timestamp {
    "2025-03-10T08:15:00Z".parse().unwrap()
}
pub(crate) fn office() -> OfficeRef {
    OfficeRef {
        code: "CSR-01".into(),
        name: texts("CSR Podgorica", "Centre Podgorica"),
    }
}
fn offices() -> [OfficeRef; 2] {
    [
        office(),
        OfficeRef {
            code: "CSR-02".into(),
            name: texts("CSR Nikšić", "Centre Nikšić"),
        },
    ]
}
fn officer(n: u64) -> OfficerRef {
    OfficerRef {
        id: id(n),
        name: if n == 1 {
            "Ana Vuković".into()
        } else {
            "Ivan Radulović".into()
        },
    }
}
fn euro(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// The Perović family: mother, father, two children; and Đorđe, whom another office holds.
pub(crate) fn card(n: u64) -> PersonCard {
    let (given, family, number, born, sex) = match n {
        10 => ("Marija", "Perović", "1506990205137", date(1990, 6, 15), "f"),
        11 => ("Nikola", "Perović", "0203988200018", date(1988, 3, 2), "m"),
        12 => ("Luka", "Perović", "1201018200016", date(2018, 1, 12), "m"),
        13 => ("Jovana", "Perović", "3009021205014", date(2021, 9, 30), "f"),
        _ => ("Đorđe", "Perović", "0507965200012", date(1965, 7, 5), "m"),
    };
    let elsewhere = n > 13;
    PersonCard {
        id: id(n),
        name: Name {
            given: given.into(),
            family: family.into(),
        },
        national_id: Some(NationalId {
            scheme: "jmbg".into(),
            number: number.into(),
        }),
        birth_date: Some(born),
        sex: Some(sex.into()),
        death_date: None,
        dossier_number: format!("CSR-01-D-2025/{n}"),
        office: if elsewhere {
            OfficeRef {
                code: "CSR-02".into(),
                name: texts("CSR Nikšić", "Centre Nikšić"),
            }
        } else {
            office()
        },
        in_scope: !elsewhere,
    }
}
fn person(n: u64) -> PersonView {
    PersonView {
        card: card(n),
        revision: 1,
        registered_at: at(),
        registered_by: officer(1),
    }
}
fn household() -> HouseholdView {
    let member = |(n, relationship): (u64, &str)| Member {
        card: card(n),
        relationship: relationship.into(),
        from: date(2020, 1, 1),
        until: None,
    };
    HouseholdView {
        id: id(90),
        revision: 1,
        members: [(10, "self"), (11, "spouse"), (12, "child"), (13, "child")]
            .map(member)
            .to_vec(),
        contradictions: vec![],
    }
}
fn codes(name: &str, list: &[(&str, &str, &str)]) -> (String, CodeList) {
    let code = |(c, cnr, en): &(&str, &str, &str)| Code {
        code: (*c).into(),
        name: texts(cnr, en),
        from: None,
        until: None,
        more: BTreeMap::new(),
    };
    (
        name.into(),
        CodeList {
            name: name.into(),
            codes: list.iter().map(code).collect(),
        },
    )
}
fn lists() -> BTreeMap<String, CodeList> {
    BTreeMap::from([
        codes("sexes", &[("f", "ženski", "female"), ("m", "muški", "male")]),
        codes(
            "municipalities",
            &[
                ("PG", "Podgorica", "Podgorica"),
                ("NK", "Nikšić", "Nikšić"),
                ("BR", "Bar", "Bar"),
                ("SN", "Šavnik", "Šavnik"),
            ],
        ),
        codes(
            "relationships",
            &[
                ("self", "nosilac", "head"),
                ("spouse", "supružnik", "spouse"),
                ("child", "dijete", "child"),
                ("parent", "roditelj", "parent"),
            ],
        ),
        codes(
            "channels",
            &[("bank", "Banka", "Bank"), ("post", "Pošta", "Post office")],
        ),
    ])
}
fn receipt() -> karton_api::lodgings::Paper {
    karton_api::lodgings::Paper {
        id: id(800),
        kind: karton_api::lodgings::PaperKind::Receipt,
        number: "CSR-01-PP-2025/7".into(),
        issued_at: at(),
        letter: karton_api::decisions::LetterState::Ready,
    }
}
fn benefit(code: &str) -> Benefit {
    let (cnr, en, unit, kind) = match code {
        "MO" => (
            "Materijalno obezbjeđenje",
            "Material support",
            "household",
            "monthly",
        ),
        "DD" => ("Dodatak za djecu", "Child allowance", "household", "monthly"),
        "ND" => (
            "Naknada za novorođeno dijete",
            "Newborn grant",
            "person",
            "one-off",
        ),
        _ => (
            "Lična invalidnina",
            "Personal disability allowance",
            "person",
            "monthly",
        ),
    };
    Benefit {
        code: code.into(),
        name: texts(cnr, en),
        unit: unit.into(),
        kind: kind.into(),
        form: "mo".into(),
        procedure: "benefit-standard".into(),
        law: vec!["ZSDZ 21–31".into()],
        incompatible: vec![],
        applicant: "person".into(),
        provider: None,
    }
}
fn form() -> Form {
    let field = |fact: &str, cnr: &str, en: &str, kind: FieldKind, required: bool| FormField {
        fact: fact.into(),
        label: texts(cnr, en),
        help: Some(texts("ZSDZ čl. 22", "ZSDZ Art. 22")),
        kind,
        required,
        conditional: fact == "account",
        again: fact == "payment_channel" || fact == "account",
        when: None,
        default: None,
    };
    let income = FieldKind::Rows {
        columns: vec![
            Column {
                name: "month".into(),
                label: None,
                kind: FieldKind::Date,
            },
            Column {
                name: "payer".into(),
                label: None,
                kind: FieldKind::Text,
            },
            Column {
                name: "net".into(),
                label: None,
                kind: FieldKind::Money { per: Per::Month },
            },
        ],
    };
    Form {
        id: "mo".into(),
        title: texts(
            "Zahtjev za materijalno obezbjeđenje",
            "Application for material support",
        ),
        pages: vec![
            FormPage {
                id: "claim".into(),
                title: texts("Zahtjev", "Application"),
                of: PageOf::Claim,
                fields: vec![
                    field(
                        "consent",
                        "Saglasnost za uvid u podatke",
                        "Consent to look at data",
                        FieldKind::Bool,
                        true,
                    ),
                    field(
                        "payment_channel",
                        "Isplata preko",
                        "Paid through",
                        FieldKind::Code {
                            list: "channels".into(),
                        },
                        true,
                    ),
                    field("account", "Žiro račun", "Account", FieldKind::Text, false),
                    field("phone", "Telefon", "Telephone", FieldKind::Text, false),
                ],
            },
            FormPage {
                id: "member".into(),
                title: texts("Član porodice", "Member"),
                of: PageOf::Members,
                fields: vec![
                    field(
                        "work_capable",
                        "Sposoban za rad",
                        "Capable of work",
                        FieldKind::Bool,
                        true,
                    ),
                    field(
                        "registered_unemployed",
                        "Na evidenciji Zavoda za zapošljavanje",
                        "Registered as unemployed",
                        FieldKind::Bool,
                        false,
                    ),
                    field("income", "Prihodi po mjesecima", "Income by month", income, false),
                ],
            },
            FormPage {
                id: "household".into(),
                title: texts("Imovina porodice", "Property of the family"),
                of: PageOf::Household,
                fields: vec![
                    field(
                        "land_area",
                        "Poljoprivredno zemljište, ari",
                        "Farm land, ares",
                        FieldKind::Decimal,
                        false,
                    ),
                    field(
                        "dwelling_rooms",
                        "Soba u stanu",
                        "Rooms in the dwelling",
                        FieldKind::Int,
                        false,
                    ),
                ],
            },
        ],
    }
}
pub(crate) fn assessment(answers: &[assessments::Answer]) -> Assessment {
    let works = answers.iter().filter(|a| a.fact == "work_capable").count();
    let land = answers.iter().find(|a| a.fact == "land_area");
    let income = FactSeen {
        of: AnswerOf::Person(id(11)),
        name: Some("Nikola Perović".into()),
        fact: "income".into(),
        question: texts("Prihodi po mjesecima", "Income by month"),
        text: texts("3 reda, ukupno 90,00 €", "3 rows, €90.00 in all"),
        source: SourceKind::Register,
        service: Some("tax.income".into()),
        status: FactStatus::Verified,
        recorded_at: Some(at()),
        id: Some(id(70)),
        others: Vec::new(),
    };
    let missing = |n: u64, fact: &str, cnr: &str, en: &str| MissingFact {
        of: AnswerOf::Person(id(n)),
        name: Some(format!("{} {}", card(n).name.given, card(n).name.family)),
        fact: fact.into(),
        question: texts(cnr, en),
    };
    let condition = |cid: &str, law: &str, verdict, cnr: &str, en: &str| Condition {
        id: cid.into(),
        verdict,
        text: texts(cnr, en),
        law: law.into(),
        confirmed: cid != "capable",
        confidence: if cid == "capable" {
            "memory".into()
        } else {
            "law".into()
        },
        rule: "income <= limit".into(),
        values: vec![
            ValueSeen {
                name: "income".into(),
                rule: "average(household.income.net, last 3 months)".into(),
                text: Some(texts("30,00 € mjesečno", "€30.00 a month")),
                facts: vec![income.clone()],
            },
            ValueSeen {
                name: "limit".into(),
                rule: "mo.base(count(household.members))".into(),
                text: Some(texts("160,45 €", "€160.45")),
                facts: vec![],
            },
        ],
        missing: vec![],
    };
    let complete = works >= 4 && land.is_some();
    let mut conditions = vec![
        condition(
            "income",
            "ZSDZ 22(1)1",
            Verdict::Met,
            "Prosječni prihod porodice 30,00 € ne prelazi osnov 160,45 €",
            "The family's average income of €30.00 does not exceed the base of €160.45",
        ),
        condition(
            "capable",
            "ZSDZ 21",
            Verdict::MustConfirm,
            "Sposobni članovi su na evidenciji nezaposlenih",
            "Members capable of work are registered as unemployed",
        ),
        condition(
            "land",
            "ZSDZ 22(1)3",
            if land.is_some() {
                Verdict::Met
            } else {
                Verdict::Unknown
            },
            "Zemljište ne prelazi 20 ari po članu",
            "Land does not exceed 20 ares a member",
        ),
        condition(
            "vehicle",
            "ZSDZ 22(1)5",
            Verdict::NotApplicable,
            "Porodica nema motorno vozilo",
            "The family has no motor vehicle",
        ),
    ];
    conditions[2].missing = if land.is_some() {
        vec![]
    } else {
        vec![missing(
            10,
            "land_area",
            "Poljoprivredno zemljište, ari",
            "Farm land, ares",
        )]
    };
    let mut open: Vec<MissingFact> = (10..14)
        .skip(works)
        .map(|n| missing(n, "work_capable", "Sposoban za rad", "Capable of work"))
        .collect();
    open.extend(conditions[2].missing.clone());
    Assessment {
        benefit: "MO".into(),
        on: date(2025, 3, 10),
        outcome: if complete {
            Outcome::Grant
        } else {
            Outcome::Unknown
        },
        conditions,
        amount: complete.then(|| Amount {
            money: euro(13_045),
            per: Per::Month,
            law: "ZSDZ 31".into(),
            confirmed: true,
            rule: "limit - income".into(),
            steps: vec![
                SumStep {
                    rule: "limit".into(),
                    text: texts("160,45 €", "€160.45"),
                    facts: vec![],
                },
                SumStep {
                    rule: "income".into(),
                    text: texts("30,00 €", "€30.00"),
                    facts: vec![income],
                },
            ],
            upto: None,
            atleast: None,
        }),
        starts: Some(date(2025, 3, 10)),
        ends: None,
        review_on: Some(date(2025, 9, 10)),
        missing: open,
        parameters: vec![ParameterUsed {
            name: "mo.base(4)".into(),
            says: texts("Osnov za MO", "Base of material support"),
            text: texts("160,45 €", "€160.45"),
            from: date(2025, 1, 1),
            source: "S18".into(),
            confidence: "published".into(),
        }],
        unconfirmed: true,
        pack: "0".repeat(64),
        engine: "1".into(),
    }
}

/// What the fake server remembers.
#[derive(Debug, Default)]
pub(crate) struct Fake {
    user: u64,
    pub(crate) answers: Vec<assessments::Answer>,
    pub(crate) state: Option<ApplicationState>,
    /// What the second body said.
    pub(crate) second_says: Option<karton_api::confirmations::Says>,
    pub(crate) asked: Vec<Ask>,
    pub(crate) keys: BTreeMap<String, usize>,
    recommended: Option<Recommend>,
    polls: u32,
    pub(crate) offline: bool,
    pub(crate) duplicates: bool,
    pub(crate) refuse_lodging: bool,
    pub(crate) two_offices: bool,
    office: Option<String>,
    /// What another officer saved meanwhile.
    pub(crate) theirs: Option<Vec<assessments::Answer>>,
    revision: i64,
    pub(crate) withdrawn: Option<String>,
    pub(crate) hand_in: Option<karton_api::lodgings::HandIn>,
    pub(crate) replaced: Option<ReplaceEvidence>,
    pub signal: Option<karton_api::signals::AnswerSignal>,
    pub(crate) recorded: Option<RecordFact>,
    /// What was filed, with its path.
    pub(crate) filed: Vec<(karton_api::documents::FileDocument, Option<String>)>,
    /// The last change of a person or household.
    pub(crate) sent: Option<Send>,
    /// A right runs, and a later decision on it is under way.
    pub(crate) later: bool,
    /// What a later decision was proposed to say.
    pub(crate) proposed: Option<karton_api::amendments::NewAmendment>,
    /// The dossiers have gone to another office.
    pub(crate) moved_away: bool,
    /// The answers to what changes something get lost on the way.
    pub(crate) deaf: bool,
    /// What was said about people who look alike, merges and transfers.
    pub(crate) held: people::Held,
    /// The form of a step.
    pub(crate) visit: steps::Visit,
    pub(crate) besides: beside::Besides,
    /// What was said anew about a document.
    pub(crate) corrected: Option<karton_api::documents::ChangeDocument>,
    /// The applicant has applied before, with these answers.
    pub(crate) applied_before: Option<Vec<assessments::Answer>>,
}

impl Fake {
    fn signed_in(&self) -> Answer {
        let clerk = self.user < 2;
        let view = SessionView {
            id: id(500),
            officer: officer(if clerk { 1 } else { 2 }),
            user: if clerk { "ana".into() } else { "ivan".into() },
            office: offices()
                .into_iter()
                .find(|o| Some(&o.code) == self.office.as_ref())
                .unwrap_or_else(office),
            roles: match self.user {
                ..2 => vec![Role::Clerk, Role::Caseworker],
                2 => vec![Role::Approver],
                _ => vec![Role::Admin],
            },
            permissions: vec![],
            offices: if self.two_offices {
                offices().into()
            } else {
                vec![office()]
            },
            must_change_password: false,
            began_at: at(),
            used_at: at(),
            ends_at: at(),
            client: Some("karton/0.1.0".into()),
            current: true,
        };
        let country = Country {
            classifiers: vec!["social_support".into()],
            id: "me".into(),
            name: texts("Crna Gora", "Montenegro"),
            languages: vec!["cnr".into(), "en".into()],
            currency: Currency::EUR,
            minor_units: 2,
            id_schemes: vec![IdScheme {
                code: "jmbg".into(),
                name: texts("JMB", "Personal number"),
                check: "jmbg".into(),
            }],
            organisation_schemes: vec![IdScheme {
                code: "pib".into(),
                name: texts("PIB", "Tax number"),
                check: "pib".into(),
            }],
            today: date(2025, 3, 10),
            pack: "0".repeat(64),
            demo: true,
        };
        Answer::SignedIn(Box::new(SignedIn::new(Some("token".into()), view, Some(country))))
    }
    fn summary(&self) -> ApplicationSummary {
        let state = self.state.unwrap_or(ApplicationState::Draft);
        ApplicationSummary {
            id: id(300),
            number: (state != ApplicationState::Draft).then(|| "CSR-01-Z-2025/18".into()),
            benefit: "MO".into(),
            benefit_name: benefit("MO").name,
            applicant: card(10),
            organisation: None,
            state,
            office: office(),
            lodged_on: Some(date(2025, 3, 10)),
            due_on: Some(date(2025, 4, 9)),
            outcome: None,
            decision: matches!(state, ApplicationState::Decided | ApplicationState::Confirming)
                .then(|| id(400)),
        }
    }
    fn application(&self) -> Application {
        let state = self.state.unwrap_or(ApplicationState::Draft);
        let may: &[&str] = match state {
            ApplicationState::Draft => &["save", "lodge"],
            ApplicationState::Lodged => &["ask-evidence", "assess", "recommend", "return", "withdraw"],
            ApplicationState::Recommended if self.user == 2 => &["decide", "return"],
            ApplicationState::Confirming if self.user == 2 => &["confirm"],
            _ => &[],
        };
        let step = |n: u64, cnr: &str, en: &str, s: StepState| Step {
            id: id(600 + n),
            key: en.to_lowercase(),
            name: texts(cnr, en),
            kind: "form".into(),
            role: "clerk".into(),
            state: s,
            due_on: Some(date(2025, 3, 18)),
            assigned_to: None,
            opened_at: at(),
            done_at: (s == StepState::Done).then(at),
            done_by: (s == StepState::Done).then(|| officer(1)),
            reason: None,
            act: None,
            form: None,
            office: None,
            may: vec![],
        };
        let done = !self.visit.handed_in.is_empty();
        let mut visit = step(
            4,
            "Terenski obilazak",
            "Field visit",
            if done { StepState::Done } else { StepState::Open },
        );
        (visit.key, visit.form) = ("visit".into(), Some("visit".into()));
        visit.may = if done { vec![] } else { vec!["complete".into()] };
        let visit = Some(visit).filter(|_| self.visit.there);
        let mut steps = vec![
            step(1, "Prijem", "Intake", StepState::Done),
            step(2, "Dokazi", "Evidence", StepState::Started),
            step(3, "Predlog", "Recommendation", StepState::Open),
        ];
        steps.extend(visit);
        Application {
            notices: Vec::new(),
            summary: self.summary(),
            revision: 1 + self.revision,
            provider: None,
            opened_at: at(),
            opened_by: officer(1),
            answers: self.answers.clone(),
            household: Some(household()),
            steps,
            may: may.iter().map(|m| (*m).to_owned()).collect(),
            recommendation: self.recommended.as_ref().map(|r| Recommendation {
                assessment: r.assessment,
                outcome: r.outcome,
                confirmed: r.confirmed.clone(),
                note: r.note.clone(),
                paragraph: r.paragraph.clone(),
                without: r.without.clone(),
                amount: r.amount.clone(),
                by: officer(1),
                at: at(),
            }),
            returned: None,
            lodging: None,
            term: None,
            dismissal: None,
            withdrawal: None,
        }
    }
    pub(super) fn evidence_items(&self) -> Vec<EvidenceItem> {
        let item = |n: u64, service: &str, cnr: &str, en: &str, state| EvidenceItem {
            id: id(700 + n),
            service: service.into(),
            name: texts(cnr, en),
            institution: texts("Poreska uprava", "Tax administration"),
            person: card(10 + n % 2),
            state,
            asked_at: at(),
            answered_at: None,
            message: format!("m-{n}"),
            tries: 1,
            gives: vec!["owns_property".into(), "land_area".into()],
            facts: 3,
            contradicts: u32::from(n == 2),
            problem: None,
        };
        let later = if self.polls > 2 {
            EvidenceState::Silent
        } else {
            EvidenceState::Waiting
        };
        vec![
            item(
                1,
                "mup.person",
                "Lični podaci i prebivalište",
                "Identity and residence",
                EvidenceState::Answered,
            ),
            item(2, "tax.income", "Prihodi", "Income", EvidenceState::Answered),
            item(
                3,
                "pension.payments",
                "Penzije",
                "Pensions",
                EvidenceState::Nothing,
            ),
            item(4, "cadastre.property", "Nepokretnosti", "Property", later),
        ]
    }
    fn work(&mut self) -> Answer {
        self.polls += 1;
        let items = self.evidence_items();
        let complete = items.iter().all(|it| it.state != EvidenceState::Waiting);
        let waits = self.state == Some(ApplicationState::Confirming);
        Answer::Work(Box::new(Work {
            decision: waits.then(|| Box::new(self.decision())),
            application: self.application(),
            evidence: EvidenceRound { items, complete },
            assessment: Some(StoredAssessment {
                id: id(800),
                made_at: at(),
                made_by: officer(1),
                outdated: false,
                not_verified: assessment(&self.answers).missing.into_iter().take(1).collect(),
                confirm: vec![],
                assessment: assessment(&self.answers),
            }),
        }))
    }
    fn decision(&self) -> Decision {
        Decision {
            id: id(400),
            number: "CSR-01-R-2025/9".into(),
            application: self.summary(),
            outcome: Outcome::Grant,
            amount: None,
            starts: None,
            ends: None,
            review_on: None,
            assessment: id(800),
            recommendation: Recommendation {
                assessment: id(800),
                outcome: Outcome::Grant,
                confirmed: vec![],
                note: None,
                paragraph: None,
                without: vec![],
                amount: None,
                by: officer(1),
                at: at(),
            },
            decided_by: officer(2),
            decided_at: at(),
            letter: LetterState::Ready,
            delivered_on: None,
            award: None,
            granted: None,
            amount_set: None,
            paragraph: None,
            deputy_for: None,
            delivery: Delivery::default(),
            amendments: vec![],
            annulled: false,
            second: second::beside(self),
            may: vec!["correct".into(), "annul".into()],
        }
    }
    pub(crate) fn problem(status: u16, slug: &str, detail: &str) -> Problem {
        Problem {
            kind: format!("/problems/{slug}"),
            title: slug.into(),
            status,
            detail: Some(detail.into()),
            instance: None,
            errors: vec![],
            candidates: vec![],
            revision: None,
            officers: vec![],
        }
    }
    fn once(&mut self, key: &str) {
        *self.keys.entry(key.to_owned()).or_default() += 1;
    }

    /// Answers.
    pub(crate) fn answer(&mut self, ask: Ask) -> Result<Answer, Fault> {
        self.asked.push(ask.clone());
        if self.offline {
            return Err(Fault::Offline("connection refused".into()));
        }
        if self.deaf && ask.changes() {
            self.deaf = false;
            let _ = self.answer(ask);
            self.asked.pop();
            return Err(Fault::Offline("connection reset".into()));
        }
        Ok(match ask {
            Ask::SignIn {
                user,
                password,
                office,
            } => {
                self.office = office;
                if password == "wrong" {
                    return Err(Fault::Problem(Box::new(Fake::problem(
                        401,
                        "not-recognised",
                        "Korisnik ili lozinka nisu tačni.",
                    ))));
                }
                self.user = match user.as_str() {
                    "ivan" => 2,
                    "mia" => 3,
                    _ => 1,
                };
                self.signed_in()
            }
            Ask::Session | Ask::ChangePassword { .. } => self.signed_in(),
            Ask::SignOut => Answer::SignedOut,
            Ask::Admin(ask) => Answer::Admin(super::admin::fake(ask)),
            Ask::Cases(super::CaseAsk::List { .. }) => Answer::Cases(later::cases()),
            Ask::Cases(super::CaseAsk::Monitoring | super::CaseAsk::Week { .. }) => {
                Answer::Cases(later::dues())
            }
            Ask::Cases(super::CaseAsk::See { .. }) => Answer::Cases(later::case()),
            Ask::Cases(_) => return Err(Fault::Offline("no cases here".into())),
            Ask::Sessions => match self.signed_in() {
                Answer::SignedIn(_) => Answer::Sessions(vec![]),
                _ => Answer::Done,
            },
            Ask::Tasks { .. } => {
                let task = |n: u64, cnr: &str, en: &str, overdue: bool| Task {
                    id: id(600 + n),
                    matter: id(300),
                    step: "evidence".into(),
                    name: texts(cnr, en),
                    kind: "evidence".into(),
                    act: None,
                    form: None,
                    role: "clerk".into(),
                    number: Some(format!("CSR-01-Z-2025/{}", 17 + n)),
                    benefit: Some("MO".into()),
                    person: Some(card(9 + n)),
                    due_on: Some(date(2025, 3, if overdue { 3 } else { 18 })),
                    overdue,
                    assigned_to: (n == 1).then(|| officer(1)),
                    opened_at: at(),
                    blocked: n == 3,
                    office: None,
                    about: None,
                };
                let mut visit = task(4, "Terenski obilazak", "Field visit", false);
                (visit.kind, visit.step) = ("form".into(), "visit".into());
                visit.form = Some("visit".into());
                let visit = Some(visit).filter(|_| self.visit.there && self.visit.handed_in.is_empty());
                let others = [
                    task(1, "Dokazi", "Evidence", false),
                    task(2, "Utvrđivanje prava", "Assessment", true),
                    task(3, "Odluka", "Decision", false),
                ];
                Answer::Tasks(visit.into_iter().chain(others).collect())
            }
            Ask::Take { once, .. } => {
                self.once(&once);
                Answer::Done
            }
            Ask::Search { text, .. } => {
                let folded = crate::text::fold(&text);
                let fits = |n: &u64| {
                    let c = card(*n);
                    let hay = crate::text::fold(&format!(
                        "{} {} {}",
                        c.name.given,
                        c.name.family,
                        c.national_id.unwrap().number
                    ));
                    folded
                        .split_whitespace()
                        .all(|w| hay.split_whitespace().any(|h| h.starts_with(w)))
                };
                let hits = (10..15)
                    .filter(fits)
                    .map(|n| PersonHit {
                        card: card(n),
                        found_by: FoundBy::Name,
                        formerly: None,
                        household: None,
                    })
                    .collect();
                Answer::Found(PersonsFound {
                    items: hits,
                    next: None,
                    incomplete: false,
                })
            }
            Ask::ChangeForm { .. } => Answer::Change(Box::new(ChangeKit {
                person: person(10),
                household: Some(household()),
                codes: lists(),
                events: vec![],
                identity: vec![],
            })),
            Ask::Change { send, once, .. } => {
                self.once(&once);
                self.sent = Some(*send);
                Answer::Changed(Box::new(Changed::Done))
            }
            Ask::Beside(ask) => return Ok(self.beside(ask)),
            Ask::Step(mut ask) => {
                if let Some(once) = ask.once_mut() {
                    let once = once.clone();
                    self.once(&once);
                }
                return self.visit.answer(ask);
            }
            Ask::Complete { once, .. } => {
                self.once(&once);
                Answer::Done
            }
            Ask::RegisterForm { .. } => Answer::Codes(lists()),
            Ask::Register { body, once } => {
                self.once(&once);
                if self.duplicates && body.not_the_same_as.is_empty() {
                    let mut problem = Fake::problem(409, "likely-duplicates", "Slična lica su već upisana.");
                    problem.candidates = vec![Candidate {
                        card: card(10),
                        agrees: vec!["name".into(), "birth-date".into()],
                        bits: 1500,
                        reasons: Vec::new(),
                    }];
                    return Err(Fault::Problem(Box::new(problem)));
                }
                Answer::Person(Box::new(person(10)))
            }
            Ask::Dossier { .. } => {
                let fact = |n: u64, name: &str, value: FactValue, source, status, counts| FactView {
                    id: id(70 + n),
                    holder: Holder::Person(id(10)),
                    fact: name.into(),
                    value,
                    from: date(2025, 1, 1),
                    until: None,
                    source,
                    service: (source == SourceKind::Register).then(|| "zzz.status".into()),
                    evidence: None,
                    note: None,
                    status,
                    recorded_at: at(),
                    recorded_by: None,
                    counts,
                    stale: false,
                };
                let def = |name: &str, kind, cnr: &str, en: &str| {
                    (
                        name.to_owned(),
                        FactDef {
                            name: name.into(),
                            holder: "person".into(),
                            kind,
                            question: texts(cnr, en),
                        },
                    )
                };
                let event = |what: &str| TimelineEvent {
                    at: at(),
                    what: what.into(),
                    values: BTreeMap::new(),
                    officer: Some(officer(1)),
                    office: office(),
                    application: Some(id(300)),
                    case: None,
                };
                Answer::Dossier(Box::new(DossierKit {
                    dossier: Dossier {
                        cases: Vec::new(),
                        person: person(10),
                        household: Some(household()),
                        applications: if self.state.is_some() {
                            vec![self.summary()]
                        } else {
                            vec![]
                        },
                        awards: if self.later { vec![later::award()] } else { vec![] },
                        overlaps: vec![],
                    },
                    facts: vec![
                        fact(
                            1,
                            "registered_unemployed",
                            FactValue::Bool(true),
                            SourceKind::Register,
                            FactStatus::Verified,
                            true,
                        ),
                        fact(
                            2,
                            "work_capable",
                            FactValue::Bool(true),
                            SourceKind::Declaration,
                            FactStatus::NotVerified,
                            true,
                        ),
                        fact(
                            3,
                            "unemployment_benefit",
                            FactValue::Money(euro(3_000)),
                            SourceKind::Register,
                            FactStatus::Contradicted,
                            true,
                        ),
                    ],
                    timeline: vec![event("lodged"), event("registered")],
                    dictionary: BTreeMap::from([
                        def(
                            "registered_unemployed",
                            FieldKind::Bool,
                            "Na evidenciji Zavoda za zapošljavanje",
                            "Registered as unemployed",
                        ),
                        def(
                            "work_capable",
                            FieldKind::Bool,
                            "Sposoban za rad",
                            "Capable of work",
                        ),
                        def(
                            "unemployment_benefit",
                            FieldKind::Money { per: Per::Month },
                            "Novčana naknada za nezaposlene",
                            "Unemployment benefit",
                        ),
                    ]),
                    codes: lists(),
                }))
            }
            Ask::MemberForm { .. } => Answer::Member(Box::new(person(13)), lists()),
            Ask::AddMember { once, .. } => {
                self.once(&once);
                Answer::Household(Some(household()))
            }
            Ask::Benefits { .. } => Answer::Benefits(["MO", "DD", "ND", "LI"].map(benefit).to_vec()),
            Ask::Intake { .. } if self.moved_away => {
                let problem = Fake::problem(404, "not-found", "Ovdje nema ničega za vas.");
                return Err(Fault::Problem(Box::new(problem)));
            }
            Ask::Intake { benefit: code, .. } => Answer::Intake(Box::new(IntakeKit {
                benefit: benefit(&code),
                form: form(),
                codes: lists(),
                person: person(10),
                together: Vec::new(),
                household: Some(household()),
                draft: None,
                last: self.applied_before.clone().map(|answers| {
                    let mut last = self.application();
                    last.summary.number = Some("CSR-01-Z-2025/3".into());
                    last.answers = answers;
                    last
                }),
            })),
            Ask::Household { .. } => Answer::Household(Some(household())),
            Ask::Preview(body) => {
                let bank = body
                    .answers
                    .iter()
                    .any(|a| a.value == FactValue::Code("bank".into()));
                let hidden = if bank {
                    vec![]
                } else {
                    vec![assessments::HiddenField {
                        of: AnswerOf::Claim,
                        fact: "account".into(),
                    }]
                };
                Answer::Previewed(Box::new(Previewed {
                    assessment: assessment(&body.answers),
                    hidden,
                    problems: vec![],
                }))
            }
            Ask::DossierFor { person, .. } => return self.answer(Ask::Dossier { person }),
            Ask::Signals { state } => Answer::Signals(karton_api::common::Page {
                items: if state == karton_api::signals::SignalState::Open && self.signal.is_none() {
                    vec![signal()]
                } else {
                    Vec::new()
                },
                next: None,
            }),
            Ask::AnswerSignal { body, .. } => {
                self.signal = Some(body);
                Answer::Signal(Box::new(signal()))
            }
            Ask::Classifiers => Answer::Lists(vec![classifier()]),
            Ask::WhatIfBenefits => Answer::Benefits(vec![benefit("MO"), benefit("DD")]),
            Ask::WhatIfForm { benefit: code } => Answer::WhatIf(Box::new(crate::api::WhatIfKit {
                benefit: benefit(&code),
                form: form(),
                facts: Vec::new(),
                codes: lists(),
            })),
            Ask::WhatIf(body) => Answer::Previewed(Box::new(Previewed {
                assessment: assessment(&body.answers),
                hidden: Vec::new(),
                problems: Vec::new(),
            })),
            Ask::Inquire(_) => Answer::Inquiry(Box::new(karton_api::inquiries::Inquiry {
                people: Vec::new(),
                person: Some(card(10)),
                cases: vec![karton_api::inquiries::Standing {
                    application: self.application().summary,
                    awaits: karton_api::inquiries::Awaits::Applicant,
                    step: None,
                    until: Some(date(2025, 3, 18)),
                    asked_for: Some("ugovor o zakupu".into()),
                }],
            })),
            Ask::Previews(bodies) => {
                let one = |body: &assessments::Preview| Previewed {
                    assessment: assessment(&body.answers),
                    hidden: Vec::new(),
                    problems: Vec::new(),
                };
                Answer::Previews(bodies.iter().map(one).collect())
            }
            Ask::HandInForm { .. } => Answer::Codes(BTreeMap::from([
                codes(
                    "channels",
                    &[
                        ("counter", "Na šalteru", "At the counter"),
                        ("post", "Poštom", "By post"),
                    ],
                ),
                codes("capacities", &[("proxy", "Punomoćnik", "Proxy")]),
            ])),
            Ask::DismissForm { .. } => Answer::Codes(BTreeMap::from([codes(
                "dismissal_reasons",
                &[(
                    "not-completed",
                    "Zahtjev nije dopunjen u roku",
                    "Not completed in time",
                )],
            )])),
            Ask::Paper { .. } => {
                let text = "POTVRDA O PRIJEMU\nBroj: CSR-01-PP-2025/7\n\nPredato: Zahtjev Z-MO\n";
                Answer::Paper(Box::new(receipt()), Some(text.to_owned()))
            }
            Ask::PaperPdf { .. } => Answer::Bytes(b"%PDF-1.7".to_vec()),
            Ask::Dismiss { once, .. }
            | Ask::DecideDismissal { once, .. }
            | Ask::ReturnDismissal { once, .. }
            | Ask::DeliverDismissal { once, .. } => {
                self.once(&once);
                self.work()
            }
            Ask::LodgeTogether { .. } => {
                return Err(Fault::Problem(Box::new(Fake::problem(
                    409,
                    "already-running",
                    "u toku",
                ))));
            }
            Ask::OpenDraft { answers, once, .. } => {
                self.once(&once);
                self.answers = answers;
                Answer::Application(Box::new(self.application()))
            }
            Ask::SaveDraft {
                answers, revision, ..
            } => {
                if let Some(theirs) = self.theirs.take() {
                    self.answers = theirs;
                    self.revision += 1;
                }
                if revision != 1 + self.revision {
                    let mut problem = Fake::problem(412, "changed-meanwhile", "Neko je mijenjao.");
                    problem.revision = Some(1 + self.revision);
                    return Err(Fault::Problem(Box::new(problem)));
                }
                self.answers = answers;
                Answer::Application(Box::new(self.application()))
            }
            Ask::Lodge { once, hand_in, .. } => {
                self.hand_in = Some(*hand_in);
                if self.refuse_lodging {
                    let index = self
                        .answers
                        .iter()
                        .position(|a| a.fact == "land_area")
                        .unwrap_or(0);
                    let mut problem = Fake::problem(422, "fields", "Provjerite označena polja.");
                    problem.errors = vec![FieldError {
                        pointer: format!("/answers/{index}/value"),
                        code: "too-large".into(),
                        message: "toliko zemlje nema u opštini".into(),
                    }];
                    return Err(Fault::Problem(Box::new(problem)));
                }
                self.once(&once);
                self.state = Some(ApplicationState::Lodged);
                let assessment = assessment(&self.answers);
                let names = BTreeMap::from([
                    (
                        "mup.person".to_owned(),
                        texts("Lični podaci i prebivalište", "Identity and residence"),
                    ),
                    ("tax.income".to_owned(), texts("Prihodi", "Income")),
                ]);
                Answer::Lodged(
                    Box::new(Lodged {
                        application: self.application(),
                        status: Status {
                            overlaps: vec![],
                            lines: Vec::new(),
                            choice: None,
                            missing: assessment.missing.clone(),
                            assessment,
                            services: vec!["mup.person".into(), "tax.income".into()],
                            due_on: date(2025, 4, 9),
                        },
                        receipt: Some(receipt()),
                    }),
                    crate::api::LodgedBeside {
                        names,
                        possible: vec![possible()],
                    },
                )
            }
            Ask::Application { .. } if self.later => later::amendment(self.user == 2),
            Ask::Application { .. } | Ask::Look { .. } => self.work(),
            Ask::AskEvidence { once, .. }
            | Ask::Tell { once, .. }
            | Ask::Assess { once, .. }
            | Ask::Return { once, .. } => {
                self.once(&once);
                self.work()
            }
            Ask::Recommend { body, once, .. } => {
                self.once(&once);
                self.recommended = Some(body);
                self.state = Some(ApplicationState::Recommended);
                self.work()
            }
            Ask::Decide { once, .. } => {
                self.once(&once);
                self.state = Some(ApplicationState::Decided);
                Answer::Decision(Box::new(self.decision()))
            }
            Ask::Withdraw { body, once, .. } => {
                self.once(&once);
                self.withdrawn = Some(body.reason);
                self.state = Some(ApplicationState::Withdrawn);
                self.work()
            }
            Ask::ReplaceForm { .. } | Ask::FactForm { .. } => {
                let def = |name: &str, kind, cnr: &str, en: &str| FactDef {
                    name: name.into(),
                    holder: "person".into(),
                    kind,
                    question: texts(cnr, en),
                };
                Answer::Facts(Box::new(super::FactKit {
                    facts: vec![
                        def(
                            "registered_unemployed",
                            FieldKind::Bool,
                            "Na evidenciji Zavoda",
                            "Registered as unemployed",
                        ),
                        def(
                            "owns_property",
                            FieldKind::Bool,
                            "Ima nepokretnosti",
                            "Owns property",
                        ),
                        def("land_area", FieldKind::Decimal, "Zemljište (ari)", "Land (ares)"),
                        def(
                            "work_capable",
                            FieldKind::Bool,
                            "Sposoban za rad",
                            "Capable of work",
                        ),
                    ],
                    codes: lists(),
                }))
            }
            Ask::Replace { body, once, .. } => {
                self.once(&once);
                self.replaced = Some(body);
                self.work()
            }
            Ask::Record { body, once, .. } => {
                self.once(&once);
                let fact = FactView {
                    id: id(79),
                    holder: Holder::Person(id(10)),
                    fact: body.fact.clone(),
                    value: body.value.clone(),
                    from: date(2025, 3, 10),
                    until: None,
                    source: body.source,
                    service: None,
                    evidence: None,
                    note: body.note.clone(),
                    status: FactStatus::Verified,
                    recorded_at: at(),
                    recorded_by: None,
                    counts: true,
                    stale: false,
                };
                self.recorded = Some(body);
                Answer::Fact(Box::new(fact))
            }
            Ask::Draft { .. } => Answer::Application(Box::new(self.application())),
            Ask::Letter { .. } => {
                let text = format!(
                    "CRNA GORA\nCENTAR ZA SOCIJALNI RAD PODGORICA\nBroj: CSR-01-R-2025/9\n\n{}\n",
                    "Na osnovu člana 31 Zakona o socijalnoj i dječjoj zaštiti donosi se rješenje.\n"
                        .repeat(30)
                );
                Answer::Letter(Box::new(self.decision()), Some(text))
            }
            Ask::Documents(ask) => Answer::Documents(self.documents(ask)?),
            Ask::People(ask) => Answer::People(self.people(ask)?),
            Ask::Parties(ask) => Answer::Parties(self.parties(ask)),
            Ask::Pdf { .. } => Answer::Bytes(b"%PDF-1.7".to_vec()),
            Ask::Second(ask) => self.second(ask),
            Ask::Deliver { once, .. } => {
                self.once(&once);
                Answer::Decision(Box::new(self.decision()))
            }
            Ask::DecideMany { body, once } => {
                self.once(&once);
                let decided = body.items.iter().map(|item| DecidedOne {
                    application: item.application,
                    decision: id(400),
                    number: "CSR-01-R-2025/9".into(),
                });
                Answer::Many(Box::new(DecidedMany {
                    decided: decided.collect(),
                    left: vec![],
                }))
            }
            Ask::Ready { outcome, .. } => self.ready(outcome),
            Ask::Deputies | Ask::NameDeputy { .. } | Ask::EndDeputy { .. } => later::deputies(),
            Ask::OpenWork { .. } => later::open_work(),
            Ask::HandOver { .. } => later::handed_over(),
            Ask::WouldChange { .. } => self.would_change(),
            Ask::AmendForm { .. } => later::reasons(),
            Ask::Slip { .. } | Ask::AmendmentPdf { .. } | Ask::AmendmentSlip { .. } => {
                Answer::Bytes(b"%PDF-1.7".to_vec())
            }
            Ask::Propose { body, once } => {
                self.once(&once);
                self.proposed = Some(body);
                later::amendment(false)
            }
            Ask::RecommendAmendment { once, .. }
            | Ask::DecideAmendment { once, .. }
            | Ask::ReturnAmendment { once, .. }
            | Ask::DropAmendment { once, .. }
            | Ask::DeliverAmendment { once, .. } => {
                self.once(&once);
                later::amendment(self.user == 2)
            }
            Ask::Amendment { .. } => later::amendment(self.user == 2),
        })
    }
}

/// The fake server as the runtime wants it, for looking at the screens.
#[derive(Debug, Clone, Default)]
pub(crate) struct FakeApi(pub(crate) Rc<RefCell<Fake>>);
impl Api for FakeApi {
    fn call(&self, ask: Ask) -> LocalBoxFuture<'static, Result<Answer, Fault>> {
        let fake = self.0.clone();
        async move { fake.borrow_mut().answer(ask) }.boxed_local()
    }
    fn token(&self, _token: Option<String>) {}
}

/// A right the mother of a small child may also have.
fn possible() -> karton_api::assessments::PossibleRight {
    let mut assessment = assessment(&[]);
    assessment.benefit = "NRD".into();
    assessment.outcome = Outcome::Grant;
    assessment.conditions.truncate(1);
    for condition in &mut assessment.conditions {
        condition.verdict = Verdict::Met;
        condition.confirmed = true;
        condition.law = "ZSDZ 54".into();
        condition.text = texts(
            "Podnosilac je na evidenciji nezaposlenih",
            "The applicant is registered as unemployed",
        );
    }
    karton_api::assessments::PossibleRight {
        benefit_name: texts("Naknada po osnovu rođenja djeteta", "Birth benefit"),
        applicant: id(2),
        applicant_name: "Jelena Vujotić".into(),
        about: Some(id(4)),
        about_name: Some("Sara Vujotić".into()),
        assessment,
    }
}

/// A small classifier: two groups, and what stands below them.
fn classifier() -> karton_api::catalogue::CodeList {
    let rows = [
        (
            "S",
            "",
            "Socijalna i dječja zaštita",
            "Social and child protection",
        ),
        (
            "1",
            "S",
            "Davanja u socijalnoj zaštiti",
            "Benefits in social protection",
        ),
        ("MO", "1", "Materijalno obezbjeđenje", "Material support"),
        (
            "DNJP",
            "1",
            "Dodatak za njegu i pomoć",
            "Care and assistance allowance",
        ),
        ("2", "S", "Boračka zaštita", "Veterans' protection"),
        ("BDNP", "2", "Dodatak za njegu (borački)", "Attendance allowance"),
    ];
    karton_api::catalogue::CodeList {
        name: "social_support".into(),
        codes: rows
            .into_iter()
            .map(|(code, parent, cnr, en)| karton_api::catalogue::Code {
                code: code.into(),
                name: texts(cnr, en),
                from: None,
                until: None,
                more: (!parent.is_empty())
                    .then(|| ("parent".to_owned(), parent.to_owned()))
                    .into_iter()
                    .collect(),
            })
            .collect(),
    }
}

/// A cross-check about the applicant that stops until somebody has looked.
fn signal() -> karton_api::signals::RaisedSignal {
    karton_api::signals::RaisedSignal {
        id: karton_api::Id::from_uuid(id::<karton_api::value::Person>(1).uuid()),
        revision: 1,
        signal: "F07".into(),
        name: texts("Plata koju niko nije prijavio", "Wages that nobody declared"),
        says: texts(
            "Poreska uprava zna za platu od 640,00 € u februaru; prijavljeno je 0,00 €.",
            "The tax administration knows of wages of 640.00 € in February; 0.00 € were declared.",
        ),
        law: None,
        person: card(1),
        matter: None,
        office: karton_api::common::OfficeRef {
            code: "CSR-01".into(),
            name: texts("CSR Podgorica", "CSR Podgorica"),
        },
        does: karton_api::signals::SignalDoes::Stop,
        who: "caseworker".into(),
        state: karton_api::signals::SignalState::Open,
        raised_at: "2025-03-10T09:00:00Z".parse().unwrap_or_default(),
        expires_at: "2025-04-10T09:00:00Z".parse().unwrap_or_default(),
        answer: None,
    }
}
