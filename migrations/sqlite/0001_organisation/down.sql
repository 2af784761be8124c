DROP TABLE imports;
DROP TABLE people;
DROP TABLE list_entries;
DROP TABLE unit_successions;
DROP TABLE units;
