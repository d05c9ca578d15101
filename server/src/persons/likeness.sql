CREATE TABLE likeness_due (person {ID} PRIMARY KEY, marks BIGINT NOT NULL);
CREATE TABLE likeness_card (person {ID} PRIMARY KEY, line TEXT NOT NULL);
CREATE TABLE likeness_term (term TEXT PRIMARY KEY, people BIGINT NOT NULL);
INSERT INTO likeness_due (person, marks) SELECT id, 1 FROM person;
ALTER TABLE person ADD COLUMN merged_into {ID};
CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;
