-- What may not be given for columns GENERATED ALWAYS.
CREATE TABLE counted_always (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text);
INSERT INTO counted_always (id, v) VALUES (1, 'a');
INSERT INTO counted_always VALUES (1, 'a');
INSERT INTO counted_always VALUES (DEFAULT, 'a'), (2, 'b');
INSERT INTO counted_always (id, v) SELECT 1, 'a';
INSERT INTO counted_always SELECT 1;
INSERT INTO counted_always (id) VALUES (NULL);
INSERT INTO counted_always (id, v) VALUES ($1, $2); -- with: 5 | x
INSERT INTO counted_always (id, v) VALUES (1, 'a') ON CONFLICT DO NOTHING;
MERGE INTO counted_always t USING (SELECT 80 AS k) s ON t.id = s.k WHEN NOT MATCHED THEN INSERT VALUES (s.k, 'm');
UPDATE counted_always SET id = 5;
SELECT count(*) FROM counted_always;
INSERT INTO counted_always (id, v) SELECT n, 'x' FROM generate_series(1, 3) n;
INSERT INTO counted_always SELECT n, md5(n::text) FROM generate_series(1, 3) n;
INSERT INTO counted_always (v) SELECT md5(n::text) FROM generate_series(1, 3) n;
