-- Subqueries that depend on the query around them and have several rows.
CREATE TABLE ones_too (id int PRIMARY KEY, n int, name text);
CREATE TABLE parts_too (id int PRIMARY KEY, one_id int, label text, kind varchar(5), amount numeric(10,2));
INSERT INTO ones_too VALUES (1, 10, 'a'), (2, 20, 'b');
INSERT INTO parts_too VALUES (1, 1, 'p', 'x', 1), (2, 1, 'P', 'x', 2.5), (3, 2, 'q', 'y', 3), (4, 2, NULL, 'y', 7);
SELECT id, (SELECT label FROM parts_too WHERE one_id = o.id GROUP BY label) FROM ones_too o WHERE id = 1;
SELECT id, (SELECT label FROM parts_too WHERE one_id = o.id GROUP BY label) FROM ones_too o WHERE id = 2;
SELECT id, (SELECT count(*) FROM parts_too WHERE one_id = o.id GROUP BY label) FROM ones_too o;
SELECT id, (SELECT sum(amount) FROM parts_too WHERE one_id = o.id GROUP BY kind, label) FROM ones_too o;
SELECT id, (SELECT amount FROM parts_too WHERE one_id = o.id LIMIT 2) FROM ones_too o;
SELECT id, (SELECT amount FROM parts_too WHERE one_id = o.id ORDER BY id LIMIT 10) FROM ones_too o;
SELECT id FROM ones_too o WHERE (SELECT label FROM parts_too WHERE one_id = o.id GROUP BY label) = 'p';
UPDATE ones_too SET name = (SELECT label FROM parts_too WHERE one_id = ones_too.id GROUP BY label);
SELECT name FROM ones_too ORDER BY id;
