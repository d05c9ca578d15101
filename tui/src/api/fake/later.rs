//! What comes after a first decision, at the fake server: many at once, later decisions, deputies, cases.

use super::{Fake, at, benefit, card, codes, euro, id, office, officer, texts};
use crate::api::{
    Answer, CaseAnswer, CaseKit,
    beside::{PARTS, parts_list},
};
use jiff::civil::date;
use karton_api::{
    Date, Per,
    amendments::{Amendment, AmendmentKind, AmendmentState, WouldChange},
    applications::{ApplicationState, ApplicationSummary},
    assessments::Outcome,
    awards::{Award, Entitlement, PartAmount},
    cases::{
        Activity, ActivityState, Case, CaseState, CaseSummary, Due, DueSource, Family, Goal, Home, Kin, Note,
        NoteKind, Opened, Plan, PlanState,
    },
    confirmations::Says,
    decisions::{DecideMany, DecidedMany, DecidedOne, Delivery, LetterState, ReadyToDecide},
    deputies::{Deputy, HandedOver, OpenWork},
    persons::PersonCard,
};
use std::collections::BTreeMap;

/// A monthly right of Marija Perović.
pub(super) fn award() -> Award {
    Award {
        id: id(450),
        benefit: "MO".into(),
        benefit_name: benefit("MO").name,
        beneficiary: card(10),
        payee: None,
        decision: Some(id(400)),
        decision_number: Some("CSR-01-R-2025/9".into()),
        office: office(),
        amount: euro(13_045),
        per: Per::Month,
        in_kind: false,
        starts: date(2025, 1, 1),
        ends: Some(date(2026, 1, 1)),
        review_on: Some(date(2025, 12, 1)),
        in_force: true,
        suspended: false,
    }
}

/// Reasons of later decisions, with the kinds they are for, and the parts of the amount.
pub(super) fn reasons(parts: &[PartAmount]) -> Answer {
    let (name, mut list) = codes(
        "amendment_reasons",
        &[
            ("renounced", "Odrekao se", "Renounced"),
            ("silent", "Ne sarađuje", "Does not cooperate"),
            ("clerical-error", "Greška u pisanju", "Clerical error"),
        ],
    );
    for (code, kinds) in list.codes.iter_mut().zip(["end", "suspend end", "correct"]) {
        code.more.insert("kinds".into(), kinds.into());
    }
    let mut lists = BTreeMap::from([(name, list)]);
    if !parts.is_empty() {
        lists.insert(PARTS.to_owned(), parts_list(parts));
    }
    Answer::Codes(lists)
}

/// The end of that right, recommended by the first officer.
pub(super) fn amendment(second: bool) -> Answer {
    let may: &[&str] = if second {
        &["decide", "return", "drop"]
    } else {
        &[]
    };
    let it = Amendment {
        id: id(460),
        revision: 2,
        kind: AmendmentKind::End,
        state: AmendmentState::Recommended,
        person: card(10),
        benefit: "MO".into(),
        benefit_name: benefit("MO").name,
        office: office(),
        award: Some(id(450)),
        decision: Some(id(400)),
        amendment: None,
        confirmation: None,
        second: None,
        amendments: vec![],
        annulled: false,
        notices: vec![],
        decision_number: Some("CSR-01-R-2025/9".into()),
        from: Some(date(2025, 2, 1)),
        reason: Some("renounced".into()),
        reason_name: texts("Odrekao se", "Renounced"),
        part: None,
        part_name: Default::default(),
        part_person: None,
        before: Some(euro(13_045)),
        amount: None,
        per: Some(Per::Month),
        corrections: vec![],
        confirmed: vec![],
        undue: [2, 3]
            .map(|month| Entitlement {
                month: date(2025, month, 1),
                amount: euro(13_045),
            })
            .into(),
        paragraphs: vec![
            "Korisnica je 3.2.2025. pisanom izjavom obavijestila centar da se prava odriče.".into(),
        ],
        assessment: None,
        returned: None,
        opened_at: at(),
        recommended_by: Some(officer(1)),
        decided_by: None,
        deputy_for: None,
        decided_at: None,
        number: None,
        letter: None,
        delivery: Delivery::default(),
        steps: vec![],
        may: may.iter().map(|may| (*may).to_owned()).collect(),
    };
    Answer::Amendment(Box::new(it), None)
}

/// The same, decided by the first body: it waits for the second one, or that one has said something.
pub(super) fn confirmed(says: Option<Says>) -> Answer {
    let mut it = match amendment(true) {
        Answer::Amendment(it, _) => it,
        other => return other,
    };
    it.decided_by = Some(officer(2));
    it.decided_at = Some(at());
    it.number = Some("CSR-01-R-2025/11".into());
    it.letter = Some(LetterState::Ready);
    it.state = match says {
        None => AmendmentState::Confirming,
        Some(Says::Confirm) => AmendmentState::Decided,
        Some(Says::Refuse | Says::Return) => AmendmentState::Refused,
    };
    it.may = match says {
        None => vec!["confirm".into(), "deliver".into()],
        Some(_) => Vec::new(),
    };
    it.second = Some(super::second::on_later(says));
    Answer::Amendment(it, None)
}

/// One deputy today, one who is to come, one who was.
pub(super) fn deputies() -> Answer {
    let deputy = |n: u64, from: Date, until: Date, active: bool, over: bool| Deputy {
        id: id(470 + n),
        office: office(),
        absent: officer(2),
        deputy: officer(1),
        from,
        until,
        active,
        ended_at: over.then(at),
    };
    Answer::Deputies(vec![
        deputy(1, date(2025, 4, 1), date(2025, 4, 30), false, false),
        deputy(2, date(2025, 3, 3), date(2025, 3, 14), true, false),
        deputy(3, date(2025, 1, 7), date(2025, 1, 31), false, true),
    ])
}

/// A step and a draft.
pub(super) fn open_work() -> Answer {
    Answer::OpenWork(vec![
        OpenWork {
            step: Some(id(600)),
            matter: id(300),
            name: texts("Utvrđivanje prava", "Assessment"),
            number: Some("CSR-01-Z-2025/17".into()),
            benefit: Some("MO".into()),
            due_on: Some(date(2025, 3, 18)),
            to: None,
        },
        OpenWork {
            step: None,
            matter: id(301),
            name: BTreeMap::new(),
            number: None,
            benefit: Some("LI".into()),
            due_on: None,
            to: None,
        },
    ])
}

/// The step has somebody else now, the draft nobody.
pub(super) fn handed_over() -> Answer {
    let Answer::OpenWork(mut work) = open_work() else {
        return Answer::Done;
    };
    let left = work.split_off(1);
    for it in &mut work {
        it.to = Some(officer(2));
    }
    Answer::HandedOver(Box::new(HandedOver { given: work, left }))
}

impl Fake {
    pub(super) fn decide_many(&mut self, body: &DecideMany, once: &str) -> Answer {
        self.once(once);
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
    /// What a change rests on: the newest assessment with what it leaves to an officer's word.
    pub(super) fn would_change(&self) -> Answer {
        let assessment = super::assessment(&self.answers);
        let first = assessment.conditions.first().map(|it| it.id.clone());
        Answer::WouldChange(Box::new(WouldChange {
            confirm: first.into_iter().collect(),
            assessment,
        }))
    }
    /// Four that a second officer could decide together, two of which bar themselves.
    pub(super) fn ready(&self, outcome: Outcome) -> Answer {
        let ready = |n: u64, minor: i64, barred: Option<&str>| ReadyToDecide {
            application: ApplicationSummary {
                about: None,
                id: id(300 + n),
                number: Some(format!("CSR-01-Z-2025/{}", 17 + n)),
                applicant: card(9 + n),
                state: ApplicationState::Recommended,
                ..self.summary()
            },
            revision: 3,
            assessment: id(800),
            outcome,
            amount: (outcome == Outcome::Grant).then(|| euro(minor)),
            per: Some(Per::Month),
            recommended_by: officer(1),
            barred: barred.map(str::to_owned),
        };
        Answer::Ready(vec![
            ready(1, 13_045, None),
            ready(2, 8_700, None),
            ready(3, 104_320, Some("second-officer-needed")),
            ready(4, 6_060, Some("assessment-outdated")),
        ])
    }
}

fn summaries() -> [CaseSummary; 2] {
    let case = |n: u64, person: PersonCard, cnr: &str, en: &str, due: Date, restricted: bool| CaseSummary {
        id: id(480 + n),
        number: format!("CSR-01-{}-2025/{n}", if restricted { "NP" } else { "STM" }),
        procedure: "stm".into(),
        code: if restricted { "NP" } else { "STM" }.into(),
        procedure_name: texts("Vođenje slučaja", "Case management"),
        person,
        state: CaseState::Open,
        phase: texts(cnr, en),
        priority: "first".into(),
        office: office(),
        lead: Some(officer(1)),
        reported_on: date(2025, 2, 10),
        due_on: Some(due),
        overdue: due < date(2025, 3, 10),
        restricted,
    };
    [
        case(
            1,
            card(12),
            "Početna procjena",
            "First appraisal",
            date(2025, 3, 4),
            false,
        ),
        case(
            2,
            card(10),
            "Plan usluga",
            "Plan of services",
            date(2025, 3, 20),
            true,
        ),
    ]
}

/// A case that is late and one that only the officers named on it see.
pub(super) fn cases() -> CaseAnswer {
    CaseAnswer::List(summaries().into())
}

fn due_in_it() -> Vec<Due> {
    let due = |n: u64, source: DueSource, what: &str, on: Date, time: Option<&str>| Due {
        case: id(481),
        number: "CSR-01-STM-2025/1".into(),
        person: card(12),
        source,
        id: id(490 + n),
        code: "visit".into(),
        name: texts("Početna procjena", "First appraisal"),
        what: what.into(),
        on,
        time: time.map(str::to_owned),
        officer: Some(officer(1)),
        overdue: on < date(2025, 3, 10),
    };
    vec![
        due(1, DueSource::Step, "", date(2025, 3, 4), None),
        due(
            2,
            DueSource::Activity,
            "Posjeta školi",
            date(2025, 3, 12),
            Some("10:30"),
        ),
        due(3, DueSource::Watch, "Prijem u vrtić", date(2025, 3, 12), None),
    ]
}

/// What is due in them.
pub(super) fn dues() -> CaseAnswer {
    CaseAnswer::Dues(due_in_it())
}

/// The first of them, opened and planned, with one visit written down.
pub(super) fn case() -> CaseAnswer {
    let [summary, _] = summaries();
    let plan = Plan {
        id: id(500),
        version: 1,
        state: PlanState::Approved,
        aim: "Luka ide redovno u školu".into(),
        goals: vec![Goal {
            id: id(501),
            goal: "Bez neopravdanih izostanaka".into(),
            indicator: Some("dnevnik razreda".into()),
            due_on: date(2025, 6, 1),
            reached: Some(40),
        }],
        activities: vec![Activity {
            id: id(502),
            goal: 0,
            kind: "visit".into(),
            what: "Posjeta školi".into(),
            officer: Some(officer(1)),
            responsible: None,
            due_on: date(2025, 3, 12),
            state: ActivityState::Open,
        }],
        crisis: None,
        participation: None,
        review_on: date(2025, 6, 10),
        proposed_at: at(),
        proposed_by: officer(1),
        decided_at: Some(at()),
        decided_by: Some(officer(2)),
        note: None,
    };
    let may = ["appraise", "contact", "note", "watch", "review", "refer"];
    let case = Case {
        summary,
        revision: 4,
        way: "report".into(),
        reason: "neglect".into(),
        note: Some("Škola je prijavila česte izostanke.".into()),
        reported_at: at(),
        reported_by: officer(1),
        opened: Some(Opened {
            on: date(2025, 2, 12),
            by: officer(2),
            note: None,
        }),
        closed: None,
        steps: vec![],
        visit_form: Some("home-visit".into()),
        sheets: vec![],
        plan: Some(plan),
        proposed: None,
        led: vec![],
        people: vec![],
        care: vec![],
        named: vec![],
        roles: vec![],
        care_kinds: vec![],
        may: may.map(str::to_owned).into(),
    };
    let note = Note {
        id: id(510),
        kind: NoteKind::Contact,
        code: Some("visit".into()),
        on: date(2025, 3, 7),
        time: Some("09:15".into()),
        who: Some("Marija Perović".into()),
        text: "Majka je kod kuće, dijete u školi.".into(),
        next_step: Some("razgovor sa razrednim".into()),
        activity: None,
        sheet: None,
        version: 1,
        recorded_at: at(),
        recorded_by: officer(1),
        replaced_at: None,
    };
    let kin = |n: u64, relationship: &str, generation: i8| Kin {
        card: Some(card(n)),
        name: None,
        relationship: relationship.into(),
        generation: Some(generation),
        roles: vec![],
        from: Some(date(2020, 1, 1)),
        left: None,
        carers: vec![],
    };
    let home = Home {
        id: id(90),
        people: vec![
            kin(11, "spouse", 0),
            kin(10, "self", 0),
            kin(12, "child", -1),
            kin(13, "child", -1),
        ],
    };
    let mut lists = super::lists();
    lists.extend([
        codes("case_ways", &[("report", "Prijava", "Report")]),
        codes("case_reasons", &[("neglect", "Zanemarivanje", "Neglect")]),
        codes("case_priorities", &[("first", "Prvi red", "First order")]),
        codes("contact_kinds", &[("visit", "Posjeta", "Visit")]),
    ]);
    CaseAnswer::Case(Box::new(CaseKit {
        case,
        notes: vec![note],
        dues: due_in_it(),
        family: Family {
            households: vec![home],
            others: vec![],
        },
        officers: vec![],
        forms: BTreeMap::new(),
        codes: lists,
    }))
}
