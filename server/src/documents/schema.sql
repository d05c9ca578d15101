CREATE TABLE stored_object (
    hash TEXT PRIMARY KEY,
    size BIGINT NOT NULL,
    claimed_at BIGINT NOT NULL,
    leaving BIGINT NOT NULL
);
CREATE TABLE document_upload (
    id {ID} PRIMARY KEY,
    officer {ID} NOT NULL REFERENCES officer (id),
    hash TEXT NOT NULL REFERENCES stored_object (hash),
    size BIGINT NOT NULL,
    media TEXT NOT NULL,
    doubt TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX document_upload_hash ON document_upload (hash);
CREATE INDEX document_upload_at ON document_upload (at);
CREATE TABLE document (
    id {ID} PRIMARY KEY,
    place BIGINT NOT NULL UNIQUE,
    revision BIGINT NOT NULL,
    office {ID} NOT NULL REFERENCES office (id),
    person {ID} NOT NULL REFERENCES person (id),
    matter {ID},
    decision {ID} REFERENCES decision (id),
    evidence {ID} REFERENCES evidence (id),
    kind TEXT NOT NULL,
    retention TEXT,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    dated_on BIGINT,
    received_on BIGINT NOT NULL,
    received_from TEXT,
    version BIGINT NOT NULL,
    filed_at BIGINT NOT NULL
);
CREATE INDEX document_person ON document (person, id);
CREATE INDEX document_matter ON document (matter, id) WHERE matter IS NOT NULL;
CREATE INDEX document_decision ON document (decision, id) WHERE decision IS NOT NULL;
CREATE INDEX document_evidence ON document (evidence, id) WHERE evidence IS NOT NULL;
CREATE INDEX document_kind ON document (kind, id);
CREATE TABLE document_version (
    document {ID} NOT NULL REFERENCES document (id),
    number BIGINT NOT NULL,
    hash TEXT REFERENCES stored_object (hash),
    size BIGINT,
    media TEXT,
    file_name TEXT,
    shelf TEXT,
    doubt TEXT,
    text_state TEXT NOT NULL CHECK (text_state IN ('waiting', 'read', 'none', 'failed')),
    text_problem TEXT,
    text_place TEXT,
    reason TEXT,
    at BIGINT NOT NULL,
    officer {ID} NOT NULL REFERENCES officer (id),
    PRIMARY KEY (document, number),
    CHECK ((hash IS NULL) <> (shelf IS NULL))
);
CREATE INDEX document_version_hash ON document_version (hash) WHERE hash IS NOT NULL;
