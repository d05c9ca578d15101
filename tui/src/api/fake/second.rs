//! The second body, as the screens' tests meet it.

use super::{Fake, at, id, officer, texts};
use crate::api::{Answer, First, FirstId, SecondAsk};
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
    Some(standing(waits, said, id(410), "MIN-R-2025/3"))
}

/// The same beside a later decision.
pub(super) fn on_later(says: Option<Says>) -> Second {
    standing(says.is_none(), says, id(411), "MIN-R-2025/4")
}

fn standing(
    waits: bool,
    said: Option<Says>,
    id: karton_api::Id<karton_api::value::Confirmation>,
    number: &str,
) -> Second {
    Second {
        body: texts("Ministarstvo", "The ministry"),
        waits,
        office: waits.then(agency),
        due_on: waits.then(|| date(2025, 3, 25)),
        learnt_since: false,
        confirmation: said.map(|says| Confirmation {
            id,
            office: agency(),
            says,
            reason: (says != Says::Confirm).then(|| "Nedostaje uvjerenje.".into()),
            number: (says != Says::Return).then(|| number.into()),
            by: officer(2),
            at: at(),
            deputy_for: None,
            letter: (says != Says::Return).then_some(LetterState::Ready),
            delivery: Delivery::default(),
            annulled: false,
            amendments: Vec::new(),
            may: vec!["correct".into(), "annul".into()],
        }),
        earlier: Vec::new(),
    }
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
            SecondAsk::ConfirmLater { body, once, .. } => {
                self.once(&once);
                self.second_says = Some(body.says);
                super::later::confirmed(self.second_says)
            }
            SecondAsk::DeliverLater { once, .. } => {
                self.once(&once);
                super::later::confirmed(Some(Says::Confirm))
            }
            SecondAsk::Letter {
                first: FirstId::Later(_),
                ..
            } => {
                let text = "CRNA GORA\nMINISTARSTVO\nBroj: MIN-R-2025/4\n\nPotvrđuje se prestanak.\n";
                match super::later::confirmed(Some(Says::Confirm)) {
                    Answer::Amendment(it, _) => Answer::SecondLetter(First::Later(it), Some(text.into())),
                    other => other,
                }
            }
            SecondAsk::Letter { .. } => {
                let text = "CRNA GORA\nMINISTARSTVO\nBroj: MIN-R-2025/3\n\nPotvrđuje se rješenje.\n";
                Answer::SecondLetter(First::Decision(Box::new(self.decision())), Some(text.into()))
            }
            SecondAsk::Pdf { .. } | SecondAsk::Slip { .. } => Answer::Bytes(b"%PDF-1.7".to_vec()),
            SecondAsk::Deliver { once, .. } => {
                self.once(&once);
                Answer::Decision(Box::new(self.decision()))
            }
        }
    }
}
