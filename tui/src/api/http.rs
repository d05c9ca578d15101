//! Questions as calls of the HTTP contract. The connection is made with the first question, after the first picture.

mod documents;

use super::{
    About, Answer, Api, Ask, CaseAnswer, CaseAsk, CaseKit, ChangeKit, Changed, DossierKit, FactKit, Fault,
    IntakeKit, LodgedBeside, ReportKit, Send, SignedIn, StepAsk, StepKit, What, WhatIfKit, Work,
    beside::{BesideAsk, PARTS, parts_list},
    cases, second, steps,
};
use crate::config::Settings;
use futures_util::future::{FutureExt, LocalBoxFuture};
use karton_api::{
    Id,
    applications::{NewApplication, SaveDraft},
    catalogue::{Benefit, CodeList, Country, FactDef, FieldKind, Form},
    client::{self, Client, Error, Key},
    common::{BothTimes, PageQuery, Reason},
    decisions::{Deliver, DeliveryHow, LetterForm, LetterQuery, LetterState, ReadyQuery},
    dossiers::{OpenDossier, Purpose},
    matters::{Assign, CompleteStep, TasksQuery},
    persons::SearchPersons,
    session::{ChangePassword, SignIn},
    signals::SignalsQuery,
    value,
};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    rc::Rc,
};

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
#[derive(Debug, Default)]
struct Pack {
    codes: BTreeMap<String, CodeList>,
    facts: Vec<FactDef>,
    benefits: Vec<Benefit>,
    forms: BTreeMap<String, Form>,
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
}

impl Api for HttpApi {
    fn call(&self, ask: Ask) -> LocalBoxFuture<'static, Result<Answer, Fault>> {
        let inner = self.0.clone();
        async move { inner.answer(ask).await }.boxed_local()
    }
    fn token(&self, token: Option<String>) {
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
            Ask::Classifiers => {
                let country = self.country(&c).await?;
                let names = country.map(|country| country.classifiers).unwrap_or_default();
                let mut known = self.lists(&c, names.iter()).await?;
                Answer::Lists(names.iter().filter_map(|name| known.remove(name)).collect())
            }
            Ask::WhatIfBenefits => Answer::Benefits(self.benefits(&c).await?),
            Ask::WhatIf(body) => Answer::Previewed(Box::new(c.what_if(&body).await?)),
            Ask::WhatIfForm { benefit } => {
                let benefits = self.benefits(&c).await?;
                let benefit = benefits.into_iter().find(|b| b.code == benefit);
                let benefit = benefit.ok_or_else(|| Fault::Unreadable("benefit".into()))?;
                let form = c.form(&benefit.form).await?;
                let facts = self.dictionary(&c).await?;
                let mut names = BTreeSet::from(["relationships".to_owned(), "sexes".to_owned()]);
                facts.iter().for_each(|def| lists_of(&def.kind, &mut names));
                let codes = self.lists(&c, names).await?;
                Answer::WhatIf(Box::new(WhatIfKit {
                    benefit,
                    form,
                    facts,
                    codes,
                }))
            }
            Ask::MemberForm { person, .. } => Answer::Member(
                Box::new(c.person(person).await?),
                self.lists(&c, ["relationships"]).await?,
            ),
            Ask::AddMember { head, body, once } => {
                Answer::Household(Some(c.add_member(head, &Key(once), &body).await?))
            }
            Ask::ChangeForm { person, what } => {
                let (view, household) =
                    futures_util::future::join(c.person(person), self.household(&c, person)).await;
                let page = PageQuery {
                    limit: Some(50),
                    cursor: None,
                };
                Answer::Change(Box::new(ChangeKit {
                    person: view?,
                    household: household?,
                    codes: self
                        .lists(&c, ["municipalities", "relationships", "sexes"])
                        .await?,
                    events: match what {
                        What::Undo => c.household_changes(person, &page).await?.items,
                        _ => Vec::new(),
                    },
                    identity: match what {
                        What::Identity => c.identity(person).await?.items,
                        _ => Vec::new(),
                    },
                }))
            }
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
            Ask::Previews(bodies) => {
                let all = bodies.iter().enumerate().map(|(place, body)| {
                    let asked = c.preview(body);
                    async move { asked.await.map_err(|error| at_draft(error, place)) }
                });
                Answer::Previews(futures_util::future::try_join_all(all).await?)
            }
            Ask::LodgeTogether { body, once } => {
                let lodged = c.lodge_together(&Key(once), &body).await?;
                let mut names = BTreeMap::new();
                for one in &lodged.lodged {
                    // A courtesy, as below.
                    let items = c.evidence(one.application.summary.id).await;
                    let items = items.map(|round| round.items).unwrap_or_default();
                    names.extend(items.into_iter().map(|item| (item.service, item.name)));
                }
                let applicant = lodged
                    .lodged
                    .first()
                    .map(|one| one.application.summary.applicant.id);
                let possible = self.possible(&c, applicant).await;
                Answer::LodgedTogether(Box::new(lodged), LodgedBeside { names, possible })
            }
            Ask::HandInForm { .. } => Answer::Codes(self.lists(&c, ["channels", "capacities"]).await?),
            Ask::DismissForm { .. } => Answer::Codes(self.lists(&c, ["dismissal_reasons"]).await?),
            Ask::Paper { id, width, .. } => {
                let paper = c.paper(id).await?;
                let text = if paper.letter == LetterState::Ready {
                    let query = LetterQuery {
                        form: Some(LetterForm::Text),
                        width: Some(width),
                    };
                    Some(String::from_utf8_lossy(&c.paper_letter(id, &query).await?).into_owned())
                } else {
                    None
                };
                Answer::Paper(Box::new(paper), text)
            }
            Ask::PaperPdf { id, .. } => {
                let query = LetterQuery {
                    form: Some(LetterForm::Pdf),
                    width: None,
                };
                Answer::Bytes(c.paper_letter(id, &query).await?)
            }
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
            Ask::Lodge { id, hand_in, once } => {
                let lodged = c.lodge_as(id, &Key(once), &hand_in).await?;
                // The registers' names are a courtesy: what was lodged is lodged without them too.
                let items = c.evidence(id).await.map(|round| round.items).unwrap_or_default();
                let names = items.into_iter().map(|item| (item.service, item.name)).collect();
                let possible = self
                    .possible(&c, Some(lodged.application.summary.applicant.id))
                    .await;
                Answer::Lodged(Box::new(lodged), LodgedBeside { names, possible })
            }
            Ask::Withdraw { id, body, once } => {
                c.withdraw(id, &Key(once), &body).await?;
                self.work(&c, id).await?
            }
            Ask::ReplaceForm { .. } | Ask::FactForm { .. } => {
                let facts = self.dictionary(&c).await?;
                let mut names = BTreeSet::new();
                facts.iter().for_each(|def| lists_of(&def.kind, &mut names));
                let codes = self.lists(&c, names).await?;
                Answer::Facts(Box::new(FactKit { facts, codes }))
            }
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
                Err(Fault::Problem(p)) if p.status == 404 => match amendment(&c, id.cast(), 96).await {
                    Ok(found) => found,
                    Err(_) => return Err(Fault::Problem(p)),
                },
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
            Ask::Letter { decision, width } => {
                let decided = c.decision(decision).await?;
                let text = if decided.letter == LetterState::Ready {
                    let query = LetterQuery {
                        form: Some(LetterForm::Text),
                        width: Some(width),
                    };
                    Some(String::from_utf8_lossy(&c.letter(decision, &query).await?).into_owned())
                } else {
                    None
                };
                Answer::Letter(Box::new(decided), text)
            }
            Ask::Pdf { decision, .. } => Answer::Bytes(
                c.letter(
                    decision,
                    &LetterQuery {
                        form: Some(LetterForm::Pdf),
                        width: None,
                    },
                )
                .await?,
            ),
            Ask::Second(ask) => second::asked(&c, ask).await?,
            Ask::Documents(ask) => self.documents(&c, ask).await?,
            Ask::Cases(ask) => self.cases(&c, ask).await?,
            Ask::Deliver { decision, body, once } => {
                Answer::Decision(Box::new(c.deliver(decision, &Key(once), &body).await?))
            }
            Ask::Slip { decision, .. } => Answer::Bytes(c.slip(decision, &PDF).await?),
            Ask::AmendForm { about } => {
                let mut lists = self.lists(&c, ["amendment_reasons"]).await?;
                let award = match about.as_ref() {
                    About::Award(award) => Some(award.id),
                    About::Again(it) => it.award,
                    About::Decision(..) | About::Later(..) => None,
                };
                if let Some(award) = award {
                    let parts = c.award(award).await?.parts;
                    lists.insert(PARTS.to_owned(), parts_list(&parts));
                }
                Answer::Codes(lists)
            }
            Ask::Propose { body, once } => {
                Answer::Amendment(Box::new(c.propose_amendment(&Key(once), &body).await?), None)
            }
            Ask::RecommendAmendment { id, body, once } => Answer::Amendment(
                Box::new(c.recommend_amendment(id, &Key(once), &body).await?),
                None,
            ),
            Ask::Amendment { id, width } => amendment(&c, id, width).await?,
            Ask::DecideAmendment { id, body, once } => {
                Answer::Amendment(Box::new(c.decide_amendment(id, &Key(once), &body).await?), None)
            }
            Ask::ReturnAmendment { id, body, once } => {
                Answer::Amendment(Box::new(c.return_amendment(id, &Key(once), &body).await?), None)
            }
            Ask::DropAmendment { id, body, once } => {
                Answer::Amendment(Box::new(c.drop_amendment(id, &Key(once), &body).await?), None)
            }
            Ask::DeliverAmendment { id, body, once } => {
                Answer::Amendment(Box::new(c.deliver_amendment(id, &Key(once), &body).await?), None)
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

    /// The country; before the first password is changed it is not told, and that is no reason not to sign in.
    async fn country(&self, c: &Client) -> Result<Option<Country>, Fault> {
        match c.country().await {
            Ok(country) => Ok(Some(country)),
            Err(Error::Problem(p)) if p.status == 403 || p.slug() == "password-change-needed" => Ok(None),
            Err(e) => Err(e.into()),
        }
    }
    async fn benefits(&self, c: &Client) -> Result<Vec<Benefit>, Fault> {
        let known = self.pack.borrow().benefits.clone();
        if !known.is_empty() {
            return Ok(known);
        }
        let benefits = c.benefits().await?.items;
        self.pack.borrow_mut().benefits.clone_from(&benefits);
        Ok(benefits)
    }
    /// What a household may also have a right to: a courtesy, which is missing where it cannot be asked.
    async fn possible(
        &self,
        c: &Client,
        applicant: Option<karton_api::Id<karton_api::value::Person>>,
    ) -> Vec<karton_api::assessments::PossibleRight> {
        match applicant {
            Some(id) => c
                .possible_rights(id)
                .await
                .map(|rights| rights.items)
                .unwrap_or_default(),
            None => Vec::new(),
        }
    }
    async fn lists<I: IntoIterator<Item = T>, T: Into<String>>(
        &self,
        c: &Client,
        names: I,
    ) -> Result<BTreeMap<String, CodeList>, Fault> {
        let mut out = BTreeMap::new();
        for name in names {
            let name = name.into();
            let known = self.pack.borrow().codes.get(&name).cloned();
            let list = match known {
                Some(list) => list,
                None => {
                    let list = c.codes(&name).await?;
                    self.pack.borrow_mut().codes.insert(name.clone(), list.clone());
                    list
                }
            };
            out.insert(name, list);
        }
        Ok(out)
    }
    async fn change(
        &self,
        c: &Client,
        person: Id<value::Person>,
        send: Send,
        key: &Key,
    ) -> Result<Changed, Fault> {
        let why = |reason: String| Reason { reason };
        match send {
            Send::Correct(revision, body) => drop(c.change_person(person, revision, &body).await?),
            Send::Move(body) => return Ok(Changed::Moved(c.move_person(person, key, &body).await?)),
            Send::Death(revision, body) => {
                return Ok(Changed::Death(Box::new(
                    c.record_death(person, revision, &body).await?,
                )));
            }
            Send::Split(body) => drop(c.split_household(person, key, &body).await?),
            Send::Leave(body) => drop(c.end_member(person, key, &body).await?),
            Send::Head(body) => drop(c.change_head(person, key, &body).await?),
            Send::Join(text, mut body) => {
                let search = SearchPersons {
                    text,
                    limit: Some(2),
                    cursor: None,
                };
                let found = c.search_persons(&search).await?.items;
                // Whoever is not found by exactly one number stays this person, which the server refuses by name.
                if let [hit] = found.as_slice() {
                    body.other = hit.card.id;
                }
                drop(c.join_households(person, key, &body).await?);
            }
            Send::Undo(change, reason) => {
                drop(c.undo_household_change(person, change, key, &why(reason)).await?)
            }
            Send::Protect(body) => {
                return Ok(Changed::Protected(c.protect_address(person, key, &body).await?));
            }
            Send::OpenAddress(reason) => {
                return Ok(Changed::Opened(c.open_address(person, key, &why(reason)).await?));
            }
            Send::EndProtection(reason) => drop(c.end_protection(person, key, &why(reason)).await?),
            Send::Kin(body) => drop(c.declare_own_kin(key, &body).await?),
        }
        Ok(Changed::Done)
    }
    /// The household; a person alone has none, which is no error.
    async fn household(
        &self,
        c: &Client,
        person: Id<value::Person>,
    ) -> Result<Option<karton_api::persons::HouseholdView>, Fault> {
        match c.household(person, &NOW).await {
            Ok(household) => Ok(Some(household)),
            Err(Error::Problem(p)) if p.status == 404 => Ok(None),
            Err(e) => Err(e.into()),
        }
    }
    async fn dictionary(&self, c: &Client) -> Result<Vec<FactDef>, Fault> {
        let known = self.pack.borrow().facts.clone();
        if !known.is_empty() {
            return Ok(known);
        }
        let facts = c.fact_defs().await?.items;
        self.pack.borrow_mut().facts.clone_from(&facts);
        Ok(facts)
    }
    async fn dossier(
        &self,
        c: &Client,
        person: Id<value::Person>,
        purpose: Option<Purpose>,
    ) -> Result<Answer, Fault> {
        let dossier = c.dossier(person, &OpenDossier { purpose }).await?;
        let page = PageQuery {
            limit: Some(200),
            cursor: None,
        };
        let (facts, timeline) =
            futures_util::future::join(c.facts(person, &NOW), c.timeline(person, &page)).await;
        let (facts, timeline) = (facts?.items, timeline?.items);
        let dictionary: BTreeMap<String, FactDef> = self
            .dictionary(c)
            .await?
            .into_iter()
            .map(|f| (f.name.clone(), f))
            .collect();
        let used: BTreeSet<&str> = facts.iter().map(|f| f.fact.as_str()).collect();
        let mut names = BTreeSet::from(["relationships".to_owned(), "sexes".to_owned()]);
        for def in dictionary.values().filter(|d| used.contains(d.name.as_str())) {
            lists_of(&def.kind, &mut names);
        }
        let codes = self.lists(c, names).await?;
        Ok(Answer::Dossier(Box::new(DossierKit {
            dossier,
            facts,
            timeline,
            dictionary,
            codes,
        })))
    }
    async fn intake(
        &self,
        c: &Client,
        benefit: &str,
        person: Id<value::Person>,
        draft: Option<Id<value::Application>>,
    ) -> Result<Answer, Fault> {
        // Several benefits in one go stand as their codes with a plus between them.
        let benefits = self.benefits(c).await?;
        let mut together = Vec::new();
        for code in benefit.split('+') {
            let benefit = benefits.iter().find(|b| b.code == code).cloned();
            let benefit = benefit.ok_or_else(|| Fault::Unreadable(format!("benefit {code}")))?;
            let known = self.pack.borrow().forms.get(&benefit.form).cloned();
            let form = match known {
                Some(form) => form,
                None => {
                    let form = c.form(&benefit.form).await?;
                    self.pack
                        .borrow_mut()
                        .forms
                        .insert(benefit.form.clone(), form.clone());
                    form
                }
            };
            together.push((benefit, form));
        }
        let (benefit, form) = match &together[..] {
            [only] => only.clone(),
            [first, ..] => (first.0.clone(), merged(&together)),
            [] => return Err(Fault::Unreadable("benefit".into())),
        };
        if together.len() == 1 {
            together.clear();
        }
        let mut names = BTreeSet::from(["relationships".to_owned()]);
        for field in form.pages.iter().flat_map(|p| &p.fields) {
            lists_of(&field.kind, &mut names);
        }
        let codes = self.lists(c, names).await?;
        let (view, household) = futures_util::future::join(c.person(person), self.household(c, person)).await;
        let again = form
            .pages
            .iter()
            .flat_map(|page| &page.fields)
            .any(|field| field.again);
        let (draft, last) = match draft {
            Some(id) => (Some(c.application(id).await?), None),
            None if again => (None, self.last_application(c, person).await),
            None => (None, None),
        };
        Ok(Answer::Intake(Box::new(IntakeKit {
            benefit,
            form,
            codes,
            person: view?,
            together,
            household: household?,
            draft,
            last,
        })))
    }
    /// The newest application that was lodged; a courtesy, so none where it cannot be had.
    async fn last_application(
        &self,
        c: &Client,
        person: Id<value::Person>,
    ) -> Option<karton_api::applications::Application> {
        let why = OpenDossier {
            purpose: Some(Purpose::Application),
        };
        let dossier = c.dossier(person, &why).await.ok()?;
        let lodged = dossier.applications.iter().filter(|it| it.number.is_some());
        let newest = lodged.max_by_key(|it| it.id)?;
        c.application(newest.id).await.ok()
    }
    async fn cases(&self, c: &Client, ask: CaseAsk) -> Result<Answer, Fault> {
        Ok(Answer::Cases(match ask {
            CaseAsk::List { mine } => CaseAnswer::List(cases::list(c, mine).await?),
            CaseAsk::Monitoring => CaseAnswer::Dues(cases::monitoring(c).await?),
            CaseAsk::Week { from } => CaseAnswer::Dues(cases::week(c, from).await?),
            CaseAsk::See { id, .. } => CaseAnswer::Case(Box::new(self.case(c, id).await?)),
            CaseAsk::Do { id, deed, once } => {
                cases::deed(c, id, *deed, once).await?;
                CaseAnswer::Case(Box::new(self.case(c, id).await?))
            }
            CaseAsk::Versions { id, note } => CaseAnswer::Versions(c.note_versions(id, note).await?.items),
            CaseAsk::Sheets { id } => CaseAnswer::Sheets(cases::sheets(c, id).await?),
            CaseAsk::Plans { id } => CaseAnswer::Plans(c.case_plans(id).await?.items),
            CaseAsk::VisitSheet { id, .. } => return Ok(Answer::Bytes(cases::visit_sheet(c, id).await?)),
            CaseAsk::Report { body, once } => {
                let case = c.report_case(&Key(once), &body).await?;
                CaseAnswer::Reported(case.summary.id, case.summary.number)
            }
            CaseAsk::Begin { person } => {
                let mut procedures = c.procedures().await?.items;
                procedures.retain(|procedure| procedure.case.is_some());
                let names = procedures
                    .iter()
                    .filter_map(|it| it.case.as_ref()?.form.clone())
                    .collect();
                let (forms, codes) = self.case_forms(c, names).await?;
                let (view, household) =
                    futures_util::future::join(c.person(person), self.household(c, person)).await;
                CaseAnswer::Begin(Box::new(ReportKit {
                    person: view?,
                    household: household?,
                    procedures,
                    forms,
                    officers: cases::officers(c).await?,
                    codes,
                }))
            }
        }))
    }
    async fn step(&self, c: &Client, ask: StepAsk) -> Result<Answer, Fault> {
        let at = match ask {
            StepAsk::HandIn { at, body, once } => {
                c.complete_step(at.matter, at.step, &Key(once), &body).await?;
                return Ok(Answer::Done);
            }
            StepAsk::Blank(at) => return Ok(Answer::Bytes(steps::blank(c, &at).await?)),
            StepAsk::Form(at) | StepAsk::Read(at) => at,
        };
        let names = BTreeSet::from([at.form.clone()]);
        let (mut forms, codes) = self.case_forms(c, names).await?;
        let form = forms.remove(&at.form);
        let (view, household) =
            futures_util::future::join(c.person(at.person), self.household(c, at.person)).await;
        let declared = match at.applied {
            true => c.application(at.matter.cast()).await?.answers,
            false => Vec::new(),
        };
        Ok(Answer::Step(Box::new(StepKit {
            form: form.ok_or_else(|| Fault::Unreadable(format!("form {}", at.form)))?,
            codes,
            person: view?.card,
            household: household?,
            sheets: steps::sheets(c, &at).await?,
            declared,
            at,
        })))
    }
    async fn case(&self, c: &Client, id: Id<value::Case>) -> Result<CaseKit, Fault> {
        let (case, notes, dues, family) = cases::parts(c, id).await?;
        let mut names: BTreeSet<String> = case.steps.iter().filter_map(|step| step.form.clone()).collect();
        names.extend(case.visit_form.clone());
        let (forms, codes) = self.case_forms(c, names).await?;
        Ok(CaseKit {
            case,
            notes,
            dues,
            family,
            officers: cases::officers(c).await?,
            forms,
            codes,
        })
    }
    /// Forms by name, and the lists that they and the screens of cases need.
    async fn case_forms(
        &self,
        c: &Client,
        names: BTreeSet<String>,
    ) -> Result<(BTreeMap<String, Form>, BTreeMap<String, CodeList>), Fault> {
        let mut forms = BTreeMap::new();
        let mut lists: BTreeSet<String> = cases::LISTS.iter().map(|list| (*list).to_owned()).collect();
        for name in names {
            let known = self.pack.borrow().forms.get(&name).cloned();
            let form = match known {
                Some(form) => form,
                None => {
                    let form = c.form(&name).await?;
                    self.pack.borrow_mut().forms.insert(name.clone(), form.clone());
                    form
                }
            };
            for field in form.pages.iter().flat_map(|page| &page.fields) {
                lists_of(&field.kind, &mut lists);
            }
            forms.insert(name, form);
        }
        Ok((forms, self.lists(c, lists).await?))
    }
    /// The application is read last: what may be done with it is then never older than the evidence beside it. The
    /// other way round the last register's answer can come in between, and nobody would look again.
    async fn work(&self, c: &Client, id: Id<value::Application>) -> Result<Answer, Fault> {
        let (evidence, assessment) = futures_util::future::join(c.evidence(id), c.assessment(id)).await;
        let application = c.application(id).await?;
        let assessment = match assessment {
            Ok(assessment) => Some(assessment),
            Err(Error::Problem(p)) if p.status == 404 => None,
            Err(e) => return Err(e.into()),
        };
        let decision = match application.summary.decision {
            // A dismissal is named in the same place, and is none.
            Some(decision) if application.dismissal.is_none() => Some(Box::new(c.decision(decision).await?)),
            _ => None,
        };
        Ok(Answer::Work(Box::new(Work {
            decision,
            application,
            evidence: evidence?,
            assessment,
        })))
    }
}

/// The forms of several benefits as one: what two of them ask is asked once, on the page that comes first.
/// What is wrong with one of several, with its place among them before each pointer: as the lodging of several says it.
fn at_draft(mut error: Error, place: usize) -> Error {
    if let Error::Problem(problem) = &mut error {
        for field in &mut problem.errors {
            field.pointer = format!("/drafts/{place}{}", field.pointer);
        }
    }
    error
}

fn merged(together: &[(Benefit, Form)]) -> Form {
    let mut form = Form {
        pages: Vec::new(),
        ..together[0].1.clone()
    };
    for (benefit, next) in together {
        for page in &next.pages {
            let mut page = page.clone();
            page.fields.retain(|field| {
                let asked = form
                    .pages
                    .iter_mut()
                    .filter(|before| before.of == page.of)
                    .flat_map(|before| &mut before.fields)
                    .find(|before| before.fact == field.fact);
                match asked {
                    Some(before) => {
                        before.required |= field.required;
                        before.conditional &= field.conditional;
                        false
                    }
                    None => true,
                }
            });
            if page.fields.is_empty() {
                continue;
            }
            if form.pages.iter().any(|before| before.id == page.id) {
                page.id = format!("{}-{}", benefit.code, page.id);
            }
            form.pages.push(page);
        }
    }
    form
}

fn lists_of(kind: &FieldKind, names: &mut BTreeSet<String>) {
    match kind {
        FieldKind::Code { list } => {
            names.insert(list.clone());
        }
        FieldKind::Rows { columns } => columns.iter().for_each(|c| lists_of(&c.kind, names)),
        _ => {}
    }
}

/// A letter as it is printed.
const PDF: LetterQuery = LetterQuery {
    form: Some(LetterForm::Pdf),
    width: None,
};

/// A later decision with its letter as text, once it is made.
async fn amendment(c: &Client, id: Id<value::Amendment>, width: u16) -> Result<Answer, Fault> {
    let it = c.amendment(id).await?;
    let text = if it.letter == Some(LetterState::Ready) {
        let query = LetterQuery {
            form: Some(LetterForm::Text),
            width: Some(width),
        };
        Some(String::from_utf8_lossy(&c.amendment_letter(id, &query).await?).into_owned())
    } else {
        None
    };
    Ok(Answer::Amendment(Box::new(it), text))
}

async fn deputies(c: &Client) -> Result<Answer, Fault> {
    let page = PageQuery {
        limit: Some(200),
        cursor: None,
    };
    Ok(Answer::Deputies(c.deputies(&page).await?.items))
}
