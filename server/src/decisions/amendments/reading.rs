//! Looking at later decisions.

use super::{
    content,
    makers::makers,
    store::{self, Amendment},
};
use crate::{
    access::{
        ConfirmDecisions, Decide, DeliverLetters, May, Permission, ReadDossiers, Recommend,
        ReturnApplications, Scope, Session,
    },
    applications::Desk,
    assessments,
    audit::{self, Entry},
    decisions::{confirmations, delivery},
    house::House,
    http::{self, cursor},
    matters, notices, persons,
    problem::Error,
    store::Tx,
    users,
};
use karton_api::{
    Id,
    amendments::{
        self as wire, AmendmentKind, AmendmentState, AmendmentSummary, AmendmentsQuery, WouldChange,
    },
    common::Page,
    decisions::LetterState,
    dossiers::Purpose,
    value,
};

fn allowed<P: Permission>(session: &Session) -> bool {
    P::ROLES.iter().any(|role| session.roles.contains(role))
}

/// How it stands for whoever looks.
struct Stands {
    /// Its letter was served.
    served: bool,
    /// The officer works for the body that makes it, or one decision was enough for the right.
    here: bool,
    /// The office whose step it is to confirm it, where it is that of the officer's own body and somebody else has to.
    confirms: bool,
    /// The same for serving the letter of the second decision.
    serves_second: bool,
}

/// What this officer may do now.
fn open_for(it: &Amendment, session: &Session, now: &Stands) -> Vec<String> {
    let mut may = Vec::new();
    let mut add = |open: bool, name: &str| {
        if open {
            may.push(name.to_owned());
        }
    };
    let (open, recommended) = (
        it.state == AmendmentState::Open && now.here,
        it.state == AmendmentState::Recommended && now.here,
    );
    let (decided, waits) = (
        it.state == AmendmentState::Decided,
        it.state == AmendmentState::Confirming,
    );
    add(open && allowed::<Recommend>(session), "recommend");
    add(open && allowed::<Recommend>(session), "drop");
    let second = it.recommended_by != Some(session.officer);
    add(recommended && second && allowed::<Decide>(session), "decide");
    add(recommended && allowed::<ReturnApplications>(session), "return");
    let third = second && it.decided_by != Some(session.officer);
    add(
        waits && third && now.confirms && allowed::<ConfirmDecisions>(session),
        "confirm",
    );
    let letter = it.letter == Some(LetterState::Ready);
    let annulled = it.annulled_by.is_some();
    let serves = allowed::<DeliverLetters>(session);
    add(
        (decided || waits) && letter && now.here && !now.served && !annulled && serves,
        "deliver",
    );
    add(now.serves_second && !annulled && serves, "deliver-confirmation");
    let stands = decided && letter && !annulled && now.here && allowed::<Recommend>(session);
    add(stands, "correct");
    add(stands && it.kind != AmendmentKind::Annul, "annul");
    may
}

/// The whole of it, as this officer sees it.
pub(super) fn see(tx: &mut Tx, desk: &Desk, it: &Amendment) -> Result<wire::Amendment, Error> {
    view(tx, &desk.house, &desk.scope, &desk.session, it)
}

fn view(
    tx: &mut Tx,
    house: &House,
    scope: &Scope,
    session: &Session,
    it: &Amendment,
) -> Result<wire::Amendment, Error> {
    let mut learnt_since = false;
    let assessment = match it.assessment {
        Some(id) => {
            let stored = assessments::store::load(tx, scope, id)?;
            let today = house.clock.today();
            learnt_since = assessments::outdated(tx, scope, &stored, today)?;
            Some(assessments::stored_view(tx, &house.packs, scope, &stored, today)?)
        }
        None => None,
    };
    let looks = confirmations::Looks {
        house,
        scope,
        session,
    };
    let second = confirmations::of_amendment(tx, &looks, it, learnt_since)?;
    let delivery = delivery::of_paper(tx, it.id.cast())?;
    let own = persons::not_own(tx, session.officer, it.person).is_err();
    // Whoever sees it sees how it runs, also where the office above runs it.
    let matter = matters::store::load(tx, &Scope::under(it.office), it.id.cast())?;
    let makers = makers(tx, house, it, it.reason.as_deref().unwrap_or_default())?;
    let body = matters::body(tx, session.office)?;
    let open = matters::confirming(tx, &house.packs, &Scope::under(it.office), it.id.cast())?;
    let said = second.as_ref().and_then(|second| second.confirmation.as_ref());
    let code = house.offices.to_ref(body).code;
    let stands = Stands {
        served: delivery.served_on.is_some(),
        here: !makers.chained || matters::body(tx, it.office)? == body,
        confirms: open.is_some_and(|(office, _)| office == body),
        serves_second: said.is_some_and(|said| {
            said.letter == Some(LetterState::Ready)
                && said.delivery.served_on.is_none()
                && said.office.code == code
        }),
    };
    let reason = it.reason.as_deref();
    let officer = |tx: &mut Tx, id: Option<Id<value::Officer>>| {
        id.map(|id| users::officer_ref(tx, Some(id))).transpose()
    };
    let paragraphs = [&it.content.paragraph, &it.content.second_paragraph];
    Ok(wire::Amendment {
        id: it.id,
        revision: it.revision,
        kind: it.kind,
        state: it.state,
        person: persons::store::card_of(tx, scope, it.person)?,
        benefit: it.benefit.clone(),
        benefit_name: house
            .pack
            .benefit(&it.benefit)
            .map(|benefit| benefit.name.0.clone())
            .unwrap_or_default(),
        office: house.offices.to_ref(it.office),
        award: it.award,
        decision: it.decision,
        amendment: it.target,
        confirmation: it.confirmation,
        second,
        amendments: store::on_it(tx, scope, it.id)?,
        annulled: it.annulled_by.is_some(),
        notices: notices::of_matter(tx, &house.pack, session, it.id.cast())?,
        decision_number: it.target_number.clone(),
        from: it.from,
        reason_name: reason
            .and_then(|code| content::reason(&house.pack, code))
            .map(|entry| entry.name.to_map())
            .unwrap_or_default(),
        reason: it.reason.clone(),
        before: it.content.before,
        amount: it.content.amount,
        part: it.content.part.clone(),
        part_name: it.content.part_name.clone(),
        part_person: it.content.part_person.clone(),
        per: it.content.per,
        corrections: it.content.corrections.clone(),
        confirmed: it.content.confirmed.clone(),
        undue: it.content.undue.clone(),
        paragraphs: paragraphs.into_iter().flatten().cloned().collect(),
        assessment,
        returned: it.content.returned.clone(),
        opened_at: it.opened_at,
        recommended_by: officer(tx, it.recommended_by)?,
        decided_by: officer(tx, it.decided_by)?,
        deputy_for: officer(tx, it.deputy_for)?,
        decided_at: it.decided_at,
        number: it.number.clone(),
        letter: it.letter,
        may: if own {
            Vec::new()
        } else {
            open_for(it, session, &stands)
        },
        delivery,
        steps: matters::steps(tx, &house.packs, session, &matter)?,
    })
}

/// One within the scope; looking at it is looking into the dossier.
pub(super) async fn one(
    may: &May<ReadDossiers>,
    house: &House,
    id: Id<value::Amendment>,
) -> Result<wire::Amendment, Error> {
    let (scope, inside, session) = (may.scope(), house.clone(), may.session().clone());
    let found = house
        .store
        .read(move |tx| {
            let it = store::load(tx, &scope, id)?;
            view(tx, &inside, &scope, &session, &it)
        })
        .await?;
    house
        .looks
        .looked(house, may.actor(), found.person.id, Purpose::default())
        .await?;
    Ok(found)
}

/// A page of one award's, decision's or person's, or of all within the scope. Looking at one person's leaves an entry.
pub(super) async fn list(
    may: &May<ReadDossiers>,
    house: &House,
    query: AmendmentsQuery,
) -> Result<Page<AmendmentSummary>, Error> {
    let limit = http::limit(query.limit)?;
    let before: Option<Id<value::Amendment>> = cursor::decode(query.cursor.as_deref())?;
    let (scope, person) = (may.scope(), query.person);
    let rows = house
        .store
        .read(move |tx| store::page(tx, &scope, &query, before, limit + 1))
        .await?;
    if let Some(person) = person {
        audit::enter(
            &house.store,
            may.actor(),
            house.clock.now(),
            Entry::of("looked").person(person).value("at", "amendments"),
        )
        .await?;
    }
    Ok(cursor::page(rows, limit, |it| it.id))
}

/// What a change of an award would rest on: the rules over the facts known now, and what an officer's word is needed on. Looking at it is looking
/// into the dossier.
pub(super) async fn would_change(
    may: &May<Recommend>,
    house: &House,
    award: Id<value::Award>,
) -> Result<WouldChange, Error> {
    let desk = Desk::of(may, house);
    let (person, would) = house
        .store
        .read(move |tx| content::would_change(tx, &desk, award))
        .await?;
    house
        .looks
        .looked(house, may.actor(), person, Purpose::default())
        .await?;
    Ok(would)
}
