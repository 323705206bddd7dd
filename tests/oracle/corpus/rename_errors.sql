-- Indexes and constraints that cannot get other names, and what those that have them still refuse.

CREATE TABLE oracle_misnamed (id int PRIMARY KEY, a int UNIQUE, b int);
CREATE INDEX oracle_m1 ON oracle_misnamed (b);
CREATE UNIQUE INDEX oracle_m2 ON oracle_misnamed (b);
ALTER INDEX oracle_nowhere RENAME TO x;
ALTER INDEX oracle_m1 RENAME TO oracle_m2;
ALTER INDEX oracle_m1 RENAME TO oracle_misnamed;
ALTER TABLE oracle_misnamed RENAME CONSTRAINT oracle_nowhere TO x;
ALTER TABLE oracle_misnamed RENAME CONSTRAINT oracle_misnamed_a_key TO oracle_misnamed_pkey;
ALTER TABLE oracle_nowhere RENAME CONSTRAINT a TO b;
ALTER TABLE oracle_misnamed RENAME CONSTRAINT oracle_misnamed_a_key TO oracle_a;
ALTER INDEX oracle_m2 RENAME TO oracle_m3;
INSERT INTO oracle_misnamed VALUES (1, 1, 1);
INSERT INTO oracle_misnamed VALUES (2, 1, 2);
INSERT INTO oracle_misnamed VALUES (3, 3, 1);
