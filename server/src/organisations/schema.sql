CREATE TABLE organisation (
    id {ID} PRIMARY KEY,
    revision BIGINT NOT NULL,
    scheme TEXT NOT NULL,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    address TEXT NOT NULL,
    account TEXT,
    phone TEXT,
    sole_trader BIGINT NOT NULL,
    registered_at BIGINT NOT NULL,
    registered_by {ID}
);
CREATE UNIQUE INDEX organisation_number ON organisation (scheme, number);
CREATE INDEX organisation_by_number ON organisation (number, id);
CREATE INDEX organisation_by_name ON organisation (folded, id);
CREATE TABLE organisation_word (
    organisation {ID} NOT NULL REFERENCES organisation (id),
    word TEXT NOT NULL,
    PRIMARY KEY (word, organisation)
);
CREATE INDEX organisation_word_of ON organisation_word (organisation);
CREATE TABLE provider_entry (
    organisation {ID} NOT NULL REFERENCES organisation (id),
    register TEXT NOT NULL,
    service TEXT NOT NULL,
    contract TEXT NOT NULL,
    from_day BIGINT NOT NULL,
    until_day BIGINT,
    entered_at BIGINT NOT NULL,
    entered_by {ID},
    PRIMARY KEY (organisation, register, service, from_day)
);
CREATE INDEX provider_entry_service ON provider_entry (service, organisation);
