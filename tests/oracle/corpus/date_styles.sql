-- Dates as constants, and as text, while DateStyle is not the default.
CREATE TABLE oracle_days (id int, d date, ts timestamp, tz timestamptz);
SET DateStyle = 'ISO, DMY';
INSERT INTO oracle_days VALUES (1, '03/04/2024', '03/04/2024 10:00', '03/04/2024 10:00+00'), (2, '29/02/2024', null, null);
INSERT INTO oracle_days VALUES (3, $1, $2, $3); -- with: 05/06/2024 | 05/06/2024 01:00 | 05/06/2024 01:00+00
UPDATE oracle_days SET d = '07/08/2024' WHERE id = 3;
SELECT * FROM oracle_days ORDER BY id;
SELECT id FROM oracle_days WHERE d = '03/04/2024' OR d > '31/07/2024' ORDER BY id;
SELECT id FROM oracle_days WHERE d = $1 ORDER BY id; -- with: 29/02/2024
SELECT id FROM oracle_days WHERE ts > '31/03/2024 10:00' ORDER BY id;
SELECT id FROM oracle_days WHERE ts IN ('03/04/2024 10:00', '13/01/1970') ORDER BY id;
SELECT id FROM oracle_days WHERE d BETWEEN '01/03/2024' AND '31/12/2024' ORDER BY id;
SELECT id FROM oracle_days WHERE d IN ('29/02/2024', '03/04/2024', '13/12/1999', '14/12/1999', '15/12/1999') ORDER BY id;
SELECT d + '1 day'::interval, d - '01/02/2024'::date, coalesce(ts, '09/10/2024') FROM oracle_days ORDER BY id;
DELETE FROM oracle_days WHERE d = '07/08/2024';
SELECT count(*) FROM oracle_days;
SET DateStyle = 'German';
SELECT d, d::text, ts, ts::text, d || '' FROM oracle_days ORDER BY id;
SELECT id FROM oracle_days WHERE d::text LIKE '29.%';
SELECT DISTINCT d::text FROM oracle_days ORDER BY 1;
SELECT string_agg(d::text, ',' ORDER BY id), max(d::text), min(concat(d, '')) FROM oracle_days;
SET DateStyle = 'ISO, MDY';
SELECT id FROM oracle_days WHERE d::text LIKE '2024-02%';
