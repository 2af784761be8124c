-- The day of an exam: extensions, pauses, corrections of keys, what was decided afterwards, and who is there.
ALTER TABLE exams ADD COLUMN extended_seconds BIGINT NOT NULL DEFAULT 0;
ALTER TABLE exams ADD COLUMN answers_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE exams ADD COLUMN paused_at BIGINT;
ALTER TABLE exams ADD COLUMN scores_generation BIGINT NOT NULL DEFAULT 1;
ALTER TABLE attempts ADD COLUMN held_since BIGINT;
ALTER TABLE attempts ADD COLUMN scores_generation BIGINT NOT NULL DEFAULT 1;
ALTER TABLE kept_answers ADD COLUMN decision TEXT;
ALTER TABLE kept_answers ADD COLUMN decision_reason TEXT;
ALTER TABLE kept_answers ADD COLUMN decided_by TEXT;
ALTER TABLE kept_answers ADD COLUMN decided_at BIGINT;

CREATE TABLE extensions (
    id TEXT PRIMARY KEY NOT NULL,
    exam_id TEXT NOT NULL REFERENCES exams (id),
    scope TEXT NOT NULL,
    subject_id TEXT,
    seconds BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    lengthens BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at BIGINT NOT NULL
);
CREATE INDEX extensions_exam ON extensions (exam_id);

CREATE TABLE pauses (
    id TEXT PRIMARY KEY NOT NULL,
    exam_id TEXT NOT NULL REFERENCES exams (id),
    reason TEXT NOT NULL,
    paused_by TEXT NOT NULL,
    paused_at BIGINT NOT NULL,
    resumed_by TEXT,
    resumed_at BIGINT
);
CREATE INDEX pauses_exam ON pauses (exam_id);

-- How a question of an exam is marked, against its key as written.
CREATE TABLE rulings (
    id TEXT PRIMARY KEY NOT NULL,
    exam_id TEXT NOT NULL REFERENCES exams (id),
    question_ref TEXT NOT NULL,
    version BIGINT NOT NULL,
    item BIGINT NOT NULL,
    ruling_json TEXT NOT NULL,
    reason TEXT NOT NULL,
    ruled_by TEXT NOT NULL,
    ruled_at BIGINT NOT NULL
);
CREATE INDEX rulings_exam ON rulings (exam_id);

-- Each time that an exam was marked again, and what it changed.
CREATE TABLE score_runs (
    exam_id TEXT NOT NULL REFERENCES exams (id),
    generation BIGINT NOT NULL,
    reason TEXT NOT NULL,
    run_by TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    attempts BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    to_passed BIGINT NOT NULL,
    to_failed BIGINT NOT NULL,
    PRIMARY KEY (exam_id, generation)
);

-- What an attempt had earned before it was marked again.
CREATE TABLE past_scores (
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    sequence BIGINT NOT NULL,
    scores_generation BIGINT NOT NULL,
    marks_centi BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    band TEXT NOT NULL,
    clause TEXT NOT NULL,
    marked_at BIGINT NOT NULL,
    slots_json TEXT NOT NULL,
    reason TEXT NOT NULL,
    replaced_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, sequence)
);

-- Receipts of attempts that were reopened: they stay good as proofs.
CREATE TABLE past_receipts (
    receipt TEXT PRIMARY KEY NOT NULL,
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    receipt_json TEXT NOT NULL,
    replaced_at BIGINT NOT NULL
);

-- What one person must be told about an exam.
CREATE TABLE notices (
    id TEXT PRIMARY KEY NOT NULL,
    person_id TEXT NOT NULL REFERENCES people (id),
    exam_id TEXT NOT NULL REFERENCES exams (id),
    attempt_id TEXT,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX notices_person ON notices (person_id);

-- The servers that are up: each writes its line every few seconds.
CREATE TABLE nodes (
    id TEXT PRIMARY KEY NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    saves BIGINT NOT NULL,
    saves_per_second BIGINT NOT NULL,
    answers_waiting BIGINT NOT NULL,
    disk_free_bytes BIGINT
);
