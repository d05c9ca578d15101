use crate::store::Migration;

/// Who led a case until another did, and why it passed on.
pub const LEADS: Migration = Migration::both(
    330,
    "changes of who leads a case",
    "CREATE TABLE case_lead (
        id {ID} PRIMARY KEY, matter {ID} NOT NULL REFERENCES social_case (id), officer {ID} NOT NULL, until_at BIGINT NOT NULL,
        ended_by {ID} NOT NULL, reason TEXT NOT NULL
    );
    CREATE INDEX case_lead_matter ON case_lead (matter, until_at);",
);

/// Cases and what belongs to them. Notes, sheets and plans are only ever added; a later version closes the one before it.
pub const MIGRATION: Migration = Migration::both(
    182,
    "cases of social work",
    "CREATE TABLE social_case (
        id {ID} PRIMARY KEY REFERENCES matter (id),
        revision BIGINT NOT NULL,
        office {ID} NOT NULL REFERENCES office (id),
        procedure TEXT NOT NULL,
        person {ID} NOT NULL REFERENCES person (id),
        number TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('reported', 'open', 'closed')),
        way TEXT NOT NULL,
        reason TEXT NOT NULL,
        priority TEXT NOT NULL,
        note TEXT,
        reported_on BIGINT NOT NULL,
        reported_at BIGINT NOT NULL,
        reported_by {ID} NOT NULL,
        lead_officer {ID},
        opened_on BIGINT,
        opened_by {ID},
        opened_note TEXT,
        closed_on BIGINT,
        closed_by {ID},
        closed_reason TEXT,
        closed_text TEXT,
        phase TEXT,
        due_on BIGINT
    );
    CREATE UNIQUE INDEX social_case_number ON social_case (number);
    CREATE INDEX social_case_person ON social_case (person, id);
    CREATE INDEX social_case_lead ON social_case (lead_officer, id);
    CREATE INDEX social_case_office ON social_case (office, id);
    CREATE TABLE case_person (
        id {ID} PRIMARY KEY, matter {ID} NOT NULL REFERENCES social_case (id), role TEXT NOT NULL, person {ID}, name TEXT, note TEXT,
        from_day BIGINT NOT NULL, until_day BIGINT, recorded_at BIGINT NOT NULL, recorded_by {ID}, replaced_at BIGINT, reason TEXT
    );
    CREATE INDEX case_person_matter ON case_person (matter, id);
    CREATE INDEX case_person_person ON case_person (person, matter) WHERE person IS NOT NULL;
    CREATE TABLE case_sheet (
        id {ID} PRIMARY KEY, thing {ID} NOT NULL, matter {ID} NOT NULL REFERENCES social_case (id), form TEXT NOT NULL, step TEXT,
        version BIGINT NOT NULL, on_day BIGINT NOT NULL, answers TEXT NOT NULL, recorded_at BIGINT NOT NULL, recorded_by {ID} NOT NULL,
        replaced_at BIGINT, UNIQUE (thing, version)
    );
    CREATE INDEX case_sheet_matter ON case_sheet (matter, id);
    CREATE TABLE case_note (
        id {ID} PRIMARY KEY, thing {ID} NOT NULL, matter {ID} NOT NULL REFERENCES social_case (id), kind TEXT NOT NULL, code TEXT,
        on_day BIGINT NOT NULL, time_of_day TEXT, who TEXT, text TEXT NOT NULL, next_step TEXT, activity {ID}, sheet {ID}, detail TEXT,
        version BIGINT NOT NULL, recorded_at BIGINT NOT NULL, recorded_by {ID} NOT NULL, replaced_at BIGINT, UNIQUE (thing, version)
    );
    CREATE INDEX case_note_matter ON case_note (matter, on_day, thing) WHERE replaced_at IS NULL;
    CREATE INDEX case_note_day ON case_note (on_day, thing) WHERE replaced_at IS NULL AND kind = 'contact';
    CREATE TABLE case_plan (
        id {ID} PRIMARY KEY, matter {ID} NOT NULL REFERENCES social_case (id), version BIGINT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('proposed', 'returned', 'approved', 'superseded')), body TEXT NOT NULL, review_on BIGINT NOT NULL,
        proposed_at BIGINT NOT NULL, proposed_by {ID} NOT NULL, decided_at BIGINT, decided_by {ID}, note TEXT, UNIQUE (matter, version)
    );
    CREATE TABLE case_activity (
        id {ID} PRIMARY KEY, matter {ID} NOT NULL REFERENCES social_case (id), kind TEXT NOT NULL, what TEXT NOT NULL, officer {ID},
        due_on BIGINT NOT NULL, state TEXT NOT NULL
    );
    CREATE INDEX case_activity_open ON case_activity (matter, due_on, id);
    CREATE TABLE case_goal (id {ID} PRIMARY KEY, matter {ID} NOT NULL REFERENCES social_case (id), reached BIGINT);
    CREATE TABLE case_watch (
        id {ID} PRIMARY KEY, matter {ID} NOT NULL REFERENCES social_case (id), kind TEXT NOT NULL, what TEXT NOT NULL, due_on BIGINT NOT NULL,
        time_of_day TEXT, officer {ID}, every_days BIGINT, state TEXT NOT NULL CHECK (state IN ('open', 'done', 'dropped')),
        recorded_at BIGINT NOT NULL, recorded_by {ID} NOT NULL, settled_on BIGINT, settled_at BIGINT, settled_by {ID}, outcome TEXT
    );
    CREATE INDEX case_watch_open ON case_watch (matter, due_on, id) WHERE state = 'open';",
);
