-- Queries over two tables.

CREATE TABLE oracle_people (id int PRIMARY KEY, name varchar(40) NOT NULL, city text, credit numeric(10,2), born date, active boolean, score double precision, big bigint, small smallint);
CREATE TABLE oracle_orders (id int PRIMARY KEY, person int NOT NULL, placed timestamp, total numeric(12,2), note text);
INSERT INTO oracle_people VALUES
    (1, 'Ada', 'London', 100.50, '1915-12-10', true, 1.5, 9000000000, 1),
    (2, 'Grace', 'New York', 0, '1906-12-09', false, -2.25, NULL, 2),
    (3, 'edsger', NULL, NULL, NULL, NULL, NULL, -1, NULL),
    (4, 'Barbara', 'Boston', 12.25, '1939-11-07', true, 0.1, 0, -5),
    (5, 'ADA', 'london', 7, '2000-02-29', true, 1e20, 12, 3);
INSERT INTO oracle_orders VALUES (10, 1, '2023-05-06 07:08:09', 19.99, 'first'), (11, 1, '2023-05-07 10:00:00.5', 5, NULL), (12, 4, NULL, 1000.01, '');
SELECT * FROM oracle_people ORDER BY id;
SELECT p.*, o.total FROM oracle_people p JOIN oracle_orders o ON o.person = p.id ORDER BY o.id;
SELECT name, city FROM oracle_people WHERE name = 'Ada';
SELECT name FROM oracle_people WHERE name = 'ada';
SELECT name FROM oracle_people WHERE lower(name) = 'ada' ORDER BY id;
SELECT name FROM oracle_people ORDER BY name;
SELECT name FROM oracle_people ORDER BY name DESC LIMIT 2;
SELECT id FROM oracle_people ORDER BY id LIMIT 2 OFFSET 1;
SELECT id FROM oracle_people ORDER BY id OFFSET 3;
SELECT id FROM oracle_people ORDER BY id FETCH FIRST 2 ROWS ONLY;
SELECT id, credit FROM oracle_people ORDER BY credit, id;
SELECT id, credit FROM oracle_people ORDER BY credit DESC, id;
SELECT id, credit FROM oracle_people ORDER BY credit NULLS FIRST, id;
SELECT id, credit FROM oracle_people ORDER BY credit DESC NULLS LAST, id;
SELECT DISTINCT city FROM oracle_people ORDER BY city;
SELECT DISTINCT active FROM oracle_people ORDER BY active;
SELECT count(*), count(city), count(DISTINCT active) FROM oracle_people;
SELECT sum(small), sum(id), sum(big), sum(credit), sum(score) FROM oracle_people WHERE id < 5;
SELECT avg(id), avg(credit), avg(score) FROM oracle_people WHERE id < 5;
SELECT min(name), max(name), min(born), max(placed) FROM oracle_people LEFT JOIN oracle_orders ON person = oracle_people.id;
SELECT min(id), max(credit), min(score) FROM oracle_people;
SELECT sum(id) FROM oracle_people WHERE false;
SELECT active, count(*) AS n FROM oracle_people GROUP BY active ORDER BY n, active;
SELECT active, count(*) FROM oracle_people GROUP BY 1 ORDER BY 1;
SELECT city, sum(credit) FROM oracle_people GROUP BY city HAVING sum(credit) > 5 ORDER BY city;
SELECT upper(city) AS u, count(*) FROM oracle_people GROUP BY upper(city) ORDER BY u;
SELECT p.name, o.id FROM oracle_people p LEFT JOIN oracle_orders o ON o.person = p.id ORDER BY p.id, o.id;
SELECT p.name, o.id FROM oracle_orders o RIGHT JOIN oracle_people p ON o.person = p.id ORDER BY p.id, o.id;
SELECT count(*) FROM oracle_people a CROSS JOIN oracle_people b;
SELECT count(*) FROM oracle_people a, oracle_orders b WHERE a.id = b.person;
SELECT name FROM oracle_people WHERE id IN (SELECT person FROM oracle_orders) ORDER BY name;
SELECT name FROM oracle_people WHERE id NOT IN (1, 2) ORDER BY id;
SELECT name FROM oracle_people p WHERE EXISTS (SELECT 1 FROM oracle_orders o WHERE o.person = p.id) ORDER BY id;
SELECT name, (SELECT count(*) FROM oracle_orders o WHERE o.person = p.id) AS orders FROM oracle_people p ORDER BY id;
SELECT (SELECT max(total) FROM oracle_orders), EXISTS (SELECT 1 FROM oracle_orders WHERE id = 99);
SELECT id FROM oracle_people WHERE active ORDER BY id;
SELECT id FROM oracle_people WHERE NOT active ORDER BY id;
SELECT id FROM oracle_people WHERE active IS NULL;
SELECT id FROM oracle_people WHERE active = true AND credit > 10 ORDER BY id;
SELECT id, credit > 10 AS rich, active OR id = 3 AS either FROM oracle_people ORDER BY id;
SELECT credit / 4 FROM oracle_people WHERE id = 1;
SELECT id, id / 2, id % 2, credit * 2, -credit FROM oracle_people WHERE id IN (1, 4) ORDER BY id;
SELECT id + small, big + 1, score * 2 FROM oracle_people ORDER BY id;
SELECT name || ' of ' || city FROM oracle_people ORDER BY id;
SELECT length(name), upper(name), substring(name from 1 for 2) FROM oracle_people ORDER BY id;
SELECT born, born + 1, extract(year FROM born) FROM oracle_people WHERE id = 2;
SELECT placed, placed::date FROM oracle_orders ORDER BY id;
SELECT id FROM oracle_orders WHERE placed >= '2023-05-07' ORDER BY id;
SELECT id FROM oracle_people WHERE born = DATE '1906-12-09';
SELECT name FROM oracle_people WHERE name LIKE '_da' ORDER BY id;
SELECT name FROM oracle_people WHERE name ILIKE 'a%' ORDER BY id;
SELECT note IS NULL, note = '', coalesce(note, 'none') FROM oracle_orders ORDER BY id;
SELECT id FROM oracle_people WHERE id = 1 UNION SELECT id FROM oracle_orders ORDER BY id;
SELECT city FROM oracle_people UNION ALL SELECT note FROM oracle_orders ORDER BY 1;
SELECT person FROM oracle_orders INTERSECT SELECT id FROM oracle_people ORDER BY 1;
SELECT id FROM oracle_people EXCEPT SELECT person FROM oracle_orders ORDER BY 1;
WITH rich AS (SELECT id, name FROM oracle_people WHERE credit > 10) SELECT * FROM rich ORDER BY id;
WITH a AS (SELECT id FROM oracle_people), b AS (SELECT id FROM a WHERE id > 2) SELECT count(*) FROM b;
SELECT * FROM (SELECT id, name FROM oracle_people ORDER BY id DESC LIMIT 2) t ORDER BY id;
SELECT id, row_number() OVER (ORDER BY id DESC) AS r FROM oracle_people ORDER BY id;
SELECT id, rank() OVER (PARTITION BY active ORDER BY id) FROM oracle_people WHERE active ORDER BY id;
SELECT id, sum(id) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) FROM oracle_people ORDER BY id;
SELECT id, lag(id) OVER (ORDER BY id), lead(name) OVER (ORDER BY id) FROM oracle_people ORDER BY id;
SELECT DISTINCT ON (active) active, id FROM oracle_people ORDER BY active, id;
SELECT CASE WHEN credit IS NULL THEN 'none' WHEN credit > 10 THEN 'much' ELSE 'little' END FROM oracle_people ORDER BY id;
SELECT id FROM oracle_people WHERE 1 = 2;
SELECT FROM oracle_people WHERE id < 3;
SELECT id AS "Mixed Case", name AS order FROM oracle_people WHERE id = 1;
SELECT id FROM public.oracle_people WHERE oracle_people.id = 1;
SELECT id FROM oracle_people WHERE id = 1 FOR UPDATE;
TABLE oracle_orders;
SELECT * FROM oracle_people WHERE id = $1; -- with: 4
SELECT name FROM oracle_people WHERE name = $1 OR city = $2 ORDER BY id; -- with: Ada | Boston
SELECT name FROM oracle_people WHERE credit > $1 ORDER BY id; -- with: 10.5
SELECT name FROM oracle_people WHERE born < $1 ORDER BY id; -- with: 1910-01-01
SELECT name FROM oracle_people WHERE active = $1 ORDER BY id; -- with: t
SELECT name FROM oracle_people WHERE id = ANY($1) ORDER BY id; -- with: {1,4}
SELECT name FROM oracle_people WHERE name LIKE $1 ORDER BY id; -- with: %a
SELECT id FROM oracle_people ORDER BY id LIMIT $1 OFFSET $2; -- with: 2 | 1
SELECT id FROM oracle_people ORDER BY id LIMIT $1 OFFSET $2; -- with: NULL | 1
SELECT id FROM oracle_people ORDER BY id LIMIT $1 OFFSET $2; -- with: 2 | NULL
SELECT id FROM oracle_people ORDER BY id LIMIT $1 OFFSET $2; -- with: 3000000000 | 4
SELECT id FROM oracle_people ORDER BY id LIMIT $1; -- with: NULL
SELECT id FROM oracle_people ORDER BY id OFFSET $1; -- with: NULL
SELECT id FROM oracle_people ORDER BY id LIMIT 3 OFFSET $1; -- with: 1
SELECT s.id FROM (SELECT id FROM oracle_people ORDER BY id LIMIT $1 OFFSET $2) s ORDER BY s.id DESC; -- with: NULL | 2
SELECT id FROM oracle_people WHERE id > (SELECT id FROM oracle_people ORDER BY id LIMIT 1 OFFSET $1) ORDER BY id LIMIT 2 OFFSET 1; -- with: NULL
SELECT id, row_number() OVER (ORDER BY id) FROM oracle_people ORDER BY id DESC LIMIT $1 OFFSET $2; -- with: 2 | 2
SELECT DISTINCT active FROM oracle_people ORDER BY active LIMIT $1 OFFSET $2; -- with: 2 | 1
SELECT id FROM oracle_people UNION SELECT id + 10 FROM oracle_people ORDER BY 1 LIMIT $1 OFFSET $2; -- with: 3 | 4
SELECT id + $1 FROM oracle_people WHERE id = $1; -- with: 2
SELECT count(*) FROM oracle_people WHERE big = $1 OR score > $2; -- with: -1 | 1.0
DROP TABLE oracle_orders;
DROP TABLE oracle_people;
