-- Indexes and constraints get other names.

CREATE TABLE oracle_renamed (id int PRIMARY KEY, a int UNIQUE, b text, c int);
CREATE TABLE oracle_referring (id int PRIMARY KEY, r int REFERENCES oracle_renamed (id) ON DELETE CASCADE, a int CONSTRAINT oracle_referring_a REFERENCES oracle_renamed (a));
CREATE INDEX oracle_i1 ON oracle_renamed (b, c);
CREATE UNIQUE INDEX oracle_i2 ON oracle_renamed (c);
INSERT INTO oracle_renamed VALUES (1, 1, 'x', 1), (2, 2, 'y', 2);
INSERT INTO oracle_referring VALUES (1, 1, 2);
ALTER INDEX oracle_i1 RENAME TO oracle_i3;
ALTER INDEX public.oracle_i2 RENAME TO oracle_i4;
ALTER INDEX oracle_renamed_pkey RENAME TO oracle_key;
ALTER INDEX IF EXISTS oracle_nowhere RENAME TO oracle_i9;
ALTER TABLE oracle_referring RENAME CONSTRAINT oracle_referring_r_fkey TO oracle_r;
ALTER TABLE ONLY oracle_renamed RENAME CONSTRAINT oracle_renamed_a_key TO oracle_unique;
ALTER TABLE IF EXISTS oracle_nowhere RENAME CONSTRAINT a TO b;
SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'oracle_renamed' ORDER BY 1;
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid IN ('oracle_renamed'::regclass, 'oracle_referring'::regclass) AND contype IN ('p', 'u', 'f') ORDER BY 1;
DELETE FROM oracle_renamed WHERE id = 1;
SELECT count(*) FROM oracle_referring;
DROP INDEX oracle_i3;
ALTER TABLE oracle_referring DROP CONSTRAINT oracle_r;
