-- The wave in which a person comes in (分批入场), fixed with the roster; from 0.
ALTER TABLE roster ADD COLUMN entry_wave INTEGER NOT NULL DEFAULT 0;
