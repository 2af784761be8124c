-- Exams, who is due, attempts and answers.
CREATE TABLE exams (
    id TEXT PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    blueprint_id TEXT,
    paper_id TEXT,
    seed TEXT NOT NULL,
    rules_json TEXT NOT NULL,
    audience_json TEXT NOT NULL,
    opens_at INTEGER NOT NULL,
    closes_at INTEGER NOT NULL,
    duration_seconds INTEGER NOT NULL,
    questions INTEGER NOT NULL,
    marks_max_centi INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    published_at INTEGER,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE roster (
    exam_id TEXT NOT NULL REFERENCES exams (id),
    person_id TEXT NOT NULL REFERENCES people (id),
    unit_id TEXT NOT NULL,
    unit_path TEXT NOT NULL,
    rank_group TEXT NOT NULL,
    groups_json TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (exam_id, person_id)
) STRICT;
CREATE INDEX roster_unit ON roster (exam_id, unit_id);
CREATE INDEX roster_person ON roster (person_id);

CREATE TABLE attempts (
    id TEXT PRIMARY KEY NOT NULL,
    exam_id TEXT NOT NULL REFERENCES exams (id),
    person_id TEXT NOT NULL REFERENCES people (id),
    attempt_number INTEGER NOT NULL,
    state TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    device TEXT,
    slots INTEGER NOT NULL,
    paper_json TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    late_until INTEGER NOT NULL,
    closed_at INTEGER,
    voiding TEXT,
    receipt TEXT UNIQUE,
    receipt_json TEXT,
    answered INTEGER,
    marks_centi INTEGER,
    verdict TEXT,
    band TEXT,
    clause TEXT,
    marked_at INTEGER,
    UNIQUE (exam_id, person_id, attempt_number)
) STRICT;
CREATE UNIQUE INDEX attempts_one_open ON attempts (exam_id, person_id) WHERE state = 'answering';
CREATE INDEX attempts_due ON attempts (late_until) WHERE state = 'answering';
CREATE INDEX attempts_unmarked ON attempts (closed_at) WHERE marked_at IS NULL;
CREATE INDEX attempts_person ON attempts (person_id);

CREATE TABLE attempt_steps (
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    sequence INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    detail_json TEXT NOT NULL,
    PRIMARY KEY (attempt_id, sequence)
) STRICT;

CREATE TABLE answers (
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    slot INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    response_json TEXT NOT NULL,
    answered_at INTEGER,
    received_at INTEGER NOT NULL,
    elapsed_ms INTEGER,
    late INTEGER NOT NULL,
    PRIMARY KEY (attempt_id, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE kept_answers (
    id TEXT PRIMARY KEY NOT NULL,
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    slot INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    response_json TEXT NOT NULL,
    answered_at INTEGER,
    received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_answers_attempt ON kept_answers (attempt_id);

CREATE TABLE slot_marks (
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    slot INTEGER NOT NULL,
    fraction_num INTEGER NOT NULL,
    fraction_den INTEGER NOT NULL,
    marks_centi INTEGER NOT NULL,
    PRIMARY KEY (attempt_id, slot)
) STRICT;

CREATE TABLE announcements (
    id TEXT PRIMARY KEY NOT NULL,
    exam_id TEXT NOT NULL REFERENCES exams (id),
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
