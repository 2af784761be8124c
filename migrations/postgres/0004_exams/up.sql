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
    opens_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL,
    duration_seconds BIGINT NOT NULL,
    questions BIGINT NOT NULL,
    marks_max_centi BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    published_at BIGINT,
    version BIGINT NOT NULL
);

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
);
CREATE INDEX roster_unit ON roster (exam_id, unit_id);
CREATE INDEX roster_person ON roster (person_id);

CREATE TABLE attempts (
    id TEXT PRIMARY KEY NOT NULL,
    exam_id TEXT NOT NULL REFERENCES exams (id),
    person_id TEXT NOT NULL REFERENCES people (id),
    attempt_number BIGINT NOT NULL,
    state TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    device TEXT,
    slots BIGINT NOT NULL,
    paper_json TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    deadline BIGINT NOT NULL,
    late_until BIGINT NOT NULL,
    closed_at BIGINT,
    voiding TEXT,
    receipt TEXT UNIQUE,
    receipt_json TEXT,
    answered BIGINT,
    marks_centi BIGINT,
    verdict TEXT,
    band TEXT,
    clause TEXT,
    marked_at BIGINT,
    UNIQUE (exam_id, person_id, attempt_number)
);
CREATE UNIQUE INDEX attempts_one_open ON attempts (exam_id, person_id) WHERE state = 'answering';
CREATE INDEX attempts_due ON attempts (late_until) WHERE state = 'answering';
CREATE INDEX attempts_unmarked ON attempts (closed_at) WHERE marked_at IS NULL;
CREATE INDEX attempts_person ON attempts (person_id);

CREATE TABLE attempt_steps (
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    sequence BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    detail_json TEXT NOT NULL,
    PRIMARY KEY (attempt_id, sequence)
);

CREATE TABLE answers (
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    slot BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    response_json TEXT NOT NULL,
    answered_at BIGINT,
    received_at BIGINT NOT NULL,
    elapsed_ms BIGINT,
    late BOOLEAN NOT NULL,
    PRIMARY KEY (attempt_id, slot)
);

CREATE TABLE kept_answers (
    id TEXT PRIMARY KEY NOT NULL,
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    slot BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    response_json TEXT NOT NULL,
    answered_at BIGINT,
    received_at BIGINT NOT NULL
);
CREATE INDEX kept_answers_attempt ON kept_answers (attempt_id);

CREATE TABLE slot_marks (
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    slot BIGINT NOT NULL,
    fraction_num BIGINT NOT NULL,
    fraction_den BIGINT NOT NULL,
    marks_centi BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, slot)
);

CREATE TABLE announcements (
    id TEXT PRIMARY KEY NOT NULL,
    exam_id TEXT NOT NULL REFERENCES exams (id),
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
