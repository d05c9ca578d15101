//! The rooms' routes and jobs, in the order of the work.

use crate::{
    administration, applications, assessments, awards, cases, catalogue, decisions, documents, dossiers,
    duplicates, evidence, facts, house::House, http, imports, letters, logbook, matters, merges, notices,
    offices, organisations, papers, persons, protection, replies, signals, store::jobs::Handlers, upgrades,
    users,
};
use utoipa_axum::router::OpenApiRouter;

/// All routes of all rooms; `http::frame` puts them behind the listener.
pub fn rooms() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .merge(catalogue::http::router())
        .merge(offices::router())
        .merge(users::router())
        .merge(persons::http::router())
        .merge(protection::http::router())
        .merge(facts::http::router())
        .merge(organisations::http::router())
        .merge(duplicates::http::router())
        .merge(matters::http::router())
        .merge(notices::http::router())
        .merge(evidence::http::router())
        .merge(assessments::http::router())
        .merge(replies::http::router())
        .merge(signals::http::router())
        .merge(applications::http::router())
        .merge(decisions::http::router())
        .merge(awards::http::router())
        .merge(letters::http::router())
        .merge(merges::http::router())
        .merge(cases::http::router())
        .merge(dossiers::http::router())
        .merge(documents::http::router())
        .merge(logbook::router())
        .merge(imports::http::router())
        .merge(administration::router())
        .merge(upgrades::router())
        .layer(axum::middleware::from_fn(http::lead))
}

/// What the rooms do after a commit: each adds the queues it answers to.
pub fn jobs(handlers: Handlers, house: &House) -> Handlers {
    let comparing = house.clone();
    let telling = house.clone();
    let (stepping, lapsing, following) = (house.clone(), house.clone(), house.clone());
    let watching = house.clone();
    let (asking, writing, requesting, issuing) = (house.clone(), house.clone(), house.clone(), house.clone());
    let reading = house.clone();
    let (amending, confirming) = (house.clone(), house.clone());
    imports::handlers(handlers, house)
        .on(notices::TELL, move |job| notices::tell(telling.clone(), job))
        .on(matters::TELL_OF_STEP, move |job| {
            notices::tell_of_step(stepping.clone(), job)
        })
        .on(matters::CASE_MOVED, move |job| {
            cases::follow(following.clone(), job)
        })
        .on(matters::LAPSE, move |job| matters::lapse(lapsing.clone(), job))
        .on(signals::SWEEP, move |job| signals::sweep(watching.clone(), job))
        .on(documents::TEXT, move |job| {
            documents::read_text(reading.clone(), job)
        })
        .on(persons::likeness::LOOK, move |job| {
            duplicates::look(comparing.clone(), job)
        })
        .on(evidence::ASK, move |job| evidence::ask(asking.clone(), job))
        .on(decisions::MAKE_LETTER, move |job| {
            letters::make(writing.clone(), job)
        })
        .on(decisions::MAKE_AMENDMENT, move |job| {
            letters::make_amendment(amending.clone(), job)
        })
        .on(decisions::MAKE_CONFIRMATION, move |job| {
            letters::make_confirmation(confirming.clone(), job)
        })
        .on(decisions::MAKE_REQUEST, move |job| {
            letters::make_request(requesting.clone(), job)
        })
        .on(papers::MAKE_PAPER, move |job| {
            letters::make_paper(issuing.clone(), job)
        })
}
