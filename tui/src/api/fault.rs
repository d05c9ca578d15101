//! Why a question was not answered, and the words for it.

use crate::i18n::Say;
use karton_api::problem::Problem;

/// Why a question was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The server does not answer.
    Offline(String),
    /// The server refused.
    Problem(Box<Problem>),
    /// The answer is not what the contract says.
    Unreadable(String),
}

impl Fault {
    /// What happened, for the message line.
    pub fn say(&self) -> Say {
        match self {
            Fault::Offline(why) => Say::key("fault-offline").with("why", why),
            Fault::Unreadable(why) => Say::key("fault-unreadable").with("why", why),
            Fault::Problem(p) if p.status >= 500 && p.status != 503 => {
                Say::key("fault-server").with("number", p.instance.as_deref().unwrap_or("–"))
            }
            Fault::Problem(p) if p.slug() == "own-dossier" && !p.officers.is_empty() => {
                let who: Vec<&str> = p.officers.iter().map(|officer| officer.name.as_str()).collect();
                Say::key("problem-own-dossier-who").with("who", who.join(", "))
            }
            Fault::Problem(p) => match refusal(p.slug()) {
                Some(words) => Say::key(words),
                None => Say::raw(p.detail.clone().unwrap_or_else(|| p.title.clone())),
            },
        }
    }
    /// The refusal, where it is one.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Fault::Problem(p) => Some(p),
            _ => None,
        }
    }
}

/// The words for a refusal by its slug, where the screens say it in the clerk's language; others are said in the server's words.
pub(crate) fn refusal(slug: &str) -> Option<&'static str> {
    Some(match slug {
        "second-officer-needed" => "problem-second-officer-needed",
        "other-office" => "problem-other-office",
        "step-not-open" => "problem-step-not-open",
        "legal-act" => "problem-legal-act",
        "not-a-draft" => "problem-not-a-draft",
        "assessment-outdated" => "problem-assessment-outdated",
        "not-verified" => "problem-not-verified",
        "outcome-differs" => "problem-outcome-differs",
        "own-dossier" => "problem-own-dossier",
        "term-runs" => "problem-term-runs",
        "already-running" => "problem-already-running",
        "already-awarded" => "problem-already-awarded",
        "choice-needed" => "problem-choice-needed",
        "other-chosen" => "problem-other-chosen",
        "organisation-known" => "problem-organisation-known",
        "provider-needed" => "problem-provider-needed",
        "award-not-running" => "problem-award-not-running",
        "award-suspended" => "problem-award-suspended",
        "later-decision-stands" => "problem-later-decision-stands",
        "award-not-suspended" => "problem-award-not-suspended",
        "amendment-running" => "problem-amendment-running",
        "decision-annulled" => "problem-decision-annulled",
        "not-provided" => "problem-not-provided",
        "work-open" => "problem-work-open",
        "deputy-named" => "problem-deputy-named",
        "key-reused" => "problem-key-reused",
        "already-done" => "problem-already-done",
        "user-taken" => "problem-user-taken",
        "last-admin" => "problem-last-admin",
        "job-not-failed" => "problem-job-not-failed",
        "office-taken" => "problem-office-taken",
        "office-in-use" => "problem-office-in-use",
        "second-person-needed" => "problem-second-person-needed",
        "version-in-force" => "problem-version-in-force",
        "not-in-pack" => "problem-not-in-pack",
        "upgrade-proposed" => "problem-upgrade-proposed",
        "upgrade-not-open" => "problem-upgrade-not-open",
        "import-not-checked" => "problem-import-not-checked",
        "number-taken" => "problem-number-taken",
        "not-today" => "problem-not-today",
        "changed-since" => "problem-changed-since",
        "already-dead" => "problem-already-dead",
        "applicant-died" => "problem-applicant-died",
        "already-protected" => "problem-already-protected",
        "address-protected" => "problem-address-protected",
        "not-named" => "problem-not-named",
        "merge-elsewhere" => "problem-merge-elsewhere",
        "already-proposed" => "problem-already-proposed",
        "merge-not-open" => "problem-merge-not-open",
        "merge-later" => "problem-merge-later",
        "transfer-waits" => "problem-transfer-waits",
        "other-office-answers" => "problem-other-office-answers",
        "already-member" => "problem-already-member",
        "password-change-needed" => "problem-password-change-needed",
        "password-weak" => "problem-password-weak",
        "letter-not-ready" => "problem-letter-not-ready",
        "letter-failed" => "problem-letter-failed",
        "case-closed" => "problem-case-closed",
        "case-running" => "problem-case-running",
        "already-settled" => "problem-already-settled",
        "not-restricted" => "problem-not-restricted",
        "not-theirs" => "problem-not-theirs",
        "last-named" => "problem-last-named",
        "cannot-reopen" => "problem-cannot-reopen",
        "sign-in-first" => "problem-sign-in-first",
        "not-recognised" => "problem-not-recognised",
        "not-permitted" => "problem-not-permitted",
        "not-found" => "problem-not-found",
        "likely-duplicates" => "problem-likely-duplicates",
        "changed-meanwhile" => "problem-changed-meanwhile",
        "fields" => "problem-fields",
        "too-often" => "problem-too-often",
        "too-large" => "problem-too-large",
        "unavailable" => "problem-unavailable",
        "slow" => "problem-slow",
        _ => return None,
    })
}
