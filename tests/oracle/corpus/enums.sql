-- schema: moods
-- Values of types made by CREATE TYPE ... AS ENUM: in columns, as constants and parameters; their order is the declared one.

SELECT * FROM oracle_people ORDER BY id;
SELECT id FROM oracle_people WHERE mood = 'sad' ORDER BY id;
SELECT id FROM oracle_people WHERE mood = $1 ORDER BY id; -- with: happy
SELECT id FROM oracle_people WHERE mood = $1::oracle_mood AND id > $2 ORDER BY id; -- with: sad | 2
SELECT id FROM oracle_people WHERE 'sad' = mood OR was <> 'sad' ORDER BY id;
SELECT id FROM oracle_people WHERE mood IN ('sad', 'ok', 'a') ORDER BY id;
SELECT id FROM oracle_people WHERE mood IN ($1, $2) ORDER BY id; -- with: A | 9
SELECT id FROM oracle_people WHERE mood NOT IN ('sad', 'ok') ORDER BY id;
SELECT id FROM oracle_people WHERE mood = ANY ('{ok,a}') ORDER BY id;
SELECT id FROM oracle_people WHERE mood = ANY ($1) ORDER BY id; -- with: {sad,9}
SELECT id FROM oracle_people WHERE mood = ANY ($1::oracle_mood[]) ORDER BY id; -- with: {}
SELECT id FROM oracle_people WHERE mood <> ALL (ARRAY['sad', 'happy']::oracle_mood[]) ORDER BY id;
SELECT id FROM oracle_people WHERE mood = was ORDER BY id;
SELECT id FROM oracle_people WHERE mood IS DISTINCT FROM was ORDER BY id;
SELECT id FROM oracle_people WHERE was IS NULL OR was IS NOT DISTINCT FROM 'ok' ORDER BY id;
SELECT id, odd FROM oracle_people WHERE odd IN ('it''s', '{b}', 'a,"c"', 'zwölf') ORDER BY odd, id;
SELECT id FROM oracle_people WHERE mood > 'ok' ORDER BY id;
SELECT id FROM oracle_people WHERE mood >= $1 AND mood < $2 ORDER BY id; -- with: ok | a
SELECT id FROM oracle_people WHERE 'happy' <= mood ORDER BY id;
SELECT id FROM oracle_people WHERE mood BETWEEN 'ok' AND '10' ORDER BY id;
SELECT id FROM oracle_people WHERE mood NOT BETWEEN $1 AND $2 ORDER BY id; -- with: ok | 10
SELECT id FROM oracle_people WHERE mood BETWEEN SYMMETRIC '10' AND 'ok' ORDER BY id;
SELECT id FROM oracle_people WHERE mood < was ORDER BY id;
SELECT id FROM oracle_people WHERE (mood, id) > ('happy', 1) ORDER BY id;
SELECT id FROM oracle_people WHERE mood > ANY (SELECT was FROM oracle_people WHERE id > 4) ORDER BY id;
SELECT id FROM oracle_people WHERE mood >= ALL (SELECT mood FROM oracle_people) ORDER BY id;
SELECT id FROM oracle_people WHERE mood < ANY (ARRAY['ok', 'happy']::oracle_mood[]) ORDER BY id;
SELECT id FROM oracle_people WHERE mood = (SELECT max(mood) FROM oracle_people) ORDER BY id;
SELECT id FROM oracle_people p WHERE EXISTS (SELECT 1 FROM oracle_people q WHERE q.was = p.mood AND q.id <> p.id) ORDER BY id;
SELECT id FROM oracle_people WHERE coalesce(was, 'A') = 'a' ORDER BY id;
SELECT id FROM oracle_people WHERE coalesce(was, mood) IN ('a', '10') ORDER BY id;
SELECT DISTINCT coalesce(was, 'A') AS m FROM oracle_people ORDER BY m;
SELECT coalesce(was, 'A') AS m, count(*) FROM oracle_people GROUP BY 1 ORDER BY 1;
SELECT count(DISTINCT coalesce(was, 'A')), count(DISTINCT CASE WHEN id < 9 THEN mood END) FROM oracle_people;
SELECT id, row_number() OVER (PARTITION BY coalesce(was, 'A') ORDER BY id) FROM oracle_people ORDER BY id;
SELECT coalesce(was, 'a') FROM oracle_people WHERE id > 5 UNION SELECT coalesce(mood, 'A') FROM oracle_people WHERE id > 5 ORDER BY 1;
SELECT greatest(mood, 'A') = 'a', nullif(mood, 'A'), CASE coalesce(mood, 'ok') WHEN 'a' THEN 1 ELSE 0 END FROM oracle_people ORDER BY id;
SELECT p.id, q.id AS other FROM oracle_people p JOIN oracle_people q ON coalesce(p.was, 'ok') = coalesce(q.mood, 'ok') ORDER BY 1, 2;
SELECT id FROM oracle_people WHERE coalesce(was, 'A') > 'A' OR least(mood, 'a') >= 'a' ORDER BY id;
SELECT mood FROM oracle_people ORDER BY mood, id;
SELECT mood, id FROM oracle_people ORDER BY 1 DESC, 2;
SELECT id, was FROM oracle_people ORDER BY was, id;
SELECT id, was FROM oracle_people ORDER BY was DESC NULLS LAST, id;
SELECT id, was FROM oracle_people ORDER BY was NULLS FIRST, id LIMIT 3;
SELECT id FROM oracle_people ORDER BY CASE WHEN id < 4 THEN mood ELSE was END, id;
SELECT DISTINCT mood FROM oracle_people ORDER BY mood;
SELECT DISTINCT was FROM oracle_people ORDER BY was DESC;
SELECT DISTINCT ON (mood) mood, id FROM oracle_people ORDER BY mood, id DESC;
SELECT mood, count(*) FROM oracle_people GROUP BY mood ORDER BY mood DESC;
SELECT mood, count(*) AS n FROM oracle_people GROUP BY mood HAVING mood > 'sad' ORDER BY n, mood;
SELECT min(mood), max(mood), min(was), max(was), count(was), count(DISTINCT was) FROM oracle_people;
SELECT min(mood) FROM oracle_people WHERE id > 100;
SELECT max(mood) FILTER (WHERE id < 4), min(DISTINCT mood) FROM oracle_people;
SELECT id % 2 AS odd, min(mood), max(was) FROM oracle_people GROUP BY id % 2 ORDER BY 1;
SELECT id % 2 AS odd FROM oracle_people GROUP BY id % 2 ORDER BY max(mood);
SELECT id, rank() OVER (ORDER BY mood) FROM oracle_people ORDER BY id;
SELECT id, row_number() OVER (PARTITION BY mood ORDER BY was DESC, id) FROM oracle_people ORDER BY id;
SELECT id, min(mood) OVER (PARTITION BY id % 2), max(mood) OVER () FROM oracle_people ORDER BY id;
SELECT id, lag(mood) OVER (ORDER BY id), first_value(mood) OVER (ORDER BY mood) FROM oracle_people ORDER BY id;
SELECT mood FROM oracle_people UNION SELECT was FROM oracle_people ORDER BY mood;
SELECT mood FROM oracle_people UNION ALL SELECT 'ok' ORDER BY 1 DESC LIMIT 4;
SELECT mood FROM oracle_people EXCEPT SELECT was FROM oracle_people ORDER BY 1;
SELECT mood FROM oracle_people INTERSECT SELECT 'sad' ORDER BY 1;
SELECT greatest(mood, was), least(mood, 'happy'), greatest(was, NULL) FROM oracle_people ORDER BY id;
SELECT coalesce(was, 'a'), nullif(mood, 'sad'), CASE WHEN id < 3 THEN mood ELSE 'ok' END FROM oracle_people ORDER BY id;
SELECT CASE mood WHEN 'sad' THEN 1 WHEN 'ok' THEN 2 ELSE 3 END AS n FROM oracle_people ORDER BY id;
SELECT mood::text, was::varchar(2), mood || '!', 'is ' || mood, length(mood::text), upper(mood::text) FROM oracle_people ORDER BY id;
SELECT concat(mood, '/', was), concat_ws('-', mood, was, 'x') FROM oracle_people ORDER BY id;
SELECT id FROM oracle_people WHERE mood::text LIKE 's%' ORDER BY id;
SELECT id FROM oracle_people WHERE mood::text = name OR lower(mood::text) = 'a' ORDER BY id;
SELECT name FROM oracle_people ORDER BY mood::text, id;
SELECT 'sad'::oracle_mood, CAST('ok' AS oracle_mood) AS kind, oracle_mood 'happy', NULL::oracle_mood, $1::oracle_mood; -- with: A
SELECT 'sad'::oracle_mood < 'ok', 'A'::oracle_mood > 'a', '10'::oracle_mood < '9', 'sad'::oracle_mood = 'sad';
SELECT ('sad'::text)::oracle_mood, ('o' || 'k')::oracle_mood, ('sad'::oracle_mood)::text;
SELECT lower('OK')::oracle_mood = mood FROM oracle_people ORDER BY id;
SELECT enum_first(NULL::oracle_mood), enum_last(NULL::oracle_mood), enum_range(NULL::oracle_mood);
SELECT enum_range('ok'::oracle_mood, '10'), enum_range(NULL, 'ok'::oracle_mood), enum_range('9'::oracle_mood, NULL);
SELECT enum_range('happy'::oracle_mood, 'sad'::oracle_mood), enum_first('ok'::oracle_mood), enum_range(NULL::oracle_quoted);
SELECT enum_first(mood), enum_last(was) FROM oracle_people WHERE id < 3 ORDER BY id;
SELECT unnest(enum_range(NULL::oracle_mood)) AS mood;
SELECT mood FROM unnest(enum_range(NULL::oracle_mood)) AS mood ORDER BY mood DESC;
SELECT e.mood, count(p.id) FROM unnest(enum_range(NULL::oracle_mood)) AS e(mood) LEFT JOIN oracle_people p ON p.mood = e.mood GROUP BY e.mood ORDER BY e.mood;
SELECT unnest(moods) FROM oracle_people WHERE id = 1;
SELECT moods, moods[1], array_length(moods, 1), moods || 'a'::oracle_mood FROM oracle_people ORDER BY id;
SELECT id FROM oracle_people WHERE 'ok' = ANY (moods) ORDER BY id;
SELECT id FROM oracle_people WHERE $1 = ANY (moods) ORDER BY id; -- with: 9
SELECT id FROM oracle_people WHERE moods @> '{ok}' ORDER BY id;
SELECT id FROM oracle_people WHERE moods && ARRAY['ok', 'a']::oracle_mood[] ORDER BY id;
SELECT ARRAY['sad', 'ok']::oracle_mood[], '{happy,sad}'::oracle_mood[], ARRAY['sad'::oracle_mood, 'ok'], $1::oracle_mood[]; -- with: {A,NULL}
SELECT array_agg(mood ORDER BY mood DESC), array_agg(DISTINCT mood) FROM oracle_people;
SELECT string_agg(mood::text, ',' ORDER BY mood, id) FROM oracle_people;
SELECT mode() WITHIN GROUP (ORDER BY mood) FROM oracle_people;
SELECT json_agg(mood ORDER BY id), to_json('sad'::oracle_mood), row_to_json(oracle_people) FROM oracle_people WHERE id = 1 GROUP BY oracle_people.id;
SELECT jsonb_build_object('mood', mood, 'moods', moods) FROM oracle_people ORDER BY id;
SELECT s.mood FROM (SELECT mood, id FROM oracle_people) s WHERE s.mood > 'ok' ORDER BY s.mood, s.id;
WITH w AS (SELECT mood AS m FROM oracle_people) SELECT max(m), min(m) FROM w;
SELECT p.id, q.id AS other FROM oracle_people p JOIN oracle_people q ON p.mood = q.was ORDER BY 1, 2;
SELECT p.id, q.id AS other FROM oracle_people p JOIN oracle_people q ON p.mood < q.was AND q.id < 3 ORDER BY 1, 2;
SELECT (SELECT max(was) FROM oracle_people q WHERE q.mood = p.mood) FROM oracle_people p ORDER BY id;
SELECT * FROM (VALUES ('sad'::oracle_mood, 1), ('happy', 2)) AS v(m, n) ORDER BY m DESC;
INSERT INTO oracle_people (id, name) VALUES (10, 'Ida') RETURNING mood, was;
INSERT INTO oracle_people (id, name, mood, moods) VALUES (11, 'Jan', 'sad', '{ok,a}'), (12, 'Kai', DEFAULT, ARRAY['sad']::oracle_mood[]) RETURNING *;
INSERT INTO oracle_people (id, name, mood, was, moods) VALUES ($1, $2, $3, $4, $5) RETURNING id, mood, was, moods; -- with: 13 | Leo | happy | NULL | {9,NULL}
INSERT INTO oracle_people (id, name, mood) SELECT id + 20, name, was FROM oracle_people WHERE was > 'ok' AND id < 9;
INSERT INTO oracle_people (id, name, mood) SELECT 40, 'Mia', 'sad';
INSERT INTO oracle_people (id, name, mood) SELECT 41, name, 'a'::oracle_mood FROM oracle_people WHERE id = 1;
INSERT INTO oracle_people (id, name, mood) VALUES (1, 'x', 'sad') ON CONFLICT (id) DO UPDATE SET mood = excluded.mood, was = 'ok' RETURNING *;
SELECT id, mood, was FROM oracle_people WHERE id > 9 ORDER BY id;
UPDATE oracle_people SET mood = 'sad' WHERE mood = 'happy' RETURNING id, mood;
UPDATE oracle_people SET mood = was, was = $1 WHERE was > 'ok' AND id < 9; -- with: a
UPDATE oracle_people SET mood = CASE WHEN id < 4 THEN 'ok'::oracle_mood ELSE mood END, name = mood WHERE id < 9;
UPDATE oracle_people SET mood = lower('HAPPY')::oracle_mood WHERE id = 2;
UPDATE oracle_people SET mood = DEFAULT, moods = array_append(moods, 'A') WHERE id = 3;
SELECT id, name, mood, was, moods FROM oracle_people ORDER BY id;
DELETE FROM oracle_people WHERE mood >= 'a' AND id > 40 RETURNING id, mood;
DELETE FROM oracle_people WHERE mood >= 'a';
MERGE INTO oracle_people t USING (SELECT 2 AS id, 'a'::oracle_mood AS mood) s ON t.id = s.id WHEN MATCHED AND t.mood > 'sad' THEN UPDATE SET mood = s.mood;
SELECT mood FROM oracle_people WHERE id = 2;
CREATE TABLE oracle_copied AS SELECT id, mood, moods FROM oracle_people WHERE id < 5;
SELECT mood, moods FROM oracle_copied ORDER BY mood DESC, id;
CREATE VIEW oracle_ok AS SELECT id, mood FROM oracle_people WHERE mood = 'ok' OR was IN ('sad', 'a');
SELECT * FROM oracle_ok ORDER BY mood, id;
SELECT count(*) FROM oracle_ok WHERE mood = $1; -- with: ok
PREPARE oracle_by_mood (oracle_mood, oracle_mood[]) AS SELECT id FROM oracle_people WHERE mood = $1 OR mood = ANY ($2) ORDER BY id;
EXECUTE oracle_by_mood ('sad', '{ok}');
DEALLOCATE oracle_by_mood;
BEGIN;
DECLARE oracle_moods CURSOR FOR SELECT mood FROM oracle_people ORDER BY mood, id;
FETCH 2 FROM oracle_moods;
COMMIT;
