-- Strings that look like numbers are ordered as all others are.
CREATE TABLE oracle_codes (id int PRIMARY KEY, code text, label varchar(10));
INSERT INTO oracle_codes VALUES (1, '10', '9'), (2, '9', '10'), (3, '', 'a'), (4, 'a', ''), (5, '-1', '1'), (6, '1.5', '1.50'), (7, NULL, 'A'), (8, 'B', NULL), (9, ' 7', '7'), (10, '007', '7'), (11, 'a ', 'a');
SELECT id, code FROM oracle_codes ORDER BY code, id;
SELECT id, label FROM oracle_codes ORDER BY label DESC NULLS LAST, id LIMIT 5 OFFSET 1;
SELECT id, code < label, code <= '9', code > '', label >= 'a' FROM oracle_codes ORDER BY id;
SELECT id FROM oracle_codes WHERE code > '5' ORDER BY id;
SELECT id FROM oracle_codes WHERE code BETWEEN '1' AND '5' ORDER BY id;
SELECT id FROM oracle_codes WHERE code NOT BETWEEN SYMMETRIC '5' AND '1' ORDER BY id;
SELECT id FROM oracle_codes WHERE code < $1 ORDER BY id; -- with: 9
SELECT id FROM oracle_codes WHERE (code, id) > ('1', 3) ORDER BY code, id;
SELECT min(code), max(code), min(label), max(label) FROM oracle_codes;
SELECT min(code) FILTER (WHERE id > 3), max(label) FILTER (WHERE label < 'B') FROM oracle_codes;
SELECT length(code), min(code), max(label) FROM oracle_codes GROUP BY length(code) ORDER BY 2 NULLS FIRST;
SELECT id, min(code) OVER (PARTITION BY length(label) ORDER BY id), max(label) OVER () FROM oracle_codes ORDER BY id;
SELECT id, greatest(code, label), least(code, label, '5') FROM oracle_codes ORDER BY id;
SELECT id, row_number() OVER (ORDER BY code, id), rank() OVER (ORDER BY label DESC) FROM oracle_codes ORDER BY id;
SELECT DISTINCT code FROM oracle_codes ORDER BY code;
SELECT DISTINCT ON (length(code)) length(code), code FROM oracle_codes ORDER BY length(code), code DESC;
SELECT code FROM oracle_codes UNION SELECT label FROM oracle_codes ORDER BY 1;
SELECT label, count(*) FROM oracle_codes GROUP BY label HAVING max(code) > '2' ORDER BY label;
SELECT a.id, b.id FROM oracle_codes a JOIN oracle_codes b ON a.code < b.label AND b.id < 4 ORDER BY a.id, b.id;
SELECT id FROM oracle_codes WHERE code = (SELECT max(code) FROM oracle_codes) ORDER BY id;
SELECT id FROM oracle_codes WHERE code >= ALL (SELECT label FROM oracle_codes WHERE id < 3) ORDER BY id;
SELECT string_agg(code, ',' ORDER BY code), array_agg(label ORDER BY label) FROM oracle_codes;
UPDATE oracle_codes SET label = 'low' WHERE code < '2';
DELETE FROM oracle_codes WHERE code > '9' RETURNING id;
SELECT id, label FROM oracle_codes ORDER BY id;
DROP TABLE oracle_codes;
