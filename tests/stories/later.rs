//! Deciding and what comes afterwards, at the keyboard, in a terminal of 80 by 24: a right ended and the slip in that decision corrected, many
//! decided at once, a deputy who decides for an absent approver, a letter served with its slip, an amount that officers set.

use karton_tests::told_on_both;

told_on_both! {
    /// A right is ended by two officers, its decision served with the slip, and a slip of the pen in it corrected by another one.
    a_right_is_ended_and_the_decision_about_it_corrected;
    /// Two applications that are alike are decided with one confirmation, each with its why one key away.
    what_is_alike_is_decided_at_once;
    /// The head of the office goes on leave and names who decides meanwhile.
    a_deputy_decides_while_the_approver_is_away;
    /// A decision is served: the slip is kept, and the last day for an appeal stands at it.
    a_letter_is_served_with_its_slip;
    /// One-off cash assistance after a fire: the caseworker proposes an amount, the approver sets another one within the limit and says why.
    the_approver_sets_another_amount_and_says_why;
}

mod tell {
    use crate::{CLIENT, SERVER, visit::pdfs_below, way::confirmed_everything};
    use jiff::SignedDuration;
    use karton_api::{
        FactValue, Id,
        applications::Application,
        assessments::{Outcome, StoredAssessment},
        decisions::{Decision, LetterForm},
        session::Role,
        value,
    };
    use karton_tests::{
        house::{Engine, House, PASSWORD, Plan},
        officer::{Officer, answers_for_material_support, claim, code},
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

    fn opens_marko(at: &mut Terminal) {
        at.types("<F12>f1403978200126");
        at.waits_for("Marko Vujotić");
        at.types("<Enter>");
        at.waits_for("Overview");
    }

    pub(super) async fn a_right_is_ended_and_the_decision_about_it_corrected(engine: Engine) {
        let Some(house) = Plan::on(engine).registers(SERVER).open().await else {
            return;
        };
        let (ana, petar) = (house.ana().await, house.petar().await);
        granted(&house, &ana, &petar).await;
        // What is opened later stands later in the queue.
        house.clock.advance(SignedDuration::from_mins(1));
        typed(|| {
            let home = tempfile::tempdir().unwrap();
            let mut at = sits_down(&house, home.path(), "ana");
            opens_marko(&mut at);
            at.types("_");
            at.waits_for("Proposal of a later decision");
            at.waits_for("01.04.2025");
            at.types("<Tab><Tab>renounced<Tab>Izjava od 10.3.2025.<F10>");
            at.waits_for("Recommend it?");
            at.types("y");
            at.waits_for("The recommendation is sent for decision.");

            hands_on(&mut at, "petar");
            at.waits_for("Marko Vujotić");
            at.types("<Enter>");
            at.waits_for("Ending");
            at.waits_for("CSR-01-R-2025/1");
            command(&mut at, "Decide with words");
            at.waits_for("Paragraph of the reasoning");
            at.types("Saglasan sam.<F10>");
            at.waits_for("y yes");
            at.types("y");
            at.waits_for("CSR-01-R-2025/2");
            at.waits_for("CRNA GORA");
            at.types("<F8>");
            at.waits_for("PRESTAJE");

            // The clerk hands the letter over, with the slip, and sees until when an appeal may be made.
            hands_on(&mut at, "ana");
            at.types("i");
            at.waits_for("Marko Vujotić");
            // The first decision waits for its service above this one.
            at.types("<Down><Enter>");
            at.waits_for("CSR-01-R-2025/2");
            command(&mut at, "Save the delivery slip");
            at.waits_for(".pdf");
            at.types("y");
            at.waits_for("Service of CSR-01-R-2025/2");
            at.types("<F10>");
            at.waits_for("25.03.2025");

            // His name was misspelt in it: what is put right stands in a decision of its own.
            command(&mut at, "Correct a slip");
            at.waits_for("It should say");
            at.types("<Tab>clerical-error<Tab>Vujotić<Tab>Vujošević<F10>");
            at.waits_for("Recommend it?");
            at.types("y");
            at.waits_for("The recommendation is sent for decision.");
            hands_on(&mut at, "petar");
            at.waits_for("Marko Vujotić");
            at.types("<Enter>");
            at.waits_for("Vujotić → Vujošević");
            at.types("o");
            at.waits_for("y yes");
            at.types("y");
            at.waits_for("CSR-01-R-2025/3");
            at.waits_for("CRNA GORA");
            at.types("<F8>");
            at.waits_for("ISPRAVLJA SE");
            leaves(at);
        });
        house.close().await;
    }

    pub(super) async fn what_is_alike_is_decided_at_once(engine: Engine) {
        let Some(house) = Plan::on(engine).registers(SERVER).open().await else {
            return;
        };
        let (ana, _petar) = (house.ana().await, house.petar().await);
        let (mut grants, mut refusals) = (Vec::new(), Vec::new());
        for name in ["vujotic marko", "lakov", "radunov", "vidak", "pozaric"] {
            let (id, on) = assessed(&house, &ana, name).await;
            match on.assessment.outcome {
                Outcome::Grant => grants.push(recommended(&ana, id, &on).await),
                Outcome::Refuse => refusals.push(recommended(&ana, id, &on).await),
                Outcome::Unknown | Outcome::Confirm => {}
            }
        }
        let refused = grants.len() < 2;
        let alike = if refused { refusals } else { grants };
        assert!(alike.len() >= 2, "two are alike: {alike:?}");
        typed(|| {
            let home = tempfile::tempdir().unwrap();
            let mut at = sits_down(&house, home.path(), "petar");
            at.waits_for("CSR-01-Z-2025/");
            at.types(";");
            at.waits_for("Many decisions at once");
            if refused {
                at.types("<Tab>");
            }
            let all = format!("{} of {}", alike.len(), alike.len());
            at.waits_for(&all);
            // The why of one is a key away; back again nothing was lost.
            at.types("<Enter>");
            at.waits_for("1 Evidence");
            at.types("<Esc>");
            at.waits_for(&all);
            // One is left out, and decided with the others after all.
            at.types(" ");
            at.waits_for(&format!("{} of {}", alike.len() - 1, alike.len()));
            at.types("<Up> ");
            at.waits_for(&all);
            at.types("o");
            at.waits_for("y yes");
            at.types("y");
            at.waits_for(&format!("Decided: {}", alike.len()));
            at.waits_for("CSR-01-R-2025/2");
            // Both keys in one packet, as a slow line brings them.
            at.types("<Esc><Ctrl-Q>");
            assert_eq!(at.ends(), 0);
        });
        assert_eq!(house.count("decision").await, i64::try_from(alike.len()).unwrap());
        house.close().await;
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

    pub(super) async fn the_approver_sets_another_amount_and_says_why(engine: Engine) {
        let Some(house) = Plan::on(engine).registers(SERVER).open().await else {
            return;
        };
        let (ana, _petar) = (house.ana().await, house.petar().await);
        let family = ana.finds_the_family_of("vujotic marko").await;
        let answers = vec![
            claim("circumstance", code("fire")),
            claim("need_found", FactValue::Bool(true)),
            claim("consent", FactValue::Bool(true)),
            claim("payment_channel", code("post")),
        ];
        let lodged = ana.lodges("JNP", family.head(), answers).await.done();
        let id = lodged.application.summary.id;
        ana.waits_for_evidence(&house, id).await;
        ana.assesses(id).await.done();
        typed(|| {
            let home = tempfile::tempdir().unwrap();
            let mut at = sits_down(&house, home.path(), "ana");
            at.types("i");
            at.waits_for("Marko Vujotić");
            at.types("<Enter>");
            at.waits_for("100.00 €");
            at.types("r");
            at.waits_for("Why this amount");
            at.types("<Tab>120<Tab>Izgorio je namjestaj.");
            gives_reasons(&mut at);

            hands_on(&mut at, "petar");
            at.waits_for("Marko Vujotić");
            at.types("<Enter>");
            at.waits_for("100.00 €");
            at.types("o");
            at.waits_for("The rule allows up to 200.00 €");
            // What was proposed stands there; neither more than the limit nor an amount without a word for it is taken.
            at.waits_for("120.00");
            at.types("250<F10>");
            at.waits_for("Why this amount: please fill in");
            at.types("Izgorio je i krov.<F10>");
            at.waits_for("y yes");
            at.types("y");
            at.waits_for("outside of the limits");
            at.types("180<F10>");
            at.waits_for("y yes");
            at.types("y");
            at.waits_for("CSR-01-R-2025/1");
            at.types("l");
            at.waits_for("PRIZNAJE SE Marko Vujotić");
            at.waits_for("180,00");
            for page in 2..=6 {
                if at.shows("Izgorio je i krov.") {
                    break;
                }
                at.types("<F8>");
                at.waits_for(&format!("page {page} of"));
            }
            at.waits_for("Izgorio je i krov.");
            leaves(at);
        });
        house.close().await;
    }

    /// The same word on every page where the form asks why, and sends.
    fn gives_reasons(at: &mut Terminal) {
        at.types("<F10>");
        let mut reason = "Uvid u spise i razgovor.<Tab>";
        while at.waits_for_one_of(&["Recommend?", "please fill in"]) == 1 {
            let page = at.screen();
            at.types(reason);
            reason = "<F6>";
            at.waits_until("the next page", |screen| screen != page);
            at.types("<F10>");
            at.waits_until("an answer to F10", |screen| {
                screen.contains("Recommend?") || screen.contains("Reason: please fill in")
            });
        }
        at.types("y");
        at.waits_for("The recommendation is sent for decision.");
    }
}
