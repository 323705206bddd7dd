-- Patterns see the blanks of character(n).
CREATE TABLE blanks (id int PRIMARY KEY, c char(3), v varchar(5));
INSERT INTO blanks VALUES (1, 'x', 'x'), (2, 'xy', 'xy '), (3, 'xyz', 'x%'), (4, NULL, NULL), (5, 'a_', 'a_%'), (6, 'X', 'X  ');
SELECT id FROM blanks WHERE c LIKE 'x' ORDER BY id;
SELECT id FROM blanks WHERE c LIKE 'x  ' ORDER BY id;
SELECT id FROM blanks WHERE c LIKE 'x%' ORDER BY id;
SELECT id FROM blanks WHERE c NOT LIKE 'x_%' ORDER BY id;
SELECT id FROM blanks WHERE c LIKE 'x_ ' OR c LIKE '__' ORDER BY id;
SELECT id FROM blanks WHERE c LIKE '% ' ORDER BY id;
SELECT id FROM blanks WHERE c ILIKE 'X  ' ORDER BY id;
SELECT id FROM blanks WHERE c LIKE $1 ORDER BY id; -- with: x%
SELECT id FROM blanks WHERE c LIKE $1 ORDER BY id; -- with: x
SELECT id FROM blanks WHERE c LIKE v ORDER BY id;
SELECT id FROM blanks WHERE c LIKE 'a!_%' ESCAPE '!' ORDER BY id;
SELECT id FROM blanks WHERE c LIKE 'a\_ ' ORDER BY id;
SELECT id FROM blanks WHERE c LIKE 'a!_ ' ESCAPE '!' ORDER BY id;
SELECT id FROM blanks WHERE c ~ '^x$' ORDER BY id;
SELECT id FROM blanks WHERE c ~ '^x *$' ORDER BY id;
SELECT id FROM blanks WHERE c ~* 'X $' AND c !~ 'y' ORDER BY id;
SELECT id FROM blanks WHERE c SIMILAR TO 'x' OR c SIMILAR TO 'xy ' ORDER BY id;
SELECT id, c LIKE 'x', c LIKE 'x%', c ILIKE 'x__', c ~ ' ' FROM blanks ORDER BY id;
SELECT count(*) FROM blanks WHERE CASE WHEN c LIKE 'x  ' THEN 1 ELSE 2 END = 1;
SELECT 'x  '::char(3) LIKE 'x', 'x'::char(3) LIKE 'x  ', 'x'::bpchar LIKE 'x', 'x  '::char(3) ~ '^x$', 'x '::char(2) ILIKE 'X%';
SELECT c FROM blanks UNION ALL SELECT v FROM blanks WHERE id < 4 ORDER BY 1 DESC NULLS LAST, 1 LIMIT 20;
SELECT c FROM blanks WHERE id < 3 UNION ALL SELECT 'q'::char(5) ORDER BY 1;
SELECT c FROM blanks WHERE id < 3 UNION ALL SELECT v FROM blanks WHERE id = 6 ORDER BY 1;
SELECT count(*) FROM (SELECT c FROM blanks UNION SELECT v::char(5) FROM blanks) s;
SELECT count(*) FROM (SELECT c, 1.5 AS n FROM blanks UNION SELECT v::char(5), 1.50 FROM blanks) s;
