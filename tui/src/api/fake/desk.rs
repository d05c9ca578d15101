//! Signing in at the fake server, and the queue of work.

use super::{Fake, at, card, id, office, officer, pack::country, texts, who::offices};
use crate::api::{Answer, Fault, SignedIn};
use jiff::civil::date;
use karton_api::{
    matters::Task,
    session::{Role, SessionView},
};

impl Fake {
    pub(super) fn sign_in(
        &mut self,
        user: &str,
        password: &str,
        office: Option<String>,
    ) -> Result<Answer, Fault> {
        self.office = office;
        if password == "wrong" {
            return Err(Fault::Problem(Box::new(Fake::problem(
                401,
                "not-recognised",
                "Korisnik ili lozinka nisu tačni.",
            ))));
        }
        self.user = match user {
            "ivan" => 2,
            "mia" => 3,
            _ => 1,
        };
        Ok(self.signed_in())
    }
    pub(super) fn signed_in(&self) -> Answer {
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
        Answer::SignedIn(Box::new(SignedIn::new(
            Some("token".into()),
            view,
            Some(country()),
        )))
    }
    pub(super) fn tasks(&self) -> Answer {
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
}
