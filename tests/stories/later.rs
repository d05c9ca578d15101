//! What comes after a decision, at the keyboard, in a terminal of 80 by 24: its letter is served, with the slip.

use karton_tests::told_on_both;

told_on_both! {
    /// A decision is served: the slip is kept, and the last day for an appeal stands at it.
    a_letter_is_served_with_its_slip;
}

mod tell {
    use crate::{CLIENT, SERVER, visit::pdfs_below, way::confirmed_everything};
    use karton_api::{
        Id,
        applications::Application,
        assessments::{Outcome, StoredAssessment},
        decisions::{Decision, LetterForm},
        value,
    };
    use karton_tests::{
        house::{Engine, House, PASSWORD, Plan},
        officer::{Officer, answers_for_material_support},
        terminal::{Start, Terminal},
    };
    use std::path::Path;

    /// Somebody who works here sits down at a terminal.
    fn sits_down(house: &House, home: &Path, account: &str) -> Terminal {
        let mut at = Start::of(CLIENT, home)
            .arg("--server")
            .arg(&format!("http://{}", house.address))
            .arg("--lang")
            .arg("en")
            .run();
        at.waits_for("K A R T O N");
        at.types(&format!("{account}<Tab>{PASSWORD}<F10>"));
        at.waits_for("Mine");
        at
    }

    /// A command by its name.
    fn command(at: &mut Terminal, name: &str) {
        at.types("<F2>");
        at.waits_for("Commands");
        at.types(name);
        at.waits_for(name);
        at.types("<Enter>");
    }

    fn leaves(mut at: Terminal) {
        at.types("<Ctrl-Q>");
        assert_eq!(at.ends(), 0);
    }

    /// An application for material support, lodged and assessed.
    async fn assessed(
        house: &House,
        ana: &Officer,
        name: &str,
    ) -> (Id<value::Application>, StoredAssessment) {
        let family = ana.finds_the_family_of(name).await;
        let answers = answers_for_material_support(&family, house.clock.today());
        let lodged = ana.lodges("MO", family.head(), answers).await.done();
        let id = lodged.application.summary.id;
        ana.waits_for_evidence(house, id).await;
        (id, ana.assesses(id).await.done())
    }

    async fn recommended(ana: &Officer, id: Id<value::Application>, on: &StoredAssessment) -> Application {
        ana.recommends(id, on, on.assessment.outcome, confirmed_everything(on))
            .await
            .done()
    }

    /// Marko Vujotić's family has material support: the decision with its letter made.
    async fn granted(house: &House, ana: &Officer, petar: &Officer) -> Decision {
        let (id, on) = assessed(house, ana, "vujotic marko").await;
        recommended(ana, id, &on).await;
        let decision = petar.decides(id, &on, Outcome::Grant).await.done();
        ana.reads_letter(house, decision.id, LetterForm::Text).await;
        decision
    }

    /// What is typed meanwhile does not keep the house from its work.
    fn typed<T>(what: impl FnOnce() -> T) -> T {
        tokio::task::block_in_place(what)
    }

    pub(super) async fn a_letter_is_served_with_its_slip(engine: Engine) {
        let Some(house) = Plan::on(engine).registers(SERVER).open().await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        granted(&house, &ana, &petar).await;
        typed(|| {
            let home = tempfile::tempdir().unwrap();
            let mut at = sits_down(&house, home.path(), "ana");
            at.types("i");
            at.waits_for("Marko Vujotić");
            at.types("<Enter>");
            at.waits_for("118.45 €");
            at.types("l");
            at.waits_for("PRIZNAJE SE Marko Vujotić");
            command(&mut at, "Save the delivery slip");
            at.waits_for(".pdf");
            assert_eq!(pdfs_below(home.path()).len(), 1, "the slip is kept");
            // It came back from the post once; then it was put on the notice board, which serves it eight days later.
            command(&mut at, "Served otherwise");
            at.waits_for("Service of CSR-01-R-2025/1");
            at.types("returned<Tab><F10>");
            at.waits_for("noted");
            command(&mut at, "Served otherwise");
            at.waits_for("Service of CSR-01-R-2025/1");
            at.types("board<Tab><F10>");
            at.waits_for("02.04.2025");
            leaves(at);
        });
        house.close().await;
    }
}
