-- Papers put together before the opening, so that a storm of starts finds them ready.
CREATE TABLE prepared_papers (
    exam_id TEXT NOT NULL REFERENCES exams (id),
    person_id TEXT NOT NULL REFERENCES people (id),
    bank_revision TEXT NOT NULL,
    paper_json TEXT NOT NULL,
    PRIMARY KEY (exam_id, person_id)
);
