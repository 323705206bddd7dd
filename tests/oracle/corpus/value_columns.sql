-- Expressions over columns: in select lists, conditions, orders and groups.
CREATE TABLE oracle_values (id int PRIMARY KEY, name varchar(40), note text, n int, big bigint, small smallint, price numeric(10,2), f double precision, d date, ts timestamp, tz timestamptz, ok boolean, u uuid, js jsonb, t time);
INSERT INTO oracle_values VALUES (1, 'Alice', 'hello world', 10, 10000000000, 1, 12.50, 1.5, '2024-01-31', '2024-05-06 07:08:09', '2024-05-06 07:08:09+00', true, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": 1, "b": [1, 2], "c": {"d": "x"}}', '10:20:30'), (2, 'bob', '12', -3, 5, 2, 0.99, -2.25, '2023-12-31', '2023-12-31 23:59:59.5', '2023-12-31 23:59:59.5+00', false, NULL, '{"a": 2}', '23:59:59.5'), (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (4, 'Zoë', '', 0, 0, 0, 0, 0, '2000-02-29', '2000-02-29 00:00:00', '2000-02-29 00:00:00+00', true, 'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '[1, "x"]', '00:00:00');
SELECT id, upper(name), length(note), left(name, 2), right(name, 2), reverse(name), initcap(note), md5(name) FROM oracle_values ORDER BY id;
SELECT id, n::text, price::text, f::text, d::text, ts::text, tz::text, ok::text, u::text, js::text, t::text FROM oracle_values ORDER BY id;
SELECT id, to_char(d, 'DD Mon YYYY'), to_char(ts, 'HH12:MI AM'), to_char(price, 'FM9990.00'), to_char(n, '999') FROM oracle_values ORDER BY id;
SELECT id, n + 1, n * 2.5, n / 3, n % 3, -n, abs(n), n ^ 2, price * 2, price / 3, f * 2, big + n, small + small FROM oracle_values ORDER BY id;
SELECT id, round(price), round(price, 1), ceil(f), floor(f), trunc(f), round(f), sqrt(abs(f)), sign(n) FROM oracle_values ORDER BY id;
SELECT id, n & 6, n | 1, n # 3, n << 1, ~n FROM oracle_values ORDER BY id;
SELECT id, js -> 'a', js ->> 'a', js #>> '{c,d}', js @> '{"a": 1}', js ? 'a', jsonb_typeof(js), (js ->> 'a')::text FROM oracle_values ORDER BY id;
SELECT id, d + 1, d - 1, d - '2024-01-01'::date, d + interval '1 month', ts - interval '1 day', ts - '2024-01-01'::timestamp, age(ts, '2020-01-01'::timestamp), date_trunc('month', ts), extract(year from d), extract(epoch from ts), date_part('hour', t), tz AT TIME ZONE 'Europe/Berlin' FROM oracle_values ORDER BY id;
SELECT id, name ~ '^A', name ~* 'b', regexp_replace(note, 'o', '0', 'g'), substring(note from 'w(.*)'), split_part(note, ' ', 2), string_to_array(note, ' ') FROM oracle_values ORDER BY id;
SELECT id, CASE WHEN n > 0 THEN 'pos' WHEN n < 0 THEN 'neg' ELSE 'none' END, coalesce(name, 'nobody'), coalesce(n, 0) + 1, nullif(n, 0), greatest(n, small), least(n, 5) FROM oracle_values ORDER BY id;
SELECT id, n > 0, n IS NULL, ok, NOT ok, ok AND n > 0, n IN (10, 0), n BETWEEN 0 AND 10, name LIKE 'A%', name ILIKE 'a%', ok IS TRUE, ok IS NOT FALSE, n IS DISTINCT FROM 10 FROM oracle_values ORDER BY id;
SELECT id, concat(name, '-', n), concat_ws('/', name, n, ok), name || ':' || n, format('%s=%s', name, n), lpad(n::text, 5, '0'), quote_literal(name) FROM oracle_values ORDER BY id;
SELECT id, (n, small) < (5, 1), ARRAY[n, small], n = ANY(ARRAY[10, 0]), json_build_object('id', id, 'name', name, 'ok', ok, 'price', price), jsonb_build_array(id, name), to_json(ts) FROM oracle_values ORDER BY id;
SELECT id FROM oracle_values WHERE n = ANY('{10,-3}'::int[]) ORDER BY id;
SELECT id FROM oracle_values WHERE n = ANY($1) ORDER BY id; -- with: {10,0}
SELECT id FROM oracle_values WHERE n = ANY($1::int[]) AND name <> ALL($2) ORDER BY id; -- with: {10,0,-3} | {bob,x}
SELECT id FROM oracle_values WHERE NOT (n = ANY($1)) ORDER BY id; -- with: {10}
SELECT id FROM oracle_values WHERE n IN ($1, $2) OR name = $3 ORDER BY id; -- with: 10 | 0 | bob
SELECT id FROM oracle_values WHERE d > $1::date - 30 AND ts < now() - interval '1 day' ORDER BY id; -- with: 2024-02-15
SELECT id FROM oracle_values WHERE tz >= date_trunc('day', '2024-05-06 12:00+00'::timestamptz) AND tz < '2024-05-06'::timestamptz + interval '1 day' ORDER BY id;
SELECT id FROM oracle_values WHERE lower(name) = lower($1) ORDER BY id; -- with: ALICE
SELECT id FROM oracle_values WHERE name LIKE '%' || $1 || '%' ORDER BY id; -- with: li
SELECT id FROM oracle_values WHERE name ILIKE $1 ORDER BY id; -- with: %O%
SELECT id FROM oracle_values WHERE price > $1::numeric * 2 ORDER BY id; -- with: 1.5
SELECT id FROM oracle_values WHERE extract(year from d) = 2024 ORDER BY id;
SELECT id FROM oracle_values WHERE date_trunc('year', ts) = '2024-01-01' ORDER BY id;
SELECT id FROM oracle_values WHERE u = $1 ORDER BY id; -- with: a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11
SELECT id FROM oracle_values WHERE n BETWEEN SYMMETRIC 10 AND -5 ORDER BY id;
SELECT id FROM oracle_values WHERE (n, small) = (10, 1) OR (id, n) IN ((2, -3), (4, 1)) ORDER BY id;
SELECT id FROM oracle_values WHERE (n, small) > (0, 0) ORDER BY id;
SELECT id FROM oracle_values WHERE ok IS NOT TRUE ORDER BY id;
SELECT id FROM oracle_values WHERE ok AND NOT (n < 5) ORDER BY id;
SELECT id FROM oracle_values WHERE n IS DISTINCT FROM $1 ORDER BY id; -- with: 10
SELECT id FROM oracle_values WHERE length(note) > 2 AND position('w' in note) > 0 ORDER BY id;
SELECT count(*), count(n), sum(n), avg(n), min(name), max(price), sum(price), avg(price), sum(f), avg(f), sum(big) FROM oracle_values;
SELECT bool_and(ok), bool_or(ok), every(ok), count(DISTINCT ok), sum(n) FILTER (WHERE n > 0), count(*) FILTER (WHERE ok) FROM oracle_values;
SELECT round(avg(price), 2), coalesce(sum(n), 0) + 1, to_char(max(ts), 'YYYY-MM-DD'), max(d) - min(d), count(*)::text, 100.0 * count(n) / count(*), round(100.0 * sum(n) / count(*), 1) FROM oracle_values;
SELECT string_agg(name, ',') FROM oracle_values WHERE id < 3;
SELECT string_agg(name, '; ' ORDER BY name) FROM oracle_values;
SELECT string_agg(name, ', ' ORDER BY id DESC), string_agg(DISTINCT name, '|' ORDER BY name), string_agg(n::text, '+' ORDER BY n) FROM oracle_values;
SELECT array_agg(n ORDER BY id), array_agg(name ORDER BY name DESC), array_agg(id ORDER BY id) FILTER (WHERE n > 0) FROM oracle_values;
SELECT json_agg(name ORDER BY id), jsonb_agg(n ORDER BY id), json_agg(price ORDER BY id) FROM oracle_values;
SELECT json_object_agg(id, name ORDER BY id), jsonb_object_agg(id, n) FROM oracle_values;
SELECT json_agg(json_build_object('id', id, 'name', name) ORDER BY id) FROM oracle_values;
SELECT ok, array_agg(id ORDER BY id), string_agg(name, '/' ORDER BY id), count(*) FROM oracle_values GROUP BY ok ORDER BY count(*), ok;
SELECT stddev(n), variance(n), stddev_pop(n), var_pop(n), stddev(f) FROM oracle_values;
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY n), percentile_disc(0.5) WITHIN GROUP (ORDER BY n), mode() WITHIN GROUP (ORDER BY ok) FROM oracle_values;
SELECT to_char(d, 'YYYY') AS y, count(*) FROM oracle_values GROUP BY to_char(d, 'YYYY') ORDER BY 1;
SELECT date_trunc('month', ts) AS m, count(*) FROM oracle_values GROUP BY 1 ORDER BY 1;
SELECT extract(year from d), count(*) FROM oracle_values GROUP BY extract(year from d) ORDER BY 1;
SELECT upper(left(name, 1)) AS c, count(*) FROM oracle_values GROUP BY c ORDER BY c;
SELECT n / 2 AS h, count(*) FROM oracle_values GROUP BY h ORDER BY h;
SELECT id, name FROM oracle_values ORDER BY lower(name), id;
SELECT id FROM oracle_values ORDER BY coalesce(n, 100), id;
SELECT id, to_char(ts, 'Mon') AS m FROM oracle_values ORDER BY ts;
SELECT id, row_number() OVER (ORDER BY id), to_char(sum(n) OVER (ORDER BY id), '999') FROM oracle_values ORDER BY id;
SELECT id, (SELECT max(n) FROM oracle_values) - n AS diff, md5(name) FROM oracle_values ORDER BY id;
SELECT note::int FROM oracle_values WHERE id = 2;
UPDATE oracle_values SET n = n + $1, name = upper(name) || '!', ts = ts + interval '1 hour', js = jsonb_set('{"z": 1}', '{y}', '2') WHERE id = 1; -- with: 5
SELECT n, name, ts, js FROM oracle_values WHERE id = 1;
INSERT INTO oracle_values (id, name, n, d, ts, u, js) VALUES (9, md5('x'), 2 + 3, '2024-01-31'::date + 1, to_timestamp(0) AT TIME ZONE 'UTC', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid, jsonb_build_object('k', 'v'));
SELECT name, n, d, ts, u, js FROM oracle_values WHERE id = 9;
SELECT id FROM oracle_values ORDER BY id LIMIT $1 + 1 OFFSET 1; -- with: 1
SELECT DISTINCT upper(name) FROM oracle_values WHERE id < 3 ORDER BY 1;
SELECT id, name FROM oracle_values WHERE id IN (SELECT unnest($1::int[])) ORDER BY id; -- with: {1,2}
DROP TABLE oracle_values;
