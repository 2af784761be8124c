DROP TABLE announcements;
DROP TABLE slot_marks;
DROP TABLE kept_answers;
DROP TABLE answers;
DROP TABLE attempt_steps;
DROP TABLE attempts;
DROP TABLE roster;
DROP TABLE exams;
