//! The second body, as the screens' tests meet it.

use super::{Fake, at, id, officer, texts};
use crate::api::{Answer, SecondAsk};
use jiff::civil::date;
use karton_api::{
    applications::ApplicationState,
    common::OfficeRef,
    confirmations::{Confirmation, Says, Second},
    decisions::{Delivery, LetterState},
};

fn agency() -> OfficeRef {
    OfficeRef {
        code: "MIN".into(),
        name: texts("Ministarstvo", "The ministry"),
    }
}

/// What stands beside the decision where a second body has to confirm it.
pub(super) fn beside(fake: &Fake) -> Option<Second> {
    let waits = fake.state == Some(ApplicationState::Confirming);
    let said = fake.second_says;
    if !waits && said.is_none() {
        return None;
    }
    Some(Second {
        body: texts("Ministarstvo", "The ministry"),
        waits,
        office: waits.then(agency),
        due_on: waits.then(|| date(2025, 3, 25)),
        learnt_since: false,
        confirmation: said.map(|says| Confirmation {
            id: id(410),
            office: agency(),
            says,
            reason: (says != Says::Confirm).then(|| "Nedostaje uvjerenje.".into()),
            number: (says != Says::Return).then(|| "MIN-R-2025/3".into()),
            by: officer(2),
            at: at(),
            deputy_for: None,
            letter: (says != Says::Return).then_some(LetterState::Ready),
            delivery: Delivery::default(),
            annulled: false,
        }),
    })
}

impl Fake {
    /// What the server would answer.
    pub(super) fn second(&mut self, ask: SecondAsk) -> Answer {
        match ask {
            SecondAsk::Confirm { body, once, .. } => {
                self.once(&once);
                self.second_says = Some(body.says);
                self.state = Some(match body.says {
                    Says::Return => ApplicationState::Lodged,
                    Says::Confirm | Says::Refuse => ApplicationState::Decided,
                });
                Answer::Decision(Box::new(self.decision()))
            }
            SecondAsk::Letter { .. } => {
                let text = "CRNA GORA\nMINISTARSTVO\nBroj: MIN-R-2025/3\n\nPotvrđuje se rješenje.\n";
                Answer::SecondLetter(Box::new(self.decision()), Some(text.into()))
            }
            SecondAsk::Pdf { .. } | SecondAsk::Slip { .. } => Answer::Bytes(b"%PDF-1.7".to_vec()),
            SecondAsk::Deliver { once, .. } => {
                self.once(&once);
                Answer::Decision(Box::new(self.decision()))
            }
        }
    }
}
