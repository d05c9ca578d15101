//! The version of the pack that a matter runs on, as the screens' tests meet it.

use super::Fake;
use crate::api::{Answer, versions::VersionAsk};
use karton_api::upgrades::{MatterVersion, PackChange};

impl Fake {
    /// What the server would answer.
    pub(super) fn version(&mut self, ask: VersionAsk) -> Answer {
        match ask {
            VersionAsk::See { .. } => {
                let change = |file: &str, place: &str, was: Option<&str>, is: Option<&str>| PackChange {
                    file: file.into(),
                    place: place.into(),
                    was: was.map(str::to_owned),
                    is: is.map(str::to_owned),
                };
                Answer::Version(Box::new(MatterVersion {
                    revision: 4,
                    runs_on: "aaaa1111".into(),
                    in_force: if self.older { "bbbb2222" } else { "aaaa1111" }.into(),
                    fits: self.older,
                    changes: vec![
                        change(
                            "catalogue/MO/benefit.toml",
                            "condition income, when",
                            Some("income <= limit"),
                            Some("income < limit"),
                        ),
                        change("parameters/mo.toml", "mo.base, 2026-01-01", None, Some("160.45")),
                    ],
                    more: 0,
                }))
            }
            VersionAsk::Move { why, .. } => {
                self.older = false;
                self.moved = Some(why.reason);
                Answer::Done
            }
        }
    }
}
