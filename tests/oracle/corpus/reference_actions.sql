-- ON DELETE RESTRICT and MATCH FULL, which IRIS has other words for, and who shows them.

CREATE TABLE oracle_owner (id int PRIMARY KEY, code int UNIQUE);
CREATE TABLE oracle_owned (id int PRIMARY KEY, owner int REFERENCES oracle_owner ON DELETE RESTRICT, code int REFERENCES oracle_owner (code) MATCH FULL ON UPDATE RESTRICT ON DELETE CASCADE, other int, CONSTRAINT oracle_owned_other FOREIGN KEY (other) REFERENCES oracle_owner (id) ON UPDATE RESTRICT ON DELETE RESTRICT, plain int REFERENCES oracle_owner);
ALTER TABLE oracle_owned ADD COLUMN late int REFERENCES oracle_owner ON DELETE RESTRICT;
SELECT conname, confupdtype, confdeltype, confmatchtype, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'oracle_owned'::regclass AND contype = 'f' ORDER BY conname;
SELECT constraint_name, match_option, update_rule, delete_rule FROM information_schema.referential_constraints WHERE constraint_name LIKE 'oracle\_owned%' ORDER BY 1;
INSERT INTO oracle_owner VALUES (1, 10), (2, 20);
INSERT INTO oracle_owned (id, owner) VALUES (1, 1);
UPDATE oracle_owned SET code = NULL;
DELETE FROM oracle_owner WHERE id = 2;
ALTER TABLE oracle_owned RENAME CONSTRAINT oracle_owned_other TO oracle_owned_another;
ALTER TABLE oracle_owned DROP CONSTRAINT oracle_owned_owner_fkey;
ALTER TABLE oracle_owned ADD CONSTRAINT oracle_owned_owner_fkey FOREIGN KEY (owner) REFERENCES oracle_owner;
ALTER TABLE oracle_owned DROP COLUMN late;
ALTER TABLE oracle_owned ADD COLUMN late int REFERENCES oracle_owner;
SELECT conname, confupdtype, confdeltype, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'oracle_owned'::regclass AND contype = 'f' ORDER BY conname;
ALTER TABLE oracle_owned RENAME TO oracle_reowned;
SELECT conname, confupdtype, confdeltype FROM pg_constraint WHERE conrelid = 'oracle_reowned'::regclass AND contype = 'f' ORDER BY conname;
DROP TABLE oracle_reowned;
CREATE TABLE oracle_owned (id int PRIMARY KEY, owner int REFERENCES oracle_owner);
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'oracle_owned'::regclass AND contype = 'f';
