-- Rows of values that PostgreSQL refuses.

CREATE TABLE rows_a (id int PRIMARY KEY, k int, s text, b boolean, d date, x numeric(8,2));
CREATE TABLE rows_b (id int PRIMARY KEY, k int, s varchar(10), f double precision, ts timestamp);
CREATE TABLE rows_c (k int, v text);
INSERT INTO rows_a VALUES (1,10,'a',true,'2024-01-01',1.50),(2,20,'b',false,'2024-01-02',2.25),(3,NULL,'c',NULL,NULL,NULL),(4,20,NULL,true,'2023-12-31',-4),(5,30,'A',false,'2024-02-29',0);
INSERT INTO rows_b VALUES (1,10,'x',1.5,'2024-01-01 10:00'),(2,NULL,'b',-2,NULL),(6,60,'z',NULL,'2024-03-01'),(7,20,'a',0,'2023-01-01 00:00:01');
INSERT INTO rows_c VALUES (10,'ten'),(20,'twenty'),(20,'zwanzig'),(NULL,'nil'),(90,NULL);
SELECT id FROM rows_a WHERE (k, b) = (SELECT k, b FROM rows_a WHERE k = 20);
SELECT id FROM rows_a WHERE (id, k) IN (SELECT id FROM rows_b);
SELECT id FROM rows_a WHERE (id, k) = ANY (SELECT id, k, s FROM rows_b);
SELECT id FROM rows_a WHERE (id, k) = (SELECT id, k, s FROM rows_b);
SELECT (id, k) IS DISTINCT FROM (1, 2, 3) FROM rows_a;
