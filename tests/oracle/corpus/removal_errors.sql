-- What TRUNCATE and DROP refuse.
CREATE TABLE oracle_r1 (id int PRIMARY KEY);
CREATE TABLE oracle_r2 (id int PRIMARY KEY, r1_id int REFERENCES oracle_r1 (id));
CREATE VIEW oracle_rv AS SELECT id FROM oracle_r2;
TRUNCATE oracle_r1;
TRUNCATE oracle_nope;
TRUNCATE oracle_rv;
DROP TABLE oracle_r1;
DROP TABLE oracle_rv;
DROP INDEX oracle_nope;
DROP VIEW oracle_rv;
SELECT count(*) FROM oracle_r1;
