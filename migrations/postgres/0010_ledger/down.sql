DROP TABLE seals;
DROP TABLE ledger_keys;
DROP TABLE ledger_heads;
DROP TABLE ledger_entries;
DROP INDEX acts_pending;
ALTER TABLE acts DROP COLUMN sequence;
