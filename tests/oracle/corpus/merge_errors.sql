-- What MERGE refuses.
CREATE TABLE oracle_stock (id int PRIMARY KEY, n int);
CREATE TABLE oracle_news (id int, n int);
INSERT INTO oracle_stock VALUES (1, 1), (2, 2);
INSERT INTO oracle_news VALUES (1, 10), (1, 11), (3, 3), (3, 4);
MERGE INTO oracle_stock s USING oracle_news w ON s.id = w.id WHEN MATCHED THEN UPDATE SET n = w.n;
MERGE INTO oracle_stock s USING oracle_news w ON s.id = w.id WHEN MATCHED AND w.n = 10 THEN UPDATE SET n = w.n WHEN MATCHED THEN DELETE;
MERGE INTO oracle_stock s USING oracle_news w ON s.id = w.id WHEN NOT MATCHED THEN INSERT VALUES (w.id, w.n);
MERGE INTO oracle_stock s USING oracle_news w ON s.id = w.id WHEN MATCHED THEN DO NOTHING WHEN MATCHED THEN DELETE;
MERGE INTO oracle_stock s USING oracle_news w ON s.id = w.nope WHEN MATCHED THEN DELETE;
MERGE INTO oracle_nope s USING oracle_news w ON s.id = w.id WHEN MATCHED THEN DELETE;
MERGE INTO oracle_stock s USING oracle_news w ON s.id = w.id WHEN MATCHED THEN UPDATE SET nope = 1;
MERGE INTO oracle_stock s USING oracle_news w ON s.id = w.id WHEN NOT MATCHED THEN INSERT (id) VALUES (1, 2);
MERGE INTO oracle_stock s USING oracle_news w ON id = w.id WHEN MATCHED THEN DELETE;
MERGE INTO oracle_stock s USING oracle_news w ON s.id = w.id WHEN MATCHED THEN UPDATE SET n = 'x';
SELECT * FROM oracle_stock ORDER BY id;
