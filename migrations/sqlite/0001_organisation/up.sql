-- Units, people and the editable lists. Instants are microseconds UTC, dates ISO text, ids UUIDv7 text.
CREATE TABLE units (
    id TEXT PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    parent_id TEXT REFERENCES units (id),
    kind TEXT NOT NULL,
    groups_json TEXT NOT NULL,
    position INTEGER NOT NULL,
    left_on TEXT
) STRICT;
CREATE INDEX units_parent ON units (parent_id);

CREATE TABLE unit_successions (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    from_unit_id TEXT NOT NULL REFERENCES units (id),
    to_unit_id TEXT NOT NULL REFERENCES units (id),
    since TEXT NOT NULL
) STRICT;

CREATE TABLE list_entries (
    list TEXT NOT NULL,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (list, slug)
) STRICT;

CREATE TABLE people (
    id TEXT PRIMARY KEY NOT NULL,
    person_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES units (id),
    post_level TEXT,
    rank TEXT,
    rank_group TEXT NOT NULL,
    post TEXT,
    party TEXT,
    supervisee TEXT,
    born TEXT,
    phone TEXT,
    status TEXT NOT NULL,
    seconded_unit_id TEXT REFERENCES units (id),
    id_last4 TEXT,
    left_at INTEGER,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX people_unit ON people (unit_id);
CREATE INDEX people_name ON people (name);

CREATE TABLE imports (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    file_name TEXT NOT NULL,
    preview_json TEXT NOT NULL,
    plan_json TEXT NOT NULL,
    undo_json TEXT,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    committed_at INTEGER,
    undone_at INTEGER
) STRICT;
