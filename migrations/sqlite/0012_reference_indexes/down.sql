DROP INDEX announcements_exam;
DROP INDEX notices_exam;
DROP INDEX prepared_papers_person;
DROP INDEX past_receipts_attempt;
