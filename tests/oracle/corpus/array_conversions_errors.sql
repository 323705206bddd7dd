-- Arrays of different elements are no operands of one operator; where the errors of operators and casts are.
CREATE TABLE array_rows (id int PRIMARY KEY, a int[], b int2[], d date[], ts timestamp[], v varchar(10)[], t text[], n numeric[], f float8[]);
SELECT id FROM array_rows WHERE a @> b;
SELECT '{1,2}'::int2[] = ARRAY[1, 2];
SELECT a = b FROM array_rows;
SELECT 1::numeric(5,2) + true;
SELECT CAST(1 AS int) + true;
SELECT 1::int::date;
DROP TABLE array_rows;
