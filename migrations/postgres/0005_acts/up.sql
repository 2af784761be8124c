-- Consequential acts, written in the transaction that does them; reports that were asked for; answers to repeated POSTs.
CREATE TABLE acts (
    id TEXT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail_json TEXT NOT NULL
);
CREATE INDEX acts_at ON acts (at);

CREATE TABLE report_jobs (
    id TEXT PRIMARY KEY NOT NULL,
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    scope_json TEXT NOT NULL,
    format TEXT NOT NULL,
    state TEXT NOT NULL,
    progress BIGINT NOT NULL,
    file_name TEXT,
    failure TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);

CREATE TABLE idempotency_keys (
    account_id TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status BIGINT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, idempotency_key)
);

CREATE TABLE settings (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);
