-- The day of an exam: extensions, pauses, corrections of keys, what was decided afterwards, and who is there.
ALTER TABLE exams ADD COLUMN extended_seconds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE exams ADD COLUMN answers_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE exams ADD COLUMN paused_at INTEGER;
ALTER TABLE exams ADD COLUMN scores_generation INTEGER NOT NULL DEFAULT 1;
ALTER TABLE attempts ADD COLUMN held_since INTEGER;
ALTER TABLE attempts ADD COLUMN scores_generation INTEGER NOT NULL DEFAULT 1;
ALTER TABLE kept_answers ADD COLUMN decision TEXT;
ALTER TABLE kept_answers ADD COLUMN decision_reason TEXT;
ALTER TABLE kept_answers ADD COLUMN decided_by TEXT;
ALTER TABLE kept_answers ADD COLUMN decided_at INTEGER;

CREATE TABLE extensions (
    id TEXT PRIMARY KEY NOT NULL,
    exam_id TEXT NOT NULL REFERENCES exams (id),
    scope TEXT NOT NULL,
    subject_id TEXT,
    seconds INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    lengthens INTEGER NOT NULL,
    reason TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX extensions_exam ON extensions (exam_id);

CREATE TABLE pauses (
    id TEXT PRIMARY KEY NOT NULL,
    exam_id TEXT NOT NULL REFERENCES exams (id),
    reason TEXT NOT NULL,
    paused_by TEXT NOT NULL,
    paused_at INTEGER NOT NULL,
    resumed_by TEXT,
    resumed_at INTEGER
) STRICT;
CREATE INDEX pauses_exam ON pauses (exam_id);

-- How a question of an exam is marked, against its key as written.
CREATE TABLE rulings (
    id TEXT PRIMARY KEY NOT NULL,
    exam_id TEXT NOT NULL REFERENCES exams (id),
    question_ref TEXT NOT NULL,
    version INTEGER NOT NULL,
    item INTEGER NOT NULL,
    ruling_json TEXT NOT NULL,
    reason TEXT NOT NULL,
    ruled_by TEXT NOT NULL,
    ruled_at INTEGER NOT NULL
) STRICT;
CREATE INDEX rulings_exam ON rulings (exam_id);

-- Each time that an exam was marked again, and what it changed.
CREATE TABLE score_runs (
    exam_id TEXT NOT NULL REFERENCES exams (id),
    generation INTEGER NOT NULL,
    reason TEXT NOT NULL,
    run_by TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    attempts INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    to_passed INTEGER NOT NULL,
    to_failed INTEGER NOT NULL,
    PRIMARY KEY (exam_id, generation)
) STRICT;

-- What an attempt had earned before it was marked again.
CREATE TABLE past_scores (
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    sequence INTEGER NOT NULL,
    scores_generation INTEGER NOT NULL,
    marks_centi INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    band TEXT NOT NULL,
    clause TEXT NOT NULL,
    marked_at INTEGER NOT NULL,
    slots_json TEXT NOT NULL,
    reason TEXT NOT NULL,
    replaced_at INTEGER NOT NULL,
    PRIMARY KEY (attempt_id, sequence)
) STRICT;

-- Receipts of attempts that were reopened: they stay good as proofs.
CREATE TABLE past_receipts (
    receipt TEXT PRIMARY KEY NOT NULL,
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    receipt_json TEXT NOT NULL,
    replaced_at INTEGER NOT NULL
) STRICT;

-- What one person must be told about an exam.
CREATE TABLE notices (
    id TEXT PRIMARY KEY NOT NULL,
    person_id TEXT NOT NULL REFERENCES people (id),
    exam_id TEXT NOT NULL REFERENCES exams (id),
    attempt_id TEXT,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    read_at INTEGER
) STRICT;
CREATE INDEX notices_person ON notices (person_id);

-- The servers that are up: each writes its line every few seconds.
CREATE TABLE nodes (
    id TEXT PRIMARY KEY NOT NULL,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    saves INTEGER NOT NULL,
    saves_per_second INTEGER NOT NULL,
    answers_waiting INTEGER NOT NULL,
    disk_free_bytes INTEGER
) STRICT;
