-- schema: moods
-- Values of enums in queries that read no table, or the catalogs.

SELECT pg_typeof('sad'::oracle_mood)::text, 'sad'::oracle_mood IS DISTINCT FROM NULL, 'sad'::oracle_mood::text::oracle_mood;
SELECT pg_typeof('{sad}'::oracle_mood[])::text, pg_typeof(NULL::oracle_mood)::text, pg_typeof(enum_range(NULL::oracle_mood))::text;
SELECT pg_typeof(enum_range(NULL, 'ok'::oracle_mood))::text, enum_range(NULL, 'ok'::oracle_mood), enum_first(NULL::oracle_mood), pg_typeof(1)::text;
WITH RECURSIVE r AS (SELECT 'sad'::oracle_mood AS m, 1 AS n UNION ALL SELECT 'ok', n + 1 FROM r WHERE n < 2) SELECT * FROM r ORDER BY m DESC;
WITH m (m, n) AS (VALUES ('happy'::oracle_mood, 1), ('sad', 2), ('10', 3), ('9', 4), (NULL, 5)) SELECT * FROM m ORDER BY m;
WITH m (m, n) AS (VALUES ('happy'::oracle_mood, 1), ('sad', 2), ('10', 3), ('9', 4)) SELECT max(m), min(m), count(*) FROM m WHERE m > 'sad';
WITH m (m, n) AS (VALUES ('happy'::oracle_mood, 1), ('sad', 2), ('happy', 3)) SELECT m, sum(n) FROM m GROUP BY m ORDER BY m;
SELECT DISTINCT m FROM (VALUES ('happy'::oracle_mood), ('sad'), ('happy')) AS v (m) ORDER BY m DESC;
SELECT m, rank() OVER (ORDER BY m) FROM (VALUES ('happy'::oracle_mood), ('sad'), ('ok')) AS v (m) ORDER BY m;
SELECT coalesce(NULL::oracle_mood, 'ok'), nullif('sad'::oracle_mood, 'sad'), CASE WHEN true THEN 'a'::oracle_mood ELSE 'sad' END;
SELECT 'it''s'::oracle_quoted, 'a,"c"'::oracle_quoted, ARRAY['two words', '{b}', 'a,"c"']::oracle_quoted[];
SELECT g, 'sad'::oracle_mood FROM generate_series(1, 2) AS g;
SELECT m FROM unnest('{sad,10,9}'::oracle_mood[]) AS m WHERE m >= '10' ORDER BY m DESC;
SELECT e.enumlabel::oracle_mood FROM pg_enum e WHERE e.enumtypid = 'oracle_mood'::regtype AND e.enumlabel::oracle_mood > 'ok' ORDER BY 1;
SELECT t.typname, array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typname LIKE 'oracle%' GROUP BY t.typname ORDER BY 1;
SELECT n.nspname AS schema, t.typname AS name, e.enumlabel AS value FROM pg_type t JOIN pg_enum e ON t.oid = e.enumtypid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = 'oracle_mood' ORDER BY e.enumsortorder;
SELECT $1::oracle_mood AS m, pg_typeof($1::oracle_mood)::text; -- with: ok
