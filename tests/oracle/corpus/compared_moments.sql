-- Dates and moments compared otherwise than by an operator between two of them, in UTC and elsewhere.
CREATE TABLE cm (id int PRIMARY KEY, t timestamptz, u timestamp, d date);
SET timezone = 'America/New_York';
INSERT INTO cm VALUES (1, '2024-07-01', '2024-07-01', '2024-07-01'), (2, '2024-01-01 12:00', '2024-01-01 12:00', '2024-01-01'), (3, NULL, '2024-01-01', NULL);
SELECT id FROM cm WHERE t IS DISTINCT FROM u ORDER BY id;
SELECT id FROM cm WHERE t IS NOT DISTINCT FROM timestamp '2024-07-01' ORDER BY id;
SELECT id FROM cm WHERE t IS NOT DISTINCT FROM $1::timestamp ORDER BY id; -- with: 2024-07-01 00:00:00
SELECT id FROM cm WHERE d IS NOT DISTINCT FROM u ORDER BY id;
SELECT id FROM cm WHERE d IS NOT DISTINCT FROM t ORDER BY id;
SELECT id, CASE t WHEN u THEN 'same' ELSE 'other' END FROM cm ORDER BY id;
SELECT id, CASE d WHEN u THEN 'same' ELSE 'other' END FROM cm ORDER BY id;
SELECT id FROM cm WHERE (t, id) = (u, id) ORDER BY id;
SELECT id FROM cm WHERE (t, id) <> (u, id) ORDER BY id;
SELECT id FROM cm WHERE (t, id) > (u, 0) ORDER BY id;
SELECT id FROM cm WHERE (t, id) <= (u, 1) ORDER BY id;
SELECT id FROM cm WHERE (d, id) = (u, id) ORDER BY id;
RESET timezone;
SELECT id FROM cm WHERE t IS DISTINCT FROM u ORDER BY id;
SELECT id FROM cm WHERE d IS NOT DISTINCT FROM u ORDER BY id;
SELECT id, CASE d WHEN u THEN 'same' ELSE 'other' END FROM cm ORDER BY id;
SELECT id FROM cm WHERE (d, id) = (u, id) ORDER BY id;
SELECT id FROM cm WHERE (d, id) IN ((u, 1), (timestamp '2024-01-01', 2)) ORDER BY id;
DROP TABLE cm;
