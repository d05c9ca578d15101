CREATE TABLE person (
    id {ID} PRIMARY KEY,
    revision BIGINT NOT NULL,
    office {ID} NOT NULL REFERENCES office (id),
    given TEXT NOT NULL,
    family TEXT NOT NULL,
    id_scheme TEXT,
    id_number TEXT,
    birth_day BIGINT,
    sex TEXT,
    death_day BIGINT,
    dossier_number TEXT NOT NULL,
    registered_at BIGINT NOT NULL,
    registered_by {ID}
);
CREATE UNIQUE INDEX person_by_number ON person (id_number, id_scheme);
CREATE UNIQUE INDEX person_by_dossier ON person (dossier_number);
CREATE INDEX person_by_birth ON person (birth_day, id);
CREATE INDEX person_token_by_person ON person_token (person, token);
CREATE INDEX name_token_by_time ON name_token (added_at);
CREATE TABLE household (
    id {ID} PRIMARY KEY,
    revision BIGINT NOT NULL,
    office {ID} NOT NULL REFERENCES office (id)
);
CREATE TABLE household_member (
    id {ID} PRIMARY KEY,
    household {ID} NOT NULL REFERENCES household (id),
    person {ID} NOT NULL REFERENCES person (id),
    relationship TEXT NOT NULL,
    from_day BIGINT NOT NULL,
    until_day BIGINT,
    recorded_at BIGINT NOT NULL,
    replaced_at BIGINT,
    reason TEXT
);
CREATE INDEX household_member_by_person ON household_member (person, from_day);
CREATE INDEX household_member_by_household ON household_member (household, from_day);
CREATE TABLE person_correction (
    id {ID} PRIMARY KEY,
    person {ID} NOT NULL REFERENCES person (id),
    at BIGINT NOT NULL,
    officer {ID},
    stood TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX person_correction_by_person ON person_correction (person, at);
CREATE TABLE registration_turn (turn BIGINT PRIMARY KEY, taken_at BIGINT NOT NULL);
