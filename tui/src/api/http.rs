//! Questions as calls of the HTTP contract. The connection is made with the first question, after the first picture.

mod cases;
mod documents;
mod intake;
mod letters;
mod pack;
mod persons;
mod work;

use super::{Answer, Ask, Fault, SignedIn, beside::BesideAsk, course, second, versions};
use crate::config::Settings;
use futures_util::future::{FutureExt, LocalBoxFuture};
use karton_api::{
    amendments::Amendment,
    applications::{NewApplication, SaveDraft},
    client::{self, Client, Error, Key},
    common::{BothTimes, PageQuery},
    decisions::{Deliver, DeliveryHow, ReadyQuery},
    matters::{Assign, CompleteStep, TasksQuery},
    persons::SearchPersons,
    session::{ChangePassword, SignIn},
    signals::SignalsQuery,
};
use letters::PDF;
use pack::Pack;
use std::{cell::RefCell, path::PathBuf, rc::Rc};

const NOW: BothTimes = BothTimes {
    as_of: None,
    known_at: None,
};

/// The server over HTTP.
#[derive(Debug, Clone)]
pub struct HttpApi(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    server: String,
    ca_file: Option<PathBuf>,
    client: RefCell<Option<Client>>,
    token: RefCell<Option<String>>,
    /// What the pack says stays the same while a session lasts.
    pack: RefCell<Pack>,
}
impl HttpApi {
    /// Nothing is sent and nothing built yet.
    pub fn new(settings: &Settings) -> HttpApi {
        HttpApi(Rc::new(Inner {
            server: settings.server.clone(),
            ca_file: settings.ca_file.clone(),
            client: RefCell::new(None),
            token: RefCell::new(None),
            pack: RefCell::default(),
        }))
    }
    /// Asks. What was asked goes on at the server even when nobody waits any more.
    pub fn call(&self, ask: Ask) -> LocalBoxFuture<'static, Result<Answer, Fault>> {
        let inner = self.0.clone();
        async move { inner.answer(ask).await }.boxed_local()
    }
    /// Signs further calls, or no longer.
    pub fn token(&self, token: Option<String>) {
        *self.0.token.borrow_mut() = token;
        *self.0.pack.borrow_mut() = Pack::default();
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        match error {
            Error::Problem(problem) => Fault::Problem(problem),
            Error::Offline(why) => Fault::Offline(why),
            Error::Unreadable(why) => Fault::Unreadable(why),
        }
    }
}

impl Inner {
    fn client(&self) -> Result<Client, Fault> {
        let built = self.client.borrow().clone();
        let client = match built {
            Some(client) => client,
            None => {
                let ca_pem = match &self.ca_file {
                    Some(path) => Some(
                        std::fs::read(path)
                            .map_err(|e| Fault::Offline(format!("{}: {e}", path.display())))?,
                    ),
                    None => None,
                };
                let client = Client::new(
                    &self.server,
                    &client::Settings {
                        ca_pem,
                        timeout: None,
                    },
                )?;
                *self.client.borrow_mut() = Some(client.clone());
                client
            }
        };
        Ok(match &*self.token.borrow() {
            Some(token) => client.signed_in(token),
            None => client,
        })
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one arm a question; each is a call or a few"
    )]
    async fn answer(&self, ask: Ask) -> Result<Answer, Fault> {
        let c = self.client()?;
        Ok(match ask {
            Ask::SignIn {
                user,
                password,
                office,
            } => {
                let signed = c
                    .sign_in(&SignIn {
                        user,
                        password,
                        office,
                    })
                    .await?;
                let country = self.country(&c.signed_in(&signed.token)).await?;
                Answer::SignedIn(Box::new(SignedIn::new(
                    Some(signed.token),
                    signed.session,
                    country,
                )))
            }
            Ask::Session => {
                let view = c.session().await?;
                Answer::SignedIn(Box::new(SignedIn::new(None, view, self.country(&c).await?)))
            }
            Ask::SignOut => {
                c.sign_out().await?;
                Answer::SignedOut
            }
            Ask::ChangePassword { old, new } => {
                let view = c.change_password(&ChangePassword { old, new }).await?;
                Answer::SignedIn(Box::new(SignedIn::new(None, view, self.country(&c).await?)))
            }
            Ask::Sessions => Answer::Sessions(c.sessions().await?.items),
            Ask::Admin(ask) => Answer::Admin(super::admin::answer(&c, ask).await?),
            Ask::People(ask) => Answer::People(super::people::answer(&c, ask).await?),
            Ask::Parties(ask) => Answer::Parties(super::parties::answer(&c, ask).await?),
            Ask::Tasks { queue } => {
                let query = TasksQuery {
                    queue: Some(queue),
                    limit: Some(200),
                    cursor: None,
                };
                Answer::Tasks(c.tasks(&query).await?.items)
            }
            Ask::Take {
                matter,
                step,
                officer,
                once,
            } => {
                c.assign_step(matter, step, &Key(once), &Assign { officer })
                    .await?;
                Answer::Done
            }
            Ask::Search { text, cursor } => Answer::Found(
                c.search_persons(&SearchPersons {
                    text,
                    limit: Some(50),
                    cursor,
                })
                .await?,
            ),
            Ask::RegisterForm { .. } => Answer::Codes(self.lists(&c, ["municipalities", "sexes"]).await?),
            Ask::Register { body, once } => {
                Answer::Person(Box::new(c.register_person(&Key(once), &body).await?))
            }
            Ask::Dossier { person } => self.dossier(&c, person, None).await?,
            Ask::DossierFor { person, purpose } => self.dossier(&c, person, Some(purpose)).await?,
            Ask::Inquire(body) => Answer::Inquiry(Box::new(c.inquire(&body).await?)),
            Ask::Signals { state } => {
                let query = SignalsQuery {
                    state: Some(state),
                    limit: Some(100),
                    ..SignalsQuery::default()
                };
                Answer::Signals(c.signals(&query).await?)
            }
            Ask::AnswerSignal { id, revision, body } => {
                Answer::Signal(Box::new(c.answer_signal(id, revision, &body).await?))
            }
            Ask::Classifiers => Answer::Lists(self.classifiers(&c).await?),
            Ask::WhatIfBenefits => Answer::Benefits(self.benefits(&c).await?),
            Ask::WhatIf(body) => Answer::Previewed(Box::new(c.what_if(&body).await?)),
            Ask::WhatIfForm { benefit } => self.what_if_form(&c, &benefit).await?,
            Ask::MemberForm { person, .. } => Answer::Member(
                Box::new(c.person(person).await?),
                self.lists(&c, ["relationships"]).await?,
            ),
            Ask::AddMember { head, body, once } => {
                Answer::Household(Some(c.add_member(head, &Key(once), &body).await?))
            }
            Ask::ChangeForm { person, what } => self.change_form(&c, person, what).await?,
            Ask::Change { person, send, once } => {
                Answer::Changed(Box::new(self.change(&c, person, *send, &Key(once)).await?))
            }
            Ask::Complete { matter, step, once } => {
                c.complete_step(matter, step, &Key(once), &CompleteStep::default())
                    .await?;
                Answer::Done
            }
            Ask::Step(ask) => self.step(&c, ask).await?,
            Ask::Beside(BesideAsk::See { application }) => {
                Answer::Standing(Box::new(c.standing(application).await?))
            }
            Ask::Beside(BesideAsk::Choose {
                application,
                body,
                once,
            }) => {
                c.choose(application, &Key(once), &body).await?;
                Answer::Done
            }
            Ask::Beside(BesideAsk::Then { application, query }) => {
                Answer::Then(Box::new(c.assessed_then(application, &query).await?))
            }
            // What an organisation asks for begins at the organisation.
            Ask::Benefits { .. } => Answer::Benefits(
                (self.benefits(&c).await?.into_iter())
                    .filter(|benefit| benefit.applicant != "organisation")
                    .collect(),
            ),
            Ask::Intake {
                benefit,
                person,
                draft,
                ..
            } => self.intake(&c, &benefit, person, draft).await?,
            Ask::Household { person } => Answer::Household(self.household(&c, person).await?),
            Ask::Preview(body) => Answer::Previewed(Box::new(c.preview(&body).await?)),
            Ask::OpenDraft {
                benefit,
                person,
                answers,
                once,
            } => {
                let body = NewApplication {
                    benefit,
                    applicant: person,
                    organisation: None,
                    answers,
                };
                Answer::Application(Box::new(c.open_application(&Key(once), &body).await?))
            }
            Ask::SaveDraft {
                id,
                revision,
                answers,
            } => Answer::Application(Box::new(
                c.save_draft(id, revision, &SaveDraft { answers }).await?,
            )),
            Ask::Previews(bodies) => intake::previews(&c, &bodies).await?,
            Ask::LodgeTogether { body, once } => intake::lodge_together(&c, &Key(once), &body).await?,
            Ask::HandInForm { .. } => Answer::Codes(self.lists(&c, ["channels", "capacities"]).await?),
            Ask::DismissForm { .. } => Answer::Codes(self.lists(&c, ["dismissal_reasons"]).await?),
            Ask::Paper { id, width, .. } => letters::paper(&c, id, width).await?,
            Ask::PaperPdf { id, .. } => Answer::Bytes(c.paper_letter(id, &PDF).await?),
            Ask::Dismiss { id, body, once } => {
                c.dismiss(id, &Key(once), &body).await?;
                self.work(&c, id).await?
            }
            Ask::DecideDismissal { id, once } => {
                c.decide_dismissal(id, &Key(once)).await?;
                self.work(&c, id).await?
            }
            Ask::ReturnDismissal { id, body, once } => {
                c.return_dismissal(id, &Key(once), &body).await?;
                self.work(&c, id).await?
            }
            Ask::DeliverDismissal { id, on, once } => {
                c.deliver_dismissal(
                    id,
                    &Key(once),
                    &Deliver {
                        on,
                        how: DeliveryHow::Handed,
                        to: None,
                    },
                )
                .await?;
                self.work(&c, id).await?
            }
            Ask::Lodge { id, hand_in, once } => intake::lodge(&c, id, &Key(once), &hand_in).await?,
            Ask::Withdraw { id, body, once } => {
                c.withdraw(id, &Key(once), &body).await?;
                self.work(&c, id).await?
            }
            Ask::ReplaceForm { .. } | Ask::FactForm { .. } => self.fact_form(&c).await?,
            Ask::Replace { id, item, body, once } => {
                c.replace_evidence(id, item, &Key(once), &body).await?;
                self.work(&c, id).await?
            }
            Ask::Record { person, body, once } => {
                Answer::Fact(Box::new(c.record_fact(person, &Key(once), &body).await?))
            }
            Ask::Draft { id } => Answer::Application(Box::new(c.application(id).await?)),
            Ask::Application { id } | Ask::Look { id } => match self.work(&c, id).await {
                // A task may be of a later decision: its matter bears that one's id.
                Err(Fault::Problem(p)) if p.status == 404 => {
                    match letters::amendment(&c, id.cast(), 96).await {
                        Ok(found) => found,
                        Err(_) => return Err(Fault::Problem(p)),
                    }
                }
                other => other?,
            },
            Ask::Tell { id, notice, once } => {
                c.send_notice(id.cast(), notice, &Key(once)).await?;
                self.work(&c, id).await?
            }
            Ask::AskEvidence { id, once } => {
                c.ask_evidence(id, &Key(once)).await?;
                self.work(&c, id).await?
            }
            Ask::Assess { id, once } => {
                c.assess(id, &Key(once)).await?;
                self.work(&c, id).await?
            }
            Ask::Recommend { id, body, once } => {
                c.recommend(id, &Key(once), &body).await?;
                self.work(&c, id).await?
            }
            Ask::Decide { id, body, once } => {
                Answer::Decision(Box::new(c.decide(id, &Key(once), &body).await?))
            }
            Ask::Return { id, body, once } => {
                c.send_back(id, &Key(once), &body).await?;
                self.work(&c, id).await?
            }
            Ask::Letter { decision, width } => letters::decision(&c, decision, width).await?,
            Ask::Pdf { decision, .. } => Answer::Bytes(c.letter(decision, &PDF).await?),
            Ask::Course(ask) => course::asked(&c, ask).await?,
            Ask::Second(ask) => second::asked(&c, ask).await?,
            Ask::Version(ask) => versions::asked(&c, ask).await?,
            Ask::Documents(ask) => self.documents(&c, ask).await?,
            Ask::Cases(ask) => self.cases(&c, ask).await?,
            Ask::Deliver { decision, body, once } => {
                Answer::Decision(Box::new(c.deliver(decision, &Key(once), &body).await?))
            }
            Ask::Slip { decision, .. } => Answer::Bytes(c.slip(decision, &PDF).await?),
            Ask::AmendForm { about } => self.amend_form(&c, &about).await?,
            Ask::Propose { body, once } => later(c.propose_amendment(&Key(once), &body).await?),
            Ask::RecommendAmendment { id, body, once } => {
                later(c.recommend_amendment(id, &Key(once), &body).await?)
            }
            Ask::Amendment { id, width } => letters::amendment(&c, id, width).await?,
            Ask::DecideAmendment { id, body, once } => {
                later(c.decide_amendment(id, &Key(once), &body).await?)
            }
            Ask::ReturnAmendment { id, body, once } => {
                later(c.return_amendment(id, &Key(once), &body).await?)
            }
            Ask::DropAmendment { id, body, once } => later(c.drop_amendment(id, &Key(once), &body).await?),
            Ask::DeliverAmendment { id, body, once } => {
                later(c.deliver_amendment(id, &Key(once), &body).await?)
            }
            Ask::AmendmentPdf { id, .. } => Answer::Bytes(c.amendment_letter(id, &PDF).await?),
            Ask::AmendmentSlip { id, .. } => Answer::Bytes(c.amendment_slip(id, &PDF).await?),
            Ask::Ready { benefit, outcome } => {
                let query = ReadyQuery {
                    benefit,
                    outcome,
                    limit: Some(200),
                    cursor: None,
                };
                Answer::Ready(c.ready_to_decide(&query).await?.items)
            }
            Ask::DecideMany { body, once } => Answer::Many(Box::new(c.decide_many(&Key(once), &body).await?)),
            Ask::Deputies => deputies(&c).await?,
            Ask::NameDeputy { body, once } => {
                c.name_deputy(&Key(once), &body).await?;
                deputies(&c).await?
            }
            Ask::EndDeputy { id, once } => {
                c.end_deputy(id, &Key(once)).await?;
                deputies(&c).await?
            }
            Ask::OpenWork { officer } => {
                let page = PageQuery {
                    limit: Some(200),
                    cursor: None,
                };
                Answer::OpenWork(c.open_work(officer.id, &page).await?.items)
            }
            Ask::HandOver { officer, body, once } => {
                Answer::HandedOver(Box::new(c.hand_over(officer, &Key(once), &body).await?))
            }
            Ask::WouldChange { award } => Answer::WouldChange(Box::new(c.would_change(award).await?)),
        })
    }
}

/// A later decision that is not shown with its letter.
fn later(amendment: Amendment) -> Answer {
    Answer::Amendment(Box::new(amendment), None)
}

async fn deputies(c: &Client) -> Result<Answer, Fault> {
    let page = PageQuery {
        limit: Some(200),
        cursor: None,
    };
    Ok(Answer::Deputies(c.deputies(&page).await?.items))
}
