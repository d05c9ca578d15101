//! Durations that a law asks for or allows at most, to be told how far they have run: `[[duration]]` of a benefit.

use super::{Confidence, Expression, Place, Texts, load::CONFIDENCES, read::Table};

/// A duration with what there is of it. It tells and refuses nothing: what refuses is a condition.
#[derive(Debug, Clone)]
pub struct Duration {
    /// Its name in the benefit.
    pub id: String,
    /// The article.
    pub law: String,
    /// How well it is founded.
    pub confidence: Confidence,
    /// The sentence, with named values.
    pub says: Texts,
    /// It is told of only where this holds, or nobody knows.
    pub applies: Option<Expression>,
    /// How much there is: a whole number.
    pub have: Expression,
    /// At least so much is asked for; exactly one of the two is there.
    pub least: Option<Expression>,
    /// At most so much is allowed.
    pub most: Option<Expression>,
    /// Where it is defined.
    pub place: Place,
}

pub(super) fn durations(table: &Table<'_>) -> Vec<Duration> {
    let mut found: Vec<Duration> = Vec::new();
    for one in table.tables("duration") {
        let duration = Duration {
            id: one.text("id"),
            law: one.law("law"),
            confidence: one
                .choice("confidence", &CONFIDENCES, None)
                .unwrap_or(Confidence::Default),
            says: one.texts("says"),
            applies: one.opt_expression("if"),
            have: one.expression("have").unwrap_or_default(),
            least: one.opt_expression("least"),
            most: one.opt_expression("most"),
            place: one.place(),
        };
        one.finish();
        if duration.least.is_some() == duration.most.is_some() {
            one.wrong("a duration has either `least` or `most`");
        }
        if found.iter().any(|other| other.id == duration.id) {
            one.wrong(format!("the duration `{}` is defined twice", duration.id));
        }
        found.push(duration);
    }
    found
}
