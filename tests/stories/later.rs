//! Deciding and what comes afterwards, at the keyboard, in a terminal of 80 by 24: a deputy decides for an absent approver, a letter is served with
//! its slip.

use karton_tests::told_on_both;

told_on_both! {
    /// The head of the office goes on leave and names who decides meanwhile.
    a_deputy_decides_while_the_approver_is_away;
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
        session::Role,
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

    /// The next one sits down at the same terminal.
    fn hands_on(at: &mut Terminal, account: &str) {
        at.types("<F12><F2>sign out");
        at.waits_for("Sign out");
        at.types("<Enter>");
        at.waits_for("K A R T O N");
        at.types(&format!("{account}<Tab>{PASSWORD}<F10>"));
        at.waits_for("Mine");
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

    pub(super) async fn a_deputy_decides_while_the_approver_is_away(engine: Engine) {
        let Some(house) = Plan::on(engine).registers(SERVER).open().await else {
            return;
        };
        let (ana, _petar) = (house.ana().await, house.petar().await);
        house
            .officer("goran", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await;
        let (id, on) = assessed(&house, &ana, "vujotic marko").await;
        recommended(&ana, id, &on).await;
        typed(|| {
            let home = tempfile::tempdir().unwrap();
            let mut at = sits_down(&house, home.path(), "petar");
            command(&mut at, "Deputies");
            at.waits_for("There are no deputies.");
            at.types("n");
            at.waits_for("Naming a deputy");
            at.types("goran<Tab><Tab>20.03.2025<F10>");
            at.waits_for("The deputy is named.");
            at.waits_for("Goran Probna");

            hands_on(&mut at, "goran");
            at.types("i");
            at.waits_for("Marko Vujotić");
            at.types("<Enter>");
            at.waits_for("118.45 €");
            at.types("o");
            at.waits_for("y yes");
            at.types("y");
            at.waits_for("CSR-01-R-2025/1");
            at.types("l");
            at.waits_for("PRIZNAJE SE Marko Vujotić");
            at.types("<End>");
            at.waits_for("zamjenjuje: Petar");
            leaves(at);
        });
        house.close().await;
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
