DROP TABLE question_events;
DROP INDEX questions_working;
DROP INDEX questions_active;
DROP INDEX questions_head;
-- The older schema has no place for a draft with gaps, and one current version: the one in papers, else the newest.
DELETE FROM questions WHERE state = 'draft' AND gaps > 0;
UPDATE questions SET head = CASE WHEN version = (
    SELECT coalesce(max(CASE WHEN other.state = 'active' THEN other.version END), max(other.version))
    FROM questions AS other
    WHERE other.question_ref = questions.question_ref
) THEN 1 ELSE 0 END;
ALTER TABLE questions DROP COLUMN updated_at;
ALTER TABLE questions DROP COLUMN edit;
ALTER TABLE questions DROP COLUMN import_id;
ALTER TABLE questions DROP COLUMN unproven;
ALTER TABLE questions DROP COLUMN gaps;
ALTER TABLE questions DROP COLUMN reviewer_id;
ALTER TABLE questions DROP COLUMN contributors_json;
ALTER TABLE questions DROP COLUMN author_id;
ALTER TABLE questions DROP COLUMN author;
ALTER TABLE questions DROP COLUMN topics_json;
ALTER TABLE questions RENAME COLUMN head TO current;
CREATE INDEX questions_current ON questions (current, state);
