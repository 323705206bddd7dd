-- schema: shop
-- What columns make of values: moments are rounded, blanks at the end are cut.
CREATE TABLE assigned (id int PRIMARY KEY, v varchar(3) DEFAULT 'abc ', c char(4), ts timestamp(2) DEFAULT now(), tz timestamptz(0) DEFAULT current_timestamp, tm time(1));
INSERT INTO assigned (id, v, ts, tz, tm) VALUES (1, 'ab    ', '2024-01-01 10:00:00.126', '2024-01-01 10:00:00.6+00', '10:00:00.16');
INSERT INTO assigned (id, v, ts, tz, tm) VALUES (2, $1, $2, $3, $4); -- with: abc   | 2024-01-01 23:59:59.999 | 2024-05-01 10:00:00.4+02 | 10:59:59.97
INSERT INTO assigned (id, v, c) VALUES (3, 'ab' || '   ', 'z'), (4, '    ', 'abcd  ');
INSERT INTO assigned (id, v, c, ts) SELECT id + 10, 'xy    ', c, ts + interval '0.004 s' FROM assigned WHERE id < 3;
SELECT id, v || '|', length(v), ts::text, tz::text, tm::text FROM assigned WHERE id IN (1, 2) ORDER BY id;
SELECT id, v || '|', ts::text FROM assigned WHERE id > 10 ORDER BY id;
SELECT id FROM assigned WHERE ts = '2024-01-01 10:00:00.13' OR tm = '11:00:00' OR tz = '2024-01-01 10:00:01+00' ORDER BY id;
SELECT count(*) FROM assigned WHERE ts = ts::text::timestamp AND tz = tz::text::timestamptz;
UPDATE assigned SET v = 'abc  ', ts = '2024-02-02 02:02:02.555', tm = '01:01:01.95' WHERE id = 1;
UPDATE assigned SET ts = ts + interval '1.236 s' WHERE id = 2;
INSERT INTO assigned (id, ts) VALUES (1, '2024-03-03 03:03:03.3355') ON CONFLICT (id) DO UPDATE SET ts = excluded.ts;
SELECT id, v || '|', ts::text, tm::text FROM assigned WHERE id IN (1, 2) ORDER BY id;
SELECT id, coalesce(c, 'x'), coalesce(c, 'x') || '|', CASE WHEN id = 3 THEN c ELSE 'q' END, coalesce(c, 'x') = 'z' FROM assigned ORDER BY id;
SELECT percentile_disc(ARRAY[[0.1, 0.5], [0.9, 1]]) WITHIN GROUP (ORDER BY id), percentile_cont(ARRAY[[0.0, 0.25], [0.5, 1.0]]) WITHIN GROUP (ORDER BY id) FROM assigned;
DROP TABLE assigned;
