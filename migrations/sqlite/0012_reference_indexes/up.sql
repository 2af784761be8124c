-- What is looked up by these when the row they point to goes, or by itself.
CREATE INDEX past_receipts_attempt ON past_receipts (attempt_id);
CREATE INDEX prepared_papers_person ON prepared_papers (person_id);
CREATE INDEX notices_exam ON notices (exam_id);
CREATE INDEX announcements_exam ON announcements (exam_id);
