-- Texts that look like numbers, and texts of other kinds: in which order they come.
CREATE TABLE oracle_codes (id int PRIMARY KEY, code varchar(10), note text);
INSERT INTO oracle_codes VALUES (1, '10', 'x'), (2, '9', 'X'), (3, 'a', 'é'), (4, '', 'z'), (5, 'B', 'Z'), (6, '-1', '1.5'), (7, '1.50', '1.10'), (8, NULL, NULL), (9, '007', ' a'), (10, '7', 'a b');
SELECT code FROM oracle_codes ORDER BY code;
SELECT code FROM oracle_codes ORDER BY code DESC NULLS LAST;
SELECT DISTINCT code FROM oracle_codes ORDER BY code;
SELECT note, count(*) FROM oracle_codes GROUP BY note ORDER BY note;
SELECT id FROM oracle_codes WHERE code < '9' ORDER BY id;
SELECT id FROM oracle_codes WHERE code >= '1' AND code <= '5' ORDER BY id;
SELECT id FROM oracle_codes WHERE code BETWEEN '0' AND '2' ORDER BY id;
SELECT id FROM oracle_codes WHERE code > $1 ORDER BY id; -- with: 10
SELECT id, row_number() OVER (ORDER BY code), rank() OVER (ORDER BY note DESC NULLS LAST) FROM oracle_codes ORDER BY id;
SELECT code FROM oracle_codes UNION SELECT note FROM oracle_codes ORDER BY 1;
SELECT 'b' AS x UNION SELECT 'A' UNION SELECT '10' UNION SELECT '9' ORDER BY x;
SELECT DISTINCT ON (upper(note)) note FROM oracle_codes ORDER BY upper(note), note;
SELECT id FROM oracle_codes ORDER BY code || note, id;
SELECT a.id, b.id FROM oracle_codes a JOIN oracle_codes b ON a.code < b.code WHERE a.id < 3 ORDER BY 1, 2;
SELECT code > '5' AS more, greatest(code, '5') AS g FROM oracle_codes ORDER BY id;
SELECT id FROM oracle_codes WHERE (code, id) > ('7', 1) ORDER BY id;
SELECT code FROM oracle_codes ORDER BY lower(code), id LIMIT 3 OFFSET 2;
SELECT id FROM oracle_codes WHERE code > ALL (SELECT code FROM oracle_codes WHERE id IN (1, 6)) ORDER BY id;
SELECT string_agg(code, ',' ORDER BY code) FROM oracle_codes;
SELECT min(code), max(code), min(note), max(note) FROM oracle_codes;
SELECT max(code) FROM oracle_codes WHERE id < 3;
DROP TABLE oracle_codes;
