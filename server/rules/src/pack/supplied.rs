//! Whether somebody can ever say what a rule asks for: a field of a form, a form of a step, or a service that is asked.

use super::{Benefit, Form, Mistake, Pack, Place, Signal, read::Mistakes};
use crate::reach;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(pack: &Pack, files: &BTreeMap<String, String>, mistakes: &Mistakes) {
    let wrong = |place: &Place, message: String| {
        if !mistakes.is_full() {
            let text = files.get(&place.file).map_or("", String::as_str);
            mistakes.note(Mistake::at(&place.file, text, place.offset, message));
        }
    };
    let columns: BTreeSet<&str> = (pack.facts.iter())
        .flat_map(|fact| fact.columns())
        .map(|(name, _)| name.as_str())
        .collect();
    for benefit in &pack.benefits {
        let given = of_benefit(pack, benefit);
        let mut lacking: BTreeSet<String> = reach::own_facts(pack, benefit);
        lacking.retain(|name| !given.contains(name.as_str()) && !columns.contains(name.as_str()));
        for name in lacking {
            wrong(
                &benefit.place,
                format!(
                    "`{}` asks for `{name}`, but neither its form, nor a form of its steps, nor a service that is asked for it gives it",
                    benefit.code
                ),
            );
        }
    }
    for signal in &pack.signals {
        let given = of_signal(pack, signal);
        let mut lacking = reach::facts_of_signal(pack, signal);
        lacking.retain(|name| !given.contains(name.as_str()) && !columns.contains(name.as_str()));
        for name in lacking {
            wrong(
                &signal.place,
                format!(
                    "the signal `{}` looks at `{name}`, but no form and no service asked for its benefits gives it: it would never speak",
                    signal.id
                ),
            );
        }
    }
}

fn fields(form: &Form) -> impl Iterator<Item = &str> {
    form.pages
        .iter()
        .flat_map(|page| &page.fields)
        .map(|field| field.fact.as_str())
}

fn of_benefit<'p>(pack: &'p Pack, benefit: &'p Benefit) -> BTreeSet<&'p str> {
    let mut forms: BTreeSet<&str> = BTreeSet::from([benefit.form.as_str()]);
    if let Some(procedure) = pack.procedure(&benefit.procedure) {
        forms.extend(procedure.steps.iter().filter_map(|step| step.form.as_deref()));
    }
    let mut given: BTreeSet<&str> = (forms.iter().filter_map(|form| pack.form(form)))
        .flat_map(fields)
        .collect();
    let services = benefit
        .evidence
        .iter()
        .filter_map(|need| pack.service(&need.service));
    given.extend(
        services
            .flat_map(|service| &service.gives)
            .map(|gives| gives.fact.as_str()),
    );
    given
}

/// What is known of whoever it is about: of a benefit's applicants all that is asked for it, what is filled in at the steps of any procedure,
/// what other
/// institutions' messages bring, and what is asked again.
fn of_signal<'p>(pack: &'p Pack, signal: &'p Signal) -> BTreeSet<&'p str> {
    let about = |benefit: &&Benefit| signal.benefits.is_empty() || signal.benefits.contains(&benefit.code);
    let mut given: BTreeSet<&str> = (pack.benefits.iter().filter(about))
        .flat_map(|benefit| of_benefit(pack, benefit))
        .collect();
    let steps = pack.procedures.iter().flat_map(|procedure| &procedure.steps);
    let forms = steps.filter_map(|step| pack.form(step.form.as_deref()?));
    given.extend(forms.flat_map(fields));
    let brought = pack.incoming.iter().flat_map(|message| &message.brings);
    given.extend(brought.map(|brings| brings.fact.as_str()));
    let asked = signal.asks.iter().filter_map(|code| pack.service(code));
    given.extend(
        asked
            .flat_map(|service| &service.gives)
            .map(|gives| gives.fact.as_str()),
    );
    given
}
