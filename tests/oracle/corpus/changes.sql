-- Changes, their tags, and transactions.

CREATE TABLE oracle_items (id int PRIMARY KEY, name varchar(20) NOT NULL, n int DEFAULT 5, price numeric(8,2), at timestamp);
CREATE TABLE IF NOT EXISTS oracle_items (id int);
INSERT INTO oracle_items VALUES (1, 'one', 1, 1.5, '2024-01-01 00:00:00');
INSERT INTO oracle_items (id, name) VALUES (2, 'two'), (3, 'three');
INSERT INTO oracle_items (id, name, n) VALUES (4, 'four', DEFAULT);
INSERT INTO oracle_items (id, name) SELECT id + 10, name FROM oracle_items WHERE id < 3;
INSERT INTO oracle_items (id, name) SELECT 1, 'x' WHERE false;
SELECT * FROM oracle_items ORDER BY id;
UPDATE oracle_items SET n = n + 1 WHERE id < 3;
UPDATE oracle_items SET name = name || '!', price = 2 WHERE id = 3;
UPDATE oracle_items SET n = 0 WHERE id = 999;
DELETE FROM oracle_items WHERE id > 10;
DELETE FROM oracle_items WHERE id = 999;
SELECT id, name, n, price FROM oracle_items ORDER BY id;
INSERT INTO oracle_items (id, name) VALUES (20, 'r') RETURNING id, name, n;
INSERT INTO oracle_items (id, name) VALUES (21, 's') RETURNING *;
UPDATE oracle_items SET n = 9 WHERE id = 20 RETURNING id, n;
DELETE FROM oracle_items WHERE id IN (20, 21) RETURNING id;
INSERT INTO oracle_items (id, name) VALUES (1, 'uno') ON CONFLICT (id) DO NOTHING;
INSERT INTO oracle_items (id, name) VALUES (1, 'uno') ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name;
INSERT INTO oracle_items (id, name) VALUES (5, 'five') ON CONFLICT DO NOTHING;
SELECT id, name FROM oracle_items ORDER BY id;
INSERT INTO oracle_items (id, name, price) VALUES ($1, $2, $3); -- with: 30 | thirty | 1.239
UPDATE oracle_items SET price = $1 WHERE id = $2; -- with: NULL | 30
DELETE FROM oracle_items WHERE id = $1; -- with: 30
BEGIN;
INSERT INTO oracle_items (id, name) VALUES (40, 'forty');
SAVEPOINT a;
DELETE FROM oracle_items;
ROLLBACK TO SAVEPOINT a;
SELECT count(*) FROM oracle_items;
RELEASE SAVEPOINT a;
COMMIT;
BEGIN ISOLATION LEVEL READ COMMITTED;
DELETE FROM oracle_items WHERE id = 40;
ROLLBACK;
START TRANSACTION READ ONLY;
SELECT count(*) FROM oracle_items;
END;
COMMIT;
ROLLBACK;
BEGIN;
BEGIN;
COMMIT AND CHAIN;
ABORT;
ALTER TABLE oracle_items ADD COLUMN extra text;
SELECT id, extra FROM oracle_items WHERE id = 1;
CREATE INDEX oracle_items_name ON oracle_items (name);
DROP INDEX oracle_items_name;
CREATE VIEW oracle_view AS SELECT id, name FROM oracle_items WHERE id < 3;
SELECT * FROM oracle_view ORDER BY id;
DROP VIEW oracle_view;
TRUNCATE oracle_items;
SELECT count(*) FROM oracle_items;
DROP TABLE IF EXISTS oracle_never_there;
DROP TABLE oracle_items;
