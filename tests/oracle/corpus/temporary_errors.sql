-- What is refused of temporary tables.
CREATE TEMP TABLE oracle_t1 (a int);
CREATE TEMP TABLE oracle_t1 (a int);
CREATE TEMP TABLE public.oracle_t9 (a int);
CREATE TABLE oracle_t9 (a int) ON COMMIT DROP;
SELECT * FROM pg_temp.oracle_nope;
DROP TABLE oracle_t1;
SELECT * FROM oracle_t1;
CREATE TEMP TABLE oracle_t1 (a int) ON COMMIT DROP;
SELECT * FROM oracle_t1;
