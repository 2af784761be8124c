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
ALTER TABLE questions ADD COLUMN gaps INTEGER NOT NULL DEFAULT 0;
ALTER TABLE questions ADD COLUMN unproven INTEGER NOT NULL DEFAULT 0;
ALTER TABLE questions ADD COLUMN import_id TEXT;
ALTER TABLE questions ADD COLUMN edit INTEGER NOT NULL DEFAULT 1;
ALTER TABLE questions ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;

UPDATE questions
SET topics_json = json_extract(content_json, '$.topics'),
    author = json_extract(content_json, '$.authorship.author'),
    updated_at = created_at;
-- A version that another one replaced is out of papers; its content says so, too.
UPDATE questions
SET state = 'retired',
    content_json = replace(content_json, '"state":"' || state || '"', '"state":"retired"')
WHERE head = 0 AND state <> 'retired';

CREATE UNIQUE INDEX questions_head ON questions (question_ref) WHERE head = 1;
CREATE UNIQUE INDEX questions_active ON questions (question_ref) WHERE state = 'active';
CREATE UNIQUE INDEX questions_working ON questions (question_ref) WHERE state IN ('draft', 'submitted');

-- What happened to a version, with what was said: reviews, changes of state. Only added to, except with a draft.
CREATE TABLE question_events (
    id TEXT PRIMARY KEY NOT NULL,
    question_ref TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    comment TEXT
) STRICT;
CREATE INDEX question_events_of ON question_events (question_ref, version);
