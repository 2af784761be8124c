DROP TABLE prepared_papers;
