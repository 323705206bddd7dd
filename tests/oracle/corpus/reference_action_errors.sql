-- Foreign keys that restrict.
CREATE TABLE oracle_keeper (id int PRIMARY KEY);
CREATE TABLE oracle_kept (id int PRIMARY KEY, keeper int REFERENCES oracle_keeper ON DELETE RESTRICT ON UPDATE RESTRICT);
INSERT INTO oracle_keeper VALUES (1);
INSERT INTO oracle_kept VALUES (1, 1);
DELETE FROM oracle_keeper;
UPDATE oracle_keeper SET id = 2;
INSERT INTO oracle_kept VALUES (2, 2);
