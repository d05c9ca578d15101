//! What may be done, and by whom. The pack only gives these things names.

use karton_api::session::Role;

/// Something an officer may be allowed to do.
pub trait Permission: Send + Sync + 'static {
    /// The stable name, as in a session's `permissions`.
    const NAME: &'static str;
    /// The roles that include it.
    const ROLES: &'static [Role];
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $slug:literal: $($role:ident)+;)*) => {
        $($(#[$doc])* #[derive(Debug)] pub enum $name {}
        impl Permission for $name {
            const NAME: &'static str = $slug;
            const ROLES: &'static [Role] = &[$(Role::$role),+];
        })*
        /// Every permission with the roles that include it, for the printed table and for sessions.
        pub const PERMISSIONS: &[(&str, &[Role])] = &[$(($slug, &[$(Role::$role),+])),*];
    };
}
permissions! {
    /// Use one's own session and the catalogue: everybody who is signed in.
    BeSignedIn = "be-signed-in": Clerk Caseworker Approver Admin Auditor;
    /// Search for people and see their identity cards.
    FindPersons = "find-persons": Clerk Caseworker Approver Auditor;
    /// Tell whoever asks by telephone how their applications stand.
    AnswerInquiries = "answer-inquiries": Clerk Caseworker Approver;
    /// Register and correct people, their households and facts.
    KeepPersons = "keep-persons": Clerk Caseworker;
    /// Enter what providers are registered for.
    KeepProviders = "keep-providers": Approver;
    /// Protect addresses, and open those on whose protection one is named.
    ProtectAddresses = "protect-addresses": Caseworker Approver;
    /// Confirm that two dossiers are of one person, as the second officer; undo a merge.
    ConfirmMerges = "confirm-merges": Caseworker Approver;
    /// Say no to a merge, or take one's own proposal back.
    DeclineMerges = "decline-merges": Clerk Caseworker Approver;
    /// Look into dossiers within the scope.
    ReadDossiers = "read-dossiers": Clerk Caseworker Approver Auditor;
    /// Work out an entitlement without writing anything.
    PreviewAssessments = "preview-assessments": Clerk Caseworker Approver;
    /// Take applications: draft, lodge, withdraw, evidence.
    TakeApplications = "take-applications": Clerk Caseworker;
    /// Assess and recommend.
    Recommend = "recommend": Caseworker;
    /// Decide what another officer has recommended, or return it.
    Decide = "decide": Approver;
    /// Decide, as the second body, on what another office has granted.
    ConfirmDecisions = "confirm-decisions": Approver;
    /// Name a deputy for an absent approver.
    NameDeputies = "name-deputies": Approver Admin;
    /// See what an officer leaves open, and give it to others.
    HandOverWork = "hand-over-work": Approver Admin;
    /// Send an application back to the applicant or to the first officer.
    ReturnApplications = "return-applications": Caseworker Approver;
    /// See signals and how often each was right.
    ReadSignals = "read-signals": Clerk Caseworker Approver Auditor;
    /// Say what came of a look that a signal asked for.
    AnswerSignals = "answer-signals": Clerk Caseworker Approver;
    /// Work on steps and tasks.
    WorkTasks = "work-tasks": Clerk Caseworker Approver;
    /// Give steps to others, open them again.
    LeadWork = "lead-work": Caseworker Approver;
    /// File documents, correct what is known about them, add versions.
    FileDocuments = "file-documents": Clerk Caseworker;
    /// Note the delivery of a letter.
    DeliverLetters = "deliver-letters": Clerk Caseworker;
    /// Take cases of social work in, and say who stands in them.
    TakeCases = "take-cases": Clerk Caseworker;
    /// Work on cases: assess, plan, visit, refer, review.
    WorkCases = "work-cases": Caseworker;
    /// Open cases, approve plans, close cases.
    LeadCases = "lead-cases": Approver;
    /// Name officers on restricted cases.
    NameOnCases = "name-on-cases": Caseworker Approver;
    /// Read the audit log.
    ReadAudit = "read-audit": Auditor;
    /// Bring old registers, and see the reports on their rows.
    BringImports = "bring-imports": Approver Admin;
    /// Accept what another officer has brought.
    AcceptImports = "accept-imports": Approver;
    /// Officers' accounts and roles.
    ManageUsers = "manage-users": Admin;
    /// Open, change and close offices.
    ManageOffices = "manage-offices": Admin;
    /// See how the house is, and try background work again.
    WatchOperation = "watch-operation": Admin;
    /// Propose new versions of the pack, and put in force what another one proposed.
    UpgradePacks = "upgrade-packs": Admin;
}

/// The names of what these roles allow together.
pub fn permissions_of(roles: &[Role]) -> Vec<&'static str> {
    PERMISSIONS
        .iter()
        .filter(|(_, of)| of.iter().any(|role| roles.contains(role)))
        .map(|(name, _)| *name)
        .collect()
}

/// Every role, in the order of the contract.
pub const ROLES: &[Role] = &[
    Role::Clerk,
    Role::Caseworker,
    Role::Approver,
    Role::Admin,
    Role::Auditor,
];

/// A role's name, as it is stored and as it travels.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Clerk => "clerk",
        Role::Caseworker => "caseworker",
        Role::Approver => "approver",
        Role::Admin => "admin",
        Role::Auditor => "auditor",
    }
}

/// The role of this name.
pub fn role_named(name: &str) -> Option<Role> {
    ROLES.iter().copied().find(|role| role_name(*role) == name)
}
