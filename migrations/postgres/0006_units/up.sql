-- Units with versions and a dated history, lists with details and versions, imports that can be corrected.
ALTER TABLE units ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE imports ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE list_entries ADD COLUMN detail_json TEXT NOT NULL DEFAULT '{}';

CREATE TABLE list_versions (
    list TEXT PRIMARY KEY NOT NULL,
    version BIGINT NOT NULL
);

-- One event has a record for each unit that went in or came out; they share its id.
ALTER TABLE unit_successions ADD COLUMN event_id TEXT NOT NULL DEFAULT '';
ALTER TABLE unit_successions ADD COLUMN from_name TEXT NOT NULL DEFAULT '';
ALTER TABLE unit_successions ADD COLUMN to_name TEXT NOT NULL DEFAULT '';
ALTER TABLE unit_successions ADD COLUMN people BIGINT NOT NULL DEFAULT 0;
ALTER TABLE unit_successions ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE unit_successions ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE unit_successions ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX unit_successions_event ON unit_successions (event_id);
