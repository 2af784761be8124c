DROP TABLE settings;
DROP TABLE idempotency_keys;
DROP TABLE report_jobs;
DROP TABLE acts;
