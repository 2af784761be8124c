-- Versions of a question live beside each other: the one in papers (state active), the one that is worked on, old ones.
-- `head` marks the newest version, whatever its state; what `current` meant for papers, the state now says.
-- The content of a draft may have gaps; every other one is a whole question.
DROP INDEX questions_current;
ALTER TABLE questions RENAME COLUMN current TO head;
ALTER TABLE questions ADD COLUMN topics_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE questions ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE questions ADD COLUMN author_id TEXT;
ALTER TABLE questions ADD COLUMN contributors_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE questions ADD COLUMN reviewer_id TEXT;
ALTER TABLE questions ADD COLUMN gaps BIGINT NOT NULL DEFAULT 0;
ALTER TABLE questions ADD COLUMN unproven BIGINT NOT NULL DEFAULT 0;
ALTER TABLE questions ADD COLUMN import_id TEXT;
ALTER TABLE questions ADD COLUMN edit BIGINT NOT NULL DEFAULT 1;
ALTER TABLE questions ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;

UPDATE questions
SET topics_json = (content_json::json -> 'topics')::text,
    author = content_json::json -> 'authorship' ->> 'author',
    updated_at = created_at;
-- A version that another one replaced is out of papers; its content says so, too.
UPDATE questions
SET state = 'retired',
    content_json = replace(content_json, '"state":"' || state || '"', '"state":"retired"')
WHERE NOT head AND state <> 'retired';

CREATE UNIQUE INDEX questions_head ON questions (question_ref) WHERE head;
CREATE UNIQUE INDEX questions_active ON questions (question_ref) WHERE state = 'active';
CREATE UNIQUE INDEX questions_working ON questions (question_ref) WHERE state IN ('draft', 'submitted');

-- What happened to a version, with what was said: reviews, changes of state. Only added to, except with a draft.
CREATE TABLE question_events (
    id TEXT PRIMARY KEY NOT NULL,
    question_ref TEXT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    comment TEXT
);
CREATE INDEX question_events_of ON question_events (question_ref, version);
