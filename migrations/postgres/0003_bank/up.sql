-- Laws and questions. A content is stored once as JSON text and never changed: a change is a new version.
CREATE TABLE editions (
    id TEXT PRIMARY KEY NOT NULL,
    law TEXT NOT NULL,
    edition TEXT NOT NULL,
    register_json TEXT NOT NULL
);

CREATE TABLE article_texts (
    edition_id TEXT NOT NULL REFERENCES editions (id),
    article_no TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (edition_id, article_no)
);

CREATE TABLE gists (
    edition_id TEXT NOT NULL REFERENCES editions (id),
    article_no TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (edition_id, article_no)
);

CREATE TABLE topics (
    slug TEXT PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE questions (
    question_ref TEXT NOT NULL,
    version BIGINT NOT NULL,
    current BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    pool TEXT NOT NULL,
    law TEXT NOT NULL,
    level TEXT NOT NULL,
    stem TEXT NOT NULL,
    content_json TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (question_ref, version)
);
CREATE INDEX questions_current ON questions (current, state);

CREATE TABLE blueprints (
    id TEXT PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    content_json TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE papers (
    id TEXT PRIMARY KEY NOT NULL,
    blueprint_id TEXT NOT NULL REFERENCES blueprints (id),
    seed TEXT NOT NULL,
    law_date TEXT NOT NULL,
    content_json TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
