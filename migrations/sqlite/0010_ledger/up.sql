-- The ledger: acts in a hash chain with signed heads, and the seals of exams. Texts are stored as they were hashed.
ALTER TABLE acts ADD COLUMN sequence INTEGER;
CREATE INDEX acts_pending ON acts (at, id) WHERE sequence IS NULL;

CREATE TABLE ledger_entries (
    sequence INTEGER PRIMARY KEY NOT NULL,
    entry_text TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TABLE ledger_heads (
    sequence INTEGER PRIMARY KEY NOT NULL,
    head_text TEXT NOT NULL
) STRICT;

CREATE TABLE ledger_keys (
    key_id TEXT PRIMARY KEY NOT NULL,
    record_text TEXT NOT NULL
) STRICT;

CREATE TABLE seals (
    exam_id TEXT NOT NULL REFERENCES exams (id),
    generation INTEGER NOT NULL,
    scores_generation INTEGER NOT NULL,
    manifest_text TEXT NOT NULL,
    sealed_at INTEGER NOT NULL,
    PRIMARY KEY (exam_id, generation)
) STRICT;
