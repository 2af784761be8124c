DROP TABLE papers;
DROP TABLE blueprints;
DROP TABLE questions;
DROP TABLE topics;
DROP TABLE gists;
DROP TABLE article_texts;
DROP TABLE editions;
