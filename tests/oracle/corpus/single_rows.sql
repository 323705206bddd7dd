-- Subqueries that depend on the query around them and have one row of what they group, join or cut.
CREATE TABLE ones (id int PRIMARY KEY, n int, name text);
CREATE TABLE parts (id int PRIMARY KEY, one_id int, label text, kind varchar(5), amount numeric(10,2));
INSERT INTO ones VALUES (1, 10, 'a'), (2, 20, 'b'), (3, 10, 'c'), (4, NULL, NULL);
INSERT INTO parts VALUES (1, 1, 'p', 'x', 1), (2, 1, 'p', 'x', 2.5), (3, 2, 'q', 'y', 3), (4, 3, NULL, NULL, NULL), (5, 3, NULL, NULL, 7);
SELECT id, (SELECT label FROM parts WHERE one_id = o.id GROUP BY label) FROM ones o ORDER BY id;
SELECT id, (SELECT count(*) FROM parts WHERE one_id = o.id GROUP BY label) FROM ones o ORDER BY id;
SELECT id, (SELECT sum(amount) FROM parts WHERE one_id = o.id GROUP BY label, kind) FROM ones o ORDER BY id;
SELECT id, (SELECT count(*) + coalesce(max(p.id), 0) FROM parts p WHERE p.one_id = o.id GROUP BY p.kind) FROM ones o ORDER BY id;
SELECT id, (SELECT upper(label) FROM parts WHERE one_id = o.id GROUP BY upper(label)) FROM ones o ORDER BY id;
SELECT id, (SELECT label FROM parts WHERE one_id = o.id AND id > 1 LIMIT 2) FROM ones o WHERE id < 3 ORDER BY id;
SELECT id, (SELECT amount FROM parts WHERE one_id = o.id AND id > 1 ORDER BY amount DESC LIMIT 5) FROM ones o WHERE id < 3 ORDER BY id;
SELECT id FROM ones o WHERE (SELECT label FROM parts WHERE one_id = o.id GROUP BY label) = 'p';
SELECT id, (SELECT label FROM parts WHERE one_id = o.id GROUP BY label LIMIT 1) FROM ones o ORDER BY id;
