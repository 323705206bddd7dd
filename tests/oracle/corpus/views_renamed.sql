-- Views under other names.
CREATE TABLE oracle_base (id int PRIMARY KEY, name varchar(20), ok boolean, n numeric(8,2));
INSERT INTO oracle_base VALUES (1, 'a', true, 1.5), (2, 'b', false, NULL);
CREATE VIEW oracle_shown AS SELECT id, upper(name) AS name, ok, n AS twice FROM oracle_base WHERE id < 10;
SELECT * FROM oracle_shown ORDER BY id;
ALTER TABLE oracle_shown RENAME TO oracle_kept;
SELECT * FROM oracle_kept ORDER BY id;
ALTER VIEW oracle_kept RENAME TO oracle_again;
SELECT name, twice, ok FROM oracle_again WHERE ok ORDER BY id;
ALTER VIEW IF EXISTS oracle_gone RENAME TO oracle_other;
CREATE VIEW oracle_shown AS SELECT 1 AS one;
SELECT one FROM oracle_shown;
DROP VIEW oracle_shown;
DROP VIEW IF EXISTS oracle_kept;
DROP VIEW oracle_again;
DROP TABLE oracle_base;
